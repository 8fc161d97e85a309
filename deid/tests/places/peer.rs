//! The same places through the scrubber of Cumulus ETL, where it is installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fhir;
use crate::report::Report;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/scripts/cumulus.py");
/// What its scrubber is closest to.
const LIKE: &str = "limited-data-set";

/// Of the places that hold for a limited data set, how many leak here and there. It keeps dates as they are, which we do not
/// count against it: their group is left out. A number that it does not write as it was is a survivor that is lost.
///
/// `CAREWIRE_PYTHON=… cargo test -p carewire-deid --test places peer -- --nocapture` prints the table.
#[test]
fn beside_cumulus_etl() {
    let inputs: Vec<_> = fhir::inputs(LIKE).into_iter().filter(|(place, _)| place.group != "dates").collect();
    let lines: Vec<_> = inputs.iter().map(|(_, line)| line.as_str()).collect();
    let mut report = Report::default();
    for (place, line) in &inputs {
        report.add(LIKE, &fhir::elsewhere(LIKE, place, line, fhir::exported(LIKE, line).0));
    }
    assert!(report.is_clean() && report.places() > 300, "{report}");
    match scrubbed(&lines) {
        Some(out) => {
            assert_eq!(out.len(), inputs.len());
            for ((place, line), out) in inputs.iter().zip(out) {
                report.add("cumulus-etl", &fhir::elsewhere(LIKE, place, line, out));
            }
        }
        None => println!("skipped: cumulus-etl (pip install cumulus-etl; CAREWIRE_PYTHON names the python)"),
    }
    let said = report.to_string();
    said.lines().filter(|line| !line.starts_with("LOST")).for_each(|line| println!("{line}"));
}

/// What it lets through of each line; nothing of what it refuses.
fn scrubbed(lines: &[&str]) -> Option<Vec<String>> {
    let python = std::env::var("CAREWIRE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let [input, output] = ["in", "out"].map(Scratch::new);
    std::fs::write(&input.0, lines.join("\n") + "\n").unwrap();
    let run = Command::new(python).arg(SCRIPT).args([&input.0, &output.0]).arg("1").output().ok()?;
    let out = run.status.success().then(|| std::fs::read_to_string(&output.0).unwrap())?;
    Some(out.lines().map(str::to_owned).collect())
}

/// A file of the build; it is removed in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("places-{}-{name}.ndjson", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
