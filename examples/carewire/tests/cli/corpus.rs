//! Messages of real senders, where the corpus is at hand.

use std::path::PathBuf;

use crate::support::{Place, json_lines, references_resolve};

/// The types of message that this version promises.
const TYPES: [&str; 8] =
    ["ADT^A01", "ADT^A03", "ADT^A04", "ADT^A08", "ORU^R01", "SIU^S12", "VXU^V04", "MDM^T02"];

#[test]
fn every_message_of_a_promised_type_becomes_a_bundle() {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS").filter(|path| !path.is_empty()).map(PathBuf::from)
    else {
        println!("skipped: CAREWIRE_CORPUS is not set");
        return;
    };
    let place = Place::new();
    let folder = corpus.join("v2-to-fhir/ms-liquid/in");
    let arguments =
        ["convert", "v2-to-fhir", folder.to_str().unwrap(), "--out", "out/", "--report", "report.ndjson"];
    let ran = place.run(&arguments);
    assert!([0, 1].contains(&ran.status), "{}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);

    let report = json_lines(&place.read("report.ndjson"));
    let inputs = std::fs::read_dir(&folder).unwrap().count();
    assert!(report.len() >= inputs, "every input is reported");
    let mut seen = std::collections::BTreeMap::from(TYPES.map(|kind| (kind, 0)));
    for line in &report {
        if let Some(count) = line["type"].as_str().and_then(|kind| seen.get_mut(kind)) {
            *count += 1;
        }
    }
    assert!(seen.values().all(|count| *count > 0), "{seen:?}");
    let failed: Vec<&str> = report
        .iter()
        .filter(|line| line["error"].is_string())
        .filter_map(|line| line["input"].as_str())
        .collect();
    for name in ["ADT-A01", "ADT-A03", "ADT-A04", "ADT-A08", "ORU-R01", "SIU-S12", "VXU-V04", "MDM-T02"] {
        assert!(!failed.iter().any(|input| input.starts_with(name)), "{name}: {failed:?}");
    }
    let written = place.list("out");
    assert_eq!(written.len(), report.len() - failed.len());
    for name in written {
        let bundle = serde_json::from_str(&place.read(&format!("out/{name}"))).unwrap();
        references_resolve(&bundle);
    }
}
