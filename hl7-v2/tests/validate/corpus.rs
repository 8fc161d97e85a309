//! Messages of other projects' tests: what is found, by kind.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;

#[test]
fn every_message_is_checked_and_every_finding_has_its_place() {
    let Some(files) = support::corpus() else { return };
    let verbose = std::env::var_os("CAREWIRE_SHOW_FINDINGS").is_some();
    let mut kinds: BTreeMap<(String, FindingKind), usize> = BTreeMap::new();
    let (mut all, mut valid) = (0, 0);
    for (file, bytes) in files {
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
