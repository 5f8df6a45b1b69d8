//! An extracted value, and what the API says about each of its fields. Must not know runs.

use std::fmt;
use std::sync::Arc;

use extend_ai_schema::with_integers;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{FieldHandle, IntoFieldHandle};
use crate::types::{Citation, ExtractOutputJson, ExtractOutputMetadata, Insight, JsonObject};
use crate::{JsonError, decode_json};

/// A value of the type `T` that was extracted, with the confidence and the place in the document of each field.
pub struct Extracted<T> {
    value: T,
    output: Arc<ExtractOutputJson>,
}

impl<T: DeserializeOwned> Extracted<T> {
    /// Decodes an output.
    ///
    /// # Errors
    ///
    /// Returns the field that does not have its type.
    pub(super) fn decode(output: ExtractOutputJson) -> Result<Self, JsonError> {
        let bytes = serde_json::to_vec(&output.value).unwrap_or_default();
        let value = decode_json(&bytes).or_else(|error| match with_integers(&output.value) {
            Some(bytes) => decode_json(&bytes),
            None => Err(error),
        })?;
        Ok(Self { value, output: Arc::new(output) })
    }
}

impl<T> Extracted<T> {
    /// Returns the value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Converts this into the value.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Returns the value as the JSON that was received.
    pub fn json(&self) -> &JsonObject {
        &self.output.value
    }

    /// Returns what the API says about each field, by path.
    pub fn metadata(&self) -> &ExtractOutputMetadata {
        &self.output.metadata
    }

    /// Returns a field with its confidence and its place in the document.
    ///
    /// Handles are functions that `#[derive(Extract)]` makes: `extracted.field(Invoice::total())`.
    pub fn field<H: IntoFieldHandle<Root = T>>(&self, handle: H) -> ExtractedField<'_, H::Value>
    where
        T: 'static,
    {
        let handle: FieldHandle<T, H::Value> = handle.into_field_handle();
        self.at(handle.path().to_owned(), handle.read(&self.value))
    }

    /// Returns all fields in the order of the document's JSON: each value, and each struct or list that has a confidence or a
    /// citation of its own, before what is in it.
    pub fn fields(&self) -> Vec<ExtractedField<'_, Value>> {
        let mut fields = Vec::new();
        for (name, value) in &self.output.value {
            self.collect(name.clone(), value, &mut fields);
        }
        fields
    }

    /// Returns the fields whose [`confidence`](ExtractedField::confidence) is below a limit, the most doubtful first. A field
    /// without any confidence is not among them.
    pub fn below(&self, limit: f64) -> Vec<ExtractedField<'_, Value>> {
        let mut doubtful: Vec<(f64, ExtractedField<'_, Value>)> = self
            .fields()
            .into_iter()
            .filter_map(|field| Some((field.confidence().filter(|confidence| *confidence < limit)?, field)))
            .collect();
        doubtful.sort_by(|(left, _), (right, _)| left.total_cmp(right));
        doubtful.into_iter().map(|(_, field)| field).collect()
    }

    fn collect<'a>(&'a self, path: String, value: &'a Value, fields: &mut Vec<ExtractedField<'a, Value>>) {
        let is_leaf = !value.is_array() && !value.is_object();
        if is_leaf || self.output.metadata.contains_key(&path) {
            fields.push(self.at(path.clone(), Some(value).filter(|value| !value.is_null())));
        }
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.collect(format!("{path}[{index}]"), item, fields);
                }
            }
            Value::Object(inner) => {
                for (name, field) in inner {
                    self.collect(format!("{path}.{name}"), field, fields);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn at<'a, V: ?Sized>(&'a self, path: String, value: Option<&'a V>) -> ExtractedField<'a, V> {
        let about = self.output.metadata.get(&path);
        ExtractedField {
            path,
            value,
            ocr_confidence: about.and_then(|about| about.ocr_confidence.value().copied()),
            logprobs_confidence: about.and_then(|about| about.logprobs_confidence.value().copied()),
            review_agent_score: about.and_then(|about| about.review_agent_score.value().copied()),
            citations: about.and_then(|about| about.citations.as_deref()).unwrap_or_default(),
            insights: about.and_then(|about| about.insights.as_deref()).unwrap_or_default(),
        }
    }
}

impl<T: Clone> Clone for Extracted<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), output: Arc::clone(&self.output) }
    }
}

impl<T: fmt::Debug> fmt::Debug for Extracted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extracted").field("value", &self.value).finish_non_exhaustive()
    }
}

/// A field that was extracted: its value, and what the API says about it.
#[derive(Debug)]
#[non_exhaustive]
pub struct ExtractedField<'a, V: ?Sized> {
    /// The path of the field in the JSON, such as `lines[2].amount`.
    pub path: String,
    /// The value. `None` if the document does not contain it.
    pub value: Option<&'a V>,
    /// How well the text was read, from 0 to 1.
    pub ocr_confidence: Option<f64>,
    /// How sure the model was, from 0 to 1. Newer models do not return it. Of runs with legacy settings, their only confidence.
    pub logprobs_confidence: Option<f64>,
    /// The grade of the review agent: 5 is certain, 1 is doubtful.
    pub review_agent_score: Option<i64>,
    /// Where the value was found: file, page, outline on the page or range of cells.
    pub citations: &'a [Citation],
    /// The reasons of the model, if the settings ask for them.
    pub insights: &'a [Insight],
}

impl<V: ?Sized> ExtractedField<'_, V> {
    /// Returns the lower of the two confidences, from 0 to 1. `None` if there is neither.
    pub fn confidence(&self) -> Option<f64> {
        match (self.ocr_confidence, self.logprobs_confidence) {
            (Some(read), Some(understood)) => Some(read.min(understood)),
            (one, other) => one.or(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode_value;
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Line {
        pieces: Option<i32>,
        amount: Option<f64>,
    }

    #[test]
    fn integers_may_be_written_with_a_fraction_of_zero_and_errors_name_the_field() {
        for (value, decoded) in [
            (json!({"pieces": 3, "amount": 2}), Ok((Some(3), Some(2.0)))),
            (json!({"pieces": 3.0, "amount": 2.5}), Ok((Some(3), Some(2.5)))),
            (json!({"pieces": null, "amount": 2.0}), Ok((None, Some(2.0)))),
            (json!({"pieces": 3.5, "amount": null}), Err("pieces: invalid type: floating point `3.5`, expected i32")),
            (json!({"pieces": 3.0, "amount": "two"}), Err("amount: invalid type: string \"two\", expected f64")),
        ] {
            let output = decode_value(&json!({"value": value, "metadata": {}})).unwrap();
            let found =
                Extracted::<Line>::decode(output).map(Extracted::into_value).map(|line| (line.pieces, line.amount));
            let found = found.map_err(|error| format!("{}: {}", error.path, error.message));
            assert_eq!(found, decoded.map_err(str::to_owned), "{value}");
        }
    }
}
