//! The known units.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::unit::{Scale, Unit};
use super::{Rational, UcumError, parse};
use crate::Decimal;

const TABLE: &str = include_str!("../../definitions/ucum.txt");

const BASE: [&str; 7] = ["m", "s", "g", "rad", "K", "C", "cd"];

/// The metric prefixes (UCUM §27) as powers of ten.
const PREFIXES: [(&str, i64); 20] = [
    ("da", 1),
    ("Y", 24),
    ("Z", 21),
    ("E", 18),
    ("P", 15),
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
    ("a", -18),
    ("z", -21),
    ("y", -24),
];

/// The prefixes of amounts of information, as powers of two.
const BINARY_PREFIXES: [(&str, u32); 4] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40)];

/// Units by their codes.
#[derive(Default)]
pub(super) struct Units {
    units: HashMap<&'static str, Known>,
}

struct Known {
    unit: Unit,
    metric: bool,
}

/// The table, read on first use.
///
/// A test holds that it is understood to its last line; a line that is not would be a unit that is not known.
pub(super) fn units() -> &'static Units {
    static UNITS: LazyLock<Units> = LazyLock::new(|| {
        let mut units = Units::base();
        for line in lines() {
            let _ = units.add(line);
        }
        units
    });
    &UNITS
}

impl Units {
    /// A unit by its code, as it is or with a prefix.
    pub(super) fn find(&self, code: &str) -> Result<Unit, UcumError> {
        if let Some(known) = self.units.get(code) {
            return Ok(known.unit.clone());
        }
        let metric = |prefix: &str| {
            let known = self.units.get(code.strip_prefix(prefix)?)?;
            known.metric.then(|| known.unit.clone())
        };
        for (prefix, power) in BINARY_PREFIXES {
            if let Some(unit) = metric(prefix) {
                return unit.prefixed(Rational::new(1_i128 << power, 1, 0)?);
            }
        }
        for (prefix, power) in PREFIXES {
            if let Some(unit) = metric(prefix) {
                return unit.prefixed(Rational::new(1, 1, power)?);
            }
        }
        Err(UcumError::UnknownUnit)
    }

    fn base() -> Self {
        let base = BASE.map(|code| (code, Known { unit: Unit::symbol(code), metric: true }));
        Self { units: HashMap::from(base) }
    }

    /// Adds a line of the table.
    fn add(&mut self, line: &'static str) -> Result<(), UcumError> {
        let mut words = line.split(' ');
        let mut word = || words.next().ok_or(UcumError::Syntax);
        let (code, kind, value, unit) = (word()?, word()?, word()?, word()?);
        let decimal = |text: &str| Decimal::parse(text).map_err(|_| UcumError::Syntax);
        let unit = match value {
            "arbitrary" | "symbol" => Unit::symbol(code),
            "function" => Unit { scale: Scale::Function { prefix: Rational::ONE }, ..Unit::symbol(code) },
            _ => {
                let unit = parse::unit(unit, self)?;
                match value.strip_prefix("offset:") {
                    Some(added) => {
                        let added = Rational::of(&decimal(added)?)?;
                        Unit { scale: Scale::Offset { prefix: Rational::ONE, added }, ..unit }
                    }
                    None => unit.prefixed(Rational::of(&decimal(value)?)?)?,
                }
            }
        };
        self.units.insert(code, Known { unit, metric: kind == "metric" });
        Ok(())
    }
}

fn lines() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood() {
        let mut units = Units::base();
        for line in lines() {
            assert_eq!(units.add(line), Ok(()), "{line}");
            assert!(line.contains(" metric ") || line.contains(" customary "), "{line}");
        }
        assert_eq!(units.units.len(), BASE.len() + lines().count());
        assert!(units.units.len() > 280);
    }

    #[test]
    fn no_code_is_two_things() {
        // A unit that could be read as a prefix and a unit is that unit: `cd`, `min`, `Pa`.
        for code in ["cd", "min", "Pa", "ar", "mo"] {
            assert!(units().find(code).is_ok(), "{code}");
        }
        assert_eq!(units().find("kmin"), Err(UcumError::UnknownUnit));
    }
}
