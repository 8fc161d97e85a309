//! Interactions as requests.

use super::date::http_date;
use super::interaction::{Input, Interaction, Patch, Place, SearchBy, Target};
use crate::resource::is_type_name;
use crate::search::form::encode;
use crate::search::name::is_id_in_path;
use crate::search::{Scope, SearchQuery, Unknown};
use crate::{Method, Resource};

const FHIR_JSON: &str = "application/fhir+json";
const JSON_PATCH: &str = "application/json-patch+json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A request without a host: what to send where below a base. `Debug` shows no value.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpRequest {
    /// The verb.
    pub method: Method,
    /// The path below the base, encoded; empty for the base itself.
    pub path: String,
    /// What follows the question mark, encoded; empty for none.
    pub query: String,
    /// Names and values, in lower case and without line breaks. No `Authorization`.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<String>,
}

/// What a client would like, apart from what it asks for: the `Prefer` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preferences {
    /// What a write is answered with.
    pub returning: Option<Return>,
    /// What a search does with parameters that the server does not know.
    pub handling: Option<Unknown>,
}

/// What a write is answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "FHIR has these three")]
pub enum Return {
    /// Headers only.
    Minimal,
    /// The resource as it is now.
    Representation,
    /// An `OperationOutcome`.
    OperationOutcome,
}

/// Why no request can be made. Repeats no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// A type does not have the form of a type's name.
    #[error("not the name of a type")]
    Type,
    /// An id is missing or does not have the form of one.
    #[error("no usable id")]
    Id,
    /// A version cannot stand in a header or URL.
    #[error("no usable version")]
    Version,
    /// A condition has no criterion, or is not about the type.
    #[error("no usable condition")]
    Condition,
    /// The name of an operation does not have the form of one.
    #[error("not the name of an operation")]
    Operation,
    /// A batch or transaction is not one.
    #[error("not a batch or transaction")]
    NotABatch,
    /// A patch is not an array of operations, or not a `Parameters`.
    #[error("not a patch")]
    NotAPatch,
}

impl HttpRequest {
    /// The URL below a base, which may end in a slash or not.
    #[must_use]
    pub fn url(&self, base: &str) -> String {
        let base = base.strip_suffix('/').unwrap_or(base);
        let (slash, mark) = (separator('/', &self.path), separator('?', &self.query));
        format!("{base}{slash}{}{mark}{}", self.path, self.query)
    }

    fn new(method: Method, path: impl Into<String>) -> Self {
        let headers = vec![("accept", FHIR_JSON.to_owned())];
        Self { method, path: path.into(), query: String::new(), headers, body: None }
    }

    fn query(self, query: String) -> Self {
        Self { query, ..self }
    }

    fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn body(self, kind: &str, body: String) -> Self {
        Self { body: Some(body), ..self.header("content-type", kind) }
    }

    fn resource(self, resource: &Resource) -> Self {
        self.body(FHIR_JSON, resource.to_json())
    }

    fn if_match(self, version: Option<&str>) -> Result<Self, RequestError> {
        Ok(match version {
            Some(version) => self.header("if-match", etag(version)?),
            None => self,
        })
    }

    fn preferring(self, preferences: &Preferences) -> Self {
        let returning = preferences.returning.map(|returning| match returning {
            Return::Minimal => "return=minimal",
            Return::Representation => "return=representation",
            Return::OperationOutcome => "return=OperationOutcome",
        });
        let handling = preferences.handling.map(|handling| match handling {
            Unknown::Refuse => "handling=strict",
            Unknown::Ignore => "handling=lenient",
        });
        let is_write = self.method != Method::Get && !self.path.ends_with("_search");
        let words: Vec<&str> = returning.filter(|_| is_write).into_iter().chain(handling).collect();
        if words.is_empty() { self } else { self.header("prefer", words.join(", ")) }
    }
}

impl std::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("headers", &names)
            .field("body", &self.body.as_ref().map(String::len))
            .finish_non_exhaustive()
    }
}

impl Interaction<'_> {
    /// What to send.
    ///
    /// # Errors
    /// [`RequestError`] when a part cannot stand where it belongs: an id that would lead to another path, a version that
    /// would break a header, a condition that would match everything.
    pub fn request(&self, preferences: &Preferences) -> Result<HttpRequest, RequestError> {
        Ok(self.bare()?.preferring(preferences))
    }

    fn bare(&self) -> Result<HttpRequest, RequestError> {
        match *self {
            Self::Capabilities => Ok(HttpRequest::new(Method::Get, "metadata")),
            Self::Read { resource_type, id, unless_version, if_modified_since } => {
                let mut request = HttpRequest::new(Method::Get, instance(resource_type, id)?);
                if let Some(version) = unless_version {
                    request = request.header("if-none-match", etag(version)?);
                }
                Ok(match if_modified_since.and_then(http_date) {
                    Some(date) => request.header("if-modified-since", date),
                    None => request,
                })
            }
            Self::VersionRead { resource_type, id, version } => {
                let version =
                    Some(version).filter(|version| is_id_in_path(version)).ok_or(RequestError::Version)?;
                Ok(HttpRequest::new(
                    Method::Get,
                    format!("{}/_history/{version}", instance(resource_type, id)?),
                ))
            }
            Self::Create { resource, unless } => create(resource, unless),
            Self::Update { resource, if_version } => {
                let id = resource.id().ok_or(RequestError::Id)?;
                let path = instance(resource.resource_type(), id)?;
                HttpRequest::new(Method::Put, path).resource(resource).if_match(if_version)
            }
            Self::ConditionalUpdate { resource, query } => {
                let request = found(Method::Put, query, Some(resource.resource_type()))?;
                Ok(request.resource(resource))
            }
            Self::Patch { target, patch, if_version } => {
                patched(at(Method::Patch, target)?, patch)?.if_match(if_version)
            }
            Self::Delete { target, if_version } => at(Method::Delete, target)?.if_match(if_version),
            Self::Search { query, by } => search(query, by),
            Self::Page(link) => Ok(HttpRequest::new(Method::Get, link.path()).query(link.query().to_owned())),
            Self::History { of, since, count } => {
                let since = since.map(|since| ("_since", since.as_str().to_owned()));
                let count = count.map(|count| ("_count", count.to_string()));
                let pairs: Vec<_> = since.into_iter().chain(count).collect();
                let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
                Ok(HttpRequest::new(Method::Get, below(of, "_history")?).query(encoded(pairs)))
            }
            Self::Bundle(bundle) => batch(bundle),
            Self::Operation { at, name, input } => operation(at, name, input),
        }
    }
}

fn create(resource: &Resource, unless: Option<&SearchQuery>) -> Result<HttpRequest, RequestError> {
    let resource_type = checked_type(resource.resource_type())?;
    let request = HttpRequest::new(Method::Post, resource_type).resource(resource);
    Ok(match unless {
        Some(query) => request.header("if-none-exist", condition(query, Some(resource_type))?),
        None => request,
    })
}

fn search(query: &SearchQuery, by: SearchBy) -> Result<HttpRequest, RequestError> {
    if !query.scope().is_sound() {
        return Err(RequestError::Type);
    }
    let path = query.scope().path();
    Ok(match by {
        SearchBy::Get => HttpRequest::new(Method::Get, path).query(query.to_query()),
        SearchBy::Post => {
            let slash = separator('/', &path);
            HttpRequest::new(Method::Post, format!("{path}{slash}_search")).body(FORM, query.to_form())
        }
    })
}

fn batch(bundle: &Resource) -> Result<HttpRequest, RequestError> {
    let is_batch = bundle.resource_type() == "Bundle"
        && matches!(bundle.value().str("type"), Some("batch" | "transaction"));
    if is_batch {
        Ok(HttpRequest::new(Method::Post, "").resource(bundle))
    } else {
        Err(RequestError::NotABatch)
    }
}

fn operation(at: Place<'_>, name: &str, input: Input<'_>) -> Result<HttpRequest, RequestError> {
    let sound =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if !sound {
        return Err(RequestError::Operation);
    }
    let path = below(at, &format!("${name}"))?;
    Ok(match input {
        Input::Query(pairs) => HttpRequest::new(Method::Get, path).query(encoded(pairs.iter().copied())),
        Input::Body(resource) => HttpRequest::new(Method::Post, path).resource(resource),
    })
}

fn patched(request: HttpRequest, patch: Patch<'_>) -> Result<HttpRequest, RequestError> {
    match patch {
        Patch::Json(operations) if !operations.items().is_empty() => {
            Ok(request.body(JSON_PATCH, operations.to_json()))
        }
        Patch::FhirPath(parameters) if parameters.resource_type() == "Parameters" => {
            Ok(request.resource(parameters))
        }
        Patch::Json(_) | Patch::FhirPath(_) => Err(RequestError::NotAPatch),
    }
}

fn at(method: Method, target: Target<'_>) -> Result<HttpRequest, RequestError> {
    match target {
        Target::Instance(resource_type, id) => Ok(HttpRequest::new(method, instance(resource_type, id)?)),
        Target::Found(query) => found(method, query, None),
    }
}

fn found(method: Method, query: &SearchQuery, expected: Option<&str>) -> Result<HttpRequest, RequestError> {
    let condition = condition(query, expected)?;
    Ok(HttpRequest::new(method, query.scope().path()).query(condition))
}

/// A query that can stand as a condition: of one type, and with at least one criterion.
fn condition(query: &SearchQuery, expected: Option<&str>) -> Result<String, RequestError> {
    match query.scope() {
        Scope::Type(name)
            if is_type_name(name)
                && expected.is_none_or(|expected| expected == name)
                && !query.criteria().is_empty() =>
        {
            Ok(query.to_query())
        }
        _ => Err(RequestError::Condition),
    }
}

fn below(place: Place<'_>, last: &str) -> Result<String, RequestError> {
    Ok(match place {
        Place::System => last.to_owned(),
        Place::Type(name) => format!("{}/{last}", checked_type(name)?),
        Place::Instance(resource_type, id) => format!("{}/{last}", instance(resource_type, id)?),
    })
}

fn instance(resource_type: &str, id: &str) -> Result<String, RequestError> {
    let id = Some(id).filter(|id| is_id_in_path(id)).ok_or(RequestError::Id)?;
    Ok(format!("{}/{id}", checked_type(resource_type)?))
}

fn checked_type(name: &str) -> Result<&str, RequestError> {
    if is_type_name(name) { Ok(name) } else { Err(RequestError::Type) }
}

fn etag(version: &str) -> Result<String, RequestError> {
    let sound = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
    if sound { Ok(format!("W/\"{version}\"")) } else { Err(RequestError::Version) }
}

fn encoded<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        out.push_str(separator('&', &out));
        encode(name, b":", "%20", &mut out);
        out.push('=');
        encode(value, b",", "%20", &mut out);
    }
    out
}

/// The character, when there is something that it separates.
fn separator(character: char, text: &str) -> &'static str {
    match (character, text.is_empty()) {
        ('/', false) => "/",
        ('?', false) => "?",
        ('&', false) => "&",
        _ => "",
    }
}
