//! Removes the `type_` prefix of component names: `type_:Run` and `type_batch:Status` are called `Run` and `batch:Status` in other
//! generations. Without it, pages of several generations share components. Knows one page at a time.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::normalize::rename;

/// Removes the prefix, unless the page also has a component with the unprefixed name.
pub(super) fn remove_type_prefixes(document: &mut Value) {
    let Some(schemas) = document.pointer("/components/schemas").and_then(Value::as_object) else { return };
    let renamed: BTreeMap<String, String> =
        schemas.keys().filter_map(|name| Some((name.clone(), without_prefix(name, schemas)?))).collect();
    rename(document, &renamed);
}

fn without_prefix(name: &str, schemas: &Map<String, Value>) -> Option<String> {
    let (package, _) = name.strip_prefix("type_")?.split_once(':')?;
    let plain = if package.is_empty() { name.strip_prefix("type_:")? } else { name.strip_prefix("type_")? };
    (!plain.is_empty() && !schemas.contains_key(plain)).then(|| plain.to_owned())
}
