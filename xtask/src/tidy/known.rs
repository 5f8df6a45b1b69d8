//! The list of places that are known to break a rule: they are left out of the findings, and the list may only shrink.

use std::collections::BTreeMap;

use super::config::{self, Known};
use super::finding::{Finding, Rule};

/// Takes known places out of the findings, and adds one for each entry that is not true any more.
pub(super) fn subtract_known(findings: Vec<Finding>, known: &[Known]) -> Vec<Finding> {
    let mut places: BTreeMap<(Rule, String), Vec<Finding>> = BTreeMap::new();
    for finding in findings {
        places.entry((finding.rule, finding.file.clone())).or_default().push(finding);
    }
    let mut left = Vec::new();
    for Known { rule, file, count } in known {
        let found = places.get(&(*rule, file.clone())).map_or(0, Vec::len);
        if found <= *count {
            places.remove(&(*rule, file.clone()));
        }
        if found < *count {
            let message = match found {
                0 => format!("remove the entry `{rule}` of {file}: it is in order now"),
                _ => format!("lower the entry `{rule}` of {file} from {count} to {found}"),
            };
            left.push(Finding::new(Rule::Known, config::FILE, 1, message));
        }
    }
    left.extend(places.into_values().flatten());
    left.sort();
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_hides_what_it_counts_and_may_only_shrink() {
        let finding = |line| Finding::new(Rule::Size, "a.rs", line, "cut it");
        let known = |count| vec![Known { rule: Rule::Size, file: "a.rs".to_owned(), count }];
        let rows = [
            (2, 2, vec![]),
            (3, 2, vec!["a.rs:1: size: cut it", "a.rs:2: size: cut it", "a.rs:3: size: cut it"]),
            (1, 2, vec!["tidy.toml:1: known: lower the entry `size` of a.rs from 2 to 1"]),
            (0, 2, vec!["tidy.toml:1: known: remove the entry `size` of a.rs: it is in order now"]),
        ];
        for (found, count, expected) in rows {
            let left = subtract_known((1..=found).map(finding).collect(), &known(count));
            assert_eq!(left.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
        }
    }
}
