//! Which files of a directory an earlier run has finished, and what files are called.

use std::collections::{BTreeMap, HashSet};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use carewire_deid::Pseudonymizer;
use carewire_fhir_core::element;
use serde::{Deserialize, Serialize};

use super::account::Account;
use crate::failure::Failure;

/// The list of finished files, in the directory that they are in.
const LIST: &str = ".carewire-deid.ndjson";

/// From what a file was made. Any difference means that it is made again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    /// The policy by id and version, and a hash of its rules.
    pub(super) policy: String,
    /// What the key makes of a fixed text.
    pub(super) key: String,
    /// The length of the input, and when it was changed.
    pub(super) bytes: u64,
    pub(super) changed: u64,
}

/// A finished file.
#[derive(Serialize, Deserialize)]
struct Row {
    file: String,
    #[serde(flatten)]
    made: Made,
    /// What was done to it, so that the report of the run that ends a release is about all of it.
    account: Account,
}

/// The directory that is written, and what is finished in it.
pub(super) struct Directory {
    path: PathBuf,
    finished: BTreeMap<String, (Made, Account)>,
    named: HashSet<String>,
}

impl Directory {
    /// Opens a directory, and makes it where there is none.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(path).map_err(|error| named(path, &error))?;
        let list = std::fs::read_to_string(path.join(LIST)).unwrap_or_default();
        // A line that was cut off by a crash means that its file is made again.
        let rows = list.lines().filter_map(|line| serde_json::from_str::<Row>(line).ok());
        let finished = rows.map(|row| (row.file, (row.made, row.account))).collect();
        Ok(Self { path: path.to_path_buf(), finished, named: HashSet::new() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The name for what becomes of an input. A name may be a person's, so it is replaced by a keyed one, unless it is
    /// that of a resource type, as bulk exports have it: `Patient.1.ndjson`. `end` is for one that has no usual ending.
    pub(super) fn name(&mut self, input: &str, end: &str, keys: &Pseudonymizer) -> String {
        let (stem, end) = match input.rsplit_once('.') {
            Some((stem, end @ ("json" | "ndjson" | "hl7" | "txt"))) => (stem, end),
            _ => (input, end),
        };
        let (resource_type, number) = stem.split_once('.').unwrap_or((stem, ""));
        let plain = element(resource_type, "id").is_some()
            && number.len() <= 4
            && number.bytes().all(|digit| digit.is_ascii_digit());
        let stem = if plain { stem.to_owned() } else { keys.pseudonym("file", &[input.as_bytes()]) };
        let mut name = format!("{stem}.{end}");
        let mut number = 1_u64;
        while !self.named.insert(name.clone()) {
            number += 1;
            name = format!("{stem}~{number}.{end}");
        }
        name
    }

    /// What an earlier run did to make a file, when it finished the file from the same.
    pub(super) fn finished(&self, name: &str, made: &Made) -> Option<&Account> {
        let (of, account) = self.finished.get(name)?;
        (of == made && self.path.join(name).is_file()).then_some(account)
    }

    /// Remembers that a file is finished.
    pub(super) fn finish(&self, name: &str, made: &Made, account: &Account) -> Result<(), Failure> {
        let row = Row { file: name.to_owned(), made: made.clone(), account: account.clone() };
        let path = self.path.join(LIST);
        let line = serde_json::to_string(&row).map_err(|_| Failure::usage("list of finished files"))?;
        let written = OpenOptions::new().create(true).append(true).open(&path).and_then(|mut list| {
            // What a crash cut off must not swallow this line.
            list.write_all(format!("\n{line}\n").as_bytes())?;
            list.sync_data()
        });
        written.map_err(|error| named(&path, &error))
    }
}

/// The length of a file and when it was changed, in milliseconds since 1970.
pub(super) fn state(path: &Path) -> (u64, u64) {
    let Ok(metadata) = std::fs::metadata(path) else { return (0, 0) };
    let changed = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    (metadata.len(), changed.map_or(0, |at| u64::try_from(at.as_millis()).unwrap_or(u64::MAX)))
}

fn named(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("{}: {error}", path.display()))
}
