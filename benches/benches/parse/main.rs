//! Parsing and reading ten components: ours beside the other parsers, on two synthetic messages, all in one run.
//!
//! What each row does: ours takes bytes, checks the character set, finds the segments, and gives ten texts with escape
//! sequences replaced; it is lazy and splits only what is asked for, except in the row of the index, which finds every
//! field, repetition, component and subcomponent. The others take text that is decoded already; what they split and
//! give is in the row, `raw` being the value as written, which is less work. What they read is compared before the
//! clock starts, text for text, raw values with our raw values: the bench fails when any of it differs. Parsers of other
//! languages time themselves on one thread and are left out, aloud, where they are not installed: `@medplum/core` in
//! `testing/oracle` (`npm ci`), python-hl7 (`pip install hl7`) for `python3` or the program in `CAREWIRE_PYTHON`.
//!
//! MB/s is of the message's bytes, the best of several rounds on one thread, by turns. The other columns are the speed as a
//! multiple of that of hl7-parser and of hl7-2 doing the same as their rows, and of two scans with memchr2 for segments
//! and fields: the bare one that counts them, and one that keeps the span of each.
//!
//! Below each table stand the targets that the message has to show, each `met` or `MISSED`. Nothing fails by them: a
//! shared machine is no judge.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod peers;
mod scripts;
mod targets;

use std::hint::black_box;
use std::time::{Duration, Instant};

use carewire_benches::{admission_of_1_5_kb, results};
use carewire_fhir_core::OrgId;
use carewire_hl7_v2::ack::{AckCode, AckOptions, acknowledge};
use carewire_hl7_v2::fhir::{MapOptions, map};
use carewire_hl7_v2::light::peek;
use carewire_hl7_v2::{Location, Message, ParseOptions};

use crate::peers::{Gives, HL7_2, HL7_PARSER, MLLP, Peer, RUST_HL7};
use crate::targets::Target;

const TURNS: usize = 3;
const ROUNDS: usize = 8;
const ROUND: Duration = Duration::from_millis(60);

/// A message and the ten places that are read of it.
struct Input {
    name: &'static str,
    message: String,
    paths: [&'static str; 10],
    /// How many times faster than hl7-parser these are to be read.
    least_of_hl7_parser: f64,
    /// Which part of the speed of the bare scan is to be reached, if any is asked for.
    least_of_scan: Option<f64>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let adt = Input {
        name: "ADT^A01",
        message: admission_of_1_5_kb(),
        paths: [
            "MSH.10.1",
            "MSH.9.2",
            "PID.3.1",
            "PID.3.4.2",
            "PID.5.1",
            "PID.5.2",
            "PID.7.1",
            "PV1.3.1",
            "IN1.4.1",
            "PV1.19.1",
        ],
        least_of_hl7_parser: 30.0,
        least_of_scan: Some(0.5),
    };
    let oru = Input {
        name: "ORU^R01, 200 OBX",
        message: results(7, 200),
        paths: [
            "MSH.10.1",
            "PID.3.1",
            "PID.5.1",
            "OBR.4.1",
            "OBX[1].5.1",
            "OBX[50].3.1",
            "OBX[100].5.1",
            "OBX[150].6.1",
            "OBX[200].5.1",
            "OBX[200].8.1",
        ],
        least_of_hl7_parser: 100.0,
        least_of_scan: None,
    };
    for input in [adt, oru] {
        compare(&input)?;
    }
    Ok(())
}

/// Prints the table of one message.
fn compare(input: &Input) -> Result<(), Box<dyn std::error::Error>> {
    let text = input.message.as_str();
    let bytes = text.as_bytes();
    let options = ParseOptions::default();
    let places = input.paths.iter().map(|path| path.parse()).collect::<Result<Vec<Location>, _>>()?;
    let raw = raw_values(bytes, &places)?;
    let expected = Expected { texts: texts(|sink| read_at(bytes, &places, sink)).ok_or("not read")?, raw };
    expected.check("carewire at paths", Gives::Text, texts(|sink| read_ours(bytes, &input.paths, sink)))?;
    for peer in [HL7_PARSER, HL7_2, MLLP, RUST_HL7] {
        expected.check(peer.name, peer.gives, texts(|sink| (peer.read)(text, &places, sink)))?;
    }
    let time = |peer: &Peer| measure(|| (peer.read)(text, &places, &mut |text| count(text)));
    let [hl7_parser, hl7_2, mllp, rust_hl7, hl7_2_split, counted, kept, read, read_paths, parsed, indexed] =
        by_turns([
            &|| time(&HL7_PARSER),
            &|| time(&HL7_2),
            &|| time(&MLLP),
            &|| time(&RUST_HL7),
            &|| measure(|| peers::hl7_2_parse(text)),
            &|| measure(|| memchr::memchr2_iter(b'\r', b'|', bytes).count()),
            &|| measure(|| spans(bytes)),
            &|| measure(|| read_at(bytes, &places, &mut count)),
            &|| measure(|| read_ours(bytes, &input.paths, &mut count)),
            &|| measure(|| Message::parse(bytes, &options).map(|m| m.segments().len())),
            &|| measure(|| index(bytes)),
        ]);

    println!("\n{}, {} bytes", input.name, bytes.len());
    println!(
        "{:<46} {:>9} {:>11} {:>13} {:>8} {:>8} {:>8}",
        "", "MB/s", "messages/s", "x hl7-parser", "x hl7-2", "x count", "x spans"
    );
    let row = |name: &str, time| print_row(name, bytes.len(), time, [hl7_parser, hl7_2, counted, kept]);
    row("carewire: parse + 10 texts at locations", read);
    row("carewire: parse + 10 texts at path strings", read_paths);
    row("carewire: parse only", parsed);
    row("carewire: parse + index of every subcomponent", indexed);
    row("carewire: parse + text of every subcomponent", measure(|| read_all(bytes)));
    row(HL7_PARSER.name, hl7_parser);
    row(HL7_2.name, hl7_2);
    row("hl7-2 0.2.7: splits all, reads nothing", hl7_2_split);
    row(MLLP.name, mllp);
    row(RUST_HL7.name, rust_hl7);
    print_scripts(input, &places, &expected, &row)?;
    row("carewire: peek before the ACK", measure(|| peek(bytes, &options)));
    let ack = AckOptions::new(AckCode::AA, "1");
    row("carewire: acknowledge", measure(|| acknowledge(bytes, &ack)));
    let map_options = MapOptions::new(OrgId::new("bench")?);
    if let Ok(message) = Message::parse(bytes, &options) {
        row("carewire: map to FHIR (parsed before)", measure(|| map(&message, &map_options).is_ok()));
    }
    row("scan: memchr2 for CR and |, counted", counted);
    row("scan: memchr2 for CR and |, into spans", kept);
    row("scan: std::str::from_utf8", measure(|| std::str::from_utf8(bytes).is_ok()));
    targets::print(&[
        Target::new(
            "parse + 10 texts at locations, x hl7-parser",
            hl7_parser,
            read,
            input.least_of_hl7_parser,
        ),
        Target::new("parse + 10 texts at locations, x scan, counted", counted, read, input.least_of_scan),
        Target::new("index of every subcomponent, x hl7-2 that reads nothing", hl7_2_split, indexed, 10.0),
    ]);
    Ok(())
}

/// What is to be read at the ten places.
struct Expected {
    texts: Vec<String>,
    raw: Vec<String>,
}

impl Expected {
    fn check(&self, name: &str, gives: Gives, read: Option<Vec<String>>) -> Result<(), String> {
        let expected = match gives {
            Gives::Text => &self.texts,
            Gives::Raw => &self.raw,
        };
        match read {
            Some(read) if read == *expected && !expected.iter().any(String::is_empty) => Ok(()),
            read => Err(format!("{name} reads {read:?} instead of {expected:?}")),
        }
    }
}

/// The parsers of other languages, where they are installed.
fn print_scripts(
    input: &Input,
    places: &[Location],
    expected: &Expected,
    row: &impl Fn(&str, Duration),
) -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::temp_dir().join(format!("carewire-bench-{}.hl7", std::process::id()));
    std::fs::write(&file, &input.message)?;
    let places: Vec<String> = places.iter().map(numbers).collect();
    let python = std::env::var("CAREWIRE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let scripts = [
        ("@medplum/core (Node): splits all, 10 raw", "node", "medplum.mjs", Gives::Raw),
        ("python-hl7: splits all, 10 texts", python.as_str(), "python_hl7.py", Gives::Text),
    ];
    let measured = scripts.map(|(_, program, script, _)| scripts::measure(program, script, &file, &places));
    std::fs::remove_file(&file)?;
    for ((name, _, _, gives), measured) in scripts.into_iter().zip(measured) {
        match measured {
            Ok(measured) => {
                expected.check(name, gives, Some(measured.texts))?;
                row(name, measured.time);
            }
            Err(reason) => println!("{name}: skipped, {reason}"),
        }
    }
    Ok(())
}

/// A place as the scripts read it: `OBX-50-3-1-0`.
fn numbers(place: &Location) -> String {
    let [field, component, subcomponent] =
        [place.field(), place.component(), place.subcomponent()].map(Option::unwrap_or_default);
    format!("{}-{}-{field}-{component}-{subcomponent}", place.segment(), place.occurrence())
}

fn read_ours(bytes: &[u8], paths: &[&str], sink: &mut dyn FnMut(&str)) -> bool {
    let Ok(message) = Message::parse(bytes, &ParseOptions::default()) else { return false };
    paths.iter().for_each(|path| sink(&message.get(path).ok().flatten().unwrap_or_default()));
    true
}

fn read_at(bytes: &[u8], locations: &[Location], sink: &mut dyn FnMut(&str)) -> bool {
    let Ok(message) = Message::parse(bytes, &ParseOptions::default()) else { return false };
    locations.iter().for_each(|location| sink(&message.at(location).unwrap_or_default()));
    true
}

/// What is written at the places.
fn raw_values(bytes: &[u8], places: &[Location]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let message = Message::parse(bytes, &ParseOptions::default())?;
    let raw = |place| Some(String::from_utf8_lossy(bytes.get(message.span_of(place)?)?).into_owned());
    Ok(places.iter().map(|place| raw(place).unwrap_or_default()).collect())
}

/// What a reader gives its sink; `None` when it cannot read the message.
fn texts(read: impl FnOnce(&mut dyn FnMut(&str)) -> bool) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    read(&mut |text| texts.push(text.to_owned())).then_some(texts)
}

/// Takes a text as a reader that is measured does.
fn count(text: &str) {
    black_box(text.len());
}

fn index(bytes: &[u8]) -> usize {
    let Ok(message) = Message::parse(bytes, &ParseOptions::default()) else { return 0 };
    black_box(message.index()).field_count(0)
}

/// Where every field is, and nothing else: what no reader of all fields can do without. There is room for all of them
/// from the start.
fn spans(bytes: &[u8]) -> usize {
    let mut spans = Vec::with_capacity(bytes.len() / 2);
    let mut start = 0;
    for end in memchr::memchr2_iter(b'\r', b'|', bytes) {
        spans.push((start as u32, end as u32));
        start = end + 1;
    }
    black_box(spans).len()
}

/// What a parser does that splits everything.
fn read_all(bytes: &[u8]) -> usize {
    let Ok(message) = Message::parse(bytes, &ParseOptions::default()) else { return 0 };
    let fields = message.segments().flat_map(|segment| segment.fields()).map(|(_, field)| field);
    let repetitions = fields.flat_map(|field| field.repetitions());
    let parts =
        repetitions.flat_map(|repetition| repetition.components()).flat_map(|part| part.subcomponents());
    parts.map(|part| black_box(part.text()).len()).sum()
}

/// The best times of several turns: a neighbour on the processor then disturbs all of them alike.
fn by_turns<const N: usize>(timed: [&dyn Fn() -> Duration; N]) -> [Duration; N] {
    let mut best = [Duration::MAX; N];
    for _ in 0..TURNS {
        best.iter_mut().zip(timed).for_each(|(best, time)| *best = time().min(*best));
    }
    best
}

/// The time of one call: the best round of several.
fn measure<T>(mut call: impl FnMut() -> T) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let (start, mut calls) = (Instant::now(), 0_u32);
        while start.elapsed() < ROUND {
            for _ in 0..16 {
                black_box(call());
            }
            calls += 16;
        }
        best = best.min(start.elapsed() / calls);
    }
    best
}

fn print_row(name: &str, bytes: usize, time: Duration, others: [Duration; 4]) {
    let seconds = time.as_secs_f64();
    let rate = bytes as f64 / seconds / 1e6;
    let [hl7_parser, hl7_2, counted, kept] = others.map(|other| other.as_secs_f64() / seconds);
    println!(
        "{name:<46} {rate:>9.1} {:>11.0} {hl7_parser:>12.1}x {hl7_2:>7.1}x {counted:>7.2}x {kept:>7.2}x",
        1.0 / seconds
    );
}
