//! Finds the differences between two documents that are behind the differences between two surfaces.

use std::collections::{HashMap, HashSet};

use crate::contract::{Contract, OperationFacts, RestFacts, SchemaId, SchemaUse};

use super::aspect::{Aspect, Need, Plain, Whole};
use super::finding::{Finding, Key};
use super::rust::{ItemChange, NEEDS};

/// For each finding, the items that it is behind; then the items that none is behind.
pub(super) struct Attributed {
    pub(super) by_finding: Vec<Vec<ItemChange>>,
    pub(super) left: Vec<ItemChange>,
}

/// The two contracts, and which schemas have a counterpart in the other one.
pub(super) struct Sides<'a> {
    pub(super) old: &'a Contract,
    pub(super) new: &'a Contract,
    pub(super) pairs: &'a [(SchemaId, SchemaId)],
}

/// Assigns each change of an item to the findings behind it.
pub(super) fn attribute(findings: &[Finding], changes: Vec<ItemChange>, sides: &Sides<'_>) -> Attributed {
    let index = Index::new(findings, sides);
    let mut attributed = Attributed { by_finding: vec![Vec::new(); findings.len()], left: Vec::new() };
    for change in changes {
        let causes = index.causes(findings, &change, sides);
        if causes.is_empty() {
            attributed.left.push(change);
            continue;
        }
        for cause in causes {
            if let Some(items) = attributed.by_finding.get_mut(cause) {
                items.push(change.clone());
            }
        }
    }
    attributed
}

/// What is behind which part of the documents.
pub(super) struct Index {
    by_key: HashMap<Key, Vec<usize>>,
    /// The parameters of an operation that something is found about.
    parameters: HashMap<String, Vec<Key>>,
    /// The finding with which a schema came or went.
    comes: HashMap<SchemaId, usize>,
    goes: HashMap<SchemaId, usize>,
    /// The first finding that leads to a schema, whether it is new or not.
    direct: HashMap<Key, usize>,
    /// The finding that leads to a schema, through whatever is between, whether it is new or not.
    leads: HashMap<Key, usize>,
    /// Schemas by the counterpart in the other document.
    counterparts: HashMap<SchemaId, Vec<SchemaId>>,
}

impl Index {
    pub(super) fn new(findings: &[Finding], sides: &Sides<'_>) -> Self {
        let mut by_key: HashMap<Key, Vec<usize>> = HashMap::new();
        for (index, finding) in findings.iter().enumerate() {
            for key in &finding.keys {
                by_key.entry(key.clone()).or_default().push(index);
            }
        }
        let mut parameters: HashMap<String, Vec<Key>> = HashMap::new();
        for key in by_key.keys() {
            if let Key::Parameter(operation, _) = key {
                parameters.entry(operation.clone()).or_default().push(key.clone());
            }
        }
        let (old, new): (HashSet<SchemaId>, HashSet<SchemaId>) = sides.pairs.iter().copied().unzip();
        let mut order: Vec<usize> = (0..findings.len()).collect();
        // What is named in its own right is behind the schemas that nothing else is behind.
        order.sort_by_key(|index| findings.get(*index).map(|finding| rank(finding.aspect)));
        let comes = starts(&order, findings, sides.new, |finding| (finding.comes, &finding.brings), "new");
        let goes = starts(&order, findings, sides.old, |finding| (finding.goes, &finding.takes), "old");
        let mut direct = HashMap::new();
        for (id, index) in &comes {
            direct.entry(Key::NewSchema(*id)).or_insert(*index);
        }
        for (id, index) in &goes {
            direct.entry(Key::OldSchema(*id)).or_insert(*index);
        }
        let mut counterparts: HashMap<SchemaId, Vec<SchemaId>> = HashMap::new();
        for (one, other) in sides.pairs {
            counterparts.entry(*one).or_default().push(*other);
        }
        let none = HashSet::new();
        let mut leads: HashMap<Key, usize> = HashMap::new();
        for (id, index) in spread(goes.clone(), sides.old, &none) {
            leads.insert(Key::OldSchema(id), index);
        }
        for (id, index) in spread(comes.clone(), sides.new, &none) {
            leads.insert(Key::NewSchema(id), index);
        }
        Self {
            leads,
            by_key,
            parameters,
            comes: spread(comes, sides.new, &new),
            goes: spread(goes, sides.old, &old),
            direct,
            counterparts,
        }
    }

    /// Returns the finding with which a schema came.
    pub(super) fn came_with(&self, schema: Option<SchemaId>) -> Option<usize> {
        self.comes.get(&schema?).copied()
    }

    /// Returns the finding with which a schema went.
    pub(super) fn went_with(&self, schema: Option<SchemaId>) -> Option<usize> {
        self.goes.get(&schema?).copied()
    }

    /// Returns the findings behind a change of an item.
    fn causes(&self, findings: &[Finding], change: &ItemChange, sides: &Sides<'_>) -> Vec<usize> {
        // A variant or a conversion comes and goes with what it holds; a field is a property in its own right.
        let is_schema = |key: &Key| matches!(key, Key::OldSchema(_) | Key::NewSchema(_));
        let is_member = change.keys.iter().all(is_schema) && (change.before.is_none() || change.after.is_none());
        let steps: [&dyn Fn() -> Vec<usize>; 12] = [
            &|| if is_member { self.all_travel(&change.mentions) } else { Vec::new() },
            &|| self.exact(findings, change),
            &|| self.of_members(change),
            &|| self.all_travel(&change.keys),
            &|| self.around(&change.keys, findings, change, sides),
            &|| self.mentioned(findings, change),
            &|| change.keys.iter().filter_map(|key| self.leads_to(key)).take(1).collect(),
            // A type that it names may be none any more.
            &|| self.around(&change.mentions, findings, change, sides),
            // What came may be behind what is gone: an implementation, or a conversion that is not certain any more.
            &|| {
                let either = ItemChange { before: Some(String::new()), after: Some(String::new()), ..change.clone() };
                self.around(&change.keys, findings, &either, sides)
            },
            &|| self.around(&change.around, findings, change, sides),
            &|| findings.iter().position(|finding| surrounds(finding, change)).into_iter().collect(),
            // A type is brought by the features of what leads to it, or led to it.
            &|| {
                let leads = || change.keys.iter().rev().find_map(|key| self.leads.get(key)).copied();
                let any = || findings.iter().position(|finding| is_aspect_behind(finding.aspect, false, true));
                change.path.ends_with(NEEDS).then(|| leads().or_else(any)).flatten().into_iter().collect()
            },
        ];
        let mut found = steps.iter().map(|step| step()).find(|found| !found.is_empty()).unwrap_or_default();
        found.sort_unstable();
        found.dedup();
        found
    }

    fn around(&self, keys: &[Key], findings: &[Finding], change: &ItemChange, sides: &Sides<'_>) -> Vec<usize> {
        let around = keys.iter().flat_map(|key| self.near(key, sides));
        around.filter(|index| is_behind(findings, *index, change)).collect()
    }

    fn exact(&self, findings: &[Finding], change: &ItemChange) -> Vec<usize> {
        let all = change.keys.iter().filter_map(|key| self.by_key.get(key)).flatten().copied();
        all.filter(|index| is_behind(findings, *index, change)).collect()
    }

    /// Returns the findings about members of a union that came or went: the others may have more or less in common.
    fn of_members(&self, change: &ItemChange) -> Vec<usize> {
        let is_common = |key: &&Key| matches!(key, Key::OldCommon(_) | Key::NewCommon(_));
        change.keys.iter().filter(is_common).filter_map(|key| self.by_key.get(key)).flatten().copied().collect()
    }

    fn all_travel(&self, keys: &[Key]) -> Vec<usize> {
        keys.iter().filter_map(|key| self.travels_with(key)).collect()
    }

    /// Returns the findings about the types that an item names and did not name before.
    fn mentioned(&self, findings: &[Finding], change: &ItemChange) -> Vec<usize> {
        let about = |key: &Key, finding: &Finding| match key {
            Key::NewSchema(id) => finding.comes == Some(*id),
            Key::OldSchema(id) => finding.goes == Some(*id),
            Key::OldProperty(_, _)
            | Key::NewProperty(_, _)
            | Key::OldCommon(_)
            | Key::NewCommon(_)
            | Key::Operation(_)
            | Key::Parameter(_, _)
            | Key::Body(_)
            | Key::Response(_)
            | Key::Webhook(_) => false,
        };
        let found = findings.iter().enumerate().filter(|(index, finding)| {
            is_behind(findings, *index, change) && change.mentions.iter().any(|key| about(key, finding))
        });
        found.map(|(index, _)| index).collect()
    }

    /// Returns the first finding that leads to a part, whether it is new or not.
    fn leads_to(&self, key: &Key) -> Option<usize> {
        let schema = match key {
            Key::OldProperty(id, _) => Key::OldSchema(*id),
            Key::NewProperty(id, _) => Key::NewSchema(*id),
            Key::OldSchema(_)
            | Key::NewSchema(_)
            | Key::OldCommon(_)
            | Key::NewCommon(_)
            | Key::Operation(_)
            | Key::Parameter(_, _)
            | Key::Body(_)
            | Key::Response(_)
            | Key::Webhook(_) => key.clone(),
        };
        self.direct.get(&schema).copied()
    }

    /// Returns the finding with which a part came or went.
    fn travels_with(&self, key: &Key) -> Option<usize> {
        match key {
            Key::NewSchema(id) | Key::NewProperty(id, _) => self.comes.get(id).copied(),
            Key::OldSchema(id) | Key::OldProperty(id, _) => self.goes.get(id).copied(),
            Key::OldCommon(_)
            | Key::NewCommon(_)
            | Key::Operation(_)
            | Key::Parameter(_, _)
            | Key::Body(_)
            | Key::Response(_)
            | Key::Webhook(_) => None,
        }
    }

    /// Returns the findings about what a part contains, and about what contains it.
    fn near(&self, key: &Key, sides: &Sides<'_>) -> Vec<usize> {
        let value = |contract: &Contract, id: SchemaId, name: &str| {
            contract.schema(id).properties.get(name).map(|property| property.value.schema)
        };
        let keys: Vec<Key> = match key {
            Key::OldProperty(id, name) => {
                let inner = value(sides.old, *id, name).into_iter();
                inner.map(Key::OldSchema).chain([Key::OldSchema(*id)]).collect()
            }
            Key::NewProperty(id, name) => {
                let inner = value(sides.new, *id, name).into_iter();
                inner.map(Key::NewSchema).chain([Key::NewSchema(*id)]).collect()
            }
            Key::OldSchema(id) => {
                let others = self.counterparts.get(id).into_iter().flatten().map(|other| Key::NewSchema(*other));
                others.chain(parts_within(sides.old, *id, (Key::OldSchema, Key::OldProperty))).collect()
            }
            Key::NewSchema(id) => parts_within(sides.new, *id, (Key::NewSchema, Key::NewProperty)).collect(),
            Key::Operation(operation) => {
                let parameters = self.parameters.get(operation).into_iter().flatten().cloned();
                [Key::Body(operation.clone()), Key::Response(operation.clone())].into_iter().chain(parameters).collect()
            }
            Key::Body(key) | Key::Response(key) => {
                let within = |id| parts_within(sides.new, id, (Key::NewSchema, Key::NewProperty));
                whole_schemas(sides.new, key)
                    .flat_map(|id| std::iter::once(Key::NewSchema(id)).chain(within(id)))
                    .collect()
            }
            Key::OldCommon(_) | Key::NewCommon(_) | Key::Parameter(_, _) | Key::Webhook(_) => Vec::new(),
        };
        keys.iter().filter_map(|key| self.by_key.get(key)).flatten().copied().collect()
    }
}

/// Makes the key of a schema of one of the documents.
type SchemaKey = fn(SchemaId) -> Key;

/// Makes the key of a property of a schema of one of the documents.
type PropertyKey = fn(SchemaId, String) -> Key;

/// Returns the properties of a schema and of the members of a union, and what else it consists of.
fn parts_within(
    contract: &Contract,
    id: SchemaId,
    (schema, property): (SchemaKey, PropertyKey),
) -> impl Iterator<Item = Key> + use<'_> {
    let facts = contract.schema(id);
    let members = facts.unions.iter().flat_map(|union| &union.members).map(|member| member.schema);
    let of = move |id: SchemaId| contract.schema(id).properties.keys().map(move |name| property(id, name.clone()));
    let named: HashSet<SchemaId> = facts.properties.values().map(|property| property.value.schema).collect();
    let rest = parts_of(contract, id).map(|part| part.schema).filter(move |id| !named.contains(id));
    std::iter::once(id).chain(members).flat_map(of).chain(rest.map(schema))
}

/// Returns the schemas of the bodies and responses of an operation.
fn whole_schemas<'c>(contract: &'c Contract, key: &str) -> impl Iterator<Item = SchemaId> + use<'c> {
    let operation = contract.operations.iter().find(|operation| operation.key() == key);
    operation.into_iter().flat_map(OperationFacts::whole_parts).map(|part| part.schema)
}

/// Returns whether a finding is about servers or security, and an item is how a client is given them.
fn surrounds(finding: &Finding, change: &ItemChange) -> bool {
    let is_one_of = |wholes: &[Whole]| finding.aspect.whole().is_some_and(|whole| wholes.contains(&whole));
    (change.path.starts_with("environments::")
        && is_one_of(&[Whole::ServerAdded, Whole::ServerRemoved, Whole::DefaultServerChanged]))
        || (change.path.contains("ClientBuilder::")
            && is_one_of(&[
                Whole::SecurityAdded,
                Whole::SecurityRemoved,
                Whole::SecuritySchemeAdded,
                Whole::SecuritySchemeRemoved,
            ]))
}

/// Returns the first finding with which each schema comes or goes.
fn starts(
    order: &[usize],
    findings: &[Finding],
    contract: &Contract,
    start: impl Fn(&Finding) -> (Option<SchemaId>, &Vec<SchemaId>),
    side: &str,
) -> Vec<(SchemaId, usize)> {
    let operations: HashMap<String, &OperationFacts> =
        contract.operations.iter().map(|operation| (operation.key(), operation)).collect();
    let mut found = Vec::new();
    for index in order {
        let Some(finding) = findings.get(*index) else { continue };
        let (own, parts) = start(finding);
        found.extend(own.iter().chain(parts).map(|id| (*id, *index)));
        let key = match (finding.aspect, side) {
            (Aspect::Whole(Whole::EndpointAdded), "new") => finding.after.as_str(),
            (Aspect::Whole(Whole::EndpointRemoved | Whole::DeprecatedEndpointRemoved), "old") => {
                finding.before.as_str()
            }
            _ => None,
        };
        let Some(operation) = key.and_then(|key| operations.get(key)) else { continue };
        let parts = operation.parameters.iter().map(|parameter| &parameter.value);
        found.extend(parts.chain(operation.whole_parts()).map(|part| (part.schema, *index)));
    }
    found
}

/// Returns the finding behind each schema that has no counterpart: the first from which it can be reached.
fn spread(starts: Vec<(SchemaId, usize)>, contract: &Contract, paired: &HashSet<SchemaId>) -> HashMap<SchemaId, usize> {
    let mut found: HashMap<SchemaId, usize> = HashMap::new();
    for (start, finding) in starts {
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            if paired.contains(&id) || found.contains_key(&id) {
                continue;
            }
            found.insert(id, finding);
            open.extend(parts_of(contract, id).map(|part| part.schema));
        }
    }
    found
}

/// Returns the schemas that a schema consists of.
fn parts_of(contract: &Contract, id: SchemaId) -> impl Iterator<Item = &SchemaUse> {
    let schema = contract.schema(id);
    let rest = match &schema.rest {
        RestFacts::Typed(part) => Some(&**part),
        RestFacts::Unstated | RestFacts::Open | RestFacts::Closed => None,
    };
    let members = schema.unions.iter().flat_map(|union| &union.members);
    let properties = schema.properties.values().map(|property| &property.value);
    properties.chain(rest).chain(schema.items.as_deref()).chain(&schema.positions).chain(members)
}

/// Returns the order in which findings are asked for the schemas that came or went with them.
fn rank(aspect: Aspect) -> u8 {
    let whole = aspect.whole();
    if matches!(whole, Some(Whole::EndpointAdded | Whole::EndpointRemoved | Whole::DeprecatedEndpointRemoved)) {
        0
    } else if matches!(whole, Some(Whole::SchemaAdded | Whole::SchemaRemoved)) {
        2
    } else {
        1
    }
}

/// Returns whether a finding can be the reason of a change in Rust, and of this one rather than the opposite.
fn is_behind(findings: &[Finding], index: usize, change: &ItemChange) -> bool {
    let Some(finding) = findings.get(index) else { return false };
    is_aspect_behind(finding.aspect, change.before.is_none(), change.after.is_none())
}

/// Returns whether a change of a schema can change types in Rust.
pub(super) fn may_change_types(aspect: Aspect) -> bool {
    is_aspect_behind(aspect, false, false)
}

fn is_aspect_behind(aspect: Aspect, came: bool, went: bool) -> bool {
    match aspect {
        Aspect::Plain(plain) => match plain {
            Plain::EnumValueAdded | Plain::OneOfAdded | Plain::PrefixItemsAdded => !went,
            Plain::EnumValueRemoved | Plain::OneOfRemoved | Plain::PrefixItemsRemoved => !came,
            Plain::BecameRequired
            | Plain::BecameOptional
            | Plain::BecameNullable
            | Plain::BecameNotNullable
            | Plain::TypeChanged
            | Plain::TypeGeneralized
            | Plain::TypeSpecialized
            | Plain::SchemaReplaced
            | Plain::SchemaNamed
            | Plain::BecameEnum
            | Plain::EnumRemoved
            | Plain::ConstChanged
            | Plain::DiscriminatorAdded
            | Plain::DiscriminatorRemoved
            | Plain::DiscriminatorRenamed
            | Plain::FormatChanged
            | Plain::AdditionalPropertiesNarrowed
            | Plain::AdditionalPropertiesWidened
            | Plain::PrefixItemsChanged => true,
            Plain::PatternAdded
            | Plain::PatternRemoved
            | Plain::PatternChanged
            | Plain::DefaultAdded
            | Plain::DefaultRemoved
            | Plain::DefaultChanged
            | Plain::Deprecated
            | Plain::Reactivated
            | Plain::BecameReadOnly
            | Plain::BecameNotReadOnly
            | Plain::BecameWriteOnly
            | Plain::BecameNotWriteOnly
            | Plain::KeywordChanged
            | Plain::DescriptionChanged => false,
        },
        Aspect::Bound(_, _) => false,
        // Nothing polls an operation any more that has to be given more than the ID of a run.
        Aspect::ParameterAdded(Need::Required) => true,
        Aspect::PropertyAdded(_) | Aspect::ParameterAdded(Need::Optional) => !went,
        Aspect::PropertyRemoved(_) => !came,
        Aspect::PropertyRenamed | Aspect::PropertiesMoved => true,
        Aspect::Whole(whole) => is_whole_behind(whole, came, went),
    }
}

fn is_whole_behind(whole: Whole, came: bool, went: bool) -> bool {
    match whole {
        Whole::EndpointAdded | Whole::WebhookAdded | Whole::SchemaAdded => !went,
        Whole::EndpointRemoved | Whole::DeprecatedEndpointRemoved | Whole::WebhookRemoved | Whole::SchemaRemoved => {
            !came
        }
        Whole::EndpointDeprecated
        | Whole::EndpointReactivated
        | Whole::OperationDescriptionChanged
        | Whole::WebhookDescriptionChanged
        | Whole::PathParameterRenamed
        | Whole::ServerAdded
        | Whole::ServerRemoved
        | Whole::DefaultServerChanged
        | Whole::SecurityAdded
        | Whole::SecuritySchemeAdded
        | Whole::SecuritySchemeRemoved
        | Whole::SecurityRemoved
        | Whole::RustItemAdded
        | Whole::RustItemRemoved
        | Whole::RustItemChanged => false,
        Whole::EndpointMoved
        | Whole::OperationIdChanged
        | Whole::TagChanged
        | Whole::ParameterRemoved
        | Whole::ParameterRenamed
        | Whole::SuccessStatusChanged
        | Whole::WebhookRenamed
        | Whole::ParameterStyleChanged
        | Whole::RequiredBodyAdded
        | Whole::OptionalBodyAdded
        | Whole::BodyRemoved
        | Whole::BodyMediaTypeAdded
        | Whole::BodyMediaTypeRemoved
        | Whole::ResponseMediaTypeAdded
        | Whole::ResponseMediaTypeRemoved
        | Whole::SuccessStatusAdded
        | Whole::SuccessStatusRemoved
        | Whole::ErrorStatusAdded
        | Whole::ErrorStatusRemoved
        | Whole::ResponseHeaderAdded
        | Whole::RequiredHeaderRemoved
        | Whole::OptionalHeaderRemoved
        | Whole::SchemaRenamed => true,
    }
}
