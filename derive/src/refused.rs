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
    let refuse = |message: &str| Err(Error::new_spanned(ty, message));
    let segment = match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Group(group) => return check(&group.elem, owner, position),
        Type::Paren(inner) => return check(&inner.elem, owner, position),
        Type::Tuple(_) | Type::Array(_) => {
            return refuse(
                "an extraction has no tuples and no lists of fixed length: write a `Vec`, or a struct with a field for each position",
            );
        }
        Type::Reference(_) | Type::Slice(_) => {
            return refuse("an extraction returns owned values: write `Option<String>` or a `Vec`");
        }
        _ => None,
    };
    let Some(segment) = segment else { return Ok(()) };
    let name = segment.ident.to_string();
    match name.as_str() {
        "Option" if position == Position::Item => {
            return refuse("an extraction never returns null items: write the items without `Option`");
        }
        "Option" => return argument(segment).map_or(Ok(()), |inner| check(inner, owner, Position::Optional)),
        "Box" => return argument(segment).map_or(Ok(()), |inner| check(inner, owner, position)),
        "Vec" if position == Position::Item => {
            return refuse("an extraction has no lists of lists: write a list of structs that contain the inner list");
        }
        "Vec" => return argument(segment).map_or(Ok(()), |inner| check(inner, owner, Position::Item)),
        _ => {}
    }
    if let (Position::Field, true) = (position, is_primitive(&name)) {
        let shown = ty.to_token_stream();
        let message = format!("the API returns null for what a document does not contain: write `Option<{shown}>`");
        return Err(Error::new_spanned(ty, message));
    }
    if segment.ident == *owner || name == "Self" {
        return refuse(
            "an extraction cannot contain itself: write a list without nesting, such as one with a field for the level",
        );
    }
    match name.as_str() {
        map if MAPS.contains(&map) => refuse(
            "an extraction has no maps: write a list of structs with one field for the key and one for the value",
        ),
        set if SETS.contains(&set) => {
            refuse("an extraction has no sets: write a `Vec`, because a document may repeat a value")
        }
        moment if MOMENTS.contains(&moment) => refuse(
            "an extraction has dates without a time: write `Option<Date>`, or `Option<String>` if the time matters",
        ),
        "Value" => refuse(
            "an extraction needs the type of each value: write that type, or a struct with the fields that are wanted",
        ),
        "char" => refuse("an extraction has no characters: write `Option<String>`"),
        _ => Ok(()),
    }
}

fn is_primitive(name: &str) -> bool {
    NUMBERS.contains(&name) || ["String", "bool", "Date", "NaiveDate"].contains(&name)
}

/// Returns the only type argument.
fn argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
