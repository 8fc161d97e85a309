//! Keys, and the search for what must not be there.
#![expect(dead_code, reason = "each test binary uses a part of this")]

use carewire_canary::{Canaries, Searcher};
use carewire_deid::{
    Context, Deidentified, Entropy, Error, Exporter, KeyRing, Policy, Pseudonymizer, deidentify,
};
use carewire_fhir_core::{Date, OrgId, PatientToken, Resource, ValidateOptions, Value, validate_with};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

/// Repeatable randomness.
#[derive(Debug)]
pub(crate) struct Seeded(AtomicU64);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
        Ok(())
    }
}

pub(crate) fn seeded(seed: u64) -> Seeded {
    Seeded(AtomicU64::new(seed << 32))
}

pub(crate) fn ring(seed: u64) -> KeyRing {
    KeyRing::generate(&seeded(seed), "2026-11-20T00:00:00Z").unwrap()
}

pub(crate) fn keys(seed: u64) -> Pseudonymizer {
    Pseudonymizer::new(&ring(seed), &OrgId::new("org_a").unwrap(), "live")
}

pub(crate) fn token() -> PatientToken {
    PatientToken::new("pt_mfrggzdfmztwq2lknnwg23tpoa").unwrap()
}

pub(crate) fn token_of(text: &str) -> PatientToken {
    PatientToken::new(text).unwrap()
}

pub(crate) fn resource(json: &str) -> Resource {
    Resource::parse(json.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// By the policy `pseudonymous`, for the usual patient.
pub(crate) fn live(bundle: &Resource) -> Result<Deidentified, Error> {
    let (keys, token) = (keys(1), token());
    deidentify(bundle, Policy::pseudonymous(), &Context::new(&keys).with_patient(&token))
}

/// A Bundle of resources, each at an address of its own.
pub(crate) fn bundle(resources: &[&str]) -> Resource {
    let entries: Vec<_> = resources
        .iter()
        .enumerate()
        .map(|(at, json)| {
            format!(r#"{{"fullUrl":"urn:uuid:00000000-0000-4000-8000-{at:012}","resource":{json}}}"#)
        })
        .collect();
    resource(&format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{}]}}"#, entries.join(",")))
}

/// The address that [`bundle`] gives.
pub(crate) fn address(at: usize) -> String {
    format!("urn:uuid:00000000-0000-4000-8000-{at:012}")
}

/// What a run over files writes and says of a Bundle under a policy.
pub(crate) fn exported(bundle: &Resource, policy: &str) -> (String, String) {
    let (keys, policy) = (Pseudonymizer::for_run(&[7; 32]), Policy::built_in(policy).unwrap());
    let as_of = Date::parse("2026-11-22").unwrap();
    let mut exporter = Exporter::new(policy, &keys).unwrap().with_as_of(as_of);
    let mut out = String::new();
    assert!(exporter.write(bundle.to_json().as_bytes(), &mut out).unwrap());
    let manifest = exporter.manifest();
    let said = format!("{} {manifest:?} {exporter:?}", serde_json::to_string(&manifest).unwrap());
    (out, said)
}

/// The faults that a resource has.
pub(crate) fn lacking(resource: &Value) -> Vec<String> {
    let resource = Resource::from_value(resource.clone()).unwrap();
    validate_with(&resource, &ValidateOptions::default().with_invariants(false))
        .into_iter()
        .flat_map(|issue| issue.expression)
        .collect()
}

/// Everything that comes out, in one text.
pub(crate) fn everything(done: &Deidentified) -> String {
    let mut text = done.bundle.to_json();
    for entry in &done.entries {
        text += &format!("{} {} {} {}", entry.resource_type, entry.system, entry.value, entry.full_url);
        text += &entry.resource.to_json();
    }
    text += &serde_json::to_string(&done.manifest).unwrap();
    text + &format!("{done:?}")
}

/// The search for these texts, in any of the forms in which a text can be written.
pub(crate) fn searcher(sentinels: &[String]) -> Searcher {
    let mut canaries = Canaries::new(0);
    for sentinel in sentinels {
        canaries.add(sentinel, vec![sentinel.clone()]);
    }
    Searcher::new(&canaries)
}

/// The sentinels that stand in a text.
pub(crate) fn found<'a>(sentinels: &'a [String], text: &str) -> Vec<&'a str> {
    let found = searcher(sentinels).search("", text.as_bytes());
    let is_found = |sentinel: &&String| found.iter().any(|finding| finding.canary == **sentinel);
    sentinels.iter().filter(is_found).map(String::as_str).collect()
}
