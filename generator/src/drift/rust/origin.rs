//! The parts of a document that each public item of its client is made of.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::contract::{Contract, RestFacts, SchemaId};
use crate::ir::{
    Api, Argument, Call, Kind, Operation, PropertyPath, Resource, Response, Role, RunProperty, Struct, Target, Type,
    TypeDef, TypeId,
};
use crate::names::RustIdent;

use super::super::finding::Key;

/// Which of the two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::drift) enum Age {
    /// The old one.
    Old,
    /// The new one.
    New,
}

/// The parts of a document behind the items of its client.
#[derive(Debug, Default)]
pub(in crate::drift) struct Origins {
    /// By the path of an item, or of an item and its member.
    parts: HashMap<String, Vec<Key>>,
    /// By the path of a function and the name of its argument.
    arguments: HashMap<(String, String), Key>,
    /// Schemas by the name of their type.
    schemas: HashMap<String, SchemaId>,
}

/// Returns the key of the name of an item that is called after another part than it is made of.
pub(super) fn name_of(path: &str) -> String {
    format!("{path} name")
}

/// Returns the names of the types of a client by their schema.
pub(in crate::drift) fn type_names<'a>(api: &'a Api, contract: &Contract) -> BTreeMap<SchemaId, &'a RustIdent> {
    let mut names = BTreeMap::new();
    for def in api.types.0.iter().filter(|def| !matches!(def.kind, Kind::Alias(_))) {
        if let Some(schema) = contract.at(&def.origin.to_string()) {
            names.entry(schema).or_insert(&def.name);
        }
    }
    names
}

impl Origins {
    /// Returns the origins of the items of a client, except those that are what they were. `keys` are the keys of operations in
    /// the new document.
    pub(in crate::drift) fn new(
        (api, contract): (&Api, &Contract),
        age: Age,
        keys: &HashMap<String, String>,
        unchanged: &HashSet<&str>,
    ) -> Self {
        let schemas = api.types.0.iter().map(|def| contract.at(&def.origin.to_string())).collect();
        let mut reader = Reader { api, contract, age, keys, unchanged, schemas, origins: Self::default() };
        reader.read_types();
        reader.read_resources();
        reader.read_rest();
        reader.origins
    }

    /// Returns the parts behind an item or a member.
    pub(super) fn parts(&self, path: &str) -> &[Key] {
        self.parts.get(path).map_or(&[], Vec::as_slice)
    }

    /// Returns the parts behind a member, else those behind its item.
    pub(super) fn parts_of_member(&self, item: &str, member: &str) -> &[Key] {
        self.parts.get(member).or_else(|| self.parts.get(item)).map_or(&[], Vec::as_slice)
    }

    /// Returns the schema of a type.
    pub(super) fn schema_named(&self, name: &str) -> Option<SchemaId> {
        self.schemas.get(name).copied()
    }

    /// Returns the part behind an argument.
    pub(super) fn argument(&self, function: &str, name: &str) -> Option<&Key> {
        self.arguments.get(&(function.to_owned(), name.trim_start_matches("r#").to_owned()))
    }
}

struct Reader<'a> {
    api: &'a Api,
    contract: &'a Contract,
    age: Age,
    keys: &'a HashMap<String, String>,
    /// Paths of items that nothing is said about.
    unchanged: &'a HashSet<&'a str>,
    /// The schema of each type.
    schemas: Vec<Option<SchemaId>>,
    origins: Origins,
}

impl<'a> Reader<'a> {
    fn add(&mut self, path: String, key: Key) {
        self.origins.parts.entry(path).or_default().push(key);
    }

    fn schema(&self, id: SchemaId) -> Key {
        match self.age {
            Age::Old => Key::OldSchema(id),
            Age::New => Key::NewSchema(id),
        }
    }

    /// Returns what all members of a union have in common.
    fn common(&self, id: SchemaId) -> Key {
        match self.age {
            Age::Old => Key::OldCommon(id),
            Age::New => Key::NewCommon(id),
        }
    }

    fn property(&self, id: SchemaId, name: &str) -> Key {
        match self.age {
            Age::Old => Key::OldProperty(id, name.to_owned()),
            Age::New => Key::NewProperty(id, name.to_owned()),
        }
    }

    fn schema_of(&self, id: TypeId) -> Option<SchemaId> {
        self.schemas.get(id.0).copied().flatten()
    }

    fn read_types(&mut self) {
        for id in self.api.types.ids() {
            let def = self.api.types.get(id);
            let Some(schema) = self.schema_of(id) else { continue };
            let path = format!("types::{}", def.name);
            self.origins.schemas.entry(def.name.to_string()).or_insert(schema);
            if !self.unchanged.contains(path.as_str()) {
                self.add(path.clone(), self.schema(schema));
                for identity in &def.other_identities {
                    if let Some(part) = self.contract.components.get(identity) {
                        self.add(path.clone(), self.schema(part.schema));
                    }
                }
                self.read_members(def, schema, &path);
            }
            if let Kind::Struct(structure) = &def.kind {
                self.link_fields(structure, schema);
            }
        }
    }

    fn read_members(&mut self, def: &TypeDef, schema: SchemaId, path: &str) {
        match &def.kind {
            Kind::Struct(structure) => self.read_struct(structure, schema, path),
            Kind::Union(union) => {
                for accessor in &union.accessors {
                    self.add(format!("{path}::{}", accessor.name), self.common(schema));
                }
                for variant in &union.variants {
                    let payload = variant.ty.named().and_then(|id| self.schema_of(id));
                    self.add(format!("{path}::{}", variant.name), self.schema(schema));
                    if let Some(payload) = payload {
                        for accessor in &union.accessors {
                            let key = self.property(payload, &accessor.wire.0);
                            self.add(format!("{path}::{}", accessor.name), key);
                        }
                    }
                }
            }
            Kind::Enumeration(_) | Kind::Alias(_) | Kind::Wrapper(_) => {}
        }
    }

    fn read_struct(&mut self, structure: &Struct, schema: SchemaId, path: &str) {
        let new = format!("{path}::new");
        for (index, field) in structure.fields.iter().enumerate() {
            let key = self.property(schema, &field.wire.0);
            self.add(format!("{path}::{}", field.name), key.clone());
            for setter in structure.setters.iter().filter(|setter| setter.field == index) {
                for name in std::iter::once(&setter.name).chain(&setter.null) {
                    self.add(format!("{path}::{name}"), key.clone());
                }
            }
            if structure.arguments.contains(&index) {
                self.origins.arguments.insert((new.clone(), field.name.to_string()), key);
            }
        }
    }

    /// Notes the schemas of the properties of a struct as those behind the types of its fields.
    fn link_fields(&mut self, structure: &Struct, schema: SchemaId) {
        let contract = self.contract;
        let properties = &contract.schema(schema).properties;
        for field in &structure.fields {
            if let Some(property) = properties.get(&field.wire.0) {
                self.link(&field.ty, property.value.schema);
            }
        }
    }

    /// Notes a schema as one of those behind the type of a field: several schemas may be one type.
    fn link(&mut self, ty: &Type, schema: SchemaId) {
        let facts = self.contract.schema(schema);
        let inner = match (ty, &facts.rest) {
            (Type::Named(id), _) => {
                if facts.name.is_some() {
                    return;
                }
                let path = format!("types::{}", self.api.types.get(*id).name);
                if self.unchanged.contains(path.as_str()) {
                    return;
                }
                let key = self.schema(schema);
                let known = self.origins.parts.entry(path).or_default();
                if !known.contains(&key) {
                    known.push(key);
                }
                return;
            }
            (Type::Nullable(inner), _) => return self.link(inner, schema),
            (Type::List(inner), _) => facts.items.as_ref().map(|items| (inner, items.schema)),
            (Type::Map(inner), RestFacts::Typed(value)) => Some((inner, value.schema)),
            (
                Type::Map(_)
                | Type::Tuple(..)
                | Type::String
                | Type::Boolean
                | Type::Integer(_)
                | Type::Number
                | Type::Timestamp
                | Type::Binary
                | Type::Any
                | Type::Constant(_),
                _,
            ) => None,
        };
        if let Some((ty, schema)) = inner {
            self.link(ty, schema);
        }
    }

    fn key(&self, operation: &Operation) -> String {
        let key = operation.key();
        self.keys.get(&key).cloned().unwrap_or(key)
    }

    fn read_resources(&mut self) {
        for resource in &self.api.resources {
            let module = format!("resources::{}", resource.module);
            let accessor = match resource.name {
                Some(_) => format!("{module}::{}", resource.accessor),
                None => resource.accessor.to_string(),
            };
            for call in &resource.calls {
                let Some(operation) = self.api.operations.get(call.operation) else { continue };
                self.read_call((resource, &module, &accessor), call, operation);
            }
        }
    }

    fn read_call(&mut self, (resource, module, accessor): (&Resource, &str, &str), call: &Call, operation: &Operation) {
        let key = self.key(operation);
        let whole = Key::Operation(key.clone());
        let builder = format!("{module}::{}", call.builder);
        self.add(builder.clone(), whole.clone());
        self.add(format!("{builder} ->"), Key::Response(key.clone()));
        for name in [&call.response, &call.error_body].into_iter().flatten() {
            self.add(format!("{module}::{name}"), Key::Response(key.clone()));
            self.add(name_of(&format!("{module}::{name}")), whole.clone());
        }
        if let Response::Json(ty) = &operation.response
            && ty.named().is_none()
            && let Some(fixture) = self.api.fixture(ty)
        {
            self.add(format!("testing::fixtures::{}", fixture.name), Key::Response(key.clone()));
        }
        for path in self.resource_paths(resource, module, accessor) {
            self.add(path, whole.clone());
        }
        if !self.unchanged.contains(builder.as_str()) {
            self.read_builder((&key, &builder), call, operation);
        }
        let blocking = resource.name.is_none().then(|| format!("blocking::{accessor}"));
        for accessor in std::iter::once(accessor).chain(blocking.as_deref()) {
            if !self.unchanged.contains(accessor) {
                self.read_methods((&key, accessor), call, operation);
            }
        }
        let mock = match &resource.mock {
            Some(mock) => format!("testing::mocks::{}::{}", mock.accessor, call.mock),
            None => format!("testing::MockServer::{}", call.mock),
        };
        self.add(mock, whole);
    }

    /// Notes what is behind the setters of a builder.
    fn read_builder(&mut self, (key, builder): (&str, &str), call: &Call, operation: &Operation) {
        self.read_polling(&["wait", "poller"].map(|method| format!("{builder}::{method}")), operation);
        for setter in &call.setters {
            if let Some(part) = self.target(key, operation, setter) {
                self.add(format!("{builder}::{}", setter.name), part);
            }
        }
    }

    /// Notes what is behind the methods of a call, and their arguments.
    fn read_methods(&mut self, (key, accessor): (&str, &str), call: &Call, operation: &Operation) {
        let method = |name: &RustIdent| format!("{accessor}::{name}");
        for name in std::iter::once(&operation.name).chain(&call.with_body) {
            self.add(method(name), Key::Operation(key.to_owned()));
        }
        self.read_polling(&operation.attach().map(method).into_iter().collect::<Vec<_>>(), operation);
        for argument in &call.arguments {
            if let Some(part) = self.target(key, operation, argument) {
                for name in std::iter::once(&operation.name).chain(&call.with_body) {
                    self.origins.arguments.insert((method(name), argument.name.to_string()), part.clone());
                }
            }
        }
    }

    /// Notes what is behind methods that wait for a run: the operation, the one that returns the state, and what they read.
    fn read_polling(&mut self, methods: &[String], operation: &Operation) {
        let state = match &operation.role {
            Some(Role::Start(start)) => self.api.operations.get(start.polled_by),
            Some(Role::State(_) | Role::Batch(_)) | None => None,
        };
        let parts: Vec<Key> = [Some(operation), state].into_iter().flatten().flat_map(|one| self.polled(one)).collect();
        for method in methods {
            parts.iter().for_each(|part| self.add(method.clone(), part.clone()));
        }
    }

    /// Returns an operation, and the properties of its response that polling reads.
    fn polled(&self, operation: &Operation) -> Vec<Key> {
        let mut parts = vec![Key::Operation(self.key(operation))];
        let Response::Json(response) = &operation.response else { return parts };
        match &operation.role {
            Some(Role::Start(start)) => self.add_path(&mut parts, response, &start.id),
            Some(Role::State(state)) => {
                for property in state.response_id.iter().chain([&state.status]) {
                    self.add_property(&mut parts, response, property);
                }
            }
            Some(Role::Batch(_)) | None => {}
        }
        parts
    }

    fn add_property(&self, parts: &mut Vec<Key>, ty: &Type, property: &RunProperty) {
        match property {
            RunProperty::Direct(path) => self.add_path(parts, ty, path),
            RunProperty::OfVariants { union, id, variants, wire: _ } => {
                self.add_path(parts, ty, union);
                if let Kind::Union(union) = &self.api.types.get(*id).kind {
                    for (variant, path) in union.variants.iter().zip(variants) {
                        self.add_path(parts, &variant.ty, path);
                    }
                }
            }
        }
    }

    /// Adds the properties on a path.
    fn add_path(&self, parts: &mut Vec<Key>, ty: &Type, path: &PropertyPath) {
        let mut ty = ty;
        for step in &path.0 {
            let Some(structure) = self.api.types.structure(ty) else { return };
            let Some(field) = structure.fields.iter().find(|field| field.wire == step.wire) else { return };
            if let Some(id) = self.api.types.resolve(ty).named().and_then(|id| self.schema_of(id)) {
                parts.push(self.property(id, &field.wire.0));
            }
            ty = &field.ty;
        }
    }

    /// Returns the items that every operation of a resource is behind.
    fn resource_paths(&self, resource: &Resource, module: &str, accessor: &str) -> Vec<String> {
        let _ = module;
        let mut paths = Vec::new();
        if let Some(name) = &resource.name {
            paths.extend([accessor.to_owned(), format!("Client::{name}"), format!("blocking::Client::{name}")]);
        }
        if let Some(mock) = &resource.mock {
            paths.push(format!("testing::MockServer::{}", mock.method));
            paths.push(format!("testing::mocks::{}", mock.accessor));
        }
        paths
    }

    fn target(&self, key: &str, operation: &Operation, argument: &Argument) -> Option<Key> {
        match argument.target {
            Target::Parameter(index) => {
                let parameter = operation.parameters.get(index)?;
                Some(Key::Parameter(key.to_owned(), parameter.wire.0.clone()))
            }
            Target::Property(index) => {
                let body = operation.body.as_ref()?;
                let structure = self.api.types.structure(&body.ty)?;
                let id = self.api.types.resolve(&body.ty).named()?;
                Some(self.property(self.schema_of(id)?, &structure.fields.get(index)?.wire.0))
            }
            Target::Body => Some(Key::Body(key.to_owned())),
        }
    }

    fn read_rest(&mut self) {
        for fixture in &self.api.fixtures {
            if let Some(schema) = self.named(&fixture.ty) {
                self.add(format!("testing::fixtures::{}", fixture.name), self.schema(schema));
            }
        }
        for webhook in &self.api.webhooks {
            let key = Key::Webhook(webhook.event.clone());
            self.add(format!("webhooks::WebhookEvent::{}", webhook.variant), key.clone());
            self.add("webhooks::WebhookEvent".to_owned(), key);
        }
    }

    fn named(&self, ty: &Type) -> Option<SchemaId> {
        ty.named_types().into_iter().find_map(|id| self.schema_of(id))
    }
}
