//! Chooses the call that examples show: the simplest one that returns something to print. Knows how users write calls, not how
//! the methods are generated.

use crate::ir::{Api, Lifecycle, Operation, Presence, Response, Type};
use crate::method::Method;
use crate::wire::function_name;

/// A call as a user writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Example {
    /// The expression from `client` up to `.await`; `None` if no call is simple enough.
    pub call: Option<String>,
}

/// Chooses the simplest call.
pub(super) fn choose_first_call(api: &Api) -> Example {
    let call = api.operations.iter().filter(|operation| is_simple(api, operation)).min_by_key(|operation| {
        let required = required(operation).count();
        (
            operation.method != Method::Get,
            required > 1,
            !operation.name.as_str().starts_with("list"),
            required,
            function_name(operation),
        )
    });
    Example { call: call.map(call_expression) }
}

fn required(operation: &Operation) -> impl Iterator<Item = &crate::ir::Parameter> {
    operation.parameters.iter().filter(|parameter| parameter.presence == Presence::Required)
}

fn is_simple(api: &Api, operation: &Operation) -> bool {
    operation.lifecycle == Lifecycle::Current
        && operation.body.is_none()
        && matches!(operation.response, Response::Json(_))
        && required(operation).all(|parameter| matches!(api.types.resolve(&parameter.ty), Type::String))
}

fn call_expression(operation: &Operation) -> String {
    let group = operation.group.as_ref().map_or_else(String::new, |group| format!(".{}()", group.source()));
    let arguments: Vec<String> = required(operation).map(|parameter| format!("{:?}", parameter.wire.0)).collect();
    format!("client{group}.{}({})", operation.name.source(), arguments.join(", "))
}
