//! Places and values as JSON, and values as text for a terminal.

use std::fmt::Write;

use carewire_hl7_v2::Location;
use serde_json::{Value, json};

pub(crate) fn at(location: Option<&Location>) -> Value {
    location.map_or(Value::Null, |location| location.to_string().into())
}

pub(crate) fn bytes(span: &std::ops::Range<usize>) -> Value {
    json!([span.start, span.end])
}

/// The text on one line: control characters, which could also drive a terminal, as they are escaped in programs.
pub(crate) fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => line.push(c),
            c if c.is_control() || is_direction(c) => {
                let _ = write!(line, "{}", c.escape_default());
            }
            c => line.push(c),
        }
    }
    line
}

/// Characters that turn the direction of a line, and could make it read as another one.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_drive_a_terminal() {
        assert_eq!(on_one_line("a\nb\u{1b}[2J\té\u{202E}"), "a\\nb\\u{1b}[2J\té\\u{202e}");
    }
}
