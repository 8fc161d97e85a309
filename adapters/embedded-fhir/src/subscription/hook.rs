use axum::http::{HeaderName, HeaderValue};
use carewire_fhir_core::Value;
use uuid::Uuid;

use super::guard::{Endpoint, Reach};
use crate::api::Search;
use crate::refusal::Refusal;
use crate::rules::types;
use crate::store::Effect;

const EXTENSIONS: &str = "https://www.medplum.com/fhir/StructureDefinition/";
const ATTEMPTS: u32 = 3;
const MOST_ATTEMPTS: u32 = 18;

/// An active Subscription, understood.
pub(crate) struct Hook {
    pub(crate) id: Uuid,
    criteria: Search,
    resource_type: &'static str,
    pub(crate) endpoint: Endpoint,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) has_payload: bool,
    secret: Option<String>,
    pub(crate) attempts: u32,
    interactions: Vec<String>,
}

/// Refuses a Subscription that asks for what cannot be done, and makes a requested one active.
pub(crate) fn check(subscription: &mut Value, reach: &Reach) -> Result<(), Refusal> {
    if !matches!(subscription.str("status"), Some("requested" | "active")) {
        return Ok(());
    }
    Hook::read(Uuid::nil(), subscription, reach)
        .map_err(|(text, element)| Refusal::element("invalid", text, format!("Subscription.{element}")))?;
    subscription.set("status", "active");
    Ok(())
}

/// What is wrong, and with which element.
type Fault = (&'static str, &'static str);

impl Hook {
    pub(crate) fn read(id: Uuid, subscription: &Value, reach: &Reach) -> Result<Self, Fault> {
        let channel = subscription.get("channel").cloned().unwrap_or_default();
        if channel.str("type") != Some("rest-hook") {
            return Err(("Only the channel type rest-hook is supported", "channel.type"));
        }
        let endpoint = channel.str("endpoint").and_then(|url| Endpoint::parse(url, reach));
        let endpoint = endpoint.ok_or(("The endpoint may not be called", "channel.endpoint"))?;
        let headers = channel.list("header").iter().map(header).collect::<Option<Vec<_>>>();
        let headers = headers.ok_or(("A header cannot be sent", "channel.header"))?;
        let criteria = subscription.str("criteria").unwrap_or_default();
        let (name, query) = criteria.split_once('?').unwrap_or((criteria, ""));
        let unsearchable = ("The criteria cannot be searched for", "criteria");
        let resource_type = types::known(name.trim_start_matches('/')).ok_or(unsearchable)?;
        let criteria = Search::parse(resource_type, query).map_err(|_| unsearchable)?;
        if criteria.has_chains() {
            return Err(unsearchable);
        }
        let extension = |name: &str| extension(subscription, name);
        let attempts = extension("subscription-max-attempts").and_then(|value| value.as_i64());
        let attempts = attempts.and_then(|number| u32::try_from(number).ok()).unwrap_or(ATTEMPTS);
        Ok(Self {
            id,
            criteria,
            resource_type,
            endpoint,
            headers,
            has_payload: channel.str("payload").is_some(),
            secret: extension("subscription-secret").and_then(|value| value.as_str().map(str::to_owned)),
            attempts: attempts.clamp(1, MOST_ATTEMPTS),
            interactions: interactions(subscription),
        })
    }

    /// Whether a change is one that was asked for. `resource` is what was written, or what was there before it was
    /// deleted.
    pub(crate) fn wants(&self, resource_type: &str, effect: Effect, resource: &Value) -> bool {
        let interaction = interaction(effect);
        self.resource_type == resource_type
            && (self.interactions.is_empty() || self.interactions.iter().any(|name| name == interaction))
            && self.criteria.fits(resource)
    }

    pub(crate) fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }
}

/// As `X-Medplum-Interaction` says it.
pub(crate) fn interaction(effect: Effect) -> &'static str {
    match effect {
        Effect::Created => "create",
        Effect::Updated => "update",
        Effect::Deleted => "delete",
    }
}

/// A header of the channel, unless it would change how the request is framed or what it claims.
fn header(text: &Value) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = text.as_str()?.split_once(':')?;
    let name: HeaderName = name.trim().parse().ok()?;
    let is_ours = matches!(
        name.as_str(),
        "host"
            | "content-length"
            | "content-type"
            | "transfer-encoding"
            | "connection"
            | "upgrade"
            | "x-signature"
    );
    let is_ours = is_ours || name.as_str().starts_with("x-medplum-");
    (!is_ours).then_some((name, value.trim().parse().ok()?))
}

fn extension<'v>(subscription: &'v Value, name: &str) -> Option<&'v Value> {
    let all = subscription.list("extension").iter();
    let mut found = all.filter(|extension| is_named(extension, name));
    found.next()?.members().find(|(name, _)| name.starts_with("value")).map(|(_, value)| value)
}

fn interactions(subscription: &Value) -> Vec<String> {
    let all = subscription.list("extension").iter();
    let supported = all.filter(|extension| is_named(extension, "subscription-supported-interaction"));
    supported.filter_map(|extension| extension.str("valueCode").map(str::to_owned)).collect()
}

fn is_named(extension: &Value, name: &str) -> bool {
    extension.str("url").and_then(|url| url.strip_prefix(EXTENSIONS)) == Some(name)
}
