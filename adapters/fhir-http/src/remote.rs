use std::sync::Arc;

use async_trait::async_trait;
use carewire_fhir_core::{Resource, Value};
use carewire_sync_engine::{
    InventoryEntry, Limits, PermittedWrites, Refusal, Remembered, Remote, WriteOutcome,
};
use reqwest::Method;

use crate::classify::transient;
use crate::options::{Options, base_url};
use crate::submit::{outcomes, transaction, version_in};
use crate::token::{NoToken, TokenSource};
use crate::transport::{Call, Reply, Transport};
use crate::{Error, probe};

/// Ids in one inventory request: a URL of less than 4 KiB.
const INVENTORY_IDS: usize = 100;

/// A FHIR R4 server over HTTP.
///
/// ```
/// use carewire_fhir_http::{FhirHttpRemote, Options, StaticToken};
/// use carewire_sync_engine::Remote;
/// let remote = FhirHttpRemote::new("clinic", "https://fhir.example.org/R4", &Options::default(), StaticToken::new("t"))?;
/// assert_eq!(remote.name(), "clinic");
/// assert!(FhirHttpRemote::open("clinic", "http://fhir.example.org/R4").is_err());
/// # Ok::<(), carewire_fhir_http::Error>(())
/// ```
#[derive(Debug)]
pub struct FhirHttpRemote {
    transport: Transport,
    limits: Limits,
}

impl FhirHttpRemote {
    /// A remote of that name.
    ///
    /// # Errors
    /// [`Error::BaseUrl`] when the URL is not safe to use, [`Error::Tls`] and [`Error::Certificate`] when certificates
    /// cannot be read, [`Error::Client`] when the client cannot be made.
    pub fn new(
        name: &str,
        base: &str,
        options: &Options,
        tokens: impl TokenSource + 'static,
    ) -> Result<Self, Error> {
        let base = base_url(base, options.allow_plain_http)?;
        let limits = Limits {
            conditional_entries: options.conditional_entries,
            update_entries: options.update_entries,
            atomic: false,
        };
        Ok(Self { transport: Transport::new(name, base, options, Arc::new(tokens))?, limits })
    }

    /// A remote that asks for no token, with the default options.
    ///
    /// # Errors
    /// As [`FhirHttpRemote::new`].
    pub fn open(name: &str, base: &str) -> Result<Self, Error> {
        Self::new(name, base, &Options::default(), NoToken)
    }

    async fn get(&self, path: &[&str], query: &[(&str, &str)], what: &str) -> Result<Reply, Refusal> {
        let call = Call { method: Method::GET, path, query, body: None, what, entries: 0 };
        self.transport.send(call).await
    }

    /// Looks a part of an inventory up; `None` when the server would not show all of it on one page.
    async fn inventory_page(
        &self,
        resource_type: &str,
        ids: &[String],
    ) -> Result<Option<Vec<InventoryEntry>>, Refusal> {
        let (list, count) = (ids.join(","), ids.len().to_string());
        let query = [("_id", list.as_str()), ("_elements", "id,meta"), ("_count", &count)];
        let page = self.get(&[resource_type], &query, resource_type).await?.body;
        if page.str("resourceType") != Some("Bundle") {
            return Err(transient("unreadable-answer"));
        }
        if ids.len() > 1 && page.list("link").iter().any(|link| link.str("relation") == Some("next")) {
            return Ok(None);
        }
        let resources = page.list("entry").iter().filter_map(|entry| entry.get("resource"));
        let resources = resources.filter(|resource| resource.str("resourceType") == Some(resource_type));
        Ok(Some(resources.filter_map(line).collect()))
    }
}

#[async_trait]
impl Remote for FhirHttpRemote {
    fn name(&self) -> &str {
        self.transport.name()
    }

    async fn probe(&self) -> carewire_sync_engine::Result<Limits> {
        match probe::is_atomic(&self.transport).await {
            Ok(atomic) => Ok(Limits { atomic, ..self.limits }),
            Err(refusal) => {
                let source = Error::Probe { code: refusal.code().to_owned() };
                Err(carewire_sync_engine::Error::Unavailable {
                    what: "remote",
                    source: Some(Box::new(source)),
                })
            }
        }
    }

    async fn submit(&self, writes: PermittedWrites<'_>) -> Result<Vec<WriteOutcome>, Refusal> {
        let writes = writes.writes();
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let body = transaction(writes)?.to_json();
        let call = Call {
            method: Method::POST,
            path: &[],
            query: &[],
            body: Some(body),
            what: "Bundle",
            entries: writes.len(),
        };
        let outcomes = outcomes(writes, &self.transport.send(call).await?.body)?;
        for outcome in &outcomes {
            if let WriteOutcome::Refused(refusal) = outcome {
                self.transport.heed(refusal);
            }
        }
        Ok(outcomes)
    }

    async fn read(&self, resource_type: &str, id: &str) -> Result<Remembered, Refusal> {
        match self.get(&[resource_type, id], &[], resource_type).await {
            Ok(reply) => {
                let version = reply.version.or_else(|| version_in(&reply.body));
                let resource =
                    Resource::from_value(reply.body).map_err(|_| transient("unreadable-answer"))?;
                if resource.resource_type() != resource_type || resource.id() != Some(id) {
                    return Err(transient("unreadable-answer"));
                }
                Ok(Remembered::Present { resource: Box::new(resource), version })
            }
            Err(Refusal::Gone { deleted: true }) => Ok(Remembered::Deleted),
            Err(Refusal::Gone { deleted: false }) => Ok(Remembered::Absent),
            Err(refusal) => Err(refusal),
        }
    }

    async fn inventory(&self, resource_type: &str, ids: &[String]) -> Result<Vec<InventoryEntry>, Refusal> {
        let mut found = Vec::with_capacity(ids.len());
        let mut parts: Vec<&[String]> = ids.chunks(INVENTORY_IDS).rev().collect();
        while let Some(part) = parts.pop() {
            match self.inventory_page(resource_type, part).await? {
                Some(lines) => found.extend(lines),
                // A missing line would be taken for a deletion: ask for less at a time.
                None => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.extend([second, first]);
                }
            }
        }
        Ok(found)
    }
}

fn line(resource: &Value) -> Option<InventoryEntry> {
    Some(InventoryEntry { id: resource.str("id")?.to_owned(), version: version_in(resource) })
}
