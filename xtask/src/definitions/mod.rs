//! `cargo xtask definitions`: the tables of `fhir-core/definitions`, from HL7's definitions in a package of npm.

mod codes;
mod names;
mod package;
mod search;
mod types;

use std::path::{Path, PathBuf};

use crate::shell::root;
use package::Package;

/// A file of `fhir-core/definitions` and what makes it.
struct Table {
    file: &'static str,
    make: fn(&Package) -> Result<String, String>,
}

const TABLES: &[Table] = &[
    Table { file: "names.txt", make: names::table },
    Table { file: "r4.txt", make: types::table },
    Table { file: "search.txt", make: search::table },
];

/// Writes the tables; with `check`, only fails when they are not what the package gives.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let package = Package::open()?;
    let mut stale = Vec::new();
    for table in TABLES {
        let made = (table.make)(&package)?;
        let path = folder().join(table.file);
        let same = std::fs::read_to_string(&path).is_ok_and(|there| there == made);
        match (same, check) {
            (true, _) => println!("definitions: {} is as the package has it", table.file),
            (false, true) => stale.push(table.file),
            (false, false) => write(&path, &made)?,
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("{} differ from the package: run `cargo xtask definitions`", stale.join(", ")))
}

/// Why the package cannot be read, if so.
pub(crate) fn missing() -> Option<String> {
    Package::missing()
}

fn folder() -> PathBuf {
    root().join("fhir-core/definitions")
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    println!("definitions: writing {}", path.display());
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
