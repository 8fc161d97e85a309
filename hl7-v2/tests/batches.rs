//! Files of messages: every byte in one event, the same events however the bytes come in, bounded memory.

use std::ops::Range;

use carewire_hl7_v2::batch::{Batch, BatchEvent, BatchFindingKind as Kind, Splitter};
use carewire_hl7_v2::{DiagnosticKind, Message, ParseOptions};
use proptest::prelude::*;

/// The events of a file pushed in pieces of these sizes: their shape, their span, whether they own their bytes.
fn events(bytes: &[u8], sizes: &[usize], limit: usize) -> Vec<(String, Range<u64>, bool)> {
    let (mut splitter, mut events) = (Splitter::with_limit(limit), Vec::new());
    let (mut rest, mut sizes) = (bytes, sizes.iter().cycle());
    loop {
        let (chunk, left) = rest.split_at(rest.len().min(sizes.next().copied().unwrap_or(usize::MAX).max(1)));
        rest = left;
        if chunk.is_empty() {
            splitter.finish();
        }
        splitter.push(chunk);
        while let Some(event) = splitter.next_event() {
            events.push(shape(bytes, event));
        }
        if splitter.is_finished() {
            return events;
        }
    }
}

fn shape(bytes: &[u8], event: BatchEvent<'_>) -> (String, Range<u64>, bool) {
    let same = |found: &[u8], span: &Range<u64>| {
        let span = usize::try_from(span.start).unwrap_or(0)..usize::try_from(span.end).unwrap_or(0);
        assert_eq!(bytes.get(span), Some(found));
    };
    match event {
        BatchEvent::FileHeader(line) => {
            (same(line.bytes(), &line.span()), ("FHS".into(), line.span(), true)).1
        }
        BatchEvent::BatchHeader(line) => {
            (same(line.bytes(), &line.span()), ("BHS".into(), line.span(), true)).1
        }
        BatchEvent::Message(message) => {
            same(message.bytes(), &message.span());
            (format!("message {}", message.number()), message.span(), true)
        }
        BatchEvent::BatchTrailer { line, declared, counted } => {
            (format!("BTS {declared:?} {counted}"), line.span(), true)
        }
        BatchEvent::FileTrailer { line, declared, counted } => {
            (format!("FTS {declared:?} {counted}"), line.span(), true)
        }
        BatchEvent::Finding(finding) => {
            let owns = matches!(finding.kind(), Kind::Blank | Kind::StrayLines { .. } | Kind::TooLong);
            (format!("{:?}", finding.kind()), finding.span(), owns)
        }
        other => (format!("{other:?}"), 0..0, false),
    }
}

fn shapes(file: &str) -> Vec<String> {
    events(file.as_bytes(), &[], 1_000).into_iter().map(|(shape, ..)| shape).collect()
}

#[test]
fn envelopes_whole_absent_and_broken() {
    for (file, expected) in [
        (
            "FHS|^~\\&|A\rBHS|^~\\&|A\rMSH|a\rPID|1\rMSH|b\rBTS|2\rBHS|\rBTS|0|empty\rFTS|2\r",
            &[
                "FHS",
                "BHS",
                "message 1",
                "message 2",
                "BTS Some(2) 2",
                "BHS",
                "BTS Some(0) 0",
                "FTS Some(2) 2",
            ][..],
        ),
        ("MSH|a\rPID|1\rMSH|b", &["message 1", "message 2"]),
        ("MSH|a\n\nPID|1\nMSH|b\n", &["message 1", "message 2"]),
        ("FHS|\r\nMSH|a\r\nFTS|1\r\n", &["FHS", "message 1", "FTS Some(1) 1"]),
        ("MSH|a\rBTS|1\r", &["message 1", "BTS Some(1) 1", "MissingHeader"]),
        ("BTS|0\rFTS|1\r", &["BTS Some(0) 0", "MissingHeader", "FTS Some(1) 1", "MissingHeader"]),
        (
            "BHS|\rMSH|a\rBHS|\rMSH|b\rBTS|1\r",
            &["BHS", "message 1", "MissingTrailer", "BHS", "message 1", "BTS Some(1) 1"],
        ),
        ("FHS|\rBHS|\rMSH|a\r", &["FHS", "BHS", "message 1", "MissingTrailer", "MissingTrailer"]),
        ("FHS|\rBHS|\rFTS|1\r", &["FHS", "BHS", "MissingTrailer", "FTS Some(1) 1"]),
        ("FHS|\rFTS|\rFHS|\rFTS\r", &["FHS", "FTS None 0", "FHS", "FTS None 0"]),
        (
            "BHS|\rMSH|a\rBTS|2\r",
            &["BHS", "message 1", "BTS Some(2) 1", "MessageCount { declared: 2, counted: 1 }"],
        ),
        (
            "FHS|\rMSH|a\rFTS|7\r",
            &["FHS", "message 1", "FTS Some(7) 1", "BatchCount { declared: 7, counted: 1 }"],
        ),
        ("BHS|\rBTS|many\r", &["BHS", "BTS None 0", "UnreadableCount"]),
        ("BHS|\rBTS| 0 \r", &["BHS", "BTS Some(0) 0"]),
        (
            "hello\r\rMSH|a\rmore\rBTS|x\rafter\ragain",
            &[
                "StrayLines { lines: 1 }",
                "message 1",
                "BTS None 1",
                "MissingHeader",
                "UnreadableCount",
                "StrayLines { lines: 2 }",
            ],
        ),
        ("\r\n \u{1A}", &["Blank"]),
        ("\u{FEFF}FHS#\rMSH#a\rFTS#1\r\u{1A}", &["FHS", "message 1", "FTS Some(1) 1", "Blank"]),
        ("\u{B}MSH|a\r\u{1C}\r\u{B}MSH|b\r\u{1C}\r", &["message 1", "message 2"]),
        ("BTSX|1\rMSHOW\r", &["StrayLines { lines: 2 }"]),
        // what says nothing before a header does not hide it
        ("MSH|a\rPID|1\r\0MSH|b\rOBX|1\r", &["message 1", "message 2"]),
        ("\u{B}MSH|a\r\u{1C}\r\u{B}\u{B}MSH|b\r\u{1C}\r", &["message 1", "message 2"]),
        ("  MSH|a\rMSH|b\r", &["message 1", "message 2"]),
        ("MSH|a\r\u{1C}\u{B}MSH|b\r\u{1A}\u{FEFF}MSH|c\r", &["message 1", "message 2", "message 3"]),
        ("\0\tBHS|\rMSH|a\r BTS|1\r", &["BHS", "message 1", "BTS Some(1) 1"]),
        ("MSH|a\r\0PID|1\r MSHOW\r", &["message 1"]),
        ("bhs|\rmsh|a\rpid|1\rmsh|b\rbts|2\r", &["BHS", "message 1", "message 2", "BTS Some(2) 2"]),
        ("", &[]),
    ] {
        assert_eq!(shapes(file), expected, "{file:?}");
    }
}

#[test]
fn a_long_run_that_says_nothing_belongs_to_what_is_before_it() {
    for count in [1_000, 1_024, 1_025, 100_000] {
        let filler = "\0".repeat(count);
        let file = format!("{filler}MSH|a\r{filler}MSH|b\r{filler}BTS|2\r");
        let own = if count > 1_024 { 0 } else { count as u64 };
        let (first, size) = (count as u64 - own, count as u64);
        for sizes in [&[1][..], &[7, 4_000], &[]] {
            let found = events(file.as_bytes(), sizes, 200_000);
            let messages: Vec<_> = found
                .iter()
                .filter(|(shape, ..)| shape.starts_with("message"))
                .map(|(_, span, _)| span)
                .collect();
            let end = |from: u64| from + own + 6 + size - own;
            assert_eq!(messages, [&(first..end(first)), &(end(first)..end(end(first)))]);
            assert_eq!(found.first().is_some_and(|(shape, ..)| shape == "Blank"), own == 0);
        }
    }
}

#[test]
fn a_message_above_the_limit_is_passed_over_and_counted() {
    let long = format!("BHS|\rMSH|a\r{}MSH|b\rBTS|2\r{}\rMSH|c\r", "OBX|1\r".repeat(100), "FTS|".repeat(50));
    for sizes in [&[1][..], &[7], &[1_000]] {
        let found: Vec<String> =
            events(long.as_bytes(), sizes, 100).into_iter().map(|(shape, ..)| shape).collect();
        assert_eq!(found[..4], ["BHS", "TooLong", "message 2", "BTS Some(2) 2"]);
    }
}

#[test]
fn memory_is_bounded_by_the_limit_and_the_time_is_linear() {
    for unit in ["OBX|1\r", "x", "\r", "BHS|\r", "BTS|1\r", "MSH|\r", "FHS", "\u{B}"] {
        let mut splitter = Splitter::with_limit(10_000);
        let chunk = unit.repeat(4_096 / unit.len());
        splitter.push(b"MSH|a\r");
        for _ in 0..500 {
            splitter.push(chunk.as_bytes());
            while splitter.next_event().is_some() {}
            let held = format!("{splitter:?}");
            let held = held.split("held: ").nth(1).and_then(|rest| rest.split(',').next());
            assert!(
                held.and_then(|held| held.parse::<usize>().ok())
                    .is_some_and(|held| held <= 10_000 + 3 * 4_096)
            );
        }
    }
}

#[test]
fn debug_shows_no_value() {
    let mut splitter = Splitter::new();
    splitter.push(b"FHS|^~\\&|CANARY\rMSH|CANARY\rCANARY\rBTS|CANARY\rCANARY\r");
    splitter.finish();
    let mut shown = format!("{splitter:?}");
    while let Some(event) = splitter.next_event() {
        shown += &format!("{event:?}");
    }
    assert!(!shown.contains("CANARY") && shown.contains("Message"), "{shown}");
}

fn file() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&[u8]; 23] = [
        b"\0",
        b"\t",
        b"\0MSH|^~\\&|B\r",
        b"FHS|^~\\&|A\r",
        b"BHS|^~\\&|A\r\n",
        b"MSH|^~\\&|A\r",
        b"PID|1\r",
        b"BTS|1\r",
        b"FTS|1\n",
        b"MSH",
        b"BTS",
        b"FTS|",
        b"\r",
        b"\n",
        b"\r\n",
        b"|",
        b"1",
        b"\xEF\xBB\xBF",
        b"\x0B",
        b"\x1C\r",
        b" ",
        b"text",
        b"\x1A",
    ];
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_byte_is_in_one_event_however_it_comes_in(
        bytes in prop_oneof![4 => file(), 1 => prop::collection::vec(any::<u8>(), 0..60)],
        sizes in prop::collection::vec(1..9_usize, 1..5),
        limit in prop_oneof![Just(5_usize), Just(25), Just(1_000)],
    ) {
        let found = events(&bytes, &sizes, limit);
        let mut end = 0;
        for (shape, span, owns) in &found {
            if *owns {
                prop_assert_eq!(span.start, end, "{}", shape);
                end = span.end;
            }
            prop_assert!(span.start <= span.end && span.end <= bytes.len() as u64);
        }
        prop_assert_eq!(end, bytes.len() as u64);
        prop_assert_eq!(found, events(&bytes, &[], limit));
    }

    #[test]
    fn messages_come_apart_whatever_says_nothing_between_them(
        messages in prop::collection::vec((message(), lead_in()), 1..6),
        sizes in prop::collection::vec(1..9_usize, 1..5),
    ) {
        let file = messages.iter().map(|(message, before)| [before, &message[..]].concat()).collect::<Vec<_>>().concat();
        let batch = Batch::split(&file);
        let whole = |bytes: &[u8]| {
            let message = Message::parse(bytes, &ParseOptions::default()).ok()?;
            let twice = message.diagnostics().iter().any(|found| found.kind() == DiagnosticKind::RepeatedHeader);
            let named = message.segments().filter(|segment| segment.id().is_some());
            Some((named.map(|segment| segment.raw().to_owned()).collect::<Vec<_>>(), twice))
        };
        let found: Vec<_> = batch.messages().iter().map(|bytes| whole(bytes)).collect();
        let expected: Vec<_> = messages.iter().map(|(message, _)| whole(message)).collect();
        prop_assert!(expected.iter().all(|message| message.as_ref().is_some_and(|(_, twice)| !twice)));
        prop_assert_eq!(found, expected);
        prop_assert_eq!(events(&file, &sizes, 1_000), events(&file, &[], 1_000));
        // What is not taken apart is not taken for one message either.
        let merged = whole(&file);
        prop_assert!(merged.is_some_and(|(_, twice)| twice == (messages.len() > 1)));
    }
}

fn message() -> impl Strategy<Value = Vec<u8>> {
    let separator = prop::sample::select(&b"|#"[..]);
    let end = prop::sample::select(&["\r", "\n", "\r\n"][..]);
    (separator, end, 0..4_usize, any::<bool>()).prop_map(|(separator, end, segments, lower)| {
        let separator = char::from(separator);
        let name = if lower { "msh" } else { "MSH" };
        let mut message = format!("{name}{separator}^~\\&{separator}A{end}");
        (0..segments).for_each(|n| message.push_str(&format!("PID{separator}{n}{end}")));
        message.into_bytes()
    })
}

fn lead_in() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&[u8]; 10] =
        [b"\xEF\xBB\xBF", b"\x0B", b"\x1C", b"\x1C\r", b" ", b"\t", b"\0", b"\x0C", b"\x1A", b"\r\n"];
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..6).prop_map(|pieces| pieces.concat())
}
