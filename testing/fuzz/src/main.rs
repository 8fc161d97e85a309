//! One target under libFuzzer: `CAREWIRE_FUZZ_TARGET` names it, `cargo xtask fuzz` sets it.
#![no_main]

use std::sync::LazyLock;

use targets::{TARGETS, Target};

/// By its path, not as a dependency: the crate of the tests brings an HTTP client, and all of it would be built anew.
#[path = "../../src/fuzz.rs"]
mod targets;

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("CAREWIRE_FUZZ_TARGET").unwrap_or_default();
    let found = TARGETS.iter().find(|target| target.name == name);
    found.unwrap_or_else(|| panic!("CAREWIRE_FUZZ_TARGET names no target"))
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| (TARGET.run)(data));
