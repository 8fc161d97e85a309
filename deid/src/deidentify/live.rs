//! A resource of a live sync: with the token or pseudonym that it is known by.

use carewire_fhir_core::json::NameId;
use carewire_fhir_core::{Resource, Value};

use super::links::{Links, Placed};
use super::names::{EXTENSION, IDENTIFIER, META, NAME, TAG};
use super::scope::Scope;
use super::walk::Walk;
use super::{Context, ENCRYPTED_ORIGINAL_URL, IDENTITY_SYSTEM, ORIGINAL_SYSTEM, TOKEN_SYSTEM, Treatment};
use crate::patient::PatientKey;
use crate::policy::{At, Plan};
use crate::{Error, Method, Result};

/// The name that every token patient has: viewers want one, and this says nothing.
const PATIENT_NAME: &str = r#","name":[{"text":"Patient"}]"#;

type LiveWalk<'w, 'p, 'n> = Walk<'w, 'p, &'n Value>;

/// The resource of an entry, with its identity.
pub(super) fn resource(
    placed: &Placed<'_>,
    plan: &mut Plan<'_>,
    context: &Context<'_>,
    links: &Links,
) -> Result<Resource> {
    let Placed { identity, resource, .. } = placed;
    let at = plan.root(identity.resource_type).ok_or(Error::Corrupt { what: "resource" })?;
    let token = placed.patient.filter(|_| plan.spot(at).method == Some(Method::Token));
    let limit = plan.policy().dates().limit;
    let patient = placed.patient.map(|patient| PatientKey::Name(patient.as_str().to_owned()));
    let shift = patient.as_ref().map(|patient| patient.shift(context.keys(), limit));
    let mut out = String::with_capacity(512);
    out.push_str("{\"resourceType\":\"");
    out.push_str(identity.resource_type);
    out.push('"');
    let scope = Scope::Live { links, token: placed.patient, shift };
    let mut walk = Walk::new(plan, context.keys(), scope, &mut out)
        .with_tools(context.tools)
        .with_patient(patient.as_ref());
    let mut frame: Vec<NameId> = Vec::new();
    if identity.system == IDENTITY_SYSTEM {
        meta(&mut walk, at, resource, &identity.value)?;
        frame.push(META);
    }
    let token = token.map(|token| token.as_str());
    if let Some(token) = token {
        extension(&mut walk, at, resource, token);
        frame.extend([EXTENSION, NAME]);
    }
    if let Some(identifier) = token.map(|token| (TOKEN_SYSTEM, token)).or_else(|| added(placed)) {
        identifiers(&mut walk, at, resource, identifier)?;
        frame.push(IDENTIFIER);
    }
    if token.is_some() {
        walk.out.push_str(PATIENT_NAME);
        if resource.get(NAME.as_str()).is_some()
            && let Some(place) = walk.plan.child(at, NAME)
        {
            walk.dropped(place);
        }
    }
    walk.resource(at, resource, &frame)?;
    out.push('}');
    Resource::parse(out.as_bytes()).map_err(|_| Error::Corrupt { what: "resource" })
}

/// The identifier that the resource did not bring.
fn added<'a>(placed: &'a Placed<'_>) -> Option<(&'static str, &'a str)> {
    let identity = &placed.identity;
    let is_added = identity.added && identity.system != IDENTITY_SYSTEM;
    is_added.then_some((identity.system, identity.value.as_str()))
}

/// What stays of the metadata, and a tag.
fn meta<'n>(walk: &mut LiveWalk<'_, '_, 'n>, at: At, resource: &'n Value, tag: &str) -> Result<()> {
    let meta = walk.plan.child(at, META).unwrap_or(at);
    let start = walk.open(META.quoted(), '{');
    match resource.get(META.as_str()) {
        Some(source) if walk.plan.fields(meta).is_some() => walk.elements(meta, source, &[TAG])?,
        Some(_) => drop(walk.dropped(meta)),
        None => {}
    }
    let tags = walk.open(TAG.quoted(), '[');
    walk.out.push('{');
    walk.plain("\"system\":", IDENTITY_SYSTEM);
    walk.text("\"code\":", tag);
    walk.out.push('}');
    walk.close(tags, ']');
    walk.close(start, '}');
    let place = walk.plan.common(meta, TAG);
    walk.note(place, Treatment::Added);
    Ok(())
}

/// The identifiers that stay, and one more.
fn identifiers<'n>(
    walk: &mut LiveWalk<'_, '_, 'n>,
    at: At,
    resource: &'n Value,
    (system, value): (&str, &str),
) -> Result<()> {
    let place = walk.plan.child(at, IDENTIFIER).unwrap_or(at);
    let start = walk.open(IDENTIFIER.quoted(), '[');
    if system == TOKEN_SYSTEM {
        walk.put_identifier(system, value);
    }
    if let Some(source) = resource.get(IDENTIFIER.as_str()) {
        walk.items(place, source, resource)?;
    }
    if system != TOKEN_SYSTEM {
        walk.comma();
        walk.put_identifier(system, value);
    }
    walk.close(start, ']');
    walk.note(place, Treatment::Added);
    Ok(())
}

/// The extension by which the sealed original of a patient is asked for, and those that stay.
fn extension<'n>(walk: &mut LiveWalk<'_, '_, 'n>, at: At, resource: &'n Value, token: &str) {
    let start = walk.open(EXTENSION.quoted(), '[');
    walk.out.push('{');
    walk.plain("\"url\":", ENCRYPTED_ORIGINAL_URL);
    walk.out.push_str(",\"valueReference\":{\"identifier\":");
    walk.put_identifier(ORIGINAL_SYSTEM, token);
    walk.out.push_str("}}");
    let place = walk.plan.common(at, EXTENSION);
    if let Some(source) = resource.get(EXTENSION.as_str()) {
        walk.each_extension(place, source);
    }
    walk.close(start, ']');
}
