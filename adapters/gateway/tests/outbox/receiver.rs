//! An MLLP server that remembers what it was sent and answers as it is told.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use carewire_hl7_v2::ParseOptions;
use carewire_hl7_v2::ack::{AckCode, AckError, AckOptions, ErrorCode, acknowledge};
use carewire_hl7_v2::light::peek;
use carewire_mllp::{Handler, Peer, Reply, Server, ServerOptions, Stats};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What a receiver does with a message.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Accept,
    Nak(AckCode, Option<ErrorCode>),
    /// Takes it, and closes before it answers.
    TakeAndClose,
    /// Takes it, and answers too late.
    TakeLate(Duration),
    /// Never answers.
    Hang,
    /// Says that it is stored (CA), and then that it is processed (AA).
    CommitAndAccept,
    /// Says that it is stored, and closes.
    CommitAndClose,
}

/// By MSH-10 and how often it came before.
type Script = dyn Fn(&str, usize) -> Act + Send + Sync;

#[derive(Clone)]
pub(crate) struct Receiver {
    seen: Arc<Seen>,
    pub(crate) address: SocketAddr,
    serving: Arc<Mutex<Option<Serving>>>,
}

/// A running server.
type Serving = (JoinHandle<()>, Arc<Stats>);

struct Seen {
    script: Mutex<Arc<Script>>,
    /// MSH-10 and bytes of all that came, in order.
    messages: Mutex<Vec<(String, Vec<u8>)>>,
    /// The messages that took effect: each control id once, in order.
    taken: Mutex<Vec<String>>,
    /// How many are done with, whatever the answer.
    done: AtomicUsize,
}

impl Receiver {
    pub(crate) async fn new(script: impl Fn(&str, usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let seen = Seen {
            script: Mutex::new(Arc::new(script)),
            messages: Mutex::default(),
            taken: Mutex::default(),
            done: AtomicUsize::default(),
        };
        let address = listener.local_addr().unwrap();
        let receiver = Self { seen: Arc::new(seen), address, serving: Arc::default() };
        receiver.serve(listener);
        receiver
    }

    pub(crate) async fn accepting() -> Self {
        Self::new(|_, _| Act::Accept).await
    }

    fn serve(&self, listener: TcpListener) {
        let seen: Arc<dyn Handler> = Arc::<Seen>::clone(&self.seen);
        let options = ServerOptions { drain_deadline: Duration::from_millis(1), ..ServerOptions::default() };
        let server = Server::new(seen).with_options(options);
        let stats = server.stats();
        let serving = tokio::spawn(async move {
            server.serve(listener, std::future::pending()).await;
        });
        *self.serving.lock().unwrap() = Some((serving, stats));
    }

    /// Nobody listens at its address any more, and its connections are gone.
    pub(crate) async fn go_away(&self) {
        let (serving, _) = self.serving.lock().unwrap().take().unwrap();
        serving.abort();
        serving.await.ok();
    }

    pub(crate) async fn come_back(&self) {
        self.serve(TcpListener::bind(self.address).await.unwrap());
    }

    pub(crate) fn acts_now(&self, script: impl Fn(&str, usize) -> Act + Send + Sync + 'static) {
        *self.seen.script.lock().unwrap() = Arc::new(script);
    }

    /// The control ids of all that came, in order.
    pub(crate) fn came(&self) -> Vec<String> {
        self.seen.messages.lock().unwrap().iter().map(|(id, _)| id.clone()).collect()
    }

    /// The control ids of what took effect, in order.
    pub(crate) fn took(&self) -> Vec<String> {
        self.seen.taken.lock().unwrap().clone()
    }

    /// What its server counts.
    pub(crate) fn stats(&self) -> Arc<Stats> {
        Arc::clone(&self.serving.lock().unwrap().as_ref().unwrap().1)
    }

    /// How many came, and of how many of these the answer is on its way.
    pub(crate) fn came_and_done(&self) -> (usize, usize) {
        let messages = self.seen.messages.lock().unwrap();
        (messages.len(), self.seen.done.load(Ordering::SeqCst))
    }

    /// Every time that a message came it had the same bytes; answers them by control id.
    pub(crate) fn bytes(&self) -> HashMap<String, Vec<u8>> {
        let mut bytes = HashMap::new();
        for (id, message) in self.seen.messages.lock().unwrap().iter() {
            let first = bytes.entry(id.clone()).or_insert_with(|| message.clone());
            assert_eq!(first, message, "the same bytes each time");
        }
        bytes
    }
}

#[async_trait]
impl Handler for Seen {
    async fn handle(&self, _: &Peer, message: Vec<u8>) -> Reply {
        let id = peek(&message, &ParseOptions::default()).unwrap().control_id.unwrap();
        let act = {
            let mut messages = self.messages.lock().unwrap();
            let before = messages.iter().filter(|(other, _)| *other == id).count();
            messages.push((id.clone(), message.clone()));
            (self.script.lock().unwrap())(&id, before)
        };
        let answer = |code, error: Option<ErrorCode>| {
            acknowledge(&message, &AckOptions::new(code, "a").with_errors(error.map(AckError::new)))
        };
        let take = || {
            let mut taken = self.taken.lock().unwrap();
            if !taken.contains(&id) {
                taken.push(id.clone());
            }
        };
        let reply = match act {
            Act::Accept => {
                take();
                Reply::Send(answer(AckCode::AA, None))
            }
            Act::Nak(code, error) => Reply::Send(answer(code, error)),
            Act::TakeAndClose => {
                take();
                Reply::Close
            }
            Act::TakeLate(late) => {
                take();
                tokio::time::sleep(late).await;
                Reply::Send(answer(AckCode::AA, None))
            }
            Act::Hang => std::future::pending().await,
            Act::CommitAndAccept => {
                take();
                Reply::SendAll(vec![answer(AckCode::CA, None), answer(AckCode::AA, None)])
            }
            Act::CommitAndClose => {
                take();
                Reply::SendAndClose(answer(AckCode::CA, None))
            }
        };
        self.done.fetch_add(1, Ordering::SeqCst);
        reply
    }
}
