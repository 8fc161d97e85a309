//! What holds of appointments, vaccinations, documents, medications and roles, whatever their segments say.

use proptest::prelude::*;

use super::{ais, msh, obx_immunization, provenance, rol, rxa, rxo, sch, txa};
use crate::fhir::context::Context;
use crate::fhir::node::Seg;
use crate::fhir::testing::{mapped_by, options};
use crate::fhir::{RawMessage, Unnumbered};

/// Texts that look like fields, and some that do not.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::new()),
        2 => "[A-Z]{1,3}",
        2 => "[0-9]{1,14}([+-][0-9]{4})?",
        2 => "[A-Za-z0-9 ]{0,6}(\\^[A-Za-z0-9&~ .]{0,8}){0,12}",
        1 => "[^\r\n|]{0,24}",
        1 => Just("\"\"".to_owned()),
    ]
}

const NAMES: [&str; 15] =
    ["SCH", "TQ1", "AIS", "AIG", "AIL", "AIP", "ORC", "RXA", "RXR", "OBX", "TXA", "RXO", "ROL", "SFT", "MSA"];

fn map<'a>(segments: &'a [Seg<'a>], c: &mut Context<'a>) -> Option<()> {
    let of = |name: &str| segments.iter().find(|seg| seg.is(name));
    let all = |name: &str| segments.iter().filter(|seg| seg.is(name)).copied().collect::<Vec<_>>();
    let patient = c.patient?;
    let mut appointment = sch::read(of("SCH")?, of("TQ1"), &[patient], c);
    segments.iter().for_each(|seg| ais::read(seg, &mut appointment, c));
    sch::orders(of("SCH")?, &all("AIS"), &mut appointment, c);
    let appointment = sch::add(of("SCH")?, appointment, c);
    appointment.map(|appointment| provenance::of_appointment(of("SCH")?, appointment, c));
    let elements = obx_immunization::elements(&all("OBX"));
    let group = rxa::Vaccination { orc: of("ORC"), rxa: of("RXA")?, rxr: of("RXR"), elements: &elements };
    rxa::vaccination(&group, c);
    let document = txa::document(of("TXA")?, &all("OBX"), &[], c);
    document.map(|document| provenance::of_document(of("TXA")?, document, c));
    rxo::medication_request(of("ORC"), of("RXO")?, &all("RXR"), &all("TQ1"), c);
    rol::general_practitioner(of("ROL")?, patient, c);
    rol::care_team(&all("ROL"), c);
    rol::related_person(of("ROL")?, c);
    msh::header(of("MSH")?, of("MSA"), &all("SFT"), c);
    provenance::of_message(of("MSH")?, &all("SFT"), c);
    Some(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// `mapped_by` holds that every resource is valid.
    #[test]
    fn whatever_the_fields_say_what_comes_of_them_is_valid(
        kind in "(SIU\\^S(12|15|26)|VXU\\^V04|MDM\\^T(02|06|11))",
        fields in proptest::collection::vec(field(), 480),
    ) {
        let segments: Vec<String> = NAMES
            .iter()
            .zip(fields.chunks(32))
            .map(|(name, fields)| format!("{name}|{}", fields.join("|")))
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let options = options()
            .with_provenance(true)
            .with_unnumbered(Unnumbered::AtOwnId)
            .with_raw(RawMessage::DocumentReference)
            .with_trace(true);
        let got = mapped_by(&kind, &segments, &options, |segments, c| assert!(map(segments, c).is_some()));
        prop_assert!(!got.bundle.to_json().is_empty());
    }
}
