//! Keyed surrogates: the same input gives the same pseudonym, and nobody without the key can tell which.

use std::sync::Arc;

use carewire_fhir_core::OrgId;
use hmac::Mac;

use crate::entropy::{base32, unbase32};
use crate::mac::{self, HmacSha256};
use crate::{KeyRing, KeyUse};

/// HMAC-SHA-256 pseudonyms of one org for one purpose.
///
/// Orgs, purposes and labels are separated: the same identifier has unrelated pseudonyms in each. A plain hash would
/// fall to a dictionary of record numbers; this needs the key.
///
/// ```
/// # use carewire_deid::{Entropy, Error, KeyRing, Pseudonymizer};
/// # use carewire_fhir_core::OrgId;
/// # #[derive(Debug)] struct Count(std::sync::atomic::AtomicU8);
/// # impl Entropy for Count { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
/// #     for byte in bytes { *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } Ok(()) } }
/// # let ring = KeyRing::generate(&Count(Default::default()), "2026-11-20T00:00:00Z")?;
/// # let org = OrgId::new("org_a").unwrap();
/// let live = Pseudonymizer::new(&ring, &org, "live");
/// let one = live.pseudonym("encounter", &[b"urn:oid:1.2.3", b"V-77"]);
/// assert_eq!(one, live.pseudonym("encounter", &[b"urn:oid:1.2.3", b"V-77"]));
/// assert_ne!(one, Pseudonymizer::new(&ring, &org, "export").pseudonym("encounter", &[b"urn:oid:1.2.3", b"V-77"]));
/// assert!(one.len() == 40 && live.is_own(&one));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Pseudonymizer {
    keyed: HmacSha256,
    key_id: Arc<str>,
    is_for_run: bool,
}

impl Pseudonymizer {
    /// The pseudonyms of `org` for `purpose`, under the ring's active `pseudonym` key.
    #[must_use]
    pub fn new(ring: &KeyRing, org: &OrgId, purpose: &str) -> Self {
        // INVARIANT: a key ring has an active pseudonym key, so the zero key is never taken.
        let zero = [0_u8; 32];
        let secret = ring.active(KeyUse::Pseudonym).map_or(&zero, |key| &*key.secret);
        let mut root = mac::keyed(secret);
        mac::update(&mut root, &[b"carewire/deid/v1/pseudonym", org.as_str().as_bytes(), purpose.as_bytes()]);
        let key_id = ring.active_id(KeyUse::Pseudonym).unwrap_or_default().into();
        Self { keyed: mac::keyed(&root.finalize().into_bytes().into()), key_id, is_for_run: false }
    }

    /// The pseudonyms of one run: nothing links them to those of another, once the secret is gone.
    ///
    /// `secret` is 32 bytes drawn for the run. Whoever works on a part of the same run takes the same.
    ///
    /// ```
    /// use carewire_deid::Pseudonymizer;
    /// let (one, other) = (Pseudonymizer::for_run(&[1; 32]), Pseudonymizer::for_run(&[2; 32]));
    /// assert_ne!(one.pseudonym("id", &[b"7"]), other.pseudonym("id", &[b"7"]));
    /// assert!(one.is_for_run() && one.key_id() == "run");
    /// ```
    #[must_use]
    pub fn for_run(secret: &[u8; 32]) -> Self {
        let mut root = mac::keyed(secret);
        mac::update(&mut root, &[b"carewire/deid/v1/run"]);
        Self {
            keyed: mac::keyed(&root.finalize().into_bytes().into()),
            key_id: "run".into(),
            is_for_run: true,
        }
    }

    /// Those under a secret that stands in a rule file of another engine.
    pub(crate) fn of_rule_file(secret: &[u8; 32]) -> Self {
        Self { keyed: mac::keyed(secret), key_id: "rule-file".into(), is_for_run: false }
    }

    /// The id of the key, for a manifest: `run` for one that lives for one run, `rule-file` for one that stands in
    /// [imported rules](crate::import).
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Whether the key lives for one run.
    #[must_use]
    pub fn is_for_run(&self) -> bool {
        self.is_for_run
    }

    /// The 256-bit surrogate of `parts` under a label: a blind index or an ordering key.
    #[must_use]
    pub fn blind(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.keyed.clone();
        mac::update(&mut mac, &[label.as_bytes()]);
        mac::update(&mut mac, parts);
        mac.finalize().into_bytes().into()
    }

    /// The surrogate as 40 characters of lower-case base32, safe in an identifier, URL or file name: 160 bits, and
    /// 40 more by which [`is_own`](Self::is_own) knows it again.
    #[must_use]
    pub fn pseudonym(&self, label: &str, parts: &[&[u8]]) -> String {
        let bits = self.blind(label, parts);
        let surrogate = bits.first_chunk::<20>().copied().unwrap_or_default();
        let mut bytes = surrogate.to_vec();
        bytes.extend(self.check(&surrogate));
        base32(&bytes)
    }

    /// Whether [`pseudonym`](Self::pseudonym) of this org, purpose and key made the text.
    ///
    /// What has passed once may pass again unchanged; a sender who merely writes in the same form cannot pass.
    #[must_use]
    pub fn is_own(&self, text: &str) -> bool {
        let bytes = unbase32(text).filter(|bytes| bytes.len() == 25);
        bytes
            .as_deref()
            .and_then(<[u8]>::split_first_chunk::<20>)
            .is_some_and(|(surrogate, check)| self.check(surrogate) == check)
    }

    fn check(&self, surrogate: &[u8; 20]) -> [u8; 5] {
        self.blind("carewire/check", &[surrogate]).first_chunk().copied().unwrap_or_default()
    }

    /// The surrogate as a UUID of version 8 (RFC 9562: 122 bits of the maker's own).
    #[must_use]
    pub fn uuid(&self, label: &str, parts: &[&[u8]]) -> String {
        let [mut bits, _] = halves(self.blind(label, parts));
        bits = (bits & !VERSION_BITS) | VERSION;
        written(bits)
    }
}

impl Pseudonymizer {
    /// A surrogate as a UUID that [`is_own_uuid`](Self::is_own_uuid) knows again: 90 bits, and 32 for that.
    pub(crate) fn own_uuid(&self, label: &str, parts: &[&[u8]]) -> String {
        let [bits, _] = halves(self.blind(label, parts));
        let surrogate = bits & SURROGATE;
        written((surrogate & HIGH) | VERSION | (surrogate & LOW) | u128::from(self.check_of(surrogate)))
    }

    /// Whether [`own_uuid`](Self::own_uuid) of this org, purpose and key made the text.
    pub(crate) fn is_own_uuid(&self, text: &str) -> bool {
        let has_form = text.len() == 36
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            });
        let bits = has_form.then(|| u128::from_str_radix(&text.replace('-', ""), 16).ok()).flatten();
        bits.is_some_and(|bits| {
            let is_of_8 = bits & VERSION_BITS == VERSION;
            is_of_8 && bits & CHECK == u128::from(self.check_of(bits & SURROGATE))
        })
    }

    fn check_of(&self, surrogate: u128) -> u32 {
        let check = self.blind("carewire/check-uuid", &[&surrogate.to_be_bytes()]);
        check.first_chunk().copied().map_or(0, u32::from_be_bytes)
    }
}

const VERSION_BITS: u128 = (0xf << 76) | (0b11 << 62);
const VERSION: u128 = (8 << 76) | (0b10 << 62);
const CHECK: u128 = 0xffff_ffff;
const HIGH: u128 = !0 << 80;
const LOW: u128 = ((1 << 76) - 1) & !VERSION_BITS & !CHECK;
const SURROGATE: u128 = HIGH | LOW;

fn written(bits: u128) -> String {
    let hex = format!("{bits:032x}");
    let mut text = String::with_capacity(36);
    for (at, digit) in hex.chars().enumerate() {
        if matches!(at, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

impl std::fmt::Debug for Pseudonymizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pseudonymizer").finish_non_exhaustive()
    }
}

fn halves(bytes: [u8; 32]) -> [u128; 2] {
    let mut halves = [0_u128; 2];
    for (half, chunk) in halves.iter_mut().zip(bytes.chunks_exact(16)) {
        *half = chunk.iter().fold(0, |value, byte| value << 8 | u128::from(*byte));
    }
    halves
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::tests::Seeded;
    use std::collections::HashSet;

    fn ring(seed: u64) -> KeyRing {
        KeyRing::generate(&Seeded::new(seed), "2026-11-20T00:00:00Z").unwrap()
    }

    #[test]
    fn key_org_purpose_label_and_parts_all_separate() {
        let (a, b) = (OrgId::new("a").unwrap(), OrgId::new("b").unwrap());
        let all = [
            Pseudonymizer::new(&ring(1), &a, "live").pseudonym("l", &[b"x", b"y"]),
            Pseudonymizer::new(&ring(2), &a, "live").pseudonym("l", &[b"x", b"y"]),
            Pseudonymizer::new(&ring(1), &b, "live").pseudonym("l", &[b"x", b"y"]),
            Pseudonymizer::new(&ring(1), &a, "file").pseudonym("l", &[b"x", b"y"]),
            Pseudonymizer::new(&ring(1), &a, "live").pseudonym("m", &[b"x", b"y"]),
            Pseudonymizer::new(&ring(1), &a, "live").pseudonym("l", &[b"xy"]),
            Pseudonymizer::new(&ring(1), &a, "live").pseudonym("l", &[b"xy", b""]),
        ];
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn uuids_are_of_version_8_and_variant_10() {
        let org = OrgId::new("a").unwrap();
        let live = Pseudonymizer::new(&ring(1), &org, "live");
        for at in 0..200_u32 {
            let uuid = live.uuid("full-url", &[&at.to_be_bytes()]);
            let parts: Vec<_> = uuid.split('-').map(str::len).collect();
            assert_eq!(parts, [8, 4, 4, 4, 12]);
            assert_eq!(uuid.as_bytes()[14], b'8');
            assert!(b"89ab".contains(&uuid.as_bytes()[19]), "{uuid}");
        }
    }

    #[test]
    fn only_its_own_pseudonyms_are_known_again() {
        let org = OrgId::new("a").unwrap();
        let (live, file) =
            (Pseudonymizer::new(&ring(1), &org, "live"), Pseudonymizer::new(&ring(1), &org, "file"));
        let own = live.pseudonym("l", &[b"x"]);
        assert!(live.is_own(&own) && !file.is_own(&own));
        for forged in [
            own.to_uppercase(),
            format!("{own}a"),
            own.chars().rev().collect(),
            own.chars().skip(1).collect(),
            "a".repeat(40),
        ] {
            assert!(forged == own || !live.is_own(&forged));
        }
    }

    #[test]
    fn a_dictionary_without_the_key_finds_nothing() {
        use sha2::{Digest, Sha256};
        let org = OrgId::new("a").unwrap();
        let live = Pseudonymizer::new(&ring(1), &org, "live");
        let wrong = Pseudonymizer::new(&ring(2), &org, "live");
        let output: HashSet<_> =
            (0..200).map(|mrn: u32| live.pseudonym("p", &[mrn.to_string().as_bytes()])).collect();
        assert_eq!(output.len(), 200);
        for guess in 0..20_000_u32 {
            let guess = guess.to_string();
            assert!(!output.contains(&wrong.pseudonym("p", &[guess.as_bytes()])));
            assert!(!output.contains(&base32(&Sha256::digest(guess.as_bytes())[..20])));
        }
    }
}
