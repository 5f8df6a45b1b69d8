//! The module `environments`.

use crate::emit::Input;

use super::{Item, ItemKind};

const MODULE: &str = "environments";

/// Returns the statics of the deployments, and the functions that build base URLs.
pub(super) fn environment_items(input: &Input<'_>) -> Vec<Item> {
    let environments = &input.api.environments;
    let statics = environments
        .constants
        .iter()
        .map(|name| Item::new(ItemKind::Static, MODULE, name).with_signature(": Environment"));
    let functions = environments.functions.iter().map(|function| {
        let arguments: Vec<String> = function.variables.iter().map(|(name, _)| format!("{name}: &str")).collect();
        let signature = format!("({}) -> Result<String, Error>", arguments.join(", "));
        Item::new(ItemKind::Function, MODULE, &function.name).with_signature(signature)
    });
    statics.chain(functions).collect()
}
