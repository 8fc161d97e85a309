//! Code systems, and the names that documents give them.

/// The codes of confidentiality.
pub(crate) const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
/// Among others the codes of sensitivity.
pub(crate) const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
/// Among others the purposes of use.
pub(crate) const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
/// How somebody takes part in an act.
pub(crate) const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
/// The types of resources.
pub(crate) const RESOURCE_TYPES: &str = "http://hl7.org/fhir/resource-types";

/// Other names of a system: former URLs and object identifiers. Without the scheme of a URL.
static NAMES: &[(&str, &str)] = &[
    ("terminology.hl7.org/CodeSystem/v3-Confidentiality", CONFIDENTIALITY),
    ("hl7.org/fhir/v3/Confidentiality", CONFIDENTIALITY),
    ("urn:oid:2.16.840.1.113883.5.25", CONFIDENTIALITY),
    ("terminology.hl7.org/CodeSystem/v3-ActCode", ACT_CODE),
    ("hl7.org/fhir/v3/ActCode", ACT_CODE),
    ("urn:oid:2.16.840.1.113883.5.4", ACT_CODE),
    ("terminology.hl7.org/CodeSystem/v3-ActReason", ACT_REASON),
    ("hl7.org/fhir/v3/ActReason", ACT_REASON),
    ("urn:oid:2.16.840.1.113883.5.8", ACT_REASON),
    ("terminology.hl7.org/CodeSystem/v3-ParticipationType", PARTICIPATION),
    ("hl7.org/fhir/v3/ParticipationType", PARTICIPATION),
    ("urn:oid:2.16.840.1.113883.5.90", PARTICIPATION),
    ("hl7.org/fhir/v3/RoleClass", "http://terminology.hl7.org/CodeSystem/v3-RoleClass"),
    ("hl7.org/fhir/v3/RoleCode", "http://terminology.hl7.org/CodeSystem/v3-RoleCode"),
    ("terminology.hl7.org/CodeSystem/consentscope", "http://terminology.hl7.org/CodeSystem/consentscope"),
    ("hl7.org/fhir/consentscope", "http://terminology.hl7.org/CodeSystem/consentscope"),
    ("hl7.org/fhir/resource-types", RESOURCE_TYPES),
    ("hl7.org/fhir/fhir-types", RESOURCE_TYPES),
    ("loinc.org", "http://loinc.org"),
    ("urn:oid:2.16.840.1.113883.6.1", "http://loinc.org"),
    ("snomed.info/sct", "http://snomed.info/sct"),
    ("urn:oid:2.16.840.1.113883.6.96", "http://snomed.info/sct"),
    ("www.nlm.nih.gov/research/umls/rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("urn:oid:2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("urn:oid:2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10"),
    ("urn:oid:2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10"),
    ("www.whocc.no/atc", "http://www.whocc.no/atc"),
    ("urn:oid:2.16.840.1.113883.6.73", "http://www.whocc.no/atc"),
    ("hl7.org/fhir/sid/cvx", "http://hl7.org/fhir/sid/cvx"),
    ("urn:oid:2.16.840.1.113883.12.292", "http://hl7.org/fhir/sid/cvx"),
];

/// The name of a system by which it is compared. `None` for none, and for a value set, which is no system of codes.
pub(crate) fn canonical(system: Option<&str>) -> Option<&str> {
    let system = system.filter(|system| !names_value_set(system))?;
    let plain = plain(system);
    Some(NAMES.iter().find(|(name, _)| *name == plain).map_or(system, |(_, canonical)| canonical))
}

fn names_value_set(system: &str) -> bool {
    system.contains("/ValueSet/") || system.contains("/v3/vs/")
}

fn plain(system: &str) -> &str {
    let system = system.strip_suffix('/').unwrap_or(system);
    system.strip_prefix("http://").or_else(|| system.strip_prefix("https://")).unwrap_or(system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_to_a_name_that_leads_to_itself() {
        for (name, canon) in NAMES {
            assert_eq!(canonical(Some(canon)), Some(*canon), "{name}");
            assert_eq!(plain(name), *name, "is written as names are compared");
        }
    }

    #[test]
    fn former_names_schemes_and_slashes_do_not_count() {
        for name in ["https://loinc.org", "http://loinc.org/", "urn:oid:2.16.840.1.113883.6.1"] {
            assert_eq!(canonical(Some(name)), Some("http://loinc.org"), "{name}");
        }
        assert_eq!(canonical(Some("urn:local")), Some("urn:local"));
    }

    #[test]
    fn a_value_set_is_no_system() {
        assert_eq!(canonical(Some("http://terminology.hl7.org/ValueSet/v3-PurposeOfUse")), None);
        assert_eq!(canonical(None), None);
    }
}
