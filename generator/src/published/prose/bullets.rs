//! Parses the lists of a prose page: lines that start with `- `, nested by indentation. Must not know schemas.

/// Maximum nesting of lists. Writers stop at six.
const MAX_DEPTH: usize = 16;

/// A list item with its nested items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bullet<'a> {
    pub text: &'a str,
    pub children: Vec<Bullet<'a>>,
}

/// A parameter or property: `` `key` (string, required, default: x) — text ``.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub name: &'a str,
    /// The label of the type.
    pub label: &'a str,
    pub required: bool,
    pub nullable: bool,
    pub deprecated: bool,
    pub default: Option<&'a str>,
    pub description: &'a str,
}

/// Parses lists, and returns lines outside of lists as text.
pub(super) fn parse_bullets<'a>(lines: impl IntoIterator<Item = &'a str>) -> (Vec<Bullet<'a>>, String) {
    let mut text = String::new();
    let mut flat: Vec<(usize, &str)> = Vec::new();
    for line in lines {
        let content = line.trim_start();
        match content.strip_prefix("- ") {
            Some(bullet) => flat.push((line.len() - content.len(), bullet.trim_end())),
            None if flat.is_empty() => {
                text.push_str(content.trim_end());
                text.push('\n');
            }
            // Lists are at the end of a section; a loose line after a list belongs to no field.
            None => {}
        }
    }
    (nested(&mut flat.into_iter().peekable(), None, MAX_DEPTH), text.trim().to_owned())
}

/// Returns the items indented by more than `above`, up to `depth` levels.
fn nested<'a>(
    flat: &mut std::iter::Peekable<impl Iterator<Item = (usize, &'a str)>>,
    above: Option<usize>,
    depth: usize,
) -> Vec<Bullet<'a>> {
    let mut found: Vec<Bullet<'a>> = Vec::new();
    while let Some((indent, text)) = flat.next_if(|(indent, _)| above.is_none_or(|above| *indent > above)) {
        let children = depth.checked_sub(1).map(|depth| nested(flat, Some(indent), depth));
        found.push(Bullet { text, children: children.unwrap_or_default() });
    }
    found
}

impl<'a> Bullet<'a> {
    /// Parses the item as a parameter or property.
    pub(super) fn parse_field(&self) -> Option<Field<'a>> {
        let (name, rest) = self.text.strip_prefix('`')?.split_once('`')?;
        let rest = rest.trim_start().strip_prefix('(')?;
        let (label, after) = ["required", "optional"].iter().find_map(|word| split_outside_quotes(rest, word))?;
        let end = end_of_attributes(after)?;
        let (attributes, description) = (after.get(..end)?, after.get(end + 1..)?);
        let (flags, default) = match attributes.split_once(", default: ") {
            Some((flags, default)) => match default.strip_suffix(", deprecated") {
                Some(default) => (format!("{flags}, deprecated"), Some(default)),
                None => (flags.to_owned(), Some(default)),
            },
            None => (attributes.to_owned(), None),
        };
        let has = |flag: &str| flags.split(", ").any(|word| word == flag);
        Some(Field {
            name,
            label,
            required: has("required"),
            nullable: has("nullable"),
            deprecated: has("deprecated"),
            default,
            description: description.trim().trim_start_matches('—').trim(),
        })
    }

    /// Parses the item as the name of a type: `` `TypeName` ``.
    pub(super) fn parse_type_name(&self) -> Option<&'a str> {
        let name = self.text.strip_prefix('`')?.strip_suffix('`')?;
        (!name.contains('`')).then_some(name)
    }

    /// Parses the values of `` Allowed values: `a`, `b` ``.
    pub(super) fn parse_allowed_values(&self) -> Option<Vec<&'a str>> {
        let list = self.text.strip_prefix("Allowed values:")?;
        Some(list.split('`').skip(1).step_by(2).collect())
    }
}

/// Splits off the label before `, required`. A literal in the label may contain anything.
fn split_outside_quotes<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let separator = format!(", {word}");
    let is_outside = |place: &usize| text.get(..*place).is_some_and(|before| before.matches('"').count() % 2 == 0);
    let place = text.match_indices(&separator).map(|(place, _)| place).find(is_outside)?;
    Some((text.get(..place)?, text.get(place + 2..)?))
}

/// Returns the position of the closing parenthesis: at the end of the line or before the description. A default may contain others.
fn end_of_attributes(text: &str) -> Option<usize> {
    let ends = |(place, _): &(usize, &str)| {
        text.get(place + 1..).is_some_and(|rest| rest.trim().is_empty() || rest.starts_with(" — "))
    };
    text.match_indices(')').find(ends).map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> Option<Field<'_>> {
        Bullet { text, children: Vec::new() }.parse_field()
    }

    #[test]
    fn items_nest_by_indentation_and_other_lines_are_text() {
        let (list, text) = parse_bullets("Words.\n\n- `a`\n  - `b`\n    - `c`\n  - `d`\n\n- `e`\nloose".lines());
        let leaf = |text| Bullet { text, children: Vec::new() };
        let inner = Bullet { text: "`b`", children: vec![leaf("`c`")] };
        assert_eq!(list, [Bullet { text: "`a`", children: vec![inner, leaf("`d`")] }, leaf("`e`")]);
        assert_eq!(text, "Words.");
        assert_eq!(parse_bullets(["    - `x`", "  - `y`", "- `z`"]).0.len(), 3);
        let deep: Vec<String> = (0..100_000).map(|level| format!("{}- `x`", " ".repeat(level % 1000))).collect();
        assert_eq!(parse_bullets(deep.iter().map(String::as_str)).0.len(), 100);
    }

    #[test]
    fn fields_are_parsed_with_type_attributes_and_description() {
        let plain = Field { name: "a", label: "string", ..Field::default() };
        let rows = [
            ("`a` (string, optional)", plain.clone()),
            (
                "`a` (string, required) — Text — with (more).",
                Field { required: true, description: "Text — with (more).", ..plain.clone() },
            ),
            (
                "`a` (string, optional, nullable, default: x, y (z), deprecated) — T",
                Field {
                    nullable: true,
                    default: Some("x, y (z)"),
                    deprecated: true,
                    description: "T",
                    ..plain.clone()
                },
            ),
            ("`a` (string, optional, deprecated)", Field { deprecated: true, ..plain.clone() }),
            ("`a` (\"b, required\", required)", Field { label: "\"b, required\"", required: true, ..plain.clone() }),
            (
                "`a` (map from string to list of Item, optional)",
                Field { label: "map from string to list of Item", ..plain.clone() },
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(field(text), Some(expected), "{text}");
        }
        for text in
            ["`TypeName`", "Allowed values: `a`", "`a` (string)", "a (string, required)", "`a` (string, required"]
        {
            assert_eq!(field(text), None, "{text}");
        }
    }

    #[test]
    fn type_names_and_allowed_values_are_parsed() {
        let bullet = |text| Bullet { text, children: Vec::new() };
        assert_eq!(bullet("`TypeName`").parse_type_name(), Some("TypeName"));
        assert_eq!(bullet("`a` and `b`").parse_type_name(), None);
        assert_eq!(bullet("Allowed values: `a, b`, `c`").parse_allowed_values(), Some(vec!["a, b", "c"]));
        assert_eq!(bullet("`a`").parse_allowed_values(), None);
    }
}
