//! Writes a program that uses every item of the public surface of a client: what code of users may depend on. Must not know how
//! surfaces are compared.

use std::fmt::Write as _;

use generator::surface::{Item, ItemKind, Member, MemberKind, Surface, split_signature};

/// What every program begins with.
const HEAD: &str = "\
//! Uses every item of a client.

use std::fmt::Debug;

use sdk_runtime::codegen::serde_json;

fn any<T>() -> T {
    panic!(\"programs are compiled, not run\")
}
";

/// Words that are names in Rust only with `r#`.
const KEYWORDS: [&str; 20] = [
    "as", "async", "await", "box", "const", "else", "enum", "fn", "for", "if", "in", "loop", "match", "move", "mut",
    "ref", "type", "use", "where", "while",
];

/// Writes the program. `client` is the path of the client that it is compiled with.
pub(super) fn write_program(surface: &Surface, client: &str) -> String {
    let mut text = HEAD.to_owned();
    let items = surface.sections.iter().flat_map(|(section, items)| items.iter().map(move |item| (section, item)));
    for (index, (section, item)) in items.enumerate() {
        let mut body = String::new();
        use_item(&mut body, item);
        if !body.is_empty() {
            let module = match section.strip_prefix("resource ") {
                Some(module) => format!("    use {client}::resources::{module}::*;\n"),
                None if item.kind == ItemKind::Extension => format!("    use {client}::resources::*;\n"),
                None => String::new(),
            };
            let imports = format!("    use {client}::types::*;\n    use {client}::*;\n{module}");
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(text, "\nasync fn use_{index}() {{\n{imports}{body}}}");
        }
    }
    text
}

fn use_item(body: &mut String, item: &Item) {
    // What every client has is the same in all of them; the blocking client has the calls of the other one.
    let is_common = item.name == "every request builder"
        || ["blocking", "testing", "dispatch"].contains(&item.module.as_str())
        || (item.name == "ClientBuilder" && item.kind == ItemKind::Extension);
    if is_common || item.module == "testing::mocks" {
        return;
    }
    let name = &item.name;
    match item.kind {
        ItemKind::Struct | ItemKind::Builder | ItemKind::Extension => {
            item.members.iter().for_each(|member| use_member(body, item, member));
            for implemented in &item.traits {
                let _ = writeln!(body, "    {{ fn is<T: {implemented}>() {{}} is::<{name}>(); }}");
            }
            if let Some(result) = item.signature.strip_prefix(" -> ").filter(|_| item.kind == ItemKind::Builder) {
                let typed = if result.contains(" of ") { String::new() } else { format!(": Result<{result}, Error>") };
                let _ = writeln!(body, "    let _{typed} = any::<{name}>().send().await;");
            }
        }
        ItemKind::Enumeration | ItemKind::Union => use_enum(body, item),
        ItemKind::Alias => {
            let target = item.signature.trim_start_matches(" = ");
            let _ = writeln!(body, "    let _: {name} = any::<{target}>();\n    let _: {target} = any::<{name}>();");
        }
        ItemKind::Function => {
            if let Some((arguments, result)) = arguments_of(&item.signature) {
                let path = item.path();
                let _ = writeln!(body, "    let _{} = {path}({arguments});", annotation(&result));
            }
        }
        ItemKind::Static => {
            let _ = writeln!(body, "    let _: &Environment = &{};", item.path());
        }
        ItemKind::Trait | ItemKind::ReExport => {}
    }
}

/// Uses the variants of an enum in a match, as code outside of its crate has to, and makes them.
fn use_enum(body: &mut String, item: &Item) {
    let name = &item.name;
    let path = if item.module == "webhooks" { format!("webhooks::{name}") } else { name.clone() };
    for member in &item.members {
        match member.kind {
            MemberKind::Variant => {
                let variant = &member.name;
                let payload = member.signature.split(" for ").next().unwrap_or_default().trim();
                let payload = payload.strip_prefix('(').and_then(|payload| payload.strip_suffix(')'));
                let is_boxed = item.module == "webhooks" && variant != "Unknown";
                let payload =
                    payload.map(|payload| if is_boxed { format!("Box<{payload}>") } else { payload.to_owned() });
                let _ = match payload {
                    Some(payload) => writeln!(
                        body,
                        "    match any::<{path}>() {{ {path}::{variant}(inner) => {{ let _: {payload} = inner; }} _ => {{}} }}\n    \
                         let _ = {path}::{variant}(any::<{payload}>());"
                    ),
                    None => writeln!(
                        body,
                        "    match any::<{path}>() {{ {path}::{variant} => {{}} _ => {{}} }}\n    let _ = {path}::{variant};"
                    ),
                };
            }
            MemberKind::Method if member.name == "of" => {
                let _ = writeln!(body, "    let _: Option<{path}> = {path}::of(&any::<Error>());");
            }
            MemberKind::Method => {
                let _ = writeln!(body, "    let _ = any::<{path}>().{}();", source(&member.name));
            }
            MemberKind::Conversion => {
                let _ = writeln!(body, "    let _: {path} = {path}::from(any::<{}>());", member.name);
            }
            MemberKind::Field | MemberKind::Provided => {}
        }
    }
    if item.kind == ItemKind::Enumeration {
        let _ = writeln!(body, "    let _: {path} = {path}::from(\"a\");\n    let _: &str = any::<{path}>().as_str();");
    }
    for implemented in &item.traits {
        let _ = writeln!(body, "    {{ fn is<T: {implemented}>() {{}} is::<{path}>(); }}");
    }
}

fn use_member(body: &mut String, item: &Item, member: &Member) {
    let (owner, name) = (&item.name, source(&member.name));
    match member.kind {
        MemberKind::Field => {
            let ty = member.signature.trim_start_matches([':', ' ']);
            let _ = writeln!(body, "    let _: {ty} = any::<{owner}>().{name};");
        }
        MemberKind::Conversion => {
            let _ = writeln!(body, "    let _: {owner} = {owner}::from(any::<{}>());", member.name);
        }
        MemberKind::Method => {
            let Some((arguments, result)) = arguments_of(&member.signature) else { return };
            let result = annotation(&result.replace("Self", owner));
            let call = if name == "new" && !item.module.starts_with("resources") {
                format!("{owner}::new")
            } else {
                format!("any::<{owner}>().{name}")
            };
            let result = if result.is_empty() && item.kind != ItemKind::Extension && !item.module.is_empty() {
                format!(": {owner}")
            } else {
                result
            };
            let _ = writeln!(body, "    let _{result} = {call}({arguments});");
            if let Some(borrowed) = borrowed_arguments(&member.signature) {
                let _ = writeln!(body, "    let _{result} = {call}({borrowed});");
            }
        }
        MemberKind::Provided if item.kind == ItemKind::Builder => {
            let _ = writeln!(body, "    let _ = any::<{owner}>().{name}();");
        }
        MemberKind::Provided | MemberKind::Variant => {}
    }
}

/// Returns values for the arguments of a signature, and its result.
fn arguments_of(signature: &str) -> Option<(String, String)> {
    let (arguments, rest) = split_signature(signature.trim())?;
    let values: Vec<String> = arguments.into_iter().map(|(_, ty)| value_of(ty)).collect();
    Some((values.join(", "), rest.trim().trim_start_matches("->").trim().to_owned()))
}

/// Returns values for the arguments of a signature where strings are borrowed, if it takes any.
fn borrowed_arguments(signature: &str) -> Option<String> {
    const STRING: &str = "impl Into<String>";
    let (arguments, _) = split_signature(signature.trim())?;
    let value = |ty: &str| if ty == STRING { "any::<&String>()".to_owned() } else { value_of(ty) };
    let takes_strings = arguments.iter().any(|(_, ty)| *ty == STRING);
    takes_strings.then(|| arguments.into_iter().map(|(_, ty)| value(ty)).collect::<Vec<_>>().join(", "))
}

/// Returns an expression that users may pass for a type.
fn value_of(ty: &str) -> String {
    format!("any::<{}>()", concrete(ty))
}

/// Returns a type that fits where a signature accepts any of several.
fn concrete(ty: &str) -> String {
    let mut text = ty.replace("impl IntoObject", "Map<Value>").replace("impl AsRef<str>", "String");
    text = text.replace("impl KeyProvider", "fn() -> std::future::Ready<Result<String, Error>>");
    for (bound, list) in [("impl Into<", ""), ("impl IntoIterator<Item = ", "Vec<")] {
        while let Some(start) = text.find(bound) {
            let from = start + bound.len();
            let Some(end) = text.get(from..).and_then(closing) else { break };
            let inner = text.get(from..from + end).unwrap_or_default().to_owned();
            let replacement = if list.is_empty() { inner } else { format!("{list}{inner}>") };
            text.replace_range(start..=from + end, &replacement);
        }
    }
    text
}

fn annotation(result: &str) -> String {
    if result.is_empty() || result.starts_with("of ") || result.contains(" of ") {
        String::new()
    } else {
        format!(": {result}")
    }
}

/// Returns where the bracket around a text closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (index, letter) in text.char_indices() {
        match letter {
            '(' | '<' | '[' => depth += 1,
            '>' if before == '-' => {}
            ')' | '>' | ']' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return Some(index),
            },
            _ => {}
        }
        before = letter;
    }
    None
}

/// Returns a name as source code has it.
fn source(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_become_values_that_users_may_pass() {
        let rows = [
            ("()", "", ""),
            ("(id: impl Into<String>) -> Self", "any::<String>()", "Self"),
            ("(bool)", "any::<bool>()", ""),
            ("(impl IntoIterator<Item = impl Into<A>>)", "any::<Vec<A>>()", ""),
            ("(a: Option<impl Into<A>>, b: Map<Vec<B>>)", "any::<Option<A>>(), any::<Map<Vec<B>>>()", ""),
            ("(impl IntoIterator<Item = (impl Into<String>, impl Into<A>)>)", "any::<Vec<(String, A)>>()", ""),
        ];
        for (signature, arguments, result) in rows {
            let found = arguments_of(signature).unwrap();
            assert_eq!(found, (arguments.to_owned(), result.to_owned()), "{signature}");
        }
    }
}
