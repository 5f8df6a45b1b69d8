//! Runs the target `event_stream` with libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::targets::event_stream(data));
