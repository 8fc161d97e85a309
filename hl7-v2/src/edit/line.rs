//! Changes inside the text of one segment.

use std::ops::Range;

use super::{EditError, Trailing};
use crate::build::text::{self, Unwritable};
use crate::escape::{Syntax, unescape};
use crate::path::Split;
use crate::{Index, Location};

/// Separators are added for at most this many fields, components or subcomponents.
const MOST_PARTS: usize = 1_000;

/// What is to become of a place.
#[derive(Clone, Copy)]
pub(super) enum Change<'v> {
    /// It is to read as this text.
    Text(&'v str),
    /// It is to be written like this.
    Raw(&'v str),
    /// It is to be the explicit null.
    Null,
    /// It is to be empty.
    Clear,
    /// It is to be empty; of a repetition, the next ones move up.
    Remove,
}

impl Change<'_> {
    /// Whether it needs the place to be there.
    pub(super) fn creates(self) -> bool {
        match self {
            Self::Text(text) | Self::Raw(text) => !text.is_empty(),
            Self::Null => true,
            Self::Clear | Self::Remove => false,
        }
    }
}

/// A segment that is being changed.
pub(super) struct Line<'l> {
    pub(super) text: &'l mut String,
    pub(super) syntax: Syntax,
    pub(super) is_header: bool,
    pub(super) trailing: Trailing,
}

impl Line<'_> {
    /// Changes one place, or, with every repetition, that place in each of them.
    pub(super) fn change(
        &mut self,
        place: Location,
        repetition: Option<Index>,
        change: Change<'_>,
    ) -> Result<(), EditError> {
        let value = Value::new(change, self.syntax, place)?;
        match repetition {
            Some(Index::Every) => self.change_every(place, &value)?,
            Some(Index::Nth(_)) | None => {
                let whole_field = repetition.is_none() && place.component().is_none();
                let single = whole_field && matches!(change, Change::Text(_));
                let steps =
                    self.steps(place, if single { Some(1) } else { repetition.and_then(Index::number) });
                if matches!(change, Change::Remove) && place.component().is_none() && !whole_field {
                    self.remove_repetition(&steps, place)?;
                } else {
                    value.put(self.text, &steps, place)?;
                }
            }
        }
        if self.trailing == Trailing::Trim {
            self.trim(place, repetition)?;
        }
        Ok(())
    }

    /// The text of a place; `None` when it is absent or empty.
    pub(super) fn get(&self, place: Location) -> Option<String> {
        let steps = self.steps(place, Some(place.repetition().unwrap_or(1)));
        let spot = Spot::find(self.text, &steps, place).ok()?;
        let raw = self.text.get(spot.range).filter(|raw| spot.missing.is_empty() && !raw.is_empty())?;
        Some(unescape(raw, &self.syntax.delimiters, self.syntax.charset).into_owned())
    }

    /// How many repetitions a field has.
    pub(super) fn repetitions(&self, place: Location) -> usize {
        let steps = self.steps(place, None);
        let spot = Spot::find(self.text, steps.get(..1).unwrap_or_default(), place);
        let field = spot.ok().and_then(|spot| self.text.get(spot.range)).unwrap_or_default();
        Split::new(field, self.syntax.delimiters.repetition).count()
    }

    /// The way from the segment to the place. Without a repetition and a component it ends at the field.
    fn steps(&self, place: Location, repetition: Option<usize>) -> Vec<Step> {
        let delimiters = self.syntax.delimiters;
        let field = place.field().unwrap_or(1);
        let mut steps = vec![Step {
            kind: Kind::Field,
            delimiter: delimiters.field,
            skip: if self.is_header { field.saturating_sub(1) } else { field },
        }];
        let repetition = repetition.or(place.component().map(|_| 1));
        let below = [
            (Kind::Repetition, delimiters.repetition, repetition),
            (Kind::Part, delimiters.component, place.component()),
            (Kind::Part, delimiters.subcomponent, place.subcomponent()),
        ];
        steps.extend(below.into_iter().map_while(|(kind, delimiter, number)| {
            Some(Step { kind, delimiter, skip: number?.saturating_sub(1) })
        }));
        steps
    }

    fn change_every(&mut self, place: Location, value: &Value<'_>) -> Result<(), EditError> {
        let steps = self.steps(place, Some(1));
        let (to_field, below) = (steps.get(..1).unwrap_or_default(), steps.get(2..).unwrap_or_default());
        let spot = Spot::find(self.text, to_field, place)?;
        let field = self.text.get(spot.range.clone()).unwrap_or_default();
        if !spot.missing.is_empty() || field.is_empty() {
            return Ok(());
        }
        if below.is_empty() && matches!(value.change, Change::Remove) {
            self.text.replace_range(spot.range, "");
            return Ok(());
        }
        let mut changed = String::with_capacity(field.len());
        let mut part = String::new();
        for (number, repetition) in Split::new(field, self.syntax.delimiters.repetition).enumerate() {
            if number > 0 {
                changed.push(char::from(self.syntax.delimiters.repetition));
            }
            part.clear();
            part.push_str(repetition);
            value.put(&mut part, below, place.at_repetition(number + 1))?;
            changed.push_str(&part);
        }
        self.text.replace_range(spot.range, &changed);
        Ok(())
    }

    fn remove_repetition(&mut self, steps: &[Step], place: Location) -> Result<(), EditError> {
        let Some((_, to_field)) = steps.split_last() else { return Ok(()) };
        let field = Spot::find(self.text, to_field, place)?;
        let Ok(spot) = Spot::find(self.text, steps, place) else { return Ok(()) };
        if !spot.missing.is_empty() {
            return Ok(());
        }
        let Range { start, end } = spot.range;
        let range = if end < field.range.end {
            start..end + 1
        } else if start > field.range.start {
            start - 1..end
        } else {
            start..end
        };
        self.text.replace_range(range, "");
        Ok(())
    }

    /// Removes the separators that nothing follows, in each part that the place is in.
    fn trim(&mut self, place: Location, repetition: Option<Index>) -> Result<(), EditError> {
        let number = repetition.and_then(Index::number).or(place.component().map(|_| 1));
        let steps = self.steps(place, number);
        let every = repetition == Some(Index::Every);
        for depth in (0..steps.len()).rev().filter(|depth| !every || *depth < 2) {
            let (Some(around), Some(step)) = (steps.get(..depth), steps.get(depth)) else { continue };
            let Ok(spot) = Spot::find(self.text, around, place) else { continue };
            let whole = self.text.get(spot.range.clone()).unwrap_or_default();
            let kept = whole.trim_end_matches(char::from(step.delimiter)).len();
            let least = if depth == 0 && self.is_header { 4 } else { 0 };
            let cut = spot.range.start + kept.max(least).min(whole.len())..spot.range.end;
            if step.delimiter.is_ascii() {
                self.text.replace_range(cut, "");
            }
        }
        Ok(())
    }
}

/// The explicit null.
pub(super) const NULL: &str = "\"\"";

/// One step into a text: past so many delimiters.
#[derive(Clone, Copy)]
struct Step {
    kind: Kind,
    delimiter: u8,
    skip: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Field,
    Repetition,
    Part,
}

/// Where a place is in a text, and the separators that are missing before it.
struct Spot {
    range: Range<usize>,
    missing: String,
}

impl Spot {
    fn find(text: &str, steps: &[Step], place: Location) -> Result<Self, EditError> {
        let mut spot = Self { range: 0..text.len(), missing: String::new() };
        for step in steps {
            let inside = text.get(spot.range.clone()).unwrap_or_default();
            if step.skip > 0 && step.kind != Kind::Field && inside == NULL {
                return Err(EditError::PartOfNull { location: place });
            }
            let lacking = if spot.missing.is_empty() { spot.enter(inside, *step) } else { step.skip };
            if lacking == 0 {
                continue;
            }
            if !step.delimiter.is_ascii() {
                return Err(EditError::NoSeparator { location: place });
            }
            if step.kind == Kind::Repetition {
                let next = step.skip - lacking + 1 + usize::from(!inside.is_empty());
                if step.skip + 1 > next {
                    return Err(EditError::BeyondNext { location: place, next });
                }
            } else if step.skip > MOST_PARTS {
                return Err(EditError::Number { location: place });
            }
            spot.missing.extend(std::iter::repeat_n(char::from(step.delimiter), lacking));
        }
        Ok(spot)
    }

    /// Goes to the part that the step leads to, or to the end; gives how many delimiters are missing.
    fn enter(&mut self, inside: &str, step: Step) -> usize {
        let from = self.range.start;
        let mut start = 0;
        let mut ends = memchr::memchr_iter(step.delimiter, inside.as_bytes());
        for passed in 0..step.skip {
            match ends.next() {
                Some(at) => start = at + 1,
                None => {
                    self.range = self.range.end..self.range.end;
                    return step.skip - passed;
                }
            }
        }
        self.range = from + start..from + ends.next().unwrap_or(inside.len());
        0
    }
}

/// What is to be written at a place.
struct Value<'v> {
    change: Change<'v>,
    /// Why a text cannot be written matters only where it is not there already.
    raw: Result<String, EditError>,
    syntax: Syntax,
}

impl<'v> Value<'v> {
    fn new(change: Change<'v>, syntax: Syntax, place: Location) -> Result<Self, EditError> {
        let raw = match change {
            Change::Clear | Change::Remove => Ok(String::new()),
            Change::Text(text) => escaped(text, syntax, place),
            Change::Raw(raw) => {
                check_raw(raw, syntax, place)?;
                Ok(raw.to_owned())
            }
            Change::Null => Ok(NULL.to_owned()),
        };
        Ok(Self { change, raw, syntax })
    }

    fn put(&self, text: &mut String, steps: &[Step], place: Location) -> Result<(), EditError> {
        let spot = match Spot::find(text, steps, place) {
            // What cannot be made need not be emptied.
            Err(_) if !self.change.creates() => return Ok(()),
            found => found?,
        };
        if !spot.missing.is_empty() && !self.change.creates() {
            return Ok(());
        }
        if let Change::Text(wanted) = self.change {
            let now = text.get(spot.range.clone()).unwrap_or_default();
            let same = unescape(now, &self.syntax.delimiters, self.syntax.charset) == wanted;
            if same && spot.missing.is_empty() {
                return Ok(());
            }
        }
        let raw = self.raw.as_ref().map_err(EditError::clone)?;
        text.replace_range(spot.range.clone(), raw);
        text.insert_str(spot.range.start, &spot.missing);
        Ok(())
    }
}

/// The text as notation that reads back as that text.
pub(super) fn escaped(text: &str, syntax: Syntax, place: Location) -> Result<String, EditError> {
    let mut bytes = Vec::with_capacity(text.len());
    text::write(text, false, syntax, &mut bytes).map_err(|why| match why {
        Unwritable::Escape => EditError::NoEscapeCharacter { location: place },
        Unwritable::Charset => EditError::Charset { location: place },
    })?;
    let raw = syntax.decode(&bytes);
    let reads_back =
        |raw: &str| unescape(raw, &syntax.delimiters, syntax.charset) == text && stays(raw, syntax, 4);
    let raw = raw.filter(|raw| reads_back(raw)).ok_or(EditError::Charset { location: place })?;
    Ok(raw.into_owned())
}

fn check_raw(raw: &str, syntax: Syntax, place: Location) -> Result<(), EditError> {
    let depth = match (place.repetition(), place.component(), place.subcomponent()) {
        (.., Some(_)) => 4,
        (_, Some(_), None) => 3,
        (Some(_), None, None) => 2,
        (None, None, None) => 1,
    };
    if !stays(raw, syntax, depth) {
        return Err(EditError::Raw { location: place });
    }
    if syntax.encode(raw).is_none() {
        return Err(EditError::Charset { location: place });
    }
    Ok(())
}

/// Whether notation has none of the separators of the first `depth` levels and no control character but the tab.
pub(super) fn stays(raw: &str, syntax: Syntax, depth: usize) -> bool {
    let delimiters = syntax.delimiters;
    let outer = [delimiters.field, delimiters.repetition, delimiters.component, delimiters.subcomponent];
    let refused =
        |byte: u8| text::is_control(byte) || outer.iter().take(depth).any(|delimiter| *delimiter == byte);
    !raw.bytes().any(refused)
}
