//! What must hold for any bytes that are de-identified as a resource or Bundle of FHIR.

use std::sync::LazyLock;

use carewire_deid::{Context, Exporter, Policy, Pseudonymizer, deidentify};
use carewire_fhir_core::{Date, PatientToken, Resource, Value};

/// Policies under which what came out comes out again as it is: dates stay, or are years.
const LASTING: [&str; 2] = ["pseudonymous", "safe-harbor"];
const MOVING: [&str; 2] = ["limited-data-set", "expert-determination"];

static UNDER: LazyLock<Option<(Pseudonymizer, Date, PatientToken)>> = LazyLock::new(|| {
    let token = PatientToken::new("pt_mfrggzdfmztwq2lknnwg23tpoa").ok()?;
    Some((Pseudonymizer::for_run(&[7; 32]), Date::parse("2026-11-22").ok()?, token))
});

/// Any bytes are de-identified or refused; what comes out is JSON and stays as it is when it comes again, and a refusal
/// repeats nothing.
pub(super) fn resources(bytes: &[u8]) {
    for policy in LASTING {
        if let Some(out) = written(policy, bytes) {
            assert!(Value::parse(out.as_bytes()).is_ok(), "what comes out is not JSON");
            assert!(
                written(policy, out.as_bytes()).as_deref() == Some(&*out),
                "what came out changes when it comes again"
            );
        }
    }
    for policy in MOVING {
        if let Some(out) = written(policy, bytes) {
            assert!(Value::parse(out.as_bytes()).is_ok(), "what comes out is not JSON");
        }
    }
    live(bytes);
}

/// The output, if there is any.
fn written(policy: &str, bytes: &[u8]) -> Option<String> {
    let (keys, day, _) = UNDER.as_ref()?;
    let mut exporter = Exporter::new(Policy::built_in(policy)?, keys).ok()?.with_as_of(day.clone());
    let mut out = String::new();
    match exporter.write(bytes, &mut out) {
        Ok(true) => Some(out),
        Ok(false) => {
            assert!(out.is_empty(), "something was written and denied");
            None
        }
        Err(error) => {
            assert!(out.is_empty(), "something of what is refused was written");
            repeats_nothing(bytes, &format!("{error} {error:?}"));
            None
        }
    }
}

/// A Bundle of a live sync: done or refused, and as long as what it keeps.
fn live(bytes: &[u8]) {
    let (Some((keys, _, token)), Ok(bundle)) = (UNDER.as_ref(), Resource::parse(bytes)) else { return };
    match deidentify(&bundle, Policy::pseudonymous(), &Context::new(keys).with_patient(token)) {
        Ok(done) => {
            assert!(
                done.entries.len() <= bundle.value().list("entry").len(),
                "there are more resources than came"
            );
        }
        Err(error) => repeats_nothing(bytes, &format!("{error} {error:?}")),
    }
}

/// Words with a digit in them are nobody's names of elements.
fn repeats_nothing(bytes: &[u8], said: &str) {
    let words = bytes.split(|byte| !byte.is_ascii_alphanumeric());
    for word in words.filter(|word| word.len() >= 8 && word.iter().any(u8::is_ascii_digit)) {
        assert!(!said.contains(&*String::from_utf8_lossy(word)), "an error repeats a word of the input");
    }
}
