//! `carewire mllp listen`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use carewire_hl7_v2::ParseOptions;
use carewire_hl7_v2::ack::{
    AckCode, AckError, AckOptions, AckPlan, ErrorCode, Outcome, Received, acknowledge, plan,
};
use carewire_hl7_v2::light::{Peek, peek};
use carewire_mllp::{
    Exposure, FrameError, Handler, Peer, PeerRule, Reply, Server, ServerOptions, bind, is_encodable,
};
use chrono::Utc;
use tokio::sync::Notify;

use super::args::Listen;
use super::inbox::{Inbox, Kept, New};
use super::{shapes, tls};
use crate::failure::{Done, Failure};
use crate::hl7::{new_control_id, timestamp};
use crate::out;
use crate::serve::signalled;

pub(crate) async fn run(options: Listen) -> Result<Done, Failure> {
    let desk = Arc::new(Desk::open(&options)?);
    let tls = tls::server(&options)?;
    // Whoever names an address other than loopback has said so.
    let listener = bind(options.bind, Exposure::Network);
    let listener =
        listener.map_err(|error| Failure::unreachable(format!("--bind {}: {error}", options.bind)))?;
    let address = listener.local_addr().map_err(crate::stack::unreachable)?;
    let encrypted = if tls.is_some() { "TLS" } else { "no TLS" };
    out::note(format_args!("listening on {address} ({encrypted}), messages go to {}", options.out.display()));
    if tls.is_none() && !address.ip().is_loopback() {
        out::note("anybody on the way can read what is sent here: --tls-cert and --tls-key encrypt it");
    }
    let mut server = Server::new(Arc::clone(&desk) as Arc<dyn Handler>)
        .with_options(ServerOptions { tap: options.tap.then(shapes::printed), ..ServerOptions::default() });
    tls::reload_on_hangup(tls.as_ref());
    if let Some(tls) = tls {
        server = server.with_tls(tls);
    }
    let ended = async {
        tokio::select! {
            () = signalled() => {}
            () = desk.enough.notified() => {}
        }
    };
    let summary = server.serve(listener, ended).await;
    out::note(format_args!(
        "{} messages: {} new, {} resends, {} not accepted; {} bad frames",
        summary.messages,
        desk.count(&desk.new),
        desk.count(&desk.resent),
        desk.count(&desk.refused),
        summary.bad_frames
    ));
    Ok(if desk.count(&desk.refused) + summary.bad_frames > 0 { Done::Some } else { Done::All })
}

/// Keeps, then answers.
struct Desk {
    inbox: Arc<Inbox>,
    code: Option<AckCode>,
    allow: Vec<PeerRule>,
    max: Option<u64>,
    enough: Notify,
    new: AtomicU64,
    resent: AtomicU64,
    refused: AtomicU64,
}

impl Desk {
    fn open(options: &Listen) -> Result<Self, Failure> {
        Ok(Self {
            inbox: Arc::new(Inbox::open(&options.out)?),
            code: options.ack,
            allow: options.allow.clone(),
            max: options.max,
            enough: Notify::new(),
            new: AtomicU64::new(0),
            resent: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        })
    }

    async fn keep(&self, message: Vec<u8>) -> std::io::Result<Kept> {
        let (inbox, code) = (Arc::clone(&self.inbox), self.code);
        let keeping = tokio::task::spawn_blocking(move || inbox.keep(&message, || answers(&message, code)));
        keeping.await.map_err(std::io::Error::other)?
    }

    fn note(&self, peer: &Peer, kept: &Kept) {
        let (counter, what) = match kept {
            Kept { accepted: false, .. } => (&self.refused, "not accepted"),
            Kept { resend: true, .. } => (&self.resent, "again"),
            Kept { .. } => (&self.new, "new"),
        };
        counter.fetch_add(1, Ordering::Relaxed);
        out::note(format_args!("{} from {}: {what}", kept.name, peer.address()));
        for answer in &kept.answers {
            // Whoever stopped reading our output still wants the messages.
            let _ = out::line(String::from_utf8_lossy(answer).replace('\r', "\n").trim_end());
        }
    }

    fn count(&self, counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }

    fn is_enough(&self) -> bool {
        let seen = self.count(&self.new) + self.count(&self.resent) + self.count(&self.refused);
        self.max.is_some_and(|max| seen >= max)
    }
}

#[async_trait]
impl Handler for Desk {
    async fn admit(&self, peer: &Peer) -> bool {
        let admitted = self.allow.is_empty() || self.allow.iter().any(|rule| rule.matches(peer));
        if !admitted {
            out::note(format_args!("{} is not allowed to send", peer.address()));
        }
        admitted
    }

    async fn handle(&self, peer: &Peer, message: Vec<u8>) -> Reply {
        let header = message.get(..message.len().min(HEADER)).unwrap_or_default().to_vec();
        match self.keep(message).await {
            Ok(kept) => {
                self.note(peer, &kept);
                if self.is_enough() {
                    self.enough.notify_one();
                }
                Reply::SendAll(kept.answers)
            }
            Err(error) => {
                out::note(format_args!("from {}: not kept: {error}", peer.address()));
                answer(&header, AckCode::AE, [AckError::application_internal()])
                    .map_or(Reply::Close, Reply::Send)
            }
        }
    }

    async fn refuse(&self, peer: &Peer, error: FrameError) -> Reply {
        out::note(format_args!("from {}: {error}", peer.address()));
        let error = AckError::new(ErrorCode::SegmentSequenceError).with_text(error.as_str());
        answer(b"", AckCode::AE, [error]).map_or(Reply::Close, Reply::Send)
    }
}

/// As much of a message as an answer about its header needs.
const HEADER: usize = 16 * 1024;

/// What to answer, and whether the message is accepted.
fn answers(message: &[u8], code: Option<AckCode>) -> New {
    let (plan, error) = match peek(message, &ParseOptions::default()) {
        Err(error) => (AckPlan::default(), Some(AckError::from(&error))),
        Ok(peek) => (plan(message), fault(&peek)),
    };
    let outcome = if error.is_none() { Outcome::Success } else { Outcome::Error };
    let codes = match code {
        None => [plan.accept(outcome), plan.application(outcome)],
        Some(_) if plan.received() == Received::Acknowledgement => [None, None],
        Some(code) if error.is_some() => [Some(refusing(code)), None],
        Some(code) => [Some(code), None],
    };
    let accepted = error.is_none() && code.is_none_or(AckCode::is_accept);
    let written = codes.into_iter().flatten().filter_map(|code| answer(message, code, error.clone()));
    let answers: Vec<_> = written.collect();
    if answers.iter().all(|answer| is_encodable(answer)) { New { answers, accepted } } else { unanswerable() }
}

/// The header has a byte that would end the frame of an answer: nobody can be told which message was taken.
fn unanswerable() -> New {
    let mut error = AckError::new(ErrorCode::DataTypeError);
    error.location = "MSH[1]".parse().ok();
    New { answers: answer(b"", AckCode::AE, [error]).into_iter().collect(), accepted: false }
}

/// Why a message that can be read is not accepted.
fn fault(peek: &Peek) -> Option<AckError> {
    if peek.control_id.as_deref().is_none_or(|id| id.trim().is_empty()) {
        let mut error = AckError::new(ErrorCode::RequiredFieldMissing);
        error.location = "MSH-10".parse().ok();
        return Some(error);
    }
    let several =
        || AckError::new(ErrorCode::SegmentSequenceError).with_text("several messages in one frame");
    peek.holds_another.then(several)
}

/// What cannot be read is never accepted.
fn refusing(code: AckCode) -> AckCode {
    match code {
        AckCode::AA => AckCode::AE,
        AckCode::CA => AckCode::CE,
        other => other,
    }
}

fn answer(message: &[u8], code: AckCode, errors: impl IntoIterator<Item = AckError>) -> Option<Vec<u8>> {
    let id = new_control_id().ok()?;
    Some(acknowledge(message, &AckOptions::new(code, &id).at(timestamp(Utc::now())).with_errors(errors)))
}
