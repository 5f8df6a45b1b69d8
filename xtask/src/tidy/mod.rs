//! `tidy`: checks the rules of this workspace that no other tool knows. Writes nothing. The rules are in `rules/`, what they
//! are made of in `tidy.toml` and in the glossary of `CONTRIBUTING.md`.

mod code;
mod config;
mod finding;
mod glossary;
mod known;
mod lexer;
mod rules;
mod sources;
mod test_files;

use std::collections::{BTreeMap, BTreeSet};

use self::code::Code;
use self::config::Config;
use self::finding::{Finding, Rule};
use self::glossary::Word;
use self::rules::layers::Layers;
use self::rules::pages::Files;
use self::rules::{function_names, headers, leftovers, modules, pages, sizes, words};
use self::sources::{Source, read_sources};
use self::test_files::TestFiles;
use crate::input;
use crate::layout::Layout;
use crate::outcome::{Exit, Failure, Outcome, Problem, ProblemCode, counted};

/// Runs the command.
pub(crate) fn run(layout: &Layout) -> Result<Outcome, Failure> {
    let path = layout.place(config::FILE);
    let config = Config::parse(&input::text(layout, &path)?).map_err(|error| {
        let problem = Problem::new(ProblemCode::TidyUnreadable, config::FILE, error.to_string().trim_end());
        Failure::Input(problem.expected("the tables that CONTRIBUTING.md describes"))
    })?;
    let sources = read_sources(layout)?;
    let findings = known::subtract_known(check_all(&config, &sources), &config.known);
    let text: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    Ok(match findings.len() {
        0 => Outcome::done(format!("tidy: {}\n", counted(sources.len(), "file"))),
        count => {
            let stderr = format!("error: {} to put in order\n", counted(count, "place"));
            Outcome { stdout: text, stderr, exit: Exit::Untidy }
        }
    })
}

/// Applies every rule to every file.
fn check_all(config: &Config, sources: &[Source]) -> Vec<Finding> {
    // What is exempt is there all the same when a page names it.
    let files = Files::new(sources.iter().map(|source| source.path.as_str()));
    let sources: Vec<&Source> = sources.iter().filter(|source| !config.exempts(&source.path)).collect();
    let paths: BTreeSet<&str> = sources.iter().map(|source| source.path.as_str()).collect();
    let rust: BTreeMap<&str, Code<'_>> = sources
        .iter()
        .filter(|source| source.has_extension("rs"))
        .map(|source| (source.path.as_str(), Code::read(&source.text)))
        .collect();
    let layers = Layers::new(config, rust.iter().map(|(path, code)| (*path, code)));
    let tests = TestFiles::new(&rust);
    let (mut findings, words) = match read_glossary(&sources) {
        Ok(words) => (Vec::new(), words),
        Err(finding) => (vec![finding], Vec::new()),
    };
    findings.extend(layers.check_declared(&paths));
    findings.extend(modules::check_layout(&rust.keys().copied().collect()));
    for source in &sources {
        findings.extend(leftovers::check_file(source));
        if let Some(code) = rust.get(source.path.as_str()) {
            findings.extend(headers::check_header(source));
            findings.extend(sizes::check_sizes(source, code, &tests, &config.sizes));
            findings.extend(modules::check_names(source, code));
            findings.extend(function_names::check_articles(source, code));
            findings.extend(words::check_code(source, code, &words, &config.foreign_names));
            findings.extend(leftovers::check_tests(source, code));
            findings.extend(layers.check_code(source, code, &tests));
        } else if source.has_extension("md") {
            let is_glossary = source.path == glossary::PAGE;
            let skipped = if is_glossary { glossary::glossary_lines(&source.text) } else { 0..0 };
            findings.extend(words::check_page(source, &words, &config.foreign_names, &skipped));
            findings.extend(pages::check_page(source, &files, &config.foreign_files));
        } else if source.name() == "Cargo.toml" {
            findings.extend(layers.check_manifest(source));
        }
    }
    findings
}

fn read_glossary(sources: &[&Source]) -> Result<Vec<Word>, Finding> {
    let page = sources.iter().find(|source| source.path == glossary::PAGE).map_or("", |source| source.text.as_str());
    glossary::parse_glossary(page).map_err(|(line, message)| Finding::new(Rule::Word, glossary::PAGE, line, message))
}
