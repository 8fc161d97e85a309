//! The segments of a message find their groups.

#![cfg(feature = "dictionary")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod corpus;
mod events;
mod laws;
#[path = "../support/mod.rs"]
mod support;

use carewire_hl7_v2::dictionary::{Dictionary, Node, Version};
use carewire_hl7_v2::structure::{Group, Item, StructureError, Tree, TreeOptions, Unexpected};
use carewire_hl7_v2::{FindingKind, Message, ParseOptions, Path, PathError, Severity};

/// A message of these segments behind its header.
fn bytes(version: Version, kind: &str, segments: &str) -> Vec<u8> {
    let mut text = format!("MSH|^~\\&|A|B|C|D|2024||{kind}|7|P|{version}\r");
    for name in segments.split_whitespace() {
        text.push_str(name);
        text.push_str("|1\r");
    }
    text.into_bytes()
}

/// The tree in one line, without the header, and its findings.
fn built(version: Version, kind: &str, segments: &str, options: &TreeOptions) -> (String, Vec<String>) {
    let bytes = bytes(version, kind, segments);
    let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
    let tree = Tree::with_options(&message, Dictionary::of(version), options).unwrap();
    let findings = tree.findings().iter().map(|finding| {
        let place = finding.location().map(|location| location.to_string());
        let what = finding.expected().map(str::to_owned).or(place).unwrap_or_default();
        let group = finding.group().map(|group| format!(" of {group}")).unwrap_or_default();
        format!("{:?} {what}{group}", finding.kind())
    });
    (line(&tree, tree.root()).trim_start_matches("MSH ").to_owned(), findings.collect())
}

fn line(tree: &Tree<'_>, group: Group<'_, '_>) -> String {
    let parts = group.items().map(|item| match item {
        Item::Segment(segment) if tree.is_expected(segment.index()) => segment.name().to_owned(),
        Item::Segment(segment) => format!("!{}", segment.name()),
        Item::Group(inner) => format!("{}({})", inner.name(), line(tree, inner)),
    });
    parts.collect::<Vec<_>>().join(" ")
}
