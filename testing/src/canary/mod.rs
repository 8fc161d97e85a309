//! Canaries: values that stand for what must never leave, one for each place, so that a leak names its source.

mod encoding;
mod message;
mod places;
mod scene;
mod search;

pub use encoding::encodings;
pub use message::{CONTROL_VALUE, Persona, Story};
pub use scene::{Place, Scene};
pub use search::{Finding, Searcher};

use crate::Rng;

/// Letters that form no words, and no hexadecimal.
const LETTERS: &[u8] = b"ghjklmnpqrstvwxz";

/// A value and where it was put.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Canary {
    /// Where, for example `denied patient, PID-5.1`.
    pub name: String,
    /// The value, and other forms of it that mean the same.
    pub forms: Vec<String>,
}

/// The canaries of one run. The same seed gives the same ones.
#[derive(Clone, Debug)]
pub struct Canaries {
    rng: Rng,
    canaries: Vec<Canary>,
}

impl Canaries {
    /// None yet.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed), canaries: Vec::new() }
    }

    /// A word of letters that no other place has.
    pub fn word(&mut self, name: impl Into<String>) -> String {
        let mut word: String = self.letters(12);
        if let Some(first) = word.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        self.keep(name.into(), vec![word])
    }

    /// A word with letters beyond ASCII.
    pub fn foreign_word(&mut self, name: impl Into<String>) -> String {
        let (start, end) = (self.letters(6), self.letters(6));
        self.keep(name.into(), vec![format!("{start}é{end}")])
    }

    /// Twelve digits, as of a telephone or an account.
    pub fn digits(&mut self, name: impl Into<String>) -> String {
        let digits: String = (0..12).map(|_| (1 + self.rng.below(9)).to_string()).collect();
        self.keep(name.into(), vec![digits])
    }

    /// A day of the first half of the last century, as HL7 writes it; searched for as FHIR writes it, too.
    pub fn date(&mut self, name: impl Into<String>) -> String {
        let (year, month, day) = (1905 + self.rng.below(40), 1 + self.rng.below(12), 1 + self.rng.below(28));
        let hl7 = format!("{year}{month:02}{day:02}");
        self.keep(name.into(), vec![hl7, format!("{year}-{month:02}-{day:02}")])
    }

    /// All that were made.
    #[must_use]
    pub fn all(&self) -> &[Canary] {
        &self.canaries
    }

    fn letters(&mut self, count: usize) -> String {
        (0..count).filter_map(|_| self.rng.choose(LETTERS)).map(|letter| char::from(*letter)).collect()
    }

    fn keep(&mut self, name: String, forms: Vec<String>) -> String {
        let value = forms.first().cloned().unwrap_or_default();
        self.canaries.push(Canary { name, forms });
        value
    }
}
