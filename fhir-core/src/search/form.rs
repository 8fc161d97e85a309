//! `application/x-www-form-urlencoded`, of URLs and of bodies.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The names and values of a query, still encoded.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let query = query.strip_prefix('?').unwrap_or(query);
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// `%2C` and `+` as what they stand for; `None` when that is not UTF-8 or a percent sign stands alone.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['%', '+']) {
        return Some(Cow::Borrowed(text));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => digit(rest.next()?)? << 4 | digit(rest.next()?)?,
            other => other,
        });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

/// Appends a text of which only unreserved characters and those in `bare` stand for themselves.
pub(crate) fn encode(text: &str, bare: &[u8], space: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b' ' => out.push_str(space),
            other if bare.contains(&other) => out.push(char::from(other)),
            // Writing to a String cannot fail.
            other => drop(write!(out, "%{other:02X}")),
        }
    }
}

fn digit(byte: u8) -> Option<u8> {
    u8::try_from(char::from(byte).to_digit(16)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_taken_apart() {
        let found: Vec<_> = pairs("?a=1&&b&c=d=e&").collect();
        assert_eq!(found, [("a", "1"), ("b", ""), ("c", "d=e")]);
        assert_eq!(decode("a%2cb+c").as_deref(), Some("a,b c"));
        for bad in ["%", "%4", "%zz", "%ff", "%+1"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_encoded_comes_back(text in ".*", plus in proptest::bool::ANY) {
            let mut encoded = String::new();
            encode(&text, b":", if plus { "+" } else { "%20" }, &mut encoded);
            proptest::prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_graphic() && !b"&=#".contains(&byte)));
            proptest::prop_assert!(decode(&encoded).is_some_and(|decoded| decoded == text));
        }

        #[test]
        fn any_text_can_be_decoded_or_refused(text in ".*") {
            drop(decode(&text));
        }
    }
}
