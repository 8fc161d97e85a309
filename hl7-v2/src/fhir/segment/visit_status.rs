//! The status of a visit: what the event says of it, then its end, then the class of the patient.

use crate::fhir::code::{EVENT_ENCOUNTER_STATUS, PATIENT_CLASS_ENCOUNTER_STATUS};
use crate::fhir::context::{Context, Draft};
use crate::fhir::datatype::cwe::{self, original_code};
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::tree::{Object, Val};

/// `MSH[Encounter]`
pub(crate) static MSH_ENCOUNTER: Table =
    Table::new("MSH[Encounter]", "MSH", "Encounter", &[row(9, "status", Via::Own(&EVENT_STATUS))]);

static EVENT_STATUS: Own = Own { name: "MSG[code]", apply: by_event };

/// PV1-2, where neither the event nor the end of the visit says it.
pub(crate) static CLASS_STATUS: Own = Own { name: "CWE[code]", apply: by_class };

/// PV1-45: who has left is through with the visit, unless the event says otherwise.
pub(crate) static FINISHED: Own = Own {
    name: "fixed",
    apply: |encounter, _, _| {
        if !encounter.has("status") {
            encounter.set("status", "finished");
        }
        Ok(())
    },
};

fn by_event<'a>(encounter: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if node.get(1).is_some_and(|code| code == "ADT") {
        encounter.put("status", event_status(c.event));
    }
    Ok(())
}

/// What an event of ADT says of the visit, whatever its class.
///
/// The guide's `Event[EncounterStatus]` has eight events. Of these, A08 tells nothing. A01, A02 and A04 tell no more
/// than the class and the times do; A04 is "planned" there, though it is sent when the patient has come. The other
/// events that end a visit, take it back or interrupt it mean so by their definition.
fn event_status(event: &str) -> Option<&'static str> {
    match event {
        "A03" | "A05" | "A11" | "A13" => (EVENT_ENCOUNTER_STATUS.find)(event).map(|concept| concept.code),
        "A14" => Some("planned"),
        "A21" | "A53" => Some("onleave"),
        "A22" | "A52" => Some("in-progress"),
        "A23" => Some("entered-in-error"),
        "A27" | "A38" => Some("cancelled"),
        _ => None,
    }
}

fn by_class<'a>(encounter: &mut Object<'a>, node: &Node<'a>, _: &mut Context<'a>) -> Outcome {
    if !encounter.has("status") {
        let mapped = cwe::code(node).and_then(PATIENT_CLASS_ENCOUNTER_STATUS.find);
        encounter.put("status", mapped.map(|concept| concept.code));
    }
    Ok(())
}

/// The end that a cancelled discharge takes back, and a word where nothing tells the status.
pub(crate) fn settle_status<'a>(draft: &mut Draft<'a>, pv1: &Seg<'a>, c: &mut Context<'a>) {
    if c.event == "A13" {
        reopen(draft);
    }
    if draft.body.has("status") {
        return;
    }
    draft.body.set("status", "unknown");
    match pv1.node(2).filter(|class| cwe::code(class).is_some()) {
        Some(class) => {
            draft.body.set("_status", original_code(&class, PATIENT_CLASS_ENCOUNTER_STATUS.table, c))
        }
        None => c.report_at(pv1.at(), Reason::Unstated("Encounter.status")),
    }
}

/// The message takes the end back; a start that it does not repeat stays.
fn reopen(draft: &mut Draft<'_>) {
    if let Some(period) = draft.body.get_mut("period").and_then(Val::as_object_mut) {
        period.remove("end");
        if !period.is_empty() {
            return;
        }
    }
    draft.body.remove("period");
    if !draft.cleared.contains(&END) {
        draft.cleared.push(END);
    }
}

const END: &str = "period.end";

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{mapped_with, of_type, options, person, reported};
    use carewire_fhir_core::Value;

    fn status(event: &str, pv1: &str) -> String {
        let encounter = of_type(&person(&format!("ADT^{event}"), &[pv1]), "Encounter").concat();
        Value::parse(encounter.as_bytes()).unwrap().str("status").unwrap().to_owned()
    }

    fn discharged() -> String {
        format!("PV1|1|I{}20240301|20240305", "|".repeat(42))
    }

    #[test]
    fn the_event_tells_it_then_the_discharge_then_the_class() {
        for (event, expected) in [
            ("A01", "in-progress"),
            ("A03", "finished"),
            ("A05", "planned"),
            ("A11", "cancelled"),
            ("A13", "in-progress"),
            ("A14", "planned"),
            ("A21", "onleave"),
            ("A22", "in-progress"),
            ("A23", "entered-in-error"),
            ("A27", "cancelled"),
            ("A38", "cancelled"),
        ] {
            assert_eq!(status(event, "PV1|1|I"), expected, "{event}");
        }
        assert_eq!(status("A08", "PV1|1|P"), "planned");
        assert_eq!(status("A04", "PV1|1|E"), "in-progress", "the patient is there");
        assert_eq!(status("A08", &discharged()), "finished");
        assert_eq!(status("A11", &discharged()), "cancelled");
        assert_eq!(status("A08", "PV1|1|Q"), "unknown");
        assert_eq!(status("A08", "PV1|1"), "unknown");
    }

    #[test]
    fn events_of_other_messages_say_nothing_of_a_visit() {
        let encounter = of_type(&person("ORU^A03", &["PV1|1|I"]), "Encounter").concat();
        assert!(encounter.contains(r#""status":"in-progress""#), "{encounter}");
    }

    #[test]
    fn a_cancelled_discharge_takes_the_end_back() {
        let encounter = of_type(&person("ADT^A13", &[&discharged()]), "Encounter").concat();
        assert!(encounter.contains(r#""period":{"start":"2024-03-01"}"#), "{encounter}");
        let encounter = of_type(&person("ADT^A13", &["PV1|1|I"]), "Encounter").concat();
        assert!(!encounter.contains("period"));
    }

    #[test]
    fn what_is_nulled_or_taken_back_is_one_end() {
        let options = options().with_changes(true);
        let nulled = format!("PV1|1|I{}\"\"", "|".repeat(43));
        for (event, pv1) in [("A13", "PV1|1|I"), ("A08", nulled.as_str())] {
            let changes = mapped_with(&format!("ADT^{event}"), &[pv1], &options).report.changes;
            assert!(changes.iter().any(|change| change.cleared.contains(&"period.end")), "{event}");
        }
        let nulled = format!("PV1|1|I{}\"\"", "|".repeat(35));
        let changes = mapped_with("ADT^A08", &[&nulled], &options).report.changes;
        assert!(changes.iter().any(|change| change.cleared.contains(&"hospitalization.destination")));
    }

    #[test]
    fn a_class_outside_the_table_stands_beside_the_status() {
        let mapped = person("ADT^A08", &["PV1|1|Q"]);
        let encounter = of_type(&mapped, "Encounter").concat();
        assert!(
            encounter.contains(
                r#""_status":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/alternate-codes""#
            ),
            "{encounter}"
        );
        assert!(reported(&mapped).iter().any(|issue| issue.contains("table 0004")));
    }
}
