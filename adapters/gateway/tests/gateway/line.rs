//! A peer on a real socket, and a store that can be slow, fail or hang.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as expected"
)]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::OrgId;
use carewire_hl7_v2::ack::{self, Ack};
use carewire_mllp::{Decoder, Event, Handler, Limits, ServerOptions, encode, serve};
use carewire_sync_engine::{
    Error, Intake, MemoryStore, MessageId, MessageState, NewMessage, Receipt, Result, StoredMessage, Tally,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A peer that reads frames and judges nothing.
pub(crate) struct Line {
    stream: TcpStream,
    decoder: Decoder,
    address: std::net::SocketAddr,
}

impl Line {
    pub(crate) async fn to(handler: impl Handler) -> Self {
        Self::with(handler, ServerOptions::default()).await
    }

    pub(crate) async fn with(handler: impl Handler, options: ServerOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, Arc::new(handler), options, std::future::pending()));
        Self::open(address).await
    }

    async fn open(address: std::net::SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        Self { stream, decoder: Decoder::new(Limits::default()), address }
    }

    /// Another connection to the same server.
    pub(crate) async fn again(&self) -> Self {
        Self::open(self.address).await
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The next frame; `None` when the connection has ended.
    pub(crate) async fn frame(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.decoder.poll() {
                Some(Event::Message { payload, .. }) => return Some(payload),
                Some(other) => panic!("not a clean frame: {other:?}"),
                None => {}
            }
            let mut buffer = [0; 4096];
            let read = tokio::time::timeout(Duration::from_secs(20), self.stream.read(&mut buffer)).await;
            match read.unwrap() {
                Ok(len) if len > 0 => self.decoder.feed(&buffer[..len]),
                _ => return None,
            }
        }
    }

    pub(crate) async fn answer(&mut self) -> Ack {
        ack::read(&self.frame().await.unwrap()).unwrap()
    }

    /// Everything that is answered to one message, as it came: a second message marks the end.
    pub(crate) async fn exchange(&mut self, message: &[u8]) -> Vec<Vec<u8>> {
        static MARKS: AtomicU64 = AtomicU64::new(0);
        let mark = format!("MARK{}", MARKS.fetch_add(1, Ordering::Relaxed));
        let marker = format!("MSH|^~\\&|MARK||||||ADT^A01|{mark}|P|3.0\r");
        self.write(&encode(message)).await;
        self.write(&encode(marker.as_bytes())).await;
        let mut answers = Vec::new();
        loop {
            let frame = self.frame().await.unwrap();
            if ack::read(&frame).unwrap().control_id == mark {
                return answers;
            }
            answers.push(frame);
        }
    }

    /// The codes that are answered to one message, in order.
    pub(crate) async fn codes(&mut self, message: &[u8]) -> String {
        let answers = self.exchange(message).await;
        let codes: Vec<&str> =
            answers.iter().map(|answer| ack::read(answer).unwrap().code.as_str()).collect();
        codes.join(" ")
    }
}

/// What a [`Moody`] store does with messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    /// Takes its time.
    Slow,
    /// Fails without having stored anything.
    Failing,
    /// Never says anything, and stores nothing.
    Stuck,
    /// Stores the message and never says so.
    Mute,
}

/// A store with moods, which writes down what it did.
#[derive(Debug)]
pub(crate) struct Moody {
    inner: Arc<MemoryStore>,
    pub(crate) mood: Mutex<Mood>,
    /// Whether the last message was stored when the call returned.
    pub(crate) committed: AtomicBool,
    pub(crate) commits: AtomicU64,
}

impl Moody {
    pub(crate) fn new(inner: Arc<MemoryStore>) -> Arc<Self> {
        let (committed, commits) = (AtomicBool::new(false), AtomicU64::new(0));
        Arc::new(Self { inner, mood: Mutex::new(Mood::Well), committed, commits })
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    async fn commit(&self, message: NewMessage) -> Result<Receipt> {
        let receipt = self.inner.accept(message).await?;
        self.commits.fetch_add(1, Ordering::SeqCst);
        self.committed.store(true, Ordering::SeqCst);
        Ok(receipt)
    }
}

#[async_trait]
impl Intake for Moody {
    async fn accept(&self, message: NewMessage) -> Result<Receipt> {
        self.committed.store(false, Ordering::SeqCst);
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Well => self.commit(message).await,
            Mood::Slow => {
                tokio::time::sleep(Duration::from_millis(150)).await;
                self.commit(message).await
            }
            Mood::Failing => Err(Error::Unavailable { what: "store", source: None }),
            Mood::Stuck => std::future::pending().await,
            Mood::Mute => {
                self.commit(message).await?;
                std::future::pending().await
            }
        }
    }

    async fn load(&self, org: &OrgId, id: &MessageId) -> Result<Option<StoredMessage>> {
        self.inner.load(org, id).await
    }

    async fn settle(&self, org: &OrgId, ids: &[MessageId], state: MessageState) -> Result<()> {
        self.inner.settle(org, ids, state).await
    }

    async fn tally(&self, org: &OrgId) -> Result<Tally> {
        self.inner.tally(org).await
    }
}
