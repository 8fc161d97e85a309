//! The forms in which a text can hide in bytes.

mod escape;

use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL, Encoding, HEXLOWER, HEXUPPER};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Shorter needles would be found by chance.
const SHORTEST: usize = 8;

/// Every encoding of a text that is searched for, by name. In the text's own, in upper and in lower case.
///
/// ```
/// use carewire_canary::encodings;
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
    let mut forms = vec![("plain", text.as_bytes().to_vec())];
    forms.extend(as_escapes(text));
    forms.extend(as_bytes(text));
    forms.extend(as_digests(text.as_bytes()));
    forms
}

/// Forms that stand in a text.
fn as_escapes(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let reserved = escape::percent(text, |byte| !escape::is_unreserved(byte));
    let every = escape::percent(text, |_| true);
    let forms = [
        ("percent-encoded", reserved.clone()),
        ("form-encoded", reserved.replace("%20", "+")),
        ("percent-encoded", every.to_ascii_lowercase()),
        ("percent-encoded", every),
        ("JSON escapes", escape::json(text, |character| !character.is_ascii())),
        ("JSON escapes", escape::json(text, |_| true)),
        ("HL7 escapes", escape::hl7(text)),
        ("HL7 escapes", escape::hl7_hexadecimal(text)),
        ("XML references", escape::xml(text)),
        ("XML references", escape::xml_numbers(text, |code| format!("&#{code};"))),
        ("XML references", escape::xml_numbers(text, |code| format!("&#x{code:x};"))),
        ("reversed", text.chars().rev().collect()),
    ];
    forms.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}

/// Forms of the bytes that a text is made of.
fn as_bytes(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = text.as_bytes();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut forms = vec![
        ("hexadecimal", HEXLOWER.encode(bytes).into_bytes()),
        ("hexadecimal", HEXUPPER.encode(bytes).into_bytes()),
        ("hexadecimal", escape::pairs(bytes, " ")),
        ("hexadecimal", escape::pairs(bytes, ":")),
        ("hexadecimal of UTF-16", HEXLOWER.encode(&little).into_bytes()),
        ("hexadecimal of UTF-16", HEXLOWER.encode(&big).into_bytes()),
        ("a list of bytes", escape::list(bytes)),
        ("base32", BASE32_NOPAD.encode(bytes).into_bytes()),
    ];
    forms.extend(escape::latin_1(text).map(|bytes| ("Latin-1", bytes)));
    for alphabet in [&BASE64, &BASE64URL] {
        forms.extend(base64("base64", alphabet, bytes));
        forms.extend([&little, &big].into_iter().flat_map(|wide| base64("base64 of UTF-16", alphabet, wide)));
    }
    forms.extend([("UTF-16LE", little), ("UTF-16BE", big)]);
    forms
}

/// What a dictionary turns back into the text.
fn as_digests(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (sha256, sha1) = (Sha256::digest(bytes), Sha1::digest(bytes));
    vec![
        ("its SHA-256", sha256.to_vec()),
        ("its SHA-256 in hexadecimal", HEXLOWER.encode(&sha256).into_bytes()),
        ("its SHA-256 as base64", BASE64.encode(&sha256).into_bytes()),
        ("its SHA-1 in hexadecimal", HEXLOWER.encode(&sha1).into_bytes()),
    ]
}

/// At each of the three places within a group of three bytes, without the characters that its neighbours have a part in:
/// padded or not, the rest is the same.
fn base64(name: &'static str, alphabet: &Encoding, bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let at = |offset: usize| {
        let padded = [vec![0; offset], bytes.to_vec()].concat();
        let whole = padded.len() / 3 * 4;
        let encoded = alphabet.encode(&padded).into_bytes();
        let start = [0, 2, 3].get(offset).copied().unwrap_or(0);
        (name, encoded.get(start..whole).unwrap_or_default().to_vec())
    };
    (0..3).map(at).collect()
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
            "rem al \u{e0} \u{e9}t\u{e9}".as_bytes(),
        ] {
            assert!(forms.iter().any(|(_, bytes)| bytes == wanted));
        }
    }

    #[test]
    fn delimiters_are_looked_for_as_hl7_and_xml_escape_them() {
        let forms = encodings("O'Brien & Sons^2");
        for (name, wanted) in [
            ("HL7 escapes", r"O'Brien \T\ Sons\S\2"),
            ("XML references", "O&apos;Brien &amp; Sons^2"),
            (
                "HL7 escapes",
                r"\X4F\\X27\\X42\\X72\\X69\\X65\\X6E\\X20\\X26\\X20\\X53\\X6F\\X6E\\X73\\X5E\\X32\",
            ),
        ] {
            assert!(forms.contains(&(name, wanted.as_bytes().to_vec())), "{wanted}");
        }
    }
}
