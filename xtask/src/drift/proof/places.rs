//! Places in a document where a property can be: documents with it, and bodies with a value of it. Knows no kind of change.

use serde_json::{Map, Value, json};

/// Where the changed schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::drift) enum Place {
    /// A property of a body.
    Top,
    /// The whole body.
    Body,
    /// A property of an object inside of the body.
    Nested,
    /// A property of a member of a union.
    Union,
    /// A property of the items of an array.
    Array,
    /// A property of the values of a map.
    Map,
    /// The items of an array.
    Items,
    /// The values of a map.
    Values,
    /// A property of a schema that several operations share.
    Shared,
    /// A property of a schema that contains itself.
    Recursive,
    /// A property of a schema that is merged by `allOf`.
    Merged,
    /// A query parameter.
    Parameter,
    /// A header of a response.
    Header,
    /// A property of a delivery to a webhook.
    Webhook,
}

impl Place {
    /// All places.
    pub(in crate::drift) const ALL: [Self; 14] = [
        Self::Top,
        Self::Body,
        Self::Nested,
        Self::Union,
        Self::Array,
        Self::Map,
        Self::Items,
        Self::Values,
        Self::Shared,
        Self::Recursive,
        Self::Merged,
        Self::Parameter,
        Self::Header,
        Self::Webhook,
    ];

    /// Returns the name in reports.
    pub(in crate::drift) fn as_str(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Body => "body",
            Self::Nested => "nested",
            Self::Union => "union",
            Self::Array => "array",
            Self::Map => "map",
            Self::Items => "items",
            Self::Values => "values",
            Self::Shared => "shared",
            Self::Recursive => "recursive",
            Self::Merged => "merged",
            Self::Parameter => "parameter",
            Self::Header => "header",
            Self::Webhook => "webhook",
        }
    }

    /// Returns whether a schema stands here that is no property, so that it is always there.
    pub(in crate::drift) fn is_bare(self) -> bool {
        match self {
            Self::Body | Self::Items | Self::Values => true,
            Self::Top
            | Self::Nested
            | Self::Union
            | Self::Array
            | Self::Map
            | Self::Shared
            | Self::Recursive
            | Self::Merged
            | Self::Parameter
            | Self::Header
            | Self::Webhook => false,
        }
    }

    /// Returns the ways in which values here travel.
    pub(in crate::drift) fn ways(self) -> &'static [Travel] {
        match self {
            Self::Parameter => &[Travel::Request],
            Self::Header | Self::Webhook => &[Travel::Response],
            Self::Top => &[Travel::Request, Travel::Response, Travel::Both],
            Self::Body
            | Self::Nested
            | Self::Union
            | Self::Array
            | Self::Map
            | Self::Items
            | Self::Values
            | Self::Shared
            | Self::Recursive
            | Self::Merged => &[Travel::Request, Travel::Response],
        }
    }
}

/// Which way values travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::drift) enum Travel {
    /// In requests.
    Request,
    /// In responses and deliveries.
    Response,
    /// In both.
    Both,
}

impl Travel {
    /// Returns the name in reports.
    pub(in crate::drift) fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Both => "both",
        }
    }
}

/// A schema in its place.
#[derive(Clone, Copy, Debug)]
pub(in crate::drift) struct Placed<'s> {
    pub(in crate::drift) place: Place,
    pub(in crate::drift) travel: Travel,
    /// The schema; `None` if the property is not there.
    pub(in crate::drift) schema: Option<&'s Value>,
    /// Whether the property is required.
    pub(in crate::drift) required: bool,
}

impl Placed<'_> {
    /// Returns the document.
    pub(in crate::drift) fn document(&self) -> Value {
        let mut schemas = match self.place {
            Place::Recursive => {
                let links = json!({"id": text(), "next": reference("Thing"), "all": {"type": "array", "items": reference("Thing")}});
                json!({"Thing": self.object(links)})
            }
            Place::Shared => json!({
                "Part": self.object(json!({})),
                "Thing": {"type": "object", "properties": {"id": text(), "part": reference("Part")}},
                "Whole": {"type": "object", "properties": {"name": text(), "parts": {"type": "array", "items": reference("Part")}}},
            }),
            Place::Merged => json!({
                "Base": {"type": "object", "properties": {"id": text()}},
                "Thing": {"allOf": [reference("Base"), self.object(json!({}))]},
            }),
            Place::Parameter | Place::Header => json!({}),
            Place::Webhook => json!({"ThingDone": self.object(json!({"event": {"const": "thing.done"}}))}),
            Place::Top
            | Place::Body
            | Place::Nested
            | Place::Union
            | Place::Array
            | Place::Map
            | Place::Items
            | Place::Values => json!({"Thing": self.thing()}),
        };
        schemas["Other"] = json!({"type": "object", "required": ["id"], "properties": {"id": text()}});
        schemas["Draft"] = json!({"type": "object", "required": ["x"], "properties": {"x": text()}});
        schemas["Final"] =
            json!({"type": "object", "required": ["y", "z"], "properties": {"y": {"type": "integer"}, "z": text()}});
        let used =
            |name: &&str| self.schema.is_some_and(|schema| schema.to_string().contains(&format!("schemas/{name}")));
        for name in ["Draft", "Final"].iter().filter(|name| !used(name)) {
            schemas.as_object_mut().and_then(|schemas| schemas.shift_remove(*name));
        }
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Things", "version": "1"},
            "servers": [{"url": "https://api.example.com"}],
            "paths": self.paths(),
            "components": {"schemas": schemas},
        });
        if self.place == Place::Webhook {
            let content = content(&reference("ThingDone"));
            document["webhooks"] =
                json!({"thing.done": {"post": {"requestBody": {"content": content}, "responses": {}}}});
        }
        document
    }

    /// Returns an object with the property.
    fn object(&self, others: Value) -> Value {
        let mut properties = others.as_object().cloned().unwrap_or_else(Map::new);
        properties.extend(self.schema.map(|schema| ("p".to_owned(), schema.clone())));
        let mut object = json!({"type": "object", "properties": properties});
        if self.required && self.schema.is_some() {
            object["required"] = json!(["p"]);
        }
        object
    }

    /// Returns the schema of the body.
    fn thing(&self) -> Value {
        let whole = |name: &str, schema: Value| json!({"type": "object", "properties": {"id": text(), name: schema}});
        let bare = || self.schema.cloned().unwrap_or_else(|| json!({}));
        match self.place {
            Place::Body => bare(),
            Place::Nested => whole("inner", self.object(json!({}))),
            Place::Union => {
                let mut one = self.object(json!({"kind": {"const": "one"}}));
                one["required"] =
                    if self.required && self.schema.is_some() { json!(["kind", "p"]) } else { json!(["kind"]) };
                let two = json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": "two"}}});
                whole("choice", json!({"oneOf": [one, two]}))
            }
            Place::Array => whole("list", json!({"type": "array", "items": self.object(json!({}))})),
            Place::Map => whole("map", json!({"type": "object", "additionalProperties": self.object(json!({}))})),
            Place::Items => whole("list", json!({"type": "array", "items": bare()})),
            Place::Values => whole("map", json!({"type": "object", "additionalProperties": bare()})),
            Place::Top
            | Place::Shared
            | Place::Recursive
            | Place::Merged
            | Place::Parameter
            | Place::Header
            | Place::Webhook => self.object(json!({"id": text()})),
        }
    }

    fn paths(&self) -> Value {
        let thing = || content(&reference("Thing"));
        let other = || content(&reference("Other"));
        let (request, response) = match self.travel {
            Travel::Request => (thing(), other()),
            Travel::Response => (other(), thing()),
            Travel::Both => (thing(), thing()),
        };
        let of = |id: &str, request: Value, response: Value| {
            let body = json!({"required": true, "content": request});
            json!({"post": {"operationId": id, "requestBody": body, "responses": {"200": {"description": "", "content": response}}}})
        };
        match self.place {
            Place::Parameter => {
                let parameters: Vec<Value> = self
                    .schema
                    .map(|schema| json!({"name": "p", "in": "query", "required": self.required, "schema": schema}))
                    .into_iter()
                    .collect();
                json!({"/things": {"get": {"operationId": "listThings", "parameters": parameters,
                    "responses": {"200": {"description": "", "content": other()}}}}})
            }
            Place::Header => {
                let headers: Map<String, Value> = self
                    .schema
                    .map(|schema| ("X-P".to_owned(), json!({"required": self.required, "schema": schema})))
                    .into_iter()
                    .collect();
                json!({"/things": {"get": {"operationId": "listThings",
                    "responses": {"200": {"description": "", "headers": headers, "content": other()}}}}})
            }
            Place::Webhook => json!({"/things": of("createThing", other(), other())}),
            Place::Shared => {
                let whole = content(&reference("Whole"));
                let (more_request, more_response) =
                    if self.travel == Travel::Request { (whole, other()) } else { (other(), whole) };
                json!({"/things": of("createThing", request, response), "/wholes": of("createWhole", more_request, more_response)})
            }
            Place::Top
            | Place::Body
            | Place::Nested
            | Place::Union
            | Place::Array
            | Place::Map
            | Place::Items
            | Place::Values
            | Place::Recursive
            | Place::Merged => json!({"/things": of("createThing", request, response)}),
        }
    }
}

/// Returns a body with a value in a place; `None` for no property.
pub(super) fn body_with(place: Place, value: Option<&Value>) -> Value {
    let mut object = json!({});
    if let Some(value) = value {
        object["p"] = value.clone();
    }
    let bare = || value.cloned().unwrap_or_default();
    let extended = |mut object: Value, name: &str, value: Value| {
        object[name] = value;
        object
    };
    match place {
        Place::Body | Place::Parameter | Place::Header => bare(),
        Place::Top | Place::Merged => extended(object, "id", json!("1")),
        Place::Nested => json!({"id": "1", "inner": object}),
        Place::Union => json!({"id": "1", "choice": extended(object, "kind", json!("one"))}),
        Place::Array => json!({"id": "1", "list": [object]}),
        Place::Map => json!({"id": "1", "map": {"k": object}}),
        Place::Items => json!({"id": "1", "list": [bare()]}),
        Place::Values => json!({"id": "1", "map": {"k": bare()}}),
        Place::Shared => json!({"id": "1", "part": object}),
        Place::Recursive => {
            let inner = extended(object.clone(), "id", json!("2"));
            extended(extended(object, "id", json!("1")), "next", inner)
        }
        Place::Webhook => extended(object, "event", json!("thing.done")),
    }
}

fn text() -> Value {
    json!({"type": "string"})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn content(schema: &Value) -> Value {
    json!({"application/json": {"schema": schema}})
}
