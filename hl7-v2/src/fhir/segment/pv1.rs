//! PV1: the visit.

use crate::fhir::code::{
    ADMISSION_TYPE, ADMIT_SOURCE, AMBULATORY_STATUS, BED_STATUS, DIET_TYPE, DISCHARGE_DISPOSITION,
    FINANCIAL_CLASS, HOSPITAL_SERVICE, PATIENT_CLASS_ENCOUNTER_CLASS, READMISSION_INDICATOR, VIP_INDICATOR,
};
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::{
    CWE_CODED, CWE_CODING, CWE_ORGANIZATION, CX_IDENTIFIER, CX_TYPED, DLD_LOCATION_DISCHARGE, DTM_DATE_TIME,
    PL_LOCATION, XCN_PRACTITIONER, cwe, pl,
};
use crate::fhir::entries::{Key, own};
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Outcome, Own, Table, TypeAs, Via, always, row};
use crate::fhir::segment::visit_status::{CLASS_STATUS, FINISHED, MSH_ENCOUNTER, settle_status};
use crate::fhir::segment::{LeftOut, left, pid, pv2};
use crate::fhir::target::{extend, unknown, unstated};
use crate::fhir::tree::{Object, Val};

/// `PV1[Encounter]`
pub(crate) static PV1_ENCOUNTER: Table = Table::new(
    "PV1[Encounter]",
    "PV1",
    "Encounter",
    &[
        row(2, "class", CWE_CODING.of(&PATIENT_CLASS_ENCOUNTER_CLASS)),
        row(2, "status", Via::Own(&CLASS_STATUS)).when("PV1-45 is not valued", |s| !s.valued(45)),
        row(3, "location", PLACE.of("active")).when("PV1-2 is not P", |s| s.text(2) != Some("P")),
        row(3, "location", PLACE.of("planned")).when("PV1-2 is P", |s| s.text(2) == Some("P")),
        row(4, "type", CWE_CODED.of(&ADMISSION_TYPE)),
        row(5, "hospitalization.preAdmissionIdentifier", CX_IDENTIFIER),
        row(6, "location", PRIOR_PLACE.of("completed")),
        row(7, "participant", PARTICIPANT.of("ATND")),
        row(8, "participant", PARTICIPANT.of("REF")),
        row(9, "participant", PARTICIPANT.of("CON")),
        row(10, "serviceType", CWE_CODED.of(&HOSPITAL_SERVICE)),
        row(11, "location", TEMPORARY_PLACE),
        row(13, "hospitalization.reAdmission", CWE_CODED.of(&READMISSION_INDICATOR)),
        row(14, "hospitalization.admitSource", CWE_CODED.of(&ADMIT_SOURCE)),
        row(15, "hospitalization.specialArrangement", CWE_CODED.of(&AMBULATORY_STATUS)),
        row(16, "hospitalization.specialCourtesy", CWE_CODED.of(&VIP_INDICATOR)),
        row(17, "participant", PARTICIPANT.of("ADM")),
        row(19, "identifier", CX_TYPED.of("VN")),
        row(36, "hospitalization.dischargeDisposition", CWE_CODED.of(&DISCHARGE_DISPOSITION)),
        row(37, "hospitalization.destination(Location)", DLD_LOCATION_DISCHARGE),
        row(38, "hospitalization.dietPreference", CWE_CODED.of(&DIET_TYPE)),
        // The guide has no row for the facility of the visit; this is what it is.
        row(39, "serviceProvider(Organization)", CWE_ORGANIZATION),
        row(40, "location.location(Location)", Via::Own(&BED))
            .and(&[3])
            .when("PV1-3.2 or PV1-3.3 is valued", |s| {
                [2, 3].iter().any(|&part| s.component(3, part).is_some())
            }),
        row(42, "location", PLACE.of("reserved")),
        row(44, "period.start", DTM_DATE_TIME),
        row(45, "period.end", DTM_DATE_TIME),
        row(45, "status", Via::Own(&FINISHED)),
        row(50, "identifier", CX_IDENTIFIER),
        row(52, "participant", PARTICIPANT.of("PART")),
        row(53, "episodeOfCare(EpisodeOfCare)", EPISODE).when("PV1-54 is not valued", |s| !s.valued(54)),
        row(54, "episodeOfCare(EpisodeOfCare)", EPISODE).and(&[53]),
    ],
);

/// `PV1[Patient]`. The guide leaves to the reader whether the person is meant, or this visit: the field describes the
/// patient, and is in the visit too.
pub(crate) static PV1_PATIENT: Table = Table::new(
    "PV1[Patient]",
    "PV1",
    "Patient",
    &[row(16, "extension(patient-importance)", CWE_CODED.of(&VIP_INDICATOR))],
);

/// `PV1[Coverage]`
pub(crate) static PV1_COVERAGE: Table =
    Table::new("PV1[Coverage]", "PV1", "Coverage", &[row(20, "type", FINANCIAL)]);

/// `PV1[Basic-EncounterHistory]`. The guide gives one extension a value and extensions, which FHIR forbids, and a
/// status that a history of R5 does not have: here the place and its kind are parts of `EncounterHistory.location`.
pub(crate) static PV1_HISTORY: Table = Table::new(
    "PV1[Basic-EncounterHistory]",
    "PV1",
    "Basic",
    &[
        always("code", Via::FixedConcept("http://hl7.org/fhir/fhir-types", "EncounterHistory")),
        row(
            43,
            "extension(http://hl7.org/fhir/5.0/StructureDefinition/extension-EncounterHistory.location)",
            Via::Own(&HISTORY),
        ),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left(
        "PV1[Encounter] PV1-45 status=\"finished\"",
        "the guide writes the value into the name: the row of PV1-45 for `status` has it",
    ),
    left("PV1[Basic-EncounterHistory] PV1-11 location[3].extension.url", BASIC_HAS_NO_LOCATION),
    left(
        "PV1[Basic-EncounterHistory] PV1-11 location[3].extension.valueCodeableConcept.coding.code",
        BASIC_HAS_NO_LOCATION,
    ),
    left(
        "PV1[Basic-EncounterHistory] PV1-11 location[3].extension.valueCodeableConcept.coding.system",
        BASIC_HAS_NO_LOCATION,
    ),
];

const BASIC_HAS_NO_LOCATION: &str =
    "a Basic has no location: the one of the Encounter says that it is temporary";

/// The visit of PV1 and PV2, which is then the one that the segments behind them are about.
pub(crate) fn encounter<'a>(pv1: &Seg<'a>, pv2: Option<&Seg<'a>>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    c.episode = None;
    let mut draft = c.draft();
    draft.body.put("subject", c.subject());
    if let Some(msh) = c.header {
        MSH_ENCOUNTER.apply(&mut draft, &msh, c);
    }
    PV1_ENCOUNTER.apply(&mut draft, pv1, c);
    if let Some(pv2) = pv2 {
        pv2::PV2_ENCOUNTER.apply(&mut draft, pv2, c);
    }
    complete(&mut draft, pv1, c);
    let class = draft.body.get("class").and_then(Val::as_object).and_then(|class| class.str("code"));
    let start = draft.body.get("period").and_then(Val::as_object).and_then(|period| period.str("start"));
    // Without a visit number a visit is known by its patient and its start; without a start, by its message.
    let lasting = match (own(&draft.body), start) {
        (Some(_), start) => start.unwrap_or_default(),
        (None, Some(start)) => start,
        (None, None) => c.bound_to_message(pv1),
    };
    let key = Key::OwnOr(&[c.patient_part(), class.unwrap_or_default(), lasting]);
    let anchor = c.add("Encounter", draft, key, pv1.at());
    c.encounter = Some(anchor);
    if let Some(patient) = c.patient {
        pid::complete(patient, &PV1_PATIENT, pv1, c);
    }
    history(pv1, c);
    Some(anchor)
}

/// What FHIR demands of a visit, and the account that it is charged to.
fn complete<'a>(draft: &mut Draft<'a>, pv1: &Seg<'a>, c: &mut Context<'a>) {
    settle_status(draft, pv1, c);
    if !draft.body.has("class") {
        c.report_at(pv1.at(), Reason::Unstated("Encounter.class"));
        draft.body.set("class", unknown(c.arena));
    }
    draft.body.put("account", c.account.map(|account| c.arena.only(account.reference(c.arena))));
}

/// The financial class of PV1-20 as a coverage. A message with insurances has it in the first of them, as the guide does.
pub(crate) fn coverage<'a>(
    pv1: &Seg<'a>,
    insurance: Option<Anchor<'a>>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let patient = c.patient.filter(|_| pv1.valued(20))?;
    if let Some(insurance) = insurance {
        c.apply_to(insurance, &PV1_COVERAGE, pv1);
        return Some(insurance);
    }
    let mut draft = c.draft();
    PV1_COVERAGE.apply(&mut draft, pv1, c);
    if !draft.body.has("type") {
        return None;
    }
    unstated(&mut draft.body, "_status", c.arena);
    draft.body.set("beneficiary", patient.reference(c.arena));
    draft.body.set("payor", c.arena.only(unknown(c.arena)));
    for element in ["Coverage.status", "Coverage.payor"] {
        c.report_at(pv1.at(), Reason::Unstated(element));
    }
    let key = Key::Derived(&[patient.identity, "financial class", pv1.text(20).unwrap_or_default()]);
    Some(c.add("Coverage", draft, key, pv1.at()))
}

/// The prior temporary location of PV1-43, which has no place in an Encounter.
fn history<'a>(pv1: &Seg<'a>, c: &mut Context<'a>) {
    let mut draft = c.draft();
    PV1_HISTORY.apply(&mut draft, pv1, c);
    if draft.body.items("extension").is_empty() {
        return;
    }
    draft.body.put("subject", c.subject());
    if let Some(visit) = c.visit() {
        let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-EncounterHistory.encounter";
        extend(&mut draft.body, url, "valueReference", visit, c.arena);
    }
    let place = pv1.node(43).and_then(|place| place.whole()).unwrap_or_default();
    c.add("Basic", draft, Key::Derived(&[c.patient_part(), c.encounter_part(), place]), pv1.at());
}

static BED: Own = Own { name: "IS[Coding]", apply: bed };
static HISTORY: Own = Own { name: "PL[Location]", apply: prior_temporary };

/// A place of the visit, with its status.
static PLACE: TypeAs = TypeAs {
    name: "PL[Location]",
    fhir: "Encounter.location",
    read: |n, status, c| Ok(place(n, status, c)?.map(Val::Object)),
};

/// The place before: when a transfer is taken back, the patient has never been there.
static PRIOR_PLACE: TypeAs = TypeAs {
    name: "PL[Location]",
    fhir: "Encounter.location",
    read: |n, status, c| if c.event == "A12" { Ok(None) } else { Ok(place(n, status, c)?.map(Val::Object)) },
};

const TEMPORARY_PLACE: Via = Via::Type(&Datatype {
    name: "PL[Location]",
    fhir: "Encounter.location",
    read: |n, c| {
        let Some(mut place) = place(n, "active", c)? else { return Ok(None) };
        extend(&mut place, "subject-locationClassification", "valueCodeableConcept", temporary(c), c.arena);
        Ok(Some(place.into()))
    },
});

/// Somebody who takes part in the visit, with their role.
pub(crate) static PARTICIPANT: TypeAs =
    TypeAs { name: "XCN[Practitioner]", fhir: "Encounter.participant", read: participant };

/// FC: the first component is the class; the second says since when.
const FINANCIAL: Via = Via::Type(&Datatype {
    name: "CWE[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |fc, c| fc.valued_part(1).map_or(Ok(None), |class| CWE_CODED.of(&FINANCIAL_CLASS).read(&class, c)),
});

const EPISODE: Via =
    Via::Type(&Datatype { name: "CX[Identifier]", fhir: "Reference(EpisodeOfCare)", read: episode });

pub(crate) fn place<'a>(
    node: &Node<'a>,
    status: &'static str,
    c: &mut Context<'a>,
) -> Result<Option<Object<'a>>, Reason> {
    let Some(place) = PL_LOCATION.read(node, c)? else { return Ok(None) };
    Ok(Some(c.object().with("location", place).with("status", status)))
}

/// The guide takes the address of a value set for the system.
fn temporary<'a>(c: &Context<'a>) -> Object<'a> {
    let coding = c
        .object()
        .with("system", "http://hl7.org/fhir/subject-locationClassification")
        .with("code", "temporary");
    c.object().with("coding", c.arena.only(coding))
}

fn participant<'a>(
    node: &Node<'a>,
    code: &'static str,
    c: &mut Context<'a>,
) -> Result<Option<Val<'a>>, Reason> {
    let Some(individual) = XCN_PRACTITIONER.read(node, c)? else { return Ok(None) };
    let words = match code {
        "ATND" => "attender",
        "REF" => "referrer",
        "CON" => "consultant",
        "ADM" => "admitter",
        _ => "Participation",
    };
    let system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    let mut coding = c.object().with("system", system).with("code", code);
    // The guide has the words of PV1-7 at the code, and those of the others as the text.
    let is_display = code == "ATND";
    coding.put("display", is_display.then_some(words));
    let mut role = c.object().with("coding", c.arena.only(coding));
    role.put("text", (!is_display).then_some(words));
    Ok(Some(c.object().with("type", c.arena.only(role)).with("individual", individual).into()))
}

/// PV1-40 is the state of the bed or room of PV1-3.
fn bed<'a>(_: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(code) = node.text() else { return Ok(()) };
    let concept = (BED_STATUS.find)(code).ok_or(Reason::UnknownCode(BED_STATUS.table))?;
    let Some(place) = node.seg().node(3).and_then(|place| pl::place(&place, None, c)) else { return Ok(()) };
    let coding = cwe::coding(concept, c);
    c.edit(place, |place| place.set("operationalStatus", coding));
    Ok(())
}

fn prior_temporary<'a>(basic: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    const URL: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-EncounterHistory.location";
    let Some(place) = PL_LOCATION.read(node, c)? else { return Ok(()) };
    let mut parts = c.object();
    extend(&mut parts, "subject-locationClassification", "valueCodeableConcept", temporary(c), c.arena);
    parts.push(c.arena, "extension", c.object().with("url", "location").with("valueReference", place));
    let parts = parts.remove("extension").unwrap_or(Val::List(c.arena.list()));
    extend(basic, URL, "extension", parts, c.arena);
    Ok(())
}

/// The episode that PV1-54 numbers and PV1-53 describes.
fn episode<'a>(node: &Node<'a>, c: &mut Context<'a>) -> Result<Option<Val<'a>>, Reason> {
    let Some(patient) = c.patient else { return Ok(None) };
    let pv1 = *node.seg();
    let mut draft = c.draft();
    if let Some(number) = pv1.node(54) {
        draft.body.put("identifier", CX_IDENTIFIER.read(&number, c)?.map(|number| c.arena.only(number)));
    }
    let description = pv1.node(53).and_then(|text| text.whole());
    if let Some(text) = description {
        extend(&mut draft.body, "resource-instance-description", "valueString", text, c.arena);
    }
    if draft.body.is_empty() {
        return Ok(None);
    }
    unstated(&mut draft.body, "_status", c.arena);
    c.report(node, Reason::Unstated("EpisodeOfCare.status"));
    draft.body.set("patient", patient.reference(c.arena));
    let key = Key::OwnOr(&[patient.identity, description.unwrap_or_default()]);
    let anchor = c.add("EpisodeOfCare", draft, key, node.at());
    c.episode = Some(anchor);
    Ok(Some(anchor.reference(c.arena)))
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person, reported};

    fn visit(event: &str, pv1: &str) -> String {
        of_type(&person(event, &[pv1]), "Encounter").concat()
    }

    /// A PV1 with this text in a field.
    fn with(field: usize, text: &str) -> String {
        format!("PV1|1|I{}{text}", "|".repeat(field - 2))
    }

    #[test]
    fn a_class_that_is_not_said_is_said_to_be_unknown() {
        let mapped = person("ADT^A01", &["PV1|1||ICU"]);
        let encounter = of_type(&mapped, "Encounter").concat();
        assert!(encounter.contains(r#""class":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}"#), "{encounter}");
        assert!(
            reported(&mapped)
                .contains(&"PV1[1]: no value for `Encounter.class`: stated as unknown".to_owned())
        );
    }

    #[test]
    fn a_class_outside_the_table_is_kept_as_it_came() {
        let mapped = person("ADT^A01", &["PV1|1|Q^Quick"]);
        let encounter = of_type(&mapped, "Encounter").concat();
        assert!(encounter.contains(r#"v2-0004","code":"Q","display":"Quick"}"#), "{encounter}");
        assert!(reported(&mapped).iter().any(|issue| issue.contains("table 0004")));
    }

    #[test]
    fn a_visit_does_not_end_before_it_starts() {
        let mapped = person("ADT^A03", &[&with(44, "20240305|20240301")]);
        assert!(of_type(&mapped, "Encounter").concat().contains(r#""period":{"start":"2024-03-05"}"#));
        assert!(
            reported(&mapped)
                .contains(&"PV1[1]-45[1]: ends before it starts: the end was left out".to_owned())
        );
    }

    #[test]
    fn places_have_their_status() {
        let status = |pv1: &str| visit("ADT^A02", pv1);
        assert!(status("PV1|1|I|ICU^1^2").contains(r#""status":"active""#));
        assert!(status("PV1|1|P|ICU^1^2").contains(r#"},"status":"planned"}]"#));
        let moved = status("PV1|1|I|ICU|||ER");
        assert!(moved.contains(r#""status":"completed""#), "{moved}");
        assert!(!visit("ADT^A12", "PV1|1|I|ER|||ICU").contains("completed"), "nobody has moved");
        let temporary = status(&with(11, "XRAY"));
        assert!(temporary.contains("subject-locationClassification"), "{temporary}");
    }

    #[test]
    fn those_who_take_part_have_a_role() {
        let text = visit("ADT^A01", "PV1|1|I|||||1^House|2^Wilson|3^Cuddy||||||||4^Foreman");
        for code in ["ATND", "REF", "CON", "ADM"] {
            assert!(text.contains(&format!(r#""code":"{code}""#)), "{text}");
        }
    }

    #[test]
    fn a_visit_without_a_number_is_not_taken_for_another() {
        let bound = |pv1: &str| {
            reported(&person("ADT^A01", &[pv1])).iter().any(|issue| issue.contains("bound to this message"))
        };
        assert!(bound("PV1|1|I"));
        assert!(!bound(&with(44, "20240305")) && !bound(&with(19, "V1")));
    }

    #[test]
    fn the_bed_of_the_visit_has_a_state() {
        let mapped = person("ADT^A01", &[&format!("PV1|1|I|ICU^1^2{}K", "|".repeat(37))]);
        let beds: Vec<_> = of_type(&mapped, "Location")
            .into_iter()
            .filter(|place| place.contains("operationalStatus"))
            .collect();
        assert!(beds.len() == 1 && beds[0].contains(r#""code":"bd""#), "{beds:?}");
    }

    #[test]
    fn a_prior_temporary_place_is_history() {
        let mapped = person("ADT^A02", &[&with(43, "XRAY")]);
        let basic = of_type(&mapped, "Basic").concat();
        assert!(
            basic.contains(r#""code":"EncounterHistory""#) && basic.contains(r#""url":"location""#),
            "{basic}"
        );
        assert!(of_type(&person("ADT^A02", &["PV1|1|I"]), "Basic").is_empty());
    }

    #[test]
    fn an_episode_has_a_number_or_a_description() {
        let episode = |pv1: &str| of_type(&person("ADT^A01", &[pv1]), "EpisodeOfCare").concat();
        let both = episode(&with(53, "Knee|E5^^^GEN"));
        assert!(both.contains(r#""valueString":"Knee""#) && both.contains(r#""value":"E5""#), "{both}");
        assert!(episode(&with(53, "Knee")).contains(r#""system":"urn:carewire:derived""#));
        assert!(visit("ADT^A01", &with(54, "E5")).contains(r#""episodeOfCare":[{"reference""#));
    }

    #[test]
    fn a_financial_class_is_a_coverage_and_a_courtesy_is_of_the_patient_too() {
        let mapped = person("ADT^A01", &[&with(20, "SUBSIDIZ^20240101")]);
        let coverage = of_type(&mapped, "Coverage").concat();
        assert!(coverage.contains(r#""code":"SUBSIDIZ""#) && !coverage.contains("20240101"), "{coverage}");
        let mapped = person("ADT^A01", &[&with(16, "VIP")]);
        assert!(of_type(&mapped, "Patient").concat().contains("patient-importance"));
        assert!(of_type(&mapped, "Encounter").concat().contains("specialCourtesy"));
    }

    #[test]
    fn the_account_of_pid_is_charged() {
        let mapped = person("ADT^A01", &[&format!("PID|1||7^^^GEN^MR{}A1", "|".repeat(15)), "PV1|1|I"]);
        assert!(of_type(&mapped, "Encounter").concat().contains(r#""account":[{"reference""#));
    }
}
