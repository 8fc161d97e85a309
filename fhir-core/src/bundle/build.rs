//! Building a Bundle.

use super::read::SearchMode;
use crate::define::fhir;
use crate::types::{Decimal, Extra, Identifier, Instant, Member, ToJson, Writer};
use crate::{Resource, Value};

fhir! {
    /// What a Bundle is for.
    code BundleType {
        Document = "document", Message = "message", Transaction = "transaction",
        TransactionResponse = "transaction-response", Batch = "batch", BatchResponse = "batch-response",
        History = "history", Searchset = "searchset", Collection = "collection",
    }
}

fhir! {
    /// What an entry asks the server to do.
    code Method { Get = "GET", Head = "HEAD", Post = "POST", Put = "PUT", Delete = "DELETE", Patch = "PATCH" }
}

/// What an entry of a transaction or batch asks for, or what an entry of a history was the answer to.
///
/// ```
/// use carewire_fhir_core::{Method, Request, types::ToJson};
/// let read = Request::new(Method::Get, "Patient/7").if_none_match("3");
/// assert_eq!(read.to_json(), r#"{"method":"GET","url":"Patient/7","ifNoneMatch":"W/\"3\""}"#);
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The URL, relative to the base.
    pub url: String,
    /// Read only if the version is another one, as an `ETag`.
    pub if_none_match: Option<String>,
    /// Read only if it was changed since then.
    pub if_modified_since: Option<Instant>,
    /// Change only if this is the version, as an `ETag`.
    pub if_match: Option<String>,
    /// Create only if this query finds nothing.
    pub if_none_exist: Option<String>,
}

impl Request {
    /// A request without conditions.
    #[must_use]
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            if_none_match: None,
            if_modified_since: None,
            if_match: None,
            if_none_exist: None,
        }
    }

    /// `POST` of a type.
    #[must_use]
    pub fn create(resource_type: &str) -> Self {
        Self::new(Method::Post, resource_type)
    }

    /// `PUT` to a URL, which may be conditional.
    #[must_use]
    pub fn update(url: impl Into<String>) -> Self {
        Self::new(Method::Put, url)
    }

    /// The same request, made only if the version is another one.
    #[must_use]
    pub fn if_none_match(self, version: &str) -> Self {
        Self { if_none_match: Some(weak(version)), ..self }
    }

    /// The same request, made only if there was a change since then.
    #[must_use]
    pub fn if_modified_since(self, time: Instant) -> Self {
        Self { if_modified_since: Some(time), ..self }
    }

    /// The same request, made only if the version is this one.
    #[must_use]
    pub fn if_match(self, version: &str) -> Self {
        Self { if_match: Some(weak(version)), ..self }
    }

    /// The same request, made only if the query finds nothing.
    #[must_use]
    pub fn if_none_exist(self, query: impl Into<String>) -> Self {
        Self { if_none_exist: Some(query.into()), ..self }
    }
}

/// A version as an `ETag`.
fn weak(version: &str) -> String {
    format!("W/\"{version}\"")
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("method", &self.method).finish_non_exhaustive()
    }
}

impl ToJson for Request {
    fn write(&self, to: &mut Writer) -> bool {
        let opened = to.open(&Extra::default());
        to.member("method", "", &self.method);
        to.member("url", "", &self.url);
        self.if_none_match.put("ifNoneMatch", to);
        self.if_modified_since.put("ifModifiedSince", to);
        self.if_match.put("ifMatch", to);
        self.if_none_exist.put("ifNoneExist", to);
        to.close(opened, &Extra::default())
    }
}

/// What an entry of a batch-response, transaction-response or history says that was done. What a client reads of it is
/// [`EntryResponse`](crate::EntryResponse).
///
/// ```
/// use carewire_fhir_core::{Response, types::ToJson};
/// let created = Response::new("201 Created").location("Patient/7/_history/1").etag("1");
/// assert_eq!(
///     created.to_json(),
///     r#"{"status":"201 Created","location":"Patient/7/_history/1","etag":"W/\"1\""}"#
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The status code, and its text if there is one.
    pub status: String,
    /// Where the resource is.
    pub location: Option<String>,
    /// Its version, as an `ETag`.
    pub etag: Option<String>,
    /// When it was changed.
    pub last_modified: Option<Instant>,
    /// What there is to say about it: an `OperationOutcome`.
    pub outcome: Option<Resource>,
}

impl Response {
    /// A response of which nothing is known but the status, such as `200` or `200 OK`.
    #[must_use]
    pub fn new(status: impl Into<String>) -> Self {
        Self { status: status.into(), location: None, etag: None, last_modified: None, outcome: None }
    }

    /// The same response with the place of the resource.
    #[must_use]
    pub fn location(self, url: impl Into<String>) -> Self {
        Self { location: Some(url.into()), ..self }
    }

    /// The same response with the version of the resource.
    #[must_use]
    pub fn etag(self, version: &str) -> Self {
        Self { etag: Some(weak(version)), ..self }
    }

    /// The same response with the time of the change.
    #[must_use]
    pub fn last_modified(self, time: Instant) -> Self {
        Self { last_modified: Some(time), ..self }
    }

    /// The same response with an `OperationOutcome`.
    #[must_use]
    pub fn outcome(self, outcome: Resource) -> Self {
        Self { outcome: Some(outcome), ..self }
    }
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response").field("status", &self.status.get(..3)).finish_non_exhaustive()
    }
}

impl ToJson for Response {
    fn write(&self, to: &mut Writer) -> bool {
        let opened = to.open(&Extra::default());
        to.member("status", "", &self.status);
        self.location.put("location", to);
        self.etag.put("etag", to);
        self.last_modified.put("lastModified", to);
        self.outcome.put("outcome", to);
        to.close(opened, &Extra::default())
    }
}

/// Why an entry is in a searchset.
///
/// ```
/// use carewire_fhir_core::{EntrySearch, SearchMode, types::{Decimal, ToJson}};
/// let search = EntrySearch::new(SearchMode::Match).score(Decimal::parse("0.50")?);
/// assert_eq!(search.to_json(), r#"{"mode":"match","score":0.50}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntrySearch {
    /// Why.
    pub mode: Option<SearchMode>,
    /// How well it matches, from 0 to 1.
    pub score: Option<Decimal>,
}

impl EntrySearch {
    /// An entry that is there for this reason.
    #[must_use]
    pub fn new(mode: SearchMode) -> Self {
        Self { mode: Some(mode), score: None }
    }

    /// The same with a score.
    #[must_use]
    pub fn score(self, score: Decimal) -> Self {
        Self { score: Some(score), ..self }
    }
}

impl ToJson for EntrySearch {
    fn write(&self, to: &mut Writer) -> bool {
        let opened = to.open(&Extra::default());
        self.mode.put("mode", to);
        self.score.put("score", to);
        to.close(opened, &Extra::default())
    }
}

/// An entry of a Bundle of any type. Its parts are absent until they are set. `Debug` does not show its URL.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BundleEntry {
    /// How other entries refer to this one.
    pub full_url: Option<String>,
    /// The resource; none where something was deleted, or only asked for.
    pub resource: Option<Resource>,
    /// Why it is there, in a searchset.
    pub search: Option<EntrySearch>,
    /// What is asked for, in a transaction, batch or history.
    pub request: Option<Request>,
    /// What was done, in a history or a response.
    pub response: Option<Response>,
}

impl std::fmt::Debug for BundleEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BundleEntry")
            .field("resource", &self.resource)
            .field("search", &self.search)
            .field("request", &self.request)
            .field("response", &self.response)
            .finish_non_exhaustive()
    }
}

impl BundleEntry {
    /// An entry with a resource.
    #[must_use]
    pub fn new(resource: Resource) -> Self {
        Self { resource: Some(resource), ..Self::default() }
    }

    /// The same entry with a URL by which others refer to it.
    #[must_use]
    pub fn full_url(self, url: impl Into<String>) -> Self {
        Self { full_url: Some(url.into()), ..self }
    }

    /// The same entry with a reason to be in a searchset.
    #[must_use]
    pub fn search(self, search: EntrySearch) -> Self {
        Self { search: Some(search), ..self }
    }

    /// The same entry with a request.
    #[must_use]
    pub fn request(self, request: Request) -> Self {
        Self { request: Some(request), ..self }
    }

    /// The same entry with a response.
    #[must_use]
    pub fn response(self, response: Response) -> Self {
        Self { response: Some(response), ..self }
    }
}

/// Builds a Bundle entry by entry.
///
/// ```
/// use carewire_fhir_core::{BundleBuilder, BundleEntry, BundleType, Request, Resource};
/// let bundle = BundleBuilder::new(BundleType::Transaction)
///     .entry(
///         BundleEntry::new(Resource::new("Patient"))
///             .full_url("urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341")
///             .request(Request::create("Patient").if_none_exist("identifier=urn:x|1")),
///     )
///     .build();
/// assert_eq!(bundle.value().list("entry").len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct BundleBuilder {
    head: Resource,
    entries: Vec<Value>,
}

impl BundleBuilder {
    /// A Bundle without entries.
    #[must_use]
    pub fn new(kind: BundleType) -> Self {
        let mut head = Resource::new("Bundle");
        head.value_mut().set("type", kind.as_str());
        Self { head, entries: Vec::new() }
    }

    /// Sets `identifier`.
    #[must_use]
    pub fn identifier(mut self, identifier: &Identifier) -> Self {
        identifier.set_in("identifier", self.head.value_mut());
        self
    }

    /// Sets `timestamp`.
    #[must_use]
    pub fn timestamp(mut self, timestamp: &Instant) -> Self {
        timestamp.set_in("timestamp", self.head.value_mut());
        self
    }

    /// Sets `total`, for a searchset.
    #[must_use]
    pub fn total(mut self, total: u32) -> Self {
        total.set_in("total", self.head.value_mut());
        self
    }

    /// Adds a link, such as `next`.
    #[must_use]
    pub fn link(mut self, relation: &str, url: &str) -> Self {
        let value = self.head.value_mut();
        if value.get("link").is_none() {
            value.set("link", Value::array());
        }
        if let Some(links) = value.get_mut("link") {
            links.push(Value::object().with("relation", relation).with("url", url));
        }
        self
    }

    /// Adds an entry.
    #[must_use]
    pub fn entry(self, entry: BundleEntry) -> Self {
        let mut value = Value::object();
        entry.full_url.set_in("fullUrl", &mut value);
        if let Some(resource) = entry.resource {
            value.set("resource", resource.into_value());
        }
        entry.search.set_in("search", &mut value);
        entry.request.set_in("request", &mut value);
        entry.response.set_in("response", &mut value);
        self.raw_entry(value)
    }

    /// Adds an entry that only asks for something, such as a deletion.
    #[must_use]
    pub fn request(self, request: &Request) -> Self {
        self.raw_entry(Value::object().with("request", request.to_value()))
    }

    /// Adds an entry as it is.
    #[must_use]
    pub fn raw_entry(mut self, entry: Value) -> Self {
        self.entries.push(entry);
        self
    }

    /// The Bundle.
    #[must_use]
    pub fn build(mut self) -> Resource {
        self.entries.set_in("entry", self.head.value_mut());
        self.head
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Entry, EntryResponse, Severity, entries, validate};

    fn time() -> Instant {
        Instant::parse("2026-03-05T10:00:00Z").unwrap()
    }

    fn patient() -> Resource {
        let mut patient = Resource::new("Patient");
        patient.value_mut().set("id", "7");
        patient
    }

    /// An entry as a Bundle of this type has it.
    fn entry(kind: BundleType) -> BundleEntry {
        let located = BundleEntry::new(patient()).full_url("https://a.example/fhir/Patient/7");
        let response =
            Response::new("200 OK").location("Patient/7/_history/2").etag("2").last_modified(time());
        match kind {
            BundleType::Searchset => {
                located.search(EntrySearch::new(SearchMode::Match).score(Decimal::parse("0.50").unwrap()))
            }
            BundleType::History => located.request(Request::update("Patient/7")).response(response),
            BundleType::BatchResponse | BundleType::TransactionResponse => located.response(response),
            BundleType::Transaction | BundleType::Batch => located.request(Request::update("Patient/7")),
            _ => located,
        }
    }

    #[test]
    fn entries_of_every_type_that_has_a_form_of_its_own_are_built() {
        for kind in [
            BundleType::Searchset,
            BundleType::History,
            BundleType::BatchResponse,
            BundleType::TransactionResponse,
            BundleType::Transaction,
            BundleType::Batch,
            BundleType::Collection,
        ] {
            let bundle = BundleBuilder::new(kind).entry(entry(kind)).build();
            let faults: Vec<_> =
                validate(&bundle).into_iter().filter(|issue| issue.severity <= Severity::Error).collect();
            assert_eq!(faults, [], "{kind:?}");
        }
    }

    #[test]
    fn what_is_built_is_read() {
        let read = |bundle: &Resource, check: &dyn Fn(Entry<'_>)| entries(bundle).for_each(check);
        let found = BundleBuilder::new(BundleType::Searchset).entry(entry(BundleType::Searchset)).build();
        read(&found, &|entry| {
            assert_eq!((entry.search_mode, entry.search_score), (Some(SearchMode::Match), Some("0.50")));
        });
        let history = BundleBuilder::new(BundleType::History)
            .entry(
                BundleEntry::default()
                    .request(Request::new(Method::Delete, "Patient/7"))
                    .response(Response::new("204").outcome(Resource::new("OperationOutcome"))),
            )
            .build();
        read(&history, &|entry| assert!(entry.is_deletion() && entry.identity() == Some(("Patient", "7"))));
        let response = EntryResponse::of(&history.value().list("entry")[0]).unwrap();
        assert!(response.status == 204 && response.outcome.is_some());
        let done =
            BundleBuilder::new(BundleType::BatchResponse).entry(entry(BundleType::BatchResponse)).build();
        let response = EntryResponse::of(&done.value().list("entry")[0]).unwrap();
        assert_eq!(
            (response.version(), response.last_modified.as_deref()),
            (Some("2"), Some(time().as_str()))
        );
    }

    #[test]
    fn every_condition_is_written() {
        let request = Request::new(Method::Get, "Patient/7").if_none_match("3").if_modified_since(time());
        let request = request.if_match("4").if_none_exist("identifier=1");
        assert_eq!(
            request.to_json(),
            concat!(
                r#"{"method":"GET","url":"Patient/7","ifNoneMatch":"W/\"3\"","ifModifiedSince":"2026-03-05T10:00:00Z","#,
                r#""ifMatch":"W/\"4\"","ifNoneExist":"identifier=1"}"#
            )
        );
    }

    #[test]
    fn debug_shows_no_url() {
        let response = Response::new("200 Secret").location("Patient/Secret");
        let shown = format!("{:?} {response:?}", Request::update("Patient?identifier=Secret"));
        assert!(!shown.contains("Secret") && shown.contains("200"), "{shown}");
    }
}
