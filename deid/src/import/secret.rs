//! The secrets that a rule file may hold.

use carewire_fhir_core::Value;
use hmac::Mac;
use zeroize::Zeroizing;

use super::hash;
use crate::{Pseudonymizer, mac};

/// One secret of a file. It is wiped from memory on drop, and has no `Debug`.
pub(super) struct Secret {
    name: &'static str,
    value: Zeroizing<String>,
}

impl Secret {
    pub(super) fn name(&self) -> &'static str {
        self.name
    }
}

/// Those that are there, the one for dates first.
pub(super) fn of(parameters: &Value) -> Vec<Secret> {
    let all = ["dateShiftKey", "cryptoHashKey", "encryptKey"].into_iter();
    let there = all.filter_map(|name| Some((name, parameters.str(name).filter(|value| !value.is_empty())?)));
    there.map(|(name, value)| Secret { name, value: Zeroizing::new(value.to_owned()) }).collect()
}

/// Keys from the first of them, which must not be that for encryption.
pub(super) fn keys(secrets: &[Secret]) -> Option<Pseudonymizer> {
    let secret = secrets.iter().find(|secret| secret.name != "encryptKey")?;
    let mut root = hash::keyed(secret.value.as_bytes())?;
    mac::update(&mut root, &[b"carewire/deid/v1/rule-file", secret.name.as_bytes()]);
    Some(Pseudonymizer::of_rule_file(&root.finalize().into_bytes().into()))
}
