//! SCH and TQ1: an appointment.

use crate::Location;
use crate::fhir::code::unit::seconds_in;
use crate::fhir::code::{
    APPOINTMENT_REASON_CODES, APPOINTMENT_TYPE_CODES, EVENT_APPOINTMENT_STATUS,
    FILLER_STATUS_CODES_APPOINTMENT,
};
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::cwe::CWE_OF_TABLE;
use crate::fhir::datatype::{CWE_CODE, DTM_INSTANT, EI_TYPED, XCN_PRACTITIONER, cwe, dtm, span};
use crate::fhir::entries::{Key, numbered};
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `SCH[Appointment]`
pub(crate) static SCH_APPOINTMENT: Table = Table::new(
    "SCH[Appointment]",
    "SCH",
    "Appointment",
    &[
        row(1, "identifier", EI_TYPED.of("PLAC")),
        row(2, "identifier", EI_TYPED.of("FILL")),
        row(7, "reasonCode", CWE_OF_TABLE.of(&APPOINTMENT_REASON_CODES))
            .when("SCH-7.3 is not HL70277", |s| !is_type(s)),
        row(7, "appointmentType", CWE_OF_TABLE.of(&APPOINTMENT_TYPE_CODES))
            .when("SCH-7.3 is HL70277", is_type),
        row(8, "appointmentType", CWE_OF_TABLE.of(&APPOINTMENT_TYPE_CODES)),
        row(9, "minutesDuration", Via::Own(&Own { name: "NM[positiveInt]", apply: minutes })).and(&[10]),
        row(11, "start", Via::Own(&Own { name: "TQ[Appointment]", apply: timing })),
        row(
            12,
            "participant",
            Via::Own(&Own { name: "XCN[Practitioner] placer contact", apply: placer_contact }),
        ),
        row(
            16,
            "participant",
            Via::Own(&Own { name: "XCN[Practitioner] filler contact", apply: filler_contact }),
        ),
        row(20, "participant", Via::Own(&Own { name: "XCN[Practitioner] enterer", apply: enterer })),
        row(25, "status", CWE_CODE.of(&FILLER_STATUS_CODES_APPOINTMENT)),
        row(
            26,
            "basedOn",
            Via::Own(&Own { name: "EI[Identifier-Extension] PLAC", apply: |a, n, c| order(a, n, "PLAC", c) }),
        ),
        row(
            27,
            "basedOn",
            Via::Own(&Own { name: "EI[Identifier-Extension] FILL", apply: |a, n, c| order(a, n, "FILL", c) }),
        ),
    ],
);

/// `TQ1[Appointment]`: what SCH-11 was before version 2.5.
pub(crate) static TQ1_APPOINTMENT: Table = Table::new(
    "TQ1[Appointment]",
    "TQ1",
    "Appointment",
    &[row(7, "start", DTM_INSTANT), row(8, "end", DTM_INSTANT)],
);

/// `SCH[ServiceRequest]`: the order that the appointment serves, as far as the appointment knows it.
pub(crate) static SCH_SERVICE_REQUEST: Table = Table::new(
    "SCH[ServiceRequest]",
    "SCH",
    "ServiceRequest",
    &[
        row(6, "intent", Via::Fixed("order")),
        // The guide's row leads to codes of appointments, which an order cannot have.
        row(
            25,
            "status",
            Via::Own(&Own { name: "CWE[code] FillerStatusCodes[Appointment]", apply: order_status }),
        ),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left(
        "SCH[Appointment] SCH-11 $this",
        "its parts are elements of the appointment: the row of SCH-11 sets them",
    ),
    left(
        "SCH[ServiceRequest] SCH status",
        "made beside the rows, since the order needs a status where SCH-25 is silent: active",
    ),
    left(
        "SCH[ServiceRequest] SCH-26 identifier[1]",
        "SCH-26 can repeat, each of another order: read beside the rows",
    ),
    left(
        "SCH[ServiceRequest] SCH-27 identifier[2]",
        "SCH-27 can repeat, each of another order: read beside the rows",
    ),
];

/// An appointment in the making.
pub(crate) struct AppointmentDraft<'a> {
    pub(crate) draft: Draft<'a>,
    at: Option<Location>,
    /// SCH-3, which of the repeats of an appointment this is.
    occurrence: Option<&'a str>,
}

/// Reads SCH, and TQ1 where the timing stands there, into the appointment of these patients. Then come the segments
/// of its resources ([`super::ais::read`]), notes ([`note`]), and [`add`].
pub(crate) fn read<'a>(
    sch: &Seg<'a>,
    tq1: Option<&Seg<'a>>,
    patients: &[Anchor<'a>],
    c: &mut Context<'a>,
) -> AppointmentDraft<'a> {
    let mut draft = c.draft();
    if let [patient] = patients {
        // For readers of R5, where an appointment has one subject.
        let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.subject";
        extend(&mut draft.body, url, "valueReference", patient.reference(c.arena), c.arena);
    }
    for patient in patients {
        draft.body.push(c.arena, "participant", c.object().with("actor", patient.reference(c.arena)));
    }
    if let Some(tq1) = tq1 {
        TQ1_APPOINTMENT.apply(&mut draft, tq1, c);
    }
    SCH_APPOINTMENT.apply(&mut draft, sch, c);
    c.mark_read(sch, 3);
    AppointmentDraft { draft, at: sch.at(), occurrence: sch.text(3) }
}

/// Adds the appointment to the Bundle, unless FHIR could not hold it. It is known by the filler's number, else by the
/// placer's; the repeats of one appointment share these and are told apart by SCH-3.
pub(crate) fn add<'a>(
    sch: &Seg<'a>,
    mut appointment: AppointmentDraft<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let at = appointment.at;
    let body = &mut appointment.draft.body;
    status(body, at, c);
    let minutes =
        body.get("minutesDuration").and_then(Val::as_number).and_then(|text| text.parse::<i64>().ok());
    complete_end(body, minutes.map(|minutes| minutes * 60), c);
    if let Some(missing) = missing(body) {
        c.report_at(at, Reason::Missing(missing));
        return None;
    }
    if !(body.has("start") && body.has("end")) {
        body.remove("start");
        body.remove("end");
    }
    answer_for(body);
    let occurrence = appointment.occurrence;
    let bound = (numbered(body, &["FILL", "PLAC"]).is_none()).then(|| c.bound_to_message(sch));
    Some(match (numbered(&appointment.draft.body, &["FILL", "PLAC"]), occurrence) {
        (Some((system, value)), Some(occurrence)) => {
            c.add("Appointment", appointment.draft, Key::Derived(&[system, value, occurrence]), at)
        }
        (Some((system, value)), None) => {
            c.add("Appointment", appointment.draft, Key::Given(system, value), at)
        }
        (None, _) => {
            let patient = c.patient_part();
            let key = Key::Derived(&[patient, bound.unwrap_or_default()]);
            c.add("Appointment", appointment.draft, key, at)
        }
    })
}

/// The end, where only the start is told: so many seconds later.
pub(crate) fn complete_end<'a>(appointment: &mut Object<'a>, seconds: Option<i64>, c: &Context<'a>) {
    if appointment.has("end") {
        return;
    }
    let end =
        appointment.str("start").zip(seconds).and_then(|(start, seconds)| span::later(start, seconds, c));
    appointment.put("end", end);
}

/// The filler's status, else what the event says of the appointment. When an event that ends it contradicts the
/// status, the status stays, and that is reported.
fn status<'a>(appointment: &mut Object<'a>, at: Option<Location>, c: &mut Context<'a>) {
    let by_event = (EVENT_APPOINTMENT_STATUS.find)(c.event).map(|event| event.code);
    let known = appointment.str("status");
    let ends = by_event.filter(|event| *event != "booked");
    if known.is_some() && ends.is_some() && known != ends {
        c.report_at(at, Reason::Contradiction);
    }
    if known.is_none() {
        appointment.put("status", by_event);
    }
}

/// What FHIR demands of an appointment and this one does not have.
fn missing(appointment: &Object<'_>) -> Option<&'static str> {
    let Some(status) = appointment.str("status") else { return Some("Appointment.status") };
    let without_time = matches!(status, "proposed" | "cancelled" | "waitlist");
    if appointment.items("participant").is_empty() {
        return Some("Appointment.participant");
    }
    match (appointment.has("start"), appointment.has("end")) {
        (false, _) if !without_time => Some("Appointment.start"),
        (_, false) if !without_time => Some("Appointment.end"),
        _ => None,
    }
}

/// Who has no answer of their own has that of the appointment: a booked one says that all have accepted.
fn answer_for(appointment: &mut Object<'_>) {
    let answer = match appointment.str("status") {
        Some("proposed" | "pending" | "waitlist") => "needs-action",
        Some("cancelled" | "entered-in-error") => "declined",
        _ => "accepted",
    };
    let Some(Val::List(participants)) = appointment.get_mut("participant") else { return };
    for participant in participants.iter_mut().filter_map(Val::as_object_mut) {
        if !participant.has("status") {
            participant.set("status", answer);
        }
    }
}

fn is_type(sch: &Seg<'_>) -> bool {
    sch.component(7, 3).is_some_and(|system| system.eq_ignore_ascii_case("HL70277"))
}

/// SCH-9 in the units of SCH-10; only whole minutes fit.
fn minutes<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let count = node.text().and_then(|count| count.parse::<u32>().ok()).filter(|count| *count > 0);
    let found = count.and(span::seconds(node.seg(), 9)).and_then(whole_minutes).ok_or(Reason::NotACount)?;
    if appointment.has("minutesDuration") {
        return Err(Reason::OnlyOneFits);
    }
    appointment.set("minutesDuration", Val::Number(c.arena.format(format_args!("{found}"))));
    Ok(())
}

fn whole_minutes(seconds: i64) -> Option<i32> {
    i32::try_from(seconds / 60).ok().filter(|minutes| *minutes > 0 && seconds % 60 == 0)
}

/// TQ.3 to TQ.5. A message with TQ1 has its times there.
fn timing<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let by_letter = |text: &str| {
        let (unit, count) = text.split_at_checked(1)?;
        whole_minutes(count.parse::<i64>().ok()?.checked_mul(seconds_in(unit)?)?)
    };
    if let Some(minutes) = node.get(3).and_then(by_letter).filter(|_| !appointment.has("minutesDuration")) {
        appointment.set("minutesDuration", Val::Number(c.arena.format(format_args!("{minutes}"))));
    }
    let mut time = |part| node.part(part).map_or(Ok(None), |time| dtm::instant(&time, c));
    let (start, end) = (time(4)?, time(5)?);
    if !appointment.has("start") && !appointment.has("end") {
        appointment.put("start", start);
        appointment.put("end", end);
        return Ok(());
    }
    let differs = |name: &str, other: Option<&str>| other.is_some() && appointment.str(name) != other;
    if differs("start", start) || differs("end", end) { Err(Reason::Contradiction) } else { Ok(()) }
}

fn placer_contact<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    person(appointment, node, c.object().with("text", "placer contact"), c)
}

fn filler_contact<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    person(appointment, node, c.object().with("text", "filler contact"), c)
}

fn enterer<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
    let coding = c.object().with("system", system).with("code", "enterer");
    person(appointment, node, c.object().with("coding", c.arena.only(coding)), c)
}

/// The guide has no codes for the two contacts, and its code system none either: the role is a text.
fn person<'a>(
    appointment: &mut Object<'a>,
    node: &Node<'a>,
    role: Object<'a>,
    c: &mut Context<'a>,
) -> Outcome {
    let Some(actor) = XCN_PRACTITIONER.read(node, c)? else { return Ok(()) };
    let participant = c.object().with("type", c.arena.only(role)).with("actor", actor);
    appointment.push(c.arena, "participant", participant);
    Ok(())
}

/// An order by its number. Where [`orders`] makes an entry for it, the reference leads there too.
fn order<'a>(
    appointment: &mut Object<'a>,
    node: &Node<'a>,
    kind: &'static str,
    c: &mut Context<'a>,
) -> Outcome {
    let Some(number) = (EI_TYPED.read)(node, kind, c)? else { return Ok(()) };
    appointment.push(
        c.arena,
        "basedOn",
        c.object().with("type", "ServiceRequest").with("identifier", number),
    );
    Ok(())
}

/// What the filler says of the appointment, as the status of its order.
fn order_status<'a>(order: &mut Object<'a>, node: &Node<'a>, _: &mut Context<'a>) -> Outcome {
    let status = (FILLER_STATUS_CODES_APPOINTMENT.find)(cwe::code(node).unwrap_or_default());
    order.set(
        "status",
        match status.map(|status| status.code) {
            Some("fulfilled") => "completed",
            Some("entered-in-error") => "entered-in-error",
            Some("booked" | "pending" | "checked-in" | "waitlist") => "active",
            // An appointment that is cancelled or missed leaves its order as it was.
            _ => "unknown",
        },
    );
    Ok(())
}

/// Adds the orders of SCH-26 and SCH-27 for the patient at hand, and leads the appointment to them. The n-th of both
/// are one order; when there are as many AIS, the n-th is its service. A transaction makes an order only when the
/// server does not have it: the appointment knows less of it than its own message.
pub(crate) fn orders<'a>(
    sch: &Seg<'a>,
    services: &[Seg<'a>],
    appointment: &mut AppointmentDraft<'a>,
    c: &mut Context<'a>,
) {
    let Some(patient) = c.subject() else { return };
    let [placers, fillers] = [26, 27].map(|field| sch.values(field).count());
    let count = placers.max(fillers);
    let mut made = Vec::new();
    c.start = appointment.draft.body.str("start");
    for index in 0..count {
        let mut draft = c.draft();
        let numbers = [(26, "PLAC"), (27, "FILL")];
        for (node, kind) in
            numbers.iter().filter_map(|(field, kind)| Some((sch.values(*field).nth(index)?, *kind)))
        {
            if let Ok(Some(number)) = (EI_TYPED.read)(&node, kind, c) {
                draft.body.push(c.arena, "identifier", number);
            }
        }
        let Some((system, value)) = numbered(&draft.body, &["PLAC", "FILL"]) else { continue };
        SCH_SERVICE_REQUEST.apply(&mut draft, sch, c);
        if let Some(ais) = services.get(index).filter(|_| services.len() == count) {
            super::ais::AIS_SERVICE_REQUEST.apply(&mut draft, ais, c);
        }
        for (name, word) in [("status", "active"), ("intent", "order")] {
            if !draft.body.has(name) {
                draft.body.set(name, word);
            }
        }
        draft.body.set("subject", patient.clone());
        let order = c.add("ServiceRequest", draft, Key::Given(system, value), sch.at());
        c.entries.only_if_new(order.position);
        made.push((index, order));
    }
    let Some(Val::List(named)) = appointment.draft.body.get_mut("basedOn") else { return };
    for (index, order) in made {
        let of_filler = placers + index;
        for at in
            [(index < placers).then_some(index), (index < fillers).then_some(of_filler)].into_iter().flatten()
        {
            if let Some(reference) = named.get_mut(at).and_then(Val::as_object_mut) {
                reference.set("reference", order.url);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::segment::ais;
    use crate::fhir::testing::{Mapped, mapped_by, of_type, options, reported};

    const WITH: &str = "AIP|1||9^Roe||||20240307090000|||30|min";
    const TIMES: &str = "^^^20240307090000^20240307093000";

    fn booked(kind: &str, segments: &[&str]) -> Mapped {
        mapped_by(kind, segments, &options(), |segments, c| {
            let sch = segments.iter().find(|seg| seg.is("SCH")).unwrap();
            let tq1 = segments.iter().find(|seg| seg.is("TQ1"));
            let patient = c.patient.unwrap();
            let mut appointment = read(sch, tq1, &[patient], c);
            let services: Vec<Seg<'_>> = segments.iter().filter(|seg| seg.is("AIS")).copied().collect();
            segments.iter().for_each(|seg| ais::read(seg, &mut appointment, c));
            orders(sch, &services, &mut appointment, c);
            add(sch, appointment, c);
        })
    }

    fn appointment(kind: &str, segments: &[&str]) -> String {
        of_type(&booked(kind, segments), "Appointment").concat()
    }

    #[test]
    fn a_booking_has_numbers_times_and_people() {
        let sch = format!("SCH|P1|F1|||||CHECKUP|Normal|30|min|{TIMES}|||||5^Poe||||6^Moe|||||Booked");
        let got = appointment("SIU^S12", &[&sch, WITH]);
        for part in [
            r#""value":"P1""#,
            r#""status":"booked""#,
            r#""system":"http://snomed.info/sct","code":"866149003""#,
            r#"0277","code":"Normal""#,
            r#""start":"2024-03-07T09:00:00+01:00","end":"2024-03-07T09:30:00+01:00""#,
            r#""minutesDuration":30"#,
            r#""type":[{"text":"filler contact"}]"#,
            r#""code":"enterer""#,
            "extension-Appointment.subject",
        ] {
            assert!(got.contains(part), "{part} in {got}");
        }
        assert_eq!(got.matches(r#""status":"accepted""#).count(), 4, "{got}");
    }

    #[test]
    fn a_start_and_a_duration_tell_the_end() {
        for sch in ["SCH||F1|||||||45|min|^^^20240307233000", "SCH||F1|||||||||^^M45^20240307233000"] {
            let got = appointment("SIU^S12", &[sch]);
            let parts = [r#""end":"2024-03-08T00:15:00+01:00""#, r#""minutesDuration":45"#];
            assert!(parts.iter().all(|part| got.contains(part)), "{got}");
        }
    }

    #[test]
    fn the_timing_of_tq1_wins_and_is_not_mixed_with_that_of_sch() {
        let sch = "SCH||F1|||||||||^^^20200101080000^20200101083000";
        let got = booked("SIU^S12", &[sch, "TQ1|||||||20240307090000|20240307091500"]);
        let body = of_type(&got, "Appointment").concat();
        assert!(
            body.contains(r#""start":"2024-03-07T09:00:00+01:00","end":"2024-03-07T09:15:00+01:00""#),
            "{body}"
        );
        assert_eq!(reported(&got), ["SCH[1]-11[1]: described in two ways: the first was kept"]);
    }

    #[test]
    fn the_event_tells_the_status_where_the_filler_does_not() {
        let status = |event: &str, code: &str| {
            let got = booked(event, &[&format!("SCH||F1|||||||||{TIMES}||||||||||||||{code}")]);
            (of_type(&got, "Appointment").concat(), reported(&got))
        };
        assert!(status("SIU^S15", "").0.contains(r#""status":"cancelled""#));
        let (discontinued, _) = status("SIU^S16", "Dc");
        assert!(
            discontinued.contains(r#""status":"cancelled""#) && discontinued.contains(r#""code":"Dc""#),
            "{discontinued}"
        );
        let (local, issues) = status("SIU^S26", "NS");
        assert!(
            local.contains(r#""status":"noshow""#) && local.contains(r#""_status":{"extension""#),
            "{local}"
        );
        assert_eq!(issues, ["SCH[1]-25[1]: code not in the map of table 0278: kept as it came"]);
        let (kept, issues) = status("SIU^S15", "Booked");
        assert!(kept.contains(r#""status":"booked""#) && issues.len() == 1, "{issues:?}");
    }

    #[test]
    fn what_fhir_could_not_hold_is_left_out_and_reported() {
        for (event, sch, element) in [
            ("SIU^S14", format!("SCH||F1|||||||||{TIMES}"), "Appointment.status"),
            ("SIU^S12", "SCH||F1".to_owned(), "Appointment.start"),
            ("SIU^S12", "SCH||F1|||||||||^^^20240307090000".to_owned(), "Appointment.end"),
        ] {
            let got = booked(event, &[&sch]);
            assert!(of_type(&got, "Appointment").is_empty());
            assert_eq!(reported(&got), [format!("SCH[1]: resource left out: no value for `{element}`")]);
        }
        let cancelled = appointment("SIU^S15", &["SCH||F1|||||||||^^^20240307090000"]);
        assert!(cancelled.contains("cancelled") && !cancelled.contains("\"start\""), "{cancelled}");
    }

    #[test]
    fn an_order_is_made_only_where_there_is_none() {
        let sch = format!("SCH||F1||||ROUTINE|||||{TIMES}||||||||||||||Booked|O1|O2^LAB");
        let got = booked("SIU^S12", &[&sch, "AIS|1||A^Echo^L||10|min|20|min"]);
        let body = of_type(&got, "Appointment").concat();
        assert!(body.contains(r#""basedOn":[{"type":"ServiceRequest","identifier":{"#), "{body}");
        assert_eq!(body.matches(r#""reference":"urn:uuid:"#).count(), 4, "{body}");
        let order = of_type(&got, "ServiceRequest").concat();
        for part in [
            r#""intent":"order""#,
            r#""status":"active""#,
            r#""display":"Echo""#,
            r#"{"start":"2024-03-07T09:10:00+01:00","end":"2024-03-07T09:30:00+01:00"}"#,
        ] {
            assert!(order.contains(part), "{part} in {order}");
        }
        let request = r#""request":{"method":"POST","url":"ServiceRequest","ifNoneExist":"identifier="#;
        assert!(got.bundle.to_json().contains(request), "{}", got.bundle.to_json());
    }

    #[test]
    fn repeats_of_one_appointment_are_told_apart() {
        let url = |sch: &str| {
            let got = booked("SIU^S15", &[sch]);
            carewire_fhir_core::entries(&got.bundle).last().unwrap().full_url.unwrap().to_owned()
        };
        assert_ne!(url("SCH|P|F|1"), url("SCH|P|F|2"));
        assert_eq!(url("SCH|P|F"), url("SCH||F"), "the filler's number is the better one");
    }
}
