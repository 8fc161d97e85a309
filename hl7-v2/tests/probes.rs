//! Inputs that other parsers lose segments of, refuse, or panic on.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use carewire_hl7_v2::{Charset, DiagnosticKind, Message, ParseError, ParseOptions};

fn lenient(bytes: &[u8]) -> Message<'_> {
    Message::parse(bytes, &ParseOptions::default()).unwrap()
}

/// The names of the segments and the kinds of the findings.
fn read(bytes: &[u8]) -> (Vec<&str>, Vec<DiagnosticKind>) {
    let message = lenient(bytes);
    assert_eq!(message.to_bytes(), bytes);
    let names = message.segments().map(|segment| segment.span()).map(|span| &bytes[span]);
    let names = names.map(|line| std::str::from_utf8(&line[..line.len().min(3)]).unwrap()).collect();
    (names, message.diagnostics().iter().map(|found| found.kind()).collect())
}

#[test]
fn no_separator_blank_line_or_odd_id_loses_a_segment() {
    use DiagnosticKind::{
        BlankLine, ByteOrderMark, FrameCharacter, InvalidSegmentId, LineFeed, LowerCaseSegmentId,
        RepeatedHeader,
    };
    for (bytes, names, kinds) in [
        (&b"MSH|^~\\&|A\rPID|1\r"[..], &["MSH", "PID"][..], &[][..]),
        (b"MSH|^~\\&|A\nPID|1\n", &["MSH", "PID"], &[LineFeed]),
        (b"MSH|^~\\&|A\r\nPID|1\r\n", &["MSH", "PID"], &[LineFeed]),
        (b"MSH|^~\\&|A\r\r\rPID|1\r", &["MSH", "PID"], &[BlankLine]),
        (b"MSH|^~\\&|A\rPID\rPV1|1\r", &["MSH", "PID", "PV1"], &[]),
        (b"MSH|^~\\&|A\rZZ|1\r", &["MSH", "ZZ|"], &[InvalidSegmentId]),
        (b"MSH|^~\\&|A\rABCD|1\rPID|1\r", &["MSH", "ABC", "PID"], &[InvalidSegmentId]),
        (b"MSH|^~\\&|A\rpid|1\r", &["MSH", "pid"], &[LowerCaseSegmentId]),
        (b"\xEF\xBB\xBFMSH|^~\\&|A\rPID|1\r", &["MSH", "PID"], &[ByteOrderMark]),
        (b"  MSH|^~\\&|A\rPID|1\r", &["MSH", "PID"], &[BlankLine]),
        (b"\x0BMSH|^~\\&|A\rPID|1\r\x1C\r", &["MSH", "PID"], &[FrameCharacter, FrameCharacter]),
        (b"MSH|^~\\&|A\rPID|1||||Doe^J\x1Crest\r", &["MSH", "PID"], &[FrameCharacter]),
        (b"MSH|^~\\&|A\rPID|1||||Doe^J\x0B\x0B\r", &["MSH", "PID"], &[FrameCharacter]),
        (
            b"MSH|^~\\&|A\r\x1C\rMSH|^~\\&|B\r",
            &["MSH", "\x1C", "MSH"],
            &[InvalidSegmentId, FrameCharacter, RepeatedHeader],
        ),
        (b"MSH|^~\\&|A\rMSH|^~\\&|B\r", &["MSH", "MSH"], &[RepeatedHeader]),
        (b"MSH|^~\\&|A\rMSH#*%!@#B\r", &["MSH", "MSH"], &[RepeatedHeader]),
        (b"MSH|^~\\&|A\r\0MSH|^~\\&|B\r", &["MSH", "\0MS"], &[RepeatedHeader]),
        (
            b"MSH|^~\\&|A\r\x1C\r\x0B\x0BMSH|^~\\&|B\r",
            &["MSH", "\x1C", "\x0B\x0BM"],
            &[InvalidSegmentId, FrameCharacter, RepeatedHeader, FrameCharacter],
        ),
        (b"MSH|^~\\&|A\r \t MSH|^~\\&|B\r", &["MSH", " \t "], &[RepeatedHeader]),
        (b"MSH|^~\\&|A\r\0\0\rPID|1\r\0", &["MSH", "PID"], &[BlankLine, BlankLine]),
        (b"msh|^~\\&|A\rpid|1\r", &["msh", "pid"], &[LowerCaseSegmentId, LowerCaseSegmentId]),
        (b"MSH|^~\\&|A\rmsh|^~\\&|B\r", &["MSH", "msh"], &[RepeatedHeader]),
        (b"\x1C\r\0\x1A\xEF\xBB\xBFMSH|^~\\&|A\r", &["MSH"], &[FrameCharacter, BlankLine, ByteOrderMark]),
    ] {
        assert_eq!(read(bytes), (names.to_vec(), kinds.to_vec()));
        let strict = Message::parse(bytes, &ParseOptions::default().strict());
        assert_eq!(strict.is_ok(), kinds.is_empty(), "strict reading refuses what is reported");
    }
}

#[test]
fn declared_delimiters_are_used_and_faulty_ones_reported() {
    let got = |bytes, path| lenient(bytes).get(path).unwrap().map(|text| text.into_owned());
    let custom = b"MSH#*%!@#A#B\rPID#1##7***G@1.2@ISO%8!F!9\r";
    assert_eq!(got(custom, "PID-3.4.2").as_deref(), Some("1.2"));
    assert_eq!(got(custom, "PID-3[2]").as_deref(), Some("8#9"));
    assert_eq!(got(b"MSH|^~\\&#|A\rNTE|1||a\\P\\b\r", "NTE-3").as_deref(), Some("a#b"));
    assert_eq!(read(b"MSH|^~\\&#|A\rPID|1\r").1, []);
    assert_eq!(read(b"MSH|^~\\|A\rPID|1\r").1, [DiagnosticKind::FewerDelimiters]);
    assert_eq!(got(b"MSH|^~\\|A\rPID|1||a&b\r", "PID-3.1.1").as_deref(), Some("a&b"));
    assert_eq!(read(b"MSH|||||\rPID|1\r").1, [DiagnosticKind::MissingDelimiters]);
    assert_eq!(got(b"MSH|||||\rPID|1||a^b\r", "PID-3.2").as_deref(), Some("b"));
    assert_eq!(read(b"MSH|^~\\&##x|A\r").1, [DiagnosticKind::ExtraDelimiters]);
}

#[test]
fn what_is_no_message_is_an_error() {
    let error = |bytes: &[u8]| Message::parse(bytes, &ParseOptions::default()).err();
    assert_eq!(error(b""), Some(ParseError::Empty));
    assert_eq!(error(b"\r\n \x0B"), Some(ParseError::Empty));
    assert_eq!(error(b"PID|1\rMSH|^~\\&"), Some(ParseError::NoHeader { offset: 0 }));
    assert_eq!(error(b"\r\nhello"), Some(ParseError::NoHeader { offset: 2 }));
    assert_eq!(error(b"MSH"), Some(ParseError::FieldSeparator { offset: 3 }));
    assert_eq!(error("MSHé^~\\&é".as_bytes()), Some(ParseError::FieldSeparator { offset: 3 }));
    assert_eq!(error(b"FHS|^~\\&|A\rBHS|^~\\&\rMSH|^~\\&|A\r"), Some(ParseError::Batch));
    assert_eq!(error(b"\xFF\xFEM\0S\0H\0|\0"), Some(ParseError::WideCharacters));
}

#[test]
fn text_is_in_the_declared_character_set() {
    let family = |charset: &str, name: &[u8]| {
        let header = format!("MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5||||||{charset}\rPID|1||||");
        let bytes = [header.as_bytes(), name, b"^Jo\r"].concat();
        let message = lenient(&bytes);
        assert_eq!(message.to_bytes(), bytes);
        message.get("PID-5.1").unwrap().unwrap().into_owned()
    };
    assert_eq!(family("8859/1", b"M\xFCller"), "Müller");
    assert_eq!(family("8859/15", b"\xA4"), "€");
    assert_eq!(family("UNICODE UTF-8", "Łódź".as_bytes()), "Łódź");
    assert_eq!(family("", "Łódź".as_bytes()), "Łódź");
    assert_eq!(family("GB 18030-2000", &Charset::Gb18030.encode("张三").unwrap()), "张三");
    assert_eq!(family("ASCII~ISO IR87", b"\x1B$B;3ED\x1B(B"), "山田");
    assert_eq!(family("8859/1", b"caf\\XE9\\"), "café");
    assert_eq!(family("", b"caf\xE9"), "caf\u{FFFD}");
}

#[test]
fn a_character_that_holds_a_delimiter_byte_is_not_cut() {
    let kanji = Charset::Iso2022Jp.encode("閭").unwrap();
    let bytes = [b"MSH|^~\\&|", &kanji[..], b"|F|||2024||ADT^A01|1|P|2.5||||||~ISO IR87\rPID|1|"].concat();
    let message = lenient(&bytes);
    assert_eq!(message.sending_application().as_deref(), Some("閭"));
    assert_eq!(message.sending_facility().as_deref(), Some("F"));
    let hanzi = Charset::Gb18030.encode("倈").unwrap();
    assert!(hanzi.contains(&b'|'), "the test needs such a character");
    let bytes = [b"MSH|^~\\&|", &hanzi[..], b"|F|||2024||ADT^A01|1|P|2.5||||||GB18030\r"].concat();
    assert_eq!(lenient(&bytes).sending_facility().as_deref(), Some("F"));
}

#[test]
fn the_options_decide_where_the_message_is_silent_or_wrong() {
    let bytes = b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5||||||ASCII\rPID|1||||M\xFCller\r";
    let family = |options: &ParseOptions| {
        let message = Message::parse(bytes, options).unwrap();
        (message.get("PID-5").unwrap().unwrap().into_owned(), message.diagnostics().len())
    };
    assert_eq!(family(&ParseOptions::default()), ("M\u{FFFD}ller".into(), 2));
    let latin = ParseOptions::default().with_default_charset(Charset::Iso8859_1);
    assert_eq!(family(&latin), ("Müller".into(), 1));
    assert_eq!(family(&ParseOptions::default().with_charset(Charset::Iso8859_1)), ("Müller".into(), 0));
}

#[test]
fn diagnostics_say_where() {
    let shown =
        |bytes: &[u8]| lenient(bytes).diagnostics().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        shown(b"MSH|^~\\&|A\rPID|1||||\xE9\rOBX|1\rOBX|2||\xE9\rOBX|3||||a^b\xE9\xE8~c&d\xE9\rstray\r"),
        [
            "bytes that the character set does not have in PID[1]-5 at bytes 20..21",
            "bytes that the character set does not have in OBX[2]-3 at bytes 35..36",
            "bytes that the character set does not have in OBX[3]-5[1].2 at bytes 49..51",
            "bytes that the character set does not have in OBX[3]-5[2].1.2 at bytes 55..56",
            "line without a segment id at bytes 57..62",
        ]
    );
    assert_eq!(
        shown(b"MSH|^~\\&|A\rPID|1||||Doe^J\x1Crest\r"),
        ["frame character inside the message in PID[1] at bytes 25..26"]
    );
    assert_eq!(shown(b"MSH|^~\\&^|A\r"), ["delimiter declared twice in MSH[1]-2 at bytes 4..9"]);
    assert_eq!(
        shown(b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|1|P|2.5||||||8859/1~KLINGON\rMSH|x\r"),
        [
            "unknown character set in MSH[1]-18 at bytes 44..58",
            "second message header in MSH[2] at bytes 59..64"
        ]
    );
}

#[test]
fn a_truncation_character_belongs_to_2_7_and_later() {
    let kinds = |version: &str| {
        let text = format!("MSH|^~\\&#|A|B|C|D|2024||ADT^A01|1|P|{version}\rNTE|1||cut of#|whole\r");
        let message = lenient(text.as_bytes());
        let note = message.segment("NTE").unwrap();
        assert!(note.field(3).unwrap().is_truncated() && !note.field(4).unwrap().is_truncated());
        message.diagnostics().iter().map(|found| found.kind()).collect::<Vec<_>>()
    };
    for version in ["2.7", "2.7.1", "2.8.2", "2.10", ""] {
        assert_eq!(kinds(version), [], "{version}");
    }
    for version in ["2.1", "2.3.1", "2.5.1^DEU", "2.6"] {
        assert_eq!(kinds(version), [DiagnosticKind::ExtraDelimiters], "{version}");
    }
}

#[test]
fn lines_that_a_line_end_inside_a_text_made_are_found() {
    let message = lenient(b"MSH|^~\\&|A\rOBX|1|TX|x||first\r2nd line\r\rthird|||F\rOBX|2|TX\r");
    let first = message.segment("OBX").unwrap();
    let rest: Vec<&str> = first.continuation().map(|line| line.raw()).collect();
    assert_eq!(rest, ["2nd line", "third|||F"]);
    assert_eq!(message.segments().last().unwrap().continuation().count(), 0);
}

#[test]
fn an_input_over_the_limits_is_refused() {
    let bytes = b"MSH|^~\\&|A\rPID|1\r";
    let parse = |options: ParseOptions| Message::parse(bytes, &options).err();
    assert_eq!(parse(ParseOptions::default().with_max_bytes(17)), None);
    assert_eq!(parse(ParseOptions::default().with_max_bytes(16)), Some(ParseError::TooLarge { limit: 16 }));
    assert_eq!(parse(ParseOptions::default().with_max_segments(2)), None);
    let segments = Some(ParseError::TooManySegments { limit: 1 });
    assert_eq!(parse(ParseOptions::default().with_max_segments(1)), segments);
}

#[test]
fn absent_empty_and_null_are_told_apart() {
    let message = lenient(b"MSH|^~\\&|A\rPID|1||\"\"|a^^\"\"&\"\"~~b\r");
    let pid = message.segment("PID").unwrap();
    assert!(pid.field(5).is_none(), "behind the last");
    assert!(pid.field(2).is_some_and(|field| field.is_empty()), "empty");
    assert!(pid.field(3).is_some_and(|field| field.is_null()), "null");
    assert_eq!(pid.field(2).unwrap().repetitions().count(), 0);
    assert_eq!(
        pid.field(4).unwrap().repetitions().map(|r| r.is_empty()).collect::<Vec<_>>(),
        [false, true, false]
    );
    assert_eq!(message.get("PID-2").unwrap(), None);
    assert_eq!(message.get("PID-9").unwrap(), None);
    assert_eq!(message.get("PID-3").unwrap().as_deref(), Some("\"\""));
    assert_eq!(pid.field(3).unwrap().value(), None);
    assert_eq!(message.get("PID-4.3.2").unwrap().as_deref(), Some("\"\""));
    assert_eq!(pid.field_count(), 4);
    assert_eq!(pid.fields().map(|(n, field)| (n, field.raw())).last(), Some((4, "a^^\"\"&\"\"~~b")));
}

#[test]
fn header_fields_are_counted_as_the_standard_does() {
    let message = lenient(b"MSH|^~\\&|A^1|B|C|D|20240301||ADT^A01^ADT_A01|7|T^A|2.5.1^DEU\r");
    let get = |path| message.get(path).unwrap().map(|text| text.into_owned());
    assert_eq!(get("MSH-1").as_deref(), Some("|"));
    assert_eq!(get("MSH-2").as_deref(), Some("^~\\&"));
    assert_eq!(get("MSH-9").as_deref(), Some("ADT^A01^ADT_A01"));
    assert_eq!(message.sending_application().as_deref(), Some("A"));
    assert_eq!(message.structure().as_deref(), Some("ADT_A01"));
    assert_eq!(
        (message.version().as_deref(), message.processing_id().as_deref()),
        (Some("2.5.1"), Some("T"))
    );
    let msh = message.segment("MSH").unwrap();
    assert_eq!(msh.field_count(), 12);
    let numbered: Vec<_> = msh.fields().take(3).map(|(n, field)| (n, field.raw())).collect();
    assert_eq!(numbered, [(1, "|"), (2, "^~\\&"), (3, "A^1")]);
    assert_eq!(msh.fields().count(), msh.field_count());
}

#[test]
fn debug_shows_no_value() {
    let message =
        lenient(b"MSH|^~\\&|CANARY|B\rPID|1||CANARY^^^CANARY||CANARY\rCANARY line\rNK1|\xE9CANARY\r");
    let pid = message.segment("PID").unwrap();
    let field = pid.field(3).unwrap();
    let component = field.component(1).unwrap();
    let shown = format!(
        "{message:?} {pid:?} {field:?} {:?} {component:?} {:?} {:?}",
        field.repetition(1),
        component.subcomponent(1),
        message.segments().collect::<Vec<_>>()
    );
    assert!(!shown.contains("CAN"), "{shown}");
}
