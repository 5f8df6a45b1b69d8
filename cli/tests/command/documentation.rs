//! `docs/exit-codes.md` and `extend-ai --help` say the same.

use std::fs;
use std::path::Path;

use crate::process::{code, extend_ai, stdout};

/// Exit codes with their meanings, by the lines of a text that begin with this mark and a number.
fn exit_codes(lines: &str, mark: &str) -> Vec<(u8, String)> {
    let row = |line: &str| {
        let (code, meaning) = line.strip_prefix(mark)?.split_once(' ')?;
        let meaning = meaning.trim_matches([' ', '|']);
        Some((code.parse().ok()?, meaning.to_owned()))
    };
    lines.lines().filter_map(row).collect()
}

#[tokio::test]
async fn page_about_exit_codes_is_that_of_the_help() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/exit-codes.md");
    let page = fs::read_to_string(page).unwrap();
    let section = page.split("\n## ").find(|section| section.starts_with("extend-ai\n")).unwrap();
    let help = extend_ai(&["--help"]).output().await.unwrap();
    assert_eq!(code(&help), 0);
    let expected = exit_codes(stdout(&help), "  ");
    assert_eq!(expected.iter().map(|(code, _)| *code).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(exit_codes(section, "| "), expected);
}
