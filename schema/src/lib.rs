//! Which Rust types can be extracted, the schemas that are made of them, and handles of their fields. The client [`extend-ai`]
//! re-exports all of this as `extend_ai::schema`, behind its feature `schema`; it is a crate of its own so that it compiles beside what
//! the client depends on.
//!
//! Must not know the client, its calls, nor what was extracted.
//!
//! [`extend-ai`]: https://docs.rs/extend-ai

mod conversion;
mod custom;
mod date;
mod fields;
mod problem;
mod shape;

pub use conversion::schema_of;
pub use custom::{Currency, CurrencyFields, Signature, SignatureFields};
pub use date::{Date, DateError};
pub use fields::{Extractable, FieldHandle, FieldType, HandleOf, IntoFieldHandle, Item};
pub use problem::{SchemaError, SchemaProblem, SchemaProblemKind};
pub use schemars;
