//! What is read before the acknowledgement is what the message says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use carewire_hl7_v2::light::{PatientId, Peek, peek};
use carewire_hl7_v2::{Message, ParseOptions};
use proptest::prelude::*;

/// The text at a path without control characters and white space around it; nothing for a null.
fn clean(message: &Message<'_>, path: &str) -> Option<String> {
    let text = message.get(path).unwrap().filter(|text| text != "\"\"")?;
    let allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let text: String = text.chars().filter(allowed).collect();
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// The identifiers in a field, one for each repetition that has a value.
fn ids(message: &Message<'_>, segment: &str, field: usize) -> Vec<[Option<String>; 5]> {
    let count = message
        .segment(segment)
        .and_then(|segment| segment.field(field))
        .map_or(0, |f| f.repetitions().count());
    let id = |n| {
        ["1.1", "4.1", "4.2", "4.3", "5.1"]
            .map(|part| clean(message, &format!("{segment}-{field}[{n}].{part}")))
    };
    (1..=count).map(id).filter(|id| id[0].is_some()).collect()
}

fn shown(ids: &[PatientId]) -> Vec<[Option<String>; 5]> {
    let parts = |id: &PatientId| {
        let id = id.clone();
        [
            Some(id.value),
            id.authority_namespace,
            id.authority_universal_id,
            id.authority_universal_id_type,
            id.type_code,
        ]
    };
    ids.iter().map(parts).collect()
}

/// Compares every part of it with the message.
fn check(bytes: &[u8], options: &ParseOptions) {
    let (message, peek) = match (Message::parse(bytes, options), peek(bytes, options)) {
        (Ok(message), Ok(peek)) => (message, peek),
        (message, peek) => return assert_eq!(message.err(), peek.err()),
    };
    let header =
        |path: &str| message.get(path).unwrap().filter(|text| text != "\"\"").map(|text| text.into_owned());
    let Peek { control_id, message_code, trigger_event, version, processing_id, .. } = peek.clone();
    assert_eq!(control_id, header("MSH-10.1"));
    assert_eq!((message_code, trigger_event), (header("MSH-9.1"), header("MSH-9.2")));
    assert_eq!((version, processing_id), (header("MSH-12.1"), header("MSH-11.1")));
    assert_eq!(peek.sending_application, clean(&message, "MSH-3.1.1"));
    assert_eq!(peek.sending_facility, clean(&message, "MSH-4.1.1"));
    let fields = [3, 2, 4].map(|field| ids(&message, "PID", field));
    let patient = fields.into_iter().find(|ids| !ids.is_empty()).unwrap_or_default();
    assert_eq!(shown(&peek.patient_ids), patient);
    assert_eq!(shown(&peek.prior_patient_ids), ids(&message, "MRG", 1));
    let count = |name| message.segments_named(name).count();
    if count("PID") <= 1 && count("MRG") <= 1 {
        let replaced = [1, 2, 4].map(|field| ids(&message, "MRG", field));
        let further: Vec<_> = replaced.into_iter().find(|ids| !ids.is_empty()).into_iter().collect();
        assert_eq!(peek.further_patients.iter().map(|ids| shown(ids)).collect::<Vec<_>>(), further);
    }
    assert_eq!(peek.diagnostics, message.diagnostics().len());
}

#[test]
fn it_agrees_with_every_message_of_the_corpus() {
    let Some(files) = support::corpus() else { return };
    for (file, bytes) in files {
        println!("{}", file.display());
        check(&bytes, &ParseOptions::default());
        check(&bytes, &ParseOptions::default().strict());
    }
}

proptest! {
    #[test]
    fn it_agrees_with_any_message(
        header in r"MSH\|\^~\\&(\|[A-Za-z0-9^&~ \\é]{0,8}){0,18}",
        lines in r"(\r(PID|MRG|pid|PV1|MSH)(\|[a-c0-9^&~ \t\\TFé\x22]{0,12}){0,6}){0,4}",
    ) {
        check(format!("{header}{lines}").as_bytes(), &ParseOptions::default());
    }

    #[test]
    fn it_agrees_with_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        check(&bytes, &ParseOptions::default());
        check(&[b"MSH|^~\\&|", &bytes[..]].concat(), &ParseOptions::default());
    }
}
