//! Sealed records: AES-256-GCM under a key of the record's own.

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use carewire_fhir_core::OrgId;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::keys::Key;
use crate::{Entropy, Error, KeyRing, KeyUse, Result, mac};

/// Seals and opens records with the `encrypt` keys of a [`KeyRing`].
///
/// The key of a record comes by HKDF-SHA-256 from the ring's key and (org, kind, id); the nonce is random; the
/// whole context, the version and the header are authenticated. So bytes that were altered, moved to another row
/// or replaced by an older version of the row do not open. New records use the active key, retired keys still open.
///
/// ```
/// # use carewire_deid::{Entropy, Error, KeyRing, SealContext, Sealer};
/// # use carewire_fhir_core::OrgId;
/// # #[derive(Debug)] struct Count(std::sync::atomic::AtomicU8);
/// # impl Entropy for Count { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
/// #     for byte in bytes { *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } Ok(()) } }
/// # let entropy = Count(Default::default());
/// let sealer = Sealer::new(&KeyRing::generate(&entropy, "2026-11-20T00:00:00Z")?);
/// let org = OrgId::new("org_a").unwrap();
/// let context = SealContext { org: &org, kind: "intake", id: "1", version: 1 };
/// let sealed = sealer.seal(&context, b"MSH|...", &entropy)?;
/// assert_eq!(sealer.open(&context, &sealed)?, b"MSH|...");
/// assert!(sealer.open(&SealContext { id: "2", ..context }, &sealed).is_err());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Sealer {
    ring: KeyRing,
}

/// What a sealed record is: it opens only under the same context.
#[derive(Clone, Copy, Debug)]
pub struct SealContext<'a> {
    /// The org that owns the record.
    pub org: &'a OrgId,
    /// The kind of record: `intake`, `original`, `base`, …
    pub kind: &'a str,
    /// The record's id within org and kind. It is authenticated, not stored, and never printed by this crate's errors.
    pub id: &'a str,
    /// The version of the record or of its format.
    pub version: u32,
}

/// `CW`, then the version of the envelope.
const MAGIC: [u8; 3] = *b"CW\x01";
const NONCE: usize = 12;

impl Sealer {
    /// A sealer with the ring's `encrypt` keys.
    #[must_use]
    pub fn new(ring: &KeyRing) -> Self {
        Self { ring: ring.clone() }
    }

    /// Seals `plain`. The result is `plain.len()` and fewer than 110 bytes long.
    ///
    /// # Errors
    /// [`Error::Entropy`] when no nonce can be had.
    pub fn seal(&self, context: &SealContext<'_>, plain: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>> {
        let key = self.ring.active(KeyUse::Encrypt).ok_or(Error::UnknownKey)?;
        let mut nonce = [0_u8; NONCE];
        entropy.fill(&mut nonce)?;
        let mut sealed = header(key);
        let aad = aad(context, &sealed);
        let body = cipher(key, context)
            .encrypt(&nonce.into(), Payload { msg: plain, aad: &aad })
            .map_err(|_| Error::NotOpened)?;
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// Opens what [`seal`](Self::seal) made under the same context.
    ///
    /// # Errors
    /// [`Error::UnknownKey`] when the ring lacks the key, [`Error::NotOpened`] for anything altered or out of place.
    pub fn open(&self, context: &SealContext<'_>, sealed: &[u8]) -> Result<Vec<u8>> {
        let (id, rest) = split_header(sealed).ok_or(Error::NotOpened)?;
        let key =
            self.ring.of(KeyUse::Encrypt).find(|key| key.id.as_bytes() == id).ok_or(Error::UnknownKey)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or(Error::NotOpened)?;
        let aad = aad(context, &header(key));
        cipher(key, context)
            .decrypt(&(*nonce).into(), Payload { msg: body, aad: &aad })
            .map_err(|_| Error::NotOpened)
    }

    /// The id of the key that seals now.
    #[must_use]
    pub fn key_id(&self) -> &str {
        self.ring.active_id(KeyUse::Encrypt).unwrap_or_default()
    }

    /// Whether the record is sealed with the active key; if not, open it and seal it again when it is next written.
    #[must_use]
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        let active = self.ring.active_id(KeyUse::Encrypt);
        split_header(sealed).is_some_and(|(id, _)| Some(id) == active.map(str::as_bytes))
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer")
            .field("active", &self.ring.active_id(KeyUse::Encrypt))
            .finish_non_exhaustive()
    }
}

fn header(key: &Key) -> Vec<u8> {
    let mut header = MAGIC.to_vec();
    // INVARIANT: the key ring admits ids of 1 to 64 bytes only.
    header.push(key.id.len() as u8);
    header.extend_from_slice(key.id.as_bytes());
    header
}

fn split_header(sealed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = sealed.strip_prefix(&MAGIC)?.split_first()?;
    rest.split_at_checked(usize::from(*len))
}

fn aad(context: &SealContext<'_>, header: &[u8]) -> Vec<u8> {
    let version = context.version.to_be_bytes();
    let SealContext { org, kind, id, .. } = context;
    mac::encode(&[header, org.as_str().as_bytes(), kind.as_bytes(), id.as_bytes(), &version])
}

fn cipher(key: &Key, context: &SealContext<'_>) -> Aes256Gcm {
    let info =
        mac::encode(&[context.org.as_str().as_bytes(), context.kind.as_bytes(), context.id.as_bytes()]);
    let derived = derive(key.secret.as_slice(), Some(b"carewire/deid/v1/seal"), &info);
    Aes256Gcm::new((&*derived).into())
}

fn derive(secret: &[u8], salt: Option<&[u8]>, info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut derived = Zeroizing::new([0_u8; 32]);
    #[expect(clippy::expect_used, reason = "HKDF-SHA-256 gives up to 255 blocks of 32 bytes; this is one")]
    Hkdf::<Sha256>::new(salt, secret).expand(info, derived.as_mut_slice()).expect("one block");
    derived
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::tests::Seeded;
    use data_encoding::HEXLOWER_PERMISSIVE as HEX;
    use proptest::prelude::*;

    fn ring() -> KeyRing {
        KeyRing::generate(&Seeded::new(5), "2026-11-20T00:00:00Z").unwrap()
    }

    fn org(id: &str) -> OrgId {
        OrgId::new(id).unwrap()
    }

    #[test]
    fn hkdf_follows_rfc_5869_test_cases_1_and_3() {
        let ikm = [0x0b_u8; 22];
        let salt = HEX.decode(b"000102030405060708090a0b0c").unwrap();
        let info = HEX.decode(b"f0f1f2f3f4f5f6f7f8f9").unwrap();
        let with_salt = derive(&ikm, Some(&salt), &info);
        assert_eq!(
            HEX.encode(with_salt.as_slice()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        );
        assert_eq!(
            HEX.encode(derive(&ikm, None, b"").as_slice()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
        );
    }

    #[test]
    fn aes_256_gcm_follows_the_gcm_specification_test_case_16() {
        let hex = |text: &str| HEX.decode(text.as_bytes()).unwrap();
        let key: [u8; 32] =
            hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").try_into().unwrap();
        let nonce: [u8; 12] = hex("cafebabefacedbaddecaf888").try_into().unwrap();
        let msg = hex(concat!(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72",
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        ));
        let aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let sealed =
            Aes256Gcm::new(&key.into()).encrypt(&nonce.into(), Payload { msg: &msg, aad: &aad }).unwrap();
        let expected = concat!(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa",
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
            "76fc6ece0f4e1768cddf8853bb2d551b"
        );
        assert_eq!(HEX.encode(&sealed), expected);
    }

    #[test]
    fn a_record_opens_only_in_its_own_place() {
        let (sealer, a, b) = (Sealer::new(&ring()), org("a"), org("b"));
        let here = SealContext { org: &a, kind: "intake", id: "1", version: 1 };
        let sealed = sealer.seal(&here, b"plain", &Seeded::new(1)).unwrap();
        assert_eq!(sealer.open(&here, &sealed).unwrap(), b"plain");
        for there in [
            SealContext { org: &b, ..here },
            SealContext { kind: "intak", id: "e1", ..here },
            SealContext { id: "2", ..here },
            SealContext { version: 2, ..here },
        ] {
            assert!(matches!(sealer.open(&there, &sealed), Err(Error::NotOpened)));
        }
    }

    #[test]
    fn retired_keys_open_and_new_records_use_the_active_one() {
        let old = ring();
        let place = org("a");
        let here = SealContext { org: &place, kind: "k", id: "1", version: 1 };
        let sealed = Sealer::new(&old).seal(&here, b"plain", &Seeded::new(1)).unwrap();
        let fresh = KeyRing::generate(&Seeded::new(6), "2026-12-01T00:00:00Z").unwrap();
        let mut both: serde_json::Value = serde_json::from_str(&fresh.to_json()).unwrap();
        let mut retired: serde_json::Value = serde_json::from_str(&old.to_json()).unwrap();
        for key in retired["keys"].as_array_mut().unwrap() {
            key["status"] = "retired".into();
            both["keys"].as_array_mut().unwrap().push(key.clone());
        }
        let rotated = Sealer::new(&KeyRing::parse(&both.to_string()).unwrap());
        assert_eq!(rotated.open(&here, &sealed).unwrap(), b"plain");
        assert!(!rotated.is_current(&sealed));
        let again = rotated.seal(&here, b"plain", &Seeded::new(2)).unwrap();
        assert!(rotated.is_current(&again));
        assert!(matches!(Sealer::new(&old).open(&here, &again), Err(Error::UnknownKey)));
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_and_no_altered_byte_does(
            plain in proptest::collection::vec(any::<u8>(), 0..200), at in any::<usize>(), flip in 1_u8..
        ) {
            let (sealer, place) = (Sealer::new(&ring()), org("a"));
            let here = SealContext { org: &place, kind: "k", id: "1", version: 1 };
            let mut sealed = sealer.seal(&here, &plain, &Seeded::new(9)).unwrap();
            prop_assert_eq!(&sealer.open(&here, &sealed).unwrap(), &plain);
            let at = at % sealed.len();
            sealed[at] ^= flip;
            prop_assert!(sealer.open(&here, &sealed).is_err());
            sealed.truncate(at);
            prop_assert!(sealer.open(&here, &sealed).is_err());
        }
    }
}
