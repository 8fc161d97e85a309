//! PD1: more about the patient.

use crate::fhir::code::LIVING_WILL_CODE;
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::{
    CWE_CODEABLE_CONCEPT, CWE_CODED, XCN_PRACTITIONER, XON_ORGANIZATION, XON_STRING,
};
use crate::fhir::entries::Key;
use crate::fhir::node::Seg;
use crate::fhir::row::{Table, Via, always, row};
use crate::fhir::segment::pid::complete;

/// `PD1[Patient]`
pub(crate) static PD1_PATIENT: Table = Table::new(
    "PD1[Patient]",
    "PD1",
    "Patient",
    &[
        row(3, "generalPractitioner(Organization)", XON_ORGANIZATION),
        row(4, "generalPractitioner(Practitioner)", XCN_PRACTITIONER),
        row(6, "extension(patient-disability)", CWE_CODEABLE_CONCEPT),
        row(14, "extension(patient-congregation)", XON_STRING),
    ],
);

/// `PD1[Observation-LivingWill]`
pub(crate) static PD1_LIVING_WILL: Table = Table::new(
    "PD1[Observation-LivingWill]",
    "PD1",
    "Observation",
    &[
        always("status", Via::Fixed("final")),
        always("code", Via::FixedConcept("http://loinc.org", "75320-2")),
        row(7, "valueCodeableConcept", CWE_CODED.of(&LIVING_WILL_CODE)),
    ],
);

/// Adds PD1 to the patient at hand, and gives the observation of a living will. A patient has one such observation.
pub(crate) fn pd1<'a>(pd1: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let patient = c.patient?;
    complete(patient, &PD1_PATIENT, pd1, c);
    if !pd1.valued(7) {
        return None;
    }
    let mut draft = c.draft();
    PD1_LIVING_WILL.apply(&mut draft, pd1, c);
    draft.body.set("subject", patient.reference(c.arena));
    Some(c.add("Observation", draft, Key::Derived(&[patient.identity, "living will"]), pd1.at()))
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person};

    #[test]
    fn pd1_is_more_of_the_patient() {
        let mapped = person("ADT^A08", &["PD1|||Clinic^^12|9^House^Greg||B|Y|||||||St. Mary"]);
        let patient = of_type(&mapped, "Patient").concat();
        assert_eq!(patient.matches(r#"{"reference":"#).count(), 2, "{patient}");
        assert!(patient.contains("patient-disability") && patient.contains(r#""valueString":"St. Mary""#));
        let will = of_type(&mapped, "Observation").concat();
        assert!(will.contains(r#""code":"75320-2""#) && will.contains(r#""code":"Y""#), "{will}");
        assert!(of_type(&person("ADT^A08", &["PD1|||Clinic"]), "Observation").is_empty());
    }

    #[test]
    fn what_is_said_twice_stands_once() {
        let mapped = person("ORU^R01", &["PID|1||7^^^GEN^MR", "PD1|||Clinic", "PD1|||Clinic", "PD1|||Other"]);
        let patient = of_type(&mapped, "Patient").concat();
        assert_eq!(patient.matches(r#"{"reference":"#).count(), 2, "{patient}");
    }
}
