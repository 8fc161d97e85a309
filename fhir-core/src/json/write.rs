//! From a [`Value`] to text.

use super::scan::special;
use super::{Name, Repr, Value};

/// Compact: no space, members in their order, numbers as they were written.
pub(super) fn compact(value: &Value, out: &mut String) {
    match &value.0 {
        Repr::Null => out.push_str("null"),
        Repr::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Repr::Number(text) => out.push_str(text),
        Repr::String(text) => string(text, out),
        Repr::Array(items) => sequence(out, ['[', ']'], items, compact),
        Repr::Object(members) => sequence(out, ['{', '}'], members, |(name, value), out| {
            member(name, out);
            compact(value, out);
        }),
    }
}

/// A guess at the length of the compact text: right for a scalar, within a growth or two for the rest.
pub(super) fn capacity(value: &Value) -> usize {
    match &value.0 {
        Repr::Null | Repr::Bool(_) => 5,
        Repr::Number(text) => text.len(),
        Repr::String(text) => text.len() + 2,
        Repr::Array(items) => 2 + 64 * items.len(),
        Repr::Object(members) => 2 + 64 * members.len(),
    }
}

/// Two spaces for each level, one member or item a line.
pub(super) fn pretty(value: &Value, level: usize, out: &mut String) {
    match &value.0 {
        Repr::Array(items) if !items.is_empty() => {
            block(out, ['[', ']'], level, items, |item, out| pretty(item, level + 1, out));
        }
        Repr::Object(members) if !members.is_empty() => {
            block(out, ['{', '}'], level, members, |(name, value), out| {
                member(name, out);
                out.push(' ');
                pretty(value, level + 1, out);
            });
        }
        _ => compact(value, out),
    }
}

/// The name of a member and a colon. No name of an element needs an escape.
fn member(name: &Name, out: &mut String) {
    match name.quoted() {
        Some(quoted) => out.push_str(quoted),
        None => {
            string(name.as_str(), out);
            out.push(':');
        }
    }
}

/// Writes a JSON string: quotes, and the escapes that JSON demands and no others.
///
/// ```
/// let mut out = String::from("[");
/// carewire_fhir_core::json::write_string("a \"b\"\n", &mut out);
/// assert_eq!(out, r#"["a \"b\"\n""#);
/// ```
pub fn string(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push('"');
    if special(bytes, 0) == bytes.len() {
        out.push_str(text);
    } else {
        escaped(text, out);
    }
    out.push('"');
}

/// Writes what needs escapes.
fn escaped(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let at = special(bytes, from);
        out.push_str(text.get(from..at).unwrap_or_default());
        let Some(&byte) = bytes.get(at) else { break };
        escape(byte, out);
        from = at + 1;
    }
}

#[cold]
fn escape(byte: u8, out: &mut String) {
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        0x08 => out.push_str("\\b"),
        0x0c => out.push_str("\\f"),
        _ => out.push_str(&format!("\\u{byte:04x}")),
    }
}

fn sequence<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: &[T],
    mut write: impl FnMut(&T, &mut String),
) {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(close);
}

fn block<T>(
    out: &mut String,
    [open, close]: [char; 2],
    level: usize,
    items: &[T],
    mut write: impl FnMut(&T, &mut String),
) {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.push_str(&"  ".repeat(level + 1));
        write(item, out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(level));
    out.push(close);
}
