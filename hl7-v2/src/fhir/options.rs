//! How to map.

use std::sync::Arc;

use carewire_fhir_core::{BundleType, OrgId};

use super::resolver::{DefaultResolver, SystemResolver};
use crate::UtcOffset;

/// How to map a message: for which org, into what kind of Bundle.
///
/// ```
/// use carewire_fhir_core::{BundleType, OrgId};
/// use carewire_hl7_v2::fhir::MapOptions;
/// let options = MapOptions::new(OrgId::new("clinic")?)
///     .with_bundle(BundleType::Collection)
///     .with_patient_systems(["urn:oid:2.16.840.1.113883.19"])
///     .with_trace(true);
/// # Ok::<(), carewire_fhir_core::InvalidId>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MapOptions {
    /// The org that the message belongs to; part of every made system.
    pub org: OrgId,
    /// The kind of Bundle: transaction (the default), batch, collection or message. Others become collections.
    pub bundle: BundleType,
    /// Which URI stands for an assigning authority.
    pub resolver: Arc<dyn SystemResolver>,
    /// The org's zone, for times that have none in a message whose MSH-7 has none either.
    pub zone: Option<UtcOffset>,
    /// The systems of patient identifiers, the best first. Without one that fits: type `MR`, then `PI`, then the
    /// first with an authority, then the first.
    pub patient_systems: Vec<String>,
    /// Whether to say of each element where it came from. Costs several times the mapping itself.
    pub trace: bool,
    /// Whether a transaction or batch also creates Provenance resources. They have no identifier, so a message that is
    /// sent again creates them again. Collections and messages always have them.
    pub provenance: bool,
    /// Whether to say what orders and limits each entry, for [`settle`](super::settle()). Costs a hash of the message.
    pub changes: bool,
    /// What becomes of a visit or patient that a message deletes (A23, A29).
    pub deletion: Deletion,
    /// What becomes of a message that does not say who the patient is.
    pub unidentified: Unidentified,
    /// How a transaction or batch writes what has no identifier.
    pub unnumbered: Unnumbered,
    /// Whether the message itself comes along.
    pub raw: RawMessage,
    /// Of which system a code is that names none, and that its table is not known to have.
    pub unknown_codes: UnknownCodes,
}

/// Of which system a code is that names none (CWE.3), and that the table of its field is not known to have.
///
/// HL7 leaves most tables to the site, and publishes the codes that it suggests as code systems. Of a code that is none of
/// them nothing says whether the site has added it to the table or means a list of its own. Either way it is kept and
/// reported. A code that the table is known to have is always of its system; so is one that R4 demands as a single Coding
/// (the class of a visit), and one that stands beside an element whose codes are R4's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnknownCodes {
    /// Of none: nothing is said that may be wrong.
    #[default]
    WithoutSystem,
    /// Of the table: `http://terminology.hl7.org/CodeSystem/v2-0112`. For sites that fill the tables of HL7 with codes of
    /// their own; a server that checks codes refuses those that the system does not have.
    OfTable,
}

/// How a transaction or batch writes what has no identifier: Provenance, Binary.
///
/// FHIR can look for other resources before it writes them; R4 has no search that would find these again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unnumbered {
    /// It is created, and the server gives it an id. A message that is sent again creates it again. Every server can
    /// do this.
    #[default]
    Created,
    /// It is put at an id that is made of the message: `PUT Provenance/<uuid>`. A message that is sent again writes
    /// the same once more. The server must let a client choose ids (`updateCreate` in its capability statement).
    AtOwnId,
}

/// Whether and how the message itself stands beside what it says.
///
/// It holds everything that the message holds, also what no row of the map reads. Where there is a Provenance of the
/// message, it names it as its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RawMessage {
    /// It does not.
    #[default]
    None,
    /// As the content of a DocumentReference, which is known by the message's content, and has its control id.
    DocumentReference,
    /// As a Binary.
    Binary,
}

/// What becomes of a message that does not say who the patient is: without PID-3, PID-2 and PID-4, or without a PID
/// where its structure wants one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unidentified {
    /// No Bundle: see [`MapError`](super::MapError). Nobody's results are worse than none.
    #[default]
    Refuse,
    /// A patient whose identity is bound to the message: no other message will ever be about the same one, and a
    /// resend is about it again. Without a PID the resources have no subject. For looking at messages, not for records.
    BindToMessage,
}

/// What becomes of a visit (A23) or patient (A29) that a message deletes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deletion {
    /// It stays, and its status says so: `entered-in-error`, or not `active`. Nothing is lost.
    #[default]
    Status,
    /// A transaction or batch deletes it by its identifier. A collection or message cannot: there the status says so.
    Delete,
}

impl MapOptions {
    /// A transaction for this org, with the [`DefaultResolver`].
    #[must_use]
    pub fn new(org: OrgId) -> Self {
        Self {
            org,
            bundle: BundleType::Transaction,
            resolver: Arc::new(DefaultResolver),
            zone: None,
            patient_systems: Vec::new(),
            trace: false,
            provenance: false,
            changes: false,
            deletion: Deletion::Status,
            unidentified: Unidentified::Refuse,
            unnumbered: Unnumbered::Created,
            raw: RawMessage::None,
            unknown_codes: UnknownCodes::WithoutSystem,
        }
    }

    /// Another kind of Bundle.
    #[must_use]
    pub fn with_bundle(self, bundle: BundleType) -> Self {
        Self { bundle, ..self }
    }

    /// Another way to name authorities.
    #[must_use]
    pub fn with_resolver(self, resolver: Arc<dyn SystemResolver>) -> Self {
        Self { resolver, ..self }
    }

    /// The org's zone.
    #[must_use]
    pub fn with_zone(self, zone: UtcOffset) -> Self {
        Self { zone: Some(zone), ..self }
    }

    /// The systems of patient identifiers, the best first.
    #[must_use]
    pub fn with_patient_systems<S: Into<String>>(self, systems: impl IntoIterator<Item = S>) -> Self {
        Self { patient_systems: systems.into_iter().map(Into::into).collect(), ..self }
    }

    /// Whether to trace.
    #[must_use]
    pub fn with_trace(self, trace: bool) -> Self {
        Self { trace, ..self }
    }

    /// Whether to create Provenance in a transaction or batch.
    #[must_use]
    pub fn with_provenance(self, provenance: bool) -> Self {
        Self { provenance, ..self }
    }

    /// Whether to say what orders and limits each entry.
    #[must_use]
    pub fn with_changes(self, changes: bool) -> Self {
        Self { changes, ..self }
    }

    /// What becomes of what a message deletes.
    #[must_use]
    pub fn with_deletion(self, deletion: Deletion) -> Self {
        Self { deletion, ..self }
    }

    /// What becomes of a message that does not say who the patient is.
    #[must_use]
    pub fn with_unidentified(self, unidentified: Unidentified) -> Self {
        Self { unidentified, ..self }
    }

    /// How to write what has no identifier.
    #[must_use]
    pub fn with_unnumbered(self, unnumbered: Unnumbered) -> Self {
        Self { unnumbered, ..self }
    }

    /// Whether and how the message itself comes along.
    #[must_use]
    pub fn with_raw(self, raw: RawMessage) -> Self {
        Self { raw, ..self }
    }

    /// Of which system a code is that names none, and that its table is not known to have.
    #[must_use]
    pub fn with_unknown_codes(self, unknown_codes: UnknownCodes) -> Self {
        Self { unknown_codes, ..self }
    }

    pub(crate) fn has_requests(&self) -> bool {
        matches!(self.bundle, BundleType::Transaction | BundleType::Batch)
    }

    pub(crate) fn wants_provenance(&self) -> bool {
        self.provenance || !self.has_requests()
    }
}
