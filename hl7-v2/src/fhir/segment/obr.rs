//! OBR and ORC of results: a report, and what OBR says of its specimen.

use crate::fhir::code::{CONFIDENTIALITY_CODE, DIAGNOSTIC_SERVICE_SECTION_ID, RESULT_STATUS_NON_QUERIES};
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::{
    CQ_QUANTITY, CWE_ANNOTATION, CWE_CODEABLE_CONCEPT, CWE_CODING, DTM_DATE_TIME, DTM_INSTANT, EI_TYPED,
    EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER, ID_CODE, ID_CODED, NDL_PRACTITIONER_ROLE, SPS_SPECIMEN_SOURCE,
    XCN_PRACTITIONER,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::segment::al1::concept_part;
use crate::fhir::segment::order_number::{self, Number};
use crate::fhir::segment::{LeftOut, left, orc};
use crate::fhir::target::extend;
use crate::fhir::tree::Object;

/// `ORC[DiagnosticReport]`
pub(crate) static ORC_DIAGNOSTIC_REPORT: Table = Table::new(
    "ORC[DiagnosticReport]",
    "ORC",
    "DiagnosticReport",
    &[
        row(2, "identifier", EI_TYPED.of("PLAC")),
        row(3, "identifier", EI_TYPED.of("FILL")),
        row(4, "identifier", EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER)
            .when("ORC-4 is an EIP", orc::has_group_pair),
        // Of an EI as well: the placer's number alone.
        row(
            4,
            "identifier",
            Via::Own(&Own { name: "EIP[Identifier-PlacerAssignedIdentifier]", apply: group }),
        ),
        row(16, "extension(event-statusReason)", CWE_CODEABLE_CONCEPT),
        row(28, "meta.security", CWE_CODING.of(&CONFIDENTIALITY_CODE)),
    ],
);

/// `OBR[DiagnosticReport]`
pub(crate) static OBR_DIAGNOSTIC_REPORT: Table = Table::new(
    "OBR[DiagnosticReport]",
    "OBR",
    "DiagnosticReport",
    &[
        row(2, "identifier", EI_TYPED.of("PLAC")),
        row(3, "identifier", EI_TYPED.of("FILL")),
        row(4, "code", CWE_CODEABLE_CONCEPT),
        row(7, "effectiveDateTime", DTM_DATE_TIME).when("OBR-8 is not valued", |s| !s.valued(8)),
        row(7, "effectivePeriod.start", DTM_DATE_TIME).when("OBR-8 is valued", |s| s.valued(8)),
        row(8, "effectivePeriod.end", DTM_DATE_TIME),
        row(22, "issued", DTM_INSTANT),
        row(24, "category", ID_CODED.of(&DIAGNOSTIC_SERVICE_SECTION_ID)),
        row(25, "status", ID_CODE.of(&RESULT_STATUS_NON_QUERIES)),
        row(32, "resultsInterpreter(PractitionerRole)", NDL_PRACTITIONER_ROLE),
        row(
            34,
            "performer(PractitionerRole)",
            Via::Own(&Own { name: "NDL[PractitionerRole]", apply: technician }),
        ),
        row(
            35,
            "performer(PractitionerRole)",
            Via::Own(&Own { name: "NDL[PractitionerRole]", apply: typist }),
        ),
    ],
);

/// `OBR[Specimen]`
pub(crate) static OBR_SPECIMEN: Table = Table::new(
    "OBR[Specimen]",
    "OBR",
    "Specimen",
    &[
        row(7, "collection.collectedDateTime", DTM_DATE_TIME).when("OBR-8 is not valued", |s| !s.valued(8)),
        row(7, "collection.collectedPeriod.start", DTM_DATE_TIME).when("OBR-8 is valued", |s| s.valued(8)),
        row(8, "collection.collectedPeriod.end", DTM_DATE_TIME),
        row(9, "collection.quantity", CQ_QUANTITY),
        row(10, "collection.collector(Practitioner)", XCN_PRACTITIONER),
        row(13, "collection.fastingStatusCodeableConcept", CWE_CODEABLE_CONCEPT)
            .when("OBR-13 is a code of table 0916", is_fasting),
        row(14, "receivedTime", DTM_DATE_TIME),
        row(15, "type", SPS_SPECIMEN_SOURCE),
        row(39, "note", CWE_ANNOTATION),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left(
        "ORC[DiagnosticReport] ORC-2 basedOn(ServiceRequest)",
        "the report refers to the request of its group",
    ),
    left(
        "OBR[Specimen] OBR-2 accessionIdentifier",
        "nothing in the message says that a placer's number is one",
    ),
    left(
        "OBR[Specimen] OBR-15 $this",
        "the row of this field leads to the elements of the datatype's own map",
    ),
    left("OBR[Specimen] OBR-13 collection.fastingStatusDuration", "a code or a text tells no duration"),
];

/// Whether OBR-13 tells the fasting status: a code of v2 table 0916.
pub(crate) fn is_fasting(obr: &Seg<'_>) -> bool {
    obr.values(13).all(|node| node.get(3) == Some("HL70916")) && obr.valued(13)
}

/// Maps an OBR, with its ORC, to a report.
///
/// It is known by the filler's number, since the filler made it, else by the placer's, else by the patient, OBR-4 and
/// OBR-7. A number that covers several OBR of the message identifies none of them alone: then OBR-4 is a part of the
/// identity, and the number stands in the report without its system.
pub(crate) fn report<'a>(
    orc: Option<&Seg<'a>>,
    obr: &Seg<'a>,
    request: Option<Anchor<'a>>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let mut draft = c.draft();
    if let Some(request) = request {
        draft.body.push(c.arena, "basedOn", request.reference(c.arena));
    }
    draft.body.put("subject", c.subject());
    draft.body.put("encounter", c.visit());
    OBR_DIAGNOSTIC_REPORT.apply(&mut draft, obr, c);
    if let Some(orc) = orc {
        ORC_DIAGNOSTIC_REPORT.apply(&mut draft, orc, c);
    }
    if !draft.body.has("code") {
        c.report_at(obr.at(), Reason::Missing("DiagnosticReport.code"));
        return None;
    }
    if !draft.body.has("status") {
        draft.body.set("status", "unknown");
        if !obr.valued(25) {
            c.report_at(obr.at(), Reason::Unstated("DiagnosticReport.status"));
        }
    }
    order_number::told_once(&mut draft.body);
    let code = concept_part(draft.body.get("code"), c).unwrap_or_default();
    let by = [Number::Filler, Number::Placer];
    if let Some(identity) = order_number::of((orc, Some(obr)), by, code, &mut draft.body, c) {
        return Some(c.add("DiagnosticReport", draft, identity.key(), obr.at()));
    }
    let time = match obr.text(7) {
        Some(time) => time,
        None => c.bound_to_message(obr),
    };
    Some(c.add("DiagnosticReport", draft, Key::Derived(&[c.patient_part(), code, time]), obr.at()))
}

/// Whether OBR tells of a specimen: more than a time, which is the report's.
pub(crate) fn tells_of_specimen(obr: &Seg<'_>) -> bool {
    [9, 10, 14, 15, 39].iter().any(|&field| obr.valued(field)) || is_fasting(obr)
}

/// What OBR says of the specimen, where no SPM describes one (what it says beside one is [`spm`](super::spm)'s); known
/// by the report or the request, which refers to it. `None` when it tells of none.
pub(crate) fn specimen<'a>(obr: &Seg<'a>, of: Anchor<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    if !tells_of_specimen(obr) {
        return None;
    }
    let mut draft = c.draft();
    draft.body.put("subject", c.subject());
    OBR_SPECIMEN.apply(&mut draft, obr, c);
    let specimen = c.add("Specimen", draft, Key::Derived(&[of.identity, "specimen"]), obr.at());
    c.refer(of, "specimen", specimen);
    Some(specimen)
}

fn group<'a>(report: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let Some(number) = orc::group_of_placer(node, c) {
        report.push(c.arena, "identifier", number);
    }
    Ok(())
}

fn technician<'a>(report: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    performer(report, "SPRF", node, c)
}

fn typist<'a>(report: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    performer(report, "TRANS", node, c)
}

fn performer<'a>(
    report: &mut Object<'a>,
    function: &'static str,
    node: &Node<'a>,
    c: &mut Context<'a>,
) -> Outcome {
    let Some(mut performer) = NDL_PRACTITIONER_ROLE.read(node, c)? else { return Ok(()) };
    let system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    let coding = c.object().with("system", system).with("code", function);
    let concept = c.object().with("coding", c.arena.only(coding));
    if let Some(performer) = performer.as_object_mut() {
        extend(performer, "event-performerFunction", "valueCodeableConcept", concept, c.arena);
    }
    report.push(c.arena, "performer", performer);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{only, orders};

    fn identifiers(resource: &str) -> &str {
        resource.split(r#""identifier":["#).nth(1).unwrap()
    }

    #[test]
    fn a_report_has_numbers_times_a_status_and_people() {
        let (resources, _) = orders(&[
            "ORC|RE|P1^OE|F1^LAB||CM|||||||||||REASON^Why^L",
            "OBR|1|P1^OE|F1^LAB|100^Panel^L|||202403050800+0100|202403050900+0100||||||||||||||20240305101500+0100||LAB|F|||||||5&Reader&Rita||6&Tech&Tom|7&Typist&Tia",
        ]);
        let report = only(&resources, "DiagnosticReport");
        for part in [
            r#""effectivePeriod":{"start":"2024-03-05T08:00:00+01:00","end":"2024-03-05T09:00:00+01:00"}"#,
            r#""issued":"2024-03-05T10:15:00+01:00""#,
            r#""status":"final""#,
            r#"v2-0074","code":"LAB""#,
            "event-statusReason",
            r#""code":"SPRF""#,
            "resultsInterpreter",
            r#""basedOn":[{"reference":"urn:uuid:"#,
        ] {
            assert!(report.contains(part), "{part}: {report}");
        }
        assert_eq!(report.matches(r#""value":"F1""#).count(), 1, "told once: {report}");
    }

    #[test]
    fn a_group_number_is_not_taken_for_a_pair() {
        let numbers = |orc_4: &str| {
            let orc = format!("ORC|RE|||{orc_4}");
            let (resources, _) = orders(&[&orc, "OBR|1||F1^LAB|100^Panel^L||||||||||||||||||||||F"]);
            identifiers(only(&resources, "DiagnosticReport"))
                .split(']')
                .map(str::to_owned)
                .collect::<String>()
        };
        let single = numbers("G1^OE^1.2.3^ISO");
        assert!(single.contains(r#""system":"urn:oid:1.2.3","value":"G1""#), "{single}");
        assert!(!single.contains("FGN") && !single.contains(r#""value":"OE""#), "{single}");
        let pair = numbers("G1&OE^G2&LAB");
        assert!(pair.contains(r#""value":"G1""#) && pair.contains(r#"OE""#), "{pair}");
        assert!(pair.contains("FGN") && pair.contains(r#""value":"G2""#), "{pair}");
    }

    #[test]
    fn a_number_that_covers_several_reports_identifies_none() {
        let (alone, _) = orders(&["OBR|1|P1^OE|F1^LAB|100^Panel^L||||||||||||||||||||F"]);
        assert!(!identifiers(only(&alone, "DiagnosticReport")).contains("derived"), "{alone:?}");
        let both = [
            "OBR|1||F1^LAB|100^Panel^L||||||||||||||||||||||F",
            "OBR|2||F1^LAB|200^Other^L||||||||||||||||||||||F",
        ];
        let (first, issues) = orders(&both);
        let (second, _) = orders(&[both[1], both[0]]);
        let derived = |resource: &(String, String)| {
            identifiers(&resource.1)
                .split(r#"derived","value":""#)
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        };
        let reports: Vec<_> = first.iter().filter(|(kind, _)| *kind == "DiagnosticReport").collect();
        assert_eq!(reports.len(), 2);
        assert!(reports.iter().all(|report| report.1.contains(r#"{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"FILL"}]},"value":"F1"}"#)), "{reports:?}");
        let swapped: Vec<_> = second.iter().filter(|(kind, _)| *kind == "DiagnosticReport").collect();
        assert_eq!(derived(reports[0]), derived(swapped[1]), "whatever the order");
        assert_eq!(derived(reports[1]), derived(swapped[0]));
        assert!(issues.iter().all(|issue| !issue.contains("shared")), "{issues:?}");
    }

    #[test]
    fn without_numbers_a_report_is_known_by_patient_code_and_time() {
        let of = |set_id: u8, status: &str| {
            let obr = format!("OBR|{set_id}|||100^Panel^L|||20240305||||||||||||||||||{status}");
            let (resources, issues) = orders(&[&obr]);
            assert!(issues.iter().all(|issue| !issue.contains("bound")), "{issues:?}");
            identifiers(only(&resources, "DiagnosticReport")).split(']').next().unwrap().to_owned()
        };
        assert_eq!(of(1, "P"), of(2, "F"));
        let (_, issues) = orders(&["OBR|1|||100^Panel^L"]);
        assert!(issues.iter().any(|issue| issue.contains("bound to this message")), "{issues:?}");
    }

    #[test]
    fn what_obr_says_of_the_specimen_counts_without_an_spm() {
        let obr = "OBR|1||F1^LAB|100^Panel^L|||20240305||40^mL|9^Col^Cora|||F^Fasting^HL70916|202403050900+0100|BLD&Blood^^left arm||||||||||F";
        let (resources, _) = orders(&[obr]);
        let specimen = only(&resources, "Specimen");
        for part in [
            r#""collectedDateTime":"2024-03-05""#,
            r#""quantity":{"value":40,"unit":"mL"}"#,
            r#""collector":{"reference""#,
            r#""fastingStatusCodeableConcept""#,
            r#""receivedTime":"2024-03-05T09:00:00+01:00""#,
            r#""code":"BLD""#,
            r#""note":[{"text":"left arm"}]"#,
        ] {
            assert!(specimen.contains(part), "{part}: {specimen}");
        }
        assert!(only(&resources, "DiagnosticReport").contains(r#""specimen":[{"reference""#));
        let (with_spm, _) = orders(&[obr, "SPM|1|^S1&LAB||SER"]);
        assert!(only(&with_spm, "Specimen").contains(r#""code":"SER""#));
        let (time_only, _) = orders(&["OBR|1||F1^LAB|100^Panel^L|||20240305"]);
        assert!(time_only.iter().all(|(kind, _)| *kind != "Specimen"));
    }
}
