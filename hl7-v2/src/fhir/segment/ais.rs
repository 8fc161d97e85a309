//! AIS, AIG, AIL, AIP: the services, things, places and people of an appointment.

use super::sch::{AppointmentDraft, complete_end};
use crate::fhir::code::{FILLER_STATUS_CODES_APPOINTMENT, FILLER_STATUS_CODES_PARTICIPATION};
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::{
    CWE_CODE, CWE_CODEABLE_CONCEPT, DTM_DATE_TIME, PL_LOCATION, XCN_PRACTITIONER, cwe, dtm, hd, span,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::tree::{Object, Val};

/// `AIS[Appointment]`
pub(crate) static AIS_APPOINTMENT: Table = Table::new(
    "AIS[Appointment]",
    "AIS",
    "Appointment",
    &[
        row(3, "serviceType", CWE_CODEABLE_CONCEPT),
        // The guide gives the service a time of its own as a participant, which a service is not.
        row(4, "start", Via::Own(&Own { name: "DTM[instant]", apply: service_time })).and(&[7, 8]),
        row(
            10,
            "status",
            Via::Own(&Own { name: "CWE[code] FillerStatusCodes[Appointment]", apply: service_status }),
        ),
    ],
);

/// `AIG[Appointment]`
pub(crate) static AIG_APPOINTMENT: Table = Table::new(
    "AIG[Appointment]",
    "AIG",
    "Appointment.participant",
    &[
        row(3, "actor", Via::Own(&Own { name: "CWE[Identifier]", apply: thing })).and(&[4]),
        row(4, "type", CWE_CODEABLE_CONCEPT),
        row(8, "period.start", DTM_DATE_TIME),
        row(9, "period.start", Via::Own(&Own { name: "offset", apply: offset }))
            .and(&[10])
            .when("AIG-8 is not valued", |s| !s.valued(8)),
        row(11, "period.end", Via::Own(&Own { name: "duration", apply: duration })).and(&[12]),
        row(14, "status", CWE_CODE.of(&FILLER_STATUS_CODES_PARTICIPATION)),
    ],
);

/// `AIL[Appointment]`
pub(crate) static AIL_APPOINTMENT: Table = Table::new(
    "AIL[Appointment]",
    "AIL",
    "Appointment.participant",
    &[
        row(3, "actor", PL_LOCATION),
        row(4, "type", CWE_CODEABLE_CONCEPT),
        row(6, "period.start", DTM_DATE_TIME),
        row(7, "period.start", Via::Own(&Own { name: "offset", apply: offset }))
            .and(&[8])
            .when("AIL-6 is not valued", |s| !s.valued(6)),
        row(9, "period.end", Via::Own(&Own { name: "duration", apply: duration })).and(&[10]),
        row(12, "status", CWE_CODE.of(&FILLER_STATUS_CODES_PARTICIPATION)),
    ],
);

/// `AIP[Appointment]`
pub(crate) static AIP_APPOINTMENT: Table = Table::new(
    "AIP[Appointment]",
    "AIP",
    "Appointment.participant",
    &[
        row(3, "actor", XCN_PRACTITIONER),
        row(4, "type", CWE_CODEABLE_CONCEPT),
        row(6, "period.start", DTM_DATE_TIME),
        row(7, "period.start", Via::Own(&Own { name: "offset", apply: offset }))
            .and(&[8])
            .when("AIP-6 is not valued", |s| !s.valued(6)),
        row(9, "period.end", Via::Own(&Own { name: "duration", apply: duration })).and(&[10]),
        row(12, "status", CWE_CODE.of(&FILLER_STATUS_CODES_PARTICIPATION)),
    ],
);

/// `AIS[ServiceRequest]`: the service of an order.
pub(crate) static AIS_SERVICE_REQUEST: Table = Table::new(
    "AIS[ServiceRequest]",
    "AIS",
    "ServiceRequest",
    &[
        row(3, "code", CWE_CODEABLE_CONCEPT),
        row(4, "occurrencePeriod.start", DTM_DATE_TIME),
        row(5, "occurrencePeriod.start", Via::Own(&Own { name: "offset", apply: order_offset }))
            .and(&[6])
            .when("AIS-4 is not valued", |s| !s.valued(4)),
        row(7, "occurrencePeriod.end", Via::Own(&Own { name: "duration", apply: order_duration })).and(&[8]),
        row(11, "orderDetail", CWE_CODEABLE_CONCEPT).when("AIS-3 is valued", |s| s.valued(3)),
        row(12, "orderDetail", CWE_CODEABLE_CONCEPT).when("AIS-3 is valued", |s| s.valued(3)),
    ],
);

const NO_PART: &str = "a service takes no part in an appointment, so it has no time of its own in FHIR; AIS-4 and AIS-7 tell that of the appointment where SCH and TQ1 do not";
const NO_NUMBER: &str = "a code of what is done numbers no order: it stands in `code` or `orderDetail`";

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left("AIS[Appointment] AIS-4 participant.period.start", NO_PART),
    left("AIS[Appointment] AIS-5 participant.period.start", NO_PART),
    left("AIS[Appointment] AIS-7 participant.period.end", NO_PART),
    left("AIS[ServiceRequest] AIS-3 identifier[1]", NO_NUMBER),
    left("AIS[ServiceRequest] AIS-11 identifier[2]", NO_NUMBER),
    left("AIS[ServiceRequest] AIS-12 identifier[3]", NO_NUMBER),
];

/// Reads AIS, AIG, AIL or AIP into the appointment; other segments are not for it.
pub(crate) fn read<'a>(seg: &Seg<'a>, appointment: &mut AppointmentDraft<'a>, c: &mut Context<'a>) {
    let table = match seg.name().to_ascii_uppercase().as_str() {
        "AIS" => return AIS_APPOINTMENT.apply(&mut appointment.draft, seg, c),
        "AIG" => &AIG_APPOINTMENT,
        "AIL" => &AIL_APPOINTMENT,
        "AIP" => &AIP_APPOINTMENT,
        _ => return,
    };
    c.start = appointment.draft.body.str("start");
    let mut participant = c.draft();
    table.apply(&mut participant, seg, c);
    if !participant.body.has("actor") && !participant.body.has("type") {
        return;
    }
    let index = appointment.draft.body.items("participant").len();
    let participant = appointment.draft.absorb(participant, &format!(".participant[{index}]"));
    appointment.draft.body.push(c.arena, "participant", participant);
}

/// AIS-4 for the duration of AIS-7: the time of the appointment, where SCH and TQ1 tell none.
fn service_time<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if !appointment.has("start") && !appointment.has("end") {
        appointment.put("start", dtm::instant(node, c)?);
    }
    complete_end(appointment, span::seconds(node.seg(), 7).filter(|seconds| *seconds > 0), c);
    Ok(())
}

/// The status of a service, where the appointment has none.
fn service_status<'a>(appointment: &mut Object<'a>, node: &Node<'a>, _: &mut Context<'a>) -> Outcome {
    let status = cwe::code(node).and_then(FILLER_STATUS_CODES_APPOINTMENT.find);
    if let Some(status) = status.filter(|_| !appointment.has("status")) {
        appointment.set("status", status.code);
    }
    Ok(())
}

/// AIG-3: a thing, or where AIG-4 says so a place, known by its number; the alternate ones stand beside it.
fn thing<'a>(participant: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(value) = node.get(1) else { return Ok(()) };
    let mut draft = c.draft();
    for [value, _, system, _] in cwe::CODINGS.map(|parts| parts.map(|part| node.get(part))) {
        let Some(value) = value else { continue };
        let number = c.object().with("system", system_of_number(system, c)).with("value", value);
        draft.body.push(c.arena, "identifier", number);
    }
    let kind = node.seg().node(4).and_then(|kind| cwe::text(&kind));
    let name = node.get(2);
    let key = Key::Given(system_of_number(node.get(3), c), value);
    let actor: Anchor<'a> = if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("location")) {
        draft.body.put("name", name);
        c.add("Location", draft, key, node.at())
    } else {
        draft.body.put("type", name.map(|text| c.object().with("text", text)));
        c.add("Device", draft, key, node.at())
    };
    participant.set("actor", actor.reference(c.arena));
    Ok(())
}

/// Without a system, and with the local one, a number is one of the sender's.
fn system_of_number<'a>(name: Option<&'a str>, c: &Context<'a>) -> &'a str {
    match name.filter(|name| *name != "L") {
        Some(name) => cwe::system_of(name, c).0,
        None => c.arena.format(format_args!("{}:resource", hd::system(None, c))),
    }
}

fn offset<'a>(participant: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    begin(participant, "period", node, c)
}

fn duration<'a>(participant: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    end(participant, "period", node, c)
}

fn order_offset<'a>(order: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    begin(order, "occurrencePeriod", node, c)
}

fn order_duration<'a>(order: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    end(order, "occurrencePeriod", node, c)
}

/// The start of a period, by an offset from the start of the appointment.
fn begin<'a>(of: &mut Object<'a>, period: &'static str, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(offset) = seconds_at(node) else { return Err(Reason::NotANumber) };
    if let Some(start) = c.start.and_then(|start| span::later(start, offset, c)) {
        of.set(period, c.object().with("start", start));
    }
    Ok(())
}

/// The end of a period, by its duration.
fn end<'a>(of: &mut Object<'a>, period: &'static str, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(seconds) = seconds_at(node) else { return Err(Reason::NotANumber) };
    let Some(period) = of.get_mut(period).and_then(Val::as_object_mut) else { return Ok(()) };
    let start = period.str("start").filter(|_| seconds > 0);
    period.put("end", start.and_then(|start| span::later(start, seconds, c)));
    Ok(())
}

/// An amount, with its unit in the next field.
fn seconds_at(node: &Node<'_>) -> Option<i64> {
    span::seconds(node.seg(), u16::try_from(node.at()?.field()?).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::segment::sch;
    use crate::fhir::testing::{Mapped, mapped_by, of_type, options, reported};

    const SCH: &str = "SCH||F1|||||||||^^^20240307090000^20240307093000||||||||||||||Booked";

    fn booked(segments: &[&str]) -> Mapped {
        mapped_by("SIU^S12", segments, &options(), |segments, c| {
            let patient = c.patient.unwrap();
            let mut appointment = sch::read(&segments[2], None, &[patient], c);
            segments.iter().for_each(|seg| read(seg, &mut appointment, c));
            sch::add(&segments[2], appointment, c);
        })
    }

    fn appointment(segments: &[&str]) -> String {
        of_type(&booked(segments), "Appointment").concat()
    }

    #[test]
    fn things_places_and_people_take_part_with_their_own_times_and_answers() {
        let got = booked(&[
            SCH,
            "AIG|1||5001^Scope^L|101^Equipment^L||||20240307090500|||5|min||Pending",
            "AIL|1||W^12^^GEN|C||20240307090000|||1|h||Cancelled",
            "AIP|1||9^Roe|D^Doctor^L||||||||Booked",
        ]);
        let body = of_type(&got, "Appointment").concat();
        for part in [
            r#""period":{"start":"2024-03-07T09:05:00+01:00","end":"2024-03-07T09:10:00+01:00"},"status":"needs-action""#,
            r#""period":{"start":"2024-03-07T09:00:00+01:00","end":"2024-03-07T10:00:00+01:00"},"status":"declined""#,
            r#""display":"Doctor"}]}]"#,
        ] {
            assert!(body.contains(part), "{part} in {body}");
        }
        assert_eq!(of_type(&got, "Device").len(), 1);
        assert_eq!(of_type(&got, "Location").len(), 3);
    }

    #[test]
    fn a_thing_has_its_alternate_numbers_too() {
        let got = booked(&[SCH, "AIG|1||5001^Scope^L^5002^Video^ACME|101^Equipment^L"]);
        let device = of_type(&got, "Device").concat();
        let numbers =
            r#"FAC:resource","value":"5001"},{"system":"urn:carewire:codesystem:org:ACME","value":"5002"}]"#;
        assert!(device.contains(numbers), "{device}");
    }

    #[test]
    fn an_offset_counts_from_the_start_of_the_appointment() {
        let body = appointment(&[SCH, "AIP|1||9^Roe||||-15|min|20|min"]);
        let period = r#""period":{"start":"2024-03-07T08:45:00+01:00","end":"2024-03-07T09:05:00+01:00"}"#;
        assert!(body.contains(period), "{body}");
    }

    #[test]
    fn the_first_service_tells_the_time_where_nothing_else_does() {
        let services =
            ["AIS|1||A^Echo^L|20240307090000|||50|min||Booked", "AIS|2||B^Talk^L|20240307110000|||5|min"];
        let body = appointment(&[&["SCH||F1"], &services[..]].concat());
        for time in [r#""start":"2024-03-07T09:00:00+01:00""#, r#""end":"2024-03-07T09:50:00+01:00""#] {
            assert!(body.contains(time), "{body}");
        }
        assert!(body.contains("Echo") && body.contains("Talk"), "{body}");
    }

    #[test]
    fn an_answer_outside_the_table_is_kept_beside_that_of_the_appointment() {
        let got = booked(&[SCH, "AIP|1||9^Roe|||||||||maybe"]);
        let body = of_type(&got, "Appointment").concat();
        assert!(body.contains(r#""_status":{"extension""#), "{body}");
        assert_eq!(body.matches(r#""status":"accepted""#).count(), 2, "{body}");
        assert_eq!(reported(&got), ["AIP[1]-12[1]: code not in the map of table 0278: kept as it came"]);
    }

    #[test]
    fn a_resource_that_is_nobody_takes_no_part() {
        let body = appointment(&[SCH, "AIG|1", "AIL|1||^^^^C"]);
        assert_eq!(body.matches("\"actor\"").count(), 1, "{body}");
    }
}
