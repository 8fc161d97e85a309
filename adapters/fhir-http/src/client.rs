use std::sync::Arc;
use std::time::Duration;

use carewire_fhir_core::http::{
    Answer, Failure, Input, Interaction, PageError, Pager, Patch, Place, Preferences, RequestError, SearchBy,
    Target,
};
use carewire_fhir_core::search::SearchQuery;
use carewire_fhir_core::{CorrelationId, Instant, Resource};

use crate::options::{Options, base_url};
use crate::pages::Pages;
use crate::token::{NoToken, TokenSource};
use crate::transport::{Meant, Transport};
use crate::{CallError, Error};

/// A client of one FHIR R4 server. Cheap to clone; clones share connections, the token and a throttled server's wait.
///
/// It sends each request once, but for a second try with another token after a 401. Whether to repeat is the caller's
/// decision: [`Failure::is_transient`] says whether it can help, [`Failure::wait`] when,
/// [`Interaction::is_idempotent`] and [`Failure::may_have_been_done`] whether it is safe. To make a create safe, use
/// [`FhirClient::create_unless`] with an identifier of one's own.
///
/// ```no_run
/// use carewire_fhir_core::search::{Criterion, SearchQuery, Token};
/// use carewire_fhir_http::{FhirClient, Options, StaticToken};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let token = StaticToken::new(std::env::var("TOKEN")?);
/// let client = FhirClient::new("https://fhir.example.org/R4", &Options::default(), token)?;
/// let patient = client.read("Patient", "7f0c").await?;
/// let labs = SearchQuery::of("Observation")
///     .with(Criterion::new("category", Token::code("laboratory")))
///     .count(200);
/// let mut pages = client.search(&labs);
/// while let Some(page) = pages.next().await {
///     println!("{} results of {}", page?.value().list("entry").len(), patient.resource_type());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct FhirClient {
    transport: Arc<Transport>,
    preferences: Preferences,
    manner: Manner,
}

/// How the requests of one caller are sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manner {
    pub(crate) correlation: Option<CorrelationId>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) max_pages: usize,
}

impl FhirClient {
    /// A client of the server at a base URL.
    ///
    /// # Errors
    /// [`Error::BaseUrl`] when the URL is not safe to use, [`Error::Tls`] and [`Error::Certificate`] when certificates
    /// cannot be read, [`Error::Client`] when the client cannot be made.
    pub fn new(base: &str, options: &Options, tokens: impl TokenSource + 'static) -> Result<Self, Error> {
        Self::named("fhir", base, options, tokens)
    }

    /// A client without a token, with the default options.
    ///
    /// # Errors
    /// As [`FhirClient::new`].
    pub fn open(base: &str) -> Result<Self, Error> {
        Self::new(base, &Options::default(), NoToken)
    }

    pub(crate) fn named(
        name: &str,
        base: &str,
        options: &Options,
        tokens: impl TokenSource + 'static,
    ) -> Result<Self, Error> {
        let base = base_url(base, options.allow_plain_http)?;
        Ok(Self {
            transport: Arc::new(Transport::new(name, base, options, Arc::new(tokens))?),
            preferences: Preferences::default(),
            manner: Manner { max_pages: options.max_pages, ..Manner::default() },
        })
    }

    /// The same client, whose requests carry this id as `X-Correlation-Id`.
    #[must_use]
    pub fn correlated(&self, id: CorrelationId) -> Self {
        let manner = Manner { correlation: Some(id), ..self.manner.clone() };
        Self { manner, ..self.clone() }
    }

    /// The same client, whose requests may take this long instead of [`Options::request_timeout`].
    #[must_use]
    pub fn within(&self, timeout: Duration) -> Self {
        let manner = Manner { timeout: Some(timeout), ..self.manner.clone() };
        Self { manner, ..self.clone() }
    }

    /// The same client with preferences for what comes back.
    #[must_use]
    pub fn preferring(&self, preferences: Preferences) -> Self {
        Self { preferences, ..self.clone() }
    }

    /// Any interaction.
    ///
    /// # Errors
    /// [`CallError`]: nothing was sent, or the server did not do it, or it did not say so.
    pub async fn execute(&self, interaction: &Interaction<'_>) -> Result<Answer, CallError> {
        self.send(interaction, Meant::ToSucceed).await
    }

    /// The same for an interaction that is meant to be refused.
    pub(crate) async fn provoke(&self, interaction: &Interaction<'_>) -> Result<Answer, CallError> {
        self.send(interaction, Meant::ToFail).await
    }

    async fn send(&self, interaction: &Interaction<'_>, meant: Meant) -> Result<Answer, CallError> {
        let request = interaction.request(&self.preferences)?;
        Ok(self.transport.send(interaction, &request, &self.manner, meant).await?)
    }

    async fn resource(&self, interaction: &Interaction<'_>) -> Result<Resource, CallError> {
        let unreadable = || Failure::new(carewire_fhir_core::http::FailureKind::Unreadable);
        Ok(self.execute(interaction).await?.resource.ok_or_else(unreadable)?)
    }

    /// What the server says that it can: its `CapabilityStatement`.
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn capabilities(&self) -> Result<Resource, CallError> {
        self.resource(&Interaction::Capabilities).await
    }

    /// A resource.
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn read(&self, resource_type: &str, id: &str) -> Result<Resource, CallError> {
        self.resource(&Interaction::read(resource_type, id)).await
    }

    /// A version of a resource.
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn version_read(
        &self,
        resource_type: &str,
        id: &str,
        version: &str,
    ) -> Result<Resource, CallError> {
        self.resource(&Interaction::VersionRead { resource_type, id, version }).await
    }

    /// Creates a resource. Not idempotent.
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn create(&self, resource: &Resource) -> Result<Answer, CallError> {
        self.execute(&Interaction::create(resource)).await
    }

    /// Creates a resource, unless the query finds one.
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn create_unless(&self, resource: &Resource, query: &SearchQuery) -> Result<Answer, CallError> {
        self.execute(&Interaction::Create { resource, unless: Some(query) }).await
    }

    /// Replaces a resource by its id; with a version, only when that is still the one.
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn update(&self, resource: &Resource, if_version: Option<&str>) -> Result<Answer, CallError> {
        self.execute(&Interaction::Update { resource, if_version }).await
    }

    /// Replaces what the query finds, or creates it.
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn update_found(&self, resource: &Resource, query: &SearchQuery) -> Result<Answer, CallError> {
        self.execute(&Interaction::ConditionalUpdate { resource, query }).await
    }

    /// Changes a part of a resource; with a version, only when that is still the one.
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn patch(
        &self,
        target: Target<'_>,
        patch: Patch<'_>,
        if_version: Option<&str>,
    ) -> Result<Answer, CallError> {
        self.execute(&Interaction::Patch { target, patch, if_version }).await
    }

    /// Deletes a resource, or what a query finds; with a version, only when that is still the one.
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn delete(&self, target: Target<'_>, if_version: Option<&str>) -> Result<Answer, CallError> {
        self.execute(&Interaction::Delete { target, if_version }).await
    }

    /// The pages of a search, with the query in the URL.
    #[must_use]
    pub fn search<'q>(&self, query: &'q SearchQuery) -> Pages<'q> {
        Pages::new(self.clone(), Interaction::Search { query, by: SearchBy::Get })
    }

    /// The pages of a search, with the query in the body: what names people belongs there. Servers name the further
    /// pages by URLs of their own.
    #[must_use]
    pub fn search_by_post<'q>(&self, query: &'q SearchQuery) -> Pages<'q> {
        Pages::new(self.clone(), Interaction::Search { query, by: SearchBy::Post })
    }

    /// The pages of a history: the versions since a moment, so many on a page.
    #[must_use]
    pub fn history<'q>(&self, of: Place<'q>, since: Option<&'q Instant>, count: Option<u32>) -> Pages<'q> {
        Pages::new(self.clone(), Interaction::History { of, since, count })
    }

    /// The pages of any interaction that answers with a Bundle, such as `$everything`.
    #[must_use]
    pub fn pages<'q>(&self, first: Interaction<'q>) -> Pages<'q> {
        Pages::new(self.clone(), first)
    }

    /// Sends a batch or transaction and gives the answering Bundle. Each entry of it has a status of its own, also in a
    /// `transaction-response`: read them with [`EntryResponse`](carewire_fhir_core::EntryResponse) and
    /// [`Failure::of_entry`].
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn bundle(&self, bundle: &Resource) -> Result<Resource, CallError> {
        self.resource(&Interaction::Bundle(bundle)).await
    }

    /// Calls an operation by its name without `$`.
    ///
    /// # Errors
    /// As [`FhirClient::execute`].
    pub async fn operation(&self, at: Place<'_>, name: &str, input: Input<'_>) -> Result<Answer, CallError> {
        self.execute(&Interaction::Operation { at, name, input }).await
    }

    pub(crate) fn pager(&self) -> Result<Pager, PageError> {
        Pager::new(self.transport.base(), self.manner.max_pages)
    }

    pub(crate) fn name(&self) -> &str {
        self.transport.name()
    }
}

impl From<RequestError> for CallError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<PageError> for CallError {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}
