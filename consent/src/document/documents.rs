//! The JSON documents of a text: the items of one array, or values one after the other.

/// A document, and where it begins.
pub(super) struct Part<'a> {
    pub(super) start: usize,
    pub(super) bytes: &'a [u8],
}

/// Cuts a text at the places where one document ends. Whether each is valid JSON is for its reader to say.
pub(super) fn split(text: &[u8]) -> Vec<Part<'_>> {
    let first = text.iter().position(|byte| !byte.is_ascii_whitespace());
    let Some(first) = first else { return Vec::new() };
    match text.get(first) {
        Some(b'[') => items(text, first),
        _ => values(text, first),
    }
}

/// The items of an array. What is not one whole array is one document, which its reader refuses.
fn items(text: &[u8], first: usize) -> Vec<Part<'_>> {
    let is_space = |byte: &u8| byte.is_ascii_whitespace();
    let last = text.iter().rposition(|byte| !is_space(byte)).unwrap_or(first);
    let whole = || vec![Part { start: first, bytes: text.get(first..).unwrap_or_default() }];
    if text.get(last) != Some(&b']') || last == first {
        return whole();
    }
    let mut parts = Vec::new();
    let mut scan = Scan::default();
    let mut start = first.saturating_add(1);
    for (at, byte) in text.iter().enumerate().take(last).skip(start) {
        scan.step(*byte);
        if scan.depth == 0 && !scan.in_string && *byte == b',' {
            parts.push(Part { start, bytes: text.get(start..at).unwrap_or_default() });
            start = at.saturating_add(1);
        } else if scan.depth < 0 {
            return whole();
        }
    }
    let rest = text.get(start..last).unwrap_or_default();
    if !(parts.is_empty() && rest.iter().all(is_space)) {
        parts.push(Part { start, bytes: rest });
    }
    parts
}

/// Values one after the other, each from its first brace to the last.
fn values(text: &[u8], first: usize) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut scan = Scan::default();
    let mut start = first;
    for (at, byte) in text.iter().enumerate().skip(first) {
        let was_inside = scan.depth > 0;
        scan.step(*byte);
        if was_inside && scan.depth == 0 {
            let end = at.saturating_add(1);
            parts.push(Part { start, bytes: text.get(start..end).unwrap_or_default() });
            start = end;
        }
    }
    let rest = text.get(start..).unwrap_or_default();
    if !rest.iter().all(u8::is_ascii_whitespace) {
        parts.push(Part { start, bytes: rest });
    }
    parts
}

#[derive(Default)]
struct Scan {
    depth: i64,
    in_string: bool,
    is_escaped: bool,
}

impl Scan {
    fn step(&mut self, byte: u8) {
        match (self.in_string, byte) {
            (true, _) if self.is_escaped => self.is_escaped = false,
            (true, b'\\') => self.is_escaped = true,
            (true, b'"') => self.in_string = false,
            (true, _) => {}
            (false, b'"') => self.in_string = true,
            (false, b'{' | b'[') => self.depth = self.depth.saturating_add(1),
            (false, b'}' | b']') => self.depth = self.depth.saturating_sub(1),
            (false, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        split(text.as_bytes())
            .into_iter()
            .map(|part| std::str::from_utf8(part.bytes).unwrap().trim())
            .collect()
    }

    #[test]
    fn arrays_and_lines_are_cut_between_their_documents() {
        assert_eq!(parts(r#"[{"a":"},]\""},{"b":[1,2]}]"#), [r#"{"a":"},]\""}"#, r#"{"b":[1,2]}"#]);
        assert_eq!(parts("{\"a\":1}\n{\"b\":{}} {}"), ["{\"a\":1}", "{\"b\":{}}", "{}"]);
        assert_eq!((parts(" \n"), parts("[ ]")), (vec![], vec![]));
    }

    #[test]
    fn what_is_no_document_is_left_to_be_refused() {
        for bad in ["[", "[{}", "[{}]]", "[{}],", "[{},]", "[,]", "{", "{}x", "x", "]"] {
            assert!(
                parts(bad).iter().any(|part| serde_json::from_str::<serde_json::Value>(part).is_err()),
                "{bad}"
            );
        }
    }
}
