//! Short phrases for what the API document does not describe: what a name and a type say together. Knows no Markdown and no
//! other part of the model.

use crate::ir::Type;
use crate::names::RustIdent;

/// Words that are written in a way of their own.
const SPELLINGS: &[(&str, &str)] = &[
    ("api", "API"),
    ("csv", "CSV"),
    ("html", "HTML"),
    ("http", "HTTP"),
    ("id", "ID"),
    ("ids", "IDs"),
    ("ip", "IP"),
    ("json", "JSON"),
    ("mime", "MIME"),
    ("ocr", "OCR"),
    ("pdf", "PDF"),
    ("uri", "URI"),
    ("url", "URL"),
    ("urls", "URLs"),
    ("uuid", "UUID"),
    ("xml", "XML"),
];
/// Properties that describe the object they are in.
const ATTRIBUTES: &[&str] = &["description", "id", "name", "status", "title", "type", "url", "version"];
/// Words at the end of the name of a type that do not belong to what it describes.
const FRAMES: &[&str] =
    &["base", "item", "json", "ref", "reference", "request", "response", "result", "status", "summary"];
/// Words for what is done with a resource, which stand before those.
const ACTIONS: &[&str] = &["create", "delete", "get", "list", "retrieve", "update"];
/// Units at the end of names.
const UNITS: &[(&str, &str)] = &[
    ("bytes", "bytes"),
    ("days", "days"),
    ("hours", "hours"),
    ("minutes", "minutes"),
    ("ms", "milliseconds"),
    ("seconds", "seconds"),
];
/// A longer owner makes a sentence harder to read, not clearer.
const LONGEST_OWNER: usize = 3;

/// Describes a type by its name.
pub(super) fn describe_type(name: &RustIdent) -> String {
    sentence(&words(name))
}

/// Describes the property or parameter `name`; `owner` is the type that has it.
pub(super) fn describe_property(name: &RustIdent, ty: &Type, owner: Option<&RustIdent>) -> String {
    let words = words(name);
    let parts: Vec<&str> = words.iter().map(String::as_str).collect();
    let phrase = match ty {
        Type::Boolean => describe_switch(&parts),
        Type::Integer(_) | Type::Number => describe_number(&parts),
        Type::Timestamp => match parts.as_slice() {
            [participle, "at"] if participle.ends_with("ed") => Some(format!("When it was {participle}.")),
            _ => None,
        },
        Type::String => describe_attribute(&parts, owner),
        Type::Binary
        | Type::Any
        | Type::Constant(_)
        | Type::List(_)
        | Type::Tuple(..)
        | Type::Map(_)
        | Type::Nullable(_)
        | Type::Named(_) => None,
    };
    phrase.unwrap_or_else(|| sentence(&words))
}

/// `id` of a `File` is the "ID of the file", `parse_run_id` the "ID of the parse run".
fn describe_attribute(parts: &[&str], owner: Option<&RustIdent>) -> Option<String> {
    let (last, before) = parts.split_last()?;
    if !ATTRIBUTES.contains(last) {
        return None;
    }
    let described = match before {
        [] => subject(owner?).filter(|subject| subject.split(' ').count() <= LONGEST_OWNER)?,
        before => spell(before),
    };
    Some(format!("{} of the {described}.", capitalize(&spell(&[last]))))
}

fn describe_switch(parts: &[&str]) -> Option<String> {
    match parts {
        ["success" | "ok"] => Some("Whether it succeeded.".to_owned()),
        ["is", state @ ..] if !state.is_empty() => Some(format!("Whether it is {}.", spell(state))),
        ["has", part @ ..] if !part.is_empty() => Some(format!("Whether it has {}.", spell(part))),
        [feature @ .., "enabled"] if !feature.is_empty() => Some(format!("Enables {}.", spell(feature))),
        [participle] if participle.ends_with("ed") => Some(format!("Whether it is {participle}.")),
        _ => None,
    }
}

fn describe_number(parts: &[&str]) -> Option<String> {
    let (last, before) = parts.split_last().filter(|(_, before)| !before.is_empty())?;
    if *last == "count" {
        return Some(format!("Number of {}.", plural(&spell(before))));
    }
    let (_, unit) = UNITS.iter().find(|(ending, _)| ending == last)?;
    Some(format!("{} in {unit}.", capitalize(&spell(before))))
}

/// What an object of a type is, from the name of the type: `FilesDeleteResponse` is about a "file",
/// `RunsCreateRequestExtractor` about an "extractor". `None` when the name says nothing.
pub(in crate::emit) fn subject(owner: &RustIdent) -> Option<String> {
    let words = words(owner);
    let parts: Vec<&str> = words.iter().map(String::as_str).collect();
    // What comes after a frame is a part of what is framed.
    let inner = parts.iter().rposition(|word| matches!(*word, "request" | "response") && Some(word) != parts.last());
    let parts = parts.get(inner.map_or(0, |at| at + 1)..)?;
    let framed = parts.iter().rev().take_while(|word| FRAMES.contains(*word)).count();
    let parts = parts.get(..parts.len() - framed)?;
    let acted = parts.iter().rev().take_while(|word| ACTIONS.contains(*word)).count();
    let (last, before) = parts.get(..parts.len() - acted)?.split_last()?;
    let last = if acted > 0 { singular(last) } else { (*last).to_owned() };
    Some(spell(&before.iter().copied().chain([last.as_str()]).collect::<Vec<_>>()))
}

/// One of what a plural names.
pub(in crate::emit) fn singular(plural: &str) -> String {
    const SINGULAR: &[&str] = &["ss", "us", "is"];
    if let Some(stem) = plural.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    let sibilant = ["ches", "shes", "sses", "xes", "zes"].iter().any(|ending| plural.ends_with(ending));
    let ending = if sibilant { "es" } else { "s" };
    match plural.strip_suffix(ending) {
        Some(stem) if !SINGULAR.iter().any(|kept| plural.ends_with(kept)) => stem.to_owned(),
        Some(_) | None => plural.to_owned(),
    }
}

fn words(name: &RustIdent) -> Vec<String> {
    let name = RustIdent::snake(name.as_str());
    name.as_str().split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn sentence(words: &[String]) -> String {
    let parts: Vec<&str> = words.iter().map(String::as_str).collect();
    format!("{}.", capitalize(&spell(&parts)))
}

fn spell(parts: &[&str]) -> String {
    let spelled = parts.iter().map(|part| {
        let spelling = SPELLINGS.iter().find(|(word, _)| word == part);
        spelling.map_or(*part, |(_, spelling)| spelling)
    });
    spelled.collect::<Vec<_>>().join(" ")
}

fn plural(noun: &str) -> String {
    if noun.ends_with('s') { noun.to_owned() } else { format!("{noun}s") }
}

fn capitalize(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Width;

    struct Row {
        owner: &'static str,
        name: &'static str,
        ty: Type,
        expected: &'static str,
    }

    #[test]
    fn names_and_types_make_phrases() {
        let list = Type::List(Box::new(Type::String));
        for Row { owner, name, ty, expected } in [
            Row { owner: "File", name: "id", ty: Type::String, expected: "ID of the file." },
            Row { owner: "FilesDeleteResponse", name: "id", ty: Type::String, expected: "ID of the file." },
            Row { owner: "RunsCreateRequestExtractor", name: "id", ty: Type::String, expected: "ID of the extractor." },
            Row { owner: "LegacyProcessorRunMergedPart", name: "name", ty: Type::String, expected: "Name." },
            Row { owner: "File", name: "parseRunId", ty: Type::String, expected: "ID of the parse run." },
            Row { owner: "File", name: "location_ids", ty: list, expected: "Location IDs." },
            Row { owner: "File", name: "created_at", ty: Type::Timestamp, expected: "When it was created." },
            Row { owner: "File", name: "expires_at", ty: Type::Timestamp, expected: "Expires at." },
            Row { owner: "File", name: "citations_enabled", ty: Type::Boolean, expected: "Enables citations." },
            Row { owner: "File", name: "is_external", ty: Type::Boolean, expected: "Whether it is external." },
            Row { owner: "File", name: "edited", ty: Type::Boolean, expected: "Whether it is edited." },
            Row { owner: "File", name: "success", ty: Type::Boolean, expected: "Whether it succeeded." },
            Row { owner: "File", name: "page_count", ty: Type::Integer(Width::I64), expected: "Number of pages." },
            Row { owner: "File", name: "mean_latency_ms", ty: Type::Number, expected: "Mean latency in milliseconds." },
            Row { owner: "File", name: "ms", ty: Type::Number, expected: "Ms." },
            Row { owner: "File", name: "start_page", ty: Type::Integer(Width::I64), expected: "Start page." },
        ] {
            let (owner, name) = (RustIdent::pascal(owner), RustIdent::snake(name));
            assert_eq!(describe_property(&name, &ty, Some(&owner)), expected, "{owner}.{name}");
        }
        for (plural, expected) in [
            ("files", "file"),
            ("batches", "batch"),
            ("policies", "policy"),
            ("status", "status"),
            ("boxes", "box"),
            ("staff", "staff"),
        ] {
            assert_eq!(singular(plural), expected);
        }
        assert_eq!(describe_type(&RustIdent::pascal("RunUsage")), "Run usage.");
        assert_eq!(describe_property(&RustIdent::snake("id"), &Type::String, None), "ID.");
    }
}
