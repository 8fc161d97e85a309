//! Table 0396: the names of coding systems, and the URIs that FHIR knows them by.

use super::v2_system;

/// The URI of a coding system, where its name has one: those of table 0396 that HL7 Terminology has, and names that
/// senders write for them. The case of a name does not matter. Names of other systems, and of local ones, are `None`.
pub(crate) fn uri(name: &str) -> Option<&'static str> {
    if let Some(number) = hl7_table(name) {
        return v2_system(number);
    }
    let upper = |byte: u8| byte.to_ascii_uppercase();
    let index = SYSTEMS.binary_search_by(|(known, _)| known.bytes().cmp(name.bytes().map(upper))).ok()?;
    SYSTEMS.get(index).map(|(_, uri)| *uri)
}

/// `L` and `99…` are for local use, and so is `LB`, local billing codes.
pub(crate) fn is_local(name: &str) -> bool {
    name.eq_ignore_ascii_case("L") || name.eq_ignore_ascii_case("LB") || name.starts_with("99")
}

/// The number in `HL70085`, four digits as the table is written.
fn hl7_table(name: &str) -> Option<&str> {
    let (letters, number) = name.split_at_checked(3)?;
    letters.eq_ignore_ascii_case("HL7").then_some(number).filter(|number| number.len() == 4)
}

/// Sorted; in capitals.
const SYSTEMS: &[(&str, &str)] = &[
    ("ATC", "http://www.whocc.no/atc"),
    ("C4", "http://www.ama-assn.org/go/cpt"),
    ("CDCPHINVS", "urn:oid:2.16.840.1.114222.4.5.274"),
    ("CDCREC", "urn:oid:2.16.840.1.113883.6.238"),
    ("CPT", "http://www.ama-assn.org/go/cpt"),
    ("CPT4", "http://www.ama-assn.org/go/cpt"),
    ("CVX", "http://hl7.org/fhir/sid/cvx"),
    ("DCM", "http://dicom.nema.org/resources/ontology/DCM"),
    ("FDAUNII", "http://fdasis.nlm.nih.gov"),
    ("I10", "http://hl7.org/fhir/sid/icd-10"),
    ("I10C", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("I9", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("LN", "http://loinc.org"),
    ("LOINC", "http://loinc.org"),
    ("MVX", "http://hl7.org/fhir/sid/mvx"),
    ("NDC", "http://hl7.org/fhir/sid/ndc"),
    ("RXNORM", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("SCT", "http://snomed.info/sct"),
    ("UCUM", "http://unitsofmeasure.org"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_sorted_and_in_capitals() {
        assert!(SYSTEMS.is_sorted_by(|one, next| one.0 < next.0));
        for (name, system) in SYSTEMS {
            assert!(!name.contains(|c: char| c.is_lowercase()), "{name}");
            assert_eq!(uri(name), Some(*system), "{name}");
        }
    }

    #[test]
    fn a_name_is_known_local_or_neither() {
        assert_eq!(uri("LN"), Some("http://loinc.org"));
        assert_eq!(uri("Loinc"), Some("http://loinc.org"));
        assert_eq!(uri("HL70005"), Some("http://terminology.hl7.org/CodeSystem/v2-0005"));
        for name in ["", "L", "99LAB", "My Codes", "HL7nnnn", "HL7", "HL7é", "2.16.840.1"] {
            assert_eq!(uri(name), None, "{name}");
        }
        assert!(is_local("L") && is_local("99LAB") && !is_local("LN"));
    }
}
