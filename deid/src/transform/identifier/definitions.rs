//! What is known of each kind: how it is written, where it comes from.

use std::ops::RangeInclusive;

use super::{americas, europe, india};

pub(super) struct Definition {
    pub(super) name: &'static str,
    pub(super) jurisdiction: &'static str,
    /// What may stand between the digits.
    pub(super) separators: &'static str,
    /// How many characters there are beside those.
    pub(super) lengths: RangeInclusive<usize>,
    pub(super) systems: &'static [&'static str],
    /// Whether a compact, upper-case text is one.
    pub(super) is_valid: fn(&str) -> bool,
}

pub(super) static US_SSN: Definition = Definition {
    name: "us-ssn",
    jurisdiction: "US",
    separators: " -",
    lengths: 9..=9,
    systems: &["http://hl7.org/fhir/sid/us-ssn", "urn:oid:2.16.840.1.113883.4.1"],
    is_valid: americas::us_ssn,
};

pub(super) static US_MBI: Definition = Definition {
    name: "us-mbi",
    jurisdiction: "US",
    separators: " -",
    lengths: 11..=11,
    systems: &["http://hl7.org/fhir/sid/us-mbi"],
    is_valid: americas::us_mbi,
};

pub(super) static US_NPI: Definition = Definition {
    name: "us-npi",
    jurisdiction: "US",
    separators: " -",
    lengths: 10..=10,
    systems: &["http://hl7.org/fhir/sid/us-npi", "urn:oid:2.16.840.1.113883.4.6"],
    is_valid: americas::us_npi,
};

pub(super) static US_DEA: Definition = Definition {
    name: "us-dea",
    jurisdiction: "US",
    separators: " -",
    lengths: 9..=9,
    systems: &["urn:oid:2.16.840.1.113883.4.814"],
    is_valid: americas::us_dea,
};

pub(super) static BR_CPF: Definition = Definition {
    name: "br-cpf",
    jurisdiction: "BR",
    separators: " .-",
    lengths: 11..=11,
    systems: &[
        "http://rnds.saude.gov.br/fhir/r4/NamingSystem/cpf",
        "https://rnds.saude.gov.br/fhir/r4/NamingSystem/cpf",
        "http://www.saude.gov.br/fhir/r4/NamingSystem/cpf",
        "https://saude.gov.br/fhir/sid/cpf",
        "urn:oid:2.16.840.1.113883.13.237",
    ],
    is_valid: americas::br_cpf,
};

pub(super) static BR_CNS: Definition = Definition {
    name: "br-cns",
    jurisdiction: "BR",
    separators: " .-",
    lengths: 15..=15,
    systems: &[
        "http://rnds.saude.gov.br/fhir/r4/NamingSystem/cns",
        "https://rnds.saude.gov.br/fhir/r4/NamingSystem/cns",
        "http://www.saude.gov.br/fhir/r4/NamingSystem/cns",
        "https://saude.gov.br/fhir/sid/cns",
        "urn:oid:2.16.840.1.113883.13.236",
        "https://terminologia.saude.gov.br/fhir/NamingSystem/cns",
    ],
    is_valid: americas::br_cns,
};

pub(super) static BR_RG: Definition = Definition {
    name: "br-rg",
    jurisdiction: "BR",
    separators: " .-",
    lengths: 5..=12,
    systems: &["urn:oid:2.16.840.1.113883.13.243"],
    is_valid: americas::br_rg,
};

pub(super) static BR_CEP: Definition = Definition {
    name: "br-cep",
    jurisdiction: "BR",
    separators: " .-",
    lengths: 8..=8,
    systems: &[],
    is_valid: americas::br_cep,
};

pub(super) static IN_ABHA: Definition = Definition {
    name: "in-abha",
    jurisdiction: "IN",
    separators: " -",
    lengths: 14..=14,
    systems: &["https://healthid.ndhm.gov.in", "https://healthid.abdm.gov.in"],
    is_valid: india::abha,
};

pub(super) static IN_ABHA_ADDRESS: Definition = Definition {
    name: "in-abha-address",
    jurisdiction: "IN",
    separators: "",
    lengths: 8..=37,
    systems: &[],
    is_valid: india::abha_address,
};

pub(super) static IN_AADHAAR: Definition = Definition {
    name: "in-aadhaar",
    jurisdiction: "IN",
    separators: " -",
    lengths: 12..=12,
    systems: &[],
    is_valid: india::aadhaar,
};

pub(super) static IN_PIN: Definition = Definition {
    name: "in-pin",
    jurisdiction: "IN",
    separators: " ",
    lengths: 6..=6,
    systems: &[],
    is_valid: india::pin,
};

pub(super) static UK_NHS: Definition = Definition {
    name: "uk-nhs",
    jurisdiction: "GB",
    separators: " -",
    lengths: 10..=10,
    systems: &["https://fhir.nhs.uk/Id/nhs-number", "urn:oid:2.16.840.1.113883.2.1.4.1"],
    is_valid: europe::uk_nhs,
};

pub(super) static UK_CHI: Definition = Definition {
    name: "uk-chi",
    jurisdiction: "GB",
    separators: " -",
    lengths: 10..=10,
    systems: &["https://fhir.nhs.uk/Id/chi-number", "urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53"],
    is_valid: europe::uk_chi,
};

pub(super) static UK_HC: Definition = Definition {
    name: "uk-hc",
    jurisdiction: "GB",
    separators: " -",
    lengths: 10..=10,
    systems: &["https://fhir.nhs.uk/Id/hsc-number"],
    is_valid: europe::uk_hc,
};

pub(super) static UK_NINO: Definition = Definition {
    name: "uk-nino",
    jurisdiction: "GB",
    separators: " -",
    lengths: 9..=9,
    systems: &[],
    is_valid: europe::uk_nino,
};

pub(super) static FR_NIR: Definition = Definition {
    name: "fr-nir",
    jurisdiction: "FR",
    separators: " .-",
    lengths: 15..=15,
    systems: &["urn:oid:1.2.250.1.213.1.4.8", "urn:oid:1.2.250.1.213.1.4.9"],
    is_valid: europe::fr_nir,
};

pub(super) static DE_KVNR: Definition = Definition {
    name: "de-kvnr",
    jurisdiction: "DE",
    separators: " ",
    lengths: 10..=10,
    systems: &[
        "http://fhir.de/sid/gkv/kvid-10",
        "http://fhir.de/sid/pkv/kvid-10",
        "http://fhir.de/NamingSystem/gkv/kvid-10",
    ],
    is_valid: europe::de_kvnr,
};

pub(super) static ES_DNI: Definition = Definition {
    name: "es-dni",
    jurisdiction: "ES",
    separators: " -.",
    lengths: 9..=9,
    systems: &["urn:oid:1.3.6.1.4.1.19126.3"],
    is_valid: europe::es_dni,
};

pub(super) static ES_NIE: Definition = Definition {
    name: "es-nie",
    jurisdiction: "ES",
    separators: " -.",
    lengths: 9..=9,
    systems: &[],
    is_valid: europe::es_nie,
};

pub(super) static IT_CODICE_FISCALE: Definition = Definition {
    name: "it-codice-fiscale",
    jurisdiction: "IT",
    separators: " -",
    lengths: 16..=16,
    systems: &["http://hl7.it/sid/codiceFiscale", "urn:oid:2.16.840.1.113883.2.9.4.3.2"],
    is_valid: europe::it_codice_fiscale,
};

pub(super) static NL_BSN: Definition = Definition {
    name: "nl-bsn",
    jurisdiction: "NL",
    separators: " .-",
    lengths: 9..=9,
    systems: &["http://fhir.nl/fhir/NamingSystem/bsn", "urn:oid:2.16.840.1.113883.2.4.6.3"],
    is_valid: europe::nl_bsn,
};

pub(super) static PL_PESEL: Definition = Definition {
    name: "pl-pesel",
    jurisdiction: "PL",
    separators: " -",
    lengths: 11..=11,
    systems: &["urn:oid:2.16.840.1.113883.3.4424.1.1.616"],
    is_valid: europe::pl_pesel,
};

pub(super) static BE_NN: Definition = Definition {
    name: "be-nn",
    jurisdiction: "BE",
    separators: " .-",
    lengths: 11..=11,
    systems: &[
        "https://www.ehealth.fgov.be/standards/fhir/core/NamingSystem/ssin",
        "https://www.ehealth.fgov.be/standards/fhir/NamingSystem/ssin",
    ],
    is_valid: europe::be_nn,
};

pub(super) static SE_PERSONNUMMER: Definition = Definition {
    name: "se-personnummer",
    jurisdiction: "SE",
    separators: " -",
    lengths: 10..=12,
    systems: &["urn:oid:1.2.752.129.2.1.3.1", "http://electronichealth.se/identifier/personnummer"],
    is_valid: europe::se_personnummer,
};

pub(super) static FI_HETU: Definition = Definition {
    name: "fi-hetu",
    jurisdiction: "FI",
    separators: "",
    lengths: 11..=11,
    systems: &["urn:oid:1.2.246.21"],
    is_valid: europe::fi_hetu,
};

pub(super) static IE_PPS: Definition = Definition {
    name: "ie-pps",
    jurisdiction: "IE",
    separators: " -",
    lengths: 8..=9,
    systems: &[],
    is_valid: europe::ie_pps,
};
