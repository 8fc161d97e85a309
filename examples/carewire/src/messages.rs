//! The messages of an input, one by one as its bytes come in: no more of it is held than one message and one chunk.

use std::io::{ErrorKind, Read};
use std::path::Path;

use carewire_hl7_v2::batch::{BatchEvent, BatchFindingKind, Splitter};

use crate::failure::Done;
use crate::{inputs, out};

/// The bytes that are read in one go.
const CHUNK: usize = 64 << 10;
/// How many findings are kept until it is certain that an input holds messages.
const EARLY: usize = 100;

/// One message of an input, and how to name it to people.
pub(crate) struct Received<'a> {
    pub(crate) input: &'a str,
    /// From 1.
    pub(crate) number: usize,
    pub(crate) bytes: &'a [u8],
}

impl Received<'_> {
    pub(crate) fn name(&self) -> String {
        name(self.input, self.number)
    }
}

fn name(input: &str, number: usize) -> String {
    format!("{input} message {number}")
}

/// A message that was passed over, and why.
pub(crate) struct Refused {
    pub(crate) number: usize,
    pub(crate) why: String,
}

/// The messages of an input: each one of a batch, or all of those that stand one after another.
///
/// What holds no MSH is one message, so that its error is reported. What a batch says wrongly of itself is named and
/// makes the exit status 1, and so does an input that cannot be read to its end; the message at the break is not given.
pub(crate) struct Messages {
    name: String,
    source: Box<dyn Read + Send>,
    splitter: Splitter,
    chunk: Vec<u8>,
    message: Vec<u8>,
    /// The beginning of the input, until a message was found.
    head: Vec<u8>,
    /// What was found before the first message.
    early: Vec<String>,
    number: usize,
    /// Whether the lines of envelopes are given as well, and whether there was one.
    envelopes: bool,
    has_envelope: bool,
}

/// What a step forward brought.
enum Step {
    Message,
    Envelope,
    TooLong(String),
    Nothing,
}

impl Messages {
    /// Opens one of many inputs; where it cannot be opened that is said, and the others go on.
    pub(crate) fn open_one(path: &Path, done: &mut Done) -> Option<Self> {
        match inputs::open(path) {
            Ok((name, source)) => Some(Self::new(name, source, Splitter::new())),
            Err(failure) => {
                say(failure, done);
                None
            }
        }
    }

    /// Those of an input that is open.
    pub(crate) fn of(name: String, source: Box<dyn Read + Send>) -> Self {
        Self::new(name, source, Splitter::new())
    }

    fn new(name: String, source: Box<dyn Read + Send>, splitter: Splitter) -> Self {
        Self {
            name,
            source,
            splitter,
            chunk: vec![0; CHUNK],
            message: vec![],
            head: vec![],
            early: vec![],
            number: 0,
            envelopes: false,
            has_envelope: false,
        }
    }

    /// The same with the lines of envelopes (FHS, BHS, BTS, FTS) where they stand, beside the messages.
    pub(crate) fn with_envelopes(self) -> Self {
        Self { envelopes: true, ..self }
    }

    /// The name of the input.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The next message that is not too long; one that is too long is named.
    pub(crate) fn next_sound(&mut self, done: &mut Done) -> Option<Received<'_>> {
        loop {
            match self.advance(done)? {
                Ok(()) => return Some(self.received()),
                Err(refused) => {
                    say(format_args!("{}: {}", name(&self.name, refused.number), refused.why), done);
                }
            }
        }
    }

    /// The next message, or why there is none in its place.
    pub(crate) fn next(&mut self, done: &mut Done) -> Option<Result<Received<'_>, Refused>> {
        match self.advance(done)? {
            Ok(()) => Some(Ok(self.received())),
            Err(refused) => Some(Err(refused)),
        }
    }

    fn received(&self) -> Received<'_> {
        Received { input: &self.name, number: self.number, bytes: &self.message }
    }

    fn advance(&mut self, done: &mut Done) -> Option<Result<(), Refused>> {
        loop {
            match self.step(done) {
                Some(Step::Message | Step::Envelope) => return Some(Ok(())),
                Some(Step::TooLong(why)) => return Some(Err(Refused { number: self.number, why })),
                Some(Step::Nothing) => {}
                None if self.splitter.is_finished() => return self.take_head().then_some(Ok(())),
                None if self.fill(done) => {}
                None => return None,
            }
        }
    }

    /// The next event of what was read; `None` when more is needed.
    fn step(&mut self, done: &mut Done) -> Option<Step> {
        Some(match self.splitter.next_event()? {
            BatchEvent::Message(message) => {
                self.message.clear();
                self.message.extend_from_slice(message.bytes());
                self.count(done);
                Step::Message
            }
            BatchEvent::FileHeader(line)
            | BatchEvent::BatchHeader(line)
            | BatchEvent::BatchTrailer { line, .. }
            | BatchEvent::FileTrailer { line, .. }
                if self.envelopes =>
            {
                self.message.clear();
                let start = line.bytes().iter().position(u8::is_ascii_uppercase).unwrap_or_default();
                let line = line.bytes().get(start..).unwrap_or_default().trim_ascii_end();
                self.message.extend_from_slice(line);
                self.has_envelope = true;
                Step::Envelope
            }
            BatchEvent::Finding(finding) => match finding.kind() {
                BatchFindingKind::Blank => Step::Nothing,
                BatchFindingKind::TooLong => {
                    self.count(done);
                    Step::TooLong(finding.to_string())
                }
                _ => {
                    self.found(finding.to_string(), done);
                    Step::Nothing
                }
            },
            _ => Step::Nothing,
        })
    }

    fn count(&mut self, done: &mut Done) {
        self.number += 1;
        self.head = vec![];
        for finding in self.early.drain(..) {
            say(format_args!("{}: {finding}", self.name), done);
        }
    }

    /// The envelope of an input without messages is not worth a word beside that.
    fn found(&mut self, finding: String, done: &mut Done) {
        if self.number > 0 {
            say(format_args!("{}: {finding}", self.name), done);
        } else if self.early.len() < EARLY {
            self.early.push(finding);
        }
    }

    /// Reads on; false when that cannot be.
    fn fill(&mut self, done: &mut Done) -> bool {
        match self.source.read(&mut self.chunk) {
            Ok(0) => self.splitter.finish(),
            Ok(read) => {
                let bytes = self.chunk.get(..read).unwrap_or_default();
                self.splitter.push(bytes);
                if self.number == 0 {
                    let room = CHUNK.saturating_sub(self.head.len());
                    self.head.extend(bytes.iter().take(room));
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                say(format_args!("{}: {error}", self.name), done);
                return false;
            }
        }
        true
    }

    /// At the end of an input without messages its beginning stands for one, once.
    fn take_head(&mut self) -> bool {
        let none = self.number == 0 && !self.has_envelope;
        if none {
            self.number = 1;
            self.message = std::mem::take(&mut self.head);
        }
        none
    }
}

fn say(what: impl std::fmt::Display, done: &mut Done) {
    out::note(what);
    *done = Done::Some;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte, and then fails.
    struct Breaking(Vec<u8>);

    impl Read for Breaking {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            if self.0.is_empty() {
                return Err(std::io::Error::other("gone"));
            }
            let taken = self.0.as_slice().read(into)?;
            self.0.drain(..taken);
            Ok(taken)
        }
    }

    fn all(source: impl Read + Send + 'static, limit: usize) -> (Vec<Result<String, usize>>, Done) {
        let mut messages = Messages::new("x".into(), Box::new(source), Splitter::with_limit(limit));
        let (mut found, mut done) = (vec![], Done::All);
        while let Some(next) = messages.next(&mut done) {
            found.push(match next {
                Ok(received) => Ok(String::from_utf8_lossy(received.bytes).into_owned()),
                Err(refused) => Err(refused.number),
            });
        }
        (found, done)
    }

    #[test]
    fn each_message_is_given_once() {
        let file: &[u8] = b"FHS|^~\\&\rBHS|^~\\&\rMSH|a\rPID|1\rMSH|b\rBTS|2\rFTS|1\r";
        let expected = vec![Ok("MSH|a\rPID|1\r".to_owned()), Ok("MSH|b\r".to_owned())];
        assert_eq!(all(file, 100), (expected, Done::All));
    }

    #[test]
    fn what_is_no_message_is_one_that_cannot_be_read() {
        assert_eq!(all(&b"hello\rBTS|1\r"[..], 100), (vec![Ok("hello\rBTS|1\r".to_owned())], Done::All));
        assert_eq!(all(&b""[..], 100), (vec![Ok(String::new())], Done::All));
        let (found, _) = all(std::io::repeat(b'x').take(1 << 20), 100);
        assert_eq!(
            found.iter().map(|found| found.as_ref().map(String::len)).collect::<Vec<_>>(),
            [Ok(CHUNK)]
        );
    }

    #[test]
    fn a_long_message_is_passed_over_and_counted() {
        let file = format!("MSH|a\rMSH|{}\rMSH|c\r", "b".repeat(100));
        let expected = vec![Ok("MSH|a\r".to_owned()), Err(2), Ok("MSH|c\r".to_owned())];
        assert_eq!(all(std::io::Cursor::new(file.into_bytes()), 50), (expected, Done::All));
    }

    #[test]
    fn what_stands_outside_any_message_is_heard_of() {
        for file in [&b"hello\rMSH|a\r"[..], b"MSH|a\rBTS|2\r", b"MSH|a\rBTS|1\rFTS|1\rmore\r"] {
            let (found, done) = all(file, 100);
            assert_eq!((found.len(), done), (1, Done::Some));
        }
        assert_eq!(all(&b"\nMSH|a\r\x1A"[..], 100).1, Done::All);
    }

    #[test]
    fn half_a_message_is_not_a_message() {
        let (found, done) = all(Breaking(b"MSH|a\rPID|1\rMSH|b\rPID|".to_vec()), 100);
        assert_eq!((found, done), (vec![Ok("MSH|a\rPID|1\r".to_owned())], Done::Some));
    }
}
