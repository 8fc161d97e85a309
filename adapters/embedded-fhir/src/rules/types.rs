//! What the server knows about the resource types of R4.

/// The types that can be stored, sorted.
const TYPES: &[&str] = &[
    "Account",
    "ActivityDefinition",
    "AdverseEvent",
    "AllergyIntolerance",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BiologicallyDerivedProduct",
    "BodyStructure",
    "Bundle",
    "CapabilityStatement",
    "CarePlan",
    "CareTeam",
    "CatalogEntry",
    "ChargeItem",
    "ChargeItemDefinition",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "CompartmentDefinition",
    "Composition",
    "ConceptMap",
    "Condition",
    "Consent",
    "Contract",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "Encounter",
    "Endpoint",
    "EnrollmentRequest",
    "EnrollmentResponse",
    "EpisodeOfCare",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "GraphDefinition",
    "Group",
    "GuidanceResponse",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "ImplementationGuide",
    "InsurancePlan",
    "Invoice",
    "Library",
    "Linkage",
    "List",
    "Location",
    "Measure",
    "MeasureReport",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationKnowledge",
    "MedicationRequest",
    "MedicationStatement",
    "MessageDefinition",
    "MessageHeader",
    "MolecularSequence",
    "NamingSystem",
    "NutritionOrder",
    "Observation",
    "ObservationDefinition",
    "OperationDefinition",
    "OperationOutcome",
    "Organization",
    "OrganizationAffiliation",
    "Parameters",
    "Patient",
    "PaymentNotice",
    "PaymentReconciliation",
    "Person",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "ResearchSubject",
    "RiskAssessment",
    "Schedule",
    "SearchParameter",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Subscription",
    "Substance",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
    "VerificationResult",
    "VisionPrescription",
];

/// All types, sorted.
pub(crate) fn all() -> &'static [&'static str] {
    TYPES
}

/// The type of that name, if R4 has it.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    TYPES.binary_search(&name).ok().and_then(|at| TYPES.get(at)).copied()
}

/// Whether the search parameter `identifier` exists for the type.
pub(crate) fn has_identifier(resource_type: &str) -> bool {
    !matches!(
        resource_type,
        "AuditEvent"
            | "Binary"
            | "CapabilityStatement"
            | "CatalogEntry"
            | "CompartmentDefinition"
            | "GraphDefinition"
            | "ImplementationGuide"
            | "Linkage"
            | "MedicationKnowledge"
            | "MessageHeader"
            | "NamingSystem"
            | "ObservationDefinition"
            | "OperationDefinition"
            | "OperationOutcome"
            | "Parameters"
            | "Provenance"
            | "SearchParameter"
            | "Subscription"
            | "TerminologyCapabilities"
            | "VerificationResult"
    )
}

/// Whether the search parameters `subject` and `patient` exist for the type.
pub(crate) fn has_patient(resource_type: &str) -> bool {
    !matches!(
        resource_type,
        "Patient"
            | "Practitioner"
            | "PractitionerRole"
            | "Organization"
            | "Location"
            | "Endpoint"
            | "HealthcareService"
            | "Medication"
            | "MessageHeader"
            | "Schedule"
            | "Slot"
            | "Bundle"
            | "Binary"
    )
}

/// The elements that a resource must have. A name that ends in `[x]` stands for any of its choices.
pub(crate) fn required(resource_type: &str) -> &'static [&'static str] {
    match resource_type {
        "Account" | "DetectedIssue" | "Communication" | "QuestionnaireResponse" => &["status"],
        "AllergyIntolerance" | "RelatedPerson" => &["patient"],
        "Appointment" => &["status", "participant"],
        "AuditEvent" => &["type", "recorded", "agent", "source"],
        "Basic" => &["code"],
        "CarePlan" | "ServiceRequest" => &["status", "intent", "subject"],
        "ClinicalImpression" | "ImagingStudy" | "Procedure" | "RiskAssessment" => &["status", "subject"],
        "Composition" => &["status", "type", "date", "author", "title"],
        "Condition" => &["subject"],
        "Consent" => &["status", "scope", "category"],
        "Coverage" => &["status", "beneficiary", "payor"],
        "DiagnosticReport" | "Observation" => &["status", "code"],
        "DocumentReference" | "Media" => &["status", "content"],
        "Encounter" => &["status", "class"],
        "EpisodeOfCare" => &["status", "patient"],
        "FamilyMemberHistory" => &["status", "patient", "relationship"],
        "Flag" => &["status", "code", "subject"],
        "Goal" => &["lifecycleStatus", "description", "subject"],
        "Group" => &["type", "actual"],
        "Immunization" => &["status", "vaccineCode", "patient", "occurrence[x]"],
        "List" => &["status", "mode"],
        "MedicationAdministration" | "MedicationStatement" => &["status", "medication[x]", "subject"],
        "MedicationDispense" => &["status", "medication[x]"],
        "MedicationRequest" => &["status", "intent", "medication[x]", "subject"],
        "MessageHeader" => &["event[x]", "source"],
        "Provenance" => &["target", "recorded", "agent"],
        "Schedule" => &["actor"],
        "Slot" => &["schedule", "status", "start", "end"],
        "Subscription" => &["status", "reason", "criteria", "channel"],
        "Task" => &["status", "intent"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_are_sorted_so_that_each_is_found() {
        assert!(TYPES.is_sorted());
        assert!(TYPES.iter().all(|name| known(name) == Some(name)));
        assert_eq!(known("Patients"), None);
    }
}
