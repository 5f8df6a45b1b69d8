//! Typed extraction: Rust types as schemas, and what was extracted as values of them. Must not know how a request is sent.

mod conversion;
mod custom;
mod date;
mod extracted;
mod fields;
mod legacy;
mod problem;
mod run;
mod shape;
mod table;
#[cfg(feature = "extract")]
mod typed;
mod view;
#[cfg(feature = "extract")]
mod waiting;

pub use conversion::schema_of;
pub use custom::{Currency, Signature};
pub use date::{Date, DateError};
pub use extend_ai_derive::Extract;
pub use extracted::{Extracted, ExtractedField};
pub use fields::{Extractable, FieldHandle, FieldType, HandleOf, IntoFieldHandle, Item};
pub use problem::{SchemaError, SchemaProblem, SchemaProblemKind};
pub use run::{Change, OutputError, OutputProblem, TypedRun};
pub use table::ItemTable;
#[cfg(feature = "extract")]
pub use typed::{Typed, TypedCall};
pub use view::PageImage;
#[cfg(feature = "extract")]
pub use waiting::{TypedState, TypedWait};
