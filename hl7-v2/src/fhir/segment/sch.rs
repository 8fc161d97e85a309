//! SCH and the resources of an appointment: AIS, AIG, AIL, AIP.

use carewire_fhir_core::Instant;
use carewire_fhir_core::resources::{
    Appointment, AppointmentParticipant, AppointmentStatus, Device, Location,
};
use carewire_fhir_core::types::{
    Annotation, CodeableConcept, Coding, Extension, ExtensionValue, Identifier, Period, PrimitiveExtension,
    Reference,
};

use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key, own_key};
use crate::fhir::datatype::cwe::{cwe, cwe_by, cwe_in, original_code};
use crate::fhir::datatype::ei::ei_of_type;
use crate::fhir::datatype::{cwe as codes, dtm, hd, nm, pl, unknown, xcn};
use crate::fhir::node::{Node, repetitions};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set};
use crate::fhir::table::{
    appointment_event, appointment_reason, appointment_status, coding_system, participation_status,
    seconds_in,
};

/// `SCH[Appointment]`
pub(crate) static SCH_APPOINTMENT: Table<Appointment> = Table {
    segment: "SCH",
    resource: "Appointment",
    rows: &[
        row(1, "identifier", "EI[Identifier] PLAC", |a, n, c| {
            push(&mut a.identifier, ei_of_type(n, "placer-appointment", "PLAC", c))
        }),
        row(2, "identifier", "EI[Identifier] FILL", |a, n, c| {
            push(&mut a.identifier, ei_of_type(n, "filler-appointment", "FILL", c))
        }),
        row(7, "reasonCode", "CWE[CodeableConcept] AppointmentReasonCodes", |a, n, c| {
            let known = n.get(1).is_some_and(|code| appointment_reason(&code).is_some());
            let coded = if known { cwe_by(n, "0276", appointment_reason, c) } else { cwe_in(n, "0276", c) };
            push(&mut a.reason_code, coded)
        }),
        row(8, "appointmentType", "CWE[CodeableConcept]", |a, n, c| {
            set(&mut a.appointment_type, cwe_in(n, "0277", c))
        }),
        row(9, "minutesDuration", "NM[positiveInt]", minutes).and(&[10]),
        row(11, "start, end", "TQ[Appointment]", |a, n, c| {
            let start = n.part(4).map_or(Ok(None), |start| dtm::instant(&start, c))?;
            let end = n.part(5).map_or(Ok(None), |end| dtm::instant(&end, c))?;
            a.start = a.start.take().or(start);
            a.end = a.end.take().or(end);
            Ok(())
        }),
        row(12, "participant(Practitioner)", "XCN[Practitioner]", |a, n, c| person(a, n, None, c)),
        row(16, "participant(Practitioner)", "XCN[Practitioner]", |a, n, c| person(a, n, None, c)),
        row(20, "participant(Practitioner)", "XCN[Practitioner] enterer", |a, n, c| {
            let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
            person(a, n, Some(Coding::new(system, "enterer")), c)
        }),
        row(25, "status", "CWE[code] FillerStatusCodes", |a, n, _| {
            codes::code_by((&mut a.status, &mut a.status_element), n, "0278", appointment_status)
        }),
    ],
};

/// `AIS[Appointment]`
pub(crate) static AIS_APPOINTMENT: Table<Appointment> = Table {
    segment: "AIS",
    resource: "Appointment",
    rows: &[
        row(3, "serviceType", "CWE[CodeableConcept]", |a, n, c| push(&mut a.service_type, cwe(n, c))),
        row(4, "start, end", "DTM[instant]", service_time).and(&[7, 8]),
        row(10, "status", "CWE[code] FillerStatusCodes", |a: &mut Appointment, n, _| {
            let status = codes::code(n).as_deref().and_then(appointment_status);
            a.status = a.status.take().or(status);
            Ok(())
        }),
    ],
};

/// `AIG[Appointment]`
pub(crate) static AIG_PARTICIPANT: Table<AppointmentParticipant> = Table {
    segment: "AIG",
    resource: "Appointment",
    rows: &[
        row(3, "participant.actor(Device)", "CWE[Identifier]", general_resource),
        row(4, "participant.type", "CWE[CodeableConcept]", |p, n, c| push(&mut p.r#type, cwe(n, c))),
        row(8, "participant.period", "DTM[dateTime]", |p, n, c| period(p, n, [11, 12], c)).and(&[11, 12]),
        row(14, "participant.status", "CWE[code] FillerStatusCodes", answer),
    ],
};

/// `AIL[Appointment]`
pub(crate) static AIL_PARTICIPANT: Table<AppointmentParticipant> = Table {
    segment: "AIL",
    resource: "Appointment",
    rows: &[
        row(3, "participant.actor(Location)", "PL[Location]", |p, n, c| set(&mut p.actor, pl::pl(n, c))),
        row(4, "participant.type", "CWE[CodeableConcept]", |p, n, c| push(&mut p.r#type, cwe(n, c))),
        row(6, "participant.period", "DTM[dateTime]", |p, n, c| period(p, n, [9, 10], c)).and(&[9, 10]),
        row(12, "participant.status", "CWE[code] FillerStatusCodes", answer),
    ],
};

/// `AIP[Appointment]`
pub(crate) static AIP_PARTICIPANT: Table<AppointmentParticipant> = Table {
    segment: "AIP",
    resource: "Appointment",
    rows: &[
        row(3, "participant.actor(Practitioner)", "XCN[Practitioner]", |p, n, c| {
            set(&mut p.actor, xcn::xcn(n, c))
        }),
        row(4, "participant.type", "CWE[CodeableConcept]", |p, n, c| push(&mut p.r#type, cwe(n, c))),
        row(6, "participant.period", "DTM[dateTime]", |p, n, c| period(p, n, [9, 10], c)).and(&[9, 10]),
        row(12, "participant.status", "CWE[code] FillerStatusCodes", answer),
    ],
};

/// An appointment in the making.
pub(crate) struct AppointmentDraft {
    pub(crate) draft: Draft<Appointment>,
    at: crate::Location,
}

/// Reads SCH, and TQ1 where the timing stands there.
pub(crate) fn read(
    sch: &Segment<'_>,
    tq1: Option<&Segment<'_>>,
    c: &mut Context<'_>,
) -> Option<AppointmentDraft> {
    let patient =
        c.subject().map(|actor| AppointmentParticipant { actor: Some(actor), ..Default::default() });
    let mut draft =
        Draft::new(Appointment { participant: patient.into_iter().collect(), ..Appointment::default() });
    SCH_APPOINTMENT.apply(&mut draft, sch, c);
    if let Some(tq1) = tq1 {
        timing(&mut draft.body, tq1, c);
    }
    Some(AppointmentDraft { draft, at: sch.location()? })
}

/// Reads AIS, AIG, AIL or AIP into the appointment.
pub(crate) fn read_resource(segment: &Segment<'_>, appointment: &mut AppointmentDraft, c: &mut Context<'_>) {
    let table = match segment.name() {
        "AIS" => return AIS_APPOINTMENT.apply(&mut appointment.draft, segment, c),
        "AIG" => &AIG_PARTICIPANT,
        "AIL" => &AIL_PARTICIPANT,
        _ => &AIP_PARTICIPANT,
    };
    let mut participant = Draft::<AppointmentParticipant>::default();
    table.apply(&mut participant, segment, c);
    if participant.body.actor.is_some() || !participant.body.r#type.is_empty() {
        let index = appointment.draft.body.participant.len();
        let body = appointment.draft.absorb(participant, &format!(".participant[{index}]"));
        appointment.draft.body.participant.push(body);
    }
}

/// Adds a note on the appointment or on one of its resources.
pub(crate) fn note(appointment: &mut AppointmentDraft, note: Draft<Annotation>) {
    if note.body.text.is_none() {
        return;
    }
    let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.note";
    let value = ExtensionValue::Annotation(Box::new(note.body));
    appointment.draft.body.extension.push(Extension::new(url, value));
}

/// Adds the appointment to the Bundle, unless FHIR could not hold it. It is known by the filler's number or the placer's.
pub(crate) fn add(mut appointment: AppointmentDraft, c: &mut Context<'_>) -> Option<Anchor> {
    let at = appointment.at;
    let body = &mut appointment.draft.body;
    body.status = body.status.or(appointment_event(&c.event));
    let status = body.status;
    for participant in
        body.participant.iter_mut().filter(|p| p.status.is_none() && p.status_element.0.is_empty())
    {
        participant.status_element = PrimitiveExtension(vec![unknown()]);
    }
    let without_time = matches!(
        status,
        Some(AppointmentStatus::Proposed | AppointmentStatus::Cancelled | AppointmentStatus::Waitlist)
    );
    let missing = match &*body {
        _ if status.is_none() => Some("Appointment.status"),
        body if body.participant.is_empty() => Some("Appointment.participant"),
        body if (body.start.is_none() || body.end.is_none()) && !without_time => Some("Appointment.start"),
        _ => None,
    };
    if let Some(missing) = missing {
        c.report(at, Reason::Missing(missing));
        return None;
    }
    if body.end.is_none() {
        body.start = None;
    }
    let numbers: Vec<Identifier> = body.identifier.iter().rev().cloned().collect();
    let key = match own_key(&numbers) {
        Some(key) => key,
        None => Key::Derived(vec![c.patient_part(), c.bound_to_message(at)]),
    };
    Some(c.add(appointment.draft, Appointment::into_resource, key, at))
}

/// TQ1-7 and TQ1-8, where SCH has no timing of its own.
fn timing(appointment: &mut Appointment, tq1: &Segment<'_>, c: &mut Context<'_>) {
    for (field, slot) in [(7, &mut appointment.start), (8, &mut appointment.end)] {
        let Some(node) = repetitions(tq1, field).next().filter(|_| slot.is_none()) else { continue };
        c.mark_read(tq1, field);
        match dtm::instant(&node, c) {
            Ok(time) => *slot = time,
            Err(reason) => c.report(node.at(), reason),
        }
    }
}

/// The time of the service, where the appointment has no other: AIS-4 for the duration of AIS-7 in the units of AIS-8.
fn service_time(appointment: &mut Appointment, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    if appointment.start.is_some() && appointment.end.is_some() {
        return Ok(());
    }
    let Some(start) = dtm::instant(node, c)? else { return Ok(()) };
    let end = seconds(node, [7, 8]).and_then(|seconds| dtm::later(&start, seconds));
    let by_minutes = || dtm::later(&start, i64::from(appointment.minutes_duration?) * 60);
    let end = end.or_else(by_minutes);
    if end.is_some() {
        appointment.start = Some(start);
        appointment.end = end;
    }
    Ok(())
}

/// SCH-9 in the units of SCH-10; only whole minutes fit.
fn minutes(appointment: &mut Appointment, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let count = nm::count(node.text())?;
    let unit = node.field(10).and_then(|unit| unit.get(1)).and_then(|unit| seconds_in(&unit));
    let minutes =
        count.zip(unit).map(|(count, unit)| i64::from(count) * unit).filter(|seconds| seconds % 60 == 0);
    let minutes = minutes.and_then(|seconds| u32::try_from(seconds / 60).ok()).filter(|minutes| *minutes > 0);
    set(&mut appointment.minutes_duration, Ok(minutes))
}

fn person(
    appointment: &mut Appointment,
    node: &Node<'_>,
    role: Option<Coding>,
    c: &mut Context<'_>,
) -> Outcome {
    let Some(actor) = xcn::xcn(node, c)? else { return Ok(()) };
    appointment.participant.push(AppointmentParticipant {
        r#type: role.map(CodeableConcept::from).into_iter().collect(),
        actor: Some(actor),
        ..AppointmentParticipant::default()
    });
    Ok(())
}

/// AIG-3: a thing, known by its number.
fn general_resource(
    participant: &mut AppointmentParticipant,
    node: &Node<'_>,
    c: &mut Context<'_>,
) -> Outcome {
    let Some(value) = node.get(1) else { return Ok(()) };
    let system = match node.get(3).filter(|name| name != "L") {
        Some(name) => coding_system::uri(&name, &c.options.org).0,
        None => format!("{}:resource", hd::system(None, c)),
    };
    let identifier = Identifier { system: Some(system), value: Some(value), ..Identifier::default() };
    let is_place =
        node.field(4).and_then(|kind| kind.get(2)).is_some_and(|kind| kind.eq_ignore_ascii_case("location"));
    let key = own_key(std::slice::from_ref(&identifier)).unwrap_or(Key::OwnOr(Vec::new()));
    let actor: Reference = if is_place {
        let place = Location { identifier: vec![identifier], name: node.get(2), ..Location::default() };
        c.add(Draft::new(place), Location::into_resource, key, node.at()).reference()
    } else {
        let name = node.get(2).map(|text| CodeableConcept { text: Some(text), ..CodeableConcept::default() });
        let device = Device { identifier: vec![identifier], r#type: name, ..Device::default() };
        c.add(Draft::new(device), Device::into_resource, key, node.at()).reference()
    };
    set(&mut participant.actor, Ok(Some(actor)))
}

/// The start, and the end where a duration follows.
fn period(
    participant: &mut AppointmentParticipant,
    node: &Node<'_>,
    duration: [u16; 2],
    c: &mut Context<'_>,
) -> Outcome {
    let Some(start) = dtm::date_time(node, c)? else { return Ok(()) };
    let end: Option<Instant> =
        start.instant().zip(seconds(node, duration)).and_then(|(start, seconds)| dtm::later(&start, seconds));
    let period = Period { start: Some(start), end: end.map(Into::into), ..Period::default() };
    set(&mut participant.period, Ok(Some(period)))
}

/// A duration in one field in the units of the next.
fn seconds(node: &Node<'_>, [amount, units]: [u16; 2]) -> Option<i64> {
    let amount: i64 = node.field(amount)?.text()?.parse().ok()?;
    let unit = seconds_in(&node.field(units)?.get(1)?)?;
    amount.checked_mul(unit).filter(|seconds| *seconds > 0)
}

/// Whether the resource takes part.
fn answer(participant: &mut AppointmentParticipant, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let Some(code) = codes::code(node) else { return Ok(()) };
    participant.status = participation_status(&code);
    if participant.status.is_none() {
        participant.status_element.0.push(original_code(node, "0278"));
        return Err(Reason::UnknownCode("0278"));
    }
    Ok(())
}
