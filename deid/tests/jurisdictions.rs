//! What the policies of Brazil, India, the United Kingdom and the European Union do with the places, dates and numbers
//! of their countries.

#[cfg(test)]
mod support;

use carewire_deid::{Policy, Pseudonymizer, v2};
use carewire_fhir_core::{Date, OrgId};
use support::{bundle, exported};

/// A policy, the address of the patient, his identifiers as system and value; what must be there, what must not.
struct Case {
    policy: &'static str,
    address: &'static str,
    identifiers: &'static [(&'static str, &'static str)],
    told: &'static [&'static str],
    surrogates: usize,
}

const CASES: [Case; 8] = [
    Case {
        policy: "lgpd-pseudonymised",
        address: r#""city":"Campinas","district":"Cambuí","state":"SP","postalCode":"13025-320","country":"BR""#,
        identifiers: BRAZIL,
        told: &[r#""state":"SP""#, r#""country":"BR""#],
        surrogates: 2,
    },
    Case {
        policy: "lgpd-anonymisation-candidate",
        address: r#""city":"Campinas","district":"Cambuí","state":"São Paulo","postalCode":"13025-320","country":"Brasil""#,
        identifiers: BRAZIL,
        told: &[r#""state":"São Paulo""#, r#""birthDate":"1971""#],
        surrogates: 0,
    },
    Case {
        policy: "dpdp-pseudonymised",
        address: r#""city":"Kochi","district":"Ernakulam","state":"Kerala","postalCode":"682 011","country":"India""#,
        identifiers: INDIA,
        told: &[r#""state":"Kerala""#, r#""postalCode":"682""#],
        surrogates: 2,
    },
    Case {
        policy: "dpdp-anonymisation-candidate",
        address: r#""city":"Kochi","district":"Ernakulam","state":"KL","postalCode":"682011""#,
        identifiers: INDIA,
        told: &[r#""state":"KL""#, r#""postalCode":"68""#, r#""birthDate":"1971""#],
        surrogates: 0,
    },
    Case {
        policy: "uk-pseudonymised",
        address: r#""city":"Leeds","district":"Headingley","state":"England","postalCode":"LS6 3AA","country":"GB""#,
        identifiers: KINGDOM,
        told: &[r#""state":"England""#, r#""postalCode":"LS6""#],
        surrogates: 3,
    },
    Case {
        policy: "uk-anonymisation-candidate",
        address: r#""city":"Leeds","district":"Headingley","postalCode":"ls63aa""#,
        identifiers: KINGDOM,
        told: &[r#""postalCode":"LS""#, r#""birthDate":"1971""#],
        surrogates: 0,
    },
    Case {
        policy: "gdpr-pseudonymised",
        address: r#""city":"Jena","district":"Lobeda","state":"Thüringen","postalCode":"07747","country":"DE""#,
        identifiers: UNION,
        told: &[r#""postalCode":"07""#, r#""country":"DE""#],
        surrogates: 1,
    },
    Case {
        policy: "gdpr-anonymisation-candidate",
        address: r#""city":"Jena","district":"Lobeda","state":"Thüringen","postalCode":"07747","country":"DE""#,
        identifiers: UNION,
        told: &[r#""country":"DE""#, r#""birthDate":"1971""#],
        surrogates: 0,
    },
];

const BRAZIL: &[(&str, &str)] = &[
    ("http://rnds.saude.gov.br/fhir/r4/NamingSystem/cpf", "390.533.447-05"),
    ("urn:hospital:documento", "39053344705"),
    ("http://rnds.saude.gov.br/fhir/r4/NamingSystem/cns", "898000000043208"),
    ("urn:oid:2.16.840.1.113883.13.243", "12.345.678-9"),
    ("urn:hospital:prontuario", "4711047"),
];

const INDIA: &[(&str, &str)] = &[
    ("https://healthid.ndhm.gov.in", "91-4829-1029-4820"),
    ("urn:hospital:document", "2341 2341 2346"),
    ("urn:hospital:mrn", "4711047"),
];

const KINGDOM: &[(&str, &str)] = &[
    ("https://fhir.nhs.uk/Id/nhs-number", "9434765870"),
    ("https://fhir.nhs.uk/Id/chi-number", "0101011237"),
    ("urn:payroll", "AB123456C"),
    ("urn:hospital:mrn", "4711047"),
];

const UNION: &[(&str, &str)] = &[
    ("http://fhir.de/sid/gkv/kvid-10", "X110411675"),
    ("urn:old:insurance", "X110411675"),
    ("urn:oid:1.2.250.1.213.1.4.8", "295109912611193"),
    ("urn:oid:1.3.6.1.4.1.19126.3", "X2482300W"),
    ("http://hl7.it/sid/codiceFiscale", "RCCMNL83S18D969H"),
    ("http://fhir.nl/fhir/NamingSystem/bsn", "111222333"),
    ("urn:oid:1.2.246.21", "not a well-formed one"),
    ("urn:hospital:mrn", "4711047"),
];

#[test]
fn each_country_keeps_what_its_policy_says_and_no_more() {
    for Case { policy, address, identifiers, told, surrogates } in CASES {
        let numbers: Vec<_> = identifiers
            .iter()
            .map(|(system, value)| format!(r#"{{"system":"{system}","value":"{value}"}}"#))
            .collect();
        let patient = format!(
            r#"{{"resourceType":"Patient","id":"p","identifier":[{}],"birthDate":"1971-03-14","gender":"female",
            "address":[{{{address}}}],"communication":[{{"language":{{"coding":[{{"system":"urn:ietf:bcp:47","code":"pt-BR"}}]}}}}]}}"#,
            numbers.join(",")
        );
        let (out, _) = exported(&bundle(&[&patient]), policy);
        for part in told.iter().chain(&[r#""gender":"female""#, r#""code":"pt-BR""#]) {
            assert!(out.contains(part), "{policy}: {part} in {out}");
        }
        let gone = identifiers.iter().map(|(_, value)| *value);
        for part in
            gone.chain(["Campinas", "Cambu", "Kochi", "Ernakulam", "Leeds", "Headingley", "Jena", "03-14"])
        {
            assert!(!out.contains(part), "{policy}: {part} in {out}");
        }
        assert_eq!(
            out.matches(r#""system":"urn:carewire:pseudonym""#).count(),
            surrogates,
            "{policy}: {out}"
        );
    }
}

/// In HL7 v2 the same holds of state, postal code and country.
#[test]
fn places_of_messages_are_those_of_resources() {
    for (policy, address, expected) in [
        ("lgpd-pseudonymised", "Rua A^^Campinas^SP^13025-320^BRA", "^^^SP^^BRA"),
        ("dpdp-pseudonymised", "1 MG Rd^^Kochi^KL^682011^IND", "^^^KL^682^IND"),
        ("uk-anonymisation-candidate", "1 High St^^Leeds^^LS6 3AA", "^^^^LS"),
        ("gdpr-pseudonymised", "Allee 1^^Jena^TH^07747^DEU", "^^^^07^DEU"),
        ("gdpr-anonymisation-candidate", "Allee 1^^Jena^TH^07747^DOE", ""),
        ("safe-harbor", "1 Main St^^Boston^MA^02139^USA", "^^^MA^021^USA"),
    ] {
        let policy = Policy::built_in(policy).unwrap();
        let keys = Pseudonymizer::for_run(&[7; 32]);
        let org = OrgId::new("org_a").unwrap();
        let context = v2::V2Context::new(&keys, &org).with_as_of(Date::parse("2026-11-22").unwrap());
        let mut messages = v2::Deidentifier::new(policy, context).unwrap();
        let message = format!(
            "MSH|^~\\&|A|B|C|D|20260101||ADT^A08|1|P|2.5\rPID|1||4711^^^H^MR||Doe||19710314|F|||{address}\r"
        );
        let mut out = Vec::new();
        messages.write(message.as_bytes(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let told = out.split("\rPID|").nth(1).unwrap().split('|').nth(10).unwrap_or_default().trim_end();
        assert_eq!(told, expected, "{}: {out}", policy.id());
    }
}

/// Nobody may take one for the other, and no file may say that its output is anonymous.
#[test]
fn names_claim_no_more_than_the_files_can_keep() {
    for name in Policy::built_in_names() {
        let (policy, text) = (Policy::built_in(name).unwrap(), Policy::built_in_toml(name).unwrap());
        let lines = text.lines().map_while(|line| line.strip_prefix('#'));
        let head = lines.map(str::trim).collect::<Vec<_>>().join(" ");
        assert!(
            !name.contains("anonymised") && !name.contains("anonymous") || name == "pseudonymous",
            "{name}"
        );
        if name.ends_with("-pseudonymised") {
            assert!(
                policy.jurisdiction().contains("so personal data") && head.contains("personal"),
                "{name}"
            );
            assert!(
                !policy.wants_key_of_run() && head.contains("was transformed under this policy"),
                "{name}"
            );
        }
        if name.ends_with("-candidate") {
            assert!(policy.jurisdiction().contains("towards"), "{name}");
            assert!(policy.wants_key_of_run() && head.contains("no policy file can say"), "{name}");
        }
    }
}
