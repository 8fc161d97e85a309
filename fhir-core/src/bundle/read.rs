//! Reading a Bundle.

use crate::{Resource, Value, parse_etag, parse_location};

/// The entries of a Bundle; none when the resource is no Bundle or has none.
pub fn entries(bundle: &Resource) -> impl Iterator<Item = Entry<'_>> {
    bundle.value().list("entry").iter().map(Entry::of)
}

/// One entry of a Bundle.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Entry<'a> {
    /// How other entries refer to this one.
    pub full_url: Option<&'a str>,
    /// The resource.
    pub resource: Option<&'a Value>,
    /// The verb of the request.
    pub request_method: Option<&'a str>,
    /// The URL of the request.
    pub request_url: Option<&'a str>,
    /// The whole request.
    pub request: Option<&'a Value>,
    /// The whole response.
    pub response: Option<&'a Value>,
}

impl<'a> Entry<'a> {
    /// Reads an item of `Bundle.entry`.
    #[must_use]
    pub fn of(entry: &'a Value) -> Self {
        let request = entry.get("request");
        Self {
            full_url: entry.str("fullUrl"),
            resource: entry.get("resource"),
            request_method: request.and_then(|request| request.str("method")),
            request_url: request.and_then(|request| request.str("url")),
            request,
            response: entry.get("response"),
        }
    }
}

/// What a server answered to one entry of a transaction or batch.
///
/// ```
/// use carewire_fhir_core::{EntryResponse, Value};
/// let entry = Value::parse(br#"{"response":{"status":"201 Created","location":"Patient/7/_history/1","etag":"W/\"1\""}}"#)?;
/// let response = EntryResponse::of(&entry).ok_or("no response")?;
/// assert_eq!((response.status, response.etag.as_deref()), (201, Some("1")));
/// assert_eq!(response.location, Some(("Patient".into(), "7".into(), Some("1".into()))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
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
            .entry(BundleEntry { full_url: None, resource: Resource::new("Patient"), request: Some(put) })
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
