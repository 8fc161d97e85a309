//! Files of 1,000 to 100,000 admissions through `carewire convert v2-to-fhir`: memory, and messages a second.
//!
//! Every file goes through the binary as its users run it, with a report beside; the Bundles are thrown away. The peak of
//! the resident memory and the processor time are those of the process, read while it runs. One target stands below the
//! table: the longest file may need little more memory than the shortest.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod cost;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use carewire_hl7_v2::synthetic::{SenderProfile, admission};
use cost::{Cost, Scratch};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// Different messages of a file; then the same come again.
const DIFFERENT: u64 = 1_000;
/// The peak of the longest file, as a multiple of that of the shortest.
const MOST: f64 = 1.1;

fn main() -> Result<(), Box<dyn Error>> {
    if !cost::is_told() {
        println!("skipped: memory of a batch (this system has no /proc/PID/status)");
        return Ok(());
    }
    println!("Batch files of admissions through `carewire convert v2-to-fhir`");
    println!(
        "{:>9} {:>9} {:>10} {:>10} {:>12} {:>12}",
        "messages", "MB in", "peak MiB", "s", "CPU s", "msg/CPU s"
    );
    let mut peaks = Vec::new();
    for messages in SIZES {
        let file = Scratch::new(&format!("batch-{messages}.hl7"));
        write(&file.0, messages)?;
        let Cost { peak, worked, took } = convert(&file.0)?;
        println!(
            "{messages:>9} {:>9.1} {:>10.1} {took:>10.2} {worked:>12.2} {:>12.0}",
            std::fs::metadata(&file.0)?.len() as f64 / 1e6,
            peak / f64::from(1 << 20),
            messages as f64 / worked
        );
        peaks.push(peak);
    }
    if let Some(verdict) = cost::growth(&peaks, MOST) {
        println!("{verdict}");
    }
    Ok(())
}

/// A batch file of so many messages.
fn write(path: &Path, messages: usize) -> Result<(), Box<dyn Error>> {
    let sender = SenderProfile::northside();
    let different = (0..DIFFERENT).map(|seed| admission(seed, &sender)).collect::<Result<Vec<_>, _>>()?;
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(b"FHS|^~\\&|A|B\rBHS|^~\\&|A|B\r")?;
    different.iter().cycle().take(messages).try_for_each(|message| file.write_all(message))?;
    file.write_all(format!("BTS|{messages}\rFTS|1\r").as_bytes())?;
    Ok(file.flush()?)
}

fn convert(file: &Path) -> Result<Cost, Box<dyn Error>> {
    let report = Scratch::new("report.ndjson");
    cost::of(|command| command.args(["convert", "v2-to-fhir"]).arg(file).arg("--report").arg(&report.0))
}
