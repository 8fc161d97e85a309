//! The text of a value, without what hl7-parser's own display loses.

use std::borrow::Cow;

use carewire_hl7_v2::{Charset, Delimiters, escape};
use hl7_parser::message::Separators;

/// The text that a value of hl7-parser stands for, by the rules of [`carewire_hl7_v2::escape`]; the value as it is where
/// the separators are not distinct ASCII punctuation.
///
/// ```
/// let message = hl7_parser::Message::parse("MSH|^~\\&|A\rOBX|1|FT|||one\\X0D0A\\two, 4\\5 re.")?;
/// let value = message.query("OBX.5").map(|found| found.raw_value()).unwrap_or_default();
/// assert_eq!(carewire_hl7_parser::text(value, &message.separators), "one\r\ntwo, 4\\5 re.");
/// # Ok::<(), hl7_parser::parser::ParseError>(())
/// ```
#[must_use]
pub fn text<'v>(value: &'v str, separators: &Separators) -> Cow<'v, str> {
    match Delimiters::parse(&separators.to_string()) {
        Some(delimiters) => escape::unescape(value, &delimiters, Charset::Utf8),
        None => Cow::Borrowed(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_display_loses_or_panics_at_is_kept() {
        let separators = Separators::default();
        let display = |value: &str| {
            std::panic::catch_unwind(|| separators.decode(value).to_string())
                .unwrap_or_else(|_| "PANIC".into())
        };
        for (value, theirs, ours) in [
            (r"Doe \T\ Co", "Doe & Co", "Doe & Co"),
            (r"one\X0D0A\two", "oneX0D0Atwo", "one\r\ntwo"),
            (r"4\5 re.", "4", r"4\5 re."),
            (r"\Zfoo\", "Zfoo", r"\Zfoo\"),
            (r"ééé\T\", "PANIC", "ééé&"),
        ] {
            assert_eq!(display(value), theirs);
            assert_eq!(text(value, &separators), ours);
        }
    }

    #[test]
    fn unusual_separators() {
        let custom = Separators {
            field: '#',
            component: '*',
            repetition: '%',
            escape: '!',
            subcomponent: '@',
            ..Separators::default()
        };
        assert_eq!(text("a!S!b", &custom), "a*b");
        let broken = Separators { component: 'é', ..Separators::default() };
        assert_eq!(text(r"a\T\b", &broken), r"a\T\b");
    }
}
