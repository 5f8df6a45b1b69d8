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
    pub fn new(path: impl Into<String>, write: impl Fn() -> Result<String, Report> + Send + Sync + 'a) -> Self {
        Self { path: path.into(), write: Box::new(write) }
    }
}

/// Writes all files, of which the longest come first. `here` writes one that only this thread can write.
///
/// # Errors
///
/// Those of the first path that has any.
pub(super) fn run(tasks: &[Task<'_>], here: (&str, impl FnOnce() -> Result<String, Report>)) -> Result<Files, Report> {
    let (path, write) = here;
    let (texts, own) = parallel::map_beside(parallel::processors(), tasks, |task| (task.write)(), write);
    let written = tasks.iter().map(|task| task.path.clone()).zip(texts).chain([(path.to_owned(), own)]);
    let by_path: BTreeMap<String, Result<String, Report>> = written.collect();
    by_path.into_iter().map(|(path, text)| Ok((path, text?))).collect()
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
        let files = run(&tasks, ("here.rs", || Ok("here".to_owned()))).unwrap();
        let expected = [("a.rs", "a"), ("b.rs", "b"), ("here.rs", "here")];
        assert_eq!(files, expected.map(|(path, text)| (path.to_owned(), text.to_owned())).into());
    }

    #[test]
    fn the_error_of_the_first_path_is_the_error_of_all() {
        let tasks = [broken("c.rs"), Task::new("a.rs", || Ok(String::new())), broken("b.rs")];
        let report = run(&tasks, ("d.rs", || Ok(String::new()))).unwrap_err();
        assert_eq!(report.diagnostics[0].found, "b.rs");
    }
}
