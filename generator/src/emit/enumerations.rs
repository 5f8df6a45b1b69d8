//! Enumerations: one line per value.

use std::fmt::Write as _;

use crate::ir::{Enumeration, TypeDef};
use crate::markdown;

use super::doc;

/// The text of an enumeration.
pub(super) fn enumeration(def: &TypeDef, enumeration: &Enumeration) -> String {
    let lines = doc::of_type(def);
    let mut text = String::from("sdk_runtime::codegen::open_enum! {\n");
    text.push_str(&doc::comments(&lines, "    "));
    let _ = writeln!(text, "    pub enum {} {{", def.name.source());
    for value in &enumeration.values {
        let _ = writeln!(text, "        /// {}", markdown::format_code(&value.wire));
        let _ = writeln!(text, "        {} = {:?},", value.name.source(), value.wire);
    }
    text.push_str("    }\n}\n");
    text
}
