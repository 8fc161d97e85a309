//! Codes as a table writes them.

use std::borrow::Cow;

/// Some codes of one system. Dots and case do not count, and `?` stands for any sign.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Codes {
    /// This one.
    One(Box<str>),
    /// Those that begin so; with nothing, all.
    Prefix(Box<str>),
    /// Those that begin with something from the first through the last, which are of one length.
    Range(Box<str>, Box<str>),
}

impl Codes {
    /// `B20`, `F11*`, `T36??2*`, `F20..F69`, or `*`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let part = |text: &str| Some(normal(text)).filter(|code| !code.is_empty()).map(Box::<str>::from);
        if let Some((first, last)) = text.split_once("..") {
            let (first, last) = (part(first)?, part(last)?);
            let is_range = first.len() == last.len() && first <= last && !text.contains('?');
            return is_range.then_some(Self::Range(first, last));
        }
        match text.strip_suffix('*') {
            Some("") => Some(Self::Prefix("".into())),
            Some(prefix) => part(prefix).map(Self::Prefix),
            None => part(text).map(Self::One),
        }
    }

    /// Whether a code, as [`normal`] writes it, is one of them.
    pub(crate) fn has(&self, code: &str) -> bool {
        match self {
            Self::One(one) => one.len() == code.len() && begins(code, one),
            Self::Prefix(prefix) => begins(code, prefix),
            Self::Range(first, last) => {
                code.get(..first.len()).is_some_and(|start| **first <= *start && *start <= **last)
            }
        }
    }
}

fn begins(code: &str, pattern: &str) -> bool {
    let same = |(sign, wanted)| wanted == b'?' || sign == wanted;
    code.len() >= pattern.len() && code.bytes().zip(pattern.bytes()).all(same)
}

/// A code without dots, in capitals.
pub(crate) fn normal(code: &str) -> Cow<'_, str> {
    let is_normal = |byte: u8| byte != b'.' && !byte.is_ascii_lowercase();
    if code.bytes().all(is_normal) {
        return Cow::Borrowed(code);
    }
    Cow::Owned(
        code.chars().filter(|letter| *letter != '.').map(|letter| letter.to_ascii_uppercase()).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_one_or_a_prefix_or_a_range() {
        let has = |codes: &str, code: &str| Codes::parse(codes).unwrap().has(&normal(code));
        assert!(has("B20", "b20") && !has("B20", "B20.1") && has("O98.7", "O987"));
        assert!(has("F11*", "F11.20") && has("F11*", "F11") && !has("F11*", "F1"));
        assert!(has("F20..F69", "F20") && has("F20..F69", "F69.9"));
        assert!(!has("F20..F69", "F70") && !has("F20..F69", "F19.9") && !has("F20..F69", "F2"));
        assert!(has("T36??2*", "T36.0X2A") && !has("T36??2*", "T36.0X3A") && !has("T36??2*", "T36.0"));
        assert!(has("*", "anything") && has("*", ""));
        for text in ["", ".", "A..", "..A", "B2..A1", "A1..A10", "A?..B?"] {
            assert!(Codes::parse(text).is_none(), "{text}");
        }
    }
}
