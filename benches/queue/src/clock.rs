//! The processor time of servers, and of everybody else on this machine.

use std::fs;

use crate::Result;

/// What the kernel counts in `/proc/*/stat`, a second.
const TICKS: f64 = 100.0;

/// The processor time of a server and of the processes that it started, those that ended included: microseconds.
///
/// Postgres gives each client a process. Of those that run the scheduler tells nanoseconds; what the others had, the
/// server inherited when it waited for them.
pub(crate) fn server(process: u32) -> Result<f64> {
    let mut nanoseconds = running(process)?;
    for child in children(process)? {
        // One that ends while we look is inherited by its parent: the next look will count it.
        nanoseconds += running(child).unwrap_or_default();
    }
    let stat = Stat::read(process)?;
    Ok(nanoseconds / 1e3 + stat.inherited / TICKS * 1e6)
}

/// The processor time of the whole machine: microseconds.
pub(crate) fn machine() -> Result<f64> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().ok_or("/proc/stat is empty")?;
    let columns: Vec<f64> = line.split_whitespace().skip(1).flat_map(str::parse).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal: all but idle and iowait.
    let busy = columns.iter().take(8).enumerate().filter(|(column, _)| ![3, 4].contains(column));
    Ok(busy.map(|(_, ticks)| ticks).sum::<f64>() / TICKS * 1e6)
}

/// Nanoseconds of the threads of a process.
fn running(process: u32) -> Result<f64> {
    let mut nanoseconds = 0.0;
    for task in fs::read_dir(format!("/proc/{process}/task"))? {
        let figures = fs::read_to_string(task?.path().join("schedstat"))?;
        let worked = figures.split_whitespace().next().ok_or("an empty schedstat")?;
        nanoseconds += worked.parse::<f64>()?;
    }
    Ok(nanoseconds)
}

fn children(parent: u32) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        if Stat::read(process).is_ok_and(|stat| stat.parent == parent) {
            found.push(process);
        }
    }
    Ok(found)
}

struct Stat {
    parent: u32,
    /// Ticks of the children that it waited for.
    inherited: f64,
}

impl Stat {
    fn read(process: u32) -> Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
        // The name may hold anything, so the columns are counted from its closing parenthesis.
        let (_, rest) = stat.rsplit_once(')').ok_or("no name in stat")?;
        let columns: Vec<&str> = rest.split_whitespace().collect();
        let column = |index: usize| columns.get(index).copied().ok_or("too few columns in stat");
        let inherited = column(13)?.parse::<f64>()? + column(14)?.parse::<f64>()?;
        Ok(Self { parent: column(1)?.parse()?, inherited })
    }
}
