//! Snapshots of what the generator makes: read these to see what an upstream change means for Rust users.
//!
//! Fixtures show one shape each, in full; of the real document only its surface is kept, in sections.

#[cfg(test)]
mod compiled;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod document;
#[cfg(test)]
mod export;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod surface;
#[cfg(test)]
mod walks;

use generator::{Generated, Report, Sources, generate};

/// The whole line on one document, without profile, lock or overlay.
fn generated(document: &str, profile: &str) -> Result<Generated, Report> {
    let sources =
        Sources { document: document.as_bytes(), document_name: "fixture", profile, names: "", overlay: None };
    generate(&sources, &mut |_| {})
}

/// Runs `check` with the settings all snapshots share.
fn with_settings(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    settings.bind(check);
}
