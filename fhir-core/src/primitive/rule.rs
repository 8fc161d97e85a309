//! The lexical rules of the primitive types, as FHIR R4 writes them.

use crate::Value;

pub(crate) fn is_decimal(text: &str) -> bool {
    Value::number(text).is_some()
}

/// `[A-Za-z0-9\-\.]{1,64}`
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// At least one character, no white space, and the stricter form where the scheme has one.
pub(crate) fn is_uri(text: &str) -> bool {
    let plain = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    plain
        && text.strip_prefix("urn:oid:").is_none_or(is_oid)
        && text.strip_prefix("urn:uuid:").is_none_or(is_uuid)
}

/// An OID without the prefix `urn:oid:`.
///
/// Second arcs above 39 under 0 and 1 are let pass, as every server does.
pub(crate) fn is_oid(text: &str) -> bool {
    let mut arcs = text.split('.');
    let first = arcs.next().is_some_and(|arc| matches!(arc, "0" | "1" | "2"));
    let rest: Vec<&str> = arcs.collect();
    first && !rest.is_empty() && rest.iter().all(|arc| is_arc(arc))
}

fn is_arc(arc: &str) -> bool {
    arc == "0" || (!arc.starts_with('0') && !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()))
}

/// A UUID without the prefix `urn:uuid:`; FHIR wants it in lower case, but servers take both.
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// `[^\s]+(\s[^\s]+)*`
pub(crate) fn is_code(text: &str) -> bool {
    !text.is_empty() && text.split(char::is_whitespace).all(|word| !word.is_empty())
}

/// Not empty, not only white space, no control character but tab, line feed and carriage return.
pub(crate) fn is_string(text: &str) -> bool {
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{80}'..='\u{9f}');
    !text.trim().is_empty() && !text.contains(control)
}

pub(crate) fn is_base64(text: &str) -> bool {
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
