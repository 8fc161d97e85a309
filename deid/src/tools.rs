//! What some methods need beside a key: a cipher, a scrubber.

use crate::transform::{TextScrubber, ValueCipher};
use crate::{Entropy, Error, Policy, Refusal, Result};

/// What the caller gives.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tools<'a> {
    pub(crate) scrubber: Option<&'a dyn TextScrubber>,
    pub(crate) cipher: Option<(&'a ValueCipher, &'a dyn Entropy)>,
}

/// What the rules of a policy for one notation want.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) cipher: bool,
    pub(crate) scrubber: bool,
}

impl<'a> Tools<'a> {
    /// The scrubber, if it is the one that the policy was written for.
    pub(crate) fn scrubber_of(self, policy: &Policy) -> Option<&'a dyn TextScrubber> {
        self.scrubber.filter(|scrubber| Some(scrubber.id()) == policy.text().scrubber.as_deref())
    }

    /// Refuses a policy whose rules want what is not there. A policy that scrubs and names no scrubber wants texts to go.
    pub(crate) fn suffice(self, policy: &Policy, needs: Needs) -> Result<()> {
        let refused = |path: &str, reason| Err(Error::Refused { path: path.to_owned(), reason });
        if needs.cipher && self.cipher.is_none() {
            return refused("encrypt", Refusal::NoCipher);
        }
        let names_one = policy.text().scrubber.is_some();
        if needs.scrubber && names_one && self.scrubber_of(policy).is_none() {
            return refused("scrub", Refusal::NoScrubber);
        }
        Ok(())
    }
}
