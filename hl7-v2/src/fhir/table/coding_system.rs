//! Table 0396: the names of coding systems, and the URIs that FHIR knows them by.

use carewire_fhir_core::OrgId;

use crate::fhir::resolver::{encode, is_oid, is_uri};

/// The URI of a coding system, and whether it is known or local: a system of another name gets a URN of the org.
pub(crate) fn uri(name: &str, org: &OrgId) -> (String, bool) {
    let upper = name.to_ascii_uppercase();
    if let Some(uri) = known(&upper) {
        return (uri.to_owned(), true);
    }
    if let Some(number) = hl7_table(&upper) {
        return (super::v2_system(number), true);
    }
    if is_oid(name) {
        return (format!("urn:oid:{name}"), true);
    }
    if is_uri(name) {
        return (name.to_owned(), true);
    }
    (format!("urn:carewire:codesystem:{}:{}", org.as_str(), encode(name)), is_local(&upper))
}

fn known(name: &str) -> Option<&'static str> {
    Some(match name {
        "LN" | "LOINC" => "http://loinc.org",
        "SCT" | "SNOMED" | "SNOMEDCT" | "SNOMED-CT" | "SCT2" => "http://snomed.info/sct",
        "UCUM" => "http://unitsofmeasure.org",
        "I10" => "http://hl7.org/fhir/sid/icd-10",
        "I10C" | "I10CM" | "ICD10CM" | "ICD-10-CM" => "http://hl7.org/fhir/sid/icd-10-cm",
        "I10P" => "http://www.cms.gov/Medicare/Coding/ICD10",
        "I9" | "I9C" | "I9CDX" | "I9CM" => "http://hl7.org/fhir/sid/icd-9-cm",
        "C4" | "CPT" | "CPT4" => "http://www.ama-assn.org/go/cpt",
        "HCPCS" | "HPC" => "urn:oid:2.16.840.1.113883.6.285",
        "CVX" => "http://hl7.org/fhir/sid/cvx",
        "MVX" => "http://hl7.org/fhir/sid/mvx",
        "NDC" => "http://hl7.org/fhir/sid/ndc",
        "RXNORM" => "http://www.nlm.nih.gov/research/umls/rxnorm",
        "UNII" => "http://fdasis.nlm.nih.gov",
        "NUCC" | "NUCCPT" => "http://nucc.org/provider-taxonomy",
        "NCIT" | "NCI" => "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
        "ATC" => "http://www.whocc.no/atc",
        "DCM" => "http://dicom.nema.org/resources/ontology/DCM",
        "CDCREC" => "urn:oid:2.16.840.1.113883.6.238",
        "CDCPHINVS" => "urn:oid:2.16.840.1.114222.4.5.274",
        "NIP001" => "urn:oid:2.16.840.1.113883.12.292",
        "ISO3166_1" | "ISO3166" => "urn:iso:std:iso:3166",
        "ISO639" | "ISO639-1" | "ISO639-2" => "urn:ietf:bcp:47",
        _ => return None,
    })
}

/// The number in `HL70085`, four digits as the table is written.
fn hl7_table(name: &str) -> Option<&str> {
    let number = name.strip_prefix("HL7")?;
    (number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}

/// `L` and `99…` are for local use.
fn is_local(name: &str) -> bool {
    name == "L" || name.starts_with("99")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_local_and_unknown_names() {
        let org = OrgId::new("org").unwrap();
        assert_eq!(uri("LN", &org), ("http://loinc.org".into(), true));
        assert_eq!(uri("HL70005", &org), ("http://terminology.hl7.org/CodeSystem/v2-0005".into(), true));
        assert_eq!(uri("2.16.840.1", &org), ("urn:oid:2.16.840.1".into(), true));
        assert_eq!(uri("99LAB", &org), ("urn:carewire:codesystem:org:99LAB".into(), true));
        assert_eq!(uri("My Codes", &org), ("urn:carewire:codesystem:org:My%20Codes".into(), false));
        assert_eq!(uri("HL7nnnn", &org).0, "urn:carewire:codesystem:org:HL7nnnn");
    }
}
