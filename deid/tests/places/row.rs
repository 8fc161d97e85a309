//! A line of the tables, and what became of it.

use std::sync::Arc;

use carewire_canary::{Canaries, Searcher, encodings};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};

/// A place, what is written there, and the search for it.
pub(crate) struct Place {
    pub(crate) group: &'static str,
    /// As the table has it.
    pub(crate) line: &'static str,
    pub(crate) path: String,
    pub(crate) value: String,
    /// A word, and how JSON may write it: a writer of JSON would not.
    pub(crate) escaped: Vec<(String, String)>,
    pub(crate) sought: Arc<Sought>,
    policies: &'static str,
}

/// Values, and the search for them.
pub(crate) struct Sought {
    pub(crate) canaries: Canaries,
    pub(crate) searcher: Searcher,
}

impl Place {
    fn new(seed: usize, line: &'static str, notation: &Notation) -> Self {
        let mut parts = line.split(" | ");
        let mut next = || parts.next().unwrap_or_else(|| panic!("{line}"));
        let (group, path, value) = (next(), next(), next());
        let mut filler =
            Filler { text: String::new(), canaries: Canaries::new(seed as u64), escaped: Vec::new() };
        let (filled_path, filled_value) = (filler.fill(path, notation), filler.fill(value, notation));
        let Filler { canaries, escaped, .. } = filler;
        let searcher = Searcher::new(&canaries);
        Self {
            group,
            line: path,
            path: filled_path,
            value: filled_value,
            escaped,
            sought: Arc::new(Sought { canaries, searcher }),
            policies: parts.next().unwrap_or_default(),
        }
    }

    pub(crate) fn holds(&self, policy: &str) -> bool {
        holds(self.policies, policy)
    }

    /// The input must hold the value, or nothing is proved by what comes out.
    pub(crate) fn assert_is_in(&self, input: &str) {
        let found = self.sought.searcher.search("", input.as_bytes());
        assert!(!found.is_empty(), "{}: the value is not in the input", self.line);
    }
}

/// The places of a table.
pub(crate) fn places(table: &'static str, notation: &Notation) -> Vec<Place> {
    lines(table).enumerate().map(|(seed, line)| Place::new(seed, line, notation)).collect()
}

/// The lines of a table that say something.
pub(crate) fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// `!name`: all but that one.
pub(crate) fn holds(policies: &str, policy: &str) -> bool {
    match policies.strip_prefix('!') {
        Some(other) => other != policy,
        None => policies.is_empty() || policies.split(' ').any(|one| one == policy),
    }
}

/// How a notation writes days and hidden words.
pub(crate) enum Notation {
    Fhir,
    V2,
}

/// Writes values that stand nowhere else into templates.
struct Filler {
    text: String,
    canaries: Canaries,
    escaped: Vec<(String, String)>,
}

impl Filler {
    fn fill(&mut self, template: &str, notation: &Notation) -> String {
        let mut rest = template;
        while let Some(at) = rest.find(['§', '«']) {
            let (before, marker) = rest.split_at(at);
            self.text += before;
            rest = match marker.strip_prefix('«') {
                Some(literal) => {
                    let (literal, behind) = literal.split_once('»').unwrap();
                    self.text += &self.canaries.add(literal, vec![literal.to_owned()]);
                    behind
                }
                None => self.marker(marker.trim_start_matches('§'), notation),
            };
        }
        self.text += rest;
        std::mem::take(&mut self.text)
    }

    fn marker<'t>(&mut self, behind: &'t str, notation: &Notation) -> &'t str {
        type Write = fn(&str) -> String;
        const HIDDEN: [(&str, Write); 8] = [
            ("64wide", |word| BASE64.encode(&wide(word))),
            ("64url", |word| BASE64URL_NOPAD.encode(format!("?>{word}").as_bytes())),
            ("64", |word| BASE64.encode(word.as_bytes())),
            ("hex", |word| HEXLOWER.encode(word.as_bytes())),
            ("percent", |word| word.bytes().map(|byte| format!("%{byte:02X}")).collect()),
            ("hl7", |word| format!("\\X{}\\", HEXLOWER.encode(word.as_bytes()))),
            ("parts", |word| format!("{}\\T\\{word}", word.split_at(6).0)),
            ("", str::to_owned),
        ];
        if let Some(behind) = behind.strip_prefix("day") {
            let day = self.canaries.date("day");
            self.text += match notation {
                Notation::V2 => &day,
                Notation::Fhir => &self.canaries.all().last().unwrap().forms[1],
            };
            return behind;
        }
        if let Some(behind) = behind.strip_prefix("tel") {
            self.text += &self.canaries.telephone("tel");
            return behind;
        }
        if let Some(behind) = behind.strip_prefix("ssn") {
            self.text += &self.canaries.us_ssn("ssn");
            return behind;
        }
        let word = self.canaries.word("word");
        if let Some(behind) = behind.strip_prefix("json") {
            let units = word.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
            self.escaped.push((word.clone(), units));
            self.text += &word;
            return behind;
        }
        let (behind, write) =
            HIDDEN.iter().find_map(|(name, write)| Some((behind.strip_prefix(name)?, write))).unwrap();
        self.text += &write(&word);
        behind
    }
}

fn wide(word: &str) -> Vec<u8> {
    word.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// What one run made of a place.
pub(crate) struct Case {
    pub(crate) group: &'static str,
    pub(crate) path: String,
    /// What came out as data.
    pub(crate) out: String,
    /// What was said about it: the manifest, `Debug`, an error.
    pub(crate) said: String,
    pub(crate) sought: Arc<Sought>,
    /// What stood in the input and must stand in the output.
    pub(crate) survivors: Vec<String>,
}

impl Case {
    /// The encodings in which a value of the place came out.
    pub(crate) fn leaks(&self) -> Vec<String> {
        let found = [("the output", &self.out), ("what was said", &self.said)]
            .map(|(place, text)| self.sought.searcher.search(place, text.as_bytes()));
        found.iter().flatten().map(ToString::to_string).collect()
    }

    pub(crate) fn lost(&self) -> impl Iterator<Item = &String> {
        self.survivors.iter().filter(|survivor| !self.out.contains(*survivor))
    }

    /// Puts the value into the middle of what came out, and answers in which encoding; it must be found.
    pub(crate) fn found_when_put_back(&self, index: usize) -> &'static str {
        let canary = &self.sought.canaries.all()[0];
        let all = encodings(&canary.forms[index % canary.forms.len()]);
        let Some((encoding, bytes)) = all.get(index % all.len().max(1)) else { return "too short" };
        let (before, behind) = self.out.as_bytes().split_at(self.out.len() / 2);
        let found = self.sought.searcher.search("", &[before, bytes, behind].concat());
        assert!(found.iter().any(|one| one.canary == canary.name), "{}: {encoding}", self.path);
        encoding
    }
}
