//! What the committed surface says about a release: snapshots of it, compared line by line. A second opinion beside the comparison of
//! documents, which also shows what a change of the generator does. Reads no files.

use std::collections::BTreeSet;

use generator::drift::RustLevel;

/// What two surfaces differ in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SurfaceChange {
    pub(super) level: RustLevel,
    /// Lines that are gone, each with its item.
    pub(super) lost: Vec<String>,
}

/// Compares two surfaces, each as the texts of its snapshots.
pub(super) fn compare_surfaces(old: &[String], new: &[String]) -> SurfaceChange {
    let (old, new) = (entries(old), entries(new));
    let lost: Vec<String> = old.difference(&new).cloned().collect();
    let level = match (lost.is_empty(), new.difference(&old).next()) {
        (false, _) => RustLevel::Major,
        (true, Some(_)) => RustLevel::Minor,
        (true, None) => RustLevel::None,
    };
    SurfaceChange { level, lost }
}

/// Returns one entry for each name: its module, its item and its line.
fn entries(texts: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in texts {
        let (mut module, mut item) = ("types".to_owned(), String::new());
        let mut lines = text.lines().peekable();
        if lines.peek() == Some(&"---") {
            // What insta writes before the snapshot.
            lines.next();
            lines.by_ref().find(|line| *line == "---");
        }
        for line in lines.filter(|line| !line.is_empty()) {
            if let Some(name) = line.strip_prefix("mod ") {
                module = name.to_owned();
            } else if let Some(member) = line.strip_prefix("    ") {
                let is_list = member.starts_with("From<");
                let members = if is_list { member.split(", From<").collect() } else { vec![member] };
                found.extend(
                    members
                        .into_iter()
                        .map(|member| format!("{module} {item}: {}", member.trim_start_matches("From<"))),
                );
            } else if let Some((name, values)) = line.strip_prefix("enum ").and_then(|rest| rest.split_once(" { ")) {
                item = name.to_owned();
                found.insert(format!("{module} {item}"));
                let values = values.trim_end_matches('}').split(',').map(str::trim).filter(|value| !value.is_empty());
                found.extend(values.map(|value| format!("{module} {item}: {value}")));
            } else {
                item = line.to_owned();
                found.insert(format!("{module} {item}"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_breaks_and_what_is_new_adds() {
        let old = "---\nsource: x\n---\nstruct A\n    b: B\n    fn new() -> Self\n    From<X>, From<Y>\nenum C { One, Two }\n";
        let rows = [
            ("the same", old.to_owned(), RustLevel::None, vec![]),
            ("a field more", old.replace("    b: B\n", "    b: B\n    c: C\n"), RustLevel::Minor, vec![]),
            ("a value more", old.replace("One, ", "One, Half, "), RustLevel::Minor, vec![]),
            ("a conversion more", old.replace("From<Y>", "From<Y>, From<Z>"), RustLevel::Minor, vec![]),
            ("a field of another type", old.replace("b: B", "b: C"), RustLevel::Major, vec!["types struct A: b: B"]),
            ("a value less", old.replace("One, ", ""), RustLevel::Major, vec!["types C: One"]),
        ];
        for (name, new, level, lost) in rows {
            let change = compare_surfaces(&[old.to_owned()], &[new]);
            assert_eq!((change.level, change.lost), (level, lost.into_iter().map(str::to_owned).collect()), "{name}");
        }
    }
}
