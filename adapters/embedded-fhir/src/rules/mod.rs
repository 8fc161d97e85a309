//! The rules that a resource must follow before it is stored, and what storing does to it.

pub(crate) mod content;
pub(crate) mod number;
pub(crate) mod types;

use crate::subscription::Reach;

/// What happens to empty arrays, objects and strings in a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Empty {
    /// They are refused with 400, as the FHIR specification demands. Finds mistakes of clients.
    #[default]
    Refuse,
    /// They are dropped without a word, as Medplum does.
    Drop,
}

/// What happens to the text of decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decimals {
    /// They become JavaScript numbers: `70.50` comes back as `70.5`.
    #[default]
    JavaScript,
    /// They stay as written.
    Verbatim,
}

/// The switchable rules.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) empty: Empty,
    pub(crate) decimals: Decimals,
    pub(crate) atomic_transactions: bool,
    pub(crate) conditional_entries: usize,
    pub(crate) update_entries: usize,
    pub(crate) max_body: usize,
    /// Where notifications may go.
    pub(crate) reach: Reach,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            empty: Empty::default(),
            decimals: Decimals::default(),
            atomic_transactions: true,
            conditional_entries: 8,
            update_entries: 50,
            max_body: 1 << 20,
            reach: Reach::default(),
        }
    }
}
