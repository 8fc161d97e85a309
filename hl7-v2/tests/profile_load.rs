//! Profiles that cannot be loaded, hostile ones, and real ones where there are some.

#![cfg(feature = "profile")]
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use std::path::Path;

use carewire_hl7_v2::profile::{
    ConformanceProfile, ProfileError, ProfileErrorKind, ProfileFile, ProfileSource, UnsupportedReason,
    ValidationOptions,
};
use carewire_hl7_v2::{Message, ParseOptions};
use proptest::prelude::*;

const PROFILE: &str = include_str!("profiles/lab/PROFILE.xml");
const CONSTRAINTS: &str = include_str!("profiles/lab/CONSTRAINTS.xml");
const VALUE_SETS: &str = include_str!("profiles/lab/VALUESETS.xml");
const CO_CONSTRAINTS: &str = include_str!("profiles/lab/COCONSTRAINTS.xml");
const BINDINGS: &str = include_str!("profiles/lab/VALUESETBINDINGS.xml");

fn load(profile: &str) -> Result<ConformanceProfile, ProfileError> {
    ConformanceProfile::load(&ProfileSource::new(profile.as_bytes()))
}

/// The error of the laboratory profile with one text in it replaced by another.
fn error(from: &str, to: &str) -> ProfileError {
    assert!(PROFILE.contains(from), "{from}");
    load(&PROFILE.replacen(from, to, 1)).unwrap_err()
}

#[test]
fn what_a_profile_has_to_have_is_demanded_with_its_place() {
    let missing = error("<Segment Ref=\"SFT_LAB\" Usage=\"RE\"", "<Segment Ref=\"SFT_LAB\"");
    assert_eq!((missing.file(), missing.line(), missing.column()), (ProfileFile::Profile, 7, 7));
    assert_eq!(missing.to_string(), "profile, line 7, column 7: Segment has no attribute Usage");
    let usage = error("Usage=\"RE\"", "Usage=\"secret\"");
    assert_eq!(
        usage.to_string(),
        "profile, line 7, column 7: Segment has an attribute Usage that cannot be read"
    );
    let unresolved = |what, id: &str| ProfileErrorKind::Unresolved { what, id: id.into() };
    assert_eq!(error("Ref=\"SFT_LAB\"", "Ref=\"SFT_X\"").kind(), &unresolved("segment", "SFT_X"));
    assert_eq!(error("Datatype=\"MSG\"", "Datatype=\"MSX\"").kind(), &unresolved("data type", "MSX"));
    let twice = ProfileErrorKind::Duplicate { what: "data type", id: "ST".into() };
    assert_eq!(error("<Datatype ID=\"IS\"", "<Datatype ID=\"ST\"").kind(), &twice);
    assert!(matches!(error("<Segments>", "<Sigments>").kind(), ProfileErrorKind::Xml));
    assert!(matches!(error("Min=\"0\"", "Min=\"none\"").kind(), ProfileErrorKind::Attribute { .. }));
}

#[test]
fn a_data_type_that_contains_itself_is_refused() {
    let cycle =
        error("Name=\"Time\" Usage=\"R\" Datatype=\"DTM\"", "Name=\"Time\" Usage=\"R\" Datatype=\"TS\"");
    assert_eq!(cycle.kind(), &ProfileErrorKind::Cycle { id: "TS".into() });
    let types: String = (0..40)
        .map(|n| format!("<Datatype ID=\"D{n}\" Name=\"D\"><Component Name=\"c\" Usage=\"O\" Datatype=\"D{}\"/></Datatype>", n + 1))
        .collect();
    let deep =
        PROFILE.replace("</Datatypes>", &format!("{types}<Datatype ID=\"D40\" Name=\"ST\"/></Datatypes>"));
    assert!(matches!(load(&deep).unwrap_err().kind(), ProfileErrorKind::Limit { .. }));
}

#[test]
fn elements_and_attributes_that_are_not_known_are_listed() {
    let profile = PROFILE
        .replacen("<Segment Ref=\"SFT_LAB\"", "<Segment Shade=\"x\" Ref=\"SFT_LAB\"", 1)
        .replacen("<Segments>", "<Colours/><Segments>", 1);
    let listed = load(&profile).unwrap();
    let listed: Vec<_> = listed.unsupported().iter().map(|found| (found.reason(), found.name())).collect();
    assert!(listed.contains(&(UnsupportedReason::Attribute, "Segment@Shade")), "{listed:?}");
    assert!(listed.contains(&(UnsupportedReason::Element, "ConformanceProfile/Colours")), "{listed:?}");
    // Without the rules, each conditional element lacks its predicate.
    assert!(listed.contains(&(UnsupportedReason::MissingPredicate, "OBX_LAB.2")), "{listed:?}");
}

#[test]
fn rules_that_are_not_understood_are_listed_with_their_id() {
    let rules = CONSTRAINTS
        .replacen("^\\d{1,5}-\\d$", "(?=1)1", 1)
        .replacen("<SetID Path=\"2[1].1[1]\"/>", "<Magic/>", 1)
        .replacen("<ByID ID=\"MSH_LAB\">", "<ByID ID=\"MSH_OTHER\">", 1)
        .replacen("Target=\"2[1].3[1]\"", "Target=\"2[1].99[1]\"", 1);
    let source = ProfileSource::new(PROFILE.as_bytes()).with_constraints(rules.as_bytes());
    let profile = ConformanceProfile::load(&source).unwrap();
    let listed: Vec<_> = profile.unsupported().iter().map(|found| (found.reason(), found.name())).collect();
    for expected in [
        (UnsupportedReason::Pattern, "LAB-1"),
        (UnsupportedReason::Assertion, "LAB-4"),
        (UnsupportedReason::Context, "MSH_OTHER"),
        (UnsupportedReason::Path, "predicate of 2.99"),
        (UnsupportedReason::MissingPredicate, "OBR_LAB.3"),
    ] {
        assert!(listed.contains(&expected), "{expected:?} in {listed:?}");
    }
}

#[test]
fn hostile_files_are_refused_in_little_time() {
    let laughs = "<!DOCTYPE p [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><ConformanceProfile ID=\"&b;\"/>";
    assert_eq!(load(laughs).unwrap_err().kind(), &ProfileErrorKind::DocumentType);
    assert!(matches!(load(&"<a>".repeat(1_000_000)).unwrap_err().kind(), ProfileErrorKind::Limit { .. }));
    let nested = PROFILE.replacen("<Group ID", &format!("{}<Group ID", "<Group>".repeat(70)), 1);
    assert!(matches!(load(&nested).unwrap_err().kind(), ProfileErrorKind::Limit { .. }));
    let wide: String = (0..1_000_000).map(|n| format!(" a{n}=''")).collect();
    assert!(matches!(load(&format!("<a{wide}/>")).unwrap_err().kind(), ProfileErrorKind::Limit { .. }));
    let long = format!("<ConformanceProfile ID=\"{}\"/>", "x".repeat(8 << 20));
    assert!(matches!(load(&long).unwrap_err().kind(), ProfileErrorKind::MissingElement { .. }));
}

/// Each directory below `CAREWIRE_PROFILES` with a `PROFILE.xml` is loaded, and a message validated against each of
/// its messages.
#[test]
fn real_profiles_load() {
    let Some(root) = std::env::var_os("CAREWIRE_PROFILES") else {
        eprintln!("skipped: CAREWIRE_PROFILES names no directory of profiles");
        return;
    };
    let mut loaded = 0;
    for directory in std::fs::read_dir(root).unwrap() {
        let directory = directory.unwrap().path();
        let Some(profile) = file(&directory, "PROFILE.xml") else { continue };
        let others =
            ["CONSTRAINTS.xml", "VALUESETS.xml", "VALUESETBINDINGS.xml", "COCONSTRAINTS.xml", "SLICINGS.xml"];
        let [constraints, value_sets, bindings, co_constraints, slicings] =
            others.map(|name| file(&directory, name));
        let mut source = ProfileSource::new(&profile);
        source = constraints.iter().fold(source, |source, xml| source.with_constraints(xml));
        source = value_sets.iter().fold(source, |source, xml| source.with_value_sets(xml));
        source = bindings.iter().fold(source, |source, xml| source.with_bindings(xml));
        source = co_constraints.iter().fold(source, |source, xml| source.with_co_constraints(xml));
        source = slicings.iter().fold(source, |source, xml| source.with_slicings(xml));
        let profile = ConformanceProfile::load(&source).unwrap();
        let text =
            b"MSH|^~\\&|LAB|GEN|EHR|GEN|20240301||ORU^R01^ORU_R01|42|P|2.5.1\rPID|1||77^^^GEN^MR\rOBR|1\r";
        let message = Message::parse(text, &ParseOptions::default()).unwrap();
        for unsupported in profile.unsupported() {
            eprintln!("{unsupported}");
        }
        for wanted in profile.messages() {
            let report = profile.validate(&message, &ValidationOptions::default().for_message(wanted.id()));
            eprintln!(
                "{}: {} findings, {} not evaluated",
                wanted.id(),
                report.findings().len(),
                profile.unsupported().len()
            );
            for found in report.findings() {
                eprintln!("  {found}");
            }
            assert_eq!(report.message_id(), Some(wanted.id()));
        }
        loaded += 1;
    }
    assert!(loaded > 0, "no directory with a PROFILE.xml");
}

fn file(directory: &Path, name: &str) -> Option<Vec<u8>> {
    std::fs::read(directory.join(name)).ok()
}

/// One of the files with some bytes of it replaced, doubled or left out.
fn mutated(file: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let edit = (
        0..file.len(),
        0..3_usize,
        prop::sample::select(b"<>/\"'=&;[]*.0123456789RXE ".to_vec()),
        0..40_usize,
    );
    prop::collection::vec(edit, 0..6).prop_map(move |edits| {
        let mut bytes = file.as_bytes().to_vec();
        for (at, how, byte, length) in edits {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            match how {
                0 => bytes.splice(at..(at + 1).min(bytes.len()), [byte]).for_each(drop),
                1 => bytes.drain(at..end).for_each(drop),
                _ => {
                    let copy = bytes.get(at..end).unwrap_or_default().to_vec();
                    bytes.splice(at..at, copy).for_each(drop);
                }
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_load_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let source = ProfileSource::new(PROFILE.as_bytes());
        let _ = ConformanceProfile::load(&ProfileSource::new(&bytes));
        let _ = ConformanceProfile::load(&source.with_constraints(&bytes));
        let _ = ConformanceProfile::load(&source.with_value_sets(&bytes));
        let _ = ConformanceProfile::load(&source.with_bindings(&bytes));
        let _ = ConformanceProfile::load(&source.with_co_constraints(&bytes));
        let _ = ConformanceProfile::load(&source.with_slicings(&bytes));
    }

    #[test]
    fn changed_files_load_or_are_refused_and_what_loads_validates(
        profile in mutated(PROFILE),
        constraints in mutated(CONSTRAINTS),
        value_sets in mutated(VALUE_SETS),
        bindings in mutated(BINDINGS),
        co_constraints in mutated(CO_CONSTRAINTS),
    ) {
        let base = ProfileSource::new(PROFILE.as_bytes());
        for source in [
            ProfileSource::new(&profile).with_constraints(CONSTRAINTS.as_bytes()),
            base.with_constraints(&constraints),
            base.with_value_sets(&value_sets).with_bindings(BINDINGS.as_bytes()),
            base.with_value_sets(VALUE_SETS.as_bytes()).with_bindings(&bindings),
            base.with_value_sets(VALUE_SETS.as_bytes()).with_co_constraints(&co_constraints),
        ] {
            let Ok(profile) = ConformanceProfile::load(&source) else { continue };
            let text = b"MSH|^~\\&|LAB|||||20240301||ORU^R01|4\rPID|1||7\rOBR|1|||2^^LN\rOBX|1|CWE|2345-7^^LN||1^^L\r";
            let message = Message::parse(text, &ParseOptions::default()).unwrap();
            for wanted in profile.messages() {
                let options = ValidationOptions::default().for_message(wanted.id());
                prop_assert!(profile.validate(&message, &options).message_id().is_some());
            }
        }
    }
}
