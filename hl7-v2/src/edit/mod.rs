//! Messages changed by path.
//!
//! ```
//! use carewire_hl7_v2::{Message, ParseOptions};
//!
//! let bytes = b"MSH|^~\\&|A\r\nPID|1||5^^^GEN~9||Doe^Jo\r\n\r\nNTE|1||call\r\n";
//! let mut message = Message::parse(bytes, &ParseOptions::default())?;
//! message.set("PID-5.1", "Poe & Sons")?;
//! message.edit(|edit| {
//!     edit.remove("PID-3[2]")?;
//!     edit.set_null("PID-13")?;
//!     edit.insert_after("NTE", "NTE|2||again")
//! })?;
//! assert_eq!(
//!     message.to_bytes(),
//!     b"MSH|^~\\&|A\r\nPID|1||5^^^GEN||Poe \\T\\ Sons^Jo||||||||\"\"\r\n\r\nNTE|1||call\r\nNTE|2||again\r\n"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Only the segments that are changed get other bytes; line ends, blank lines, a byte-order mark and bytes that the
//! character set does not have stay as received. A changed segment is written in the character set of the message.
//! The message then owns its bytes, and its spans, occurrences and diagnostics are those of the new bytes.
//!
//! An edit reads the message again, so its cost grows with the message: put many edits into one [`Message::edit`],
//! which does so once. In it, a change costs as much as the segment is long; [`Editor::rewrite`] changes all values
//! in one pass. When an edit fails, the message stays as it was.

mod editor;
mod error;
#[cfg(feature = "dictionary")]
mod groups;
mod line;
mod lines;
mod new_segment;
mod options;
mod order;
mod rebuild;
mod rewrite;

pub use editor::Editor;
pub use error::EditError;
pub use new_segment::NewSegment;
pub use options::{EditOptions, Trailing};
pub use rewrite::Rewrite;

use crate::{Location, Message, Path};

impl Message<'_> {
    /// Makes a place read as this text. See [`Editor::set`].
    ///
    /// # Errors
    /// See [`Editor::set`].
    pub fn set<P>(&mut self, path: P, text: &str) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.edit(|edit| edit.set(path, text))
    }

    /// Writes notation to a place as it stands. See [`Editor::set_raw`].
    ///
    /// # Errors
    /// See [`Editor::set_raw`].
    pub fn set_raw<P>(&mut self, path: P, raw: &str) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.edit(|edit| edit.set_raw(path, raw))
    }

    /// Writes the explicit null `""` to a place. See [`Editor::set_null`].
    ///
    /// # Errors
    /// See [`Editor::set_null`].
    pub fn set_null<P>(&mut self, path: P) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.edit(|edit| edit.set_null(path))
    }

    /// Empties a place. See [`Editor::clear`].
    ///
    /// # Errors
    /// See [`Editor::clear`].
    pub fn clear<P>(&mut self, path: P) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.edit(|edit| edit.clear(path))
    }

    /// Removes a value, a repetition or a segment. See [`Editor::remove`].
    ///
    /// # Errors
    /// See [`Editor::remove`].
    pub fn remove<P>(&mut self, path: P) -> Result<(), EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.edit(|edit| edit.remove(path))
    }

    /// Adds a repetition to a field. See [`Editor::add_repetition`].
    ///
    /// # Errors
    /// See [`Editor::add_repetition`].
    pub fn add_repetition<P>(&mut self, path: P, text: &str) -> Result<Location, EditError>
    where
        P: TryInto<Path>,
        EditError: From<P::Error>,
    {
        self.edit(|edit| edit.add_repetition(path, text))
    }

    /// Makes several edits, and reads the message again once.
    ///
    /// # Errors
    /// Those of the edits; the message then stays as it was.
    pub fn edit<T>(
        &mut self,
        edits: impl FnOnce(&mut Editor<'_>) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        self.edit_with(EditOptions::default(), edits)
    }

    /// Makes several edits with options, and reads the message again once.
    ///
    /// ```
    /// use carewire_hl7_v2::edit::{EditOptions, Trailing};
    /// use carewire_hl7_v2::{Message, ParseOptions};
    ///
    /// let mut message = Message::parse(b"MSH|^~\\&|A\rPID|1||5^^^GEN&1.2\r", &ParseOptions::default())?;
    /// let trim = EditOptions::default().with_trailing(Trailing::Trim);
    /// message.edit_with(trim, |edit| edit.clear("PID-3.4"))?;
    /// assert_eq!(message.to_bytes(), b"MSH|^~\\&|A\rPID|1||5\r");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of the edits; the message then stays as it was.
    pub fn edit_with<T>(
        &mut self,
        options: EditOptions,
        edits: impl FnOnce(&mut Editor<'_>) -> Result<T, EditError>,
    ) -> Result<T, EditError> {
        let mut editor = Editor::new(self, options);
        let value = edits(&mut editor)?;
        if let Some(changed) = editor.finish()? {
            *self = changed;
        }
        Ok(value)
    }
}
