//! Finds the ID of a run in a response that cannot be decoded: one that is incomplete, or that does not match its type.
//!
//! This module must not know operations, and must not fail: it returns `None` if there is no ID.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::decode::without_bom;

/// Returns the string at a path of property names, outermost first; `None` if the path is empty.
pub(super) fn find_run_id(body: &[u8], place: &[&str]) -> Option<String> {
    let mut found = None;
    if !place.is_empty() {
        let mut reader = serde_json::Deserializer::from_slice(without_bom(body));
        // An ID that precedes a syntax error is valid.
        let _ = Seek { place, found: &mut found }.deserialize(&mut reader);
    }
    found.filter(|id| !id.is_empty())
}

struct Seek<'a> {
    place: &'a [&'a str],
    found: &'a mut Option<String>,
}

impl<'de> DeserializeSeed<'de> for Seek<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seek<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match self.place.split_first() {
                Some((first, place)) if *first == name => map.next_value_seed(Seek { place, found: self.found })?,
                Some(_) | None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        if self.place.is_empty() {
            *self.found = Some(text.to_owned());
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_of_a_run_is_found_as_soon_as_it_has_arrived() {
        for (body, place, expected) in [
            (r#"{"id":"run_1","status":"PEN"#, &["id"][..], Some("run_1")),
            (r#"{"object":"run","a":[1,{"id":"no"}],"b":{"id":"no"},"id":"run_1""#, &["id"], Some("run_1")),
            (r#"{"success":true,"run":{"n":1.5,"id":"run_1","x":{"#, &["run", "id"], Some("run_1")),
            (r#"{"id":"run_1"}"#, &[], None),
            (r#"{"id":"run_"#, &["id"], None),
            (r#"{"id":"#, &["id"], None),
            (r#"{"id":"","status":1}"#, &["id"], None),
            (r#"{"id":7,"status":1}"#, &["id"], None),
            (r#"{"id":{"id":"no"}}"#, &["id"], None),
            (r#"{"run":"run_1"}"#, &["run", "id"], None),
            (r#"["id","run_1"]"#, &["id"], None),
            (r#"{"id":"run_1"} and more"#, &["id"], Some("run_1")),
            ("null", &["id"], None),
            ("<html>", &["id"], None),
            ("", &["id"], None),
        ] {
            assert_eq!(find_run_id(body.as_bytes(), place).as_deref(), expected, "{body}");
        }
        let deep = format!("{{\"a\":{}", "[".repeat(1_000_000));
        assert_eq!(find_run_id(deep.as_bytes(), &["id"]), None);
        assert_eq!(find_run_id(deep.as_bytes(), &["a", "id"]), None);
    }
}
