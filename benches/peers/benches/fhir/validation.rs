//! Reading and validating: resources for each second of the processor, beside fhirkit's lenient reading.
//!
//! The entries of a Bundle count as resources. Only what both take for a resource is compared.

use std::path::{Path, PathBuf};

use carewire_benches::{bundle_resource, observation_resource, patient_resource};
use carewire_fhir_core::{Resource, ValidateOptions, Value, validate, validate_json};
use fhirkit::r4;

use crate::clock::seconds;

const TURNS: usize = 3;

/// Prints a table: from the text to the verdict as fhirkit does it, through a tree and without one, and each step alone.
/// Who has a resource in hand only pays for the last.
pub(crate) fn compare() -> Result<(), Box<dyn std::error::Error>> {
    println!("\nParse and validate: resources for each second of the processor");
    println!(
        "{:<12} {:>10} {:>10} {:>14} {:>7} {:>15} {:>7} {:>10} {:>10} {:>7}",
        "", "resources", "fhirkit", "validate_json", "x", "parse+validate", "x", "parse", "validate", "x"
    );
    row("Patient", vec![patient_resource(7)])?;
    row("Observation", vec![observation_resource(7)])?;
    row("Bundle", vec![bundle_resource(7)])?;
    match std::env::var_os("CAREWIRE_CORPUS") {
        Some(folder) => row("corpus", corpus(Path::new(&folder))?),
        None => {
            println!("skipped: the corpus (CAREWIRE_CORPUS is not set)");
            Ok(())
        }
    }
}

fn row(name: &str, mut texts: Vec<String>) -> Result<(), Box<dyn std::error::Error>> {
    texts.retain(|text| read_by_fhirkit(text).is_some() && read_by_us(text).is_some());
    let resources: usize = texts.iter().map(|text| resources(text)).sum();
    if resources == 0 {
        return Err(format!("{name}: nothing to validate").into());
    }
    let parse = |text: &String| Resource::parse(text.as_bytes()).ok();
    let parsed: Vec<Resource> = texts.iter().filter_map(parse).collect();
    let [mut theirs, mut read, mut validated, mut both, mut direct] = [f64::MAX; 5];
    // By turns: a neighbour on the processor then disturbs all of them alike.
    for _ in 0..TURNS {
        theirs = theirs.min(seconds(|| texts.iter().filter_map(|text| read_by_fhirkit(text)).sum::<usize>()));
        read = read.min(seconds(|| texts.iter().filter_map(parse).count()));
        validated =
            validated.min(seconds(|| parsed.iter().map(|resource| validate(resource).len()).sum::<usize>()));
        direct = direct.min(seconds(|| texts.iter().filter_map(|text| judged_by_us(text)).sum::<usize>()));
        both = both.min(seconds(|| texts.iter().filter_map(|text| read_by_us(text)).sum::<usize>()));
    }
    let rate = |seconds: f64| resources as f64 / seconds;
    println!(
        "{name:<12} {resources:>10} {:>10.0} {:>14.0} {:>6.1}x {:>15.0} {:>6.1}x {:>10.0} {:>10.0} {:>6.1}x",
        rate(theirs),
        rate(direct),
        theirs / direct,
        rate(both),
        theirs / both,
        rate(read),
        rate(validated),
        theirs / validated
    );
    Ok(())
}

/// How many issues we find without making a tree.
fn judged_by_us(text: &str) -> Option<usize> {
    validate_json(text.as_bytes(), &ValidateOptions::default()).ok().map(|issues| issues.len())
}

/// How many issues we find in a tree.
fn read_by_us(text: &str) -> Option<usize> {
    Resource::parse(text.as_bytes()).ok().map(|resource| validate(&resource).len())
}

/// How many issues fhirkit finds.
fn read_by_fhirkit(text: &str) -> Option<usize> {
    let (resource, issues) = fhirkit::from_json::<r4::Resource>(text).ok()?;
    resource.map(|_| issues.len())
}

fn resources(text: &str) -> usize {
    let value = Value::parse(text.as_bytes()).unwrap_or_default();
    1 + value.list("entry").iter().filter(|entry| entry.get("resource").is_some()).count()
}

/// Every JSON file and every line of NDJSON below a folder.
fn corpus(folder: &Path) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let (mut texts, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let mut paths =
            std::fs::read_dir(folder)?.map(|e| Ok(e?.path())).collect::<std::io::Result<Vec<PathBuf>>>()?;
        paths.sort();
        for path in paths {
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("json") => texts.extend(std::fs::read_to_string(&path)),
                Some("ndjson") => texts.extend(std::fs::read_to_string(&path)?.lines().map(str::to_owned)),
                _ => {}
            }
        }
    }
    Ok(texts)
}
