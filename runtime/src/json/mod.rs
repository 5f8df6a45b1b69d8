//! JSON types and `serde` implementations of generated clients: reading is liberal, writing is exact.
//!
//! Knows JSON only: no HTTP, no operation.

mod constant;
mod enumeration;
mod extra;
mod field;
mod guarded;
mod into_object;
mod number;
mod object;
mod sensitive;
mod timestamp;
mod union;
mod wrapper;

pub use constant::Constant;
pub use extra::Extra;
pub use field::Field;
#[cfg(feature = "webhooks")]
pub(crate) use guarded::Guarded;
pub use into_object::IntoObject;
pub use sensitive::Sensitive;
pub use timestamp::Timestamp;

/// Object with string keys in the order they arrived.
pub type Map<T> = indexmap::IndexMap<String, T>;

/// What the macros of this crate expand to; not for use by hand.
#[doc(hidden)]
pub mod parts {
    pub use super::number::{NumberRef, NumberSeed, Numeric};
    pub use super::object::{Collect, Key, Reader, Writer, flat, missing, state};
    pub use super::union::{JsonType, Open, decode_variant, has, is, matches_known, matches_try, tag};
}
