//! SPM: a specimen.

use crate::fhir::code::{
    ADDITIVE_PRESERVATIVE, CONTAINER_TYPE, SPECIMEN_COLLECTION_METHOD, SPECIMEN_CONDITION,
    SPECIMEN_SOURCE_SITE, SPECIMEN_TYPE, YES_NO_INDICATOR_AVAILABILITY_STATUS,
};
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::table::type_code;
use crate::fhir::datatype::{
    CQ_QUANTITY, CWE_CODED, CX_IDENTIFIER, DR_DATE_TIME, DR_PERIOD, DTM_DATE_TIME, EI_TYPED,
    EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER, EIP_IDENTIFIER_PLACER_ASSIGNED_IDENTIFIER, ID_CODE, cwe, ei,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::segment::LeftOut;
use crate::fhir::segment::al1::concept_part;
use crate::fhir::tree::{Object, Val};

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

/// Maps one SPM. The report or the request that it belongs to refers to it.
///
/// A specimen is known by a number of its own (SPM-2, then SPM-31). A shipment (SPM-32) has many specimens, and
/// identifies none. Without a number a specimen is known by the patient, what it belongs to, its kind and its time of
/// collection, and where SPM-1 is not 1 by that: nothing else tells the second tube from the first.
pub(crate) fn specimen<'a>(spm: &Seg<'a>, of: Option<Anchor<'a>>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let specimen = add(spm, of, c);
    if let Some(of) = of {
        c.refer(of, "specimen", specimen);
    }
    Some(specimen)
}

fn add<'a>(spm: &Seg<'a>, of: Option<Anchor<'a>>, c: &mut Context<'a>) -> Anchor<'a> {
    let mut draft = c.draft();
    draft.body.put("subject", c.subject());
    SPM_SPECIMEN.apply(&mut draft, spm, c);
    if let Some((system, value)) = numbered(&draft.body) {
        return c.add("Specimen", draft, Key::Given(system, value), spm.at());
    }
    let whole = match of {
        Some(of) => of.identity,
        None => c.bound_to_message(spm),
    };
    let kind = concept_part(draft.body.get("type"), c).unwrap_or_default();
    let number = spm.text(1).filter(|number| *number != "1").unwrap_or_default();
    let parts = [c.patient_part(), whole, kind, spm.text(17).unwrap_or_default(), number];
    c.add("Specimen", draft, Key::Derived(&parts), spm.at())
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

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{only, orders};

    fn specimens(spm: &[&str]) -> Vec<String> {
        let (resources, _) = orders(&[&["OBR|1||F1^LAB|100^Panel^L"], spm].concat());
        resources.into_iter().filter(|(kind, _)| *kind == "Specimen").map(|(_, json)| json).collect()
    }

    #[test]
    fn a_specimen_has_numbers_a_kind_and_a_collection() {
        let got = specimens(&[
            "SPM|1|P1&OE^S1&LAB|^S0&LAB|BLD^Blood^HL70487||EDTA|VENIP|LA^^L||||40^mL||from a child|||20240305^20240306|20240307||Y||||HEM|||TUBE|||A1^^^ACC|O1^^^OTH|SH1",
        ])
        .concat();
        for part in [
            r#""value":"S1"}"#,
            r#""value":"P1"}"#,
            r#""parent":[{"type":"Specimen","identifier":{"#,
            r#""collectedPeriod":{"start":"2024-03-05","end":"2024-03-06"}"#,
            r#""quantity":{"value":40,"unit":"mL"}"#,
            r#""receivedTime":"2024-03-07""#,
            r#""status":"available""#,
            r#""note":[{"text":"from a child"}]"#,
            r#""accessionIdentifier":{"system":"urn:carewire:authority:org:ACC","value":"A1""#,
            r#""code":"SHIP""#,
        ] {
            assert!(got.contains(part), "{part}: {got}");
        }
        assert_eq!(got.matches(r#""container":[{"#).count(), 1, "{got}");
    }

    #[test]
    fn tubes_of_a_shipment_are_two() {
        let got = specimens(&[
            "SPM|1|||BLD||||||||||||||||||||||||||||SH1",
            "SPM|2|||BLD||||||||||||||||||||||||||||SH1",
        ]);
        assert_eq!(got.len(), 2, "{got:?}");
        let (resources, _) = orders(&["OBR|1||F1^LAB|100^Panel^L", "SPM|1|||BLD", "SPM|2|||BLD"]);
        let report = only(&resources, "DiagnosticReport");
        assert_eq!(report.split(r#""specimen":"#).nth(1).unwrap().matches("urn:uuid").count(), 2, "{report}");
    }
}
