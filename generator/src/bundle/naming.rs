//! Names of components that came from other files: that of the part, with the name of its file where several parts are called alike.
//! The names do not depend on the order of references. Must not know what a component is.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::RustIdent;
use crate::pointer::Pointer;

/// Steps of pointers that say nothing about a part.
const SILENT: &[&str] = &[
    "components",
    "schemas",
    "parameters",
    "headers",
    "responses",
    "requestBodies",
    "mediaTypes",
    "pathItems",
    "callbacks",
    "links",
    "securitySchemes",
    "definitions",
    "$defs",
    "properties",
    "paths",
    "content",
    "schema",
];
/// Names of files that stand for their folder.
const FOLDERS: &[&str] = &["index", "_index"];

/// A part of another file that becomes a component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    /// The location of the file.
    pub file: String,
    /// Where it is in the file.
    pub pointer: Pointer,
}

/// Returns a name for each part that no other part and no component has.
pub(super) fn name_components<'a>(
    origins: impl IntoIterator<Item = &'a Origin>,
    taken: &BTreeSet<RustIdent>,
) -> BTreeMap<&'a Origin, String> {
    let trails: BTreeMap<&Origin, Vec<String>> = origins.into_iter().map(|origin| (origin, trail(origin))).collect();
    let mut lengths: BTreeMap<&Origin, usize> =
        trails.iter().map(|(origin, trail)| (*origin, shortest(trail))).collect();
    loop {
        let mut used: BTreeMap<RustIdent, Vec<&Origin>> = BTreeMap::new();
        for (origin, trail) in &trails {
            used.entry(RustIdent::pascal(&joined(trail, lengths[origin]))).or_default().push(origin);
        }
        let alike = used.into_iter().filter(|(name, origins)| origins.len() > 1 || taken.contains(name));
        let mut longer = false;
        for origin in alike.flat_map(|(_, origins)| origins) {
            let length = lengths.entry(origin).or_default();
            if *length < trails[origin].len() {
                *length += 1;
                longer = true;
            }
        }
        if !longer {
            break;
        }
    }
    let mut used = taken.clone();
    let mut names = BTreeMap::new();
    for (origin, trail) in &trails {
        let name = joined(trail, lengths[origin]);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| used.insert(RustIdent::pascal(name)));
        names.insert(*origin, free.unwrap_or(name));
    }
    names
}

/// Returns the words that say where a part is: the steps of its file, then those in the file.
fn trail(origin: &Origin) -> Vec<String> {
    let mut steps: Vec<&str> = origin.file.split('/').filter(|step| !matches!(*step, "" | "." | "..")).collect();
    let file = steps.pop().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| if stem.is_empty() { file } else { stem });
    if !FOLDERS.contains(&stem) || steps.is_empty() {
        steps.push(stem);
    }
    let inside = origin.pointer.segments().iter().map(String::as_str).filter(|step| !SILENT.contains(step));
    let words = steps.into_iter().chain(inside).map(sanitized);
    words.filter(|word| !word.is_empty()).collect()
}

/// Returns how many words a name has at least: a number alone names nothing.
fn shortest(trail: &[String]) -> usize {
    1 + trail.iter().rev().take_while(|word| word.chars().all(|letter| letter.is_ascii_digit())).count()
}

fn joined(trail: &[String], length: usize) -> String {
    let start = trail.len().saturating_sub(length);
    let name = trail.get(start..).unwrap_or_default().join("_");
    if name.is_empty() { "part".to_owned() } else { name }
}

/// Keeps the characters that names of components may have.
fn sanitized(word: &str) -> String {
    let kept = |letter: char| if letter.is_ascii_alphanumeric() || ".-_".contains(letter) { letter } else { '_' };
    word.chars().map(kept).collect::<String>().trim_matches(['_', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_says_where_a_part_came_from_as_far_as_needed() {
        let origin = |file: &str, pointer: &str| Origin {
            file: file.to_owned(),
            pointer: Pointer::from_reference(&format!("#{pointer}")).unwrap(),
        };
        let rows = [
            (origin("api/schemas/Pet.yaml", ""), "Pet"),
            (origin("api/schemas/user/index.yaml", ""), "user"),
            (origin("api/common.yaml", "/components/schemas/Error"), "common_Error"),
            (origin("api/billing.yaml", "/definitions/Error"), "billing_Error"),
            (origin("api/common.yaml", "/components/schemas/Owner"), "common_Owner"),
            (origin("api/paths/users_{id}.yaml", ""), "users__id"),
            (origin("api/a.yaml", "/oneOf/0"), "oneOf_0"),
            (origin("https://a.example/v1/x%20y.json", ""), "x_20y"),
        ];
        let taken = BTreeSet::from([RustIdent::pascal("owner")]);
        let names = name_components(rows.iter().map(|(origin, _)| origin), &taken);
        for (origin, expected) in &rows {
            assert_eq!(names[origin], *expected, "{origin:?}");
        }
    }
}
