//! Sound answers in unsound forms, and forms that are no answers.

use std::time::Duration;

use super::stage::{Arrival, Next, Reading, Stage};
use super::{Scenario, scene};
use crate::quirk::Level::{Recommended, Required};
use crate::quirk::{Finding, Quirk, Verdict};
use crate::wire::{CR, FS, LF, VT, frame};

pub(super) static SCENARIOS: &[Scenario] = &[
    scene(
        Quirk::new(
            Required,
            "plain",
            "Every message is accepted",
            "sends each message once, in order",
            "MLLP release 1; HL7 v2 chapter 2, original mode",
        ),
        |stage| Box::pin(plain(stage)),
    ),
    scene(
        Quirk::new(
            Required,
            "ack-in-two-packets",
            "The first answer comes in two packets",
            "takes it",
            "python-hl7 #44: one read was taken for the whole answer",
        ),
        |stage| Box::pin(taken(stage, |ack| halves(&frame(ack)))),
    ),
    scene(
        Quirk::new(
            Required,
            "ack-byte-by-byte",
            "The first answer comes byte by byte",
            "takes it",
            "TCP is a stream",
        ),
        |stage| Box::pin(taken(stage, |ack| frame(ack).chunks(1).map(<[u8]>::to_vec).collect())),
    ),
    scene(
        Quirk::new(
            Required,
            "ack-split-end",
            "FS and CR of the first answer come in different packets",
            "takes it, and nothing is left over for the next",
            "@medplum/hl7 4.5.2 looked at the last two bytes of a packet",
        ),
        |stage| Box::pin(taken(stage, |ack| vec![[&[VT], ack, &[FS]].concat(), vec![CR]])),
    ),
    scene(
        Quirk::new(
            Recommended,
            "ack-after-nul",
            "NUL bytes before the first answer",
            "takes it, or sends the message again",
            "nextgenhealthcare/connect #249 (GE Centricity)",
        ),
        |stage| Box::pin(taken(stage, |ack| vec![[&[0; 3], &frame(ack)[..]].concat()])),
    ),
    scene(
        Quirk::new(
            Recommended,
            "ack-after-garbage",
            "Text before the first answer",
            "takes it, or sends the message again",
            "MLLP: what stands outside of a block is no content",
        ),
        |stage| Box::pin(taken(stage, |ack| vec![[b"HELLO\r\n", &frame(ack)[..]].concat()])),
    ),
    scene(
        Quirk::new(
            Recommended,
            "ack-lf-after",
            "LF after the CR of the first answer",
            "takes it, and the next answer",
            "@medplum/hl7 4.5.2 swallowed what came after LF",
        ),
        |stage| Box::pin(taken(stage, |ack| vec![[&frame(ack)[..], &[LF]].concat()])),
    ),
    scene(
        Quirk::new(
            Recommended,
            "ack-without-cr",
            "FS without CR at the end of the first answer",
            "takes it, or sends the message again",
            "nextgenhealthcare/connect #3687",
        ),
        |stage| Box::pin(taken(stage, |ack| vec![[&[VT], ack, &[FS]].concat()])),
    ),
    scene(
        Quirk::new(
            Recommended,
            "ack-without-last-cr",
            "No CR after the MSA segment of the first answer",
            "takes it",
            "@medplum/hl7 4.5.2 answers like this",
        ),
        |stage| Box::pin(taken(stage, |ack| vec![frame(ack.strip_suffix(b"\r").unwrap_or(ack))])),
    ),
    scene(
        Quirk::new(
            Recommended,
            "ack-long",
            "The first answer is 256 KiB long",
            "takes it",
            "answers that quote the message in ERR",
        ),
        |stage| Box::pin(taken(stage, |ack| vec![frame(&[ack, &note(256 << 10)].concat())])),
    ),
    Scenario {
        reading: Reading::ByteByByte,
        ..scene(
            Quirk::new(
                Recommended,
                "slow-reader",
                "The server reads one byte at a time",
                "sends each message whole, once",
                "small windows of receivers under load",
            ),
            |stage| Box::pin(plain(stage)),
        )
    },
    scene(
        Quirk::new(
            Required,
            "ack-unframed",
            "The first answer has no frame",
            "does not take it: sends the message again, or stops",
            "nextgenhealthcare/connect #1153, #3687",
        ),
        |stage| Box::pin(untaken(stage, |stage, message| stage.ack(message))),
    ),
    scene(
        Quirk::new(
            Required,
            "ack-of-another",
            "The first answer names another message in MSA-2",
            "does not take it: sends the message again, or stops",
            "nextgenhealthcare/connect #1441, #2070",
        ),
        |stage| {
            Box::pin(untaken(stage, |stage, message| {
                frame(&stage.answer(message, crate::hl7::Code::AA, b"ANOTHER-1", &[]))
            }))
        },
    ),
    scene(
        Quirk::new(
            Recommended,
            "ack-of-none",
            "The first answer has no MSA-2",
            "does not take it: sends the message again, or stops",
            "HL7 v2: MSA-2 is required",
        ),
        |stage| {
            Box::pin(untaken(stage, |stage, message| {
                frame(&stage.answer(message, crate::hl7::Code::AA, b"", &[]))
            }))
        },
    ),
    scene(
        Quirk::new(
            Required,
            "ack-unknown-code",
            "The first answer has MSA-1 ZZ",
            "does not take it: sends the message again, or stops",
            "HL7 v2 table 0008",
        ),
        |stage| {
            Box::pin(untaken(stage, |stage, message| {
                frame(&stage.answer(message, crate::hl7::Code::Other, &message.id, &[]))
            }))
        },
    ),
    scene(
        Quirk::new(
            Required,
            "echo",
            "The first answer is the message itself",
            "does not take it: sends the message again, or stops",
            "echo services and loops of a tunnel",
        ),
        |stage| Box::pin(untaken(stage, |_, message| frame(&message.payload))),
    ),
];

/// No message came at all.
pub(super) fn no_message(stage: &Stage) -> Finding {
    Finding::fail(match stage.tally().ended {
        Some(_) => "no message".to_owned(),
        None => format!("no message within {} s", stage.options.patience.as_secs_f64()),
    })
}

async fn plain(stage: &mut Stage) -> Finding {
    let mut last = None;
    while stage.tally().messages() < stage.options.messages {
        let Some(message) = stage.next(stage.options.patience).await else { break };
        stage.accept(&message).await;
        last = Some(message);
    }
    let (messages, repeated) = (stage.tally().messages(), stage.tally().repeated());
    match last {
        None => no_message(stage),
        Some(_) if messages < stage.options.messages => Finding::fail(format!("only {messages} messages")),
        Some(_) if repeated > 0 => Finding::fail(format!("{repeated} sent again")),
        Some(_) => Finding::ok("each once"),
    }
}

/// The first message gets an answer in pieces. It says that it is accepted, if one can read it.
async fn taken(stage: &mut Stage, pieces: fn(&[u8]) -> Vec<Vec<u8>>) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    let ack = stage.ack(&first);
    let pieces = pieces(&ack);
    let pause = Duration::from_millis(if pieces.len() > 2 { 1 } else { 50 });
    for piece in &pieces {
        stage.send(first.connection, piece).await;
        tokio::time::sleep(pause).await;
    }
    judge_taken(stage, &first).await
}

/// What is right after an answer that can be taken.
pub(super) async fn judge_taken(stage: &mut Stage, first: &Arrival) -> Finding {
    match stage.after(first).await {
        Next::Other(_) => {
            stage.accepted(first);
            Finding::ok("taken")
        }
        Next::Again(_) => Finding::tolerable("sent again"),
        Next::Ended(true) => {
            stage.accepted(first);
            let all = stage.tally().messages() >= stage.options.messages;
            Finding::new(if all { Verdict::Ok } else { Verdict::Fail }, "taken as the last one")
        }
        Next::Ended(false) => Finding::tolerable("stopped"),
        Next::Nothing => Finding::fail("waits for ever"),
    }
}

/// The first message gets something that does not say that it is accepted.
async fn untaken(stage: &mut Stage, answer: fn(&mut Stage, &Arrival) -> Vec<u8>) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    let answer = answer(stage, &first);
    stage.send(first.connection, &answer).await;
    judge_untaken(stage, &first).await
}

/// What is right where a message was not accepted.
pub(super) async fn judge_untaken(stage: &mut Stage, first: &Arrival) -> Finding {
    match stage.after(first).await {
        Next::Again(_) => Finding::ok("sent again"),
        Next::Ended(false) => Finding::ok("stopped"),
        Next::Other(_) => Finding::fail("went on to the next message"),
        Next::Ended(true) => Finding::fail("ended as if all was well"),
        Next::Nothing => Finding::tolerable("waits for ever"),
    }
}

fn halves(frame: &[u8]) -> Vec<Vec<u8>> {
    let (first, second) = frame.split_at(frame.len() / 2);
    vec![first.to_vec(), second.to_vec()]
}

fn note(len: usize) -> Vec<u8> {
    [b"NTE|1||", &vec![b'x'; len][..], b"\r"].concat()
}
