//! What to write instead of one public item, in a sentence. Knows no document.

use crate::surface::split_signature;

use super::super::report::RustItem;
use super::super::rust::{NEEDS, last_name};
use super::migration::{CallChange, Migration, NewArgument};

/// Returns what to write instead of an item that is not what it was; `None` for one that was added.
pub(super) fn advise(item: &RustItem, migration: &Migration) -> Option<String> {
    let before = item.before.as_deref()?;
    if let Some(target) = migration.renamed.get(&item.path) {
        return Some(format!("write `{target}` instead of `{}`", item.path));
    }
    let Some(after) = item.after.as_deref() else { return Some(lost(&item.path, before)) };
    if let Some(change) = migration.calls.get(&item.path) {
        return Some(called(&item.path, change));
    }
    if let Some(ty) = item.path.strip_suffix(NEEDS) {
        return Some(format!("enable a feature that brings `{ty}` in your Cargo.toml: {after}"));
    }
    if before.contains("::") && after.contains("::") && before == item.path {
        return Some(format!("write `{after}` instead of `{before}`"));
    }
    Some(changed(&item.path, before, after))
}

/// Returns what to do about a change of this kind that no item shows.
pub(super) fn of_change(id: &str) -> &'static str {
    if id.ends_with("removed") {
        "remove what uses it; nothing takes its place"
    } else {
        "compile, and follow the errors: the items of this change have other types"
    }
}

fn owner(path: &str) -> &str {
    path.rsplit_once("::").map_or(path, |(owner, _)| owner)
}

/// Returns what to do without an item.
fn lost(path: &str, before: &str) -> String {
    if let Some((item, implemented)) = path.split_once(": ") {
        return lost_implementation(last_name(item), implemented);
    }
    if let Some(feature) = path.strip_prefix("feature ") {
        return format!("remove the feature `{feature}` from your Cargo.toml; what it enabled is gone or needs none");
    }
    let name = last_name(path);
    if let Some(target) = before.strip_prefix("= ") {
        return format!("write `{target}` instead of `{path}`, which stood for it");
    }
    if path.starts_with("types::") && path.matches("::").count() == 1 {
        return format!("nothing takes the place of `{path}`: remove what names it");
    }
    if before == "variant" {
        return format!(
            "remove the arm or value `{}::{name}`; a value that still arrives is read as the unknown variant, which keeps its text",
            last_name(owner(path))
        );
    }
    if path.starts_with("webhooks::WebhookEvent::") || (before.starts_with('(') && starts_upper(name)) {
        return format!("remove the arm `{}::{name}`; what still arrives is read as `Unknown`", last_name(owner(path)));
    }
    if path.starts_with("types::") && before.starts_with('(') {
        return match name {
            "new" => format!("`{}` is only read now: take it from a response", last_name(owner(path))),
            _ => format!("remove the call of `{}::{name}`: the API takes no such value", last_name(owner(path))),
        };
    }
    if path.starts_with("types::") {
        return format!("remove the uses of the field `{}::{name}`: the API does not have it", last_name(owner(path)));
    }
    lost_call(path, name)
}

fn lost_call(path: &str, name: &str) -> String {
    if path.starts_with("testing::") {
        return format!("remove `{path}` from your tests: the client has nothing for it");
    }
    if matches!(name, "items" | "pages") {
        return format!("await `{}` itself: its response is the whole list, or one page of it", owner(path));
    }
    if matches!(name, "wait" | "poller" | "attach") {
        return format!("`{}` starts nothing that can be waited for: await it itself", owner(path));
    }
    let is_method = name.starts_with(|letter: char| letter.is_lowercase());
    if is_method && path.starts_with("resources::") && !owner(path).ends_with("::Client") {
        return format!("remove the call of `{name}` on `{}`: the API has nothing for it", owner(path));
    }
    format!("nothing takes the place of `{path}`: remove what uses it")
}

fn lost_implementation(item: &str, implemented: &str) -> String {
    match implemented.strip_prefix("From<").and_then(|rest| rest.strip_suffix('>')) {
        Some(source) => {
            format!("build the `{item}` by name, with its constructor or variant, instead of from `{source}`")
        }
        None if implemented == "Default" => format!("write `{item}::new(…)` with its arguments instead of `default()`"),
        None => format!("`{item}` is not `{implemented}` any more: borrow or clone it, or compare its fields"),
    }
}

fn starts_upper(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// Returns how to call a function whose arguments are not what they were.
fn called(path: &str, change: &CallChange) -> String {
    let shown = if last_name(path) == "new" { format!("{}::new", last_name(owner(path))) } else { path.to_owned() };
    let mut steps = Vec::new();
    for (index, argument) in change.arguments.iter().enumerate() {
        if let NewArgument::Added { name, ty } = argument {
            steps.push(format!("give `{shown}` its argument {} `{name}: {ty}`", index + 1));
        }
    }
    for (index, setter) in &change.setters {
        steps.push(format!("call `.{setter}(…)` on what `{shown}` returns, with what was its argument {}", index + 1));
    }
    for index in &change.dropped {
        steps.push(format!("leave out argument {} of `{shown}`", index + 1));
    }
    if steps.is_empty() {
        steps.push(format!("give `{shown}` its arguments in the new order"));
    }
    steps.join("; ")
}

/// Returns what to do about an item of another type.
fn changed(path: &str, before: &str, after: &str) -> String {
    if let (Some(old), Some(new)) = (split_signature(before), split_signature(after)) {
        return signature(path, old, new).unwrap_or_else(|| format!("call `{path}` as `{after}`"));
    }
    match (before, after) {
        ("struct", "enum") => {
            format!("match on the variants of `{}`; what all of them have is a method", last_name(path))
        }
        ("enum", "struct") => format!("read the fields of `{}` instead of matching on it", last_name(path)),
        ("enum" | "struct", "type") => {
            format!("use the type that `{path}` stands for: it has no variants, fields and constructors of its own")
        }
        ("type", "enum" | "struct") => format!("build and match `{path}` as a type of its own"),
        (_, _) => retyped(path, before, after),
    }
}

/// The arguments of a function, as name and type, and its result.
type Signature<'s> = (Vec<(&'s str, &'s str)>, &'s str);

/// Returns what to do about a function with other types; `None` if it takes and returns the same.
fn signature(path: &str, (old, old_result): Signature<'_>, (new, new_result): Signature<'_>) -> Option<String> {
    let mut arguments = old.iter().zip(&new).enumerate();
    if let Some((index, (one, other))) = arguments.find(|(_, (one, other))| one.1 != other.1) {
        let types = (plain(other.1), plain(one.1));
        return Some(format!("give `{path}` a `{}` as argument {} instead of a `{}`", types.0, index + 1, types.1));
    }
    // A method of a union is written with what it returns: `() of Name`.
    let result = |text: &'_ str| text.trim().trim_start_matches("->").trim_start_matches("of ").trim().to_owned();
    let results = (result(new_result), result(old_result));
    (old_result != new_result).then(|| format!("`{path}` returns `{}` instead of `{}`", results.0, results.1))
}

/// Returns a type of an argument without what it is converted from.
fn plain(ty: &str) -> &str {
    ty.strip_prefix("impl Into<").and_then(|inner| inner.strip_suffix('>')).unwrap_or(ty)
}

/// Returns what to do about a field, a payload or a response of another type.
fn retyped(path: &str, before: &str, after: &str) -> String {
    let type_of = |text: &'_ str| text.trim_start_matches(['-', '>', '=', ' ']).to_owned();
    let (before, after) = (type_of(before), type_of(after));
    let (before, after) = (before.as_str(), after.as_str());
    let inner = |ty: &str, outer: &str| {
        ty.strip_prefix(outer)
            .and_then(|rest| rest.strip_prefix('<'))
            .and_then(|rest| rest.strip_suffix('>'))
            .map(str::to_owned)
    };
    if inner(after, "Option").as_deref() == Some(before) {
        return format!("handle `None` of `{path}`, as in `if let Some(value) = …`: it may be absent");
    }
    if inner(before, "Option").as_deref() == Some(after) {
        return format!("use `{path}` as it is, without unwrapping: it is always there");
    }
    if let Some(value) = inner(after, "Field") {
        return format!("read `{path}` with `.value()`, an `Option<&{value}>`: absent and `null` are told apart");
    }
    if inner(before, "Field").is_some() {
        return format!("read `{path}` as `{after}`, without `.value()`");
    }
    let is_number = |ty: &str| matches!(ty, "i32" | "i64" | "u32" | "u64" | "i128" | "f64");
    if is_number(before) && is_number(after) {
        return format!("convert `{path}`, a `{after}`, with `as` or `try_from` where a `{before}` is needed");
    }
    if before == "String" && starts_upper(after) && !after.contains('<') {
        return format!(
            "read `{path}` with `.as_str()` or match on it: it is a `{after}`, and made from a string by `.into()`"
        );
    }
    if after == "String" {
        return format!("compare `{path}` with strings: it is a `String` instead of `{before}`");
    }
    format!("use `{path}` as a `{after}` instead of a `{before}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_item_has_its_remedy() {
        let rows: [(&str, Option<&str>, Option<&str>, &str); 9] = [
            ("types::A::b", Some("B"), Some("Option<B>"), "handle `None` of `types::A::b`"),
            ("types::A::b", Some("Option<B>"), Some("B"), "without unwrapping"),
            ("types::A::b", Some("f64"), Some("i64"), "convert `types::A::b`, a `i64`"),
            ("types::A::b", Some("Option<f64>"), Some("Field<f64>"), ".value()"),
            ("types::A::B", Some("variant"), None, "remove the arm or value `A::B`"),
            ("types::A::with_b", Some("(impl Into<B>)"), None, "remove the call of `A::with_b`"),
            ("types::A: From<B>", Some("impl"), None, "instead of from `B`"),
            ("types::A", Some("struct"), Some("enum"), "match on the variants of `A`"),
            (
                "types::A::with_b",
                Some("(impl Into<B>)"),
                Some("(impl Into<C>)"),
                "a `C` as argument 1 instead of a `B`",
            ),
        ];
        let item = |path: &str, before: Option<&str>, after: Option<&str>| RustItem {
            path: path.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        for (path, before, after, expected) in rows {
            let advice = advise(&item(path, before, after), &Migration::default()).unwrap();
            assert!(advice.contains(expected), "{advice}");
        }
        assert_eq!(advise(&item("types::A", None, Some("struct")), &Migration::default()), None);
    }
}
