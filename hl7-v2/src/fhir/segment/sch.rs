//! SCH and TQ1: an appointment.

use carewire_fhir_core::Instant;
use carewire_fhir_core::resources::{
    Appointment, AppointmentParticipant, AppointmentStatus, ParticipationStatus,
};
use carewire_fhir_core::types::{
    Annotation, CodeableConcept, Coding, Extension, ExtensionValue, Identifier, Reference,
};

use super::orc::numbered;
use crate::fhir::context::{Anchor, Context, Draft, Key};
use crate::fhir::datatype::cwe::{code_by, cwe, cwe_by, cwe_in};
use crate::fhir::datatype::ei::{ei_of_type, elsewhere, filler, placer};
use crate::fhir::datatype::{dtm, nm, xcn};
use crate::fhir::node::{Node, field_text, repetitions};
use crate::fhir::report::Reason;
use crate::fhir::row::{Found, Outcome, Table, push, row, set};
use crate::fhir::table::{appointment_event, appointment_reason, appointment_status, seconds_in};
use crate::{Location, Segment};

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
        row(7, "reasonCode", "CWE[CodeableConcept] AppointmentReasonCodes", |a: &mut Appointment, n, c| {
            push(&mut a.reason_code, reason(n, c))
        })
        .when("SCH-7.3 is not HL70277", |s| !is_type(s)),
        row(7, "appointmentType", "CWE[CodeableConcept] AppointmentTypeCodes", appointment_type)
            .when("SCH-7.3 is HL70277", is_type),
        row(8, "appointmentType", "CWE[CodeableConcept] AppointmentTypeCodes", appointment_type),
        row(9, "minutesDuration", "NM[positiveInt]", minutes).and(&[10]),
        row(11, "start, end, minutesDuration", "TQ[Appointment]", timing),
        row(12, "participant(Practitioner)", "XCN[Practitioner] placer contact", |a, n, c| {
            person(a, n, text("placer contact"), c)
        }),
        row(16, "participant(Practitioner)", "XCN[Practitioner] filler contact", |a, n, c| {
            person(a, n, text("filler contact"), c)
        }),
        row(20, "participant(Practitioner)", "XCN[Practitioner] enterer", |a, n, c| {
            let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
            person(a, n, Coding::new(system, "enterer").into(), c)
        }),
        row(25, "status", "CWE[code] FillerStatusCodes[Appointment]", |a, n, _| {
            code_by((&mut a.status, &mut a.status_element), n, "0278", appointment_status)
        }),
        row(26, "basedOn(ServiceRequest)", "EI[Identifier] PLAC", |a, n, c| {
            push(&mut a.based_on, order(placer(n, c)))
        }),
        row(27, "basedOn(ServiceRequest)", "EI[Identifier] FILL", |a, n, c| {
            push(&mut a.based_on, order(filler(n, c)))
        }),
    ],
};

/// `TQ1[Appointment]`: what SCH-11 was before version 2.5.
pub(crate) static TQ1_APPOINTMENT: Table<Appointment> = Table {
    segment: "TQ1",
    resource: "Appointment",
    rows: &[
        row(7, "start", "DTM[instant]", |a, n, c| set(&mut a.start, dtm::instant(n, c))),
        row(8, "end", "DTM[instant]", |a, n, c| set(&mut a.end, dtm::instant(n, c))),
    ],
};

/// An appointment in the making.
pub(crate) struct AppointmentDraft {
    pub(crate) draft: Draft<Appointment>,
    at: Location,
    /// SCH-3, which of the repeats of an appointment this is.
    occurrence: Option<String>,
}

/// Reads SCH, and TQ1 where the timing stands there.
pub(crate) fn read(
    sch: &Segment<'_>,
    tq1: Option<&Segment<'_>>,
    patients: &[Reference],
    c: &mut Context<'_>,
) -> Option<AppointmentDraft> {
    let takes_part = |patient: &Reference| AppointmentParticipant {
        actor: Some(patient.clone()),
        ..AppointmentParticipant::default()
    };
    let mut draft = Draft::new(Appointment {
        extension: subject(patients).into_iter().collect(),
        participant: patients.iter().map(takes_part).collect(),
        ..Appointment::default()
    });
    if let Some(tq1) = tq1 {
        TQ1_APPOINTMENT.apply(&mut draft, tq1, c);
    }
    SCH_APPOINTMENT.apply(&mut draft, sch, c);
    c.mark_read(sch, 3);
    Some(AppointmentDraft { draft, at: sch.location()?, occurrence: field_text(sch, 3) })
}

/// Adds a note on the appointment or on one of its resources.
pub(crate) fn note(appointment: &mut AppointmentDraft, note: Draft<Annotation>) {
    if note.body.text.is_none() {
        return;
    }
    let index = appointment.draft.body.extension.len();
    let note = appointment.draft.absorb(note, &format!(".extension[{index}].valueAnnotation"));
    let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.note";
    let value = ExtensionValue::Annotation(Box::new(note));
    appointment.draft.body.extension.push(Extension::new(url, value));
}

/// Adds the appointment to the Bundle, unless FHIR could not hold it. It is known by the filler's number, else by the
/// placer's; the repeats of one appointment share these and are told apart by SCH-3.
pub(crate) fn add(mut appointment: AppointmentDraft, c: &mut Context<'_>) -> Option<Anchor> {
    let at = appointment.at;
    let body = &mut appointment.draft.body;
    status(body, at, c);
    let by_minutes = body.minutes_duration.map(|minutes| i64::from(minutes) * 60);
    complete_end(body, by_minutes);
    if let Some(missing) = missing(body) {
        c.report(at, Reason::Missing(missing));
        return None;
    }
    if body.start.is_none() || body.end.is_none() {
        (body.start, body.end) = (None, None);
    }
    answer_for(body);
    let key = match (numbered(&body.identifier, ["FILL", "PLAC"]), appointment.occurrence) {
        (Some(Key::Given(system, value)), Some(occurrence)) => Key::Derived(vec![system, value, occurrence]),
        (Some(key), _) => key,
        (None, _) => Key::Derived(vec![c.patient_part(), c.bound_to_message(at)]),
    };
    Some(c.add(appointment.draft, Appointment::into_resource, key, at))
}

/// The end, where only the start is told: so many seconds later.
pub(crate) fn complete_end(appointment: &mut Appointment, seconds: Option<i64>) {
    let end = || dtm::later(appointment.start.as_ref()?, seconds?);
    appointment.end = appointment.end.take().or_else(end);
}

/// The filler's status, else what the event says of the appointment. When an event that ends it contradicts the
/// status, the status stays, and that is reported.
fn status(appointment: &mut Appointment, at: Location, c: &mut Context<'_>) {
    let by_event = appointment_event(&c.event);
    let ends = by_event.filter(|event| *event != AppointmentStatus::Booked);
    if appointment.status.is_some() && ends.is_some_and(|event| appointment.status != Some(event)) {
        c.report(at, Reason::Contradiction);
    }
    appointment.status = appointment.status.or(by_event);
}

/// What FHIR demands of an appointment and this one does not have.
fn missing(appointment: &Appointment) -> Option<&'static str> {
    let Some(status) = appointment.status else { return Some("Appointment.status") };
    let without_time = matches!(
        status,
        AppointmentStatus::Proposed | AppointmentStatus::Cancelled | AppointmentStatus::Waitlist
    );
    if appointment.participant.is_empty() {
        return Some("Appointment.participant");
    }
    match (&appointment.start, &appointment.end) {
        (None, _) if !without_time => Some("Appointment.start"),
        (_, None) if !without_time => Some("Appointment.end"),
        _ => None,
    }
}

/// Who has no answer of their own has that of the appointment: a booked one says that all have accepted.
fn answer_for(appointment: &mut Appointment) {
    let answer = match appointment.status {
        Some(AppointmentStatus::Proposed | AppointmentStatus::Pending | AppointmentStatus::Waitlist) => {
            ParticipationStatus::NeedsAction
        }
        Some(AppointmentStatus::Cancelled | AppointmentStatus::EnteredInError) => {
            ParticipationStatus::Declined
        }
        _ => ParticipationStatus::Accepted,
    };
    for participant in &mut appointment.participant {
        participant.status = participant.status.or(Some(answer));
    }
}

/// The patient, for readers of R5, where an appointment has one subject.
fn subject(patients: &[Reference]) -> Option<Extension> {
    let [patient] = patients else { return None };
    let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.subject";
    Some(Extension::new(url, ExtensionValue::Reference(patient.clone())))
}

fn order(number: Found<Identifier>) -> Found<Reference> {
    Ok(number?.map(|number| elsewhere("ServiceRequest", number)))
}

fn is_type(sch: &Segment<'_>) -> bool {
    let system = repetitions(sch, 7).next().and_then(|reason| reason.get(3));
    system.is_some_and(|system| system.eq_ignore_ascii_case("HL70277"))
}

/// Codes of table 0276, which is meant where no table is named, are mapped; others are kept.
fn reason(node: &Node<'_>, c: &mut Context<'_>) -> Found<CodeableConcept> {
    let is_of_table = node.get(3).is_none_or(|system| system.eq_ignore_ascii_case("HL70276"));
    let is_mapped = node.get(1).is_some_and(|code| appointment_reason(&code).is_some());
    match (is_of_table, is_mapped) {
        (true, true) => cwe_by(node, "0276", appointment_reason, c),
        (true, false) => cwe_in(node, "0276", c),
        (false, _) => cwe(node, c),
    }
}

fn appointment_type(appointment: &mut Appointment, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    set(&mut appointment.appointment_type, cwe_in(node, "0277", c))
}

/// SCH-9 in the units of SCH-10; only whole minutes fit.
fn minutes(appointment: &mut Appointment, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let count = nm::count(node.text())?;
    let unit = node.field(10).and_then(|unit| unit.get(1)).and_then(|unit| seconds_in(&unit));
    let seconds = count.zip(unit).and_then(|(count, unit)| i64::from(count).checked_mul(unit));
    set(&mut appointment.minutes_duration, seconds.and_then(whole_minutes).map(Some).ok_or(Reason::NotACount))
}

fn whole_minutes(seconds: i64) -> Option<u32> {
    u32::try_from(seconds / 60).ok().filter(|minutes| *minutes > 0 && seconds % 60 == 0)
}

/// TQ.3 to TQ.5. A message with TQ1 has its times there.
fn timing(appointment: &mut Appointment, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let by_letter = |text: String| {
        let (unit, count) = text.split_at_checked(1)?;
        whole_minutes(count.parse::<i64>().ok()?.checked_mul(seconds_in(unit)?)?)
    };
    appointment.minutes_duration = appointment.minutes_duration.or(node.get(3).and_then(by_letter));
    let [start, end] = [4, 5].map(|part| node.part(part).map_or(Ok(None), |time| dtm::instant(&time, c)));
    let (start, end): (Option<Instant>, Option<Instant>) = (start?, end?);
    if appointment.start.is_none() && appointment.end.is_none() {
        (appointment.start, appointment.end) = (start, end);
        return Ok(());
    }
    let differs = |known: &Option<Instant>, other: &Option<Instant>| other.is_some() && known != other;
    if differs(&appointment.start, &start) || differs(&appointment.end, &end) {
        return Err(Reason::Contradiction);
    }
    Ok(())
}

fn text(role: &str) -> CodeableConcept {
    CodeableConcept { text: Some(role.into()), ..CodeableConcept::default() }
}

fn person(
    appointment: &mut Appointment,
    node: &Node<'_>,
    role: CodeableConcept,
    c: &mut Context<'_>,
) -> Outcome {
    let Some(actor) = xcn::xcn(node, c)? else { return Ok(()) };
    appointment.participant.push(AppointmentParticipant {
        r#type: vec![role],
        actor: Some(actor),
        ..AppointmentParticipant::default()
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{mapped, of_type, reported};

    const WITH: &str = "AIP|1||9^Roe||||20240307090000|||30|min";

    fn appointment(kind: &str, segments: &[&str]) -> String {
        of_type(&mapped(kind, segments), "Appointment").concat()
    }

    #[test]
    fn a_booking_has_numbers_times_and_people() {
        let sch = "SCH|P1|F1|||||CHECKUP|Normal|30|min|^^^20240307090000^20240307093000|||||5^Poe||||6^Moe|||||Booked";
        let got = appointment("SIU^S12", &[sch, WITH]);
        for part in [
            r#""value":"P1""#,
            r#""status":"booked""#,
            r#""system":"http://snomed.info/sct","code":"866149003""#,
            r#"v2-0277","code":"Normal""#,
            r#""start":"2024-03-07T09:00:00+01:00","end":"2024-03-07T09:30:00+01:00","minutesDuration":30"#,
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
            assert!(got.contains(r#""end":"2024-03-08T00:15:00+01:00","minutesDuration":45"#), "{got}");
        }
    }

    #[test]
    fn the_timing_of_tq1_wins_and_is_not_mixed_with_that_of_sch() {
        let sch = "SCH||F1|||||||||^^^20200101080000^20200101083000";
        let got = mapped("SIU^S12", &[sch, "TQ1|||||||20240307090000|20240307091500"]);
        let body = of_type(&got, "Appointment").concat();
        assert!(
            body.contains(r#""start":"2024-03-07T09:00:00+01:00","end":"2024-03-07T09:15:00+01:00""#),
            "{body}"
        );
        assert_eq!(reported(&got), ["SCH[1]-11[1]: described in two ways: the first was kept"]);
    }

    #[test]
    fn the_event_tells_the_status_where_the_filler_does_not() {
        let times = "^^^20240307090000^20240307093000";
        let status = |event: &str, code: &str| {
            let got = mapped(event, &[&format!("SCH||F1|||||||||{times}||||||||||||||{code}")]);
            (of_type(&got, "Appointment").concat(), reported(&got))
        };
        assert!(status("SIU^S15", "").0.contains(r#""status":"cancelled""#));
        let (local, issues) = status("SIU^S26", "NS");
        assert!(local.contains(r#""status":"noshow","_status":{"extension""#), "{local}");
        assert_eq!(issues, ["SCH[1]-25[1]: code not in the map of table 0278: kept as it came"]);
        let (kept, issues) = status("SIU^S15", "Booked");
        assert!(kept.contains(r#""status":"booked""#) && issues.len() == 1, "{issues:?}");
    }

    #[test]
    fn what_fhir_could_not_hold_is_left_out_and_reported() {
        for (event, sch, element) in [
            ("SIU^S14", "SCH||F1|||||||||^^^20240307090000^20240307093000", "Appointment.status"),
            ("SIU^S12", "SCH||F1", "Appointment.start"),
            ("SIU^S12", "SCH||F1|||||||||^^^20240307090000", "Appointment.end"),
        ] {
            let got = mapped(event, &[sch]);
            assert!(of_type(&got, "Appointment").is_empty());
            assert_eq!(reported(&got), [format!("SCH[1]: resource left out: no value for `{element}`")]);
        }
        let cancelled = appointment("SIU^S15", &["SCH||F1|||||||||^^^20240307090000"]);
        assert!(cancelled.contains("cancelled") && !cancelled.contains("\"start\""), "{cancelled}");
    }

    #[test]
    fn an_order_is_named_and_not_replaced() {
        let got =
            mapped("SIU^S12", &["SCH||F1|||||||||^^^20240307090000^20240307093000|||||||||||||||O1|O2^LAB"]);
        let body = of_type(&got, "Appointment").concat();
        assert!(body.contains(r#""basedOn":[{"type":"ServiceRequest","identifier":{"#), "{body}");
        assert!(of_type(&got, "ServiceRequest").is_empty());
    }

    #[test]
    fn repeats_of_one_appointment_are_told_apart() {
        let url = |sch: &str| {
            let got = mapped("SIU^S15", &[sch]);
            carewire_fhir_core::entries(&got.bundle).last().unwrap().full_url.unwrap().to_owned()
        };
        assert_ne!(url("SCH|P|F|1"), url("SCH|P|F|2"));
        assert_eq!(url("SCH|P|F"), url("SCH||F"), "the filler's number is the better one");
    }

    #[test]
    fn all_patients_take_part() {
        let sch = "SCH||F1|||||||||^^^20240307090000^20240307093000";
        let got = mapped("SIU^S12", &[sch, "PID|2||8^^^GEN^MR", "AIS|1||X^Talk^L"]);
        assert_eq!(of_type(&got, "Patient").len(), 2);
        let body = of_type(&got, "Appointment").concat();
        assert_eq!(body.matches("\"actor\"").count(), 2, "{body}");
        assert!(body.contains("serviceType") && !body.contains("Appointment.subject"), "{body}");
    }
}
