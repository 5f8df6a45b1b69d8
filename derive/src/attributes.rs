//! Reads the attributes of `serde` that decide under which name a field is in JSON. Must not know what is done with a name.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, LitStr, Result, Token};

/// What the attributes of a type or a field say.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    /// The name in JSON.
    pub(crate) rename: Option<String>,
    /// The convention for the names of all fields.
    pub(crate) rename_all: Option<Convention>,
    /// Whether the field is not in JSON.
    pub(crate) skipped: bool,
    /// The tag of an enum with data, or `untagged`.
    pub(crate) is_union: bool,
}

/// How `serde` makes the names of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Convention {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Attributes {
    /// Reads the attributes of `serde`, and refuses those that hide where a value is in the output.
    pub(crate) fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut found = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| found.read(&meta))?;
        }
        Ok(found)
    }

    fn read(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let Some(name) = meta.path.get_ident().map(ToString::to_string) else { return skip_value(meta) };
        match name.as_str() {
            "rename" => self.rename = name_for_reading(meta)?.map(|name| name.value()).or(self.rename.take()),
            "rename_all" => {
                if let Some(name) = name_for_reading(meta)? {
                    self.rename_all = Some(Convention::parse(&name)?);
                }
            }
            "skip" | "skip_deserializing" => self.skipped = true,
            "untagged" => self.is_union = true,
            "tag" | "content" => {
                self.is_union = true;
                skip_value(meta)?;
            }
            "alias" => {
                let message = "an extraction returns a field under one name: write `#[serde(rename = \"…\")]` in place of `alias`";
                return Err(meta.error(message));
            }
            "flatten" => {
                let message = "a flattened field has no place of its own in the output: write its fields here, or remove `flatten`";
                return Err(meta.error(message));
            }
            _ => skip_value(meta)?,
        }
        Ok(())
    }
}

/// Reads `= "name"` or `(serialize = "name", deserialize = "name")`; returns the name that is read.
fn name_for_reading(meta: &ParseNestedMeta<'_>) -> Result<Option<LitStr>> {
    if meta.input.peek(Token![=]) {
        return meta.value()?.parse().map(Some);
    }
    let mut name = None;
    meta.parse_nested_meta(|inner| {
        let value = inner.value()?.parse()?;
        if inner.path.is_ident("deserialize") {
            name = Some(value);
        }
        Ok(())
    })?;
    Ok(name)
}

/// Goes past the value of an attribute that does not matter.
fn skip_value(meta: &ParseNestedMeta<'_>) -> Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<syn::Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        meta.parse_nested_meta(|inner| skip_value(&inner))?;
    }
    Ok(())
}

impl Convention {
    fn parse(name: &LitStr) -> Result<Self> {
        Ok(match name.value().as_str() {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return Err(syn::Error::new(name.span(), "`serde` has no such convention")),
        })
    }

    /// Returns the name of a field, which is in snake case in Rust.
    pub(crate) fn apply(self, field: &str) -> String {
        match self {
            Self::Lower | Self::Snake => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Pascal => pascal(field),
            Self::Camel => {
                let pascal = pascal(field);
                let mut characters = pascal.chars();
                characters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(characters).collect()
            }
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(field: &str) -> String {
    let capitalized = |word: &str| -> String {
        let mut characters = word.chars();
        characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
    };
    field.split('_').map(capitalized).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_conventions_of_serde() {
        for (convention, name) in [
            (Convention::Lower, "due_date_2"),
            (Convention::Upper, "DUE_DATE_2"),
            (Convention::Pascal, "DueDate2"),
            (Convention::Camel, "dueDate2"),
            (Convention::Snake, "due_date_2"),
            (Convention::ScreamingSnake, "DUE_DATE_2"),
            (Convention::Kebab, "due-date-2"),
            (Convention::ScreamingKebab, "DUE-DATE-2"),
        ] {
            assert_eq!(convention.apply("due_date_2"), name, "{convention:?}");
        }
    }
}
