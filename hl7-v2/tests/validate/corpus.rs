//! Messages of other projects' tests: what is found, by kind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

#[test]
fn every_message_is_checked_and_every_finding_has_its_place() {
    let Some(root) = std::env::var_os("CAREWIRE_CORPUS").map(PathBuf::from) else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return;
    };
    let verbose = std::env::var_os("CAREWIRE_SHOW_FINDINGS").is_some();
    let mut kinds: BTreeMap<(String, FindingKind), usize> = BTreeMap::new();
    let (mut all, mut valid) = (0, 0);
    for file in messages(&root) {
        let bytes = fs::read(&file).unwrap();
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let version = message.version().unwrap_or_default();
        let version = Version::nearest(&version).map_or(Version::V2_5_1, |nearest| nearest.version());
        let findings = validate(&message, Dictionary::of(version), &ValidateOptions::default());
        all += 1;
        valid += usize::from(findings.iter().all(|finding| finding.severity() != Severity::Error));
        for finding in &findings {
            check(finding, &message, &file);
            *kinds.entry((finding.severity().to_string(), finding.kind())).or_insert(0) += 1;
            if verbose {
                let text = finding.span().and_then(|span| bytes.get(span)).map(String::from_utf8_lossy);
                println!("@ {} {version} {finding} <{}>", file.display(), text.unwrap_or_default());
            }
        }
    }
    println!("{all} messages, {valid} without an error\n{kinds:#?}");
    assert!(all > 500);
}

/// The bytes of a finding about a value are the value: reading the place gives it again.
fn check(finding: &Finding, message: &Message<'_>, file: &Path) {
    let (Some(location), Some(span)) = (finding.location(), finding.span()) else { return };
    let bytes = message.to_bytes();
    assert!(span.start <= span.end && span.end <= bytes.len(), "{}: {finding}", file.display());
    if location.field().is_none() || span.is_empty() || finding.kind() == FindingKind::UnknownStructure {
        return;
    }
    let Some(Ok(raw)) = bytes.get(span).map(std::str::from_utf8) else { return };
    if let Some(text) = message.at(location)
        && !raw.contains(['\\', '~'])
        && bytes.is_ascii()
    {
        assert_eq!(text, raw, "{}: {finding}", file.display());
    }
}

fn messages(root: &Path) -> Vec<PathBuf> {
    let folders = |under: &str| list(&root.join(under));
    let inputs = folders("v2-to-fhir").into_iter().map(|folder| folder.join("in"));
    let all = folders("v2-messages").into_iter().chain(inputs).flat_map(|folder| list(&folder));
    let mut files: Vec<_> =
        all.filter(|file| file.extension().is_some_and(|extension| extension == "hl7")).collect();
    files.sort();
    files
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}
