//! What must hold for any bytes that are de-identified as HL7 v2.

use std::sync::LazyLock;

use carewire_deid::{KeyRing, Policy, Pseudonymizer, v2};
use carewire_fhir_core::{Date, OrgId};
use carewire_hl7_v2::{Message, ParseOptions};

const KEYS: &str = r#"{"keys":[
  {"id":"1","use":"encrypt","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","status":"active","created":"2026-11-01"},
  {"id":"1","use":"pseudonym","key":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8","status":"active","created":"2026-11-01"}]}"#;

static UNDER: LazyLock<Option<(OrgId, Pseudonymizer, Date)>> = LazyLock::new(|| {
    let (ring, org) = (KeyRing::parse(KEYS).ok()?, OrgId::new("fuzz").ok()?);
    let keys = Pseudonymizer::new(&ring, &org, "fuzz");
    Some((org, keys, Date::parse("2026-11-22").ok()?))
});

/// Any bytes are de-identified or refused; what comes out is ASCII, is read, and stays as it is when it comes again.
pub(super) fn messages(bytes: &[u8]) {
    let Some(out) = written(bytes) else { return };
    assert!(out.is_ascii(), "what comes out is not ASCII");
    if Message::parse(bytes, &ParseOptions::default()).is_ok() && out.starts_with(b"MSH") {
        assert!(
            Message::parse(&out, &ParseOptions::default()).is_ok(),
            "a message that is read is not read any more"
        );
    }
    assert!(written(&out).is_none_or(|again| again == out), "what came out changes when it comes again");
}

fn written(bytes: &[u8]) -> Option<Vec<u8>> {
    let (org, keys, day) = UNDER.as_ref()?;
    let context = v2::V2Context::new(keys, org).with_as_of(day.clone());
    let mut out = Vec::new();
    v2::Deidentifier::new(Policy::pseudonymous(), context).ok()?.write(bytes, &mut out).ok()?;
    Some(out)
}
