use carewire_fhir_core::Value;
use carewire_fhir_core::search::{Criterion, ParameterKind, SearchParameter, parameters};

use crate::clock::instant_text;
use crate::rules::types;

const FHIR: &str = "http://hl7.org/fhir/OperationDefinition/";
const BULK: &str = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/";

/// What the server can do. Like a real server's, it lists `transaction` even where transactions are not atomic.
pub(crate) fn capability_statement(base: &str, now: i64, demands_token: bool) -> Value {
    let resources: Value = types::all().iter().map(|resource_type| resource(resource_type)).collect();
    let security = if demands_token {
        "A bearer token is demanded of every request."
    } else {
        "Everybody may do everything: for demonstration and tests only."
    };
    let rest = Value::object()
        .with("mode", "server")
        .with("security", Value::object().with("cors", false).with("description", security))
        .with("resource", resources)
        .with("interaction", codes(&["transaction", "batch", "history-system", "search-system"]))
        .with("compartment", vec![compartment("patient"), compartment("encounter")])
        .with("operation", vec![operation("export", &format!("{BULK}export"))]);
    Value::object()
        .with("resourceType", "CapabilityStatement")
        .with("status", "active")
        .with("date", instant_text(now))
        .with("kind", "instance")
        .with(
            "instantiates",
            vec![Value::string("http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data")],
        )
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
        .with("patchFormat", vec![Value::string("application/json-patch+json")])
        .with("rest", vec![rest])
}

fn resource(resource_type: &str) -> Value {
    let interactions = [
        "create",
        "read",
        "vread",
        "update",
        "patch",
        "delete",
        "history-instance",
        "history-type",
        "search-type",
    ];
    let searchable: Vec<_> = parameters(resource_type).filter(|entry| is_searchable(entry)).collect();
    let references = searchable.iter().filter(|entry| entry.kind == ParameterKind::Reference);
    let includes: Value =
        references.map(|entry| Value::string(format!("{resource_type}:{}", entry.code))).collect();
    let mut value = Value::object()
        .with("type", resource_type)
        .with("interaction", codes(&interactions))
        .with("versioning", "versioned-update")
        .with("readHistory", true)
        .with("updateCreate", false)
        .with("conditionalCreate", true)
        .with("conditionalRead", "not-match")
        .with("conditionalUpdate", true)
        .with("conditionalDelete", "single");
    if !includes.is_empty() {
        value.set("searchInclude", includes);
    }
    let listed = searchable
        .iter()
        .map(|entry| Value::object().with("name", entry.code).with("type", entry.kind.as_str()));
    value.set("searchParam", listed.collect::<Value>());
    value.with("operation", operations(resource_type))
}

/// Whether a search by the parameter is answered.
fn is_searchable(parameter: &SearchParameter) -> bool {
    parameter.kind != ParameterKind::Special && Criterion::missing(parameter.code, true).is_decidable()
}

fn compartment(name: &str) -> Value {
    Value::string(format!("http://hl7.org/fhir/CompartmentDefinition/{name}"))
}

fn operations(resource_type: &str) -> Vec<Value> {
    let mut operations = vec![operation("validate", &format!("{FHIR}Resource-validate"))];
    match resource_type {
        "Patient" => {
            operations.push(operation("everything", &format!("{FHIR}Patient-everything")));
            operations.push(operation("export", &format!("{BULK}patient-export")));
        }
        "Encounter" => operations.push(operation("everything", &format!("{FHIR}Encounter-everything"))),
        "Group" => operations.push(operation("export", &format!("{BULK}group-export"))),
        _ => {}
    }
    operations
}

fn operation(name: &str, definition: &str) -> Value {
    Value::object().with("name", name).with("definition", definition)
}

fn codes(codes: &[&str]) -> Value {
    codes.iter().map(|code| Value::object().with("code", *code)).collect()
}
