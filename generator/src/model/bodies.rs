//! Request bodies: the media type that suits a Rust user best, and the type of the body.

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Body, BodyForm, Presence, Type};
use crate::keyword::Keywords;
use crate::pointer::Pointer;

use super::all_of::merge;
use super::encodings::read_encodings;
use super::nullability::allows_null;
use super::references::{reference_of, resolve};
use super::schema::{Form, classify};
use super::sources::{Source, follow};
use super::types::{Hint, TypeBuilder};

/// Reads the request body of an operation.
pub(super) fn read_body<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>, stem: &str) -> Option<Body> {
    let target = follow(builder, source.value.keyword("requestBody")?, &source.place.join("requestBody"))?;
    let content = target.value.keyword("content").and_then(Value::as_object)?;
    let place = target.place.join("content");
    let (media, part) = content.iter().min_by_key(|(media, _)| rank(media))?;
    let anything = Value::Object(Map::new());
    let schema = part.keyword("schema").unwrap_or(&anything);
    let body_form = settle_form(builder, media, schema, &place);
    let ty = match body_form {
        BodyForm::Json | BodyForm::Multipart | BodyForm::UrlEncoded => {
            builder.type_of(schema, &place.join(media).join("schema"), &Hint::named(&format!("{stem}Request"))).ty
        }
        BodyForm::Text(_) => Type::String,
        BodyForm::Bytes(_) => Type::Binary,
    };
    let encodings = read_encodings(builder, &body_form, part, &place.join(media));
    let may_be_null = allows_null(builder.document, schema, &place);
    let presence = presence(target.value, schema, may_be_null);
    if may_be_null && presence == Presence::Required && body_form == BodyForm::Json {
        builder.report.push(
            Diagnostic::new(Code::Ignored, place.join(media).join("schema"), "a request body that may be `null`")
                .expected("a body with a value, or `required: false`")
                .help("the client always sends a value; if `null` means no value, say `required: false` with an overlay action"),
        );
    }
    Some(Body {
        form: body_form,
        json_media_type: json_media_type(media),
        encodings,
        presence,
        ty,
        alternatives: content.keys().filter(|other| *other != media).cloned().collect(),
    })
}

/// Returns the form of a body, as far as its schema fits the form of its media type. Reports what the form cannot express.
fn settle_form(builder: &mut TypeBuilder<'_>, media: &str, schema: &Value, place: &Pointer) -> BodyForm {
    let mut body_form = body_form(media);
    if let BodyForm::Text(_) = body_form {
        let schema_place = place.join(media).join("schema");
        if is_plain(builder, schema, &schema_place) {
            // As text, a number or a boolean is what it is in JSON.
            body_form = BodyForm::Json;
        } else {
            report_typed_text(builder, schema, &schema_place);
        }
    }
    if body_form == BodyForm::Multipart && !is_object(builder, schema, place) {
        builder.report.push(
            Diagnostic::new(
                Code::Untyped,
                place.join(media),
                "a multipart body that is no plain object; it is sent as bytes",
            )
            .expected("an object with a property for each part")
            .help("give it one with an overlay action"),
        );
        body_form = BodyForm::Bytes(media.to_owned());
    }
    if body_form == BodyForm::Multipart && has_further_parts(builder, schema, place) {
        builder.report.push(
            Diagnostic::new(
                Code::Ignored,
                place.join(media),
                "a multipart form with parts of any name (`additionalProperties`)",
            )
            .expected("a property for each part")
            .help("the client sends the parts that have properties; name the others with an overlay action"),
        );
    }
    body_form
}

/// Exported documents never mark a body as required. A body that is described is meant to be sent, unless it may be `null`.
fn presence(body: &Value, schema: &Value, may_be_null: bool) -> Presence {
    let is_required = match body.keyword("required") {
        Some(Value::Bool(required)) => *required,
        Some(_) | None => !may_be_null && schema.as_object().is_some_and(|schema| !schema.is_empty()),
    };
    if is_required { Presence::Required } else { Presence::Optional }
}

/// Returns the rank of a media type: typed before untyped.
fn rank(media: &str) -> usize {
    match body_form(media) {
        BodyForm::Json if essence(media) == "application/json" => 0,
        BodyForm::Json => 1,
        BodyForm::Multipart => 2,
        BodyForm::UrlEncoded => 3,
        BodyForm::Bytes(media) if media == "application/octet-stream" => 4,
        BodyForm::Text(_) => 5,
        BodyForm::Bytes(_) => 6,
    }
}

fn body_form(media: &str) -> BodyForm {
    match essence(media).as_str() {
        // A wildcard includes JSON, which is the format that can be typed.
        "*/*" | "application/*" => BodyForm::Json,
        essence if is_json(essence) => BodyForm::Json,
        "multipart/form-data" => BodyForm::Multipart,
        "application/x-www-form-urlencoded" => BodyForm::UrlEncoded,
        essence if essence.starts_with("text/") && essence != "text/xml" => BodyForm::Text(essence.to_owned()),
        essence => BodyForm::Bytes(essence.to_owned()),
    }
}

/// Returns a media type without parameters, in lower case.
pub(super) fn essence(media: &str) -> String {
    media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Returns whether a media type holds one JSON document.
pub(super) fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// Returns the media type that stands for one of JSON in a request: JSON has no `charset`, and wildcards name nothing.
/// Other parameters are part of the format, such as `version=2`.
pub(super) fn json_media_type(media: &str) -> String {
    let is_header = |media: &str| media.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if media.contains('*') || !is_header(media) {
        return "application/json".to_owned();
    }
    let mut parts = media.split(';').map(str::trim).filter(|part| !part.is_empty());
    let mut found = parts.next().unwrap_or("application/json").to_ascii_lowercase();
    for part in parts.filter(|part| !part.to_ascii_lowercase().starts_with("charset")) {
        found.push(';');
        found.push_str(part);
    }
    found
}

/// Returns whether the schema of a form says of which type properties are that it does not name.
fn has_further_parts(builder: &TypeBuilder<'_>, schema: &Value, place: &Pointer) -> bool {
    let says = |schema: &Value| schema.keyword("additionalProperties").is_some_and(Value::is_object);
    if let Form::Reference(reference) = classify(schema) {
        return resolve(builder.document, reference, place)
            .is_ok_and(|target| has_further_parts(builder, target.value, &target.place));
    }
    says(schema) || merge(builder.document, schema, place).is_ok_and(|merged| says(&merged))
}

/// Returns whether all values of a schema are numbers or booleans.
pub(super) fn is_plain(builder: &TypeBuilder<'_>, schema: &Value, place: &Pointer) -> bool {
    match classify(schema) {
        Form::Integer(_) | Form::Number | Form::Boolean => true,
        Form::Constant(value) => value.is_number() || value.is_boolean(),
        Form::Merged => {
            let merged = merge(builder.document, schema, place);
            merged.is_ok_and(|merged| {
                !matches!(classify(&merged), Form::Merged | Form::Reference(_)) && is_plain(builder, &merged, place)
            })
        }
        Form::Reference(reference) => resolve(builder.document, reference, place)
            .is_ok_and(|target| is_plain(builder, target.value, &target.place)),
        Form::Union(_)
        | Form::Strings(_)
        | Form::Map(_)
        | Form::List(_)
        | Form::Tuple(..)
        | Form::String(_)
        | Form::Object
        | Form::Any
        | Form::Mixed(_) => false,
    }
}

/// Reports a text whose schema is more than a string: its type is not made of the text.
pub(super) fn report_typed_text(builder: &mut TypeBuilder<'_>, schema: &Value, place: &Pointer) {
    let target = reference_of(schema).and_then(|reference| resolve(builder.document, reference, place).ok());
    let found = match classify(target.map_or(schema, |target| target.value)) {
        Form::Strings(_) => "a list of strings",
        Form::Object | Form::Map(_) => "an object",
        Form::List(_) | Form::Tuple(..) => "an array",
        Form::Union(_) | Form::Mixed(_) => "one of several types",
        Form::String(_)
        | Form::Constant(_)
        | Form::Integer(_)
        | Form::Number
        | Form::Boolean
        | Form::Any
        | Form::Merged
        | Form::Reference(_) => return,
    };
    builder.report.push(
        Diagnostic::new(Code::Untyped, place.clone(), format!("a text whose schema is {found}; it is a `String`"))
            .expected("a string, number or boolean, or a JSON media type")
            .help("read the text, or give the body the media type that it has with an overlay action"),
    );
}

fn is_object(builder: &TypeBuilder<'_>, schema: &Value, place: &Pointer) -> bool {
    match classify(schema) {
        Form::Object => true,
        Form::Merged => {
            merge(builder.document, schema, place).is_ok_and(|merged| matches!(classify(&merged), Form::Object))
        }
        Form::Reference(reference) => resolve(builder.document, reference, place)
            .is_ok_and(|target| is_object(builder, target.value, &target.place)),
        Form::Union(_)
        | Form::Constant(_)
        | Form::Strings(_)
        | Form::Map(_)
        | Form::List(_)
        | Form::Tuple(..)
        | Form::String(_)
        | Form::Integer(_)
        | Form::Number
        | Form::Boolean
        | Form::Any
        | Form::Mixed(_) => false,
    }
}
