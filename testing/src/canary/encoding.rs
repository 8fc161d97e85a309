//! The forms in which a text can hide in bytes.

use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL, HEXLOWER, HEXUPPER};
use sha2::{Digest, Sha256};

/// Shorter needles would be found by chance.
const SHORTEST: usize = 8;

/// Every encoding of a text that is searched for, by name. In the text's own, in upper and in lower case.
///
/// ```
/// use carewire_testing::canary::encodings;
/// let forms = encodings("Müller-Lüdenscheid");
/// assert!(forms.contains(&("percent-encoded", b"M%C3%BCller-L%C3%BCdenscheid".to_vec())));
/// assert!(forms.contains(&("Latin-1", b"M\xFCller-L\xFCdenscheid".to_vec())));
/// ```
#[must_use]
pub fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let cases = [text.to_owned(), text.to_uppercase(), text.to_lowercase()];
    let mut forms: Vec<_> = cases.iter().flat_map(|text| of_one_case(text)).collect();
    forms.retain(|(_, bytes)| bytes.len() >= SHORTEST);
    // The first name of equal bytes stays: `plain` before everything else.
    let mut seen = std::collections::HashSet::new();
    forms.retain(|(_, bytes)| seen.insert(bytes.clone()));
    forms
}

fn of_one_case(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = text.as_bytes();
    let hash = Sha256::digest(bytes);
    let reserved = percent(text, |byte| !is_unreserved(byte));
    let mut forms = vec![
        ("plain", bytes.to_vec()),
        ("hexadecimal", HEXLOWER.encode(bytes).into_bytes()),
        ("hexadecimal", HEXUPPER.encode(bytes).into_bytes()),
        ("percent-encoded", reserved.clone().into_bytes()),
        ("percent-encoded", percent(text, |_| true).into_bytes()),
        ("percent-encoded", percent(text, |_| true).to_ascii_lowercase().into_bytes()),
        ("form-encoded", reserved.replace("%20", "+").into_bytes()),
        ("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16BE", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("JSON escapes", json_escapes(text, |character| !character.is_ascii())),
        ("JSON escapes", json_escapes(text, |_| true)),
        ("a list of bytes", list(bytes)),
        ("base32", BASE32_NOPAD.encode(bytes).into_bytes()),
        ("its SHA-256", hash.to_vec()),
        ("its SHA-256 in hexadecimal", HEXLOWER.encode(&hash).into_bytes()),
        ("its SHA-256 as base64", BASE64.encode(&hash).into_bytes()),
    ];
    forms.extend(latin_1(text).map(|bytes| ("Latin-1", bytes)));
    forms.extend([BASE64, BASE64URL].iter().flat_map(|alphabet| base64(alphabet, bytes)));
    forms
}

/// At each of the three places within a group of three bytes, without the characters that its neighbours have a part in.
fn base64(alphabet: &data_encoding::Encoding, bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let at = |offset: usize| {
        let padded = [vec![0; offset], bytes.to_vec()].concat();
        let whole = padded.len() / 3 * 4;
        let encoded = alphabet.encode(&padded).into_bytes();
        let start = [0, 2, 3].get(offset).copied().unwrap_or(0);
        ("base64", encoded.get(start..whole).unwrap_or_default().to_vec())
    };
    (0..3).map(at).collect()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn percent(text: &str, encoded: impl Fn(u8) -> bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if encoded(byte) {
            out.push_str(&format!("%{byte:02X}"));
        } else {
            out.push(char::from(byte));
        }
    }
    out
}

fn json_escapes(text: &str, escaped: impl Fn(char) -> bool) -> Vec<u8> {
    let mut out = String::new();
    for character in text.chars() {
        if escaped(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(character);
        }
    }
    out.into_bytes()
}

/// As `Debug` shows a `Vec<u8>`.
fn list(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ").into_bytes()
}

fn latin_1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_wherever_the_text_stands() {
        let needles: Vec<_> =
            encodings("Qxwvghkmnprt").into_iter().filter(|(name, _)| *name == "base64").collect();
        for before in ["", "a", "ab", "abc", "abcd"] {
            for after in ["", "x", "xy", "xyz"] {
                let text = BASE64.encode(format!("{before}Qxwvghkmnprt{after}").as_bytes());
                let found = needles.iter().any(|(_, needle)| {
                    text.as_bytes().windows(needle.len()).any(|window| window == needle.as_slice())
                });
                assert!(found, "{before} {after}");
            }
        }
    }

    #[test]
    fn no_two_needles_are_the_same_and_none_is_short() {
        for text in ["19310507", "Qxwvghkmnprt", "été à la mer"] {
            let forms = encodings(text);
            let different: std::collections::HashSet<_> = forms.iter().map(|(_, bytes)| bytes).collect();
            assert_eq!(different.len(), forms.len());
            assert!(forms.iter().all(|(_, bytes)| bytes.len() >= SHORTEST), "{text}");
            assert!(forms.len() >= 12, "{text}: {}", forms.len());
        }
    }

    #[test]
    fn spaces_and_letters_beyond_ascii_are_thought_of() {
        let forms = encodings("été à la mer");
        for wanted in [
            &b"%C3%A9t%C3%A9%20%C3%A0%20la%20mer"[..],
            b"%C3%A9t%C3%A9+%C3%A0+la+mer",
            br"\u00e9t\u00e9 \u00e0 la mer",
        ] {
            assert!(forms.iter().any(|(_, bytes)| bytes == wanted));
        }
    }
}
