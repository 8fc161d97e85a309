//! Files of 10 MB, 200 MB and 2 GB through `carewire deid fhir`: memory, and megabytes a second.
//!
//! `cargo bench -p carewire --bench deid_memory` (with `-- 10 50` for other sizes in megabytes). The lines are the entries of
//! the Bundles below `deid/ms-anonymizer/FHIR/samples` in the directory that `CAREWIRE_CORPUS` names, or an invented
//! patient and observation, again and again with other ids. Every file lies in the directory of the build while it is
//! worked on. The peak of the resident memory is that of the process, read while it runs. One target stands below the
//! table: the longest file may need little more memory than the shortest.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod cost;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use carewire_fhir_core::{Resource, entries};
use cost::{Cost, Scratch};

const MEGABYTES: [u64; 3] = [10, 200, 2_000];
/// The peak of the longest file, as a multiple of that of the shortest.
const MOST: f64 = 1.25;

fn main() -> Result<(), Box<dyn Error>> {
    if !cost::is_told() {
        println!("skipped: memory of a long file (this system has no /proc/PID/status)");
        return Ok(());
    }
    let asked: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if asked.is_empty() { MEGABYTES.to_vec() } else { asked };
    let lines = lines()?;
    println!("Files of resources through `carewire deid fhir --policy safe-harbor`");
    println!(
        "{:>9} {:>11} {:>10} {:>10} {:>10} {:>10}",
        "MB in", "resources", "peak MiB", "s", "CPU s", "MB/s"
    );
    let mut peaks = Vec::new();
    for megabytes in sizes {
        let file = Scratch::new(&format!("deid-{megabytes}.ndjson"));
        let resources = write(&file.0, &lines, megabytes * 1_000_000)?;
        let Cost { peak, worked, took } = cost::of(|command| {
            command.args(["deid", "fhir"]).arg(&file.0).args([
                "--policy",
                "safe-harbor",
                "--as-of",
                "2026-11-22",
            ])
        })?;
        let written = std::fs::metadata(&file.0)?.len() as f64 / 1e6;
        println!(
            "{written:>9.0} {resources:>11} {:>10.1} {took:>10.2} {worked:>10.2} {:>10.1}",
            peak / f64::from(1 << 20),
            written / took
        );
        peaks.push(peak);
    }
    if let Some(verdict) = cost::growth(&peaks, MOST) {
        println!("{verdict}");
    }
    Ok(())
}

/// A resource, and where UUIDs begin in it.
struct Line {
    text: Vec<u8>,
    ids: Vec<usize>,
}

impl Line {
    fn new(text: String) -> Self {
        let text = text.into_bytes();
        let ids =
            text.windows(36).enumerate().filter(|(_, window)| is_uuid(window)).map(|(at, _)| at).collect();
        Self { text, ids }
    }

    /// Writes the resource with other ids than before: the first part of each UUID counts up.
    fn write(&mut self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        for at in &self.ids {
            let Some(place) = self.text.get_mut(*at..at + 8) else { continue };
            let before = std::str::from_utf8(place).ok().and_then(|text| u32::from_str_radix(text, 16).ok());
            place.copy_from_slice(format!("{:08x}", before.unwrap_or_default().wrapping_add(1)).as_bytes());
        }
        out.write_all(&self.text)?;
        out.write_all(b"\n")
    }
}

fn is_uuid(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

/// Fills a file with the lines, round after round; answers how many there are.
fn write(path: &Path, lines: &[String], bytes: u64) -> Result<u64, Box<dyn Error>> {
    let mut lines: Vec<_> = lines.iter().cloned().map(Line::new).collect();
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let (mut written, mut resources) = (0, 0);
    while written < bytes {
        for line in &mut lines {
            line.write(&mut file)?;
            written += line.text.len() as u64 + 1;
            resources += 1;
            if written >= bytes {
                break;
            }
        }
    }
    file.flush()?;
    Ok(resources)
}

fn lines() -> Result<Vec<String>, Box<dyn Error>> {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS") else {
        println!("no CAREWIRE_CORPUS: one patient and one observation, invented");
        return Ok(INVENTED.map(str::to_owned).to_vec());
    };
    let mut lines = Vec::new();
    below(&Path::new(&corpus).join("deid/ms-anonymizer/FHIR/samples"), &mut lines)?;
    Ok(lines)
}

const INVENTED: [&str; 2] = [
    r#"{"resourceType":"Patient","id":"5cbc121b-cd71-4428-b8b7-31e53eba8184","name":[{"family":"Doe"}],"birthDate":"1971-03-14","address":[{"city":"Boston","state":"MA","postalCode":"02139"}]}"#,
    r#"{"resourceType":"Observation","id":"7d6e0b0f-4a43-4d2b-9b5c-2f1a7c0e9d11","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},"subject":{"reference":"Patient/5cbc121b-cd71-4428-b8b7-31e53eba8184"},"effectiveDateTime":"2024-03-05T14:30:00Z","valueQuantity":{"value":13.2,"unit":"g/dL"}}"#,
];

/// The entries of the Bundles below a directory.
fn below(directory: &Path, lines: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    let mut paths: Vec<_> = std::fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            below(&path, lines)?;
        } else if path.extension().is_some_and(|kind| kind == "json") {
            let bundle = Resource::parse(&std::fs::read(&path)?)?;
            lines.extend(entries(&bundle).filter_map(|entry| Some(entry.resource?.to_json())));
        }
    }
    Ok(())
}
