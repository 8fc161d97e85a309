//! Real Bundles, where they are at hand: identities go, the result is valid, references resolve, twice is once.

#[cfg(test)]
mod support;

use carewire_deid::{Error, Refusal};
use carewire_fhir_core::{DateTime, Kind, Resource, Severity, Value, validate, visit_references};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use support::live;

#[test]
fn bundles_of_the_corpus_lose_their_identities() {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS") else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return;
    };
    let (mut done, mut refused) = (0, 0);
    for file in files(Path::new(&corpus)) {
        let Some(input) = std::fs::read(&file).ok().and_then(|bytes| Resource::parse(&bytes).ok()) else {
            continue;
        };
        if input.resource_type() != "Bundle" || input.value().list("entry").is_empty() {
            continue;
        }
        match live(&input) {
            Ok(out) => {
                check(&input, &out.bundle, &file);
                assert_eq!(live(&out.bundle).unwrap().bundle, out.bundle, "{}", file.display());
                done += 1;
            }
            Err(Error::Refused { reason: Refusal::SeveralPatients | Refusal::ModifierExtension, .. }) => {
                refused += 1
            }
            Err(error) => panic!("{}: {error}", file.display()),
        }
    }
    println!("{done} bundles de-identified, {refused} refused");
    assert!(done > 100);
}

fn check(input: &Resource, output: &Resource, file: &Path) {
    let mut phi = BTreeSet::new();
    gather(input.value(), "", &mut phi);
    let mut left = BTreeSet::new();
    texts(output.value(), &mut left);
    let leaked: Vec<_> = phi.intersection(&left).collect();
    assert!(leaked.is_empty(), "{}: {} identities come out: {leaked:?}", file.display(), leaked.len());
    assert!(!output.to_json().contains("\"birthDate\""), "{}", file.display());
    let addresses: BTreeSet<_> =
        output.value().list("entry").iter().filter_map(|one| one.str("fullUrl")).collect();
    visit_references(output.value(), &mut |path, text| {
        assert!(
            text.starts_with('#') || addresses.contains(text),
            "{}: {path} leads nowhere",
            file.display()
        );
    });
    if !faults(input).is_empty() {
        return;
    }
    assert_eq!(faults(output), Vec::<String>::new(), "{}", file.display());
}

fn faults(bundle: &Resource) -> Vec<String> {
    let issues = validate(bundle).into_iter().filter(|issue| issue.severity != Severity::Warning);
    issues.flat_map(|issue| issue.expression).collect()
}

/// The texts of names, addresses, contact points, identifiers and ids.
fn gather(value: &Value, name: &str, phi: &mut BTreeSet<String>) {
    const WHOLE: [&str; 8] =
        ["name", "address", "telecom", "identifier", "id", "div", "photo", "subscriberId"];
    if WHOLE.contains(&name) {
        let mut all = BTreeSet::new();
        texts(value, &mut all);
        // Systems, uses and types are words of FHIR, not of a person; the dates of a period stay elsewhere too.
        let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        phi.extend(all.into_iter().filter(|text| {
            DateTime::parse(text).is_err()
                && text.len() > 4
                && !text.contains("://")
                && !text.starts_with("urn:")
                && !is_word(text)
        }));
        return;
    }
    value.members().for_each(|(name, below)| gather(below, name, phi));
    value.items().iter().for_each(|below| gather(below, name, phi));
}

fn texts(value: &Value, all: &mut BTreeSet<String>) {
    match value.kind() {
        Kind::String => drop(all.insert(value.as_str().unwrap_or_default().to_owned())),
        _ => {
            value.members().for_each(|(_, below)| texts(below, all));
            value.items().iter().for_each(|below| texts(below, all));
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    for path in entries {
        match path.is_dir() {
            true => found.extend(files(&path)),
            false if path.extension().is_some_and(|extension| extension == "json") => found.push(path),
            false => {}
        }
    }
    found.sort();
    found
}
