//! Tables about orders and reports.

use carewire_fhir_core::resources::{DiagnosticReportStatus, RequestPriority, RequestStatus, SpecimenStatus};

use super::{Concept, concept};

/// 0038, order status.
pub(crate) fn order_status(code: &str) -> Option<RequestStatus> {
    Some(match code {
        "CA" | "DC" | "RP" => RequestStatus::Revoked,
        "CM" => RequestStatus::Completed,
        "ER" => RequestStatus::EnteredInError,
        "HD" => RequestStatus::OnHold,
        "IP" | "SC" => RequestStatus::Active,
        _ => return None,
    })
}

/// 0119, order control, as the status of the order.
pub(crate) fn order_control(code: &str) -> Option<RequestStatus> {
    Some(match code {
        "AF" | "CA" | "HD" | "NW" | "OK" | "PR" | "PY" | "RL" | "RO" | "RQ" => RequestStatus::Active,
        "CR" | "DC" | "DF" | "DR" | "OC" | "OD" => RequestStatus::Revoked,
        "FU" => RequestStatus::Completed,
        "HR" | "OH" => RequestStatus::OnHold,
        _ => return None,
    })
}

/// 0123, result status of a report.
pub(crate) fn report_status(code: &str) -> Option<DiagnosticReportStatus> {
    Some(match code {
        "O" | "I" | "S" => DiagnosticReportStatus::Registered,
        "P" => DiagnosticReportStatus::Preliminary,
        "C" => DiagnosticReportStatus::Corrected,
        "R" => DiagnosticReportStatus::Partial,
        "F" => DiagnosticReportStatus::Final,
        "X" => DiagnosticReportStatus::Cancelled,
        _ => return None,
    })
}

/// 0136, whether a specimen is available.
pub(crate) fn specimen_status(code: &str) -> Option<SpecimenStatus> {
    Some(match code {
        "Y" => SpecimenStatus::Available,
        "N" => SpecimenStatus::Unavailable,
        _ => return None,
    })
}

/// 0485, priority.
pub(crate) fn priority(code: &str) -> Option<RequestPriority> {
    Some(match code {
        "S" => RequestPriority::Stat,
        "A" => RequestPriority::Asap,
        "R" => RequestPriority::Routine,
        _ => return None,
    })
}

/// 0482, order type.
pub(crate) fn order_type(code: &str) -> Option<Concept> {
    match code {
        "I" => concept("v3-RoleCode", "HOSP", "Hospital"),
        "O" => concept("v3-RoleCode", "OF", "Outpatient facility"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_the_order_is_not_guessed_from_messages_about_it() {
        for code in ["RE", "SC", "SN", "NA"] {
            assert_eq!(order_control(code), None, "{code}");
        }
        assert_eq!(order_control("NW"), Some(RequestStatus::Active));
        assert_eq!(report_status("A"), None);
    }
}
