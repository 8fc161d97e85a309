//! One sender: an MLLP client that owns some patients.

use std::time::Duration;

use carewire_hl7_v2::ack::{self, AckCode};
use carewire_mllp::{Answer, Backoff, ClientOptions, Correlation, Link, LinkOptions, Target, Verdict};
use tokio::sync::watch;
use tokio::time::sleep;

use super::{Kind, Patient, Planned};
use crate::Rng;

const RECONNECT: Duration = Duration::from_millis(20);

/// How senders behave.
#[derive(Clone, Debug)]
pub struct SenderOptions {
    /// Where to connect, over TLS or not. With several, each message goes to any of them, and what is sent again to the next
    /// one.
    pub targets: Vec<Target>,
    /// Between an acknowledgement and the next message.
    pub pause: Duration,
    /// Of a hundred acknowledged messages so many are sent once more, as if their acknowledgement had been lost.
    pub repeated_percent: u64,
}

/// What was sent, by one sender or by several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ledger {
    /// The messages that got AA, in order for each patient.
    pub acknowledged: Vec<Planned>,
    /// How often bytes were sent again because no answer had come.
    pub resent: u64,
    /// How often they were sent again after an AA.
    pub repeated: u64,
    /// Answers that are not AA.
    pub refused: u64,
    /// A message that was sent again was answered with other bytes than the first time.
    pub other_answers: u64,
}

impl Ledger {
    /// The ledgers of several senders, each with patients of its own, as one.
    #[must_use]
    pub fn merge(ledgers: impl IntoIterator<Item = Self>) -> Self {
        ledgers.into_iter().fold(Self::default(), |mut all, ledger| {
            all.acknowledged.extend(ledger.acknowledged);
            all.resent += ledger.resent;
            all.repeated += ledger.repeated;
            all.refused += ledger.refused;
            all.other_answers += ledger.other_answers;
            all
        })
    }

    /// The acknowledged messages of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Planned> {
        self.acknowledged.iter().filter(move |planned| planned.kind == kind)
    }
}

/// A sender with patients that no other sender has.
#[derive(Debug)]
pub struct Sender {
    options: SenderOptions,
    patients: Vec<(Patient, u32)>,
    rng: Rng,
    links: Vec<Link>,
    /// Which of the links is used.
    at: usize,
    ledger: Ledger,
}

impl Sender {
    /// A sender that has not sent anything.
    pub fn new(options: SenderOptions, patients: impl IntoIterator<Item = Patient>, seed: u64) -> Self {
        let patients = patients.into_iter().map(|patient| (patient, 0)).collect();
        let link = |target: &Target| Link::new(target.clone(), link_options());
        let links = options.targets.iter().map(link).collect();
        Self { options, patients, rng: Rng::new(seed), links, at: 0, ledger: Ledger::default() }
    }

    /// Sends until `stop` is set and the message under way is acknowledged.
    pub async fn run(mut self, stop: watch::Receiver<bool>) -> Ledger {
        while !*stop.borrow() {
            let Some(planned) = self.plan() else { break };
            let bytes = planned.bytes();
            self.at = usize::try_from(self.rng.below(self.links.len() as u64)).unwrap_or(0);
            let answer = self.until_accepted(&bytes).await;
            self.ledger.acknowledged.push(planned);
            if self.rng.percent(self.options.repeated_percent) {
                self.ledger.repeated += 1;
                self.at += 1;
                let again = self.until_accepted(&bytes).await;
                self.ledger.other_answers += u64::from(again != answer);
            }
            sleep(self.options.pause).await;
        }
        self.ledger
    }

    /// The next message of any of the patients; the first of each is a visit.
    fn plan(&mut self) -> Option<Planned> {
        let chosen = usize::try_from(self.rng.below(self.patients.len() as u64)).ok()?;
        let is_visit = self.rng.percent(50);
        let (patient, turn) = self.patients.get_mut(chosen)?;
        *turn += 1;
        let kind = if *turn == 1 || is_visit { Kind::Visit } else { Kind::Result };
        Some(Planned::new(*patient, *turn, kind))
    }

    /// Sends these bytes until they are answered with AA. Gives the answer.
    async fn until_accepted(&mut self, bytes: &[u8]) -> Vec<u8> {
        loop {
            let among = self.links.len().max(1);
            let Some(link) = self.links.get_mut(self.at % among) else { return Vec::new() };
            match link.exchange(bytes).await.map(Answer::into_payload) {
                Ok(answer) if is_accepted(&answer) => return answer,
                Ok(_) => self.ledger.refused += 1,
                Err(_) => {}
            }
            self.at += 1;
            self.ledger.resent += 1;
            sleep(RECONNECT).await;
        }
    }
}

/// MSA-2 must be MSH-10; the messages ask for one answer.
#[must_use]
pub fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
    if ack::answers(sent, answer) { Correlation::Final } else { Correlation::Other }
}

fn link_options() -> LinkOptions {
    let client = ClientOptions {
        connect_timeout: Duration::from_secs(2),
        ack_timeout: Duration::from_secs(10),
        ..ClientOptions::new(correlate)
    };
    let backoff = Backoff { first: RECONNECT, most: RECONNECT, ..Backoff::default() };
    let judge = |answer: &[u8]| if is_accepted(answer) { Verdict::Accepted } else { Verdict::Temporary };
    LinkOptions { backoff, ..LinkOptions::new(client, judge) }
}

fn is_accepted(answer: &[u8]) -> bool {
    ack::read(answer).is_ok_and(|ack| ack.code == AckCode::AA)
}
