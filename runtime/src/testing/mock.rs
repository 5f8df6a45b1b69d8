//! The mock of one operation, as a test configures it.
//!
//! It must not know which operation.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::fail;
use super::recorded_request::RecordedRequest;
use super::registry::{Condition, MockRegistry, RuleId};
use super::reply::Reply;
use super::response_kind::ResponseKind;
use super::server::Mocks;
use crate::operation::Operation;

/// The mock of one operation.
///
/// Conditions restrict which requests it matches: without any, every request of the operation. Where several match, the one with
/// the most conditions responds, and among those the latest. Responses are sent in the order they were set; the last one repeats.
///
/// Each function takes effect at once, so the mock need not be kept.
#[derive(Debug)]
pub struct Mock<A> {
    registry: Arc<MockRegistry>,
    operation: &'static Operation,
    prepared: Option<&'static str>,
    rule: Option<RuleId>,
    kind: PhantomData<fn() -> A>,
}

impl<A: ResponseKind> Mock<A> {
    #[doc(hidden)]
    #[must_use]
    pub fn new(mocks: &impl AsRef<Mocks>, operation: &'static Operation, prepared: Option<&'static str>) -> Self {
        Self { registry: Arc::clone(&mocks.as_ref().0), operation, prepared, rule: None, kind: PhantomData }
    }

    /// Responds with this value.
    #[track_caller]
    pub fn returns(self, value: A::Value) -> Self {
        self.replies_with(A::reply(value))
    }

    /// Responds with these values, one after the other.
    #[track_caller]
    pub fn returns_each(self, values: impl IntoIterator<Item = A::Value>) -> Self {
        values.into_iter().fold(self, Self::returns)
    }

    /// Responds with the prepared value of its type, as in `fixtures`.
    ///
    /// # Panics
    ///
    /// There is none, because every value of the type would contain itself.
    #[track_caller]
    pub fn returns_fixture(self) -> Self {
        match self.prepared {
            Some(json) => self.replies_with(A::prepared(json)),
            None => fail(format_args!("`{}` has no prepared response: use `returns`", self.operation.id)),
        }
    }

    #[doc(hidden)]
    pub fn prepare(self) {
        if let Some(json) = self.prepared {
            self.replies_with(A::prepared(json));
        }
    }

    /// Responds with this reply, of any kind.
    pub fn replies_with(self, reply: Reply) -> Self {
        self.configure(|registry, rule| registry.reply(rule, reply))
    }

    /// Fails with this status. Whether it is worth repeating is left to the status.
    ///
    /// # Panics
    ///
    /// The status is not one from 200 to 999.
    #[track_caller]
    pub fn fails(self, status: u16) -> Self {
        self.replies_with(Reply::failure(status))
    }

    /// Fails with this status and body.
    ///
    /// # Panics
    ///
    /// The status is not one from 200 to 999, or the body cannot be written as JSON.
    #[track_caller]
    pub fn fails_with(self, status: u16, body: impl Serialize) -> Self {
        self.replies_with(Reply::new(status).body(&body))
    }

    /// Fails so many times with this status, before what is set next.
    ///
    /// # Panics
    ///
    /// The status is not one from 200 to 999.
    #[track_caller]
    pub fn fails_times(self, times: usize, status: u16) -> Self {
        let reply = Reply::failure(status);
        (0..times).fold(self, |mock, _| mock.replies_with(reply.clone()))
    }

    /// Breaks the connection instead of answering.
    pub fn disconnects(self) -> Self {
        self.replies_with(Reply::disconnect())
    }

    /// Restricts the mock to requests for which the predicate holds.
    pub fn when(self, test: impl Fn(&RecordedRequest) -> bool + Send + Sync + 'static) -> Self {
        self.only("a condition of the test".to_owned(), test)
    }

    /// Restricts the mock to requests with this value in the path; the name is that in the path template.
    pub fn with_path(self, name: &str, value: &str) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        let text = format!("`{name}` = `{value}` in the path");
        self.only(text, move |request| request.path_parameter(&name) == Some(&value))
    }

    /// Restricts the mock to requests with this name and value in the query.
    pub fn with_query(self, name: &str, value: &str) -> Self {
        let pair = (name.to_owned(), value.to_owned());
        self.only(format!("`{name}` = `{value}` in the query"), move |request| request.query().contains(&pair))
    }

    /// Restricts the mock to requests with this header.
    pub fn with_header(self, name: &str, value: &str) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.only(format!("the header `{name}: {value}`"), move |request| request.header(&name) == Some(&value))
    }

    /// Restricts the mock to requests whose JSON body contains at least this value; objects may have more properties.
    ///
    /// # Panics
    ///
    /// The value cannot be written as JSON.
    #[track_caller]
    pub fn with_body(self, part: impl Serialize) -> Self {
        let part = match serde_json::to_value(part) {
            Ok(part) => part,
            Err(error) => fail(format_args!("the value cannot be written as JSON: {error}")),
        };
        let test = move |request: &RecordedRequest| request.json().is_ok_and(|body| contains(&body, &part));
        self.only("a part of the body".to_owned(), test)
    }

    /// Expects this number of requests; [`MockServer::verify`](super::MockServer::verify) checks it.
    pub fn times(self, calls: usize) -> Self {
        self.configure(|registry, rule| registry.expect(rule, calls))
    }

    /// The requests of this operation, in the order they arrived: those that fit the conditions or do not.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        let mut requests = self.registry.requests();
        requests.retain(|request| request.operation() == Some(self.operation));
        requests
    }

    fn only(self, text: String, test: impl Fn(&RecordedRequest) -> bool + Send + Sync + 'static) -> Self {
        self.configure(|registry, rule| registry.condition(rule, Condition { text, test: Arc::new(test) }))
    }

    /// The first thing a mock is told puts it on the board.
    fn configure(mut self, tell: impl FnOnce(&MockRegistry, RuleId)) -> Self {
        let rule = self.rule.unwrap_or_else(|| self.registry.add(self.operation));
        tell(&self.registry, rule);
        self.rule = Some(rule);
        self
    }
}

/// Prepared responses of several operations.
#[doc(hidden)]
pub trait Prepare {
    /// Lets each of them respond with its prepared value, where it has one.
    fn prepare(&self);
}

/// Whether a value has everything that a part of it has.
fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| contains(whole, part)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(whole, part)| contains(whole, part))
        }
        (whole, part) => whole == part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_part_names_what_has_to_be_there() {
        let whole = json!({"a": {"b": [1, {"c": 2, "d": null}]}, "e": "x"});
        for (part, contained) in [
            (json!({}), true),
            (json!({"e": "x"}), true),
            (json!({"a": {"b": [1, {"c": 2}]}}), true),
            (json!({"a": {"b": [1]}}), false),
            (json!({"a": {"b": [1, {"c": 3}]}}), false),
            (json!({"f": null}), false),
            (json!([]), false),
        ] {
            assert_eq!(contains(&whole, &part), contained, "{part}");
        }
    }
}
