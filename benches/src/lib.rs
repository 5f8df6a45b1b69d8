//! What the benchmarks send and receive: a server on loopback, a large parse run, and the same run as plain derived structs.
//!
//! It must not know what is measured.

pub mod plain;
pub mod run;
pub mod server;
