//! `support`: writes docs/support.md. What is in it is the generator's.

use generator::support::render_page;

use crate::crate_folder::write_when_new;
use crate::layout::Layout;
use crate::outcome::{Failure, Outcome};

/// Path of the page in the workspace.
const PAGE: &str = "docs/support.md";

/// Runs the command.
pub(crate) fn run(layout: &Layout) -> Result<Outcome, Failure> {
    write_when_new(&layout.place(PAGE), render_page().as_bytes())?;
    Ok(Outcome::done(format!("{PAGE} is up to date\n")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn page_is_that_of_the_table() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(PAGE);
        let page = std::fs::read_to_string(page).unwrap();
        assert_eq!(page, render_page(), "run `cargo xtask support`");
    }
}
