//! Files do not depend on each other: they are written side by side. Knows nothing of what is in them.

use std::collections::BTreeMap;

use crate::diagnostic::Report;
use crate::parallel;

/// Texts of files, by their path.
pub(super) type Files = BTreeMap<String, String>;

/// A file that is to be written.
pub(super) struct Task<'a> {
    path: String,
    write: Box<dyn Fn() -> Result<String, Report> + Send + Sync + 'a>,
}

impl<'a> Task<'a> {
    /// A file at a path, and what writes it.
    pub(crate) fn new(path: impl Into<String>, write: impl Fn() -> Result<String, Report> + Send + Sync + 'a) -> Self {
        Self { path: path.into(), write: Box::new(write) }
    }
}

/// Writes all files, of which the longest come first, while this thread first does something that no other one can.
///
/// # Errors
///
/// Those of the first path that has any.
pub(super) fn run<H>(tasks: &[Task<'_>], here: impl FnOnce() -> H) -> Result<(Files, H), Report> {
    let (texts, here) = parallel::map_beside(parallel::processors(), tasks, |task| (task.write)(), here);
    let by_path: BTreeMap<&str, Result<String, Report>> =
        tasks.iter().map(|task| task.path.as_str()).zip(texts).collect();
    let files = by_path.into_iter().map(|(path, text)| Ok((path.to_owned(), text?))).collect::<Result<_, Report>>()?;
    Ok((files, here))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Diagnostic};
    use crate::pointer::Pointer;

    fn broken(path: &'static str) -> Task<'static> {
        Task::new(path, move || Err(Report::of(Diagnostic::new(Code::Internal, Pointer::root(), path))))
    }

    #[test]
    fn every_file_has_the_text_of_its_task() {
        let tasks = [Task::new("b.rs", || Ok("b".to_owned())), Task::new("a.rs", || Ok("a".to_owned()))];
        let expected = [("a.rs", "a"), ("b.rs", "b")].map(|(path, text)| (path.to_owned(), text.to_owned()));
        assert_eq!(run(&tasks, || 7).unwrap(), (expected.into(), 7));
    }

    #[test]
    fn error_of_the_first_path_is_the_error_of_all() {
        let tasks = [broken("c.rs"), Task::new("a.rs", || Ok(String::new())), broken("b.rs")];
        assert_eq!(run(&tasks, || ()).unwrap_err().diagnostics[0].found, "b.rs");
    }
}
