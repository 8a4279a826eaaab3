#![no_main]

#[path = "../targets.rs"]
#[allow(dead_code, reason = "shared by all targets")]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::sheet(bytes));
