//! The table of words in `CONTRIBUTING.md`: which are not used, and what is written instead. Reads the table; looks at no code.

/// The page, relative to the workspace.
pub(super) const PAGE: &str = "CONTRIBUTING.md";
/// Heading of the part with the table.
const HEADING: &str = "## Glossary";
/// What the header of the table begins with.
const HEAD: &str = "| not |";

/// A word that is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The word in lower case, or several of them with spaces.
    pub(super) word: String,
    /// What is written instead.
    pub(super) instead: String,
    /// Where it is looked for.
    pub(super) scope: Scope,
}

/// Where a word is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// In identifiers, names of files, comments and pages.
    Everywhere,
    /// In identifiers and names of files.
    Names,
    /// In names of types, traits and variants.
    Types,
    /// In comments and pages.
    Prose,
}

/// Reads the table of a page. Rows whose third cell is `review` are left to people.
///
/// # Errors
///
/// What is wrong with the table, with its line.
pub(super) fn parse_glossary(page: &str) -> Result<Vec<Word>, (usize, String)> {
    let lines = page.lines().zip(1..).skip_while(|(line, _)| *line != HEADING);
    let rows =
        lines.skip_while(|(line, _)| !line.starts_with(HEAD)).skip(2).take_while(|(line, _)| line.starts_with('|'));
    let mut words = Vec::new();
    for (line, number) in rows {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [left, right, scope] = cells.as_slice() else {
            return Err((number, "a row of the glossary has three cells".to_owned()));
        };
        let scope = match *scope {
            "everywhere" => Scope::Everywhere,
            "names" => Scope::Names,
            "types" => Scope::Types,
            "prose" => Scope::Prose,
            "review" => continue,
            _ => {
                return Err((
                    number,
                    "the third cell is `everywhere`, `names`, `types`, `prose` or `review`".to_owned(),
                ));
            }
        };
        for word in left.split(',').map(|word| word.trim().to_lowercase()) {
            words.push(Word { word, instead: (*right).to_owned(), scope });
        }
    }
    if words.is_empty() {
        return Err((1, format!("there is no table `{HEAD} but | checked in |` under `{HEADING}`")));
    }
    Ok(words)
}

/// Returns the lines that the glossary itself takes up, where the words have to be written.
pub(super) fn glossary_lines(page: &str) -> std::ops::Range<usize> {
    let heading = |(line, _): &(&str, usize)| line.starts_with("## ");
    let start = page.lines().zip(1..).find(|(line, _)| *line == HEADING).map_or(0, |(_, number)| number);
    let end = page.lines().zip(1..).filter(heading).map(|(_, number)| number).find(|number| *number > start);
    start..end.unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# A\n\n## Glossary\n\nOurs.\n\n| not | but | checked in |\n|---|---|---|\n| answer, answers | response | \
                        everywhere |\n| line | pipeline | review |\n\n## Commits\n";

    #[test]
    fn rows_are_words_with_their_scope_and_review_is_left_out() {
        let words = parse_glossary(PAGE).unwrap();
        let found: Vec<(&str, &str, Scope)> =
            words.iter().map(|word| (word.word.as_str(), word.instead.as_str(), word.scope)).collect();
        let expected = [("answer", "response", Scope::Everywhere), ("answers", "response", Scope::Everywhere)];
        assert_eq!(found, expected);
        assert_eq!(glossary_lines(PAGE), 3..12);
    }

    #[test]
    fn table_that_cannot_be_read_is_an_error_with_its_line() {
        assert_eq!(parse_glossary("# A\n").unwrap_err().0, 1);
        assert_eq!(parse_glossary(&PAGE.replace("everywhere", "here")).unwrap_err().0, 9);
        assert_eq!(parse_glossary(&PAGE.replace("| response |", "|")).unwrap_err().0, 9);
    }
}
