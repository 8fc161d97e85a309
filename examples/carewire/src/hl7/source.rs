//! The messages of the inputs.

use carewire_hl7_v2::batch::Batch;
use carewire_hl7_v2::{Message, ParseError, ParseOptions};

use super::args::Inputs;
use crate::convert::messages_of;
use crate::failure::{Done, Failure};
use crate::{inputs, out};

/// One message of an input, and how to name it to people.
pub(crate) struct Received<'a> {
    pub(crate) input: &'a str,
    /// From 1.
    pub(crate) number: usize,
    pub(crate) bytes: &'a [u8],
}

impl Received<'_> {
    pub(crate) fn name(&self) -> String {
        format!("{} message {}", self.input, self.number)
    }
}

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
            let Some(input) = inputs::one_of_many(&file, &mut done) else { continue };
            for (number, bytes) in (1..).zip(messages_of(&input.bytes)) {
                take(&Received { input: &input.name, number, bytes }, &mut done)?;
            }
            note_batch(&input.name, &input.bytes, &mut done);
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

/// Says what is wrong with the envelope of a file that has messages.
fn note_batch(name: &str, bytes: &[u8], done: &mut Done) {
    let batch = Batch::split(bytes);
    let graver = |kind| !matches!(kind, carewire_hl7_v2::batch::BatchFindingKind::Blank);
    for finding in
        batch.findings().iter().filter(|found| graver(found.kind()) && !batch.messages().is_empty())
    {
        out::note(format_args!("{name}: {finding}"));
        *done = Done::Some;
    }
}
