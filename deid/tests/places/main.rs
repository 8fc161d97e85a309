//! Every place from which identity is known to leak, FHIR and HL7 v2, each with a value of its own, under every built-in
//! policy: none of the values comes out in any form, and what a clinician needs comes out byte for byte.
//!
//! `cargo test -p carewire-deid --test places -- --nocapture` prints the table.

#[cfg(test)]
mod fhir;
#[cfg(test)]
mod peer;
#[cfg(test)]
mod report;
#[cfg(test)]
mod row;
#[cfg(test)]
mod v2;

use carewire_deid::Policy;
use report::Report;

#[test]
fn no_place_leaks_and_no_survivor_is_lost() {
    let mut report = Report::default();
    for policy in Policy::built_in_names() {
        fhir::tell(policy, &mut report);
        v2::tell(policy, &mut report);
    }
    println!("{report}");
    assert!(report.places() > 3_000, "{} places", report.places());
    assert!(report.is_clean());
}

/// What is found nowhere proves nothing unless it would be found: each place's value, put into what came out, in one
/// encoding after another.
#[test]
fn a_value_put_back_is_found_in_every_encoding() {
    let mut encodings = std::collections::BTreeSet::new();
    for policy in ["safe-harbor", "pseudonymous"] {
        for (index, case) in fhir::cases(policy).chain(v2::cases(policy)).enumerate() {
            encodings.insert(case.found_when_put_back(index));
        }
    }
    assert!(encodings.len() >= 15, "{encodings:?}");
}

/// A survivor that does not come out is counted.
#[test]
fn a_survivor_that_is_taken_out_is_missed() {
    let mut report = Report::default();
    let case = fhir::cases("safe-harbor").find(|case| case.path == "Observation.note.text");
    let mut case = case.unwrap();
    case.out = case.out.replace("\"value\":0.50", "\"value\":0.5");
    report.add("safe-harbor", &case);
    assert!(!report.is_clean() && report.to_string().ends_with("leaks 0, survivors lost 1"), "{report}");
}
