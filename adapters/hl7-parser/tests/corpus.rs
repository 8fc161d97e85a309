//! Real messages: each converts and reads back the same, or is refused with a reason.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use carewire_hl7_parser::{Error, from_hl7_parser, to_hl7_parser};
use carewire_hl7_v2::batch::Batch;
use carewire_hl7_v2::{Message, ParseOptions};

#[test]
fn every_message_converts_and_reads_back_or_is_refused_with_a_reason() {
    let Some(root) = std::env::var_os("CAREWIRE_CORPUS").map(PathBuf::from) else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return;
    };
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for file in files(&root) {
        let bytes = fs::read(&file).unwrap();
        for message in Batch::split(&bytes).messages() {
            let outcome = check(message).unwrap_or_else(|| panic!("{}: not the same", file.display()));
            *counts.entry(outcome).or_default() += 1;
        }
    }
    println!("messages by outcome: {counts:?}");
    let converted = counts.get("converted").copied().unwrap_or_default();
    assert!(converted > 200, "only {converted} messages converted");
    assert!(counts.contains_key("truncated"), "hl7-parser stops early at some messages of the corpus");
}

/// What became of it; `None` when it was converted to something else.
fn check(bytes: &[u8]) -> Option<&'static str> {
    let Ok(ours) = Message::parse(bytes, &ParseOptions::default()) else { return Some("not a message") };
    let theirs = match to_hl7_parser(&ours) {
        Ok(theirs) => theirs,
        Err(Error::Charset { .. }) => return Some("other charset"),
        Err(Error::Refused) => return Some("refused"),
        Err(Error::Delimiters) => return Some("delimiters"),
        Err(Error::Truncated { kept, total, .. }) => return (kept < total).then_some("truncated"),
        Err(Error::Differs { .. }) => return Some("differs"),
        Err(_) => return None,
    };
    let back = from_hl7_parser(&theirs).unwrap();
    (leaves(&back) == leaves(&ours)).then_some("converted")
}

/// Every segment as written, and every subcomponent of it by its text.
fn leaves(message: &Message<'_>) -> Vec<(String, Vec<String>)> {
    let of = |segment: carewire_hl7_v2::Segment<'_>| {
        let fields = segment.fields().flat_map(|(_, field)| field.repetitions());
        let parts =
            fields.flat_map(|repetition| repetition.components()).flat_map(|part| part.subcomponents());
        (segment.raw().to_owned(), parts.map(|part| part.text().into_owned()).collect())
    };
    message.segments().map(of).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "hl7") {
            found.push(path);
        }
    }
    found
}
