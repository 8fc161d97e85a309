//! Canaries: values that stand for what must never leave, one for each place, so that a leak names its source; and the
//! search for them in every form in which a text can hide in bytes.
//!
//! ```
//! use carewire_canary::{Canaries, Searcher};
//!
//! let mut canaries = Canaries::new(7);
//! let name = canaries.word("PID-5.1");
//! let log = format!("cannot map {}", data_encoding::BASE64.encode(name.as_bytes()));
//!
//! let found = Searcher::new(&canaries).search("the log", log.as_bytes());
//! assert_eq!(found[0].to_string(), "PID-5.1 as base64 in the log at byte 11");
//! ```
//!
//! It knows no other crate of ours, so that any of them can be tested with it.

mod encoding;
mod rng;
mod search;
mod spelling;

pub use encoding::encodings;
pub use rng::Rng;
pub use search::{Finding, Searcher};
pub use spelling::{date_spellings, telephone_spellings, us_ssn_spellings};

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
        let digits = self.number(12);
        self.keep(name.into(), vec![digits])
    }

    /// A telephone number of North America, ten digits; searched for in every usual spelling.
    pub fn telephone(&mut self, name: impl Into<String>) -> String {
        let digits = self.number(10);
        self.keep(name.into(), telephone_spellings(&digits))
    }

    /// A US social security number as it is usually written; searched for without its dashes, too.
    pub fn us_ssn(&mut self, name: impl Into<String>) -> String {
        let digits = self.number(9);
        self.keep(name.into(), us_ssn_spellings(&digits))
    }

    /// A day of the first half of the last century, as HL7 v2 writes it; searched for as others write it, too.
    pub fn date(&mut self, name: impl Into<String>) -> String {
        let (year, month, day) = (1905 + self.rng.below(40), 1 + self.rng.below(12), 1 + self.rng.below(28));
        self.keep(name.into(), date_spellings(year, month, day))
    }

    /// A value that the caller made, first as it stands in the input.
    pub fn add(&mut self, name: impl Into<String>, forms: Vec<String>) -> String {
        self.keep(name.into(), forms)
    }

    /// All that were made.
    #[must_use]
    pub fn all(&self) -> &[Canary] {
        &self.canaries
    }

    fn letters(&mut self, count: usize) -> String {
        (0..count).filter_map(|_| self.rng.choose(LETTERS)).map(|letter| char::from(*letter)).collect()
    }

    fn number(&mut self, digits: usize) -> String {
        (0..digits).map(|_| (1 + self.rng.below(9)).to_string()).collect()
    }

    fn keep(&mut self, name: String, forms: Vec<String>) -> String {
        let value = forms.first().cloned().unwrap_or_default();
        self.canaries.push(Canary { name, forms });
        value
    }
}
