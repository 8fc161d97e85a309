//! Ours beside the Bundles that other converters make of the same messages.
//!
//! Those converters follow the same guide, more or less, and have ways of their own. Every difference either has a rule in
//! `data/pair_differences.txt`, which says why ours is right, or fails the test; so does a rule that covers nothing.
//! `CAREWIRE_PAIRS_DUMP=FILE` writes all differences with their values, one a line, with the group of the rule.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use carewire_fhir_core::{BundleType, OrgId};
use carewire_hl7_v2::fhir::{MapError, MapOptions, Mapper};
use carewire_hl7_v2::{Message, ParseOptions};
use carewire_testing::corpus;
use carewire_testing::pairs::{Comparison, Finding, Pair, Rules, compare, pairs};

const TABLE: &str = include_str!("../data/pair_differences.txt");

/// What the pairs of one corpus come to.
#[derive(Default)]
struct Sum {
    pairs: usize,
    unmapped: usize,
    identical: usize,
    beyond: usize,
    dangling: usize,
    differences: BTreeMap<String, (usize, usize)>,
}

#[test]
fn every_difference_has_a_reason() {
    let Some(corpus) = corpus::directory() else {
        println!("{}", corpus::NOT_SET);
        return;
    };
    let rules = Rules::read(TABLE).unwrap();
    let mut uses = vec![0_usize; rules.rules.len()];
    let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
    let mut open = BTreeMap::<String, usize>::new();
    let mut dump = String::new();
    for mut pair in pairs(&corpus).unwrap() {
        let sum = sums.entry(pair.corpus).or_default();
        sum.pairs += 1;
        for (rule, count) in rules.strip(&mut pair) {
            uses[rule] += count;
        }
        let mut judge = |path: &str, finding: Finding<'_>, elements: usize| {
            let rule = rules.covering(&pair, finding);
            let group = rule.map_or("?", |rule| rules.rules[rule].group.as_str());
            match rule {
                Some(rule) => uses[rule] += 1,
                None => *open.entry(format!("{} {path}", pair.corpus)).or_default() += 1,
            }
            let count = sum.differences.entry(group.to_owned()).or_default();
            *count = (count.0 + 1, count.1 + elements);
            group.to_owned()
        };
        match comparison(&pair) {
            Ok(found) => {
                for one in &found.differences {
                    let group =
                        judge(&format!("{} {}", one.path, one.kind), Finding::Difference(one), one.elements);
                    let _ = writeln!(
                        dump,
                        "{}\t{}\t{}\t{}\t{}\t{}\t{group}",
                        pair.corpus, pair.file, one.kind, one.path, one.theirs, one.ours
                    );
                }
                sum.identical += found.identical;
                sum.beyond += found.beyond;
                sum.dangling += found.dangling;
            }
            Err(reason) => {
                let group = judge(&format!("{reason} message"), Finding::Message(&reason), 0);
                let _ = writeln!(dump, "{}\t{}\tmessage\t{reason}\t\t\t{group}", pair.corpus, pair.file);
                sum.unmapped += 1;
            }
        }
    }
    if let Some(file) = std::env::var_os("CAREWIRE_PAIRS_DUMP") {
        std::fs::write(file, dump).unwrap();
    }
    print(&sums, &rules, &uses);
    for (difference, count) in open.iter().take(100) {
        println!("NO REASON {count:4} {difference}");
    }
    let idle: Vec<&str> = rules
        .rules
        .iter()
        .zip(&uses)
        .filter(|(_, uses)| **uses == 0)
        .map(|(rule, _)| rule.text.as_str())
        .collect();
    assert!(idle.is_empty(), "rules that cover nothing: {idle:#?}");
    assert!(open.is_empty(), "{} kinds of differences have no reason", open.len());
}

/// The rows that the table names are rows of the guide.
#[test]
fn every_row_is_of_the_guide() {
    let guide: BTreeSet<String> = [
        include_str!("../../hl7-v2/tests/data/guide_rows.txt"),
        include_str!("../../hl7-v2/tests/data/guide_datatypes.txt"),
        include_str!("../../hl7-v2/tests/data/guide_messages.txt"),
    ]
    .iter()
    .flat_map(|list| list.lines())
    .map(|line| line.split(' ').take(3).collect::<Vec<_>>().join(" "))
    .collect();
    let unknown: Vec<_> =
        Rules::read(TABLE).unwrap().rows.into_iter().filter(|(_, row)| !guide.contains(row)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
}

fn print(sums: &BTreeMap<&str, Sum>, rules: &Rules, uses: &[usize]) {
    for (corpus, sum) in sums {
        println!(
            "{corpus}: {} pairs, {} without a map; elements: {} identical, {} beyond theirs; {} references of theirs lead nowhere",
            sum.pairs, sum.unmapped, sum.identical, sum.beyond, sum.dangling
        );
        for (group, (count, elements)) in &sum.differences {
            println!("    {count:5} differences ({elements} elements): {group}");
        }
    }
    for (rule, uses) in rules.rules.iter().zip(uses) {
        println!("{uses:5} by [{}] {}", rule.group, rule.text);
    }
}

/// The comparison, or the type of a message that has no map.
fn comparison(pair: &Pair) -> Result<Comparison, String> {
    let options = MapOptions::new(OrgId::new("pairs").unwrap()).with_bundle(BundleType::Message);
    let written = |bytes: &[u8]| {
        let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
        let mut text = String::new();
        Mapper::new(options.clone()).write(&message, &mut text).map(|_| text)
    };
    let written = match written(&pair.message) {
        Err(MapError::NoPatientIdentity | MapError::NoPatient) => {
            written(&corpus::with_patient(&pair.message))
        }
        other => other,
    };
    match written {
        Ok(text) => {
            if let Some(dir) = std::env::var_os("CAREWIRE_PAIRS_OURS") {
                std::fs::write(std::path::Path::new(&dir).join(&pair.file), &text).unwrap();
            }
            Ok(compare(&pair.expected, &serde_json::from_str(&text).unwrap()))
        }
        Err(MapError::UnsupportedType { code, event }) => Err(format!("{code}^{event}")),
        Err(error) => Err(error.to_string().replace(' ', "-")),
    }
}
