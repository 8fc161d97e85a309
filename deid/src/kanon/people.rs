//! The persons of a release, each with all that is said of him.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use carewire_fhir_core::Phi;
use sha2::{Digest, Sha256};

use super::cells::bounded;
use super::{CellRecord, Cells};

/// A name of a person as 128 bits of its hash: a guess at the name could be tried against it.
type Name = Phi<[u8; 16]>;

/// How many values of a person are told apart. Who has more stands alone, so that a release never looks safer for it.
const MANY: usize = 1000;

/// What one resource or message says of one person: the names that he goes by, and the values of each quasi-identifier.
///
/// A name is whatever leads to him within the release: an id, an address, an identifier. `Debug` shows no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    names: Vec<Name>,
    values: Phi<Vec<Vec<String>>>,
    sensitive: Phi<Vec<String>>,
}

impl PersonRecord {
    /// The names of a person, and the values of each quasi-identifier in their order.
    pub fn new<V, S>(
        names: impl IntoIterator<Item = impl AsRef<str>>,
        values: impl IntoIterator<Item = V>,
    ) -> Self
    where
        V: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        let of_one = |values: V| values.into_iter().map(|value| bounded(value.as_ref())).collect();
        Self {
            names: names.into_iter().map(|name| name_of(name.as_ref())).collect(),
            values: Phi::new(values.into_iter().map(of_one).collect()),
            sensitive: Phi::new(Vec::new()),
        }
    }

    /// The values of the sensitive element.
    #[must_use]
    pub fn with_sensitive<S: AsRef<str>>(mut self, values: impl IntoIterator<Item = S>) -> Self {
        self.sensitive = Phi::new(values.into_iter().map(|value| bounded(value.as_ref())).collect());
        self
    }

    /// Whether nothing says who it is, so that the record stands for a person by itself.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        self.names.is_empty()
    }
}

fn name_of(text: &str) -> Name {
    Phi::new(Sha256::digest(text).first_chunk().copied().unwrap_or_default())
}

/// The persons of a release: records with a name in common are about one person, in whatever order they come.
///
/// It grows with the persons and their different values, not with resources or messages: 160 bytes for a person with
/// three names and three values. `Debug` shows counts only.
///
/// ```
/// use carewire_deid::{People, PersonRecord};
///
/// let mut people = People::new(2);
/// people.add(&PersonRecord::new(["MRN 7"], [vec!["1970"], vec!["F"]]));
/// people.add(&PersonRecord::new(["MRN 7", "SSN 9"], [vec!["1970"], vec![]]));
/// people.add(&PersonRecord::new(["SSN 9"], [vec![], vec!["F"]]));
/// people.add(&PersonRecord::new(["MRN 8"], [vec!["1970"], vec!["F"]]));
/// let report = people.cells().report(2);
/// assert_eq!((people.len(), report.records, report.smallest()), (2, 2, Some(2)));
/// ```
#[derive(Clone, Default)]
pub struct People {
    quasi_identifiers: usize,
    /// How many different sensitive values of a cell are told apart; none when nobody asks.
    l: usize,
    by_name: HashMap<Name, u32>,
    pub(super) rows: Vec<Row>,
    values: HashMap<Phi<String>, u32>,
    nameless: u64,
}

#[derive(Clone)]
pub(super) enum Row {
    /// What is said of a person: quasi-identifier and value, without repetitions.
    Person(Vec<(u16, u32)>),
    /// He turned out to be another one.
    Same(u32),
}

/// In the place of a quasi-identifier: the sensitive element.
const SENSITIVE: u16 = u16::MAX - 1;
/// Behind all that is said of a person: there is more than is told apart.
const OVERFLOW: (u16, u32) = (u16::MAX, u32::MAX);

impl People {
    /// Nobody yet; so many quasi-identifiers for each.
    #[must_use]
    pub fn new(quasi_identifiers: usize) -> Self {
        Self { quasi_identifiers, ..Self::default() }
    }

    /// The same, where up to `l` different sensitive values of each cell will be counted.
    #[must_use]
    pub fn with_diversity(self, l: usize) -> Self {
        Self { l, ..self }
    }

    /// Takes in what is said of a person.
    pub fn add(&mut self, record: &PersonRecord) {
        let at = self.person(&record.names);
        let quasi = record.values.expose().iter().take(self.quasi_identifiers);
        for (place, values) in (0_u16..).zip(quasi) {
            values.iter().for_each(|value| self.say(at, place, value));
        }
        if self.l > 0 {
            record.sensitive.expose().iter().for_each(|value| self.say(at, SENSITIVE, value));
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row, Row::Person(_))).count()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many of them have no name: the same person may be among them twice.
    #[must_use]
    pub fn nameless(&self) -> u64 {
        self.nameless
    }

    /// Counts them by the values of their quasi-identifiers.
    #[must_use]
    pub fn cells(&self) -> Cells {
        let mut texts = vec![""; self.values.len()];
        for (text, at) in &self.values {
            if let Some(slot) = texts.get_mut(*at as usize) {
                *slot = text.expose();
            }
        }
        let mut cells = if self.l > 0 { Cells::with_diversity(self.l) } else { Cells::new() };
        for (number, row) in self.rows.iter().enumerate() {
            if let Row::Person(said) = row {
                cells.add(&self.record(number, said, &texts));
            }
        }
        cells
    }

    fn record(&self, number: usize, said: &[(u16, u32)], texts: &[&str]) -> CellRecord {
        let of = |place: u16| {
            let values = said.iter().filter(move |(of, _)| *of == place);
            values.map(|(_, value)| texts.get(*value as usize).copied().unwrap_or_default())
        };
        let alone = format!("more than {MANY} values, person {number}");
        let overflow = (said.last() == Some(&OVERFLOW)).then_some(alone.as_str());
        let places = (0_u16..).take(self.quasi_identifiers);
        let record = CellRecord::new(places.map(|place| of(place).chain(overflow).collect::<Vec<_>>()));
        if self.l > 0 { record.with_sensitive(of(SENSITIVE)) } else { record }
    }

    /// The row of whoever goes by these names; who went by several rows has one from now on.
    fn person(&mut self, names: &[Name]) -> usize {
        let known: BTreeSet<u32> =
            names.iter().filter_map(|name| self.by_name.get(name)).map(|at| self.root(*at)).collect();
        let mut known = known.into_iter();
        let at = known.next().unwrap_or_else(|| {
            self.nameless += u64::from(names.is_empty());
            self.rows.push(Row::Person(Vec::new()));
            u32::try_from(self.rows.len() - 1).unwrap_or(u32::MAX)
        });
        for other in known {
            self.join(at, other);
        }
        self.by_name.extend(names.iter().map(|name| (*name, at)));
        at as usize
    }

    fn root(&self, mut at: u32) -> u32 {
        while let Some(Row::Same(next)) = self.rows.get(at as usize) {
            at = *next;
        }
        at
    }

    fn join(&mut self, at: u32, other: u32) {
        let Some(row) = self.rows.get_mut(other as usize) else { return };
        if let Row::Person(said) = std::mem::replace(row, Row::Same(at)) {
            said.into_iter().for_each(|(place, value)| self.note(at as usize, place, value));
        }
    }

    fn say(&mut self, at: usize, place: u16, value: &str) {
        let next = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let value = *self.values.entry(Phi::new(value.to_owned())).or_insert(next);
        self.note(at, place, value);
    }

    fn note(&mut self, at: usize, place: u16, value: u32) {
        let Some(Row::Person(said)) = self.rows.get_mut(at) else { return };
        let full = said.len() >= MANY;
        match said.binary_search(&(place, value)) {
            Ok(_) => {}
            Err(slot) if !full => said.insert(slot, (place, value)),
            Err(_) if said.last() == Some(&OVERFLOW) => {}
            Err(_) => said.push(OVERFLOW),
        }
    }
}

impl fmt::Debug for People {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("People").field("persons", &self.len()).finish_non_exhaustive()
    }
}
