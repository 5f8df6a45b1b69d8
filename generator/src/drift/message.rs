//! Changes in one sentence each.

use serde_json::Value;

use super::aspect::{Aspect, Move, Need, Plain, Subject, Way, Whole};
use super::finding::Finding;

/// Characters of a value before it is cut.
const LONGEST: usize = 160;

/// Returns a change in one sentence.
pub(super) fn describe_finding(finding: &Finding, way: Way) -> String {
    let place = place(finding);
    let (before, after) = (shown(&finding.before), shown(&finding.after));
    let sentence = match finding.aspect {
        Aspect::Plain(plain) => plain_message(plain, &place, &before, &after),
        Aspect::Bound(limit, movement) => {
            let limit = limit.as_str();
            match movement {
                Move::Set => format!("{place} is bounded: {limit} {after}"),
                Move::Unset => format!("{place} is no longer bounded by {limit} {before}"),
                Move::Increased | Move::Decreased => format!("{place}: {limit} went from {before} to {after}"),
            }
        }
        Aspect::PropertyAdded(Need::Required) if way == Way::Request => {
            format!("{place} is new and has to be sent: {after}")
        }
        Aspect::PropertyAdded(_) => format!("{place} is new: {after}"),
        Aspect::PropertyRemoved(_) => format!("{place} is gone; it was {before}"),
        Aspect::PropertyRenamed => format!("{place} is called {after} now"),
        Aspect::PropertiesMoved if finding.after.is_array() => format!("{place} is gone; beside it are now: {after}"),
        Aspect::PropertiesMoved => format!("{place} is new, and has what was beside it: {before}"),
        Aspect::ParameterAdded(Need::Required) => format!("{place} is new and required: {after}"),
        Aspect::ParameterAdded(Need::Optional) => format!("{place} is new: {after}"),
        Aspect::Whole(whole) => whole_message(whole, &place, &before, &after),
    };
    if finding.detail.is_empty() { sentence } else { format!("{sentence} ({})", finding.detail) }
}

fn place(finding: &Finding) -> String {
    let named = match (&finding.schema, finding.path.as_str()) {
        (Some(schema), "") => schema.clone(),
        (Some(schema), path) if path.starts_with(['[', '{', '<']) => format!("{schema}{path}"),
        (Some(schema), path) => format!("{schema}.{path}"),
        (None, "") => finding.target.clone(),
        (None, path) if finding.subject == Subject::Parameter && !finding.target.is_empty() => {
            if path.len() > finding.target.len() { path.to_owned() } else { finding.target.clone() }
        }
        (None, path) => path.to_owned(),
    };
    format!("`{named}`")
}

fn plain_message(plain: Plain, place: &str, before: &str, after: &str) -> String {
    match plain {
        Plain::BecameRequired => format!("{place} became required"),
        Plain::BecameOptional => format!("{place} became optional"),
        Plain::BecameNullable => format!("{place} may be null now"),
        Plain::BecameNotNullable => format!("{place} may no longer be null"),
        Plain::TypeChanged | Plain::TypeGeneralized | Plain::TypeSpecialized => {
            format!("{place} went from {before} to {after}")
        }
        Plain::SchemaReplaced => format!("{place} is {after} instead of {before}"),
        Plain::SchemaNamed => format!("the schema of {place} is {after} now; it was {before}"),
        Plain::EnumValueAdded => format!("{place} has new values: {after}"),
        Plain::EnumValueRemoved => format!("{place} lost values: {before}"),
        Plain::BecameEnum => format!("{place} became an enumeration: {after}"),
        Plain::EnumRemoved => format!("{place} is no longer an enumeration; it was {before}"),
        Plain::ConstChanged => format!("{place} is {after} instead of {before}"),
        Plain::OneOfAdded => format!("{place} has a new member: {after}"),
        Plain::OneOfRemoved => format!("{place} lost a member: {before}"),
        Plain::DiscriminatorAdded => format!("{place} is told apart by {after} now"),
        Plain::DiscriminatorRemoved => format!("{place} is no longer told apart by {before}"),
        Plain::DiscriminatorRenamed => format!("{place} is told apart by {after} instead of {before}"),
        Plain::PatternAdded => format!("{place} has to match {after}"),
        Plain::PatternRemoved => format!("{place} no longer has to match {before}"),
        Plain::PatternChanged => format!("{place} has to match {after} instead of {before}"),
        Plain::FormatChanged => format!("the format of {place} went from {before} to {after}"),
        Plain::DefaultAdded => format!("{place} has a default: {after}"),
        Plain::DefaultRemoved => format!("{place} no longer has the default {before}"),
        Plain::DefaultChanged => format!("the default of {place} went from {before} to {after}"),
        Plain::Deprecated => format!("{place} is deprecated"),
        Plain::Reactivated => format!("{place} is no longer deprecated"),
        Plain::BecameReadOnly => format!("{place} is read-only now"),
        Plain::BecameNotReadOnly => format!("{place} is no longer read-only"),
        Plain::BecameWriteOnly => format!("{place} is write-only now"),
        Plain::BecameNotWriteOnly => format!("{place} is no longer write-only"),
        Plain::AdditionalPropertiesNarrowed => format!("other properties of {place}: {after} instead of {before}"),
        Plain::AdditionalPropertiesWidened => format!("other properties of {place}: {after} instead of {before}"),
        Plain::PrefixItemsChanged => format!("the items of {place} are {after} instead of {before}"),
        Plain::PrefixItemsAdded => format!("{place} has more items: {after} instead of {before}"),
        Plain::PrefixItemsRemoved => format!("{place} has fewer items: {after} instead of {before}"),
        Plain::KeywordChanged => format!("a restriction of {place} went from {before} to {after}"),
        Plain::DescriptionChanged => format!("{place} is described in other words"),
    }
}

fn whole_message(whole: Whole, place: &str, before: &str, after: &str) -> String {
    match whole {
        Whole::EndpointAdded => format!("{after} is new"),
        Whole::EndpointRemoved => format!("{before} is gone without having been deprecated"),
        Whole::DeprecatedEndpointRemoved => format!("{before}, which was deprecated, is gone"),
        Whole::EndpointMoved => format!("{before} is {after} now"),
        Whole::EndpointDeprecated => format!("{place} is deprecated"),
        Whole::EndpointReactivated => format!("{place} is no longer deprecated"),
        Whole::OperationIdChanged => format!("the operationId of {place} went from {before} to {after}"),
        Whole::TagChanged => format!("the tag of {place} went from {before} to {after}"),
        Whole::OperationDescriptionChanged | Whole::WebhookDescriptionChanged => {
            format!("{place} is described in other words")
        }
        Whole::PathParameterRenamed => format!("the placeholder {before} is called {after} now"),
        Whole::ParameterRemoved => format!("{place} is gone; it was {before}"),
        Whole::ParameterRenamed => format!("{place} is called {after} now"),
        Whole::ParameterStyleChanged => format!("{place} is serialized as {after} instead of {before}"),
        Whole::RequiredBodyAdded => "a request body is required now".to_owned(),
        Whole::OptionalBodyAdded => "a request body can be sent now".to_owned(),
        Whole::BodyRemoved => "there is no request body any more".to_owned(),
        Whole::BodyMediaTypeAdded => format!("the body can be {after}, too"),
        Whole::BodyMediaTypeRemoved => format!("the body can no longer be {before}"),
        Whole::ResponseMediaTypeAdded => format!("{place} can be {after}, too"),
        Whole::ResponseMediaTypeRemoved => format!("{place} can no longer be {before}"),
        Whole::SuccessStatusChanged => format!("the status of success is {after} instead of {before}"),
        Whole::SuccessStatusAdded | Whole::ErrorStatusAdded => format!("{place} is new"),
        Whole::SuccessStatusRemoved | Whole::ErrorStatusRemoved => format!("{place} is gone"),
        Whole::ResponseHeaderAdded => format!("{place} is new"),
        Whole::RequiredHeaderRemoved | Whole::OptionalHeaderRemoved => format!("{place} is gone"),
        Whole::SecuritySchemeAdded => format!("the security scheme {after} is new"),
        Whole::SecuritySchemeRemoved => format!("the security scheme {before} is gone"),
        Whole::SecurityAdded => format!("requests can be authorized by {after}"),
        Whole::SecurityRemoved => format!("requests can no longer be authorized by {before}"),
        Whole::ServerAdded => format!("the server {after} is new"),
        Whole::ServerRemoved => format!("the server {before} is gone"),
        Whole::DefaultServerChanged => format!("the first server is {after} instead of {before}"),
        Whole::WebhookAdded => format!("the event {after} is new"),
        Whole::WebhookRemoved => format!("the event {before} is gone"),
        Whole::WebhookRenamed => format!("the event {before} is called {after} now"),
        Whole::SchemaAdded => format!("the schema {after} is new"),
        Whole::SchemaRemoved => format!("the schema {before} is gone"),
        Whole::SchemaRenamed => format!("the schema {before} is called {after} now"),
        Whole::RustItemAdded => format!("{place} is new in Rust, for no reason that the document shows"),
        Whole::RustItemRemoved => format!("{place} is gone in Rust, for no reason that the document shows"),
        Whole::RustItemChanged => format!("{place} differs in Rust, for no reason that the document shows"),
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            let list: Vec<String> =
                list.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect();
            list.join(", ")
        }
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}…")
}
