//! Records of a service, to FHIR and back.
//!
//! A service keeps patients, encounters and observations in tables of its own. [`PatientRecord`], [`EncounterRecord`] and
//! [`ObservationRecord`] are what a service that knows its patients by tokens keeps of them, and [`FhirRecord`] is the
//! trait to implement for other records. A record holds no name, birth date or address: a patient is a token.
//!
//! ```
//! use carewire_fhir_core::domain::{EncounterKind, EncounterRecord, FhirRecord, RecordContext};
//! use carewire_fhir_core::types::{Coding, DateTime};
//! use carewire_fhir_core::PatientToken;
//!
//! let context = RecordContext::default();
//! let mut visit = EncounterRecord::new("enc_1", PatientToken::new("pt_abc123")?, EncounterKind::OfficeVisit);
//! visit.start = Some(DateTime::parse("2026-03-05T09:00:00+01:00")?);
//! visit.reasons.push(Coding::new("http://hl7.org/fhir/sid/icd-10-cm", "Z00.00"));
//!
//! let resource = visit.to_fhir(&context);
//! assert_eq!(resource.value().get("class").and_then(|class| class.str("code")), Some("AMB"));
//! let read = EncounterRecord::from_fhir(&resource, &context)?;
//! assert!(read.record == visit && read.issues.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What a record cannot hold
//! Reading reports every element that the record has no place for, by its path, as an issue of severity `information`:
//! also the display of a code that became a kind or category, and a reference that says more than the patient's token.
//! Nothing is guessed: an encounter whose class is `AMB` is [`EncounterKind::Ambulatory`], not an office visit.

mod codes;
mod context;
mod encounter;
mod kind;
mod observation;
mod patient;
mod reader;

pub use codes::{Codes, NoCode};
pub use context::{MaskedName, PatientReference, RecordContext};
pub use encounter::EncounterRecord;
pub use kind::{EncounterKind, ObservationCategory};
pub use observation::{Measurement, ObservationRecord, RecordValue};
pub use patient::PatientRecord;

use crate::types::Instant;
use crate::{Issue, Resource};

/// A record of a service that has a form in FHIR. Implement it for a service's own tables.
///
/// `from_fhir(to_fhir(record))` gives the same record and no issues, where no text is empty and each coding has a code and
/// beside it no more than system, version and display; `to_fhir` makes what [`crate::validate()`] accepts.
pub trait FhirRecord: Sized {
    /// The type of resource that the record becomes.
    const RESOURCE_TYPE: &'static str;

    /// The record as a resource. What the record does not know is not in it.
    fn to_fhir(&self, context: &RecordContext) -> Resource;

    /// The resource as a record, with an issue for each element that the record cannot hold.
    ///
    /// # Errors
    /// [`RecordError`] when the resource is of another type, or lacks what makes a record.
    fn from_fhir(resource: &Resource, context: &RecordContext) -> Result<FromFhir<Self>, RecordError>;

    /// The state of the record's synchronisation.
    fn link(&self) -> &FhirLink;

    /// The state of the record's synchronisation, to change it.
    fn link_mut(&mut self) -> &mut FhirLink;
}

/// Which resource at the remote a record is, and whether it is kept in step. `Debug` does not show its id.
#[derive(Clone, PartialEq, Eq)]
pub struct FhirLink {
    /// The logical id that the remote gave.
    pub resource_id: Option<String>,
    /// Whether changes of the record are sent. On for new records, and for those that were read: what came from a remote
    /// is recognised there by its content, so no switch is needed to prevent an echo.
    pub sync_enabled: bool,
    /// When the record was last known to equal the resource.
    pub last_synced_at: Option<Instant>,
}

impl std::fmt::Debug for FhirLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FhirLink")
            .field("is_known", &self.resource_id.is_some())
            .field("sync_enabled", &self.sync_enabled)
            .finish_non_exhaustive()
    }
}

impl Default for FhirLink {
    fn default() -> Self {
        Self { resource_id: None, sync_enabled: true, last_synced_at: None }
    }
}

/// A record that was read, and what it does not hold.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FromFhir<T> {
    /// The record.
    pub record: T,
    /// The elements that are not in it: severity `information`, code `not-supported`, and the path.
    pub issues: Vec<Issue>,
}

impl<T> std::fmt::Debug for FromFhir<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FromFhir").field("issues", &self.issues.len()).finish_non_exhaustive()
    }
}

/// A resource is not a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// It is of another type.
    #[error("not a resource of type `{expected}`")]
    WrongType {
        /// The type that was expected.
        expected: &'static str,
    },
    /// An element that a record cannot be without is missing, or its value is not one that a record can hold.
    #[error("`{element}` is missing or not usable")]
    Unusable {
        /// The path of the element.
        element: &'static str,
    },
}

#[cfg(test)]
mod tests;
