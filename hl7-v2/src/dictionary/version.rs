//! The versions of the standard.

use std::fmt;
use std::str::FromStr;

/// A published version of HL7 v2. They are ordered by publication.
///
/// ```
/// use carewire_hl7_v2::dictionary::Version;
///
/// let version: Version = "2.5.1".parse()?;
/// assert!(version < Version::V2_7);
/// assert_eq!(version.as_str(), "2.5.1");
/// # Ok::<(), carewire_hl7_v2::dictionary::UnknownVersion>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Version {
    /// 2.1, of 1990.
    V2_1,
    /// 2.2, of 1994.
    V2_2,
    /// 2.3, of 1997.
    V2_3,
    /// 2.3.1, of 1999.
    V2_3_1,
    /// 2.4, of 2000.
    V2_4,
    /// 2.5, of 2003.
    V2_5,
    /// 2.5.1, of 2007.
    V2_5_1,
    /// 2.6, of 2007.
    V2_6,
    /// 2.7, of 2011.
    V2_7,
    /// 2.7.1, of 2012.
    V2_7_1,
    /// 2.8, of 2014.
    V2_8,
    /// 2.8.1, of 2014.
    V2_8_1,
    /// 2.8.2, of 2015.
    V2_8_2,
    /// 2.9, of 2019.
    V2_9,
}

/// The text is not the number of a version that is known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a known version of HL7 v2")]
pub struct UnknownVersion;

/// The version that stands in for a text, and whether it is what the text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Nearest {
    /// The text names this version.
    Exact(Version),
    /// The text names no known version; this is the newest one that is not newer, or the oldest one.
    Substitute(Version),
}

impl Nearest {
    /// The version, exact or not.
    #[must_use]
    pub fn version(self) -> Version {
        let (Self::Exact(version) | Self::Substitute(version)) = self;
        version
    }

    /// Whether the text named this very version.
    #[must_use]
    pub fn is_exact(self) -> bool {
        matches!(self, Self::Exact(_))
    }
}

impl Version {
    /// All of them, oldest first.
    pub const ALL: [Self; 14] = [
        Self::V2_1,
        Self::V2_2,
        Self::V2_3,
        Self::V2_3_1,
        Self::V2_4,
        Self::V2_5,
        Self::V2_5_1,
        Self::V2_6,
        Self::V2_7,
        Self::V2_7_1,
        Self::V2_8,
        Self::V2_8_1,
        Self::V2_8_2,
        Self::V2_9,
    ];

    /// The number as table 0104 has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2_1 => "2.1",
            Self::V2_2 => "2.2",
            Self::V2_3 => "2.3",
            Self::V2_3_1 => "2.3.1",
            Self::V2_4 => "2.4",
            Self::V2_5 => "2.5",
            Self::V2_5_1 => "2.5.1",
            Self::V2_6 => "2.6",
            Self::V2_7 => "2.7",
            Self::V2_7_1 => "2.7.1",
            Self::V2_8 => "2.8",
            Self::V2_8_1 => "2.8.1",
            Self::V2_8_2 => "2.8.2",
            Self::V2_9 => "2.9",
        }
    }

    /// Reads a number of table 0104, such as `2.5.1`. Other texts are `None`: see [`Version::nearest`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.as_str() == text)
    }

    /// The version to use for a text that a sender wrote: `2.5.0` is 2.5 and `2.3.2` is 2.3.1, as substitutes.
    ///
    /// Up to three numbers are read, what follows them is ignored; surrounding spaces and a leading `v` are passed
    /// over. `None` when it does not begin with a number and a second one after a dot, or is not of version 2.
    ///
    /// ```
    /// use carewire_hl7_v2::dictionary::{Nearest, Version};
    ///
    /// assert_eq!(Version::nearest("2.5.1"), Some(Nearest::Exact(Version::V2_5_1)));
    /// assert_eq!(Version::nearest("2.3.2"), Some(Nearest::Substitute(Version::V2_3_1)));
    /// assert_eq!(Version::nearest("3.0"), None);
    /// ```
    #[must_use]
    pub fn nearest(text: &str) -> Option<Nearest> {
        if let Some(version) = Self::parse(text) {
            return Some(Nearest::Exact(version));
        }
        let wanted = numbers(text)?;
        let older = |version: &Self| numbers(version.as_str()).is_some_and(|numbers| numbers <= wanted);
        let version = Self::ALL.into_iter().rev().find(older).unwrap_or(Self::V2_1);
        Some(Nearest::Substitute(version))
    }
}

/// `2.5.1` as 2, 5, 1; a third number that is missing or cannot be read is 0.
fn numbers(text: &str) -> Option<[u8; 3]> {
    let text = text.trim();
    let mut parts = text.strip_prefix(['v', 'V']).unwrap_or(text).split('.');
    let number =
        |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u8>().ok();
    let (major, minor) = (number(parts.next()?)?, number(parts.next()?)?);
    let patch = parts.next().and_then(number).unwrap_or_default();
    (major == 2).then_some([major, minor, patch])
}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or(UnknownVersion)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_written_as_they_are_read_and_ordered() {
        for version in Version::ALL {
            assert_eq!(Version::parse(version.as_str()), Some(version));
        }
        assert!(Version::ALL.is_sorted());
        assert_eq!("2.5.0".parse::<Version>(), Err(UnknownVersion));
    }

    #[test]
    fn an_unknown_version_is_the_one_before_it() {
        let cases = [
            ("2.5.0", Version::V2_5),
            ("2.3.2", Version::V2_3_1),
            ("2.9.1", Version::V2_9),
            ("2.10", Version::V2_9),
            ("2.0D", Version::V2_1),
            (" v2.7.3 ", Version::V2_7_1),
            ("2.4 ", Version::V2_4),
            ("2.5.1_INT", Version::V2_5_1),
        ];
        for (text, version) in cases {
            assert_eq!(Version::nearest(text), Some(Nearest::Substitute(version)), "{text}");
        }
        for text in ["", "2", "x.y", "3.1", "-2.5"] {
            assert_eq!(Version::nearest(text), None, "{text}");
        }
    }
}
