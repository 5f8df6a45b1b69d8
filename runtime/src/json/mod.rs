//! JSON types and `serde` implementations of generated clients: reading is lenient, writing is exact.
//!
//! Knows JSON only: no HTTP, no operations.

mod constant;
mod enumeration;
mod extra;
mod field;
mod formats;
mod guarded;
mod index_set;
mod into_object;
mod number;
mod object;
mod point_in_time;
mod positions;
mod read;
mod sensitive;
#[cfg(test)]
mod tests;
mod timestamp;
mod union;
mod wrapper;
mod write;

pub use constant::Constant;
pub use extra::Extra;
pub use field::Field;
#[cfg(feature = "webhooks")]
pub(crate) use guarded::Guarded;
pub use into_object::IntoObject;
#[cfg(feature = "client")]
pub(crate) use into_object::NOT_JSON;
pub use positions::Positions;
pub use read::{Read, ReadJson, Reader};
pub use sensitive::Sensitive;
pub use timestamp::Timestamp;
pub use write::{WriteJson, to_bytes, to_text};

pub(crate) use formats::{Failure, Whole};
pub(crate) use read::{Class, Problem, ReadLimits, path_at, read_text_into};

/// An object with string keys in the order in which they were received.
pub type Map<T> = indexmap::IndexMap<String, T>;

/// Items that the macros of this crate expand to; not intended for direct use.
#[doc(hidden)]
pub mod parts {
    pub use super::enumeration::{keep, place_of};
    pub use super::formats::{deserialize, serialize};
    pub use super::object::{
        Nowhere, Presence, Table, copy, is_same, write_object, written_field, written_nullable, written_optional,
    };
    pub use super::positions::Positional;
    pub use super::read::{JsonType, Rules, Test};
    pub use super::union::{Open, write_tagged};
}
