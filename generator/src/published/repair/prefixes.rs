//! Names of components with the mark of a type: `type_:Run` and `type_batch:Status`, which other generations call `Run` and
//! `batch:Status`. Without it, pages of several generations speak of the same components.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::normalize::rename;

/// Takes the mark away, unless the page has a component of the plain name too.
pub(super) fn remove_type_prefixes(document: &mut Value) {
    let Some(schemas) = document.pointer("/components/schemas").and_then(Value::as_object) else { return };
    let renamed: BTreeMap<String, String> =
        schemas.keys().filter_map(|name| Some((name.clone(), plain(name, schemas)?))).collect();
    rename(document, &renamed);
}

fn plain(name: &str, schemas: &Map<String, Value>) -> Option<String> {
    let (package, _) = name.strip_prefix("type_")?.split_once(':')?;
    let plain = if package.is_empty() { name.strip_prefix("type_:")? } else { name.strip_prefix("type_")? };
    (!plain.is_empty() && !schemas.contains_key(plain)).then(|| plain.to_owned())
}
