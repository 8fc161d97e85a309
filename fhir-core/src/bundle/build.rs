//! Building a Bundle.

use crate::define::fhir;
use crate::types::Identifier;
use crate::types::{Instant, Member, ToValue};
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

/// What an entry of a transaction or batch asks for.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The URL, relative to the base.
    pub url: String,
    /// Create only if this query finds nothing.
    pub if_none_exist: Option<String>,
    /// Change only if this is the version, as an `ETag`.
    pub if_match: Option<String>,
}

impl Request {
    /// A request without conditions.
    #[must_use]
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self { method, url: url.into(), if_none_exist: None, if_match: None }
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

    /// The same request, made only if the query finds nothing.
    #[must_use]
    pub fn if_none_exist(self, query: impl Into<String>) -> Self {
        Self { if_none_exist: Some(query.into()), ..self }
    }

    /// The same request, made only if the version is this one.
    #[must_use]
    pub fn if_match(self, version: &str) -> Self {
        Self { if_match: Some(format!("W/\"{version}\"")), ..self }
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("method", &self.method).finish_non_exhaustive()
    }
}

impl ToValue for Request {
    fn to_value(&self) -> Value {
        let mut value = Value::object().with("method", self.method.as_str()).with("url", self.url.as_str());
        self.if_match.put("ifMatch", &mut value);
        self.if_none_exist.put("ifNoneExist", &mut value);
        value
    }
}

/// An entry with a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleEntry {
    /// How other entries refer to this one.
    pub full_url: Option<String>,
    /// The resource.
    pub resource: Resource,
    /// What is asked for, in a transaction or batch.
    pub request: Option<Request>,
}

/// Builds a Bundle entry by entry.
///
/// ```
/// use carewire_fhir_core::{BundleBuilder, BundleEntry, BundleType, Request, Resource};
/// let bundle = BundleBuilder::new(BundleType::Transaction)
///     .entry(BundleEntry {
///         full_url: Some("urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341".into()),
///         resource: Resource::new("Patient"),
///         request: Some(Request::create("Patient").if_none_exist("identifier=urn:x|1")),
///     })
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
        identifier.put("identifier", self.head.value_mut());
        self
    }

    /// Sets `timestamp`.
    #[must_use]
    pub fn timestamp(mut self, timestamp: &Instant) -> Self {
        timestamp.put("timestamp", self.head.value_mut());
        self
    }

    /// Sets `total`, for a searchset.
    #[must_use]
    pub fn total(mut self, total: u32) -> Self {
        total.put("total", self.head.value_mut());
        self
    }

    /// Adds an entry with a resource.
    #[must_use]
    pub fn entry(self, entry: BundleEntry) -> Self {
        let mut value = Value::object();
        entry.full_url.put("fullUrl", &mut value);
        value.set("resource", entry.resource.into_value());
        entry.request.put("request", &mut value);
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
        self.entries.put("entry", self.head.value_mut());
        self.head
    }
}
