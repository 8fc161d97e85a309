//! FHIR resources without loss.
//!
//! ```
//! use carewire_fhir_core::Resource;
//!
//! let mut received = Resource::parse(br#"{"resourceType":"Observation","valueQuantity":{"value":0.50}}"#)?;
//! received.value_mut().set("status", "final");
//! assert_eq!(received.to_json(), r#"{"resourceType":"Observation","valueQuantity":{"value":0.50},"status":"final"}"#);
//! # Ok::<(), carewire_fhir_core::ResourceError>(())
//! ```

mod define;
mod ids;
pub mod json;
mod primitive;
mod resource;
pub mod resources;
pub mod types;

pub use ids::{CorrelationId, InvalidId, OrgId, PatientToken};
pub use json::{Kind, Limits, ParseError, ParseReason, Value};
pub use primitive::{Date, DateTime, Decimal, Instant, InvalidPrimitive, Precision, Time};
pub use resource::{Resource, ResourceError};
