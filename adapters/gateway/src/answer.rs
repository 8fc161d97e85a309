//! What a message is taken for before it is stored, and what is answered to it.

use carewire_hl7_v2::ack::{
    self, AckCode, AckError, AckOptions, AckPlan, ErrorCode, Outcome, Received, acknowledge,
};
use carewire_hl7_v2::light::{Peek, peek};
use carewire_hl7_v2::{ParseOptions, Timestamp};
use carewire_mllp::{FrameError, Reply, is_encodable};

use crate::Shared;
use crate::intake::control_id;

/// A message as the intake sees it.
pub(crate) struct Reading<'m> {
    pub(crate) bytes: &'m [u8],
    /// Sender, control id and patient, where they can be read.
    pub(crate) peek: Option<Peek>,
    pub(crate) verdict: Verdict,
    plan: AckPlan,
    /// What an acknowledgement takes over from: the message, or nothing where it would not fit in a frame.
    echo: &'m [u8],
}

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is kept and worked on.
    Accepted,
    /// It is kept as it came, for somebody to look at, and not worked on.
    Refused(Refusal),
    /// It is an acknowledgement: kept as it came, and never answered.
    Acknowledgement,
}

/// Why a message is not worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// A stable code, for log and audit trail.
    pub(crate) reason: &'static str,
    outcome: Outcome,
    error: AckError,
}

impl Refusal {
    fn error(reason: &'static str, error: AckError) -> Self {
        Self { reason, outcome: Outcome::Error, error }
    }

    fn rejected(reason: &'static str, error: AckError) -> Self {
        Self { reason, outcome: Outcome::Reject, error }
    }

    /// The connection is known, and what it sends names an application or facility that is not its.
    pub(crate) fn wrong_sender() -> Self {
        let error = error_at("MSH-3", ErrorCode::TableValueNotFound)
            .with_text("this connection is not configured for this sending application and facility");
        Self::rejected("wrong-sender", error)
    }

    /// Nothing was stored, through no fault of the message.
    pub(crate) fn not_stored() -> Self {
        Self::error("not-stored", AckError::application_internal())
    }

    /// The header has a byte that would end the frame of an acknowledgement.
    fn not_answerable() -> Self {
        Self::error("not-answerable", error_at("MSH[1]", ErrorCode::DataTypeError))
    }
}

impl<'m> Reading<'m> {
    /// Reads what must be known before the commit.
    pub(crate) fn of(bytes: &'m [u8]) -> Self {
        let (peek, plan, verdict) = match peek(bytes, &ParseOptions::default()) {
            Ok(peek) => {
                let plan = ack::plan(bytes);
                let verdict = judge(&peek, plan);
                (Some(peek), plan, verdict)
            }
            Err(error) => {
                let refusal = Refusal::error("unreadable", AckError::from(&error));
                (None, AckPlan::default(), Verdict::Refused(refusal))
            }
        };
        Self { bytes, peek, verdict, plan, echo: bytes }
    }

    pub(crate) fn is_accepted(&self) -> bool {
        self.verdict == Verdict::Accepted
    }

    /// Why it is not worked on: a stable code.
    pub(crate) fn reason(&self) -> &'static str {
        match &self.verdict {
            Verdict::Accepted => "accepted",
            Verdict::Refused(refusal) => refusal.reason,
            Verdict::Acknowledgement => "acknowledgement",
        }
    }
}

/// Whatever can be kept and correlated is accepted, also a type that the map does not know: it waits in the dead letter
/// until the map does.
fn judge(peek: &Peek, plan: AckPlan) -> Verdict {
    if plan.received() == Received::Acknowledgement {
        return Verdict::Acknowledgement;
    }
    if control_id(peek).is_none() {
        let error = error_at("MSH-10", ErrorCode::RequiredFieldMissing);
        return Verdict::Refused(Refusal::error("no-control-id", error));
    }
    if peek.holds_another {
        // One answer for two messages would hide the second: neither is taken.
        let error =
            error_at("MSH[2]", ErrorCode::SegmentSequenceError).with_text("several messages in one frame");
        return Verdict::Refused(Refusal::error("several-messages", error));
    }
    if peek.version.as_deref().is_some_and(is_of_another_standard) {
        let error = error_at("MSH-12", ErrorCode::UnsupportedVersionId);
        return Verdict::Refused(Refusal::rejected("unsupported-version", error));
    }
    Verdict::Accepted
}

/// A version that begins with another number than 2. What is not a version at all says nothing.
fn is_of_another_standard(version: &str) -> bool {
    let digits = version.trim().bytes().take_while(u8::is_ascii_digit);
    let major = digits.fold(None, |number: Option<u32>, digit| {
        Some(number.unwrap_or(0).saturating_mul(10).saturating_add(u32::from(digit - b'0')))
    });
    major.is_some_and(|major| major != 2)
}

/// An error at a place of the header, such as `MSH-10`.
fn error_at(place: &str, code: ErrorCode) -> AckError {
    let mut error = AckError::new(code);
    error.location = place.parse().ok();
    error
}

impl Shared {
    /// The acknowledgements of a message once it is stored, in the order in which they are sent.
    ///
    /// Where one would not fit in a frame, nobody can be told which message was taken: it is refused instead.
    pub(crate) fn answers_to(&self, reading: &mut Reading<'_>) -> Vec<Vec<u8>> {
        let answers = self.answers(reading);
        if answers.iter().all(|answer| is_encodable(answer)) {
            return answers;
        }
        reading.echo = b"";
        reading.verdict = Verdict::Refused(Refusal::not_answerable());
        self.answers(reading)
    }

    fn answers(&self, reading: &Reading<'_>) -> Vec<Vec<u8>> {
        match &reading.verdict {
            Verdict::Accepted => self.write(reading, Outcome::Success, None),
            Verdict::Refused(refusal) => self.refusals(reading, refusal),
            Verdict::Acknowledgement => vec![],
        }
    }

    /// The acknowledgements that say no.
    pub(crate) fn refusals(&self, reading: &Reading<'_>, refusal: &Refusal) -> Vec<Vec<u8>> {
        self.write(reading, refusal.outcome, Some(&refusal.error))
    }

    /// The accept acknowledgement, then the application acknowledgement, where the sender asks for them.
    fn write(&self, reading: &Reading<'_>, outcome: Outcome, error: Option<&AckError>) -> Vec<Vec<u8>> {
        let due = [reading.plan.accept(outcome), reading.plan.application(outcome)];
        due.into_iter().flatten().map(|code| self.acknowledge(reading.echo, code, error.cloned())).collect()
    }

    /// The answer to a frame without a payload: nothing of it can be named, only what is wrong with it.
    pub(crate) fn answer_to_frame(&self, error: FrameError) -> Vec<u8> {
        let (code, text) = match error {
            FrameError::Empty { .. } => (ErrorCode::SegmentSequenceError, "empty frame"),
            FrameError::TooLong { .. } => (ErrorCode::OtherHl7Error, "frame is too long"),
            FrameError::Unfinished { .. } => (ErrorCode::OtherHl7Error, "frame broke off before its end"),
            FrameError::MissingStart { .. } => {
                (ErrorCode::OtherHl7Error, "frame without its start (0x0B); message not taken")
            }
            _ => (ErrorCode::OtherHl7Error, "frame not understood"),
        };
        let error = AckError::new(code).with_text(text).with_diagnostic(error.to_string());
        self.acknowledge(b"", AckCode::AE, Some(error))
    }

    fn acknowledge(&self, received: &[u8], code: AckCode, error: Option<AckError>) -> Vec<u8> {
        let now = self.parts.clock.now().format("%Y%m%d%H%M%S+0000").to_string().parse::<Timestamp>();
        let id = self.new_ids().map(|(id, _)| id.to_string()).unwrap_or_default();
        // MSH-10 holds at most 20 characters before version 2.7: the random end of the id.
        let short = id.replace('-', "");
        let control_id = short.get(short.len().saturating_sub(20)..).unwrap_or_default();
        acknowledge(received, &AckOptions::new(code, control_id).at(now.ok()).with_errors(error))
    }
}

/// Stands between stored acknowledgements. No payload that fits in a frame holds it.
const BETWEEN: &[u8] = b"\x1C\r\x0B";

/// The acknowledgements of one message as they are stored.
pub(crate) fn join(answers: &[Vec<u8>]) -> Vec<u8> {
    answers.join(BETWEEN)
}

/// The acknowledgements that were stored together.
pub(crate) fn split(stored: &[u8]) -> Vec<Vec<u8>> {
    let mut answers = Vec::new();
    let mut rest = stored;
    while let Some(end) = rest.windows(BETWEEN.len()).position(|window| window == BETWEEN) {
        let (answer, behind) = rest.split_at(end);
        answers.push(answer.to_vec());
        rest = behind.get(BETWEEN.len()..).unwrap_or_default();
    }
    if !rest.is_empty() {
        answers.push(rest.to_vec());
    }
    answers
}

/// All answers, in order.
pub(crate) fn reply(mut answers: Vec<Vec<u8>>) -> Reply {
    match answers.len() {
        0 => Reply::Nothing,
        1 => Reply::Send(answers.swap_remove(0)),
        _ => Reply::SendAll(answers),
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
