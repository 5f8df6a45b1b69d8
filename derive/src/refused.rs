//! Types that can be seen to be impossible to extract, with what to write instead. Must not expand anything.
//!
//! What an alias hides is left to the traits of `extend-ai`, and what those cannot see to the check before sending.

use quote::ToTokens;
use syn::{Error, GenericArgument, Ident, PathArguments, PathSegment, Result, Type};

const NUMBERS: [&str; 14] =
    ["f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"];
const MAPS: [&str; 4] = ["HashMap", "BTreeMap", "IndexMap", "Map"];
const SETS: [&str; 3] = ["HashSet", "BTreeSet", "IndexSet"];
const MOMENTS: [&str; 5] = ["DateTime", "NaiveDateTime", "OffsetDateTime", "Timestamp", "Zoned"];

/// Where a type stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Field,
    Optional,
    Item,
}

/// Refuses the type of a field of the struct `owner`.
pub(crate) fn check_field(ty: &Type, owner: &Ident) -> Result<()> {
    check(ty, owner, Position::Field)
}

fn check(ty: &Type, owner: &Ident, position: Position) -> Result<()> {
    let Some(segment) = last_segment(ty)? else { return Ok(()) };
    let name = segment.ident.to_string();
    let inside = |position| argument(segment).map_or(Ok(()), |inner| check(inner, owner, position));
    match (name.as_str(), position) {
        ("Option", Position::Item) => {
            Err(Error::new_spanned(ty, "an extraction never returns null items: write the items without `Option`"))
        }
        ("Option", Position::Field | Position::Optional) => inside(Position::Optional),
        ("Box", _) => inside(position),
        ("Vec", Position::Item) => {
            let message = "an extraction has no lists of lists: write a list of structs that contain the inner list";
            Err(Error::new_spanned(ty, message))
        }
        ("Vec", Position::Field | Position::Optional) => inside(Position::Item),
        (name, Position::Field) if is_primitive(name) => {
            let shown = ty.to_token_stream();
            let message = format!("the API returns null for what a document does not contain: write `Option<{shown}>`");
            Err(Error::new_spanned(ty, message))
        }
        (name, _) => match advice_about(name, segment.ident == *owner) {
            Some(message) => Err(Error::new_spanned(ty, message)),
            None => Ok(()),
        },
    }
}

/// Returns the last part of the name of a type, or refuses a type that has no name.
fn last_segment(ty: &Type) -> Result<Option<&PathSegment>> {
    if let Type::Path(path) = ty {
        return Ok(path.path.segments.last());
    }
    if let Type::Group(group) = ty {
        return last_segment(&group.elem);
    }
    if let Type::Paren(inner) = ty {
        return last_segment(&inner.elem);
    }
    if matches!(ty, Type::Tuple(_) | Type::Array(_)) {
        let message = "an extraction has no tuples and no lists of fixed length: write a `Vec`, or a struct with a field for each position";
        return Err(Error::new_spanned(ty, message));
    }
    if matches!(ty, Type::Reference(_) | Type::Slice(_)) {
        return Err(Error::new_spanned(ty, "an extraction returns owned values: write `Option<String>` or a `Vec`"));
    }
    Ok(None)
}

/// Returns what to write in place of a type that is never extracted.
fn advice_about(name: &str, is_owner: bool) -> Option<&'static str> {
    if is_owner || name == "Self" {
        return Some(
            "an extraction cannot contain itself: write a list without nesting, such as one with a field for the level",
        );
    }
    match name {
        map if MAPS.contains(&map) => {
            Some("an extraction has no maps: write a list of structs with one field for the key and one for the value")
        }
        set if SETS.contains(&set) => {
            Some("an extraction has no sets: write a `Vec`, because a document may repeat a value")
        }
        moment if MOMENTS.contains(&moment) => Some(
            "an extraction has dates without a time: write `Option<Date>`, or `Option<String>` if the time matters",
        ),
        "Value" => Some(
            "an extraction needs the type of each value: write that type, or a struct with the fields that are wanted",
        ),
        "char" => Some("an extraction has no characters: write `Option<String>`"),
        _ => None,
    }
}

fn is_primitive(name: &str) -> bool {
    NUMBERS.contains(&name) || ["String", "bool", "Date", "NaiveDate"].contains(&name)
}

/// Returns the only type argument.
fn argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| if let GenericArgument::Type(ty) = argument { Some(ty) } else { None })
}
