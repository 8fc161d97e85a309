//! The form of the answers.

use std::io;

use super::probe::Probe;
use super::reply::Reply;
use super::{Release, ServerQuirk, row};
use crate::hl7::{acknowledge, header_field};
use crate::quirk::Level::{Informative, Recommended, Required};
use crate::quirk::{Finding, Quirk, Verdict};
use crate::shape::shape;
use crate::wire::{CR, End, FS, Frame, Heard, LF, VT, frame};

pub(super) static QUIRKS: &[ServerQuirk] = &[
    row(
        Quirk::new(
            Required,
            "ack-framed",
            "One message; the frame of its answer is looked at",
            "answers VT ... FS CR, with no byte before or after",
            "MLLP release 1; nextgenhealthcare/connect #1153, #3687 (unframed answers look like a timeout)",
        ),
        |probe| Box::pin(framed(probe)),
    ),
    row(
        Quirk::new(
            Recommended,
            "ack-segments",
            "One message; the segments of its answer are looked at",
            "has MSH first, one MSA, each segment ended by CR, no LF",
            "HL7 v2 chapter 2; @medplum/hl7 4.5.2 has no CR after MSA",
        ),
        |probe| Box::pin(segments(probe)),
    ),
    row(
        Quirk::new(
            Recommended,
            "ack-header",
            "One message; the header of its answer is looked at",
            "has MSH-9 ACK, an MSH-10 of its own, the MSH-12 of the message",
            "HL7 v2 chapter 2, table of the general acknowledgement",
        ),
        |probe| Box::pin(header(probe)),
    ),
    row(
        Quirk::new(
            Informative,
            "ack-in-one-piece",
            "One message; the reads of its answer are counted",
            "writes the answer at once: some clients read once",
            "python-hl7 #44; HAPI: writes must go out in one packet",
        ),
        |probe| Box::pin(in_one_piece(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "ack-not-answered",
            "An acknowledgement that nobody waits for, then a message",
            "does not answer the first: two such ends would never stop",
            "HL7 v2 chapter 2: an acknowledgement is never acknowledged",
        ),
        |probe| Box::pin(ack_not_answered(probe)),
    ),
    row(
        Quirk::new(
            Recommended,
            "commit-blocks",
            "Commit blocks of release 2 (VT 06 FS CR, VT 15 FS CR), then a message",
            "passes over them and answers the message",
            "MLLP release 2, commit acknowledgement block",
        ),
        |probe| Box::pin(commit_blocks(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "commit-ack",
            "One message; release 2 is asked for",
            "sends the commit block VT 06 FS CR before any other answer",
            "MLLP release 2: commit acknowledgements are mandatory",
        ),
        |probe| Box::pin(commit_ack(probe)),
    ),
];

/// The frame that answers a sound message, or what came instead.
async fn answer(probe: &Probe) -> io::Result<Result<(Vec<u8>, Frame, Heard), Finding>> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    talk.send(&planned.frame()).await;
    Ok(match probe.hear_frame(&mut talk, probe.options.timeout).await {
        Heard::Frame(frame) => Ok((planned.payload(), frame, talk.hear(probe.options.quiet).await)),
        heard => Err(Finding::fail(Reply::of(&heard, &planned.id).to_string())),
    })
}

async fn framed(probe: &Probe) -> io::Result<Finding> {
    let (_, frame, after) = match answer(probe).await? {
        Ok(answer) => answer,
        Err(finding) => return Ok(finding),
    };
    let mut odd = Vec::new();
    if !frame.before.is_empty() {
        odd.push(format!("{} before VT", frame.before));
    }
    match frame.end {
        End::FsCr => {}
        End::FsLf => odd.push("ends with FS LF".to_owned()),
        End::Fs => odd.push("ends with FS alone".to_owned()),
    }
    match after {
        Heard::Unframed(rest) => odd.push(format!("{rest} after it")),
        Heard::Frame(_) => odd.push("another frame after it".to_owned()),
        Heard::Closed | Heard::Reset | Heard::Silence => {}
    }
    Ok(match odd.is_empty() {
        true => Finding::ok("VT ... FS CR"),
        false => Finding::fail(odd.join(", ")),
    })
}

async fn segments(probe: &Probe) -> io::Result<Finding> {
    let (_, Frame { payload, .. }, _) = match answer(probe).await? {
        Ok(answer) => answer,
        Err(finding) => return Ok(finding),
    };
    let lines: Vec<&[u8]> =
        payload.split(|byte| matches!(*byte, CR | LF)).filter(|line| !line.is_empty()).collect();
    let count = |name: &[u8]| lines.iter().filter(|line| line.starts_with(name)).count();
    let mut odd = Vec::new();
    if !payload.starts_with(b"MSH") {
        odd.push(format!("begins with {}", shape(payload.get(..4).unwrap_or(&payload))));
    }
    if count(b"MSA") != 1 {
        odd.push(format!("{} MSA", count(b"MSA")));
    }
    if payload.contains(&LF) {
        odd.push("LF in it".to_owned());
    }
    if !payload.ends_with(&[CR]) {
        odd.push("no CR after the last segment".to_owned());
    }
    Ok(match odd.is_empty() {
        true => Finding::ok(format!("{} segments, each ended by CR", lines.len())),
        false => Finding::fail(odd.join(", ")),
    })
}

async fn header(probe: &Probe) -> io::Result<Finding> {
    let (sent, Frame { payload, .. }, _) = match answer(probe).await? {
        Ok(answer) => answer,
        Err(finding) => return Ok(finding),
    };
    let field = |n| header_field(&payload, n).unwrap_or_default();
    let mut odd = Vec::new();
    if !field(9).starts_with(b"ACK") {
        odd.push("MSH-9 is not ACK");
    }
    if field(10).is_empty() {
        odd.push("no MSH-10");
    }
    if Some(field(12)) != header_field(&sent, 12) {
        odd.push("another MSH-12");
    }
    Ok(match odd.is_empty() {
        true => Finding::ok("as it should be"),
        false => Finding::tolerable(odd.join(", ")),
    })
}

async fn in_one_piece(probe: &Probe) -> io::Result<Finding> {
    Ok(match answer(probe).await? {
        Ok((_, Frame { reads: 1, .. }, _)) => Finding::ok("one read"),
        Ok((_, Frame { reads, .. }, _)) => Finding::tolerable(format!("{reads} reads")),
        Err(finding) => finding,
    })
}

async fn ack_not_answered(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let answered = probe.message().payload();
    let ack = acknowledge(&answered, probe.normal(), probe.new_id().as_bytes(), &probe.new_id(), &[]);
    talk.send(&frame(&ack)).await;
    let first = probe.reply_soon(&mut talk, b"").await;
    if first.is_end() {
        return Ok(Finding::tolerable(first.to_string()));
    }
    let next = probe.next(&mut talk).await;
    let verdict = if first == Reply::Silence { Verdict::Ok } else { Verdict::Fail };
    let observed = format!("{first}, next {next}");
    Ok(Finding::new(verdict.and(next.taken_unless_closed(probe.normal())), observed))
}

async fn commit_blocks(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    talk.send(&[VT, 0x06, FS, CR, VT, 0x15, FS, CR]).await;
    let first = probe.reply_soon(&mut talk, b"").await;
    let verdict = match &first {
        Reply::Silence => Verdict::Ok,
        reply if reply.is_end() => return Ok(Finding::tolerable(reply.to_string())),
        reply if reply.refuses() => Verdict::Tolerable,
        _ => Verdict::Fail,
    };
    let next = probe.next(&mut talk).await;
    Ok(Finding::new(verdict.and(next.taken_unless_closed(probe.normal())), format!("{first}, next {next}")))
}

async fn commit_ack(probe: &Probe) -> io::Result<Finding> {
    if probe.options.release == Release::One {
        return Ok(Finding::not_applicable("release 1"));
    }
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    talk.send(&planned.frame()).await;
    let first = Reply::of(&talk.hear(probe.options.timeout).await, &planned.id);
    let verdict = if first == Reply::Commit(0x06) { Verdict::Ok } else { Verdict::Fail };
    Ok(Finding::new(verdict, first.to_string()))
}
