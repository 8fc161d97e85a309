//! How many bytes the v2 -> FHIR map asks for, for each byte of JSON that it writes.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

#[path = "../shared/convert.rs"]
mod convert;
#[path = "../shared/inputs.rs"]
mod inputs;

use std::error::Error;

use allocation_counter::{AllocationInfo, measure};

use crate::convert::Converter;
use crate::inputs::Inputs;

/// The bytes that may be asked for, for each byte written.
const MOST: f64 = 1.5;

fn main() -> Result<(), Box<dyn Error>> {
    compare(&inputs::synthetic())?;
    match inputs::corpus("ms-liquid", "v2-to-fhir/ms-liquid/in")? {
        Some(liquid) => compare(&liquid),
        None => {
            println!("skipped: the corpus (CAREWIRE_CORPUS is not set)");
            Ok(())
        }
    }
}

/// What some calls asked for and wrote.
#[derive(Default)]
struct Sum {
    messages: u64,
    allocations: u64,
    allocated: u64,
    peak: u64,
    written: u64,
}

impl Sum {
    fn add(&mut self, info: &AllocationInfo, written: Option<usize>) {
        let Some(written) = written else { return };
        self.messages += 1;
        self.allocations += info.count_total;
        self.allocated += info.bytes_total;
        self.peak = self.peak.max(info.bytes_max);
        self.written += written as u64;
    }

    fn ratio(&self) -> f64 {
        self.allocated as f64 / self.written as f64
    }
}

fn compare(inputs: &Inputs) -> Result<(), Box<dyn Error>> {
    let (mut first, mut again) = (Sum::default(), Sum::default());
    for bytes in &inputs.messages {
        let mut written = None;
        let info =
            measure(|| written = Converter::new().ok().and_then(|mut one| Some(one.convert(bytes)?.len())));
        first.add(&info, written);
    }
    let mut converter = Converter::new()?;
    for sum in [&mut Sum::default(), &mut again] {
        for bytes in &inputs.messages {
            let mut written = None;
            let info = measure(|| written = converter.convert(bytes).map(str::len));
            sum.add(&info, written);
        }
    }
    println!("\n{}: bytes asked for, from the bytes of a message to the text of its Bundle", inputs.name);
    println!(
        "{:<44} {:>8} {:>12} {:>14} {:>12} {:>14}",
        "", "messages", "B/msg", "x bytes out", "allocs/msg", "most held, B"
    );
    for (name, sum) in [("a Mapper and a text of its own for each", &first), ("both reused", &again)] {
        let Sum { messages, allocations, allocated, peak, .. } = sum;
        println!(
            "{name:<44} {messages:>8} {:>12} {:>13.2}x {:>12.1} {peak:>14}",
            allocated / messages.max(&1),
            sum.ratio(),
            *allocations as f64 / *messages as f64
        );
    }
    for (name, sum) in [("for a single call", first), ("reused", again)] {
        let (reached, verdict) = (sum.ratio(), if sum.ratio() <= MOST { "met" } else { "MISSED" });
        println!("target {verdict:<6} {reached:>6.2} <= {MOST} bytes asked for, x bytes written, {name}");
    }
    Ok(())
}
