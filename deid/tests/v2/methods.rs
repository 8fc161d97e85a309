//! Methods that need something from the caller, or change numbers.

use carewire_deid::transform::{StructuredScrubber, ValueCipher};
use carewire_deid::{
    ENCRYPTED_SYSTEM, Entropy, Error, KeyRing, PSEUDONYM_SYSTEM, Policy, Refusal, Treatment, v2,
};

use super::{KEYS, keys, org};

#[derive(Debug)]
struct Zeros;

impl Entropy for Zeros {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        bytes.fill(0);
        Ok(())
    }
}

const MESSAGE: &str = "MSH|^~\\&|A|B|||2024||ORU^R01|1|P|2.5\rPID|1||7||Smith||19700101|||||||||||||||||93\r\
    PV1|1|I|||||||||||||||||||||||100.50\rOBX|1|TX|1-8||Call (617) 555-0100\\.br\\or jo@example.org, Hb 13||||||F\r\
    OBX|2|ED|1-8||^TEXT^^Base64^U21pdGg=\rOBX|3|NM|1-8||13.2\rNTE|1||seen 03/05/2024 \\F\\ again\r";

fn policy(rules: &str) -> Policy {
    let head =
        "id = 'own'\nversion = '1'\njurisdiction = 'any'\nsources = []\n[text]\nscrubber = 'structured-1'\n";
    Policy::parse_toml(&format!("{head}{rules}")).unwrap()
}

fn written(policy: &Policy, context: v2::V2Context<'_>) -> String {
    let mut out = Vec::new();
    v2::Deidentifier::new(policy, context).unwrap().write(MESSAGE.as_bytes(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn texts_are_scrubbed_by_the_scrubber_of_the_policy_and_by_no_other() {
    let policy = policy(
        "[[v2]]\npaths = ['OBX-5', 'NTE-3']\nmethod = 'scrub'\n[[v2]]\npath = 'OBX-2'\nmethod = 'keep'\n",
    );
    let (keys, org, scrubber) = (keys(), org(), StructuredScrubber::default());
    let out = written(&policy, v2::V2Context::new(&keys, &org).with_scrubber(&scrubber));
    assert!(out.contains("|TX|||Call [PHONE] or [EMAIL], Hb 13|"), "{out}");
    assert!(out.contains("|NM|||13.2") && out.contains("NTE|||seen [DATE] \\F\\ again"), "{out}");
    assert!(out.contains("OBX||ED|||\r"), "{out}");
    let without = v2::Deidentifier::new(&policy, v2::V2Context::new(&keys, &org));
    assert!(matches!(without, Err(Error::Refused { reason: Refusal::NoScrubber, .. })));
    let other = Policy::parse_toml(
        "id = 'own'\nversion = '1'\njurisdiction = 'any'\nsources = []\n[[v2]]\npath = 'NTE-3'\nmethod = 'scrub'\n",
    );
    let out = written(&other.unwrap(), v2::V2Context::new(&keys, &org).with_scrubber(&scrubber));
    assert!(!out.contains("seen"));
}

#[test]
fn values_are_encrypted_for_their_field() {
    let policy = policy("[[v2]]\npath = 'PID-7'\nmethod = 'encrypt'\n");
    let (keys, org) = (keys(), org());
    let cipher = ValueCipher::new(&KeyRing::parse(KEYS).unwrap(), &org);
    let out = written(&policy, v2::V2Context::new(&keys, &org).with_cipher(&cipher, &Zeros));
    let sealed = out.split('\r').nth(1).and_then(|pid| pid.split('|').nth(7)).unwrap();
    assert_eq!(cipher.decrypt("PID-7", sealed).unwrap(), "19700101");
    assert!(cipher.decrypt("PID-29", sealed).is_err() && !out.contains("1970"));
    let without = v2::Deidentifier::new(&policy, v2::V2Context::new(&keys, &org));
    assert!(matches!(without, Err(Error::Refused { reason: Refusal::NoCipher, .. })));
}

#[test]
fn numbers_are_made_coarser_or_moved() {
    let policy = policy(
        "[[v2]]\npath = 'PID-25'\nmethod = 'age'\n[[v2]]\npath = 'PV1-26'\nmethod = 'generalise'\nstep = 20\n
         [[v2]]\npath = 'RXA-6'\nmethod = 'perturb'\nspan = 4\n",
    );
    let (keys, org) = (keys(), org());
    let text = "MSH|^~\\&|A|B|||2024||RDE^O11|1|P|2.5\rPID|1||||||||||||||||||||||||93\rPV1|1|||||||||||||||||||||||||+119.5\rRXA|||||a|50.0\r";
    let mut out = Vec::new();
    v2::Deidentifier::new(&policy, v2::V2Context::new(&keys, &org))
        .unwrap()
        .write(text.as_bytes(), &mut out)
        .unwrap();
    let out = String::from_utf8(out).unwrap();
    let field =
        |line: usize, number: usize| out.split('\r').nth(line).unwrap().split('|').nth(number).unwrap();
    assert_eq!((field(1, 25), field(2, 25), field(2, 26)), ("90", "", "100"));
    let moved: f64 = field(3, 6).parse().unwrap();
    assert!((48.0..=52.0).contains(&moved) && field(3, 5).is_empty(), "{out}");
}

const IDENTIFIERS: &str = "MSH|^~\\&|A|B|||2024||ADT^A08|1|P|2.5\rPID|1||7^^^&1.2.3&ISO^MR~943 476 5870^^^NHS^NH~B-123^^^GEN^PI~Q1^^^GEN^XX||||||||||||||||536-90-4399\r\
    PV1|1||||||D1^Smith^^^^^^^&1.2.3&ISO\rORC|RE|P1^EHR^1.2.3^ISO|Q2^EHR\r";

const IDENTIFIER_RULES: &str = "[[v2]]\npaths = ['PID-3', 'PID-19', 'PV1-7', 'ORC-2', 'ORC-3']\nmethod = 'pseudonym'\n
    [[identifier]]\nsystem = 'urn:oid:1.2.3'\nmethod = 'encrypt'\n
    [[identifier]]\nchecksum = 'uk-nhs'\nmethod = 'drop'\n[[identifier]]\nchecksum = 'us-ssn'\nmethod = 'drop'\n
    [[identifier]]\npattern = 'A-999'\nmethod = 'keep'\n";

#[test]
fn identifiers_go_by_the_rule_for_their_kind() {
    let (policy, keys, org) = (policy(IDENTIFIER_RULES), keys(), org());
    let cipher = ValueCipher::new(&KeyRing::parse(KEYS).unwrap(), &org);
    let context = v2::V2Context::new(&keys, &org).with_cipher(&cipher, &Zeros);
    let mut messages = v2::Deidentifier::new(&policy, context.clone()).unwrap();
    let mut out = Vec::new();
    messages.write(IDENTIFIERS.as_bytes(), &mut out).unwrap();
    let text = String::from_utf8(out.clone()).unwrap();
    let field =
        |line: usize, number: usize| text.split('\r').nth(line).unwrap().split('|').nth(number).unwrap();
    let ids: Vec<_> = field(1, 3).split('~').collect();
    let [sealed, dropped, kept, surrogate] = ids[..] else { panic!("{text}") };
    let opened = |value: &str| cipher.decrypt_identifier(value.split('^').next().unwrap()).unwrap();
    let of = |value: &str| ("urn:oid:1.2.3".to_owned(), value.to_owned());
    assert_eq!(opened(sealed), of("7"));
    assert!(sealed.ends_with(&format!("^^^&{ENCRYPTED_SYSTEM}&URI^MR")), "{sealed}");
    assert_eq!((dropped, kept), ("", "B-123^^^&urn:carewire:authority:clinic:GEN&URI^PI"));
    assert!(surrogate.contains(PSEUDONYM_SYSTEM) && !surrogate.contains("Q1"));
    assert_eq!((opened(field(2, 7)), opened(field(3, 2))), (of("D1"), of("P1")));
    assert!(field(3, 2).ends_with(&format!("^^{ENCRYPTED_SYSTEM}^URI")) && field(1, 19).is_empty());
    let manifest = messages.manifest();
    for (treatment, count) in
        [(Treatment::Encrypted, 1), (Treatment::Dropped, 1), (Treatment::Pseudonymised, 1)]
    {
        assert_eq!(manifest.count("PID-3", treatment), count, "{treatment:?}");
    }
    let mut again = Vec::new();
    v2::Deidentifier::new(&policy, context).unwrap().write(&out, &mut again).unwrap();
    assert_eq!(String::from_utf8(again).unwrap(), text);
}

#[test]
fn a_whole_identifier_may_be_encrypted() {
    let policy = policy("[[v2]]\npaths = ['PID-3', 'ORC-2']\nmethod = 'encrypt'\n");
    let (keys, org) = (keys(), org());
    let cipher = ValueCipher::new(&KeyRing::parse(KEYS).unwrap(), &org);
    let mut out = Vec::new();
    let context = v2::V2Context::new(&keys, &org).with_cipher(&cipher, &Zeros);
    v2::Deidentifier::new(&policy, context).unwrap().write(IDENTIFIERS.as_bytes(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.matches(ENCRYPTED_SYSTEM).count(), 5, "{text}");
    assert!(!text.contains("943") && !text.contains("B-123") && !text.contains("P1"));
}

#[test]
fn each_treatment_is_counted_by_its_own_name() {
    let policy = policy(
        "[geography]\nlist = 'zip3-2020'\n[dates]\nmethod = 'shift'\n[[v2]]\npath = 'PID-7'\nmethod = 'keep'\n
         [[v2]]\npath = 'PID-5.1'\nmethod = 'substitute'\nvalue = 'x'\n[[v2]]\npath = 'NTE-3'\nmethod = 'scrub'\n
         [[v2]]\npath = 'PV1-26'\nmethod = 'generalise'\nstep = 20\n[[v2]]\npath = 'PID-25'\nmethod = 'perturb'\nspan = 9\n
         [[v2]]\npath = 'OBX-3.1'\nmethod = 'encrypt'\n",
    );
    let (keys, org, scrubber) = (keys(), org(), StructuredScrubber::default());
    let cipher = ValueCipher::new(&KeyRing::parse(KEYS).unwrap(), &org);
    let context = v2::V2Context::new(&keys, &org).with_cipher(&cipher, &Zeros).with_scrubber(&scrubber);
    let mut messages = v2::Deidentifier::new(&policy, context).unwrap();
    let empty = |count: usize| "|".repeat(count);
    let text = format!(
        "MSH|^~\\&|A|B|||2024||ORU^R01|1|P|2.5\rPID|1||7{}Smith{}19700101{}93\rPV1{}100.50\rOBX|1|TX|1-8\rNTE|1||seen\r",
        empty(2),
        empty(2),
        empty(18),
        empty(26),
    );
    messages.write(text.as_bytes(), &mut Vec::new()).unwrap();
    let manifest = messages.manifest();
    for (path, treatment) in [
        ("PID-7", Treatment::Shifted),
        ("PID-5", Treatment::Substituted),
        ("NTE-3", Treatment::Scrubbed),
        ("PV1-26", Treatment::Generalised),
        ("PID-25", Treatment::Perturbed),
        ("OBX-3", Treatment::Encrypted),
    ] {
        assert_eq!(manifest.count(path, treatment), 1, "{path}");
    }
    assert_eq!((manifest.key_id(), manifest.encryption_key_id()), ("run", Some("1")));
    assert_eq!((manifest.zip_list(), manifest.scrubber()), (Some("zip3-2020"), Some("structured-1")));
    assert!(manifest.counts().all(|(_, treatment, _)| treatment != Treatment::Rewritten));
}
