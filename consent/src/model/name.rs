//! References, in the form in which they are compared.

use memchr::memrchr;

/// A reference without the version that it names.
#[derive(Clone, Copy)]
pub(crate) struct Name<'a> {
    address: &'a str,
    /// The end of the address that is a type and an id; empty where it has none.
    target: &'a str,
    /// Names of different keys are of different things.
    key: u64,
}

/// A [`Name`] that is kept.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct OwnedName {
    address: Box<str>,
    /// Where the type and the id begin.
    target: usize,
    key: u64,
}

/// Whether two references name the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sameness {
    Same,
    /// One is a URL whose end is the other.
    Perhaps,
    Other,
}

impl<'a> Name<'a> {
    pub(crate) fn of(reference: &'a str) -> Self {
        let address = unversioned(reference);
        let target = target_of(address);
        Self { address, target, key: key(if target.is_empty() { address } else { target }) }
    }

    pub(crate) fn address(self) -> &'a str {
        self.address
    }

    /// The type and the id; empty where it has none.
    pub(crate) fn target(self) -> &'a str {
        self.target
    }

    /// Versions do not count: what is said of a resource is said of all of its versions.
    #[inline]
    pub(crate) fn compare(self, other: Name<'_>) -> Sameness {
        if self.key == other.key { self.compare_in_full(other) } else { Sameness::Other }
    }

    fn compare_in_full(self, other: Name<'_>) -> Sameness {
        let is_url = |name: &str| name.contains("://");
        match () {
            () if self.address == other.address => Sameness::Same,
            () if self.target.is_empty() || self.target != other.target => Sameness::Other,
            () if is_url(self.address) == is_url(other.address) => Sameness::Other,
            () => Sameness::Perhaps,
        }
    }
}

impl std::fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Name(..)")
    }
}

impl OwnedName {
    pub(crate) fn name(&self) -> Name<'_> {
        let target = self.address.get(self.target..).unwrap_or_default();
        Name { address: &self.address, target, key: self.key }
    }
}

impl From<&str> for OwnedName {
    fn from(reference: &str) -> Self {
        let name = Name::of(reference);
        let target = name.address.len().saturating_sub(name.target.len());
        Self { address: name.address.into(), target, key: name.key }
    }
}

/// The type and the id that end a reference to a resource of a server. The id may be longer than FHIR allows, or hold other
/// characters, as the tokens of patients do: this tells what is meant, not what is valid.
pub(crate) fn type_and_id(reference: &str) -> Option<(&str, &str)> {
    target_of(unversioned(reference)).split_once('/')
}

/// The type and the id that end an address; empty where they do not.
fn target_of(address: &str) -> &str {
    let bytes = address.as_bytes();
    let kind = |slash: usize| {
        let before = bytes.get(..slash).unwrap_or_default();
        memrchr(b'/', before).map_or(0, |at| at.saturating_add(1))
    };
    let target = memrchr(b'/', bytes).and_then(|slash| address.get(kind(slash)..));
    target.filter(|target| target.starts_with(|first: char| first.is_ascii_uppercase())).unwrap_or_default()
}

/// A reference without the version that it names.
pub(crate) fn unversioned(reference: &str) -> &str {
    let before = memrchr(b'/', reference.as_bytes()).and_then(|slash| reference.get(..slash));
    before.and_then(|before| before.strip_suffix("/_history")).unwrap_or(reference)
}

/// The length of a text and its last bytes, in one number.
fn key(text: &str) -> u64 {
    let last = text.as_bytes().iter().rev().take(7);
    last.fold(text.len() as u64, |key, byte| key << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_compared_by_what_they_name() {
        let cases = [
            ("Patient/1", "Patient/1", Sameness::Same),
            ("Patient/1", "Patient/1/_history/2", Sameness::Same),
            ("Patient/pt_1", "Patient/pt_1/_history/2", Sameness::Same),
            ("https://a.example/fhir/Patient/pt_1", "Patient/pt_1", Sameness::Perhaps),
            ("https://a.example/fhir/Patient/pt_1", "https://b.example/fhir/Patient/pt_1", Sameness::Other),
            ("https://a.example/fhir/Patient/pt_1", "https://a.example/fhir/Patient/pt_2", Sameness::Other),
            ("x/Patient/1", "Patient/1", Sameness::Other),
            ("Patient/1", "Patient/2", Sameness::Other),
            (
                "https://a.example/fhir/Patient/1",
                "https://a.example/fhir/Patient/1/_history/3",
                Sameness::Same,
            ),
            ("https://a.example/fhir/Patient/1", "https://b.example/fhir/Patient/1", Sameness::Other),
            ("https://a.example/fhir/Patient/1", "Patient/1", Sameness::Perhaps),
            ("urn:uuid:0a0a0a0a-0000-4000-8000-000000000001", "Patient/1", Sameness::Other),
        ];
        for (one, other, expected) in cases {
            assert_eq!(
                (
                    Name::of(one).compare(Name::of(other)),
                    OwnedName::from(other).name().compare(Name::of(one))
                ),
                (expected, expected),
                "{one} {other}"
            );
        }
    }
}
