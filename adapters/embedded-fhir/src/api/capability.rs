use carewire_fhir_core::Value;

use crate::clock::instant_text;
use crate::rules::types;

/// What the server can do. Like a real server's, it lists `transaction` even where transactions are not atomic.
pub(crate) fn capability_statement(base: &str, now: i64) -> Value {
    let resources: Value = types::all().iter().map(|resource_type| resource(resource_type)).collect();
    let rest = Value::object()
        .with("mode", "server")
        .with("resource", resources)
        .with("interaction", codes(&["transaction", "batch"]));
    Value::object()
        .with("resourceType", "CapabilityStatement")
        .with("status", "active")
        .with("date", instant_text(now))
        .with("kind", "instance")
        .with(
            "software",
            Value::object()
                .with("name", "Carewire embedded FHIR server")
                .with("version", env!("CARGO_PKG_VERSION")),
        )
        .with(
            "implementation",
            Value::object().with("description", "For demonstration and tests").with("url", base),
        )
        .with("fhirVersion", "4.0.1")
        .with("format", vec![Value::string("json")])
        .with("rest", vec![rest])
}

fn resource(resource_type: &str) -> Value {
    let mut parameters =
        vec![parameter("_id", "token"), parameter("_tag", "token"), parameter("_lastUpdated", "date")];
    if types::has_identifier(resource_type) {
        parameters.push(parameter("identifier", "token"));
    }
    if types::has_patient(resource_type) {
        parameters.push(parameter("subject", "reference"));
        parameters.push(parameter("patient", "reference"));
    }
    Value::object()
        .with("type", resource_type)
        .with(
            "interaction",
            codes(&["create", "read", "vread", "update", "delete", "history-instance", "search-type"]),
        )
        .with("versioning", "versioned-update")
        .with("readHistory", true)
        .with("updateCreate", false)
        .with("conditionalCreate", true)
        .with("conditionalRead", "not-match")
        .with("conditionalUpdate", true)
        .with("conditionalDelete", "single")
        .with("searchParam", parameters)
}

fn parameter(name: &str, kind: &str) -> Value {
    Value::object().with("name", name).with("type", kind)
}

fn codes(codes: &[&str]) -> Value {
    codes.iter().map(|code| Value::object().with("code", *code)).collect()
}
