//! The mock of a single operation, as a test configures it.
//!
//! It must not know which operation that is.

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

/// The mock of a single operation.
///
/// Conditions restrict which requests it matches; without conditions it matches every request of the operation. If
/// several mocks match, the one with the most conditions responds, and among those the most recent one. Responses are
/// sent in the order in which they were set; the last one repeats.
///
/// Each method takes effect immediately, so the mock need not be kept.
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

    /// Responds with the fixture of the response type, as in `fixtures`.
    ///
    /// # Panics
    ///
    /// Panics if there is no fixture because every value of the type would contain itself.
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

    /// Responds with this reply, which may be of any kind.
    pub fn replies_with(self, reply: Reply) -> Self {
        self.configure(|registry, rule| registry.reply(rule, reply))
    }

    /// Fails with this status. Whether the client retries depends on the status.
    ///
    /// # Panics
    ///
    /// Panics if the status is not between 200 and 999.
    #[track_caller]
    pub fn fails(self, status: u16) -> Self {
        self.replies_with(Reply::failure(status))
    }

    /// Fails with this status and body.
    ///
    /// # Panics
    ///
    /// Panics if the status is not between 200 and 999, or if the body cannot be serialized as JSON.
    #[track_caller]
    pub fn fails_with(self, status: u16, body: impl Serialize) -> Self {
        self.replies_with(Reply::new(status).body(&body))
    }

    /// Fails the given number of times with this status before the next configured response is sent.
    ///
    /// # Panics
    ///
    /// Panics if the status is not between 200 and 999.
    #[track_caller]
    pub fn fails_times(self, times: usize, status: u16) -> Self {
        let reply = Reply::failure(status);
        (0..times).fold(self, |mock, _| mock.replies_with(reply.clone()))
    }

    /// Closes the connection instead of responding.
    pub fn disconnects(self) -> Self {
        self.replies_with(Reply::disconnect())
    }

    /// Restricts the mock to requests for which the predicate holds.
    pub fn when(self, test: impl Fn(&RecordedRequest) -> bool + Send + Sync + 'static) -> Self {
        self.only("a condition of the test".to_owned(), test)
    }

    /// Restricts the mock to requests with this path parameter. The name is the one in the path template.
    pub fn with_path(self, name: &str, value: &str) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        let text = format!("`{name}` = `{value}` in the path");
        self.only(text, move |request| request.path_parameter(&name) == Some(&value))
    }

    /// Restricts the mock to requests with this query parameter.
    pub fn with_query(self, name: &str, value: &str) -> Self {
        let pair = (name.to_owned(), value.to_owned());
        self.only(format!("`{name}` = `{value}` in the query"), move |request| request.query().contains(&pair))
    }

    /// Restricts the mock to requests with this header.
    pub fn with_header(self, name: &str, value: &str) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.only(format!("the header `{name}: {value}`"), move |request| request.header(&name) == Some(&value))
    }

    /// Restricts the mock to requests whose JSON body contains at least this value; objects may have further
    /// properties.
    ///
    /// # Panics
    ///
    /// Panics if the value cannot be serialized as JSON.
    #[track_caller]
    pub fn with_body(self, part: impl Serialize) -> Self {
        let part = match serde_json::to_value(part) {
            Ok(part) => part,
            Err(error) => fail(format_args!("the value cannot be written as JSON: {error}")),
        };
        let test = move |request: &RecordedRequest| request.json().is_ok_and(|body| contains(&body, &part));
        self.only("a part of the body".to_owned(), test)
    }

    /// Expects this number of requests, which [`MockServer::verify`](super::MockServer::verify) checks.
    pub fn times(self, calls: usize) -> Self {
        self.configure(|registry, rule| registry.expect(rule, calls))
    }

    /// Returns every request of this operation in order of arrival, whether or not it meets the conditions.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        let mut requests = self.registry.requests();
        requests.retain(|request| request.operation() == Some(self.operation));
        requests
    }

    fn only(self, text: String, test: impl Fn(&RecordedRequest) -> bool + Send + Sync + 'static) -> Self {
        self.configure(|registry, rule| registry.condition(rule, Condition { text, test: Arc::new(test) }))
    }

    /// The mock is registered when it is configured for the first time.
    fn configure(mut self, tell: impl FnOnce(&MockRegistry, RuleId)) -> Self {
        let rule = self.rule.unwrap_or_else(|| self.registry.add(self.operation));
        tell(&self.registry, rule);
        self.rule = Some(rule);
        self
    }
}

/// The mocks of several operations.
#[doc(hidden)]
pub trait Prepare {
    /// Makes each operation that has a fixture respond with it.
    fn prepare(&self);
}

/// Returns whether a value contains everything in `part`.
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
    fn part_names_what_has_to_be_there() {
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
