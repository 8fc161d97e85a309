//! A link over scripted connections, in paused time: how often it sends, connects and waits.

use std::{collections::VecDeque, sync::Mutex};

use async_trait::async_trait;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    time::timeout,
};

use super::*;
use crate::{Correlation, Decoder, Event, Limits, Release, encode, encode_commit};

/// What the server does with one message.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) enum Does {
    /// Answers with this code, to this message.
    Answers(&'static str),
    /// Answers with both codes.
    AnswersBoth(&'static str, &'static str),
    /// Answers to another message.
    AnswersAnother,
    Nothing,
    Closes,
    /// Answers and closes then.
    AnswersAndCloses(&'static str),
    /// Sends this without a frame.
    Says(&'static [u8]),
    /// A negative commit block.
    Nak,
}

/// A server of which each connection follows the script where the one before left it.
pub(in crate::client) struct Server {
    script: Mutex<VecDeque<Does>>,
    /// What it does when the script is at its end.
    then: Does,
    /// Connections that come while this is more than 0 are refused.
    refuses: Mutex<u32>,
    pub(in crate::client) connected: Mutex<Vec<Instant>>,
    pub(in crate::client) got: Mutex<Vec<(Instant, Vec<u8>)>>,
}

impl Server {
    pub(in crate::client) fn new(script: &[Does], then: Does) -> Arc<Self> {
        Arc::new(Self {
            script: Mutex::new(script.iter().copied().collect()),
            then,
            refuses: Mutex::new(0),
            connected: Mutex::default(),
            got: Mutex::default(),
        })
    }

    fn refusing(self: Arc<Self>, connections: u32) -> Arc<Self> {
        *self.refuses.lock().unwrap() = connections;
        self
    }

    pub(in crate::client) fn messages(&self) -> Vec<Vec<u8>> {
        self.got.lock().unwrap().iter().map(|(_, message)| message.clone()).collect()
    }

    fn connections(&self) -> usize {
        self.connected.lock().unwrap().len()
    }

    async fn serve(self: Arc<Self>, mut stream: DuplexStream) {
        let mut decoder = Decoder::new(Limits::default());
        let mut buffer = [0; 1024];
        loop {
            while let Some(event) = decoder.poll() {
                let Event::Message { payload, .. } = event else { continue };
                self.got.lock().unwrap().push((Instant::now(), payload.clone()));
                let does = self.script.lock().unwrap().pop_front().unwrap_or(self.then);
                let code = |code: &str| encode(&[code.as_bytes(), b" ", &payload].concat());
                let said = match does {
                    Does::Answers(one) | Does::AnswersAndCloses(one) => code(one),
                    Does::AnswersBoth(one, two) => [code(one), code(two)].concat(),
                    Does::AnswersAnother => encode(b"AA another"),
                    Does::Says(bytes) => bytes.to_vec(),
                    Does::Nak => encode_commit(crate::CommitBlock::Nak).to_vec(),
                    Does::Nothing => Vec::new(),
                    Does::Closes => return,
                };
                if stream.write_all(&said).await.is_err() || matches!(does, Does::AnswersAndCloses(_)) {
                    return;
                }
            }
            match stream.read(&mut buffer).await {
                Ok(len) if len > 0 => decoder.feed(&buffer[..len]),
                _ => return,
            }
        }
    }
}

/// As a link sees it.
pub(in crate::client) struct Dialed(pub(in crate::client) Arc<Server>);

#[async_trait]
impl Dial for Dialed {
    async fn dial(&self, _options: &ClientOptions) -> Result<Socket, ClientError> {
        self.0.connected.lock().unwrap().push(Instant::now());
        let mut refuses = self.0.refuses.lock().unwrap();
        if *refuses > 0 {
            *refuses -= 1;
            return Err(ClientError::Connect(std::io::ErrorKind::ConnectionRefused.into()));
        }
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        tokio::spawn(Arc::clone(&self.0).serve(theirs));
        Ok(Box::new(ours))
    }
}

/// `AA one` answers `one`; so do the other codes. `CA` is interim.
fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
    match answer.strip_suffix(sent) {
        Some(b"CA ") => Correlation::Interim,
        Some(_) => Correlation::Final,
        None => Correlation::Other,
    }
}

fn judge(answer: &[u8]) -> Verdict {
    match answer.get(..2) {
        Some(b"AA" | b"CA") => Verdict::Accepted,
        Some(b"AE") => Verdict::Temporary,
        _ => Verdict::Rejected,
    }
}

pub(in crate::client) fn options() -> LinkOptions {
    let backoff = Backoff { jitter: 0.0, ..Backoff::default() };
    LinkOptions { backoff, ..LinkOptions::new(ClientOptions::new(correlate), judge) }
}

pub(in crate::client) fn link(server: &Arc<Server>, options: LinkOptions) -> Link {
    Link::over(Arc::new(Dialed(Arc::clone(server))), options)
}

#[tokio::test(start_paused = true)]
async fn one_connection_serves_many_messages() {
    let server = Server::new(&[], Does::Answers("AA"));
    let mut link = link(&server, options());
    assert!(!link.is_connected());
    for _ in 0..10 {
        assert_eq!(link.exchange(b"one").await.unwrap().payload, b"AA one");
    }
    assert!(link.is_connected());
    assert_eq!((server.connections(), server.messages().len()), (1, 10));
    link.disconnect().await;
    assert!(!link.is_connected());
}

#[tokio::test(start_paused = true)]
async fn each_message_can_have_a_connection_of_its_own() {
    let server = Server::new(&[Does::Answers("AA"), Does::AnswersAndCloses("AA")], Does::Answers("AA"));
    let mut link = link(&server, LinkOptions { keep_open: false, ..options() });
    for _ in 0..4 {
        link.exchange(b"one").await.unwrap();
        assert!(!link.is_connected());
    }
    assert_eq!((server.connections(), server.messages().len()), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn limits_beyond_the_clock_are_none() {
    let server = Server::new(&[], Does::Answers("AA")).refusing(3);
    let client = ClientOptions {
        ack_timeout: Duration::MAX,
        write_timeout: Duration::MAX,
        end_timeout: Duration::MAX,
        connect_timeout: Duration::MAX,
        ..options().client
    };
    let mut link = link(&server, LinkOptions { client, give_up_after: Duration::MAX, ..options() });
    assert!(matches!(link.deliver(b"one").await.outcome, Outcome::Accepted(_)));
}

#[tokio::test(start_paused = true)]
async fn a_connection_can_be_made_ahead_of_its_message() {
    let server = Server::new(&[], Does::Nothing).refusing(2);
    let mut link = link(&server, options());
    let begin = Instant::now();
    for failures in 1..=2 {
        assert!(matches!(link.connect().await, Err(ClientError::Connect(_))));
        assert_eq!(link.failures(), failures);
    }
    for _ in 0..3 {
        link.connect().await.unwrap();
    }
    assert_eq!((server.connections(), begin.elapsed().as_secs()), (3, 3), "it waited out the pauses");
    assert_eq!(link.failures(), 2, "nothing was answered yet");
    assert!(link.exchange(b"one").await.is_err());
    assert_eq!((server.connections(), link.failures()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_ended_meanwhile_is_made_again_without_pause() {
    let server = Server::new(&[Does::AnswersAndCloses("AA")], Does::Answers("AA"));
    let mut link = link(&server, options());
    link.exchange(b"one").await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let begin = Instant::now();
    link.exchange(b"two").await.unwrap();
    assert_eq!(begin.elapsed(), Duration::ZERO);
    assert_eq!((server.connections(), link.failures()), (2, 0));
    assert_eq!(server.messages(), [b"one", b"two"], "each was sent once");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_late_finds_no_connection() {
    let server = Server::new(&[Does::Nothing], Does::Answers("AA"));
    let mut link = link(&server, options());
    assert!(matches!(link.exchange(b"one").await, Err(ClientError::AckTimeout { .. })));
    assert!(!link.is_connected());
    assert_eq!(link.exchange(b"two").await.unwrap().payload, b"AA two");
    assert_eq!(server.connections(), 2);
}

#[tokio::test(start_paused = true)]
async fn pauses_grow_and_end_with_the_first_success() {
    let server = Server::new(&[], Does::Answers("AA")).refusing(4);
    let mut link = link(&server, options());
    let begin = Instant::now();
    for failures in 1..=4 {
        assert!(matches!(link.exchange(b"one").await, Err(ClientError::Connect(_))));
        assert_eq!(link.failures(), failures);
    }
    link.exchange(b"one").await.unwrap();
    let seconds: Vec<u64> =
        server.connected.lock().unwrap().iter().map(|at| (*at - begin).as_secs()).collect();
    assert_eq!(seconds, [0, 1, 3, 7, 15], "pauses of 1, 2, 4 and 8 seconds, whoever calls");
    assert_eq!(link.failures(), 0);
    let begin = Instant::now();
    link.exchange(b"two").await.unwrap();
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn jitter_takes_a_part_off() {
    let server = Server::new(&[], Does::Answers("AA")).refusing(1);
    let options = options();
    let backoff = Backoff { jitter: 0.5, first: Duration::from_secs(10), ..options.backoff };
    let mut link = link(&server, LinkOptions { backoff, ..options });
    link.random = || 0.4;
    let begin = Instant::now();
    link.exchange(b"one").await.unwrap_err();
    link.exchange(b"one").await.unwrap();
    assert_eq!(begin.elapsed().as_secs(), 8);
}

#[test]
fn the_random_source_stays_within_its_bounds_and_varies() {
    let found: Vec<f64> = std::iter::repeat_with(random).take(1000).collect();
    assert!(found.iter().all(|random| (0.0..=1.0).contains(random)));
    let low = found.iter().filter(|random| **random < 0.5).count();
    assert!((350..650).contains(&low), "{low} of 1000 below a half");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_future_counts_as_a_failure() {
    let server = Server::new(&[Does::Nothing], Does::Answers("AA"));
    let mut link = link(&server, options());
    assert!(timeout(Duration::from_secs(5), link.exchange(b"one")).await.is_err());
    assert_eq!((link.is_connected(), link.failures()), (false, 1));
    assert_eq!(link.exchange(b"two").await.unwrap().payload, b"AA two");
}

#[tokio::test(start_paused = true)]
async fn a_temporary_refusal_is_repeated_with_growing_pauses_and_the_same_bytes() {
    let server = Server::new(&[Does::Answers("AE"); 3], Does::Answers("AA"));
    let mut link = link(&server, options());
    let begin = Instant::now();
    let delivery = link.deliver(b"one").await;
    assert!(matches!(delivery.outcome, Outcome::Accepted(_)));
    assert_eq!((delivery.attempts, delivery.doubts), (4, 0));
    assert_eq!(begin.elapsed().as_secs(), 1 + 2 + 4);
    assert_eq!(server.messages(), [b"one"; 4]);
    assert_eq!(server.connections(), 1, "nothing is wrong with the connection");
}

#[tokio::test(start_paused = true)]
async fn a_rejection_is_not_repeated() {
    let server = Server::new(&[Does::Answers("AR")], Does::Answers("AA"));
    let mut link = link(&server, options());
    let delivery = link.deliver(b"one").await;
    assert!(matches!(delivery.outcome, Outcome::Rejected(_)));
    assert_eq!(server.messages().len(), 1);
    // Nothing is wrong with the receiver: the next message need not wait.
    let begin = Instant::now();
    assert!(matches!(link.deliver(b"two").await.outcome, Outcome::Accepted(_)));
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn every_doubt_is_repeated_over_another_connection() {
    let doubts = [Does::Nothing, Does::Closes, Does::AnswersAnother, Does::Says(b"\x0b\x1c\r")];
    let server = Server::new(&doubts, Does::Answers("AA"));
    let delivery = link(&server, options()).deliver(b"one").await;
    assert!(matches!(delivery.outcome, Outcome::Accepted(_)), "{delivery:?}");
    assert_eq!((delivery.attempts, delivery.doubts), (5, 4));
    assert_eq!(server.messages(), [b"one"; 5]);
    assert_eq!(server.connections(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_negative_commit_block_is_repeated_over_the_same_connection() {
    let server = Server::new(&[Does::Nak; 2], Does::Nak);
    let options = options();
    let client = ClientOptions { release: Release::Two, ..options.client };
    let delivery = link(&server, LinkOptions { client, attempts: 3, ..options }).deliver(b"one").await;
    assert!(matches!(delivery.outcome, Outcome::Failed(ClientError::CommitNak)));
    assert_eq!((delivery.attempts, delivery.doubts, server.connections()), (3, 0, 1));
}

#[tokio::test(start_paused = true)]
async fn attempts_and_time_are_bounded() {
    let server = Server::new(&[], Does::Answers("AE"));
    let delivery = link(&server, LinkOptions { attempts: 3, ..options() }).deliver(b"one").await;
    assert!(matches!(delivery.outcome, Outcome::Temporary(_)));
    assert_eq!((delivery.attempts, server.messages().len()), (3, 3));

    let server = Server::new(&[], Does::Answers("AE"));
    let options = LinkOptions { attempts: u32::MAX, give_up_after: Duration::from_secs(10), ..options() };
    let begin = Instant::now();
    let delivery = link(&server, options).deliver(b"one").await;
    // At 0, 1, 3 and 7 seconds; the next one would be at 15.
    assert_eq!((delivery.attempts, begin.elapsed().as_secs()), (4, 7));
}

/// An hour of a receiver that takes messages and never answers.
#[tokio::test(start_paused = true)]
async fn a_slow_receiver_is_not_flooded() {
    let server = Server::new(&[], Does::Nothing);
    let options = LinkOptions { attempts: u32::MAX, give_up_after: Duration::from_secs(3600), ..options() };
    let mut link = link(&server, options);
    let delivery = link.deliver(b"one").await;
    assert!(matches!(delivery.outcome, Outcome::Failed(ClientError::AckTimeout { .. })));
    // 30 seconds for each answer, and pauses of 1, 2, 4, 8, 16, 32, and then 60 seconds: about 90 for each.
    let got = server.messages().len();
    assert!((40..=45).contains(&got), "{got} messages in an hour");
    assert_eq!(delivery.doubts as usize, got);
    assert!(server.connections() <= got);
}

/// The same with a caller that does not bother and sends at once after each error.
#[tokio::test(start_paused = true)]
async fn a_receiver_that_is_down_is_not_flooded_by_a_hasty_caller() {
    let server = Server::new(&[], Does::Closes);
    let mut link = link(&server, options());
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(3600) {
        link.exchange(b"one").await.unwrap_err();
    }
    let connections = server.connections();
    assert!((60..=70).contains(&connections), "{connections} connections in an hour");
}

#[tokio::test(start_paused = true)]
async fn what_the_receiver_stored_is_not_sent_again() {
    let server = Server::new(&[Does::Answers("CA")], Does::Answers("AA"));
    let delivery = link(&server, options()).deliver(b"one").await;
    assert!(matches!(delivery.outcome, Outcome::Unfinished(ClientError::AckTimeout { .. })));
    assert_eq!((delivery.interim.clone(), server.messages().len()), (vec![b"CA one".to_vec()], 1));
    assert!(!format!("{delivery:?}").contains("67"), "no byte of the payload: {delivery:?}");
}

#[tokio::test(start_paused = true)]
async fn what_was_stored_before_says_nothing_about_the_next_message() {
    let server = Server::new(&[Does::Answers("CA")], Does::Answers("AA"));
    let mut link = link(&server, LinkOptions { attempts: 1, ..options() });
    link.exchange(b"one").await.unwrap_err();
    assert_eq!(link.interim(), [b"CA one"]);
    *server.refuses.lock().unwrap() = 1;
    let delivery = link.deliver(b"two").await;
    assert!(matches!(delivery.outcome, Outcome::Failed(ClientError::Connect(_))), "{delivery:?}");
    assert!(delivery.interim.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_connection_with_an_answer_too_many_is_not_used_again() {
    let server = Server::new(&[Does::AnswersBoth("AA", "AA")], Does::Answers("AA"));
    let mut link = link(&server, options());
    let begin = Instant::now();
    for _ in 0..2 {
        assert_eq!(link.exchange(b"one").await.unwrap().payload, b"AA one");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!((server.connections(), server.messages().len()), (2, 2));
    assert_eq!(begin.elapsed().as_secs(), 2, "nothing was sent, so there is no pause");
}

#[tokio::test(start_paused = true)]
async fn interim_and_final_answers_come_together() {
    let server = Server::new(&[], Does::AnswersBoth("CA", "AA"));
    let delivery = link(&server, options()).deliver(b"one").await;
    let Outcome::Accepted(answer) = delivery.outcome else { panic!("not accepted") };
    assert_eq!((answer.payload, answer.interim), (b"AA one".to_vec(), vec![b"CA one".to_vec()]));
    assert!(delivery.interim.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_stand_in_a_frame_is_not_tried_twice() {
    let server = Server::new(&[], Does::Answers("AA"));
    let mut link = link(&server, options());
    let delivery = link.deliver(b"a\x1c\rb").await;
    assert!(matches!(delivery.outcome, Outcome::Failed(ClientError::NotEncodable)));
    assert_eq!((delivery.attempts, link.failures(), server.connections()), (1, 0, 0));
}
