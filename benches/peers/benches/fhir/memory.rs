//! Peak memory for each MB of JSON: every contender holds the trees of the same Bundles in a process of its own.

use std::hint::black_box;
use std::process::Command;

use carewire_benches::bundle_resource;

use crate::contender::{Carewire, Contender, Fhirkit, SerdeJson, SonicRs};

/// The first argument of a process that holds trees; the second is the contender.
const HOLD: &str = "hold-trees";
const NOBODY: &str = "nobody";
const BUNDLES: u64 = 1_000;

/// The contender whose trees this process shall hold.
pub(crate) fn asked(arguments: &[String]) -> Option<&str> {
    match arguments {
        [_, first, contender] if first == HOLD => Some(contender),
        _ => None,
    }
}

/// Holds the trees and prints the peak of the resident memory in bytes.
pub(crate) fn hold(contender: &str) -> Result<(), Box<dyn std::error::Error>> {
    let texts: Vec<String> = (0..BUNDLES).map(bundle_resource).collect();
    match contender {
        Carewire::NAME => keep::<Carewire>(&texts),
        SerdeJson::NAME => keep::<SerdeJson>(&texts),
        SonicRs::NAME => keep::<SonicRs>(&texts),
        Fhirkit::NAME => keep::<Fhirkit>(&texts),
        _ => {}
    }
    println!("{}", peak()?);
    Ok(())
}

fn keep<C: Contender>(texts: &[String]) {
    let trees: Vec<C::Tree> = texts.iter().filter_map(|text| C::read(text)).collect();
    black_box(&trees);
}

/// Prints how much each needs beyond the texts themselves.
pub(crate) fn compare() -> Result<(), Box<dyn std::error::Error>> {
    if peak().is_err() {
        println!("\nskipped: memory (this system has no /proc/self/status)");
        return Ok(());
    }
    let megabytes = (0..BUNDLES).map(|seed| bundle_resource(seed).len()).sum::<usize>() as f64 / 1e6;
    println!("\nPeak memory for each MB of JSON, {BUNDLES} Bundles held, {megabytes:.0} MB");
    println!("{:<12} {:>8} {:>14}", "", "MB", "x carewire");
    let texts = peak_of(NOBODY)?;
    let per_megabyte = |name| peak_of(name).map(|peak| (peak - texts) / 1e6 / megabytes);
    let ours = per_megabyte(Carewire::NAME)?;
    for name in [SerdeJson::NAME, Carewire::NAME, SonicRs::NAME, Fhirkit::NAME] {
        let peak = per_megabyte(name)?;
        println!("{name:<12} {peak:>8.1} {:>13.1}x", peak / ours);
    }
    Ok(())
}

fn peak_of(contender: &str) -> Result<f64, Box<dyn std::error::Error>> {
    let output = Command::new(std::env::current_exe()?).args([HOLD, contender]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The most memory that this process has had, in bytes.
fn peak() -> Result<f64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes: f64 = line.and_then(|rest| rest.split_whitespace().next()).unwrap_or_default().parse()?;
    Ok(kibibytes * 1024.0)
}
