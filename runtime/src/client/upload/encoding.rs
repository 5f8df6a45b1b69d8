//! Gives the parts of a form the content, media types and headers that the document states for them.
//!
//! This module must not know operations.

use serde_json::Value;

use crate::client::encode::{Style, expand_part};
use crate::multipart::{Field, Form, Part};

/// How a property of a form is sent, where the document says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartEncoding {
    /// The name of the property.
    pub name: &'static str,
    /// What its parts contain.
    pub content: PartContent,
    /// Headers of each of its parts.
    pub headers: &'static [(&'static str, &'static str)],
}

/// What the parts of a property contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartContent {
    /// What follows from its type.
    Default,
    /// What follows from its type, with one of these media types.
    MediaTypes(&'static [&'static str]),
    /// A string as JSON, with this media type.
    JsonString(&'static str),
    /// Text in a style of OpenAPI.
    Styled(Style),
}

impl Form {
    /// Applies what the document states about properties. It says nothing about those that are not in the list.
    #[must_use]
    pub fn encoded(mut self, encodings: &[PartEncoding]) -> Self {
        for encoding in encodings {
            if let PartContent::Styled(style) = encoding.content {
                self.restyle(encoding.name, style);
            }
            for part in self.parts.iter_mut().filter(|part| part.name == encoding.name) {
                part.headers = encoding.headers;
                match encoding.content {
                    PartContent::Default | PartContent::Styled(_) => {}
                    PartContent::MediaTypes(types) => part.set_media_type(types),
                    PartContent::JsonString(media_type) => part.quote(media_type),
                }
            }
        }
        self
    }

    /// Replaces the parts of a property by those of its style, at the place of the first.
    fn restyle(&mut self, name: &str, style: Style) {
        let Some(place) = self.parts.iter().position(|part| part.name == name) else { return };
        let is_value = |part: &Part| part.name == name && part.value().is_some();
        let mut values: Vec<Value> = self.parts.iter().filter(|part| is_value(part)).filter_map(Part::value).collect();
        let value = if values.len() == 1 { values.pop().unwrap_or_default() } else { Value::Array(values) };
        self.parts.retain(|part| !is_value(part));
        let place = place.min(self.parts.len());
        let pairs = expand_part(name, &value, style).into_iter();
        let parts = pairs.map(|(name, text)| Part::new(name, Field::Text(text)));
        self.parts.splice(place..place, parts);
    }
}

impl Part {
    /// Returns the value of a part that is no file.
    fn value(&self) -> Option<Value> {
        match &self.field {
            Field::Text(text) => Some(Value::String(text.clone())),
            Field::Json(json) => serde_json::from_str(json.as_deref().ok()?).ok(),
            Field::File(_) => None,
        }
    }

    fn set_media_type(&mut self, types: &'static [&'static str]) {
        let named = types.iter().copied().filter(|media_type| !media_type.contains('*'));
        let is_json = |media_type: &&str| {
            let essence = media_type.split(';').next().unwrap_or_default().trim();
            essence == "application/json" || essence.ends_with("+json")
        };
        match &mut self.field {
            Field::File(file) => file.accepted = types,
            Field::Text(_) => self.media_type = named.clone().next(),
            Field::Json(_) => self.media_type = named.clone().find(is_json),
        }
    }

    fn quote(&mut self, media_type: &'static str) {
        if let Field::Text(text) = &self.field {
            self.field = Field::Json(Ok(Value::from(text.as_str()).to_string()));
            self.media_type = Some(media_type);
        }
    }
}
