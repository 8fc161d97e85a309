//! Synthetic HL7 v2 messages for benches and load: of realistic shape and size, of invented people, and the same
//! for the same seed on every machine.
//!
//! ```
//! use carewire_benches::{admission, results};
//!
//! let adt = admission(7);
//! assert!(adt.starts_with("MSH|^~\\&|") && adt.contains("|ADT^A01^ADT_A01|"));
//! assert_eq!(results(7, 200).matches("\rOBX|").count(), 200);
//! assert_eq!(admission(7), adt);
//! ```
//!
//! The benches are in `benches/`: `cargo bench --package carewire-benches`. This crate will not grow messages of
//! every type: it holds what the benches need.

mod admission;
mod results;
mod seed;

pub use admission::admission;
pub use results::results;
