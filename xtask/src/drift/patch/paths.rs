//! Paths of a file: items, variants and functions that have another name, and fields in patterns. Edits only what imports make
//! certain.

use std::collections::BTreeMap;

use generator::drift::Migration;

use super::imports::{Doubt, Import, Imports, PathUse, prefixes};
use super::source::{Edits, Piece, Source};
use super::{Left, escaped};

/// Renames paths and imports, and notes those of items that are gone.
pub(super) fn rename_paths(
    source: &Source<'_>,
    imports: &Imports,
    migration: &Migration,
    (edits, left): (&mut Edits, &mut Vec<Left>),
) {
    let mut aliases: BTreeMap<String, String> = BTreeMap::new();
    for glob in &imports.public_globs {
        let inside =
            |path: &&String| path.strip_prefix(&glob.path.join("::")).is_some_and(|rest| rest.starts_with("::"));
        if migration.renamed.keys().chain(migration.lost.keys()).any(|path| inside(&path)) {
            let advice = "what others import from here by its old name has to change with it";
            left.push(Left::new(source, glob.at, &format!("{}::*", glob.path.join("::")), advice));
        }
    }
    for import in &imports.all {
        rename_import((source, imports), import, migration, (&mut *edits, &mut *left), &mut aliases);
    }
    let is_known = |path: &str| {
        migration.renamed.contains_key(path) || migration.lost.contains_key(path) || migration.calls.contains_key(path)
    };
    for found in imports.paths(source, is_known) {
        rename_path(source, &found, migration, (&mut *edits, &mut *left), &aliases);
    }
}

/// Returns the path of an item in the new client; `None` if it is the same.
fn target(path: &[String], migration: &Migration) -> Option<Vec<String>> {
    let (length, new) = (1..=path.len()).rev().find_map(|length| {
        let old = path.get(..length)?.join("::");
        Some((length, migration.renamed.get(&old)?))
    })?;
    let rest = path.get(length..)?.iter().cloned();
    Some(new.split("::").map(str::to_owned).chain(rest).collect())
}

fn lost<'a>(path: &[String], migration: &'a Migration) -> Option<(String, &'a String)> {
    prefixes(path).find_map(|prefix| migration.lost.get_key_value(&prefix)).map(|(path, advice)| (path.clone(), advice))
}

fn rename_import(
    (source, imports): (&Source<'_>, &Imports),
    import: &Import,
    migration: &Migration,
    (edits, left): (&mut Edits, &mut Vec<Left>),
    aliases: &mut BTreeMap<String, String>,
) {
    let Some(first) = import.tokens.first() else { return };
    let Some(new) = target(&import.path, migration) else {
        if let Some((path, advice)) = lost(&import.path, migration) {
            left.push(Left::new(source, *first, &path, advice));
        }
        return;
    };
    if new.len() != import.path.len() {
        left.push(Left::new(source, *first, &import.path.join("::"), &format!("import `{}` instead", new.join("::"))));
        return;
    }
    let last = import.tokens.last();
    for ((old, name), token) in import.path.iter().zip(&new).zip(&import.tokens).filter(|((old, name), _)| old != name)
    {
        // A name that the file has for something else cannot be given twice, and one that it passes on is that of others.
        let is_taken = import.is_public
            || imports.is_in_macro(source, &import.name)
            || (0..source.len()).any(|at| source.word(at) == Some(name.as_str()));
        if last == Some(token) && !import.alias && is_taken {
            edits.write(source.place(*token), format!("{} as {old}", escaped(name)));
            aliases.insert(import.name.clone(), old.clone());
        } else {
            edits.write(source.place(*token), escaped(name));
        }
    }
}

fn rename_path(
    source: &Source<'_>,
    found: &PathUse,
    migration: &Migration,
    (edits, left): (&mut Edits, &mut Vec<Left>),
    aliases: &BTreeMap<String, String>,
) {
    let (Some(first), Some(last)) = (found.tokens.first(), found.tokens.last()) else { return };
    if let Some(doubt) = found.doubt {
        note_doubt(source, found, doubt, migration, left);
        return;
    }
    rename_pattern(source, found, *last, migration, edits);
    let Some(new) = target(&found.path, migration) else {
        if let Some((path, advice)) = lost(&found.path, migration) {
            left.push(Left::new(source, *first, &path, advice));
        }
        return;
    };
    if new.len() != found.path.len() {
        left.push(Left::new(source, *first, &found.path.join("::"), &format!("write `{}`", new.join("::"))));
        return;
    }
    let written = found.tokens.len().min(found.path.len());
    let skip = found.path.len() - written;
    let tokens = found.tokens.iter().skip(found.tokens.len() - written);
    for (index, ((old, name), token)) in found.path.iter().zip(&new).skip(skip).zip(tokens).enumerate() {
        let is_alias = index == 0 && (found.alias || aliases.contains_key(source.word(*token).unwrap_or_default()));
        if old != name && !is_alias {
            edits.write(source.place(*token), escaped(name));
        }
    }
}

/// Says what may have to change.
fn note_doubt(source: &Source<'_>, found: &PathUse, doubt: Doubt, migration: &Migration, left: &mut Vec<Left>) {
    let Some(first) = found.tokens.first() else { return };
    let advice = match (target(&found.path, migration), lost(&found.path, migration)) {
        (Some(new), _) => format!("write `{}`", new.join("::")),
        (None, Some((_, advice))) => advice.clone(),
        (None, None) if migration.calls.contains_key(&found.path.join("::")) => {
            "its arguments are others now".to_owned()
        }
        (None, None) => return,
    };
    left.push(Left::new(source, *first, &found.path.join("::"), &format!("{}: {advice}", doubt.as_str())));
}

/// Renames the fields in a pattern of a struct.
fn rename_pattern(source: &Source<'_>, found: &PathUse, last: usize, migration: &Migration, edits: &mut Edits) {
    let open = last + 1;
    let mut start = found.tokens.first().copied().unwrap_or(last);
    while source.follows(start, "::") && start >= 2 {
        start -= 2;
    }
    let is_block = ["for", "impl", ">", "&", ":", "+", "in", "if", "match", "while"];
    if !source.is(open, "{") || is_block.iter().any(|word| source.follows(start, word)) {
        return;
    }
    let Some(close) = source.closing(open) else { return };
    let owner = found.path.join("::");
    let mut at = open + 1;
    while at < close {
        let starts = source.follows(at, "{") || source.follows(at, ",");
        if source.is(at, "(") || source.is(at, "[") || source.is(at, "{") {
            at = source.closing(at).unwrap_or(close);
        } else if starts {
            let bound = if source.is(at, "ref") { at + 1 } else { at };
            let field = if source.is(bound, "mut") { bound + 1 } else { bound };
            rename_field(source, (at, field), &owner, migration, edits);
        }
        at += 1;
    }
}

fn rename_field(
    source: &Source<'_>,
    (start, field): (usize, usize),
    owner: &str,
    migration: &Migration,
    edits: &mut Edits,
) {
    let Some(name) = source.word(field) else { return };
    let Some(new) = migration.renamed.get(&format!("{owner}::{name}")) else { return };
    let new = escaped(new.rsplit("::").next().unwrap_or(new));
    if source.is(field + 1, ":") {
        edits.write(source.place(field), new);
    } else {
        edits.insert(source.place(start).start, vec![Piece::Text(format!("{new}: "))]);
    }
}
