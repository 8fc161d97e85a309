//! Free text: withheld, or handed to a scrubber.

mod address;
mod age;
mod date;
mod number;
mod plain;
#[cfg(test)]
mod tests;

use std::fmt;

/// Takes what names people out of a text, as well as it can.
///
/// A policy withholds free text unless one is configured. No scrubber is a guarantee: what it does not know stays.
/// `scrub` must answer the same for the same text and must not keep the text; `id` names it and its version in the manifest.
pub trait TextScrubber: Send + Sync + fmt::Debug {
    /// Name and version, for the manifest.
    fn id(&self) -> &str;

    /// The text without what was found; `None` to withhold it as a whole.
    fn scrub(&self, text: &str) -> Option<String>;
}

/// Replaces what has a shape of its own: addresses on the net, telephone numbers, dates, ages over 89, identifiers that
/// countries give out, long runs of digits.
///
/// It knows no names and no places, and leaves them: it is no de-identification of notes, only a second line behind
/// something that finds names. Numbers are rather taken out too often than too rarely; years, measurements and codes of
/// fewer than five digits stay. A text with digits of a script that it does not read is withheld, and so is one
/// that still changes after a few passes: what comes out would come out again unchanged. The time that it takes
/// grows with the length of the text and with nothing else.
///
/// ```
/// use carewire_deid::transform::{StructuredScrubber, TextScrubber};
/// let scrubber = StructuredScrubber::default();
/// let note = "93-year-old seen 03/05/2024, Hb 13.2 g/dL. Call (617) 555-0100 or mail j.doe@example.org; SSN 536-90-4399.";
/// assert_eq!(
///     scrubber.scrub(note).as_deref(),
///     Some("90+-year-old seen [DATE], Hb 13.2 g/dL. Call [PHONE] or mail [EMAIL]; SSN [ID].")
/// );
/// ```
#[derive(Clone, Copy, Default)]
pub struct StructuredScrubber {
    _private: (),
}

impl TextScrubber for StructuredScrubber {
    fn id(&self) -> &'static str {
        "structured-1"
    }

    fn scrub(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        // What was taken out may leave a new beginning beside it. Where a few passes do not settle that, nothing stays.
        for _ in 0..PASSES {
            let once = pass(&plain::plain(&text)?);
            if once == text {
                return Some(text);
            }
            text = once;
        }
        None
    }
}

/// How often a text is looked through, at most.
const PASSES: usize = 6;

fn pass(text: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut before = ' ';
    while let Some(first) = text.get(at).copied() {
        let rest = text.get(at..).unwrap_or_default();
        let found = (!is_word(before)).then(|| find(rest, &out)).flatten();
        let (replacement, length) = found.unwrap_or((None, 1));
        match replacement {
            Some(replacement) => out.push_str(replacement),
            None => out.extend(rest.iter().take(length)),
        }
        before = rest.get(length.saturating_sub(1)).copied().unwrap_or(first);
        at += length;
    }
    out
}

impl fmt::Debug for StructuredScrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StructuredScrubber")
    }
}

/// What stands at the beginning of a text: what takes its place (`None` leaves it as it is), and how long it is. Each looks
/// at a bounded number of characters beyond what it takes.
fn find(rest: &[char], before: &str) -> Option<(Option<&'static str>, usize)> {
    type Matcher = fn(&[char]) -> Option<usize>;
    const MATCHERS: [(&str, Matcher); 8] = [
        ("[URL]", address::url),
        ("[EMAIL]", address::email),
        ("[IP]", address::ip),
        ("[DATE]", date::date),
        ("[ID]", number::identifier),
        ("[PHONE]", number::phone),
        ("[NUMBER]", number::long_number),
        ("[ID]", number::mixed),
    ];
    if let Some(found) = age::age(rest, before) {
        return Some(found);
    }
    MATCHERS.iter().find_map(|(replacement, matcher)| Some((Some(*replacement), matcher(rest)?)))
}

fn is_word(one: char) -> bool {
    one.is_alphanumeric() || one == '_'
}

/// How many characters from the beginning on are of a kind, at most `limit`.
fn run(text: &[char], limit: usize, is: impl Fn(char) -> bool) -> usize {
    text.iter().take(limit).take_while(|one| is(**one)).count()
}

/// Whether a token may end here: at the end, or before what belongs to no word.
fn ends(text: &[char], at: usize) -> bool {
    text.get(at).is_none_or(|next| !is_word(*next))
}
