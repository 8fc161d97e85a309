//! What a sender asks about an answer: whether it belongs to the message, whether another one follows, what it means.

use super::{AckCode, AckMode, Outcome, answers, plan, read};

/// What an answer is for the message that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "callers match both: to wait on, or to be done")]
pub enum AckPart {
    /// An accept acknowledgement that says that the message is stored, where an application acknowledgement is due as well.
    Interim,
    /// The last answer, or the only one.
    Final,
}

/// Says what an answer is for this message; `None` where it answers another one or cannot be read.
///
/// It belongs to the message where the bytes of MSA-2 are those of MSH-10 ([`answers`]). CA is interim where the message
/// asks in MSH-16 for an application acknowledgement of what goes well (`AL`, `SU`). With `ER` nothing more comes where
/// all goes well, so CA is final. An answer that says no and names no message belongs to it as well: a receiver that could
/// not read the message cannot name it. One that says yes must name it. CE and CR are final: what was not stored is not processed. In original mode (neither
/// MSH-15 nor MSH-16) there is one answer, whatever its code (chapter 2, sections 2.9.2 and 2.9.3).
///
/// ```
/// use carewire_hl7_v2::ack::{AckPart, part_of};
///
/// let sent = b"MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.5|||AL|AL\rPID|1\r";
/// let answer = |msa: &str| format!("MSH|^~\\&|C|D|A|B|2024||ACK|9|P|2.5\r{msa}\r").into_bytes();
/// assert_eq!(part_of(sent, &answer("MSA|CA|7")), Some(AckPart::Interim));
/// assert_eq!(part_of(sent, &answer("MSA|AA|7")), Some(AckPart::Final));
/// assert_eq!(part_of(sent, &answer("MSA|AA|6")), None);
/// assert_eq!((part_of(sent, &answer("MSA|AA|")), part_of(sent, &answer("MSA|AE|"))), (None, Some(AckPart::Final)));
/// ```
#[must_use]
pub fn part_of(sent: &[u8], answer: &[u8]) -> Option<AckPart> {
    if !answers(sent, answer) {
        return refuses_unnamed(answer).then_some(AckPart::Final);
    }
    let stored = read(answer).is_ok_and(|ack| ack.code == AckCode::CA);
    let interim = stored && {
        let plan = plan(sent);
        plan.mode() == AckMode::Enhanced && plan.application(Outcome::Success).is_some()
    };
    Some(if interim { AckPart::Interim } else { AckPart::Final })
}

/// Whether it says no to a message that it cannot name.
fn refuses_unnamed(answer: &[u8]) -> bool {
    read(answer).is_ok_and(|ack| ack.control_id.is_empty() && !ack.code.is_accept())
}

/// What an answer means for the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "callers match all: to go on, to repeat, to stop")]
pub enum AckVerdict {
    /// The receiver took the message: AA or CA.
    Accepted,
    /// Not now: the same message may be taken later.
    Temporary,
    /// Not taken; sending the same message again will not help.
    Rejected,
}

/// Judges an answer by its code and the errors that it reports.
///
/// Temporary is what [`Ack::is_temporary`](super::Ack::is_temporary) says: not accepted, and the receiver names a lock (206) or an internal error
/// (207) and nothing else. Without an ERR segment AE, AR, CE and CR are rejections, and so is what cannot be
/// read as an acknowledgement.
///
/// ```
/// use carewire_hl7_v2::ack::{AckVerdict, judge};
///
/// let head = "MSH|^~\\&|||||||ACK|9|P|2.5\r";
/// assert_eq!(judge(format!("{head}MSA|AA|7\r").as_bytes()), AckVerdict::Accepted);
/// assert_eq!(judge(format!("{head}MSA|CE|7\rERR|||206|E\r").as_bytes()), AckVerdict::Temporary);
/// assert_eq!(judge(format!("{head}MSA|AE|7\r").as_bytes()), AckVerdict::Rejected);
/// assert_eq!(judge(b"OK"), AckVerdict::Rejected);
/// ```
#[must_use]
pub fn judge(answer: &[u8]) -> AckVerdict {
    match read(answer) {
        Ok(ack) if ack.code.is_accept() => AckVerdict::Accepted,
        Ok(ack) if ack.is_temporary() => AckVerdict::Temporary,
        _ => AckVerdict::Rejected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ack::{AckError, AckOptions, ErrorCode, acknowledge};

    fn sent(msh_15: &str, msh_16: &str) -> Vec<u8> {
        format!("MSH|^~\\&|A|B|C|D|2024||ADT^A01|7|P|2.5|||{msh_15}|{msh_16}\rPID|1\r").into_bytes()
    }

    fn answer(code: &str, to: &str) -> Vec<u8> {
        format!("MSH|^~\\&|C|D|A|B|2024||ACK|9|P|2.5\rMSA|{code}|{to}\r").into_bytes()
    }

    #[test]
    fn only_a_commit_accept_with_an_application_ack_to_come_is_interim() {
        let modes = [("AL", "AL", true), ("AL", "SU", true), ("AL", "ER", false), ("AL", "NE", false)];
        let more = [("AL", "", false), ("", "", false), ("", "AL", true), ("NE", "AL", true)];
        for (msh_15, msh_16, interim) in modes.into_iter().chain(more) {
            for code in ["AA", "AE", "AR", "CA", "CE", "CR", " ca "] {
                let expected = match code.trim() {
                    "CA" | "ca" if interim => AckPart::Interim,
                    _ => AckPart::Final,
                };
                let found = part_of(&sent(msh_15, msh_16), &answer(code, "7"));
                assert_eq!(found, Some(expected), "MSH-15 `{msh_15}`, MSH-16 `{msh_16}`, {code}");
            }
        }
    }

    #[test]
    fn what_answers_another_message_or_nothing_is_no_part() {
        for other in ["8", "", "07", "7 "] {
            for code in ["AA", "CA"] {
                assert_eq!(part_of(&sent("AL", "AL"), &answer(code, other)), None, "{code} `{other}`");
            }
        }
        for (code, other) in [("AE", "8"), ("CR", "07"), ("AR", " "), ("OK", "")] {
            assert_eq!(part_of(&sent("AL", "AL"), &answer(code, other)), None, "{code} `{other}`");
        }
        for junk in [&b""[..], b"OK", b"MSH|^~\\&|C\r", b"MSA|AA|7\r"] {
            assert_eq!(part_of(&sent("", ""), junk), None);
        }
        assert_eq!(part_of(b"no header", &answer("AA", "7")), None);
    }

    #[test]
    fn a_refusal_that_cannot_name_the_message_is_of_the_one_that_waits() {
        for unread in [&b"no header"[..], b"MSH|^~\\&|A|B|||||ADT^A01\rPID|1\r", &sent("AL", "AL")] {
            for code in ["AE", "AR", "CE", "CR"] {
                assert_eq!(part_of(unread, &answer(code, "")), Some(AckPart::Final), "{code}");
            }
            assert_eq!(part_of(unread, &answer("AA", "")), None);
        }
    }

    #[test]
    fn an_answer_with_a_strange_code_is_final_and_rejected() {
        assert_eq!(part_of(&sent("AL", "AL"), &answer("OK", "7")), Some(AckPart::Final));
        assert_eq!(judge(&answer("OK", "7")), AckVerdict::Rejected);
    }

    #[test]
    fn a_response_with_data_gets_no_application_ack_so_its_accept_ack_is_final() {
        let response = b"MSH|^~\\&|A|B|C|D|2024||RSP^K22|7|P|2.5|||AL|AL\rMSA|AA|1\r";
        assert_eq!(part_of(response, &answer("CA", "7")), Some(AckPart::Final));
    }

    #[test]
    fn the_verdict_follows_the_code_and_every_error() {
        use ErrorCode::{
            ApplicationInternalError as Internal, ApplicationRecordLocked as Locked, DataTypeError,
        };
        let judged = |code: AckCode, errors: &[ErrorCode]| {
            let errors = errors.iter().copied().map(AckError::new);
            judge(&acknowledge(&sent("", ""), &AckOptions::new(code, "1").with_errors(errors)))
        };
        for code in [AckCode::AE, AckCode::AR, AckCode::CE, AckCode::CR] {
            assert_eq!(judged(code, &[]), AckVerdict::Rejected, "{code}");
            assert_eq!(judged(code, &[Locked]), AckVerdict::Temporary, "{code}");
            assert_eq!(judged(code, &[Internal, Locked]), AckVerdict::Temporary, "{code}");
            assert_eq!(judged(code, &[Locked, DataTypeError]), AckVerdict::Rejected, "{code}");
        }
        for code in [AckCode::AA, AckCode::CA] {
            assert_eq!(judged(code, &[]), AckVerdict::Accepted, "{code}");
            assert_eq!(judged(code, &[Locked]), AckVerdict::Accepted, "{code}");
        }
    }
}
