//! One case for each reason why two parsers may differ: what makes them differ, and that it is found.

use carewire_oracles::{Class, Peer, compare, compare_batch};

const CASES: &[(Class, Peer, &str)] = &[
    (Class::RefusesWhatStandsBefore, Peer::Hl7Parser, "\u{FEFF}MSH|^~\\&|A"),
    (Class::RefusesWhatStandsBefore, Peer::Mllp, "\u{0B}MSH|^~\\&|A"),
    (Class::RefusesShortHeader, Peer::Mllp, "MSH|^~"),
    (Class::RefusesShortHeader, Peer::Hl7Parser, "MSH|^~\\"),
    (Class::RefusesDelimiters, Peer::Hl72, "MSH|^^\\&|A"),
    (Class::RefusesUnnamedSegment, Peer::Mllp, "MSH|^~\\&|A\r|1"),
    (Class::FieldSeparator, Peer::Mllp, "MSHé^~\\&é"),
    (Class::Batch, Peer::Hl72, "FHS|^~\\&|A\rMSH|^~\\&|A"),
    (Class::SkipsToHeader, Peer::Hl72, "\u{A0}MSH|^~\\&|A"),
    (Class::StopsAtSegmentWithoutFields, Peer::Hl7Parser, "MSH|^~\\&|A\rPID\rPV1|1"),
    (Class::StopsAtSegmentId, Peer::Hl7Parser, "MSH|^~\\&|A\rABCD|1\rPV1|1"),
    (Class::StopsAtBlankLine, Peer::Hl7Parser, "MSH|^~\\&|A\r\rPV1|1"),
    (Class::KeepsBlankLine, Peer::Hl72, "MSH|^~\\&|A\r\0\rPV1|1"),
    (Class::KeepsBlankLine, Peer::Mllp, "MSH|^~\\&|A\r \rPV1|1"),
    (Class::TrimsLines, Peer::Hl72, "MSH|^~\\&|A\rPV1|1 "),
    (Class::KeepsFrameCharacter, Peer::Mllp, "MSH|^~\\&|A\r\u{1C}\r"),
    (Class::NamesAnyLine, Peer::Mllp, "MSH|^~\\&|A\rABCD|1"),
    (Class::SecondHeader, Peer::Mllp, "MSH|^~\\&|A\rMSH|^~\\&|B"),
    (Class::SplitsEncodingCharacters, Peer::Mllp, "MSH|^~\\&|A"),
    (Class::MovesHeader, Peer::Hl7Parser, "MSH|^~\\&#|A"),
    (Class::OddDelimiters, Peer::Hl72, "MSH|^~\\|A\rPID|a&b"),
    (Class::OddDelimiters, Peer::Hl7Parser, "MSH|\rPID|1|2\rPV1|1"),
    (Class::Layout, Peer::Hl72, "MSH|^~\\&|A\rNTE|a\\.br\\b"),
    (Class::Layout, Peer::Hl7Parser, "MSH|^~\\&|A\rNTE|\\H\\b\\N\\"),
    (Class::HexKept, Peer::Mllp, "MSH|^~\\&|A\rNTE|a\\X0D0A\\b"),
    (Class::HexReplaced, Peer::Hl72, "MSH|^~\\&|A\rNTE|\\XC3\\\\XA9\\"),
    (Class::CharsetSwitch, Peer::Hl72, "MSH|^~\\&|A\rNTE|a\\C284A\\b"),
    (Class::UnknownSequence, Peer::Hl72, "MSH|^~\\&|A\rNTE|4\\5 re\\T\\6"),
    (Class::TruncationKept, Peer::Hl72, "MSH|^~\\&#|A\rNTE|a\\P\\"),
    (Class::DropsEscapes, Peer::Hl7Parser, "MSH|^~\\&|A\rNTE|4\\5 re"),
    (Class::CountsCharacters, Peer::Hl7Parser, "MSH|^~\\&|A\rNTE|ééé\\T\\"),
    (Class::NullIsEmpty, Peer::Hl72, "MSH|^~\\&|A\rPID|\"\""),
];

const BATCHES: &[(Class, &str)] = &[
    (Class::FirstLineIsMessage, "hello\rMSH|^~\\&|A"),
    (Class::FirstLineIsMessage, "MSH|^~\\&|A\rBTS|1\rafter"),
    (Class::TrimsLines, "MSH|^~\\&|A\r\u{A0}\rMSH|^~\\&|B"),
    (Class::HeaderByLetters, "MSH|^~\\&|A\rMSH text"),
    (Class::LooseHeader, "MSH|^~\\&|A\rmsh|^~\\&|B"),
    (Class::LooseHeader, "MSH|^~\\&|A\r MSH|^~\\&|B"),
    (Class::KeepsFrameCharacter, "MSH|^~\\&|A\r\u{0B}MSH|^~\\&|B"),
];

#[test]
fn each_case_differs_for_its_reason_and_no_other() {
    for (class, peer, text) in CASES {
        let found = compare(text, *peer);
        assert!(found.iter().any(|found| found.class == Some(*class)), "{class:?} of {peer:?}: {found:?}");
        let explained = [Some(*class), Some(Class::SplitsEncodingCharacters)];
        let other = found.iter().find(|found| !explained.contains(&found.class));
        assert!(other.is_none(), "{class:?} of {peer:?}: {other:?}");
    }
    for (class, text) in BATCHES {
        let found = compare_batch(text);
        assert_eq!(found.iter().map(|found| found.class).collect::<Vec<_>>(), [Some(*class)], "{text:?}");
    }
}

#[test]
fn every_class_has_a_case() {
    let cases = CASES.iter().map(|(class, ..)| *class);
    let known: Vec<Class> = cases.chain(BATCHES.iter().map(|(class, _)| *class)).collect();
    let without: Vec<Class> = Class::ALL.into_iter().filter(|class| !known.contains(class)).collect();
    assert!(without.is_empty(), "no case for {without:?}");
}

#[test]
fn a_plain_message_is_the_same_to_all() {
    let text = "MSH|^~\\&|A|B\rPID|1||5^^^GEN&1.2&ISO~6||Doe \\T\\ Co^Jo\rOBX|1|NM|1^2||3\r";
    for peer in Peer::ALL {
        let found = compare(text, peer);
        assert!(
            found.iter().all(|found| found.class == Some(Class::SplitsEncodingCharacters)),
            "{peer:?}: {found:?}"
        );
    }
    assert!(
        compare_batch("FHS|^~\\&\rBHS|^~\\&\rMSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\rBTS|2\rFTS|1\r").is_empty()
    );
}
