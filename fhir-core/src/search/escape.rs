//! `\,` `\$` `\|` `\\`: separators that belong to a value (R4 search, "Escaping Search Parameters").

use std::borrow::Cow;

const SPECIAL: [char; 4] = ['\\', ',', '$', '|'];

/// The parts between separators that are not escaped, still with their escapes. At least one, maybe empty.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some((at, skip)) = next(rest, from, separator) {
        if skip > 0 {
            from = at + skip;
            continue;
        }
        let (part, after) = rest.split_at(at);
        parts.push(part);
        rest = after.strip_prefix(separator).unwrap_or_default();
        from = 0;
    }
    parts.push(rest);
    parts
}

/// Where the next separator or escape stands, and how many bytes the escape has (0 for the separator).
fn next(text: &str, from: usize, separator: char) -> Option<(usize, usize)> {
    let tail = text.get(from..)?;
    let at = tail.find(['\\', separator])?;
    let mut following = tail.get(at..)?.chars();
    if following.next() == Some(separator) {
        return Some((from + at, 0));
    }
    Some((from + at, 1 + following.next().map_or(0, char::len_utf8)))
}

/// The value itself. A backslash before another character is a backslash.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escaped = characters.next_if(|next| character == '\\' && SPECIAL.contains(next));
        plain.push(escaped.unwrap_or(character));
    }
    Cow::Owned(plain)
}

/// Appends a value with its separators escaped, save those that stand for themselves there.
pub(super) fn escape(text: &str, bare: Option<char>, out: &mut String) {
    for character in text.chars() {
        if SPECIAL.contains(&character) && Some(character) != bare {
            out.push('\\');
        }
        out.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_can_be_escaped() {
        assert_eq!(split(r"a,b\,c,d\\,", ','), ["a", r"b\,c", r"d\\", ""]);
        assert_eq!(split("", ','), [""]);
        assert_eq!(split(r"a\", ','), [r"a\"]);
        assert_eq!(split(r"\é|b", '|'), [r"\é", "b"]);
        assert_eq!(unescape(r"b\,c\\\|\x\"), r"b,c\|\x\");
    }

    proptest::proptest! {
        #[test]
        fn what_is_escaped_is_one_part_and_comes_back(text in ".*", separator in proptest::sample::select(vec![',', '$', '|'])) {
            let mut escaped = String::new();
            escape(&text, None, &mut escaped);
            proptest::prop_assert_eq!(split(&escaped, separator), [escaped.as_str()]);
            proptest::prop_assert_eq!(unescape(&escaped), text);
        }

        #[test]
        fn parts_joined_again_are_the_text(text in r"[a-z\\,é]{0,20}") {
            proptest::prop_assert_eq!(split(&text, ',').join(","), text);
        }
    }
}
