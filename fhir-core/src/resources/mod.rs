//! The resources that mappings build, as slim structs: the elements that HL7's v2-to-FHIR maps fill, and the few beside
//! them that a resource does not make sense without. All fields are public and default to absent.
//!
//! What is received is never read into these structs, so that nothing can be lost: see [`crate::Resource`].
//!
//! ```
//! use carewire_fhir_core::resources::{Observation, ObservationStatus, ObservationValue};
//! use carewire_fhir_core::types::{Coding, Decimal, Quantity, Reference};
//!
//! let observation = Observation {
//!     status: Some(ObservationStatus::Final),
//!     code: Some(Coding::new("http://loinc.org", "718-7").into()),
//!     subject: Some(Reference::to("Patient/p1")),
//!     value: Some(ObservationValue::Quantity(Quantity {
//!         value: Some(Decimal::parse("13.50")?),
//!         ..Quantity::default()
//!     })),
//!     ..Observation::default()
//! };
//! assert!(observation.into_resource().to_json().ends_with(r#""valueQuantity":{"value":13.50}}"#));
//! # Ok::<(), carewire_fhir_core::InvalidPrimitive>(())
//! ```

mod administration;
mod care;
mod clinical;
mod codes;
mod diagnostics;
mod document;
mod encounter;
mod medication;

pub use administration::*;
pub use care::*;
pub use clinical::*;
pub use codes::*;
pub use diagnostics::*;
pub use document::*;
pub use encounter::*;
pub use medication::*;

#[cfg(test)]
mod tests;
