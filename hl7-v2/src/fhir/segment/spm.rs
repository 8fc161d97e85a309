//! SPM: a specimen.

use carewire_fhir_core::resources::{Additive, Collected, Specimen, SpecimenCollection, SpecimenContainer};
use carewire_fhir_core::types::{Annotation, Reference};

use super::al1::concept_part;
use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key, own_key};
use crate::fhir::datatype::cwe::{cwe, cwe_in};
use crate::fhir::datatype::cx::cx;
use crate::fhir::datatype::ei::{ei_of_type, eip};
use crate::fhir::datatype::{cq, dr, dtm};
use crate::fhir::node::{Node, field_text};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set};
use crate::fhir::table::specimen_status;

/// `SPM[Specimen]`
pub(crate) static SPM_SPECIMEN: Table<Specimen> = Table {
    segment: "SPM",
    resource: "Specimen",
    rows: &[
        row(2, "identifier", "EIP[Identifier]", |s, n, c| {
            s.identifier.extend(eip(n, "specimen", c)?);
            Ok(())
        }),
        row(3, "parent(Specimen)", "EIP[Identifier]", |s, n, c| {
            s.parent.extend(eip(n, "specimen", c)?.into_iter().map(|identifier| Reference {
                r#type: Some("Specimen".into()),
                identifier: Some(Box::new(identifier)),
                ..Reference::default()
            }));
            Ok(())
        }),
        row(4, "type", "CWE[CodeableConcept] SpecimenType", |s, n, c| {
            set(&mut s.r#type, cwe_in(n, "0487", c))
        }),
        row(6, "container.additiveCodeableConcept", "CWE[CodeableConcept]", |s, n, c| {
            let additive = cwe_in(n, "0371", c).map(|found| found.map(Additive::CodeableConcept));
            in_container(s, |container| set(&mut container.additive, additive))
        }),
        row(7, "collection.method", "CWE[CodeableConcept]", |s, n, c| {
            set(&mut collection(s).method, cwe_in(n, "0488", c))
        }),
        row(8, "collection.bodySite", "CWE[CodeableConcept]", |s, n, c| {
            set(&mut collection(s).body_site, cwe(n, c))
        }),
        row(12, "collection.quantity", "CQ[Quantity]", |s, n, c| {
            set(&mut collection(s).quantity, cq::cq(n, c))
        }),
        row(14, "note.text", "ST[markdown]", |s, n, _| {
            s.note.extend(n.whole().map(|text| Annotation { text: Some(text), ..Annotation::default() }));
            Ok(())
        }),
        row(17, "collection.collected[x]", "DR[Period], DR[dateTime]", collected),
        row(18, "receivedTime", "DTM[dateTime]", |s, n, c| set(&mut s.received_time, dtm::date_time(n, c))),
        row(20, "status", "ID[code] YesNoIndicator", |s, n, _| {
            let Some(code) = n.text() else { return Ok(()) };
            set(&mut s.status, specimen_status(&code).map(Some).ok_or(Reason::UnknownCode("0136")))
        }),
        row(24, "condition", "CWE[CodeableConcept]", |s, n, c| push(&mut s.condition, cwe_in(n, "0493", c))),
        row(27, "container.type", "CWE[CodeableConcept]", |s, n, c| {
            let kind = cwe(n, c);
            in_container(s, |container| set(&mut container.r#type, kind))
        }),
        row(30, "accessionIdentifier", "CX[Identifier]", |s, n, c| {
            set(&mut s.accession_identifier, cx(n, c))
        }),
        row(31, "identifier", "CX[Identifier]", |s, n, c| push(&mut s.identifier, cx(n, c))),
        row(32, "identifier", "EI[Identifier] SHIP", |s, n, c| {
            push(&mut s.identifier, ei_of_type(n, "shipment", "SHIP", c))
        }),
    ],
};

/// Maps one SPM of a report. Without a number a specimen is known by the report, its kind and its number in it.
pub(crate) fn map(spm: &Segment<'_>, report: Option<&Anchor>, c: &mut Context<'_>) -> Option<Anchor> {
    let at = spm.location()?;
    let mut specimen = Draft::new(Specimen { subject: c.subject(), ..Specimen::default() });
    SPM_SPECIMEN.apply(&mut specimen, spm, c);
    let key = match own_key(&specimen.body.identifier) {
        Some(key) => key,
        None => {
            let parent = match report {
                Some(report) => report.identity.clone(),
                None => c.bound_to_message(at),
            };
            let number = field_text(spm, 1).unwrap_or_default();
            Key::Derived(vec![c.patient_part(), parent, concept_part(specimen.body.r#type.as_ref()), number])
        }
    };
    Some(c.add(specimen, Specimen::into_resource, key, at))
}

fn collected(specimen: &mut Specimen, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let collected = match node.get(2) {
        Some(_) => dr::dr(node, c)?.map(Collected::Period),
        None => dtm::date_time(node, c)?.map(Collected::DateTime),
    };
    set(&mut collection(specimen).collected, Ok(collected))
}

fn collection(specimen: &mut Specimen) -> &mut SpecimenCollection {
    specimen.collection.get_or_insert_with(SpecimenCollection::default)
}

/// Does something to the container; the guide knows one.
fn in_container(specimen: &mut Specimen, edit: impl FnOnce(&mut SpecimenContainer) -> Outcome) -> Outcome {
    let mut container = specimen.container.pop().unwrap_or_default();
    let outcome = edit(&mut container);
    specimen.container.push(container);
    outcome
}
