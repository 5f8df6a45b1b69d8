//! The root of the generated code: its modules, and the lints it cannot keep.

use crate::diagnostic::Report;

use super::Input;
use super::source::SourceFile;

/// Lints that names and shapes of other people's APIs break.
const LINTS: &str = "#![allow(
    clippy::doc_lazy_continuation,
    clippy::enum_variant_names,
    clippy::should_implement_trait,
    clippy::too_many_arguments,
    clippy::wrong_self_convention,
    reason = \"names, texts and numbers of parameters are the API's\"
)]
";

/// The root file.
pub(super) fn layout(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "Everything that is written by the generator.");
    file.text(LINTS);
    file.text(&modules(input.profile.client.dispatch_feature.as_str()));
    Ok(file.finish())
}

fn modules(dispatch_feature: &str) -> String {
    format!(
        "pub(crate) mod client;
#[cfg(feature = {dispatch_feature:?})]
pub mod dispatch;
pub(crate) mod operations;
pub(crate) mod profile;
pub mod resources;
pub mod types;
pub mod webhooks;
pub(crate) mod wire;
"
    )
}
