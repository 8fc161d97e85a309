//! Bytes of JSON for each second of the processor, and where the time goes.

use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use carewire_fhir_core::OrgId;
use carewire_hl7_v2::fhir::{MapOptions, Mapper};
use carewire_hl7_v2::{Message, ParseOptions};

use crate::clock::{Pass, passes};
use crate::convert::Converter;
use crate::inputs::Inputs;

const TURNS: usize = 5;
const TURN: Duration = Duration::from_millis(300);
/// The MB/s that are asked for on the inputs that name it.
const LEAST: f64 = 200.0;

/// Prints a table of steps.
pub(crate) fn compare(inputs: &Inputs, has_target: bool) -> Result<(), Box<dyn Error>> {
    let mut converter = Converter::new()?;
    let all = inputs.messages.iter().map(Vec::as_slice);
    let kept: Vec<&[u8]> = all.filter(|bytes| converter.convert(bytes).is_some()).collect();
    let read: usize = kept.iter().map(|bytes| bytes.len()).sum();
    let (mut parse, mut tree, mut text) = (Pass::default(), Pass::default(), Pass::default());
    let parse_options = ParseOptions::default();
    let mut mapper = Mapper::new(MapOptions::new(OrgId::new("bench")?));
    for _ in 0..TURNS {
        parse = parse.better(passes(&kept, TURN, |bytes| {
            black_box(Message::parse(bytes, &parse_options).is_ok());
            0
        }));
        tree = tree.better(passes(&kept, TURN, |bytes| {
            let message = Message::parse(bytes, &parse_options).ok();
            black_box(message.and_then(|message| mapper.map(&message).ok()));
            0
        }));
        text = text.better(passes(&kept, TURN, |bytes| converter.convert(bytes).map_or(0, str::len)));
    }
    println!(
        "\n{}: {} of {} messages have a map, {} bytes each, {:.0} bytes of JSON",
        inputs.name,
        kept.len(),
        inputs.messages.len(),
        read / kept.len().max(1),
        text.size()
    );
    println!("{:<44} {:>10} {:>12} {:>12}", "", "us/msg", "msg/CPU s", "MB/CPU s out");
    for (name, pass) in [
        ("parse", parse),
        ("parse, map to a resource in memory", tree),
        ("parse, map, write into a reused text", text),
    ] {
        let rate = pass.rate();
        println!("{name:<44} {:>10.2} {rate:>12.0} {:>12.1}", 1e6 / rate, rate * text.size() / 1e6);
    }
    if has_target {
        let reached = text.rate() * text.size() / 1e6;
        let verdict = if reached >= LEAST { "met" } else { "MISSED" };
        println!("target {verdict:<6} {reached:>8.1} >= {LEAST:<5} MB of JSON written for each CPU second");
    }
    Ok(())
}
