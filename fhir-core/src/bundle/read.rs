//! Reading a Bundle.

use super::build::{BundleType, Method};
use crate::define::fhir;
use crate::{Resource, Value, parse_etag, parse_location};

/// What a Bundle says besides its entries. `Debug` shows neither time nor links.
///
/// ```
/// use carewire_fhir_core::{BundleHead, BundleType, Resource};
/// let page = Resource::parse(br#"{"resourceType":"Bundle","type":"searchset","total":7,
///     "link":[{"relation":"next","url":"https://a.example/fhir?page=2"}]}"#)?;
/// let head = BundleHead::of(&page).ok_or("no Bundle")?;
/// assert_eq!((head.kind, head.total), (Some(BundleType::Searchset), Some(7)));
/// assert_eq!(head.link("next"), Some("https://a.example/fhir?page=2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct BundleHead<'a> {
    /// What it is for; `None` when it says nothing that R4 knows.
    pub kind: Option<BundleType>,
    /// How many resources were found, on all pages.
    pub total: Option<u64>,
    /// When it was put together.
    pub timestamp: Option<&'a str>,
    links: &'a [Value],
}

impl std::fmt::Debug for BundleHead<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BundleHead")
            .field("kind", &self.kind)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

impl<'a> BundleHead<'a> {
    /// Reads the head; `None` when the resource is no Bundle.
    #[must_use]
    pub fn of(bundle: &'a Resource) -> Option<Self> {
        let value = bundle.value();
        (value.str("resourceType") == Some("Bundle")).then(|| Self {
            kind: value.str("type").and_then(BundleType::parse),
            total: value.get("total").and_then(Value::as_number).and_then(|total| total.parse().ok()),
            timestamp: value.str("timestamp"),
            links: value.list("link"),
        })
    }

    /// The URL of a link by its relation: `self`, `next`, `previous` and others.
    #[must_use]
    pub fn link(&self, relation: &str) -> Option<&'a str> {
        self.links.iter().find(|link| link.str("relation") == Some(relation))?.str("url")
    }
}

fhir! {
    /// Why an entry is in a searchset.
    code SearchMode { Match = "match", Include = "include", Outcome = "outcome" }
}

/// The entries of a Bundle; none when the resource is no Bundle or has none.
pub fn entries(bundle: &Resource) -> impl Iterator<Item = Entry<'_>> {
    bundle.value().list("entry").iter().map(Entry::of)
}

/// One entry of a Bundle.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Entry<'a> {
    /// How other entries refer to this one.
    pub full_url: Option<&'a str>,
    /// The resource.
    pub resource: Option<&'a Value>,
    /// Why it is in a searchset.
    pub search_mode: Option<SearchMode>,
    /// How well it matches, from 0 to 1, as written.
    pub search_score: Option<&'a str>,
    /// The verb of the request.
    pub request_method: Option<&'a str>,
    /// The URL of the request.
    pub request_url: Option<&'a str>,
    /// The whole request.
    pub request: Option<&'a Value>,
    /// The whole response.
    pub response: Option<&'a Value>,
}

impl std::fmt::Debug for Entry<'_> {
    /// The verb, and which parts are there: a URL may hold an identifier.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let method = self.request_method.and_then(Method::parse);
        let mut entry = f.debug_struct("Entry");
        entry.field("method", &method).field("resource", &self.resource.is_some());
        entry.field("response", &self.response.is_some()).finish_non_exhaustive()
    }
}

impl<'a> Entry<'a> {
    /// Reads an item of `Bundle.entry`.
    #[must_use]
    pub fn of(entry: &'a Value) -> Self {
        let request = entry.get("request");
        let search = entry.get("search");
        Self {
            full_url: entry.str("fullUrl"),
            resource: entry.get("resource"),
            search_mode: search.and_then(|search| search.str("mode")).and_then(SearchMode::parse),
            search_score: search.and_then(|search| search.get("score")).and_then(Value::as_number),
            request_method: request.and_then(|request| request.str("method")),
            request_url: request.and_then(|request| request.str("url")),
            request,
            response: entry.get("response"),
        }
    }

    /// The type and the id of what the entry is about: of its resource, or else of its request or full URL, as in the
    /// deletions of a history.
    #[must_use]
    pub fn identity(&self) -> Option<(&'a str, &'a str)> {
        let of_resource =
            self.resource.and_then(|value| Some((value.str("resourceType")?, value.str("id")?)));
        let located = |url: Option<&'a str>| url.and_then(parse_location).map(|(kind, id, _)| (kind, id));
        of_resource.or_else(|| located(self.request_url)).or_else(|| located(self.full_url))
    }

    /// Whether this is the deletion of a resource in a history.
    #[must_use]
    pub fn is_deletion(&self) -> bool {
        self.resource.is_none() && self.request_method == Some("DELETE")
    }
}

/// What a server answered to one entry of a transaction or batch. `Debug` shows the status only.
///
/// ```
/// use carewire_fhir_core::{EntryResponse, Value};
/// let entry = Value::parse(br#"{"response":{"status":"201 Created","location":"Patient/7/_history/1","etag":"W/\"1\""}}"#)?;
/// let response = EntryResponse::of(&entry).ok_or("no response")?;
/// assert_eq!((response.status, response.etag.as_deref()), (201, Some("1")));
/// assert_eq!(response.location, Some(("Patient".into(), "7".into(), Some("1".into()))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntryResponse {
    /// The status code.
    pub status: u16,
    /// The type, id and version that `location` names.
    pub location: Option<(String, String, Option<String>)>,
    /// The version inside the `ETag`.
    pub etag: Option<String>,
    /// When the resource was changed.
    pub last_modified: Option<String>,
    /// The outcome, if the server gave one.
    pub outcome: Option<Value>,
}

impl std::fmt::Debug for EntryResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EntryResponse").field("status", &self.status).finish_non_exhaustive()
    }
}

impl EntryResponse {
    /// Reads the response of an entry; `None` when there is none or its status is not a status code.
    #[must_use]
    pub fn of(entry: &Value) -> Option<Self> {
        let response = entry.get("response")?;
        let status = response.str("status")?.split_whitespace().next()?.parse().ok()?;
        let location = response.str("location").and_then(parse_location);
        (100..600).contains(&status).then(|| Self {
            status,
            location: location.map(|(kind, id, version)| (kind.into(), id.into(), version.map(Into::into))),
            etag: response.str("etag").and_then(parse_etag).map(Into::into),
            last_modified: response.str("lastModified").map(Into::into),
            outcome: response.get("outcome").cloned(),
        })
    }

    /// Whether the entry was done.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The version that the resource has now, by `ETag` or by location.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        let located = || self.location.as_ref().and_then(|(_, _, version)| version.as_deref());
        self.etag.as_deref().or_else(located)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BundleBuilder, BundleEntry, BundleType, Method, Request};

    #[test]
    fn entries_are_read_as_they_are_written() {
        let put = Request::update("Patient/1").if_match("4");
        let bundle = BundleBuilder::new(BundleType::Batch)
            .entry(BundleEntry::new(Resource::new("Patient")).request(put))
            .request(&Request::new(Method::Delete, "Patient/2"))
            .build();
        assert_eq!(
            bundle.to_json(),
            concat!(
                r#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient"},"#,
                r#""request":{"method":"PUT","url":"Patient/1","ifMatch":"W/\"4\""}},"#,
                r#"{"request":{"method":"DELETE","url":"Patient/2"}}]}"#
            )
        );
        let verbs: Vec<_> =
            entries(&bundle).map(|entry| (entry.request_method, entry.resource.is_some())).collect();
        assert_eq!(verbs, [(Some("PUT"), true), (Some("DELETE"), false)]);
    }

    #[test]
    fn pages_and_histories_are_read() {
        let bundle = Resource::parse(
            br#"{"resourceType":"Bundle","type":"history","total":-1,"link":[{"relation":"self"},{"url":"x"}],"entry":[
            {"search":{"mode":"include","score":0.50},"resource":{"resourceType":"Patient","id":"1"}},
            {"request":{"method":"DELETE","url":"Patient/2"}},
            {"fullUrl":"https://a/Patient/3","search":{"mode":"other"}}, {}]}"#,
        )
        .unwrap();
        let head = BundleHead::of(&bundle).unwrap();
        assert_eq!(
            (head.kind, head.total, head.link("self"), head.link("next")),
            (Some(BundleType::History), None, None, None)
        );
        let read: Vec<_> = entries(&bundle)
            .map(|entry| (entry.identity(), entry.search_mode, entry.search_score, entry.is_deletion()))
            .collect();
        let expected = [
            (Some(("Patient", "1")), Some(SearchMode::Include), Some("0.50"), false),
            (Some(("Patient", "2")), None, None, true),
            (Some(("Patient", "3")), None, None, false),
            (None, None, None, false),
        ];
        assert_eq!(read, expected);
        assert!(BundleHead::of(&Resource::new("Patient")).is_none());
    }

    #[test]
    fn debug_shows_no_url() {
        let put = Request::update("Patient?identifier=urn:x|Secret");
        let bundle = BundleBuilder::new(BundleType::Transaction)
            .entry(BundleEntry::new(Resource::new("Patient")).request(put))
            .build();
        let plan = crate::TransactionPlan::new(&bundle, crate::TransactionLimits::none()).unwrap();
        let shown = format!("{:?} {plan:?}", entries(&bundle).next().unwrap());
        assert!(shown.starts_with("Entry { method: Some(Put)") && !shown.contains("Secret"), "{shown}");
    }

    #[test]
    fn responses_without_a_status_are_no_responses() {
        let of = |text: &str| EntryResponse::of(&Value::parse(text.as_bytes()).unwrap());
        assert_eq!(of("{}"), None);
        assert_eq!(of(r#"{"response":{}}"#), None);
        assert_eq!(of(r#"{"response":{"status":"ok"}}"#), None);
        assert_eq!(of(r#"{"response":{"status":"7"}}"#), None);
        let refused =
            of(r#"{"response":{"status":"412","outcome":{"resourceType":"OperationOutcome"}}}"#).unwrap();
        assert!(!refused.is_success() && refused.outcome.is_some() && refused.version().is_none());
    }

    #[test]
    fn the_version_comes_from_the_etag_first() {
        let entry =
            br#"{"response":{"status":"200","location":"https://a/Patient/7/_history/1","etag":"W/\"2\""}}"#;
        let response = EntryResponse::of(&Value::parse(entry).unwrap()).unwrap();
        assert_eq!(response.version(), Some("2"));
    }
}
