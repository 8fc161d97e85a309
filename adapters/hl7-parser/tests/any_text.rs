//! Whatever the text: a conversion gives the same message or an error.

use carewire_hl7_parser::{from_hl7_parser, to_hl7_parser};
use carewire_hl7_v2::{Message, ParseOptions};
use proptest::prelude::*;

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "(PID|OBX|ZP1|MSH|pid|Ä1B|AB)[|][a-zé1-9|^~&\\\\#]{0,20}",
        1 => "[a-z|^~&\\\\\" \u{0B}]{0,9}",
    ]
}

fn message() -> impl Strategy<Value = String> {
    let header = prop_oneof![
        6 => Just("MSH|^~\\&"),
        1 => Just("MSH|^~\\&#"),
        1 => Just("MSH#*%!@"),
        1 => Just("MSH|^~\\"),
        1 => Just("MSH|||"),
    ];
    let end = prop_oneof![4 => Just("\r"), 1 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r\r")];
    (header, proptest::collection::vec((line(), end), 0..6)).prop_map(|(header, lines)| {
        let lines: String = lines.into_iter().flat_map(|(line, end)| [line, end.to_owned()]).collect();
        format!("{header}|A|B\r{lines}")
    })
}

proptest! {
    #[test]
    fn a_conversion_loses_nothing(text in message()) {
        let Ok(ours) = Message::parse(text.as_bytes(), &ParseOptions::default()) else { return Ok(()) };
        if let Ok(theirs) = to_hl7_parser(&ours) {
            let back = from_hl7_parser(&theirs);
            prop_assert!(back.is_ok());
            let lines = |message: &Message<'_>| {
                message.segments().map(|segment| segment.raw().to_owned()).collect::<Vec<_>>()
            };
            prop_assert_eq!(back.map(|back| lines(&back)).unwrap_or_default(), lines(&ours));
        }
    }

    #[test]
    fn all_that_hl7_parser_holds_is_kept(text in message(), lenient: bool) {
        let Ok(theirs) = hl7_parser::Message::parse_with_lenient_newlines(&text, lenient) else { return Ok(()) };
        let ours = from_hl7_parser(&theirs);
        prop_assert!(ours.is_ok());
        let kept = ours.map(|ours| ours.to_bytes().to_vec()).unwrap_or_default();
        prop_assert_eq!(kept, theirs.raw_value().as_bytes());
    }
}
