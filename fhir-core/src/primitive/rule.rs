//! The lexical rules of the primitive types, as FHIR R4 writes them.

use super::bytes::{has_control, is_graphic};
use crate::Value;

pub(crate) fn is_decimal(text: &str) -> bool {
    Value::number(text).is_some()
}

/// `[A-Za-z0-9\-\.]{1,64}`
pub(crate) fn is_id(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() | (b == b'-') | (b == b'.');
    // Without an early end, as in `is_base64`.
    (1..=64).contains(&text.len()) && text.bytes().fold(true, |all, b| all & fits(b))
}

/// At least one character, no white space, and the stricter form where the scheme has one.
pub(crate) fn is_uri(text: &str) -> bool {
    let has_no_space = is_graphic(text)
        || (!text.is_ascii() && !text.contains(|c: char| c.is_whitespace() || c.is_control()));
    has_no_space
        && !text.is_empty()
        && text.strip_prefix("urn:oid:").is_none_or(is_oid)
        && text.strip_prefix("urn:uuid:").is_none_or(is_uuid)
}

/// An OID without the prefix `urn:oid:`.
///
/// Second arcs above 39 under 0 and 1 are let pass, as every server does.
pub(crate) fn is_oid(text: &str) -> bool {
    let Some((first, rest)) = text.split_once('.') else { return false };
    matches!(first, "0" | "1" | "2") && rest.split('.').all(is_arc)
}

fn is_arc(arc: &str) -> bool {
    arc == "0" || (!arc.starts_with('0') && !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()))
}

/// A UUID without the prefix `urn:uuid:`; FHIR wants it in lower case, but servers take both.
pub(crate) fn is_uuid(text: &str) -> bool {
    let Ok(bytes) = <&[u8; 36]>::try_from(text.as_bytes()) else { return false };
    let digits: u8 = bytes.iter().map(|byte| u8::from(byte.is_ascii_hexdigit())).sum();
    let hyphens = [bytes[8], bytes[13], bytes[18], bytes[23]];
    hyphens == *b"----" && digits == 32
}

/// `[^\s]+(\s[^\s]+)*`
pub(crate) fn is_code(text: &str) -> bool {
    if is_graphic(text) {
        return !text.is_empty();
    }
    text.split(char::is_whitespace).all(|word| !word.is_empty())
}

/// Not empty, not only white space, no control character but tab, line feed and carriage return.
pub(crate) fn is_string(text: &str) -> bool {
    let control = |b: u8| b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r');
    let begins = text.bytes().next().is_some_and(|b| b.is_ascii_graphic());
    !(has_control(text) && text.bytes().any(control)) && (begins || !text.trim().is_empty())
}

pub(crate) fn is_base64(text: &str) -> bool {
    let digit = |b: &u8| b.is_ascii_alphanumeric() | (*b == b'+') | (*b == b'/');
    let whole = text.strip_suffix('=').map_or(text, |rest| rest.strip_suffix('=').unwrap_or(rest));
    // Without an early end, which would keep the compiler from looking at many bytes at once.
    if text.len().is_multiple_of(4) && whole.as_bytes().iter().fold(true, |all, byte| all & digit(byte)) {
        return !whole.is_empty();
    }
    is_base64_with_space(text)
}

fn is_base64_with_space(text: &str) -> bool {
    let mut digits = 0;
    let mut padding = 0;
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        match byte {
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => digits += 1,
            _ => return false,
        }
    }
    digits > 0 && padding <= 2 && (digits + padding) % 4 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oids_have_an_arc_after_the_root_and_no_leading_zeros() {
        for good in ["2.16.840.1.113883.4.1", "1.0", "0.9.2342"] {
            assert!(is_oid(good), "{good}");
        }
        for bad in ["", "3.1", "2", "2.", "2.01", "2..1", "2.a", "2.1 "] {
            assert!(!is_oid(bad), "{bad}");
        }
    }

    #[test]
    fn uris_hold_no_space_and_urns_are_what_they_say() {
        assert!(is_uri("http://loinc.org") && is_uri("urn:oid:2.16.840") && is_uri("a:b"));
        assert!(is_uri("urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341"));
        assert!(!is_uri("") && !is_uri("a b") && !is_uri("urn:oid:MRN") && !is_uri("urn:uuid:7"));
    }

    #[test]
    fn codes_ids_strings_and_base64() {
        assert!(is_code("a") && is_code("a b") && !is_code(" a") && !is_code("a  b") && !is_code(""));
        assert!(is_id("a-1.B") && !is_id("a_b") && !is_id("") && !is_id(&"x".repeat(65)));
        assert!(is_string("a\nb") && !is_string(" ") && !is_string("a\u{0}b"));
        assert!(
            is_base64("aGk=")
                && is_base64("aG\nlh")
                && !is_base64("a")
                && !is_base64("=a==")
                && !is_base64("")
        );
    }
}
