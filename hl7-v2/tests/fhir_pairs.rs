//! One message for each structure of the official guide, and the Bundle that it becomes, to the byte.
//!
//! `CAREWIRE_UPDATE_PAIRS=1 cargo nextest run -p carewire-hl7-v2 --features fhir --test fhir_pairs` writes the Bundles
//! anew: read what changed before it is committed.
#![cfg(feature = "fhir")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;

use carewire_fhir_core::{BundleType, OrgId, Resource, entries, validate, visit_references};
use carewire_hl7_v2::fhir::{MapOptions, Mapper};
use carewire_hl7_v2::{Message, ParseOptions};

/// The structures of the guide, as the files are named.
const STRUCTURES: [&str; 13] = [
    "adt_a01", "adt_a02", "adt_a05", "adt_a06", "adt_a09", "adt_a11", "adt_a17", "mdm_t02", "oml_o21",
    "orm_o01", "oru_r01", "siu_s12", "vxu_v04",
];

fn bundle(structure: &str, kind: BundleType) -> Resource {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/pairs/{structure}.hl7"));
    let bytes = std::fs::read(file).unwrap();
    let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
    let options = MapOptions::new(OrgId::new("clinic").unwrap()).with_bundle(kind);
    Mapper::new(options).map(&message).unwrap().0
}

#[test]
fn each_structure_becomes_its_bundle() {
    let update = std::env::var_os("CAREWIRE_UPDATE_PAIRS").is_some();
    for structure in STRUCTURES {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/pairs/{structure}.json"));
        let text = format!("{}\n", bundle(structure, BundleType::Message).value().to_json_pretty());
        if update {
            std::fs::write(&file, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&file).unwrap();
        let line = |texts: &str, other: &str| {
            texts.lines().zip(other.lines()).position(|(one, other)| one != other).map(|line| line + 1)
        };
        assert!(text == expected, "{structure}: first at line {:?}", line(&text, &expected));
    }
}

#[test]
fn each_bundle_is_valid_and_holds_together() {
    for structure in STRUCTURES {
        for kind in [BundleType::Transaction, BundleType::Message, BundleType::Collection] {
            let bundle = bundle(structure, kind);
            let urls: Vec<&str> = entries(&bundle).filter_map(|entry| entry.full_url).collect();
            for entry in entries(&bundle) {
                let resource = Resource::from_value(entry.resource.unwrap().clone()).unwrap();
                let issues: Vec<_> =
                    validate(&resource).into_iter().flat_map(|issue| issue.expression).collect();
                assert!(issues.is_empty(), "{structure}: {issues:?}");
                visit_references(resource.value(), &mut |path, target| {
                    assert!(urls.contains(&target), "{structure}: {path} leads nowhere");
                });
            }
        }
    }
}
