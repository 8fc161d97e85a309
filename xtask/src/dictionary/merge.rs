//! One dictionary of three: who is believed where the sources differ, and a count of where they do.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Definition, Part, Release, VERSIONS};

/// What the three sources say of one version.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) hl7apy: Release,
    pub(super) hl7types: Release,
    pub(super) hl7_dictionary: Release,
}

/// A place where sources differ, and what was written: `2.5.1 PID-3 length ..`.
pub(super) type Differences = Vec<String>;

/// The datatypes without components that the standard has, in its words.
const PRIMITIVES: &[(&str, &str)] = &[
    ("DT", "Date"),
    ("DTM", "Date/Time"),
    ("FT", "Formatted Text Data"),
    ("GTS", "General Timing Specification"),
    ("ID", "Coded Value for HL7-Defined Tables"),
    ("IS", "Coded Value for User-Defined Tables"),
    ("NM", "Numeric"),
    ("SI", "Sequence ID"),
    ("SNM", "String of Telephone Number Digits"),
    ("ST", "String Data"),
    ("TM", "Time"),
    ("TN", "Telephone Number"),
    ("TX", "Text Data"),
    ("varies", "Varies"),
];

/// The release of one version.
pub(super) fn release(at: usize, sources: &Sources, differences: &mut Differences) -> Release {
    let version = VERSIONS.get(at).copied().unwrap_or_default();
    let Sources { hl7apy, hl7types, hl7_dictionary } = sources;
    let mut known: BTreeSet<&str> = PRIMITIVES.iter().map(|(name, _)| *name).collect();
    known.extend(hl7apy.datatypes.keys().map(String::as_str));
    let mut merger = Merger { version, at, known, differences };
    let merged = |merger: &mut Merger<'_>, of: fn(&Release) -> &BTreeMap<String, Definition>| {
        let all = of(hl7apy).iter().map(|(name, first)| {
            let (second, third) = (of(hl7types).get(name), of(hl7_dictionary).get(name));
            (name.clone(), merger.definition(name, first, second, third))
        });
        all.collect::<BTreeMap<_, _>>()
    };
    let segments = merged(&mut merger, |release| &release.segments);
    let datatypes = merged(&mut merger, |release| &release.datatypes);
    let (structures, tables) = (hl7apy.structures.clone(), hl7apy.tables.clone());
    let mut release = Release { segments, datatypes, structures, tables, ..Release::default() };
    add_primitives(&mut release);
    release
}

/// The datatypes that are used and not defined get a definition without components.
fn add_primitives(release: &mut Release) {
    let used: BTreeSet<String> = release
        .segments
        .values()
        .chain(release.datatypes.values())
        .flat_map(|definition| definition.parts.values())
        .map(|part| part.datatype.clone())
        .filter(|datatype| !datatype.is_empty())
        .collect();
    for name in used {
        let title = PRIMITIVES.iter().find(|(known, _)| *known == name).map_or("", |(_, title)| title);
        let bare = Definition { title: title.to_owned(), parts: BTreeMap::new() };
        release.datatypes.entry(name).or_insert(bare);
    }
}

struct Merger<'a> {
    version: &'static str,
    at: usize,
    /// The datatypes that this version defines.
    known: BTreeSet<&'a str>,
    differences: &'a mut Differences,
}

impl Merger<'_> {
    fn definition(
        &mut self,
        name: &str,
        first: &Definition,
        second: Option<&Definition>,
        third: Option<&Definition>,
    ) -> Definition {
        let mut numbers: BTreeSet<usize> = first.parts.keys().copied().collect();
        numbers.extend(second.iter().flat_map(|definition| definition.parts.keys()));
        let last = numbers.last().copied().unwrap_or_default();
        let part = |definition: Option<&Definition>, number| {
            definition.and_then(|definition| definition.parts.get(&number)).cloned().unwrap_or_default()
        };
        let parts = (1..=last)
            .map(|number| {
                let all = [part(Some(first), number), part(second, number), part(third, number)];
                (number, self.part(&format!("{name}-{number}"), &all))
            })
            .collect();
        let title =
            [second, third].into_iter().flatten().map(|one| clean(&one.title)).find(|one| !one.is_empty());
        Definition { title: title.unwrap_or_default(), parts }
    }

    fn part(&mut self, place: &str, all: &[Part; 3]) -> Part {
        let [first, second, third] = all;
        if first.usage == Some('W') || (first.datatype.is_empty() && second.datatype.is_empty()) {
            let name = best_name(all);
            return Part { name, usage: Some('W'), min: Some(0), max: Some(Some(0)), ..Part::default() };
        }
        let datatype = self.datatype(place, all);
        let table = self.table(place, all);
        let usage = usage(all);
        let (min, max) = (u32::from(usage == 'R'), self.max(place, all));
        if first.min.is_some_and(|least| least != min) && second.usage.is_some() {
            self.note(place, "usage", &[first.min.unwrap_or_default().to_string(), usage.to_string()]);
        }
        let length =
            if self.at < 8 { third.length.or(second.length) } else { second.length.or(third.length) };
        if let (Some(one), Some(other)) = (second.length, third.length)
            && one != other
        {
            self.note(place, "length", &[one.to_string(), other.to_string()]);
        }
        Part {
            name: best_name(all),
            datatype,
            usage: Some(usage),
            min: Some(min),
            max: Some(max),
            length,
            table,
        }
    }

    fn datatype(&mut self, place: &str, all: &[Part; 3]) -> String {
        let said: Vec<&str> =
            all.iter().map(|part| part.datatype.as_str()).filter(|one| !one.is_empty()).collect();
        if said.windows(2).any(|pair| pair.first() != pair.last()) {
            self.note(place, "datatype", &said.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        }
        let most = said.iter().max_by_key(|one| {
            let votes = said.iter().filter(|other| other == one).count();
            let rank = said.iter().rev().position(|other| other == *one).unwrap_or_default();
            (self.known.contains(**one), votes, rank)
        });
        (*most.unwrap_or(&"")).to_owned()
    }

    fn table(&mut self, place: &str, all: &[Part; 3]) -> Option<String> {
        let said: Vec<&String> = all.iter().filter_map(|part| part.table.as_ref()).collect();
        if said.windows(2).any(|pair| pair.first() != pair.last()) {
            self.note(place, "table", &said.iter().map(|one| (*one).clone()).collect::<Vec<_>>());
        }
        let most = said.iter().max_by_key(|one| {
            let votes = said.iter().filter(|other| other == one).count();
            (votes, said.iter().rev().position(|other| other == *one).unwrap_or_default())
        });
        most.map(|table| (*table).clone())
    }

    /// Whether it repeats is put to the vote; where two differ, hl7types is believed, since hl7apy lets most fields that
    /// are new in a version repeat. A bound that one of them knows is taken.
    fn max(&mut self, place: &str, all: &[Part; 3]) -> Option<u32> {
        let said: Vec<Option<u32>> = all.iter().filter_map(|part| part.max).collect();
        let repeating = said.iter().filter(|max| **max != Some(1)).count();
        if repeating != 0 && repeating != said.len() {
            self.note(place, "repetition", &said.iter().map(|max| format!("{max:?}")).collect::<Vec<_>>());
        }
        let [_, second, _] = all;
        let repeats = match second.max {
            Some(max) if repeating * 2 == said.len() => max != Some(1),
            _ => repeating * 2 >= said.len().max(1),
        };
        if !repeats {
            return Some(1);
        }
        said.iter().flatten().copied().filter(|&max| max > 1).min()
    }

    fn note(&mut self, place: &str, what: &str, said: &[String]) {
        self.differences.push(format!("{} {place} {what}: {}", self.version, said.join(" / ")));
    }
}

/// The usage that hl7types has; that a field is kept for older versions only is in hl7-dictionary.
fn usage(all: &[Part; 3]) -> char {
    let [first, second, third] = all;
    match (second.usage, third.usage) {
        (Some('O') | None, Some('B')) => 'B',
        (Some(usage), _) | (None, Some(usage)) => usage,
        (None, None) => match first.min {
            Some(0) => 'O',
            Some(_) => 'R',
            None => 'U',
        },
    }
}

/// hl7types writes names as the standard does; hl7apy has them in capitals with underscores.
fn best_name(all: &[Part; 3]) -> String {
    let [first, second, third] = all;
    let from = |part: &Part| Some(clean(&part.name)).filter(|name| !name.is_empty());
    from(second).or_else(|| from(third)).unwrap_or_else(|| words(&first.name))
}

/// `PATIENT_ID` as `Patient Id`.
fn words(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| format!("{first}{}", letters.as_str().to_lowercase()))
    };
    name.split('_').map(word).collect::<Vec<_>>().join(" ")
}

/// One line, single spaces.
pub(super) fn clean(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
