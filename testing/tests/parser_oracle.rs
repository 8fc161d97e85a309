//! Our parser against `hl7-parser` 0.3 on well-formed messages: the same segments, the same values. Where they differ, the
//! reason is known; a difference without one fails.

use std::collections::BTreeMap;

use carewire_hl7_v2::{DiagnosticKind, Message, ParseOptions};
use carewire_testing::corpus::{self, Sample};

/// Our path and theirs.
const PATHS: [(&str, &str); 12] = [
    ("MSH-3.1", "MSH.3.1"),
    ("MSH-7.1", "MSH.7.1"),
    ("MSH-9.2", "MSH.9.2"),
    ("MSH-10.1", "MSH.10.1"),
    ("MSH-12.1", "MSH.12.1"),
    ("PID-3[1].1", "PID.3[1].1"),
    ("PID-3[2].4", "PID.3[2].4"),
    ("PID-5.1", "PID.5.1"),
    ("PID-8.1", "PID.8.1"),
    ("PV1-2.1", "PV1.2.1"),
    ("OBX(2)-3.1", "OBX[2].3.1"),
    ("OBX-5.1", "OBX.5.1"),
];

/// Why the two may differ, each with a test of its own below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    /// It stops, without an error, at a segment without fields.
    StopsAtSegmentWithoutFields,
    /// It stops, without an error, at a segment id that holds no digit where it wants one, or more than it knows.
    StopsAtSegmentId,
    /// It stops, without an error, where a segment ends in both CR and LF or where lines are blank.
    StopsAtLineEnd,
    /// It takes a fifth delimiter, the truncation character of 2.7, for the first field of the header, which moves the
    /// others.
    MovesHeaderAfterFifthDelimiter,
    /// It has no message to compare: it refuses what it does not parse.
    Refuses,
}

#[test]
fn two_parsers_agree_on_well_formed_messages() {
    let Some(corpus) = corpus::directory() else {
        println!("{}", corpus::NOT_SET);
        return;
    };
    let samples = corpus::messages(&corpus, "").unwrap();
    let mut compared = 0;
    let mut known: BTreeMap<Known, u32> = BTreeMap::new();
    let mut unknown = Vec::new();
    for sample in samples.iter().filter(|sample| is_well_formed(sample)) {
        compared += 1;
        match compare(sample) {
            Ok(Some(reason)) => *known.entry(reason).or_default() += 1,
            Ok(None) => {}
            Err(difference) => unknown.push(format!("{sample}: {difference}")),
        }
    }
    println!(
        "{compared} of {} messages are well-formed; they differ for known reasons: {known:?}",
        samples.len()
    );
    unknown.iter().for_each(|difference| println!("DIFFERENT {difference}"));
    assert!(compared > 300, "the corpus has too few well-formed messages");
    assert!(unknown.is_empty(), "{} differences without a known reason", unknown.len());
}

/// Nothing to report but line feeds, which whole files of messages have.
fn is_well_formed(sample: &Sample) -> bool {
    let Ok(message) = Message::parse(&sample.bytes, &ParseOptions::default()) else { return false };
    let harmless = |kind| kind == DiagnosticKind::LineFeed;
    std::str::from_utf8(&sample.bytes).is_ok()
        && message.diagnostics().iter().all(|diagnostic| harmless(diagnostic.kind()))
}

fn compare(sample: &Sample) -> Result<Option<Known>, String> {
    let ours = Message::parse(&sample.bytes, &ParseOptions::default()).map_err(|error| error.to_string())?;
    let text = std::str::from_utf8(&sample.bytes).map_err(|error| error.to_string())?;
    let Ok(theirs) = hl7_parser::Message::parse_with_lenient_newlines(text, true) else {
        return Ok(Some(Known::Refuses));
    };
    if let Some(reason) = segments(&ours, &theirs, text)? {
        return Ok(Some(reason));
    }
    let five_delimiters = text.as_bytes().get(8) == Some(&b'#');
    for (our_path, their_path) in PATHS {
        if five_delimiters && our_path.starts_with("MSH") {
            continue;
        }
        let our_value = ours.get(our_path).map_err(|error| error.to_string())?.unwrap_or_default();
        let their_value =
            theirs.query(their_path).map(|found| found.raw_value().to_owned()).unwrap_or_default();
        // What it makes of escape sequences loses data: only values without any are compared.
        if !their_value.contains('\\') && our_value != their_value {
            return Err(format!("{our_path} differs"));
        }
    }
    Ok(five_delimiters.then_some(Known::MovesHeaderAfterFifthDelimiter))
}

/// Both have the same segments, or theirs end early for a known reason.
fn segments(
    ours: &Message<'_>,
    theirs: &hl7_parser::Message<'_>,
    text: &str,
) -> Result<Option<Known>, String> {
    let our_names: Vec<String> = ours.segments().map(|segment| segment.name().to_owned()).collect();
    let their_names: Vec<&str> = theirs.segments().map(|segment| segment.name).collect();
    if !our_names.iter().map(String::as_str).take(their_names.len()).eq(their_names.iter().copied()) {
        return Err("segments differ in name or order".into());
    }
    if our_names.len() == their_names.len() {
        return Ok(None);
    }
    let lines: Vec<&str> = text.split(['\r', '\n']).filter(|line| !line.trim().is_empty()).collect();
    match lines.get(their_names.len()) {
        Some(line) if !line.contains('|') => Ok(Some(Known::StopsAtSegmentWithoutFields)),
        Some(line) if !line.get(..3).is_some_and(is_usual_id) => Ok(Some(Known::StopsAtSegmentId)),
        Some(_) if text.contains("\r\n\r\n") || text.contains("\n\n") || text.contains("\r\r") => {
            Ok(Some(Known::StopsAtLineEnd))
        }
        Some(_) => Err(format!("{} segments, theirs {}", our_names.len(), their_names.len())),
        None => Err("more segments than lines".into()),
    }
}

fn is_usual_id(id: &str) -> bool {
    let bytes = id.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_uppercase)
        && bytes.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[test]
fn it_stops_at_a_segment_without_fields() {
    let text = "MSH|^~\\&|A\rPID\rPV1||I\r";
    assert_eq!(hl7_parser::Message::parse(text).unwrap().segments().count(), 1);
    let ours = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    assert_eq!(ours.segments().count(), 3);
}

#[test]
fn it_moves_the_header_after_a_fifth_delimiter() {
    let text = "MSH|^~\\&#|A|B\r";
    assert_eq!(hl7_parser::Message::parse(text).unwrap().query("MSH.3").unwrap().raw_value(), "#");
    let ours = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    assert_eq!(ours.sending_application().as_deref(), Some("A"));
}

#[test]
fn it_stops_at_a_blank_line() {
    let text = "MSH|^~\\&|A\r\rPV1||I\r";
    assert_eq!(hl7_parser::Message::parse(text).unwrap().segments().count(), 1);
}
