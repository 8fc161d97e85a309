//! What a permit asks of whoever uses it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::condition::{Condition, Side};
use crate::facts::{Described, Facts};
use crate::{DataClass, Policy, Response};

/// What a permit asks of the one who uses it.
///
/// [`Only`](Self::Only) and [`Redact`](Self::Redact) are the *residual*: what the decision leaves to be decided about
/// each piece of data. Who cannot do what an obligation asks must not use the permit: see [`Duties`](crate::Duties).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Obligation {
    /// Keep nothing but what fits one of these.
    Only {
        /// The data that may be used.
        any_of: Vec<Condition>,
    },
    /// Leave out what fits this.
    Redact(Condition),
    /// Leave out this element of what is kept, as the policy of the org says ([`Policy::redact`]).
    RedactElement {
        /// A path, for example `Patient.telecom`.
        element: Box<str>,
    },
    /// Erase the data by this instant.
    EraseBy {
        /// The first instant at which they must be gone.
        at: DateTime<Utc>,
        /// The consent that says so.
        consent: Box<str>,
    },
    /// Use it no more often than this.
    MaxUses {
        /// How often.
        #[serde(flatten)]
        frequency: Frequency,
        /// The consent that says so.
        consent: Box<str>,
    },
    /// Apply a de-identification policy to what is kept.
    ApplyPolicy {
        /// Its name.
        policy: Box<str>,
    },
    /// Put the use on record.
    Audit {
        /// Somebody is to be told of it now.
        alert: bool,
    },
    /// Ask again at this instant: the answer may be another one from then on.
    ReevaluateBy {
        /// The next boundary of a consent's period.
        at: DateTime<Utc>,
    },
}

impl Obligation {
    /// Whether it decides about pieces of data.
    #[must_use]
    pub fn is_residual(&self) -> bool {
        matches!(self, Self::Only { .. } | Self::Redact(_) | Self::RedactElement { .. })
    }

    /// The stable name: the `type` of the JSON form.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Only { .. } => "only",
            Self::Redact(_) => "redact",
            Self::RedactElement { .. } => "redact_element",
            Self::EraseBy { .. } => "erase_by",
            Self::MaxUses { .. } => "max_uses",
            Self::ApplyPolicy { .. } => "apply_policy",
            Self::Audit { .. } => "audit",
            Self::ReevaluateBy { .. } => "reevaluate_by",
        }
    }

    /// The consent that asks for it, where one does alone.
    #[must_use]
    pub fn consent(&self) -> Option<&str> {
        match self {
            Self::Redact(condition) => Some(condition.consent()),
            Self::EraseBy { consent, .. } | Self::MaxUses { consent, .. } => Some(consent),
            _ => None,
        }
    }

    /// Whether it leaves a piece of data out. What it cannot tell is left out.
    pub(crate) fn withholds(&self, facts: &Facts<'_>) -> bool {
        match self {
            Self::Only { any_of } => {
                let kept = any_of.iter().fold(0, |bits, one| bits | one.level(facts, Side::Permit).sure);
                kept & facts.classes != facts.classes
            }
            Self::Redact(condition) => condition.level(facts, Side::Deny).may(facts.classes),
            _ => false,
        }
    }
}

/// How often something may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Frequency {
    /// So many times.
    pub uses: u32,
    /// In each of these.
    pub per: Unit,
    /// And so many times again.
    pub repeats: u32,
}

impl Frequency {
    pub(crate) fn new(uses: u32, per: Unit, repeats: u32) -> Self {
        Self { uses, per, repeats }
    }
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Unit {
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Response {
    /// By when the data must be gone: the earliest that a consent asks for.
    #[must_use]
    pub fn erase_by(&self) -> Option<DateTime<Utc>> {
        let instants = self.obligations.iter().filter_map(|obligation| match obligation {
            Obligation::EraseBy { at, .. } => Some(*at),
            _ => None,
        });
        instants.min()
    }

    /// Whether a piece of data may be used under this decision: it permits, and no obligation leaves the data out.
    ///
    /// `policy` is the one that it was decided with. What no class describes is never kept.
    ///
    /// ```
    /// use carewire_consent::{Consent, Described, Policy, Request, evaluate};
    /// use carewire_fhir_core::{OrgId, Resource};
    /// let consent = Consent::parse(
    ///     br#"{"resourceType":"Consent","id":"c1","status":"active","patient":{"reference":"Patient/pt_1"},"provision":
    ///        {"type":"permit","provision":[{"type":"deny","securityLabel":[{"code":"R"}]}]}}"#, &OrgId::new("o")?)?;
    /// let request = Request::parse(br#"{"org":"o","patient":"pt_1","purpose":"TREAT"}"#)?;
    /// let policy = Policy::default();
    /// let response = evaluate(&request, &[consent], &policy, chrono::DateTime::UNIX_EPOCH);
    /// let kept = |label: &str| {
    ///     let text = format!(r#"{{"resourceType":"Condition","meta":{{"security":[{{"system":
    ///         "http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"{label}"}}]}}}}"#);
    ///     Resource::parse(text.as_bytes()).map(|resource| response.keeps(&Described::of(&resource), &policy))
    /// };
    /// assert_eq!((kept("N")?, kept("R")?), (true, false));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn keeps(&self, data: &Described, policy: &Policy) -> bool {
        let facts = Facts::of(data, policy);
        self.decision == crate::Decision::Permit
            && data.classes().iter().all(DataClass::is_permittable)
            && !self.obligations.iter().any(|obligation| obligation.withholds(&facts))
    }
}
