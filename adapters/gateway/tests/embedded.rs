//! A service with an MLLP server of its own and a store of its own for the effect, behind `Idempotency`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as expected"
)]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use carewire_deid::{Entropy, KeyRing, Pseudonymizer, SealContext, Sealer};
use carewire_fhir_core::OrgId;
use carewire_hl7_v2::ParseOptions;
use carewire_hl7_v2::ack::{AckCode, AckError, AckOptions, ErrorCode, acknowledge, answers, judge, read};
use carewire_hl7_v2::light::{around_message_time, peek};
use carewire_mllp::{
    Backoff, Client, ClientError, ClientOptions, Correlation, Handler, Link, LinkOptions, Outcome, Peer,
    Reply, ServerOptions, Target, Verdict, serve,
};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{Begun, BlindKey, Delivery, Idempotency, Redeemed};
use chrono::{TimeDelta, Utc};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

#[derive(Debug, Default)]
struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), carewire_deid::Error> {
        for byte in bytes {
            *byte = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9).to_be_bytes()[5];
        }
        Ok(())
    }
}

/// A laboratory's service: its effects are rows of a database that the engine knows nothing of.
struct Laboratory {
    deliveries: Arc<dyn Idempotency>,
    org: OrgId,
    keys: Pseudonymizer,
    sealer: Sealer,
    entropy: Counting,
    lease: TimeDelta,
    /// Its own database: what took effect, by control id and content.
    database: Mutex<Vec<Vec<u8>>>,
    /// So many times it hangs after the effect, until it is cut off.
    hangs: AtomicUsize,
    answered: AtomicU64,
}

impl Laboratory {
    fn delivery(&self, message: &[u8]) -> Delivery {
        let peeked = peek(message, &ParseOptions::default()).unwrap();
        let [application, facility] = [peeked.sending_application, peeked.sending_facility]
            .map(|sender| sender.unwrap_or_default().into_bytes());
        let control = peeked
            .control_id
            .map(|id| BlindKey(self.keys.blind("control", &[&application, &facility, id.as_bytes()])));
        let received_at = Utc::now();
        Delivery {
            org: self.org.clone(),
            control_key: control,
            content_hash: BlindKey(self.keys.blind("content", &around_message_time(message))),
            received_at,
            since: received_at - TimeDelta::days(7),
            lease_until: received_at + self.lease,
        }
    }

    /// The effect. What was taken over may be there already: it looks first.
    fn take(&self, message: &[u8], taken_over: bool) {
        let content = around_message_time(message).concat();
        let mut database = self.database.lock().unwrap();
        if !(taken_over && database.contains(&content)) {
            database.push(content);
        }
    }

    fn answer(&self, message: &[u8], code: AckCode, error: Option<ErrorCode>) -> Vec<u8> {
        let number = self.answered.fetch_add(1, Ordering::Relaxed).to_string();
        acknowledge(message, &AckOptions::new(code, &number).with_errors(error.map(AckError::new)))
    }

    fn context(&self) -> SealContext<'_> {
        SealContext { org: &self.org, kind: "answer", id: "laboratory", version: 1 }
    }
}

#[async_trait]
impl Handler for Laboratory {
    async fn handle(&self, _: &Peer, message: Vec<u8>) -> Reply {
        match self.deliveries.begin(&self.delivery(&message)).await.unwrap() {
            Begun::Resend { answer } => Reply::Send(self.sealer.open(&self.context(), &answer).unwrap()),
            Begun::InProgress { .. } => {
                Reply::Send(self.answer(&message, AckCode::AE, Some(ErrorCode::ApplicationRecordLocked)))
            }
            Begun::New { ticket, taken_over, .. } => {
                self.take(&message, taken_over);
                let hangs = |left: usize| left.checked_sub(1);
                if self.hangs.fetch_update(Ordering::SeqCst, Ordering::SeqCst, hangs).is_ok() {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
                let answer = self.answer(&message, AckCode::AA, None);
                let sealed = self.sealer.seal(&self.context(), &answer, &self.entropy).unwrap();
                match self.deliveries.finish(&ticket, sealed).await.unwrap() {
                    Redeemed::Done => Reply::Send(answer),
                    Redeemed::Stale => Reply::Close,
                }
            }
        }
    }
}

async fn laboratory(lease: TimeDelta, hangs: usize) -> (TempDir, Arc<Laboratory>, SocketAddr) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("store.db"), SqliteOptions::default()).await.unwrap();
    let entropy = Counting::default();
    let ring = KeyRing::generate(&entropy, "2026-01-01T00:00:00Z").unwrap();
    let org = OrgId::new("lab").unwrap();
    let laboratory = Arc::new(Laboratory {
        deliveries: Arc::new(store),
        keys: Pseudonymizer::new(&ring, &org, "intake"),
        sealer: Sealer::new(&ring),
        org,
        entropy,
        lease,
        database: Mutex::default(),
        hangs: AtomicUsize::new(hangs),
        answered: AtomicU64::default(),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let options = ServerOptions { handler_timeout: Duration::from_millis(200), ..ServerOptions::default() };
    let handler: Arc<dyn Handler> = Arc::<Laboratory>::clone(&laboratory);
    tokio::spawn(serve(listener, handler, options, std::future::pending()));
    (folder, laboratory, address)
}

fn client_options() -> ClientOptions {
    ClientOptions::new(|sent, answer| match answers(sent, answer) {
        true => Correlation::Final,
        false => Correlation::Other,
    })
}

/// A sender that repeats its message until it is taken.
fn sender(address: SocketAddr) -> Link {
    let verdict = |answer: &[u8]| match judge(answer) {
        carewire_hl7_v2::ack::AckVerdict::Accepted => Verdict::Accepted,
        carewire_hl7_v2::ack::AckVerdict::Temporary => Verdict::Temporary,
        carewire_hl7_v2::ack::AckVerdict::Rejected => Verdict::Rejected,
    };
    let backoff =
        Backoff { first: Duration::from_millis(20), most: Duration::from_millis(50), ..Backoff::default() };
    let options = LinkOptions { backoff, attempts: 100, ..LinkOptions::new(client_options(), verdict) };
    Link::new(Target::new(address.to_string()), options)
}

async fn delivered(mut sender: Link, message: Vec<u8>) -> Vec<u8> {
    match sender.deliver(&message).await.outcome {
        Outcome::Accepted(answer) => answer.payload,
        other => panic!("{other:?}"),
    }
}

fn oru(control: &str, value: &str, minute: u32) -> Vec<u8> {
    format!(
        "MSH|^~\\&|LIS|LAB|||202603010830{minute:02}+0000||ORU^R01|{control}|P|2.5.1\rOBX|1|NM|1||{value}\r"
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_connections_that_bring_one_message_have_one_effect_and_one_answer() {
    let (_folder, laboratory, address) = laboratory(TimeDelta::seconds(30), 0).await;
    let mut senders = JoinSet::new();
    for minute in 0..16 {
        senders.spawn(delivered(sender(address), oru("7", "5.1", minute)));
    }
    let answers = senders.join_all().await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "byte for byte, whatever MSH-7 said");
    assert_eq!(read(&answers[0]).unwrap().control_id, "7");
    assert_eq!(laboratory.database.lock().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_replays_have_the_same_answer_and_another_content_has_an_effect() {
    let (_folder, laboratory, address) = laboratory(TimeDelta::seconds(30), 0).await;
    let mut client = Client::connect(address, client_options()).await.unwrap();
    let first = client.send(&oru("7", "5.1", 0)).await.unwrap();
    for replay in 0..1000 {
        assert_eq!(client.send(&oru("7", "5.1", replay % 60)).await.unwrap(), first);
    }
    let other = client.send(&oru("7", "5.2", 0)).await.unwrap();
    assert_ne!(other, first, "the sender reset its counter");
    assert_eq!(laboratory.database.lock().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_was_cut_off_after_the_effect_has_it_once() {
    let (_folder, laboratory, address) = laboratory(TimeDelta::milliseconds(400), 2).await;
    let mut client = Client::connect(address, client_options()).await.unwrap();
    let cut_off = client.send(&oru("7", "5.1", 0)).await;
    assert!(matches!(cut_off, Err(ClientError::Closed { .. })), "no answer before it is stored: {cut_off:?}");
    assert_eq!(laboratory.database.lock().unwrap().len(), 1, "the effect is there");
    let answer = delivered(sender(address), oru("7", "5.1", 1)).await;
    assert_eq!(laboratory.database.lock().unwrap().len(), 1, "after two takeovers");
    let mut client = Client::connect(address, client_options()).await.unwrap();
    assert_eq!(client.send(&oru("7", "5.1", 2)).await.unwrap().payload, answer);
}
