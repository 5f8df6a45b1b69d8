//! Reads webhooks as events.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::Webhook;
use crate::keyword::Keywords;
use crate::names::RustIdent;
use crate::normalize::WEBHOOKS;
use crate::pointer::Pointer;

use super::annotations::docs;
use super::references::{reference_of, resolve};
use super::schema::classify;
use super::sources::follow;
use super::types::{Hint, TypeBuilder};

/// Returns every event of the document, by name. An event is named by the `eventType` of its body (or another constant
/// property), else by its entry. A string that several bodies share is not used as a name.
pub(super) fn read_webhooks(builder: &mut TypeBuilder<'_>) -> Vec<Webhook> {
    let entries = builder.document.get(WEBHOOKS).and_then(Value::as_object);
    let at = Pointer::root().join("webhooks");
    let mut found: Vec<(&String, Webhook)> = Vec::new();
    for (name, item) in entries.into_iter().flatten() {
        let Some(item) = follow(builder, item, &at.join(name)) else { continue };
        let Some((method, operation)) = item.value.as_object().and_then(called) else { continue };
        match webhook(builder, name, operation, &item.place.join(method)) {
            Some(webhook) => found.push((name, webhook)),
            None => builder.report.push(
                Diagnostic::new(
                    Code::Ignored,
                    item.place.join(method),
                    format!("webhook `{name}` has no body with a schema"),
                )
                .expected("a body with a schema, which becomes the type of an event")
                .help("the event can still be received as plain JSON"),
            ),
        }
    }
    let shared = repeated(&found);
    found.iter_mut().filter(|(_, webhook)| shared.contains(&webhook.event)).for_each(by_entry);
    if !repeated(&found).is_empty() {
        found.iter_mut().for_each(by_entry);
    }
    let mut found: Vec<Webhook> = found.into_iter().map(|(_, webhook)| webhook).collect();
    found.sort_by(|one, other| one.event.cmp(&other.event));
    found
}

/// Returns the names that more than one event has.
fn repeated(found: &[(&String, Webhook)]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    found.iter().filter(|(_, webhook)| !seen.insert(&webhook.event)).map(|(_, webhook)| webhook.event.clone()).collect()
}

fn by_entry((name, webhook): &mut (&String, Webhook)) {
    webhook.event.clone_from(name);
}

fn called(item: &Map<String, Value>) -> Option<(&String, &Value)> {
    item.iter()
        .find(|(key, value)| ["post", "put", "get", "delete", "patch"].contains(&key.as_str()) && value.is_object())
}

fn webhook<'a>(builder: &mut TypeBuilder<'a>, name: &str, operation: &'a Value, place: &Pointer) -> Option<Webhook> {
    let body = follow(builder, operation.keyword("requestBody")?, &place.join("requestBody"))?;
    let (media, content) = body.value.keyword("content")?.as_object()?.iter().next()?;
    let schema = content.keyword("schema")?;
    let at = body.place.join("content").join(media).join("schema");
    let event = fixed_text(builder.document, schema, &at).unwrap_or_else(|| name.to_owned());
    let hint = Hint::named(&format!("{}Event", RustIdent::pascal(name)));
    let ty = builder.type_of(schema, &at, &hint).ty;
    let variant = RustIdent::pascal(&event);
    Some(Webhook { event, variant, docs: docs(operation), ty })
}

fn fixed_text(document: &Value, schema: &Value, place: &Pointer) -> Option<String> {
    let schema = match reference_of(schema) {
        Some(reference) => resolve(document, reference, place).ok()?.value,
        None => schema,
    };
    let properties = schema.keyword("properties")?.as_object()?;
    let text = |name: &str| classify(properties.get(name)?).constant()?.as_str().map(str::to_owned);
    ["eventType", "event_type", "event", "type"].into_iter().find_map(text)
}

/// Adds the types of callbacks, which the server sends during an operation. Only types are generated for them.
pub(super) fn read_callbacks<'a>(builder: &mut TypeBuilder<'a>, operation: &'a Value, place: &Pointer, stem: &str) {
    let callbacks = operation.keyword("callbacks").and_then(Value::as_object).into_iter().flatten();
    for (name, callback) in callbacks {
        let Some(callback) = follow(builder, callback, &place.join("callbacks").join(name)) else { continue };
        for (expression, item) in callback.value.as_object().into_iter().flatten() {
            let Some((method, called)) = item.as_object().and_then(called) else { continue };
            let place = callback.place.join(expression).join(method);
            // The builder records the type under its own name.
            let _ = webhook(builder, &format!("{stem} {name} callback"), called, &place);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn event_has_a_name_that_no_other_has() {
        let post = |schema| json!({"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}});
        let typed = |text: &str| post(json!({"type": "object", "properties": {"type": {"enum": [text]}}}));
        let document = json!({
            "openapi": "3.1.0",
            "webhooks": {
                "made": typed("order.made"),
                "paid": typed("order"),
                "sent": typed("order"),
                "kept": {"$ref": "#/components/pathItems/kept"},
                "plain": post(json!({"type": "string"})),
            },
            "components": {"pathItems": {"kept": typed("order.kept")}},
        });
        let api = build(&normalize_document(document), &Profile::default(), &Lock::default()).api;
        let names: Vec<&str> = api.webhooks.iter().map(|webhook| webhook.event.as_str()).collect();
        assert_eq!(names, ["order.kept", "order.made", "paid", "plain", "sent"]);
    }
}
