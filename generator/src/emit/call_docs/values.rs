//! Values for examples as Rust expressions, as small as their types allow. Knows how types are constructed, no operation.

use std::collections::BTreeSet;

use crate::ir::{
    ConversionRoute, ConversionSource, Kind, Length, Presence, Property, Storage, Struct, Type, TypeId, Types, Union,
};
use crate::model::example_string;

use super::super::Input;
use super::super::doc;
use super::super::structs::Transport;
use super::super::unions::has_conversion;

/// Types in each other before there is no value.
const DEEPEST: usize = 6;

/// Makes values, and remembers which types they mention.
pub(super) struct Values<'a> {
    types: &'a Types,
    /// Types of the API that the values mention.
    mentioned: BTreeSet<String>,
    /// Types of the root of the crate that they mention.
    of_root: BTreeSet<&'static str>,
    /// Types that the value is in.
    open: Vec<TypeId>,
}

/// Where a value stands, for strings that speak of it.
#[derive(Clone, Copy)]
struct Place<'a> {
    owner: &'a str,
    name: &'a str,
}

/// What a value must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Of exactly its type.
    Exact,
    /// Anything that a setter or a method takes in its place.
    Convertible,
}

impl<'a> Values<'a> {
    /// No value yet.
    pub(crate) fn new(input: &Input<'a>) -> Self {
        Self { types: &input.api.types, mentioned: BTreeSet::new(), of_root: BTreeSet::new(), open: Vec::new() }
    }

    /// The imports that the values need.
    pub(crate) fn imports(&self, library: &str) -> Vec<String> {
        let of_root = import(library, self.of_root.iter().map(|name| (*name).to_owned()).collect());
        let of_types = import(&format!("{library}::types"), self.mentioned.iter().cloned().collect());
        of_root.into_iter().chain(of_types).collect()
    }

    /// An argument for a parameter.
    pub(crate) fn argument(&mut self, ty: &'a Type, owner: &str, name: &str) -> Option<String> {
        self.value(ty, Place { owner, name }, Form::Convertible)
    }

    /// A body that is passed as a whole.
    pub(crate) fn body(&mut self, ty: &'a Type, transport: Transport) -> Option<String> {
        match (transport, self.types.structure(ty), self.types.resolve(ty).named()) {
            (Transport::Multipart, Some(structure), Some(id)) => {
                let name = self.mention(id);
                let arguments = self.constructor(structure, &name, transport)?;
                Some(format!("{name}::new({})", arguments.join(", ")))
            }
            (Transport::Json | Transport::Multipart, _, _) => self.argument(ty, "request", "body"),
        }
    }

    /// The arguments of the constructor of a struct.
    pub(crate) fn constructor(
        &mut self,
        structure: &'a Struct,
        owner: &str,
        transport: Transport,
    ) -> Option<Vec<String>> {
        let arguments = structure.arguments.iter().filter_map(|index| structure.fields.get(*index));
        arguments.map(|field| self.field(field, owner, transport)).collect()
    }

    /// The argument of a constructor or a method for a property.
    pub(crate) fn field(&mut self, field: &'a Property, owner: &str, transport: Transport) -> Option<String> {
        let value = self.setter(field, owner, transport)?;
        Some(match field.presence {
            Presence::Nullable | Presence::OptionalNullable => format!("Some({value})"),
            Presence::Required | Presence::Optional => value,
        })
    }

    /// The argument of the setter of a property.
    pub(crate) fn setter(&mut self, field: &'a Property, owner: &str, transport: Transport) -> Option<String> {
        let ty = self.types.resolve(&field.ty);
        let is_file = |ty: &Type| transport == Transport::Multipart && *self.types.resolve(ty) == Type::Binary;
        if field.constant().is_some() {
            return Some(String::new());
        }
        let example = || field.example.as_ref().and_then(serde_json::Value::as_str);
        if is_file(ty) {
            return Some(self.file());
        }
        if let Type::List(item) = ty
            && is_file(item)
        {
            return Some(format!("[{}]", self.file()));
        }
        if let (Type::String, Some(example)) = (ty, example()) {
            return Some(format!("{example:?}"));
        }
        self.value(ty, Place { owner, name: &field.wire.0 }, Form::Convertible)
    }

    fn file(&mut self) -> String {
        self.of_root.insert("FilePart");
        "FilePart::from_path(\"document.pdf\")".to_owned()
    }

    fn value(&mut self, ty: &'a Type, place: Place<'_>, form: Form) -> Option<String> {
        let ty = self.types.resolve(ty);
        Some(match ty {
            Type::Boolean => "true".to_owned(),
            Type::Integer(_) => "1".to_owned(),
            Type::Number => "1.0".to_owned(),
            Type::String | Type::Binary => match form {
                Form::Convertible => format!("{:?}", example_string(place.owner, place.name)),
                Form::Exact => format!("{:?}.to_owned()", example_string(place.owner, place.name)),
            },
            Type::Timestamp => converted("\"2026-01-02T03:04:05Z\"", form),
            Type::Any => converted("\"value\"", form),
            Type::Constant(fixed) => {
                self.of_root.insert("Constant");
                format!("Constant::new({fixed:?})")
            }
            Type::Nullable(_) => "None".to_owned(),
            Type::List(item) => self.list(item, place, form)?,
            Type::Tuple(items, length) => {
                let items: Option<Vec<String>> =
                    items.iter().map(|item| self.value(item, place, Form::Exact)).collect();
                let items = format!("({})", items?.join(", "));
                match length {
                    Length::Exact => items,
                    Length::Open => converted(&items, form),
                }
            }
            Type::Map(value) => self.map(value, place, form)?,
            Type::Named(id) => self.named(*id, place, form)?,
        })
    }

    fn list(&mut self, item: &'a Type, place: Place<'_>, form: Form) -> Option<String> {
        let name = doc::singular(place.name);
        let value = self.value(item, Place { name: &name, ..place }, self.inner(item, form))?;
        Some(match form {
            Form::Convertible => format!("[{value}]"),
            Form::Exact => format!("vec![{value}]"),
        })
    }

    fn map(&mut self, value: &'a Type, place: Place<'_>, form: Form) -> Option<String> {
        let value = self.value(value, place, self.inner(value, form))?;
        Some(match form {
            Form::Convertible => format!("[(\"key\", {value})]"),
            Form::Exact => format!("[(\"key\".to_owned(), {value})].into_iter().collect()"),
        })
    }

    /// What a value in a list or map must be: only what a method converts one by one may be something else.
    fn inner(&self, ty: &Type, form: Form) -> Form {
        if super::super::rust_type::converts(self.types, ty) { form } else { Form::Exact }
    }

    fn named(&mut self, id: TypeId, place: Place<'_>, form: Form) -> Option<String> {
        if self.open.len() >= DEEPEST || self.open.contains(&id) {
            return None;
        }
        self.open.push(id);
        let value = self.construct(id, place, form);
        self.open.pop();
        value
    }

    fn construct(&mut self, id: TypeId, place: Place<'_>, form: Form) -> Option<String> {
        let def = self.types.get(id);
        if form == Form::Convertible
            && let Some(value) = self.converted(id, place)
        {
            return Some(value);
        }
        match &def.kind {
            Kind::Struct(structure) if def.usage.request => {
                let owner = doc::subject(&def.name).unwrap_or_else(|| def.name.to_string());
                let arguments = self.constructor(structure, &owner.to_lowercase(), Transport::Json)?;
                Some(format!("{}::new({})", self.mention(id), arguments.join(", ")))
            }
            // Nothing constructs what only the server sends.
            Kind::Struct(_) => None,
            Kind::Enumeration(enumeration) => match enumeration.values.first() {
                Some(value) => Some(format!("{}::{}", self.mention(id), value.name.source())),
                None => Some(converted("\"value\"", form)),
            },
            Kind::Union(union) => {
                (0..union.variants.len()).find_map(|index| self.variant(id, union, index, place, form))
            }
            Kind::Wrapper(target) => {
                let value = self.value(target, place, Form::Exact)?;
                Some(format!("{}({value})", self.mention(id)))
            }
            Kind::Alias(target) => self.value(target, place, form),
        }
    }

    /// What converts into a type and is shorter than a value of it.
    fn converted(&mut self, id: TypeId, place: Place<'_>) -> Option<String> {
        let def = self.types.get(id);
        let routes = def.conversions.iter().filter(|conversion| conversion.source == ConversionSource::String);
        let route = routes.map(|conversion| &conversion.route).next()?;
        match (route, &def.kind) {
            (ConversionRoute::Constructor, Kind::Struct(structure)) => {
                let owner = doc::subject(&def.name).unwrap_or_else(|| def.name.to_string()).to_lowercase();
                self.constructor(structure, &owner, Transport::Json)?.pop()
            }
            (ConversionRoute::Variant(index) | ConversionRoute::Through(index), Kind::Union(union)) => {
                let variant = union.variants.get(*index)?;
                self.value(&variant.ty, place, Form::Convertible)
            }
            (_, _) => None,
        }
    }

    /// A union with this variant, or what converts into it.
    fn variant(&mut self, id: TypeId, union: &'a Union, index: usize, place: Place<'_>, form: Form) -> Option<String> {
        let variant = union.variants.get(index)?;
        let before = (self.mentioned.clone(), self.of_root.clone());
        let Some(value) = self.value(&variant.ty, place, Form::Exact) else {
            (self.mentioned, self.of_root) = before;
            return None;
        };
        Some(match (has_conversion(self.types.get(id), index), form, variant.storage) {
            (true, Form::Convertible, _) => value,
            (true, Form::Exact, _) => format!("{}::from({value})", self.mention(id)),
            (false, _, Storage::Inline) => format!("{}::{}({value})", self.mention(id), variant.name.source()),
            (false, _, Storage::Boxed) => format!("{}::{}(Box::new({value}))", self.mention(id), variant.name.source()),
        })
    }

    fn mention(&mut self, id: TypeId) -> String {
        let name = self.types.get(id).name.source();
        self.mentioned.insert(name.clone());
        name
    }
}

fn converted(literal: &str, form: Form) -> String {
    match form {
        Form::Convertible => literal.to_owned(),
        Form::Exact => format!("{literal}.into()"),
    }
}

fn import(module: &str, names: Vec<String>) -> Option<String> {
    match names.as_slice() {
        [] => None,
        [only] => Some(format!("use {module}::{only};")),
        several => Some(format!("use {module}::{{{}}};", several.join(", "))),
    }
}
