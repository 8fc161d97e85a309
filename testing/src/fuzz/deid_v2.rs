//! What must hold for any bytes that are de-identified as HL7 v2.

use std::sync::LazyLock;

use carewire_deid::{Policy, Pseudonymizer, v2};
use carewire_fhir_core::{Date, OrgId};
use carewire_hl7_v2::{Message, ParseOptions};

/// Policies under which what came out comes out again as it is: dates stay, or are years.
const LASTING: [&str; 2] = ["pseudonymous", "safe-harbor"];
const MOVING: [&str; 2] = ["limited-data-set", "expert-determination"];

static UNDER: LazyLock<Option<(OrgId, Pseudonymizer, Date)>> = LazyLock::new(|| {
    let keys = Pseudonymizer::for_run(&[7; 32]);
    Some((OrgId::new("fuzz").ok()?, keys, Date::parse("2026-11-22").ok()?))
});

/// Any bytes are de-identified or refused; what comes out is ASCII, is read, and stays as it is when it comes again.
pub(super) fn messages(bytes: &[u8]) {
    for policy in LASTING.into_iter().chain(MOVING) {
        let Some(out) = written(policy, bytes) else { continue };
        assert!(out.is_ascii(), "what comes out is not ASCII");
        if Message::parse(bytes, &ParseOptions::default()).is_ok() && out.starts_with(b"MSH") {
            assert!(
                Message::parse(&out, &ParseOptions::default()).is_ok(),
                "a message that is read is not read any more"
            );
        }
        if LASTING.contains(&policy) {
            assert!(
                written(policy, &out).is_none_or(|again| again == out),
                "what came out changes when it comes again"
            );
        }
    }
}

fn written(policy: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let (org, keys, day) = UNDER.as_ref()?;
    let context = v2::V2Context::new(keys, org).with_as_of(day.clone());
    let mut out = Vec::new();
    v2::Deidentifier::new(Policy::built_in(policy)?, context).ok()?.write(bytes, &mut out).ok()?;
    Some(out)
}
