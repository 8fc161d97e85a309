//! The differences between our reading of a text and another parser's, each with its reason if it is known.

use std::collections::BTreeMap;

use carewire_hl7_v2::batch::Batch;
use carewire_hl7_v2::{DiagnosticKind, Message, ParseError, ParseOptions};

use crate::peer::{our_message, ours};
use crate::reading::{Place, Reading, SegmentReading, Text};
use crate::sequences::Sequences;
use crate::{Class, Peer, Refusal};

/// One difference. It holds places, no values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// In what.
    pub what: What,
    /// Why, if that is known.
    pub class: Option<Class>,
}

/// In what two readings differ. Segments count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// One of them gives no message.
    Outcome {
        /// Ours.
        ours: Option<Refusal>,
        /// The other's.
        theirs: Option<Refusal>,
    },
    /// The lines that are segments, from this one on.
    Segments(usize),
    /// The name of a segment.
    Name(usize),
    /// What stands at a place.
    Raw(usize, Place),
    /// The text at a place.
    Text(usize, Place),
    /// The messages of a batch, from this one on.
    Messages(usize),
}

/// All differences between our reading and the other's.
#[must_use]
pub fn compare(text: &str, peer: Peer) -> Vec<Difference> {
    let (mine, theirs) = (our_message(text), peer.read(text));
    match (mine, theirs) {
        (Ok(message), Ok(theirs)) => Comparison::new(text, peer, &message).run(&ours(&message), &theirs),
        (Err(_), Err(Refusal::Error)) => vec![],
        (mine, theirs) => {
            let what =
                What::Outcome { ours: mine.as_ref().err().copied(), theirs: theirs.as_ref().err().copied() };
            vec![Difference { what, class: outcome(text, peer, mine.ok().as_ref()) }]
        }
    }
}

/// All differences between our messages of a batch and those of `er7`, which `hl7-2` reads batches with.
#[must_use]
pub fn compare_batch(text: &str) -> Vec<Difference> {
    let batch = Batch::split(text.as_bytes());
    let ours: Vec<&[u8]> = batch.messages().iter().map(|message| message.trim_ascii_end()).collect();
    let split = er7::split_messages(text);
    let theirs: Vec<&[u8]> = split.iter().map(|message| message.as_bytes().trim_ascii_end()).collect();
    let same = ours.iter().zip(&theirs).take_while(|(ours, theirs)| ours == theirs).count();
    if same == ours.len() && same == theirs.len() {
        return vec![];
    }
    let next = theirs.get(same).copied().unwrap_or_default();
    let class = if text.contains(['\u{0B}', '\u{1C}', '\u{FEFF}']) {
        Some(Class::KeepsFrameCharacter)
    } else if text.split(['\r', '\n']).any(is_header_by_letters) {
        Some(Class::HeaderByLetters)
    } else if text.split(['\r', '\n']).any(is_loose_header) {
        Some(Class::LooseHeader)
    } else if !next.is_empty() && !is_header(next) {
        Some(Class::FirstLineIsMessage)
    } else if lines(text).iter().any(|line| line.trim().is_empty() && !line.trim_ascii().is_empty()) {
        Some(Class::TrimsLines)
    } else {
        None
    };
    vec![Difference { what: What::Messages(same + 1), class }]
}

fn is_header(message: &[u8]) -> bool {
    let rest = message.strip_prefix(b"MSH").and_then(<[u8]>::first);
    rest.is_some_and(u8::is_ascii_punctuation)
}

const ENVELOPE: [&str; 5] = ["MSH", "FHS", "BHS", "BTS", "FTS"];

/// A line that begins with the letters of a header or trailer, in lower case or behind white space.
fn is_loose_header(line: &str) -> bool {
    let name = line.trim_start_matches(says_nothing).get(..3).unwrap_or_default();
    ENVELOPE.iter().any(|header| name.eq_ignore_ascii_case(header))
        && !line.starts_with(&name.to_ascii_uppercase())
}

/// A line that begins with the letters of a header or trailer, and has no separator behind them.
fn is_header_by_letters(line: &str) -> bool {
    let named = ENVELOPE.iter().find_map(|name| line.strip_prefix(name));
    let next = named.and_then(|rest| rest.chars().next());
    next.is_some_and(|next| !next.is_ascii_punctuation() && !next.is_ascii_alphanumeric())
}

fn outcome(text: &str, peer: Peer, mine: Option<&Message<'_>>) -> Option<Class> {
    let Some(message) = mine else { return our_refusal(text) };
    let header = message.segments().next().map(|first| first.raw()).unwrap_or_default();
    let reports = |kind| message.diagnostics().iter().any(|found| found.kind() == kind);
    let found = text.starts_with("MSH") || (peer == Peer::Hl72 && header_is_found(text));
    if !found {
        return Some(Class::RefusesWhatStandsBefore);
    }
    match peer {
        Peer::Hl72
            if reports(DiagnosticKind::RepeatedDelimiter) || reports(DiagnosticKind::InvalidDelimiter) =>
        {
            Some(Class::RefusesDelimiters)
        }
        // Its default for a delimiter that is left out can be the field separator, or one that is declared.
        Peer::Hl72
            if reports(DiagnosticKind::FewerDelimiters) || reports(DiagnosticKind::MissingDelimiters) =>
        {
            Some(Class::RefusesDelimiters)
        }
        Peer::Hl72 => None,
        Peer::Mllp if message.segments().any(|segment| starts_with_separator(message, segment.raw())) => {
            Some(Class::RefusesUnnamedSegment)
        }
        Peer::Mllp => (header.chars().count() < 8).then_some(Class::RefusesShortHeader),
        Peer::Hl7Parser => {
            let five = text.get(3..8).is_none_or(|five| !five.is_ascii());
            five.then_some(Class::RefusesShortHeader)
        }
    }
}

/// Whether a line that is not empty says nothing to us.
fn is_blank(line: &str) -> bool {
    !line.is_empty() && line.chars().all(says_nothing)
}

fn says_nothing(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, '\0' | '\u{1A}')
}

fn starts_with_separator(message: &Message<'_>, line: &str) -> bool {
    line.starts_with(message.delimiters().field())
}

/// Whether `hl7-2` finds the header: it removes white space and a byte-order mark.
fn header_is_found(text: &str) -> bool {
    let body = text.trim_start_matches('\u{feff}');
    body.split(['\r', '\n'])
        .map(str::trim)
        .find(|line| !line.is_empty())
        .is_some_and(|line| line.starts_with("MSH"))
}

fn our_refusal(text: &str) -> Option<Class> {
    match Message::parse(text.as_bytes(), &ParseOptions::default()) {
        Err(ParseError::FieldSeparator { .. }) => Some(Class::FieldSeparator),
        Err(ParseError::Batch) => Some(Class::Batch),
        // The other one begins behind characters that we do not skip, such as a no-break space.
        Err(ParseError::NoHeader { .. } | ParseError::WideCharacters | ParseError::Empty) => {
            header_is_found(text).then_some(Class::SkipsToHeader)
        }
        _ => None,
    }
}

/// What the reasons depend on.
struct Comparison<'t> {
    peer: Peer,
    /// The lines that we keep as segments.
    lines: Vec<&'t str>,
    /// All lines of the text, where CR LF ends one.
    all_lines: Vec<&'t str>,
    separator: char,
    escape: Option<char>,
    odd_delimiters: bool,
    extra_characters: bool,
}

impl<'t> Comparison<'t> {
    fn new(text: &'t str, peer: Peer, message: &Message<'_>) -> Self {
        let odd = |kind| {
            matches!(
                kind,
                DiagnosticKind::FewerDelimiters
                    | DiagnosticKind::MissingDelimiters
                    | DiagnosticKind::RepeatedDelimiter
                    | DiagnosticKind::InvalidDelimiter
            )
        };
        let header = message.segments().next().and_then(|first| first.field(2));
        Self {
            peer,
            lines: message.segments().filter_map(|segment| text.get(segment.span())).collect(),
            all_lines: lines(text),
            separator: message.delimiters().field(),
            escape: message.delimiters().escape(),
            odd_delimiters: message.diagnostics().iter().any(|found| odd(found.kind())),
            extra_characters: header.is_some_and(|field| field.raw().chars().count() != 4),
        }
    }

    fn run(&self, ours: &Reading, theirs: &Reading) -> Vec<Difference> {
        let mut found = vec![];
        // A line that only one of them takes for a segment moves all that follow: the first such place is enough.
        let aligned = self.aligned(ours, theirs);
        if aligned < ours.segments.len().max(theirs.segments.len()) {
            let class = self.segments(aligned, theirs);
            found.push(Difference { what: What::Segments(aligned + 1), class });
        }
        let pairs = (1..).zip(ours.segments.iter().zip(&theirs.segments)).take(aligned);
        for (number, (ours, theirs)) in pairs {
            self.segment(number, ours, theirs, &mut found);
        }
        // It takes five characters for delimiters, line ends included, and reads nothing right after that.
        if self.peer == Peer::Hl7Parser && self.line(1).len() < 8 {
            found.iter_mut().for_each(|found| found.class = Some(Class::OddDelimiters));
        }
        found
    }

    /// How many segments the two have in common before one has a line that the other leaves out.
    fn aligned(&self, ours: &Reading, theirs: &Reading) -> usize {
        let both = ours.segments.len().min(theirs.segments.len());
        let same_line = |(theirs, line): &(&SegmentReading, &&str)| {
            let empty = |text: &str| text.chars().all(|c| c.is_whitespace() || says_nothing(c));
            let blank = !theirs.name.is_empty() && empty(&theirs.name) && theirs.raw.is_empty();
            blank == empty(line)
        };
        theirs.segments.iter().zip(&self.lines).take(both).take_while(same_line).count()
    }

    fn segments(&self, aligned: usize, theirs: &Reading) -> Option<Class> {
        if theirs.segments.len() > aligned && self.all_lines.iter().any(|line| line.contains('\u{1C}')) {
            return Some(Class::KeepsFrameCharacter);
        }
        match self.peer {
            Peer::Hl7Parser => self.stop(theirs.segments.len()),
            Peer::Mllp => self.all_lines.iter().any(|line| is_blank(line)).then_some(Class::KeepsBlankLine),
            // It knows white space of any kind, of which that beyond ASCII is text to us; NUL is text to it.
            Peer::Hl72 if self.lines.iter().any(|line| line.trim() != *line) => Some(Class::TrimsLines),
            Peer::Hl72 => {
                let kept = |line: &&str| is_blank(line) && !line.trim().is_empty();
                self.all_lines.iter().any(kept).then_some(Class::KeepsBlankLine)
            }
        }
    }

    /// The line that `hl7-parser` stops at must be the first that it cannot read, not any later one.
    fn stop(&self, kept: usize) -> Option<Class> {
        // It wants three bytes of letters or digits, takes three characters, and wants a separator behind them.
        let run = |line: &str| line.find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len());
        let rest = |line: &str| {
            line.char_indices().nth(3).and_then(|(at, _)| line.get(at..)).unwrap_or_default().to_owned()
        };
        let wanted = |line: &&str| run(line) >= 3 && rest(line).starts_with(self.separator);
        let body = self.all_lines.get(1..).unwrap_or_default();
        let readable = body.iter().take_while(|line| wanted(line)).count();
        let next = body.get(readable).filter(|_| readable + 1 == kept)?;
        if next.trim().is_empty() {
            return Some(Class::StopsAtBlankLine);
        }
        let bare = run(next) == next.len() && next.chars().count() == 3;
        Some(if bare { Class::StopsAtSegmentWithoutFields } else { Class::StopsAtSegmentId })
    }

    fn segment(
        &self,
        number: usize,
        ours: &SegmentReading,
        theirs: &SegmentReading,
        found: &mut Vec<Difference>,
    ) {
        if ours.name != theirs.name {
            let class = self.name(number, ours, theirs);
            found.push(Difference { what: What::Name(number), class });
        }
        for place in differing(&ours.raw, &theirs.raw) {
            let class = self.raw(number, place, ours, theirs);
            found.push(Difference { what: What::Raw(number, place), class });
        }
        self.texts(number, ours, theirs, found);
    }

    fn texts(
        &self,
        number: usize,
        ours: &SegmentReading,
        theirs: &SegmentReading,
        found: &mut Vec<Difference>,
    ) {
        for (place, text) in &theirs.text {
            let raw = ours.raw.get(place).filter(|raw| theirs.raw.get(place) == Some(raw));
            let (Some(raw), Some(mine)) = (raw, ours.text.get(place)) else { continue };
            if mine != text {
                let class = self.text(raw, text);
                found.push(Difference { what: What::Text(number, *place), class });
            }
        }
    }

    fn line(&self, number: usize) -> &'t str {
        self.lines.get(number.saturating_sub(1)).copied().unwrap_or_default()
    }

    fn name(&self, number: usize, ours: &SegmentReading, theirs: &SegmentReading) -> Option<Class> {
        let line = self.line(number);
        if line.contains('\u{1C}') || theirs.name.contains('\u{1C}') {
            return Some(Class::KeepsFrameCharacter);
        }
        if self.peer == Peer::Hl72 && line.trim() != line {
            return Some(Class::TrimsLines);
        }
        ours.name.is_empty().then_some(Class::NamesAnyLine)
    }

    fn raw(
        &self,
        number: usize,
        place: Place,
        ours: &SegmentReading,
        theirs: &SegmentReading,
    ) -> Option<Class> {
        let line = self.line(number);
        let [field, ..] = place;
        let header = matches!(line.get(..3), Some("MSH" | "FHS" | "BHS"));
        if self.odd_delimiters {
            return Some(Class::OddDelimiters);
        }
        if header && field == 2 && self.peer == Peer::Mllp {
            return Some(Class::SplitsEncodingCharacters);
        }
        if number == 1 && self.peer == Peer::Hl7Parser && self.extra_characters {
            return Some(Class::MovesHeader);
        }
        if header && number > 1 {
            return Some(Class::SecondHeader);
        }
        if theirs.raw.get(&place).is_some_and(|raw| raw.contains('\u{1C}')) {
            return Some(Class::KeepsFrameCharacter);
        }
        if self.peer == Peer::Hl72 && line.trim() != line {
            return Some(Class::TrimsLines);
        }
        // Where the name is not where we look for one, the fields begin elsewhere.
        ours.name.is_empty().then_some(Class::NamesAnyLine)
    }

    fn text(&self, raw: &str, theirs: &Text) -> Option<Class> {
        if self.odd_delimiters {
            return Some(Class::OddDelimiters);
        }
        let sequences = Sequences::of(raw, self.escape?);
        if *theirs == Text::Panics {
            return sequences.beside_non_ascii.then_some(Class::CountsCharacters);
        }
        match self.peer {
            Peer::Hl72 if raw == "\"\"" => Some(Class::NullIsEmpty),
            Peer::Hl7Parser if sequences.beside_non_ascii => Some(Class::CountsCharacters),
            Peer::Hl7Parser if sequences.unclosed || sequences.verbatim => Some(Class::DropsEscapes),
            Peer::Hl7Parser if sequences.hex_text || sequences.hex_bytes => Some(Class::DropsEscapes),
            Peer::Hl72 if sequences.hex_bytes => Some(Class::HexReplaced),
            Peer::Mllp if sequences.hex_text || sequences.hex_bytes => Some(Class::HexKept),
            _ if sequences.truncation => Some(Class::TruncationKept),
            _ if sequences.layout => Some(Class::Layout),
            _ if sequences.verbatim => Some(Class::CharsetSwitch),
            _ if sequences.unknown => Some(Class::UnknownSequence),
            _ => None,
        }
    }
}

/// The places where one holds something else than the other.
fn differing(ours: &BTreeMap<Place, String>, theirs: &BTreeMap<Place, String>) -> Vec<Place> {
    let changed = ours.iter().filter(|(place, raw)| theirs.get(*place) != Some(raw));
    let added = theirs.keys().filter(|place| !ours.contains_key(*place));
    changed.map(|(place, _)| *place).chain(added.copied()).collect()
}

/// The lines of a text from the header on; CR LF ends one line, not two.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = vec![];
    let mut rest = text;
    while let Some((at, end)) = rest.char_indices().find(|(_, c)| matches!(c, '\r' | '\n')) {
        let (line, after) = rest.split_at(at);
        lines.push(line);
        let after = after.strip_prefix(end).unwrap_or(after);
        rest = if end == '\r' { after.strip_prefix('\n').unwrap_or(after) } else { after };
    }
    lines.push(rest);
    lines
}
