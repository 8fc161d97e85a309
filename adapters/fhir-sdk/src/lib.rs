//! Conversions between [`carewire_fhir_core::Resource`] and the R4B types of [fhir-sdk](https://docs.rs/fhir-sdk), for
//! services that use that crate. They are the types of [`fhir_model`], which fhir-sdk re-exports as `fhir_sdk::r4b`.
//!
//! ```
//! use carewire_fhir_core::Resource;
//! use carewire_fhir_sdk::{LossKind, from_r4b, to_r4b};
//! use fhir_model::r4b::resources::Patient;
//!
//! let ours = Resource::parse(br#"{"resourceType":"Patient","birthDate":"1980-03","favouriteColour":"blue"}"#)?;
//! let converted = to_r4b(&ours)?;
//! assert_eq!(converted.lost[0].path, "Patient.favouriteColour"); // R4B has no such element
//! assert_eq!(converted.lost[0].kind, LossKind::Dropped);
//!
//! let theirs = Patient::try_from(converted.value)?;
//! let back = from_r4b(&theirs.into())?;
//! assert_eq!(back.to_json(), r#"{"resourceType":"Patient","birthDate":"1980-03"}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What their types cannot hold
//! They hold decimals as `f64`, times as parsed values, and no element that R4B does not define. A conversion therefore
//! compares what went in with what the type gives back, and lists each difference by its path ([`Loss`]); nothing is
//! lost in silence. R4 and R4B name a few elements differently; those are listed as dropped, or refused where R4B
//! requires them.
//!
//! # What it costs
//! The R4B types take minutes and gigabytes to compile, which is why they are here and not in the core. All
//! (de)serialisation of theirs is instantiated in this crate once, so that the crates that use it do not pay again.
//!
//! What it will not do: R5, which would double the cost; validate, beyond what the types themselves refuse.

mod convert;
mod error;
mod loss;

pub use convert::{Converted, from_r4b, to_r4b};
pub use error::Error;
pub use loss::{Loss, LossKind};
