//! The surface as text, for snapshots.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Item, ItemKind, Member, MemberKind, Surface};

/// Lines of a section before it becomes two.
const LONGEST: usize = 350;

/// Renders each section of a surface, one line per name. A long section is cut by the first letter in which its names differ, so
/// that a new item moves no other.
pub fn render_sections(surface: &Surface) -> BTreeMap<String, String> {
    let mut sections = BTreeMap::new();
    for (section, items) in &surface.sections {
        let text = render_items(items.iter());
        if text.lines().count() <= LONGEST {
            sections.insert(section.clone(), text);
            continue;
        }
        let prefix = common_prefix(items);
        let (first, second): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| in_first_half(item, prefix));
        sections.insert(format!("{section} a-m"), render_items(first.into_iter()));
        sections.insert(format!("{section} n-z"), render_items(second.into_iter()));
    }
    sections.insert("calls".to_owned(), surface.calls.iter().map(|call| format!("{call}\n")).collect());
    if !surface.features.is_empty() {
        let lines = surface.features.iter().map(|(feature, names)| format!("{feature}: {}\n", names.join(", ")));
        sections.insert("features".to_owned(), lines.collect());
    }
    sections
}

fn render_items<'a>(items: impl Iterator<Item = &'a Item>) -> String {
    let mut text = String::new();
    let mut module: Option<&str> = None;
    for item in items {
        if module.is_some_and(|module| module != item.module) || (module.is_none() && item.module != "types") {
            let _ = writeln!(text, "mod {}", if item.module.is_empty() { "crate" } else { &item.module });
        }
        module = Some(&item.module);
        render_item(&mut text, item);
    }
    text
}

/// Writing to a string cannot fail, here and below.
fn render_item(text: &mut String, item: &Item) {
    let Item { kind, name, signature, members, .. } = item;
    match kind {
        ItemKind::Enumeration => {
            let (values, others): (Vec<&Member>, Vec<&Member>) =
                members.iter().partition(|member| member.kind == MemberKind::Variant);
            let values: Vec<&str> = values.iter().map(|member| member.name.as_str()).collect();
            let _ = writeln!(text, "enum {name} {{ {} }}", values.join(", "));
            render_members(text, others.into_iter());
        }
        ItemKind::Struct
        | ItemKind::Builder
        | ItemKind::Union
        | ItemKind::Alias
        | ItemKind::Trait
        | ItemKind::ReExport
        | ItemKind::Function
        | ItemKind::Static
        | ItemKind::Extension => {
            let _ = writeln!(text, "{} {name}{signature}", keyword(*kind));
            render_members(text, members.iter());
        }
    }
}

/// Conversions are one line.
fn render_members<'a>(text: &mut String, members: impl Iterator<Item = &'a Member>) {
    let (conversions, others): (Vec<&Member>, Vec<&Member>) =
        members.partition(|member| member.kind == MemberKind::Conversion);
    others.into_iter().for_each(|member| render_member(text, member));
    let conversions: Vec<String> = conversions.iter().map(|member| format!("From<{}>", member.name)).collect();
    if !conversions.is_empty() {
        let _ = writeln!(text, "    {}", conversions.join(", "));
    }
}

/// Length of what all names begin with.
fn common_prefix(items: &[Item]) -> usize {
    let Some((first, others)) = items.split_first() else { return 0 };
    let shared =
        |other: &Item| first.name.chars().zip(other.name.chars()).take_while(|(one, other)| one == other).count();
    others.iter().map(shared).min().unwrap_or(0)
}

fn in_first_half(item: &Item, prefix: usize) -> bool {
    item.name.chars().nth(prefix).is_none_or(|letter| letter.to_ascii_lowercase() < 'n')
}

fn keyword(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Struct => "struct",
        ItemKind::Builder => "builder",
        ItemKind::Enumeration => "enum",
        ItemKind::Union => "union",
        ItemKind::Alias => "type",
        ItemKind::Trait => "trait",
        ItemKind::ReExport => "use",
        ItemKind::Function => "fn",
        ItemKind::Static => "static",
        ItemKind::Extension => "impl",
    }
}

fn render_member(text: &mut String, member: &Member) {
    let Member { kind, name, signature } = member;
    let _ = match kind {
        MemberKind::Field | MemberKind::Variant => writeln!(text, "    {name}{signature}"),
        MemberKind::Method => writeln!(text, "    fn {name}{signature}"),
        MemberKind::Conversion => writeln!(text, "    From<{name}>"),
        MemberKind::Provided => writeln!(text, "    provided {name}{signature}"),
    };
}
