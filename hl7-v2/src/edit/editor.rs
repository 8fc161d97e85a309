//! Several edits of one message.

use std::fmt;

use super::line::{Change, Line};
use super::lines::Lines;
use super::new_segment::named;
use super::rebuild::rebuild;
use super::{EditError, EditOptions, NewSegment};
use crate::batch::is_envelope;
use crate::build::BuildError;
use crate::path::Target;
use crate::{Index, Location, Message, Path, PathError, SegmentId};

/// Changes a message. Made by [`Message::edit`]. Each edit sees what those before it did.
///
/// Everywhere a path is taken, a [`Location`] will do. With `*`, an edit is made in every segment or repetition
/// that is there, and makes none.
pub struct Editor<'m> {
    pub(super) message: Base<'m>,
    pub(super) options: EditOptions,
    pub(super) lines: Lines,
    pub(super) is_changed: bool,
    /// Whether segments came or went, or the header was changed.
    pub(super) is_moved: bool,
    #[cfg(feature = "dictionary")]
    pub(super) dictionary: Option<&'m crate::dictionary::Dictionary>,
    /// The groups, while no segment comes or goes.
    #[cfg(feature = "dictionary")]
    pub(super) outline: Option<crate::path::Outline<'m>>,
}

/// The message that the edits are made to.
pub(super) enum Base<'m> {
    Given(&'m Message<'m>),
    Edited(Box<Message<'static>>),
}

impl Base<'_> {
    pub(super) fn get(&self) -> &Message<'_> {
        match self {
            Self::Given(message) => message,
            Self::Edited(message) => message,
        }
    }
}

impl<'m> Editor<'m> {
    pub(super) fn new(message: &'m Message<'_>, options: EditOptions) -> Self {
        Self {
            lines: Lines::of(message),
            message: Base::Given(message),
            options,
            is_changed: false,
            is_moved: false,
            #[cfg(feature = "dictionary")]
            dictionary: None,
            #[cfg(feature = "dictionary")]
            outline: None,
        }
    }

    /// The changed message; `None` when nothing was changed.
    pub(super) fn finish(mut self) -> Result<Option<Message<'static>>, EditError> {
        self.apply()?;
        match self.message {
            Base::Given(_) => Ok(None),
            Base::Edited(message) => Ok(Some(*message)),
        }
    }

    /// Makes the message anew from the edits so far.
    pub(super) fn apply(&mut self) -> Result<(), EditError> {
        if !self.is_changed {
            return Ok(());
        }
        let edited = rebuild(self.message.get(), &self.lines)?;
        self.lines = Lines::of(&edited);
        self.message = Base::Edited(Box::new(edited));
        (self.is_changed, self.is_moved) = (false, false);
        #[cfg(feature = "dictionary")]
        {
            self.outline = None;
        }
        Ok(())
    }

    /// The text at a place as it is now; `None` when it is absent or empty.
    ///
    /// # Errors
    /// When the path cannot be read, or names no field or several places.
    pub fn get<P>(&mut self, path: P) -> Result<Option<String>, EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        let path = path.try_into()?;
        path.field().ok_or(PathError::NoField)?;
        let Some(place) = self.place(&path)? else { return Ok(None) };
        let Some(slot) = self.slot_of(place) else { return Ok(None) };
        let Some(text) = self.text_now(slot) else { return Ok(None) };
        if self.is_header(slot) && place.field().is_some_and(|field| field <= 2) {
            return Ok(self.message.get().at(&place).map(std::borrow::Cow::into_owned));
        }
        let mut text = text.to_owned();
        Ok(self.line(slot, &mut text).get(place))
    }

    /// Makes a place read as this text: one value, in which delimiters are escaped. Nothing is changed where it
    /// reads so already. Fields, components and the next repetition or segment are made if they are not there: a
    /// segment behind the last of its name, or at the end. Text over a place with parts replaces all of them; an
    /// empty text clears. A field without a repetition is its first one.
    ///
    /// # Errors
    /// When the path cannot be followed, the place is beyond the next repetition or segment, or the text cannot
    /// be written there: see [`EditError`].
    pub fn set<P>(&mut self, path: P, text: &str) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.change(&path.try_into()?, Change::Text(text))
    }

    /// Writes notation to a place as it stands: separators of the levels below it, escape sequences and all. A
    /// field without a repetition is all of it; a segment is replaced by one of the same name.
    ///
    /// # Errors
    /// As [`Editor::set`], and when the notation would not stay in its place.
    pub fn set_raw<P>(&mut self, path: P, raw: &str) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.change(&path.try_into()?, Change::Raw(raw))
    }

    /// Writes the explicit null `""`, which has the receiver delete what it knows. A field without a repetition is
    /// all of it.
    ///
    /// # Errors
    /// As [`Editor::set`].
    pub fn set_null<P>(&mut self, path: P) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.change(&path.try_into()?, Change::Null)
    }

    /// Empties a place; everything else stays where it is. What is not there is no error. A field without a
    /// repetition is all of it.
    ///
    /// # Errors
    /// When the path cannot be followed or names a segment, or the place cannot be changed: see [`EditError`].
    pub fn clear<P>(&mut self, path: P) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.change(&path.try_into()?, Change::Clear)
    }

    /// Removes a segment with its line end, or a repetition, whose followers move up; empties a field without a
    /// repetition, a component or a subcomponent, whose followers have their number. What is not there is no
    /// error.
    ///
    /// # Errors
    /// When the path cannot be followed, or the place cannot be changed: see [`EditError`].
    pub fn remove<P>(&mut self, path: P) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.change(&path.try_into()?, Change::Remove)
    }

    /// Adds a repetition behind those of a field, with this text in the field or the component that the path
    /// names, and gives its place.
    ///
    /// # Errors
    /// As [`Editor::set`]; also when the path names a repetition already.
    pub fn add_repetition<P>(&mut self, path: P, text: &str) -> Result<Location, EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        let path = path.try_into()?;
        path.field().ok_or(PathError::NoField)?;
        let place = self.place(&path)?.ok_or(EditError::Absent)?;
        if place.repetition().is_some() {
            return Err(PathError::Repetition.into());
        }
        let before = self.slot_of(place).and_then(|slot| {
            let mut text = self.text_now(slot)?.to_owned();
            Some(self.line(slot, &mut text).repetitions(place))
        });
        let added = place.at_repetition(before.unwrap_or(0) + 1);
        self.change(&added.into(), Change::Text(text))?;
        Ok(added)
    }

    /// Adds a segment directly before another.
    ///
    /// # Errors
    /// When the other is not there or is the message header, or the segment cannot be written or is a header.
    pub fn insert_before<P>(&mut self, path: P, segment: impl Into<NewSegment>) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        let location = self.place(&path.try_into()?)?.ok_or(EditError::Absent)?;
        let slot = self.slot_of(location).ok_or(EditError::NoSegment { location })?;
        if self.is_first(slot) {
            return Err(EditError::Header { location });
        }
        let (id, text) = segment.into().write(self.message.get().syntax())?;
        self.insert(slot, false, id, text);
        Ok(())
    }

    /// Adds a segment directly behind another.
    ///
    /// # Errors
    /// When the other is not there, or the segment cannot be written or is a header.
    pub fn insert_after<P>(&mut self, path: P, segment: impl Into<NewSegment>) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        let location = self.place(&path.try_into()?)?.ok_or(EditError::Absent)?;
        let slot = self.slot_of(location).ok_or(EditError::NoSegment { location })?;
        let (id, text) = segment.into().write(self.message.get().syntax())?;
        self.insert(slot, true, id, text);
        Ok(())
    }

    /// Adds a segment behind the last.
    ///
    /// # Errors
    /// When the segment cannot be written or is a header.
    pub fn append(&mut self, segment: impl Into<NewSegment>) -> Result<(), EditError> {
        let last = self.lines.last().unwrap_or_default();
        let (id, text) = segment.into().write(self.message.get().syntax())?;
        self.insert(last, true, id, text);
        Ok(())
    }

    fn change(&mut self, path: &Path, change: Change<'_>) -> Result<(), EditError> {
        #[cfg(feature = "dictionary")]
        if !path.groups().is_empty() {
            return self.change_in_groups(path, change);
        }
        let target = path.flat()?;
        if target.field.is_none() {
            let places = self.places(target, Change::Remove)?;
            if places.is_empty() && change.creates() && matches!(change, Change::Raw(_)) {
                return Err(EditError::NoSegment { location: target.at(1, None) });
            }
            return self.change_segments(&places, Some(target.segment), change);
        }
        let places = self.places(target, change)?;
        self.change_places(places, target.segment, target.repetition, change)
    }

    /// Changes a field or a part of it in some segments; one without a slot is made.
    pub(super) fn change_places(
        &mut self,
        places: Vec<(Option<usize>, Location)>,
        segment: SegmentId,
        repetition: Option<Index>,
        change: Change<'_>,
    ) -> Result<(), EditError> {
        let mut changed = Vec::with_capacity(places.len());
        for (slot, place) in places {
            if slot.is_none() && is_envelope(segment) {
                return Err(BuildError::Envelope { position: 1 }.into());
            }
            let is_header = slot.map_or(segment.upper_case().is_header(), |slot| self.is_header(slot));
            if is_header && (slot.is_none() || place.field().is_some_and(|field| field <= 2)) {
                return Err(EditError::Header { location: place });
            }
            let mut text = match slot {
                Some(slot) => self.text_to_change(slot, place)?,
                None => segment.upper_case().as_str().to_owned(),
            };
            let syntax = self.message.get().syntax();
            let mut line = Line { text: &mut text, syntax, is_header, trailing: self.options.trailing };
            line.change(place, repetition, change)?;
            changed.push((slot, place, text));
        }
        for (slot, place, text) in changed {
            match slot {
                Some(slot) => self.replace(slot, place, text),
                None => self.add_next(segment, text),
            }
        }
        Ok(())
    }

    /// Removes or replaces some segments, all or none.
    pub(super) fn change_segments(
        &mut self,
        places: &[(Option<usize>, Location)],
        segment: Option<SegmentId>,
        change: Change<'_>,
    ) -> Result<(), EditError> {
        let slots = || places.iter().filter_map(|(slot, place)| Some(((*slot)?, *place)));
        if let Some((_, location)) = slots().find(|(slot, _)| self.is_first(*slot)) {
            return Err(EditError::Header { location });
        }
        match change {
            Change::Remove => {
                for (slot, _) in slots() {
                    self.lines.remove(slot);
                    (self.is_changed, self.is_moved) = (true, true);
                }
                Ok(())
            }
            Change::Raw(raw) => {
                for (slot, location) in slots() {
                    let id = named(raw, self.message.get().syntax());
                    let same = id.is_some_and(|id| segment.is_some_and(|segment| id.matches(segment)));
                    if !same || self.is_header(slot) {
                        return Err(EditError::Raw { location });
                    }
                    if self.message.get().syntax().encode(raw).is_none() {
                        return Err(EditError::Charset { location });
                    }
                    self.text_to_change(slot, location)?;
                }
                slots().for_each(|(slot, place)| self.replace(slot, place, raw.to_owned()));
                Ok(())
            }
            _ => Err(PathError::NoField.into()),
        }
    }

    /// The one place that a path names; `None` when it leads through groups to a segment that is not there.
    fn place(&mut self, path: &Path) -> Result<Option<Location>, EditError> {
        #[cfg(feature = "dictionary")]
        if !path.groups().is_empty() {
            return self.place_in_groups(path);
        }
        Ok(Some(path.place()?))
    }

    /// The segments that a path names, each with the place in it. One to be made has no slot.
    fn places(
        &self,
        target: Target,
        change: Change<'_>,
    ) -> Result<Vec<(Option<usize>, Location)>, EditError> {
        let repetition = target.repetition.and_then(Index::number);
        let place = |number: usize| target.at(number, repetition);
        let number = match target.occurrence {
            Index::Every => {
                let slots = self.lines.named(target.segment).zip(1..);
                return Ok(slots.map(|(slot, number)| (Some(slot), place(number))).collect());
            }
            Index::Nth(number) => number,
        };
        let slot = self.lines.nth(target.segment, number);
        if slot.is_none() && !change.creates() {
            return Ok(Vec::new());
        }
        if slot.is_none() {
            let next = self.lines.count(target.segment) + 1;
            if number != next {
                return Err(EditError::BeyondNext { location: place(number), next });
            }
        }
        Ok(vec![(slot, place(number))])
    }

    /// The text of a segment that is to be changed, which must be writable again.
    fn text_to_change(&self, slot: usize, location: Location) -> Result<String, EditError> {
        let message = self.message.get();
        let slot = self.lines.slot(slot);
        if let Some(text) = slot.and_then(|slot| slot.text.as_ref()) {
            return Ok(text.clone());
        }
        let segment = slot.and_then(|slot| message.segment_at(slot.source?));
        let segment = segment.ok_or(EditError::NoSegment { location })?;
        let bytes = message.to_bytes().get(segment.span()).unwrap_or_default();
        let text = segment.raw();
        let readable =
            bytes == text.as_bytes() || message.syntax().decode(bytes).is_some_and(|decoded| decoded == text);
        let writable = text.is_ascii() || message.syntax().encode(text).is_some();
        if readable && writable { Ok(text.to_owned()) } else { Err(EditError::Undecodable { location }) }
    }

    fn text_now(&self, slot: usize) -> Option<&str> {
        let slot = self.lines.slot(slot)?;
        match &slot.text {
            Some(text) => Some(text),
            None => Some(self.message.get().segment_at(slot.source?)?.raw()),
        }
    }

    fn line<'l>(&self, slot: usize, text: &'l mut String) -> Line<'l> {
        let syntax = self.message.get().syntax();
        Line { text, syntax, is_header: self.is_header(slot), trailing: self.options.trailing }
    }

    /// Keeps the new text of a segment, if it is another.
    pub(super) fn replace(&mut self, slot: usize, place: Location, text: String) {
        if self.text_now(slot) == Some(&text) {
            return;
        }
        if let Some(slot) = self.lines.slot_mut(slot) {
            let is_first = slot.source == Some(0);
            (slot.text, slot.occurrence) = (Some(text), place.occurrence());
            self.is_changed = true;
            self.is_moved |= is_first;
        }
    }

    fn add_next(&mut self, id: SegmentId, text: String) {
        let last = self.lines.last_named(id).or_else(|| self.lines.last());
        self.insert(last.unwrap_or_default(), true, id, text);
    }

    pub(super) fn insert(&mut self, beside: usize, behind: bool, id: SegmentId, text: String) {
        self.lines.insert(beside, behind, id, text);
        (self.is_changed, self.is_moved) = (true, true);
    }

    fn slot_of(&self, place: Location) -> Option<usize> {
        self.lines.nth(place.segment(), place.occurrence())
    }

    fn is_header(&self, slot: usize) -> bool {
        self.lines.slot(slot).and_then(|slot| slot.id).is_some_and(SegmentId::is_header)
    }

    /// Whether it is the header of the message.
    fn is_first(&self, slot: usize) -> bool {
        self.lines.slot(slot).is_some_and(|slot| slot.source == Some(0))
    }
}

impl fmt::Debug for Editor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Editor").field("changed", &self.is_changed).finish_non_exhaustive()
    }
}
