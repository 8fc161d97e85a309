//! What is exported, and how it is asked for.

use carewire_fhir_core::Value;

/// What an export covers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// Everything.
    System,
    /// All that belongs to patients.
    Patient,
    /// All that belongs to the patients of a group, by its id.
    Group(String),
}

/// How a server wants to be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// `GET` with a query: versions 1 to 3.
    #[default]
    Get,
    /// `POST` of a `Parameters` resource: versions 2 to 4.
    PostParameters,
    /// `POST` with a query, as some vendors want it.
    PostQuery,
}

/// The order for an export. Its searches may name patients, and are not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct KickOff {
    /// The base URL of the server.
    pub base: String,
    /// What is covered.
    pub level: Level,
    /// How the server wants to be asked.
    pub dialect: Dialect,
    /// Only these types; empty for all.
    pub types: Vec<String>,
    /// Only what changed since: the `transactionTime` of the last export, as it was written.
    pub since: Option<String>,
    /// Searches of which a resource must fulfil one; a comma in a search is the caller's to escape.
    pub type_filters: Vec<String>,
}

impl KickOff {
    /// An order for everything of a level.
    #[must_use]
    pub fn new(base: impl Into<String>, level: Level) -> Self {
        let base = base.into().trim_end_matches('/').to_owned();
        Self { base, level, dialect: Dialect::Get, types: Vec::new(), since: None, type_filters: Vec::new() }
    }

    pub(crate) fn request(&self) -> Request {
        let url = match &self.level {
            Level::System => format!("{}/$export", self.base),
            Level::Patient => format!("{}/Patient/$export", self.base),
            Level::Group(id) => format!("{}/Group/{}/$export", self.base, encoded(id)),
        };
        let with_query = format!("{url}{}", self.query());
        match self.dialect {
            Dialect::Get => Request::new(Method::Get, with_query),
            Dialect::PostQuery => Request::new(Method::Post, with_query),
            Dialect::PostParameters => {
                Request { body: Some(self.parameters()), ..Request::new(Method::Post, url) }
            }
        }
    }

    fn query(&self) -> String {
        let types = (!self.types.is_empty()).then(|| ("_type", self.types.join(",")));
        let since = self.since.clone().map(|since| ("_since", since));
        let filters = self.type_filters.iter().map(|filter| ("_typeFilter", filter.clone()));
        let pairs = types.into_iter().chain(since).chain(filters);
        let pairs: Vec<_> = pairs.map(|(name, value)| format!("{name}={}", encoded(&value))).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    fn parameters(&self) -> String {
        let parameter =
            |name: &str, kind: &str, value: &str| Value::object().with("name", name).with(kind, value);
        let mut parameters = Value::array();
        for name in &self.types {
            parameters.push(parameter("_type", "valueString", name));
        }
        if let Some(since) = &self.since {
            parameters.push(parameter("_since", "valueInstant", since));
        }
        for filter in &self.type_filters {
            parameters.push(parameter("_typeFilter", "valueString", filter));
        }
        let resource = Value::object().with("resourceType", "Parameters");
        if parameters.is_empty() {
            resource.to_json()
        } else {
            resource.with("parameter", parameters).to_json()
        }
    }
}

impl std::fmt::Debug for KickOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KickOff")
            .field("dialect", &self.dialect)
            .field("types", &self.types)
            .finish_non_exhaustive()
    }
}

/// A request that the caller sends. It carries no token: that is the caller's.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// Where to.
    pub url: String,
    /// The body, which is `application/fhir+json`.
    pub body: Option<String>,
    /// The headers beside `Authorization` and `Content-Type`.
    pub headers: Vec<(&'static str, &'static str)>,
    /// Whether the token may go with it: only to the server that the export was asked of.
    pub with_token: bool,
    /// Whether the last token was refused: get another first.
    pub fresh_token: bool,
}

impl Request {
    pub(crate) fn new(method: Method, url: String) -> Self {
        let headers = vec![("Accept", "application/fhir+json"), ("Prefer", "respond-async")];
        Self { method, url, body: None, headers, with_token: true, fresh_token: false }
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("method", &self.method).finish_non_exhaustive()
    }
}

/// The verbs of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `DELETE`
    Delete,
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' => {
                out.push(byte.into())
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_asks_in_its_way() {
        let mut order = KickOff::new("https://a.example/fhir/", Level::Group("g 1".into()));
        assert_eq!(order.request().url, "https://a.example/fhir/Group/g%201/$export");
        order.types = vec!["Patient".into(), "Observation".into()];
        order.since = Some("2024-01-01T00:00:00+01:00".into());
        order.type_filters = vec!["Observation?code=a|b".into()];
        let query = concat!(
            "?_type=Patient,Observation&_since=2024-01-01T00%3A00%3A00%2B01%3A00",
            "&_typeFilter=Observation%3Fcode%3Da%7Cb"
        );
        assert!(order.request().url.ends_with(query));
        order.dialect = Dialect::PostParameters;
        let request = order.request();
        assert!(request.method == Method::Post && request.url.ends_with("$export"));
        let body = request.body.unwrap();
        assert!(body.contains(r#"{"name":"_since","valueInstant":"2024-01-01T00:00:00+01:00"}"#));
        assert_eq!(body.matches("_type\"").count(), 2);
    }
}
