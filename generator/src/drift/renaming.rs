//! Names of the document that may take over from published ones: what a maintainer accepts by the fingerprint of the change.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::contract::SchemaId;
use crate::ir::{Kind, TypeDef};
use crate::names::{Renaming, RustIdent};

use super::Revision;
use super::aspect::{Aspect, Plain, Whole};
use super::finding::{Finding, Key};

/// A published name that stays, or one that is gone without an alias, until a maintainer says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptName {
    /// The fingerprint of the change.
    pub fingerprint: String,
    /// The change in one sentence.
    pub message: String,
    /// What takes over.
    pub renaming: Renaming,
}

/// Returns the names that may take over. `describe` returns the fingerprint and the message of a change.
pub(super) fn kept_names(
    findings: &[Finding],
    base: &Revision,
    head: &Revision,
    describe: impl Fn(&Finding) -> (String, String),
) -> Vec<KeptName> {
    let renamings = Renamings::new(findings, base, head);
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    for finding in findings {
        let Some(renaming) = renamings.of(finding) else { continue };
        let (fingerprint, message) = describe(finding);
        if seen.insert(fingerprint.clone()) {
            kept.push(KeptName { fingerprint, message, renaming });
        }
    }
    kept
}

struct Renamings<'a> {
    head: &'a Revision,
    /// Types by the schema that they are made of.
    old: HashMap<SchemaId, &'a TypeDef>,
    new: HashMap<SchemaId, &'a TypeDef>,
    /// The values that enumerations have more.
    added: HashMap<SchemaId, Vec<String>>,
}

impl<'a> Renamings<'a> {
    fn new(findings: &[Finding], base: &'a Revision, head: &'a Revision) -> Self {
        let mut added = HashMap::new();
        for finding in findings.iter().filter(|finding| finding.aspect.plain() == Some(Plain::EnumValueAdded)) {
            if let Some(Key::NewSchema(id)) = finding.keys.get(1) {
                added.insert(*id, texts(&finding.after));
            }
        }
        Self { head, old: types_by_schema(base), new: types_by_schema(head), added }
    }

    fn of(&self, finding: &Finding) -> Option<Renaming> {
        match finding.aspect {
            Aspect::Whole(Whole::SchemaRenamed) => Some(Renaming::Type { schema: finding.after.as_str()?.to_owned() }),
            Aspect::Whole(Whole::OperationIdChanged | Whole::TagChanged | Whole::EndpointMoved) => {
                let key = &finding.target;
                let name = self.head.client.suggested.get(key)?.clone();
                Some(Renaming::Operation { key: key.clone(), name })
            }
            Aspect::Whole(Whole::ParameterRenamed) => self.of_parameter(finding),
            Aspect::PropertyRenamed => self.of_property(finding),
            Aspect::Plain(Plain::EnumValueRemoved) => self.of_value(finding),
            Aspect::Whole(_)
            | Aspect::Plain(_)
            | Aspect::Bound(_, _)
            | Aspect::PropertyAdded(_)
            | Aspect::PropertyRemoved(_)
            | Aspect::PropertiesMoved
            | Aspect::ParameterAdded(_) => None,
        }
    }

    fn of_parameter(&self, finding: &Finding) -> Option<Renaming> {
        let [Key::Parameter(operation, new), Key::Parameter(_, old)] = finding.keys.as_slice() else { return None };
        let names = (RustIdent::snake(old).to_string(), RustIdent::snake(new).to_string());
        let scope = format!("{operation} parameters");
        Some(Renaming::Member { scope, key: new.clone(), old: names.0, new: names.1 })
    }

    fn of_property(&self, finding: &Finding) -> Option<Renaming> {
        let [Key::OldProperty(before, old), Key::NewProperty(after, new), ..] = finding.keys.as_slice() else {
            return None;
        };
        let field = |def: &TypeDef, wire: &str| match &def.kind {
            Kind::Struct(structure) => {
                structure.fields.iter().find(|field| field.wire.0 == wire).map(|field| field.name.to_string())
            }
            Kind::Enumeration(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        };
        let (before, after) = (self.old.get(before)?, self.new.get(after)?);
        let scope = format!("{} fields", after.identity);
        let (old, name) = (field(before, old)?, field(after, new)?);
        (old != name).then(|| Renaming::Member { scope, key: new.clone(), old, new: name })
    }

    /// One value that is gone beside one that is new: the maintainer knows whether they mean the same.
    fn of_value(&self, finding: &Finding) -> Option<Renaming> {
        let [Key::OldSchema(before), Key::NewSchema(after), ..] = finding.keys.as_slice() else { return None };
        let removed = texts(&finding.before);
        let ([old], [new]) = (removed.as_slice(), self.added.get(after)?.as_slice()) else { return None };
        let value = |def: &TypeDef, wire: &str| match &def.kind {
            Kind::Enumeration(known) => {
                known.values.iter().find(|value| value.wire == wire).map(|value| value.name.to_string())
            }
            Kind::Struct(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        };
        let (before, after) = (self.old.get(before)?, self.new.get(after)?);
        let (old, name) = (value(before, old)?, value(after, new)?);
        let scope = format!("{} values", after.identity);
        (old != name).then(|| Renaming::Member { scope, key: new.clone(), old, new: name })
    }
}

fn texts(values: &Value) -> Vec<String> {
    values.as_array().into_iter().flatten().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

fn types_by_schema(revision: &Revision) -> HashMap<SchemaId, &TypeDef> {
    let defs = revision.client.api.types.0.iter();
    defs.filter_map(|def| Some((revision.contract.at(&def.origin.to_string())?, def))).collect()
}
