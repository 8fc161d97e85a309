//! Resources as slim structs, with every element that R4 gives them. All fields are public and default to absent.
//!
//! Which: what HL7's v2-to-FHIR maps and US Core make use of, and what a gateway keeps beside it (consents, audit events,
//! tasks, subscriptions, forms). Resources of other types are [`crate::Resource`]s and lose nothing by it; so is a Bundle,
//! for which there is [`crate::BundleBuilder`].
//!
//! ```
//! use carewire_fhir_core::resources::{Observation, ObservationStatus};
//! use carewire_fhir_core::types::{Coding, Decimal, Quantity, Reference, ToJson};
//!
//! let observation = Observation::default()
//!     .status(ObservationStatus::Final)
//!     .code(Coding::new("http://loinc.org", "718-7"))
//!     .subject(Reference::to("Patient/p1"))
//!     .value(Quantity::default().value(Decimal::parse("13.50")?).unit("g/dL"));
//! assert!(observation.to_json().ends_with(r#""valueQuantity":{"value":13.50,"unit":"g/dL"}}"#));
//! # Ok::<(), carewire_fhir_core::InvalidPrimitive>(())
//! ```
//!
//! Reading a received resource names what the fields cannot hold, keeps it, and writes it again:
//!
//! ```
//! use carewire_fhir_core::{Resource, resources::Patient};
//! let received = Resource::parse(br#"{"resourceType":"Patient","birthDate":"about 1970","active":true}"#)?;
//! let read = Patient::from_resource(&received)?;
//! assert_eq!((read.value.active, read.unread.as_slice()), (Some(true), ["Patient.birthDate".to_owned()].as_slice()));
//! assert_eq!(read.value.into_resource(), received);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod care;
mod choices;
mod clinical;
mod codes;
mod coverage;
mod device;
mod diagnostics;
mod document;
mod encounter;
mod form;
mod imaging;
mod immunization;
mod medication;
mod message;
mod operation;
mod organization;
mod person;
mod provenance;
mod schedule;
mod workflow;

pub use care::*;
pub use choices::*;
pub use clinical::*;
pub use codes::*;
pub use coverage::*;
pub use device::*;
pub use diagnostics::*;
pub use document::*;
pub use encounter::*;
pub use form::*;
pub use imaging::*;
pub use immunization::*;
pub use medication::*;
pub use message::*;
pub use operation::*;
pub use organization::*;
pub use person::*;
pub use provenance::*;
pub use schedule::*;
pub use workflow::*;

#[cfg(test)]
pub(crate) mod tests;
