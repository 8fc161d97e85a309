//! Vaccinations and substances.

use super::{CodeableConceptOrReference, ImmunizationStatus, SubstanceStatus};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, Date, DateTime, Identifier, PrimitiveExtension, Quantity, Ratio, Reference,
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
        is_subpotent: Option<bool> = "isSubpotent",
        subpotent_reason: Vec<CodeableConcept> = "subpotentReason",
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
    part ImmunizationPerformer {
        function: Option<CodeableConcept> = "function",
        actor: Option<Reference> = "actor",
    }
}

fhir! {
    /// `Immunization.education`
    part ImmunizationEducation {
        document_type: Option<String> = "documentType",
        reference: Option<String> = "reference",
        publication_date: Option<DateTime> = "publicationDate",
        presentation_date: Option<DateTime> = "presentationDate",
    }
}

fhir! {
    /// `Immunization.reaction`
    part ImmunizationReaction {
        date: Option<DateTime> = "date",
        detail: Option<Reference> = "detail",
        reported: Option<bool> = "reported",
    }
}

fhir! {
    /// `Immunization.protocolApplied`
    part ProtocolApplied {
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
    /// A material.
    resource Substance {
        identifier: Vec<Identifier> = "identifier",
        status: Option<SubstanceStatus> = "status",
        category: Vec<CodeableConcept> = "category",
        code: Option<CodeableConcept> = "code",
        description: Option<String> = "description",
        instance: Vec<SubstanceInstance> = "instance",
        ingredient: Vec<SubstanceIngredient> = "ingredient",
    }
}

fhir! {
    /// `Substance.instance`
    part SubstanceInstance {
        identifier: Option<Identifier> = "identifier",
        expiry: Option<DateTime> = "expiry",
        quantity: Option<Quantity> = "quantity",
    }
}

fhir! {
    /// `Substance.ingredient`
    part SubstanceIngredient {
        quantity: Option<Ratio> = "quantity",
        substance: Option<CodeableConceptOrReference> = "substance",
    }
}
