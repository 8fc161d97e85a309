//! Synthetic HL7 v2 messages (from `carewire_hl7_v2::synthetic`) and FHIR resources for benches and load: of realistic
//! shape and size, of invented people, and the same for the same seed on every machine.
//!
//! ```
//! use carewire_benches::{admission, bundle_resource, results};
//!
//! let adt = admission(7);
//! assert!(adt.starts_with("MSH|^~\\&|") && adt.contains("|ADT^A01^ADT_A01|"));
//! assert_eq!(results(7, 200).matches("\rOBX|").count(), 200);
//! assert_eq!(admission(7), adt);
//! assert!(bundle_resource(7).starts_with(r#"{"resourceType":"Bundle""#));
//! ```
//!
//! The benches are in `benches/`, those beside crates that take long to build in `peers/`, those of servers in `mllp/`:
//! `cargo xtask bench`. This crate will not grow messages of every type: it holds what the benches need.

mod message;
mod resource;
mod seed;

pub use message::{admission, admission_of_1_5_kb, results};
pub use resource::{bundle_resource, observation_resource, patient_resource};
