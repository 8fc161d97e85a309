//! Table 0396: the names of the coding systems that a policy can know, and the URIs that FHIR knows them by.

/// The URI of a coding system; the case of its name does not matter.
pub(super) fn uri(name: &str) -> Option<&'static str> {
    SYSTEMS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, uri)| *uri)
}

/// The number in `HL70085`.
pub(super) fn table(name: &str) -> Option<&str> {
    let (letters, number) = name.split_at_checked(3)?;
    let fits = number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit());
    (letters.eq_ignore_ascii_case("HL7") && fits).then_some(number)
}

/// The system of codes that are surrogates. `99…` is for local use.
pub(super) const SURROGATES: &str = "99CAREWIRE";

const SYSTEMS: &[(&str, &str)] = &[
    ("LN", "http://loinc.org"),
    ("LOINC", "http://loinc.org"),
    ("SCT", "http://snomed.info/sct"),
    ("SNOMED", "http://snomed.info/sct"),
    ("SNOMED-CT", "http://snomed.info/sct"),
    ("SNOMEDCT", "http://snomed.info/sct"),
    ("I10", "http://hl7.org/fhir/sid/icd-10"),
    ("ICD10", "http://hl7.org/fhir/sid/icd-10"),
    ("ICD-10", "http://hl7.org/fhir/sid/icd-10"),
    ("I10C", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("I10CM", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("ICD10CM", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("ICD-10-CM", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("I10P", "http://www.cms.gov/Medicare/Coding/ICD10"),
    ("ICD10PCS", "http://www.cms.gov/Medicare/Coding/ICD10"),
    ("ICD-10-PCS", "http://www.cms.gov/Medicare/Coding/ICD10"),
    ("I9", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("I9C", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("I9CDX", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("I9CM", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("I9CP", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("ICD9CM", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("ICD-9-CM", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("CVX", "http://hl7.org/fhir/sid/cvx"),
    ("MVX", "http://hl7.org/fhir/sid/mvx"),
    ("NDC", "http://hl7.org/fhir/sid/ndc"),
    ("RXNORM", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("C4", "http://www.ama-assn.org/go/cpt"),
    ("CPT", "http://www.ama-assn.org/go/cpt"),
    ("CPT4", "http://www.ama-assn.org/go/cpt"),
    ("CPTM", "http://www.ama-assn.org/go/cpt"),
    ("UCUM", "http://unitsofmeasure.org"),
    ("ACTCODE", "http://terminology.hl7.org/CodeSystem/v3-ActCode"),
    ("NULLFL", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_uris_and_tables() {
        assert_eq!(uri("ln"), Some("http://loinc.org"));
        assert_eq!((uri("L"), uri(""), uri(SURROGATES)), (None, None, None));
        assert_eq!(
            (table("HL70005"), table("hl70005"), table("HL7nnnn"), table("HL7")),
            (Some("0005"), Some("0005"), None, None)
        );
    }
}
