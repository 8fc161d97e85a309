//! Real resources survive. Needs `CAREWIRE_CORPUS`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use std::path::{Path, PathBuf};

use carewire_fhir_core::{Resource, Value, canonical_hash, validate};

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("CAREWIRE_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: CAREWIRE_CORPUS is not set");
    }
    folder
}

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

#[test]
fn every_json_file_is_read_written_and_read_again() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    json_files(&corpus, &mut files);
    assert!(files.len() > 10);
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let ours = Value::parse(&bytes);
        let text = String::from_utf8(bytes).unwrap();
        let theirs = serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}'));
        let duplicate = ours.as_ref().is_err_and(|error| error.to_string().starts_with("duplicate member"));
        assert!(ours.is_ok() == theirs.is_ok() || duplicate, "{}", file.display());
        let (Ok(ours), Ok(theirs)) = (ours, theirs) else { continue };
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&ours.to_json()).unwrap(),
            theirs,
            "{}",
            file.display()
        );
    }
}

#[test]
fn patients_of_a_generator_are_sound() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    json_files(&corpus.join("deid/ms-anonymizer/FHIR/samples"), &mut files);
    let mut sound = 0;
    for file in files {
        let Ok(resource) = Resource::parse(&std::fs::read(&file).unwrap()) else { continue };
        let faults = validate(&resource);
        assert!(faults.is_empty(), "{}: {:?}", file.display(), faults.first().map(|issue| &issue.expression));
        assert_ne!(canonical_hash(&resource), [0; 32]);
        sound += 1;
    }
    assert!(sound > 3, "{sound} resources");
}
