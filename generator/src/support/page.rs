//! Renders the table as a page.

use std::fmt::Write as _;

use super::{Construct, Disposition, TABLE, Version};

/// Renders `docs/support.md`.
pub fn render_page() -> String {
    let mut page = String::from(
        "# Support\n\nWritten by `cargo xtask support`; not edited. What becomes of every construct of OpenAPI 3.0, 3.1 and 3.2.\n\n\
         - supported: the client does what the document says.\n\
         - degraded: it does less; a warning of `check` and `generate` names the place (`cargo xtask explain CODE`).\n\
         - refused: there is no client; an error names the place.\n",
    );
    for (title, constructs) in TABLE {
        // Writing to a string cannot fail.
        let _ =
            write!(page, "\n## {title}\n\n| construct | 3.0 | 3.1 | 3.2 | | the client |\n|---|---|---|---|---|---|\n");
        for construct in *constructs {
            let _ = writeln!(page, "{}", row(construct));
        }
    }
    page
}

fn row(construct: &Construct) -> String {
    let has = |version: Version| if construct.versions.contains(&version) { "yes" } else { "–" };
    let [oldest, middle, newest] = Version::ALL.map(has);
    let disposition = match construct.disposition {
        Disposition::Supported => "supported",
        Disposition::Degraded(_) => "degraded",
        Disposition::Refused => "refused",
    };
    let name = construct.name.replace('|', "\\|");
    format!("| {name} | {oldest} | {middle} | {newest} | {disposition} | {} |", construct.client)
}
