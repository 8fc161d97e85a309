//! Where the parts of a JSON text stand. The text was read before: here nothing is checked.

use std::ops::Range;

/// Where a value stands, or a member with its name, and where what is in it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The whole of it.
    pub(super) whole: Range<usize>,
    /// The value alone.
    pub(super) value: Range<usize>,
    /// The members or items, where they were asked for.
    pub(super) parts: Vec<Self>,
}

impl Place {
    /// Of the value that the text is.
    pub(super) fn of_root(text: &str) -> Range<usize> {
        let start = next(text.as_bytes(), if text.starts_with('\u{feff}') { 3 } else { 0 });
        start..text.trim_end().len()
    }

    /// The members of the object, or the items of the array, that stands in `list`; of those that `is_wanted` names by
    /// their number, their own too.
    pub(super) fn parts(text: &str, list: &Range<usize>, is_wanted: impl Fn(usize) -> bool) -> Vec<Self> {
        parts(text.as_bytes(), list.start, &is_wanted).0
    }
}

/// The parts, and where the list ends.
fn parts(bytes: &[u8], start: usize, is_wanted: &dyn Fn(usize) -> bool) -> (Vec<Place>, usize) {
    let mut parts = Vec::new();
    let mut at = next(bytes, start.saturating_add(1));
    while !matches!(bytes.get(at), Some(b'}' | b']') | None) {
        let part = part(bytes, at, is_wanted(parts.len()));
        at = next(bytes, part.whole.end);
        parts.push(part);
        if bytes.get(at) == Some(&b',') {
            at = next(bytes, at.saturating_add(1));
        }
    }
    (parts, at.saturating_add(1))
}

/// The member or item that begins here.
fn part(bytes: &[u8], start: usize, with_parts: bool) -> Place {
    let mut from = start;
    let mut inside = Vec::new();
    let mut end = end_or_parts(bytes, from, with_parts, &mut inside);
    let after = next(bytes, end);
    if bytes.get(after) == Some(&b':') {
        from = next(bytes, after.saturating_add(1));
        end = end_or_parts(bytes, from, with_parts, &mut inside);
    }
    Place { whole: start..end, value: from..end, parts: inside }
}

fn end_or_parts(bytes: &[u8], start: usize, with_parts: bool, inside: &mut Vec<Place>) -> usize {
    if !with_parts || !matches!(bytes.get(start), Some(b'{' | b'[')) {
        return end_of(bytes, start);
    }
    let (found, end) = parts(bytes, start, &|_| false);
    *inside = found;
    end
}

/// The first byte from here on that is no white space.
fn next(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Where the value ends that begins here.
fn end_of(bytes: &[u8], start: usize) -> usize {
    match bytes.get(start) {
        Some(b'"') => end_of_string(bytes, start),
        Some(b'{' | b'[') => end_of_list(bytes, start),
        _ => {
            let rest = bytes.get(start..).unwrap_or_default();
            let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
            start + rest.iter().position(is_end).unwrap_or(rest.len())
        }
    }
}

fn end_of_list(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = end_of_string(bytes, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 1 => return at + 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    at
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        match memchr::memchr2(b'"', b'\\', rest) {
            Some(found) if rest.get(found) == Some(&b'"') => return at + found + 1,
            Some(found) => at += found + 2,
            None => return bytes.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_whatever_is_in_them() {
        let text = "\u{feff} { \"a\" : [1, \"]}\\\"\\\\\" ,{\"b\":[]}] ,\"c\":-0.5e3,\"d\" :\"x\" } ";
        let shown = |range: &Range<usize>| text.get(range.clone()).unwrap();
        let members = Place::parts(text, &Place::of_root(text), |place| place == 0);
        assert_eq!(
            members.iter().map(|member| shown(&member.whole)).collect::<Vec<_>>(),
            ["\"a\" : [1, \"]}\\\"\\\\\" ,{\"b\":[]}]", "\"c\":-0.5e3", "\"d\" :\"x\""]
        );
        assert_eq!(
            members.iter().map(|member| shown(&member.value)).collect::<Vec<_>>(),
            ["[1, \"]}\\\"\\\\\" ,{\"b\":[]}]", "-0.5e3", "\"x\""]
        );
        assert_eq!(
            members[0].parts.iter().map(|item| shown(&item.whole)).collect::<Vec<_>>(),
            ["1", "\"]}\\\"\\\\\"", "{\"b\":[]}"]
        );
        assert!(members[1].parts.is_empty() && members[2].parts.is_empty());
        for empty in ["[ ]", "{}"] {
            assert!(Place::parts(empty, &Place::of_root(empty), |_| true).is_empty(), "{empty}");
        }
    }
}
