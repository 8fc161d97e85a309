//! The cells of a release: how many records have the same values.

use std::collections::{BTreeMap, BTreeSet};

use carewire_fhir_core::Phi;
use sha2::{Digest, Sha256};

use super::report::{Cell, DiversityReport, KAnonymityReport};

/// Values that are longer stand in a cell by their hash, so that no record makes a cell large.
const LONGEST: usize = 128;

/// The hash of the sensitive values of a record: of a few codes, thus easily guessed.
type Hash = Phi<[u8; 32]>;

/// What one record says of the quasi-identifiers.
///
/// Several values of one element count as a set: their order and repetitions do not matter. No value is a value of its
/// own, since who lacks it can be told from who has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellRecord {
    pub(super) cell: Phi<String>,
    pub(super) sensitive: Option<Hash>,
}

impl CellRecord {
    /// A record from the values of each quasi-identifier, in the order of these: of anything, such as the fields of an
    /// HL7 v2 message.
    ///
    /// ```
    /// use carewire_deid::{CellRecord, Cells};
    ///
    /// let mut cells = Cells::new();
    /// cells.add(&CellRecord::new([vec!["1970"], vec!["F"]]));
    /// cells.add(&CellRecord::new([vec!["1970"], vec![]]));
    /// assert_eq!(cells.report(2).smallest(), Some(1));
    /// ```
    pub fn new<V, S>(values: impl IntoIterator<Item = V>) -> Self
    where
        V: IntoIterator<Item = S>,
        S: AsRef<str>,
    {
        let mut cell = String::new();
        for of_one in values {
            let of_one: BTreeSet<String> = of_one.into_iter().map(|value| bounded(value.as_ref())).collect();
            cell.push_str(if cell.is_empty() { "" } else { " " });
            cell.push_str(&serde_json::to_string(&of_one).unwrap_or_default());
        }
        Self { cell: Phi::new(cell), sensitive: None }
    }

    /// The values of the sensitive element. No value is a value of its own.
    #[must_use]
    pub fn with_sensitive<S: AsRef<str>>(mut self, values: impl IntoIterator<Item = S>) -> Self {
        let values: BTreeSet<String> = values.into_iter().map(|value| value.as_ref().to_owned()).collect();
        let mut hash = Sha256::new();
        for value in values {
            hash.update(value.len().to_be_bytes());
            hash.update(value);
        }
        self.sensitive = Some(Phi::new(hash.finalize().into()));
        self
    }
}

/// A value, or the hash of one that is too long.
pub(super) fn bounded(value: &str) -> String {
    if value.len() <= LONGEST {
        return value.to_owned();
    }
    format!("sha256:{}", data_encoding::HEXLOWER.encode(&Sha256::digest(value)))
}

/// The records of a release, counted by the values of their quasi-identifiers.
///
/// It grows with the number of different cells, not of records. The order of the records does not matter, and counts of
/// parts of a release [`merge`](Self::merge) into those of the whole. `Debug` shows counts only.
///
/// ```
/// use carewire_deid::{CellRecord, Cells};
///
/// let mut cells = Cells::new();
/// for (year, sex) in [("1970", "female"), ("1970", "female"), ("1981", "male")] {
///     cells.add(&CellRecord::new([[year], [sex]]));
/// }
/// let report = cells.report(2);
/// assert_eq!((report.records, report.cells, report.smallest(), report.records_below), (3, 2, Some(1), 1));
/// assert!(!report.is_met() && cells.report(1).is_met());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    cells: Phi<BTreeMap<String, Count>>,
    /// How many different sensitive values of a cell are remembered.
    l: usize,
}

/// The records of a cell, and the smallest hashes of its sensitive values: at most `l` of them, since it does not matter
/// by how many there are more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Count {
    records: u64,
    sensitive: BTreeSet<Hash>,
}

impl Count {
    fn keep(&mut self, l: usize) {
        while self.sensitive.len() > l {
            self.sensitive.pop_last();
        }
    }
}

impl Cells {
    /// No records yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No records yet; up to `l` different sensitive values of each cell will be counted.
    #[must_use]
    pub fn with_diversity(l: usize) -> Self {
        Self { l, ..Self::default() }
    }

    /// Counts a record.
    pub fn add(&mut self, record: &CellRecord) {
        let l = self.l;
        let cells = self.cells.expose_mut();
        let count = match cells.get_mut(record.cell.expose()) {
            Some(count) => count,
            None => cells.entry(record.cell.expose().clone()).or_default(),
        };
        count.records += 1;
        count.sensitive.extend(record.sensitive);
        count.keep(l);
    }

    /// Counts what another part of the release has. Both must have been made for the same quasi-identifiers; the
    /// smaller number of sensitive values holds.
    pub fn merge(&mut self, other: Self) {
        self.l = self.l.min(other.l);
        let cells = self.cells.expose_mut();
        for (cell, more) in other.cells.into_exposed() {
            let count = cells.entry(cell).or_default();
            count.records += more.records;
            count.sensitive.extend(more.sensitive);
        }
        cells.values_mut().for_each(|count| count.keep(self.l));
    }

    /// What is to be said about the release. `k` of 0 or 1 is met by every release.
    #[must_use]
    pub fn report(&self, k: u64) -> KAnonymityReport {
        let counts = self.cells.expose().values();
        let mut sizes = BTreeMap::new();
        for count in counts.clone() {
            *sizes.entry(count.records).or_insert(0) += 1;
        }
        let below = || counts.clone().filter(|count| count.records < k);
        KAnonymityReport {
            k,
            records: counts.clone().map(|count| count.records).sum(),
            cells: counts.clone().count() as u64,
            records_below: below().map(|count| count.records).sum(),
            cells_below: below().count() as u64,
            sizes,
            diversity: (self.l > 0).then(|| self.diversity()),
        }
    }

    fn diversity(&self) -> DiversityReport {
        let counts = self.cells.expose().values();
        let below = || counts.clone().filter(|count| count.sensitive.len() < self.l);
        DiversityReport {
            l: self.l as u64,
            least: counts.clone().map(|count| count.sensitive.len() as u64).min(),
            records_below: below().map(|count| count.records).sum(),
            cells_below: below().count() as u64,
        }
    }

    /// The cells with fewer than `k` records **with their values**, the smallest first: for who made the release and
    /// looks for what to make coarser. They say who stands alone, and do not belong into a report that others read.
    #[must_use]
    pub fn below(&self, k: u64) -> Vec<Cell> {
        let cells = self.cells.expose().iter().filter(|(_, count)| count.records < k);
        let mut found: Vec<Cell> = cells
            .map(|(cell, count)| Cell { records: count.records, values: Phi::new(cell.clone()) })
            .collect();
        found.sort_by_key(|cell| cell.records);
        found
    }
}
