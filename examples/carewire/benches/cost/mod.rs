//! What a run of the binary costs, read while it runs.

use std::error::Error;
use std::fs::read_to_string;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const LOOK_EVERY: Duration = Duration::from_millis(5);
/// Clock ticks of a second in `/proc`, on every Linux.
const TICKS: f64 = 100.0;

/// What a run cost.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cost {
    /// Bytes.
    pub(crate) peak: f64,
    /// Seconds of the processor.
    pub(crate) worked: f64,
    /// Seconds of the clock.
    pub(crate) took: f64,
}

/// A file of the build; it is removed in the end.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Whether this system tells what a process needs.
pub(crate) fn is_told() -> bool {
    look(std::process::id()).is_some()
}

/// Runs the binary and throws away what it writes.
///
/// # Errors
/// When it does not run, or ends with another status than 0.
pub(crate) fn of(arguments: impl FnOnce(&mut Command) -> &mut Command) -> Result<Cost, Box<dyn Error>> {
    let start = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_carewire"));
    let command = arguments(&mut command).stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = command.spawn()?;
    let cost = watch(&mut child)?;
    if !child.wait()?.success() {
        return Err("something was left out".into());
    }
    Ok(Cost { took: start.elapsed().as_secs_f64(), ..cost })
}

/// How much more the longest file needs than the shortest.
pub(crate) fn growth(peaks: &[f64], most: f64) -> Option<String> {
    let [first, .., last] = peaks else { return None };
    let (reached, verdict) = (last / first, if last / first <= most { "met" } else { "MISSED" });
    Some(format!(
        "target {verdict:<6} {reached:>6.2} <= {most} peak of the longest file, x that of the shortest"
    ))
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
