//! Surrogates that were made already: a sender names itself, its wards and its doctors in every message.

use std::collections::HashMap;

use crate::Pseudonymizer;

/// The most that are kept; then it begins anew.
const MOST: usize = 2_048;

/// What stood for which text, for a while.
#[derive(Default)]
pub(super) struct Surrogates {
    known: HashMap<Vec<u8>, String>,
    key: Vec<u8>,
}

impl Surrogates {
    /// The surrogate of a text under a label. `parts` tell it from every other text, `made` are what the surrogate is
    /// made of.
    pub(super) fn of(
        &mut self,
        keys: &Pseudonymizer,
        label: &str,
        parts: &[&str],
        made: impl FnOnce() -> String,
    ) -> &str {
        self.key.clear();
        for part in std::iter::once(&label).chain(parts) {
            self.key.extend((part.len() as u64).to_be_bytes());
            self.key.extend_from_slice(part.as_bytes());
        }
        if !self.known.contains_key(&self.key) {
            if self.known.len() >= MOST {
                self.known.clear();
            }
            let last = parts.last().copied().unwrap_or_default();
            let system = made();
            let surrogate = match label {
                "text" => keys.pseudonym(label, &[last.as_bytes()]),
                _ => keys.pseudonym(label, &[system.as_bytes(), last.as_bytes()]),
            };
            self.known.insert(self.key.clone(), surrogate);
        }
        self.known.get(&self.key).map_or("", String::as_str)
    }
}
