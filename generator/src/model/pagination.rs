//! Which lists are paginated, and how: detected by a token that an operation takes and returns, corrected by the
//! profile.
//!
//! It must not know how a page is requested.

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::{Cursor, Location, Operation, Pagination, Parameter, Presence, PropertyPath, Response, Type, Types};
use crate::pointer::Pointer;
use crate::profile::{ListRule, PaginationPolicy, Paging};

use super::property_path::{find_property, step_into};

/// Finds the operations that can be paginated.
pub(super) fn find_pagination(operations: &mut [Operation], types: &Types, policy: &PaginationPolicy) -> Report {
    let mut report = Report::default();
    for rule in &policy.lists {
        if !operations.iter().any(|operation| operation.key() == rule.operation) {
            report.push(unused(&rule.operation, "no such operation"));
        }
    }
    for operation in operations {
        let rule = policy.lists.iter().find(|rule| rule.operation == operation.key());
        operation.pagination = match found(operation, types, policy, rule) {
            Finding::List(pages) => Some(pages),
            Finding::Nothing => None,
            Finding::Doubt(problem) => {
                report.push(match rule {
                    Some(rule) => unused(&rule.operation, &problem),
                    None => doubt(operation, &problem),
                });
                None
            }
        };
    }
    report
}

enum Finding {
    List(Pagination),
    Nothing,
    /// The operation should be paginated but is not.
    Doubt(String),
}

fn found(operation: &Operation, types: &Types, policy: &PaginationPolicy, rule: Option<&ListRule>) -> Finding {
    let Response::Json(response) = &operation.response else {
        return rule.map_or(Finding::Nothing, |_| Finding::Doubt("its response is not JSON".to_owned()));
    };
    let cursor = match rule.map_or(Paging::Tokens, |rule| rule.pages) {
        Paging::None => return Finding::Nothing,
        Paging::Whole => None,
        Paging::Tokens => {
            let parameter = rule.and_then(|rule| rule.token_parameter.as_ref()).or(policy.token_parameter.as_ref());
            let property = rule.and_then(|rule| rule.token_property.as_ref()).or(policy.token_property.as_ref());
            match cursor(operation, types, response, parameter.zip(property)) {
                Some(cursor) => Some(cursor),
                None if rule.is_some() => return Finding::Doubt("it takes or returns no such token".to_owned()),
                None => return Finding::Nothing,
            }
        }
    };
    match items(types, response, rule.and_then(|rule| rule.items.as_deref())) {
        Ok((items, item)) => Finding::List(Pagination { cursor, items, item: item.clone() }),
        Err(problem) => Finding::Doubt(problem),
    }
}

/// Finds the token that the operation takes and returns, both of them strings.
fn cursor(operation: &Operation, types: &Types, response: &Type, names: Option<(&String, &String)>) -> Option<Cursor> {
    let (parameter, property) = names?;
    let takes = |known: &&Parameter| known.location == Location::Query && known.wire.0 == *parameter;
    let parameter = operation.parameters.iter().find(takes)?;
    let (token, returned) = find_property(types, response, property)?;
    let is_string = |ty: &Type| *types.resolve(ty) == Type::String;
    // The first page is requested without a token.
    let fits = parameter.presence != Presence::Required && is_string(&parameter.ty) && is_string(returned);
    fits.then(|| Cursor { parameter: parameter.name.clone(), token })
}

/// Finds the items: at the path in the profile, else in the only list.
fn items<'a>(types: &'a Types, response: &'a Type, path: Option<&str>) -> Result<(PropertyPath, &'a Type), String> {
    if let Some(path) = path {
        return match find_property(types, response, path) {
            Some((way, ty)) => match list(types, ty) {
                Some(item) => Ok((way, item)),
                None => Err(format!("`{path}` of its response is not a list")),
            },
            None => Err(format!("its response has no `{path}`")),
        };
    }
    let fields = types.structure(response).map(|object| object.fields.as_slice()).unwrap_or_default();
    let mut lists = fields.iter().filter_map(|field| Some((field, list(types, &field.ty)?)));
    match (lists.next(), lists.count()) {
        (Some((field, item)), 0) => {
            let step = step_into(field).ok_or_else(|| format!("`{}` is secret", field.wire))?;
            Ok((PropertyPath(vec![step]), item))
        }
        (None, _) => Err("its response has no list".to_owned()),
        (Some(_), more) => Err(format!("its response has {} lists", more + 1)),
    }
}

fn list<'a>(types: &'a Types, ty: &'a Type) -> Option<&'a Type> {
    match types.resolve(ty) {
        Type::List(item) => Some(item),
        Type::Nullable(_)
        | Type::String
        | Type::Boolean
        | Type::Integer(_)
        | Type::Number
        | Type::Timestamp
        | Type::Binary
        | Type::Any
        | Type::Constant(_)
        | Type::Map(_)
        | Type::Tuple(..)
        | Type::Named(_) => None,
    }
}

fn unused(operation: &str, problem: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ProfileUnused,
        Pointer::root().join("pagination").join("lists"),
        format!("`{operation}`: {problem}"),
    )
    .in_source("profile.toml")
    .expected("an operation whose response holds a list")
    .help("correct the entry, or delete it")
}

fn doubt(operation: &Operation, problem: &str) -> Diagnostic {
    Diagnostic::new(Code::Ignored, operation.origin.clone(), format!("the pages of `{}`: {problem}", operation.key()))
        .expected("one list beside the token")
        .help("name the list in `pagination.lists` of the profile, or say there that it has no pages")
}
