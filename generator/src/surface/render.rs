//! The surface as text, for snapshots.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Item, ItemKind, Member, MemberKind, Surface};

/// Renders each section of a surface, one line per name.
pub fn render(surface: &Surface) -> BTreeMap<String, String> {
    let mut sections: BTreeMap<String, String> =
        surface.sections.iter().map(|(section, items)| (section.clone(), render_items(items))).collect();
    sections.insert("calls".to_owned(), surface.calls.iter().map(|call| format!("{call}\n")).collect());
    if !surface.features.is_empty() {
        let lines = surface.features.iter().map(|(feature, names)| format!("{feature}: {}\n", names.join(", ")));
        sections.insert("features".to_owned(), lines.collect());
    }
    sections
}

fn render_items(items: &[Item]) -> String {
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
            others.iter().for_each(|member| render_member(text, member));
        }
        ItemKind::Struct
        | ItemKind::Builder
        | ItemKind::Union
        | ItemKind::Alias
        | ItemKind::Function
        | ItemKind::Static
        | ItemKind::Extension => {
            let _ = writeln!(text, "{} {name}{signature}", keyword(*kind));
            members.iter().for_each(|member| render_member(text, member));
        }
    }
}

fn keyword(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Struct => "struct",
        ItemKind::Builder => "builder",
        ItemKind::Enumeration => "enum",
        ItemKind::Union => "union",
        ItemKind::Alias => "type",
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
