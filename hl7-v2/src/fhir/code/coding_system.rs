//! Table 0396: the names of coding systems, and the URIs that FHIR knows them by.

use super::v2_system;

/// The URI of a coding system, where its name has one: the names of table 0396 whose systems HL7 Terminology has, and
/// what senders write for them. The case of a name does not matter. Names of other systems, and of local ones, are `None`.
///
/// A name is taken as the table has it: `ATC` is the American Type Culture Collection, and the WHO's drug classes are
/// `WC`. Names of which the system has codes of another form are not here, such as `SCT2` (alphanumeric codes of SNOMED)
/// and `ISO639-2` (languages with three letters).
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
    ("ACR", "http://terminology.hl7.org/CodeSystem/ACR"),
    ("ACTCODE", "http://terminology.hl7.org/CodeSystem/v3-ActCode"),
    ("ACTRELSS", "http://terminology.hl7.org/CodeSystem/v3-ActRelationshipSubset"),
    ("AS4", "http://terminology.hl7.org/CodeSystem/AS4"),
    ("AS4E", "http://terminology.hl7.org/CodeSystem/AS4E"),
    ("ATC", "http://terminology.hl7.org/CodeSystem/ATC"),
    ("C4", "http://www.ama-assn.org/go/cpt"),
    ("C5", "http://terminology.hl7.org/CodeSystem/C5"),
    ("CAS", "http://terminology.hl7.org/CodeSystem/CAS"),
    ("CCC", "http://terminology.hl7.org/CodeSystem/CCC"),
    ("CD2", "http://terminology.hl7.org/CodeSystem/CD2"),
    ("CDCA", "http://terminology.hl7.org/CodeSystem/CDCA"),
    ("CDCM", "http://terminology.hl7.org/CodeSystem/CDCM"),
    ("CDCPHINVS", "https://phinvads.cdc.gov/vads/ViewCodeSystem.action?id=2.16.840.1.114222.4.5.274"),
    ("CDCREC", "urn:oid:2.16.840.1.113883.6.238"),
    ("CDS", "http://terminology.hl7.org/CodeSystem/CDS"),
    ("CE", "http://terminology.hl7.org/CodeSystem/CE"),
    ("CLP", "http://terminology.hl7.org/CodeSystem/CLP"),
    ("CPT", "http://www.ama-assn.org/go/cpt"),
    ("CPT4", "http://www.ama-assn.org/go/cpt"),
    ("CPTM", "http://www.ama-assn.org/go/cpt"),
    ("CST", "http://terminology.hl7.org/CodeSystem/CST"),
    ("CVX", "http://hl7.org/fhir/sid/cvx"),
    ("DCL", "http://terminology.hl7.org/CodeSystem/DCL"),
    ("DCM", "http://dicom.nema.org/resources/ontology/DCM"),
    ("E5", "http://terminology.hl7.org/CodeSystem/E5"),
    ("E6", "http://terminology.hl7.org/CodeSystem/E6"),
    ("E7", "http://terminology.hl7.org/CodeSystem/E7"),
    ("ENZC", "http://terminology.hl7.org/CodeSystem/ENZC"),
    ("FDAUNII", "http://fdasis.nlm.nih.gov"),
    ("FDDC", "http://terminology.hl7.org/CodeSystem/FDDC"),
    ("FDDX", "http://terminology.hl7.org/CodeSystem/FDDX"),
    ("HCPCS", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"),
    ("HCPT", "http://nucc.org/provider-taxonomy"),
    ("HPC", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"),
    ("I10", "http://hl7.org/fhir/sid/icd-10"),
    ("I10C", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("I10CM", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("I10P", "http://www.cms.gov/Medicare/Coding/ICD10"),
    ("I9", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("I9C", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("I9CDX", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("I9CM", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("I9CP", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("IC2", "http://terminology.hl7.org/CodeSystem/IC2"),
    ("ICD-10", "http://hl7.org/fhir/sid/icd-10"),
    ("ICD-10-CM", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("ICD-10-PCS", "http://www.cms.gov/Medicare/Coding/ICD10"),
    ("ICD-9-CM", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("ICD10", "http://hl7.org/fhir/sid/icd-10"),
    ("ICD10CM", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("ICD10PCS", "http://www.cms.gov/Medicare/Coding/ICD10"),
    ("ICD9CM", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("ICDO3", "http://terminology.hl7.org/CodeSystem/icd-o-3"),
    ("ICSD", "http://terminology.hl7.org/CodeSystem/ICSD"),
    ("ISO3166", "urn:iso:std:iso:3166"),
    ("ISO3166_1", "urn:iso:std:iso:3166"),
    ("ISO3166_2", "urn:iso:std:iso:3166:-2"),
    ("ISO4217", "urn:iso:std:iso:4217"),
    ("ISO639", "urn:ietf:bcp:47"),
    ("ISO639-1", "urn:ietf:bcp:47"),
    ("IUPC", "http://terminology.hl7.org/CodeSystem/IUPC"),
    ("IUPP", "http://terminology.hl7.org/CodeSystem/IUPP"),
    ("JC8", "http://terminology.hl7.org/CodeSystem/JC8"),
    ("LN", "http://loinc.org"),
    ("LOINC", "http://loinc.org"),
    ("MDC", "urn:iso:std:iso:11073:10101"),
    ("MDDX", "http://terminology.hl7.org/CodeSystem/MDDX"),
    ("MEDC", "http://terminology.hl7.org/CodeSystem/MEDC"),
    ("MEDR", "https://www.meddra.org"),
    ("MEDX", "http://terminology.hl7.org/CodeSystem/MEDX"),
    ("MGPI", "http://terminology.hl7.org/CodeSystem/MGPI"),
    ("MVX", "http://hl7.org/fhir/sid/mvx"),
    ("NCI", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"),
    ("NCIT", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"),
    ("NDC", "http://hl7.org/fhir/sid/ndc"),
    ("NDFRT", "http://hl7.org/fhir/ndfrt"),
    ("NPI", "http://hl7.org/fhir/sid/us-npi"),
    ("NUCC", "http://nucc.org/provider-taxonomy"),
    ("NUCCPT", "http://nucc.org/provider-taxonomy"),
    ("NULLFL", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"),
    ("RXNORM", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("SCT", "http://snomed.info/sct"),
    ("SDM", "http://terminology.hl7.org/CodeSystem/SDM"),
    ("SNM3", "http://terminology.hl7.org/CodeSystem/SNM3"),
    ("SNOMED", "http://snomed.info/sct"),
    ("SNOMED-CT", "http://snomed.info/sct"),
    ("SNOMEDCT", "http://snomed.info/sct"),
    ("SNT", "http://terminology.hl7.org/CodeSystem/SNT"),
    ("UB04FL14", "https://www.nubc.org/CodeSystem/PriorityTypeOfAdmitOrVisit"),
    ("UB04FL17", "https://www.nubc.org/CodeSystem/PatDischargeStatus"),
    ("UC", "http://terminology.hl7.org/CodeSystem/UC"),
    ("UCUM", "http://unitsofmeasure.org"),
    ("UMD", "http://terminology.hl7.org/CodeSystem/UMD"),
    ("UML", "http://terminology.hl7.org/CodeSystem/UML"),
    ("UNII", "http://fdasis.nlm.nih.gov"),
    ("USPS", "https://www.usps.com/"),
    ("WC", "http://www.whocc.no/atc"),
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
        assert_eq!(uri("ATC"), Some("http://terminology.hl7.org/CodeSystem/ATC"));
        assert_eq!(uri("SCT2"), None);
        assert_eq!(uri("HL70005"), Some("http://terminology.hl7.org/CodeSystem/v2-0005"));
        for name in ["", "L", "99LAB", "My Codes", "HL7nnnn", "HL7", "HL7é", "2.16.840.1"] {
            assert_eq!(uri(name), None, "{name}");
        }
        assert!(is_local("L") && is_local("99LAB") && !is_local("LN"));
    }
}
