//! Who settles messages with a server that others write to as well.

use std::collections::HashMap;

use carewire_fhir_core::http::{Effect, FailureKind};
use carewire_fhir_core::{Resource, dependency_order, rewrite_references, visit_references};
use carewire_fhir_http::{CallError, FhirClient};
use carewire_hl7_v2::fhir::{SettlePolicy, Settled, settle};

use crate::messages::{Entry, Said};

/// Reads, settles, and writes what it has read, unless somebody else was faster; then again.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    client: FhirClient,
    policy: SettlePolicy,
}

/// Where the entries of one message are at the server: from `fullUrl` to `Type/id`.
type Places = HashMap<String, String>;

impl Desk {
    pub(crate) fn new(client: FhirClient, policy: SettlePolicy) -> Self {
        Self { client, policy }
    }

    /// Applies a message: what is referred to before what refers. Of those that refer to each other, all are there before
    /// the references are written.
    pub(crate) async fn apply(&self, message: &Said) {
        let mut places = Places::new();
        let position = |url: &str| message.iter().position(|entry| entry.full_url == url);
        let references = |entry: &Entry| {
            let mut targets = Vec::new();
            visit_references(entry.resource.value(), &mut |_, text| targets.extend(position(text)));
            targets
        };
        let edges: Vec<Vec<usize>> = message.iter().map(references).collect();
        for part in dependency_order(&edges) {
            if part.len() > 1 {
                for entry in part.iter().map(|&n| &message[n]) {
                    let place = self.settle(entry, without_rings(entry, &places)).await;
                    places.insert(entry.full_url.clone(), place);
                }
            }
            for entry in part.iter().map(|&n| &message[n]) {
                let place = self.settle(entry, at_the_server(&entry.resource, &places)).await;
                places.insert(entry.full_url.clone(), place);
            }
        }
    }

    async fn settle(&self, entry: &Entry, incoming: Resource) -> String {
        let query = entry.query();
        for _ in 0..1000 {
            let found = self.client.search(&query).resources().await.unwrap();
            assert!(found.len() <= 1, "an identity finds one resource");
            let known = found.into_iter().next();
            let place = |id: &str| format!("{}/{id}", incoming.resource_type());
            let next = match settle(known.as_ref(), &incoming, &entry.change, &self.policy) {
                Settled::Unchanged => return place(known.unwrap().id().unwrap()),
                Settled::Write(next) => next,
            };
            let answer = match &known {
                Some(known) => {
                    let version = known.value().get("meta").and_then(|meta| meta.str("versionId"));
                    self.client.update(&next, version).await
                }
                None => self.client.create_unless(&next, &query).await,
            };
            match answer {
                // Somebody else made it at the same time: it is there now.
                Ok(answer) if known.is_none() && answer.effect != Effect::Created => {}
                Ok(answer) => return place(answer.resource.unwrap().id().unwrap()),
                Err(CallError::Failed(failure)) if is_race(failure.kind()) => {}
                Err(error) => panic!("{error}"),
            }
        }
        panic!("others are always faster")
    }
}

fn is_race(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::VersionConflict | FailureKind::Serialization | FailureKind::Conflict)
}

fn at_the_server(resource: &Resource, places: &Places) -> Resource {
    let mut resource = resource.clone();
    rewrite_references(resource.value_mut(), &mut |text| Some(places.get(text).unwrap().clone()));
    resource
}

/// Without the elements that refer to what has no place yet.
fn without_rings(entry: &Entry, places: &Places) -> Resource {
    let mut resource = entry.resource.clone();
    resource.value_mut().retain_members(|_, member| {
        let mut known = true;
        let holder = carewire_fhir_core::Value::object().with("member", member.clone());
        visit_references(&holder, &mut |_, text| known &= places.contains_key(text));
        known
    });
    at_the_server(&resource, places)
}
