//! Tables about visits.

use carewire_fhir_core::resources::EncounterStatus;

use super::{Concept, concept};

/// 0004, patient class, as the class of an encounter.
pub(crate) fn encounter_class(code: &str) -> Option<Concept> {
    match code {
        "E" => concept("v3-ActCode", "EMER", "emergency"),
        "I" => concept("v3-ActCode", "IMP", "inpatient encounter"),
        "O" => concept("v3-ActCode", "AMB", "ambulatory"),
        "P" => concept("v3-ActCode", "PRENC", "pre-admission"),
        "R" => concept("v2-0004", "R", "Recurring patient"),
        "B" => concept("v2-0004", "B", "Obstetrics"),
        "C" => concept("v2-0004", "C", "Commercial Account"),
        "N" => concept("v2-0004", "N", "Not Applicable"),
        "U" => concept("v2-0004", "U", "Unknown"),
        _ => None,
    }
}

/// 0004, patient class, as the status of an encounter.
pub(crate) fn class_status(code: &str) -> Option<EncounterStatus> {
    Some(match code {
        "E" | "I" | "O" | "R" | "B" | "C" | "N" => EncounterStatus::InProgress,
        "P" => EncounterStatus::Planned,
        "U" => EncounterStatus::Unknown,
        _ => return None,
    })
}

/// 0003, the events that say what became of the visit, whatever its class.
pub(crate) fn event_status(event: &str) -> Option<EncounterStatus> {
    Some(match event {
        "A03" => EncounterStatus::Finished,
        "A11" => EncounterStatus::Cancelled,
        _ => return None,
    })
}

/// 0009, ambulatory status.
pub(crate) fn ambulatory_status(code: &str) -> Option<Concept> {
    match code {
        "A0" => concept("v2-0009", "A0", "No functional limitations"),
        "A1" => concept("v2-0009", "A1", "Ambulates with assistive device"),
        "A2" => concept("encounter-special-arrangements", "wheel", "Wheelchair"),
        "A3" => concept("v2-0009", "A3", "Comatose; non-responsive"),
        "A4" => concept("v2-0009", "A4", "Disoriented"),
        "A5" => concept("v2-0009", "A5", "Vision impaired"),
        "A6" => concept("v2-0009", "A6", "Hearing impaired"),
        "A7" => concept("v2-0009", "A7", "Speech impaired"),
        "A8" => concept("v2-0009", "A8", "Non-English speaking"),
        "A9" => concept("v2-0009", "A9", "Functional level unknown"),
        "B1" => concept("v2-0009", "B1", "Oxygen therapy"),
        "B2" => concept("v2-0009", "B2", "Special equipment (tubes, IVs, catheters)"),
        "B3" => concept("v2-0009", "B3", "Amputee"),
        "B4" => concept("v2-0009", "B4", "Mastectomy"),
        "B5" => concept("v2-0009", "B5", "Paraplegic"),
        "B6" => concept("v2-0009", "B6", "Pregnant"),
        _ => None,
    }
}

/// 0069, hospital service.
pub(crate) fn hospital_service(code: &str) -> Option<Concept> {
    match code {
        "MED" => concept("service-type", "382", "Medical Services"),
        "URO" => concept("service-type", "222", "Urology"),
        "SUR" => concept("v2-0069", "SUR", "Surgical Service"),
        "PUL" => concept("v2-0069", "PUL", "Pulmonary Service"),
        "CAR" => concept("v2-0069", "CAR", "Cardiac Service"),
        _ => None,
    }
}

/// 0217, visit priority.
pub(crate) fn encounter_priority(code: &str) -> Option<Concept> {
    match code {
        "1" => concept("v3-ActPriority", "EM", "emergency"),
        "2" => concept("v3-ActPriority", "UR", "urgent"),
        "3" => concept("v3-ActPriority", "EL", "elective"),
        _ => None,
    }
}

/// 0062, event reason.
pub(crate) fn event_reason(code: &str) -> Option<Concept> {
    match code {
        "01" => concept("v3-ActReason", "PATRQT", "patient requested"),
        "02" => concept("v3-ActReason", "TREAT", "treatment"),
        "03" => concept("v3-ActReason", "HOPERAT", "healthcare operations"),
        _ => None,
    }
}

/// 0052, diagnosis type.
pub(crate) fn diagnosis_role(code: &str) -> Option<Concept> {
    match code {
        "A" => concept("diagnosis-role", "AD", "Admission diagnosis"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_a_status() {
        for code in ["E", "I", "O", "P", "R", "B", "C", "N", "U"] {
            assert!(encounter_class(code).is_some() && class_status(code).is_some(), "{code}");
        }
    }

    #[test]
    fn only_events_that_end_a_visit_say_so() {
        assert_eq!(event_status("A03"), Some(EncounterStatus::Finished));
        assert_eq!(event_status("A08"), None);
    }
}
