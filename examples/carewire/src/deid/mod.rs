//! `carewire deid …`.

mod account;
mod anonymity;
mod anonymity_v2;
mod args;
mod envelopes;
mod fhir;
mod finished;
mod imported;
mod patients;
mod rounds;
mod target;
mod terms;
mod tokens;
mod v2;
mod work;

use carewire_deid::check_policy;
use carewire_deid::import::{ImportOptions, check_rules};
use carewire_deid::v2::check_v2;

use self::args::Others;
use self::terms::Source;
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
        Deid::CheckPolicy { policy, unmatched } => check(&policy, unmatched),
        Deid::Later(words) => Err(later::part("deid", &words)),
    }
}

fn check(name: &str, unmatched: Option<Others>) -> Result<Done, Failure> {
    let source = Source::read(name)?;
    if source.is_rule_file() {
        return check_imported(&source, unmatched.unwrap_or_default());
    }
    source.refuse_unmatched(unmatched)?;
    out::line(check_policy(source.text()).map_err(|error| source.wrong(&error))?)?;
    out::line(check_v2(source.text()).map_err(|error| source.wrong(&error))?)?;
    Ok(Done::All)
}

/// What a rule file does; what of it is refused is named, too, where failures are.
fn check_imported(source: &Source<'_>, unmatched: Others) -> Result<Done, Failure> {
    let options = ImportOptions::default().with_unmatched(unmatched.into());
    let report = check_rules(source.text(), options).map_err(|error| source.wrong(&error))?;
    out::line(&report)?;
    let faults: Vec<String> = report.faults().map(ToString::to_string).collect();
    if faults.is_empty() { Ok(Done::All) } else { Err(source.wrong(&faults.join("\n  "))) }
}
