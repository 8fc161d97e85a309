//! The task that reads and writes a pipelined connection.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    sync::mpsc::UnboundedReceiver,
    time::{Instant, sleep_until, timeout},
};

use super::Job;
use crate::{
    Answer, ClientError, ClientOptions, Correlation,
    client::{
        CLOSING,
        deadline::after,
        line::{Heard, Line},
        wire::is_end,
    },
    encode_into,
};

/// How much is read at once.
const READ_SIZE: usize = 16 * 1024;

pub(super) struct Driver<S> {
    stream: S,
    line: Line,
    options: ClientOptions,
    jobs: UnboundedReceiver<Job>,
    /// Whether more jobs can come.
    open: bool,
    in_flight: VecDeque<InFlight>,
    /// What is not written yet.
    output: Output,
    buffer: Vec<u8>,
    /// What the oldest message waits for, and since when.
    waits: Option<(Waits, Instant)>,
    read_at: Instant,
}

/// A message that was taken from the queue.
struct InFlight {
    job: Job,
    /// Where in the output it begins.
    begin: u64,
    /// Where it ends.
    end: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    ToBeWritten,
    ForItsAnswer,
}

/// What the stream did.
enum Step {
    Wrote(usize),
    CannotWrite(io::Error),
    Read(usize),
    /// The server closed.
    Ended,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Driver<S> {
    pub(super) fn new(stream: S, options: ClientOptions, jobs: UnboundedReceiver<Job>) -> Self {
        Self {
            stream,
            line: Line::new(&options),
            options,
            jobs,
            open: true,
            in_flight: VecDeque::new(),
            output: Output::default(),
            buffer: vec![0; READ_SIZE],
            waits: None,
            read_at: Instant::now(),
        }
    }

    pub(super) async fn run(mut self) {
        match self.until_closed().await {
            Ok(()) => {
                // Whatever happens now, the connection ends.
                let _: Result<_, _> = timeout(CLOSING, self.stream.shutdown()).await;
            }
            Err(error) => self.fail(error),
        }
    }

    /// Runs until nobody sends any more, or something goes wrong.
    async fn until_closed(&mut self) -> Result<(), ClientError> {
        while self.open || !self.in_flight.is_empty() {
            let deadline = self.deadline();
            let passed = async {
                match deadline {
                    Some(deadline) => sleep_until(deadline).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                job = self.jobs.recv(), if self.open && self.output.broken.is_none() => self.take(job),
                step = poll_fn(|cx| poll_step(&mut self.stream, &mut self.output, &mut self.buffer, cx)) => {
                    self.react(step.map_err(ClientError::Io)?)?;
                }
                () = passed => self.deadline_passed()?,
            }
        }
        Ok(())
    }

    fn take(&mut self, job: Option<Job>) {
        let Some(job) = job else {
            self.open = false;
            return;
        };
        // Its caller is gone, and nothing of it was sent.
        if job.reply.is_closed() {
            return;
        }
        let begin = self.output.end();
        self.output.push(&job.payload);
        self.in_flight.push_back(InFlight { job, begin, end: self.output.end() });
        self.note_oldest();
    }

    fn react(&mut self, step: Step) -> Result<(), ClientError> {
        match step {
            Step::Wrote(len) => {
                self.line.wrote(self.output.rest().get(..len).unwrap_or_default());
                self.output.wrote(len);
                self.note_oldest();
                Ok(())
            }
            Step::Ended => {
                self.line.finish();
                self.answers()?;
                Err(self.ended())
            }
            // Answers to what was sent before may be on their way.
            Step::CannotWrite(error) => {
                self.output.broken = Some((error, Instant::now()));
                Ok(())
            }
            Step::Read(len) => {
                self.read_at = Instant::now();
                self.line.read(self.buffer.get(..len).unwrap_or_default());
                if self.answers()? {
                    self.line.forget_before(self.buffer.get(..len).unwrap_or_default());
                }
                Ok(())
            }
        }
    }

    /// Gives each answer to its message, which must be the oldest. Says whether there was one.
    fn answers(&mut self) -> Result<bool, ClientError> {
        let mut any = false;
        while let Some(heard) = self.line.next() {
            let received = || self.line.recent();
            let answer = match heard {
                Heard::Message(answer) => answer,
                Heard::Bad(error) => return Err(ClientError::Frame { error, received: received() }),
                Heard::Commit(_) => continue,
            };
            let Some(oldest) = self.in_flight.front() else {
                return Err(ClientError::Unsolicited { received: received() });
            };
            if (self.options.correlate)(&oldest.job.payload, &answer) != Correlation::Final {
                return Err(ClientError::Uncorrelated { received: received() });
            }
            if let Some(answered) = self.in_flight.pop_front() {
                // The caller may be gone: then nobody wants the answer.
                let _: Result<_, _> = answered.job.reply.send(Ok(Answer::new(answer, Vec::new())));
            }
            any = true;
            self.waits = None;
            self.note_oldest();
        }
        Ok(any)
    }

    /// Notes since when the oldest message waits, and for what.
    fn note_oldest(&mut self) {
        let Some(oldest) = self.in_flight.front() else { return };
        let waits = match self.output.written >= oldest.end {
            true => Waits::ForItsAnswer,
            false => Waits::ToBeWritten,
        };
        if self.waits.is_none_or(|(before, _)| before != waits) {
            self.waits = Some((waits, Instant::now()));
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let end = self.line.awaits_end().then(|| after(self.read_at, self.options.end_timeout));
        let oldest = self.waits.map(|(waits, since)| match waits {
            Waits::ToBeWritten => after(since, self.options.write_timeout),
            Waits::ForItsAnswer => after(since, self.options.ack_timeout),
        });
        let broken = self.output.broken.as_ref().map(|(_, since)| after(*since, CLOSING));
        end.into_iter().chain(oldest).chain(broken).min()
    }

    fn deadline_passed(&mut self) -> Result<(), ClientError> {
        if self.line.awaits_end() {
            self.line.end_frame();
            if self.answers()? {
                self.line.forget();
            }
            return Ok(());
        }
        Err(match self.waits {
            _ if self.output.broken.is_some() => self.ended(),
            Some((Waits::ToBeWritten, _)) => ClientError::WriteTimeout,
            _ => ClientError::AckTimeout { received: self.line.recent() },
        })
    }

    /// Why the connection ended.
    fn ended(&mut self) -> ClientError {
        match self.output.broken.take() {
            Some((error, _)) => ClientError::Io(error),
            None => ClientError::Closed { received: self.line.recent() },
        }
    }

    /// Tells everybody who waits that there will be no answer.
    fn fail(mut self, error: ClientError) {
        let reason = error.as_str();
        tracing::warn!(
            connection = self.line.id(),
            reason,
            in_flight = self.in_flight.len(),
            "connection given up"
        );
        self.jobs.close();
        let written = self.output.written;
        let mut first = Some(error);
        for InFlight { job, begin, .. } in self.in_flight.drain(..) {
            let abandoned = ClientError::Abandoned { reason, sent: written > begin };
            // The caller may be gone.
            let _: Result<_, _> = job.reply.send(Err(first.take().unwrap_or(abandoned)));
        }
        while let Ok(job) = self.jobs.try_recv() {
            let _: Result<_, _> = job.reply.send(Err(ClientError::Abandoned { reason, sent: false }));
        }
    }
}

/// Writes what there is to be written, and reads at the same time: a server that cannot get rid of its answers reads no more.
fn poll_step<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    output: &mut Output,
    buffer: &mut [u8],
    cx: &mut Context<'_>,
) -> Poll<io::Result<Step>> {
    if let Poll::Ready(step) = poll_write(stream, output, cx) {
        return Poll::Ready(Ok(step));
    }
    let mut bytes = ReadBuf::new(buffer);
    let read = ready!(Pin::new(stream).poll_read(cx, &mut bytes)).map(|()| bytes.filled().len());
    Poll::Ready(if is_end(&read) { Ok(Step::Ended) } else { read.map(Step::Read) })
}

/// Pending where there is nothing to be written, too.
fn poll_write<S: AsyncWrite + Unpin>(
    stream: &mut S,
    output: &mut Output,
    cx: &mut Context<'_>,
) -> Poll<Step> {
    if output.broken.is_some() {
        return Poll::Pending;
    }
    if output.rest().is_empty() {
        if !output.flushed {
            match ready!(Pin::new(stream).poll_flush(cx)) {
                Ok(()) => output.flushed = true,
                Err(error) => return Poll::Ready(Step::CannotWrite(error)),
            }
        }
        return Poll::Pending;
    }
    Poll::Ready(match ready!(Pin::new(stream).poll_write(cx, output.rest())) {
        Ok(0) => Step::CannotWrite(io::ErrorKind::WriteZero.into()),
        Ok(len) => Step::Wrote(len),
        Err(error) => Step::CannotWrite(error),
    })
}

/// What is to be written.
#[derive(Default)]
struct Output {
    bytes: Vec<u8>,
    /// How many of the bytes are written.
    used: usize,
    /// How many bytes were written since the beginning.
    written: u64,
    flushed: bool,
    /// Why nothing can be written any more, and since when.
    broken: Option<(io::Error, Instant)>,
}

impl Output {
    fn push(&mut self, payload: &[u8]) {
        encode_into(payload, &mut self.bytes);
        self.flushed = false;
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.used..).unwrap_or_default()
    }

    fn wrote(&mut self, len: usize) {
        self.used += len;
        self.written += len as u64;
        if self.used >= self.bytes.len() {
            self.used = 0;
            self.bytes.clear();
            self.bytes.shrink_to(READ_SIZE);
        }
    }

    /// Where the next message begins.
    fn end(&self) -> u64 {
        self.written + self.rest().len() as u64
    }
}
