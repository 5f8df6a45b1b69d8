//! Compares one schema of the old document with one of the new: what differs in itself, and which schemas below it belong
//! together. Knows nothing of operations or Rust names.

mod context;
mod free_objects;
mod moved_properties;
mod names;
mod numbers;
mod objects;
mod types;
mod unions;
mod uses;
mod values;

use std::rc::Rc;

use serde_json::Value;

use crate::contract::{JsonKind, SchemaFacts, SchemaId};

use super::aspect::{Aspect, Need, Plain, Way};
use super::level::Wire;

pub(super) use context::{Context, Side};
pub(super) use names::type_name;
pub(super) use objects::letters;
pub(super) use uses::{Spot, compare_uses, is_default};

/// One difference of a schema, relative to it.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) aspect: Aspect,
    /// Where it is below the schema.
    pub(super) step: String,
    /// The property that it concerns.
    pub(super) property: Option<String>,
    pub(super) before: Value,
    pub(super) after: Value,
    /// What it means for requests.
    pub(super) request: Wire,
    /// What it means for responses.
    pub(super) response: Wire,
    /// JSON pointers in the old and the new document.
    pub(super) pointers: (Option<String>, Option<String>),
    /// The schemas that come or go with it.
    pub(super) comes: Option<SchemaId>,
    pub(super) goes: Option<SchemaId>,
    /// The schemas of its parts that come or go with it.
    pub(super) brings: Vec<SchemaId>,
    pub(super) takes: Vec<SchemaId>,
    /// Other properties that it concerns.
    pub(super) parts: Vec<String>,
    /// Whether it is said by the schema itself: `null` in a response matters only where the schema is relied on, a default only
    /// where it may be left out.
    pub(super) depends_on_use: bool,
    /// What else there is to say.
    pub(super) detail: String,
}

impl Draft {
    pub(super) fn new(aspect: impl Into<Aspect>, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        Self {
            aspect: aspect.into(),
            step: String::new(),
            property: None,
            before: before.into(),
            after: after.into(),
            request: Wire::Safe,
            response: Wire::Safe,
            pointers: (None, None),
            comes: None,
            goes: None,
            brings: Vec::new(),
            takes: Vec::new(),
            parts: Vec::new(),
            depends_on_use: false,
            detail: String::new(),
        }
    }

    pub(super) fn levels(self, request: Wire, response: Wire) -> Self {
        Self { request, response, ..self }
    }

    pub(super) fn at(self, spot: &Spot<'_>) -> Self {
        Self { step: spot.step.clone(), property: spot.property.map(str::to_owned), ..self }
    }

    pub(super) fn between(self, old: &str, new: &str) -> Self {
        Self { pointers: (Some(old.to_owned()), Some(new.to_owned())), ..self }
    }
}

/// Two schemas below two others that belong together.
#[derive(Clone, Debug)]
pub(super) struct Child {
    pub(super) old: SchemaId,
    pub(super) new: SchemaId,
    /// Where it is below the schema.
    pub(super) step: String,
    /// The property that leads there.
    pub(super) property: Option<String>,
    /// Whether a client fails to read `null` there.
    pub(super) is_strict: bool,
    /// Whether it may be left out, so that its default counts.
    pub(super) is_optional: bool,
}

/// What two schemas differ in.
#[derive(Debug, Default)]
pub(super) struct Local {
    pub(super) drafts: Vec<Draft>,
    pub(super) children: Vec<Child>,
}

/// Compares two schemas. Each pair is compared once.
pub(super) fn compare(context: &Context<'_>, old: SchemaId, new: SchemaId) -> Rc<Local> {
    if let Some(known) = context.known(old, new) {
        return known;
    }
    let (before, after) = (context.old.contract.schema(old), context.new.contract.schema(new));
    let mut local = Local::default();
    if before.name.is_some() && after.name.is_some() {
        uses::compare_own_notes(&mut local, before, after);
    }
    if before.kind == after.kind {
        compare_same_kind(context, &mut local, before, after);
        compare_keywords(&mut local, before, after);
    } else {
        types::compare_kinds(context, &mut local, before, after);
    }
    for draft in local.drafts.iter_mut().filter(|draft| draft.pointers == (None, None)) {
        draft.pointers = (Some(before.place.to_string()), Some(after.place.to_string()));
    }
    context.remember(old, new, local)
}

fn compare_same_kind(context: &Context<'_>, local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    match before.kind {
        JsonKind::String | JsonKind::Integer | JsonKind::Number | JsonKind::Boolean => {
            values::compare_values(local, before, after);
        }
        JsonKind::Array => {
            values::compare_values(local, before, after);
            objects::compare_items(context, local, before, after);
        }
        JsonKind::Object => {
            values::compare_values(local, before, after);
            objects::compare_objects(context, local, before, after);
        }
        JsonKind::Union => {
            objects::compare_objects(context, local, before, after);
            unions::compare_unions(context, local, before, after);
        }
        JsonKind::Any | JsonKind::Null => {}
    }
}

fn compare_keywords(local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    let names: std::collections::BTreeSet<&String> = before.keywords.keys().chain(after.keywords.keys()).collect();
    for name in names {
        let (old, new) = (before.keywords.get(name), after.keywords.get(name));
        if old != new {
            let show = |value: Option<&Value>| value.map_or(Value::Null, |value| serde_json::json!({ name: value }));
            let draft = Draft::new(Plain::KeywordChanged, show(old), show(new));
            local.drafts.push(draft.levels(restriction(name, old, new), Wire::Safe));
        }
    }
}

/// Returns what another value of a keyword means for requests.
fn restriction(name: &str, old: Option<&Value>, new: Option<&Value>) -> Wire {
    let is_multiple = |old: &Value, new: &Value| {
        let (Some(old), Some(new)) = (old.as_f64(), new.as_f64()) else { return false };
        new > 0.0 && (old / new).fract().abs() < f64::EPSILON
    };
    match (name, old, new) {
        (_, _, None) => Wire::Safe,
        ("uniqueItems", _, Some(new)) => Wire::breaking_if(new == &Value::Bool(true)),
        ("multipleOf", Some(old), Some(new)) => Wire::breaking_if(!is_multiple(old, new)),
        ("multipleOf", None, Some(_)) => Wire::Breaking,
        // What it restricts is not compared.
        (_, _, Some(_)) => Wire::Risky,
    }
}

/// Returns whether a client made for the old schema meets the new one with an error: on reading what it describes, or on sending
/// what the old one allows.
pub(super) fn breaks(context: &Context<'_>, old: SchemaId, new: SchemaId, way: Way) -> bool {
    if !context.enter(old, new, way) {
        return false;
    }
    let local = compare(context, old, new);
    let level = |draft: &Draft| match way {
        Way::Request => draft.request,
        Way::Response => draft.response,
    };
    let found = local.drafts.iter().any(|draft| level(draft) == Wire::Breaking)
        || local.children.iter().any(|child| breaks(context, child.old, child.new, way));
    context.leave(old, new, way);
    found
}

/// Returns whether a property is required, as shown in reports.
fn need(required: bool) -> &'static str {
    match Need::of(required) {
        Need::Required => "required",
        Need::Optional => "optional",
    }
}
