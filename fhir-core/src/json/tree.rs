//! From a text to a [`Value`].

use super::parse::{Build, Label, List, Scalar};
use super::{Limits, Name, ParseError, Repr, Value, parse};

/// Reads one JSON text.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Value, ParseError> {
    let text = parse::text(bytes, limits)?;
    let mut stack = Stack { text, open: Vec::with_capacity(32) };
    parse::parse(text, limits, &mut stack)?;
    Ok(stack.open.pop().map(|(_, value)| value).unwrap_or_default())
}

/// What has been read of the arrays and objects that are open. A finished one takes its own from the end, with exactly
/// the memory that it needs.
struct Stack<'t> {
    text: &'t str,
    open: Vec<(Name, Value)>,
}

impl Stack<'_> {
    #[inline(always)]
    fn part(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    #[inline(always)]
    fn put(&mut self, label: Label<'_>, repr: Repr) {
        let name = match label {
            Label::Element(code) => code.into(),
            Label::Item => Name::item(),
            Label::Other(text) => Name::other(text),
        };
        self.open.push((name, Value(repr)));
    }
}

impl Build for Stack<'_> {
    #[inline(always)]
    fn scalar(&mut self, label: Label<'_>, scalar: Scalar<'_>) {
        let repr = match scalar {
            Scalar::Null => Repr::Null,
            Scalar::Bool(value) => Repr::Bool(value),
            Scalar::Number(start, end) => Repr::Number(self.part(start, end).into()),
            Scalar::Plain(start, end) => Repr::String(self.part(start, end).into()),
            Scalar::Unescaped(text) => Repr::String(text.into()),
        };
        self.put(label, repr);
    }

    #[inline(always)]
    fn open(&mut self, _: Label<'_>) -> usize {
        self.open.len()
    }

    #[inline(always)]
    fn close(&mut self, label: Label<'_>, list: List, start: usize, _: usize) {
        let entries = self.open.drain(start..);
        let repr = match list {
            List::Array => Repr::Array(entries.map(|(_, value)| value).collect()),
            List::Object => Repr::Object(entries.collect()),
        };
        self.put(label, repr);
    }
}
