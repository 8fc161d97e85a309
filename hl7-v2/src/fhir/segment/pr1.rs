//! PR1: a procedure.

use super::al1::concept_part;
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::cwe::as_code;
use crate::fhir::datatype::{
    CNE_CODEABLE_CONCEPT, CWE_CODEABLE_CONCEPT, DTM_DATE_TIME, EI_IDENTIFIER_EXTENSION, PL_LOCATION,
    XCN_PRACTITIONER, dtm, ei, instant,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Outcome, Own, Table, TypeAs, Via, always, row};
use crate::fhir::tree::{Object, Val};

/// `PR1[Procedure]`. The guide leaves the status to the context; the message does not say it.
pub(crate) static PR1_PROCEDURE: Table = Table::new(
    "PR1[Procedure]",
    "PR1",
    "Procedure",
    &[
        always("status", Via::Fixed("unknown")),
        row(3, "code", CNE_CODEABLE_CONCEPT),
        row(4, "code.text", Via::Own(&DESCRIPTION))
            .when("PR1-3.9 is not valued", |s| s.component(3, 9).is_none()),
        row(5, "performedDateTime", DTM_DATE_TIME).when(A_MOMENT, |s| !is_period(s)),
        row(5, "performedPeriod.start", DTM_DATE_TIME).when(A_PERIOD, is_period),
        row(6, "category", CWE_CODEABLE_CONCEPT),
        row(7, "performedPeriod.end", END).and(&[5]).when(A_PERIOD, is_period),
        row(8, "performer", PERFORMER.of("88189002")),
        row(11, "performer", PERFORMER.of("304292004")),
        row(12, "performer", PERFORMER.of("")),
        row(15, "reasonCode", CWE_CODEABLE_CONCEPT),
        row(16, "code", Via::Own(&MODIFIER)),
        row(19, "identifier", EI_IDENTIFIER_EXTENSION),
        row(23, "location(Location)", PL_LOCATION),
        row(25, "partOf(Procedure)", PARENT),
    ],
);

const A_PERIOD: &str = "PR1-7 is valued and PR1-5 has minutes";
const A_MOMENT: &str = "PR1-7 is not valued or PR1-5 has no minutes";

/// The procedure of a PR1.
pub(crate) fn procedure<'a>(pr1: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let patient = c.patient?;
    let mut draft = c.draft();
    PR1_PROCEDURE.apply(&mut draft, pr1, c);
    draft.body.set("subject", patient.reference(c.arena));
    draft.body.put("encounter", c.visit());
    let Some(code) = concept_part(draft.body.get("code"), c) else {
        c.report_at(pr1.at(), Reason::Missing("Procedure.code"));
        return None;
    };
    let time = pr1.text(5).unwrap_or_default();
    let key = Key::OwnOr(&[patient.identity, c.encounter_part(), code, time]);
    Some(c.add("Procedure", draft, key, pr1.at()))
}

static DESCRIPTION: Own = Own { name: "ST[string]", apply: description };
static MODIFIER: Own = Own { name: "CNE[CodeableConcept]", apply: modifier };

/// Who did it; the code of SNOMED CT says as what.
static PERFORMER: TypeAs = TypeAs { name: "XCN[Practitioner]", fhir: "Procedure.performer", read: performer };

/// The minutes of PR1-7 after PR1-5.
const END: Via = Via::Type(&Datatype { name: "NM[dateTime]", fhir: "dateTime", read: end });

/// The procedure that this one is a part of, known by its number.
const PARENT: Via = Via::Type(&Datatype {
    name: "EI[Identifier-Extension]",
    fhir: "Reference(Procedure)",
    read: |n, c| Ok(ei::number(n, "", c).map(|number| ei::elsewhere("Procedure", number, c).into())),
});

/// A period needs a start to the minute and some minutes.
fn is_period(pr1: &Seg<'_>) -> bool {
    let has_minutes =
        pr1.text(5).is_some_and(|time| time.bytes().take_while(u8::is_ascii_digit).count() >= 12);
    has_minutes && minutes(pr1).is_some()
}

fn minutes(pr1: &Seg<'_>) -> Option<i64> {
    pr1.text(7)?.parse().ok().filter(|minutes| *minutes > 0)
}

fn end<'a>(node: &Node<'a>, c: &mut Context<'a>) -> Result<Option<Val<'a>>, Reason> {
    let pr1 = *node.seg();
    let start = pr1.node(5).map_or(Ok(None), |start| dtm::date_time(&start, c))?;
    let seconds = minutes(&pr1).and_then(|minutes| minutes.checked_mul(60));
    let end = start.zip(seconds).and_then(|(start, seconds)| instant::later(start, seconds));
    Ok(end.map(|end| Val::Text(c.arena.text(&end))))
}

/// PR1-4 says in words what PR1-3 does not.
fn description<'a>(procedure: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(text) = node.whole() else { return Ok(()) };
    if !procedure.has("code") {
        procedure.set("code", c.object());
    }
    match procedure.get_mut("code").and_then(Val::as_object_mut) {
        Some(code) if !code.has("text") => code.set("text", text),
        _ => {}
    }
    Ok(())
}

/// CPT writes modifiers behind the code. In another system the code would be none; there the modifier has no place.
fn modifier<'a>(procedure: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let (Some(modifier), Some(code)) = (node.get(1), procedure.get_mut("code").and_then(Val::as_object_mut))
    else {
        return Ok(());
    };
    let Some(Val::List(codings)) = code.get_mut("coding") else { return Ok(()) };
    let Some(coding) = codings.first_mut().and_then(Val::as_object_mut) else { return Ok(()) };
    let has_modifiers =
        |system: &str| system.contains("ama-assn.org") || system.to_ascii_lowercase().contains("hcpcs");
    if as_code(modifier).is_none() || !coding.str("system").is_none_or(has_modifiers) {
        return Err(Reason::OnlyOneFits);
    }
    let whole = c.arena.format(format_args!("{}:{modifier}", coding.str("code").unwrap_or_default()));
    coding.set("code", whole);
    Ok(())
}

fn performer<'a>(
    node: &Node<'a>,
    function: &'static str,
    c: &mut Context<'a>,
) -> Result<Option<Val<'a>>, Reason> {
    let Some(actor) = XCN_PRACTITIONER.read(node, c)? else { return Ok(None) };
    let mut performer = c.object();
    if !function.is_empty() {
        // The guide writes `uri` for the system.
        let display = if function == "88189002" { "Anesthesiologist" } else { "Surgeon" };
        let coding = c.object().with("system", "http://snomed.info/sct").with("code", function);
        let coding = coding.with("display", display);
        performer.set("function", c.object().with("coding", c.arena.only(coding)));
    }
    Ok(Some(performer.with("actor", actor).into()))
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person, reported};

    fn procedure(pr1: &str) -> String {
        of_type(&person("ADT^A01", &[pr1]), "Procedure").concat()
    }

    #[test]
    fn minutes_make_a_period_of_a_time_that_has_some() {
        let text = procedure("PR1|1||P1^Repair|more|202403051000|A|90");
        assert!(
            text.contains(
                r#""performedPeriod":{"start":"2024-03-05T10:00:00+01:00","end":"2024-03-05T11:30:00+01:00"}"#
            ),
            "{text}"
        );
        assert!(procedure("PR1|1||P1|Repair|20240305||90").contains(r#""performedDateTime":"2024-03-05""#));
        assert!(procedure("PR1|1||P1|Repair|202403051000").contains(r#""performedDateTime":"2024-03-05T10"#));
    }

    #[test]
    fn those_who_did_it_have_a_function_where_the_field_tells_one() {
        let text = procedure("PR1|1||P1|||||1^Roe|||2^Doe|3^Poe");
        assert!(text.contains(r#""code":"88189002""#) && text.contains(r#""code":"304292004""#), "{text}");
        assert_eq!(text.matches(r#""actor""#).count(), 3);
        assert_eq!(text.matches(r#""function""#).count(), 2);
    }

    #[test]
    fn modifiers_stand_behind_codes_of_cpt_only() {
        let with = |code: &str| format!("PR1|1||{code}{}51~59", "|".repeat(13));
        assert!(procedure(&with("44950^Appendectomy^C4")).contains(r#""code":"44950:51:59""#));
        let mapped = person("ADT^A01", &[&with("80146002^Appendectomy^SCT")]);
        assert!(of_type(&mapped, "Procedure").concat().contains(r#""code":"80146002""#));
        assert!(reported(&mapped).iter().any(|issue| issue.starts_with("PR1[1]-16")));
    }

    #[test]
    fn a_part_of_another_procedure_names_it() {
        let text = procedure(&format!("PR1|1||P1{}X1^GEN||||OR1||X0^GEN", "|".repeat(16)));
        assert!(
            text.contains(r#""partOf":[{"type":"Procedure","identifier":{"#)
                && text.contains(r#""location":{"reference""#),
            "{text}"
        );
    }
}
