//! What every client has, whatever its document says: the re-exports of its root, the client and its builder, and the methods of
//! each request builder. Must not know any operation.

use crate::emit::Input;
use crate::ir::CredentialInput;
use crate::model::BUILDER_METHODS;
use crate::names::RustIdent;

use super::{Item, ItemKind, Member, MemberKind};

/// Names that the root of the client re-exports.
const ROOT: &[&str] = &[
    "Attempt",
    "Batch",
    "Bytes",
    "Clock",
    "Constant",
    "Download",
    "Environment",
    "Error",
    "ErrorKind",
    "Extra",
    "Field",
    "FilePart",
    "GaveUp",
    "HeaderMap",
    "Items",
    "JsonError",
    "KeyProvider",
    "Map",
    "OPERATIONS",
    "Operation",
    "Pages",
    "Paginated",
    "Pause",
    "PollSchedule",
    "Pollable",
    "Poller",
    "Progress",
    "ProvidedKey",
    "RawResponse",
    "RequestOptions",
    "Response",
    "ResponseParts",
    "RetryPolicy",
    "SharedCore",
    "Secret",
    "Positions",
    "Sensitive",
    "StatusCode",
    "SystemClock",
    "Timestamp",
    "Value",
    "Verdict",
    "Wait",
    "decode_json",
    "decode_value",
    "environments",
    "tower",
];

/// Names that the module `blocking` re-exports.
const BLOCKING: &[&str] = &["Call", "Download", "Iter"];

/// Names that the module `testing` re-exports.
const TESTING: &[&str] = &[
    "ByStatus",
    "Events",
    "InstantClock",
    "Json",
    "Lines",
    "Mock",
    "Nothing",
    "Raw",
    "RecordedRequest",
    "Reply",
    "SystemClock",
    "Text",
];

/// Names that the module `webhooks` re-exports.
const WEBHOOKS: &[&str] =
    &["ClaimFuture", "EventClaims", "HeaderText", "Headers", "RecentEvents", "WebhookError", "WebhookErrorKind"];

/// Methods of a client.
const CLIENT: &[&str] = &["base_url", "builder", "builder_from_env", "core", "from_core", "from_env", "new"];

/// Methods of each request builder, besides the setters of injected headers.
const REQUEST_BUILDER: &[&str] = &[
    "header",
    "max_retries",
    "options",
    "query_parameter",
    "retry",
    "send",
    "send_raw",
    "send_with_parts",
    "timeout",
    "total_timeout",
];

/// The method of the asynchronous builder that makes a blocking client.
const BUILD_BLOCKING: &str = "build_blocking";

/// Name of the item with the methods that all request builders share.
const EVERY_REQUEST_BUILDER: &str = "every request builder";

/// Returns the items.
pub(super) fn standard_items(input: &Input<'_>) -> Vec<Item> {
    let setters: Vec<&str> = input.profile.headers.iter().map(|header| header.setter.as_str()).collect();
    let mut items = re_exports("", ROOT);
    let credentials = credential_setters(input);
    items.extend(clients("", &setters, &credentials));
    if !setters.is_empty() {
        items.push(provided(ItemKind::Trait, "", "HeaderSetters", &[&setters]));
    }
    items.push(provided(ItemKind::Extension, "", EVERY_REQUEST_BUILDER, &[REQUEST_BUILDER, &setters]));
    items.push(added("", "ClientBuilder", BUILD_BLOCKING, "() -> Result<blocking::Client, Error>"));
    items.extend(re_exports("blocking", BLOCKING));
    items.extend(clients("blocking", &setters, &credentials));
    items.push(added("blocking", "Client", "wait_for", "(future) -> Result<T, Error>"));
    let call = "(&Client, &'static Operation, Arguments) -> Result<Outcome, CallError>";
    items.push(Item::new(ItemKind::Function, "dispatch", "call").with_signature(call));
    items.extend(re_exports("testing", TESTING));
    let mut server = Item::new(ItemKind::Struct, "testing", "MockServer");
    for (method, signature) in
        [("start", "() -> Self"), ("client", "() -> Client"), ("client_builder", "() -> ClientBuilder")]
    {
        server.add(MemberKind::Method, method, signature);
    }
    items.push(server);
    items.extend(re_exports("webhooks", WEBHOOKS));
    if input.delivery_checks().is_some() {
        items.extend(re_exports("webhooks", &["Event", "Webhooks", "parse"]));
        items.extend(re_exports("testing", &["Delivery"]));
        items.push(
            Item::new(ItemKind::Function, "testing", "delivery").with_signature("(event, secret: &str) -> Delivery"),
        );
    }
    items
}

/// Returns the setters of credentials, if there are several.
fn credential_setters(input: &Input<'_>) -> Vec<Member> {
    let method = |name: &RustIdent, signature: &str| Member {
        kind: MemberKind::Method,
        name: name.to_string(),
        signature: signature.to_owned(),
    };
    let setters = input.api.credentials.iter().flat_map(|credential| match &credential.input {
        CredentialInput::Token(provider) => vec![
            method(&credential.setter, "(token: impl Into<Secret>) -> Self"),
            method(provider, "(provider: impl KeyProvider) -> Self"),
        ],
        CredentialInput::UserAndPassword => {
            vec![method(&credential.setter, "(user: impl AsRef<str>, password: impl Into<Secret>) -> Self")]
        }
    });
    setters.collect()
}

fn re_exports(module: &str, names: &[&str]) -> Vec<Item> {
    names.iter().map(|name| Item::new(ItemKind::ReExport, module, name)).collect()
}

/// A client and its builder.
fn clients(module: &str, setters: &[&str], credentials: &[Member]) -> [Item; 2] {
    // Listed with the feature that it needs.
    let is_feature = |method: &&str| *method == BUILD_BLOCKING;
    let builder: Vec<&str> = BUILDER_METHODS.iter().copied().filter(|method| !is_feature(method)).collect();
    let mut of_builder = provided(ItemKind::Struct, module, "ClientBuilder", &[&builder, setters]);
    of_builder.members.extend(credentials.iter().cloned());
    [provided(ItemKind::Struct, module, "Client", &[CLIENT]), of_builder]
}

/// An item whose methods a macro of the runtime provides.
fn provided(kind: ItemKind, module: &str, name: &str, methods: &[&[&str]]) -> Item {
    let mut item = Item::new(kind, module, name);
    let methods = methods.iter().copied().flatten();
    item.members.extend(methods.map(|name| Member {
        kind: MemberKind::Provided,
        name: (*name).to_owned(),
        signature: String::new(),
    }));
    item
}

/// A method of an item that is listed elsewhere.
fn added(module: &str, owner: &str, method: &str, signature: &str) -> Item {
    let mut item = Item::new(ItemKind::Extension, module, owner);
    item.add(MemberKind::Method, method, signature);
    item
}
