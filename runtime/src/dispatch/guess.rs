//! Reads the string values of one argument as a type that was never described to the command line.
//!
//! Must not know where the argument is sent; it tries each possible reading of the strings until one fits.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::UsageError;
use crate::decode::decode_value;

/// Reads the string values of one argument as a type. An empty list means that the argument was not set.
pub(super) fn guess_value<T: DeserializeOwned>(what: &str, texts: Vec<String>) -> Result<Option<T>, UsageError> {
    if texts.is_empty() {
        return Ok(None);
    }
    let mut problem = None;
    for reading in readings(&texts) {
        match decode_value(&reading) {
            Ok(value) => return Ok(Some(value)),
            // The first readings are the likeliest, but a string that is valid JSON was probably meant as JSON.
            Err(error) if problem.is_none() || is_structured(&reading, &texts) => problem = Some(error),
            Err(_) => {}
        }
    }
    Err(problem.map_or_else(|| UsageError::new(what), |error| UsageError::misfit(what, &error)))
}

/// Returns the possible readings, likeliest first. One value can always be a string, and often another JSON value;
/// several values, or a single value of a list parameter, form an array of either.
fn readings(texts: &[String]) -> Vec<Value> {
    let strings: Vec<Value> = texts.iter().cloned().map(Value::String).collect();
    let json = |text: &String| serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()));
    let values: Vec<Value> = texts.iter().map(json).collect();
    let mut readings = Vec::with_capacity(4);
    if let ([string], [value]) = (strings.as_slice(), values.as_slice()) {
        readings.push(string.clone());
        readings.push(value.clone());
    }
    readings.push(Value::Array(strings));
    readings.push(Value::Array(values));
    readings
}

/// Returns whether this reading is a single string parsed as a JSON array or object.
fn is_structured(reading: &Value, texts: &[String]) -> bool {
    let [text] = texts else { return false };
    let starts = text.trim_start().starts_with(['[', '{']);
    starts && serde_json::from_str::<Value>(text).is_ok_and(|value| value == *reading)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    fn query<T: DeserializeOwned>(texts: &[&str]) -> Result<T, UsageError> {
        let texts = texts.iter().map(|&text| text.to_owned()).collect();
        Ok(guess_value("`q`", texts)?.unwrap())
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    enum Status {
        Processed,
    }

    #[test]
    fn texts_become_the_type_that_is_asked_for() {
        assert_eq!(query::<String>(&["12"]).unwrap(), "12");
        assert_eq!(query::<String>(&["true"]).unwrap(), "true");
        assert_eq!(query::<String>(&[""]).unwrap(), "");
        assert_eq!(query::<Status>(&["PROCESSED"]).unwrap(), Status::Processed);
        assert_eq!(query::<i64>(&["-12"]).unwrap(), -12);
        assert_eq!(query::<f64>(&["1.5"]).unwrap(), 1.5);
        assert!(query::<bool>(&["true"]).unwrap());
        assert_eq!(query::<Vec<String>>(&["a"]).unwrap(), ["a"]);
        assert_eq!(query::<Vec<String>>(&["a", "2"]).unwrap(), ["a", "2"]);
        assert_eq!(query::<Vec<String>>(&[r#"["a","b"]"#]).unwrap(), ["a", "b"]);
        assert_eq!(query::<Vec<u8>>(&["1", "2"]).unwrap(), [1, 2]);
        assert_eq!(query::<Vec<u8>>(&["1"]).unwrap(), [1]);
        let object = query::<BTreeMap<String, u8>>(&[r#"{"a":1}"#]).unwrap();
        assert_eq!(object, BTreeMap::from([("a".to_owned(), 1)]));
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_value_and_what_was_expected() {
        let cases = [
            (query::<i64>(&["abc"]).map(drop), "invalid type: string \"abc\", expected i64", "$"),
            (query::<bool>(&["yes"]).map(drop), "invalid type: string \"yes\", expected a boolean", "$"),
            (query::<i64>(&["1", "2"]).map(drop), "invalid type: sequence, expected i64", "$"),
            (query::<Vec<u8>>(&["[1,true]"]).map(drop), "invalid type: boolean `true`, expected u8", "[1]"),
        ];
        for (result, message, path) in cases {
            let error = result.unwrap_err();
            assert_eq!(error.to_string(), format!("`q` does not fit: {message}"));
            assert_eq!(error.json_path(), Some(path), "{message}");
        }
    }
}
