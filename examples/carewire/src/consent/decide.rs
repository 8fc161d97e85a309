//! `carewire consent decide`.

use std::path::Path;

use carewire_consent::{
    Combining, Consent as Rule, Explanation, Policy, Request, parse_consents, parse_consents_csv,
};
use carewire_fhir_core::OrgId;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::json;

use crate::cli::{Consent, Decide};
use crate::failure::{Done, Failure};
use crate::{inputs, out};

pub(crate) fn run(what: Consent) -> Result<Done, Failure> {
    let Consent::Decide(options) = what;
    let policy = policy(&options)?;
    let request = inputs::read(&options.request)?;
    let request =
        Request::parse(&request.bytes).map_err(|error| Failure::usage(format!("request: {error}")))?;
    let consents = consents(&options.consents, &request.org)?;
    let explained = Explanation::of(&request, &consents, &policy, at(&options)?);
    out::line(json!(explained.response))?;
    if options.explain {
        out::note(explained.to_string().trim_end());
    }
    Ok(Done::All)
}

fn consents(path: &Path, org: &OrgId) -> Result<Vec<Rule>, Failure> {
    let mut all = vec![];
    for file in inputs::files(&[path.to_path_buf()])? {
        let input = inputs::read(&file)?;
        let is_table = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let read =
            if is_table { parse_consents_csv(&input.bytes) } else { parse_consents(&input.bytes, org) };
        all.extend(read.map_err(|error| Failure::usage(format!("{}: {error}", input.name)))?);
    }
    Ok(all)
}

/// The org's rules; what the command line says of them goes first.
fn policy(options: &Decide) -> Result<Policy, Failure> {
    let policy = policy_file(options.policy.as_deref())?;
    let Some(code) = &options.combining else { return Ok(policy) };
    let combining = Combining::from_code(code).ok_or_else(|| {
        let codes: Vec<&str> = Combining::all().map(Combining::as_str).collect();
        Failure::usage(format!("--combining: one of {} is expected", codes.join(", ")))
    })?;
    Ok(policy.with_combining(combining))
}

fn policy_file(file: Option<&Path>) -> Result<Policy, Failure> {
    let Some(file) = file else { return Ok(Policy::default()) };
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    toml::from_str(&text).map_err(|error| Failure::usage(format!("{}: {}", file.display(), error.message())))
}

fn at(options: &Decide) -> Result<DateTime<Utc>, Failure> {
    match &options.at {
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
