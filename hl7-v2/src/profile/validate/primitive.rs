//! Whether a value is of its primitive data type.

use crate::primitive::{is_number, is_sequence_id};
use crate::profile::model::Primitive;
use crate::{TimeOfDay, Timestamp};

/// The format that a value should have and does not.
pub(super) fn wrong_format(primitive: Primitive, value: &str) -> Option<&'static str> {
    let (fits, format) = match primitive {
        Primitive::Text | Primitive::Varies => return None,
        Primitive::Number => (is_number(value), "NM"),
        Primitive::SequenceId => (is_sequence_id(value), "SI"),
        Primitive::Date => (Timestamp::parse_date(value).is_ok(), "DT"),
        Primitive::Time => (value.parse::<TimeOfDay>().is_ok(), "TM"),
        Primitive::DateTime => (value.parse::<Timestamp>().is_ok(), "DTM"),
    };
    (!fits).then_some(format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_the_primitive_data_types() {
        let fits =
            |primitive, values: &[&str]| values.iter().all(|value| wrong_format(primitive, value).is_none());
        let fails =
            |primitive, values: &[&str]| values.iter().all(|value| wrong_format(primitive, value).is_some());
        assert!(fits(Primitive::Number, &["1", "-1.5", "+0", ".5", "5."]));
        assert!(fails(Primitive::Number, &["", ".", "1e5", "1,5", "--1", "<5"]));
        assert!(fits(Primitive::SequenceId, &["1", "0012"]));
        assert!(fails(Primitive::SequenceId, &["-1", "1.0", "a"]));
        assert!(fits(Primitive::Date, &["2024", "202402", "20240229"]));
        assert!(fails(Primitive::Date, &["2023022", "20230229", "202402291200", "24"]));
        assert!(fits(Primitive::Time, &["10", "1015", "101530.1234", "1015-0500"]));
        assert!(fails(Primitive::Time, &["25", "1", "10:15", "-0500"]));
        assert!(fits(Primitive::DateTime, &["2024", "202403011015-0500"]));
        assert!(fails(Primitive::DateTime, &["2024-03-01", "20241301"]));
        assert!(fits(Primitive::Text, &["", "anything"]));
    }
}
