//! FHIR R4 consents, as far as Cedar can say them.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::NotSayable;

/// A `Consent` of FHIR R4 with the elements that can be said in Cedar, and no others.
///
/// ```
/// use carewire_cedar::Document;
/// let said = br#"{"resourceType":"Consent","id":"c1","status":"active","patient":{"reference":"Patient/pt_1"},
///     "provision":{"type":"permit","purpose":[{"code":"TREAT"}]}}"#;
/// assert_eq!(Document::parse(said)?.patient.reference, "Patient/pt_1");
///
/// let duties = br#"{"resourceType":"Consent","id":"c1","status":"active","patient":{"reference":"Patient/pt_1"},
///     "provision":{"type":"permit","dataPeriod":{"start":"2026"}}}"#;
/// assert!(Document::parse(duties).is_err(), "what data are of is not asked before they are read");
/// # Ok::<(), carewire_cedar::NotSayable>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
    /// `Consent`.
    pub resource_type: ResourceType,
    /// Unique within the org.
    pub id: String,
    /// Active, known to be something else, or unknown.
    pub status: String,
    /// Whose consent it is.
    pub patient: Reference,
    /// When it was given; says nothing here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_time: Option<String>,
    /// The base rule.
    pub provision: Provision,
}

/// The one type of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ResourceType {
    /// A consent.
    Consent,
}

/// A rule, and those below it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Provision {
    /// What it does; below the root, by default the inverse of the one above.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// When it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// Who.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actor: Vec<Actor>,
    /// What is to be done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub action: Vec<Concept>,
    /// Which labels the data bear.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub security_label: Vec<Coding>,
    /// What for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purpose: Vec<Coding>,
    /// Of which classes the data are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub class: Vec<Coding>,
    /// What refines it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provision: Vec<Provision>,
}

/// What a provision does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "FHIR has these two")]
pub enum Effect {
    /// It permits.
    Permit,
    /// It denies.
    Deny,
}

/// When a provision holds: days, or instants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first day or instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The last day, or the instant that is no more part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
}

/// Somebody, in no stated role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Who.
    pub reference: Reference,
}

/// A reference by `Type/id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// `Type/id`.
    pub reference: String,
}

/// A concept by its codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concept {
    /// The codes.
    pub coding: Vec<Coding>,
}

/// A code of no stated system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coding {
    /// The code.
    pub code: String,
}

impl Document {
    /// Reads a consent.
    ///
    /// # Errors
    /// It says what Cedar cannot.
    pub fn parse(text: &[u8]) -> Result<Self, NotSayable> {
        serde_json::from_slice(text).map_err(|error| NotSayable::at(&error))
    }

    /// The same, as FHIR writes it.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Effect {
    pub(crate) fn inverse(self) -> Self {
        match self {
            Self::Permit => Self::Deny,
            Self::Deny => Self::Permit,
        }
    }
}

impl Period {
    /// The first millisecond, and the first after it.
    pub(crate) fn bounds(&self) -> Result<(Option<i64>, Option<i64>), NotSayable> {
        let start = self.start.as_deref().map(|text| millisecond(text, 0)).transpose()?;
        let end = self.end.as_deref().map(|text| millisecond(text, 1)).transpose()?;
        Ok((start, end))
    }
}

impl From<&str> for Reference {
    fn from(reference: &str) -> Self {
        Self { reference: reference.to_owned() }
    }
}

impl From<&str> for Coding {
    fn from(code: &str) -> Self {
        Self { code: code.to_owned() }
    }
}

/// An instant, or midnight so many days after a day.
fn millisecond(text: &str, days: u64) -> Result<i64, NotSayable> {
    if let Ok(instant) = text.parse::<DateTime<Utc>>() {
        return Ok(instant.timestamp_millis());
    }
    let day = text.parse::<NaiveDate>().ok().and_then(|day| day.checked_add_days(Days::new(days)));
    let midnight = day.and_then(|day| day.and_hms_opt(0, 0, 0));
    midnight.map(|midnight| midnight.and_utc().timestamp_millis()).ok_or(NotSayable::period())
}
