//! PR1: a procedure.

use carewire_fhir_core::resources::{Performed, Procedure, ProcedurePerformer, ProcedureStatus};
use carewire_fhir_core::types::{CodeableConcept, Coding, Period};

use super::al1::concept_part;
use crate::Segment;
use crate::fhir::context::{Context, Draft, Key, own_key};
use crate::fhir::datatype::cwe::{cwe, cwe_in};
use crate::fhir::datatype::ei::ei;
use crate::fhir::datatype::{dtm, pl, xcn};
use crate::fhir::node::{Node, field_text};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set};

/// `PR1[Procedure]`
pub(crate) static PR1_PROCEDURE: Table<Procedure> = Table {
    segment: "PR1",
    resource: "Procedure",
    rows: &[
        row(3, "code", "CNE[CodeableConcept]", |p, n, c| set(&mut p.code, cwe(n, c))),
        row(4, "code.text", "ST[string]", |p, n, _| {
            let concept = p.code.get_or_insert_with(CodeableConcept::default);
            concept.text = concept.text.take().or_else(|| n.whole());
            Ok(())
        }),
        row(5, "performed[x]", "DTM[dateTime]", performed).and(&[7]),
        row(6, "category", "CWE[CodeableConcept]", |p, n, c| set(&mut p.category, cwe_in(n, "0230", c))),
        row(8, "performer", "XCN[Practitioner] anaesthetist", |p, n, c| {
            performer(p, n, Some(("88189002", "Anesthesiologist")), c)
        }),
        row(11, "performer", "XCN[Practitioner] surgeon", |p, n, c| {
            performer(p, n, Some(("304292004", "Surgeon")), c)
        }),
        row(12, "performer", "XCN[Practitioner]", |p, n, c| performer(p, n, None, c)),
        row(15, "reasonCode", "CWE[CodeableConcept]", |p, n, c| push(&mut p.reason_code, cwe(n, c))),
        row(19, "identifier", "EI[Identifier]", |p, n, c| push(&mut p.identifier, ei(n, "procedure", c))),
        row(23, "location(Location)", "PL[Location]", |p, n, c| set(&mut p.location, pl::pl(n, c))),
    ],
};

/// Maps one PR1. The guide leaves the status to the context; the message does not say it, so it is unknown.
pub(crate) fn map(pr1: &Segment<'_>, c: &mut Context<'_>) {
    let (Some(at), Some(patient)) = (pr1.location(), c.patient.clone()) else { return };
    let mut procedure = Draft::new(Procedure {
        status: Some(ProcedureStatus::Unknown),
        subject: Some(patient.reference()),
        encounter: c.visit(),
        ..Procedure::default()
    });
    PR1_PROCEDURE.apply(&mut procedure, pr1, c);
    if procedure.body.code.is_none() {
        return c.report(at, Reason::Missing("Procedure.code"));
    }
    let key = own_key(&procedure.body.identifier).unwrap_or_else(|| {
        let time = field_text(pr1, 5).unwrap_or_default();
        Key::Derived(vec![
            patient.identity,
            c.encounter_part(),
            concept_part(procedure.body.code.as_ref()),
            time,
        ])
    });
    c.add(procedure, Procedure::into_resource, key, at);
}

/// The start alone, or with the minutes of PR1-7 a period.
fn performed(procedure: &mut Procedure, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let Some(start) = dtm::date_time(node, c)? else { return Ok(()) };
    let minutes =
        node.field(7).and_then(|minutes| minutes.text()?.parse::<i64>().ok()).filter(|minutes| *minutes > 0);
    let end = start
        .instant()
        .zip(minutes)
        .and_then(|(start, minutes)| dtm::later(&start, minutes.checked_mul(60)?));
    let performed = match end {
        Some(end) => {
            Performed::Period(Period { start: Some(start), end: Some(end.into()), ..Period::default() })
        }
        None => Performed::DateTime(start),
    };
    set(&mut procedure.performed, Ok(Some(performed)))
}

fn performer(
    procedure: &mut Procedure,
    node: &Node<'_>,
    function: Option<(&str, &str)>,
    c: &mut Context<'_>,
) -> Outcome {
    let Some(actor) = xcn::xcn(node, c)? else { return Ok(()) };
    let function = function.map(|(code, display)| {
        Coding { display: Some(display.into()), ..Coding::new("http://snomed.info/sct", code) }.into()
    });
    procedure.performer.push(ProcedurePerformer {
        function,
        actor: Some(actor),
        ..ProcedurePerformer::default()
    });
    Ok(())
}
