//! What a message becomes, and why it may become nothing.

use carewire_fhir_core::Resource;

use super::change::Change;
use super::mapper::{Mapper, Report};
use super::report::{Issue, Trace, Unmapped};
use super::{MapOptions, PatientIdentity};
use crate::Message;

/// A message as a Bundle, and what there is to say about it.
///
/// The Bundle holds what the message says about people. `Debug` does not show it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Mapped {
    /// The Bundle.
    pub bundle: Resource,
    /// The patients of the message, in its order, with the `fullUrl` of their entries.
    pub patients: Vec<MappedPatient>,
    /// What the reader of the Bundle should know.
    pub issues: Vec<Issue>,
    /// The fields with content that no row read.
    pub unmapped: Vec<Unmapped>,
    /// Where each element came from; empty unless [`MapOptions::trace`] asks for it.
    pub trace: Vec<Trace>,
    /// What to weigh when an entry is settled with what is known, one for each entry; empty unless
    /// [`MapOptions::changes`] asks for it.
    pub changes: Vec<Change>,
}

/// A patient of a Bundle. `Debug` does not show the address: it is made from what the patient is known by.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MappedPatient {
    /// What the patient is known by.
    pub identity: PatientIdentity,
    /// The `fullUrl` of the entry.
    pub full_url: String,
}

impl std::fmt::Debug for MappedPatient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MappedPatient").field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// Why a message has no Bundle. Sending it again will not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// There is no map for this type of message.
    #[error("no map for messages of type {code}^{event}")]
    UnsupportedType {
        /// MSH-9.1
        code: String,
        /// MSH-9.2
        event: String,
    },
    /// The message is of a type that is about a patient, and has no PID.
    #[error("the message has no PID segment")]
    NoPatient,
    /// PID-3, PID-2 and PID-4 are empty: nothing says who the patient is.
    #[error("the PID segment has no patient identifier")]
    NoPatientIdentity,
    /// The message is about a merge, and has no MRG: nothing says what is replaced.
    #[error("the message has no MRG segment")]
    NoMerge,
}

/// Maps a message to a Bundle.
///
/// The same message gives the same Bundle. Every resource has an identity: a system and a value among its identifiers;
/// its `fullUrl` is a UUID made from them, and in a transaction its entry is a conditional update by them. All
/// references point to entries of the Bundle.
///
/// ```
/// use carewire_fhir_core::{OrgId, entries};
/// use carewire_hl7_v2::{Message, ParseOptions, fhir::{MapOptions, map}};
///
/// let bytes = b"MSH|^~\\&|ADT|GEN|||20240305101500+0100||ADT^A01|1|P|2.5\rPID|1||7^^^GEN^MR||Doe^Jo\rPV1|1|I|ICU^2";
/// let message = Message::parse(bytes, &ParseOptions::default())?;
/// let mapped = map(&message, &MapOptions::new(OrgId::new("clinic")?))?;
/// let patient = entries(&mapped.bundle).next().ok_or("empty")?;
/// assert_eq!(patient.request_url, Some("Patient?identifier=urn%3Acarewire%3Aauthority%3Aclinic%3AGEN%7C7"));
/// assert_eq!(mapped.patients[0].identity.value, "7");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`MapError`] when the type has no map, or nothing says who the patient is.
pub fn map(message: &Message<'_>, options: &MapOptions) -> Result<Mapped, MapError> {
    let (bundle, report) = Mapper::new(options.clone()).map(message)?;
    let Report { patients, issues, unmapped, trace, changes } = report;
    Ok(Mapped { bundle, patients, issues, unmapped, trace, changes })
}
