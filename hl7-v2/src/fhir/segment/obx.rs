//! OBX: an observation.

use crate::fhir::code::{
    INTERPRETATION_CODES, NATURE_OF_ABNORMAL_TESTING, OBSERVATION_RESULT_STATUS_CODES_INTERPRETATION,
};
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::table::ID_OF_TABLE;
use crate::fhir::datatype::value::{self, Shape};
use crate::fhir::datatype::{
    CWE_CODEABLE_CONCEPT, CWE_CODED, CWE_ORGANIZATION, DTM_DATE_TIME, EI_TYPED, ID_CODE, ID_CODED,
    OG_EXTENSION_SUBIDENTIFIER, XCN_ROLE, ei, xad, xcn, xon,
};
use crate::fhir::entries::{Key, own};
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Row, Table, Via, row};
use crate::fhir::segment::al1::concept_part;
use crate::fhir::segment::{LeftOut, left, nte};
use crate::fhir::tree::{Object, Val};

/// `OBX[Observation]`: an OBX with one value.
pub(crate) static OBX_OBSERVATION: Table = Table::new(
    "OBX[Observation]",
    "OBX",
    "Observation",
    &[
        CODE,
        SUB_ID,
        value_row("valueQuantity", "OBX-2 is NM or SI, or SN of one number", |s| has(s, Shape::Quantity)),
        value_row("valueString", "OBX-2 is ST, TX, FT, VR or SN of no other kind", is_text),
        value_row("valueCodeableConcept", "OBX-2 is CWE, CE, CF, CNE, IS or ID", |s| has(s, Shape::Concept)),
        value_row("valuePeriod", "OBX-2 is DR", |s| has(s, Shape::Period)),
        value_row("valueDateTime", "OBX-2 is DTM, DT or TS", |s| has(s, Shape::DateTime)),
        value_row("valueRange", "OBX-2 is NR, or SN with -", |s| has(s, Shape::Range)),
        value_row("valueTime", "OBX-2 is TM", |s| has(s, Shape::Time)),
        value_row("valueRatio", "OBX-2 is SN with : or /", |s| has(s, Shape::Ratio)),
        value_row("valueSampledData", "OBX-2 is NA", |s| has(s, Shape::Samples)),
        value_row(ATTACHMENT, "OBX-2 is ED or RP", |s| has(s, Shape::Attachment)),
        row(6, "valueQuantity", UNIT)
            .when("OBX-2 is NM or SI, or SN of one number", |s| has(s, Shape::Quantity)),
        row(6, "valueRange", UNIT).when("OBX-2 is NR, or SN with -", |s| has(s, Shape::Range)),
        row(6, "valueRatio", UNIT).when("OBX-2 is SN with : or /", |s| has(s, Shape::Ratio)),
        row(6, "valueSampledData", UNIT).when("OBX-2 is NA", |s| has(s, Shape::Samples)),
        row(7, "referenceRange", Via::Own(&Own { name: "ST[string]", apply: reference_range })).and(&[6]),
        INTERPRETATION,
        NATURE,
        STATUS,
        UNOBTAINED,
        NOT_ASKED,
        EFFECTIVE,
        PRODUCER,
        OBSERVER,
        METHOD,
        DEVICE,
        ANALYSED,
        SITE,
        IDENTIFIER,
        PERFORMER,
        CATEGORY,
        SUB_TYPE,
        SPECIMEN,
    ],
);

/// `OBX[Observation-Component]`: an OBX with several values.
pub(crate) static OBX_OBSERVATION_COMPONENT: Table = Table::new(
    "OBX[Observation-Component]",
    "OBX",
    "Observation",
    &[
        CODE,
        SUB_ID,
        row(5, "component", Via::Own(&Own { name: "by OBX-2", apply: component })).and(&[2, 3]),
        row(6, "component", Via::Own(&Own { name: "CWE[Quantity]", apply: component_unit })),
        row(7, "component", Via::Own(&Own { name: "ST[string]", apply: component_range })).and(&[6]),
        INTERPRETATION,
        NATURE,
        STATUS,
        UNOBTAINED,
        NOT_ASKED,
        EFFECTIVE,
        PRODUCER,
        OBSERVER,
        METHOD,
        DEVICE,
        ANALYSED,
        SITE,
        IDENTIFIER,
        PERFORMER,
        CATEGORY,
        SUB_TYPE,
        SPECIMEN,
    ],
);

const CODE: Row = row(3, "code", CWE_CODEABLE_CONCEPT);
const SUB_ID: Row = row(4, "extension(observation-v2-subid)", OG_EXTENSION_SUBIDENTIFIER);
const INTERPRETATION: Row = row(8, "interpretation", CWE_CODED.of(&INTERPRETATION_CODES));
const NATURE: Row =
    row(10, "extension(observation-nature-of-abnormal-test)", ID_CODED.of(&NATURE_OF_ABNORMAL_TESTING));
const STATUS: Row = row(11, "status", ID_CODE.of(&OBSERVATION_RESULT_STATUS_CODES_INTERPRETATION));
/// `X` says that there will be no result.
const UNOBTAINED: Row = row(
    11,
    "_status.extension(alternate-codes)",
    Via::FixedConcept("http://terminology.hl7.org/CodeSystem/v2-0085", "X"),
)
.when("OBX-11 is X", |s| s.text(11) == Some("X"));
/// `N` says that nothing was asked. obs-6: what has a value is not absent.
const NOT_ASKED: Row = row(
    11,
    "dataAbsentReason",
    Via::FixedConcept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-asked"),
)
.when("OBX-11 is N and OBX-5 is not valued", |s| s.text(11) == Some("N") && !s.valued(5));
const EFFECTIVE: Row = row(14, "effectiveDateTime", DTM_DATE_TIME);
const PRODUCER: Row = row(15, "performer(Organization)", CWE_ORGANIZATION);
const OBSERVER: Row = row(16, "performer(PractitionerRole)", XCN_ROLE.of("responsibleObserver"));
const METHOD: Row = row(17, "method", CWE_CODEABLE_CONCEPT);
const DEVICE: Row =
    row(18, "device(Device)", Via::Own(&Own { name: "EI[Identifier-Extension]", apply: device }));
const ANALYSED: Row = row(19, "extension(observation-analysis-date-time)", DTM_DATE_TIME);
const SITE: Row = row(20, "bodySite", CWE_CODEABLE_CONCEPT);
const IDENTIFIER: Row = row(21, "identifier", EI_TYPED.of("FILL"));
const PERFORMER: Row =
    row(23, "performer(Organization)", Via::Own(&Own { name: "XON[Organization]", apply: performer }))
        .and(&[24, 25]);
const CATEGORY: Row = row(29, "category", ID_OF_TABLE.of("0936"));
/// The guide gives the URL of the extension as the system of its code, which is that of the table.
const SUB_TYPE: Row = row(30, "extension(observation-structure-type)", ID_OF_TABLE.of("0937"));
const SPECIMEN: Row = row(
    33,
    "specimen(Specimen)",
    Via::Own(&Own { name: "EIP[Identifier-FillerAssignedIdentifier]", apply: specimen }),
);

/// The extension of an attachment among the values; see [`value::observed`].
const ATTACHMENT: &str = "extension(http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.value)";

const UNIT: Via = Via::Own(&Own {
    name: "CWE[Quantity]",
    apply: |o, n, c| {
        value::unit(o, n, c);
        Ok(())
    },
});

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left("OBX[Observation] OBX-4 $this", PARTS),
    left("OBX[Observation-Component] OBX-4 $this", PARTS),
    left("OBX[Observation-Component] OBX-5 derivedFrom(DocumentReference)", DERIVED),
    left("OBX[Observation-Component] OBX-5 derivedFrom(DocumentReference)#2", DERIVED),
    left(
        "OBX[Observation] OBX-5 valueSampedData",
        "misspelt there: the row of this field has valueSampledData",
    ),
    left("OBX[Observation] OBX-33 extension[1].uri", SEVERAL),
    left(
        "OBX[Observation] OBX-33 extension[1].valueReference(Group.member.entity(Specimen.identifier[1])",
        SEVERAL,
    ),
    left("OBX[Observation] OBX-33 extension[2].uri", SEVERAL),
    left(
        "OBX[Observation] OBX-33 extension[2].valueReference(Group.member.entity(Specimen.identifier[2]))",
        SEVERAL,
    ),
    left("OBX[Observation-Component] OBX-33 extension[1].uri", SEVERAL),
    left(
        "OBX[Observation-Component] OBX-33 extension[1].valueReference(Group.member.entity(Specimen.identifier[1])",
        SEVERAL,
    ),
    left("OBX[Observation-Component] OBX-33 extension[2].uri", SEVERAL),
    left(
        "OBX[Observation-Component] OBX-33 extension[2].valueReference(Group.member.entity(Specimen.identifier[2]))",
        SEVERAL,
    ),
];

const PARTS: &str = "the row of this field leads to the elements of the datatype's own map";
const DERIVED: &str =
    "nothing in the message says that an observation was derived from the document: it is a component of it";
const SEVERAL: &str = "a group of R4 has no specimens as members: the first specimen is kept";

const fn value_row(target: &'static str, label: &'static str, holds: fn(&Seg<'_>) -> bool) -> Row {
    row(5, target, Via::Own(&Own { name: "by OBX-2", apply: value::observed }))
        .and(&[2, 6])
        .when(label, holds)
}

fn has(obx: &Seg<'_>, shape: Shape) -> bool {
    Shape::of_segment(obx) == Some(shape)
}

fn is_text(obx: &Seg<'_>) -> bool {
    matches!(Shape::of_segment(obx), Some(Shape::Text | Shape::Unread))
}

/// What an observation belongs to.
#[derive(Clone, Copy, Default)]
pub(crate) struct Parent<'a> {
    /// The identity of the report, the order or the vaccination; empty when it belongs to nothing.
    pub(crate) identity: &'a str,
    pub(crate) encounter: Option<Anchor<'a>>,
    pub(crate) specimen: Option<Anchor<'a>>,
    pub(crate) part_of: Option<Anchor<'a>>,
}

/// Maps one OBX, with its notes.
///
/// An observation is known by OBX-21. Without it, it is known by what it belongs to, its first code (OBX-3), its sub-id
/// (OBX-4) and its specimen, and when it belongs to nothing by the patient and its time: so a corrected report, or one
/// with a line more, finds the observations of the one before. The number of the line (OBX-1) tells nothing lasting. Of
/// several in a message that share all of this the first has the plain identity, and each further one that says
/// something else has its number among them in it.
pub(crate) fn observation<'a>(
    obx: &Seg<'a>,
    notes: &[Seg<'a>],
    parent: &Parent<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let mut draft = c.draft();
    let said = |anchor: Option<Anchor<'a>>, c: &Context<'a>| anchor.map(|anchor| anchor.reference(c.arena));
    draft.body.put("subject", c.subject());
    draft.body.put("encounter", said(parent.encounter, c));
    if let Some(specimen) = said(parent.specimen, c) {
        draft.body.push(c.arena, "focus", specimen.clone());
        draft.body.set("specimen", specimen);
    }
    if let Some(whole) = said(parent.part_of, c) {
        draft.body.push(c.arena, "partOf", whole);
    }
    let is_repeated = obx.text(2) != Some("NA") && obx.values(5).nth(1).is_some();
    let table = if is_repeated { &OBX_OBSERVATION_COMPONENT } else { &OBX_OBSERVATION };
    table.apply(&mut draft, obx, c);
    if !draft.body.has("code") {
        c.report_at(obx.at(), Reason::Missing("Observation.code"));
        return None;
    }
    if !draft.body.has("status") {
        draft.body.set("status", "unknown");
        if !obx.valued(11) {
            c.report_at(obx.at(), Reason::Unstated("Observation.status"));
        }
    }
    nte::on_observation(notes, &mut draft, c);
    Some(add(obx, draft, parent, c))
}

fn add<'a>(obx: &Seg<'a>, draft: Draft<'a>, parent: &Parent<'a>, c: &mut Context<'a>) -> Anchor<'a> {
    if own(&draft.body).is_some() {
        return c.add("Observation", draft, Key::OwnOr(&[]), obx.at());
    }
    let time = obx.text(14).unwrap_or_default();
    let (patient, lasting) = match (parent.identity, time) {
        ("", "") => (c.patient_part(), c.bound_to_message(obx)),
        ("", time) => (c.patient_part(), time),
        (identity, _) => ("", identity),
    };
    let code = concept_part(draft.body.get("code"), c).unwrap_or_default();
    let sub_id = obx.node(4).and_then(|node| node.whole()).unwrap_or_default();
    let specimen =
        draft.body.get("specimen").and_then(Val::as_object).and_then(|specimen| specimen.str("reference"));
    let parts = [patient, lasting, code, sub_id, specimen.unwrap_or_default()];
    c.add("Observation", draft, Key::Derived(&parts), obx.at())
}

fn reference_range<'a>(observation: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let Some(range) = value::reference_range(node, c) {
        observation.push(c.arena, "referenceRange", range);
    }
    Ok(())
}

/// A value among several, of the code of them all.
fn component<'a>(observation: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let mut component = c.object();
    component.put("code", observation.get("code").cloned());
    let members = component.members().count();
    let outcome = value::observed(&mut component, node, c);
    if component.members().count() > members && component.has("code") {
        observation.push(c.arena, "component", component);
    }
    outcome
}

fn component_unit<'a>(observation: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    each_component(observation, |component| value::unit(component, node, c));
    Ok(())
}

fn component_range<'a>(observation: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(range) = value::reference_range(node, c) else { return Ok(()) };
    each_component(observation, |component| component.push(c.arena, "referenceRange", range.clone()));
    Ok(())
}

fn each_component<'a>(observation: &mut Object<'a>, edit: impl FnMut(&mut Object<'a>)) {
    if let Some(Val::List(components)) = observation.get_mut("component") {
        components.iter_mut().filter_map(Val::as_object_mut).for_each(edit);
    }
}

fn device<'a>(observation: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if observation.has("device") {
        return Err(Reason::OnlyOneFits);
    }
    let Some(number) = ei::number(node, "device", c) else { return Ok(()) };
    let mut device = c.draft();
    device.body.push(c.arena, "identifier", number);
    let device = c.add("Device", device, Key::OwnOr(&[]), node.at());
    observation.set("device", device.reference(c.arena));
    Ok(())
}

/// OBX-23 at the address of OBX-24; under the medical director of OBX-25, when one is named.
fn performer<'a>(observation: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let obx = *node.seg();
    let mut said = c.draft();
    for address in obx.values(24) {
        if let Some(address) = xad::address(&address, c) {
            said.body.push(c.arena, "address", address);
        }
    }
    let Some(organization) = xon::described(node, said, c) else { return Ok(()) };
    let mut said = c.draft();
    said.body.set("organization", organization.reference(c.arena));
    let role = "http://terminology.hl7.org/CodeSystem/v2-0912";
    let coding = c.object().with("system", role).with("code", "MDIR");
    said.body.push(c.arena, "code", c.object().with("coding", c.arena.only(coding)));
    let director = obx.values(25).next().and_then(|director| xcn::role(&director, said, c));
    observation.push(c.arena, "performer", director.unwrap_or(organization).reference(c.arena));
    Ok(())
}

/// The specimen by its numbers; where several are named, FHIR holds the first.
fn specimen<'a>(observation: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let mut draft = c.draft();
    for number in [ei::filler_assigned(node, c), ei::placer_assigned(node, c)].into_iter().flatten() {
        draft.body.push(c.arena, "identifier", number);
    }
    if own(&draft.body).is_none() {
        return Ok(());
    }
    draft.body.put("subject", c.subject());
    let specimen = c.add("Specimen", draft, Key::OwnOr(&[]), node.at()).reference(c.arena);
    match observation.get("specimen") {
        Some(known) if *known != specimen => Err(Reason::OnlyOneFits),
        _ => {
            observation.set("specimen", specimen);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{only, orders};

    const OBR: &str = "OBR|1||F1^LAB|100^Panel^L|||20240305";

    /// The observations of a report with these OBX, and what is reported.
    fn observations(obx: &[&str]) -> (Vec<String>, Vec<String>) {
        let (resources, issues) = orders(&[&[OBR], obx].concat());
        (
            resources.into_iter().filter(|(kind, _)| *kind == "Observation").map(|(_, json)| json).collect(),
            issues,
        )
    }

    /// The derived identity of an observation.
    fn identity(observation: &str) -> &str {
        observation
            .split(r#""system":"urn:carewire:derived","value":""#)
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
    }

    fn one(obx: &str) -> String {
        observations(&[obx]).0.concat()
    }

    #[test]
    fn obx_2_tells_what_the_value_is() {
        for (kind, value, made) in [
            ("NM", "7.40", r#""valueQuantity":{"value":7.40,"unit":"mmol/L"}"#),
            ("SN", ">^100", r#""valueQuantity":{"value":100,"comparator":">","unit":"mmol/L"}"#),
            ("ST", "a^b", r#""valueString":"a^b""#),
            ("", "words", r#""valueString":"words""#),
            ("VR", "1^2", r#""valueString":"1-2""#),
            ("SN", "<>^5", r#""valueString":"<> 5 mmol/L""#),
            ("CWE", "A^Alpha^L", r#""valueCodeableConcept":{"coding":[{"system""#),
            ("IS", "A", r#""valueCodeableConcept":{"coding":[{"code":"A"}]}"#),
            ("DT", "20240305", r#""valueDateTime":"2024-03-05""#),
            ("TM", "0930", r#""valueTime":"09:30:00""#),
            ("DR", "20240305^20240306", r#""valuePeriod":{"start":"2024-03-05","end":"2024-03-06"}"#),
            (
                "NR",
                "2^5",
                r#""valueRange":{"low":{"value":2,"unit":"mmol/L"},"high":{"value":5,"unit":"mmol/L"}}"#,
            ),
            ("NA", "1^2.5~3^4", r#""dimensions":2,"data":"1 2.5 3 4""#),
            ("NA", "1^2", r#""dimensions":1,"data":"1 2""#),
            (
                "ED",
                "^application^pdf^Base64^aGk=",
                r#""valueAttachment":{"contentType":"application/pdf","data":"aGk="}"#,
            ),
            ("RP", "https://h.example/1", r#""valueAttachment":{"url":"https://h.example/1"}"#),
        ] {
            let got = one(&format!("OBX|1|{kind}|1^One^L||{value}|mmol/L|||||F"));
            assert!(got.contains(made), "{kind}: {got}");
        }
    }

    #[test]
    fn what_cannot_be_read_as_its_type_is_kept_as_text() {
        for (kind, value, reason) in [
            ("NM", "high", "not a number"),
            ("XYZ", "1^2", "value type without a map"),
            ("DT", "soon", "not a date or time"),
            ("DR", "20240305^soon", "not a date or time"),
            ("NR", "5^2", "not a number"),
            ("NA", "1^2~3", "not a number"),
        ] {
            let (got, issues) = observations(&[&format!("OBX|1|{kind}|1^One^L||{value}||||||F")]);
            assert!(got[0].contains(&format!(r#""valueString":"{value}""#)), "{kind}: {got:?}");
            assert!(issues.iter().any(|issue| issue.ends_with(reason)), "{issues:?}");
        }
        let (got, issues) = observations(&["OBX|1|ED|1^One^L||^IM^png^Base64^!!||||||F"]);
        assert!(!got[0].contains("valueString") && !got[0].contains("valueAttachment"), "{got:?}");
        assert!(issues.iter().any(|issue| issue.ends_with("not encoded as the message says")), "{issues:?}");
    }

    #[test]
    fn a_number_as_a_text_has_the_name_of_its_unit() {
        let got = one("OBX|1|SN|1^One^L||<>^5|1^millilitre^L|||||F");
        assert!(got.contains(r#""valueString":"<> 5 millilitre""#), "{got}");
    }

    #[test]
    fn several_values_are_components() {
        let got = one("OBX|1|NM|1^One^L||1~2|mg|1-3||||F|||20240305");
        let component = |value: u8| {
            format!(
                r#"{{"code":{{"coding":[{{"system":"urn:carewire:codesystem:org:L","code":"1","display":"One"}}]}},"valueQuantity":{{"value":{value},"unit":"mg"}},"referenceRange":[{{"low":{{"value":1,"unit":"mg"}},"high":{{"value":3,"unit":"mg"}},"text":"1-3"}}]}}"#
            )
        };
        let expected = format!(r#""component":[{},{}]"#, component(1), component(2));
        assert!(got.contains(&expected), "{got}");
        assert!(
            !got.contains(r#""value[x]"#) && got.contains(r#""effectiveDateTime":"2024-03-05""#),
            "{got}"
        );
    }

    #[test]
    fn status_says_what_obx_11_says() {
        assert!(one("OBX|1|NM|1^One^L||1||||||C").contains(r#""status":"corrected""#));
        let unobtained = one("OBX|1|NM|1^One^L||||||||X");
        assert!(
            unobtained.contains(r#""status":"cancelled""#) && unobtained.contains(r#"v2-0085","code":"X""#),
            "{unobtained}"
        );
        let not_asked = one("OBX|1|NM|1^One^L||||||||N");
        assert!(not_asked.contains(r#""code":"not-asked""#) && not_asked.contains("_status"), "{not_asked}");
        assert!(
            !one("OBX|1|NM|1^One^L||1||||||N").contains("dataAbsentReason"),
            "what has a value is not absent"
        );
        let (got, issues) = observations(&["OBX|1|NM|1^One^L||1"]);
        assert!(got[0].contains(r#""status":"unknown""#));
        assert!(issues.iter().any(|issue| issue.contains("Observation.status")), "{issues:?}");
    }

    #[test]
    fn who_performed_it_with_what_and_on_what() {
        let (resources, _) = orders(&[
            OBR,
            "OBX|1|NM|1^One^L||1||||||F||||LABX^Lab X^L|9^Obs^Olga||DEV1^M^1.2.3^ISO|20240305101010+0100||OI1^LAB||Lab^^^^^CLIA&1.2.4&ISO^XX^^^16D|1 Main St^^Town|8^Dir^Dora||||RSLT",
        ]);
        let observation = only(&resources, "Observation");
        assert!(
            observation.contains(r#"analysis-date-time","valueDateTime":"2024-03-05T10:10:10+01:00""#),
            "{observation}"
        );
        assert!(observation.contains(r#"v2-0936","code":"RSLT""#), "{observation}");
        assert!(
            observation.contains(r#""code":"FILL""#) && observation.contains(r#""value":"OI1""#),
            "{observation}"
        );
        assert_eq!(
            observation.matches("urn:uuid:").count(),
            5,
            "subject, device, three performers: {observation}"
        );
        assert!(only(&resources, "Device").contains(r#""system":"urn:oid:1.2.3","value":"DEV1""#));
        let roles: String = resources
            .iter()
            .filter(|(kind, _)| *kind == "PractitionerRole")
            .map(|(_, json)| json.as_str())
            .collect();
        assert!(roles.contains("responsibleObserver") && roles.contains("MDIR"), "{roles}");
        let labs: String = resources
            .iter()
            .filter(|(kind, _)| *kind == "Organization")
            .map(|(_, json)| json.as_str())
            .collect();
        assert!(labs.contains("1 Main St"), "{labs}");
    }

    #[test]
    fn a_result_is_found_again_whatever_its_line() {
        let first = observations(&["OBX|1|NM|1^One^L||1||||||P", "OBX|2|NM|2^Two^L|1|2||||||P"]).0;
        let corrected = observations(&[
            "OBX|7|NM|3^Three^L||3||||||C",
            "OBX|8|NM|1^One^L||1.1||||||C",
            "OBX|9|NM|2^Two^L|1|2.2||||||C",
        ])
        .0;
        assert_eq!(identity(&first[0]), identity(&corrected[1]));
        assert_eq!(identity(&first[1]), identity(&corrected[2]));
        let sub_ids = observations(&["OBX|1|NM|1^One^L|1|1||||||F", "OBX|2|NM|1^One^L|2|1||||||F"]);
        assert_ne!(identity(&sub_ids.0[0]), identity(&sub_ids.0[1]));
        assert!(sub_ids.1.iter().all(|issue| !issue.contains("shared")), "{:?}", sub_ids.1);
    }

    #[test]
    fn of_those_that_share_an_identity_the_first_has_it() {
        let alone = observations(&["OBX|1|TX|1^One^L||first||||||F"]).0;
        let (lines, issues) = observations(&[
            "OBX|1|TX|1^One^L||first||||||F",
            "OBX|2|TX|1^One^L||second||||||F",
            "OBX|3|TX|1^One^L||third||||||F",
            "OBX|4|TX|1^One^L||second||||||F",
        ]);
        assert_eq!(lines.len(), 3, "the same again is the same");
        assert_eq!(identity(&alone[0]), identity(&lines[0]));
        let again = observations(&["OBX|5|TX|1^One^L||first||||||F", "OBX|6|TX|1^One^L||2nd||||||F"]).0;
        assert_eq!(identity(&lines[1]), identity(&again[1]), "the second is the second again");
        assert_eq!(issues.iter().filter(|issue| issue.contains("shared")).count(), 2, "{issues:?}");
    }

    #[test]
    fn a_specimen_of_obx_33_is_that_of_the_spm() {
        let (resources, issues) = orders(&[
            OBR,
            "OBX|1|NM|1^One^L||1||||||F||||||||||||||||||||||P1&LAB^S1&LAB",
            "SPM|1|P1&LAB^S1&LAB||BLD",
        ]);
        assert!(only(&resources, "Specimen").contains(r#""code":"BLD""#));
        assert!(only(&resources, "Observation").contains(r#""specimen":{"reference""#));
        assert!(issues.iter().all(|issue| issue.starts_with("OBR[1]: no value")), "{issues:?}");
    }

    #[test]
    fn a_code_is_demanded() {
        let (got, issues) = observations(&["OBX|1|NM|||1||||||F"]);
        assert!(got.is_empty());
        assert!(issues.iter().any(|issue| issue.contains("Observation.code")), "{issues:?}");
    }
}
