use async_trait::async_trait;
use carewire_fhir_core::http::Interaction;
use carewire_fhir_core::search::{Criterion, SearchQuery, Token};
use carewire_fhir_core::{Resource, Value};
use carewire_sync_engine::{
    InventoryEntry, Limits, PermittedWrites, Refusal, Remembered, Remote, WriteOutcome,
};

use crate::classify::{refusal_of_call, transient};
use crate::options::Options;
use crate::submit::{outcomes, transaction, version_in};
use crate::token::{NoToken, TokenSource};
use crate::{Error, FhirClient, probe};

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
    client: FhirClient,
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
        let limits = Limits {
            conditional_entries: options.conditional_entries,
            update_entries: options.update_entries,
            atomic: false,
        };
        Ok(Self { client: FhirClient::named(name, base, options, tokens)?, limits })
    }

    /// A remote that asks for no token, with the default options.
    ///
    /// # Errors
    /// As [`FhirHttpRemote::new`].
    pub fn open(name: &str, base: &str) -> Result<Self, Error> {
        Self::new(name, base, &Options::default(), NoToken)
    }

    /// The client that it speaks through, for what the sync engine does not ask.
    #[must_use]
    pub fn client(&self) -> &FhirClient {
        &self.client
    }

    async fn ask(&self, interaction: Interaction<'_>) -> Result<Resource, Refusal> {
        let answer = self.client.execute(&interaction).await.map_err(|error| refusal_of_call(&error))?;
        answer.resource.ok_or_else(|| transient("unreadable-answer"))
    }

    /// Looks a part of an inventory up; `None` when the server would not show all of it on one page.
    async fn inventory_page(
        &self,
        resource_type: &str,
        ids: &[String],
    ) -> Result<Option<Vec<InventoryEntry>>, Refusal> {
        let tokens = ids.iter().map(|id| Token::code(id.as_str()).into()).collect();
        let query = SearchQuery::of(resource_type)
            .with(Criterion::any("_id", tokens))
            .elements(["id", "meta"])
            .count(u32::try_from(ids.len()).unwrap_or(u32::MAX));
        let page = self.ask(Interaction::search(&query)).await?.into_value();
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
        self.client.name()
    }

    async fn probe(&self) -> carewire_sync_engine::Result<Limits> {
        match probe::is_atomic(&self.client).await {
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
        let bundle = transaction(writes)?;
        outcomes(writes, self.ask(Interaction::Bundle(&bundle)).await?.value())
    }

    async fn read(&self, resource_type: &str, id: &str) -> Result<Remembered, Refusal> {
        let answer = self.client.execute(&Interaction::read(resource_type, id)).await;
        match answer.map_err(|error| refusal_of_call(&error)) {
            Ok(answer) => {
                let resource = answer.resource.ok_or_else(|| transient("unreadable-answer"))?;
                Ok(Remembered::Present { resource: Box::new(resource), version: answer.version })
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
