//! The senders: each owns some patients and sends their messages in order, one at a time, as MLLP demands.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use carewire_hl7_v2::ack::{self, AckCode};
use carewire_mllp::{Client, ClientOptions};
use indicatif::{ProgressBar, ProgressStyle};

use super::messages::{messages, traffic, unreadable};
use super::patients::Patient;
use crate::cli::Demo;
use crate::failure::Failure;

/// One message in this many cannot be read, and one is sent twice.
const UNREADABLE_EVERY: usize = 97;
const RESEND_EVERY: usize = 61;

/// What the senders saw.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Played {
    /// Sent, resends included.
    pub(crate) sent: u64,
    /// Messages answered AA, each counted once.
    pub(crate) accepted: u64,
    /// Messages answered AE.
    pub(crate) refused: u64,
    /// Sent a second time.
    pub(crate) resent: u64,
    /// Without an answer.
    pub(crate) unanswered: u64,
}

/// Plays all messages and waits for every answer.
pub(crate) async fn play(to: SocketAddr, patients: &[Patient], options: &Demo) -> Result<Played, Failure> {
    let bar = Arc::new(progress(options.messages));
    let mut senders = tokio::task::JoinSet::new();
    for mine in lanes(patients, options)? {
        let bar = Arc::clone(&bar);
        senders.spawn(async move { send_all(to, mine, &bar).await });
    }
    let mut played = Played::default();
    while let Some(lane) = senders.join_next().await {
        let lane = lane.map_err(|error| Failure::unreachable(error.to_string()))??;
        played.sent += lane.sent;
        played.accepted += lane.accepted;
        played.refused += lane.refused;
        played.resent += lane.resent;
        played.unanswered += lane.unanswered;
    }
    bar.finish_and_clear();
    Ok(played)
}

/// One message to send.
struct Cue {
    bytes: Vec<u8>,
    twice: bool,
}

/// The messages of each connection: every patient belongs to one connection, so that their order is kept.
fn lanes(patients: &[Patient], options: &Demo) -> Result<Vec<Vec<Cue>>, Failure> {
    let mut lanes: Vec<Vec<Cue>> = Vec::new();
    lanes.resize_with(options.connections, Vec::new);
    let written = messages(traffic(patients.len(), options.seed), options.messages)?;
    for (index, message) in written.into_iter().enumerate() {
        let broken = index % UNREADABLE_EVERY == UNREADABLE_EVERY - 1;
        let bytes = if broken { unreadable(index) } else { message.bytes };
        let twice = !broken && index % RESEND_EVERY == RESEND_EVERY - 1;
        if let Some(lane) = lanes.get_mut(message.patient % options.connections) {
            lane.push(Cue { bytes, twice });
        }
    }
    Ok(lanes)
}

async fn send_all(to: SocketAddr, cues: Vec<Cue>, bar: &ProgressBar) -> Result<Played, Failure> {
    let mut played = Played::default();
    if cues.is_empty() {
        return Ok(played);
    }
    let lost = |error: carewire_mllp::ClientError| Failure::unreachable(error.to_string());
    let mut client = Client::connect(to, client_options()).await.map_err(lost)?;
    for cue in cues {
        let answer = client.send(&cue.bytes).await;
        played.sent += 1;
        match answer.ok().and_then(|answer| ack::read(&answer.payload).ok()).map(|ack| ack.code) {
            Some(AckCode::AA) => played.accepted += 1,
            Some(_) => played.refused += 1,
            None => played.unanswered += 1,
        }
        if cue.twice {
            client.send(&cue.bytes).await.map_err(lost)?;
            played.sent += 1;
            played.resent += 1;
        }
        bar.inc(1);
    }
    Ok(played)
}

fn client_options() -> ClientOptions {
    ClientOptions { ack_timeout: Duration::from_secs(60), ..ClientOptions::new(carewire_gateway::correlate) }
}

/// A bar on a terminal, nothing elsewhere.
fn progress(messages: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(messages).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} acknowledged, {per_sec}") {
        bar.set_style(style);
    }
    bar
}
