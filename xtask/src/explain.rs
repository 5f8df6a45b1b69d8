//! `explain`: prints what a diagnostic means, with an example and the way out. The texts on documents are the generator's.

use std::fmt::Write as _;

use generator::{Code, Explanation};

use crate::cli::ExplainArgs;
use crate::outcome::{Exit, Outcome, ProblemCode};

/// Runs the command.
pub(crate) fn run(arguments: &ExplainArgs) -> Outcome {
    let explanations = explanations();
    let Some(wanted) = &arguments.code else {
        let mut text = String::new();
        // Writing to a string cannot fail.
        explanations.iter().for_each(|(code, explanation)| {
            let _ = writeln!(text, "{code:<20} {}", explanation.meaning);
        });
        return Outcome::done(text);
    };
    let found: Vec<String> =
        explanations.iter().filter(|(code, _)| code == wanted).map(|(code, found)| render(code, found)).collect();
    if found.is_empty() {
        let known: Vec<&str> = explanations.iter().map(|(code, _)| *code).collect();
        let stderr = format!("error: no diagnostic is called `{wanted}`; there are {}\n", known.join(", "));
        return Outcome { stdout: String::new(), stderr, exit: Exit::Arguments };
    }
    Outcome::done(found.join("\n"))
}

/// Returns every code with its explanation: those on documents, then those on files.
fn explanations() -> Vec<(&'static str, Explanation)> {
    let documents = Code::ALL.iter().map(|code| (code.as_str(), generator::explain(*code)));
    let files = ProblemCode::ALL.iter().map(|code| (code.as_str(), explain_file(*code)));
    documents.chain(files).collect()
}

fn render(code: &str, explanation: &Explanation) -> String {
    let Explanation { meaning, example, way_out } = explanation;
    let example: String = example.lines().map(|line| format!("    {line}\n")).collect();
    format!("{code}\n\n{meaning}\n\nExample:\n\n{example}\nWay out:\n\n{way_out}\n")
}

fn explain_file(code: ProblemCode) -> Explanation {
    let (meaning, example, way_out) = match code {
        ProblemCode::UnreadableFile => (
            "A file that is needed is missing, cannot be read, or is not UTF-8.",
            "spec/profile.toml does not exist.",
            "Check the path and its permissions, or restore the file from version control.",
        ),
        ProblemCode::ProfileIncomplete => (
            "The profile lacks what is needed to find the document.",
            "[document]\n# api_version is missing",
            "Add `api_version`, the name of a folder beside the profile.",
        ),
        ProblemCode::LockUnreadable => (
            "The lock file of a document is missing or malformed.",
            "spec/2026-02-09/lock.toml was edited by hand.",
            "`cargo xtask fetch` writes it anew.",
        ),
        ProblemCode::LockMismatch => (
            "The document is not the one that was locked.",
            "spec/2026-02-09/openapi.json was edited by hand.",
            "Restore the document, or fetch it again; corrections go into the overlay.",
        ),
        ProblemCode::FolderOccupied => (
            "The output folder contains files that no earlier run wrote.",
            "cargo xtask generate --spec api.json --out .",
            "Choose a new or empty folder.",
        ),
        ProblemCode::NoDocuments => (
            "No file in the folder is a document, or none matches.",
            "cargo xtask corpus documents --only 'a*'",
            "Check the folder and the pattern; documents end in .json, .yaml or .yml.",
        ),
        ProblemCode::Approximate => (
            "The document was reconstructed from prose, and nothing is generated from it unless that is asked for.",
            "cargo xtask regen",
            "Fetch the published document, or add --allow-approximate.",
        ),
        ProblemCode::TidyUnreadable => {
            ("`tidy.toml` is malformed.", "[sizes]\nfile = many", "Correct the line that the message names.")
        }
    };
    Explanation { meaning, example, way_out }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_explained() {
        let explain = |code: Option<&str>| run(&ExplainArgs { code: code.map(str::to_owned) });
        let listed = explain(None).stdout;
        let codes: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
        let distinct: BTreeSet<&str> = codes.iter().copied().collect();
        assert_eq!(codes.len(), Code::ALL.len() + ProblemCode::ALL.len());
        for code in distinct {
            let outcome = explain(Some(code));
            assert_eq!(outcome.exit, Exit::Done, "{code}");
            for part in [code, "Example:", "Way out:"] {
                assert!(outcome.stdout.contains(part), "{code}: {}", outcome.stdout);
            }
        }
        let unknown = explain(Some("nothing"));
        assert!(unknown.exit == Exit::Arguments && unknown.stderr.contains("untyped"), "{unknown:?}");
    }
}
