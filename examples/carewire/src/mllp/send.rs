//! `carewire mllp send`.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::time::Duration;

use carewire_gateway::{correlate, judge};
use carewire_mllp::{
    Answer, Backoff, ClientError, ClientOptions, Link, LinkOptions, Pipeline, Target, Verdict,
};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::args::{AfterRefusal, Send};
use super::{shapes, tls};
use crate::failure::{Done, Failure};
use crate::messages::Messages;
use crate::{inputs, out};

pub(crate) async fn run(options: &Send, to: &str) -> Result<Done, Failure> {
    let mut done = Done::All;
    let mut way = Way::open(options, to)?;
    for file in inputs::files(&options.inputs)? {
        let Some(mut messages) = Messages::open_one(&file, &mut done) else { continue };
        while let Some(received) = messages.next_sound(&mut done) {
            way.send(received.name(), received.bytes).await?;
        }
    }
    if way.finish().await? == Done::Some { Ok(Done::Some) } else { Ok(done) }
}

/// How messages go out.
enum Way {
    OneByOne(Box<OneByOne>),
    Pipelined(Box<Pipelined>),
}

impl Way {
    fn open(options: &Send, to: &str) -> Result<Self, Failure> {
        let target = tls::target(to, &options.tls.trust())?;
        let mut client = ClientOptions::new(correlate);
        client.ack_timeout = Duration::from_secs(options.timeout.max(1));
        client.tap = options.tap.then(shapes::printed);
        let results =
            Results { done: Done::All, stop: options.on_reject == AfterRefusal::Stop, held_back: 0 };
        Ok(match NonZeroUsize::new(options.pipeline.into()).filter(|depth| depth.get() > 1) {
            None => Self::OneByOne(Box::new(OneByOne::new(options, target, client, results))),
            Some(depth) => Self::Pipelined(Box::new(Pipelined {
                target,
                client,
                depth,
                line: None,
                sent: VecDeque::new(),
                results,
            })),
        })
    }

    async fn send(&mut self, name: String, message: &[u8]) -> Result<(), Failure> {
        match self {
            Self::OneByOne(way) => way.send(&name, message).await,
            Self::Pipelined(way) => way.send(name, message).await,
        }
    }

    async fn finish(self) -> Result<Done, Failure> {
        match self {
            Self::OneByOne(mut way) => {
                way.link.disconnect().await;
                Ok(way.results.end(&way.to))
            }
            Self::Pipelined(way) => way.finish().await,
        }
    }
}

/// What came of the messages so far.
struct Results {
    done: Done,
    /// Whether a refusal stops the rest.
    stop: bool,
    /// How many messages were not sent because an earlier one was not taken.
    held_back: u64,
}

impl Results {
    /// Prints an answer; false where nothing may follow it.
    fn answered(&mut self, name: &str, answer: &Answer) -> Result<bool, Failure> {
        for payload in answer.interim.iter().chain([&answer.payload]) {
            out::line(String::from_utf8_lossy(payload).replace('\r', "\n").trim_end())?;
        }
        let accepted = judge(&answer.payload) == Verdict::Accepted;
        if !accepted {
            out::note(format_args!("{name}: not accepted"));
            self.done = Done::Some;
        }
        Ok(accepted || !self.stop)
    }

    fn end(self, to: &str) -> Done {
        if self.held_back > 0 {
            out::note(format_args!("{} messages were not sent to {to}", self.held_back));
        }
        self.done
    }
}

/// Each message once the one before is done with; again where it may not have arrived.
struct OneByOne {
    to: String,
    link: Link,
    attempts: u32,
    /// Whether the server was there at all, so that it may come back.
    reached: bool,
    stopped: bool,
    results: Results,
}

impl OneByOne {
    fn new(options: &Send, target: Target, client: ClientOptions, results: Results) -> Self {
        let to = target.address().to_owned();
        let link = Link::new(target, LinkOptions::new(client, judge));
        Self { to, link, attempts: options.attempts, reached: false, stopped: false, results }
    }

    async fn send(&mut self, name: &str, message: &[u8]) -> Result<(), Failure> {
        if self.stopped {
            self.results.held_back += 1;
            return Ok(());
        }
        for attempt in 1.. {
            let last = attempt >= self.attempts;
            match self.link.exchange(message).await {
                Ok(answer) if judge(&answer.payload) == Verdict::Temporary && !last => {
                    out::note(format_args!("{name}: refused for now; it is sent again"));
                    sleep(Backoff::default().delay(attempt, 0.5)).await;
                }
                Ok(answer) => {
                    self.reached = true;
                    self.stopped = !self.results.answered(name, &answer)?;
                    return Ok(());
                }
                Err(error @ ClientError::NotEncodable) => return self.left_out(name, &error),
                Err(error) if !self.reached && !error.may_be_received() => {
                    return Err(unreachable(&self.to, &error));
                }
                Err(error) if last => return Err(given_up(name, &error)),
                Err(error) => {
                    self.reached |= error.may_be_received();
                    out::note(format_args!("{name}: {}; it is sent again", told(&error)));
                }
            }
        }
        Ok(())
    }

    /// A message that cannot stand in a frame was refused by us.
    fn left_out(&mut self, name: &str, error: &ClientError) -> Result<(), Failure> {
        out::note(format_args!("{name}: {error}"));
        self.results.done = Done::Some;
        self.stopped = self.results.stop;
        Ok(())
    }
}

/// Several messages on their way at once, none of them twice.
struct Pipelined {
    target: Target,
    client: ClientOptions,
    depth: NonZeroUsize,
    line: Option<Pipeline>,
    sent: VecDeque<(String, JoinHandle<Result<Answer, ClientError>>)>,
    results: Results,
}

impl Pipelined {
    async fn send(&mut self, name: String, message: &[u8]) -> Result<(), Failure> {
        if self.results.held_back > 0 {
            self.results.held_back += 1;
            return Ok(());
        }
        let line = match &self.line {
            Some(line) => line.clone(),
            None => self.connect().await?,
        };
        // In the line before the next one is read: tasks may run in any order.
        let waiting = line.submit(message.to_vec()).await;
        self.sent.push_back((name, tokio::spawn(async move { waiting?.await })));
        if self.sent.len() < self.depth.get() { Ok(()) } else { self.next_answer().await }
    }

    async fn connect(&mut self) -> Result<Pipeline, Failure> {
        let line = Pipeline::connect(&self.target, self.client.clone(), self.depth).await;
        let line = line.map_err(|error| unreachable(self.target.address(), &error))?;
        Ok(self.line.insert(line).clone())
    }

    /// Takes the answer to the oldest message on its way.
    async fn next_answer(&mut self) -> Result<(), Failure> {
        let Some((name, sending)) = self.sent.pop_front() else { return Ok(()) };
        match sending.await {
            Ok(Ok(answer)) => {
                if !self.results.answered(&name, &answer)? {
                    // Whatever is on its way stays so; nothing more follows.
                    self.results.held_back = 1;
                }
                Ok(())
            }
            Ok(Err(error @ ClientError::NotEncodable)) => {
                out::note(format_args!("{name}: {error}"));
                self.results.done = Done::Some;
                Ok(())
            }
            Ok(Err(error)) => {
                let behind = self.sent.len();
                Err(Failure::unreachable(format!(
                    "{name}: {}; {behind} behind it may have been received and are not answered",
                    told(&error)
                )))
            }
            Err(_) => Err(Failure::unreachable(format!("{name}: the sender broke off"))),
        }
    }

    async fn finish(mut self) -> Result<Done, Failure> {
        while !self.sent.is_empty() {
            self.next_answer().await?;
        }
        // The first was the message that was refused.
        self.results.held_back = self.results.held_back.saturating_sub(1);
        Ok(self.results.end(self.target.address()))
    }
}

/// The error with what lies behind it.
fn told(error: &ClientError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn unreachable(to: &str, error: &ClientError) -> Failure {
    Failure::unreachable(format!("{to}: {}", told(error)))
}

fn given_up(name: &str, error: &ClientError) -> Failure {
    Failure::unreachable(format!("{name}: {}; given up, and nothing behind it is sent", told(error)))
}
