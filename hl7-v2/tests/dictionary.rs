//! Messages of other projects' tests against the dictionary of their version: what they use is defined.
#![cfg(feature = "dictionary")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;

use carewire_hl7_v2::dictionary::{Dictionary, Version};
use carewire_hl7_v2::{Message, ParseOptions};

/// What was counted over the corpus.
#[derive(Debug, Default)]
struct Counts {
    messages: usize,
    with_structure: usize,
    segments: usize,
    fields: usize,
    /// Not of the message's version, but of 2.9: senders adopt fields of later versions.
    of_a_later_version: usize,
    withdrawn: usize,
    /// In neither.
    undefined: BTreeMap<String, usize>,
}

#[test]
fn what_real_messages_use_is_defined() {
    let Some(files) = support::corpus() else { return };
    let mut counts = Counts::default();
    for (_, bytes) in files {
        if let Ok(message) = Message::parse(&bytes, &ParseOptions::default()) {
            count(&message, &mut counts);
        }
    }
    println!("{counts:#?}");
    assert!(counts.messages > 500, "{} messages can be read", counts.messages);
    let undefined: usize = counts.undefined.values().sum();
    assert!(undefined * 100 < counts.fields, "{undefined} of {} fields are not defined", counts.fields);
    assert!(counts.of_a_later_version * 100 < counts.fields * 5, "{} fields", counts.of_a_later_version);
    assert!(counts.with_structure * 100 > counts.messages * 95, "{} have a structure", counts.with_structure);
}

fn count(message: &Message<'_>, counts: &mut Counts) {
    let Some(version) = message.get("MSH-12.1").unwrap().and_then(|text| Version::nearest(&text)) else {
        return;
    };
    let dictionary = Dictionary::of(version.version());
    counts.messages += 1;
    let code = message.get("MSH-9.1").unwrap().unwrap_or_default();
    let event = message.get("MSH-9.2").unwrap().unwrap_or_default();
    counts.with_structure += usize::from(dictionary.structure_of(&code, &event).is_some());
    let newest = Dictionary::of(Version::V2_9);
    for segment in message.segments() {
        let name = segment.name().to_string();
        if name.is_empty() || name.starts_with('Z') {
            continue;
        }
        counts.segments += 1;
        for (number, _) in segment.fields().filter(|(_, field)| !field.raw().is_empty()) {
            counts.fields += 1;
            let field = |dictionary: &'static Dictionary| dictionary.segment(&name)?.field(number);
            match (field(dictionary), field(newest)) {
                (Some(field), _) => counts.withdrawn += usize::from(field.is_withdrawn()),
                (None, Some(_)) => counts.of_a_later_version += 1,
                (None, None) => {
                    *counts
                        .undefined
                        .entry(format!("{} {name}-{number}", dictionary.version()))
                        .or_default() += 1;
                }
            }
        }
    }
}
