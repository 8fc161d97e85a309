//! What the traffic is like.

use super::Event;
use crate::{Charset, Delimiters, Timestamp, UtcOffset};

/// The options of [`Traffic`](super::Traffic).
///
/// ```
/// use carewire_hl7_v2::synthetic::{Event, SenderProfile, TrafficOptions};
///
/// let options = TrafficOptions {
///     seed: 42,
///     patients: 1_000,
///     start: "20260105".parse()?,
///     senders: vec![SenderProfile::northside()],
///     without: vec![Event::Merge],
///     ..TrafficOptions::default()
/// };
/// # let _ = options;
/// # Ok::<(), carewire_hl7_v2::TimestampError>(())
/// ```
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a plain struct of options, filled by name")]
pub struct TrafficOptions {
    /// The same seed gives the same messages.
    pub seed: u64,
    /// When it begins. Patients come within the hours after it.
    pub start: Timestamp,
    /// How many patients there are. Each belongs to one sender.
    pub patients: usize,
    /// Who sends; patients are spread over them evenly.
    pub senders: Vec<SenderProfile>,
    /// The least number of observations of a result; 0 for the panels as they are.
    pub observations: usize,
    /// The size of the documents of MDM messages, in bytes; 0 for a page of text.
    pub document_bytes: usize,
    /// Events that are not sent. What happens to the patient happens all the same.
    pub without: Vec<Event>,
}

impl Default for TrafficOptions {
    /// 100 patients of all senders of [`SenderProfile::all`], seed 1, from the first day of 2026 on.
    fn default() -> Self {
        Self {
            seed: 1,
            start: Timestamp::of_year(2026),
            patients: 100,
            senders: SenderProfile::all(),
            observations: 0,
            document_bytes: 0,
            without: Vec::new(),
        }
    }
}

/// How one sender writes.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a plain struct of options, filled by name")]
pub struct SenderProfile {
    /// MSH-3.
    pub application: String,
    /// MSH-4, and the namespace of the patient numbers.
    pub facility: String,
    /// The object identifier of the facility as an assigning authority.
    pub facility_oid: String,
    /// MSH-5.
    pub receiving_application: String,
    /// MSH-6.
    pub receiving_facility: String,
    /// MSH-12, from 2.3 to 2.8.
    pub version: String,
    /// MSH-1 and MSH-2.
    pub delimiters: Delimiters,
    /// The character set of the bytes.
    pub charset: Charset,
    /// Whether MSH-18 says so.
    pub charset_declared: bool,
    /// What ends a segment; other than CR is not the standard.
    pub line_end: LineEnd,
    /// How line breaks in text are written.
    pub breaks: NarrativeBreaks,
    /// The zone behind times, if the sender writes one.
    pub zone: Option<UtcOffset>,
    /// Where the patients have their names from.
    pub people: People,
}

/// What ends a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there are no others")]
pub enum LineEnd {
    /// As the standard has it.
    Cr,
    /// As files edited by hand have it.
    CrLf,
    /// As files of Unix have it.
    Lf,
}

/// How a sender writes line breaks in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NarrativeBreaks {
    /// `\.br\`.
    Break,
    /// `\X0D\\X0A\`, as interface engines write CR LF by the rule for any other control character.
    Hexadecimal,
    /// `\X0D0A\` in one sequence, as Epic does.
    HexadecimalPair,
    /// A repetition for each line.
    Repetition,
}

/// Where names and addresses are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum People {
    /// English, in ASCII.
    English,
    /// German, with umlauts and ß.
    German,
    /// Portuguese and French, with accents.
    Portuguese,
    /// Polish, beyond Latin-1.
    Polish,
    /// Japanese: ideographic and phonetic names.
    Japanese,
}

impl SenderProfile {
    /// One of each kind below.
    #[must_use]
    pub fn all() -> Vec<Self> {
        vec![
            Self::northside(),
            Self::marienstift(),
            Self::santa_clara(),
            Self::minami(),
            Self::lakeview(),
            Self::harbour(),
            Self::jodlowa(),
            Self::oldfield(),
        ]
    }

    /// Version 2.5.1 in UTF-8, with a zone: nothing unusual.
    #[must_use]
    pub fn northside() -> Self {
        Self {
            application: "WARDSYS".into(),
            facility: "NORTHSIDE".into(),
            facility_oid: "2.16.840.1.113883.19.5.1".into(),
            receiving_application: "CAREWIRE".into(),
            receiving_facility: "HUB".into(),
            version: "2.5.1".into(),
            delimiters: Delimiters::default(),
            charset: Charset::Utf8,
            charset_declared: true,
            line_end: LineEnd::Cr,
            breaks: NarrativeBreaks::Break,
            zone: Some(UtcOffset::UTC),
            people: People::English,
        }
    }

    /// Version 2.3 in Latin-1.
    #[must_use]
    pub fn marienstift() -> Self {
        Self {
            application: "KIS".into(),
            facility: "MARIENSTIFT".into(),
            facility_oid: "2.16.840.1.113883.19.5.2".into(),
            version: "2.3".into(),
            charset: Charset::Iso8859_1,
            breaks: NarrativeBreaks::Repetition,
            zone: None,
            people: People::German,
            ..Self::northside()
        }
    }

    /// Version 2.4 in UTF-8, with accents.
    #[must_use]
    pub fn santa_clara() -> Self {
        Self {
            application: "CLINICO".into(),
            facility: "SANTA CLARA".into(),
            facility_oid: "2.16.840.1.113883.19.5.3".into(),
            version: "2.4".into(),
            breaks: NarrativeBreaks::Hexadecimal,
            people: People::Portuguese,
            ..Self::northside()
        }
    }

    /// Version 2.5 in ISO IR87.
    #[must_use]
    pub fn minami() -> Self {
        Self {
            application: "DENSHI".into(),
            facility: "MINAMI".into(),
            facility_oid: "2.16.840.1.113883.19.5.4".into(),
            version: "2.5".into(),
            charset: Charset::Iso2022Jp,
            zone: None,
            people: People::Japanese,
            ..Self::northside()
        }
    }

    /// Version 2.3.1 with line breaks as Epic writes them.
    #[must_use]
    pub fn lakeview() -> Self {
        Self {
            application: "EHR".into(),
            facility: "LAKEVIEW".into(),
            facility_oid: "2.16.840.1.113883.19.5.5".into(),
            version: "2.3.1".into(),
            charset: Charset::Ascii,
            charset_declared: false,
            breaks: NarrativeBreaks::HexadecimalPair,
            zone: None,
            ..Self::northside()
        }
    }

    /// Version 2.7 with the truncation character.
    #[must_use]
    pub fn harbour() -> Self {
        Self {
            application: "CLINSYS".into(),
            facility: "HARBOUR".into(),
            facility_oid: "2.16.840.1.113883.19.5.6".into(),
            version: "2.7".into(),
            delimiters: Delimiters::parse("|^~\\&#").unwrap_or_default(),
            ..Self::northside()
        }
    }

    /// Version 2.8 with delimiters of its own.
    #[must_use]
    pub fn jodlowa() -> Self {
        Self {
            application: "SZPITAL".into(),
            facility: "JODLOWA".into(),
            facility_oid: "2.16.840.1.113883.19.5.7".into(),
            version: "2.8".into(),
            delimiters: Delimiters::parse("$*%!@").unwrap_or_default(),
            people: People::Polish,
            ..Self::northside()
        }
    }

    /// Version 2.3, sloppy: CR LF ends the segments, and the bytes are Latin-1 without a word in MSH-18.
    #[must_use]
    pub fn oldfield() -> Self {
        Self {
            application: "LEGACY".into(),
            facility: "OLDFIELD".into(),
            facility_oid: "2.16.840.1.113883.19.5.8".into(),
            charset_declared: false,
            line_end: LineEnd::CrLf,
            ..Self::marienstift()
        }
    }

    /// Whether the messages are as the standard has them. A strict parser refuses the others.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        let declared = self.charset_declared || self.charset == Charset::Ascii;
        self.line_end == LineEnd::Cr && declared
    }

    /// Whether the version is this one or a later one.
    pub(super) fn since(&self, version: [u16; 3]) -> bool {
        let mut numbers = self.version.split('.').map(|number| number.parse::<u16>().unwrap_or(0));
        let mut number = || numbers.next().unwrap_or(0);
        [number(), number(), number()] >= version
    }
}
