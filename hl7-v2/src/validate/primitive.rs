//! The form of values without parts.

use super::spot::Spot;
use crate::primitive::{is_digits, is_number, is_sequence_id};
use crate::{Severity, TimeOfDay, Timestamp};

/// The primitive data types whose values have a form (chapter 2A).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    /// NM: digits, with a sign and a decimal point.
    Number,
    /// SI: up to four digits, or more where a version allows it.
    SequenceId,
    /// DT: `YYYY[MM[DD]]`.
    Date,
    /// TM: `HH[MM[SS[.S[S[S[S]]]]]][+/-ZZZZ]`.
    TimeOfDay,
    /// DTM.
    Time,
    /// ST: no line breaks.
    Text,
    /// TN: `[NN] [(999)]999-9999[X99999][B99999][C text]`, which hardly anybody keeps to.
    Telephone,
}

impl Primitive {
    /// The form that values of this data type have.
    pub(super) fn named(datatype: &str) -> Option<Self> {
        Some(match datatype {
            "NM" => Self::Number,
            "SI" => Self::SequenceId,
            "DT" => Self::Date,
            "TM" => Self::TimeOfDay,
            "DTM" => Self::Time,
            "ST" => Self::Text,
            "TN" => Self::Telephone,
            _ => return None,
        })
    }

    pub(super) fn severity(self) -> Severity {
        if self == Self::Telephone { Severity::Warning } else { Severity::Error }
    }
}

/// Whether a value has the form of its data type.
pub(super) fn fits(primitive: Primitive, spot: &Spot<'_>) -> bool {
    let raw = spot.raw;
    match primitive {
        Primitive::Number => is_number(raw),
        Primitive::SequenceId => is_sequence_id(raw),
        Primitive::Date => Timestamp::parse_date(raw).is_ok(),
        Primitive::TimeOfDay => raw.parse::<TimeOfDay>().is_ok(),
        Primitive::Time => raw.parse::<Timestamp>().is_ok(),
        Primitive::Text => !has_line_break(spot),
        Primitive::Telephone => is_telephone(raw),
    }
}

/// A line break can only be there in hexadecimal digits. The formatting command `.br`, which belongs into FT, is not
/// counted: many senders put it into an ST.
fn has_line_break(spot: &Spot<'_>) -> bool {
    let hexadecimal = [spot.syntax.delimiters.escape, b'X'];
    let mut pairs = spot.raw.as_bytes().windows(2);
    pairs.any(|pair| pair == hexadecimal) && spot.text().contains(['\r', '\n'])
}

fn is_telephone(text: &str) -> bool {
    let text = match text.split_once(' ') {
        Some((country, rest)) if !country.is_empty() && country.len() <= 3 && is_digits(country) => rest,
        _ => text,
    };
    let text = match text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((area, rest)) if area.len() == 3 && is_digits(area) => rest,
        Some(_) => return false,
        None => text,
    };
    let Some((exchange, rest)) = text.split_once('-') else { return false };
    let (line, rest) = rest.split_at_checked(4).unwrap_or((rest, ""));
    let number = exchange.len() == 3 && is_digits(exchange) && line.len() == 4 && is_digits(line);
    number && (rest.is_empty() || rest.starts_with(['X', 'B', 'C']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephones() {
        for good in ["555-1234", "(919)555-1234", "1 (919)555-1234X12", "(919)555-1234C at home"] {
            assert!(is_telephone(good), "{good}");
        }
        for bad in ["", "5551234", "919-555-1234", "(91)555-1234", "555-123", "555-1234Y", "(919555-1234"] {
            assert!(!is_telephone(bad), "{bad}");
        }
    }
}
