//! The key that a resource is known by on the other side.

use carewire_fhir_core::{PatientToken, Resource, Value, canonical_json};
use std::collections::{HashMap, HashSet};

use super::query::identifier_of;
use super::{Context, IDENTITY_SYSTEM, PSEUDONYM_SYSTEM, TOKEN_SYSTEM};
use crate::policy::Node;
use crate::{Error, Method, Policy, Pseudonymizer, Refusal, Result, fhir};

/// The identity of one resource.
#[derive(Clone)]
pub(super) struct Identity {
    pub(super) resource_type: &'static str,
    pub(super) system: &'static str,
    pub(super) value: String,
    pub(super) full_url: String,
    /// Whether the identifier must be added, because the resource came without a usable one.
    pub(super) added: bool,
}

/// A resource that wants an identity.
pub(super) struct Candidate<'a> {
    pub(super) index: usize,
    pub(super) resource_type: &'static str,
    pub(super) entry: &'a Value,
    pub(super) resource: &'a Value,
}

/// The surrogate of an identifier: of system and value, so that it is the same wherever the identifier stands.
pub(super) fn identifier(keys: &Pseudonymizer, identifier: &Value) -> Option<String> {
    let value = identifier.str("value").filter(|value| !value.is_empty())?;
    Some(pseudonym(keys, identifier.str("system").unwrap_or_default(), value))
}

/// The surrogate of a system and a value; of a surrogate itself.
pub(super) fn pseudonym(keys: &Pseudonymizer, system: &str, value: &str) -> String {
    if system == PSEUDONYM_SYSTEM && keys.is_own(value) {
        return value.to_owned();
    }
    keys.pseudonym("identifier", &[system.as_bytes(), value.as_bytes()])
}

/// Gives each resource an identity that no other one of its type in the Bundle has.
///
/// The patient's is its token. Another resource's is the pseudonym of an identifier: of the one that its conditional
/// URL names, else of the first that no sibling shares. Failing that it is the pseudonym of the address that the sender
/// gave it, added as an identifier, or as a tag where its type has no list of identifiers.
pub(super) fn identify(
    candidates: &[Candidate<'_>],
    policy: &Policy,
    context: &Context<'_>,
) -> Result<Vec<Identity>> {
    let shared = shared(candidates, policy, context.keys());
    let mut taken: HashMap<(&'static str, String), u64> = HashMap::new();
    let mut patients = HashSet::new();
    let mut identities = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        if policy.root(candidate.resource_type).is_some_and(|node| node.method == Some(Method::Token)) {
            identities.push(patient(candidate, context, &mut patients)?);
            continue;
        }
        let own = named(candidate, policy, context.keys())
            .find(|value| !shared.contains_key(&(candidate.resource_type, value.clone())));
        let named = own.filter(|_| has_identifiers(candidate.resource_type, policy));
        identities.push(match named {
            Some(value) => {
                Identity::new(context.keys(), candidate.resource_type, PSEUDONYM_SYSTEM, value, false)
            }
            None => by_address(candidate, policy, context.keys(), &mut taken),
        });
    }
    Ok(identities)
}

impl Identity {
    fn new(
        keys: &Pseudonymizer,
        resource_type: &'static str,
        system: &'static str,
        value: String,
        added: bool,
    ) -> Self {
        let parts = [resource_type.as_bytes(), system.as_bytes(), value.as_bytes()];
        let full_url = format!("urn:uuid:{}", keys.uuid("full-url", &parts));
        Self { resource_type, system, value, full_url, added }
    }
}

fn patient<'a>(
    candidate: &Candidate<'_>,
    context: &Context<'a>,
    given: &mut HashSet<&'a PatientToken>,
) -> Result<Identity> {
    let refused =
        |reason| Err(Error::Refused { path: format!("entry[{}].Patient", candidate.index), reason });
    match context.patient_at(candidate.entry.str("fullUrl")) {
        None => refused(Refusal::PatientWithoutToken),
        Some(token) if !given.insert(token) => refused(Refusal::SeveralPatients),
        Some(token) => {
            Ok(Identity::new(context.keys(), "Patient", TOKEN_SYSTEM, token.as_str().to_owned(), false))
        }
    }
}

/// The pseudonyms that the policy lets stand for a resource's identifiers, that of the one which its conditional URL names
/// first.
fn named(candidate: &Candidate<'_>, policy: &Policy, keys: &Pseudonymizer) -> impl Iterator<Item = String> {
    let wanted = candidate.entry.get("request").and_then(|request| {
        let condition = request.str("ifNoneExist").or_else(|| request.str("url"))?;
        Some(identifier_of(condition)?.1)
    });
    let is_wanted = |identifier: &&Value| {
        let [system, value] = parts(identifier);
        wanted.as_ref().is_some_and(|wanted| {
            wanted.split_once('|').map_or(wanted == value, |pair| pair == (system, value))
        })
    };
    let becomes_surrogate = |identifier: &&Value| {
        let [system, value] = parts(identifier);
        policy.identifiers().method(system, value, Method::Pseudonym) == Method::Pseudonym
    };
    let list = candidate.resource.list("identifier");
    let first: Vec<_> = list
        .iter()
        .filter(is_wanted)
        .chain(list)
        .filter(becomes_surrogate)
        .filter_map(|one| identifier(keys, one))
        .collect();
    first.into_iter()
}

/// System and value of an identifier.
fn parts(identifier: &Value) -> [&str; 2] {
    ["system", "value"].map(|name| identifier.str(name).unwrap_or_default())
}

/// The pseudonyms that more than one resource of a type carries.
fn shared(
    candidates: &[Candidate<'_>],
    policy: &Policy,
    keys: &Pseudonymizer,
) -> HashMap<(&'static str, String), usize> {
    let mut carriers = HashMap::new();
    for candidate in candidates {
        let mut values: Vec<_> = named(candidate, policy, keys).collect();
        values.sort_unstable();
        values.dedup();
        for value in values {
            *carriers.entry((candidate.resource_type, value)).or_insert(0) += 1;
        }
    }
    carriers.retain(|_, count| *count > 1);
    carriers
}

/// Whether the type has a list of identifiers and the policy lets pseudonyms of them through.
fn has_identifiers(resource_type: &str, policy: &Policy) -> bool {
    let field = fhir::resource(resource_type).and_then(|(_, fields)| fields.get("identifier"));
    let own = |node: &Node| node.children.get("identifier").and_then(|identifier| identifier.method);
    let method = policy
        .root(resource_type)
        .and_then(|node| own(node).or_else(|| node.deep.then(|| policy.identifiers().otherwise())));
    field.is_some_and(|(_, field)| field.many) && method == Some(Method::Pseudonym)
}

fn by_address(
    candidate: &Candidate<'_>,
    policy: &Policy,
    keys: &Pseudonymizer,
    taken: &mut HashMap<(&'static str, String), u64>,
) -> Identity {
    let kind = candidate.resource_type;
    let value = own_tag(candidate.resource, keys).unwrap_or_else(|| {
        let address = address(candidate);
        let count = taken.entry((kind, address.clone())).or_default();
        *count += 1;
        keys.pseudonym("address", &[kind.as_bytes(), address.as_bytes(), &count.to_be_bytes()])
    });
    let added = has_identifiers(kind, policy);
    let system = if added { PSEUDONYM_SYSTEM } else { IDENTITY_SYSTEM };
    Identity::new(keys, kind, system, value, added)
}

/// A tag that an earlier pass gave.
fn own_tag(resource: &Value, keys: &Pseudonymizer) -> Option<String> {
    let tags = resource.get("meta").map(|meta| meta.list("tag")).unwrap_or_default();
    let own = tags
        .iter()
        .filter(|tag| tag.str("system") == Some(IDENTITY_SYSTEM))
        .filter_map(|tag| tag.str("code"));
    own.into_iter().find(|code| keys.is_own(code)).map(str::to_owned)
}

/// The address that the sender gave, or failing that the content itself.
fn address(candidate: &Candidate<'_>) -> String {
    let Candidate { entry, resource, .. } = candidate;
    let given = entry.str("fullUrl").or_else(|| resource.str("id")).map(str::to_owned);
    given.unwrap_or_else(|| {
        Resource::from_value((*resource).clone())
            .map(|resource| canonical_json(&resource))
            .unwrap_or_default()
    })
}
