//! Real messages after de-identification: they are read, they have their segments, and what they say of identifiers in
//! FHIR is what the de-identified Bundle says.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;

use carewire_deid::{KeyRing, PSEUDONYM_SYSTEM, Policy, Pseudonymizer, v2};
use carewire_fhir_core::{Date, OrgId, Value};
use carewire_hl7_v2::dictionary::{Dictionary, Version};
use carewire_hl7_v2::fhir::{MapOptions, map};
use carewire_hl7_v2::{Message, ParseOptions};
use carewire_testing::corpus;

const KEYS: &str = r#"{"keys":[
  {"id":"1","use":"encrypt","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","status":"active","created":"2026-11-01"},
  {"id":"1","use":"pseudonym","key":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8","status":"active","created":"2026-11-01"}]}"#;

fn org() -> OrgId {
    OrgId::new("clinic").unwrap()
}

fn keys() -> Pseudonymizer {
    Pseudonymizer::new(&KeyRing::parse(KEYS).unwrap(), &org(), "live")
}

/// What comes out; nothing where the bytes cannot be read as a message.
fn deidentified(bytes: &[u8]) -> Option<Vec<u8>> {
    let (keys, org) = (keys(), org());
    let context = v2::V2Context::new(&keys, &org).with_as_of(Date::parse("2026-11-22").unwrap());
    let mut out = Vec::new();
    v2::Deidentifier::new(Policy::pseudonymous(), context).unwrap().write(bytes, &mut out).ok()?;
    Some(out)
}

/// The names of the segments that stay: those of HL7, and those of a sender's own.
fn names(bytes: &[u8]) -> Vec<String> {
    let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
    let known: BTreeSet<String> = Version::ALL
        .iter()
        .flat_map(|version| Dictionary::of(*version).segments().map(|segment| segment.name().to_owned()))
        .collect();
    let names = message.segments().map(|segment| segment.name().to_ascii_uppercase());
    names.filter(|name| name.starts_with('Z') || known.contains(name)).collect()
}

#[test]
fn messages_of_the_corpus_keep_their_segments() {
    let Some(folder) = corpus::directory() else {
        println!("{}", corpus::NOT_SET);
        return;
    };
    let (mut read, mut unread) = (0, 0);
    for sample in corpus::messages(&folder, "").unwrap() {
        if Message::parse(&sample.bytes, &ParseOptions::default()).is_err() {
            unread += 1;
            continue;
        }
        let out = deidentified(&sample.bytes).unwrap_or_else(|| panic!("{sample} is refused"));
        assert!(names(&out) == names(&sample.bytes), "{sample} has other segments");
        assert!(deidentified(&out).as_ref() == Some(&out), "{sample} changes when it comes again");
        read += 1;
    }
    println!("{read} messages keep their segments; {unread} are none");
    assert!(read > 300);
}

/// The system and value of every identifier of the Bundle that a message becomes.
fn identifiers(bytes: &[u8]) -> BTreeSet<(String, String)> {
    let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
    let mut found = BTreeSet::new();
    collect(map(&message, &MapOptions::new(org())).unwrap().bundle.value(), &mut found);
    found
}

fn collect(value: &Value, found: &mut BTreeSet<(String, String)>) {
    if let (Some(system), Some(id)) = (value.str("system"), value.str("value")) {
        found.insert((system.to_owned(), id.to_owned()));
    }
    for (_, member) in value.members() {
        collect(member, found);
    }
    for item in value.items() {
        collect(item, found);
    }
}

#[test]
fn an_identifier_has_the_same_surrogate_in_both_notations() {
    let message = b"MSH|^~\\&|LAB|GEN|||20240305101500+0100||ORU^R01^ORU_R01|1|P|2.5.1\r\
        PID|1||7^^^GEN^MR~8^^^&1.2.3&ISO^PI||Doe^Jo\rPV1|1|I|||||||||||||||||V9^^^St. Mary's^VN\r\
        ORC|RE|P1^EHR|F1^LAB^1.2.9^ISO\rOBR|1|P1^EHR|F1^LAB^1.2.9^ISO|718-7^Hb^LN|||20240305\r\
        OBX|1|NM|718-7^Hb^LN||13.2|g/dL^^UCUM|||||F\r";
    let out = deidentified(message).unwrap();
    let (before, after) = (identifiers(message), identifiers(&out));
    let keys = keys();
    for (system, value) in [
        ("urn:carewire:authority:clinic:GEN", "7"),
        ("urn:oid:1.2.3", "8"),
        ("urn:carewire:authority:clinic:St.%20Mary%27s", "V9"),
        ("urn:carewire:authority:clinic:EHR", "P1"),
        ("urn:oid:1.2.9", "F1"),
    ] {
        assert!(before.contains(&(system.to_owned(), value.to_owned())), "{system} {value}: {before:?}");
        let surrogate = keys.pseudonym("identifier", &[system.as_bytes(), value.as_bytes()]);
        assert!(after.contains(&(PSEUDONYM_SYSTEM.to_owned(), surrogate)), "{system} {value}: {after:?}");
    }
}

#[test]
fn a_patient_moves_by_the_same_days_in_both_notations() {
    let rules = "id='own'\nversion='1'\njurisdiction='any'\nsources=[]\n[dates]\nmethod='shift'\n
        [[fhir]]\npaths=['Patient.birthDate', 'Encounter.period', 'Period.start']\nmethod='keep'\n
        [[v2]]\npaths=['PID-7', 'PV1-44']\nmethod='keep'\n";
    let policy = Policy::parse_toml(rules).unwrap();
    let empty = "|".repeat(25);
    let message = format!(
        "MSH|^~\\&|LAB|GEN|||20240305101500+0100||ADT^A01^ADT_A01|1|P|2.5.1\r\
         PID|1|4|9^^^^SS~7^^^GEN^MR~8^^^&1.2.3&ISO^PI||Doe^Jo||19700203|F\r\
         PV1|1|I|||||||||||||||||V9^^^GEN^VN{empty}20240301081530+0100\r"
    );
    let (keys, org) = (keys(), org());
    let mut out = Vec::new();
    let context = v2::V2Context::new(&keys, &org);
    v2::Deidentifier::new(&policy, context).unwrap().write(message.as_bytes(), &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let field = |line: usize, number: usize| {
        out.split('\r').nth(line).unwrap().split('|').nth(number).unwrap().to_owned()
    };
    let read = Message::parse(message.as_bytes(), &ParseOptions::default()).unwrap();
    let bundle = map(&read, &MapOptions::new(org.clone())).unwrap().bundle;
    let mut exporter = carewire_deid::Exporter::new(&policy, &keys).unwrap();
    let mut json = String::new();
    exporter.write(bundle.to_json().as_bytes(), &mut json).unwrap();
    let digits = |name: &str| {
        let text = json.split(&format!("\"{name}\":\"")).nth(1).unwrap().split('"').next().unwrap();
        text.replace(['-', ':', 'T'], "")
    };
    assert_eq!(digits("birthDate"), field(1, 7));
    assert_eq!(digits("start"), field(2, 44));
    assert!(field(2, 44).ends_with("081530+0100") && *field(1, 7) < *"19700203");
}
