//! `carewire deid …`.

mod anonymity;
mod args;
mod documents;
mod fhir;
mod finished;
mod rounds;
mod target;
mod terms;
mod tokens;
mod v2;
mod work;

use carewire_deid::v2::check_v2;
use carewire_deid::{Policy, check_policy};

use crate::failure::{Done, Failure};
use crate::{keys, later, out};

pub(crate) use args::Deid;

pub(crate) fn run(what: Deid) -> Result<Done, Failure> {
    match what {
        Deid::Fhir(options) => fhir::run(&options),
        Deid::V2(options) => v2::run(&options),
        Deid::KAnonymity(options) => anonymity::run(&options),
        Deid::Keygen => {
            out::line(keys::generate()?.to_json().as_str())?;
            Ok(Done::All)
        }
        Deid::CheckPolicy { policy } => check(&policy),
        Deid::Later(words) => Err(later::part("deid", &words)),
    }
}

fn check(policy: &str) -> Result<Done, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::usage(format!("{policy}: {error}"));
    let text = match Policy::built_in_toml(policy) {
        Some(text) => text.to_owned(),
        None => std::fs::read_to_string(policy).map_err(|error| wrong(&error))?,
    };
    out::line(check_policy(&text).map_err(|error| wrong(&error))?)?;
    out::line(check_v2(&text).map_err(|error| wrong(&error))?)?;
    Ok(Done::All)
}
