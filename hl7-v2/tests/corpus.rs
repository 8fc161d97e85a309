//! Messages of other projects' tests: every line is a segment, and the bytes come out as they went in.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use carewire_hl7_v2::ack::{self, AckCode, AckOptions};
use carewire_hl7_v2::{Message, ParseOptions, light};

#[test]
fn every_line_is_a_segment_and_every_byte_comes_back() {
    let Some(files) = support::corpus() else { return };
    files.for_each(|(file, bytes)| check(&file, &bytes));
}

fn check(file: &Path, bytes: &[u8]) {
    let message = Message::parse(bytes, &ParseOptions::default());
    assert!(message.is_ok(), "{}: {:?}", file.display(), message.err());
    let message = message.unwrap();
    assert_eq!(message.to_bytes(), bytes, "{}", file.display());
    let blank = |line: &&[u8]| line.trim_ascii().is_empty();
    let lines = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).filter(|line| !blank(line)).count();
    assert_eq!(message.segments().len(), lines, "{}", file.display());
    let separator = message.delimiters().field();
    for segment in message.segments().filter(|segment| segment.name() != "MSH") {
        let fields: Vec<&str> = segment.fields().map(|(_, field)| field.raw()).collect();
        let (_, written) = segment.raw().split_once(separator).unwrap_or_default();
        assert_eq!(fields.join(&separator.to_string()), written, "{}", file.display());
    }
    assert!(light::peek(bytes, &ParseOptions::default()).is_ok(), "{}", file.display());
    let answer = ack::acknowledge(bytes, &AckOptions::new(AckCode::AA, "1"));
    let has_id = message.control_id().is_some();
    assert_eq!(ack::answers(bytes, &answer), has_id, "{}", file.display());
}
