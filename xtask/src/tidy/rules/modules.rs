//! Rule `module`: a module with children is `x/mod.rs`, and no function of a module bears its name.

use std::collections::BTreeSet;

use crate::tidy::code::{Code, Place};
use crate::tidy::finding::{Finding, Rule};
use crate::tidy::sources::Source;

/// Names that say nothing about what a module is for.
const VAGUE: [&str; 6] = ["common", "helper", "helpers", "misc", "util", "utils"];

/// Checks where the modules of a workspace lie, given the paths of its Rust files.
pub(in crate::tidy) fn check_layout(paths: &BTreeSet<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in paths {
        let Some(stem) = path.strip_suffix(".rs") else { continue };
        let name = stem.rsplit('/').next().unwrap_or_default();
        if VAGUE.contains(&module_name(path)) {
            findings.push(Finding::new(Rule::Module, path, 1, "name the module after what it is for"));
        }
        let has_children =
            paths.range(format!("{stem}/").as_str()..).next().is_some_and(|next| next.starts_with(&format!("{stem}/")));
        if has_children && !["lib", "main", "mod"].contains(&name) {
            findings.push(Finding::new(Rule::Module, path, 1, format!("move the file to `{stem}/mod.rs`")));
        }
    }
    findings
}

/// Checks the names of the functions of a module.
pub(in crate::tidy) fn check_names(source: &Source, code: &Code<'_>) -> Vec<Finding> {
    let module = module_name(&source.path);
    let bears_name = |name: &str| name == module && module != "main";
    let functions =
        code.functions.iter().filter(|function| function.place == Place::Module && bears_name(function.name));
    let message = format!("a module is a noun and a function a verb: rename `{module}` to what it does");
    functions.map(|function| Finding::new(Rule::Module, &source.path, function.line, message.clone())).collect()
}

/// The name of the module in a file.
fn module_name(path: &str) -> &str {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    stem.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_beside_its_folder_and_a_vague_name_are_found() {
        let paths = BTreeSet::from([
            "a/src/lib.rs",
            "a/src/lib/x.rs",
            "a/src/x.rs",
            "a/src/x-y.rs",
            "a/src/x/z.rs",
            "a/src/y/mod.rs",
            "a/src/y/z.rs",
            "a/src/util/mod.rs",
        ]);
        let found: Vec<String> = check_layout(&paths).iter().map(ToString::to_string).collect();
        let expected = [
            "a/src/util/mod.rs:1: module: name the module after what it is for",
            "a/src/x.rs:1: module: move the file to `a/src/x/mod.rs`",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn function_with_the_name_of_its_module_is_found() {
        let text = "fn usage() {}\nfn mark_usage() {}\nimpl T { fn usage() {} }\n".to_owned();
        for (path, count) in [("a/src/usage.rs", 1), ("a/src/usage/mod.rs", 1), ("a/src/main.rs", 0)] {
            let source = Source { path: path.to_owned(), text: text.clone() };
            assert_eq!(check_names(&source, &Code::read(&source.text)).len(), count, "{path}");
        }
    }
}
