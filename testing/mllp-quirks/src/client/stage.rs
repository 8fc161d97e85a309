//! What every scenario needs: the connections of the client, and what comes over them.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{Instant, timeout, timeout_at};

use super::ClientOptions;
use super::door::{Door, Writer};
pub(super) use super::door::{Event, Reading};
use super::run::{ClientUnderTest, Run};
pub(super) use super::tally::Arrival;
use super::tally::Tally;
use crate::hl7::{Code, acknowledge};
use crate::quirk::{Finding, Verdict};
use crate::wire::frame;
use crate::{Error, Result};

/// How long bytes may take to be written.
const WRITE: Duration = Duration::from_secs(10);

/// What the client did next.
pub(super) enum Next {
    /// The message that was asked about came again.
    Again(Arrival),
    /// Another one came.
    Other(Arrival),
    /// The run is over; whether it says that all is well.
    Ended(bool),
    /// Nothing, for as long as one waits.
    Nothing,
}

pub(super) struct Stage {
    pub(super) options: ClientOptions,
    client: ClientUnderTest,
    address: SocketAddr,
    reading: Arc<AtomicU8>,
    tell: UnboundedSender<Event>,
    events: UnboundedReceiver<Event>,
    listening: JoinHandle<()>,
    run: Option<Run>,
    connections: HashMap<u64, (Writer, AbortHandle)>,
    opened: usize,
    answers: u64,
    tally: Tally,
}

impl Stage {
    pub(super) async fn open(options: ClientOptions, client: ClientUnderTest) -> Result<Self> {
        let listener = TcpListener::bind(&options.listen).await.map_err(Error::Listen)?;
        let address = listener.local_addr().map_err(Error::Listen)?;
        let (tell, events) = unbounded_channel();
        let reading = Arc::new(AtomicU8::new(Reading::Usual as u8));
        let door = Door {
            tls: options.tls.clone(),
            other_tls: options.other_tls.clone(),
            reading: Arc::clone(&reading),
            tell: tell.clone(),
        };
        Ok(Self {
            options,
            client,
            address,
            reading,
            tell,
            events,
            listening: tokio::spawn(door.listen(listener)),
            run: None,
            connections: HashMap::new(),
            opened: 0,
            answers: 0,
            tally: Tally::default(),
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Begins a scenario with a run of the client.
    pub(super) fn begin(&mut self, reading: Reading) -> Result<()> {
        self.tally = Tally::default();
        self.opened = 0;
        self.read(reading);
        self.run = self.client.start(self.address, self.tell.clone())?;
        Ok(())
    }

    /// Answers whatever still comes, and judges the scenario as a whole.
    pub(super) async fn end(&mut self, finding: Finding) -> Finding {
        self.read(Reading::Usual);
        self.answer_all().await;
        let overall = self.tally.judge();
        self.run = None;
        if !self.client.is_external() {
            self.connections.drain().for_each(|(_, (_, reader))| reader.abort());
            while self.events.try_recv().is_ok() {}
        }
        if finding.verdict == Verdict::NotApplicable {
            return finding;
        }
        let observed = format!("{}; {}", finding.observed, overall.observed);
        Finding::new(finding.verdict.and(overall.verdict), observed)
    }

    async fn answer_all(&mut self) {
        if let Some(open) = self.tally.open() {
            self.accept(&open).await;
        }
        while !(self.client.is_external() && self.tally.accepted() >= self.options.messages) {
            match self.next(self.options.patience).await {
                Some(arrival) => self.accept(&arrival).await,
                None => return,
            }
        }
    }

    /// How connections are read that are opened from now on.
    pub(super) fn read(&self, reading: Reading) {
        self.reading.store(reading as u8, Ordering::SeqCst);
    }

    /// Connections that were opened in this scenario.
    pub(super) fn opened(&self) -> usize {
        self.opened
    }

    pub(super) fn tally(&self) -> &Tally {
        &self.tally
    }

    pub(super) fn is_open(&self, connection: u64) -> bool {
        self.connections.contains_key(&connection)
    }

    /// The next message; `None` when the run is over, or none came.
    pub(super) async fn next(&mut self, within: Duration) -> Option<Arrival> {
        let deadline = Instant::now() + within;
        while self.tally.ended.is_none() {
            match timeout_at(deadline, self.events.recv()).await.ok()?? {
                Event::Opened(connection, writer, reader) => {
                    self.opened += 1;
                    self.connections.insert(connection, (writer, reader));
                }
                Event::Refused => self.opened += 1,
                Event::Closed(connection) => drop(self.connections.remove(&connection)),
                Event::Ended(well) => self.tally.ended = Some(well),
                Event::Message(connection, payload) => return Some(self.tally.note(connection, payload)),
            }
        }
        None
    }

    /// What the client does after this message.
    pub(super) async fn after(&mut self, message: &Arrival) -> Next {
        match (self.next(self.options.patience).await, self.tally.ended) {
            (Some(next), _) if next.id == message.id => Next::Again(next),
            (Some(next), _) => Next::Other(next),
            (None, Some(well)) => Next::Ended(well),
            (None, None) => Next::Nothing,
        }
    }

    /// The answer that accepts it, as a payload.
    pub(super) fn ack(&mut self, message: &Arrival) -> Vec<u8> {
        self.answer(message, Code::AA, &message.id, &[])
    }

    pub(super) fn answer(&mut self, message: &Arrival, code: Code, id: &[u8], errors: &[&str]) -> Vec<u8> {
        self.answers += 1;
        acknowledge(&message.payload, code, id, &format!("S{}", self.answers), errors)
    }

    /// Accepts it as it should be done.
    pub(super) async fn accept(&mut self, message: &Arrival) {
        let ack = frame(&self.ack(message));
        if self.send(message.connection, &ack).await {
            self.tally.accept(message);
        }
    }

    /// Notes that the client was told, in whatever form, that it is accepted.
    pub(super) fn accepted(&mut self, message: &Arrival) {
        self.tally.accept(message);
    }

    pub(super) async fn send(&mut self, connection: u64, bytes: &[u8]) -> bool {
        let Some((writer, _)) = self.connections.get_mut(&connection) else {
            return false;
        };
        let write = async {
            writer.write_all(bytes).await?;
            writer.flush().await
        };
        matches!(timeout(WRITE, write).await, Ok(Ok(())))
    }

    /// Ends a connection, after what was written.
    pub(super) async fn close(&mut self, connection: u64) {
        if let Some((mut writer, reader)) = self.connections.remove(&connection) {
            // A client that has gone already is as good.
            let _ = timeout(WRITE, writer.shutdown()).await;
            reader.abort();
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.listening.abort();
    }
}
