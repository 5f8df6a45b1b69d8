//! Which Rust types can be extracted, the schemas that are made of them, and handles of their fields; and extractions as tables, as a
//! page to look at, and compared. The client [`extend-ai`] re-exports all of this as `extend_ai::schema`, behind its feature `schema`;
//! it is a crate of its own so that it compiles beside what the client depends on.
//!
//! Must not know the client, its types and its calls.
//!
//! [`extend-ai`]: https://docs.rs/extend-ai

mod change;
mod conversion;
mod custom;
mod date;
mod fields;
mod integers;
mod problem;
mod shape;
mod table;
#[doc(hidden)]
pub mod view;

pub use change::Change;
#[doc(hidden)]
pub use change::collect_changes;
pub use conversion::schema_of;
pub use custom::{Currency, CurrencyFields, Signature, SignatureFields};
pub use date::{Date, DateError};
pub use fields::{Extractable, FieldHandle, FieldType, HandleOf, IntoFieldHandle, Item};
#[doc(hidden)]
pub use integers::with_integers;
pub use problem::{SchemaError, SchemaProblem, SchemaProblemKind};
pub use schemars;
pub use table::ItemTable;
pub use view::PageImage;
