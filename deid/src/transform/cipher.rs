//! Values that the holder of the key can read again.

use carewire_fhir_core::OrgId;
use data_encoding::BASE64URL_NOPAD;

use crate::{Entropy, Error, KeyRing, Result, SealContext, Sealer};

/// Encrypts single values, each bound to its org and its place.
///
/// A value becomes `cw1.` and base64url of a record of [`Sealer`]: AES-256-GCM, the key's id in its header, so that values
/// stay readable after a rotation as long as the retired key is in the ring. Two encryptions of a value differ: use a
/// pseudonym where equal values are to be told. A value that was moved to another place does not open.
///
/// ```
/// # use carewire_deid::{Entropy, Error, KeyRing, transform::ValueCipher};
/// # use carewire_fhir_core::OrgId;
/// # #[derive(Debug)] struct Count(std::sync::atomic::AtomicU8);
/// # impl Entropy for Count { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
/// #     for byte in bytes { *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } Ok(()) } }
/// # let entropy = Count(Default::default());
/// # let ring = KeyRing::generate(&entropy, "2026-11-20T00:00:00Z")?;
/// let cipher = ValueCipher::new(&ring, &OrgId::new("org_a").unwrap());
/// let sealed = cipher.encrypt("Patient.name.family", "Smith", &entropy)?;
/// assert!(sealed.starts_with("cw1.") && !sealed.contains("Smith"));
/// assert_eq!(cipher.decrypt("Patient.name.family", &sealed)?, "Smith");
/// assert!(cipher.decrypt("Patient.name.given", &sealed).is_err());
/// # Ok::<(), Error>(())
/// ```
///
/// What a policy encrypts is opened by the same key ring, its retired keys among it: an element of FHIR at its path as the
/// manifest and [`check_policy`](crate::check_policy) have it (`Patient.name.family`; an item in an item has the path of the
/// outer one), a field of v2 at its own (`PID-7`). Identifiers go with references and from v2 into FHIR, so they have one
/// place everywhere: [`decrypt_identifier`](Self::decrypt_identifier).
#[derive(Clone, Debug)]
pub struct ValueCipher {
    sealer: Sealer,
    org: OrgId,
}

const PREFIX: &str = "cw1.";
/// The place of every identifier.
const IDENTIFIER: &str = "Identifier";
/// Between the system and the value of an identifier: no text of FHIR has it.
const SEPARATOR: char = '\u{1f}';

impl ValueCipher {
    /// A cipher with the ring's `encrypt` keys for one org.
    #[must_use]
    pub fn new(ring: &KeyRing, org: &OrgId) -> Self {
        Self { sealer: Sealer::new(ring), org: org.clone() }
    }

    /// Encrypts a value at a place, an element path or a field.
    ///
    /// # Errors
    /// [`Error::Entropy`] when no nonce can be had.
    pub fn encrypt(&self, place: &str, value: &str, entropy: &dyn Entropy) -> Result<String> {
        let sealed = self.sealer.seal(&self.context(place), value.as_bytes(), entropy)?;
        Ok(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&sealed)))
    }

    /// Reads a value again.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when the ring lacks the key, [`Error::NotOpened`] for anything altered or out of place.
    pub fn decrypt(&self, place: &str, text: &str) -> Result<String> {
        let plain = self.sealer.open(&self.context(place), &bytes(text).ok_or(Error::NotOpened)?)?;
        String::from_utf8(plain).map_err(|_| Error::NotOpened)
    }

    /// Encrypts an identifier, its system with it. The result stands as the value, under
    /// [`ENCRYPTED_SYSTEM`](crate::ENCRYPTED_SYSTEM).
    ///
    /// # Errors
    /// As [`encrypt`](Self::encrypt).
    pub fn encrypt_identifier(&self, system: &str, value: &str, entropy: &dyn Entropy) -> Result<String> {
        self.encrypt(IDENTIFIER, &format!("{system}{SEPARATOR}{value}"), entropy)
    }

    /// Reads the system and the value of an identifier again; the system is empty where there was none.
    ///
    /// ```
    /// # use carewire_deid::{Entropy, Error, KeyRing, transform::ValueCipher};
    /// # use carewire_fhir_core::OrgId;
    /// # #[derive(Debug)] struct Count(std::sync::atomic::AtomicU8);
    /// # impl Entropy for Count { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
    /// #     for byte in bytes { *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } Ok(()) } }
    /// # let entropy = Count(Default::default());
    /// # let ring = KeyRing::generate(&entropy, "2026-11-20T00:00:00Z")?;
    /// let cipher = ValueCipher::new(&ring, &OrgId::new("org_a").unwrap());
    /// let sealed = cipher.encrypt_identifier("urn:oid:1.2.3", "MRN-7", &entropy)?;
    /// assert_eq!(cipher.decrypt_identifier(&sealed)?, ("urn:oid:1.2.3".to_owned(), "MRN-7".to_owned()));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`decrypt`](Self::decrypt).
    pub fn decrypt_identifier(&self, text: &str) -> Result<(String, String)> {
        let plain = self.decrypt(IDENTIFIER, text)?;
        let (system, value) = plain.split_once(SEPARATOR).ok_or(Error::NotOpened)?;
        Ok((system.to_owned(), value.to_owned()))
    }

    /// As [`encrypt`](Self::encrypt), but what was encrypted for the place before stays as it is.
    pub(crate) fn once(&self, place: &str, value: &str, entropy: &dyn Entropy) -> Result<String> {
        if value.starts_with(PREFIX) && self.decrypt(place, value).is_ok() {
            return Ok(value.to_owned());
        }
        self.encrypt(place, value, entropy)
    }

    /// The id of the key that encrypts now.
    #[must_use]
    pub fn key_id(&self) -> &str {
        self.sealer.key_id()
    }

    /// Whether a value is encrypted with the active key.
    #[must_use]
    pub fn is_current(&self, text: &str) -> bool {
        bytes(text).is_some_and(|sealed| self.sealer.is_current(&sealed))
    }

    fn context<'a>(&'a self, place: &'a str) -> SealContext<'a> {
        SealContext { org: &self.org, kind: "value", id: place, version: 1 }
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(text.strip_prefix(PREFIX)?.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::tests::Seeded;
    use proptest::prelude::*;

    fn cipher(seed: u64, org: &str) -> ValueCipher {
        let ring = KeyRing::generate(&Seeded::new(seed), "2026-11-20T00:00:00Z").unwrap();
        ValueCipher::new(&ring, &OrgId::new(org).unwrap())
    }

    #[test]
    fn orgs_places_and_keys_are_apart() {
        let sealed = cipher(1, "a").encrypt("Patient.id", "7", &Seeded::new(4)).unwrap();
        assert_eq!(cipher(1, "a").decrypt("Patient.id", &sealed).unwrap(), "7");
        assert!(cipher(1, "a").is_current(&sealed) && !cipher(1, "a").is_current("7"));
        for error in [
            cipher(1, "b").decrypt("Patient.id", &sealed),
            cipher(1, "a").decrypt("Patient.name", &sealed),
            cipher(2, "a").decrypt("Patient.id", &sealed),
            cipher(1, "a").decrypt("Patient.id", "7"),
        ] {
            assert!(matches!(error, Err(Error::NotOpened | Error::UnknownKey)));
        }
    }

    #[test]
    fn a_retired_key_still_opens() {
        let old = KeyRing::generate(&Seeded::new(1), "2026-11-20T00:00:00Z").unwrap();
        let new = KeyRing::generate(&Seeded::new(2), "2026-12-01T00:00:00Z").unwrap();
        let org = OrgId::new("a").unwrap();
        let sealed = ValueCipher::new(&old, &org).encrypt("x", "plain", &Seeded::new(3)).unwrap();
        let mut both: serde_json::Value = serde_json::from_str(&new.to_json()).unwrap();
        let mut retired: serde_json::Value = serde_json::from_str(&old.to_json()).unwrap();
        for key in retired["keys"].as_array_mut().unwrap() {
            key["status"] = "retired".into();
            both["keys"].as_array_mut().unwrap().push(key.clone());
        }
        let rotated = ValueCipher::new(&KeyRing::parse(&both.to_string()).unwrap(), &org);
        assert_eq!(rotated.decrypt("x", &sealed).unwrap(), "plain");
        assert!(!rotated.is_current(&sealed));
    }

    proptest! {
        #[test]
        fn any_text_comes_back_and_any_other_text_is_refused(value in "\\PC{0,60}", other in "\\PC{0,60}|cw1\\.[A-Za-z0-9_-]{0,80}") {
            let cipher = cipher(1, "a");
            let sealed = cipher.encrypt("p", &value, &Seeded::new(9)).unwrap();
            prop_assert_eq!(cipher.decrypt("p", &sealed).unwrap(), value);
            prop_assert!(cipher.decrypt("p", &other).is_err());
        }
    }
}
