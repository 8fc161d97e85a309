//! What is said about a release, without a value.

use std::collections::BTreeMap;

use carewire_fhir_core::Phi;
use serde::Serialize;

/// Counts of a release by its quasi-identifiers, without any value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct KAnonymityReport {
    /// How many records a cell must have.
    pub k: u64,
    /// All records.
    pub records: u64,
    /// The different combinations of values.
    pub cells: u64,
    /// The records that stand in cells with fewer than `k`.
    pub records_below: u64,
    /// The cells with fewer than `k` records.
    pub cells_below: u64,
    /// How many cells there are of each size, the smallest first.
    pub sizes: BTreeMap<u64, u64>,
    /// How different the sensitive values are, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diversity: Option<DiversityReport>,
}

/// How different the sensitive values of the cells are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DiversityReport {
    /// How many different values a cell must have.
    pub l: u64,
    /// The fewest that a cell has, at most `l`; `None` without records.
    pub least: Option<u64>,
    /// The records that stand in cells with fewer.
    pub records_below: u64,
    /// The cells with fewer.
    pub cells_below: u64,
}

/// A cell with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cell {
    /// Its records.
    pub records: u64,
    /// A JSON list of the values of each quasi-identifier, in their order, with blanks between the lists.
    pub values: Phi<String>,
}

impl KAnonymityReport {
    /// The records of the smallest cell; `None` without records.
    #[must_use]
    pub fn smallest(&self) -> Option<u64> {
        self.sizes.keys().next().copied()
    }

    /// Whether no cell is too small, and none has too few sensitive values. A release without records meets anything.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.cells_below == 0 && self.diversity.as_ref().is_none_or(|diversity| diversity.cells_below == 0)
    }
}
