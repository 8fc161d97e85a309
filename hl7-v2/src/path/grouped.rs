//! Reading by paths that lead through groups.

use std::borrow::Cow;

use super::outline::Outline;
use super::{Path, SegmentValues, Target};
use crate::dictionary::Dictionary;
use crate::structure::TreeOptions;
use crate::{Location, Message, PathError, Segment};

impl Message<'_> {
    /// The message as its structure in this dictionary groups it, for paths that lead through groups.
    ///
    /// # Errors
    /// When the dictionary has no structure for the message.
    pub fn grouped<'m>(&'m self, dictionary: &'m Dictionary) -> Result<Grouped<'m>, PathError> {
        self.grouped_with(dictionary, &TreeOptions::default())
    }

    /// The same, by the tree that these options ask for.
    ///
    /// # Errors
    /// When the dictionary does not have the structure of the message, or the one that the options name.
    pub fn grouped_with<'m>(
        &'m self,
        dictionary: &'m Dictionary,
        options: &TreeOptions,
    ) -> Result<Grouped<'m>, PathError> {
        Ok(Grouped { message: self, outline: Outline::of(self, dictionary, options)? })
    }
}

/// A message and its groups. Made by [`Message::grouped`], once for many paths.
///
/// A group is named below the one before it, from the top level or from the name of the structure; groups in
/// between may be left out where only one group of that name can be meant. Its number counts inside the group
/// around it. A segment is counted among those of the group itself where the structure has it there, and else
/// among all in the group and the groups in it. Paths without groups count through the message.
///
/// ```
/// use carewire_hl7_v2::dictionary::{Dictionary, Version};
/// use carewire_hl7_v2::{Message, ParseOptions};
///
/// let bytes = b"MSH|^~\\&|A|B|C|D|2024||ORU^R01^ORU_R01|7|P|2.5.1\rPID|1\rOBR|1\rOBX|1|NM|||5\rOBR|2\rOBX|1|NM|||6\rOBX|2|NM|||7\r";
/// let message = Message::parse(bytes, &ParseOptions::default())?;
/// let grouped = message.grouped(Dictionary::of(Version::V2_5_1))?;
/// let path = "PATIENT_RESULT.ORDER_OBSERVATION(2).OBX(2)-5";
/// assert_eq!(grouped.get(path)?.as_deref(), Some("7"));
/// assert_eq!(grouped.locations(path)?, ["OBX(3)-5".parse()?]);
/// assert_eq!(grouped.get("ORDER_OBSERVATION(2).OBSERVATION(1).OBX-5")?.as_deref(), Some("6"));
/// let firsts: Vec<_> = grouped.get_all("ORDER_OBSERVATION(*).OBX-5")?.into_iter().map(|(_, text)| text).collect();
/// assert_eq!(firsts, ["5", "6"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Grouped<'m> {
    message: &'m Message<'m>,
    outline: Outline<'m>,
}

impl<'m> Grouped<'m> {
    /// The text at a path; `None` when it is absent or empty. An explicit null is `""`.
    ///
    /// # Errors
    /// When the path cannot be read, names no field or several places, or a group that the structure does not have
    /// or has at several places.
    pub fn get<P>(&self, path: P) -> Result<Option<Cow<'m, str>>, PathError>
    where
        P: TryInto<Path>,
        PathError: From<P::Error>,
    {
        let path: Path = path.try_into()?;
        if path.names_several() {
            return Err(PathError::Every);
        }
        Ok(self.values(&path)?.pop().map(|(_, text)| text))
    }

    /// The text at every place that a path names, with the place, in the order of the message. Places that are
    /// absent or empty are left out; an explicit null is `""`.
    ///
    /// # Errors
    /// When the path cannot be read, names no field, or a group that the structure does not have or has at several
    /// places.
    pub fn get_all<P>(&self, path: P) -> Result<Vec<(Location, Cow<'m, str>)>, PathError>
    where
        P: TryInto<Path>,
        PathError: From<P::Error>,
    {
        self.values(&path.try_into()?)
    }

    /// The places in the message as a whole that a path names: of every segment that is there and that it names.
    /// The place of a group is all its segments.
    ///
    /// # Errors
    /// When the path cannot be read, or names every repetition (see [`Grouped::get_all`]), or a group that the
    /// structure does not have or has at several places.
    pub fn locations<P>(&self, path: P) -> Result<Vec<Location>, PathError>
    where
        P: TryInto<Path>,
        PathError: From<P::Error>,
    {
        let mut locations = Vec::new();
        for (segment, target) in self.found(&path.try_into()?)? {
            let Some(place) = segment.location() else { continue };
            let Some(target) = target else {
                locations.push(place);
                continue;
            };
            let repetition = match target.repetition {
                None => None,
                Some(repetition) => Some(repetition.number().ok_or(PathError::Every)?),
            };
            locations.push(target.at(place.occurrence(), repetition));
        }
        Ok(locations)
    }

    /// The segments that a path names, whatever it names in them, in the order of the message. A group is all its
    /// segments, those without a name included.
    ///
    /// # Errors
    /// When the path cannot be read, or names a group that the structure does not have or has at several places.
    pub fn segments<P>(&self, path: P) -> Result<Vec<Segment<'m>>, PathError>
    where
        P: TryInto<Path>,
        PathError: From<P::Error>,
    {
        Ok(self.found(&path.try_into()?)?.into_iter().map(|(segment, _)| segment).collect())
    }

    /// The segments that a path names, and what it names in each.
    fn found(&self, path: &Path) -> Result<Vec<(Segment<'m>, Option<Target>)>, PathError> {
        let message = self.message;
        if !path.groups.is_empty() {
            let found = self.outline.resolve(message, path)?.into_iter();
            return Ok(found
                .filter_map(|(index, target)| Some((message.segment_at(index)?, target)))
                .collect());
        }
        let target = path.flat()?;
        Ok(message.segments_at(path)?.map(|segment| (segment, Some(target))).collect())
    }

    fn values(&self, path: &Path) -> Result<Vec<(Location, Cow<'m, str>)>, PathError> {
        path.field().ok_or(PathError::NoField)?;
        let mut values = Vec::new();
        for (segment, target) in self.found(path)? {
            if let Some(target) = target {
                values.extend(SegmentValues::of(segment, target)?);
            }
        }
        Ok(values)
    }
}
