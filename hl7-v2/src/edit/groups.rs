//! Edits by paths that lead through groups.

use super::editor::Editor;
use super::line::Change;
use super::{EditError, EditOptions, NewSegment};
use crate::dictionary::Dictionary;
use crate::path::{Outline, Target};
use crate::structure::TreeOptions;
use crate::{Index, Location, Message, Path, PathError};

impl Message<'_> {
    /// Makes several edits by paths that may lead through the groups which the dictionary has for this message,
    /// and reads the message again once. See [`Grouped`](crate::Grouped) for what such a path names.
    ///
    /// Groups are found once, and again behind each edit that adds or removes a segment or changes the header; an
    /// edit by a path through groups costs the whole message there, and else what it changes. Where many segments
    /// come and go, name them together with `*`, or by paths without groups.
    ///
    /// ```
    /// use carewire_hl7_v2::dictionary::{Dictionary, Version};
    /// use carewire_hl7_v2::edit::EditOptions;
    /// use carewire_hl7_v2::{Message, ParseOptions};
    ///
    /// let bytes = b"MSH|^~\\&|A|B|C|D|2024||ORU^R01^ORU_R01|7|P|2.5.1\rPID|1\rOBR|1\rOBX|1\rOBR|2\rOBX|1\r";
    /// let mut message = Message::parse(bytes, &ParseOptions::default())?;
    /// message.edit_in(Dictionary::of(Version::V2_5_1), EditOptions::default(), |edit| {
    ///     edit.set("PATIENT_RESULT.ORDER_OBSERVATION(2).OBX(1)-5.1", "7.1")?;
    ///     edit.insert_into("PATIENT_RESULT.ORDER_OBSERVATION(2)", "NTE|1||urgent")?;
    ///     edit.remove("PATIENT_RESULT.ORDER_OBSERVATION(1)")
    /// })?;
    /// let header = b"MSH|^~\\&|A|B|C|D|2024||ORU^R01^ORU_R01|7|P|2.5.1\r";
    /// assert_eq!(message.to_bytes(), [&header[..], b"PID|1\rOBR|2\rNTE|1||urgent\rOBX|1||||7.1\r"].concat());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of the edits; the message then stays as it was.
    pub fn edit_in<T>(
        &mut self,
        dictionary: &Dictionary,
        options: EditOptions,
        edits: impl FnOnce(&mut Editor<'_>) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        let mut editor = Editor::new(self, options);
        editor.dictionary = Some(dictionary);
        let value = edits(&mut editor)?;
        if let Some(changed) = editor.finish()? {
            *self = changed;
        }
        Ok(value)
    }
}

impl Editor<'_> {
    /// Adds a segment to a group, at the place that the structure has for it: behind the last of what the structure
    /// has up to there, and else first. The name of the structure, as in `ORU_R01`, is the top level.
    ///
    /// The next edit by a path through groups then reads the message and finds its groups again, which costs as much
    /// as the message is long. To add thousands of segments, find the places first and use
    /// [`Editor::insert_after`], which does not.
    ///
    /// # Errors
    /// When the path is not that of one group that is there, the structure does not have the segment in that group
    /// itself, or the segment cannot be written or is a header.
    pub fn insert_into<P>(&mut self, group: P, segment: impl Into<NewSegment>) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        let path: Path = group.try_into()?;
        if path.segment().is_some() {
            return Err(PathError::NotAGroup.into());
        }
        let (id, text) = segment.into().write(self.message.get().syntax())?;
        self.find_groups()?;
        let outline = self.outline.as_ref().ok_or(PathError::Group)?;
        let place = outline.place_for(self.message.get(), &path, id)?;
        let (beside, behind) = place.ok_or(EditError::Absent)?;
        self.insert(beside, behind, id, text);
        Ok(())
    }

    /// Changes what a path through groups names.
    pub(super) fn change_in_groups(&mut self, path: &Path, change: Change<'_>) -> Result<(), EditError> {
        let found = self.found_in_groups(path)?;
        if found.is_empty() && change.creates() {
            return Err(EditError::Absent);
        }
        let repetition = path.repetition();
        let number = repetition.and_then(Index::number);
        let places = found.into_iter().filter_map(|(slot, target)| {
            let own = self.message.get().segment_at(slot)?.location();
            let place = target.map_or(own, |target| Some(target.at(own?.occurrence(), number)));
            Some((Some(slot), place.unwrap_or_else(|| Location::of_segment(crate::SegmentId::MSH, 1))))
        });
        let places: Vec<_> = places.collect();
        if path.field().is_none() {
            return self.change_segments(&places, path.segment(), change);
        }
        let Some(segment) = path.segment() else { return Ok(()) };
        self.change_places(places, segment, repetition, change)
    }

    /// The one place in the message that a path through groups names; `None` when its segment is not there.
    pub(super) fn place_in_groups(&mut self, path: &Path) -> Result<Option<Location>, EditError> {
        if path.names_several() {
            return Err(PathError::Every.into());
        }
        if path.segment().is_none() {
            return Err(PathError::NotASegment.into());
        }
        let found = self.found_in_groups(path)?;
        Ok(found.first().and_then(|(_, target)| target.as_ref()?.location()))
    }

    fn found_in_groups(&mut self, path: &Path) -> Result<Vec<(usize, Option<Target>)>, EditError> {
        self.find_groups()?;
        let outline = self.outline.as_ref().ok_or(PathError::Group)?;
        Ok(outline.resolve(self.message.get(), path)?)
    }

    /// Finds the groups, unless they are known and no segment came or went since.
    fn find_groups(&mut self) -> Result<(), EditError> {
        let dictionary = self.dictionary.ok_or(PathError::Group)?;
        if self.is_moved || self.outline.is_none() {
            self.apply()?;
            self.outline = Some(Outline::of(self.message.get(), dictionary, &TreeOptions::default())?);
        }
        Ok(())
    }
}
