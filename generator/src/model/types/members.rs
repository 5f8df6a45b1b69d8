//! Words that distinguish the inline members of a union, from which their names are built. Knows nothing about Rust
//! types.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::ir::Literal;
use crate::keyword::Keywords;
use crate::names::RustIdent;
use crate::pointer::Pointer;

use super::super::all_of::merge;
use super::super::references::{reference_of, resolve};
use super::super::schema::{Form, classify};
use super::component_of;

/// Ordinal numbers, for members that cannot be distinguished otherwise.
const ORDINALS: [&str; 10] =
    ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"];

/// Returns the word for a position.
pub(super) fn ordinal(index: usize) -> &'static str {
    ORDINALS.get(index).copied().unwrap_or("Item")
}

/// Returns a word for each member of a union, including members that have a name of their own.
pub(super) fn member_words(document: &Value, members: &[Value], place: &Pointer) -> Vec<String> {
    let plain: Vec<String> = members
        .iter()
        .map(|member| tag(member).or_else(|| component(member)).unwrap_or_else(|| kind_word(member)))
        .collect();
    let inline: Vec<usize> =
        (0..members.len()).filter(|index| classify(&members[*index]).reference().is_none()).collect();
    let alike = |word: &String| inline.iter().filter(|index| plain[**index] == *word).count() > 1;
    let objects: Vec<usize> =
        inline.iter().copied().filter(|index| plain[*index] == "Object" && alike(&plain[*index])).collect();
    let distinguished = distinguish(document, members, &objects, place);
    let mut words = plain.clone();
    for (index, word) in objects.iter().zip(distinguished) {
        words[*index] = word.unwrap_or_else(|| "Object".to_owned());
    }
    let mut used: BTreeSet<String> = BTreeSet::new();
    for index in inline {
        if !used.insert(words[index].clone()) {
            words[index] = numbered(&words[index], &used);
            used.insert(words[index].clone());
        }
    }
    words
}

fn numbered(word: &str, used: &BTreeSet<String>) -> String {
    let ordinals = ORDINALS.iter().skip(1).map(|ordinal| format!("{ordinal}{word}"));
    let mut letters = (0_u32..).map(|number| format!("{word}{}", letters(number)));
    let free = ordinals.into_iter().find(|candidate| !used.contains(candidate));
    free.or_else(|| letters.find(|candidate| !used.contains(candidate))).unwrap_or_default()
}

/// Returns `A` to `Z`, `AA` and so on.
fn letters(mut number: u32) -> String {
    let mut letters = String::new();
    loop {
        letters.insert(0, char::from(b'A' + u8::try_from(number % 26).unwrap_or_default()));
        number /= 26;
        if number == 0 {
            return letters;
        }
        number -= 1;
    }
}

/// Returns the constant in one of a member's properties.
fn tag(member: &Value) -> Option<String> {
    let properties = member.keyword("properties").and_then(Value::as_object);
    let (name, constant) = properties
        .into_iter()
        .flatten()
        .find_map(|(name, property)| Some((name, Literal::of(classify(property).constant()?)?)))?;
    Some(RustIdent::pascal(&constant.words(name)).to_string())
}

/// Returns the component that a member refers to; a union with properties of its own turns it into another type.
fn component(member: &Value) -> Option<String> {
    let name = component_of(member)?;
    Some(RustIdent::pascal(name).to_string())
}

fn kind_word(member: &Value) -> String {
    let word = match classify(member) {
        Form::Object | Form::Merged | Form::Reference(_) => "Object",
        Form::Map(_) => "Map",
        Form::Union(_) => "Union",
        Form::List(_) => "List",
        Form::Tuple(..) => "Tuple",
        Form::Strings(_) => "Enum",
        Form::Constant(_) | Form::String(_) => "String",
        Form::Integer(_) => "Integer",
        Form::Number => "Number",
        Form::Boolean => "Boolean",
        Form::Any | Form::Mixed(_) => "Any",
    };
    word.to_owned()
}

/// The properties of a member that is an object.
#[derive(Default)]
struct Object {
    required: Vec<String>,
    known: Vec<String>,
    kinds: Vec<(String, String)>,
}

/// Returns what distinguishes each object from the others: a required property, a property, or the type of a property.
fn distinguish(document: &Value, members: &[Value], objects: &[usize], place: &Pointer) -> Vec<Option<String>> {
    let seen: Vec<Object> = objects.iter().map(|index| object(document, &members[*index], place)).collect();
    let alone = |index: usize, name: &String| {
        !seen.iter().enumerate().any(|(other, object)| other != index && object.known.contains(name))
    };
    let word = |index: usize, object: &Object| {
        let own = object.required.iter().chain(&object.known).find(|name| alone(index, name));
        own.map(|name| RustIdent::pascal(name).to_string()).or_else(|| {
            let others = || seen.iter().enumerate().filter(move |(other, _)| *other != index).map(|(_, other)| other);
            // The object without distinguishing properties is the plain one; the others are distinguished by more.
            let differs = object.kinds.iter().find(|kind| {
                others().all(|other| other.known.contains(&kind.0)) && others().all(|other| !other.kinds.contains(kind))
            });
            differs.map(|(name, kind)| format!("{}{kind}", RustIdent::pascal(name)))
        })
    };
    seen.iter().enumerate().map(|(index, object)| word(index, object)).collect()
}

fn object(document: &Value, member: &Value, place: &Pointer) -> Object {
    let merged = match classify(member) {
        Form::Merged => merge(document, member, place).ok(),
        Form::Reference(_)
        | Form::Union(_)
        | Form::Constant(_)
        | Form::Strings(_)
        | Form::Object
        | Form::Map(_)
        | Form::List(_)
        | Form::Tuple(..)
        | Form::String(_)
        | Form::Integer(_)
        | Form::Number
        | Form::Boolean
        | Form::Any
        | Form::Mixed(_) => None,
    };
    let member = merged.as_ref().unwrap_or(member);
    let properties = member.keyword("properties").and_then(Value::as_object);
    let required = member.keyword("required").and_then(Value::as_array);
    let kind = |property: &Value| match reference_of(property).map(|reference| resolve(document, reference, place)) {
        Some(Ok(target)) => kind_word(target.value),
        Some(Err(_)) | None => kind_word(property),
    };
    let properties = || properties.into_iter().flatten();
    Object {
        required: required.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        known: properties().map(|(name, _)| name.clone()).collect(),
        kinds: properties().map(|(name, property)| (name.clone(), kind(property))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_called_after_what_tells_them_apart() {
        let object = |required: &[&str], properties: Value| json!({"type": "object", "required": required, "properties": properties});
        let text = || json!({"type": "string"});
        let rows = [
            (vec![text(), object(&[], json!({"a": {}}))], vec!["String", "Object"]),
            (vec![object(&["url"], json!({"url": text()})), object(&["id"], json!({"id": text()}))], vec!["Url", "Id"]),
            (
                vec![object(&[], json!({"kind": {"enum": ["a_b"]}})), object(&[], json!({"kind": {"enum": ["c"]}}))],
                vec!["AB", "C"],
            ),
            (vec![object(&[], json!({"a": {}})), object(&[], json!({"a": {}, "b": {}}))], vec!["Object", "B"]),
            (
                vec![object(&[], json!({"a": text()})), object(&[], json!({"a": {"type": "number"}}))],
                vec!["AString", "ANumber"],
            ),
            (vec![object(&[], json!({"a": {}})), object(&["a"], json!({"a": {}}))], vec!["Object", "SecondObject"]),
            (vec![json!({"enum": ["a", "b"]}), json!({"enum": ["c", "d"]})], vec!["Enum", "SecondEnum"]),
        ];
        for (members, expected) in rows {
            assert_eq!(member_words(&json!({}), &members, &Pointer::root()), expected, "{members:?}");
        }
    }
}
