//! The rules, one per file: each looks at files that were read and returns what is wrong. None reads the disk or knows another.

pub(super) mod function_names;
pub(super) mod headers;
pub(super) mod layers;
pub(super) mod leftovers;
pub(super) mod modules;
pub(super) mod pages;
pub(super) mod sizes;
pub(super) mod words;
