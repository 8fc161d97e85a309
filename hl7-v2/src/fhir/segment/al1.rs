//! AL1: an allergy.

use carewire_fhir_core::resources::{AllergyIntolerance, AllergyReaction, Onset};
use carewire_fhir_core::types::{CodeableConcept, Coding, PrimitiveExtension};

use crate::Segment;
use crate::fhir::context::{Context, Draft, Key};
use crate::fhir::datatype::cwe::{code, code_by, cwe, original_code};
use crate::fhir::datatype::dtm;
use crate::fhir::node::{Node, field_text};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, row, set};
use crate::fhir::table::{allergy_category, allergy_type, criticality};

/// `AL1[AllergyIntolerance]`
pub(crate) static AL1_ALLERGY: Table<AllergyIntolerance> = Table {
    segment: "AL1",
    resource: "AllergyIntolerance",
    rows: &[
        row(2, "category", "CWE[code] AllergenType", category),
        row(2, "type", "CWE[code] AllergyType", |a, n, _| {
            a.r#type = code(n).as_deref().and_then(allergy_type);
            Ok(())
        }),
        row(3, "code", "CWE[CodeableConcept]", |a, n, c| set(&mut a.code, cwe(n, c))),
        row(4, "criticality", "CWE[code] AllergySeverity", |a, n, _| {
            code_by((&mut a.criticality, &mut a.criticality_element), n, "0128", criticality)
        }),
        row(5, "reaction.manifestation", "ST[CodeableConcept]", reaction),
        row(6, "onsetDateTime", "DT[dateTime]", |a, n, c| {
            set(&mut a.onset, dtm::date_time(n, c).map(|found| found.map(Onset::DateTime)))
        }),
    ],
};

/// Maps one AL1. An allergy is known by its patient and what it is against.
pub(crate) fn map(al1: &Segment<'_>, c: &mut Context<'_>) {
    let (Some(at), Some(patient)) = (al1.location(), c.patient.clone()) else { return };
    let active = Coding::new("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active");
    let mut allergy = Draft::new(AllergyIntolerance {
        clinical_status: Some(active.into()),
        patient: Some(patient.reference()),
        ..AllergyIntolerance::default()
    });
    AL1_ALLERGY.apply(&mut allergy, al1, c);
    if allergy.body.code.is_none() {
        return c.report(at, Reason::Missing("AllergyIntolerance.code"));
    }
    let kind = field_text(al1, 2).unwrap_or_default();
    let key = Key::Derived(vec![patient.identity, kind, concept_part(allergy.body.code.as_ref())]);
    c.add(allergy, AllergyIntolerance::into_resource, key, at);
}

/// A concept as a part of a derived identity: its first coding, else its text.
pub(crate) fn concept_part(concept: Option<&CodeableConcept>) -> String {
    let Some(concept) = concept else { return String::new() };
    match concept.coding.first() {
        Some(coding) => {
            let system = coding.system.as_deref().unwrap_or_default();
            format!("{system}|{}", coding.code.as_deref().unwrap_or_default())
        }
        None => concept.text.clone().unwrap_or_default(),
    }
}

/// The category, with the type that it came from beside it.
fn category(allergy: &mut AllergyIntolerance, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let Some(code) = code(node) else { return Ok(()) };
    let original = PrimitiveExtension(Vec::from_iter(original_code(node, "0127")));
    let Some(category) = allergy_category(&code) else {
        allergy.extension.extend(original.0);
        return if matches!(code.as_str(), "MA" | "MC") { Ok(()) } else { Err(Reason::UnknownCode("0127")) };
    };
    allergy.category.push(category);
    allergy.category_element.push(original);
    Ok(())
}

fn reaction(allergy: &mut AllergyIntolerance, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let Some(text) = node.whole() else { return Ok(()) };
    allergy.reaction.push(AllergyReaction {
        manifestation: vec![CodeableConcept { text: Some(text), ..CodeableConcept::default() }],
        ..AllergyReaction::default()
    });
    Ok(())
}
