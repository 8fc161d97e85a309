//! Requests as people write them.

use std::collections::BTreeSet;

use carewire_fhir_core::{InvalidId, OrgId, PatientToken, Resource};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::{Action, Actor, Request};
use crate::model::data::Span;
use crate::{BreakGlass, DataClass, Duties, Purpose, document};

/// A request as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    #[serde(deserialize_with = "org")]
    org: OrgId,
    #[serde(default)]
    org_aliases: Vec<String>,
    #[serde(deserialize_with = "document::patient_reference")]
    patient: PatientToken,
    #[serde(default)]
    actor: Actor,
    #[serde(default, deserialize_with = "action")]
    action: Action,
    purpose: Purpose,
    #[serde(default)]
    data_classes: BTreeSet<DataClass>,
    #[serde(default)]
    labels: BTreeSet<Label>,
    #[serde(default)]
    remote: Option<String>,
    #[serde(default)]
    active_encounter: Option<bool>,
    #[serde(default)]
    break_glass: Option<BreakGlass>,
    #[serde(default)]
    deidentified: bool,
    #[serde(default)]
    resource: Option<serde_json::Value>,
    #[serde(default)]
    data_period: Option<Bounds>,
}

/// An org, by its id or by a reference.
fn org<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OrgId, D::Error> {
    org_of(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

pub(super) fn some_org<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<OrgId>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| org_of(&text)).transpose().map_err(D::Error::custom)
}

fn org_of(text: &str) -> Result<OrgId, InvalidId> {
    OrgId::new(text.strip_prefix("Organization/").unwrap_or(text))
}

/// An action, in capitals or not.
fn action<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Action, D::Error> {
    let text = String::deserialize(deserializer)?.to_ascii_lowercase();
    Action::from_code(&text).ok_or_else(|| D::Error::custom("not an action"))
}

/// A security label: `system|code`, a code alone, or as FHIR writes it.
#[derive(PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(untagged)]
enum Label {
    Text(String),
    Coding {
        #[serde(default)]
        system: Option<String>,
        code: String,
    },
}

impl Label {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Coding { system: Some(system), code } => format!("{system}|{code}"),
            Self::Coding { system: None, code } => code,
        }
    }
}

/// Times in RFC 3339, or dates.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    start: Option<String>,
    end: Option<String>,
}

impl TryFrom<Form> for Request {
    type Error = &'static str;

    fn try_from(form: Form) -> Result<Self, Self::Error> {
        let data_period = match &form.data_period {
            Some(bounds) => {
                let span = Span::parse(bounds.start.as_deref(), bounds.end.as_deref());
                Some(span.ok_or(document::NO_DATES)?)
            }
            None => None,
        };
        let request = Request {
            org: form.org,
            org_aliases: form.org_aliases,
            patient: form.patient,
            actor: form.actor,
            action: form.action,
            purpose: form.purpose,
            data_classes: form.data_classes,
            labels: form.labels.into_iter().map(Label::into_text).collect(),
            resource: None,
            data_period,
            remote: form.remote,
            active_encounter: form.active_encounter,
            break_glass: form.break_glass,
            deidentified: form.deidentified,
            fulfils: Duties::default(),
        };
        let Some(resource) = form.resource else { return Ok(request) };
        let resource = Resource::parse(resource.to_string().as_bytes());
        Ok(request.about(&resource.map_err(|_| document::NOT_A_RESOURCE)?))
    }
}
