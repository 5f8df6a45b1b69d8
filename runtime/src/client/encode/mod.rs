//! Encodes values in query parameters, headers, paths, cookies and forms, in the styles of OpenAPI.
//!
//! It must not know which request a value belongs to.

mod form;
mod style;

use std::fmt::Write as _;

use reqwest::Url;
use serde::ser::Serialize;
use serde_json::Value;

pub use form::{FormField, encode_form};
pub(crate) use style::UNRESERVED;
pub use style::{Encoding, Explode, Style};
use style::{expand, pairs};

/// A query parameter as it stands in a URL; empty if it is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryText(String);

impl QueryText {
    /// Encodes a value. The result is empty for `None`, for an empty list or object, and for a value that JSON cannot
    /// represent.
    pub fn new<T: Serialize>(name: &str, value: Option<&T>, style: Style, encoding: Encoding) -> Self {
        Self(joined(pairs(name, &value_of(value), style, encoding), "&"))
    }

    /// Returns a URL with this parameter after those it has.
    pub fn append_to(&self, mut url: Url) -> Url {
        match url.query() {
            _ if self.0.is_empty() => {}
            None | Some("") => url.set_query(Some(&self.0)),
            Some(query) => {
                let query = format!("{query}&{}", self.0);
                url.set_query(Some(&query));
            }
        }
        url
    }
}

fn value_of<T: Serialize + ?Sized>(value: Option<&T>) -> Value {
    value.and_then(|value| serde_json::to_value(value).ok()).unwrap_or_default()
}

fn joined(pairs: Vec<(String, String)>, separator: &str) -> String {
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join(separator)
}

/// Encodes a value for a path. The result is empty for an empty list or object.
pub fn encode_in_path<T: Serialize + ?Sized>(name: &str, value: &T, style: Style) -> String {
    expand(name, &value_of(Some(value)), style, Encoding::Unreserved).unwrap_or_default()
}

/// Encodes a value for a header, which percent-encodes nothing. JSON is escaped to ASCII. Returns `None` for an empty
/// list or object.
pub fn encode_header<T: Serialize + ?Sized>(value: Option<&T>, style: Style) -> Option<String> {
    let text = expand("", &value_of(value), style, Encoding::Plain)?;
    Some(if style == Style::Json { ascii_json(&text) } else { text })
}

/// Escapes the characters of JSON that a header cannot contain.
fn ascii_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() && character != '\u{7f}' {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

/// Encodes cookies: `name=value`, and one after the other where a value is exploded. Returns `None` for an empty list or
/// object.
pub fn encode_cookie<T: Serialize + ?Sized>(
    name: &str,
    value: Option<&T>,
    style: Style,
    encoding: Encoding,
) -> Option<String> {
    let text = joined(pairs(name, &value_of(value), style, encoding), "; ");
    Some(text).filter(|text| !text.is_empty())
}

/// Expands a value to pairs of names and values that are not encoded, for the parts of a form.
pub(crate) fn expand_part(name: &str, value: &Value, style: Style) -> Vec<(String, String)> {
    pairs(name, value, style, Encoding::Plain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALL: Encoding = Encoding::Unreserved;

    /// The rows of the table of style examples in OpenAPI 3.1.1, with characters that have to be encoded.
    #[test]
    fn query_parameters_are_expanded_in_the_style_of_the_document() {
        let colors = json!(["a,b", "c d", "e|f"]);
        let rgb = json!({"R": 100, "G": "2&0"});
        let rows = [
            (json!("a b"), Style::Form(Explode::Yes), "q=a%20b"),
            (json!(""), Style::Form(Explode::No), "q="),
            (colors.clone(), Style::Form(Explode::No), "q=a%2Cb,c%20d,e%7Cf"),
            (colors.clone(), Style::Form(Explode::Yes), "q=a%2Cb&q=c%20d&q=e%7Cf"),
            (colors.clone(), Style::SpaceDelimited, "q=a%2Cb%20c%20d%20e%7Cf"),
            (colors, Style::PipeDelimited, "q=a%2Cb%7Cc%20d%7Ce%7Cf"),
            (rgb.clone(), Style::Form(Explode::No), "q=R,100,G,2%260"),
            (rgb.clone(), Style::Form(Explode::Yes), "R=100&G=2%260"),
            (rgb.clone(), Style::SpaceDelimited, "q=R%20100%20G%202%260"),
            (rgb.clone(), Style::PipeDelimited, "q=R%7C100%7CG%7C2%260"),
            (rgb.clone(), Style::DeepObject, "q%5BR%5D=100&q%5BG%5D=2%260"),
            (json!({"x": {"y": [1, 2]}}), Style::DeepObject, "q%5Bx%5D%5By%5D=1&q%5Bx%5D%5By%5D=2"),
            (rgb, Style::Json, "q=%7B%22R%22%3A100%2C%22G%22%3A%222%260%22%7D"),
            (json!([[1, 2], {"a": 1}]), Style::Form(Explode::Yes), "q=%5B1%2C2%5D&q=%7B%22a%22%3A1%7D"),
            (json!([1, null, 2]), Style::Form(Explode::No), "q=1,2"),
            (json!({"a": null, "b": true}), Style::Form(Explode::Yes), "b=true"),
        ];
        for (value, style, expected) in rows {
            assert_eq!(QueryText::new("q", Some(&value), style, ALL).0, expected, "{value} {style:?}");
        }
        for undefined in [json!(null), json!([]), json!({}), json!([null])] {
            for style in [Style::Form(Explode::Yes), Style::Form(Explode::No), Style::PipeDelimited, Style::DeepObject]
            {
                assert_eq!(QueryText::new("q", Some(&undefined), style, ALL).0, "", "{undefined} {style:?}");
            }
        }
    }

    #[test]
    fn reserved_characters_are_kept_where_the_document_allows_it() {
        let written = |text: &str| QueryText::new("q", Some(&text), Style::Form(Explode::Yes), Encoding::Reserved).0;
        assert_eq!(written("a/b?c=d:e@f,g;h!"), "q=a/b?c=d:e@f,g;h!");
        assert_eq!(written("a b&c#d+e[f]ü"), "q=a%20b%26c%23d%2Be%5Bf%5D%C3%BC");
        assert_eq!(written("%2F%zz%4"), "q=%2F%25zz%254");
    }

    #[test]
    fn path_parameters_are_expanded_in_the_style_of_the_document() {
        let colors = json!(["blue", "a,b/c"]);
        let rgb = json!({"R": 100, "G": "2;0"});
        let (yes, no) = (Explode::Yes, Explode::No);
        let rows = [
            (json!("a/b"), Style::Simple(no), "a%2Fb"),
            (colors.clone(), Style::Simple(no), "blue,a%2Cb%2Fc"),
            (colors.clone(), Style::Simple(yes), "blue,a%2Cb%2Fc"),
            (rgb.clone(), Style::Simple(no), "R,100,G,2%3B0"),
            (rgb.clone(), Style::Simple(yes), "R=100,G=2%3B0"),
            (json!("x"), Style::Label(no), ".x"),
            (colors.clone(), Style::Label(no), ".blue,a%2Cb%2Fc"),
            (colors.clone(), Style::Label(yes), ".blue.a%2Cb%2Fc"),
            (rgb.clone(), Style::Label(no), ".R,100,G,2%3B0"),
            (rgb.clone(), Style::Label(yes), ".R=100.G=2%3B0"),
            (json!("x"), Style::Matrix(no), ";p=x"),
            (json!(""), Style::Matrix(no), ";p"),
            (colors.clone(), Style::Matrix(no), ";p=blue,a%2Cb%2Fc"),
            (colors, Style::Matrix(yes), ";p=blue;p=a%2Cb%2Fc"),
            (rgb.clone(), Style::Matrix(no), ";p=R,100,G,2%3B0"),
            (rgb, Style::Matrix(yes), ";R=100;G=2%3B0"),
            (json!([]), Style::Matrix(yes), ""),
            (json!({"a": [1]}), Style::Json, "%7B%22a%22%3A%5B1%5D%7D"),
        ];
        for (value, style, expected) in rows {
            assert_eq!(encode_in_path("p", &value, style), expected, "{value} {style:?}");
        }
    }

    #[test]
    fn headers_are_not_percent_encoded_and_cookies_are() {
        let (yes, no) = (Explode::Yes, Explode::No);
        let list = json!(["a b", "c;d"]);
        let object = json!({"a": 1, "b": "ü\u{1f600}"});
        let header = |value: &Value, style| encode_header(Some(value), style).unwrap_or_default();
        assert_eq!(header(&list, Style::Simple(no)), "a b,c;d");
        assert_eq!(header(&object, Style::Simple(yes)), "a=1,b=ü\u{1f600}");
        assert_eq!(header(&object, Style::Json), r#"{"a":1,"b":"\u00fc\ud83d\ude00"}"#);
        assert_eq!(encode_header(Some(&json!([])), Style::Simple(no)), None);
        assert_eq!(encode_header::<Value>(None, Style::Simple(no)), None);
        let cookie =
            |value: &Value, style, encoding| encode_cookie("c", Some(value), style, encoding).unwrap_or_default();
        assert_eq!(cookie(&list, Style::Form(no), ALL), "c=a%20b,c%3Bd");
        assert_eq!(cookie(&list, Style::Form(yes), ALL), "c=a%20b; c=c%3Bd");
        assert_eq!(cookie(&json!("a/b=;"), Style::Form(yes), Encoding::Cookie), "c=a/b=%3B");
        assert_eq!(cookie(&json!({"k": "v"}), Style::Json, ALL), "c=%7B%22k%22%3A%22v%22%7D");
        assert_eq!(encode_cookie("c", Some(&json!([])), Style::Form(yes), ALL), None);
    }

    #[test]
    fn parameter_is_appended_to_the_query_there_is() {
        let text = |value: &str| QueryText::new("q", Some(&value), Style::Form(Explode::Yes), ALL);
        let url = Url::parse("https://a.example/x").unwrap();
        let url = text("1,2").append_to(text("a+b").append_to(QueryText::default().append_to(url)));
        assert_eq!(url.as_str(), "https://a.example/x?q=a%2Bb&q=1%2C2");
    }
}
