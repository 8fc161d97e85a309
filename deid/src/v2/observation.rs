//! What OBX needs beside its fields.

/// Whether the unit of a number is a year, so that the number may be an age.
pub(super) fn is_years(unit: &[u8]) -> bool {
    const UNITS: [&str; 9] = ["a", "a_g", "a_j", "a_t", "y", "yr", "yrs", "year", "years"];
    let unit = unit.trim_ascii();
    UNITS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(unit))
}
