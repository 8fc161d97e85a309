//! Messages of other projects' tests: each has a tree with all its segments.

use super::*;
use carewire_hl7_v2::Severity;

#[test]
fn every_message_gives_a_tree() {
    let Some(files) = support::corpus() else { return };
    let mut kinds = std::collections::BTreeMap::new();
    let (mut known, mut clean, mut all) = (0, 0, 0);
    for (file, bytes) in files {
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
