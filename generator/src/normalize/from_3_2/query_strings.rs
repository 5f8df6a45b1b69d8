//! Parameters in `querystring`, which describe the whole query as one value: the properties of a form become query parameters of
//! their own. Must not know how a query is encoded.

use serde_json::{Map, Value, json};

use super::{follow, list};

/// What an encoding says about a parameter.
const ENCODING: [&str; 3] = ["style", "explode", "allowReserved"];

/// Replaces the query strings in the parameters of a path item or operation. One in another media type than that of a form stays,
/// and is reported by the model.
pub(super) fn expand_parameters(document: &Value, object: &mut Map<String, Value>) {
    let Some(parameters) = object.get_mut("parameters").and_then(Value::as_array_mut) else { return };
    let expanded = |parameter: Value| expand(document, &parameter).unwrap_or_else(|| vec![parameter]);
    *parameters = std::mem::take(parameters).into_iter().flat_map(expanded).collect();
}

/// Returns the query parameters that a query string consists of.
fn expand(document: &Value, parameter: &Value) -> Option<Vec<Value>> {
    let parameter = follow(document, parameter);
    if parameter.get("in").and_then(Value::as_str) != Some("querystring") {
        return None;
    }
    let form = parameter.get("content")?.get("application/x-www-form-urlencoded")?;
    let form = follow(document, form);
    let schema = form.get("schema")?;
    let object = follow(document, schema).as_object()?;
    let required = parameter.get("required") == Some(&json!(true));
    if !is_plain(object) {
        let mut whole =
            json!({"in": "query", "style": "form", "explode": true, "required": required, "schema": schema});
        for key in ["name", "description", "deprecated"] {
            if let (Some(whole), Some(value)) = (whole.as_object_mut(), parameter.get(key)) {
                whole.insert(key.to_owned(), value.clone());
            }
        }
        return Some(vec![whole]);
    }
    let properties = object.get("properties").and_then(Value::as_object).into_iter().flatten();
    let names = list(object, "required");
    let one = |(name, property): (&String, &Value)| {
        let encoding = form.get("encoding").and_then(|encoding| encoding.get(name));
        let required = required && names.contains(&json!(name));
        query_parameter(document, name, property, Encoded { encoding, required })
    };
    Some(properties.map(one).collect())
}

/// Returns whether an object has named properties and nothing else.
fn is_plain(object: &Map<String, Value>) -> bool {
    let named = object.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    let composed = ["allOf", "oneOf", "anyOf", "patternProperties"].iter().any(|key| object.contains_key(*key));
    named && !composed && object.get("additionalProperties").is_none_or(Value::is_boolean)
}

/// How a property of a form is sent.
struct Encoded<'a> {
    encoding: Option<&'a Value>,
    required: bool,
}

fn query_parameter(document: &Value, name: &str, property: &Value, encoded: Encoded<'_>) -> Value {
    let mut parameter = json!({"name": name, "in": "query", "required": encoded.required});
    let Some(map) = parameter.as_object_mut() else { return parameter };
    for key in ["description", "deprecated"] {
        map.extend(property.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    let styled = encoded.encoding.is_some_and(|encoding| ENCODING.iter().any(|key| encoding.get(key).is_some()));
    let media = encoded.encoding.and_then(|encoding| encoding.get("contentType")).and_then(Value::as_str);
    // Without a style, an object in a form is JSON.
    let is_object = follow(document, property).get("type") == Some(&json!("object"));
    let is_json = media.map_or(is_object, |media| media.contains("json"));
    if is_json && !styled {
        map.insert("content".to_owned(), json!({"application/json": {"schema": property}}));
        return parameter;
    }
    for key in ENCODING {
        let value = encoded.encoding.and_then(|encoding| encoding.get(key));
        map.extend(value.map(|value| (key.to_owned(), value.clone())));
    }
    map.insert("schema".to_owned(), property.clone());
    parameter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_of_a_form_are_query_parameters() {
        let document = json!({"components": {
            "parameters": {"Q": {"in": "querystring", "name": "q", "required": true, "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {"$ref": "#/components/schemas/Filter"},
                    "encoding": {"tags": {"style": "pipeDelimited", "explode": false}},
                }}}},
            "schemas": {"Filter": {"type": "object", "required": ["word"], "properties": {
                "word": {"type": "string", "description": "The word."},
                "tags": {"type": "array", "items": {"type": "string"}},
                "range": {"type": "object", "properties": {"from": {"type": "integer"}}},
            }}},
        }});
        let mut operation =
            json!({"parameters": [{"$ref": "#/components/parameters/Q"}, {"in": "query", "name": "n"}]});
        expand_parameters(&document, operation.as_object_mut().unwrap());
        let range = json!({"type": "object", "properties": {"from": {"type": "integer"}}});
        assert_eq!(
            operation["parameters"],
            json!([
                {"name": "word", "in": "query", "required": true, "description": "The word.",
                    "schema": {"type": "string", "description": "The word."}},
                {"name": "tags", "in": "query", "required": false, "style": "pipeDelimited", "explode": false,
                    "schema": {"type": "array", "items": {"type": "string"}}},
                {"name": "range", "in": "query", "required": false, "content": {"application/json": {"schema": range}}},
                {"in": "query", "name": "n"},
            ])
        );
    }

    #[test]
    fn other_query_strings_are_one_parameter_or_stay() {
        let string = |content: Value| json!({"in": "querystring", "name": "q", "content": content});
        let map = json!({"type": "object", "additionalProperties": {"type": "string"}});
        let json_text = string(json!({"application/json": {"schema": {}}}));
        let rows = [
            (
                "a form with any names",
                string(json!({"application/x-www-form-urlencoded": {"schema": map}})),
                json!({"in": "query", "style": "form", "explode": true, "required": false, "schema": map, "name": "q"}),
            ),
            ("JSON", json_text.clone(), json_text),
        ];
        for (case, parameter, expected) in rows {
            let mut operation = json!({"parameters": [parameter]});
            expand_parameters(&Value::Null, operation.as_object_mut().unwrap());
            assert_eq!(operation["parameters"], json!([expected]), "{case}");
        }
    }
}
