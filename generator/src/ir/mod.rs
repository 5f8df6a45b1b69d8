//! The intermediate representation: what a Rust SDK needs to know about an API.
//!
//! Plain data. It must not know how OpenAPI expresses these concepts, the passes in `model` that build them, or the emitters
//! that read them.

mod api;
mod body;
mod conversion;
mod docs;
mod enumeration;
mod environments;
mod fixture;
mod former;
mod operation;
mod pagination;
mod parameter;
mod polling;
mod property_path;
mod resource;
mod response;
mod security;
mod status;
mod structure;
mod types;
mod union;
mod webhook;

pub use api::Api;
pub use body::{Body, BodyForm, PartContent, PartEncoding};
pub use conversion::{Conversion, ConversionRoute, ConversionSource};
pub use docs::{Docs, Lifecycle};
pub use enumeration::{EnumValue, Enumeration};
pub use environments::{Environments, UrlFunction};
pub use fixture::Fixture;
pub use former::{FormerCall, FormerMember, FormerName, FormerNames, FormerParameter};
pub use operation::Operation;
pub use pagination::{Cursor, Pagination};
pub use parameter::{Encoding, Explode, Location, Parameter, Style};
pub use polling::{Batch, Role, RunProperty, RunStart, RunState};
pub use property_path::{PropertyPath, Step};
pub use resource::{Argument, BodyPlan, Call, MockResource, Resource, Target};
pub use response::Response;
pub use security::{CredentialInput, CredentialSetters, Security};
pub use status::Status;
pub use structure::{Direction, Fixed, Presence, Property, Requirement, Rest, Secrecy, Setter, Storage, Struct};
pub use types::{EVERY_TYPE, Kind, Length, Type, TypeDef, TypeId, Types, Usage, Width};
pub use union::{Accessor, Decision, JsonType, Literal, Pattern, Rule, Test, Union, Variant};
pub use webhook::Webhook;

pub(crate) use operation::flat_name;
