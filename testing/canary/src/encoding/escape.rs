//! Texts and bytes in the escapes of other notations.

pub(super) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

pub(super) fn percent(text: &str, encoded: impl Fn(u8) -> bool) -> String {
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

pub(super) fn json(text: &str, escaped: impl Fn(char) -> bool) -> String {
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
    out
}

/// With the usual delimiters escaped by their names.
pub(super) fn hl7(text: &str) -> String {
    let name = |character| match character {
        '|' => Some('F'),
        '^' => Some('S'),
        '~' => Some('R'),
        '\\' => Some('E'),
        '&' => Some('T'),
        _ => None,
    };
    text.chars().map(|one| name(one).map_or(one.to_string(), |name| format!("\\{name}\\"))).collect()
}

/// Each byte in a sequence of its own; all of them in one hold the text in hexadecimal.
pub(super) fn hl7_hexadecimal(text: &str) -> String {
    text.bytes().map(|byte| format!("\\X{byte:02X}\\")).collect()
}

/// With the five characters that XML and HTML escape.
pub(super) fn xml(text: &str) -> String {
    let reference = |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&apos;"),
        _ => None,
    };
    text.chars().map(|one| reference(one).map_or(one.to_string(), str::to_owned)).collect()
}

pub(super) fn xml_numbers(text: &str, reference: impl Fn(u32) -> String) -> String {
    text.chars().map(|character| reference(u32::from(character))).collect()
}

/// As tools print bytes.
pub(super) fn pairs(bytes: &[u8], separator: &str) -> Vec<u8> {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(separator).into_bytes()
}

/// As `Debug` shows a `Vec<u8>`.
pub(super) fn list(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ").into_bytes()
}

pub(super) fn latin_1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect()
}
