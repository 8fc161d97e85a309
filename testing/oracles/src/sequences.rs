//! Which escape sequences a value holds, when any two escape characters that follow each other enclose one.

/// What stands in a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sequences {
    /// `\H\`, `\N\` or a formatting command.
    pub(crate) layout: bool,
    /// `\X..\` of bytes that are UTF-8 by themselves.
    pub(crate) hex_text: bool,
    /// `\X..\` of bytes that are not.
    pub(crate) hex_bytes: bool,
    /// `\C..\`, `\M..\` of hexadecimal digits, or `\Z..\`.
    pub(crate) verbatim: bool,
    /// `\P\`.
    pub(crate) truncation: bool,
    /// Something else between two escape characters.
    pub(crate) unknown: bool,
    /// An escape character without a partner.
    pub(crate) unclosed: bool,
    /// Characters that are not ASCII, and an escape character.
    pub(crate) beside_non_ascii: bool,
}

impl Sequences {
    pub(crate) fn of(value: &str, escape: char) -> Self {
        let mut found = Self::default();
        let mut parts = value.split(escape).skip(1);
        let mut any = false;
        while let Some(body) = parts.next() {
            any = true;
            match parts.next() {
                Some(_) => found.note(body),
                None => found.unclosed = true,
            }
        }
        found.beside_non_ascii = any && !value.is_ascii();
        found
    }

    fn note(&mut self, body: &str) {
        let mut characters = body.chars();
        match (characters.next(), characters.as_str()) {
            (Some('F' | 'S' | 'T' | 'R' | 'E'), "") => {}
            (Some('P'), "") => self.truncation = true,
            (Some('H' | 'N'), "") | (Some('.'), _) => self.layout = true,
            (Some('Z'), _) => self.verbatim = true,
            (Some('C' | 'M'), digits) if bytes(digits).is_some() => self.verbatim = true,
            (Some('X'), digits) => match bytes(digits).map(String::from_utf8) {
                Some(Ok(_)) => self.hex_text = true,
                Some(Err(_)) => self.hex_bytes = true,
                None => self.unknown = true,
            },
            _ => self.unknown = true,
        }
    }
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| !digits.is_empty() && digits.len().is_multiple_of(2))?;
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair.iter().fold(0, |byte, digit| byte * 16 + digit)).ok())
        .collect()
}
