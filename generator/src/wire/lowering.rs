//! Lowers the model to an OpenAPI 3.0.3 document that progenitor always accepts.
//!
//! Operation IDs and parameter names are unique; parameters have plain or replaced types; request bodies are JSON or raw bytes;
//! raw bytes are the only response, for success and error alike. The rewrite pass restores the wire names of parameters. Must not
//! know what the emitted code looks like.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{
    Components, Info, MediaType, OpenAPI, Operation as LoweredOperation, Parameter as LoweredParameter, ParameterData,
    ParameterSchemaOrContent, PathItem, PathStyle, Paths, QueryStyle, ReferenceOr, RequestBody, Response, Responses,
    Schema, SchemaData, SchemaKind, StringType, Type as LoweredType,
};

use crate::ir::{
    Api, Body, BodyForm, Encoding, Explode, Kind, Location, Operation, Parameter, Presence, Style, Type, Types, Width,
};
use crate::method::Method;
use crate::names::RustIdent;

use super::function_name;

/// The lowered document, and the placeholders in it.
#[derive(Clone, Debug)]
pub(crate) struct Lowered {
    /// The document.
    pub document: OpenAPI,
    /// Component schemas that represent types of ours.
    pub replacements: BTreeMap<String, Type>,
    /// Number of operations with the same path and method as another one.
    pub twins: usize,
}

impl Lowered {
    /// Returns the document as pretty-printed JSON.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string_pretty(&self.document).unwrap_or_default()
    }
}

/// Returns the name of a parameter in the lowered document and in the wire function.
pub(crate) fn placeholder(name: &RustIdent) -> String {
    if name.source() == name.as_str() { name.to_string() } else { format!("{name}_value") }
}

/// The component that represents a query parameter that the runtime serializes.
pub(super) const QUERY_TEXT: &str = "QueryText";

/// Starts the suffix that distinguishes operations with the same path and method, since a document can contain only one of them.
/// It is a private-use character that no path contains; the rewrite pass removes the suffix.
pub(super) const TWIN: char = '\u{e000}';

/// Returns whether the runtime serializes a parameter, because progenitor cannot serialize it as the document requires.
pub(crate) fn is_written_out(types: &Types, parameter: &Parameter) -> bool {
    let is_scalar = is_scalar(types, &parameter.ty);
    match (parameter.location, parameter.style) {
        (Location::Cookie, _) => true,
        (Location::Query, _) if parameter.encoding != Encoding::Unreserved => true,
        (Location::Query, _) if *types.resolve(&parameter.ty) == Type::Binary => true,
        (Location::Query, Style::Form(Explode::Yes)) => !(is_scalar || is_list_of_scalars(types, &parameter.ty)),
        (Location::Query, Style::Form(Explode::No) | Style::SpaceDelimited | Style::PipeDelimited) => !is_scalar,
        (Location::Path | Location::Header, Style::Simple(_)) => !is_scalar,
        (
            Location::Query | Location::Path | Location::Header,
            Style::Form(_)
            | Style::SpaceDelimited
            | Style::PipeDelimited
            | Style::DeepObject
            | Style::Simple(_)
            | Style::Label(_)
            | Style::Matrix(_)
            | Style::Json,
        ) => true,
    }
}

/// Returns whether a parameter is one of the query whose values progenitor can pass on.
pub(crate) fn is_plain_query(types: &Types, parameter: &Parameter) -> bool {
    parameter.location == Location::Query && !is_written_out(types, parameter)
}

/// Returns whether a query parameter may be absent.
pub(crate) fn is_optional_query(types: &Types, parameter: &Parameter) -> bool {
    parameter.location == Location::Query && !is_required(types, parameter)
}

/// Returns whether progenitor must treat a parameter as required. A serialized query parameter is always passed, but may be
/// empty; a header or cookie with an empty list is left out, even if the document requires it.
fn is_required(types: &Types, parameter: &Parameter) -> bool {
    match (parameter.location, is_written_out(types, parameter)) {
        (Location::Path | Location::Query, true) => true,
        (Location::Header | Location::Cookie, true) => false,
        (Location::Path | Location::Query | Location::Header | Location::Cookie, false) => {
            parameter.presence == Presence::Required
        }
    }
}

/// Returns whether a type is a single value.
fn is_scalar(types: &Types, ty: &Type) -> bool {
    match types.resolve(ty) {
        Type::String
        | Type::Binary
        | Type::Boolean
        | Type::Integer(_)
        | Type::Number
        | Type::Timestamp
        | Type::Constant(_) => true,
        Type::Named(id) => matches!(types.get(*id).kind, Kind::Enumeration(_)),
        Type::List(_) | Type::Tuple(..) | Type::Any | Type::Map(_) | Type::Nullable(_) => false,
    }
}

fn is_list_of_scalars(types: &Types, ty: &Type) -> bool {
    matches!(types.resolve(ty), Type::List(item) if is_scalar(types, item))
}

/// Lowers an API.
pub(crate) fn lower_api(api: &Api) -> Lowered {
    let mut lowering = Lowering { types: &api.types, replacements: BTreeMap::new(), components: Components::default() };
    let mut paths: Paths = Paths::default();
    let mut twins = 0;
    let mut taken: BTreeSet<(String, Method)> = BTreeSet::new();
    for operation in &api.operations {
        let mut path = path_with_placeholders(operation);
        let plain = path.clone();
        let mut number = 2;
        while !taken.insert((path.clone(), lowered_method(&operation.method))) {
            path = format!("{plain}{TWIN}{number}");
            number += 1;
        }
        twins += usize::from(path != plain);
        let lowered = lowering.operation(operation);
        let item = paths.paths.entry(path).or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let ReferenceOr::Item(item) = item {
            insert_operation(item, &operation.method, lowered);
        }
    }
    let document = OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: Info { title: api.title.clone(), version: "0".to_owned(), ..Info::default() },
        paths,
        components: Some(lowering.components),
        ..OpenAPI::default()
    };
    Lowered { document, replacements: lowering.replacements, twins }
}

/// Returns the method that progenitor is given. It knows only those of OpenAPI 3.0; others are lowered to `POST`, and the rewrite
/// pass restores them.
pub(super) fn lowered_method(method: &Method) -> Method {
    match method {
        Method::Query | Method::Other(_) => Method::Post,
        Method::Get
        | Method::Put
        | Method::Post
        | Method::Delete
        | Method::Options
        | Method::Head
        | Method::Patch
        | Method::Trace => method.clone(),
    }
}

fn insert_operation(item: &mut PathItem, method: &Method, operation: LoweredOperation) {
    let slot = match method {
        Method::Get => &mut item.get,
        Method::Put => &mut item.put,
        Method::Post | Method::Query | Method::Other(_) => &mut item.post,
        Method::Delete => &mut item.delete,
        Method::Options => &mut item.options,
        Method::Head => &mut item.head,
        Method::Patch => &mut item.patch,
        Method::Trace => &mut item.trace,
    };
    *slot = Some(operation);
}

/// Returns the number of placeholders in a path. One parameter may occur several times.
pub(super) fn count_placeholders(operation: &Operation) -> usize {
    path_with_placeholders(operation).matches('{').count()
}

/// Returns the path with the Rust names of its parameters. Braces around anything else are literal and percent-encoded.
fn path_with_placeholders(operation: &Operation) -> String {
    let named = |wire: &str| {
        let is_it = |parameter: &&Parameter| parameter.location == Location::Path && parameter.wire.0 == wire;
        operation.parameters.iter().find(is_it).map(|parameter| placeholder(&parameter.name))
    };
    let mut rest = operation.path.as_str();
    let mut path = if rest.starts_with('/') { String::new() } else { "/".to_owned() };
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(&before.replace('}', "%7D"));
        match after.split_once('}').and_then(|(wire, tail)| Some((named(wire)?, tail))) {
            Some((name, tail)) => {
                path.push_str(&format!("{{{name}}}"));
                rest = tail;
            }
            None => {
                path.push_str("%7B");
                rest = after;
            }
        }
    }
    path.push_str(&rest.replace('}', "%7D"));
    path.replace(TWIN, "%EE%80%80")
}

struct Lowering<'a> {
    types: &'a Types,
    replacements: BTreeMap<String, Type>,
    components: Components,
}

impl Lowering<'_> {
    fn operation(&mut self, operation: &Operation) -> LoweredOperation {
        let parameters =
            operation.parameters.iter().map(|parameter| ReferenceOr::Item(self.parameter(parameter))).collect();
        LoweredOperation {
            operation_id: Some(function_name(operation).to_string()),
            parameters,
            request_body: operation.body.as_ref().map(|body| ReferenceOr::Item(self.body(body))),
            responses: raw_responses(),
            ..LoweredOperation::default()
        }
    }

    fn parameter(&mut self, parameter: &Parameter) -> LoweredParameter {
        let schema = match parameter.location {
            // All of them are strings on the wire; the caller serializes them.
            Location::Path | Location::Header | Location::Cookie => plain(LoweredType::String(StringType::default())),
            Location::Query => self.query(parameter),
        };
        let parameter_data = ParameterData {
            name: placeholder(&parameter.name),
            description: None,
            required: is_required(self.types, parameter),
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(schema),
            example: None,
            examples: Default::default(),
            explode: None,
            extensions: Default::default(),
        };
        match parameter.location {
            Location::Path => LoweredParameter::Path { parameter_data, style: PathStyle::Simple },
            Location::Query => LoweredParameter::Query {
                parameter_data,
                allow_reserved: false,
                style: QueryStyle::Form,
                allow_empty_value: None,
            },
            Location::Header | Location::Cookie => {
                LoweredParameter::Header { parameter_data, style: Default::default() }
            }
        }
    }

    fn body(&mut self, body: &Body) -> RequestBody {
        let (media, schema) = match body.form {
            BodyForm::Json => ("application/json", self.replaced(&body.ty)),
            BodyForm::Multipart | BodyForm::UrlEncoded | BodyForm::Text(_) | BodyForm::Bytes(_) => {
                ("application/octet-stream", binary())
            }
        };
        let media_type = MediaType { schema: Some(schema), ..MediaType::default() };
        RequestBody {
            content: [(media.to_owned(), media_type)].into_iter().collect(),
            required: true,
            ..RequestBody::default()
        }
    }

    /// Lowers a query parameter: progenitor serializes plain values, our runtime everything else.
    fn query(&mut self, parameter: &Parameter) -> ReferenceOr<Schema> {
        if !is_written_out(self.types, parameter) {
            return self.schema(&parameter.ty);
        }
        self.components.schemas.entry(QUERY_TEXT.to_owned()).or_insert_with(object);
        ReferenceOr::Reference { reference: format!("#/components/schemas/{QUERY_TEXT}") }
    }

    fn schema(&mut self, ty: &Type) -> ReferenceOr<Schema> {
        let format = |name: &str| openapiv3::VariantOrUnknownOrEmpty::Unknown(name.to_owned());
        match self.types.resolve(ty) {
            Type::String | Type::Constant(_) => plain(LoweredType::String(StringType::default())),
            Type::Boolean => plain(LoweredType::Boolean(Default::default())),
            // progenitor knows no integers of this width.
            Type::Integer(Width::I128) => self.replaced(ty),
            Type::Integer(width) => {
                let format = format(integer_format(*width));
                plain(LoweredType::Integer(openapiv3::IntegerType { format, ..Default::default() }))
            }
            Type::Number => plain(LoweredType::Number(Default::default())),
            Type::Timestamp
            | Type::Binary
            | Type::Any
            | Type::List(_)
            | Type::Tuple(..)
            | Type::Map(_)
            | Type::Nullable(_)
            | Type::Named(_) => self.replaced(ty),
        }
    }

    /// Returns a reference to a component that represents a type of ours, so that progenitor can replace it.
    fn replaced(&mut self, ty: &Type) -> ReferenceOr<Schema> {
        let known = self.replacements.iter().find(|(_, other)| *other == ty).map(|(name, _)| name.clone());
        let name = known.unwrap_or_else(|| {
            let name = self.free_name(ty);
            self.replacements.insert(name.clone(), ty.clone());
            self.components.schemas.insert(name.clone(), object());
            name
        });
        ReferenceOr::Reference { reference: format!("#/components/schemas/{name}") }
    }

    fn free_name(&self, ty: &Type) -> String {
        let stem = match ty.named() {
            // progenitor looks up replacements by name, in its own casing.
            Some(id) => RustIdent::pascal(self.types.get(id).name.as_str()).to_string(),
            None => "Value".to_owned(),
        };
        let taken = |name: &String| self.replacements.contains_key(name);
        let numbered = (2..).map(|number| format!("{stem}N{number}"));
        std::iter::once(stem.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(stem)
    }
}

/// Returns the format that selects the width of an integer in progenitor.
fn integer_format(width: Width) -> &'static str {
    match width {
        Width::I32 => "int32",
        Width::I64 => "int64",
        Width::U32 => "uint32",
        Width::U64 => "uint64",
        Width::I128 => "int128",
    }
}

fn plain(kind: LoweredType) -> ReferenceOr<Schema> {
    ReferenceOr::Item(Schema { schema_data: SchemaData::default(), schema_kind: SchemaKind::Type(kind) })
}

fn object() -> ReferenceOr<Schema> {
    plain(LoweredType::Object(Default::default()))
}

fn binary() -> ReferenceOr<Schema> {
    let format = openapiv3::VariantOrUnknownOrEmpty::Item(openapiv3::StringFormat::Binary);
    plain(LoweredType::String(StringType { format, ..StringType::default() }))
}

/// Returns `default` with any content: progenitor returns success and error alike as bytes.
fn raw_responses() -> Responses {
    let content = [("*/*".to_owned(), MediaType::default())].into_iter().collect();
    let response = Response { description: "undecoded".to_owned(), content, ..Response::default() };
    Responses { default: Some(ReferenceOr::Item(response)), ..Responses::default() }
}
