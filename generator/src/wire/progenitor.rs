//! Calls progenitor: settings, and its panics and errors as diagnostics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::Type;
use crate::pointer::Pointer;

use super::Lowered;
use super::lowering::PAIRS;

/// Positional functions, every schema replaced by a type of ours.
pub(super) fn settings(lowered: &Lowered, rust_type: &dyn Fn(&Type) -> String) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional);
    settings.with_replacement(PAIRS, "sdk_runtime::codegen::QueryPairs", std::iter::empty());
    for (name, ty) in &lowered.replacements {
        settings.with_replacement(name, rust_type(ty), std::iter::empty());
    }
    settings
}

/// Lets progenitor write the wire layer.
///
/// # Errors
///
/// progenitor panicked or refused.
pub(super) fn run(generator: Generator, lowered: &Lowered) -> Result<TokenStream, Report> {
    attempt(generator, lowered).map_err(|found| {
        let diagnostic = Diagnostic::new(Code::Progenitor, Pointer::root(), found)
            .in_source("the lowered document")
            .expected("a document progenitor accepts")
            .help("this is a defect of the generator: please report it with the document");
        Report::of(diagnostic)
    })
}

fn attempt(mut generator: Generator, lowered: &Lowered) -> Result<TokenStream, String> {
    let result = catch_unwind(AssertUnwindSafe(|| generator.generate_tokens(&lowered.document)));
    match result {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => Err(format!("progenitor refused: {error}")),
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(format!("progenitor panicked: {}", text.unwrap_or_else(|| "without a message".to_owned())))
        }
    }
}

/// Whether stock progenitor takes a document; what it says or panics with when it does not. The tests show with it why a
/// lowering exists.
#[cfg(test)]
pub(super) fn checked(document: &openapiv3::OpenAPI) -> Result<(), String> {
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional);
    let lowered = Lowered { document: document.clone(), replacements: Default::default(), twins: 0 };
    attempt(Generator::new(&settings), &lowered).map(|_| ())
}
