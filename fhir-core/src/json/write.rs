//! From a [`Value`] to text.

use super::{Repr, Value};

/// Compact: no space, members in their order, numbers as they were written.
pub(super) fn compact(value: &Value, out: &mut String) {
    match &value.0 {
        Repr::Null => out.push_str("null"),
        Repr::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Repr::Number(text) => out.push_str(text),
        Repr::String(text) => string(text, out),
        Repr::Array(items) => sequence(out, ['[', ']'], items, compact),
        Repr::Object(members) => sequence(out, ['{', '}'], members, |(name, value), out| {
            string(name, out);
            out.push(':');
            compact(value, out);
        }),
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
                string(name, out);
                out.push_str(": ");
                pretty(value, level + 1, out);
            });
        }
        _ => compact(value, out),
    }
}

/// A JSON string with the escapes that JSON demands and no others.
pub(crate) fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some((plain, special, after)) = next_special(rest) {
        out.push_str(plain);
        escape(special, out);
        rest = after;
    }
    out.push_str(rest);
    out.push('"');
}

fn next_special(text: &str) -> Option<(&str, u8, &str)> {
    let at = text.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < 0x20)?;
    let (plain, rest) = text.split_at_checked(at)?;
    let (special, after) = rest.split_at_checked(1)?;
    Some((plain, *special.as_bytes().first()?, after))
}

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
