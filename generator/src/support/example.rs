//! Documents that have a construct, for tests and for people.

use super::{Construct, Version};

/// A part of a document in YAML, and where it is put.
#[derive(Clone, Copy, Debug)]
pub(super) enum Example {
    /// The members of the document.
    Root(&'static str),
    /// A component schema.
    Schema(&'static str),
    /// The members of an operation.
    Operation(&'static str),
    /// The members of a path item.
    PathItem(&'static str),
}

/// Two schemas that examples refer to.
const OTHERS: &str = "    B: {type: object, properties: {t: {type: string}, b: {type: string}}}
    C: {type: object, required: [t], properties: {t: {type: string, enum: [c]}, c: {type: integer}}}
";

impl Construct {
    /// Returns the smallest document that has the construct, in YAML.
    pub fn document(&self, version: Version) -> String {
        let rest = match self.example {
            Example::Root(members) => members.to_owned(),
            Example::Schema(schema) => {
                format!("paths: {{}}\ncomponents:\n  schemas:\n    A: {schema}\n{OTHERS}")
            }
            Example::Operation(members) => {
                let has_responses = members.contains("responses:");
                let responses = if has_responses { "" } else { "\nresponses: {'200': {description: d}}" };
                format!("paths:\n  /a:\n    post:\n{}", indented(&format!("{members}{responses}"), 6))
            }
            Example::PathItem(members) => format!("paths:\n  /a/{{p}}:\n{}", indented(members, 4)),
        };
        let has_servers = rest.starts_with("servers:");
        let servers = if has_servers { "" } else { "servers: [{url: 'https://api.example.com'}]\n" };
        // The only construct without a version is a document of another one.
        let version =
            if rest.starts_with("swagger:") { String::new() } else { format!("openapi: {}.0\n", version.number()) };
        format!("{version}info: {{title: T, version: '1'}}\n{servers}{rest}")
    }
}

fn indented(text: &str, depth: usize) -> String {
    let start = " ".repeat(depth);
    text.lines().map(|line| format!("{start}{line}\n")).collect()
}
