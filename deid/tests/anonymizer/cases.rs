//! The cases of Microsoft's own functional tests: what comes out is what theirs does, or the difference is explained.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use carewire_deid::Error;
use carewire_deid::import::{AnonymizerRules, ImportOptions, RuleKeys, RunContext, Unmatched};
use carewire_fhir_core::{Date, Kind, Resource, Value};

use crate::support;

/// The differences that are meant: case (`*` for any), path without indexes, what differs, why.
const DIFFERENCES: &str = include_str!("differences.txt");

pub(crate) fn corpus() -> Option<PathBuf> {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS") else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return None;
    };
    Some(Path::new(&corpus).join("deid/ms-anonymizer"))
}

fn read(path: &Path) -> String {
    // Two names in the list of cases differ from the files in their case.
    let found =
        path.parent().into_iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).find_map(|entry| {
            let entry = entry.unwrap().path();
            entry.to_string_lossy().eq_ignore_ascii_case(&path.to_string_lossy()).then_some(entry)
        });
    let text = std::fs::read_to_string(found.unwrap_or_else(|| panic!("{}", path.display()))).unwrap();
    text.trim_start_matches('\u{feff}').to_owned()
}

struct Case {
    name: String,
    config: PathBuf,
    input: PathBuf,
    expected: Option<PathBuf>,
}

fn cases(root: &Path) -> Vec<Case> {
    let tests = root.join("FHIR/src/Microsoft.Health.Fhir.Anonymizer.Shared.FunctionalTests");
    let r4 = root.join("FHIR/src/Microsoft.Health.Fhir.Anonymizer.R4.FunctionalTests");
    let listed = Value::parse(read(&root.join("cases.json")).as_bytes()).unwrap();
    let cases = listed.items().iter().map(|case| {
        let config = case.str("config").unwrap();
        let input = case.str("input").unwrap();
        let resources = tests.join("TestResources");
        Case {
            name: format!("{} {input}", config.trim_start_matches("Configurations/")),
            config: if config.starts_with("r4-") { r4.join(config) } else { tests.join(config) },
            input: resources.join(input),
            expected: case.str("expected").map(|expected| resources.join(expected)),
        }
    });
    cases.collect()
}

fn run(case: &Case) -> Result<Value, Error> {
    let keys = support::keys(1);
    let as_of = Date::parse("2026-11-22").unwrap();
    let options = ImportOptions::default().with_unmatched(Unmatched::Keep).with_keys(RuleKeys::File);
    let rules = AnonymizerRules::parse(&read(&case.config), options)?;
    let resource = Resource::parse(read(&case.input).as_bytes()).unwrap();
    Ok(rules.run(&resource, &RunContext::new(&keys, &as_of))?.resource.into_value())
}

/// Where two trees differ, whatever the order of members: path without indexes, and how.
fn differences(
    path: &str,
    ours: Option<&Value>,
    theirs: Option<&Value>,
    found: &mut Vec<(String, &'static str)>,
) {
    let (Some(a), Some(b)) = (ours, theirs) else {
        if let Some(how) = match (ours, theirs) {
            (Some(_), None) => Some("ours only"),
            (None, Some(_)) => Some("theirs only"),
            _ => None,
        } {
            found.push((path.to_owned(), how));
        }
        return;
    };
    match (a.kind(), b.kind()) {
        (Kind::Object, Kind::Object) => {
            let names: std::collections::BTreeSet<_> =
                a.members().chain(b.members()).map(|(name, _)| name).collect();
            for name in names {
                let below = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                differences(&below, a.get(name), b.get(name), found);
            }
        }
        (Kind::Array, Kind::Array) => {
            for at in 0..a.len().max(b.len()) {
                differences(path, a.items().get(at), b.items().get(at), found);
            }
        }
        // A list of one and its one item.
        (Kind::Object, Kind::Array) if b.len() == 1 => {
            found.push((path.to_owned(), "no list"));
            differences(path, ours, b.items().first(), found);
        }
        _ if a == b => {}
        _ => found.push((path.to_owned(), "changed")),
    }
}

fn explained() -> Vec<[&'static str; 4]> {
    let rows = DIFFERENCES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|line| {
        let columns: Vec<_> = line.split('\t').collect();
        <[&str; 4]>::try_from(columns).unwrap_or_else(|_| panic!("four columns: {line}"))
    })
    .collect()
}

#[test]
fn every_case_comes_out_as_theirs_or_the_difference_is_explained() {
    let Some(root) = corpus() else { return };
    let cases = cases(&root);
    assert_eq!(cases.len(), 38);
    let rows = explained();
    let mut used = vec![0; rows.len()];
    let (mut equal, mut refused, mut unexplained) = (0, 0, Vec::new());
    for case in &cases {
        let mut found = Vec::new();
        match (run(case), &case.expected) {
            (Err(_), None) => {
                refused += 1;
                continue;
            }
            (Ok(ours), Some(expected)) => {
                let theirs = Value::parse(read(expected).as_bytes()).unwrap();
                differences("", Some(&ours), Some(&theirs), &mut found);
            }
            (Err(error), Some(_)) => found.push((error.to_string(), "ours fails")),
            (Ok(_), None) => found.push((String::new(), "theirs fails")),
        }
        equal += usize::from(found.is_empty());
        for (path, how) in found {
            let row = rows.iter().position(|[name, at, what, _]| {
                (*name == "*" || *name == case.name) && *at == path && *what == how
            });
            match row {
                Some(row) => used[row] += 1,
                None => unexplained.push(format!("{}\t{path}\t{how}", case.name)),
            }
        }
    }
    unexplained.dedup();
    println!("{} cases: {equal} equal, {refused} refused by both, the others as explained", cases.len());
    assert!(unexplained.is_empty(), "not explained:\n{}", unexplained.join("\n"));
    let idle: Vec<_> = rows.iter().zip(&used).filter(|(_, used)| **used == 0).map(|(row, _)| row).collect();
    assert!(idle.is_empty(), "explained, but never seen: {idle:?}");
    assert_eq!(refused, 10);
}

/// The counts of a run are of rules, and their text says nothing of the patient.
#[test]
fn errors_and_debug_output_hold_no_value() {
    let Some(root) = corpus() else { return };
    let mut shown: BTreeMap<String, String> = BTreeMap::new();
    for case in cases(&root) {
        if let Err(error) = run(&case) {
            shown.insert(case.name, format!("{error} {error:?}"));
        }
    }
    assert!(!shown.is_empty());
    for (case, text) in shown {
        for value in ["Family", "Given", "TestCity", "12345", "Person", "Patricia"] {
            assert!(!text.contains(value), "{case}: {text}");
        }
    }
}
