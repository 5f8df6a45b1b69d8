//! The mocks of a server, the requests it received, and whether they match the expectations.
//!
//! It must not know how requests arrive.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use serde_json::json;

use super::clock::InstantClock;
use super::recorded_request::RecordedRequest;
use super::reply::Reply;
use crate::client::profile::Profile;
use crate::dispatch::find_nearest;
use crate::operation::Operation;

/// The state that all mocks of a server share.
pub(super) struct MockRegistry {
    pub(super) profile: &'static Profile,
    pub(super) operations: &'static [&'static Operation],
    pub(super) clock: InstantClock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    requests: Vec<RecordedRequest>,
    unanswered: Vec<String>,
    checked: Checked,
}

/// Whether the test has already checked the problems itself.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Checked {
    #[default]
    Not,
    ByTest,
}

/// Index of a rule in the registry.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuleId(usize);

/// Responses to the requests of an operation that meet certain conditions.
struct Rule {
    operation: &'static Operation,
    conditions: Vec<Condition>,
    replies: Vec<Reply>,
    /// Number of requests that the rule has matched.
    calls: usize,
    expected: Option<usize>,
}

/// A condition on a request.
#[derive(Clone)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) test: Arc<dyn Fn(&RecordedRequest) -> bool + Send + Sync>,
}

impl fmt::Debug for MockRegistry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("MockRegistry")
            .field("product", &self.profile.name)
            .field("rules", &state.rules.len())
            .field("requests", &state.requests.len())
            .finish_non_exhaustive()
    }
}

impl MockRegistry {
    pub(super) fn new(profile: &'static Profile, operations: &'static [&'static Operation]) -> Self {
        Self { profile, operations, clock: InstantClock::new(), state: Mutex::default() }
    }

    pub(super) fn add(&self, operation: &'static Operation) -> RuleId {
        let rules = &mut self.state().rules;
        rules.push(Rule { operation, conditions: Vec::new(), replies: Vec::new(), calls: 0, expected: None });
        RuleId(rules.len() - 1)
    }

    pub(super) fn condition(&self, rule: RuleId, condition: Condition) {
        self.change(rule, |rule| rule.conditions.push(condition));
    }

    pub(super) fn reply(&self, rule: RuleId, reply: Reply) {
        self.change(rule, |rule| rule.replies.push(reply));
    }

    pub(super) fn expect(&self, rule: RuleId, calls: usize) {
        self.change(rule, |rule| rule.expected = Some(calls));
    }

    fn change(&self, rule: RuleId, change: impl FnOnce(&mut Rule)) {
        // A rule that has been reset in the meantime needs no change.
        if let Some(rule) = self.state().rules.get_mut(rule.0) {
            change(rule);
        }
    }

    pub(super) fn requests(&self) -> Vec<RecordedRequest> {
        self.state().requests.clone()
    }

    pub(super) fn reset(&self) {
        *self.state() = State::default();
    }

    /// Records a request and returns the response to it.
    pub(super) fn respond(&self, request: RecordedRequest) -> Reply {
        let fitting = self.fitting(&request);
        let mut state = self.state();
        state.requests.push(request.clone());
        let number = state.requests.len();
        let (mut reply, problem) = match fitting.and_then(|RuleId(place)| state.rules.get_mut(place)) {
            Some(rule) => rule.next(&request),
            None => unmatched(self.operations, &state.rules, &request),
        };
        state.unanswered.extend(problem);
        if let Some(name) = self.profile.request_id_headers.first()
            && !reply.headers.contains_key(*name)
        {
            reply = reply.header(name, &format!("req_{number}"));
        }
        reply
    }

    /// Returns the matching rule with the most conditions, or the most recent of several.
    fn fitting(&self, request: &RecordedRequest) -> Option<RuleId> {
        let operation = request.operation()?;
        let candidates: Vec<(RuleId, Vec<Condition>)> = {
            let state = self.state();
            let rules = state.rules.iter().enumerate().filter(|(_, rule)| rule.operation == operation);
            rules.map(|(place, rule)| (RuleId(place), rule.conditions.clone())).collect()
        };
        // Conditions are code of the test and may access the registry, so it is not locked while they run.
        let holds = |(_, conditions): &&(RuleId, Vec<Condition>)| conditions.iter().all(|one| (one.test)(request));
        candidates.iter().filter(holds).max_by_key(|(_, conditions)| conditions.len()).map(|(rule, _)| *rule)
    }

    /// Lists every unmet expectation, one per line.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut state = self.state();
        state.checked = Checked::ByTest;
        state.problems()
    }

    /// Like [`MockRegistry::problems`], but empty if the test has already checked them.
    pub(super) fn problems_left(&self) -> Vec<String> {
        let state = self.state();
        match state.checked {
            Checked::Not => state.problems(),
            Checked::ByTest => Vec::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn problems(&self) -> Vec<String> {
        let wrong = self.rules.iter().filter_map(Rule::problem);
        wrong.chain(self.unanswered.iter().cloned()).collect()
    }
}

impl Rule {
    /// Returns the next reply (the last one repeats), and a problem if there is no reply.
    fn next(&mut self, request: &RecordedRequest) -> (Reply, Option<String>) {
        let reply = self.replies.get(self.calls).or(self.replies.last()).cloned();
        self.calls += 1;
        match reply {
            Some(reply) => (reply.about(request), None),
            None => {
                let message = format!("the mock of `{}`{} has no response", self.operation.id, self.conditions());
                not_mocked(request, Some(self.operation), message)
            }
        }
    }

    fn problem(&self) -> Option<String> {
        let expected = self.expected.filter(|expected| *expected != self.calls)?;
        let (id, calls) = (self.operation.id, times(self.calls));
        Some(format!("`{id}`{} was called {calls} instead of {}", self.conditions(), times(expected)))
    }

    fn conditions(&self) -> String {
        let texts: Vec<&str> = self.conditions.iter().map(|condition| condition.text.as_str()).collect();
        if texts.is_empty() { String::new() } else { format!(" with {}", texts.join(" and ")) }
    }
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

fn unmatched(operations: &[&'static Operation], rules: &[Rule], request: &RecordedRequest) -> (Reply, Option<String>) {
    let call = format!("{} {}", request.method(), request.path());
    let Some(operation) = request.operation() else {
        let near = find_nearest(operations, &call);
        let hint = near
            .map_or_else(String::new, |near| format!("; the nearest is `{}` ({} {})", near.id, near.method, near.path));
        return not_mocked(request, near, format!("`{call}` is no operation of this API{hint}"));
    };
    let id = operation.id;
    let known: Vec<&Rule> = rules.iter().filter(|rule| rule.operation == operation).collect();
    let why = match known.as_slice() {
        [] => format!("`{id}` ({call}) has no mock"),
        [only] => format!("`{id}` ({call}) has a mock only{}", only.conditions()),
        several => format!("`{id}` ({call}) has {} mocks, and none of their conditions holds", several.len()),
    };
    not_mocked(request, Some(operation), why)
}

/// Returns the response to an unexpected request, which is marked as not retryable.
fn not_mocked(
    request: &RecordedRequest,
    operation: Option<&'static Operation>,
    message: String,
) -> (Reply, Option<String>) {
    let body = json!({
        "code": "NOT_MOCKED",
        "message": message,
        "method": request.method(),
        "path": request.path(),
        "operation": operation.map(|operation| operation.id),
        "retryable": false,
    });
    (Reply::new(StatusCode::NOT_IMPLEMENTED.as_u16()).body(&body), Some(message))
}
