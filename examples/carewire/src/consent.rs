//! `carewire consent decide`.

use std::path::Path;

use carewire_consent::{Policy, Request, Response, SimpleConsent, evaluate, parse_consents};
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::cli::{Consent, Decide};
use crate::failure::{Done, Failure};
use crate::{inputs, out};

pub(crate) fn run(what: Consent) -> Result<Done, Failure> {
    let Consent::Decide(options) = what;
    if options.combining != "deny-overrides" {
        return Err(Failure::usage("--combining: only `deny-overrides` is there yet"));
    }
    let request = inputs::read(&options.request)?;
    let request =
        Request::parse(&request.bytes).map_err(|error| Failure::usage(format!("request: {error}")))?;
    let consents = consents(&options.consents)?;
    let response = evaluate(&request, &consents, &policy(options.policy.as_deref())?, at(&options)?);
    out::line(json!(response))?;
    if options.explain {
        explain(&response);
    }
    Ok(Done::All)
}

fn consents(path: &Path) -> Result<Vec<SimpleConsent>, Failure> {
    let mut all = vec![];
    for file in inputs::files(&[path.to_path_buf()])? {
        let input = inputs::read(&file)?;
        let read = parse_consents(&input.bytes);
        all.extend(read.map_err(|error| Failure::usage(format!("{}: {error}", input.name)))?);
    }
    Ok(all)
}

fn policy(file: Option<&Path>) -> Result<Policy, Failure> {
    let Some(file) = file else { return Ok(Policy::default()) };
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    toml::from_str(&text).map_err(|error| Failure::usage(format!("{}: {}", file.display(), error.message())))
}

fn at(options: &Decide) -> Result<DateTime<Utc>, Failure> {
    match &options.at {
        None => Ok(Utc::now()),
        Some(text) => text.parse().map_err(|_| Failure::usage("--at: a time in RFC 3339 is expected")),
    }
}

fn explain(response: &Response) {
    out::note(format_args!("{:<24} {:<14} {:<8} why", "consent", "path", "effect"));
    for reason in &response.reasons {
        let line = json!(reason);
        let member = |name: &str| line.get(name).and_then(|value| value.as_str()).unwrap_or("-").to_owned();
        let (consent, path, effect) = (member("consent"), member("path"), member("effect"));
        out::note(format_args!("{consent:<24} {path:<14} {effect:<8} {}", member("why")));
    }
}
