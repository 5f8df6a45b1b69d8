//! Tags that a document declares with `discriminator`: which values choose which member.
//!
//! The keys of `mapping` come first. Names of components are further values, unless the member lists the values of the
//! tag itself.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::ir::{Decision, JsonType, Literal, Pattern, Rule};
use crate::keyword::Keywords;
use crate::names::WireName;
use crate::pointer::Pointer;

use super::all_of::merge;
use super::constants::values_of;
use super::references::resolve;
use super::schema::{Form, classify};
use super::shape_rules::telling_properties;
use super::unions::{Look, Member};

/// Levels of references and unions before a cycle is assumed.
const LIMIT: usize = 8;

/// Returns how the declared tag chooses a member.
pub(super) fn explicit_tag(
    document: &Value,
    schema: &Value,
    members: &[Member],
    looks: &[Vec<Look>],
) -> Option<Decision> {
    let discriminator = schema.keyword("discriminator")?;
    let tag = discriminator.keyword("propertyName")?.as_str()?;
    let mapping = discriminator.keyword("mapping").and_then(Value::as_object);
    let declared: Vec<Declared> = members.iter().map(|member| declared(document, member, tag)).collect();
    let is_plain = declared.iter().any(|member| member.is_plain);
    let literal = |text: &str| {
        let plain = serde_json::from_str(text).ok().as_ref().and_then(Literal::of);
        plain.filter(|plain| is_plain && matches!(plain, Literal::Plain(_))).unwrap_or(Literal::Text(text.to_owned()))
    };
    let mut cases: Vec<(Literal, usize)> = Vec::new();
    let mut aliases: Vec<(Literal, usize)> = Vec::new();
    for (index, member) in declared.iter().enumerate() {
        let mapped: Vec<Literal> = mapped(mapping, member).map(|text| literal(text)).collect();
        let named = member.components.iter().map(|name| literal(name));
        let implied: Vec<Literal> = if member.values.is_empty() { named.collect() } else { member.values.clone() };
        let (written, read) = if mapped.is_empty() { (implied, Vec::new()) } else { (mapped, implied) };
        cases.extend(written.into_iter().map(|value| (value, index)));
        aliases.extend(read.into_iter().map(|value| (value, index)));
    }
    let mut seen = BTreeSet::new();
    cases.retain(|(value, _)| seen.insert(value.text().to_owned()));
    aliases.retain(|(value, _)| seen.insert(value.text().to_owned()));
    if cases.is_empty() {
        return None;
    }
    let mut otherwise = if always_tagged(looks, tag) { Vec::new() } else { telling_properties(looks) };
    let unlisted: Vec<Rule> = default_rule(discriminator, &declared).into_iter().collect();
    otherwise.extend(unlisted.clone());
    Some(Decision::Tagged { tag: WireName(tag.to_owned()), cases, aliases, otherwise, unlisted })
}

/// Returns the rule for objects without a known tag that `defaultMapping` states.
fn default_rule(discriminator: &Value, members: &[Declared]) -> Option<Rule> {
    let target = discriminator.keyword("defaultMapping")?;
    let variant = members.iter().position(|member| refers_to(target, member))?;
    Some(Rule { pattern: Pattern::Json(JsonType::Object), variant })
}

fn always_tagged(looks: &[Vec<Look>], tag: &str) -> bool {
    looks.iter().flatten().all(|look| look.required.iter().any(|(name, _)| name == tag))
}

/// What a member says about the tag.
#[derive(Default)]
struct Declared {
    /// The components that it stands for: itself, or the members of a nested union.
    components: Vec<String>,
    /// The values that it lists for the tag.
    values: Vec<Literal>,
    /// Whether the tag is a number or a boolean.
    is_plain: bool,
}

fn declared(document: &Value, member: &Member, tag: &str) -> Declared {
    let mut found = Declared { components: member.component.iter().cloned().collect(), ..Declared::default() };
    read(document, &member.schema, &member.place, tag, &mut found, LIMIT);
    let mut seen = BTreeSet::new();
    found.values.retain(|value| seen.insert(value.clone()));
    found
}

fn read(document: &Value, schema: &Value, place: &Pointer, tag: &str, found: &mut Declared, limit: usize) {
    let Some(limit) = limit.checked_sub(1) else { return };
    match classify(schema) {
        Form::Reference(reference) => {
            if let Ok(target) = resolve(document, reference, place) {
                read(document, target.value, &target.place, tag, found, limit);
            }
        }
        Form::Merged => {
            if let Ok(merged) = merge(document, schema, place) {
                read(document, &merged, place, tag, found, limit);
            }
        }
        Form::Union(members) => {
            for member in members {
                let component = classify(member).reference().and_then(|reference| reference.rsplit('/').next());
                found.components.extend(component.map(str::to_owned));
                read(document, member, place, tag, found, limit);
            }
        }
        Form::Object => {
            let Some(property) = schema.keyword("properties").and_then(|properties| properties.get(tag)) else {
                return;
            };
            found.values.extend(values_of(document, property, place).iter().filter_map(Literal::of));
            found.is_plain |= is_plain(document, property, place, limit);
        }
        Form::Constant(_)
        | Form::Strings(_)
        | Form::Map(_)
        | Form::List(_)
        | Form::Tuple(..)
        | Form::String(_)
        | Form::Integer(_)
        | Form::Number
        | Form::Boolean
        | Form::Any
        | Form::Mixed(_) => {}
    }
}

/// Returns whether a schema describes numbers or booleans.
fn is_plain(document: &Value, schema: &Value, place: &Pointer, limit: usize) -> bool {
    let Some(limit) = limit.checked_sub(1) else { return false };
    match classify(schema) {
        Form::Reference(reference) => resolve(document, reference, place)
            .is_ok_and(|target| is_plain(document, target.value, &target.place, limit)),
        Form::Merged => merge(document, schema, place).is_ok_and(|merged| is_plain(document, &merged, place, limit)),
        Form::Constant(value) => value.is_number() || value.is_boolean(),
        Form::Integer(_) | Form::Number | Form::Boolean => true,
        Form::Union(_)
        | Form::Strings(_)
        | Form::Object
        | Form::Map(_)
        | Form::List(_)
        | Form::Tuple(..)
        | Form::String(_)
        | Form::Any
        | Form::Mixed(_) => false,
    }
}

fn mapped<'a>(mapping: Option<&'a Map<String, Value>>, member: &Declared) -> impl Iterator<Item = &'a String> {
    let entries = mapping.into_iter().flatten();
    entries.filter(|(_, target)| refers_to(target, member)).map(|(text, _)| text)
}

fn refers_to(target: &Value, member: &Declared) -> bool {
    let name = target.as_str().and_then(|target| target.rsplit('/').next());
    name.is_some_and(|name| member.components.iter().any(|component| component == name))
}
