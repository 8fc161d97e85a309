//! Real messages become Bundles that hold together.
#![cfg(feature = "fhir")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

use std::collections::HashSet;
use std::path::PathBuf;

use carewire_fhir_core::{BundleType, OrgId, Resource, Severity, entries, validate, visit_references};
use carewire_hl7_v2::fhir::{MapOptions, Mapped, map};
use carewire_hl7_v2::{Message, ParseOptions};

/// The types that the map knows, as the files of the corpus are named.
const KNOWN: &[&str] = &["ADT", "ADT01", "ADT04", "ORU", "LAB-ORU", "SIU", "VXU", "MDM"];

/// Events about two patients.
const ABOUT_TWO: &[&str] = &["ADT-A40", "ADT-A41", "ADT-A45", "ADT-A47"];

fn messages() -> Vec<(String, Vec<u8>)> {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS").map(PathBuf::from) else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return Vec::new();
    };
    let directory = corpus.join("v2-to-fhir/ms-liquid/in");
    let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let named = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.into_iter().map(|path| (named(&path), std::fs::read(path).unwrap())).collect()
}

fn is_known(name: &str) -> bool {
    let of_type = |kind: &str| name.strip_prefix(kind).is_some_and(|rest| rest.starts_with('-'));
    KNOWN.iter().any(|kind| of_type(kind)) && !ABOUT_TWO.iter().any(|event| name.starts_with(event))
}

fn mapped(name: &str, bytes: &[u8], bundle: BundleType) -> Mapped {
    let options = MapOptions::new(OrgId::new("corpus").unwrap()).with_bundle(bundle);
    let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
    map(&message, &options).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn known() -> Vec<(String, Vec<u8>)> {
    messages().into_iter().filter(|(name, _)| is_known(name)).collect()
}

#[test]
fn every_reference_resolves_and_every_url_is_its_own() {
    for (name, bytes) in known() {
        for kind in [BundleType::Transaction, BundleType::Message, BundleType::Collection] {
            let bundle = mapped(&name, &bytes, kind).bundle;
            let urls: Vec<&str> = entries(&bundle).map(|entry| entry.full_url.unwrap()).collect();
            let unique: HashSet<&str> = urls.iter().copied().collect();
            assert_eq!(unique.len(), urls.len(), "{name}: a fullUrl twice");
            for entry in entries(&bundle) {
                visit_references(entry.resource.unwrap(), &mut |path, target| {
                    assert!(unique.contains(target), "{name}: {path} leads nowhere");
                });
            }
        }
    }
}

#[test]
fn every_bundle_is_structurally_valid() {
    for (name, bytes) in known() {
        for kind in [BundleType::Transaction, BundleType::Message] {
            let bundle = mapped(&name, &bytes, kind).bundle;
            for resource in
                entries(&bundle).map(|entry| Resource::from_value(entry.resource.unwrap().clone()).unwrap())
            {
                let errors: Vec<_> = validate(&resource)
                    .into_iter()
                    .filter(|issue| matches!(issue.severity, Severity::Error | Severity::Fatal))
                    .flat_map(|issue| issue.expression)
                    .collect();
                assert!(errors.is_empty(), "{name}: {errors:?}");
            }
        }
    }
}

#[test]
fn every_entry_is_found_again_by_its_identity() {
    for (name, bytes) in known() {
        let bundle = mapped(&name, &bytes, BundleType::Transaction).bundle;
        let mut requests = HashSet::new();
        for entry in entries(&bundle) {
            let resource = entry.resource.unwrap();
            let complete =
                |i: &&carewire_fhir_core::Value| i.str("system").is_some() && i.str("value").is_some();
            assert!(resource.list("identifier").iter().any(|i| complete(&i)), "{name}: no identity");
            assert_eq!(entry.request_method, Some("PUT"));
            assert!(
                requests.insert(entry.request_url.unwrap().to_owned()),
                "{name}: two entries with one identity"
            );
        }
    }
}

#[test]
fn the_same_message_gives_the_same_bundle() {
    for (name, bytes) in known() {
        let once = mapped(&name, &bytes, BundleType::Transaction).bundle.to_json();
        assert_eq!(once, mapped(&name, &bytes, BundleType::Transaction).bundle.to_json(), "{name}");
    }
}

#[test]
fn results_stand_with_their_orders() {
    let all = known();
    let Some((name, bytes)) = all.iter().find(|(name, _)| name == "LAB-ORU-1") else { return };
    let bundle = mapped(name, bytes, BundleType::Collection).bundle;
    let reports: Vec<_> = entries(&bundle)
        .filter_map(|entry| entry.resource)
        .filter(|resource| resource.str("resourceType") == Some("DiagnosticReport"))
        .collect();
    let results: Vec<usize> = reports.iter().map(|report| report.list("result").len()).collect();
    assert_eq!(results, [5, 5]);
    let of = |report: usize| -> HashSet<&str> {
        reports[report].list("result").iter().filter_map(|result| result.str("reference")).collect()
    };
    assert!(of(0).is_disjoint(&of(1)));
}

#[test]
fn what_is_reported_shows_no_content() {
    for (name, bytes) in known() {
        let mapped = mapped(&name, &bytes, BundleType::Transaction);
        let text = String::from_utf8_lossy(&bytes);
        let pid = text.split('\r').flat_map(|line| line.split('\n')).find(|line| line.starts_with("PID"));
        let family = pid.and_then(|pid| pid.split('|').nth(5)).and_then(|name| name.split(['^', '&']).next());
        let Some(family) = family.filter(|family| family.len() > 2) else { continue };
        let reports = format!("{mapped:?}{:?}{:?}", mapped.issues, mapped.unmapped);
        assert!(!reports.contains(family), "{name}");
    }
}
