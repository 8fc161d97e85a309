//! Paths and leaves against the parts of messages, made and real.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use carewire_hl7_v2::{Message, ParseOptions, PathError, Presence};
use proptest::prelude::*;

/// Checks that every leaf is found by its place, that leaves hold all that is not notation, and no place twice.
fn check(bytes: &[u8]) {
    let Ok(message) = Message::parse(bytes, &ParseOptions::default()) else { return };
    let mut lengths = vec![0; message.segments().len()];
    let mut last = None;
    for leaf in message.leaves() {
        let index = leaf.segment().index();
        *lengths.get_mut(index).unwrap() += leaf.raw().len();
        let here = (index, leaf.field(), leaf.repetition(), leaf.component(), leaf.subcomponent());
        assert!(last.is_none_or(|last| last < here), "leaves come in order, each once");
        last = Some(here);
        let Some(place) = leaf.location() else { continue };
        assert_eq!(message.at(&place).as_deref(), Some(&*leaf.text()), "{place}");
        assert_eq!(message.presence(place), Ok(leaf.presence()), "{place}");
    }
    let delimiters = message.delimiters();
    let inner = [delimiters.component(), delimiters.repetition(), delimiters.subcomponent()];
    for (segment, length) in message.segments().zip(lengths) {
        let is_header = segment.id().is_some_and(|id| ["MSH", "BHS", "FHS"].contains(&id.as_str()));
        let head = segment.raw().find(delimiters.field()).unwrap_or(segment.raw().len());
        let literal = if is_header { segment.field(2).map_or(0, |field| field.raw().len() + 1) } else { 0 };
        let start = head + literal;
        let notation = segment
            .raw()
            .char_indices()
            .filter(|(at, c)| *c == delimiters.field() || (*at > start && inner.contains(&Some(*c))));
        let name = if segment.id().is_some() { 3 } else { 0 };
        let separator = usize::from(is_header && segment.raw().len() > 3);
        assert_eq!(length + notation.count() + name - separator, segment.raw().len());
    }
}

proptest! {
    #[test]
    fn leaves_are_all_that_a_message_says(text in r"([A-Za-z]{3}|[a-z ]{0,4})?[|^~&\\éa\r\n]{0,30}(\rPID\|[a-c|^~&]{0,20})?(\rBHS\|[a-c|^~&\\]{0,20})?") {
        check(format!("MSH|^~\\&|A\r{text}").as_bytes());
        check(format!("MSH|^~|A\r{text}").as_bytes());
    }
}

#[test]
fn leaves_of_the_corpus_are_found_by_their_places() {
    let Some(files) = support::corpus() else { return };
    files.for_each(|(_, bytes)| check(&bytes));
}

const RESULT: &[u8] =
    b"MSH|^~\\&|A|B\rPID|1||5^^^GEN&1.2&ISO~\"\"~9^^^GOV||Doe^Jo\rOBX|1|NM|||7.1~7.2\rNTE|1||\r\
obx|2|ST|||\"\"\rOBX|3|TX|||~b\rOBX";

#[test]
fn a_star_names_every_segment_or_repetition() {
    let message = Message::parse(RESULT, &ParseOptions::default()).unwrap();
    let all = |path: &str| -> Vec<String> {
        message.get_all(path).unwrap().map(|(place, text)| format!("{place} {text}")).collect()
    };
    assert_eq!(all("OBX(*)-5"), ["OBX[1]-5 7.1", "OBX[2]-5 \"\""]);
    assert_eq!(
        all("OBX(*)-5[*]"),
        ["OBX[1]-5[1] 7.1", "OBX[1]-5[2] 7.2", "OBX[2]-5[1] \"\"", "OBX[3]-5[2] b"]
    );
    assert_eq!(all("OBX(*)-5[2]"), ["OBX[1]-5[2] 7.2", "OBX[3]-5[2] b"]);
    assert_eq!(all("OBX(3)-5[*]"), ["OBX[3]-5[2] b"]);
    assert_eq!(all("PID-3[*].1"), ["PID[1]-3[1].1 5", "PID[1]-3[2].1 \"\"", "PID[1]-3[3].1 9"]);
    assert_eq!(all("PID-3[*].4.2"), ["PID[1]-3[1].4.2 1.2"]);
    assert_eq!(all("PID-5"), ["PID[1]-5 Doe^Jo"]);
    assert_eq!(all("MSH-2[*]"), ["MSH[1]-2[1] ^~\\&"]);
    assert_eq!(all("PV1(*)-3"), [""; 0]);
    assert_eq!(message.get_all("OBX(*)").err(), Some(PathError::NoField));
    assert_eq!(message.get_all("PATIENT.PID-3").err(), Some(PathError::Group));
    assert_eq!(message.get("OBX(*)-5").err(), Some(PathError::Every));
}

#[test]
fn presence_tells_nothing_null_and_a_value_apart() {
    let message = Message::parse(RESULT, &ParseOptions::default()).unwrap();
    for (path, presence) in [
        ("PID-3", Presence::Value),
        ("PID-3[2]", Presence::Null),
        ("PID-3[2].1.1", Presence::Null),
        ("PID-3[2].2", Presence::Absent),
        ("PID-3[4]", Presence::Absent),
        ("PID-4", Presence::Absent),
        ("PID-99", Presence::Absent),
        ("OBX(2)-5", Presence::Null),
        ("OBX(3)-5", Presence::Value),
        ("OBX(3)-5[1]", Presence::Absent),
        ("OBX(4)", Presence::Value),
        ("OBX(4)-1", Presence::Absent),
        ("OBX(5)", Presence::Absent),
    ] {
        assert_eq!(message.presence(path), Ok(presence), "{path}");
    }
    assert_eq!(message.presence("OBX(*)-5"), Err(PathError::Every));
}
