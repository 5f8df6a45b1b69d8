//! Compares operations that belong together: what they take and return.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::contract::{
    BodyFacts, Contract, JsonKind, OperationFacts, ParameterFacts, ResponseFacts, SchemaId, SchemaUse,
};
use crate::ir::{Location, Status};

use super::aspect::{Aspect, Need, Plain, Subject, Whole};
use super::finding::{Finding, Key};
use super::level::{Ways, Wire};
use super::local::{Context, type_name};
use super::matching::Match;
use super::pairs::{Pairs, Root, Site};
use super::parameters::renamed_parameters;

/// The comparison of all operations.
pub(super) struct Operations<'p, 'c, 'a> {
    pub(super) context: &'c Context<'a>,
    pub(super) pairs: &'p mut Pairs<'c, 'a>,
    pub(super) findings: Vec<Finding>,
    /// Headers that the client sends with every request, and whether it has a value for them.
    pub(super) injected: BTreeMap<String, bool>,
}

/// Returns a finding about a part of an operation.
pub(super) fn whole(aspect: impl Into<Aspect>, operation: &str, target: &str) -> Finding {
    Finding {
        aspect: aspect.into(),
        subject: Subject::Body,
        schema: None,
        path: String::new(),
        target: target.to_owned(),
        before: Value::Null,
        after: Value::Null,
        request: Wire::Safe,
        response: Wire::Safe,
        pointers: (None, None),
        ways: Ways::default(),
        operations: BTreeSet::from([operation.to_owned()]),
        keys: vec![Key::Operation(operation.to_owned())],
        comes: None,
        goes: None,
        brings: Vec::new(),
        takes: Vec::new(),
        detail: String::new(),
    }
}

impl Operations<'_, '_, '_> {
    /// Compares two operations that are one.
    pub(super) fn compare(&mut self, old: &OperationFacts, new: &OperationFacts) {
        self.compare_itself(old, new);
        self.compare_parameters(old, new);
        self.compare_bodies(old, new);
        self.compare_responses(old, new);
    }

    fn push(&mut self, old: &OperationFacts, new: &OperationFacts, finding: Finding) {
        let pointers = (Some(old.place.clone()), Some(new.place.clone()));
        let pointers = if finding.pointers == (None, None) { pointers } else { finding.pointers };
        self.findings.push(Finding { pointers, ..finding });
    }

    fn compare_itself(&mut self, old: &OperationFacts, new: &OperationFacts) {
        let key = new.key();
        let differs = |aspect: Whole, before: &Option<String>, after: &Option<String>| {
            (before != after).then(|| Finding {
                before: before.clone().into(),
                after: after.clone().into(),
                ..whole(aspect, &key, &key)
            })
        };
        let mut found = vec![
            // An operation that moved is another one in the first place.
            differs(Whole::OperationIdChanged, &old.operation_id, &new.operation_id).filter(|_| old.route == new.route),
            differs(Whole::TagChanged, &old.tag, &new.tag),
        ];
        if old.route != new.route {
            let same_id = old.operation_id.is_some() && old.operation_id == new.operation_id;
            let evidence =
                if same_id { "the same operationId" } else { "the only one that takes and returns the same" };
            // A path that stayed is below another one of the server.
            let is_below = old.key() == key;
            let (before, after) = if is_below { (&old.route, &new.route) } else { (&old.key(), &key) };
            found.push(Some(Finding {
                before: before.clone().into(),
                after: after.clone().into(),
                request: Wire::Breaking,
                ways: Ways::REQUEST,
                detail: evidence.to_owned(),
                ..whole(Whole::EndpointMoved, &key, &key)
            }));
        }
        if old.deprecated != new.deprecated {
            let aspect = if new.deprecated { Whole::EndpointDeprecated } else { Whole::EndpointReactivated };
            found.push(Some(whole(aspect, &key, &key)));
        }
        if old.description != new.description {
            found.push(Some(Finding {
                before: old.description.clone().into(),
                after: new.description.clone().into(),
                ..whole(Whole::OperationDescriptionChanged, &key, &key)
            }));
        }
        found.extend(compare_security(&key, old, new).into_iter().map(Some));
        for finding in found.into_iter().flatten() {
            self.push(old, new, finding);
        }
    }

    fn compare_parameters(&mut self, old: &OperationFacts, new: &OperationFacts) {
        let key = new.key();
        // Placeholders belong together by position.
        let renamed: HashMap<&str, &str> = old.placeholders().zip(new.placeholders()).collect();
        let others = renamed_parameters(self.context, old, new);
        let same = |one: &ParameterFacts, other: &ParameterFacts| {
            if others.iter().any(|(before, after)| before.place == one.place && after.place == other.place) {
                return true;
            }
            let name = match one.location {
                Location::Path => renamed.get(one.name.as_str()).copied().unwrap_or(&one.name),
                Location::Query | Location::Header | Location::Cookie => &one.name,
            };
            one.location == other.location && name == other.name
        };
        for after in new.parameters.iter().filter(|after| !old.parameters.iter().any(|before| same(before, after))) {
            let sent = self.injected.get(&after.name).copied().unwrap_or(false);
            let request = Wire::breaking_if(after.required && !sent);
            let aspect = Aspect::ParameterAdded(Need::of(after.required));
            let finding = Finding {
                after: type_name(self.context.new.contract, after.value.schema).into(),
                request,
                pointers: (Some(old.place.clone()), Some(after.place.clone())),
                comes: Some(after.value.schema),
                ..self.of_parameter(aspect, &key, after)
            };
            self.push(old, new, finding);
        }
        for before in &old.parameters {
            let Some(after) = new.parameters.iter().find(|after| same(before, after)) else {
                let finding = Finding {
                    before: type_name(self.context.old.contract, before.value.schema).into(),
                    request: Wire::Risky,
                    pointers: (Some(before.place.clone()), Some(new.place.clone())),
                    goes: Some(before.value.schema),
                    ..self.of_parameter(Whole::ParameterRemoved.into(), &key, before)
                };
                self.push(old, new, finding);
                continue;
            };
            self.compare_parameter(&key, before, after);
        }
    }

    fn of_parameter(&self, aspect: Aspect, operation: &str, parameter: &ParameterFacts) -> Finding {
        Finding {
            subject: Subject::Parameter,
            path: parameter.name.clone(),
            ways: Ways::REQUEST,
            keys: vec![Key::Parameter(operation.to_owned(), parameter.name.clone())],
            ..whole(aspect, operation, &parameter_name(parameter))
        }
    }

    fn compare_parameter(&mut self, key: &str, before: &ParameterFacts, after: &ParameterFacts) {
        let mut found = Vec::new();
        let finding = |aspect: Aspect| Finding {
            pointers: (Some(before.place.clone()), Some(after.place.clone())),
            ..self.of_parameter(aspect, key, after)
        };
        if before.name != after.name {
            let names = (before.name.clone().into(), after.name.clone().into());
            let renamed = match before.location {
                Location::Path => finding(Whole::PathParameterRenamed.into()),
                Location::Query | Location::Header | Location::Cookie => {
                    let mut finding = finding(Whole::ParameterRenamed.into());
                    finding.keys.push(Key::Parameter(key.to_owned(), before.name.clone()));
                    finding.target = parameter_name(before);
                    finding.path.clone_from(&before.name);
                    // The server no longer knows the old name, and takes the request for one without a value.
                    let is_needed = before.required || after.required;
                    let request = if is_needed { Wire::Breaking } else { Wire::Risky };
                    Finding { request, detail: "the same values and the same description".to_owned(), ..finding }
                }
            };
            found.push(Finding { before: names.0, after: names.1, ..renamed });
        }
        if before.required != after.required {
            let (plain, request) = if after.required {
                (Plain::BecameRequired, Wire::Breaking)
            } else {
                (Plain::BecameOptional, Wire::Safe)
            };
            let shown = |required: bool| Value::from(if required { "required" } else { "optional" });
            let (before, after) = (shown(before.required), shown(after.required));
            found.push(Finding { before, after, request, ..finding(plain.into()) });
        }
        if before.deprecated != after.deprecated {
            found.push(finding(if after.deprecated { Plain::Deprecated } else { Plain::Reactivated }.into()));
        }
        if before.description != after.description {
            let texts = (before.description.clone().into(), after.description.clone().into());
            found.push(Finding { before: texts.0, after: texts.1, ..finding(Plain::DescriptionChanged.into()) });
        }
        if before.style != after.style && !self.is_plain(before, after) {
            let styles = (before.style.clone().into(), after.style.clone().into());
            let request = Wire::Breaking;
            found.push(Finding {
                before: styles.0,
                after: styles.1,
                request,
                ..finding(Whole::ParameterStyleChanged.into())
            });
        }
        self.findings.extend(found);
        let part = Key::Parameter(key.to_owned(), after.name.clone());
        let root = Root { is_optional: !before.required, ..Root::new(key, Subject::Parameter, Ways::REQUEST, part) };
        self.pairs.add_root(&before.value, &after.value, root, Site { schema: None, path: parameter_name(after) });
    }

    /// Returns whether a parameter has one value, which nothing explodes, in both documents, and the same style.
    fn is_plain(&self, before: &ParameterFacts, after: &ParameterFacts) -> bool {
        let is_one =
            |contract: &Contract, parameter: &ParameterFacts| match contract.schema(parameter.value.schema).kind {
                JsonKind::String | JsonKind::Integer | JsonKind::Number | JsonKind::Boolean => true,
                JsonKind::Any | JsonKind::Null | JsonKind::Array | JsonKind::Object | JsonKind::Union => false,
            };
        let style = |parameter: &ParameterFacts| parameter.style.split(',').next().map(str::to_owned);
        let context = self.context;
        is_one(context.old.contract, before) && is_one(context.new.contract, after) && style(before) == style(after)
    }

    fn compare_bodies(&mut self, old: &OperationFacts, new: &OperationFacts) {
        let key = new.key();
        let of_body = |aspect: Aspect| Finding {
            path: "body".to_owned(),
            ways: Ways::REQUEST,
            keys: vec![Key::Body(key.clone())],
            ..whole(aspect, &key, "body")
        };
        match (&old.body, &new.body) {
            (None, None) => {}
            (None, Some(body)) => {
                let aspect = if body.required { Whole::RequiredBodyAdded } else { Whole::OptionalBodyAdded };
                let comes = body.media.values().next().map(|part| part.schema);
                let finding = Finding { request: Wire::breaking_if(body.required), comes, ..of_body(aspect.into()) };
                self.push(old, new, finding);
            }
            (Some(body), None) => {
                let goes = body.media.values().next().map(|part| part.schema);
                self.push(old, new, Finding { request: Wire::Risky, goes, ..of_body(Whole::BodyRemoved.into()) });
            }
            (Some(before), Some(after)) => {
                if before.required != after.required {
                    let plain = if after.required { Plain::BecameRequired } else { Plain::BecameOptional };
                    let request = Wire::breaking_if(after.required);
                    self.push(old, new, Finding { request, ..of_body(plain.into()) });
                }
                let used = before.media.keys().min_by_key(|media| preference(media));
                for media in before.media.keys().filter(|media| !after.media.contains_key(*media)) {
                    let request = Wire::breaking_if(Some(media) == used);
                    let finding = Finding {
                        before: media.clone().into(),
                        request,
                        target: media.clone(),
                        goes: body_schema(before, media),
                        ..of_body(Whole::BodyMediaTypeRemoved.into())
                    };
                    self.push(old, new, finding);
                }
                for media in after.media.keys().filter(|media| !before.media.contains_key(*media)) {
                    let finding = Finding {
                        after: media.clone().into(),
                        target: media.clone(),
                        comes: body_schema(after, media),
                        ..of_body(Whole::BodyMediaTypeAdded.into())
                    };
                    self.push(old, new, finding);
                }
                let root = Root::new(&key, Subject::Body, Ways::REQUEST, Key::Body(key.clone()));
                self.add_media(&before.media, &after.media, &root, "body");
            }
        }
    }

    fn add_media(
        &mut self,
        before: &BTreeMap<String, SchemaUse>,
        after: &BTreeMap<String, SchemaUse>,
        root: &Root,
        path: &str,
    ) {
        for (media, old) in before {
            if let Some(new) = after.get(media) {
                self.pairs.add_root(old, new, root.clone(), Site { schema: None, path: path.to_owned() });
            }
        }
    }

    fn compare_responses(&mut self, old: &OperationFacts, new: &OperationFacts) {
        let key = new.key();
        let mut statuses: Vec<(Status, Status)> = old
            .responses
            .keys()
            .filter(|status| new.responses.contains_key(status))
            .map(|status| (*status, *status))
            .collect();
        let moved = moved_success(old, new);
        if let Some((before, after)) = moved {
            statuses.push((before, after));
            self.change_status(old, new, (before, after));
        }
        let is_moved = |status: Status| moved.is_some_and(|(before, after)| status == before || status == after);
        for (status, response) in &old.responses {
            if !new.responses.contains_key(status) && !is_moved(*status) {
                let aspect = if is_success(*status) { Whole::SuccessStatusRemoved } else { Whole::ErrorStatusRemoved };
                let finding = of_response(aspect.into(), &key, *status);
                let goes = response.media.values().next().map(|part| part.schema);
                self.push(old, new, Finding { before: status.to_string().into(), goes, ..finding });
            }
        }
        for (status, response) in &new.responses {
            if !old.responses.contains_key(status) && !is_moved(*status) {
                let success = is_success(*status);
                let aspect = if success { Whole::SuccessStatusAdded } else { Whole::ErrorStatusAdded };
                let finding = of_response(aspect.into(), &key, *status);
                let comes = response.media.values().next().map(|part| part.schema);
                // A client reads every status of success alike.
                let is_known = comes.is_some_and(|comes| self.is_read(old, comes));
                let level = if success && !is_known { Wire::Risky } else { Wire::Safe };
                self.push(old, new, Finding { after: status.to_string().into(), response: level, comes, ..finding });
            }
        }
        for (one, other) in statuses {
            if let (Some(before), Some(after)) = (old.responses.get(&one), new.responses.get(&other)) {
                self.compare_response((old, new), other, before, after);
            }
        }
    }

    /// Returns whether a response of success had the same body before.
    fn is_read(&self, old: &OperationFacts, schema: SchemaId) -> bool {
        let known = old.responses.iter().filter(|(status, _)| is_success(**status));
        let mut known = known.flat_map(|(_, response)| response.media.values());
        known.any(|part| self.context.old.digests.of(part.schema) == self.context.new.digests.of(schema))
    }

    /// Notes that the only response of success has another status. A client reads all of them alike, unless nothing is left to read.
    fn change_status(&mut self, old: &OperationFacts, new: &OperationFacts, (before, after): (Status, Status)) {
        let part = |operation: &OperationFacts, status: Status| {
            let media = operation.responses.get(&status).map(|response| &response.media)?;
            media.values().next().map(|part| part.schema)
        };
        let (goes, comes) = (part(old, before), part(new, after));
        let finding = of_response(Whole::SuccessStatusChanged.into(), &new.key(), after);
        let (detail, response) = match (goes, comes) {
            (Some(_), None) => ("it has no body any more", Wire::Breaking),
            (None, Some(_)) => ("it has a body now", Wire::Safe),
            (Some(_), Some(_)) | (None, None) => ("", Wire::Safe),
        };
        let is_one = goes.is_some() == comes.is_some();
        let finding = Finding {
            before: before.to_string().into(),
            after: after.to_string().into(),
            response,
            goes: goes.filter(|_| !is_one),
            comes: comes.filter(|_| !is_one),
            detail: detail.to_owned(),
            ..finding
        };
        self.push(old, new, finding);
    }

    fn compare_response(
        &mut self,
        (old, new): Match<'_>,
        status: Status,
        before: &ResponseFacts,
        after: &ResponseFacts,
    ) {
        let key = new.key();
        let path = format!("response {status}");
        let used = before.media.keys().min_by_key(|media| preference(media));
        // A status without a body says that itself.
        let is_said = before.media.is_empty() != after.media.is_empty() && moved_success(old, new).is_some();
        let differing = |one: &ResponseFacts, other: &ResponseFacts| -> Vec<String> {
            let media = one.media.keys().filter(|media| !is_said && !other.media.contains_key(*media));
            media.cloned().collect()
        };
        for media in &differing(before, after) {
            let response = Wire::breaking_if(Some(media) == used && is_success(status));
            let finding = of_response(Whole::ResponseMediaTypeRemoved.into(), &key, status);
            self.push(
                old,
                new,
                Finding {
                    before: media.clone().into(),
                    target: format!("{path} {media}"),
                    response,
                    goes: before.media.get(media).map(|part| part.schema),
                    ..finding
                },
            );
        }
        for media in &differing(after, before) {
            let finding = of_response(Whole::ResponseMediaTypeAdded.into(), &key, status);
            let comes = after.media.get(media).map(|part| part.schema);
            let target = format!("{path} {media}");
            self.push(old, new, Finding { after: media.clone().into(), target, comes, ..finding });
        }
        let root = Root::new(&key, Subject::Body, Ways::RESPONSE, Key::Response(key.clone()));
        self.add_media(&before.media, &after.media, &root, &path);
        self.compare_headers((old, new), status, before, after);
    }

    fn compare_headers(
        &mut self,
        (old, new): Match<'_>,
        status: Status,
        before: &ResponseFacts,
        after: &ResponseFacts,
    ) {
        let key = new.key();
        let path = format!("response {status}");
        for (name, (required, _)) in &before.headers {
            if !after.headers.contains_key(name) {
                let aspect = if *required { Whole::RequiredHeaderRemoved } else { Whole::OptionalHeaderRemoved };
                let finding = of_response(aspect.into(), &key, status);
                let place = format!("{path} header {name}");
                self.push(
                    old,
                    new,
                    Finding { subject: Subject::Header, path: place.clone(), target: place, ..finding },
                );
            }
        }
        for (name, (_, value)) in &after.headers {
            let site = Site { schema: None, path: format!("{path} header {name}") };
            match before.headers.get(name) {
                Some((_, old_value)) => {
                    let root = Root::new(&key, Subject::Header, Ways::default(), Key::Response(key.clone()));
                    self.pairs.add_root(old_value, value, root, site);
                }
                None => {
                    let finding = of_response(Whole::ResponseHeaderAdded.into(), &key, status);
                    let (path, target) = (site.path.clone(), site.path);
                    self.push(old, new, Finding { subject: Subject::Header, path, target, ..finding });
                }
            }
        }
    }
}

/// Returns the ways to authorize an operation that came or went.
fn compare_security(key: &str, old: &OperationFacts, new: &OperationFacts) -> Vec<Finding> {
    let listed = |operation: &OperationFacts| -> Vec<String> {
        operation.security.iter().map(|way| way.join(" and ")).collect()
    };
    let (before, after) = (listed(old), listed(new));
    let of = |aspect: Whole, matters: bool, way: &str| Finding {
        request: if matters { Wire::Risky } else { Wire::Safe },
        ways: Ways::REQUEST,
        ..whole(aspect, key, way)
    };
    let came = after.iter().filter(|way| !before.contains(way));
    let came =
        came.map(|way| Finding { after: way.clone().into(), ..of(Whole::SecurityAdded, before.is_empty(), way) });
    let went = before.iter().filter(|way| !after.contains(way));
    let went =
        went.map(|way| Finding { before: way.clone().into(), ..of(Whole::SecurityRemoved, !after.is_empty(), way) });
    came.chain(went).collect()
}

fn body_schema(body: &BodyFacts, media: &str) -> Option<SchemaId> {
    body.media.get(media).map(|part| part.schema)
}

fn of_response(aspect: Aspect, operation: &str, status: Status) -> Finding {
    Finding {
        path: format!("response {status}"),
        ways: Ways::RESPONSE,
        keys: vec![Key::Response(operation.to_owned())],
        ..whole(aspect, operation, &format!("response {status}"))
    }
}

fn parameter_name(parameter: &ParameterFacts) -> String {
    let location = match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    format!("{location} parameter {}", parameter.name)
}

fn is_success(status: Status) -> bool {
    status.class() == Some(2)
}

fn only_success(operation: &OperationFacts) -> Option<Status> {
    let mut found = operation.responses.keys().copied().filter(|status| is_success(*status));
    found.next().filter(|_| found.next().is_none())
}

/// Returns the statuses of the only response of success, if they differ: the same response under another status.
fn moved_success(old: &OperationFacts, new: &OperationFacts) -> Option<(Status, Status)> {
    let (before, after) = (only_success(old)?, only_success(new)?);
    (before != after).then_some((before, after))
}

/// Returns the rank of a media type among those that a client can choose from, as the model has it.
fn preference(media: &str) -> usize {
    match media {
        "application/json" => 0,
        media if media.ends_with("json") => 1,
        "multipart/form-data" => 2,
        "application/x-www-form-urlencoded" => 3,
        "application/octet-stream" => 4,
        media if media.starts_with("text/") => 5,
        _ => 6,
    }
}
