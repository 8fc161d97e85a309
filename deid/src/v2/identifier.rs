//! Identifiers: a surrogate, a sealed value, or what the rule for their kind says.

use super::pieces::{NULL, Pieces, first};
use super::rule::{Authority, Identifier, Mark, Part};
use super::write::Writer;
use crate::policy::Method;
use crate::{ENCRYPTED_SYSTEM, PSEUDONYM_SYSTEM, Treatment};

impl Writer<'_> {
    /// Whether the parts are those of an identifier that a rule takes away, with all that is said of it.
    pub(super) fn is_barred(&self, parts: &[Part], pieces: &Pieces<'_>, level: usize) -> bool {
        if self.rules.identifiers.is_empty() {
            return false;
        }
        let mut methods = parts.iter().filter_map(|part| match part {
            Part::Id(identifier) if !pieces.at(identifier.id).is_empty() => {
                Some(self.method_of(*identifier, pieces, level))
            }
            _ => None,
        });
        methods.next() == Some(Method::Drop) && methods.all(|method| method == Method::Drop)
    }

    /// Writes what stands in the place of an identifier.
    pub(super) fn identifier(
        &mut self,
        identifier: Identifier,
        raw: &[u8],
        pieces: &Pieces<'_>,
        level: usize,
    ) {
        let below = self.below(level);
        let raw = first(raw, below);
        let value = self.delimiters.text(raw);
        if value == "\"\"" {
            return self.keep(NULL);
        }
        if value.is_empty() {
            return;
        }
        if self.keys.is_own(&value) {
            self.out.extend_from_slice(value.as_bytes());
            return self.note(Treatment::Pseudonymised);
        }
        let authority = authority(identifier, pieces, below);
        match self.method_of(identifier, pieces, level) {
            Method::Keep => self.keep(raw),
            Method::Drop => self.dropped(raw),
            Method::Encrypt => {
                let sealed = self.seal_identifier(&self.system(authority), &value);
                self.sealed(raw, sealed);
            }
            _ => {
                self.surrogate_of_identifier(authority, &value);
                self.note(Treatment::Pseudonymised);
            }
        }
    }

    /// Says in the place of the authority what the identifier is: a surrogate, sealed, or one of this system. False when there
    /// is nothing to say that of.
    pub(super) fn marker(
        &mut self,
        identifier: Identifier,
        mark: Mark,
        pieces: &Pieces<'_>,
        level: usize,
    ) -> bool {
        let (delimiters, below) = (self.delimiters, self.below(level));
        let id = first(pieces.at(identifier.id), below);
        let value = delimiters.text(id);
        if id == NULL || value.is_empty() {
            return false;
        }
        let system = match self.method_of(identifier, pieces, level) {
            _ if self.keys.is_own(&value) => PSEUDONYM_SYSTEM.into(),
            Method::Keep => self.system(authority(identifier, pieces, below)),
            Method::Encrypt => ENCRYPTED_SYSTEM.into(),
            Method::Drop => return false,
            _ => PSEUDONYM_SYSTEM.to_owned(),
        };
        match (mark, delimiters.part(1).filter(|_| level == 0)) {
            (Mark::Whole, Some(below)) => {
                self.out.push(below);
                delimiters.write(&system, self.out);
                self.out.push(below);
                self.out.extend_from_slice(b"URI");
            }
            (Mark::Whole, None) => return false,
            (Mark::Id, _) => delimiters.write(&system, self.out),
            (Mark::Type, _) => self.out.extend_from_slice(b"URI"),
        }
        true
    }

    /// An identifier, sealed with its system.
    pub(super) fn seal_identifier(&self, system: &str, value: &str) -> Option<String> {
        let (cipher, entropy) = self.context.tools.cipher?;
        if cipher.decrypt_identifier(value).is_ok() {
            return Some(value.to_owned());
        }
        cipher.encrypt_identifier(system, value, entropy).ok()
    }

    /// Whether an identifier was sealed before, by the same key ring.
    fn is_sealed(&self, authority: [&[u8]; 3], value: &str) -> bool {
        let cipher =
            self.context.tools.cipher.filter(|_| self.delimiters.text(authority[1]) == ENCRYPTED_SYSTEM);
        cipher.is_some_and(|(cipher, _)| cipher.decrypt_identifier(value).is_ok())
    }

    /// What happens to an identifier: what its field says, unless a rule speaks of its kind. What was sealed before is
    /// nothing that a rule could speak of.
    fn method_of(&self, identifier: Identifier, pieces: &Pieces<'_>, level: usize) -> Method {
        if self.rules.identifiers.is_empty() {
            return identifier.method;
        }
        let below = self.below(level);
        let authority = authority(identifier, pieces, below);
        let value = self.delimiters.text(first(pieces.at(identifier.id), below));
        if self.is_sealed(authority, &value) {
            return Method::Encrypt;
        }
        self.rules.identifiers.method(&self.system(authority), &value, identifier.method)
    }

    /// The delimiter between the parts of a part at a level.
    fn below(&self, level: usize) -> Option<u8> {
        self.delimiters.part(level + 1).filter(|_| level == 0)
    }
}

/// The three parts that name the authority of an identifier.
fn authority<'r>(identifier: Identifier, pieces: &Pieces<'r>, below: Option<u8>) -> [&'r [u8]; 3] {
    match identifier.authority {
        Authority::Spread(at) => [0, 1, 2].map(|part| pieces.get(usize::from(at) + part)),
        Authority::Whole(at) => {
            let parts = Pieces::split(pieces.at(at), below);
            [0, 1, 2].map(|part| parts.get(part))
        }
    }
}
