//! Responses as answers.

use super::failure::{Failure, FailureKind};
use super::interaction::Interaction;
use super::response::HttpResponse;
use crate::{Issue, Resource, issues, parse_etag, parse_location};

/// What a server did, when it did what was asked. `Debug` shows no id, version or text of the server.
///
/// ```
/// use carewire_fhir_core::Resource;
/// use carewire_fhir_core::http::{Answer, Effect, HttpResponse, Interaction};
/// let patient = Resource::new("Patient");
/// let response = HttpResponse::new(201, b"").header("Location", "https://a.example/R4/Patient/7/_history/1");
/// let answer = Answer::of(&Interaction::create(&patient), &response)?;
/// assert_eq!((answer.effect, answer.id(), answer.version.as_deref()), (Effect::Created, Some("7"), Some("1")));
/// # Ok::<(), carewire_fhir_core::http::Failure>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Answer {
    /// The status: 200 to 299, or 304.
    pub status: u16,
    /// What became of the resource.
    pub effect: Effect,
    /// The resource, the Bundle, or what an operation returned.
    pub resource: Option<Resource>,
    /// The version that the resource has now.
    pub version: Option<String>,
    /// Where the resource is.
    pub location: Option<Location>,
    /// `Last-Modified`, as the server wrote it.
    pub last_modified: Option<String>,
    /// What the server had to say beside the resource. The texts may repeat data.
    pub issues: Vec<Issue>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("effect", &self.effect)
            .field("resource", &self.resource)
            .field("issues", &self.issues)
            .finish_non_exhaustive()
    }
}

/// What became of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// It was there already, and nothing was written.
    Found,
    /// It is new.
    Created,
    /// It has a new content.
    Updated,
    /// The content was what it had, and its version has stayed.
    Unchanged,
    /// It is gone, or was gone already.
    Deleted,
    /// It still has the version that was named, and did not come again.
    NotModified,
    /// The server will do it later.
    Accepted,
    /// What was asked for is here, or was done.
    Done,
}

/// A type, an id, and a version if one was named. `Debug` shows the type only.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Location {
    /// The type.
    pub resource_type: String,
    /// The id.
    pub id: String,
    /// The version.
    pub version: Option<String>,
}

impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Location({}/..)", self.resource_type)
    }
}

impl Answer {
    /// What a response says about an interaction.
    ///
    /// # Errors
    /// [`Failure`] when the server refused, or answered something else than was asked.
    pub fn of(interaction: &Interaction<'_>, response: &HttpResponse<'_>) -> Result<Self, Failure> {
        let is_unmodified = response.status() == 304
            && matches!(
                interaction,
                Interaction::Read { unless_version: Some(_), .. }
                    | Interaction::Read { if_modified_since: Some(_), .. }
            );
        if !(200..300).contains(&response.status()) && !is_unmodified {
            return Err(Failure::of_response(response));
        }
        let unreadable = || Failure::new(FailureKind::Unreadable).with_status(response.status());
        let body = match response.body() {
            _ if is_unmodified => None,
            [] => None,
            bytes => Some(Resource::parse(bytes).map_err(|_| unreadable())?),
        };
        let location = location(interaction, response);
        if !fits(interaction, response.status(), body.as_ref()) {
            return Err(unreadable());
        }
        let version = version(response, location.as_ref(), body.as_ref());
        let issues = body.as_ref().filter(|body| is_outcome(body)).map(|body| issues(body.value()));
        let keeps_outcome = matches!(interaction, Interaction::Operation { .. } | Interaction::Read { .. });
        Ok(Self {
            status: response.status(),
            effect: effect(interaction, response.status(), version.as_deref()),
            resource: body.filter(|body| keeps_outcome || !is_outcome(body)),
            version,
            location,
            last_modified: response.get("last-modified").map(str::to_owned),
            issues: issues.unwrap_or_default(),
        })
    }

    /// The id of the resource, by its location or its content.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        let located = self.location.as_ref().map(|location| location.id.as_str());
        located.or_else(|| self.resource.as_ref()?.id())
    }
}

/// Whether the body can be the answer to this question.
fn fits(interaction: &Interaction<'_>, status: u16, body: Option<&Resource>) -> bool {
    let is = |expected: &str| body.is_some_and(|body| body.resource_type() == expected);
    match interaction {
        Interaction::Read { resource_type, id, .. } | Interaction::VersionRead { resource_type, id, .. } => {
            status == 304 || (is(resource_type) && body.and_then(Resource::id) == Some(*id))
        }
        Interaction::Capabilities => is("CapabilityStatement"),
        Interaction::Search { .. }
        | Interaction::Page(_)
        | Interaction::History { .. }
        | Interaction::Bundle(_) => is("Bundle") || status == 202,
        Interaction::Create { .. }
        | Interaction::Update { .. }
        | Interaction::ConditionalUpdate { .. }
        | Interaction::Patch { .. } => {
            body.is_none_or(|body| is_outcome(body) || body.resource_type() == interaction.subject())
        }
        Interaction::Delete { .. } | Interaction::Operation { .. } => true,
    }
}

fn effect(interaction: &Interaction<'_>, status: u16, version: Option<&str>) -> Effect {
    if status == 202 {
        return Effect::Accepted;
    }
    match interaction {
        _ if status == 304 => Effect::NotModified,
        Interaction::Create { .. } if status == 200 => Effect::Found,
        Interaction::Create { .. } => Effect::Created,
        Interaction::Update { .. } | Interaction::ConditionalUpdate { .. } | Interaction::Patch { .. }
            if status == 201 =>
        {
            Effect::Created
        }
        Interaction::Update { if_version: Some(old), .. }
        | Interaction::Patch { if_version: Some(old), .. }
            if version == Some(*old) =>
        {
            Effect::Unchanged
        }
        Interaction::Update { .. } | Interaction::ConditionalUpdate { .. } | Interaction::Patch { .. } => {
            Effect::Updated
        }
        Interaction::Delete { .. } => Effect::Deleted,
        _ => Effect::Done,
    }
}

/// Where the response says that the resource is, when it is of the type that this is about.
fn location(interaction: &Interaction<'_>, response: &HttpResponse<'_>) -> Option<Location> {
    let text = response.get("location").or_else(|| response.get("content-location"))?;
    let (resource_type, id, version) = parse_location(text)?;
    (resource_type == interaction.subject()).then(|| Location {
        resource_type: resource_type.to_owned(),
        id: id.to_owned(),
        version: version.map(str::to_owned),
    })
}

fn version(
    response: &HttpResponse<'_>,
    location: Option<&Location>,
    body: Option<&Resource>,
) -> Option<String> {
    let tagged = response.get("etag").and_then(parse_etag).map(str::to_owned);
    let inside = || body?.value().get("meta")?.str("versionId").map(str::to_owned);
    tagged.or_else(|| location?.version.clone()).or_else(inside)
}

fn is_outcome(body: &Resource) -> bool {
    body.resource_type() == "OperationOutcome"
}
