//! Whatever the bytes: no panic, no byte unaccounted for, the same bytes out.

#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use carewire_hl7_v2::ack::{self, AckCode, AckOptions};
use carewire_hl7_v2::batch::Batch;
use carewire_hl7_v2::light::peek;
use carewire_hl7_v2::{Charset, Message, ParseOptions};
use proptest::prelude::*;

/// Reads every part of a message, and checks that each byte is in a segment, in a finding, or ends a line.
fn check(bytes: &[u8], options: &ParseOptions) -> Result<(), TestCaseError> {
    let _ = peek(bytes, options);
    let _ = Batch::split(bytes);
    let answer = ack::acknowledge(bytes, &AckOptions::new(AckCode::AA, "1"));
    prop_assert!(ack::read(&answer).is_ok(), "every answer is an acknowledgement");
    let Ok(message) = Message::parse(bytes, options) else { return Ok(()) };
    prop_assert_eq!(message.to_bytes(), bytes);
    for segment in message.segments() {
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

/// Pieces of which a message, whole or broken, can be made.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&[u8]; 28] = [
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
        check(&bytes, &ParseOptions::default().with_charset(Charset::Gb18030))?;
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

#[test]
fn a_hostile_input_is_read_in_linear_time() {
    for unit in [&b"MSH|\r"[..], b"\r", b"a\r", b"\xE9\r", b"Z\xE9Z|\r", b"\r\n \r\n"] {
        let bytes = [b"MSH|^~\\&|A\r", &unit.repeat(2_000_000 / unit.len())[..]].concat();
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
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
