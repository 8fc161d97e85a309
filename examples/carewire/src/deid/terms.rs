//! Under what a run transforms: the policy, the keys, the org, the day.

use carewire_deid::{Entropy, Policy, Pseudonymizer};
use carewire_fhir_core::{Date, OrgId};

use super::args::Transform;
use crate::failure::Failure;
use crate::keys::{self, OsEntropy};
use crate::stack;

pub(super) struct Terms {
    pub(super) policy: Policy,
    pub(super) keys: Pseudonymizer,
    pub(super) org: OrgId,
    pub(super) as_of: Option<Date>,
}

impl Terms {
    pub(super) fn of(options: &Transform) -> Result<Self, Failure> {
        let as_of = options.as_of.as_deref().map(Date::parse).transpose();
        let as_of = as_of.map_err(|error| Failure::usage(format!("--as-of: {error}")))?;
        let org = OrgId::new(&options.org).map_err(|error| Failure::usage(format!("--org: {error}")))?;
        let policy = stack::policy_of_files(&options.policy)?;
        let keys = pseudonymizer(options, &policy, &org)?;
        Ok(Self { policy, keys, org, as_of })
    }
}

/// The org's key, or one that nobody has after this run.
fn pseudonymizer(options: &Transform, policy: &Policy, org: &OrgId) -> Result<Pseudonymizer, Failure> {
    if policy.wants_key_of_run() {
        let mut secret = [0; 32];
        OsEntropy.fill(&mut secret).map_err(|error| Failure::unreachable(error.to_string()))?;
        return Ok(Pseudonymizer::for_run(&secret));
    }
    let Some(file) = &options.key_file else {
        return Err(Failure::usage(format!(
            "--key-file: the policy `{}` needs one; `carewire deid keygen` makes it",
            policy.id()
        )));
    };
    Ok(Pseudonymizer::new(&keys::load(file, false)?, org, "file"))
}
