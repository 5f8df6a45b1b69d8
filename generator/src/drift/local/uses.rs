//! Compares what is said where a schema is used: `null`, defaults, deprecation, words.

use serde_json::Value;

use crate::contract::{Annotations, JsonKind, SchemaFacts, SchemaUse};

use super::super::aspect::{Plain, Way};
use super::super::level::Wire;
use super::names::type_name;
use super::{Child, Context, Draft, Local, breaks};

/// Where a schema is used, relative to the schema around it.
#[derive(Clone, Debug)]
pub(in crate::drift) struct Spot<'s> {
    pub(in crate::drift) step: String,
    pub(in crate::drift) property: Option<&'s str>,
    /// Whether a client fails to read `null` there.
    pub(in crate::drift) is_strict: bool,
    /// Whether it may be left out, so that its default counts.
    pub(in crate::drift) is_optional: bool,
    /// Whether a request without it is refused, as far as it is sent at all.
    pub(in crate::drift) must_be_sent: bool,
}

impl Spot<'_> {
    /// Returns the place of a part that is always there.
    pub(in crate::drift) fn part(step: impl Into<String>) -> Self {
        Self { step: step.into(), property: None, is_strict: true, is_optional: false, must_be_sent: false }
    }
}

/// Compares two uses of schemas that belong together, and notes the schemas as a pair.
pub(in crate::drift) fn compare_uses(
    context: &Context<'_>,
    local: &mut Local,
    (old, new): (&SchemaUse, &SchemaUse),
    spot: &Spot<'_>,
) {
    let (before, after) = (context.old.contract.schema(old.schema), context.new.contract.schema(new.schema));
    let both_named = before.name.is_some() && after.name.is_some();
    let one_named = before.name.is_some() != after.name.is_some();
    let is_object = |schema: &SchemaFacts| schema.kind == JsonKind::Object && !schema.properties.is_empty();
    let is_other = if both_named {
        before.name != after.name && !context.is_renamed(old.schema, new.schema)
    } else {
        one_named && is_object(before) && is_object(after) && !context.resembles(old.schema, new.schema)
    };
    let mut drafts = Vec::new();
    let nullable = (context.old.contract.is_nullable(old), context.new.contract.is_nullable(new));
    if nullable.0 != nullable.1 && !(both_named && before.nullable != after.nullable) {
        drafts.extend(null_draft(nullable, before, spot.is_strict));
    }
    let mut said = (Said::of(&old.annotations), Said::of(&new.annotations));
    // What two schemas say of themselves is not said where they are used.
    if !both_named && !is_other {
        said = (said.0.beside(&before.annotations), said.1.beside(&after.annotations));
    }
    compare_notes(&mut drafts, &said.0, &said.1);
    drafts.iter_mut().for_each(|draft| fit_to_use(draft, spot));
    if is_other {
        drafts.push(replaced(context, old, new));
    } else if one_named && before.kind == after.kind {
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "inline".to_owned());
        let mut draft = Draft::new(Plain::SchemaNamed, name(&before.name), name(&after.name));
        (draft.comes, draft.goes) = (Some(new.schema), Some(old.schema));
        drafts.push(draft);
    }
    local.drafts.extend(drafts.into_iter().map(|draft| draft.at(spot).between(&old.place, &new.place)));
    local.children.push(Child {
        old: old.schema,
        new: new.schema,
        step: spot.step.clone(),
        property: spot.property.map(str::to_owned),
        is_strict: spot.is_strict,
        is_optional: spot.is_optional,
    });
}

/// Fits the levels of a difference to where the schema is used.
fn fit_to_use(draft: &mut Draft, spot: &Spot<'_>) {
    let plain = draft.aspect.plain();
    if is_default(draft) && !spot.is_optional {
        draft.request = Wire::Safe;
    } else if plain == Some(Plain::BecameNotReadOnly) && spot.must_be_sent {
        draft.request = Wire::Breaking;
    } else if plain == Some(Plain::BecameReadOnly) && ["[]", "{}"].contains(&spot.step.as_str()) {
        // Only properties are sent by one side alone; items and values of maps are sent with what has them.
        draft.request = Wire::Safe;
    } else if plain == Some(Plain::BecameWriteOnly) && spot.property.is_some() && spot.is_strict {
        // It is no longer there to be read.
        draft.response = Wire::Breaking;
    }
}

fn replaced(context: &Context<'_>, old: &SchemaUse, new: &SchemaUse) -> Draft {
    let names = (type_name(context.old.contract, old.schema), type_name(context.new.contract, new.schema));
    let level = |way| Wire::breaking_if(breaks(context, old.schema, new.schema, way));
    let mut draft =
        Draft::new(Plain::SchemaReplaced, names.0, names.1).levels(level(Way::Request), level(Way::Response));
    let local = super::compare(context, old.schema, new.schema);
    let mut shown: Vec<String> = local.drafts.iter().filter_map(short).collect();
    shown.dedup();
    draft.detail = shown.join(", ");
    (draft.comes, draft.goes) = (Some(new.schema), Some(old.schema));
    draft
}

/// Returns a difference in a few words.
fn short(draft: &Draft) -> Option<String> {
    use super::super::aspect::Aspect;
    let step = draft.step.trim_start_matches('.');
    match draft.aspect {
        Aspect::PropertyAdded(_) => Some(format!("+{step}")),
        Aspect::PropertyRemoved(_) => Some(format!("-{step}")),
        Aspect::Plain(Plain::BecameRequired) => Some(format!("{step} required")),
        Aspect::Plain(Plain::BecameOptional) => Some(format!("{step} optional")),
        Aspect::Plain(_)
        | Aspect::Bound(_, _)
        | Aspect::PropertyRenamed
        | Aspect::PropertiesMoved
        | Aspect::ParameterAdded(_)
        | Aspect::Whole(_) => None,
    }
}

/// Compares what two named schemas say of themselves.
pub(super) fn compare_own_notes(local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    if before.nullable != after.nullable
        && let Some(mut draft) = null_draft((before.nullable, after.nullable), before, true)
    {
        draft.depends_on_use = true;
        local.drafts.push(draft);
    }
    compare_notes(&mut local.drafts, &Said::of(&before.annotations), &Said::of(&after.annotations));
    local.drafts.iter_mut().filter(|draft| is_default(draft)).for_each(|draft| draft.depends_on_use = true);
}

/// Returns whether a difference is about a default.
pub(in crate::drift) fn is_default(draft: &Draft) -> bool {
    matches!(draft.aspect.plain(), Some(Plain::DefaultAdded | Plain::DefaultRemoved | Plain::DefaultChanged))
}

fn null_draft(nullable: (bool, bool), before: &SchemaFacts, is_strict: bool) -> Option<Draft> {
    // Any value includes null.
    if matches!(before.kind, JsonKind::Any | JsonKind::Null) {
        return None;
    }
    Some(if nullable.1 {
        // A union keeps `null` as what it does not know.
        let response = Wire::breaking_if(is_strict && before.kind != JsonKind::Union);
        Draft::new(Plain::BecameNullable, "not nullable", "nullable").levels(Wire::Safe, response)
    } else {
        Draft::new(Plain::BecameNotNullable, "nullable", "not nullable").levels(Wire::Breaking, Wire::Safe)
    })
}

/// What is said to people and clients in one place.
struct Said<'a> {
    description: &'a str,
    default: Option<&'a Value>,
    deprecated: bool,
    read_only: bool,
    write_only: bool,
}

impl<'a> Said<'a> {
    fn of(notes: &'a Annotations) -> Self {
        Self {
            description: &notes.description,
            default: notes.default.as_deref(),
            deprecated: notes.deprecated,
            read_only: notes.read_only,
            write_only: notes.write_only,
        }
    }

    /// Adds what the schema says of itself.
    fn beside(self, inner: &'a Annotations) -> Self {
        Self {
            description: if self.description.is_empty() { &inner.description } else { self.description },
            default: self.default.or(inner.default.as_deref()),
            deprecated: self.deprecated || inner.deprecated,
            read_only: self.read_only || inner.read_only,
            write_only: self.write_only || inner.write_only,
        }
    }
}

fn compare_notes(drafts: &mut Vec<Draft>, before: &Said<'_>, after: &Said<'_>) {
    if before.default != after.default {
        let plain = match (before.default, after.default) {
            (None, _) => Plain::DefaultAdded,
            (Some(_), None) => Plain::DefaultRemoved,
            (Some(_), Some(_)) => Plain::DefaultChanged,
        };
        let show = |value: Option<&Value>| value.cloned().unwrap_or(Value::Null);
        drafts.push(Draft::new(plain, show(before.default), show(after.default)).levels(Wire::Risky, Wire::Safe));
    }
    let flags = [
        (before.deprecated, after.deprecated, Plain::Deprecated, Plain::Reactivated, Wire::Safe),
        (before.read_only, after.read_only, Plain::BecameReadOnly, Plain::BecameNotReadOnly, Wire::Risky),
        (before.write_only, after.write_only, Plain::BecameWriteOnly, Plain::BecameNotWriteOnly, Wire::Safe),
    ];
    for (old, new, set, unset, request) in flags {
        if old != new {
            let (plain, request) = if new { (set, request) } else { (unset, Wire::Safe) };
            drafts.push(Draft::new(plain, old, new).levels(request, Wire::Safe));
        }
    }
    if before.description != after.description {
        drafts.push(Draft::new(Plain::DescriptionChanged, before.description, after.description));
    }
}
