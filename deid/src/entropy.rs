//! Randomness as an argument, and the patient tokens made of it.

use carewire_fhir_core::PatientToken;
use data_encoding::{Encoding, Specification};
use std::sync::LazyLock;

use crate::{Error, Result};

/// A source of unpredictable bytes. This crate never opens one by itself.
///
/// A caller passes the operating system's; a test passes a seeded one. An implementation must be fit for keys
/// and nonces: two calls never give the same bytes.
pub trait Entropy: std::fmt::Debug + Send + Sync {
    /// Fills `bytes` completely, or fails.
    ///
    /// # Errors
    /// [`Error::Entropy`] when no randomness can be had; `bytes` is then not to be used.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error>;
}

/// A fresh patient token: `pt_` and 128 random bits in base32. It says nothing about the patient.
///
/// ```
/// # use carewire_deid::{Entropy, Error};
/// # #[derive(Debug)] struct Seven;
/// # impl Entropy for Seven { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> { bytes.fill(7); Ok(()) } }
/// let token = carewire_deid::new_token(&Seven)?;
/// assert_eq!(token.as_str().len(), 3 + 26);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::Entropy`] when the source fails.
pub fn new_token(entropy: &dyn Entropy) -> Result<PatientToken> {
    let mut bits = [0_u8; 16];
    entropy.fill(&mut bits)?;
    PatientToken::new(&format!("pt_{}", base32(&bits))).map_err(|_| Error::Entropy)
}

/// Lower-case base32 of RFC 4648 without padding: safe in an identifier, a URL and a file name.
pub(crate) fn base32(bytes: &[u8]) -> String {
    LOWER.encode(bytes)
}

/// The bytes that [`base32`] made this of.
pub(crate) fn unbase32(text: &str) -> Option<Vec<u8>> {
    LOWER.decode(text.as_bytes()).ok()
}

static LOWER: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification.encoding().unwrap_or(data_encoding::BASE32_NOPAD)
});

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use sha2::{Digest, Sha256};
    use std::sync::atomic::{AtomicU64, Ordering};

    /// Repeatable bytes from a seed.
    #[derive(Debug)]
    pub(crate) struct Seeded(AtomicU64);

    impl Seeded {
        pub(crate) fn new(seed: u64) -> Self {
            Self(AtomicU64::new(seed << 32))
        }
    }

    impl Entropy for Seeded {
        fn fill(&self, bytes: &mut [u8]) -> Result<()> {
            for chunk in bytes.chunks_mut(32) {
                let block = Sha256::digest(self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
                chunk.copy_from_slice(&block[..chunk.len()]);
            }
            Ok(())
        }
    }

    #[derive(Debug)]
    struct Dry;

    impl Entropy for Dry {
        fn fill(&self, _: &mut [u8]) -> Result<()> {
            Err(Error::Entropy)
        }
    }

    #[test]
    fn tokens_are_fresh_lower_case_and_long() {
        let entropy = Seeded::new(1);
        let (one, two) = (new_token(&entropy).unwrap(), new_token(&entropy).unwrap());
        assert_ne!(one, two);
        assert!(one.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
        assert_eq!(one.as_str().len(), 29);
    }

    #[test]
    fn a_dry_source_makes_no_token() {
        assert!(matches!(new_token(&Dry), Err(Error::Entropy)));
    }

    #[test]
    fn base32_follows_rfc_4648_in_lower_case() {
        for (plain, encoded) in [("", ""), ("f", "my"), ("fo", "mzxq"), ("foobar", "mzxw6ytboi")] {
            assert_eq!(base32(plain.as_bytes()), encoded);
        }
    }
}
