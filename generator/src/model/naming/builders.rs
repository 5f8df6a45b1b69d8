//! Request builders: their names, their associated types, and their setters.

use crate::ir::{
    Api, Argument, BodyPlan, Call, Operation, Parameter, Presence, Property, Resource, Response, Role, Struct, Target,
    Types,
};
use crate::model::RESERVED;
use crate::names::{Lock, RustIdent, Scope};
use crate::profile::Profile;

use super::claims::{Claims, Wanted};
use super::{CLIENT, IMPORTED};

/// Methods that every builder has.
pub(super) const METHODS: &[&str] = &[
    "body",
    "call",
    "clone",
    "core",
    "header",
    "into_future",
    "max_retries",
    "options",
    "query_parameter",
    "retry",
    "send",
    "send_raw",
    "send_stream",
    "send_with_parts",
    "timeout",
    "total_timeout",
];
/// Methods that list builders have.
const PAGINATION_METHODS: &[&str] = &["items", "pages"];
/// Methods of builders that start or poll a run.
const POLLING_METHODS: &[&str] = &["poller", "wait"];

/// Names the builders of each resource, then the items of each builder.
pub(super) fn name_builders(api: &mut Api, profile: &Profile, lock: &Lock, published: &mut Lock) {
    let Api { operations, types, resources, .. } = api;
    for resource in &mut *resources {
        name_types(resource, operations, types, lock, published);
        for call in &mut resource.calls {
            let operation = &operations[call.operation];
            let structure = operation.body.as_ref().and_then(|body| types.structure(&body.ty));
            let structure = structure.filter(|_| call.body == BodyPlan::Spread);
            call.arguments = arguments(operation, call, structure);
            call.setters = setters(operation, call, structure, profile, lock, published);
            let parameters: Vec<String> = optional(operation).map(|(_, parameter)| parameter.wire.0.clone()).collect();
            if structure.is_some() && !parameters.is_empty() {
                published.parameters.insert(operation.key(), parameters);
            }
        }
    }
}

/// Names the builders, the response enums and the error body enums. Those of published operations are named first.
fn name_types(resource: &mut Resource, operations: &[Operation], types: &Types, lock: &Lock, published: &mut Lock) {
    let owner = format!("{} builders", resource.name.as_ref().map_or(CLIENT, RustIdent::as_str));
    let accessor = resource.name.as_ref().map(|_| resource.accessor.clone());
    let fixed: Vec<&str> =
        accessor.iter().map(RustIdent::as_str).chain(RESERVED.iter().chain(IMPORTED).copied()).collect();
    let mut claims = Claims::new(lock, owner, &fixed);
    let is_published = |call: &Call| lock.operations.contains_key(&operations[call.operation].key());
    let (old, new): (Vec<&mut Call>, Vec<&mut Call>) = resource.calls.iter_mut().partition(|call| is_published(call));
    for mut calls in [old, new] {
        let wanted: Vec<Wanted> =
            calls.iter().map(|call| Wanted::new(operations[call.operation].key(), call.builder.clone())).collect();
        for (call, name) in calls.iter_mut().zip(claims.claim(&wanted, published)) {
            call.builder = name;
        }
        for call in calls {
            let operation = &operations[call.operation];
            let mut beside = |suffix: &str| {
                let wanted = Wanted::new(format!("{} {suffix}", operation.key()), call.builder.with_suffix(suffix));
                claims.claim(&[wanted], published).pop()
            };
            if matches!(operation.response, Response::ByStatus(_)) {
                call.response = beside("Response");
            }
            if operation.error_bodies(types).len() > 1 {
                call.error_body = beside("ErrorBody");
            }
        }
    }
}

/// Returns the arguments of the method. Parameters come first and keep their names.
fn arguments(operation: &Operation, call: &Call, structure: Option<&Struct>) -> Vec<Argument> {
    let parameters =
        operation.parameters.iter().enumerate().filter(|(_, parameter)| parameter.presence == Presence::Required);
    let mut arguments: Vec<Argument> = parameters
        .map(|(index, parameter)| Argument { name: parameter.name.clone(), target: Target::Parameter(index) })
        .collect();
    arguments.extend(structure.into_iter().flat_map(|structure| body_arguments(operation, structure)));
    if call.body == BodyPlan::Argument {
        arguments.push(Argument { name: RustIdent::snake("body"), target: Target::Body });
    }
    arguments
}

/// Returns the arguments for properties of the body. Callers do not write their names, so a collision affects nobody.
fn body_arguments(operation: &Operation, structure: &Struct) -> Vec<Argument> {
    let fields: Vec<(usize, &Property)> =
        structure.arguments.iter().filter_map(|index| Some((*index, structure.fields.get(*index)?))).collect();
    let parameters: Vec<&str> = operation.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let clashes = |name: &RustIdent| parameters.contains(&name.as_str());
    let own = fields.iter().map(|(_, field)| &field.name).filter(|name| !clashes(name)).map(RustIdent::as_str);
    let mut scope = Scope::reserving(&parameters.iter().copied().chain(own).collect::<Vec<_>>());
    let name = |field: &Property| match clashes(&field.name) {
        true => scope.claim(RustIdent::snake(&format!("body {}", field.name))),
        false => field.name.clone(),
    };
    let mut name = name;
    fields.into_iter().map(|(index, field)| Argument { name: name(field), target: Target::Property(index) }).collect()
}

/// Returns the setters of a builder.
fn setters(
    operation: &Operation,
    call: &Call,
    structure: Option<&Struct>,
    profile: &Profile,
    lock: &Lock,
    published: &mut Lock,
) -> Vec<Argument> {
    let (mut targets, mut wanted): (Vec<Target>, Vec<Wanted>) = (Vec::new(), Vec::new());
    let is_new = is_new_parameter(operation, lock);
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for (index, parameter) in optional(operation) {
        let name = Wanted::new(format!("parameter {}", parameter.wire), parameter.name.clone());
        let entry = (Target::Parameter(index), name.or(RustIdent::snake(&format!("parameter {}", parameter.name))));
        if is_new(&parameter.wire.0) { new.push(entry) } else { old.push(entry) }
    }
    let properties = structure.into_iter().flat_map(|structure| {
        structure.setters.iter().filter_map(|setter| {
            let field = structure.fields.get(setter.field)?;
            let name = Wanted::new(format!("body {}", field.wire), field.name.clone());
            Some((Target::Property(setter.field), name.or(RustIdent::snake(&format!("body {}", field.name)))))
        })
    });
    for (target, name) in old.into_iter().chain(properties).chain(new) {
        targets.push(target);
        wanted.push(name);
    }
    let fixed = fixed_methods(operation, profile);
    let names = Claims::new(lock, operation.key(), &fixed).claim(&wanted, published);
    let mut setters: Vec<Argument> =
        targets.into_iter().zip(names).map(|(target, name)| Argument { name, target }).collect();
    // The order in which the setters are emitted must not depend on the lock.
    setters.sort_by_key(|setter| setter.target);
    if call.body == BodyPlan::Setter {
        setters.push(Argument { name: RustIdent::snake("body"), target: Target::Body });
    }
    setters
}

/// Returns the parameters that are set by setters of the builder.
fn optional(operation: &Operation) -> impl Iterator<Item = (usize, &Parameter)> {
    operation.parameters.iter().enumerate().filter(|(_, parameter)| parameter.presence != Presence::Required)
}

/// New parameters of a published operation yield their names to the properties of its body.
fn is_new_parameter<'a>(operation: &Operation, lock: &'a Lock) -> impl Fn(&str) -> bool + use<'a> {
    let key = operation.key();
    let known = lock.parameters.get(&key).map(Vec::as_slice).unwrap_or_default();
    let is_published = lock.operations.contains_key(&key);
    move |wire: &str| is_published && !known.iter().any(|known| known == wire)
}

/// Returns the methods that the builder has in any case.
fn fixed_methods<'a>(operation: &Operation, profile: &'a Profile) -> Vec<&'a str> {
    let injected = profile.headers.iter().map(|header| header.setter.as_str());
    let pagination = operation.pagination.iter().flat_map(|_| PAGINATION_METHODS);
    let role = operation.role.iter().filter(|role| !matches!(role, Role::Batch(_)));
    let polling = role.flat_map(|_| POLLING_METHODS);
    METHODS.iter().chain(pagination).chain(polling).copied().chain(injected).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::ir::Api;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    /// Builds a document with one operation that has query parameters and body properties.
    fn document(parameters: &[&str], properties: &[&str]) -> Value {
        let parameters: Vec<Value> = parameters.iter().map(|name| json!({"name": name, "in": "query"})).collect();
        let properties: serde_json::Map<String, Value> =
            properties.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
        let schema = json!({"type": "object", "properties": properties});
        json!({"openapi": "3.0.3", "paths": {"/a": {"post": {
            "operationId": "create",
            "parameters": parameters,
            "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
            "responses": {},
        }}}})
    }

    fn setters(api: &Api) -> Vec<&str> {
        api.calls().flat_map(|(_, call)| &call.setters).map(|setter| setter.name.as_str()).collect()
    }

    #[test]
    fn published_setter_survives_a_new_parameter_or_property_of_its_name() {
        // Each row is an upstream change and uses the lock of the previous row.
        let rows: [(&[&str], &[&str], &[&str]); 5] = [
            (&["page"], &["version"], &["page", "version"]),
            (&["page", "version"], &["version"], &["page", "parameter_version", "version"]),
            (&["page", "version"], &["version", "page"], &["page", "parameter_version", "version", "body_page"]),
            (&["version"], &["page"], &["parameter_version", "body_page"]),
            (&["version", "page"], &["page", "version"], &["parameter_version", "page", "body_page", "version"]),
        ];
        let mut lock = Lock::default();
        for (parameters, properties, expected) in rows {
            let modelled = build(&normalize_document(document(parameters, properties)), &Profile::default(), &lock);
            assert_eq!(setters(&modelled.api), expected, "{parameters:?} {properties:?}");
            lock = Lock::read(&modelled.lock.write()).unwrap();
        }
    }

    #[test]
    fn setter_gives_way_to_the_methods_of_every_builder() {
        let api =
            build(&normalize_document(document(&["timeout"], &["retry"])), &Profile::default(), &Lock::default()).api;
        assert_eq!(setters(&api), ["parameter_timeout", "body_retry"]);
    }

    #[test]
    fn published_method_survives_an_operation_of_its_name() {
        let mut document = document(&[], &["a"]);
        let lock = build(&normalize_document(document.clone()), &Profile::default(), &Lock::default()).lock;
        document["paths"]["/a"]["put"] = json!({"operationId": "create_with", "responses": {}});
        let api = build(&normalize_document(document), &Profile::default(), &lock).api;
        let ids: Vec<String> = api.operations.iter().map(|operation| operation.id()).collect();
        assert_eq!(ids, ["create_with_2", "create"]);
        let with_body = api.calls().find_map(|(_, call)| call.with_body.as_ref());
        assert_eq!(with_body.map(|name| name.as_str()), Some("create_with"));
    }
}
