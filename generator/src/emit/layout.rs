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

/// Some of the wire layer is of no use without all areas.
const PARTIAL: &str =
    "#![cfg_attr(not(feature = \"full\"), allow(dead_code, unused_imports, reason = \"areas are left out\"))]
";

const MODULES: &str = "#[cfg(feature = \"blocking\")]
pub mod blocking;
#[cfg(feature = \"client\")]
pub(crate) mod client;
#[cfg(feature = \"cli\")]
pub mod dispatch;
#[cfg(feature = \"client\")]
pub(crate) mod operations;
#[cfg(feature = \"client\")]
pub(crate) mod profile;
#[cfg(feature = \"client\")]
pub mod resources;
#[cfg(feature = \"test-util\")]
pub mod testing;
pub mod types;
";

const VERIFICATION: &str = "#[cfg(feature = \"webhooks\")]
mod verification;
";

const LAST_MODULES: &str = "pub mod webhooks;
#[cfg(feature = \"client\")]
pub(crate) mod wire;
";

/// The root file.
pub(super) fn layout(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "Everything that is written by the generator.");
    file.text(LINTS);
    if !input.profile.areas.is_empty() {
        file.text(PARTIAL);
    }
    let verification = super::verification::policy(input).map_or("", |_| VERIFICATION);
    file.text(&format!("{MODULES}{verification}{LAST_MODULES}"));
    Ok(file.finish())
}
