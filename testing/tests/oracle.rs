//! Every Bundle that the map makes of a real message passes the validator of another implementation, and so does what
//! de-identification makes of it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "helpers of tests")]

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};

use carewire_deid::{Context, Entropy, KeyRing, Policy, Pseudonymizer, deidentify};
use carewire_fhir_core::{OrgId, PatientToken, Resource, entries, visit_references};
use carewire_hl7_v2::fhir::{MapOptions, Mapped, map};
use carewire_hl7_v2::{Message, ParseOptions};
use carewire_testing::corpus::{self, MAPPED, Sample};
use carewire_testing::oracle;

/// Messages of whole hospitals, not of single fields: each of the mapped types must become a Bundle.
const WHOLE: &str = "v2-to-fhir/ms-liquid/in";

#[test]
fn bundles_of_real_messages_are_valid() {
    let Some(samples) = samples("") else { return };
    if let Some(why) = oracle::missing() {
        println!("{why}");
        return;
    }
    let mut without: BTreeMap<String, u32> = BTreeMap::new();
    let (mut names, mut bundles) = (Vec::new(), Vec::new());
    for sample in &samples {
        match mapped(sample) {
            Ok(mapped) => {
                names.extend([sample.to_string(), format!("{sample}, de-identified")]);
                bundles.extend([mapped.bundle.to_json(), deidentified(sample, &mapped.bundle).to_json()]);
            }
            Err(reason) => *without.entry(reason).or_default() += 1,
        }
    }
    println!("{} messages, {} Bundles; no Bundle: {without:?}", samples.len(), bundles.len());
    assert!(bundles.len() > 400, "the corpus has too few messages of the mapped types");
    let verdict = oracle::validate(&bundles).unwrap();
    for problem in &verdict.problems {
        println!("PROBLEM {}: {problem}", names.get(problem.bundle).map_or("?", String::as_str));
    }
    println!("{} resources, {} problems", verdict.resources, verdict.problems.len());
    assert!(verdict.resources > 3_000, "the validator saw too little");
    assert!(verdict.problems.is_empty(), "{} problems", verdict.problems.len());
}

#[test]
fn every_reference_of_a_whole_message_resolves() {
    let Some(samples) = samples(WHOLE) else { return };
    assert!(samples.len() >= MAPPED.len());
    for sample in &samples {
        let bundle = map_bytes(&sample.bytes).unwrap_or_else(|reason| panic!("{sample}: {reason}")).bundle;
        for bundle in [&bundle, &deidentified(sample, &bundle)] {
            assert_eq!(dangling(bundle), Vec::<String>::new(), "{sample}");
        }
    }
}

/// The validator is awake: it objects to what is wrong.
#[test]
fn the_oracle_objects() {
    if let Some(why) = oracle::missing() {
        println!("{why}");
        return;
    }
    let wrong = r#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Observation","status":"final"}}]}"#;
    let verdict = oracle::validate(&[wrong.to_owned()]).unwrap();
    assert_eq!(verdict.resources, 1);
    assert!(verdict.problems.iter().any(|problem| problem.expression.contains("code")), "{verdict:?}");
}

/// The messages of the mapped types below a folder of the corpus.
fn samples(folder: &str) -> Option<Vec<Sample>> {
    let Some(corpus) = corpus::directory() else {
        println!("{}", corpus::NOT_SET);
        return None;
    };
    let mut samples = corpus::messages(&corpus, folder).unwrap();
    samples.retain(|sample| sample.is_of(&MAPPED));
    Some(samples)
}

/// The map of a message. Many of the corpus are about one field and name no patient: they get one.
fn mapped(sample: &Sample) -> Result<Mapped, String> {
    map_bytes(&sample.bytes).or_else(|_| map_bytes(&with_patient(&sample.bytes)))
}

fn map_bytes(bytes: &[u8]) -> Result<Mapped, String> {
    let message = Message::parse(bytes, &ParseOptions::default()).map_err(|error| error.to_string())?;
    map(&message, &MapOptions::new(OrgId::new("default").unwrap())).map_err(|error| error.to_string())
}

/// The message with an identifier put into PID-3, before what is there.
fn with_patient(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\r").replace('\n', "\r");
    let segments = text.split('\r').map(|segment| {
        let mut fields: Vec<&str> = segment.split('|').collect();
        if fields.first() == Some(&"PID") {
            fields.resize(fields.len().max(4), "");
            let others = fields.get(3).copied().unwrap_or_default();
            let identifiers = format!("TEST1^^^TEST^MR~{others}");
            fields.splice(3..4, [identifiers.as_str()]);
            fields.join("|")
        } else {
            segment.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("\r").into_bytes()
}

fn deidentified(sample: &Sample, bundle: &Resource) -> Resource {
    let token = PatientToken::new("pt_mfrggzdfmztwq2lknnwg23tpoa").unwrap();
    let keys = KeyRing::generate(&Counting(AtomicU64::new(1)), "2026-11-20T00:00:00Z").unwrap();
    let keys = Pseudonymizer::new(&keys, &OrgId::new("default").unwrap(), "live");
    let context = Context::new(&keys).with_patient(&token);
    let done = deidentify(bundle, Policy::pseudonymous(), &context);
    done.unwrap_or_else(|error| panic!("{sample} is not de-identified: {error}")).bundle
}

/// The paths of references that lead to no entry.
fn dangling(bundle: &Resource) -> Vec<String> {
    let urls: HashSet<&str> = entries(bundle).filter_map(|entry| entry.full_url).collect();
    let mut lost = Vec::new();
    visit_references(bundle.value(), &mut |path, text| {
        if !urls.contains(text) && !text.starts_with('#') {
            lost.push(path.to_owned());
        }
    });
    lost
}

/// Repeatable randomness.
#[derive(Debug)]
struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), carewire_deid::Error> {
        for chunk in bytes.chunks_mut(8) {
            let number = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(number.to_le_bytes().get(..chunk.len()).unwrap_or_default());
        }
        Ok(())
    }
}
