//! Every resource that has a struct, for tests that hold for all of them.

use crate::Resource;
use crate::resources::*;
use crate::types::{Described, Description, Read, TypedResource};

/// A struct by what can be done with it.
pub(super) struct Known {
    pub(super) name: &'static str,
    pub(super) describe: fn() -> Description,
    pub(super) reread: fn(&Resource) -> Reread,
}

/// A resource that went through its struct.
pub(super) struct Reread {
    pub(super) resource: Resource,
    pub(super) text: String,
    pub(super) unread: Vec<String>,
    /// Whether the struct that was written and read again is the same.
    pub(super) stable: bool,
}

impl Known {
    const fn of<T: TypedResource + Described + PartialEq>() -> Self {
        Self { name: T::TYPE, describe: T::describe, reread: reread::<T> }
    }
}

fn reread<T: TypedResource + PartialEq>(resource: &Resource) -> Reread {
    let Read { value, unread } = T::read_resource(resource).unwrap();
    let resource = value.to_resource();
    let stable = T::read_resource(&resource).unwrap().value == value;
    Reread { text: value.to_json(), resource, unread, stable }
}

pub(super) fn known(resource_type: &str) -> Option<&'static Known> {
    EVERY.iter().find(|known| known.name == resource_type)
}

pub(super) const EVERY: &[Known] = &[
    Known::of::<Account>(),
    Known::of::<AllergyIntolerance>(),
    Known::of::<Appointment>(),
    Known::of::<AuditEvent>(),
    Known::of::<Basic>(),
    Known::of::<Binary>(),
    Known::of::<CarePlan>(),
    Known::of::<CareTeam>(),
    Known::of::<Communication>(),
    Known::of::<CommunicationRequest>(),
    Known::of::<Composition>(),
    Known::of::<Condition>(),
    Known::of::<Consent>(),
    Known::of::<Coverage>(),
    Known::of::<Device>(),
    Known::of::<DeviceDefinition>(),
    Known::of::<DeviceMetric>(),
    Known::of::<DeviceRequest>(),
    Known::of::<DeviceUseStatement>(),
    Known::of::<DiagnosticReport>(),
    Known::of::<DocumentReference>(),
    Known::of::<Encounter>(),
    Known::of::<Endpoint>(),
    Known::of::<EpisodeOfCare>(),
    Known::of::<FamilyMemberHistory>(),
    Known::of::<Flag>(),
    Known::of::<Goal>(),
    Known::of::<Group>(),
    Known::of::<HealthcareService>(),
    Known::of::<ImagingStudy>(),
    Known::of::<Immunization>(),
    Known::of::<InsurancePlan>(),
    Known::of::<Linkage>(),
    Known::of::<List>(),
    Known::of::<Location>(),
    Known::of::<Media>(),
    Known::of::<Medication>(),
    Known::of::<MedicationAdministration>(),
    Known::of::<MedicationDispense>(),
    Known::of::<MedicationRequest>(),
    Known::of::<MedicationStatement>(),
    Known::of::<MessageHeader>(),
    Known::of::<NutritionOrder>(),
    Known::of::<Observation>(),
    Known::of::<OperationOutcome>(),
    Known::of::<Organization>(),
    Known::of::<Parameters>(),
    Known::of::<Patient>(),
    Known::of::<Person>(),
    Known::of::<Practitioner>(),
    Known::of::<PractitionerRole>(),
    Known::of::<Procedure>(),
    Known::of::<Provenance>(),
    Known::of::<Questionnaire>(),
    Known::of::<QuestionnaireResponse>(),
    Known::of::<RelatedPerson>(),
    Known::of::<Schedule>(),
    Known::of::<ServiceRequest>(),
    Known::of::<Slot>(),
    Known::of::<Specimen>(),
    Known::of::<Subscription>(),
    Known::of::<Substance>(),
    Known::of::<SupplyRequest>(),
    Known::of::<Task>(),
];
