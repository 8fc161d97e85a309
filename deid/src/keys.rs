//! The key file and the keys of one installation.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};

use crate::{Entropy, Error, Result};

/// All keys of an installation, read from its key file.
///
/// Each use has exactly one active key; retired keys still open what they sealed. `encrypt` and `pseudonym` keys
/// must be there, `date-shift` and `audit` keys may be. Key bytes are wiped from memory on drop and never printed.
///
/// ```
/// use carewire_deid::{KeyRing, KeyUse};
/// let file = r#"{"keys":[
///   {"id":"2026-11","use":"encrypt","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","status":"active","created":"2026-11-01T00:00:00Z"},
///   {"id":"2026-11","use":"pseudonym","key":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8","status":"active","created":"2026-11-01T00:00:00Z"}]}"#;
/// let ring = KeyRing::parse(file)?;
/// assert_eq!(ring.active_id(KeyUse::Encrypt), Some("2026-11"));
/// assert!(!format!("{ring:?}").contains("AAEC"));
/// # Ok::<(), carewire_deid::Error>(())
/// ```
#[derive(Clone)]
pub struct KeyRing {
    keys: Arc<[Key]>,
}

/// What a key may be used for. One key never serves two uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KeyUse {
    /// Keyed surrogates of identifiers.
    Pseudonym,
    /// Sealed records.
    Encrypt,
    /// The offset of a patient's dates.
    DateShift,
    /// The chain of the audit trail.
    Audit,
}

impl KeyUse {
    const ALL: [Self; 4] = [Self::Pseudonym, Self::Encrypt, Self::DateShift, Self::Audit];
}

pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: Zeroizing<[u8; 32]>,
    usage: KeyUse,
    active: bool,
    created: String,
}

impl KeyRing {
    /// Reads a key file.
    ///
    /// # Errors
    /// [`Error::KeyFile`] with the place and reason: not JSON, a key that is not 32 random bytes, a doubled id, a use
    /// without exactly one active key.
    pub fn parse(json: &str) -> Result<Self> {
        let file: File = serde_json::from_str(json).map_err(|error| Error::KeyFile {
            at: format!("line {}, column {}", error.line(), error.column()),
            reason: "not of the shape of a key file",
        })?;
        let keys = file.keys.into_iter().enumerate().map(|(at, entry)| entry.into_key(at));
        Self::checked(keys.collect::<Result<_>>()?)
    }

    /// A fresh ring with one active key for every use. `created` is the time to write into the file (RFC 3339); its
    /// date becomes the id.
    ///
    /// # Errors
    /// [`Error::Entropy`] when the source fails, [`Error::KeyFile`] when `created` does not begin with a date.
    pub fn generate(entropy: &dyn Entropy, created: &str) -> Result<Self> {
        let id = created.get(..10).unwrap_or(created).to_owned();
        let keys = KeyUse::ALL.into_iter().map(|usage| {
            let mut secret = Zeroizing::new([0_u8; 32]);
            entropy.fill(secret.as_mut_slice())?;
            Ok(Key { id: id.clone(), secret, usage, active: true, created: created.to_owned() })
        });
        Self::checked(keys.collect::<Result<_>>()?)
    }

    /// The ring as a key file. The text holds the keys: write it with mode 0600 and wipe it.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        let keys = self.keys.iter().map(Entry::of).collect();
        Zeroizing::new(serde_json::to_string_pretty(&File { keys }).unwrap_or_default())
    }

    /// The id of the active key for a use.
    #[must_use]
    pub fn active_id(&self, usage: KeyUse) -> Option<&str> {
        self.active(usage).map(|key| key.id.as_str())
    }

    pub(crate) fn active(&self, usage: KeyUse) -> Option<&Key> {
        self.of(usage).find(|key| key.active)
    }

    pub(crate) fn of(&self, usage: KeyUse) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| key.usage == usage)
    }

    fn checked(keys: Vec<Key>) -> Result<Self> {
        for (at, key) in keys.iter().enumerate() {
            let fault = |field, reason| Err(Error::KeyFile { at: format!("keys[{at}].{field}"), reason });
            if !is_id(&key.id) {
                return fault("id", "must be 1 to 64 of A-Z a-z 0-9 _ -");
            }
            if key.secret.windows(2).all(|pair| matches!(pair, [a, b] if a == b)) {
                return fault("key", "is one byte repeated, not random");
            }
            if keys.iter().take(at).any(|other| other.usage == key.usage && other.id == key.id) {
                return fault("id", "stands twice for this use");
            }
            if keys.iter().take(at).any(|other| other.secret == key.secret) {
                return fault("key", "stands twice");
            }
        }
        let ring = Self { keys: keys.into() };
        for usage in KeyUse::ALL {
            let required =
                matches!(usage, KeyUse::Encrypt | KeyUse::Pseudonym) || ring.of(usage).next().is_some();
            if required && ring.of(usage).filter(|key| key.active).count() != 1 {
                let reason = "each of `encrypt` and `pseudonym`, and each other use that has keys, needs one active key";
                return Err(Error::KeyFile { at: "keys".to_owned(), reason });
            }
        }
        Ok(ring)
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| (&key.id, key.usage, key.active))).finish()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    keys: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(rename = "use")]
    usage: KeyUse,
    key: String,
    status: Status,
    created: String,
}

#[derive(Clone, Copy, Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
    Retired,
}

impl Entry {
    fn of(key: &Key) -> Self {
        Self {
            id: key.id.clone(),
            usage: key.usage,
            key: BASE64URL_NOPAD.encode(key.secret.as_slice()),
            status: if key.active { Status::Active } else { Status::Retired },
            created: key.created.clone(),
        }
    }

    fn into_key(self, at: usize) -> Result<Key> {
        let mut secret = Zeroizing::new([0_u8; 32]);
        let text = self.key.trim_end_matches('=').as_bytes();
        let fits = BASE64URL_NOPAD.decode_len(text.len()).is_ok_and(|len| len == secret.len());
        let decoded = fits && BASE64URL_NOPAD.decode_mut(text, secret.as_mut_slice()).is_ok();
        if !decoded {
            let reason = "must be 32 bytes in base64url";
            return Err(Error::KeyFile { at: format!("keys[{at}].key"), reason });
        }
        let active = self.status == Status::Active;
        Ok(Key { id: self.id.clone(), secret, usage: self.usage, active, created: self.created.clone() })
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::tests::Seeded;

    fn file(edit: impl Fn(&str) -> String) -> Result<KeyRing> {
        let ring = KeyRing::generate(&Seeded::new(3), "2026-11-20T00:00:00Z").unwrap();
        KeyRing::parse(&edit(&ring.to_json()))
    }

    #[test]
    fn a_generated_ring_survives_its_file() {
        let ring = file(str::to_owned).unwrap();
        assert_eq!(ring.active_id(KeyUse::DateShift), Some("2026-11-20"));
        assert_eq!(ring.to_json(), file(str::to_owned).unwrap().to_json());
    }

    #[test]
    fn faults_are_named_by_place_and_never_by_value() {
        let active = "\"status\": \"active\"";
        type Edit = Box<dyn Fn(&str) -> String>;
        let cases: [(&str, Edit); 6] = [
            ("line 1, column", Box::new(|_| "{\"keys\": [{\"id\": \"SECRET\", \"use\": 7}]}".into())),
            ("keys[0].key", Box::new(|json| json.replacen("\"key\": \"", "\"key\": \"SECRET", 1))),
            (
                "keys[0].key",
                Box::new(|_| {
                    format!(
                        "{{\"keys\":[{{\"id\":\"a\",\"use\":\"audit\",\"key\":\"{}\",\"status\":\"active\",\"created\":\"\"}}]}}",
                        "A".repeat(43)
                    )
                }),
            ),
            ("keys[0].id", Box::new(|json| json.replacen("2026-11-20\"", "SE CRET\"", 1))),
            (
                "needs one active key",
                Box::new(move |json| json.replacen(active, "\"status\": \"retired\"", 1)),
            ),
            ("line 1", Box::new(|_| String::new())),
        ];
        for (expected, edit) in cases {
            let error = file(edit).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert!(!format!("{error} {error:?}").contains("SECRET"), "{error}");
        }
    }

    #[test]
    fn one_key_is_never_used_twice() {
        let error = file(|json| {
            let keys: serde_json::Value = serde_json::from_str(json).unwrap();
            let mut keys = keys;
            keys["keys"][1]["key"] = keys["keys"][0]["key"].clone();
            keys.to_string()
        });
        assert!(matches!(error, Err(Error::KeyFile { reason: "stands twice", .. })));
    }

    #[test]
    fn debug_shows_ids_only() {
        let ring = file(str::to_owned).unwrap();
        let shown = format!("{ring:?}");
        for key in ring.keys.iter() {
            assert!(!shown.contains(&BASE64URL_NOPAD.encode(&key.secret[..6])));
        }
        assert!(shown.contains("2026-11-20"));
    }
}
