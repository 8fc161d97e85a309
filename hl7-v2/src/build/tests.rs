//! What is written reads back.

use super::*;
use crate::{Location, Message, ParseOptions, Presence};
use proptest::prelude::*;

fn header() -> SegmentBuilder {
    SegmentBuilder::new("MSH").field(9, Value::parts(["ADT", "A08"])).field(10, "7").field(12, "2.5.1")
}

fn second_line(builder: MessageBuilder) -> String {
    let text = String::from_utf8(builder.build().unwrap()).unwrap();
    text.split('\r').nth(1).unwrap().to_owned()
}

fn refused(segment: SegmentBuilder, delimiters: &str, charset: Charset) -> BuildError {
    let delimiters = Delimiters::parse(delimiters).unwrap();
    let builder = MessageBuilder::new(SegmentBuilder::new("MSH")).delimiters(delimiters);
    builder.undeclared_charset(charset).segment(segment).build().unwrap_err()
}

fn place(path: &str) -> Location {
    path.parse().unwrap()
}

#[test]
fn absent_empty_and_null_are_three_things() {
    let segment = SegmentBuilder::new("ZP1").field(1, "").null(2).component(3, 1, 2, Value::null()).null(5);
    assert_eq!(second_line(MessageBuilder::new(header()).segment(segment)), "ZP1||\"\"|^\"\"||\"\"");
}

#[test]
fn the_text_of_two_quotes_is_not_the_null() {
    let bytes = MessageBuilder::new(header()).segment(SegmentBuilder::new("ZP1").field(1, "\"\"")).build();
    let bytes = bytes.unwrap();
    let message = Message::parse(&bytes, &ParseOptions::default().strict()).unwrap();
    let field = message.segment("ZP1").unwrap().field(1).unwrap();
    assert!(!matches!(field.presence(), Presence::Null));
    assert_eq!(message.get("ZP1-1").unwrap().as_deref(), Some("\"\""));
}

#[test]
fn empty_parts_at_the_end_are_left_out() {
    let segment = SegmentBuilder::new("ZP1")
        .field(1, Value::parts(["a", "", ""]))
        .add(1, Value::absent())
        .component(2, 3, 2, Value::from("b").with(4, ""))
        .field(9, "");
    assert_eq!(second_line(MessageBuilder::new(header()).segment(segment)), "ZP1|a|~~^b");
    assert_eq!(second_line(MessageBuilder::new(header()).segment(SegmentBuilder::new("ZP1"))), "ZP1");
}

#[test]
fn a_value_that_stands_alone_becomes_the_first_part() {
    let segment =
        SegmentBuilder::new("ZP1").field(1, "a").component(1, 1, 3, "c").subcomponent(1, 1, 1, 2, "b");
    assert_eq!(second_line(MessageBuilder::new(header()).segment(segment)), "ZP1|a&b^^c");
}

#[test]
fn lines_are_breaks_and_other_controls_are_hexadecimal() {
    let segment =
        SegmentBuilder::new("ZP1").field(1, Value::lines("a\r\nb\nc\rd")).field(2, "a\r\nb\u{b}\t.");
    let expected = r"ZP1|a\.br\b\.br\c\.br\d|a\X0D\\X0A\b\X0B\".to_owned() + "\t.";
    assert_eq!(second_line(MessageBuilder::new(header()).segment(segment)), expected);
}

#[test]
fn custom_delimiters_and_the_truncation_character() {
    let delimiters = Delimiters::parse("#*%!@$").unwrap();
    let segment = SegmentBuilder::new("ZP1").field(1, Value::parts(["a#", "|^~\\&"])).add(1, "$!@");
    let bytes = MessageBuilder::new(header()).delimiters(delimiters).segment(segment).build().unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text, "MSH#*%!@$#######ADT*A08#7##2.5.1\rZP1#a!F!*|^~\\&%!P!!E!!T!\r");
}

#[test]
fn the_character_set_is_declared_by_its_value_of_table_0211() {
    let declared = |charset| {
        let bytes = MessageBuilder::new(SegmentBuilder::new("MSH")).charset(charset).build().unwrap();
        String::from_utf8(bytes).unwrap().split_off(24)
    };
    assert_eq!(declared(Charset::Iso8859_1), "8859/1\r");
    assert_eq!(declared(Charset::Utf8), "UNICODE UTF-8\r");
    assert_eq!(declared(Charset::Iso2022Jp), "~ISO IR87||ISO 2022-1994\r");
    let own = SegmentBuilder::new("MSH").field(18, "8859/1").add(18, "ASCII");
    let bytes = MessageBuilder::new(own).charset(Charset::Iso8859_1).build().unwrap();
    assert!(bytes.ends_with(b"|8859/1~ASCII\r"));
}

#[test]
fn sets_that_change_are_all_declared_and_read_back() {
    let base = |charset| Charset::Iso2022(crate::BaseCharset::of(charset).unwrap());
    for (charset, text, declared) in [
        (Charset::Iso2022Jp, "山田", "~ISO IR87||ISO 2022-1994"),
        (Charset::Iso2022Jp, "plain", "~ISO IR87||ISO 2022-1994"),
        (Charset::Iso2022Jp, "ﾔﾏﾀﾞ 丂 ¥ 山 山", "~ISO IR87~ISO IR13~ISO IR159~ISO IR14||ISO 2022-1994"),
        (base(Charset::Iso8859_1), "Müller 山田 Müller", "8859/1~ISO IR87||ISO 2022-1994"),
        (base(Charset::Iso8859_5), "Иван שלום Иван", "8859/5~8859/8||ISO 2022-1994"),
        (base(Charset::Ascii), "שלום", "ASCII~8859/8||ISO 2022-1994"),
        (base(Charset::Ascii), "שלום 山", "ASCII~8859/8~ISO IR87||ISO 2022-1994"),
    ] {
        for (version, has_scheme) in [("2.3.1", true), ("2.9", true), ("2.3", false)] {
            if !has_scheme && charset != Charset::Iso2022Jp {
                continue; // nothing in 2.3 says that other sets change
            }
            let header = SegmentBuilder::new("MSH").field(12, Value::parts([version, "DEU"]));
            let segment = SegmentBuilder::new("ZP1").field(1, text);
            let bytes = MessageBuilder::new(header).charset(charset).segment(segment).build().unwrap();
            let expected = if has_scheme { declared } else { declared.trim_end_matches("||ISO 2022-1994") };
            let line = format!("MSH|^~\\&||||||||||{version}^DEU||||||{expected}\r");
            assert!(bytes.starts_with(line.as_bytes()), "{}", String::from_utf8_lossy(&bytes));
            let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
            assert_eq!(message.get("ZP1-1").unwrap().as_deref(), Some(text), "{version} {declared}");
            assert!(message.diagnostics().is_empty(), "{version} {declared} {:?}", message.diagnostics());
        }
    }
    let own = SegmentBuilder::new("MSH").field(20, "2.3");
    let bytes = MessageBuilder::new(own).charset(Charset::Iso2022Jp).build().unwrap();
    assert!(bytes.ends_with(b"|~ISO IR87||2.3\r"));
}

#[test]
fn what_a_set_cannot_hold_is_refused_with_its_place() {
    let name = || SegmentBuilder::new("PID").field(3, "1").add(5, "x").component(5, 2, 1, "東");
    let error = refused(name(), r"|^~\&", Charset::Iso8859_1);
    assert_eq!(error, BuildError::Charset { location: place("PID-5[2].1") });
    assert_eq!(error.location(), Some(&place("PID[1]-5[2].1")));
    assert!(!error.to_string().contains('東'));
    for (text, charset) in [
        ("é", Charset::Ascii),
        ("€", Charset::Iso8859_1),
        ("한", Charset::Iso2022Jp),
        ("\u{1b}", Charset::Iso2022Jp),
    ] {
        let segment = SegmentBuilder::new("ZP1").field(1, text);
        let expected = BuildError::Charset { location: place("ZP1-1") };
        assert_eq!(refused(segment, r"|^~\&", charset), expected, "{charset:?}");
    }
}

#[test]
fn what_the_delimiters_cannot_express_is_refused_with_its_place() {
    let text = |text: &str| SegmentBuilder::new("ZP1").field(2, text);
    let parts = |value: Value| SegmentBuilder::new("ZP1").field(2, value);
    let location = place("ZP1-2");
    assert_eq!(refused(text("a|b"), "|^~", Charset::Utf8), BuildError::NoEscapeCharacter { location });
    assert_eq!(refused(text("a\nb"), "|^~", Charset::Utf8), BuildError::NoEscapeCharacter { location });
    let deep = Value::from("a").with(2, Value::parts(["b", "c"]));
    let location = place("ZP1-2.2.2");
    assert_eq!(refused(parts(deep), r"|^~\", Charset::Utf8), BuildError::NoSeparator { location });
    let deeper = Value::absent().with(1, Value::absent().with(3, Value::parts(["a", "b"])));
    let location = place("ZP1-2.1.3");
    assert_eq!(refused(parts(deeper), r"|^~\&", Charset::Utf8), BuildError::TooDeep { location });
}

#[test]
fn notation_must_stay_in_its_place() {
    let fine = SegmentBuilder::new("ZP1").raw(1, "a^b&c~d\\F\\\t").component(2, 1, 2, Value::raw("x&y"));
    assert_eq!(second_line(MessageBuilder::new(header()).segment(fine)), "ZP1|a^b&c~d\\F\\\t|^x&y");
    for segment in [
        SegmentBuilder::new("ZP1").raw(1, "a|b"),
        SegmentBuilder::new("ZP1").raw(1, "a\rb"),
        SegmentBuilder::new("ZP1").raw(1, "a\u{1C}b"),
        SegmentBuilder::new("ZP1").raw(1, "\u{B}"),
        SegmentBuilder::new("ZP1").raw(1, "\u{1B}$B"),
        SegmentBuilder::new("ZP1").component(1, 1, 1, Value::raw("a^b")),
        SegmentBuilder::new("ZP1").subcomponent(1, 1, 1, 1, Value::raw("a&b")),
    ] {
        assert!(matches!(refused(segment, r"|^~\&", Charset::Utf8), BuildError::Raw { .. }));
    }
}

#[test]
fn headers_names_and_numbers_are_checked() {
    let build = |segments: [SegmentBuilder; 2]| {
        let [first, second] = segments;
        MessageBuilder::new(first).segment(second).build().unwrap_err()
    };
    let new = |name: &str| SegmentBuilder::new(name);
    assert_eq!(build([new("PID"), new("PV1")]), BuildError::NoHeader);
    assert_eq!(build([new("MSH"), new("MSH")]), BuildError::RepeatedHeader { position: 2 });
    for name in ["FHS", "BHS", "BTS", "FTS"] {
        assert_eq!(build([new("MSH"), new(name)]), BuildError::Envelope { position: 2 });
    }
    assert_eq!(build([new("MSH"), new("P|D")]), BuildError::SegmentId { position: 2 });
    assert_eq!(build([new("MSH"), new("msh")]), BuildError::SegmentId { position: 2 });
    assert_eq!(build([new("MSH"), new("ObX")]), BuildError::SegmentId { position: 2 });
    let location = place("MSH-2");
    assert_eq!(build([new("MSH").field(2, "x"), new("PID")]), BuildError::Delimiters { location });
    for segment in [
        new("PID").field(0, "a"),
        new("PID").field(1_001, "a"),
        new("PID").repetition(1, 0, "a"),
        new("PID").component(1, 1, 0, "a"),
        new("PID").subcomponent(1, 1, 1, usize::MAX, "a"),
    ] {
        assert!(matches!(build([new("MSH"), segment]), BuildError::Number { .. }));
    }
}

#[test]
fn debug_shows_no_value() {
    let builder = MessageBuilder::new(header()).segment(SegmentBuilder::new("PID").field(5, "Doe"));
    assert!(!format!("{builder:?} {:?}", Value::from("Doe")).contains("Doe"));
}

const SETS: [Charset; 6] = [
    Charset::Ascii,
    Charset::Utf8,
    Charset::Iso8859_1,
    Charset::Iso8859_2,
    Charset::Iso2022Jp,
    Charset::Gb18030,
];

proptest! {
    #[test]
    fn what_is_built_reads_back(
        texts in prop::collection::vec("[a-zA-Z0-9|^~\\\\&#\"éß東\u{b}\u{1c}\r\n. ]{0,12}|\"\"|.{0,6}", 1..12),
        declared in prop::sample::select(vec![r"|^~\&", r"|^~\&#", "#*%!@", r"|^~\"]),
        charset in prop::sample::select(SETS.to_vec()),
    ) {
        let delimiters = Delimiters::parse(declared).unwrap();
        let mut segment = SegmentBuilder::new("ZP1");
        let spot = |index: usize| (1 + index % 3, 1 + index / 3 % 2, 1 + index / 6);
        for (index, text) in texts.iter().enumerate() {
            let (field, repetition, component) = spot(index);
            segment = segment.component(field, repetition, component, text.as_str());
        }
        let builder = MessageBuilder::new(header()).delimiters(delimiters).charset(charset).segment(segment);
        let Ok(bytes) = builder.build() else {
            let shifts = |text: &String| text.contains(['\u{1b}', '\u{e}', '\u{f}']);
            let foreign = texts.iter().any(|text| !text.is_ascii() || shifts(text));
            prop_assert!(charset != Charset::Utf8 && foreign);
            return Ok(());
        };
        let options = ParseOptions::default();
        let message = Message::parse(&bytes, &options).unwrap();
        prop_assert_eq!(message.charset(), charset);
        for (index, text) in texts.iter().enumerate() {
            let (field, repetition, component) = spot(index);
            let location = place("ZP1").at_field(field).at_repetition(repetition).at_component(component);
            let read = message.at(&location);
            prop_assert_eq!(read.as_deref().unwrap_or_default(), text.as_str());
        }
    }
}
