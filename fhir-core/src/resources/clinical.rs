//! Allergies, conditions, procedures and what runs in the family.

use super::{
    AgeOrRangeOrString, AllergyIntoleranceCategory, AllergyIntoleranceCriticality,
    AllergyIntoleranceSeverity, AllergyIntoleranceType, FamilyHistoryStatus, PeriodOrDateOrString,
    ProcedureStatus,
};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, Date, DateTime, Identifier, Period, PrimitiveExtension, Quantity, Range,
    Reference,
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
    part AllergyReaction {
        substance: Option<CodeableConcept> = "substance",
        manifestation: Vec<CodeableConcept> = "manifestation",
        description: Option<String> = "description",
        onset: Option<DateTime> = "onset",
        severity: Option<AllergyIntoleranceSeverity> = "severity",
        exposure_route: Option<CodeableConcept> = "exposureRoute",
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
        stage: Vec<ConditionStage> = "stage",
        evidence: Vec<ConditionEvidence> = "evidence",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `Condition.stage`
    part ConditionStage {
        summary: Option<CodeableConcept> = "summary",
        assessment: Vec<Reference> = "assessment",
        r#type: Option<CodeableConcept> = "type",
    }
}

fhir! {
    /// `Condition.evidence`
    part ConditionEvidence { code: Vec<CodeableConcept> = "code", detail: Vec<Reference> = "detail" }
}

fhir! {
    /// Something that was done to or for a patient.
    resource Procedure {
        identifier: Vec<Identifier> = "identifier",
        instantiates_canonical: Vec<String> = "instantiatesCanonical",
        instantiates_uri: Vec<String> = "instantiatesUri",
        based_on: Vec<Reference> = "basedOn",
        part_of: Vec<Reference> = "partOf",
        status: Option<ProcedureStatus> = "status",
        status_reason: Option<CodeableConcept> = "statusReason",
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
        outcome: Option<CodeableConcept> = "outcome",
        report: Vec<Reference> = "report",
        complication: Vec<CodeableConcept> = "complication",
        complication_detail: Vec<Reference> = "complicationDetail",
        follow_up: Vec<CodeableConcept> = "followUp",
        note: Vec<Annotation> = "note",
        focal_device: Vec<ProcedureFocalDevice> = "focalDevice",
        used_reference: Vec<Reference> = "usedReference",
        used_code: Vec<CodeableConcept> = "usedCode",
    }
}

fhir! {
    /// `Procedure.performed[x]`
    choice Performed { DateTime(DateTime), Period(Period), String(String), Age(Quantity), Range(Box<Range>) }
}

fhir! {
    /// `Procedure.performer`
    part ProcedurePerformer {
        function: Option<CodeableConcept> = "function",
        actor: Option<Reference> = "actor",
        on_behalf_of: Option<Reference> = "onBehalfOf",
    }
}

fhir! {
    /// `Procedure.focalDevice`
    part ProcedureFocalDevice {
        action: Option<CodeableConcept> = "action",
        manipulated: Option<Reference> = "manipulated",
    }
}

fhir! {
    /// The conditions of a relative of a patient.
    resource FamilyMemberHistory {
        identifier: Vec<Identifier> = "identifier",
        instantiates_canonical: Vec<String> = "instantiatesCanonical",
        instantiates_uri: Vec<String> = "instantiatesUri",
        status: Option<FamilyHistoryStatus> = "status",
        data_absent_reason: Option<CodeableConcept> = "dataAbsentReason",
        patient: Option<Reference> = "patient",
        date: Option<DateTime> = "date",
        name: Option<String> = "name",
        relationship: Option<CodeableConcept> = "relationship",
        sex: Option<CodeableConcept> = "sex",
        born: Option<PeriodOrDateOrString> = "born",
        age: Option<AgeOrRangeOrString> = "age",
        estimated_age: Option<bool> = "estimatedAge",
        deceased: Option<FamilyMemberHistoryDeceased> = "deceased",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        note: Vec<Annotation> = "note",
        condition: Vec<FamilyMemberHistoryCondition> = "condition",
    }
}

fhir! {
    /// `FamilyMemberHistory.deceased[x]`
    choice FamilyMemberHistoryDeceased {
        Boolean(bool), Age(Quantity), Range(Box<Range>), Date(Date), String(String),
    }
}

fhir! {
    /// `FamilyMemberHistory.condition`
    part FamilyMemberHistoryCondition {
        code: Option<CodeableConcept> = "code",
        outcome: Option<CodeableConcept> = "outcome",
        contributed_to_death: Option<bool> = "contributedToDeath",
        onset: Option<FamilyMemberHistoryConditionOnset> = "onset",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `FamilyMemberHistory.condition.onset[x]`
    choice FamilyMemberHistoryConditionOnset { Age(Quantity), Range(Box<Range>), Period(Period), String(String) }
}
