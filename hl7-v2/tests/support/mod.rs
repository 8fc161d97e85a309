//! Messages of other projects' tests.

use std::fs;
use std::path::{Path, PathBuf};

/// The message files below `v2-messages` and the `in` folders of `v2-to-fhir` in `CAREWIRE_CORPUS`, sorted, with their
/// bytes; `None`, said aloud, where it is not set.
#[expect(clippy::print_stdout, reason = "a test says what it leaves out")]
pub(crate) fn corpus() -> Option<impl Iterator<Item = (PathBuf, Vec<u8>)>> {
    let Some(root) = std::env::var_os("CAREWIRE_CORPUS").map(PathBuf::from) else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return None;
    };
    let inputs = list(&root.join("v2-to-fhir")).into_iter().map(|folder| folder.join("in"));
    let all = list(&root.join("v2-messages")).into_iter().chain(inputs).flat_map(|folder| list(&folder));
    let mut files: Vec<_> =
        all.filter(|file| file.extension().is_some_and(|extension| extension == "hl7")).collect();
    assert!(files.len() > 500, "the corpus holds {} messages only", files.len());
    files.sort();
    Some(files.into_iter().map(|file| {
        let bytes = fs::read(&file).unwrap();
        (file, bytes)
    }))
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}
