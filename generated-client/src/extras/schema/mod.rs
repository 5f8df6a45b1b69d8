//! Typed extraction: Rust types as schemas, and what was extracted as values of them. Must not know how a request is sent.

mod extracted;
mod legacy;
mod run;
#[cfg(feature = "extract")]
mod typed;
mod view;
#[cfg(feature = "extract")]
mod waiting;

pub use extend_ai_derive::Extract;
#[doc(inline)]
pub use extend_ai_schema::{
    Change, Currency, Date, DateError, Extractable, FieldHandle, FieldType, HandleOf, IntoFieldHandle, Item, ItemTable,
    PageImage, SchemaError, SchemaProblem, SchemaProblemKind, Signature,
};
pub use extracted::{Extracted, ExtractedField};
pub use run::{OutputError, OutputProblem, TypedRun};
#[cfg(feature = "extract")]
pub use typed::{Typed, TypedCall};
#[cfg(feature = "extract")]
pub use waiting::{TypedState, TypedWait};

use extend_ai_schema::schemars::JsonSchema;

use crate::types::JsonObject;

/// Returns the schema of a Rust type for `config.schema`.
///
/// Doc comments and `#[schemars(description = "…")]` become descriptions, `#[schemars(extend("extend:name" = "…"))]` names a field,
/// and doc comments of the variants of an enum become `extend:descriptions`. Bounds and patterns are left out: the API has none.
///
/// # Errors
///
/// Returns every field whose type the API cannot extract.
pub fn schema_of<T: JsonSchema>() -> Result<JsonObject, SchemaError> {
    extend_ai_schema::schema_of::<T>().map(|schema| schema.into_iter().collect())
}
