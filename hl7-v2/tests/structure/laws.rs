//! What holds for any list of segments.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Names of structures with deep, repeated, optional and alternative groups.
const KINDS: [&str; 8] = [
    "ORU^R01^ORU_R01",
    "OML^O21^OML_O21",
    "ADT^A01^ADT_A01",
    "ORM^O01^ORM_O01",
    "SIU^S12^SIU_S12",
    "RDE^O11^RDE_O11",
    "PPR^PC1^PPR_PC1",
    "XXX^X01^XXX_X01",
];

const NAMES: [&str; 34] = [
    "MSH", "PID", "PD1", "NTE", "NK1", "PV1", "PV2", "ORC", "OBR", "OBX", "TQ1", "TQ2", "CTD", "FT1", "SPM",
    "SAC", "DG1", "IN1", "IN2", "ROL", "PR1", "RGS", "AIS", "AIL", "AIP", "RXO", "RXR", "RXC", "RXE", "PRB",
    "GOL", "VAR", "ZZZ", "??",
];

fn text(kind: &str, names: &[&str]) -> Vec<u8> {
    bytes(Version::V2_5_1, kind, &names.join(" "))
}

proptest! {
    #[test]
    fn every_segment_is_in_the_tree_once_and_in_order(
        kind in select(&KINDS[..]),
        names in prop::collection::vec(select(&NAMES[..]), 0..60),
    ) {
        let bytes = text(kind, &names);
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let tree = Tree::of(&message, Dictionary::of(Version::V2_5_1));
        let mut walked = Vec::new();
        walk(tree.root(), &mut walked);
        prop_assert_eq!(&walked, &(0..message.segments().len()).collect::<Vec<_>>());
        let all: Vec<_> = tree.root().all_segments().map(|segment| segment.index()).collect();
        prop_assert_eq!(walked, all);
        for index in 0..message.segments().len() {
            let group = tree.group_of(index).unwrap();
            prop_assert!(group.segment_range().contains(&index));
            prop_assert_eq!(group.segments().filter(|segment| segment.index() == index).count(), 1);
        }
    }

    #[test]
    fn every_unexpected_segment_is_reported_and_no_other(
        kind in select(&KINDS[..]),
        names in prop::collection::vec(select(&NAMES[..]), 0..60),
    ) {
        let bytes = text(kind, &names);
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let tree = Tree::of(&message, Dictionary::of(Version::V2_5_1));
        let about_missing =
            [FindingKind::MissingSegment, FindingKind::MissingGroup, FindingKind::UnknownStructure];
        let reported: BTreeSet<_> = tree.findings().iter()
            .filter(|finding| !about_missing.contains(&finding.kind()))
            .map(|finding| finding.span().unwrap().start)
            .collect();
        let unexpected: BTreeSet<_> = message.segments()
            .filter(|segment| !tree.is_expected(segment.index()))
            .map(|segment| segment.span().start)
            .collect();
        prop_assert_eq!(reported, unexpected);
    }

    #[test]
    fn the_path_of_a_group_finds_it(
        kind in select(&KINDS[..]),
        names in prop::collection::vec(select(&NAMES[..]), 0..60),
    ) {
        let bytes = text(kind, &names);
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let tree = Tree::of(&message, Dictionary::of(Version::V2_5_1));
        for index in 0..message.segments().len() {
            let group = tree.group_of(index).unwrap();
            if group.is_root() {
                continue;
            }
            let found: Vec<_> =
                tree.groups(&group.path()).unwrap().map(|group| group.segment_range()).collect();
            prop_assert_eq!(found, [group.segment_range()]);
        }
    }

    #[test]
    fn at_the_top_level_nothing_unexpected_is_inside_a_group(
        kind in select(&KINDS[..]),
        names in prop::collection::vec(select(&NAMES[..]), 0..60),
    ) {
        let bytes = text(kind, &names);
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let options = TreeOptions::default().with_unexpected(Unexpected::Root);
        let tree = Tree::with_options(&message, Dictionary::of(Version::V2_5_1), &options).unwrap();
        let inline = Tree::of(&message, Dictionary::of(Version::V2_5_1));
        let mut walked = Vec::new();
        walk(tree.root(), &mut walked);
        walked.sort_unstable();
        prop_assert_eq!(walked, (0..message.segments().len()).collect::<Vec<_>>());
        for index in 0..message.segments().len() {
            prop_assert_eq!(tree.is_expected(index), inline.is_expected(index));
            if tree.is_expected(index) {
                prop_assert_eq!(tree.group_of(index).unwrap().path(), inline.group_of(index).unwrap().path());
            }
        }
    }

    #[test]
    fn any_text_is_a_path_or_an_error(path in ".{0,40}") {
        let bytes = text("ORU^R01^ORU_R01", &["PID", "OBR", "OBX"]);
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let tree = Tree::of(&message, Dictionary::of(Version::V2_5_1));
        match (tree.groups(&path), path.parse::<Path>()) {
            (Ok(groups), Ok(_)) => prop_assert_eq!(groups.count(), 0),
            (Err(PathError::NotAGroup), Ok(path)) => prop_assert!(path.field().is_some()),
            (Err(error), Err(wanted)) => prop_assert_eq!(error, wanted),
            (groups, path) => prop_assert!(false, "{:?} {path:?}", groups.err()),
        }
    }
}

/// Without recursion over the message: the depth of a tree is that of its structure.
fn walk(group: Group<'_, '_>, walked: &mut Vec<usize>) {
    for item in group.items() {
        match item {
            Item::Segment(segment) => walked.push(segment.index()),
            Item::Group(inner) => walk(inner, walked),
        }
    }
}

/// A search through all segments or groups for each segment takes minutes here, and the test runner ends a test after
/// five.
#[test]
fn three_hundred_thousand_segments_are_placed_in_linear_time() {
    for names in
        [&["OBX"][..], &["OBR", "OBX"], &["ZZZ"], &["DSC", "PID"], &["PID", "CTD"], &["SPM", "TQ1", "NTE"]]
    {
        let list: Vec<&str> = names.iter().copied().cycle().take(300_000).collect();
        let bytes = text("ORU^R01^ORU_R01", &list);
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let tree = Tree::of(&message, Dictionary::of(Version::V2_5_1));
        assert_eq!(tree.root().all_segments().count(), list.len() + 1, "{names:?}");
        assert!(tree.findings().len() <= 1_001, "{names:?}");
    }
}
