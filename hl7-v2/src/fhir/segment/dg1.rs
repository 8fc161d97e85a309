//! DG1: a diagnosis, and its place in the visit.

use carewire_fhir_core::resources::{Condition, EncounterDiagnosis, Onset};
use carewire_fhir_core::types::{CodeableConcept, Coding, Extension, ExtensionValue};

use super::al1::concept_part;
use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key, own_key};
use crate::fhir::datatype::cwe::{cwe, cwe_by};
use crate::fhir::datatype::ei::ei;
use crate::fhir::datatype::{dtm, nm, xcn};
use crate::fhir::node::{Node, field_text};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set};
use crate::fhir::table::diagnosis_role;

/// `DG1[Condition]`
pub(crate) static DG1_CONDITION: Table<Condition> = Table {
    segment: "DG1",
    resource: "Condition",
    rows: &[
        row(3, "code", "CWE[CodeableConcept]", |d, n, c| set(&mut d.code, cwe(n, c))),
        row(4, "code.text", "ST[string]", |d, n, _| {
            let concept = d.code.get_or_insert_with(CodeableConcept::default);
            concept.text = n.whole();
            Ok(())
        }),
        row(5, "onsetDateTime", "DTM[dateTime]", |d, n, c| {
            set(&mut d.onset, dtm::date_time(n, c).map(|found| found.map(Onset::DateTime)))
        }),
        row(16, "asserter(Practitioner)", "XCN[Practitioner]", |d, n, c| {
            set(&mut d.asserter, xcn::xcn(n, c))
        }),
        row(19, "recordedDate", "DTM[dateTime]", attested),
        row(20, "identifier", "EI[Identifier]", |d, n, c| push(&mut d.identifier, ei(n, "diagnosis", c))),
        row(21, "verificationStatus", "ID[code]", |d: &mut Condition, _, _| {
            let system = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
            d.verification_status = Some(Coding::new(system, "entered-in-error").into());
            Ok(())
        })
        .when("DG1-21 is D (deleted)", |s| field_text(s, 21).as_deref() == Some("D")),
    ],
};

/// `DG1[Encounter]`
pub(crate) static DG1_ENCOUNTER: Table<EncounterDiagnosis> = Table {
    segment: "DG1",
    resource: "Encounter",
    rows: &[
        row(6, "diagnosis.use", "CWE[CodeableConcept] DiagnosisType", |d, n, c| {
            set(&mut d.r#use, cwe_by(n, "0052", diagnosis_role, c))
        }),
        row(15, "diagnosis.rank", "NM[positiveInt]", |d, n, _| set(&mut d.rank, nm::count(n.text()))),
    ],
};

/// Maps one DG1. Without an identifier a diagnosis is known by its patient, its visit, its code and its type.
pub(crate) fn map(dg1: &Segment<'_>, c: &mut Context<'_>) {
    let (Some(at), Some(patient)) = (dg1.location(), c.patient.clone()) else { return };
    let mut condition = Draft::new(Condition {
        subject: Some(patient.reference()),
        encounter: c.visit(),
        ..Condition::default()
    });
    DG1_CONDITION.apply(&mut condition, dg1, c);
    if condition.body.code.is_none() {
        return c.report(at, Reason::Missing("Condition.code"));
    }
    let key = own_key(&condition.body.identifier).unwrap_or_else(|| {
        let kind = field_text(dg1, 6).unwrap_or_default();
        Key::Derived(vec![
            patient.identity,
            c.encounter_part(),
            concept_part(condition.body.code.as_ref()),
            kind,
        ])
    });
    let condition = c.add(condition, Condition::into_resource, key, at);
    diagnosis_of_visit(dg1, &condition, c);
}

fn diagnosis_of_visit(dg1: &Segment<'_>, condition: &Anchor, c: &mut Context<'_>) {
    let Some(encounter) = c.encounter.clone() else { return };
    let mut diagnosis = Draft::new(EncounterDiagnosis {
        condition: Some(condition.reference()),
        ..EncounterDiagnosis::default()
    });
    DG1_ENCOUNTER.apply(&mut diagnosis, dg1, c);
    c.append(&encounter, "diagnosis", diagnosis);
}

/// When the diagnosis was attested: the day it was recorded, and the day it was asserted.
fn attested(condition: &mut Condition, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let Some(time) = dtm::date_time(node, c)? else { return Ok(()) };
    let url = "http://hl7.org/fhir/StructureDefinition/condition-assertedDate";
    condition.extension.push(Extension::new(url, ExtensionValue::DateTime(time.clone())));
    set(&mut condition.recorded_date, Ok(Some(time)))
}
