//! Compartments: which resources belong to a patient or an encounter.

/// A compartment of R4. A resource belongs to it when one of the search parameters of its type leads to the patient or
/// the encounter. [R4, 2.2.6](https://hl7.org/fhir/R4/compartmentdefinition.html)
///
/// ```
/// use carewire_fhir_core::Compartment;
/// assert_eq!(Compartment::Patient.parameters("Observation"), ["subject", "performer"]);
/// assert!(Compartment::Patient.parameters("Organization").is_empty());
/// assert!(Compartment::Patient.types().any(|name| name == "Condition"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compartment {
    /// All about one patient. `Task` is in it, as servers have it that search their tasks by patient; R4 leaves it out.
    Patient,
    /// All about one encounter.
    Encounter,
}

impl Compartment {
    /// The compartment around a resource of this type, if R4 has one that is known here.
    #[must_use]
    pub fn of(resource_type: &str) -> Option<Self> {
        match resource_type {
            "Patient" => Some(Self::Patient),
            "Encounter" => Some(Self::Encounter),
            _ => None,
        }
    }

    /// The type of the resource in the middle.
    #[must_use]
    pub fn resource_type(self) -> &'static str {
        match self {
            Self::Patient => "Patient",
            Self::Encounter => "Encounter",
        }
    }

    /// The types that can belong to it, sorted. The type in the middle is among them where one of its kind can refer to
    /// another.
    pub fn types(self) -> impl Iterator<Item = &'static str> {
        self.table().iter().map(|(name, _)| *name)
    }

    /// The search parameters by which a resource of this type belongs to it; none when it cannot.
    #[must_use]
    pub fn parameters(self, resource_type: &str) -> &'static [&'static str] {
        let table = self.table();
        let found = table.binary_search_by_key(&resource_type, |(name, _)| name).ok();
        found.and_then(|at| table.get(at)).map_or(&[], |(_, parameters)| parameters)
    }

    fn table(self) -> &'static [(&'static str, &'static [&'static str])] {
        match self {
            Self::Patient => PATIENT,
            Self::Encounter => ENCOUNTER,
        }
    }
}

const PATIENT: &[(&str, &[&str])] = &[
    ("Account", &["subject"]),
    ("AdverseEvent", &["subject"]),
    ("AllergyIntolerance", &["patient", "recorder", "asserter"]),
    ("Appointment", &["actor"]),
    ("AppointmentResponse", &["actor"]),
    ("AuditEvent", &["patient"]),
    ("Basic", &["patient", "author"]),
    ("BodyStructure", &["patient"]),
    ("CarePlan", &["patient", "performer"]),
    ("CareTeam", &["patient", "participant"]),
    ("ChargeItem", &["subject"]),
    ("Claim", &["patient", "payee"]),
    ("ClaimResponse", &["patient"]),
    ("ClinicalImpression", &["subject"]),
    ("Communication", &["subject", "sender", "recipient"]),
    ("CommunicationRequest", &["subject", "sender", "recipient", "requester"]),
    ("Composition", &["subject", "author", "attester"]),
    ("Condition", &["patient", "asserter"]),
    ("Consent", &["patient"]),
    ("Coverage", &["policy-holder", "subscriber", "beneficiary", "payor"]),
    ("CoverageEligibilityRequest", &["patient"]),
    ("CoverageEligibilityResponse", &["patient"]),
    ("DetectedIssue", &["patient"]),
    ("DeviceRequest", &["subject", "performer"]),
    ("DeviceUseStatement", &["subject"]),
    ("DiagnosticReport", &["subject"]),
    ("DocumentManifest", &["subject", "author", "recipient"]),
    ("DocumentReference", &["subject", "author"]),
    ("Encounter", &["patient"]),
    ("EnrollmentRequest", &["subject"]),
    ("EpisodeOfCare", &["patient"]),
    ("ExplanationOfBenefit", &["patient", "payee"]),
    ("FamilyMemberHistory", &["patient"]),
    ("Flag", &["patient"]),
    ("Goal", &["patient"]),
    ("Group", &["member"]),
    ("ImagingStudy", &["patient"]),
    ("Immunization", &["patient"]),
    ("ImmunizationEvaluation", &["patient"]),
    ("ImmunizationRecommendation", &["patient"]),
    ("Invoice", &["subject", "patient", "recipient"]),
    ("List", &["subject", "source"]),
    ("MeasureReport", &["patient"]),
    ("Media", &["subject"]),
    ("MedicationAdministration", &["patient", "performer", "subject"]),
    ("MedicationDispense", &["subject", "patient", "receiver"]),
    ("MedicationRequest", &["subject"]),
    ("MedicationStatement", &["subject"]),
    ("MolecularSequence", &["patient"]),
    ("NutritionOrder", &["patient"]),
    ("Observation", &["subject", "performer"]),
    ("Patient", &["link"]),
    ("Person", &["patient"]),
    ("Procedure", &["patient", "performer"]),
    ("Provenance", &["patient"]),
    ("QuestionnaireResponse", &["subject", "author"]),
    ("RelatedPerson", &["patient"]),
    ("RequestGroup", &["subject", "participant"]),
    ("ResearchSubject", &["individual"]),
    ("RiskAssessment", &["subject"]),
    ("Schedule", &["actor"]),
    ("ServiceRequest", &["subject", "performer"]),
    ("Specimen", &["subject"]),
    ("SupplyDelivery", &["patient"]),
    ("SupplyRequest", &["subject"]),
    ("Task", &["patient", "focus"]),
    ("VisionPrescription", &["patient"]),
];

const ENCOUNTER: &[(&str, &[&str])] = &[
    ("CarePlan", &["encounter"]),
    ("CareTeam", &["encounter"]),
    ("ChargeItem", &["context"]),
    ("Claim", &["encounter"]),
    ("ClinicalImpression", &["encounter"]),
    ("Communication", &["encounter"]),
    ("CommunicationRequest", &["encounter"]),
    ("Composition", &["encounter"]),
    ("Condition", &["encounter"]),
    ("DeviceRequest", &["encounter"]),
    ("DiagnosticReport", &["encounter"]),
    ("DocumentManifest", &["related-ref"]),
    ("DocumentReference", &["encounter"]),
    ("ExplanationOfBenefit", &["encounter"]),
    ("Media", &["encounter"]),
    ("MedicationAdministration", &["context"]),
    ("MedicationRequest", &["encounter"]),
    ("NutritionOrder", &["encounter"]),
    ("Observation", &["encounter"]),
    ("Procedure", &["encounter"]),
    ("QuestionnaireResponse", &["encounter"]),
    ("RequestGroup", &["encounter"]),
    ("ServiceRequest", &["encounter"]),
    ("VisionPrescription", &["encounter"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_so_that_each_type_is_found() {
        for compartment in [Compartment::Patient, Compartment::Encounter] {
            assert!(compartment.types().is_sorted(), "{compartment:?}");
            for name in compartment.types() {
                assert!(!compartment.parameters(name).is_empty(), "{name}");
            }
            assert_eq!(Compartment::of(compartment.resource_type()), Some(compartment));
        }
        assert_eq!(Compartment::Encounter.parameters("MedicationAdministration"), ["context"]);
        assert!(Compartment::Patient.parameters("Practitioner").is_empty());
        assert_eq!(Compartment::of("Practitioner"), None);
    }
}
