//! Other releases of FHIR: what is R4 inside can be written as R5.
//!
//! What differs is a table ([`table`]): elements that were renamed, became lists or CodeableReferences, moved, or have
//! other codes. What R5 cannot say is kept in HL7's extensions for elements of other releases and named in an issue.

mod convert;
mod required;
mod rule;
mod subscription;
mod table;
mod trigger;

#[cfg(test)]
mod tests;

pub use trigger::{TriggerType, TriggeredBy};

use crate::{Issue, Resource};

/// A release of FHIR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Release {
    /// 4.0.1, in which everything here is built and read.
    #[default]
    R4,
    /// 5.0.0
    R5,
}

/// A resource in another release.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Converted {
    /// The resource.
    pub resource: Resource,
    /// What the release cannot say (it is in an extension), what it requires and R4 did not supply (`required`), and
    /// what is still R4 because it is not known what differs (`incomplete`): all warnings. The places are those of the R4
    /// resource.
    pub issues: Vec<Issue>,
}

/// A resource as JSON text in a release.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The text.
    pub json: String,
    /// As in [`Converted`].
    pub issues: Vec<Issue>,
}

impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Written")
            .field("bytes", &self.json.len())
            .field("issues", &self.issues.len())
            .finish()
    }
}

impl Resource {
    /// The resource, which is R4, in a release; those that it contains or, as a Bundle, carries with it.
    ///
    /// Known is what differs in `Account`, `AllergyIntolerance`, `Appointment`, `AppointmentResponse`, `AuditEvent`,
    /// `Basic`, `Binary`, `Bundle`, `CarePlan`, `CareTeam`, `Communication`, `CommunicationRequest`, `Composition`,
    /// `Condition`, `Consent`, `Coverage`, `Device`, `DeviceRequest`, `DiagnosticReport`, `DocumentReference`,
    /// `Encounter`, `Endpoint`, `EpisodeOfCare`, `FamilyMemberHistory`, `Flag`, `Goal`, `Group`, `HealthcareService`,
    /// `ImagingStudy`, `Immunization`, `Linkage`, `List`, `Location`, `Medication`, `MedicationAdministration`,
    /// `MedicationDispense`, `MedicationRequest`, `MedicationStatement`, `MessageHeader`, `Observation`,
    /// `OperationOutcome`, `Organization`, `Parameters`, `Patient`, `Person`, `Practitioner`, `PractitionerRole`,
    /// `Procedure`, `Provenance`, `Questionnaire`, `QuestionnaireResponse`, `RelatedPerson`, `Schedule`,
    /// `ServiceRequest`, `Slot`, `Specimen`, `Subscription`, `SupplyRequest`, `Task`, `VisionPrescription`. A
    /// resource of another type is still R4 afterwards, and a warning says so.
    ///
    /// ```
    /// use carewire_fhir_core::{Release, Resource};
    /// let encounter = br#"{"resourceType":"Encounter","status":"finished","class":{"code":"IMP"},"diagnosis":[{"rank":1}]}"#;
    /// let converted = Resource::parse(encounter)?.to_release(Release::R5);
    /// assert_eq!(converted.resource.value().str("status"), Some("completed"));
    /// assert_eq!(converted.resource.value().list("class")[0].to_json(), r#"{"coding":[{"code":"IMP"}]}"#);
    /// assert_eq!(converted.issues[0].expression, ["Encounter.diagnosis[0].rank"]); // kept in an extension
    /// # Ok::<(), carewire_fhir_core::ResourceError>(())
    /// ```
    #[must_use]
    pub fn to_release(&self, release: Release) -> Converted {
        match release {
            Release::R4 => Converted { resource: self.clone(), issues: Vec::new() },
            Release::R5 => {
                let (value, mut issues) = convert::to_r5(self);
                let resource = Self::from_value(value).unwrap_or_else(|_| {
                    let text = "cannot be written in this release: the resource is still R4";
                    issues.push(Issue::error("exception", text).at(self.resource_type()));
                    self.clone()
                });
                Converted { resource, issues }
            }
        }
    }
}
