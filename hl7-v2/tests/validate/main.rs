//! Messages against the dictionary of their version.

#![cfg(feature = "dictionary")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod corpus;
mod laws;
#[path = "../support/mod.rs"]
mod support;

use carewire_hl7_v2::dictionary::{Dictionary, Version};
use carewire_hl7_v2::validate::{ValidateOptions, validate};
use carewire_hl7_v2::{Finding, FindingKind, Message, ParseOptions, Severity};
