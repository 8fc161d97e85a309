//! `carewire deid …`.

mod anonymity;
mod args;
mod documents;
mod fhir;
mod finished;
mod rounds;
mod target;
mod v2;
mod work;

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
    let report = if policy == "pseudonymous" {
        Policy::pseudonymous().report()
    } else {
        let text =
            std::fs::read_to_string(policy).map_err(|error| Failure::usage(format!("{policy}: {error}")))?;
        check_policy(&text).map_err(|error| Failure::usage(format!("{policy}: {error}")))?
    };
    out::line(report)?;
    Ok(Done::All)
}
