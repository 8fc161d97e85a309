//! AIS, AIG, AIL, AIP: the services, things, places and people of an appointment.

use carewire_fhir_core::resources::{Appointment, AppointmentParticipant, Device, Location};
use carewire_fhir_core::types::{CodeableConcept, Identifier, Period};

use super::sch::{AppointmentDraft, complete_end};
use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key};
use crate::fhir::datatype::cwe::{code_by, cwe};
use crate::fhir::datatype::{cwe as codes, dtm, hd, pl, xcn};
use crate::fhir::node::{Node, repetitions};
use crate::fhir::row::{Outcome, Table, push, row, set};
use crate::fhir::table::{appointment_status, coding_system, participation_status, seconds_in};

/// `AIS[Appointment]`
pub(crate) static AIS_APPOINTMENT: Table<Appointment> = Table {
    segment: "AIS",
    resource: "Appointment",
    rows: &[
        row(3, "serviceType", "CWE[CodeableConcept]", |a, n, c| push(&mut a.service_type, cwe(n, c))),
        row(4, "start, end", "DTM[instant]", service_time).and(&[7, 8]),
        row(10, "status", "CWE[code] FillerStatusCodes[Appointment]", |a: &mut Appointment, n, _| {
            let status = codes::code(n).as_deref().and_then(appointment_status);
            a.status = a.status.or(status);
            Ok(())
        }),
    ],
};

/// `AIG[Appointment]`
pub(crate) static AIG_PARTICIPANT: Table<AppointmentParticipant> = Table {
    segment: "AIG",
    resource: "Appointment",
    rows: &[
        row(3, "participant.actor(Device)", "CWE[Identifier]", thing).and(&[4]),
        row(4, "participant.type", "CWE[CodeableConcept]", |p, n, c| push(&mut p.r#type, cwe(n, c))),
        row(8, "participant.period", "DTM[dateTime]", |p, n, c| period(p, n, 11, c)).and(&[9, 10, 11, 12]),
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
        row(6, "participant.period", "DTM[dateTime]", |p, n, c| period(p, n, 9, c)).and(&[7, 8, 9, 10]),
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
        row(6, "participant.period", "DTM[dateTime]", |p, n, c| period(p, n, 9, c)).and(&[7, 8, 9, 10]),
        row(12, "participant.status", "CWE[code] FillerStatusCodes", answer),
    ],
};

/// Reads AIS, AIG, AIL or AIP into the appointment; other segments are not for it.
pub(crate) fn read(segment: &Segment<'_>, appointment: &mut AppointmentDraft, c: &mut Context<'_>) {
    let (table, offset) = match segment.name().to_ascii_uppercase().as_str() {
        "AIS" => return AIS_APPOINTMENT.apply(&mut appointment.draft, segment, c),
        "AIG" => (&AIG_PARTICIPANT, 9),
        "AIL" => (&AIL_PARTICIPANT, 7),
        "AIP" => (&AIP_PARTICIPANT, 7),
        _ => return,
    };
    let mut participant = Draft::<AppointmentParticipant>::default();
    table.apply(&mut participant, segment, c);
    if participant.body.actor.is_none() && participant.body.r#type.is_empty() {
        return;
    }
    if participant.body.period.is_none() {
        participant.body.period = offset_period(segment, offset, &appointment.draft.body);
    }
    let index = appointment.draft.body.participant.len();
    let participant = appointment.draft.absorb(participant, &format!(".participant[{index}]"));
    appointment.draft.body.participant.push(participant);
}

/// AIS-4 for the duration of AIS-7: the time of the appointment, where SCH and TQ1 tell none. A service takes no part
/// in an appointment, so it has no time of its own in FHIR.
fn service_time(appointment: &mut Appointment, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    if appointment.start.is_none() && appointment.end.is_none() {
        appointment.start = dtm::instant(node, c)?;
    }
    complete_end(appointment, seconds(node, 7).filter(|seconds| *seconds > 0));
    Ok(())
}

/// AIG-3: a thing, or where AIG-4 says so a place, known by its number.
fn thing(participant: &mut AppointmentParticipant, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let Some(value) = node.get(1) else { return Ok(()) };
    let system = match node.get(3).filter(|name| name != "L") {
        Some(name) => coding_system::uri(&name, &c.options.org).0,
        None => format!("{}:resource", hd::system(None, c)),
    };
    let identifier =
        Identifier { system: Some(system.clone()), value: Some(value.clone()), ..Identifier::default() };
    let key = Key::Given(system, value);
    let kind = node.field(4).and_then(|kind| codes::text(&kind));
    let name = node.get(2);
    let actor: Anchor = if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("location")) {
        let place = Location { identifier: vec![identifier], name, ..Location::default() };
        c.add(Draft::new(place), Location::into_resource, key, node.at())
    } else {
        let r#type = name.map(|text| CodeableConcept { text: Some(text), ..CodeableConcept::default() });
        let device = Device { identifier: vec![identifier], r#type, ..Device::default() };
        c.add(Draft::new(device), Device::into_resource, key, node.at())
    };
    set(&mut participant.actor, Ok(Some(actor.reference())))
}

/// The start, and the end where a duration follows.
fn period(
    participant: &mut AppointmentParticipant,
    node: &Node<'_>,
    duration: u16,
    c: &mut Context<'_>,
) -> Outcome {
    let Some(start) = dtm::date_time(node, c)? else { return Ok(()) };
    let length = seconds(node, duration).filter(|seconds| *seconds > 0);
    let end = start.instant().zip(length).and_then(|(start, seconds)| dtm::later(&start, seconds));
    let period = Period { start: Some(start), end: end.map(Into::into), ..Period::default() };
    set(&mut participant.period, Ok(Some(period)))
}

/// The period of a resource that says only how long after the start of the appointment it is needed.
fn offset_period(segment: &Segment<'_>, offset: u16, appointment: &Appointment) -> Option<Period> {
    let node = repetitions(segment, offset).next()?;
    let start = dtm::later(appointment.start.as_ref()?, seconds(&node, offset)?)?;
    let length = seconds(&node, offset + 2).filter(|seconds| *seconds > 0);
    let end = length.and_then(|seconds| dtm::later(&start, seconds));
    Some(Period { start: Some(start.into()), end: end.map(Into::into), ..Period::default() })
}

/// A number of units in one field, the unit in the next.
fn seconds(node: &Node<'_>, field: u16) -> Option<i64> {
    let amount: i64 = node.field(field)?.text()?.parse().ok()?;
    amount.checked_mul(seconds_in(&node.field(field + 1)?.get(1)?)?)
}

/// Whether the resource takes part.
fn answer(participant: &mut AppointmentParticipant, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    code_by((&mut participant.status, &mut participant.status_element), node, "0278", participation_status)
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{mapped, of_type, reported};

    const SCH: &str = "SCH||F1|||||||||^^^20240307090000^20240307093000||||||||||||||Booked";

    fn appointment(segments: &[&str]) -> String {
        of_type(&mapped("SIU^S12", segments), "Appointment").concat()
    }

    #[test]
    fn things_places_and_people_take_part_with_their_own_times_and_answers() {
        let got = mapped(
            "SIU^S12",
            &[
                SCH,
                "AIG|1||5001^Scope^L|101^Equipment^L||||20240307090500|||5|min||Pending",
                "AIL|1||W^12^^GEN|C||20240307090000|||1|h||Cancelled",
                "AIP|1||9^Roe|D^Doctor^L||||||||Booked",
            ],
        );
        let body = of_type(&got, "Appointment").concat();
        assert!(body.contains(r#""status":"needs-action","period":{"start":"2024-03-07T09:05:00+01:00","end":"2024-03-07T09:10:00+01:00"}"#), "{body}");
        assert!(body.contains(r#""status":"declined","period":{"start":"2024-03-07T09:00:00+01:00","end":"2024-03-07T10:00:00+01:00"}"#), "{body}");
        assert!(body.contains(r#""display":"Doctor"}]}]"#), "{body}");
        assert_eq!(of_type(&got, "Device").len(), 1);
        assert_eq!(of_type(&got, "Location").len(), 3);
    }

    #[test]
    fn an_offset_counts_from_the_start_of_the_appointment() {
        let body = appointment(&[SCH, "AIP|1||9^Roe||||-15|min|20|min"]);
        assert!(
            body.contains(
                r#""period":{"start":"2024-03-07T08:45:00+01:00","end":"2024-03-07T09:05:00+01:00"}"#
            ),
            "{body}"
        );
    }

    #[test]
    fn the_first_service_tells_the_time_where_nothing_else_does() {
        let services =
            ["AIS|1||A^Echo^L|20240307090000|||50|min||Booked", "AIS|2||B^Talk^L|20240307110000|||5|min"];
        let body = appointment(&[&["SCH||F1"], &services[..]].concat());
        assert!(
            body.contains(r#""start":"2024-03-07T09:00:00+01:00","end":"2024-03-07T09:50:00+01:00""#),
            "{body}"
        );
        assert!(body.contains("Echo") && body.contains("Talk"), "{body}");
    }

    #[test]
    fn an_answer_outside_the_table_is_kept_beside_that_of_the_appointment() {
        let got = mapped("SIU^S12", &[SCH, "AIP|1||9^Roe|||||||||maybe"]);
        let body = of_type(&got, "Appointment").concat();
        assert!(body.contains(r#""status":"accepted","_status":{"extension""#), "{body}");
        assert_eq!(reported(&got), ["AIP[1]-12[1]: code not in the map of table 0278: kept as it came"]);
    }

    #[test]
    fn a_resource_that_is_nobody_takes_no_part() {
        let body = appointment(&[SCH, "AIG|1", "AIL|1||^^^^C"]);
        assert_eq!(body.matches("\"actor\"").count(), 1, "{body}");
    }
}
