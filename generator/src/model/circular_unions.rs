//! Unions that are members of each other: reading them would never end. Knows nothing about documents.

use crate::diagnostic::{Code, Diagnostic, Report};

use crate::ir::{Decision, JsonType, Kind, Pattern, Rule, Type, TypeId, Types, Union};

/// The kinds of values that rules distinguish. Integers count as numbers, and a rule for `null` is a rule for any
/// value.
const KINDS: [JsonType; 5] = [JsonType::Boolean, JsonType::Number, JsonType::String, JsonType::Array, JsonType::Object];

/// Breaks every cycle of unions at one place: there, values are not read as the member that leads back. The variant
/// remains, for values that users build themselves.
pub(super) fn cut_circular_unions(types: &mut Types) -> Report {
    let mut cuts: Vec<(TypeId, TypeId)> = Vec::new();
    for kind in KINDS {
        for ring in rings(types, kind) {
            if let Some(Kind::Union(union)) = types.0.get_mut(ring.union.0).map(|def| &mut def.kind) {
                forget(union, ring.variant, kind);
            }
            if !cuts.contains(&(ring.union, ring.member)) {
                cuts.push((ring.union, ring.member));
            }
        }
    }
    let cuts = cuts.into_iter().map(|(union, member)| {
        let (union, member) = (types.get(union), types.get(member));
        let found = format!(
            "`{}` and `{}` are members of each other; what only the second can read is not read as the first",
            union.identity, member.identity
        );
        Diagnostic::new(Code::Untyped, union.origin.clone(), found)
            .expected("unions whose members end at other schemas")
            .help("take one out of the other upstream, or with an overlay action")
    });
    Report { diagnostics: cuts.collect() }
}

/// State of a union during the search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

/// The place where a cycle closes: the variant of a union that leads back to a union already on the path.
struct Ring {
    union: TypeId,
    variant: usize,
    member: TypeId,
}

/// Returns the cycles that reading a value of one kind would enter.
fn rings(types: &Types, kind: JsonType) -> Vec<Ring> {
    let mut marks = vec![Mark::New; types.0.len()];
    let mut found = Vec::new();
    // Sorted by name, so that the order of the document does not decide where a cycle is broken.
    for start in types.by_name() {
        let mut path: Vec<(TypeId, Batch)> = Vec::new();
        path.extend(enter(types, start, kind, &mut marks));
        while let Some((union, members)) = path.last_mut() {
            let union = *union;
            let Some((variant, member)) = members.pop() else {
                marks[union.0] = Mark::Done;
                path.pop();
                continue;
            };
            match marks[member.0] {
                Mark::Open => found.push(Ring { union, variant, member }),
                Mark::New => path.extend(enter(types, member, kind, &mut marks)),
                Mark::Done => {}
            }
        }
    }
    found
}

/// Variants that are unions, in reverse order.
type Batch = Vec<(usize, TypeId)>;

fn enter(types: &Types, id: TypeId, kind: JsonType, marks: &mut [Mark]) -> Option<(TypeId, Batch)> {
    let Kind::Union(union) = &types.get(id).kind else { return None };
    if marks[id.0] != Mark::New {
        return None;
    }
    marks[id.0] = Mark::Open;
    let variants = union.variants.iter().enumerate().rev().filter(|(index, _)| reads(union, *index, kind));
    Some((id, variants.filter_map(|(index, variant)| Some((index, same_value(types, &variant.ty)?))).collect()))
}

/// Returns whether a value of a kind can be read as a variant.
fn reads(union: &Union, variant: usize, kind: JsonType) -> bool {
    let by_rule = |rules: &[Rule]| rules.iter().any(|rule| rule.variant == variant && admits(&rule.pattern, kind));
    match &union.decision {
        Decision::Tagged { cases, aliases, otherwise, unlisted, .. } => {
            let mut tagged = cases.iter().chain(aliases);
            let is_tagged = kind == JsonType::Object && tagged.any(|(_, case)| *case == variant);
            by_rule(otherwise) || by_rule(unlisted) || is_tagged
        }
        Decision::Shaped(rules) => by_rule(rules),
    }
}

/// Returns whether a value of a kind can match a pattern.
fn admits(pattern: &Pattern, kind: JsonType) -> bool {
    match pattern {
        Pattern::Try | Pattern::Json(JsonType::Any) => true,
        Pattern::Json(JsonType::Integer) => kind == JsonType::Number,
        Pattern::Json(json) => *json == kind,
        Pattern::Properties(_) => kind == JsonType::Object,
    }
}

/// Removes the rules and cases that read values of a kind as a variant.
fn forget(union: &mut Union, variant: usize, kind: JsonType) {
    let stays = |rule: &Rule| rule.variant != variant || !admits(&rule.pattern, kind);
    match &mut union.decision {
        Decision::Tagged { cases, aliases, otherwise, unlisted, .. } => {
            cases.retain(|(_, case)| *case != variant || kind != JsonType::Object);
            aliases.retain(|(_, case)| *case != variant || kind != JsonType::Object);
            otherwise.retain(stays);
            unlisted.retain(stays);
        }
        Decision::Shaped(rules) => rules.retain(stays),
    }
}

/// Returns the union that a value of a type is read as in its entirety.
fn same_value(types: &Types, ty: &Type) -> Option<TypeId> {
    let mut ty = ty;
    // Each step follows another alias or wrapper, so there are at most as many steps as types.
    for _ in 0..=types.0.len() {
        match ty {
            Type::Nullable(inner) => ty = inner,
            Type::Named(id) => match &types.get(*id).kind {
                Kind::Alias(inner) | Kind::Wrapper(inner) => ty = inner,
                Kind::Union(_) => return Some(*id),
                Kind::Struct(_) | Kind::Enumeration(_) => return None,
            },
            Type::String
            | Type::Boolean
            | Type::Integer(_)
            | Type::Number
            | Type::Timestamp
            | Type::Binary
            | Type::Any
            | Type::Constant(_)
            | Type::List(_)
            | Type::Tuple(..)
            | Type::Map(_) => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::ir::{Decision, Kind};
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    /// Returns the rules and cases of each union as `Union: variant, variant`.
    fn read_as(schemas: Value) -> (Vec<String>, usize) {
        let document = json!({"openapi": "3.1.0", "components": {"schemas": schemas}});
        let modelled = build(&normalize_document(document), &Profile::default(), &Lock::default());
        let unions = modelled.api.types.0.iter().filter_map(|def| {
            let Kind::Union(union) = &def.kind else { return None };
            let read: Vec<usize> = match &union.decision {
                Decision::Tagged { cases, otherwise, .. } => {
                    cases.iter().map(|(_, variant)| *variant).chain(otherwise.iter().map(|rule| rule.variant)).collect()
                }
                Decision::Shaped(rules) => rules.iter().map(|rule| rule.variant).collect(),
            };
            let names = union.variants.iter().enumerate().filter(|(index, _)| read.contains(index));
            let names: Vec<&str> = names.map(|(_, variant)| variant.name.as_str()).collect();
            Some(format!("{}: {}", def.name, names.join(", ")))
        });
        (unions.collect(), modelled.report.diagnostics.len())
    }

    struct Row {
        what: &'static str,
        schemas: Value,
        expected: Vec<&'static str>,
        warnings: usize,
    }

    #[test]
    fn ring_of_unions_is_cut_once() {
        let a = || json!({"$ref": "#/components/schemas/A"});
        let b = || json!({"$ref": "#/components/schemas/B"});
        let c = || json!({"$ref": "#/components/schemas/C"});
        let object = |name: &str| json!({"type": "object", "required": [name], "properties": {name: {}}});
        let (text, number) = (json!({"type": "string"}), json!({"type": "number"}));
        let rows = [
            Row {
                what: "two",
                schemas: json!({"A": {"oneOf": [b(), object("a")]}, "B": {"anyOf": [a(), object("b")]}}),
                expected: vec!["A: B, Object", "B: Object"],
                warnings: 1,
            },
            Row {
                what: "three, and an annotation on the way",
                schemas: json!({
                    "A": {"oneOf": [b(), object("a")]},
                    "B": {"oneOf": [{"allOf": [c()], "description": "d"}, object("b")]},
                    "C": {"oneOf": [a(), object("c")]},
                }),
                expected: vec!["A: B, Object", "B: C, Object", "C: Object"],
                warnings: 1,
            },
            Row {
                what: "a member of two rings",
                schemas: json!({
                    "A": {"oneOf": [b(), c(), object("a")]},
                    "B": {"oneOf": [a(), object("b")]},
                    "C": {"oneOf": [a(), object("c")]},
                }),
                expected: vec!["A: B, C, Object", "B: Object", "C: Object"],
                warnings: 2,
            },
            Row {
                what: "told by a tag",
                schemas: json!({
                    "A": {"oneOf": [b(), object("a")], "discriminator": {"propertyName": "t"}},
                    "B": {"oneOf": [a(), object("b")], "discriminator": {"propertyName": "t"}},
                }),
                expected: vec!["A: B, Object", "B: Object"],
                warnings: 1,
            },
            Row {
                what: "no ring: no value can be both",
                schemas: json!({"A": {"oneOf": [b(), text]}, "B": {"anyOf": [a(), number]}}),
                expected: vec!["A: B, String", "B: A, Number"],
                warnings: 0,
            },
            Row {
                what: "no ring: something is around the value",
                schemas: json!({"A": {"oneOf": [b(), text]}, "B": {"anyOf": [{"type": "array", "items": a()}, number]}}),
                expected: vec!["A: B, String", "B: List, Number"],
                warnings: 0,
            },
        ];
        for Row { what, schemas, expected, warnings } in rows {
            assert_eq!(read_as(schemas), (expected.into_iter().map(str::to_owned).collect(), warnings), "{what}");
        }
    }
}
