//! Runs progenitor: its settings, and its panics and errors as diagnostics. Must not know what its output looks like.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::Type;
use crate::pointer::Pointer;

use super::Lowered;
use super::lowering::QUERY_TEXT;

/// Returns settings for positional functions, with every schema replaced by a type of ours.
pub(super) fn settings(lowered: &Lowered, rust_type: &dyn Fn(&Type) -> String) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional);
    settings.with_replacement(QUERY_TEXT, "sdk_runtime::codegen::QueryText", std::iter::empty());
    for (name, ty) in &lowered.replacements {
        settings.with_replacement(name, rust_type(ty), std::iter::empty());
    }
    settings
}

/// Runs progenitor on the lowered document.
///
/// # Errors
///
/// Fails if progenitor panics or rejects the document.
pub(super) fn run(generator: Generator, lowered: &Lowered) -> Result<TokenStream, Report> {
    attempt(generator, lowered).map_err(|found| {
        let diagnostic = Diagnostic::new(Code::Progenitor, Pointer::root(), found)
            .in_source("the lowered document")
            .expected("a document that progenitor accepts")
            .help("this is a bug in the generator: please report it together with the document");
        Report::of(diagnostic)
    })
}

fn attempt(mut generator: Generator, lowered: &Lowered) -> Result<TokenStream, String> {
    let result = catch_unwind(AssertUnwindSafe(|| generator.generate_tokens(&lowered.document)));
    match result {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => Err(format!("progenitor rejected the document: {error}")),
        Err(panic) => {
            let message = panic.downcast_ref::<&str>().map(|message| (*message).to_owned());
            let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(format!("progenitor panicked: {}", message.unwrap_or_else(|| "without a message".to_owned())))
        }
    }
}

/// Runs stock progenitor on a document and returns its error or panic message. The tests use it to show why a lowering exists.
#[cfg(test)]
pub(super) fn try_stock_progenitor(document: &openapiv3::OpenAPI) -> Result<(), String> {
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional);
    let lowered = Lowered { document: document.clone(), replacements: Default::default(), twins: 0 };
    attempt(Generator::new(&settings), &lowered).map(|_| ())
}
