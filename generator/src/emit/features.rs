//! What stands before an item that features of the client bring. Decides no features.

use syn::{Attribute, parse_quote};

/// Returns the line before an item that any of these features brings; none, if it is always there.
pub(super) fn gate_line<'f>(features: impl IntoIterator<Item = &'f str>) -> String {
    let names: Vec<String> = features.into_iter().map(|feature| format!("feature = {feature:?}")).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => format!("#[cfg({only})]\n"),
        several => format!("#[cfg(any({}))]\n", several.join(", ")),
    }
}

/// Returns the attribute of an item that a feature brings.
pub(super) fn gate(feature: &str) -> Attribute {
    parse_quote!(#[cfg(feature = #feature)])
}
