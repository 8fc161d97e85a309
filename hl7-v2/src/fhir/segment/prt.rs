//! PRT, a participation: who or what takes part in what the segment before it says.
//!
//! | behind | participation (PRT-4) | what becomes of it |
//! |---|---|---|
//! | PID, PD1 | `PP` | a general practitioner of the patient |
//! | | of a care team | a member of the patient's care team |
//! | | another | a related person |
//! | PV1, PV2 | any | a participant of the visit |
//! | ORC, OBR | `OP` | who asks for it |
//! | OBR | `ARI`, `TN`, `TR` / `PRI` / `SC` | performs the report / interprets it / collects the specimen |
//! | OBX | any | a performer (PRT-5), a device (PRT-10), a place (PRT-9, PRT-14) |
//! | the ORC of a vaccination | `OP`, `AP` | a performer of the vaccination |
//!
//! PRT-2 `D` takes the participation back: the role is no longer `active`, and nothing refers to it.

use crate::fhir::code::{PARTICIPANT_ORGANIZATION_UNIT_TYPE, PARTICIPATION};
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::{
    CWE_CODEABLE_CONCEPT, CWE_CODED, DTM_DATE_TIME, EI_DEVICE_UDI_CARRIER, PL_LOCATION, ST_STRING,
    XCN_PRACTITIONER, cwe, cx, dtm, hd, xad, xcn, xon, xtn,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `PRT[PractitionerRole]`
pub(crate) static PRT_PRACTITIONER_ROLE: Table = Table::new(
    "PRT[PractitionerRole]",
    "PRT",
    "PractitionerRole",
    &[
        row(4, "code", CWE_CODED.of(&PARTICIPATION)),
        row(5, "practitioner", Via::Own(&PERSON)).and(&[14]),
        row(6, "specialty", CWE_CODEABLE_CONCEPT),
        row(7, "organization", Via::Own(&ORGANIZATION)).when("PRT-8 is not valued", |s| !s.valued(8)),
        row(8, "organization", Via::Own(&ORGANIZATION)).and(&[7]),
        row(9, "location", PL_LOCATION),
        row(11, "period.start", DTM_DATE_TIME),
        row(12, "period.end", DTM_DATE_TIME),
        row(15, "telecom", Via::Own(&TELECOM)).and(&[23]),
        row(23, "telecom", Via::Own(&PREFERRED)),
        row(24, "identifier", Via::Own(&LICENCE)),
    ],
);

/// `PRT[Patient-GeneralPractitioner-PractitionerRole]`: the same role, of the patient.
pub(crate) static PRT_GENERAL_PRACTITIONER_ROLE: Table = Table::new(
    "PRT[Patient-GeneralPractitioner-PractitionerRole]",
    "PRT",
    "PractitionerRole",
    PRT_PRACTITIONER_ROLE.rows,
);

/// `PRT[Patient-GeneralPractitioner-Practitioner]`
pub(crate) static PRT_GENERAL_PRACTITIONER: Table = Table::new(
    "PRT[Patient-GeneralPractitioner-Practitioner]",
    "PRT",
    "Patient",
    &[row(5, "generalPractitioner", XCN_PRACTITIONER)],
);

/// `PRT[RelatedPerson]`
pub(crate) static PRT_RELATED_PERSON: Table = Table::new(
    "PRT[RelatedPerson]",
    "PRT",
    "RelatedPerson",
    &[
        row(4, "relationship", CWE_CODED.of(&PARTICIPATION)),
        row(11, "period.start", DTM_DATE_TIME),
        row(12, "period.end", DTM_DATE_TIME),
        row(14, "address", crate::fhir::datatype::XAD_ADDRESS),
        row(15, "telecom", Via::Own(&TELECOM)).and(&[23]),
        row(23, "telecom", Via::Own(&PREFERRED)),
        row(24, "identifier", Via::Own(&LICENCE)),
    ],
);

/// `PRT[CareTeam]`
pub(crate) static PRT_CARE_TEAM: Table = Table::new(
    "PRT[CareTeam]",
    "PRT",
    "CareTeam.participant",
    &[
        row(4, "role", CWE_CODED.of(&PARTICIPATION)),
        row(5, "member", Via::Own(&MEMBER)).and(&[6, 14, 15]),
        row(8, "member", Via::Own(&MEMBER_ORGANIZATION))
            .and(&[14, 15])
            .when("PRT-5 is not valued", |s| !s.valued(5)),
        row(8, "onBehalfOf", Via::Own(&ON_BEHALF_OF)).and(&[14, 15]).when("PRT-5 is valued", |s| s.valued(5)),
        row(11, "period.start", DTM_DATE_TIME),
        row(12, "period.end", DTM_DATE_TIME),
    ],
);

/// `PRT[Device]`
pub(crate) static PRT_DEVICE: Table = Table::new(
    "PRT[Device]",
    "PRT",
    "Device",
    &[
        row(10, "identifier", crate::fhir::datatype::EI_IDENTIFIER_EXTENSION),
        row(16, "udiCarrier", EI_DEVICE_UDI_CARRIER),
        row(17, "manufactureDate", DTM_DATE_TIME),
        row(18, "expirationDate", DTM_DATE_TIME),
        row(19, "lotNumber", ST_STRING),
        row(20, "serialNumber", ST_STRING),
        row(21, "distinctIdentifier", ST_STRING),
        row(22, "type", CWE_CODEABLE_CONCEPT),
    ],
);

/// `PRT[Observation-Location]`
pub(crate) static PRT_OBSERVATION_LOCATION: Table = Table::new(
    "PRT[Observation-Location]",
    "PRT",
    "Observation",
    &[
        row(9, "extension(event-location)", PL_LOCATION),
        row(14, "extension(event-location)", Via::Own(&PLACE_BY_ADDRESS))
            .when("PRT-9 is not valued", |s| !s.valued(9)),
    ],
);

/// Rows of the guide that are left out.
pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left(
        "PRT[CareTeam] PRT-11 participant.coveragePeriod.start",
        "R4 calls it `participant.period`: mapped there",
    ),
    left(
        "PRT[CareTeam] PRT-12 participant.coveragePeriod.end",
        "R4 calls it `participant.period`: mapped there",
    ),
    left("PRT[Device] PRT-10 udiCarrier[1]", "PRT-10 does not say that it is a UDI; PRT-16 does"),
    left(
        "PRT[Patient-GeneralPractitioner-PractitionerRole] PRT-5 generalPractitioner(PractitionerRole)",
        ITSELF,
    ),
    left(
        "PRT[Patient-GeneralPractitioner-PractitionerRole] PRT-14 generalPractitioner(PractitionerRole.Practitioner(Practitioner.address))",
        "misspelt there: PRT-5 takes the address to the practitioner",
    ),
    left("PRT[RelatedPerson] PRT-5 $this", ITSELF),
    left(
        "PRT[Patient-GeneralPractitioner-PractitionerRole] PRT-2 Operation",
        "the action is that of PRT-2 `D`, for every participation",
    ),
];

const ITSELF: &str = "the person itself, whom the other rows are about";

static PERSON: Own = Own {
    name: "XCN[Practitioner]",
    apply: |role, node, c| {
        let said = of_person(node.seg(), false, c);
        put_reference(role, "practitioner", xcn::practitioner(node, said, c), c)
    },
};

/// PRT-8, with the type of PRT-7; or the type alone.
static ORGANIZATION: Own = Own {
    name: "XON[Organization]",
    apply: |role, node, c| {
        let mut said = c.draft();
        let unit = node.seg().values(7).next();
        if let Some(unit) =
            unit.and_then(|unit| cwe::concept_by(&unit, &PARTICIPANT_ORGANIZATION_UNIT_TYPE, c))
        {
            said.body.push(c.arena, "type", unit);
        }
        let named = node.seg().values(8).next();
        let organization = match named {
            Some(named) => xon::described(&named, said, c),
            // A kind of unit that has no name is known by its sender and kind.
            None => {
                let kind = node.text().unwrap_or_default();
                let system = c.system([None; 3]);
                Some(c.add("Organization", said, Key::Derived(&[system, kind]), node.at()))
            }
        };
        put_reference(role, "organization", organization, c)
    },
};

/// `XTN[ContactPoint]`; PRT-23 tells which kind is preferred.
static TELECOM: Own = Own {
    name: "XTN[ContactPoint]",
    apply: |person, node, c| {
        let Some(mut point) = xtn::point(node, None, c) else { return Ok(()) };
        let preferred = node.seg().text(23).and_then(preferred_system);
        if preferred.is_some() && point.str("system") == preferred {
            extend(&mut point, "iso21090-preferred", "valueBoolean", true, c.arena);
        }
        person.push(c.arena, "telecom", point);
        Ok(())
    },
};

/// PRT-23 is read beside PRT-15; alone it says nothing of anybody.
static PREFERRED: Own = Own { name: "CWE[CodeableConcept]", apply: |_, _, _| Ok(()) };

/// `PLN[Identifier]`
static LICENCE: Own = Own {
    name: "PLN[Identifier]",
    apply: |role, node, c| {
        if let Some(number) = licence(node, c) {
            role.push(c.arena, "identifier", number);
        }
        Ok(())
    },
};

/// PRT-5: a practitioner, in a role where PRT-6 gives the kind of provider.
static MEMBER: Own = Own {
    name: "XCN[Practitioner]",
    apply: |participant, node, c| {
        let seg = *node.seg();
        let said = of_person(&seg, true, c);
        let person = xcn::practitioner(node, said, c);
        let member = match (person, seg.values(6).next()) {
            (Some(person), Some(kind)) => {
                let mut role = c.draft();
                if let Some(kind) = cwe::concept(&kind, c) {
                    role.body.push(c.arena, "specialty", kind);
                }
                Some(xcn::role_of(person, role, node, c))
            }
            (person, _) => person,
        };
        put_reference(participant, "member", member, c)
    },
};

static MEMBER_ORGANIZATION: Own = Own {
    name: "XON[Organization]",
    apply: |participant, node, c| {
        let said = of_person(node.seg(), true, c);
        put_reference(participant, "member", xon::described(node, said, c), c)
    },
};

static ON_BEHALF_OF: Own = Own {
    name: "XON[Organization]",
    apply: |participant, node, c| {
        let said = c.draft();
        put_reference(participant, "onBehalfOf", xon::described(node, said, c), c)
    },
};

/// PRT-14 where there is no PRT-9: a place that has nothing but an address.
static PLACE_BY_ADDRESS: Own = Own {
    name: "XAD[Address]",
    apply: |observation, node, c| {
        let Some(address) = xad::address(node, c) else { return Ok(()) };
        let mut place = c.draft();
        place.body.set("address", address);
        let whole = node.whole().unwrap_or_default();
        let system = c.system([None; 3]);
        let anchor = c.add("Location", place, Key::Derived(&[system, whole]), node.at());
        let reference = anchor.reference(c.arena);
        extend(observation, "event-location", "valueReference", reference, c.arena);
        Ok(())
    },
};

/// A general practitioner, a member of the care team, or somebody else around the patient at hand.
pub(crate) fn of_patient<'a>(seg: &Seg<'a>, c: &mut Context<'a>) {
    let (Some(patient), true) = (c.patient, seg.is("PRT")) else { return };
    match role_code(seg) {
        Some("PP") => general_practitioner(seg, patient, c),
        Some(code) if is_of_care_team(code) => care_team(seg, patient, c),
        _ => related_person(seg, c),
    }
}

/// A participant of a visit.
pub(crate) fn of_encounter<'a>(seg: &Seg<'a>, visit: Anchor<'a>, c: &mut Context<'a>) {
    let Some(role) = active_role(seg, c) else { return };
    let reference = role.reference(c.arena);
    let participant = Draft::new(c.object().with("individual", reference));
    c.append(visit, "participant", participant);
}

/// Who asks for an order.
pub(crate) fn of_request<'a>(seg: &Seg<'a>, request: Anchor<'a>, c: &mut Context<'a>) {
    if role_code(seg) != Some("OP") {
        return;
    }
    let Some(role) = active_role(seg, c) else { return };
    let reference = role.reference(c.arena);
    // A participation says more of the one who asks than ORC-12 and OBR-16, which it replaces.
    c.edit(request, |request| request.set("requester", reference));
}

/// Who performs or interprets a report, and who collected its specimen.
pub(crate) fn of_report<'a>(
    seg: &Seg<'a>,
    report: Anchor<'a>,
    specimen: Option<Anchor<'a>>,
    c: &mut Context<'a>,
) {
    let member = match role_code(seg) {
        Some("ARI" | "TN" | "TR") => "performer",
        Some("PRI") => "resultsInterpreter",
        Some("SC") => return collector(seg, specimen, c),
        _ => return,
    };
    if let Some(role) = active_role(seg, c) {
        c.refer(report, member, role);
    }
}

/// Who collected a specimen.
fn collector<'a>(seg: &Seg<'a>, specimen: Option<Anchor<'a>>, c: &mut Context<'a>) {
    let Some((specimen, role)) = specimen.zip(active_role(seg, c)) else { return };
    let (reference, empty) = (role.reference(c.arena), c.object());
    c.edit(specimen, |specimen| {
        if !specimen.has("collection") {
            specimen.set("collection", empty);
        }
        if let Some(collection) = specimen.get_mut("collection").and_then(Val::as_object_mut) {
            collection.set("collector", reference);
        }
    });
}

/// The performer, the device and the place of an observation.
pub(crate) fn of_observation<'a>(seg: &Seg<'a>, observation: Anchor<'a>, c: &mut Context<'a>) {
    if !seg.is("PRT") {
        return;
    }
    if seg.valued(10) || seg.valued(16) {
        device(seg, observation, c);
    }
    if !seg.valued(5) {
        c.apply_to(observation, &PRT_OBSERVATION_LOCATION, seg);
    } else if let Some(role) = active_role(seg, c) {
        c.refer(observation, "performer", role);
    }
}

/// Who ordered or gave a vaccination.
pub(crate) fn of_immunization<'a>(seg: &Seg<'a>, immunization: Anchor<'a>, c: &mut Context<'a>) {
    let Some(function) = role_code(seg).filter(|code| matches!(*code, "OP" | "AP")) else { return };
    let Some(role) = active_role(seg, c) else { return };
    let coding =
        c.object().with("system", "http://terminology.hl7.org/CodeSystem/v2-0443").with("code", function);
    let function = c.object().with("coding", c.arena.only(coding));
    let performer = c.object().with("function", function).with("actor", role.reference(c.arena));
    c.append(immunization, "performer", Draft::new(performer));
}

/// The first component of PRT-4, when it is of the table of participations or says no table.
fn role_code<'a>(seg: &Seg<'a>) -> Option<&'a str> {
    let role = seg.values(4).next().filter(|_| seg.is("PRT"))?;
    role.get(1).filter(|_| role.get(3).is_none_or(|table| table.eq_ignore_ascii_case("HL70443")))
}

/// The roles that the guide puts into a care team.
fn is_of_care_team(code: &str) -> bool {
    matches!(
        code,
        "AD" | "AP" | "ARI" | "AT" | "CP" | "FHCP" | "OP" | "PH" | "PRI" | "RP" | "RT" | "VP" | "PO"
    )
}

/// The role of a person, unless the participation is taken back.
fn active_role<'a>(seg: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let role = role_by(&PRT_PRACTITIONER_ROLE, seg, c)?;
    (!is_taken_back(seg)).then_some(role)
}

fn role_by<'a>(table: &'static Table, seg: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    if !seg.is("PRT") || !(seg.valued(5) || seg.valued(8)) {
        return None;
    }
    let mut draft = c.draft();
    table.apply(&mut draft, seg, c);
    c.mark_read(seg, 2);
    if is_taken_back(seg) {
        draft.body.set("active", false);
    }
    let reference = |member: &str| {
        let target = draft.body.get(member).and_then(Val::as_object);
        target.and_then(|target| target.str("reference")).unwrap_or_default()
    };
    let parts = [reference("practitioner"), role_code(seg).unwrap_or_default(), reference("organization")];
    Some(c.add("PractitionerRole", draft, Key::Derived(&parts), seg.at()))
}

fn is_taken_back(seg: &Seg<'_>) -> bool {
    matches!(seg.text(2), Some("D" | "UN"))
}

/// A person alone is a practitioner; with more than that, a role.
fn general_practitioner<'a>(seg: &Seg<'a>, patient: Anchor<'a>, c: &mut Context<'a>) {
    let in_role = [6, 7, 8, 9, 11, 12, 15, 24].iter().any(|&field| seg.valued(field)) || !seg.valued(5);
    if !in_role && !is_taken_back(seg) {
        c.mark_read(seg, 2);
        c.mark_read(seg, 4);
        return c.apply_to(patient, &PRT_GENERAL_PRACTITIONER, seg);
    }
    let role = role_by(&PRT_GENERAL_PRACTITIONER_ROLE, seg, c);
    if let Some(role) = role.filter(|_| !is_taken_back(seg)) {
        c.refer(patient, "generalPractitioner", role);
    }
}

/// The care team of a patient: one for all participations.
fn care_team<'a>(seg: &Seg<'a>, patient: Anchor<'a>, c: &mut Context<'a>) {
    let mut participant = c.draft();
    PRT_CARE_TEAM.apply(&mut participant, seg, c);
    c.mark_read(seg, 2);
    if is_taken_back(seg) || !participant.body.has("member") {
        return;
    }
    let mut team = c.draft();
    team.body.put("subject", c.subject());
    let team = c.add("CareTeam", team, Key::Derived(&[patient.identity, "care team"]), seg.at());
    c.append(team, "participant", participant);
}

fn related_person<'a>(seg: &Seg<'a>, c: &mut Context<'a>) {
    let Some(node) = seg.values(5).next() else { return };
    let mut draft = c.draft();
    PRT_RELATED_PERSON.apply(&mut draft, seg, c);
    c.mark_read(seg, 2);
    c.mark_read(seg, 5);
    if is_taken_back(seg) {
        draft.body.set("active", false);
    }
    xcn::related_person(&node, draft, c);
}

fn device<'a>(seg: &Seg<'a>, observation: Anchor<'a>, c: &mut Context<'a>) {
    let mut draft = c.draft();
    PRT_DEVICE.apply(&mut draft, seg, c);
    let udi = seg.text(16).unwrap_or_default();
    let serial = seg.text(20).unwrap_or_default();
    let device = c.add("Device", draft, Key::OwnOr(&[c.system([None; 3]), udi, serial]), seg.at());
    if is_taken_back(seg) {
        return c.edit(device, |device| device.set("status", "inactive"));
    }
    let reference = device.reference(c.arena);
    let mut is_second = false;
    c.edit(observation, |observation| match observation.get("device") {
        Some(known) => is_second = *known != reference,
        None => observation.set("device", reference),
    });
    if is_second {
        c.report_at(seg.at(), Reason::OnlyOneFits);
    }
}

/// What other fields of the segment say of its person: PRT-14, and PRT-15 where the role does not take it.
fn of_person<'a>(seg: &Seg<'a>, with_telecom: bool, c: &mut Context<'a>) -> Draft<'a> {
    let mut said = c.draft();
    for node in seg.values(14) {
        if let Some(address) = xad::address(&node, c) {
            said.body.push(c.arena, "address", address);
        }
    }
    for node in seg.values(15).filter(|_| with_telecom) {
        if let Some(point) = xtn::point(&node, None, c) {
            said.body.push(c.arena, "telecom", point);
        }
    }
    said
}

/// `PLN[Identifier]`: a number of a kind, assigned by a state or an authority.
fn licence<'a>(pln: &Node<'a>, c: &mut Context<'a>) -> Option<Object<'a>> {
    let value = pln.get(1)?;
    let mut number = c.object();
    number.put("type", pln.get(2).map(|code| cx::type_of(code, c)));
    number.set("system", hd::system_of([pln.get(3), None, None], "licence", c));
    number.set("value", value);
    let end = pln.part(4).and_then(|end| dtm::date_time(&end, c).ok()?);
    number.put("period", end.map(|end| c.object().with("end", end)));
    Some(number)
}

fn put_reference<'a>(
    object: &mut Object<'a>,
    member: &'static str,
    to: Option<Anchor<'a>>,
    c: &Context<'a>,
) -> Outcome {
    match to {
        Some(_) if object.has(member) => Err(Reason::OnlyOneFits),
        Some(to) => {
            object.set(member, to.reference(c.arena));
            Ok(())
        }
        None => Ok(()),
    }
}

/// `PreferredMethodOfContact`: the kind of contact point that PRT-23 means.
fn preferred_system(code: &str) -> Option<&'static str> {
    match code {
        "B" => Some("pager"),
        "C" | "H" | "O" => Some("phone"),
        "E" => Some("email"),
        "F" => Some("fax"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{mapped, of_type};

    #[test]
    fn who_follows_the_patient_is_of_the_patient() {
        let mapped = mapped(
            "ADT^A08",
            &[
                "PRT|1|A||PP^^HL70443|9^Good^Ann",
                "PRT|2|A||AT^^HL70443|8^Able^Bo^^^^^^GEN|||Ward^L",
                "PRT|3|A||X^^L|7^Cole^Cy",
            ],
        );
        let patient = of_type(&mapped, "Patient").concat();
        assert_eq!(patient.matches("generalPractitioner").count(), 1, "{patient}");
        let team = of_type(&mapped, "CareTeam").concat();
        assert!(team.contains("\"onBehalfOf\"") && team.contains("\"subject\""), "{team}");
        assert!(of_type(&mapped, "RelatedPerson").concat().contains("Cole"));
    }

    #[test]
    fn a_participation_that_is_taken_back_is_no_longer_active() {
        let mapped = mapped("ADT^A08", &["PRT|1|D||PP^^HL70443|9^Good^Ann"]);
        assert!(of_type(&mapped, "PractitionerRole").concat().contains(r#""active":false"#));
        assert!(!of_type(&mapped, "Patient").concat().contains("generalPractitioner"));
    }
}
