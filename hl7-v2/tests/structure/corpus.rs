//! Messages of other projects' tests: each has a tree with all its segments.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use carewire_hl7_v2::Severity;

#[test]
fn every_message_gives_a_tree() {
    let Some(root) = std::env::var_os("CAREWIRE_CORPUS").map(PathBuf::from) else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return;
    };
    let mut kinds = std::collections::BTreeMap::new();
    let (mut known, mut clean, mut all) = (0, 0, 0);
    for file in messages(&root) {
        let bytes = fs::read(&file).unwrap();
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let version = message.version().unwrap_or_default();
        let version = Version::nearest(&version).map_or(Version::V2_5_1, |nearest| nearest.version());
        let tree = Tree::of(&message, Dictionary::of(version));
        let indexes: Vec<_> = tree.root().all_segments().map(|segment| segment.index()).collect();
        assert_eq!(indexes, (0..message.segments().len()).collect::<Vec<_>>(), "{}", file.display());
        all += 1;
        known += usize::from(tree.structure().is_some());
        let errors = tree.findings().iter().filter(|finding| finding.severity() == Severity::Error);
        clean += usize::from(tree.structure().is_some() && errors.count() == 0);
        for finding in tree.findings() {
            *kinds.entry(finding.kind()).or_insert(0) += 1;
        }
    }
    println!("{all} messages, {known} with a known structure, {clean} of them without an error\n{kinds:#?}");
    assert!(all > 500 && known * 10 > all * 9, "{known} of {all} have a known structure");
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
