//! Turns an OpenAPI document into a typed Rust client. No I/O, no network, no clock.
//!
//! The way of the data, one folder per arrow:
//!
//! ```text
//! bytes --source--> Document --overlay--> Document --normalize--> one dialect
//!       --model--> Api {operations, types, webhooks}
//!       --wire--> progenitor's code, mended
//!       --emit--> source files
//! ```

pub mod diagnostic;
pub mod emit;
pub mod model;
pub mod names;
pub mod normalize;
pub mod pointer;
pub mod profile;
pub mod source;
pub mod wire;

mod line;

pub use diagnostic::{Code, Diagnostic, Report, Severity};
pub use line::{Generated, Pass, Sources, check, generate, model_of};
pub use source::{Canonical, canonical};
