//! Parsing and reading ten fields: ours beside hl7-parser 0.3, on two synthetic messages.
//!
//! Every contender reads the same ten paths, and what they read is compared before the clock starts. Ours is lazy: it
//! splits only what is asked for. hl7-parser splits everything while parsing. MB/s is of the message's bytes, the best
//! of several rounds on one thread.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use carewire_benches::{admission, results};
use carewire_fhir_core::OrgId;
use carewire_hl7_v2::ack::{AckCode, AckOptions, acknowledge};
use carewire_hl7_v2::fhir::{MapOptions, map};
use carewire_hl7_v2::light::peek;
use carewire_hl7_v2::{Location, Message, ParseOptions};

const ROUNDS: usize = 8;
const ROUND: Duration = Duration::from_millis(60);

/// A message and the ten places that are read of it.
struct Input {
    name: &'static str,
    message: String,
    paths: [&'static str; 10],
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let adt = Input {
        name: "ADT^A01",
        message: admission(7),
        paths: [
            "MSH.10",
            "MSH.9.2",
            "PID.3.1",
            "PID.3.4.2",
            "PID.5.1",
            "PID.5.2",
            "PID.7",
            "PID.8",
            "PV1.3.1",
            "PV1.19.1",
        ],
    };
    let oru = Input {
        name: "ORU^R01, 200 OBX",
        message: results(7, 200),
        paths: [
            "MSH.10",
            "PID.3.1",
            "PID.5.1",
            "OBR.4.1",
            "OBX[1].5",
            "OBX[50].3.1",
            "OBX[100].5",
            "OBX[150].6.1",
            "OBX[200].5",
            "OBX[200].8",
        ],
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
    let locations = input.paths.iter().map(|path| path.parse()).collect::<Result<Vec<Location>, _>>()?;
    let map_options = MapOptions::new(OrgId::new("bench")?);
    let ack = AckOptions::new(AckCode::AA, "1");
    if read_ours(bytes, &input.paths) != read_hl7_parser(text, &input.paths) {
        return Err("the parsers do not read the same".into());
    }
    let peer = measure(|| read_hl7_parser(text, &input.paths));
    println!("\n{}, {} bytes", input.name, bytes.len());
    println!("{:<38} {:>10} {:>12} {:>14}", "", "MB/s", "messages/s", "x hl7-parser");
    let row = |name: &str, time: Duration| print_row(name, bytes.len(), time, peer);
    row("hl7-parser 0.3: parse + 10 fields", peer);
    row("carewire: parse + 10 paths as text", measure(|| read_ours(bytes, &input.paths)));
    row("carewire: parse + 10 locations", measure(|| read_at(bytes, &locations)));
    row(
        "carewire: parse only",
        measure(|| Message::parse(bytes, &options).map(|message| message.segments().len())),
    );
    row("carewire: parse + every subcomponent", measure(|| read_all(bytes)));
    row("carewire: peek before the ACK", measure(|| peek(bytes, &options)));
    row("carewire: acknowledge", measure(|| acknowledge(bytes, &ack)));
    if let Ok(message) = Message::parse(bytes, &options) {
        row("carewire: map to FHIR (parsed before)", measure(|| map(&message, &map_options).is_ok()));
    }
    row("floor: memchr for CR", measure(|| memchr::memchr_iter(b'\r', bytes).count()));
    row("floor: memchr for CR and |", measure(|| memchr::memchr2_iter(b'\r', b'|', bytes).count()));
    Ok(())
}

fn read_ours(bytes: &[u8], paths: &[&str]) -> usize {
    let Ok(message) = Message::parse(bytes, &ParseOptions::default()) else { return 0 };
    paths.iter().filter_map(|path| message.get(path).ok()?).map(|text| black_box(text).len()).sum()
}

fn read_at(bytes: &[u8], locations: &[Location]) -> usize {
    let Ok(message) = Message::parse(bytes, &ParseOptions::default()) else { return 0 };
    locations.iter().filter_map(|location| message.at(location)).map(|text| black_box(text).len()).sum()
}

fn read_hl7_parser(text: &str, paths: &[&str]) -> usize {
    let Ok(message) = hl7_parser::Message::parse(text) else { return 0 };
    paths.iter().filter_map(|path| message.query(*path)).map(|found| black_box(found.raw_value()).len()).sum()
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

fn print_row(name: &str, bytes: usize, time: Duration, peer: Duration) {
    let seconds = time.as_secs_f64();
    let (rate, ratio) = (bytes as f64 / seconds / 1e6, peer.as_secs_f64() / seconds);
    println!("{name:<38} {rate:>10.0} {:>12.0} {ratio:>13.1}x", 1.0 / seconds);
}
