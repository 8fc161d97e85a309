//! The patients of a release, read before the rest.

use std::path::Path;

use carewire_deid::PatientIndex;

use super::args::Transform;
use super::finished::state;
use crate::documents::Documents;
use crate::failure::Failure;
use crate::inputs;

/// What the patients of `--patients` are known by, where it is given.
pub(super) fn read(options: &Transform) -> Result<Option<PatientIndex>, Failure> {
    if options.patients.is_empty() {
        return Ok(None);
    }
    let mut patients = PatientIndex::default();
    for file in inputs::files(&options.patients)? {
        add(&file, &mut patients)?;
    }
    match patients.is_empty() {
        true => Err(Failure::usage("--patients: no Patient is in there")),
        false => Ok(Some(patients)),
    }
}

/// What cannot be read is an error here: without its patient a line would move by other days than it was meant to.
fn add(file: &Path, patients: &mut PatientIndex) -> Result<(), Failure> {
    let (name, source) = inputs::open(file)?;
    for (number, document) in (1..).zip(Documents::new(&name, source)) {
        let read = document.and_then(|text| patients.read(&text).map_err(|error| error.to_string()));
        read.map_err(|error| Failure::usage(format!("--patients: {name} resource {number}: {error}")))?;
    }
    Ok(())
}

/// Files that were made with other patients are made again.
pub(super) fn stamp(options: &Transform) -> Result<String, Failure> {
    let files = inputs::files(&options.patients)?;
    Ok(files.iter().map(|file| state(file)).map(|(bytes, changed)| format!(" {bytes}@{changed}")).collect())
}

/// Where they would not be looked at.
pub(super) fn refuse(options: &Transform, why: &str) -> Result<(), Failure> {
    match options.patients.is_empty() {
        true => Ok(()),
        false => Err(Failure::usage(format!("--patients: {why}"))),
    }
}
