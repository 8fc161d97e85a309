//! Which fields the map reads, and why it does not read the others.

use super::row::RowText;
use super::segment::{pid, pv1};

pub(crate) const NO_MAP: &str = "no map for this segment";

/// Fields of the official guide that this map leaves out, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct LeftOut {
    /// The name of the segment.
    pub segment: &'static str,
    /// The number of the field.
    pub field: u16,
    /// Why.
    pub reason: &'static str,
}

/// Every row of the map, by segment and field.
///
/// ```
/// let rows = carewire_hl7_v2::fhir::rows();
/// let sex = rows.iter().find(|row| (row.segment, row.field) == ("PID", 8)).ok_or("no row")?;
/// assert_eq!(sex.to_string(), "PID-8 -> Patient.gender (CWE[code] AdministrativeSex)");
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn rows() -> Vec<RowText> {
    [
        pid::PID_PATIENT.texts(),
        pid::PID_ACCOUNT.texts(),
        pid::PID_MOTHER.texts(),
        pid::PD1_PATIENT.texts(),
        pv1::PV1_ENCOUNTER.texts(),
        pv1::PV2_ENCOUNTER.texts(),
    ]
    .concat()
}

/// The fields that the official guide maps and this map leaves out.
#[must_use]
pub fn left_out() -> &'static [LeftOut] {
    LEFT_OUT
}

/// Why this field of a mapped segment has no row.
pub(crate) fn reason(segment: &str, field: u16) -> &'static str {
    let known = LEFT_OUT.iter().find(|left| left.segment == segment && left.field == field);
    known.map_or("no row for this field", |left| left.reason)
}

/// Whether any field of the segment has a row.
pub(crate) fn is_covered(segment: &str) -> bool {
    COVERED.contains(&segment)
}

const COVERED: &[&str] = &["MSH", "PID", "PD1", "PV1", "PV2"];

const fn left(segment: &'static str, field: u16, reason: &'static str) -> LeftOut {
    LeftOut { segment, field, reason }
}

static LEFT_OUT: &[LeftOut] = &[left("PV1", 20, "not mapped yet")];
