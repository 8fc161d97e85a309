//! The search for canaries.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use crate::{Canaries, encodings};

/// Needles are told apart by their first four bytes.
const HEAD: usize = 4;

/// Finds all canaries in all encodings together.
pub struct Searcher {
    needles: Vec<Needle>,
    by_head: HashMap<[u8; HEAD], Vec<usize>>,
    /// Whether a needle begins with these two bytes: most places of a text are passed over by this.
    pairs: Vec<bool>,
}

struct Needle {
    canary: String,
    encoding: &'static str,
    bytes: Vec<u8>,
}

/// A canary where it should not be. `Display` names it, its encoding and the place, not its value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Which canary.
    pub canary: String,
    /// In what form.
    pub encoding: &'static str,
    /// Where.
    pub place: String,
    /// Its first byte there.
    pub offset: usize,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as {} in {} at byte {}", self.canary, self.encoding, self.place, self.offset)
    }
}

impl fmt::Debug for Searcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Searcher").field("needles", &self.needles.len()).finish_non_exhaustive()
    }
}

impl Searcher {
    /// For these canaries.
    #[must_use]
    pub fn new(canaries: &Canaries) -> Self {
        let mut searcher = Self { needles: Vec::new(), by_head: HashMap::new(), pairs: vec![false; 1 << 16] };
        for canary in canaries.all() {
            for (encoding, bytes) in canary.forms.iter().flat_map(|form| encodings(form)) {
                searcher.add(Needle { canary: canary.name.clone(), encoding, bytes });
            }
        }
        searcher
    }

    fn add(&mut self, needle: Needle) {
        let Some(head) = needle.bytes.first_chunk::<HEAD>().copied() else { return };
        if let Some(pair) = self.pairs.get_mut(pair_of(&head)) {
            *pair = true;
        }
        self.by_head.entry(head).or_default().push(self.needles.len());
        self.needles.push(needle);
    }

    /// What is in these bytes, in any mixture of upper and lower case: for each canary and encoding the first occurrence.
    #[must_use]
    pub fn search(&self, place: &str, bytes: &[u8]) -> Vec<Finding> {
        let mut found = self.pass(place, bytes);
        let folded = self.pass(place, &bytes.to_ascii_lowercase());
        for other in folded {
            if found.iter().all(|known| known.canary != other.canary) {
                found.push(other);
            }
        }
        found
    }

    fn pass(&self, place: &str, bytes: &[u8]) -> Vec<Finding> {
        let mut first: Vec<Option<usize>> = vec![None; self.needles.len()];
        for (offset, window) in bytes.windows(HEAD).enumerate() {
            if !self.pairs.get(pair_of(window)).copied().unwrap_or(false) {
                continue;
            }
            for &index in self.by_head.get(window).into_iter().flatten() {
                let rest = bytes.get(offset..).unwrap_or_default();
                let is_here = self.needles.get(index).is_some_and(|needle| rest.starts_with(&needle.bytes));
                if let Some(first) = first.get_mut(index).filter(|first| is_here && first.is_none()) {
                    *first = Some(offset);
                }
            }
        }
        let found = self.needles.iter().zip(first).filter_map(|(needle, offset)| Some((needle, offset?)));
        found
            .map(|(needle, offset)| Finding {
                canary: needle.canary.clone(),
                encoding: needle.encoding,
                place: place.to_owned(),
                offset,
            })
            .collect()
    }

    /// What is in a file; the place is its name.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn search_file(&self, file: &Path) -> std::io::Result<Vec<Finding>> {
        let bytes = std::fs::read(file)?;
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(self.search(&name.unwrap_or_default(), &bytes))
    }
}

fn pair_of(bytes: &[u8]) -> usize {
    match bytes {
        [first, second, ..] => usize::from(*first) << 8 | usize::from(*second),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_every_canary_is_found_wherever_it_stands() {
        let mut canaries = Canaries::new(3);
        for name in ["a", "b"] {
            canaries.word(name);
            canaries.digits(name);
            canaries.date(name);
            canaries.foreign_word(name);
        }
        let searcher = Searcher::new(&canaries);
        let noise = b"{\"level\":\"INFO\",\"n\":0}".repeat(3);
        for canary in canaries.all() {
            for (encoding, bytes) in canary.forms.iter().flat_map(|form| encodings(form)) {
                let text = [noise.clone(), bytes, noise.clone()].concat();
                let found = searcher.search("here", &text);
                let is_it = |found: &Finding| found.canary == canary.name && found.offset == noise.len();
                assert!(found.iter().any(is_it), "{} as {encoding}: {found:?}", canary.name);
            }
        }
        assert_eq!(searcher.search("nowhere", &noise.repeat(100)), []);
    }

    #[test]
    fn a_finding_names_the_place_and_not_the_value() {
        let mut canaries = Canaries::new(3);
        let value = canaries.word("PID-5.1");
        let found = Searcher::new(&canaries).search("a log", format!("--{value}").as_bytes());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].to_string(), "PID-5.1 as plain in a log at byte 2");
    }

    #[test]
    fn no_mixture_of_cases_hides_a_canary() {
        let mut canaries = Canaries::new(3);
        canaries.add("name", vec!["Qxwvghkm".to_owned()]);
        canaries.add("mail", vec!["Jo.Qxwv@mail.example".to_owned()]);
        let searcher = Searcher::new(&canaries);
        for text in ["qXwVgHkM", "5178777667686B6d", "jO.qXWV%40mAIL.eXAMPLE"] {
            assert_eq!(searcher.search("here", text.as_bytes()).len(), 1, "{text}");
        }
    }

    #[test]
    fn every_spelling_of_a_number_and_of_a_day_is_found() {
        let mut canaries = Canaries::new(3);
        let (phone, ssn, day) = (canaries.telephone("phone"), canaries.us_ssn("ssn"), canaries.date("day"));
        assert!(phone.len() == 10 && ssn.len() == 11 && day.len() == 8);
        let searcher = Searcher::new(&canaries);
        for canary in canaries.all() {
            for form in canary.forms.iter().filter(|form| form.len() >= 8) {
                let found = searcher.search("here", format!("<{form}>").as_bytes());
                assert!(found.iter().any(|one| one.canary == canary.name), "{}", canary.name);
            }
        }
    }
}
