//! Pairs the webhooks of two documents by the type of their event, because pages name them after something else. Knows bodies, not
//! what else is compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::method::Method;

use super::Operations;
use super::shapes::listed_values;
use super::side::Side;

/// Properties with the type of an event, where the profile names none.
const TYPES: [&str; 4] = ["eventType", "event_type", "event", "type"];

/// A webhook.
struct Event<'a> {
    /// The types of its events, as its body states them.
    types: BTreeSet<String>,
    /// The words of its name: `run.done` is called `run-done-webhook` on a page.
    words: String,
    operation: &'a Value,
}

impl Event<'_> {
    fn key(&self) -> String {
        let types: Vec<&str> = self.types.iter().map(String::as_str).collect();
        format!("webhook {}", if types.is_empty() { self.words.clone() } else { types.join(", ") })
    }
}

/// Returns the webhooks of the pages and of the snapshot; those that are about the same event have the same key.
pub(super) fn pair_webhooks<'a>([pages, snapshot]: [Side<'a>; 2], property: &str) -> [Operations<'a>; 2] {
    let known = read_events(pages, property);
    let others = read_events(snapshot, property);
    let mut keys: BTreeMap<usize, String> = BTreeMap::new();
    for (place, page) in known.iter().enumerate() {
        let same_type = others.iter().find(|other| !page.types.is_disjoint(&other.types));
        let is_unstated = |other: &&Event<'_>| page.types.is_empty() || other.types.is_empty();
        let same_name = || others.iter().filter(is_unstated).find(|other| other.words == page.words);
        keys.insert(place, same_type.or_else(same_name).map_or_else(|| page.key(), Event::key));
    }
    let of_pages =
        known.iter().enumerate().filter_map(|(place, page)| Some((keys.get(&place)?.clone(), (page.operation, None))));
    let of_snapshot = others.iter().map(|other| (other.key(), (other.operation, None)));
    [of_pages.collect(), of_snapshot.collect()]
}

fn read_events<'a>(side: Side<'a>, property: &str) -> Vec<Event<'a>> {
    let items = side.document.get("webhooks").and_then(Value::as_object).into_iter().flatten();
    let read = |(name, item): (&'a String, &'a Value)| {
        let operation = Method::NAMED.iter().find_map(|method| item.get(method.key()))?;
        let words: String = name
            .chars()
            .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' })
            .collect();
        let words = words.trim_end_matches("-webhook").to_owned();
        Some(Event { types: event_types(side, operation, property), words, operation })
    };
    items.filter_map(read).collect()
}

fn event_types(side: Side<'_>, operation: &Value, property: &str) -> BTreeSet<String> {
    let members = side.members(&side.request(operation));
    let names = [property].into_iter().filter(|name| !name.is_empty()).chain(TYPES);
    names.filter_map(|name| members.get(name)).find_map(listed_values).unwrap_or_default()
}
