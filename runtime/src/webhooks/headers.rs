//! Headers in whatever form a web framework or a cloud function provides them.
//!
//! It must not know which headers matter.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use http::HeaderMap;

/// A source of the headers of a delivery: a `HeaderMap`, a slice of pairs, a map, or a function from name to value.
pub trait Headers {
    /// Returns the first value of a header, if there is one. `name` is in lower case and is matched case-insensitively.
    fn value(&self, name: &str) -> Option<Cow<'_, str>>;
}

impl Headers for HeaderMap {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()))
    }
}

impl<K: AsRef<str>, V: HeaderText> Headers for [(K, V)] {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        first(name, self.iter().map(|(name, value)| (name, value)))
    }
}

impl<K: AsRef<str>, V: HeaderText, const N: usize> Headers for [(K, V); N] {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        self.as_slice().value(name)
    }
}

impl<K: AsRef<str>, V: HeaderText> Headers for Vec<(K, V)> {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        self.as_slice().value(name)
    }
}

impl<K: AsRef<str>, V: HeaderText, S> Headers for HashMap<K, V, S> {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        first(name, self.iter())
    }
}

impl<K: AsRef<str>, V: HeaderText> Headers for BTreeMap<K, V> {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        first(name, self.iter())
    }
}

impl<F: Fn(&str) -> Option<String>> Headers for F {
    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        self(name).map(Cow::Owned)
    }
}

fn first<'a, K: AsRef<str> + 'a, V: HeaderText + 'a>(
    wanted: &str,
    mut headers: impl Iterator<Item = (&'a K, &'a V)>,
) -> Option<Cow<'a, str>> {
    let (_, value) = headers.find(|(name, _)| name.as_ref().eq_ignore_ascii_case(wanted))?;
    value.first().map(Cow::Borrowed)
}

/// The value of a header: a string, or a list of strings of which the first is used.
pub trait HeaderText {
    /// Returns the first string.
    fn first(&self) -> Option<&str>;
}

impl HeaderText for str {
    fn first(&self) -> Option<&str> {
        Some(self)
    }
}

impl HeaderText for String {
    fn first(&self) -> Option<&str> {
        Some(self)
    }
}

impl HeaderText for Cow<'_, str> {
    fn first(&self) -> Option<&str> {
        Some(self)
    }
}

impl<T: HeaderText + ?Sized> HeaderText for &T {
    fn first(&self) -> Option<&str> {
        (**self).first()
    }
}

impl<T: HeaderText> HeaderText for [T] {
    fn first(&self) -> Option<&str> {
        self.iter().find_map(HeaderText::first)
    }
}

impl<T: HeaderText> HeaderText for Vec<T> {
    fn first(&self) -> Option<&str> {
        HeaderText::first(self.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_up(headers: &(impl Headers + ?Sized)) -> Option<String> {
        headers.value("x-sig").map(Cow::into_owned)
    }

    #[test]
    fn every_form_of_headers_gives_the_first_value_whatever_its_case() {
        let mut map = HeaderMap::new();
        map.append("X-Sig", "1".parse().unwrap());
        map.append("x-sig", "2".parse().unwrap());
        let pairs = vec![("Other".to_owned(), "0".to_owned()), ("X-SIG".to_owned(), "1".to_owned())];
        let slice: &[(&str, &str)] = &[("a", "0"), ("X-Sig", "1"), ("x-sig", "2")];
        let lists = BTreeMap::from([("X-Sig", vec!["1".to_owned(), "2".to_owned()])]);
        let found = [
            look_up(&map),
            look_up(&pairs),
            look_up(slice),
            look_up(&[("x-Sig", Cow::Borrowed("1"))]),
            look_up(&pairs.iter().cloned().collect::<HashMap<_, _>>()),
            look_up(&lists),
            look_up(&|name: &str| (name == "x-sig").then(|| "1".to_owned())),
        ];
        assert!(found.iter().all(|value| value.as_deref() == Some("1")), "{found:?}");
    }

    #[test]
    fn header_that_is_not_there_is_none_and_one_that_is_no_text_is_replaced() {
        let mut map = HeaderMap::new();
        assert_eq!(look_up(&map), None);
        map.insert("x-sig", http::HeaderValue::from_bytes(b"\xff1").unwrap());
        assert_eq!(look_up(&map).as_deref(), Some("\u{fffd}1"));
        assert_eq!(look_up(&HashMap::from([("x-sig", Vec::<String>::new())])), None);
    }
}
