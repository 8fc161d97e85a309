//! What must hold for any text that is de-identified, and for any rule file.

use std::sync::LazyLock;

use carewire_deid::import::{AnonymizerRules, ImportOptions, RunContext, Unmatched};
use carewire_deid::transform::{
    IdentifierType, Shift, StructuredScrubber, TextScrubber, ZipList, age_at, category, fhir_year, v2_year,
    zip3,
};
use carewire_deid::{Entropy, Error, KeyRing, Pseudonymizer};
use carewire_fhir_core::{Date, DateTime, OrgId, Resource};

/// A scrubbed text has no long number, and is scrubbed again to itself.
pub(super) fn text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let scrubber = StructuredScrubber::default();
    let Some(once) = scrubber.scrub(&text) else { return };
    let longest = once.split(|one: char| !one.is_ascii_digit()).map(str::len).max();
    assert!(longest.unwrap_or_default() < 5, "a long number is left");
    assert!(
        scrubber.scrub(&once).as_deref() == Some(once.as_str()),
        "scrubbed twice is not as scrubbed once"
    );
}

/// A shifted date is a date of the same precision, a year a year, a cut code the beginning of the code.
pub(super) fn value(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for shift in [1, 365, u16::MAX].into_iter().filter_map(Shift::of_days) {
        if let Some(moved) = shift.fhir(text) {
            assert!(moved.len() == text.len() && moved.as_str() < text && DateTime::parse(&moved).is_ok());
        }
        if let Some(moved) = shift.v2(text) {
            assert!(moved.len() == text.len() && moved.as_str() < text && v2_year(&moved).is_some());
        }
    }
    let years = [fhir_year(text), v2_year(text)];
    assert!(years.into_iter().flatten().all(|year| year.len() == 4 && text.starts_with(year)));
    let _ = age_at(text, as_of());
    assert!(zip3(text, None, ZipList::union()).is_none_or(|zip| zip.len() == 3));
    for system in
        ["http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-9-cm", "http://www.whocc.no/atc"]
    {
        assert!(category(system, text).is_none_or(|cut| text.starts_with(cut)));
    }
    let _ = IdentifierType::all().iter().filter(|kind| kind.is_valid(text)).count();
}

/// A rule file is read or refused; what it leaves of a patient under the safe default names him by nothing it did not name.
pub(super) fn rules(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for unmatched in [Unmatched::Drop, Unmatched::Keep] {
        let options = ImportOptions::default().with_unmatched(unmatched);
        let Ok(rules) = AnonymizerRules::parse(text, options) else { continue };
        let context = RunContext::new(keys(), as_of());
        match rules.run(patient(), &context) {
            Ok(done) => {
                assert!(done.resource.resource_type() == "Patient");
                let nothing_named = done.applied.is_empty() && unmatched == Unmatched::Drop;
                assert!(!nothing_named || !done.resource.to_json().contains("Smith"));
            }
            Err(error) => assert!(!format!("{error} {error:?}").contains("Smith"), "an error holds a value"),
        }
    }
}

fn as_of() -> &'static Date {
    static AS_OF: LazyLock<Date> = LazyLock::new(|| parsed(Date::parse("2026-11-22").ok()));
    &AS_OF
}

fn patient() -> &'static Resource {
    static PATIENT: LazyLock<Resource> = LazyLock::new(|| {
        let json = br#"{"resourceType":"Patient","id":"7","name":[{"family":"Smith","given":["Ann",null],
            "_given":[null,{"extension":[{"url":"urn:x","valueString":"Smith"}]}]}],"birthDate":"1970-02-03",
            "_gender":{"extension":[{"url":"urn:x","valueString":"Smith"}]},"deceasedBoolean":false,
            "address":[{"city":"Ely","postalCode":"05401"}],"contained":[{"resourceType":"Practitioner","id":"p"}]}"#;
        parsed(Resource::parse(json).ok())
    });
    &PATIENT
}

fn keys() -> &'static Pseudonymizer {
    static KEYS: LazyLock<Pseudonymizer> = LazyLock::new(|| {
        let ring = parsed(KeyRing::generate(&Count(std::sync::atomic::AtomicU8::new(0)), "2026-11-20").ok());
        Pseudonymizer::new(&ring, &parsed(OrgId::new("org_a").ok()), "fuzz")
    });
    &KEYS
}

/// What this file writes itself, and so must be well-formed.
fn parsed<T>(value: Option<T>) -> T {
    #[expect(clippy::expect_used, reason = "a constant of this file")]
    value.expect("a constant of this file")
}

#[derive(Debug)]
struct Count(std::sync::atomic::AtomicU8);

impl Entropy for Count {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        for byte in bytes {
            *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        Ok(())
    }
}
