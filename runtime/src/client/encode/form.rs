//! Encodes bodies as `application/x-www-form-urlencoded`.
//!
//! It must not know which operation a body belongs to.

use serde::ser::Serialize;
use serde_json::Value;

use super::joined;
use super::style::{Encoding, Explode, Style, pairs};
use crate::client::error::Error;

/// How a property of a form is encoded, where the document says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormField {
    /// The name of the property.
    pub name: &'static str,
    /// Its style.
    pub style: Style,
    /// Which characters are percent-encoded.
    pub encoding: Encoding,
}

/// Encodes a value as `application/x-www-form-urlencoded`. By default a list repeats its name, and an object becomes
/// JSON; `fields` lists the properties for which the document says otherwise.
///
/// # Errors
///
/// Returns an error if the value is not a JSON object.
pub fn encode_form<T: Serialize + ?Sized>(value: &T, fields: &[FormField]) -> Result<String, Error> {
    let value = serde_json::to_value(value)
        .map_err(|error| Error::invalid_request(None, format!("the form cannot be encoded: {error}")))?;
    let Value::Object(map) = value else {
        return Err(Error::invalid_request(None, "the body of a form must be an object"));
    };
    let encoded = map.iter().flat_map(|(name, value)| {
        let (style, encoding) = match (fields.iter().find(|field| field.name == name), value) {
            (Some(field), _) => (field.style, field.encoding),
            (None, Value::Object(_)) => (Style::Json, Encoding::Form),
            (None, _) => (Style::Form(Explode::Yes), Encoding::Form),
        };
        pairs(name, value, style, encoding)
    });
    Ok(joined(encoded.collect(), "&"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn properties_are_encoded_as_the_document_says() {
        let value = json!({"name": "a b&c", "tags": ["x", "y z"], "card": {"no": 1}, "none": null, "empty": [],
            "ids": ["1,2", "3"], "deep": {"a": {"b": "c d"}}, "note": "hi", "path": "/a b?"});
        let field = |name, style| FormField { name, style, encoding: Encoding::Form };
        let fields = [
            field("ids", Style::Form(Explode::No)),
            field("deep", Style::DeepObject),
            field("note", Style::Json),
            FormField { name: "path", style: Style::Form(Explode::Yes), encoding: Encoding::Reserved },
        ];
        let expected = "name=a+b%26c&tags=x&tags=y+z&card=%7B%22no%22%3A1%7D&ids=1%2C2,3&deep%5Ba%5D%5Bb%5D=c+d\
                        &note=%22hi%22&path=/a%20b?";
        assert_eq!(encode_form(&value, &fields).unwrap(), expected);
        assert!(encode_form(&json!([1]), &[]).is_err());
    }
}
