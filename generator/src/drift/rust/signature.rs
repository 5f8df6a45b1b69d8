//! Signatures of the surface as text: their types, without the names of arguments, under other names of types.

use std::collections::HashMap;

use crate::surface::split_signature;

/// Returns a signature without the names of its arguments, which callers do not write, and with other names of types.
pub(super) fn plain(signature: &str, names: &HashMap<&str, &str>) -> String {
    let bare = match split_signature(signature) {
        Some((arguments, rest)) => {
            let types: Vec<&str> = arguments.into_iter().map(|(_, ty)| ty).collect();
            format!("({}){rest}", types.join(", "))
        }
        None => signature.to_owned(),
    };
    replaced(&bare, names).replace(' ', "")
}

/// Returns whether a function that takes arguments of the second signature also takes all that the first one took: where a type was
/// taken as it is, what converts into it may be taken now.
pub(super) fn takes_more(before: &str, after: &str) -> bool {
    const INTO: &str = "Into<";
    let (before, after) = (before.replace("impl", ""), after.replace("impl", ""));
    let (before, after) = (before.replace(' ', ""), after.replace(' ', ""));
    let count = |text: &str| text.matches(INTO).count();
    let exact = |text: &str| text.replace(INTO, "").replace('>', "");
    before.starts_with('(') && count(&after) > count(&before) && exact(&before) == exact(&after)
}

/// Returns whether a function that takes arguments of the second signature, as [`plain`] returns it, also takes all strings that the
/// first one took: they convert into enumerations.
pub(super) fn takes_strings(before: &str, after: &str, is_enumeration: impl Fn(&str) -> bool) -> bool {
    let (Some((old, old_result)), Some((new, new_result))) = (split_signature(before), split_signature(after)) else {
        return false;
    };
    let converts = |one: &str, other: &str| {
        let (start, rest) = one.split_once("Into<String>")?;
        let name = other.strip_prefix(start)?.strip_prefix("Into<")?.strip_suffix(rest)?.strip_suffix('>')?;
        Some(is_enumeration(name))
    };
    old_result == new_result
        && old.len() == new.len()
        && old.iter().zip(&new).all(|((_, one), (_, other))| one == other || converts(one, other) == Some(true))
}

/// Returns a text with other names in the place of some.
fn replaced(text: &str, names: &HashMap<&str, &str>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_alphabetic() || letter == '_') {
        let (before, word) = rest.split_at(start);
        let end = word.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(word.len());
        let (name, after) = word.split_at(end);
        result.push_str(before);
        result.push_str(names.get(name).unwrap_or(&name));
        rest = after;
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_converts_into_a_type_is_more_than_the_type() {
        let rows = [
            ("(Foo) -> Bar", "(impl Into<Foo>) -> Bar", true),
            ("(impl IntoIterator<Item = Foo>)", "(impl IntoIterator<Item = impl Into<Foo>>)", true),
            ("(impl Into<Foo>)", "(Foo)", false),
            ("(Foo)", "(impl Into<Bar>)", false),
            (": Foo", ": Foo", false),
        ];
        for (before, after, expected) in rows {
            assert_eq!(takes_more(before, after), expected, "{before} to {after}");
        }
    }

    #[test]
    fn strings_convert_into_enumerations_and_nothing_else() {
        let rows = [
            ("(implInto<String>)->Get", "(implInto<Mode>)->Get", true),
            ("(i64,implIntoIterator<Item=implInto<String>>)", "(i64,implIntoIterator<Item=implInto<Mode>>)", true),
            ("(implInto<String>)", "(implInto<Thing>)", false),
            ("(implInto<Thing>)", "(implInto<Mode>)", false),
            ("(implInto<String>)", "(implInto<Mode>,i64)", false),
            ("(implInto<String>)->Get", "(implInto<Mode>)->Read", false),
            (":String", ":Mode", false),
        ];
        for (before, after, expected) in rows {
            assert_eq!(takes_strings(before, after, |name| name == "Mode"), expected, "{before} to {after}");
        }
    }

    #[test]
    fn only_whole_names_are_replaced() {
        let names = HashMap::from([("Foo", "Bar")]);
        assert_eq!(plain("(a: Foo, b: Vec<Foo>) -> FooBar", &names), "(Bar,Vec<Bar>)->FooBar");
    }
}
