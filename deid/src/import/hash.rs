//! Surrogates of identifiers, and of the ids within references.

use data_encoding::HEXLOWER;
use hmac::{KeyInit, Mac};

use super::tree::resource_type;
use crate::Pseudonymizer;
use crate::mac::HmacSha256;

/// Where surrogates come from.
pub(super) enum Hasher<'a> {
    Ring(&'a Pseudonymizer),
    /// HMAC-SHA-256 in hexadecimal under a key of the file, as Microsoft's engine writes it.
    File(&'a HmacSha256),
}

/// HMAC under a key of any length.
pub(super) fn keyed(key: &[u8]) -> Option<HmacSha256> {
    HmacSha256::new_from_slice(key).ok()
}

impl Hasher<'_> {
    pub(super) fn text(&self, text: &str) -> String {
        match self {
            Self::Ring(keys) => keys.pseudonym("import", &[text.as_bytes()]),
            Self::File(mac) => {
                let mut mac = (*mac).clone();
                mac.update(text.as_bytes());
                HEXLOWER.encode(&mac.finalize().into_bytes())
            }
        }
    }

    /// A reference with the id in it replaced: `#id`, `urn:uuid:id`, `urn:oid:id`, `[base/]Type/id[/_history/v]`. Any other
    /// reference is replaced as a whole.
    pub(super) fn reference(&self, reference: &str) -> String {
        for prefix in ["#", "urn:uuid:", "urn:oid:"] {
            if let Some(id) = reference.strip_prefix(prefix) {
                return if id.is_empty() {
                    reference.to_owned()
                } else {
                    format!("{prefix}{}", self.text(id))
                };
            }
        }
        let (address, version) =
            reference.split_once("/_history/").map_or((reference, None), |(a, v)| (a, Some(v)));
        let mut steps = address.rsplitn(3, '/');
        let (id, type_name, base) = (steps.next(), steps.next(), steps.next());
        match (id, type_name) {
            (Some(id), Some(type_name)) if is_type(type_name) && is_id(id) && version.is_none_or(is_id) => {
                let base = base.map_or_else(String::new, |base| format!("{base}/"));
                let version = version.map_or_else(String::new, |version| format!("/_history/{version}"));
                format!("{base}{type_name}/{}{version}", self.text(id))
            }
            _ => self.text(reference),
        }
    }
}

fn is_type(text: &str) -> bool {
    resource_type(text).is_some()
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|one| one.is_ascii_alphanumeric() || b"-.".contains(&one))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of Microsoft's own tests, key `123`.
    #[test]
    fn texts_are_hashed_as_their_engine_does() {
        let mac = keyed(b"123").unwrap();
        let hasher = Hasher::File(&mac);
        let id = "698d54f0494528a759f19c8e87a9f99e75a5881b9267ee3926bcf62c992d84ba";
        assert_eq!(hasher.text("example"), id);
        assert!(hasher.text("abc").starts_with("8f16771f"));
        for (reference, expected) in [
            ("#example", format!("#{id}")),
            ("#", "#".to_owned()),
            ("urn:uuid:example", format!("urn:uuid:{id}")),
            ("Patient/example", format!("Patient/{id}")),
            ("Patient/example/_history/2", format!("Patient/{id}/_history/2")),
            ("https://a.example/fhir/Patient/example", format!("https://a.example/fhir/Patient/{id}")),
        ] {
            assert_eq!(hasher.reference(reference), expected);
        }
        for whole in ["Patient?identifier=a|7", "example", "Smith/example", "Patient/a b", ""] {
            assert_eq!(hasher.reference(whole), hasher.text(whole), "{whole}");
        }
    }
}
