//! What the programs of the benchmarks share: a meter, a server on loopback, a large parse run, hand-written types.
//!
//! It must not know what is measured.

pub mod meter;
pub mod plain;
pub mod run;
pub mod server;
