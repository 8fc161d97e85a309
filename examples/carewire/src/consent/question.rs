//! What is to be decided, as it is read from files.

use std::path::Path;

use carewire_consent::{Combining, Consent, Labeller, Policy, Request};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::args::Question;
use super::documents;
use super::rules::Rules;
use super::types::ConTypes;
use crate::failure::Failure;
use crate::inputs;

/// A request, and all that it is decided by.
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) consents: Vec<Consent>,
    pub(super) policy: Policy,
    /// Who labels, where the policy names tables.
    pub(super) labeller: Option<Labeller>,
    pub(super) at: DateTime<Utc>,
}

impl Asked {
    pub(super) fn read(question: &Question) -> Result<Self, Failure> {
        let rules = rules(question)?;
        let types = question.con_types.as_deref().map(ConTypes::read).transpose()?.unwrap_or_default();
        let request = request(&question.request, &rules)?;
        let consents = documents::all(&question.consents, &request, &types)?;
        let (policy, labeller) = (rules.policy, rules.labeller);
        Ok(Self { consents, request, policy, labeller, at: at(question)? })
    }
}

/// The request; its resource is labelled where the rules name tables.
fn request(file: &Path, rules: &Rules) -> Result<Request, Failure> {
    let input = inputs::read(file)?;
    let read =
        |bytes: &[u8]| Request::parse(bytes).map_err(|error| Failure::usage(format!("request: {error}")));
    let request = read(&input.bytes)?;
    rules.labelled(&input.bytes).map_or(Ok(request), |labelled| read(&labelled))
}

/// The org's rules; what the command line says of them goes first.
fn rules(question: &Question) -> Result<Rules, Failure> {
    let mut rules = question.policy.as_deref().map(Rules::read).transpose()?.unwrap_or_default();
    let Some(code) = &question.combining else { return Ok(rules) };
    rules.policy.combining = Combining::from_code(code).ok_or_else(|| {
        let codes: Vec<&str> = Combining::all().map(Combining::as_str).collect();
        Failure::usage(format!("--combining: one of {} is expected", codes.join(", ")))
    })?;
    Ok(rules)
}

/// The rules in a file.
pub(crate) fn policy_file(file: &Path) -> Result<Policy, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    toml::from_str(&text).map_err(|error| Failure::usage(format!("{}: {}", file.display(), error.message())))
}

fn at(question: &Question) -> Result<DateTime<Utc>, Failure> {
    match &question.at {
        None => Ok(Utc::now()),
        Some(text) => {
            time(text).ok_or_else(|| Failure::usage("--at: a date or a time in RFC 3339 is expected"))
        }
    }
}

/// A time, or the first instant of a date in UTC.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let date = || Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN).and_utc());
    text.parse().ok().or_else(date)
}
