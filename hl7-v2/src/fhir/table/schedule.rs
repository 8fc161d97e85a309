//! Tables about appointments.

use carewire_fhir_core::resources::{AppointmentStatus, ParticipationStatus};

use super::{Concept, concept};

/// 0278, filler status of an appointment. Senders write the codes in any case.
pub(crate) fn appointment_status(code: &str) -> Option<AppointmentStatus> {
    Some(match code.to_ascii_lowercase().as_str() {
        "pending" => AppointmentStatus::Pending,
        "waitlist" => AppointmentStatus::Waitlist,
        "booked" => AppointmentStatus::Booked,
        "started" => AppointmentStatus::CheckedIn,
        "complete" => AppointmentStatus::Fulfilled,
        "cancelled" => AppointmentStatus::Cancelled,
        "deleted" => AppointmentStatus::EnteredInError,
        "noshow" => AppointmentStatus::NoShow,
        _ => return None,
    })
}

/// 0003, the events of scheduling that say what became of the appointment.
pub(crate) fn appointment_event(event: &str) -> Option<AppointmentStatus> {
    Some(match event {
        "S12" | "S13" => AppointmentStatus::Booked,
        "S15" => AppointmentStatus::Cancelled,
        "S17" => AppointmentStatus::EnteredInError,
        "S26" => AppointmentStatus::NoShow,
        _ => return None,
    })
}

/// 0278, filler status of a resource of an appointment, as its answer.
pub(crate) fn participation_status(code: &str) -> Option<ParticipationStatus> {
    Some(match code.to_ascii_lowercase().as_str() {
        "booked" | "started" | "complete" | "overbook" => ParticipationStatus::Accepted,
        "cancelled" | "deleted" | "discontinued" => ParticipationStatus::Declined,
        "pending" | "waitlist" => ParticipationStatus::NeedsAction,
        _ => return None,
    })
}

/// 0276, appointment reason.
pub(crate) fn appointment_reason(code: &str) -> Option<Concept> {
    const SYSTEM: &str = "http://snomed.info/sct";
    match code.to_ascii_uppercase().as_str() {
        "ROUTINE" => concept(SYSTEM, "3780001", "Routine patient disposition, no follow-up planned"),
        "CHECKUP" => concept(SYSTEM, "866149003", "Annual visit (procedure)"),
        "FOLLOWUP" => concept(SYSTEM, "185389009", "Follow-up visit (procedure)"),
        "EMERGENCY" => concept(SYSTEM, "373110003", "Emergency procedure (procedure)"),
        _ => None,
    }
}

/// The minutes in a unit of time, for durations.
pub(crate) fn seconds_in(unit: &str) -> Option<i64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "minute" | "minutes" => 60,
        "h" | "hr" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_an_answer_or_none() {
        assert_eq!(appointment_status("BOOKED"), Some(AppointmentStatus::Booked));
        assert_eq!(appointment_status("Blocked"), None);
        assert_eq!(participation_status("Overbook"), Some(ParticipationStatus::Accepted));
        assert_eq!(appointment_event("S14"), None);
    }
}
