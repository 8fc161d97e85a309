//! Digests of what a decision was made by.

use std::fmt;
use std::hash::{Hash, Hasher};

use sha2::{Digest as _, Sha256};

use crate::{Policy, Request};

/// A SHA-256, shown in hex.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Of a text.
    pub(crate) fn of_text(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Of all that a request says, by this version of the crate. Another build may give the same request another one.
    pub(crate) fn of_request(request: &Request) -> Self {
        let mut state = Fingerprint(Sha256::new());
        (env!("CARGO_PKG_VERSION"), crate::CLASS_TABLE_VERSION, request).hash(&mut state);
        Self(state.0.finalize().into())
    }
}

impl Policy {
    /// The digest of the policy as JSON: the same on every machine.
    ///
    /// ```
    /// use carewire_consent::Policy;
    /// let policy = Policy::default();
    /// assert_eq!(policy.digest(), Policy::default().digest());
    /// assert_ne!(policy.digest(), policy.all_or_nothing().digest());
    /// ```
    #[must_use]
    pub fn digest(&self) -> Digest {
        let json = serde_json::to_vec(self).unwrap_or_default();
        Digest(Sha256::digest(json).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Takes what `Hash` says of a value: each field, with its length, so that no two values say the same.
struct Fingerprint(Sha256);

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest: [u8; 32] = self.0.clone().finalize().into();
        digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }
}
