//! A way to a property as Rust: the expression that takes or borrows what is there.

use crate::ir::{Presence, PropertyPath, Step};

/// Where a property is that is always there.
pub(super) fn place(way: &PropertyPath, base: &str) -> String {
    way.0.iter().fold(base.to_owned(), |at, step| format!("{at}.{}", step.name.source()))
}

/// A text as `Option<&str>`.
pub(super) fn text(way: &PropertyPath, base: &str) -> String {
    text_of(&way.0, base)
}

fn text_of(steps: &[Step], base: &str) -> String {
    let Some((step, rest)) = steps.split_first() else { return "None".to_owned() };
    let at = format!("{base}.{}", step.name.source());
    match (step.presence, rest.is_empty()) {
        (Presence::Required, true) => format!("Some({at}.as_str())"),
        (Presence::Required, false) => text_of(rest, &at),
        (Presence::Nullable | Presence::Optional, true) => format!("{at}.as_deref()"),
        (Presence::OptionalNullable, true) => format!("{at}.value().map(String::as_str)"),
        (Presence::Nullable | Presence::Optional, false) => {
            format!("{at}.as_ref().and_then(|inner| {})", text_of(rest, "inner"))
        }
        (Presence::OptionalNullable, false) => format!("{at}.value().and_then(|inner| {})", text_of(rest, "inner")),
    }
}

/// A list, taken out; an empty one when it is not there.
pub(super) fn list(way: &PropertyPath, base: &str) -> String {
    let (taken, presence) = taken(&way.0, base);
    match presence {
        Presence::Required => taken,
        Presence::Nullable | Presence::Optional | Presence::OptionalNullable => format!("{taken}.unwrap_or_default()"),
    }
}

/// The value, as it is when it is required and else as an `Option`.
fn taken(steps: &[Step], base: &str) -> (String, Presence) {
    let Some((step, rest)) = steps.split_first() else { return (base.to_owned(), Presence::Required) };
    let at = format!("{base}.{}", step.name.source());
    let outer = match step.presence {
        Presence::Required => return taken(rest, &at),
        Presence::Nullable | Presence::Optional => at,
        Presence::OptionalNullable => format!("{at}.into_value()"),
    };
    if rest.is_empty() {
        return (outer, Presence::Optional);
    }
    let (inner, presence) = taken(rest, "inner");
    let chain = match presence {
        Presence::Required => "map",
        Presence::Nullable | Presence::Optional | Presence::OptionalNullable => "and_then",
    };
    (format!("{outer}.{chain}(|inner| {inner})"), Presence::Optional)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::{RustIdent, WireName};

    fn way(steps: &[(&str, Presence)]) -> PropertyPath {
        let step = |(name, presence): &(&str, Presence)| {
            let (name, wire) = (RustIdent::snake(name), WireName((*name).to_owned()));
            Step { name, wire, presence: *presence }
        };
        PropertyPath(steps.iter().map(step).collect())
    }

    #[test]
    fn what_may_be_absent_is_passed_over() {
        use Presence::{Nullable, Optional, OptionalNullable, Required};
        let cases = [
            (way(&[("data", Required)]), "Some(page.data.as_str())", "page.data"),
            (way(&[("type", Optional)]), "page.r#type.as_deref()", "page.r#type.unwrap_or_default()"),
            (
                way(&[("x", OptionalNullable)]),
                "page.x.value().map(String::as_str)",
                "page.x.into_value().unwrap_or_default()",
            ),
            (
                way(&[("meta", Required), ("next", Nullable)]),
                "page.meta.next.as_deref()",
                "page.meta.next.unwrap_or_default()",
            ),
            (
                way(&[("meta", Optional), ("next", Required)]),
                "page.meta.as_ref().and_then(|inner| Some(inner.next.as_str()))",
                "page.meta.map(|inner| inner.next).unwrap_or_default()",
            ),
            (
                way(&[("meta", OptionalNullable), ("a", Required), ("b", Optional)]),
                "page.meta.value().and_then(|inner| inner.a.b.as_deref())",
                "page.meta.into_value().and_then(|inner| inner.a.b).unwrap_or_default()",
            ),
        ];
        for (way, borrowed, owned) in cases {
            assert_eq!((text(&way, "page"), list(&way, "page")), (borrowed.to_owned(), owned.to_owned()));
        }
    }
}
