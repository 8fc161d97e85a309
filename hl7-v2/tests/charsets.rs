//! Messages in each character set: MSH-18 with one value or several, MSH-20, and what is in the bytes.

use carewire_hl7_v2::ack::{AckCode, AckError, AckOptions, ErrorCode, acknowledge};
use carewire_hl7_v2::build::{BuildError, MessageBuilder, SegmentBuilder};
use carewire_hl7_v2::edit::EditError;
use carewire_hl7_v2::{BaseCharset, Charset, Delimiters, DiagnosticKind, Message, ParseError, ParseOptions};
use proptest::prelude::*;

/// A message with this MSH-18, MSH-20 and PID-5.
fn message(charsets: &str, scheme: &str, name: &[u8]) -> Vec<u8> {
    let header = format!("MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5||||||{charsets}||{scheme}\rPID|1||||");
    [header.as_bytes(), name, b"^Jo\rNTE|1||x\r"].concat()
}

#[test]
fn names_are_read_as_declared() {
    use DiagnosticKind::{CharsetMismatch, SeveralCharsets, UndecodableBytes, UnknownCharset};
    let gb = Charset::Gb18030.encode("张三").unwrap().into_owned();
    let iso = "ISO 2022-1994";
    for (charsets, scheme, name, text, findings) in [
        ("", "", "Łódź".as_bytes(), "Łódź", &[][..]),
        ("UNICODE UTF-8", "", "Łódź".as_bytes(), "Łódź", &[]),
        ("UNICODE", "", "Łódź".as_bytes(), "Łódź", &[]),
        ("ASCII", "", b"Doe", "Doe", &[]),
        ("8859/1", "", b"M\xFCller", "Müller", &[]),
        ("8859/1", "", b"\x80 \x93x\x94", "€ “x”", &[]),
        ("ISO-8859-1", "", b"M\xFCller", "Müller", &[]),
        ("8859/2", "", b"\xA3\xF3d\xBC", "Łódź", &[]),
        ("8859/5", "", b"\xB8\xD2\xD0\xDD", "Иван", &[]),
        ("8859/15", "", b"\xA4", "€", &[]),
        ("WINDOWS-1250", "", b"\xA3\xF3d\x9F", "Łódź", &[]),
        ("windows-1251", "", b"\xC8\xE2\xE0\xED", "Иван", &[]),
        ("GB 18030-2000", "", &gb, "张三", &[]),
        ("BIG-5", "", b"\xB1i", "張", &[]),
        ("KS X 1001", "", b"\xB1\xE8", "김", &[]),
        ("ISO IR6~ISO IR87", iso, b"\x1B$B;3ED\x1B(B", "山田", &[]),
        ("~ISO IR87", "", b"\x1B$B;3ED\x1B(B", "山田", &[]),
        ("ISO IR14~ISO IR87~ISO IR159", iso, b"\xD4\xCF\xC0\xDE=\x1B$(D0!\x1B(B", "ﾔﾏﾀﾞ=丂", &[]),
        // a delimiter is one in the Roman letters too
        ("ISO IR14~ISO IR87", iso, b"\x1B$B;3ED\x1B(J \\T\\ Co", "山田 & Co", &[]),
        ("~ISO IR87", "", b"\\X1B284A5C1B2842\\", "¥", &[]),
        ("8859/1~8859/5", iso, b"M\xFC \x1B-L\xB8\xD2", "Mü Ив", &[]),
        ("8859/1~ISO IR87", iso, b"M\xFC \x1B$B;3\x1B(B", "Mü 山", &[]),
        ("ASCII~KS X 1001", iso, b"\x1B$)C\xB1\xE8", "김", &[]),
        ("ASCII~ISO IR87", "2.3", b"\\M2442\\;3ED\\C2842\\", "山田", &[]),
        ("8859/1~8859/5", "2.3", b"M\xFC \\C2D4C\\\xB8\xD2\\C2842\\ x", "Mü Ив x", &[]),
        ("8859/1~8859/5", "", b"M\xFC", "Mü", &[SeveralCharsets]),
        ("8859/1", "", b"M\xFC\\XE9\\", "Müé", &[]),
        ("CNS 11643-1992", "", b"x", "x", &[UnknownCharset]),
        ("ASCII", "", b"M\xFC", "M\u{FFFD}", &[CharsetMismatch, UndecodableBytes]),
        ("UNICODE UTF-16", "", b"x", "x", &[CharsetMismatch]),
        ("UNICODE UTF-32", "", b"x", "x", &[CharsetMismatch]),
        ("", "", b"M\xFC", "M\u{FFFD}", &[UndecodableBytes]),
    ] {
        let bytes = message(charsets, scheme, name);
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        assert_eq!(message.get("PID-5.1").unwrap().as_deref(), Some(text), "{charsets} {scheme}");
        assert_eq!(message.get("PID-5.2").unwrap().as_deref(), Some("Jo"), "{charsets} {scheme}");
        assert_eq!(message.get("NTE-3").unwrap().as_deref(), Some("x"), "{charsets} {scheme}");
        let found: Vec<_> = message.diagnostics().iter().map(|found| found.kind()).collect();
        assert_eq!(found, findings, "{charsets} {scheme}");
        assert_eq!(message.to_bytes(), bytes);
    }
}

#[test]
fn utf_16_and_utf_32_are_refused() {
    let text = "MSH|^~\\&|A\r";
    let wide = |mark: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("{mark}{text}").encode_utf16().flat_map(order).collect()
    };
    let wider = |mark: &str, order: fn(u32) -> [u8; 4]| -> Vec<u8> {
        format!("{mark}{text}").chars().map(u32::from).flat_map(order).collect()
    };
    for mark in ["", "\u{FEFF}"] {
        for bytes in [
            wide(mark, u16::to_le_bytes),
            wide(mark, u16::to_be_bytes),
            wider(mark, u32::to_le_bytes),
            wider(mark, u32::to_be_bytes),
        ] {
            let error = Message::parse(&bytes, &ParseOptions::default()).unwrap_err();
            assert_eq!(error, ParseError::WideCharacters);
            assert!(error.to_string().contains("UTF-8"), "says what to do");
        }
    }
}

#[test]
fn the_acknowledgement_is_in_the_character_set_of_the_message() {
    let options = |text| {
        let error = AckError::new(ErrorCode::RequiredFieldMissing).with_text(text);
        AckOptions::new(AckCode::AE, "1").with_errors([error])
    };
    for (charsets, scheme, text) in [
        ("8859/1", "", "Größe"),
        ("8859/5", "", "нет"),
        ("UNICODE UTF-8", "", "Größe"),
        ("GB18030", "", "张"),
        ("~ISO IR87", "ISO 2022-1994", "必須"),
        ("8859/1~ISO IR87", "ISO 2022-1994", "Größe 必須"),
    ] {
        let answer = acknowledge(&message(charsets, scheme, b"x"), &options(text));
        let answer = Message::parse(&answer, &ParseOptions::default()).unwrap();
        assert_eq!(answer.get("ERR-8").unwrap().as_deref(), Some(text), "{charsets}");
        assert_eq!(answer.get("MSH-20").unwrap().unwrap_or_default(), scheme);
        assert!(answer.diagnostics().is_empty(), "{charsets}");
    }
    let answer = acknowledge(&message("ASCII", "", b"x"), &options("Größe"));
    assert!(answer.is_ascii());
}

#[test]
fn a_built_message_reads_back_in_its_character_set() {
    let base = |charset| Charset::Iso2022(BaseCharset::of(charset).unwrap());
    for (charset, text) in [
        (Charset::Iso8859_1, "Müller"),
        (Charset::Windows1250, "Łódź"),
        (Charset::Gb18030, "张三|𠀀"),
        (Charset::Big5, "張"),
        (Charset::EucKr, "김"),
        (Charset::Iso2022Jp, "山田 ﾔﾏﾀﾞ 丂 ¥|日"),
        (base(Charset::Iso8859_1), "Mü 山 Ив"),
    ] {
        let person = SegmentBuilder::new("PID").field(5, text);
        let builder = MessageBuilder::new(SegmentBuilder::new("MSH").field(10, "1")).segment(person);
        let bytes = builder.undeclared_charset(charset).build().unwrap();
        let message = Message::parse(&bytes, &ParseOptions::default().with_charset(charset)).unwrap();
        assert_eq!(message.get("PID-5").unwrap().as_deref(), Some(text), "{charset:?}");
    }
}

#[test]
fn hangul_that_only_windows_has_are_read_and_not_written() {
    assert_eq!(Charset::EucKr.decode(b"\x8C\x63").as_deref(), Some("똠"));
    let builder = |text: &str| {
        let person = SegmentBuilder::new("PID").field(5, text);
        MessageBuilder::new(SegmentBuilder::new("MSH").field(10, "1"))
            .segment(person)
            .charset(Charset::EucKr)
            .build()
    };
    assert!(matches!(builder("똠"), Err(BuildError::Charset { .. })));
    assert!(builder("김A가a각z 한자 漢字").unwrap().ends_with(b"\r"));
    let bytes = message("KS X 1001", "", b"\x8C\x63");
    let mut message = Message::parse(&bytes, &ParseOptions::default()).unwrap().into_owned();
    assert!(matches!(message.set("NTE-3", "똠"), Err(EditError::Charset { .. })));
    // What was received is kept.
    message.set("NTE-3", "김").unwrap();
    assert_eq!(message.get("PID-5.1").unwrap().as_deref(), Some("똠"));
}

#[test]
fn the_roman_letters_hide_no_delimiter() {
    let bytes = message("ISO IR14~ISO IR87", "", b"\x1B$B;3ED\x1B(J~Yamada^Taro\\F\\");
    let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
    let got = |path| message.get(path).unwrap().map(|text| text.into_owned());
    assert_eq!(got("PID-5[1]").as_deref(), Some("山田"));
    assert_eq!(got("PID-5[2].1").as_deref(), Some("Yamada"));
    assert_eq!(got("PID-5[2].2").as_deref(), Some("Taro|"));
    let span = message.span_of(&"PID-5[2].1".parse().unwrap()).unwrap();
    assert_eq!(bytes.get(span), Some(&b"Yamada"[..]));
    // Where the message declares other delimiters, the bytes are the letters.
    let bytes = b"MSH#*%!@#A###############ISO IR14%ISO IR87\rPID#1####\x1B$B;3\x1B(J~\\%b\r";
    let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
    assert_eq!(message.get("PID-5").unwrap().as_deref(), Some("山‾¥"));
}

#[test]
fn a_roman_letter_in_the_place_of_a_delimiter_is_written_so_that_it_reads_back() {
    let received = message("ISO IR14~ISO IR87", "", b"x");
    let mut edited = Message::parse(&received, &ParseOptions::default()).unwrap().into_owned();
    edited.set("PID-5.1", "¥100‾~").unwrap();
    let written = b"|\\X1B284A5C1B2842\\100\\X1B284A7E1B2842\\\\R\\^Jo\r";
    assert!(edited.to_bytes().windows(written.len()).any(|part| part == written));
    assert_eq!(edited.get("PID-5.1").unwrap().as_deref(), Some("¥100‾~"));
    assert!(matches!(edited.set_raw("PID-5.1", "‾"), Err(EditError::Charset { .. })));
    // Without an escape character there is no way.
    let header = SegmentBuilder::new("MSH").field(10, "1");
    let builder = MessageBuilder::new(header).segment(SegmentBuilder::new("PID").field(5, "‾"));
    let builder = builder.charset(Charset::Iso2022Jp).delimiters(Delimiters::parse("|^~").unwrap());
    assert!(matches!(builder.build(), Err(BuildError::NoEscapeCharacter { .. })));
}

proptest! {
    #[test]
    fn text_in_sets_that_change_reads_back(
        texts in prop::collection::vec("[ -~]{0,6}[山田ﾔﾀ丂¥‾é~^|&#*%!@\\\\\u{1b}\u{e}\r]{0,8}", 1..8),
        declared in prop::sample::select(vec![r"|^~\&", r"|^~\&#", "#*%!@", r"\^~|&", "~*%!@"]),
        charset in prop::sample::select(switched()),
    ) {
        let mut segment = SegmentBuilder::new("ZP1");
        for (index, text) in texts.iter().enumerate() {
            segment = segment.repetition(1 + index / 2, 1 + index % 2, text.as_str());
        }
        let header = SegmentBuilder::new("MSH").field(10, "1").field(12, "2.7");
        let builder = MessageBuilder::new(header).delimiters(Delimiters::parse(declared).unwrap()).segment(segment);
        let Ok(bytes) = builder.charset(charset).build() else {
            prop_assert!(texts.iter().any(|text| text.contains(['\u{1b}', '\u{e}'])), "only these are no text");
            return Ok(());
        };
        let mut message = Message::parse(&bytes, &ParseOptions::default().strict()).unwrap().into_owned();
        for pass in 0..2 {
            for (index, text) in texts.iter().enumerate() {
                let path = format!("ZP1-{}[{}]", 1 + index / 2, 1 + index % 2);
                prop_assert_eq!(message.get(&path).unwrap().unwrap_or_default(), text.as_str(), "{}", pass);
            }
            if message.charset() != charset {
                // Nothing but ASCII was declared.
                break;
            }
            // Written a second time by an edit.
            message.set("ZP1-9", "山‾¥").unwrap();
            let read = message.get("ZP1-9").unwrap();
            prop_assert_eq!(read.as_deref(), Some("山‾¥"));
        }
    }
}

fn switched() -> Vec<Charset> {
    let bases = [Charset::Ascii, Charset::Iso8859_1, Charset::Iso8859_5];
    let switched = bases.into_iter().filter_map(BaseCharset::of).map(Charset::Iso2022);
    switched.chain([Charset::Iso2022Jp]).collect()
}
