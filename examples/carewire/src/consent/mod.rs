//! `carewire consent …`.

mod apply;
mod args;
mod decide;
mod documents;
mod question;
mod rules;
mod store;
mod types;

use std::path::Path;

use crate::failure::{Done, Failure};

pub(crate) use args::Consent;
pub(crate) use question::policy_file;
pub(crate) use types::ConTypes;

pub(crate) async fn run(file: Option<&Path>, what: Consent) -> Result<Done, Failure> {
    match what {
        Consent::Decide(options) => decide::run(&options),
        Consent::Apply(options) => apply::run(&options),
        Consent::Import { inputs } => store::import(file, &inputs).await,
        Consent::List { patient, limit } => store::list(file, patient.as_deref(), limit).await,
        Consent::Revoke { id } => store::revoke(file, &id).await,
    }
}
