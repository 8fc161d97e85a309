//! Where the parts of a JSON text stand. The text was read before: here nothing is checked.

use std::ops::Range;

/// The places of the members of an object (name and value) or of the items of an array.
pub(super) fn parts(text: &str, whole: &Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut parts = Vec::new();
    let mut at = next(bytes, whole.start.saturating_add(1));
    while at < whole.end.saturating_sub(1) {
        let start = at;
        at = end_of(bytes, at);
        let after = next(bytes, at);
        if bytes.get(after) == Some(&b':') {
            at = end_of(bytes, next(bytes, after.saturating_add(1)));
        }
        parts.push(start..at);
        at = next(bytes, at);
        if bytes.get(at) == Some(&b',') {
            at = next(bytes, at.saturating_add(1));
        }
    }
    parts
}

/// The place of the value of a member.
pub(super) fn value(text: &str, member: &Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let colon = next(bytes, end_of(bytes, member.start));
    next(bytes, colon.saturating_add(1))..member.end
}

/// The place of the value that the text is.
pub(super) fn root(text: &str) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = next(bytes, if text.starts_with('\u{feff}') { 3 } else { 0 });
    start..end_of(bytes, start)
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
        match rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) {
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
        let members = parts(text, &root(text));
        assert_eq!(
            members.iter().map(shown).collect::<Vec<_>>(),
            ["\"a\" : [1, \"]}\\\"\\\\\" ,{\"b\":[]}]", "\"c\":-0.5e3", "\"d\" :\"x\""]
        );
        let list = value(text, &members[0]);
        assert_eq!(
            parts(text, &list).iter().map(shown).collect::<Vec<_>>(),
            ["1", "\"]}\\\"\\\\\"", "{\"b\":[]}"]
        );
        assert!(parts("[ ]", &(0..3)).is_empty() && parts("{}", &(0..2)).is_empty());
    }
}
