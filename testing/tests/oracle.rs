//! Every resource that the map makes of a real message passes three validators, two of them of other implementations, and
//! so does what de-identification makes of it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "helpers of tests")]

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};

use carewire_deid::{Context, Entropy, KeyRing, Policy, Pseudonymizer, deidentify};
use carewire_fhir_core::{
    BundleType, Entry, OrgId, PatientToken, Resource, Severity, entries, validate, visit_references,
};
use carewire_hl7_v2::fhir::{MapOptions, Mapper};
use carewire_hl7_v2::{Message, ParseOptions};
use carewire_testing::corpus::{self, Sample};
use carewire_testing::oracle;

/// The kinds of Bundle that are checked: what a server is sent, and what is sent as it is.
const KINDS: [BundleType; 2] = [BundleType::Transaction, BundleType::Message];

/// Every Bundle of every message of the corpus, and what de-identification makes of it: the resources, each once, with
/// the place where it first stands.
#[derive(Default)]
struct Collected {
    messages: usize,
    without: BTreeMap<String, u32>,
    bundles: usize,
    resources: BTreeMap<String, String>,
}

#[test]
fn bundles_of_real_messages_are_valid() {
    let Some(corpus) = corpus::directory() else {
        println!("{}", corpus::NOT_SET);
        return;
    };
    let mut all = Collected::default();
    for sample in corpus::messages(&corpus, "").unwrap() {
        all.messages += 1;
        for kind in KINDS {
            match mapped(&sample, kind) {
                Ok(bundle) => all.add(&sample, kind, &bundle),
                Err(reason) => *all.without.entry(reason).or_default() += 1,
            }
        }
    }
    println!("{} messages, {} Bundles; no Bundle: {:?}", all.messages, all.bundles, all.without);
    assert!(all.bundles > 700, "the corpus has too few messages of the mapped types");
    let (texts, places): (Vec<String>, Vec<String>) = all.resources.into_iter().unzip();
    assert!(texts.len() > 3_000, "there are too few resources: {}", texts.len());
    let mut problems = 0;
    for (judge, found) in
        [("carewire", by_carewire(&texts)), ("fhirkit", by_fhirkit(&texts)), ("Medplum", by_medplum(&texts))]
    {
        println!("{judge}: {} resources, {} problems", texts.len(), found.len());
        for (resource, problem) in &found {
            println!("PROBLEM {judge}, {}: {problem}", places.get(*resource).map_or("?", String::as_str));
        }
        problems += found.len();
    }
    assert_eq!(problems, 0);
}

impl Collected {
    /// All references lead to entries, and the same message gives the same bytes.
    fn add(&mut self, sample: &Sample, kind: BundleType, bundle: &Resource) {
        let again = self::mapped(sample, kind).unwrap();
        assert_eq!(bundle.to_json(), again.to_json(), "{sample}: not the same twice");
        let mut bundles = vec![(sample.to_string(), bundle.clone())];
        // The header of a message about two patients speaks of both, and is refused.
        if kind == BundleType::Transaction || entries(bundle).filter(is_patient).count() == 1 {
            bundles.push((format!("{sample}, de-identified"), deidentified(sample, bundle)));
        }
        for (place, bundle) in &bundles {
            self.bundles += 1;
            assert_eq!(dangling(bundle), Vec::<String>::new(), "{place}");
            for entry in entries(bundle) {
                let text = entry.resource.unwrap().to_json();
                self.resources.entry(text).or_insert_with(|| place.clone());
            }
        }
    }
}

/// What a validator finds: the index of the resource, and what is wrong. None of them shows values.
type Found = Vec<(usize, String)>;

fn by_carewire(texts: &[String]) -> Found {
    let faults = |(index, text): (usize, &String)| {
        let resource = Resource::parse(text.as_bytes()).unwrap();
        let errors = validate(&resource).into_iter().filter(|issue| issue.severity == Severity::Error);
        errors.map(|issue| (index, format!("{} {:?}", issue.code, issue.expression))).collect::<Vec<_>>()
    };
    texts.iter().enumerate().flat_map(faults).collect()
}

/// It is built without the types of two of its features, and says nothing of them.
fn by_fhirkit(texts: &[String]) -> Found {
    let faults = |(index, text): (usize, &String)| match fhirkit::from_json::<fhirkit::r4::Resource>(text) {
        Err(_) => vec![(index, "not JSON".to_owned())],
        Ok((_, issues)) => {
            let errors = issues.into_iter().filter(|issue| issue.severity == fhirkit::Severity::Error);
            let known = errors.filter(|issue| !issue.message.ends_with("this build knows"));
            known.map(|issue| (index, issue.path.to_string())).collect()
        }
    };
    texts.iter().enumerate().flat_map(faults).collect()
}

/// Two at a time: it is the slowest of the three.
fn by_medplum(texts: &[String]) -> Found {
    if let Some(why) = oracle::missing() {
        println!("{why}");
        return Vec::new();
    }
    let half = texts.len().div_ceil(2);
    let judge = |(part, texts): (usize, &[String])| {
        let problems = oracle::validate_whole(texts).unwrap().problems;
        problems
            .into_iter()
            .map(|problem| (part * half + problem.bundle, problem.to_string()))
            .collect::<Found>()
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> =
            texts.chunks(half).enumerate().map(|part| scope.spawn(move || judge(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
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

/// The map of a message. Many of the corpus are about one field and name no patient: they get one.
fn mapped(sample: &Sample, kind: BundleType) -> Result<Resource, String> {
    let options = MapOptions::new(OrgId::new("default").unwrap()).with_bundle(kind);
    let once = |bytes: &[u8]| {
        let message = Message::parse(bytes, &ParseOptions::default()).map_err(|error| error.to_string())?;
        Mapper::new(options.clone())
            .map(&message)
            .map(|(bundle, _)| bundle)
            .map_err(|error| error.to_string())
    };
    once(&sample.bytes).or_else(|_| once(&corpus::with_patient(&sample.bytes)))
}

fn is_patient(entry: &Entry<'_>) -> bool {
    entry.resource.is_some_and(|resource| resource.str("resourceType") == Some("Patient"))
}

fn deidentified(sample: &Sample, bundle: &Resource) -> Resource {
    let token = |at: usize| PatientToken::new(&format!("pt_mfrggzdfmztwq2lknnwg23tp{at:02}")).unwrap();
    let tokens = entries(bundle)
        .filter(is_patient)
        .enumerate()
        .filter_map(|(at, entry)| Some((entry.full_url?.to_owned(), token(at))))
        .collect();
    let keys = KeyRing::generate(&Counting(AtomicU64::new(1)), "2026-11-20T00:00:00Z").unwrap();
    let keys = Pseudonymizer::new(&keys, &OrgId::new("default").unwrap(), "live");
    let context = Context::new(&keys).with_patients(&tokens);
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
