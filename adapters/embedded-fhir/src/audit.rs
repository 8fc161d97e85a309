//! A record of every interaction, as `AuditEvent` resources among the others.

use std::net::IpAddr;

use carewire_fhir_core::Value;
use uuid::Uuid;

use crate::api::{Answer, Context, ExportStep, Operation, Scope};
use crate::clock::instant_text;
use crate::refusal::Refusal;
use crate::rules::content;
use crate::store::{Keys, Row, Version, Work};

/// Who asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agent {
    pub(crate) address: Option<IpAddr>,
    /// Whether a token was shown.
    pub(crate) has_token: bool,
}

/// Records what became of an operation, unless it was about an `AuditEvent`. Ids and codes are recorded, no values: of a
/// search, the type but not the query.
pub(crate) fn record(
    work: &mut Work<'_>,
    operation: &Operation,
    result: &Result<Answer, Refusal>,
    context: &Context<'_>,
) {
    let Some(agent) = context.audit else { return };
    let Some((action, code)) = action(operation) else { return };
    let entities = entities(work, operation, result);
    if about_audit(operation) {
        return;
    }
    let event = Value::object()
        .with("resourceType", "AuditEvent")
        .with("type", coding("http://terminology.hl7.org/CodeSystem/audit-event-type", "rest"))
        .with("subtype", vec![coding("http://hl7.org/fhir/restful-interaction", code)])
        .with("action", action)
        .with("recorded", instant_text(context.now))
        .with("outcome", outcome(result))
        .with("agent", vec![agent.value()])
        .with(
            "source",
            Value::object()
                .with("observer", Value::object().with("display", "Carewire embedded FHIR server"))
                .with(
                    "type",
                    vec![coding("http://terminology.hl7.org/CodeSystem/security-source-type", "4")],
                ),
        )
        .with("entity", entities);
    let (id, version) = ((context.new_id)(), (context.new_id)());
    let keys = Keys::of(&event);
    let text = content::stored_text(&event, id, version, context.now);
    work.put("AuditEvent", id, Version::new(version, context.now, Some(text.into())), keys);
}

impl Agent {
    fn value(&self) -> Value {
        let who = if self.has_token { "client with a token" } else { "client without a token" };
        let agent = Value::object().with("who", Value::object().with("display", who)).with("requestor", true);
        match self.address {
            Some(address) => {
                let network = Value::object().with("address", address.to_string()).with("type", "2");
                agent.with("network", network)
            }
            None => agent,
        }
    }
}

/// The codes of the action (C, R, U, D, E) and of the interaction.
fn action(operation: &Operation) -> Option<(&'static str, &'static str)> {
    Some(match operation {
        Operation::Metadata => return None,
        Operation::Bundle => ("E", "transaction"),
        Operation::Read { .. } => ("R", "read"),
        Operation::ReadVersion { .. } => ("R", "vread"),
        Operation::History { scope: Scope::Instance(..), .. } => ("R", "history-instance"),
        Operation::History { scope: Scope::Type(_), .. } => ("R", "history-type"),
        Operation::History { scope: Scope::System, .. } => ("R", "history-system"),
        Operation::Search { .. } | Operation::SearchCompartment { of: Some(_), .. } => ("E", "search-type"),
        Operation::SearchSystem { .. } | Operation::SearchCompartment { of: None, .. } => {
            ("E", "search-system")
        }
        Operation::Create { .. } => ("C", "create"),
        Operation::Update { .. } | Operation::ConditionalUpdate { .. } => ("U", "update"),
        Operation::Patch { .. } | Operation::ConditionalPatch { .. } => ("U", "patch"),
        Operation::Delete { .. } | Operation::ConditionalDelete { .. } => ("D", "delete"),
        Operation::Everything { .. } | Operation::Validate { .. } => ("E", "operation"),
        Operation::Export(ExportStep::Start { .. } | ExportStep::Download { .. }) => ("E", "operation"),
        Operation::Export(_) => return None,
    })
}

/// `0` for success, `4` for what the client did wrong, `8` for what the server did.
fn outcome(result: &Result<Answer, Refusal>) -> &'static str {
    match result {
        Ok(_) => "0",
        Err(refusal) if refusal.status < 400 => "0",
        Err(refusal) if refusal.status < 500 => "4",
        Err(_) => "8",
    }
}

fn about_audit(operation: &Operation) -> bool {
    resource_type(operation) == Some("AuditEvent")
}

fn resource_type(operation: &Operation) -> Option<&'static str> {
    match operation {
        Operation::Read { resource_type, .. }
        | Operation::ReadVersion { resource_type, .. }
        | Operation::Search { resource_type, .. }
        | Operation::SearchCompartment { of: Some(resource_type), .. }
        | Operation::SearchCompartment { resource_type, of: None, .. }
        | Operation::Create { resource_type }
        | Operation::Update { resource_type, .. }
        | Operation::ConditionalUpdate { resource_type, .. }
        | Operation::Patch { resource_type, .. }
        | Operation::ConditionalPatch { resource_type, .. }
        | Operation::Delete { resource_type, .. }
        | Operation::ConditionalDelete { resource_type, .. }
        | Operation::Validate { resource_type, .. }
        | Operation::Everything { resource_type, .. }
        | Operation::History {
            scope: Scope::Type(resource_type) | Scope::Instance(resource_type, _), ..
        } => Some(resource_type),
        Operation::Metadata
        | Operation::Bundle
        | Operation::Export(_)
        | Operation::SearchSystem { .. }
        | Operation::History { .. } => None,
    }
}

/// The resource, and the patient that it is about.
fn entities(work: &Work<'_>, operation: &Operation, result: &Result<Answer, Refusal>) -> Value {
    let target = match result {
        Ok(Answer { resource: Some(target), .. }) => Some(*target),
        _ => named(operation),
    };
    let Some((resource_type, id)) = target else {
        let name = resource_type(operation).unwrap_or("Bundle");
        let of_type = coding("http://hl7.org/fhir/resource-types", name);
        return [Value::object().with("type", of_type)].into_iter().collect();
    };
    let what = |reference: &str| Value::object().with("reference", reference);
    let of_type = coding("http://hl7.org/fhir/resource-types", resource_type);
    let mut entities =
        vec![Value::object().with("what", what(&format!("{resource_type}/{id}"))).with("type", of_type)];
    let row = work.state().row(resource_type, id).filter(|_| resource_type != "Patient");
    let references = row.map(references).unwrap_or_default();
    for patient in references.iter().filter(|target| target.starts_with("Patient/")) {
        let role = coding("http://terminology.hl7.org/CodeSystem/object-role", "1");
        entities.push(Value::object().with("what", what(patient)).with("role", role));
    }
    entities.into_iter().collect()
}

/// What the resource refers to, or referred to before it was deleted.
fn references(row: &Row) -> Vec<Box<str>> {
    let is_live = row.newest().is_some_and(|version| version.text.is_some());
    if is_live {
        return row.keys().references.clone();
    }
    let last = row.versions().iter().rev().find_map(|version| version.text.as_deref());
    let last = last.and_then(|text| Value::parse(text.as_bytes()).ok());
    last.map(|resource| Keys::of(&resource).references).unwrap_or_default()
}

/// The resource that the request names, when that can be an id of this server: nothing else is repeated.
fn named(operation: &Operation) -> Option<(&'static str, Uuid)> {
    let (resource_type, id) = match operation {
        Operation::Read { resource_type, id }
        | Operation::ReadVersion { resource_type, id, .. }
        | Operation::Update { resource_type, id }
        | Operation::Patch { resource_type, id }
        | Operation::Delete { resource_type, id }
        | Operation::Everything { resource_type, id, .. }
        | Operation::SearchCompartment { resource_type, id, .. }
        | Operation::History { scope: Scope::Instance(resource_type, id), .. } => (*resource_type, id),
        Operation::Validate { resource_type, id: Some(id), .. } => (*resource_type, id),
        _ => return None,
    };
    Some((resource_type, crate::api::parse_id(id)?))
}

fn coding(system: &str, code: &str) -> Value {
    Value::object().with("system", system).with("code", code)
}
