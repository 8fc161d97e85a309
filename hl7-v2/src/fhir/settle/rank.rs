//! How far a result has come: what a later stage says is not undone by what an earlier one says later.
//!
//! | rank | `Observation`, `DiagnosticReport` | table 0085 (OBX-11) | table 0123 (OBR-25) |
//! |---|---|---|---|
//! | 0 | `registered`, `unknown` | I, O | O, I, S |
//! | 1 | `partial`, `preliminary` | P, R, S | A, P, R |
//! | 2 | `final` | F, U, V | F |
//! | 3 | `amended`, `corrected`, `appended` | A, B, C | C |
//! | 4 | `cancelled`, `entered-in-error` | X, D, W | X |
//!
//! Both tables order the stages of a result in words: P is "preliminary", F "can only be changed with a corrected
//! result", C "replaces a final result", D and W take the result back. FHIR agrees: `preliminary` "may be incomplete",
//! `final` is "complete and verified", `amended` and `corrected` are "subsequent to being final", `entered-in-error` is
//! the end. Between stages of one rank the time decides. What a laboratory took back it can only say again under
//! another identity.
//!
//! Of the orders (`ServiceRequest`), the rank is that of the status alone: `completed` and `revoked` end an order, by
//! FHIR's definition for good, and `entered-in-error` says that there was none. All else of an order follows time.
//! `Immunization`, `Encounter` and everything else follow time in all things: the standard does not order their states,
//! and A13 does cancel a discharge.

use carewire_fhir_core::Value;

/// The rank of all that a resource of this type and status says.
pub(super) fn of_resource(resource: &Value) -> u8 {
    match resource.str("resourceType") {
        Some("Observation" | "DiagnosticReport") => of_result(resource.str("status").unwrap_or_default()),
        _ => 0,
    }
}

/// The rank of what the resource says of one unit, beside that of the whole.
pub(super) fn of_unit(resource: &Value, unit: &str) -> u8 {
    match (resource.str("resourceType"), unit) {
        (Some("ServiceRequest"), "status") => of_order(resource.str("status").unwrap_or_default()),
        (Some("Patient"), "active") if is_replaced(resource) => MERGE,
        _ => 0,
    }
}

/// The rank of `Patient.active` where a merge, or the end of one, says it.
pub(super) const MERGE: u8 = 1;

/// Whether the resource is a patient that another one has replaced.
fn is_replaced(patient: &Value) -> bool {
    patient.list("link").iter().any(|link| link.str("type") == Some("replaced-by"))
}

fn of_result(status: &str) -> u8 {
    match status {
        "partial" | "preliminary" => 1,
        "final" => 2,
        "amended" | "corrected" | "appended" => 3,
        "cancelled" | "entered-in-error" => 4,
        _ => 0,
    }
}

fn of_order(status: &str) -> u8 {
    match status {
        "completed" | "revoked" => 1,
        "entered-in-error" => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(json: &str) -> Value {
        Value::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_result_goes_forward() {
        let stages = ["registered", "preliminary", "final", "corrected", "cancelled"];
        let ranks = stages.map(|status| {
            of_resource(&Value::object().with("resourceType", "Observation").with("status", status))
        });
        assert_eq!(ranks, [0, 1, 2, 3, 4]);
        assert_eq!(of_resource(&resource(r#"{"resourceType":"Encounter","status":"finished"}"#)), 0);
    }

    #[test]
    fn only_the_one_that_is_replaced_has_a_rank() {
        let replaced = resource(r#"{"resourceType":"Patient","link":[{"type":"replaced-by"}]}"#);
        let replaces = resource(r#"{"resourceType":"Patient","link":[{"type":"replaces"}]}"#);
        assert_eq!([&replaced, &replaces].map(|patient| of_unit(patient, "active")), [MERGE, 0]);
        assert_eq!(of_unit(&replaced, "name"), 0);
    }
}
