//! DG1: a diagnosis, and its place in the visit and in the episode of care.

use super::al1::concept_part;
use crate::fhir::code::DIAGNOSIS_TYPE;
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::{
    CWE_CODEABLE_CONCEPT, CWE_CODED, DTM_DATE_TIME, EI_IDENTIFIER_EXTENSION, NM_POSITIVE_INT,
    XCN_PRACTITIONER, ei,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Outcome, Own, Table, Via, row};
use crate::fhir::tree::{Object, Val};

/// `DG1[Condition]`
pub(crate) static DG1_CONDITION: Table = Table::new(
    "DG1[Condition]",
    "DG1",
    "Condition",
    &[
        row(3, "code", CWE_CODEABLE_CONCEPT),
        row(4, "code.text", Via::Own(&DESCRIPTION)),
        row(5, "onsetDateTime", DTM_DATE_TIME),
        row(16, "asserter(Practitioner)", XCN_PRACTITIONER),
        // The guide's URL leads nowhere here; the other maps of DG1 have the one of the extension.
        row(19, "extension(condition-assertedDate)", DTM_DATE_TIME),
        row(19, "recordedDate", DTM_DATE_TIME),
        row(20, "identifier", EI_IDENTIFIER_EXTENSION),
        row(21, "verificationStatus", ENTERED_IN_ERROR)
            .when("DG1-21 is D (deleted)", |s| s.text(21) == Some("D")),
        row(22, "extension(condition-dueTo)", DUE_TO),
    ],
);

/// `DG1[Encounter]`
pub(crate) static DG1_ENCOUNTER: Table = Table::new(
    "DG1[Encounter]",
    "DG1",
    "Encounter.diagnosis",
    &[
        row(3, "condition(Condition)", Via::Own(&CONDITION)),
        row(4, "condition(Condition)", Via::Own(&CONDITION)),
        row(5, "condition(Condition)", Via::Own(&CONDITION)),
        row(6, "use", CWE_CODED.of(&DIAGNOSIS_TYPE)),
        row(15, "rank", NM_POSITIVE_INT),
        row(16, "condition(Condition)", Via::Own(&CONDITION)),
        row(19, "condition(Condition)", Via::Own(&CONDITION)),
        row(20, "condition(Condition)", Via::Own(&CONDITION)),
        row(21, "condition(Condition)", Via::Own(&CONDITION)),
        row(22, "condition(Condition)", Via::Own(&CONDITION)),
    ],
);

/// `DG1[EpisodeOfCare]`
pub(crate) static DG1_EPISODE: Table = Table::new(
    "DG1[EpisodeOfCare]",
    "DG1",
    "EpisodeOfCare.diagnosis",
    &[
        row(3, "condition(Condition)", Via::Own(&CONDITION)),
        row(4, "condition(Condition)", Via::Own(&CONDITION)),
        row(5, "condition(Condition)", Via::Own(&CONDITION)),
        row(6, "role", CWE_CODED.of(&DIAGNOSIS_TYPE)),
        row(15, "rank", NM_POSITIVE_INT),
        row(16, "condition(Condition)", Via::Own(&CONDITION)),
        row(19, "condition(Condition)", Via::Own(&CONDITION)),
        row(20, "condition(Condition)", Via::Own(&CONDITION)),
        row(21, "condition(Condition)", Via::Own(&CONDITION)),
        row(22, "condition(Condition)", Via::Own(&CONDITION)),
    ],
);

/// The diagnosis of a DG1, as one of the visit and of the episode of care at hand.
pub(crate) fn diagnosis<'a>(dg1: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let condition = condition(dg1, c)?;
    let places = [(c.encounter, &DG1_ENCOUNTER), (c.episode, &DG1_EPISODE)];
    for (whole, table) in places {
        let Some(whole) = whole else { continue };
        let mut diagnosis = c.draft();
        diagnosis.body.set("condition", condition.reference(c.arena));
        table.apply(&mut diagnosis, dg1, c);
        c.append(whole, "diagnosis", diagnosis);
    }
    Some(condition)
}

/// Without an identifier a diagnosis is known by its patient, its visit, its code and its type.
fn condition<'a>(dg1: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let patient = c.patient?;
    let mut draft = c.draft();
    DG1_CONDITION.apply(&mut draft, dg1, c);
    draft.body.set("subject", patient.reference(c.arena));
    draft.body.put("encounter", c.visit());
    let Some(code) = concept_part(draft.body.get("code"), c) else {
        c.report_at(dg1.at(), Reason::Missing("Condition.code"));
        return None;
    };
    let kind = dg1.text(6).unwrap_or_default();
    let key = Key::OwnOr(&[patient.identity, c.encounter_part(), code, kind]);
    Some(c.add("Condition", draft, key, dg1.at()))
}

const ENTERED_IN_ERROR: Via =
    Via::FixedConcept("http://terminology.hl7.org/CodeSystem/condition-ver-status", "entered-in-error");

static DESCRIPTION: Own = Own { name: "ST[string]", apply: description };
static CONDITION: Own = Own { name: "DG1[Condition]", apply: condition_of };

/// The diagnosis that another one comes from, known by its number.
const DUE_TO: Via = Via::Type(&Datatype {
    name: "EI[Condition]",
    fhir: "Reference(Condition)",
    read: |n, c| Ok(ei::assigned(n, "", c).map(|number| ei::elsewhere("Condition", number, c).into())),
});

/// The diagnosis as a whole, whichever of its fields says something.
fn condition_of<'a>(diagnosis: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if !diagnosis.has("condition") {
        let condition = condition(node.seg(), c);
        diagnosis.put("condition", condition.map(|condition| condition.reference(c.arena)));
    }
    Ok(())
}

/// DG1-4 says in words what DG1-3 says in codes.
fn description<'a>(condition: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(text) = node.whole() else { return Ok(()) };
    if !condition.has("code") {
        condition.set("code", c.object());
    }
    if let Some(code) = condition.get_mut("code").and_then(Val::as_object_mut) {
        code.set("text", text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person, reported};

    #[test]
    fn a_diagnosis_stands_in_its_visit_and_its_episode() {
        let visit = format!("PV1|1|I{}E5^^^GEN", "|".repeat(52));
        let mapped = person("ADT^A01", &[&visit, "DG1|1||I21^Infarct^I10|||A|||||||||2|9^House~8^Roe"]);
        assert_eq!(of_type(&mapped, "Condition").len(), 1);
        for (whole, part) in [("Encounter", "use"), ("EpisodeOfCare", "role")] {
            let whole = of_type(&mapped, whole).concat();
            assert!(whole.contains(r#""diagnosis":[{"condition":{"reference":"#), "{whole}");
            assert!(
                whole.contains(&format!(r#""{part}":{{"coding":[{{"#)) && whole.contains(r#""rank":2"#),
                "{whole}"
            );
        }
        assert!(reported(&mapped).iter().any(|issue| issue.contains("only one value fits")));
    }

    #[test]
    fn a_diagnosis_without_a_code_is_left_out() {
        let mapped = person("ADT^A01", &["DG1|1|||||A"]);
        assert!(of_type(&mapped, "Condition").is_empty());
        assert_eq!(reported(&mapped), ["DG1[1]: resource left out: no value for `Condition.code`"]);
        let words = of_type(&person("ADT^A01", &["DG1|1|||Pain|20240301"]), "Condition").concat();
        assert!(
            words.contains(r#""code":{"text":"Pain"}"#) && words.contains(r#""onsetDateTime":"2024-03-01""#)
        );
    }

    #[test]
    fn a_deleted_diagnosis_is_an_error_and_one_may_come_from_another() {
        let fields = |rest: &str| {
            of_type(&person("ADT^A01", &[&format!("DG1|1||I21{}{rest}", "|".repeat(16))]), "Condition")
                .concat()
        };
        let text = fields("20240302|D1^GEN|D|D0^GEN");
        for part in [
            "entered-in-error",
            "condition-dueTo",
            "condition-assertedDate",
            r#""value":"D1""#,
            r#""value":"D0""#,
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!fields("||A").contains("verificationStatus"));
    }
}
