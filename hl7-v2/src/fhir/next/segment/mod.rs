//! One file for each segment (or for those that describe one thing together): its rows, and what rows cannot say.

pub(crate) mod pid;
pub(crate) mod prt;

use super::row::Table;

/// Every table of the map, in the order of the documentation.
pub(crate) static TABLES: &[&Table] = &[
    &pid::PID_PATIENT,
    &prt::PRT_CARE_TEAM,
    &prt::PRT_DEVICE,
    &prt::PRT_GENERAL_PRACTITIONER,
    &prt::PRT_GENERAL_PRACTITIONER_ROLE,
    &prt::PRT_OBSERVATION_LOCATION,
    &prt::PRT_PRACTITIONER_ROLE,
    &prt::PRT_RELATED_PERSON,
];

/// Rows of the official guide that this map leaves out, and why.
pub(crate) static UNMAPPED: &[&[LeftOut]] = &[pid::LEFT_OUT, prt::LEFT_OUT];

/// A row of the official guide that this map leaves out, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LeftOut {
    /// The row: the name of its map, its field, its target.
    pub(crate) row: &'static str,
    /// Why.
    pub(crate) reason: &'static str,
}

pub(crate) const fn left(row: &'static str, reason: &'static str) -> LeftOut {
    LeftOut { row, reason }
}
