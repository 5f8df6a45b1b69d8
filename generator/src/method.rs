//! The HTTP methods for which a document can describe operations, and where a path item has them. Knows nothing of how they are
//! used.

use std::fmt;

use serde_json::{Map, Value};

/// The property of a path item with operations for methods that have no property of their own (OpenAPI 3.2).
pub(crate) const ADDITIONAL: &str = "additionalOperations";

/// An HTTP method.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// `GET`.
    Get,
    /// `PUT`.
    Put,
    /// `POST`.
    Post,
    /// `DELETE`.
    Delete,
    /// `OPTIONS`.
    Options,
    /// `HEAD`.
    Head,
    /// `PATCH`.
    Patch,
    /// `TRACE`.
    Trace,
    /// `QUERY`: safe and idempotent like `GET`, with a request body.
    Query,
    /// Any other method, as it is sent.
    Other(String),
}

impl Method {
    /// The methods that have a property in path items, in the order in which OpenAPI lists them.
    pub const NAMED: &'static [Self] = &[
        Self::Get,
        Self::Put,
        Self::Post,
        Self::Delete,
        Self::Options,
        Self::Head,
        Self::Patch,
        Self::Trace,
        Self::Query,
    ];

    /// Returns the name as sent in a request.
    pub fn name(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
            Self::Query => "QUERY",
            Self::Other(name) => name,
        }
    }

    /// Returns the property of a path item, or of its additional operations.
    pub fn key(&self) -> &str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Options => "options",
            Self::Head => "head",
            Self::Patch => "patch",
            Self::Trace => "trace",
            Self::Query => "query",
            Self::Other(name) => name,
        }
    }

    /// Returns the method of an entry of `additionalOperations`, or `None` if it cannot be sent or has a property of its own.
    /// Names of methods are case-sensitive.
    pub(crate) fn additional(name: &str) -> Option<Self> {
        let named = Self::NAMED.iter().any(|method| method.name() == name);
        (is_token(name) && !named).then(|| Self::Other(name.to_owned()))
    }

    /// Returns the methods for which a path item describes an operation.
    pub(crate) fn of_item(item: &Value) -> Vec<Self> {
        let Some(item) = item.as_object() else { return Vec::new() };
        let named = Self::NAMED.iter().filter(|method| item.get(method.key()).is_some_and(Value::is_object)).cloned();
        let others = item.get(ADDITIONAL).and_then(Value::as_object).into_iter().flatten();
        let others =
            others.filter(|(_, operation)| operation.is_object()).filter_map(|(name, _)| Self::additional(name));
        named.chain(others).collect()
    }

    /// Returns where a path item has the operation of this method.
    pub(crate) fn steps(&self) -> Vec<&str> {
        if let Self::Other(name) = self { vec![ADDITIONAL, name] } else { vec![self.key()] }
    }

    /// Returns the operation of this method in a path item.
    pub(crate) fn operation<'a>(&self, item: &'a Map<String, Value>) -> Option<&'a Value> {
        if let Self::Other(name) = self { item.get(ADDITIONAL)?.get(name) } else { item.get(self.key()) }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Returns whether a name consists of the characters that a method may have (RFC 9110, section 5.6.2).
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn path_item_has_operations_for_named_and_additional_methods() {
        let rows = [
            (
                "named",
                json!({"get": {}, "query": {}, "parameters": [], "x-put": {}, "post": null}),
                vec!["GET", "QUERY"],
            ),
            (
                "additional",
                json!({"get": {}, "additionalOperations": {"COPY": {}, "copy": {}, "M-SEARCH": {}}}),
                vec!["GET", "COPY", "copy", "M-SEARCH"],
            ),
            (
                "additional ones that cannot be sent, or have a property",
                json!({"additionalOperations": {"": {}, "A B": {}, "POST": {}, "LINK": 1}}),
                vec![],
            ),
            ("nothing", json!(7), vec![]),
        ];
        for (case, item, expected) in rows {
            let methods = Method::of_item(&item);
            assert_eq!(methods.iter().map(Method::name).collect::<Vec<_>>(), expected, "{case}");
            let found =
                item.as_object().map_or(0, |map| methods.iter().filter_map(|method| method.operation(map)).count());
            assert_eq!(found, expected.len(), "{case}");
        }
    }
}
