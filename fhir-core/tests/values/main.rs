//! Laws of dates, decimals, units, references, plans and the canonical form, for every input.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bundles;
mod canonical;
mod dates;
mod decimals;
mod intervals;
mod references;
mod units;
