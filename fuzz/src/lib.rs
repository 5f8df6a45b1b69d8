//! The fuzz targets, which are those of the tests: `tests/tests/fuzz/targets.rs`.

#[path = "../../tests/tests/fuzz/targets.rs"]
pub mod targets;
