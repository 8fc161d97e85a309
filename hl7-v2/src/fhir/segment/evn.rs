//! EVN: what happened, as the provenance of what the message says.

use crate::fhir::code::{EVENT_REASON, v2_system};
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::{CWE_CODED, DTM_DATE_TIME, DTM_INSTANT, HD_LOCATION, XCN_PRACTITIONER};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Outcome, Own, Table, Via, always, row};
use crate::fhir::segment::pid::recorded;
use crate::fhir::segment::provenance::MSH_PROVENANCE_OPERATOR;
use crate::fhir::target::unknown;
use crate::fhir::tree::Object;

/// `EVN[Provenance]`
pub(crate) static EVN_PROVENANCE: Table = Table::new(
    "EVN[Provenance]",
    "EVN",
    "Provenance",
    &[
        // From MSH-9, by `provenance`.
        always("activity", Via::Own(&ACTIVITY)),
        row(2, "recorded", DTM_INSTANT),
        row(4, "reason", CWE_CODED.of(&EVENT_REASON)).when("EVN-4 is not U", |s| s.text(4) != Some("U")),
        row(4, "reason", UNKNOWN).when("EVN-4 is U", |s| s.text(4) == Some("U")),
        row(5, "agent", OPERATOR),
        row(6, "occurredDateTime", DTM_DATE_TIME),
        row(7, "location(Location)", HD_LOCATION),
    ],
);

/// The provenance of the patient and the visit at hand. Somebody must have done it: EVN-5, else as
/// `MSH[Provenance-Operator]` has it MSH-22 or MSH-4.
pub(crate) fn provenance<'a>(evn: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let patient = c.patient?;
    let mut draft = c.draft();
    let mut targets = c.arena.list();
    targets.push(patient.reference(c.arena));
    targets.extend(c.visit());
    draft.body.set("target", targets);
    EVN_PROVENANCE.apply(&mut draft, evn, c);
    if let Some(kind) = c.header.and_then(|msh| msh.node(9)) {
        activity(&mut draft.body, &kind, c).ok()?;
    }
    if let Some(msh) = c.header.filter(|_| !draft.body.has("agent")) {
        MSH_PROVENANCE_OPERATOR.apply(&mut draft, &msh, c);
    }
    if !draft.body.has("agent") {
        c.report_at(evn.at(), Reason::Missing("Provenance.agent"));
        return None;
    }
    if !draft.body.has("recorded") {
        recorded(&mut draft.body, evn, c);
    }
    let key = Key::Derived(&[c.bound_to_message(evn), "event"]);
    Some(c.add("Provenance", draft, key, evn.at()))
}

static ACTIVITY: Own = Own { name: "MSG[CodeableConcept]", apply: activity };

/// A reason that is known to be unknown.
const UNKNOWN: Via = Via::Type(&Datatype {
    name: "CWE[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |_, c| Ok(Some(unknown(c.arena).into())),
});

/// EVN-5; the guide names a map of its codes that is empty.
const OPERATOR: Via = Via::Type(&Datatype {
    name: "XCN[Practitioner]",
    fhir: "Provenance.agent",
    read: |n, c| {
        let who = XCN_PRACTITIONER.read(n, c)?;
        Ok(who.map(|who| c.object().with("who", who).into()))
    },
});

/// The trigger event, in the words of the guide.
fn activity<'a>(provenance: &mut Object<'a>, msg: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let [code, event] = [1, 2].map(|part| msg.get(part).unwrap_or_default());
    let mut coding = c.object();
    if !c.event.is_empty() && crate::fhir::datatype::cwe::as_code(c.event).is_some() {
        coding.put("system", v2_system("0003"));
        coding.set("code", c.event);
    }
    coding.set("display", c.arena.format(format_args!("event - :{code}^{event}")));
    provenance.set("activity", c.object().with("coding", c.arena.only(coding)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person};

    fn provenance(evn: &str) -> String {
        of_type(&person("ADT^A01", &["PID|1||7^^^GEN^MR", "PV1|1|I", evn]), "Provenance").concat()
    }

    #[test]
    fn what_happened_when_and_by_whom() {
        let text = provenance("EVN|A01|20240305101500+0100||01|9^Clerk|20240305|ER");
        for part in [
            r#""recorded":"2024-03-05T10:15:00+01:00""#,
            r#""code":"A01","display":"event - :ADT^A01""#,
            r#""code":"PATRQT""#,
            r#""agent":[{"who":{"reference""#,
            r#""occurredDateTime":"2024-03-05""#,
            r#""location":{"reference""#,
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn without_an_operator_the_sender_did_it_at_the_time_of_the_message() {
        let text = provenance("EVN|A01|20240305||U");
        assert!(text.contains(r#""recorded":"2024-03-05T10:00:00+01:00""#), "{text}");
        assert!(text.contains("data-absent-reason") && text.contains(r#""agent":[{"who""#), "{text}");
    }
}
