//! NDJSON under each policy for files, beside `serde_json::Value` reading and writing the same bytes, in one run.
//!
//! The lines are the entries of the Bundles below `deid/ms-anonymizer/FHIR/samples` in the directory that
//! `CAREWIRE_CORPUS` names (Synthea's, of invented people), without the entries that are larger than 64 KB; without the
//! directory they are synthetic patients and observations. MB/s is of the bytes that are read, the best of several rounds
//! on one thread, by turns. Below stands the scrubber of Cumulus ETL (`pip install cumulus-etl`) for `python3` or the program
//! in `CAREWIRE_PYTHON`: by itself on resources that are parsed, and from text to text as the others. `time` is a multiple of the time of serde_json: at most 1.0 is wanted, `met` or `MISSED`.
//! Nothing fails by it: a shared machine is no judge.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod peer;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use carewire_benches::{observation_resource, patient_resource};
use carewire_deid::{Exporter, Policy, Pseudonymizer};
use carewire_fhir_core::{Date, Resource, entries};

type Failed = Box<dyn std::error::Error>;

const ROUNDS: usize = 12;
const LARGEST: usize = 64 << 10;

fn main() -> Result<(), Failed> {
    let lines = lines()?;
    let bytes: usize = lines.iter().map(String::len).sum();
    println!("{} resources, {:.1} MB", lines.len(), mega(bytes));
    let keys = Pseudonymizer::for_run(&[7; 32]);
    let as_of = Date::parse("2026-11-22")?;
    let policies: Vec<_> = ["safe-harbor", "limited-data-set", "expert-determination"]
        .into_iter()
        .filter_map(Policy::built_in)
        .collect();
    let mut best = vec![Duration::MAX; policies.len() + 1];
    let mut written = vec![0; policies.len() + 1];
    for _ in 0..ROUNDS {
        let mut times = vec![timed(&mut written, 0, || values(&lines))?];
        for (at, policy) in policies.iter().enumerate() {
            times.push(timed(&mut written, at + 1, || {
                let mut exporter = Exporter::new(policy, &keys)?.with_as_of(as_of.clone());
                transformed(&lines, &mut exporter)
            })?);
        }
        best.iter_mut().zip(times).for_each(|(best, time)| *best = time.min(*best));
    }
    let names = ["serde_json::Value"].into_iter().chain(policies.iter().map(|policy| policy.id()));
    let base = best.first().copied().unwrap_or_default();
    println!("{:<32}{:>8}{:>13}{:>9}{:>8}", "", "MB/s", "resources/s", "MB out", "time");
    let row = |name: &str, time: Duration, written: usize, verdict: &str| {
        let (seconds, times) = (time.as_secs_f64(), time.as_secs_f64() / base.as_secs_f64());
        let (speed, rate) = (mega(bytes) / seconds, mega(lines.len()) * 1e6 / seconds);
        println!("{name:<32}{speed:>8.1}{rate:>13.0}{:>9.1}{times:>8.2}{verdict}", mega(written));
    };
    for ((name, time), written) in names.zip(&best).zip(&written) {
        let times = time.as_secs_f64() / base.as_secs_f64();
        let verdict = match name {
            "serde_json::Value" => "",
            _ if times <= 1.0 => "  met",
            _ => "  MISSED",
        };
        row(name, *time, *written, verdict);
    }
    match peer::cumulus(&lines)? {
        Some([(alone, told), (whole, written)]) => {
            row("cumulus-etl, scrubber alone", alone, told, "");
            row("cumulus-etl, text to text", whole, written, "");
        }
        None => println!("skipped: cumulus-etl (pip install cumulus-etl; CAREWIRE_PYTHON names the python)"),
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files")]
fn mega(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

fn timed(
    written: &mut [usize],
    at: usize,
    run: impl FnOnce() -> Result<usize, Failed>,
) -> Result<Duration, Failed> {
    let start = Instant::now();
    let bytes = run()?;
    let time = start.elapsed();
    if let Some(written) = written.get_mut(at) {
        *written = bytes;
    }
    Ok(time)
}

fn values(lines: &[String]) -> Result<usize, Failed> {
    let mut bytes = 0;
    for line in lines {
        let value: serde_json::Value = serde_json::from_str(line)?;
        bytes += black_box(serde_json::to_string(&value)?).len();
    }
    Ok(bytes)
}

fn transformed(lines: &[String], exporter: &mut Exporter<'_>) -> Result<usize, Failed> {
    let (mut bytes, mut out) = (0, String::new());
    for line in lines {
        out.clear();
        exporter.write(line.as_bytes(), &mut out)?;
        bytes += black_box(&out).len();
    }
    Ok(bytes)
}

fn lines() -> Result<Vec<String>, Failed> {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS") else {
        println!("no CAREWIRE_CORPUS: synthetic resources");
        return Ok((0..2000).flat_map(|seed| [patient_resource(seed), observation_resource(seed)]).collect());
    };
    let mut lines = Vec::new();
    below(&Path::new(&corpus).join("deid/ms-anonymizer/FHIR/samples"), &mut lines)?;
    Ok(lines)
}

fn below(directory: &Path, lines: &mut Vec<String>) -> Result<(), Failed> {
    let mut paths: Vec<_> = std::fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            below(&path, lines)?;
        } else if path.extension().is_some_and(|kind| kind == "json") {
            let bundle = Resource::parse(&std::fs::read(&path)?)?;
            let all = entries(&bundle).filter_map(|entry| Some(entry.resource?.to_json()));
            lines.extend(all.filter(|line| line.len() <= LARGEST));
        }
    }
    Ok(())
}
