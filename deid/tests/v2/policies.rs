//! The paths of policies, their faults, and the report for a reviewer.

use carewire_deid::v2::{self, check_v2};
use carewire_deid::{Error, Policy, Refusal};

use super::policies;

fn fault(rule: &str) -> String {
    let head = "id='x'\nversion='1'\njurisdiction='any'\nsources=[]\n";
    Policy::parse_toml(&format!("{head}[[v2]]\n{rule}")).map(drop).unwrap_err().to_string()
}

#[test]
fn faults_name_line_column_and_cure() {
    for (rule, expected) in [
        ("path='PDI-3'\nmethod='keep'", "line 6, column 6: `PDI` is no segment"),
        ("path='PID-99'\nmethod='drop'", "`PID` has no field `99`, only 1 to 40"),
        ("path='PID-0'\nmethod='drop'", "has no field `0`"),
        ("path='PID-11.99'\nmethod='drop'", "`XAD` has no component `99`"),
        ("path='XYZ.1'\nmethod='drop'", "`XYZ` is no datatype"),
        ("path='PID'\nmethod='drop'", "a path is `PID-7`"),
        ("path='*-1'\nmethod='drop'", "`*` as a segment"),
        ("path='PID-3'\nmethod='keep'", "is an identifier (CX): use `pseudonym`"),
        ("path='PID-5'\nmethod='keep'", "nothing of `XPN` is named"),
        ("path='NTE-3'\nmethod='keep'", "is free text (FT)"),
        ("path='PID-8'\nmethod='year'", "is no date (CWE)"),
        ("path='PID-11.1'\nmethod='keep'", "nothing of `SAD` is named"),
        ("path='PID-11.3'\nmethod='keep'", "is free text (ST)"),
        ("path='PID-5'\nmethod='zip3'", "no part of an address"),
        ("paths=['PID-8', 'PID-8']\nmethod='keep'", "stands twice"),
        ("path='OBX-5'\nmethod='year'", "`OBX-5` may be kept, scrubbed or dropped"),
        ("path='PID-5'\nmethod='scrub'", "is no text (XPN)"),
        ("path='PID-8'\nmethod='generalise'\nstep=5", "is no number (CWE)"),
        ("path='PID-5'\nmethod='encrypt'", "is XPN: `encrypt` does not apply"),
        ("path='PID-7'\nmethod='token'", "`token` does not apply"),
    ] {
        let error = fault(rule);
        assert!(error.contains(expected), "{rule}: {error}");
    }
}

#[test]
fn every_field_of_every_segment_has_a_rule() {
    for policy in policies() {
        let report = carewire_deid::v2::V2Report::of(&policy);
        assert!(report.segments.len() > 190);
        assert!(report.segments.iter().map(|segment| segment.fields.len()).sum::<usize>() > 2_900);
        assert!(
            report.segments.iter().flat_map(|segment| &segment.fields).all(|field| !field.said.is_empty())
        );
    }
}

#[test]
fn the_report_says_what_happens() {
    let report = check_v2(Policy::pseudonymous_toml()).unwrap();
    let said = |path: &str| {
        let all = report.segments.iter().flat_map(|segment| &segment.fields);
        all.clone().find(|field| field.path == path).map(|field| field.said.clone()).unwrap()
    };
    assert_eq!(said("PID-5"), "dropped");
    assert_eq!(
        said("PID-3"),
        ".1 pseudonym, .4 marked as a pseudonym, .5 code kept, .7 date kept, .8 date kept"
    );
    assert_eq!(
        said("OBX-5"),
        "by OBX-2: numbers, codes and dates; texts scrubbed if the policy says so; else dropped"
    );
    assert_eq!(said("OBX-7"), "range kept");
    assert_eq!(said("MSH-1"), "delimiters kept");
    let printed = report.to_string();
    assert!(printed.contains("policy pseudonymous") && printed.contains("  PID-7    DTM      dropped"));
}

#[test]
fn a_name_prevails_over_a_star_and_a_component_over_its_field() {
    let head = "id='x'\nversion='1'\njurisdiction='any'\nsources=[]\n";
    let rules = "[[v2]]\npath='PID-*'\nmethod='keep'\n[[v2]]\npath='PID-8'\nmethod='drop'\n
                 [[v2]]\npath='PID-3'\nmethod='pseudonym'\n[[v2]]\npath='PID-3.5'\nmethod='drop'\n
                 [[v2]]\npath='PID-11.5'\nmethod='zip3'\n[[v2]]\npath='PID-5.2'\nmethod='substitute'\nvalue='x'\n";
    let report = check_v2(&format!("{head}{rules}")).unwrap();
    let said = |path: &str| {
        let all = report.segments.iter().flat_map(|segment| &segment.fields);
        all.clone().find(|field| field.path == path).map(|field| field.said.clone()).unwrap()
    };
    assert_eq!(said("PID-7"), "date kept");
    assert_eq!(said("PID-8"), "dropped");
    assert_eq!(said("PID-3"), ".1 pseudonym, .4 marked as a pseudonym, .7 date kept, .8 date kept");
    assert_eq!(said("PID-11"), ".5 zip3");
    assert_eq!(said("PID-5"), ".2 substituted by `x`");
    assert_eq!(said("PV1-2"), "dropped");
}

#[test]
fn safe_harbor_takes_no_key_that_links_two_runs() {
    let policy = Policy::built_in("safe-harbor").unwrap();
    let (lasting, run, org) = (crate::lasting_keys(), crate::keys(), crate::org());
    let with =
        |keys| v2::Deidentifier::new(policy, v2::V2Context::new(keys, &org).with_as_of(crate::day())).err();
    assert!(matches!(with(&lasting), Some(Error::Refused { reason: Refusal::KeyOutlivesRun, .. })));
    assert!(with(&run).is_none());
}
