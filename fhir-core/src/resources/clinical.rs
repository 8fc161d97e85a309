//! Allergies, conditions and procedures.

use super::{
    AllergyIntoleranceCategory, AllergyIntoleranceCriticality, AllergyIntoleranceSeverity,
    AllergyIntoleranceType, ProcedureStatus,
};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, DateTime, Identifier, Period, PrimitiveExtension, Quantity, Range, Reference,
};

fhir! {
    /// A substance that a patient does not bear.
    resource AllergyIntolerance {
        identifier: Vec<Identifier> = "identifier",
        clinical_status: Option<CodeableConcept> = "clinicalStatus",
        verification_status: Option<CodeableConcept> = "verificationStatus",
        r#type: Option<AllergyIntoleranceType> = "type",
        category: Vec<AllergyIntoleranceCategory> = "category",
        category_element: Vec<PrimitiveExtension> = "_category",
        criticality: Option<AllergyIntoleranceCriticality> = "criticality",
        criticality_element: PrimitiveExtension = "_criticality",
        code: Option<CodeableConcept> = "code",
        patient: Option<Reference> = "patient",
        encounter: Option<Reference> = "encounter",
        onset: Option<Onset> = "onset",
        recorded_date: Option<DateTime> = "recordedDate",
        recorder: Option<Reference> = "recorder",
        asserter: Option<Reference> = "asserter",
        last_occurrence: Option<DateTime> = "lastOccurrence",
        note: Vec<Annotation> = "note",
        reaction: Vec<AllergyReaction> = "reaction",
    }
}

fhir! {
    /// `onset[x]` and `abatement[x]` of allergies and conditions
    choice Onset { DateTime(DateTime), Age(Quantity), Period(Period), Range(Box<Range>), String(String) }
}

fhir! {
    /// `AllergyIntolerance.reaction`
    element AllergyReaction {
        substance: Option<CodeableConcept> = "substance",
        manifestation: Vec<CodeableConcept> = "manifestation",
        description: Option<String> = "description",
        onset: Option<DateTime> = "onset",
        severity: Option<AllergyIntoleranceSeverity> = "severity",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// A problem, diagnosis or other matter of a patient's health.
    resource Condition {
        identifier: Vec<Identifier> = "identifier",
        clinical_status: Option<CodeableConcept> = "clinicalStatus",
        verification_status: Option<CodeableConcept> = "verificationStatus",
        category: Vec<CodeableConcept> = "category",
        severity: Option<CodeableConcept> = "severity",
        code: Option<CodeableConcept> = "code",
        body_site: Vec<CodeableConcept> = "bodySite",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        onset: Option<Onset> = "onset",
        abatement: Option<Onset> = "abatement",
        recorded_date: Option<DateTime> = "recordedDate",
        recorder: Option<Reference> = "recorder",
        asserter: Option<Reference> = "asserter",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// Something that was done to or for a patient.
    resource Procedure {
        identifier: Vec<Identifier> = "identifier",
        based_on: Vec<Reference> = "basedOn",
        part_of: Vec<Reference> = "partOf",
        status: Option<ProcedureStatus> = "status",
        category: Option<CodeableConcept> = "category",
        code: Option<CodeableConcept> = "code",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        performed: Option<Performed> = "performed",
        recorder: Option<Reference> = "recorder",
        asserter: Option<Reference> = "asserter",
        performer: Vec<ProcedurePerformer> = "performer",
        location: Option<Reference> = "location",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        body_site: Vec<CodeableConcept> = "bodySite",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `Procedure.performed[x]`
    choice Performed { DateTime(DateTime), Period(Period), String(String), Age(Quantity), Range(Box<Range>) }
}

fhir! {
    /// `Procedure.performer`
    element ProcedurePerformer {
        function: Option<CodeableConcept> = "function",
        actor: Option<Reference> = "actor",
        on_behalf_of: Option<Reference> = "onBehalfOf",
    }
}
