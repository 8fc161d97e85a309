//! What OBX needs beside its fields.

use crate::transform::in_a_year;

/// How many of the unit of a number make a year, so that the number may be an age.
pub(super) fn years(unit: &[u8]) -> Option<f64> {
    in_a_year(str::from_utf8(unit).ok()?)
}
