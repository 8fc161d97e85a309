//! SPM: a specimen.

use crate::fhir::code::{
    ADDITIVE_PRESERVATIVE, CONTAINER_TYPE, SPECIMEN_COLLECTION_METHOD, SPECIMEN_CONDITION,
    SPECIMEN_SOURCE_SITE, SPECIMEN_TYPE, YES_NO_INDICATOR_AVAILABILITY_STATUS,
};
use crate::fhir::context::{Anchor, Context, Draft};
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
use crate::fhir::segment::obr::OBR_SPECIMEN;
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

/// Maps one SPM, with what its OBR says of the specimen. The report or the request that it belongs to refers to it.
///
/// A specimen is known by a number of its own (SPM-2, then SPM-31). A shipment (SPM-32) has many specimens, and
/// identifies none. Without a number a specimen is known by the patient, what it belongs to, its kind and its time of
/// collection, and where SPM-1 is not 1 by that: nothing else tells the second tube from the first.
pub(crate) fn specimen<'a>(
    spm: &Seg<'a>,
    obr: Option<&Seg<'a>>,
    of: Option<Anchor<'a>>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let specimen = add(spm, obr, of, c);
    if let Some(of) = of {
        c.refer(of, "specimen", specimen);
    }
    Some(specimen)
}

fn add<'a>(spm: &Seg<'a>, obr: Option<&Seg<'a>>, of: Option<Anchor<'a>>, c: &mut Context<'a>) -> Anchor<'a> {
    let mut draft = c.draft();
    draft.body.put("subject", c.subject());
    SPM_SPECIMEN.apply(&mut draft, spm, c);
    let number = numbered(&draft.body);
    let kind = concept_part(draft.body.get("type"), c).unwrap_or_default();
    if let Some(obr) = obr {
        complete(&mut draft, obr, c);
    }
    if let Some((system, value)) = number {
        return c.add("Specimen", draft, Key::Given(system, value), spm.at());
    }
    let whole = match of {
        Some(of) => of.identity,
        None => c.bound_to_message(spm),
    };
    let number = spm.text(1).filter(|number| *number != "1").unwrap_or_default();
    let parts = [c.patient_part(), whole, kind, spm.text(17).unwrap_or_default(), number];
    c.add("Specimen", draft, Key::Derived(&parts), spm.at())
}

/// What OBR says of each specimen of its order, in the fields that versions before SPM have for it. Where SPM says the
/// same of its specimen, that counts, and where it says something else, that is reported; notes are kept beside each
/// other.
fn complete<'a>(specimen: &mut Draft<'a>, obr: &Seg<'a>, c: &mut Context<'a>) {
    let mut told = c.draft();
    OBR_SPECIMEN.apply(&mut told, obr, c);
    let notes = specimen.body.items("note").len();
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for (name, value) in told.body.members() {
        match value {
            Val::List(more) if name == "note" => {
                more.iter().for_each(|note| specimen.body.push(c.arena, name, note.clone()));
            }
            Val::Object(parts) if name == "collection" => {
                let Some(collection) = specimen.body.within(name, c.arena) else { continue };
                for (name, value) in parts.members() {
                    if !is_told(collection, name) {
                        collection.set(name, value.clone());
                        taken.push(["collection", name].join("."));
                    } else if collection.get(name).is_some_and(|known| known != value) {
                        left.push(name);
                    }
                }
            }
            _ if specimen.body.get(name) == Some(value) || name == "subject" => {}
            _ if specimen.body.has(name) => left.push(name),
            _ => {
                specimen.body.set(name, value.clone());
                taken.push(name.to_owned());
            }
        }
    }
    for field in left.into_iter().map(field_of) {
        c.report_at(obr.node(field).and_then(|node| node.at()), Reason::Contradiction);
    }
    specimen.absorb_trace(told, |path| moved(path, notes, &taken));
}

/// The field of OBR that tells an element of the specimen. The times of OBR-7 and OBR-8 are also the report's.
fn field_of(element: &str) -> u16 {
    match element {
        "collectedDateTime" | "collectedPeriod" => 7,
        "quantity" => 9,
        "collector" => 10,
        "fastingStatusCodeableConcept" => 13,
        "receivedTime" => 14,
        _ => 15,
    }
}

/// Whether a collection has this element, or another type of the same choice.
fn is_told(collection: &Object<'_>, name: &str) -> bool {
    let is_time = |name: &str| name.starts_with("collected");
    collection.has(name) || is_time(name) && collection.members().any(|(known, _)| is_time(known))
}

/// Where an element of OBR stands among those of SPM.
fn moved(path: &str, notes: usize, taken: &[String]) -> Option<String> {
    if let Some((number, rest)) = path.strip_prefix(".note[").and_then(|rest| rest.split_once(']')) {
        let number = number.parse::<usize>().ok()? + notes;
        return Some(format!(".note[{number}]{rest}"));
    }
    let is_within = |element: &String| {
        let rest = path.strip_prefix('.').and_then(|path| path.strip_prefix(element.as_str()));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    taken.iter().any(is_within).then(|| path.to_owned())
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
    use crate::fhir::testing::{mapped_with, only, options, orders};

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
    fn what_obr_says_of_the_specimen_is_said_of_each_that_spm_describes() {
        let time = "OBR|1||F1^LAB|100^Panel^L|||20240301|20240302|40^mL|||||20240303|SER";
        let obr = &format!("{time}{}^cloudy", "|".repeat(24));
        let (resources, _) = orders(&[obr, "SPM|1|^S1&LAB||BLD||||||||||a child|||202403", "SPM|2|^S2&LAB"]);
        let [first, second] = ["S1", "S2"].map(|number| {
            let is_it = |json: &&String| json.contains(&format!(r#""value":"{number}""#));
            let mut specimens =
                resources.iter().filter(|(kind, _)| *kind == "Specimen").map(|(_, json)| json);
            specimens.find(is_it).unwrap()
        });
        for part in [
            r#""collectedDateTime":"2024-03""#,
            r#""code":"BLD""#,
            r#""quantity":{"value":40,"unit":"mL"}"#,
            r#""note":[{"text":"a child"},{"text":"cloudy"}]"#,
            r#""receivedTime":"2024-03-03""#,
        ] {
            assert!(first.contains(part), "{part}: {first}");
        }
        assert!(!first.contains("collectedPeriod") && !first.contains("SER"), "SPM counts: {first}");
        for part in [r#""collectedPeriod":{"start":"2024-03-01","end":"2024-03-02"}"#, r#""code":"SER""#] {
            assert!(second.contains(part), "{part}: {second}");
        }
    }

    #[test]
    fn what_obr_and_spm_say_otherwise_is_reported() {
        let obr = "OBR|1||F1^LAB|100^Panel^L|||20240301||40^mL|||||20240303|SER";
        let contradictions = |spm: &str| {
            let (_, issues) = orders(&[obr, spm]);
            let is_one = |issue: &&String| issue.contains("described in two ways");
            issues.iter().filter(is_one).count()
        };
        assert_eq!(contradictions("SPM|1|^S1&LAB"), 0);
        assert_eq!(contradictions("SPM|1|^S1&LAB||||||||||40^mL"), 0, "the same");
        assert_eq!(contradictions("SPM|1|^S1&LAB||BLD||||||||50^mL||||||20240304"), 3);
    }

    #[test]
    fn one_specimen_of_two_orders_is_collected_once() {
        let (resources, _) = orders(&[
            "OBR|1||F1^LAB|100^Panel^L|||20240301",
            "SPM|1|^S1&LAB",
            "OBR|2||F2^LAB|200^Other^L|||20240301|20240302",
            "SPM|1|^S1&LAB",
        ]);
        let specimen = only(&resources, "Specimen");
        assert!(
            specimen.contains("collectedDateTime") && !specimen.contains("collectedPeriod"),
            "{specimen}"
        );
    }

    #[test]
    fn what_comes_from_obr_is_traced_to_it() {
        let options = options().with_trace(true);
        let obr = "OBR|1||F1^LAB|100^Panel^L|||20240301||||||||||||||||||||||||||||||||^cloudy";
        let got = mapped_with("ORU^R01", &[obr, "SPM|1|^S1&LAB||||||||||||a child"], &options);
        let source = |path: &str| {
            let trace = got.report.trace.iter().find(|trace| trace.path == path).unwrap();
            trace.source.to_string()
        };
        assert!(source("Specimen.note[0].text").starts_with("SPM[1]-14"));
        assert!(source("Specimen.note[1].text").starts_with("OBR[1]-39"));
        assert!(source("Specimen.collection.collectedDateTime").starts_with("OBR[1]-7"));
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
