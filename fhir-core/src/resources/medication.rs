//! Vaccinations and medicines.

use super::{ImmunizationStatus, MedicationRequestIntent, MedicationRequestStatus, RequestPriority};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, Date, DateTime, Dosage, Identifier, Period, PrimitiveExtension, Quantity,
    Ratio, Reference,
};

fhir! {
    /// A vaccination that was given, or that was not.
    resource Immunization {
        identifier: Vec<Identifier> = "identifier",
        status: Option<ImmunizationStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        status_reason: Option<CodeableConcept> = "statusReason",
        vaccine_code: Option<CodeableConcept> = "vaccineCode",
        patient: Option<Reference> = "patient",
        encounter: Option<Reference> = "encounter",
        occurrence: Option<ImmunizationOccurrence> = "occurrence",
        recorded: Option<DateTime> = "recorded",
        primary_source: Option<bool> = "primarySource",
        report_origin: Option<CodeableConcept> = "reportOrigin",
        location: Option<Reference> = "location",
        manufacturer: Option<Reference> = "manufacturer",
        lot_number: Option<String> = "lotNumber",
        expiration_date: Option<Date> = "expirationDate",
        site: Option<CodeableConcept> = "site",
        route: Option<CodeableConcept> = "route",
        dose_quantity: Option<Quantity> = "doseQuantity",
        performer: Vec<ImmunizationPerformer> = "performer",
        note: Vec<Annotation> = "note",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        education: Vec<ImmunizationEducation> = "education",
        program_eligibility: Vec<CodeableConcept> = "programEligibility",
        funding_source: Option<CodeableConcept> = "fundingSource",
        reaction: Vec<ImmunizationReaction> = "reaction",
        protocol_applied: Vec<ProtocolApplied> = "protocolApplied",
    }
}

fhir! {
    /// `Immunization.occurrence[x]`
    choice ImmunizationOccurrence { DateTime(DateTime), String(String) }
}

fhir! {
    /// `Immunization.performer`
    element ImmunizationPerformer {
        function: Option<CodeableConcept> = "function",
        actor: Option<Reference> = "actor",
    }
}

fhir! {
    /// `Immunization.education`
    element ImmunizationEducation {
        document_type: Option<String> = "documentType",
        reference: Option<String> = "reference",
        publication_date: Option<DateTime> = "publicationDate",
        presentation_date: Option<DateTime> = "presentationDate",
    }
}

fhir! {
    /// `Immunization.reaction`
    element ImmunizationReaction {
        date: Option<DateTime> = "date",
        detail: Option<Reference> = "detail",
        reported: Option<bool> = "reported",
    }
}

fhir! {
    /// `Immunization.protocolApplied`
    element ProtocolApplied {
        series: Option<String> = "series",
        authority: Option<Reference> = "authority",
        target_disease: Vec<CodeableConcept> = "targetDisease",
        dose_number: Option<DoseNumber> = "doseNumber",
        series_doses: Option<DoseNumber> = "seriesDoses",
    }
}

fhir! {
    /// `doseNumber[x]` and `seriesDoses[x]` of `Immunization.protocolApplied`
    choice DoseNumber { PositiveInt(u32), String(String) }
}

fhir! {
    /// An order for a medicine.
    resource MedicationRequest {
        identifier: Vec<Identifier> = "identifier",
        status: Option<MedicationRequestStatus> = "status",
        status_reason: Option<CodeableConcept> = "statusReason",
        intent: Option<MedicationRequestIntent> = "intent",
        category: Vec<CodeableConcept> = "category",
        priority: Option<RequestPriority> = "priority",
        do_not_perform: Option<bool> = "doNotPerform",
        medication: Option<MedicationChoice> = "medication",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        authored_on: Option<DateTime> = "authoredOn",
        requester: Option<Reference> = "requester",
        performer: Option<Reference> = "performer",
        recorder: Option<Reference> = "recorder",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        based_on: Vec<Reference> = "basedOn",
        group_identifier: Option<Identifier> = "groupIdentifier",
        note: Vec<Annotation> = "note",
        dosage_instruction: Vec<Dosage> = "dosageInstruction",
        dispense_request: Option<DispenseRequest> = "dispenseRequest",
        substitution: Option<Substitution> = "substitution",
    }
}

fhir! {
    /// `medication[x]`
    choice MedicationChoice { CodeableConcept(CodeableConcept), Reference(Reference) }
}

fhir! {
    /// `MedicationRequest.dispenseRequest`
    element DispenseRequest {
        validity_period: Option<Period> = "validityPeriod",
        number_of_repeats_allowed: Option<u32> = "numberOfRepeatsAllowed",
        quantity: Option<Quantity> = "quantity",
        expected_supply_duration: Option<Quantity> = "expectedSupplyDuration",
        performer: Option<Reference> = "performer",
    }
}

fhir! {
    /// `MedicationRequest.substitution`
    element Substitution {
        allowed: Option<SubstitutionAllowed> = "allowed",
        reason: Option<CodeableConcept> = "reason",
    }
}

fhir! {
    /// `MedicationRequest.substitution.allowed[x]`
    choice SubstitutionAllowed { Boolean(bool), CodeableConcept(CodeableConcept) }
}

fhir! {
    /// A medicine.
    resource Medication {
        identifier: Vec<Identifier> = "identifier",
        code: Option<CodeableConcept> = "code",
        manufacturer: Option<Reference> = "manufacturer",
        form: Option<CodeableConcept> = "form",
        amount: Option<Ratio> = "amount",
        ingredient: Vec<MedicationIngredient> = "ingredient",
        batch: Option<MedicationBatch> = "batch",
    }
}

fhir! {
    /// `Medication.ingredient`
    element MedicationIngredient {
        item: Option<MedicationChoice> = "item",
        is_active: Option<bool> = "isActive",
        strength: Option<Ratio> = "strength",
    }
}

fhir! {
    /// `Medication.batch`
    element MedicationBatch {
        lot_number: Option<String> = "lotNumber",
        expiration_date: Option<DateTime> = "expirationDate",
    }
}
