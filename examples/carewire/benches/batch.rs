//! Files of 1,000 to 100,000 admissions through `carewire convert v2-to-fhir`: memory, and messages a second.
//!
//! Every file goes through the binary as its users run it, with a report beside; the Bundles are thrown away. The peak of
//! the resident memory and the processor time are those of the process, read while it runs. One target stands below the
//! table: the longest file may need little more memory than the shortest.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::error::Error;
use std::fs::{File, read_to_string};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use carewire_hl7_v2::synthetic::{SenderProfile, admission};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// Different messages of a file; then the same come again.
const DIFFERENT: u64 = 1_000;
/// The peak of the longest file, as a multiple of that of the shortest.
const MOST: f64 = 1.1;
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// Clock ticks of a second in `/proc`, on every Linux.
const TICKS: f64 = 100.0;

/// What a run cost.
#[derive(Clone, Copy, Default)]
struct Cost {
    /// Bytes.
    peak: f64,
    /// Seconds of the processor.
    worked: f64,
    /// Seconds of the clock.
    took: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    if look(std::process::id()).is_none() {
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
    if let [first, .., last] = peaks.as_slice() {
        let (reached, verdict) = (last / first, if last / first <= MOST { "met" } else { "MISSED" });
        println!(
            "target {verdict:<6} {reached:>6.2} <= {MOST} peak of the longest file, x that of the shortest"
        );
    }
    Ok(())
}

/// A file of the build; it is removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
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
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_carewire"));
    command.args(["convert", "v2-to-fhir"]).arg(file).arg("--report").arg(&report.0);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    let cost = watch(&mut child)?;
    if !child.wait()?.success() {
        return Err("a message was not converted".into());
    }
    Ok(Cost { took: start.elapsed().as_secs_f64(), ..cost })
}

/// What the process needs until it ends.
fn watch(child: &mut Child) -> Result<Cost, Box<dyn Error>> {
    let mut cost = Cost::default();
    while child.try_wait()?.is_none() {
        cost = look(child.id()).unwrap_or(cost);
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(cost)
}

fn look(process: u32) -> Option<Cost> {
    let status = read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    let stat = read_to_string(format!("/proc/{process}/stat")).ok()?;
    // User and system time are fields 14 and 15; the name, in brackets, is the second.
    let (_, rest) = stat.rsplit_once(") ")?;
    let ticks = rest.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<f64>().ok());
    Some(Cost { peak: kibibytes * 1024.0, worked: ticks.sum::<Option<f64>>()? / TICKS, took: 0.0 })
}
