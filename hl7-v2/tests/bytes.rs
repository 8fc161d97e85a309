//! Whatever the bytes: no panic, no byte unaccounted for, the same bytes out.

#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use carewire_hl7_v2::ack::{self, AckCode, AckOptions};
use carewire_hl7_v2::batch::Batch;
use carewire_hl7_v2::light::peek;
use carewire_hl7_v2::{Charset, Message, ParseOptions, Segment, Subcomponent};
use proptest::prelude::*;

/// Reads every part of a message, and checks that each byte is in a segment, in a finding, or ends a line.
fn check(bytes: &[u8], options: &ParseOptions) -> Result<(), TestCaseError> {
    let _ = peek(bytes, options);
    let _ = Batch::split(bytes);
    let answer = ack::acknowledge(bytes, &AckOptions::new(AckCode::AA, "1"));
    prop_assert!(ack::read(&answer).is_ok(), "every answer is an acknowledgement");
    let due = ack::plan(&answer);
    for outcome in [ack::Outcome::Success, ack::Outcome::Error, ack::Outcome::Reject] {
        prop_assert_eq!(
            (due.accept(outcome), due.application(outcome)),
            (None, None),
            "an answer is not answered"
        );
    }
    let _ = (ack::plan(bytes), ack::read(bytes), ack::answers(bytes, &answer));
    let Ok(message) = Message::parse(bytes, options) else { return Ok(()) };
    prop_assert_eq!(message.to_bytes(), bytes);
    for segment in message.segments() {
        check_places(&message, &segment)?;
        let visited = segment.fields().flat_map(|(_, field)| field.repetitions());
        let parts =
            visited.flat_map(|repetition| repetition.components()).flat_map(|part| part.subcomponents());
        prop_assert!(parts.map(|part| part.text().len()).sum::<usize>() <= 4 * bytes.len() + 1_000_000);
        prop_assert_eq!(segment.fields().count(), segment.field_count());
        let last = segment.field(segment.field_count()).map(|field| field.raw());
        prop_assert_eq!(last, segment.fields().last().map(|(_, field)| field.raw()));
    }
    let mut covered = vec![false; bytes.len()];
    let segments = message.segments().map(|segment| segment.span());
    for span in segments.chain(message.diagnostics().iter().map(|found| found.span())) {
        covered[span].iter_mut().for_each(|byte| *byte = true);
    }
    for (at, byte) in bytes.iter().enumerate() {
        prop_assert!(covered[at] || matches!(byte, b'\r' | b'\n'), "byte {at} is nowhere");
    }
    Ok(())
}

/// Checks that each part is where it says.
fn check_places(message: &Message<'_>, segment: &Segment<'_>) -> Result<(), TestCaseError> {
    let line = segment.span();
    let mut last = line.start;
    for (n, field) in segment.fields() {
        prop_assert!(field.span().start >= last && field.span().end <= line.end);
        last = field.span().end;
        let Some(location) = field.location() else { continue };
        prop_assert_eq!(location.field(), Some(n));
        prop_assert_eq!(message.span_of(&location), Some(field.span()));
        for repetition in field.repetitions() {
            for component in repetition.components() {
                for part in component.subcomponents() {
                    check_part(message, &part)?;
                }
            }
        }
    }
    Ok(())
}

fn check_part(message: &Message<'_>, part: &Subcomponent<'_>) -> Result<(), TestCaseError> {
    let Some(location) = part.location() else { return Ok(()) };
    let text = message.at(&location);
    prop_assert_eq!(text.as_deref().unwrap_or_default(), &*part.text());
    prop_assert_eq!(message.span_of(&location), Some(part.span()));
    let bytes = message.to_bytes().get(part.span()).ok_or_else(|| TestCaseError::fail("outside"))?;
    // Bytes that begin in another state than ASCII do not say what they are.
    if let (Some(read), false) = (message.charset().decode(bytes), message.charset() == Charset::Iso2022Jp) {
        prop_assert_eq!(&*read, part.raw());
    }
    if let (false, Some(found)) = (part.is_empty(), message.locate(part.span().start)) {
        prop_assert_eq!(message.span_of(&found), Some(part.span()), "{} {}", found, location);
    }
    Ok(())
}

/// Pieces of which a message, whole or broken, can be made.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&[u8]; 34] = [
        b"\0",
        b"\x1C",
        b"\x81|",
        b"\x1B(B",
        b"\x0BMSH|^~\\&|",
        b"\x81\x30\x81\x30",
        b"MSH|^~\\&|",
        b"MSH",
        b"PID|",
        b"OBX|1|",
        b"FHS|",
        b"msh|",
        b"ZZ",
        b"\r",
        b"\n",
        b"\r\n",
        b"|",
        b"^",
        b"~",
        b"&",
        b"\\",
        b"\\F\\",
        b"\\X0D",
        b"\\.sp",
        b"\\C28",
        b"\"\"",
        b"\xEF\xBB\xBF",
        b"\x0B",
        b"\x1C\r",
        b"\xE9",
        b"\x1B$B",
        "é東".as_bytes(),
        b"8859/1",
        b" ",
    ];
    prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&bytes, &ParseOptions::default())?;
    }

    #[test]
    fn arbitrary_bytes_behind_a_header(tail in prop::collection::vec(any::<u8>(), 0..200)) {
        let bytes = [b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5||||||", &tail[..]].concat();
        check(&bytes, &ParseOptions::default())?;
    }

    #[test]
    fn pieces_of_messages(pieces in prop::collection::vec(piece(), 0..40), header in any::<bool>()) {
        let start: &[u8] = if header { b"MSH|^~\\&|" } else { b"" };
        let bytes = [start, &pieces.concat()].concat();
        check(&bytes, &ParseOptions::default())?;
        check(&bytes, &ParseOptions::default().with_charset(Charset::Iso2022Jp))?;
        for charset in [Charset::Gb18030, Charset::Big5, Charset::EucKr, Charset::Iso8859_1, Charset::Ascii] {
            check(&bytes, &ParseOptions::default().with_charset(charset))?;
        }
    }

    #[test]
    fn a_path_finds_what_the_parts_hold(pieces in prop::collection::vec(piece(), 0..40)) {
        let bytes = [b"MSH|^~\\&|", &pieces.concat()[..]].concat();
        let Ok(message) = Message::parse(&bytes, &ParseOptions::default()) else { return Ok(()) };
        for segment in message.segments() {
            let Some(place) = segment.location() else { continue };
            for (n, field) in segment.fields() {
                let text = field.repetition(1).map(|first| first.text().into_owned()).filter(|_| !field.is_empty());
                let found = message.get(&place.at_field(n).to_string()).unwrap();
                prop_assert_eq!(found.as_deref().unwrap_or(""), text.as_deref().unwrap_or(""));
            }
        }
    }
}

/// The same again and again, to this many bytes. No clock is read here: a search through all of it for each part of it
/// takes minutes at these sizes, even where it is as fast as memory, and the test runner ends a test after five.
fn hostile(head: &[u8], unit: &[u8], bytes: usize) -> Vec<u8> {
    [head, &unit.repeat(bytes / unit.len())[..]].concat()
}

#[test]
fn every_part_of_a_hostile_input_is_read_and_placed_in_linear_time() {
    use Charset::{Gb18030, Iso8859_1, Utf8};
    for (unit, charset) in [
        (&b"|"[..], Utf8),
        (b"^", Utf8),
        (b"~", Utf8),
        (b"&", Utf8),
        (b"\\", Utf8),
        (b"OBX|1\r", Utf8),
        (b"\xE9|", Iso8859_1),
        (b"\xE9|", Utf8),
        (b"\xE9^\r", Iso8859_1),
        (b"\x81|", Gb18030),
    ] {
        let bytes = hostile(b"MSH|^~\\&|A\rPID|", unit, 2_000_000);
        let message = Message::parse(&bytes, &ParseOptions::default().with_charset(charset)).unwrap();
        let fields = message.segments().flat_map(|segment| segment.fields());
        let parts = fields.flat_map(|(_, field)| field.repetitions()).flat_map(|part| part.components());
        let parts = parts.flat_map(|component| component.subcomponents());
        let ends = parts.map(|part| (part.text().len() + part.span().end, part.location()));
        assert!(ends.map(|(end, _)| end).max() >= Some(9), "{unit:?}");
    }
}

#[test]
fn a_hostile_input_is_read_in_linear_time() {
    let options = ParseOptions::default().with_max_segments(usize::MAX);
    for unit in [&b"MSH|\r"[..], b"\r", b"a\r", b"\xE9\r", b"Z\xE9Z|\r", b"\r\n \r\n"] {
        let bytes = hostile(b"MSH|^~\\&|A\r", unit, 5_000_000);
        let message = Message::parse(&bytes, &options).unwrap();
        assert!(message.diagnostics().len() <= 1_001);
        assert_eq!(message.to_bytes(), bytes);
    }
    let ids: String =
        (0..1_000_000).map(|n| format!("{}{:02}|\r", char::from(b'A' + (n % 26) as u8), n % 100)).collect();
    let bytes = format!("MSH|^~\\&|A\r{ids}");
    assert_eq!(
        Message::parse(bytes.as_bytes(), &ParseOptions::default()).unwrap().segments().len(),
        1_000_001
    );
}

#[test]
fn bytes_that_cannot_be_read_are_reported_in_linear_time() {
    use Charset::{Big5, Gb18030, Iso2022Jp, Utf8};
    let options = ParseOptions::default().with_max_segments(usize::MAX);
    for (unit, charset) in [
        (&b"\xFF"[..], Utf8),
        (b"\xC3", Utf8),
        (b"\x80", Utf8),
        (b"\xFFa", Utf8),
        (b"\xFF|", Utf8),
        (b"\xFF^a~\xFF&", Utf8),
        (b"\xFFa\r", Utf8),
        (b"\xFF", Charset::Ascii),
        (b"\xFF", Gb18030),
        (b"\xFF", Big5),
        (b"\x1B$", Iso2022Jp),
    ] {
        let bytes = hostile(b"MSH|^~\\&|A\rPID|1||", unit, 4_000_000);
        let message = Message::parse(&bytes, &options.clone().with_charset(charset)).unwrap();
        assert!((1..=1_001).contains(&message.diagnostics().len()), "{unit:?} {charset:?}");
        assert_eq!(message.to_bytes(), bytes);
    }
}

#[test]
fn a_run_of_bytes_that_cannot_be_read_is_one_finding() {
    let bytes = [b"MSH|^~\\&|A\rPID|1||a^b", &[0xFF; 100_000][..], b"~\xFF\r"].concat();
    let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
    let found: Vec<_> = message.diagnostics().iter().map(ToString::to_string).collect();
    let kind = "bytes that the character set does not have";
    assert_eq!(
        found,
        [
            format!("{kind} in PID[1]-3[1].2 at bytes 21..100021"),
            format!("{kind} in PID[1]-3[2] at bytes 100022..100023")
        ]
    );
}
