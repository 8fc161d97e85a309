//! What the library's structs and maps produce survives a round trip through the R4B types, decimals by value.
#![expect(
    clippy::print_stdout,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what it saw, and stops where it fails"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use carewire_fhir_core::{OrgId, Resource, entries};
use carewire_fhir_sdk::{Error, from_r4b, to_r4b};
use carewire_hl7_v2::fhir::{MapOptions, map};
use carewire_hl7_v2::{Message, ParseOptions};

fn files(under: &str, extensions: &[&str]) -> Option<Vec<PathBuf>> {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS") else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return None;
    };
    let mut found = Vec::new();
    let mut folders = vec![Path::new(&corpus).join(under)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extensions.contains(&extension) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    Some(found)
}

/// The resources of the Bundles that the map makes of the messages in the corpus.
fn mapped(files: &[PathBuf]) -> Vec<Resource> {
    let org = OrgId::new("org_a").unwrap();
    let mut resources = Vec::new();
    for file in files {
        let bytes = std::fs::read(file).unwrap();
        let Ok(message) = Message::parse(&bytes, &ParseOptions::default()) else { continue };
        let Ok(mapped) = map(&message, &MapOptions::new(org.clone())) else { continue };
        let found =
            entries(&mapped.bundle).filter_map(|entry| Resource::from_value(entry.resource?.clone()).ok());
        resources.extend(found);
    }
    resources
}

/// The status is stated as unknown, which the types cannot hold; and the zone `+00:00` comes back as `Z`.
const EXPLAINED: [&str; 5] = [
    "Refused for Coverage.status",
    "Refused for EpisodeOfCare.status",
    "Changed Condition.extension[].valueDateTime",
    "Changed Condition.onsetDateTime",
    "Changed Condition.recordedDate",
];

#[test]
fn what_the_map_makes_survives() {
    let Some(files) = files("v2-to-fhir/ms-liquid", &["hl7"]) else { return };
    let resources = mapped(&files);
    assert!(resources.len() > 1_000, "only {} resources", resources.len());
    let tally = convert_all(&resources);
    println!("the map's {} resources: {tally:#?}", resources.len());
    let explained = |what: &&String| what.starts_with("Digits ") || EXPLAINED.contains(&what.as_str());
    assert_eq!(tally.keys().filter(|what| !explained(what)).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn what_others_expect_survives_but_for_what_is_named() {
    let Some(files) = files("v2-to-fhir", &["json"]) else { return };
    let resources = read(&files);
    assert!(resources.len() > 1_000, "only {} resources", resources.len());
    let tally = convert_all(&resources);
    println!("{} resources of others: {tally:#?}", resources.len());
    // Nothing sound is refused: each refusal names an element that the validator refuses too, or one without a value.
    let unexplained = tally.keys().filter(|what| what.starts_with("Refused") && !what.contains('.'));
    assert_eq!(unexplained.collect::<Vec<_>>(), Vec::<&String>::new());
}

/// Converts there and back, twice: the second time nothing may change. Counts what was lost or refused, by element.
fn convert_all(resources: &[Resource]) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    let mut count = |what: String| *tally.entry(what).or_default() += 1;
    for resource in resources {
        match to_r4b(resource) {
            Ok(converted) => {
                let back = from_r4b(&converted.value).unwrap();
                assert_eq!(to_r4b(&back).unwrap().value, converted.value, "{}", resource.resource_type());
                converted
                    .lost
                    .iter()
                    .for_each(|loss| count(format!("{:?} {}", loss.kind, pattern(&loss.path))));
            }
            Err(Error::Refused { resource_type, paths }) => {
                count(format!("Refused for {}", paths.first().map_or(resource_type, |path| pattern(path))));
            }
            Err(error) => panic!("{error}"),
        }
    }
    tally
}

/// The resources of Bundles and files of the corpus.
fn read(files: &[PathBuf]) -> Vec<Resource> {
    let parsed = files.iter().filter_map(|file| Resource::parse(&std::fs::read(file).ok()?).ok());
    let inner = |resource: Resource| -> Vec<Resource> {
        match resource.resource_type() {
            "Bundle" => entries(&resource)
                .filter_map(|entry| Resource::from_value(entry.resource?.clone()).ok())
                .collect(),
            _ => vec![resource],
        }
    };
    parsed.flat_map(inner).collect()
}

fn pattern(path: &str) -> String {
    path.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[test]
fn a_refusal_names_elements_and_no_values() {
    let wrong =
        Resource::parse(br#"{"resourceType":"Patient","birthDate":"Secret","active":"Secret"}"#).unwrap();
    let error = to_r4b(&wrong).unwrap_err();
    assert!(!error.to_string().contains("Secret") && !format!("{error:?}").contains("Secret"));
    let Error::Refused { resource_type, paths } = error else { panic!("{error}") };
    assert_eq!((resource_type.as_str(), paths.is_empty()), ("Patient", false));
}

#[test]
fn what_was_converted_is_not_shown() {
    let patient = br#"{"resourceType":"Patient","name":[{"family":"Chalmers"}],"other":"Chalmers"}"#;
    let converted = to_r4b(&Resource::parse(patient).unwrap()).unwrap();
    let shown = format!("{converted:?}");
    assert!(!shown.contains("Chalmers") && shown.contains("Patient.other"), "{shown}");
}

#[test]
fn a_type_that_r4b_does_not_have_is_refused() {
    let unknown = Resource::new("EffectEvidenceSynthesis");
    assert!(matches!(to_r4b(&unknown), Err(Error::Refused { .. })));
}
