//! Medicines: what they are, ordered, given out and taken.

use super::{
    BooleanOrReference, CodeableConceptOrReference, DateTimeOrPeriod, MedicationAdministrationStatus,
    MedicationDispenseStatus, MedicationRequestIntent, MedicationRequestStatus, MedicationStatementStatus,
    MedicationStatus, QuantityOrRatio, RequestPriority,
};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, DateTime, Dosage, Identifier, Period, Quantity, Ratio, Reference,
};

fhir! {
    /// A medicine.
    resource Medication {
        identifier: Vec<Identifier> = "identifier",
        code: Option<CodeableConcept> = "code",
        status: Option<MedicationStatus> = "status",
        manufacturer: Option<Reference> = "manufacturer",
        form: Option<CodeableConcept> = "form",
        amount: Option<Ratio> = "amount",
        ingredient: Vec<MedicationIngredient> = "ingredient",
        batch: Option<MedicationBatch> = "batch",
    }
}

fhir! {
    /// `Medication.ingredient`
    part MedicationIngredient {
        item: Option<MedicationChoice> = "item",
        is_active: Option<bool> = "isActive",
        strength: Option<Ratio> = "strength",
    }
}

fhir! {
    /// `medication[x]`
    choice MedicationChoice { CodeableConcept(CodeableConcept), Reference(Reference) }
}

fhir! {
    /// `Medication.batch`
    part MedicationBatch {
        lot_number: Option<String> = "lotNumber",
        expiration_date: Option<DateTime> = "expirationDate",
    }
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
        reported: Option<BooleanOrReference> = "reported",
        medication: Option<MedicationChoice> = "medication",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        supporting_information: Vec<Reference> = "supportingInformation",
        authored_on: Option<DateTime> = "authoredOn",
        requester: Option<Reference> = "requester",
        performer: Option<Reference> = "performer",
        performer_type: Option<CodeableConcept> = "performerType",
        recorder: Option<Reference> = "recorder",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        instantiates_canonical: Vec<String> = "instantiatesCanonical",
        instantiates_uri: Vec<String> = "instantiatesUri",
        based_on: Vec<Reference> = "basedOn",
        group_identifier: Option<Identifier> = "groupIdentifier",
        course_of_therapy_type: Option<CodeableConcept> = "courseOfTherapyType",
        insurance: Vec<Reference> = "insurance",
        note: Vec<Annotation> = "note",
        dosage_instruction: Vec<Dosage> = "dosageInstruction",
        dispense_request: Option<DispenseRequest> = "dispenseRequest",
        substitution: Option<Substitution> = "substitution",
        prior_prescription: Option<Reference> = "priorPrescription",
        detected_issue: Vec<Reference> = "detectedIssue",
        event_history: Vec<Reference> = "eventHistory",
    }
}

fhir! {
    /// `MedicationRequest.dispenseRequest`
    part DispenseRequest {
        initial_fill: Option<DispenseRequestInitialFill> = "initialFill",
        dispense_interval: Option<Quantity> = "dispenseInterval",
        validity_period: Option<Period> = "validityPeriod",
        number_of_repeats_allowed: Option<u32> = "numberOfRepeatsAllowed",
        quantity: Option<Quantity> = "quantity",
        expected_supply_duration: Option<Quantity> = "expectedSupplyDuration",
        performer: Option<Reference> = "performer",
    }
}

fhir! {
    /// `MedicationRequest.dispenseRequest.initialFill`
    part DispenseRequestInitialFill {
        quantity: Option<Quantity> = "quantity",
        duration: Option<Quantity> = "duration",
    }
}

fhir! {
    /// `MedicationRequest.substitution`
    part Substitution {
        allowed: Option<SubstitutionAllowed> = "allowed",
        reason: Option<CodeableConcept> = "reason",
    }
}

fhir! {
    /// `MedicationRequest.substitution.allowed[x]`
    choice SubstitutionAllowed { Boolean(bool), CodeableConcept(CodeableConcept) }
}

fhir! {
    /// A medicine that was given out.
    resource MedicationDispense {
        identifier: Vec<Identifier> = "identifier",
        part_of: Vec<Reference> = "partOf",
        status: Option<MedicationDispenseStatus> = "status",
        status_reason: Option<CodeableConceptOrReference> = "statusReason",
        category: Option<CodeableConcept> = "category",
        medication: Option<CodeableConceptOrReference> = "medication",
        subject: Option<Reference> = "subject",
        context: Option<Reference> = "context",
        supporting_information: Vec<Reference> = "supportingInformation",
        performer: Vec<MedicationDispensePerformer> = "performer",
        location: Option<Reference> = "location",
        authorizing_prescription: Vec<Reference> = "authorizingPrescription",
        r#type: Option<CodeableConcept> = "type",
        quantity: Option<Quantity> = "quantity",
        days_supply: Option<Quantity> = "daysSupply",
        when_prepared: Option<DateTime> = "whenPrepared",
        when_handed_over: Option<DateTime> = "whenHandedOver",
        destination: Option<Reference> = "destination",
        receiver: Vec<Reference> = "receiver",
        note: Vec<Annotation> = "note",
        dosage_instruction: Vec<Dosage> = "dosageInstruction",
        substitution: Option<MedicationDispenseSubstitution> = "substitution",
        detected_issue: Vec<Reference> = "detectedIssue",
        event_history: Vec<Reference> = "eventHistory",
    }
}

fhir! {
    /// `MedicationDispense.performer`
    part MedicationDispensePerformer {
        function: Option<CodeableConcept> = "function",
        actor: Option<Reference> = "actor",
    }
}

fhir! {
    /// `MedicationDispense.substitution`
    part MedicationDispenseSubstitution {
        was_substituted: Option<bool> = "wasSubstituted",
        r#type: Option<CodeableConcept> = "type",
        reason: Vec<CodeableConcept> = "reason",
        responsible_party: Vec<Reference> = "responsibleParty",
    }
}

fhir! {
    /// A medicine that was given to a patient.
    resource MedicationAdministration {
        identifier: Vec<Identifier> = "identifier",
        instantiates: Vec<String> = "instantiates",
        part_of: Vec<Reference> = "partOf",
        status: Option<MedicationAdministrationStatus> = "status",
        status_reason: Vec<CodeableConcept> = "statusReason",
        category: Option<CodeableConcept> = "category",
        medication: Option<CodeableConceptOrReference> = "medication",
        subject: Option<Reference> = "subject",
        context: Option<Reference> = "context",
        supporting_information: Vec<Reference> = "supportingInformation",
        effective: Option<DateTimeOrPeriod> = "effective",
        performer: Vec<MedicationAdministrationPerformer> = "performer",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        request: Option<Reference> = "request",
        device: Vec<Reference> = "device",
        note: Vec<Annotation> = "note",
        dosage: Option<MedicationAdministrationDosage> = "dosage",
        event_history: Vec<Reference> = "eventHistory",
    }
}

fhir! {
    /// `MedicationAdministration.performer`
    part MedicationAdministrationPerformer {
        function: Option<CodeableConcept> = "function",
        actor: Option<Reference> = "actor",
    }
}

fhir! {
    /// `MedicationAdministration.dosage`
    part MedicationAdministrationDosage {
        text: Option<String> = "text",
        site: Option<CodeableConcept> = "site",
        route: Option<CodeableConcept> = "route",
        method: Option<CodeableConcept> = "method",
        dose: Option<Quantity> = "dose",
        rate: Option<QuantityOrRatio> = "rate",
    }
}

fhir! {
    /// That a patient takes, took or will take a medicine.
    resource MedicationStatement {
        identifier: Vec<Identifier> = "identifier",
        based_on: Vec<Reference> = "basedOn",
        part_of: Vec<Reference> = "partOf",
        status: Option<MedicationStatementStatus> = "status",
        status_reason: Vec<CodeableConcept> = "statusReason",
        category: Option<CodeableConcept> = "category",
        medication: Option<CodeableConceptOrReference> = "medication",
        subject: Option<Reference> = "subject",
        context: Option<Reference> = "context",
        effective: Option<DateTimeOrPeriod> = "effective",
        date_asserted: Option<DateTime> = "dateAsserted",
        information_source: Option<Reference> = "informationSource",
        derived_from: Vec<Reference> = "derivedFrom",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        note: Vec<Annotation> = "note",
        dosage: Vec<Dosage> = "dosage",
    }
}
