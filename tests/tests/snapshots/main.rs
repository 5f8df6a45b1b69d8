//! Snapshots of the generated code: they show what a change upstream means for Rust users.
//!
//! Fixtures show one family of shapes each, completely; of the published document, only the public surface is kept.

#[cfg(test)]
mod compiled;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod document;
#[cfg(test)]
mod export;
#[cfg(test)]
mod lists_and_runs;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod runtime;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod spellings;
#[cfg(test)]
mod surface;

use generator::{Generated, Report, Sources, generate};

/// Runs the whole pipeline on one document, without lock or overlay.
fn generate_fixture(document: &str, profile: &str) -> Result<Generated, Report> {
    let sources = Sources { profile, ..Sources::of_document(document.as_bytes(), "fixture") };
    generate(&sources, &mut |_| {})
}

/// Runs `check` with the settings that all snapshots share.
fn with_settings(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    settings.bind(check);
}
