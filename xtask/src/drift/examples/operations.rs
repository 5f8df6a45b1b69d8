//! Examples of changes that are not about one schema: operations, parameters, bodies, responses, webhooks, servers, security,
//! components. Knows no keyword of schemas.

use serde_json::{Value, json};

/// An example of such a change: what both revisions change in one document.
#[derive(Clone, Debug)]
pub(in crate::drift) struct Whole {
    /// What it is about, in a few words.
    pub(in crate::drift) name: &'static str,
    /// Why it has its levels.
    pub(in crate::drift) why: &'static str,
    pub(in crate::drift) before: Value,
    pub(in crate::drift) after: Value,
}

/// A part of the document, and what is put there; `None` removes it.
pub(super) type Edit = (&'static str, Option<Value>);

/// Returns the examples.
pub(in crate::drift) fn list_wholes() -> Vec<Whole> {
    let mut all = endpoints();
    all.extend(moves());
    all.extend(names());
    all.extend(parameters());
    all.extend(bodies());
    all.extend(responses());
    all.extend(statuses());
    all.extend(surroundings());
    all.extend(events());
    all.extend(components());
    all
}

pub(super) fn whole(name: &'static str, why: &'static str, before: &[Edit], after: &[Edit]) -> Whole {
    Whole { name, why, before: edited(before), after: edited(after) }
}

fn document() -> Value {
    let content =
        |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let response = |name: &str| json!({"200": response(name)});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {
            "/things": {
                "get": {"operationId": "listThings", "tags": ["things"], "description": "Lists.", "parameters": [], "responses": response("Thing")},
                "post": {"operationId": "createThing", "tags": ["things"],
                    "requestBody": {"required": true, "content": content("Draft")}, "responses": response("Thing")},
            },
            "/things/{id}": {"get": {"operationId": "getThing", "tags": ["things"],
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": response("Thing")}},
        },
        "components": {"schemas": {
            "Thing": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
            "Draft": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "size": {"type": "integer"}}},
        }},
    })
}

fn edited(edits: &[Edit]) -> Value {
    let mut document = document();
    for (pointer, value) in edits {
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        let name = name.replace("~1", "/");
        match (document.pointer_mut(parent), value) {
            (Some(Value::Object(members)), Some(value)) => {
                members.insert(name, value.clone());
            }
            (Some(Value::Object(members)), None) => {
                members.shift_remove(&name);
            }
            _ => {}
        }
    }
    document
}

pub(super) fn edit(pointer: &'static str, value: Value) -> Edit {
    (pointer, Some(value))
}

/// Returns an operation without a body.
fn operation(id: &str) -> Value {
    json!({"operationId": id, "tags": ["things"], "responses": {"204": {"description": ""}}})
}

fn endpoints() -> Vec<Whole> {
    let path = "/paths/~1others";
    let get = || edit(path, json!({"get": operation("listOthers")}));
    let deprecated = || edit("/paths/~1others/get/deprecated", json!(true));
    vec![
        whole("operation added", "nobody calls it yet", &[], &[get()]),
        whole("operation removed", "its calls fail; its method is gone", &[get()], &[]),
        whole("deprecated operation removed", "its calls fail; its method is gone", &[get(), deprecated()], &[]),
        whole(
            "path changed",
            "calls of the old path fail; the method stays",
            &[get()],
            &[edit("/paths/~1more", json!({"get": operation("listOthers")}))],
        ),
        whole("operation deprecated", "its uses are warned of", &[get()], &[get(), deprecated()]),
        whole("operation reactivated", "its uses are no longer warned of", &[get(), deprecated()], &[get()]),
    ]
}

/// Paths that change, each the same operation with evidence.
fn moves() -> Vec<Whole> {
    let response = || {
        let properties = json!({"a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "boolean"}});
        let schema = json!({"type": "object", "properties": properties});
        json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}})
    };
    let telling = |id: &str| json!({"post": {"operationId": id, "tags": ["things"], "responses": response()}});
    let both = |path: &'static str, more: &'static str| {
        [edit(path, json!({"get": operation("listOthers")})), edit(more, json!({"get": operation("listRest")}))]
    };
    vec![
        whole(
            "several paths moved below another one",
            "calls of the old paths fail; the methods stay",
            &both("/paths/~1others", "/paths/~1others~1rest"),
            &both("/paths/~1v2~1others", "/paths/~1v2~1others~1rest"),
        ),
        whole(
            "path and operationId changed",
            "calls of the old path fail; the method stays",
            &[edit("/paths/~1others", telling("createOther"))],
            &[edit("/paths/~1more", telling("makeMore"))],
        ),
    ]
}

fn names() -> Vec<Whole> {
    let id = |name: &str| {
        json!({"get": {"operationId": "getThing", "tags": ["things"],
            "parameters": [{"name": name, "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"204": {"description": ""}}}})
    };
    let get = "/paths/~1things~1{id}";
    vec![
        whole(
            "description changed",
            "the documentation has other words",
            &[],
            &[edit("/paths/~1things/get/description", json!("Lists all."))],
        ),
        whole(
            "path parameter renamed",
            "the method has the same arguments",
            &[edit(get, id("id"))],
            &[(get, None), edit("/paths/~1things~1{key}", id("key"))],
        ),
        whole(
            "path parameter became an enumeration",
            "other values are refused; strings convert into the argument",
            &[],
            &[edit(
                "/paths/~1things~1{id}/get/parameters",
                json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "enum": ["a", "b"]}}]),
            )],
        ),
    ]
}

fn parameters() -> Vec<Whole> {
    let place = "/paths/~1things/get/parameters";
    let query = |required: bool| {
        edit(place, json!([{"name": "limit", "in": "query", "required": required, "schema": {"type": "integer"}}]))
    };
    let named = |name: &str, required: bool| {
        let schema = json!({"type": "integer"});
        edit(
            place,
            json!([{"name": name, "in": "query", "required": required, "description": "The most.", "schema": schema}]),
        )
    };
    let plain = |explode: bool| {
        let schema = json!({"type": "string"});
        edit(
            "/paths/~1things/get/parameters",
            json!([{"name": "tag", "in": "query", "explode": explode, "schema": schema}]),
        )
    };
    let list = |explode: bool| {
        let schema = json!({"type": "array", "items": {"type": "string"}});
        edit(place, json!([{"name": "tags", "in": "query", "explode": explode, "schema": schema}]))
    };
    vec![
        whole("optional parameter added", "nobody has to send it", &[], &[query(false)]),
        whole("required parameter added", "a request without it is refused; the method takes it", &[], &[query(true)]),
        whole(
            "optional parameter removed",
            "a server may ignore or refuse it; its setter is gone",
            &[query(false)],
            &[],
        ),
        whole(
            "required parameter removed",
            "a server may ignore or refuse it; an argument is gone",
            &[query(true)],
            &[],
        ),
        whole(
            "optional parameter renamed",
            "a server may ignore or refuse the old one; its setter has another name",
            &[named("limit", false)],
            &[named("size", false)],
        ),
        whole(
            "required parameter renamed",
            "a request without the new one is refused; the method has the same arguments",
            &[named("limit", true)],
            &[named("size", true)],
        ),
        whole("parameter became required", "a request without it is refused", &[query(false)], &[query(true)]),
        whole("parameter became optional", "an argument becomes a setter", &[query(true)], &[query(false)]),
        whole("plain parameter that is not exploded", "one value looks the same", &[plain(true)], &[plain(false)]),
        whole("style changed", "the server reads the old form in another way", &[list(true)], &[list(false)]),
    ]
}

fn bodies() -> Vec<Whole> {
    let place = "/paths/~1things/post/requestBody";
    let draft = || json!({"schema": {"$ref": "#/components/schemas/Draft"}});
    let body = |required: bool| edit(place, json!({"required": required, "content": {"application/json": draft()}}));
    let both = || {
        let content = json!({"application/json": draft(), "application/x-www-form-urlencoded": draft()});
        edit(place, json!({"required": true, "content": content}))
    };
    let none = || (place, None);
    let of = |[media, name]: [&str; 2]| {
        let schema = json!({"type": "object", "required": [name], "properties": {name: {"type": "string"}}});
        let content = json!({format!("application/{media}"): {"schema": schema}});
        edit(place, json!({"required": true, "content": content}))
    };
    vec![
        whole("required body added", "a request without it is refused", &[none()], &[body(true)]),
        whole("optional body added", "nobody has to send it", &[none()], &[body(false)]),
        whole("body removed", "a server may ignore or refuse it", &[body(true)], &[none()]),
        whole("body became required", "a request without it is refused", &[body(false)], &[body(true)]),
        whole("body became optional", "more is accepted", &[body(true)], &[body(false)]),
        whole("media type of a request added", "the client sends what it sent before", &[], &[both()]),
        whole("media type of a request removed", "the client does not send it", &[both()], &[]),
        whole(
            "body with another media type",
            "the server does not read the old one",
            &[of(["json", "a"])],
            &[of(["x-www-form-urlencoded", "b"])],
        ),
    ]
}

/// Where the responses of an operation are.
const RESPONSES: &str = "/paths/~1things/get/responses";

/// Returns a response that is a component.
fn response(name: &str) -> Value {
    let schema = json!({"$ref": format!("#/components/schemas/{name}")});
    json!({"description": "", "content": {"application/json": {"schema": schema}}})
}

fn responses() -> Vec<Whole> {
    let place = RESPONSES;
    let thing = || json!({"schema": {"$ref": "#/components/schemas/Thing"}});
    let list = || {
        let schema = json!({"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}});
        json!({"description": "", "content": {"application/json": schema}})
    };
    let header = |required: bool| {
        let mut response = response("Thing");
        response["headers"] = json!({"X-Count": {"required": required, "schema": {"type": "integer"}}});
        edit(place, json!({"200": response}))
    };
    let text = || {
        let content = json!({"application/json": thing(), "text/plain": {"schema": {"type": "string"}}});
        edit(place, json!({"200": {"description": "", "content": content}}))
    };
    vec![
        whole("media type of a response added", "the client reads what it read before", &[], &[text()]),
        whole("media type of a response removed", "the client does not read it", &[text()], &[]),
        whole(
            "response is a list of what it was",
            "neither side understands the other",
            &[],
            &[edit(place, json!({"200": list()}))],
        ),
        whole("header of a response added", "the client reads no header on its own", &[], &[header(true)]),
        whole("required header of a response removed", "the client reads no header on its own", &[header(true)], &[]),
        whole("optional header of a response removed", "the client reads no header on its own", &[header(false)], &[]),
    ]
}

/// Responses of more or fewer statuses.
fn statuses() -> Vec<Whole> {
    let place = RESPONSES;
    let ok = || response("Thing");
    let other = || response("Draft");
    let of = |more: &[(&str, Value)]| {
        let mut all = json!({"200": ok()});
        for (status, response) in more {
            all[*status] = response.clone();
        }
        edit(place, all)
    };
    vec![
        whole(
            "status of success added",
            "its body may not be what the client reads; the method returns one of several",
            &[],
            &[of(&[("202", other())])],
        ),
        whole(
            "status of success added with a body that is known",
            "the client reads every status of success alike",
            &[],
            &[of(&[("202", ok())])],
        ),
        whole(
            "status of success changed",
            "the client reads every status of success alike",
            &[],
            &[edit(place, json!({"202": ok()}))],
        ),
        whole(
            "status of success without a body",
            "there is nothing to read; the method returns nothing",
            &[],
            &[edit(place, json!({"204": {"description": ""}}))],
        ),
        whole("status of success removed", "it does not come any more", &[of(&[("202", ok())])], &[]),
        whole(
            "status of an error added",
            "every error is handled alike",
            &[],
            &[of(&[("404", json!({"description": ""}))])],
        ),
        whole(
            "status of an error removed",
            "every error is handled alike",
            &[of(&[("404", json!({"description": ""}))])],
            &[],
        ),
        whole(
            "status of an error added with a body",
            "every error is handled alike; the documentation of the method lists the type",
            &[],
            &[of(&[("404", other())])],
        ),
    ]
}

fn surroundings() -> Vec<Whole> {
    let server = |urls: &[&str]| {
        let servers: Vec<Value> = urls.iter().map(|url| json!({"url": format!("https://{url}.example.com")})).collect();
        edit("/servers", json!(servers))
    };
    let bearer = || {
        edit(
            "/components/securitySchemes",
            json!({"bearer": {"type": "http", "scheme": "bearer"}, "key": {"type": "apiKey", "in": "header", "name": "X-Key"}}),
        )
    };
    let token = || {
        let oauth = json!({"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://api.example.com/token", "scopes": {}}}});
        edit("/components/securitySchemes", json!({"bearer": {"type": "http", "scheme": "bearer"}, "token": oauth}))
    };
    let security = |names: &[&str]| {
        let ways: Vec<Value> = names.iter().map(|name| json!({*name: []})).collect();
        edit("/security", json!(ways))
    };
    vec![
        whole("server added", "the client keeps its own", &[], &[server(&["api", "eu"])]),
        whole("server removed", "clients of that server fail", &[server(&["api", "eu"])], &[]),
        whole(
            "default server changed",
            "the old one may no longer respond",
            &[server(&["api", "eu"])],
            &[server(&["eu", "api"])],
        ),
        whole(
            "way to authorize added",
            "the client uses the one it has",
            &[bearer(), security(&["bearer"])],
            &[bearer(), security(&["bearer", "key"])],
        ),
        whole(
            "security scheme added that adds the same header",
            "the client has more ways to be given a credential",
            &[token(), security(&["bearer"])],
            &[token(), security(&["bearer", "token"])],
        ),
        whole(
            "security scheme removed that added the same header",
            "the client has fewer ways to be given a credential",
            &[token(), security(&["bearer", "token"])],
            &[token(), security(&["bearer"])],
        ),
        whole(
            "way to authorize removed",
            "clients that use it are refused",
            &[bearer(), security(&["bearer", "key"])],
            &[bearer(), security(&["bearer"])],
        ),
        whole(
            "operation that needs no credential",
            "the client sends none with it",
            &[bearer(), security(&["bearer"])],
            &[bearer(), security(&["bearer"]), edit("/paths/~1things/get/security", json!([]))],
        ),
    ]
}

fn events() -> Vec<Whole> {
    let webhook = |description: &str| {
        let event = json!({"type": "object", "required": ["event"], "properties": {"event": {"const": "thing.done"}}});
        let content = json!({"application/json": {"schema": event}});
        edit(
            "/webhooks",
            json!({"thing.done": {"post": {"description": description, "requestBody": {"content": content}, "responses": {}}}}),
        )
    };
    let event = |name: &str| {
        let event = json!({"type": "object", "required": ["event", "id"], "properties": {"event": {"const": name}, "id": {"type": "string"}}});
        let content = json!({"application/json": {"schema": event}});
        edit("/webhooks", json!({name: {"post": {"requestBody": {"content": content}, "responses": {}}}}))
    };
    vec![
        whole("event added", "unknown events are kept as they are", &[], &[webhook("Done.")]),
        whole("event removed", "it does not come any more; its variant is gone", &[webhook("Done.")], &[]),
        whole(
            "event renamed",
            "deliveries are read as an unknown event; its variant has another name",
            &[event("thing.done")],
            &[event("thing.finished")],
        ),
        whole(
            "event described in other words",
            "the documentation has other words",
            &[webhook("Done.")],
            &[webhook("It is done.")],
        ),
    ]
}

fn components() -> Vec<Whole> {
    let renamed = |name: &str| {
        let schema = json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "size": {"type": "integer"}}});
        let content = json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
        [
            ("/components/schemas/Draft", None),
            edit("/paths/~1things/post/requestBody", json!({"required": true, "content": content})),
            (if name == "Draft" { "/components/schemas/Draft" } else { "/components/schemas/Sketch" }, Some(schema)),
        ]
    };
    let unused =
        || edit("/components/schemas/Extra", json!({"type": "object", "properties": {"x": {"type": "string"}}}));
    vec![
        whole("component added", "nothing uses it; its type is there", &[], &[unused()]),
        whole("component renamed", "it keeps its name in Rust", &renamed("Draft"), &renamed("Sketch")),
        whole("component removed", "nothing used it; its type is gone", &[unused()], &[]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_example_changes_something() {
        for example in list_wholes() {
            assert_ne!(example.before, example.after, "{}", example.name);
        }
    }
}
