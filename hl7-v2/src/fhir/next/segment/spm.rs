//! SPM: a specimen.

use crate::fhir::code::{
    ADDITIVE_PRESERVATIVE, CONTAINER_TYPE, SPECIMEN_COLLECTION_METHOD, SPECIMEN_CONDITION,
    SPECIMEN_SOURCE_SITE, SPECIMEN_TYPE, YES_NO_INDICATOR_AVAILABILITY_STATUS,
};
use crate::fhir::next::context::{Anchor, Context};
use crate::fhir::next::datatype::table::{concept_part, type_code};
use crate::fhir::next::datatype::{
    CQ_QUANTITY, CWE_CODED, CX_IDENTIFIER, DR_DATE_TIME, DR_PERIOD, DTM_DATE_TIME, EI_TYPED,
    EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER, EIP_IDENTIFIER_PLACER_ASSIGNED_IDENTIFIER, ID_CODE, cwe, ei,
};
use crate::fhir::next::entries::Key;
use crate::fhir::next::node::{Node, Seg};
use crate::fhir::next::row::{Outcome, Own, Table, Via, row};
use crate::fhir::next::segment::LeftOut;
use crate::fhir::next::tree::{Object, Val};
use crate::fhir::report::Reason;

/// `SPM[Specimen]`
pub(crate) static SPM_SPECIMEN: Table = Table::new(
    "SPM[Specimen]",
    "SPM",
    "Specimen",
    &[
        // The filler's number first: whoever holds the specimen has one.
        row(2, "identifier", EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER),
        row(2, "identifier", EIP_IDENTIFIER_PLACER_ASSIGNED_IDENTIFIER),
        row(
            3,
            "parent(Specimen)",
            Via::Own(&Own { name: "EIP[Identifier-FillerAssignedIdentifier]", apply: parent }),
        ),
        row(4, "type", CWE_CODED.of(&SPECIMEN_TYPE)),
        row(
            6,
            "container.additiveCodeableConcept",
            Via::Own(&Own { name: "CWE[CodeableConcept]", apply: additive }),
        ),
        row(7, "collection.method", CWE_CODED.of(&SPECIMEN_COLLECTION_METHOD)),
        row(8, "collection.bodySite", CWE_CODED.of(&SPECIMEN_SOURCE_SITE)),
        row(12, "collection.quantity", CQ_QUANTITY),
        row(14, "note", Via::Own(&Own { name: "ST[markdown]", apply: description })),
        row(17, "collection.collectedPeriod", DR_PERIOD).when("SPM-17.2 is valued", ends),
        row(17, "collection.collectedDateTime", DR_DATE_TIME).when("SPM-17.2 is not valued", |s| !ends(s)),
        row(18, "receivedTime", DTM_DATE_TIME),
        row(20, "status", ID_CODE.of(&YES_NO_INDICATOR_AVAILABILITY_STATUS)),
        row(24, "condition", CWE_CODED.of(&SPECIMEN_CONDITION)),
        row(27, "container.type", CWE_CODED.of(&CONTAINER_TYPE)),
        row(30, "accessionIdentifier", CX_IDENTIFIER),
        row(31, "identifier", CX_IDENTIFIER),
        row(32, "identifier", EI_TYPED.of("SHIP")),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[];

/// Maps one SPM, with what it belongs to: the report or the order.
///
/// A specimen is known by a number of its own (SPM-2, then SPM-31). A shipment (SPM-32) has many specimens, and
/// identifies none. Without a number a specimen is known by the patient, what it belongs to, its kind and its time of
/// collection, and where SPM-1 is not 1 by that: nothing else tells the second tube from the first.
pub(crate) fn specimen<'a>(
    spm: &Seg<'a>,
    parent: Option<Anchor<'a>>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let mut draft = c.draft();
    draft.body.put("subject", c.subject());
    SPM_SPECIMEN.apply(&mut draft, spm, c);
    if let Some((system, value)) = numbered(&draft.body) {
        return Some(c.add("Specimen", draft, Key::Given(system, value), spm.at()));
    }
    let parent = match parent {
        Some(parent) => parent.identity,
        None => c.bound_to_message(spm),
    };
    let kind = concept_part(draft.body.get("type"), c);
    let number = spm.text(1).filter(|number| *number != "1").unwrap_or_default();
    let parts = [c.patient_part(), parent, kind, spm.text(17).unwrap_or_default(), number];
    Some(c.add("Specimen", draft, Key::Derived(&parts), spm.at()))
}

/// The first number that is of the specimen alone.
fn numbered<'a>(specimen: &Object<'a>) -> Option<(&'a str, &'a str)> {
    let numbers = specimen.items("identifier").iter().filter_map(Val::as_object);
    let of_its_own = numbers.filter(|number| type_code(number) != Some("SHIP"));
    of_its_own.filter_map(|number| number.str("system").zip(number.str("value"))).next()
}

fn ends(spm: &Seg<'_>) -> bool {
    spm.component(17, 2).is_some()
}

/// The guide knows one container, and a container one additive.
fn additive<'a>(specimen: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if specimen.has("container") {
        return Err(Reason::OnlyOneFits);
    }
    if let Some(additive) = cwe::concept_by(node, &ADDITIVE_PRESERVATIVE, c) {
        specimen.push(c.arena, "container", c.object().with("additiveCodeableConcept", additive));
    }
    Ok(())
}

fn description<'a>(specimen: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let Some(text) = node.whole() {
        specimen.push(c.arena, "note", c.object().with("text", text));
    }
    Ok(())
}

/// The specimen that this one was taken from, by its number: another message describes it.
fn parent<'a>(specimen: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    for number in [ei::filler_assigned(node, c), ei::placer_assigned(node, c)].into_iter().flatten() {
        specimen.push(c.arena, "parent", ei::elsewhere("Specimen", number, c));
    }
    Ok(())
}
