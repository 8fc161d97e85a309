//! Which acknowledgements a message asks for.

use super::AckCode;
use crate::{Message, ParseOptions};

/// Says which acknowledgements are due for what was received, by MSH-15 and MSH-16 (chapter 2, section 2.9.2 and
/// 2.9.3; table 0155).
///
/// Without either field, it is original mode: one application acknowledgement (AA, AE, AR), always. With one of them,
/// it is enhanced mode: an accept acknowledgement (CA, CE, CR) once the message is stored or not, by MSH-15, and an
/// application acknowledgement once it is processed or not, by MSH-16. The standard does not say what the one left
/// empty means; nothing is asked for by it here. A code that is not in the table asks for an answer always, so that
/// the sender does not wait in vain. What cannot be read as a message is answered as in original mode.
///
/// An acknowledgement is never acknowledged. A response that carries data with its MSA (such as RSP, ORR) can ask for
/// an accept acknowledgement, and never has an application acknowledgement.
///
/// ```
/// use carewire_hl7_v2::ack::{AckCode, AckMode, Outcome, plan};
///
/// let plan = plan(b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.5|||AL|ER\rPID|1\r");
/// assert_eq!(plan.mode(), AckMode::Enhanced);
/// assert_eq!(plan.accept(Outcome::Success), Some(AckCode::CA));
/// assert_eq!(plan.application(Outcome::Success), None);
/// assert_eq!(plan.application(Outcome::Reject), Some(AckCode::AR));
/// ```
#[must_use]
pub fn plan(received: &[u8]) -> AckPlan {
    let message = Message::parse(received, &ParseOptions::default());
    message.map_or_else(|_| AckPlan::default(), |message| AckPlan::of(&message))
}

/// Which acknowledgements are due for one message. The default is that of original mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AckPlan {
    mode: AckMode,
    received: Received,
    accept: AckCondition,
    application: AckCondition,
}

impl AckPlan {
    /// The same as [`plan`], for a message that is parsed already.
    #[must_use]
    pub fn of(message: &Message<'_>) -> Self {
        let received = Received::of(message);
        let field =
            |n| message.segment("MSH").and_then(|header| AckCondition::read(&header.field(n)?.text()));
        match (field(15), field(16)) {
            (None, None) => Self { received, ..Self::default() },
            (accept, application) => Self {
                mode: AckMode::Enhanced,
                received,
                accept: accept.unwrap_or(AckCondition::Never),
                application: application.unwrap_or(AckCondition::Never),
            },
        }
    }

    /// Original or enhanced.
    #[must_use]
    pub fn mode(&self) -> AckMode {
        self.mode
    }

    /// What was received: whether it is an acknowledgement itself.
    #[must_use]
    pub fn received(&self) -> Received {
        self.received
    }

    /// The accept acknowledgement that is due once it is known whether the message is in safe storage.
    #[must_use]
    pub fn accept(&self, outcome: Outcome) -> Option<AckCode> {
        let due = self.received != Received::Acknowledgement && self.accept.asks(outcome);
        due.then_some(match outcome {
            Outcome::Success => AckCode::CA,
            Outcome::Error => AckCode::CE,
            Outcome::Reject => AckCode::CR,
        })
    }

    /// The application acknowledgement that is due once it is known whether the message was processed.
    #[must_use]
    pub fn application(&self, outcome: Outcome) -> Option<AckCode> {
        let due = self.received == Received::Message && self.application.asks(outcome);
        due.then_some(match outcome {
            Outcome::Success => AckCode::AA,
            Outcome::Error => AckCode::AE,
            Outcome::Reject => AckCode::AR,
        })
    }
}

impl Default for AckPlan {
    fn default() -> Self {
        Self {
            mode: AckMode::Original,
            received: Received::Message,
            accept: AckCondition::Never,
            application: AckCondition::Always,
        }
    }
}

/// How messages are acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the standard has the two")]
pub enum AckMode {
    /// One acknowledgement, of the application.
    Original,
    /// An acknowledgement of the storage and one of the application, as the sender asks for them.
    Enhanced,
}

/// When an acknowledgement is asked for (table 0155).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the standard fixes the codes")]
pub enum AckCondition {
    /// AL.
    Always,
    /// NE.
    Never,
    /// ER: if there is an error, or the message is rejected.
    OnError,
    /// SU: if all went well.
    OnSuccess,
}

impl AckCondition {
    /// Reads a code; `None` when there is none.
    fn read(code: &str) -> Option<Self> {
        match code.trim().to_ascii_uppercase().as_str() {
            "" | "\"\"" => None,
            "NE" => Some(Self::Never),
            "ER" => Some(Self::OnError),
            "SU" => Some(Self::OnSuccess),
            _ => Some(Self::Always),
        }
    }

    fn asks(self, outcome: Outcome) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::OnError => outcome != Outcome::Success,
            Self::OnSuccess => outcome == Outcome::Success,
        }
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "table 0008 has these three of each kind")]
pub enum Outcome {
    /// It is stored, or processed.
    Success,
    /// It could not be stored or processed.
    Error,
    /// It is of a kind that is not handled: its type, event, version or processing id.
    Reject,
}

/// What was received, as far as acknowledging it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "callers match them all")]
pub enum Received {
    /// A message that begins an exchange.
    Message,
    /// An answer with data and an MSA.
    Response,
    /// An acknowledgement and nothing more: it is never answered.
    Acknowledgement,
}

impl Received {
    fn of(message: &Message<'_>) -> Self {
        let code = message.message_code();
        let msa = message.segment("MSA");
        let accept = msa.is_some_and(|msa| {
            msa.field(1).is_some_and(|code| code.raw().trim_start().starts_with(['C', 'c']))
        });
        match code.as_deref().map(str::trim) {
            Some("ACK" | "MCF") => Self::Acknowledgement,
            _ if accept => Self::Acknowledgement,
            _ if msa.is_some() => Self::Response,
            _ => Self::Message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is due for success, error and rejection.
    fn due(kind: &str, accept: &str, application: &str) -> (String, String) {
        let message = format!("MSH|^~\\&|A|B|C|D|2024||{kind}|7|P|2.5|||{accept}|{application}\r");
        let answer = if kind.starts_with("ADT") { "" } else { "MSA|AA|1\r" };
        let plan = plan(format!("{message}{answer}").as_bytes());
        let outcomes = [Outcome::Success, Outcome::Error, Outcome::Reject];
        let list = |due: &dyn Fn(Outcome) -> Option<AckCode>| {
            let codes: Vec<&str> = outcomes.into_iter().filter_map(due).map(AckCode::as_str).collect();
            codes.join(" ")
        };
        (list(&|outcome| plan.accept(outcome)), list(&|outcome| plan.application(outcome)))
    }

    #[test]
    fn the_whole_matrix() {
        let codes = [
            ("", "", ""),
            ("AL", "CA CE CR", "AA AE AR"),
            ("NE", "", ""),
            ("ER", "CE CR", "AE AR"),
            ("SU", "CA", "AA"),
            (" al ", "CA CE CR", "AA AE AR"),
            ("XX", "CA CE CR", "AA AE AR"),
        ];
        for (msh_15, accept, _) in codes {
            for (msh_16, _, application) in codes {
                let original = msh_15.is_empty() && msh_16.is_empty();
                let application = if original { "AA AE AR" } else { application };
                assert_eq!(
                    due("ADT^A01", msh_15, msh_16),
                    (accept.into(), application.into()),
                    "{msh_15}|{msh_16}"
                );
                assert_eq!(
                    due("ORR^O02", msh_15, msh_16),
                    (accept.into(), String::new()),
                    "{msh_15}|{msh_16}"
                );
                assert_eq!(due("ACK^A01^ACK", msh_15, msh_16), (String::new(), String::new()));
            }
        }
        assert_eq!(due("ADT^A01", "\"\"", "\"\""), (String::new(), "AA AE AR".into()));
    }

    #[test]
    fn the_caller_sees_what_was_received() {
        let received = |text: &str| plan(text.as_bytes()).received();
        assert_eq!(received("MSH|^~\\&|||||||ADT^A01|7\r"), Received::Message);
        assert_eq!(received("MSH|^~\\&|||||||RSP^K22|7\rMSA|AA|1\r"), Received::Response);
        assert_eq!(received("MSH|^~\\&|||||||RSP^K22|7\rMSA|CA|1\r"), Received::Acknowledgement);
        assert_eq!(received("MSH|^~\\&|||||||ACK|7\r"), Received::Acknowledgement);
    }

    #[test]
    fn what_cannot_be_read_is_answered_as_in_original_mode() {
        let plan = plan(b"junk");
        assert_eq!((plan.mode(), plan.accept(Outcome::Error)), (AckMode::Original, None));
        assert_eq!(plan.application(Outcome::Error), Some(AckCode::AE));
    }
}
