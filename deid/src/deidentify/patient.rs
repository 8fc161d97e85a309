//! The token patient.

use carewire_fhir_core::Value;

use super::{ENCRYPTED_ORIGINAL_URL, ORIGINAL_SYSTEM, TOKEN_SYSTEM};

/// The name that every token patient has: viewers want one, and this says nothing.
const NAME: &str = "Patient";

/// The frame of a token patient, to which the elements that the policy keeps are added.
pub(super) fn token_patient(token: &str) -> Value {
    let original = identifier(ORIGINAL_SYSTEM, token);
    let extension = Value::object()
        .with("url", ENCRYPTED_ORIGINAL_URL)
        .with("valueReference", Value::object().with("identifier", original));
    Value::object()
        .with("resourceType", "Patient")
        .with("extension", vec![extension])
        .with("identifier", vec![identifier(TOKEN_SYSTEM, token)])
        .with("name", vec![Value::object().with("text", NAME)])
}

pub(super) fn identifier(system: &str, value: &str) -> Value {
    Value::object().with("system", system).with("value", value)
}
