//! Modules and the files they are in. rustc looks for no file of a name beyond ASCII, and some systems have no file called
//! `aux.rs`: such a module says where it is.

use std::fmt::Write as _;

use crate::names::RustIdent;

/// Names that Windows keeps for devices, with any ending.
const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

/// Name of the file of a module, without folder.
pub(super) fn file_name(module: &RustIdent) -> String {
    let mut stem = String::new();
    for sign in module.as_str().chars() {
        match sign {
            sign if sign.is_ascii() => stem.push(sign),
            // No name has two underscores in a row, so this is none of another module. Writing to a string cannot fail.
            sign => drop(write!(stem, "__{:x}", u32::from(sign))),
        }
    }
    let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let port = numbered.is_some_and(|number| number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()));
    if port || DEVICES.contains(&stem.as_str()) {
        stem.push_str("__");
    }
    format!("{stem}.rs")
}

/// The lines that make a file a module.
pub(super) fn declaration(visibility: &str, module: &RustIdent) -> String {
    let file = file_name(module);
    let path = if file == format!("{module}.rs") { String::new() } else { format!("#[path = {file:?}]\n") };
    format!("{path}{visibility}mod {};\n", module.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_is_found_in_its_file() {
        let cases = [
            ("files", "files.rs", "pub mod files;\n"),
            ("type", "type.rs", "pub mod r#type;\n"),
            ("Usuários", "usu__e1rios.rs", "#[path = \"usu__e1rios.rs\"]\npub mod usuários;\n"),
            ("日本", "__65e5__672c.rs", "#[path = \"__65e5__672c.rs\"]\npub mod 日本;\n"),
            ("AUX", "aux__.rs", "#[path = \"aux__.rs\"]\npub mod aux;\n"),
            ("com1", "com1__.rs", "#[path = \"com1__.rs\"]\npub mod com1;\n"),
            ("com", "com.rs", "pub mod com;\n"),
        ];
        for (name, file, lines) in cases {
            let module = RustIdent::snake(name);
            assert_eq!((file_name(&module).as_str(), declaration("pub ", &module).as_str()), (file, lines), "{name}");
        }
    }
}
