//! The fields of an operation that have another name, or none, in another version. Knows documents, not Rust.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::normalize::find_target;
use crate::path_template::remove_names;
use crate::published::{ComparisonPolicy, Difference, Kind, Subject, compare_documents};

/// A field of the older version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// The operation in the newer version, without the names of parameters.
    pub(super) operation: String,
    /// Where the field is: `request`, `response` or `query`.
    pub(super) place: &'static str,
    /// Its path in the older version.
    pub(super) old: String,
    /// Its path in the newer version; `None` if there is none.
    pub(super) new: Option<String>,
}

/// Compares two versions, whose operations correspond by `successors` where method and path differ. `renamed` maps names of
/// fields, as paths or their first parts.
pub(super) fn renamed_fields(
    [old, new]: [&Value; 2],
    successors: &BTreeMap<String, String>,
    renamed: &BTreeMap<String, Vec<String>>,
    headers: &[&str],
) -> Vec<Field> {
    let mut moved = old.clone();
    move_operations(&mut moved, successors);
    let mut fields = unwrap_envelopes(&mut moved, new);
    let policy = ComparisonPolicy { ignored_headers: headers, event_property: "" };
    let differences = compare_documents(&moved, new, policy).differences;
    let only_in_new: Vec<&Difference> =
        differences.iter().filter(|difference| difference.kind == Kind::MissingInPages).collect();
    for difference in differences.iter().filter(|difference| difference.kind == Kind::MissingInSnapshot) {
        let Some((place, name)) = place_of(&difference.subject) else { continue };
        if name == FLAG || difference.operation.starts_with("webhook ") {
            continue;
        }
        let candidates = only_in_new.iter().filter(|other| other.operation == difference.operation);
        let candidates: Vec<&str> = candidates
            .filter_map(|other| place_of(&other.subject).filter(|(other, _)| *other == place))
            .map(|(_, name)| name)
            .collect();
        // A name that leads into an object counts where the object is new.
        let is_new = |target: &String| {
            candidates.iter().any(|known| target == known || target.starts_with(&format!("{known}.")))
        };
        let target = new_names(name, renamed).into_iter().find(is_new);
        fields.push(Field { operation: difference.operation.clone(), place, old: name.to_owned(), new: target });
    }
    fields.sort_by(|one, other| {
        let key = |field: &Field| (field.operation.clone(), field.place, field.old.clone());
        key(one).cmp(&key(other))
    });
    fields
}

/// Returns the place and the name of what one version lacks.
fn place_of(subject: &Subject) -> Option<(&'static str, &str)> {
    match subject {
        Subject::Whole => None,
        Subject::Parameter(name) => Some(("query", name.trim_end_matches(" (query)"))),
        Subject::Request(name) => Some(("request", name)),
        Subject::Response(name) => Some(("response", name)),
    }
}

/// Returns what a path may be now, by all of it or by its last part.
fn new_names(name: &str, renamed: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let whole = renamed.get(name).into_iter().flatten().cloned();
    let (parents, last) = name.rsplit_once('.').unwrap_or_default();
    let by_last = renamed.get(last).into_iter().flatten().map(|target| format!("{parents}.{target}"));
    whole.chain(by_last).collect()
}

/// Gives operations the method and path that they have in the newer version. Where several become one, the last of them counts, and
/// before them one that has that method and path already.
fn move_operations(document: &mut Value, successors: &BTreeMap<String, String>) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for (from, to) in successors.iter().rev() {
        let (Some((method, path)), Some((new_method, new_path))) = (from.split_once(' '), to.split_once(' ')) else {
            continue;
        };
        let (method, new_method) = (method.to_ascii_lowercase(), new_method.to_ascii_lowercase());
        let item = paths.get(new_path).and_then(|item| item.get(&new_method));
        if item.is_some() {
            continue;
        }
        let item = paths.get_mut(path).and_then(Value::as_object_mut);
        if let Some(operation) = item.and_then(|item| item.shift_remove(&method)) {
            let item = paths.entry(new_path.to_owned()).or_insert_with(|| Value::Object(Map::new()));
            if let Some(item) = item.as_object_mut() {
                item.insert(new_method, operation);
            }
        }
    }
}

/// Takes responses out of envelopes (`{"success": true, "file": {…}}`) where the newer version has none; returns what became of
/// their fields.
fn unwrap_envelopes(document: &mut Value, new: &Value) -> Vec<Field> {
    let original = document.clone();
    let mut fields = Vec::new();
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return fields };
    for (path, item) in paths.iter_mut() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let operation_key = format!("{} {}", method.to_ascii_uppercase(), remove_names(path));
            let Some(schema) = operation.pointer_mut(SCHEMA) else { continue };
            let Some(response) = response_properties(new, &operation_key) else { continue };
            let Some(envelope) = Envelope::find(&original, schema) else { continue };
            if response.contains_key(FLAG) || response.contains_key(&envelope.name) {
                continue;
            }
            let target = envelope.unwrap(schema, response);
            let mut field = |old: &String, new: Option<&str>| {
                let (operation, new) = (operation_key.clone(), new.map(str::to_owned));
                fields.push(Field { operation, place: "response", old: old.clone(), new });
            };
            field(&envelope.name, Some(target));
            envelope.others.iter().for_each(|name| field(name, None));
        }
    }
    fields
}

/// The place of the schema of a response in an operation.
const SCHEMA: &str = "/responses/200/content/application~1json/schema";

/// Returns the properties of the response of an operation.
fn response_properties<'a>(document: &'a Value, key: &str) -> Option<&'a Map<String, Value>> {
    let (method, path) = key.split_once(' ')?;
    let (_, item) = document.get("paths")?.as_object()?.iter().find(|(known, _)| remove_names(known) == path)?;
    let schema = item.get(method.to_ascii_lowercase())?.pointer(SCHEMA)?;
    follow(document, schema).get("properties")?.as_object()
}

/// A response that has its content in one of its properties.
struct Envelope {
    /// Name of that property.
    name: String,
    content: Value,
    /// What the content consists of, if it is a list.
    items: Option<Value>,
    /// Properties that say nothing about the content.
    others: Vec<String>,
    token: Option<Value>,
}

impl Envelope {
    fn find(document: &Value, schema: &Value) -> Option<Self> {
        let properties = follow(document, schema).get("properties")?.as_object()?;
        properties.get(FLAG)?;
        let is_content = |property: &Value| {
            let kind = follow(document, property).get("type").and_then(Value::as_str);
            !matches!(kind, Some("boolean" | "string"))
        };
        let (name, content) = properties.iter().find(|(_, property)| is_content(property))?;
        let others =
            properties.keys().filter(|other| *other != name && *other != TOKEN && *other != FLAG).cloned().collect();
        let items = follow(document, content).get("items").cloned();
        Some(Self {
            name: name.clone(),
            content: content.clone(),
            items,
            others,
            token: properties.get(TOKEN).cloned(),
        })
    }

    /// Replaces the schema of the envelope by what the newer version has; returns what the content has become.
    fn unwrap(&self, schema: &mut Value, new: &Map<String, Value>) -> &'static str {
        match &self.items {
            Some(_) if new.contains_key(LIST) => {
                let mut properties = Map::from_iter([(LIST.to_owned(), self.content.clone())]);
                properties.extend(self.token.clone().map(|token| (TOKEN.to_owned(), token)));
                *schema = serde_json::json!({"type": "object", "properties": properties});
                LIST
            }
            Some(item) => {
                *schema = item.clone();
                "the response itself, which is one of them"
            }
            None => {
                *schema = self.content.clone();
                "the response itself"
            }
        }
    }
}

/// The property that marks an envelope. Its absence is not worth a line each time.
const FLAG: &str = "success";
/// The property of a list of the newer version with its items.
const LIST: &str = "data";
const TOKEN: &str = "nextPageToken";

/// Follows a reference.
fn follow<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    find_target(document, value).unwrap_or(value)
}
