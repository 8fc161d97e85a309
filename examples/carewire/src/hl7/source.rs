//! The messages of the inputs.

use carewire_hl7_v2::{Message, ParseError, ParseOptions};

use super::args::Inputs;
use crate::failure::{Done, Failure};
use crate::messages::{Messages, Received};
use crate::{inputs, out};

impl Inputs {
    pub(crate) fn options(&self) -> ParseOptions {
        let options = ParseOptions::default();
        self.charset.map_or(options.clone(), |charset| options.with_charset(charset))
    }

    /// Hands over each message of each input. What a batch says wrongly of itself, and inputs that cannot be read, are
    /// named and make the exit status 1; the others go on.
    pub(crate) fn each(
        &self,
        mut take: impl FnMut(&Received<'_>, &mut Done) -> Result<(), Failure>,
    ) -> Result<Done, Failure> {
        let mut done = Done::All;
        for file in inputs::files(&self.inputs)? {
            let Some(mut messages) = Messages::open_one(&file, &mut done) else { continue };
            while let Some(received) = messages.next_sound(&mut done) {
                take(&received, &mut done)?;
            }
        }
        Ok(done)
    }

    /// The same for each message that can be read; one that cannot is named.
    pub(crate) fn each_message(
        &self,
        mut take: impl FnMut(&Received<'_>, &Message<'_>, &mut Done) -> Result<(), Failure>,
    ) -> Result<Done, Failure> {
        let options = self.options();
        self.each(|received, done| match Message::parse(received.bytes, &options) {
            Ok(message) => take(received, &message, done),
            Err(error) => {
                unreadable(received, &error, done);
                Ok(())
            }
        })
    }
}

/// Says why a message cannot be read.
pub(crate) fn unreadable(received: &Received<'_>, error: &ParseError, done: &mut Done) {
    out::note(format_args!("{}: {error}", received.name()));
    *done = Done::Some;
}
