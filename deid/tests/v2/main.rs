//! HL7 v2 messages under every built-in policy.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod envelopes;
mod laws;
mod messages;
mod methods;
mod policies;
mod traps;

use carewire_deid::{KeyRing, Policy, Pseudonymizer, v2};
use carewire_fhir_core::{Date, OrgId};

const KEYS: &str = r#"{"keys":[
  {"id":"1","use":"encrypt","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","status":"active","created":"2026-11-01"},
  {"id":"1","use":"pseudonym","key":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8","status":"active","created":"2026-11-01"}]}"#;

const BUILT_IN: [&str; 4] = ["pseudonymous", "safe-harbor", "limited-data-set", "expert-determination"];

fn org() -> OrgId {
    OrgId::new("clinic").unwrap()
}

/// A key that every policy takes: that of one run.
fn keys() -> Pseudonymizer {
    Pseudonymizer::for_run(&[7; 32])
}

/// The org's, which links the runs.
fn lasting_keys() -> Pseudonymizer {
    Pseudonymizer::new(&KeyRing::parse(KEYS).unwrap(), &org(), "export")
}

/// The built-in policies, and one with every method that v2 has.
fn policies() -> Vec<Policy> {
    let dates = ["keep", "year", "shift"];
    let own = dates.map(|dates| Policy::parse_toml(&own(dates)).unwrap());
    let built_in = BUILT_IN.iter().map(|name| Policy::built_in(name).unwrap().clone());
    built_in.chain(own).collect()
}

/// A policy that names everything that can be named, so that only the forms of values are in the way of a leak.
fn own(dates: &str) -> String {
    let systems = "systems = [{ uri = 'http://loinc.org', shape = 'loinc' }, { uri = 'http://unitsofmeasure.org', shape = 'ucum' }]";
    format!(
        "id = 'all-{dates}'\nversion = '1'\njurisdiction = 'any'\nsources = []\n
         [dates]\nmethod = '{dates}'\n[codes]\n{systems}\n
         [[v2]]\npath = '*-*'\nmethod = 'keep'\n
         [[v2]]\npaths = ['PID-3', 'PID-18', 'PV1-19', 'ORC-2', 'OBX-18', 'MSH-10', 'MSH-4', 'PV1-7', 'PV1-3']\nmethod = 'pseudonym'\n
         [[v2]]\npaths = ['PID-11', 'PID-7']\nmethod = 'keep'\n
         [[v2]]\npath = 'XAD.4'\nmethod = 'state'\n
         [[v2]]\npath = 'XAD.5'\nmethod = 'zip3'\n
         [[v2]]\npath = 'XAD.6'\nmethod = 'keep'\n
         [[v2]]\npaths = ['PID-5.2', 'NTE-3']\nmethod = 'substitute'\nvalue = 'withheld'\n
         [[v2]]\npath = 'NK1-16'\nmethod = 'year'\n"
    )
}

fn day() -> Date {
    Date::parse("2026-11-22").unwrap()
}

/// What comes out.
fn deidentified(policy: &Policy, message: &[u8]) -> Vec<u8> {
    let (keys, org) = (keys(), org());
    let context = v2::V2Context::new(&keys, &org).with_as_of(day());
    let mut messages = v2::Deidentifier::new(policy, context).unwrap();
    let mut out = Vec::new();
    messages.write(message, &mut out).unwrap();
    out
}

fn text(policy: &Policy, message: &str) -> String {
    String::from_utf8(deidentified(policy, message.as_bytes())).unwrap()
}
