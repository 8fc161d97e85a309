//! The Bundle around the resources: addresses, requests, what is left out.

use carewire_fhir_core::{PatientToken, Resource, Value};

use super::identity::{Candidate, identify};
use super::links::{Links, Placed};
use super::live;
use super::owner::owners;
use super::{Context, Deidentified, DeidentifiedEntry, Manifest, Treatment};
use crate::policy::Plan;
use crate::{Error, Policy, Refusal, Result, fhir};

pub(super) fn deidentify(bundle: &Value, policy: &Policy, context: &Context<'_>) -> Result<Deidentified> {
    policy.permits(context.keys())?;
    context.tools.suffice(policy, policy.needs())?;
    if policy.needs_as_of() {
        return Err(Error::Refused { path: "as_of".to_owned(), reason: Refusal::NoDay });
    }
    let mut manifest = Manifest::of(policy, context.keys(), context.tools);
    let candidates = candidates(bundle, policy, &mut manifest);
    let identities = identify(&candidates, policy, context)?;
    let mut placed: Vec<_> = candidates
        .iter()
        .zip(identities)
        .map(|(one, identity)| Placed {
            index: one.index,
            entry: one.entry,
            resource: one.resource,
            identity,
            patient: None,
        })
        .collect();
    let links = Links::new(&placed)?;
    let owners = owners(&placed, &links, context)?;
    placed.iter_mut().zip(owners).for_each(|(one, owner)| one.patient = owner);
    let mut out = envelope(bundle, &mut manifest);
    let (mut entries, mut items) = (Vec::new(), Vec::new());
    let mut plan = Plan::new(policy);
    for one in &placed {
        let entry = entry(one, &mut plan, context, &links)?;
        let mut item = Value::object().with("fullUrl", entry.full_url.as_str());
        item.set("resource", entry.resource.value().clone());
        if let Some(request) = request(one.entry, &entry) {
            item.set("request", request);
            manifest.note("Bundle.entry.request", Treatment::Rewritten);
        }
        manifest.note("Bundle.entry.fullUrl", Treatment::Rewritten);
        items.push(item);
        entries.push(entry);
    }
    if !items.is_empty() {
        out.set("entry", items);
    }
    plan.settle();
    plan.count(&mut manifest);
    Ok(Deidentified { bundle: whole(out)?, entries, manifest })
}

/// The entries whose resource the policy names.
fn candidates<'a>(bundle: &'a Value, policy: &Policy, manifest: &mut Manifest) -> Vec<Candidate<'a>> {
    let mut candidates = Vec::new();
    for (index, entry) in bundle.list("entry").iter().enumerate() {
        let resource = entry.get("resource");
        let known = resource.and_then(|resource| fhir::resource(resource.str("resourceType")?));
        match (resource, known) {
            (Some(resource), Some((resource_type, _))) if policy.names_type(resource_type) => {
                candidates.push(Candidate { index, resource_type, entry, resource });
            }
            (_, Some((resource_type, _))) => manifest.note(resource_type, Treatment::LeftOut),
            _ => manifest.note("?", Treatment::LeftOut),
        }
    }
    candidates
}

fn entry(
    placed: &Placed<'_>,
    plan: &mut Plan<'_>,
    context: &Context<'_>,
    links: &Links,
) -> Result<DeidentifiedEntry> {
    let resource =
        live::resource(placed, plan, context, links).map_err(|error| at_entry(error, placed.index))?;
    let identity = &placed.identity;
    Ok(DeidentifiedEntry {
        index: placed.index,
        resource_type: identity.resource_type.to_owned(),
        system: identity.system.to_owned(),
        value: identity.value.clone(),
        full_url: identity.full_url.clone(),
        patient: placed.patient.cloned(),
        linked: linked(resource.value()),
        resource,
    })
}

/// The tokens that the links of a Patient name.
fn linked(resource: &Value) -> Vec<PatientToken> {
    let named =
        resource.list("link").iter().filter_map(|link| link.get("other")?.get("identifier")?.str("value"));
    named.filter_map(|token| PatientToken::new(token).ok()).collect()
}

/// The Bundle without its entries: only its type stays.
fn envelope(bundle: &Value, manifest: &mut Manifest) -> Value {
    let mut out = Value::object().with("resourceType", "Bundle");
    for (name, value) in bundle.members() {
        match (name, value.as_str()) {
            ("resourceType" | "entry", _) => {}
            ("type", Some(text)) if BUNDLE_TYPES.contains(&text) => {
                out.set("type", text);
                manifest.note("Bundle.type", Treatment::Kept);
            }
            (name, _) if ENVELOPE.contains(&name) => {
                manifest.note(&format!("Bundle.{name}"), Treatment::Dropped)
            }
            _ => manifest.note("Bundle.?", Treatment::Dropped),
        }
    }
    out
}

const BUNDLE_TYPES: [&str; 9] = [
    "document",
    "message",
    "transaction",
    "transaction-response",
    "batch",
    "batch-response",
    "history",
    "searchset",
    "collection",
];

const ENVELOPE: [&str; 11] = [
    "id",
    "meta",
    "implicitRules",
    "language",
    "identifier",
    "type",
    "timestamp",
    "total",
    "link",
    "signature",
    "text",
];

/// The request of an entry, on the resource's new identity: an update where there was one, else a create that happens
/// only if the resource is not there yet.
fn request(entry: &Value, out: &DeidentifiedEntry) -> Option<Value> {
    let request = entry.get("request")?;
    let value = match request.str("method")? {
        "PUT" | "PATCH" => Value::object().with("method", "PUT").with("url", out.search()),
        "POST" => Value::object()
            .with("method", "POST")
            .with("url", out.resource_type.as_str())
            .with("ifNoneExist", out.criteria()),
        "DELETE" => Value::object().with("method", "DELETE").with("url", out.search()),
        _ => return None,
    };
    Some(value)
}

fn at_entry(error: Error, index: usize) -> Error {
    match error {
        Error::Refused { path, reason } => Error::Refused { path: format!("entry[{index}].{path}"), reason },
        other => other,
    }
}

fn whole(value: Value) -> Result<Resource> {
    Resource::from_value(value).map_err(|_| Error::Corrupt { what: "resource" })
}
