//! What this bench asks of Linux: cores, processor time, memory, file descriptors, the disk.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The core of the servers, and that of the load; one and the same where there is but one.
pub(crate) fn cores() -> io::Result<[usize; 2]> {
    let allowed = sched_getaffinity(None)?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
    let first = cores.next().ok_or(io::ErrorKind::Unsupported)?;
    Ok([first, cores.next().unwrap_or(first)])
}

/// Keeps this thread, and the threads and programs that it starts, on these cores.
pub(crate) fn pin(cores: &[usize]) -> io::Result<()> {
    let mut only = CpuSet::new();
    cores.iter().for_each(|core| only.set(*core));
    Ok(sched_setaffinity(None, &only)?)
}

/// Lets this process open as many files as it may; gives how many.
pub(crate) fn open_many_files() -> io::Result<u64> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?;
    Ok(limit.maximum.unwrap_or(u64::MAX))
}

/// The time that all threads of a process have worked.
pub(crate) fn worked(process: u32) -> io::Result<Duration> {
    let mut nanoseconds = 0;
    for task in fs::read_dir(format!("/proc/{process}/task"))? {
        let figures = fs::read_to_string(task?.path().join("schedstat"))?;
        let worked = figures.split_whitespace().next().and_then(|figure| figure.parse::<u64>().ok());
        nanoseconds += worked.ok_or(io::ErrorKind::InvalidData)?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// The resident memory of a process, in bytes.
pub(crate) fn resident(process: u32) -> io::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    Ok(kibibytes.ok_or(io::ErrorKind::InvalidData)? * 1024.0)
}

/// How long an fsync of a page takes in a folder: the median of many.
pub(crate) fn fsync(folder: &Path) -> io::Result<Duration> {
    let mut file = File::create(folder.join("fsync"))?;
    let mut times = Vec::with_capacity(200);
    for _ in 0..200 {
        file.write_all(&[0; 4096])?;
        let start = Instant::now();
        file.sync_data()?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(100).copied().unwrap_or_default())
}
