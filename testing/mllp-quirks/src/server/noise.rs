//! Bytes between frames, and frames that are not quite frames.

use std::io;

use super::probe::Probe;
use super::reply::{Reply, list, worst};
use super::{ServerQuirk, row};
use crate::quirk::Level::{Informative, Recommended, Required};
use crate::quirk::{Finding, Quirk, Verdict};
use crate::wire::{CR, FS, LF, VT};

pub(super) static QUIRKS: &[ServerQuirk] = &[
    row(
        Quirk::new(
            Recommended,
            "garbage-before",
            "Text before the first frame",
            "passes over it and answers the frame",
            "MLLP: what stands outside of a block is no content; @medplum/hl7 4.5.2 never answered",
        ),
        |probe| Box::pin(around(probe, b"HELLO SUITE\r\n", b"", b"")),
    ),
    row(
        Quirk::new(
            Recommended,
            "garbage-between",
            "Text between two frames in one packet",
            "passes over it and answers both",
            "MLLP: what stands outside of a block is no content; hl7-mllp-codec 0.4.0 merged",
        ),
        |probe| Box::pin(around(probe, b"", b"HELLO SUITE\r\n", b"")),
    ),
    row(
        Quirk::new(
            Recommended,
            "garbage-after",
            "Text after a frame, another frame later",
            "answers both",
            "MLLP: what stands outside of a block is no content",
        ),
        |probe| Box::pin(around(probe, b"", b"", b"HELLO SUITE\r\n")),
    ),
    row(
        Quirk::new(
            Recommended,
            "nul-between",
            "NUL bytes before, between and after frames",
            "passes over them and answers each",
            "nextgenhealthcare/connect #249 (GE Centricity)",
        ),
        |probe| Box::pin(around(probe, &[0; 3], &[0; 5], &[0; 2])),
    ),
    row(
        Quirk::new(
            Required,
            "lf-after",
            "LF after the CR of each frame",
            "answers each frame, none swallowed",
            "@medplum/hl7 4.5.2 swallowed the next message into the first",
        ),
        |probe| Box::pin(around(probe, b"", b"\n", b"\n")),
    ),
    row(
        Quirk::new(
            Recommended,
            "lf-instead-of-cr",
            "FS LF instead of FS CR, another frame later",
            "answers both",
            "senders that end lines with LF; cosyte/mllp's quirk corpus",
        ),
        |probe| Box::pin(ended_by(probe, &[VT], &[FS, LF])),
    ),
    row(
        Quirk::new(
            Recommended,
            "missing-cr",
            "FS without CR, another frame after a moment",
            "answers the first after a moment or at the next start, then the second",
            "Camel's requireEndOfData=false; cosyte/mllp's allowFsOnly",
        ),
        |probe| Box::pin(missing_cr(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "missing-start",
            "A message without VT, a sound frame later",
            "does not accept the first, and answers the second with its own MSA-2",
            "MLLP release 1: a block begins with VT; a peer's framing is broken",
        ),
        |probe| Box::pin(missing_start(probe)),
    ),
    row(
        Quirk::new(
            Recommended,
            "double-start",
            "VT twice before a message",
            "answers it",
            "nextgenhealthcare/connect #830",
        ),
        |probe| Box::pin(ended_by(probe, &[VT, VT], &[FS, CR])),
    ),
    row(
        Quirk::new(
            Recommended,
            "double-framing",
            "A frame in a frame: VT VT ... FS CR FS CR",
            "answers it once, and the next one",
            "nextgenhealthcare/connect #830",
        ),
        |probe| Box::pin(ended_by(probe, &[VT, VT], &[FS, CR, FS, CR])),
    ),
    row(
        Quirk::new(
            Required,
            "empty-frame",
            "VT FS CR: nothing in the frame, a sound frame later",
            "accepts nothing, and answers the second with its own MSA-2",
            "keep-alive frames of some peers; MLLP: a block has content",
        ),
        |probe| Box::pin(empty_frame(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "start-in-middle",
            "A frame that breaks off after a segment, then a whole one",
            "never accepts the first; answers the second with its own MSA-2, or closes",
            "a sender that restarts behind a proxy; VT is no content in MLLP",
        ),
        |probe| Box::pin(broken_off(probe, b"\r")),
    ),
    row(
        Quirk::new(
            Informative,
            "start-in-field",
            "A frame that breaks off in a field, then a whole one",
            "answers the second; some take VT in a text for content, as Word writes it",
            "VT is no content in MLLP, and stands in texts nevertheless",
        ),
        |probe| Box::pin(broken_off(probe, b"\rNTE|1||unfinished te")),
    ),
    row(
        Quirk::new(
            Recommended,
            "fs-inside",
            "FS in the text of a message, not followed by CR",
            "answers once, or refuses; and the next one",
            "decoders that look for FS alone cut the message there",
        ),
        |probe| Box::pin(fs_inside(probe)),
    ),
];

/// `before` a frame `between` a frame `after`, and one more frame when these are answered.
async fn around(probe: &Probe, before: &[u8], between: &[u8], after: &[u8]) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let sent = [probe.message(), probe.message()];
    let [first, second] = &sent;
    talk.send(&[before, &first.frame(), between, &second.frame(), after].concat()).await;
    let mut replies = probe.replies(&mut talk, &sent).await;
    if replies.len() == sent.len() && !replies.last().is_some_and(Reply::is_end) {
        replies.push(probe.next(&mut talk).await);
    }
    let verdict = worst(replies.iter().map(|reply| reply.taken_or_refused(probe.normal())));
    Ok(Finding::new(verdict, list(&replies)))
}

/// A message with these marks around it, and a sound one when it is answered.
async fn ended_by(probe: &Probe, start: &[u8], end: &[u8]) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    talk.send(&[start, &planned.payload(), end].concat()).await;
    let first = probe.reply(&mut talk, &planned.id).await;
    let mut replies = vec![first.clone()];
    let mut verdict = first.taken_or_refused(probe.normal());
    if !first.is_end() {
        let next = probe.next(&mut talk).await;
        verdict = verdict.and(next.taken_unless_closed(probe.normal()));
        replies.push(next);
    }
    Ok(Finding::new(verdict, list(&replies)))
}

async fn missing_cr(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let (first, second) = (probe.message(), probe.message());
    talk.send(&[&[VT], &first.payload()[..], &[FS]].concat()).await;
    let early = probe.reply_soon(&mut talk, &first.id).await;
    let when = if early == Reply::Silence { "at the next start" } else { "after a moment" };
    talk.send(&second.frame()).await;
    let one = match early {
        Reply::Silence => probe.reply(&mut talk, &first.id).await,
        early => early,
    };
    let mut verdict = one.taken_or_refused(probe.normal());
    if one.is_end() {
        return Ok(Finding::new(verdict, one.to_string()));
    }
    let two = probe.reply(&mut talk, &second.id).await;
    verdict = verdict.and(two.taken_unless_closed(probe.normal()));
    Ok(Finding::new(verdict, format!("{one} {when}, then {two}")))
}

async fn missing_start(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    talk.send(&[&planned.payload()[..], &[FS, CR]].concat()).await;
    let first = probe.reply_soon(&mut talk, &planned.id).await;
    not_taken_then_next(probe, &mut talk, first).await
}

async fn empty_frame(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    talk.send(&[VT, FS, CR]).await;
    let first = probe.reply_soon(&mut talk, b"").await;
    let mut finding = not_taken_then_next(probe, &mut talk, first.clone()).await?;
    // Nobody waits for an answer to nothing.
    if first == Reply::Silence && finding.verdict == Verdict::Tolerable {
        finding.verdict = Verdict::Ok;
    }
    Ok(finding)
}

async fn not_taken_then_next(
    probe: &Probe,
    talk: &mut crate::wire::Talk,
    first: Reply,
) -> io::Result<Finding> {
    let mut verdict = first.not_taken();
    if first.is_end() {
        return Ok(Finding::new(verdict, first.to_string()));
    }
    let next = probe.next(talk).await;
    verdict = verdict.and(next.taken_unless_closed(probe.normal()));
    Ok(Finding::new(verdict, format!("{first}, next {next}")))
}

/// The beginning of a message and `tail`, then a whole frame.
async fn broken_off(probe: &Probe, tail: &[u8]) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let (first, second) = (probe.message(), probe.message());
    let payload = first.payload();
    let header = payload.split(|byte| *byte == CR).next().unwrap_or_default();
    talk.send(&[&[VT], header, tail, &second.frame()].concat()).await;
    let mut replies = vec![probe.reply(&mut talk, &second.id).await];
    while replies.len() < 3 && replies.last().is_some_and(|reply| !reply.accepts() && !reply.is_end()) {
        let next = probe.reply_soon(&mut talk, &second.id).await;
        if next == Reply::Silence {
            break;
        }
        replies.push(next);
    }
    let answered = replies.iter().any(|reply| reply.is(probe.normal()));
    let foreign = replies.iter().any(|reply| matches!(reply, Reply::Foreign(code) if code.is_accept()));
    let refused = replies.iter().any(|reply| matches!(reply, Reply::Foreign(code) if !code.is_accept()));
    let closed = replies.last().is_some_and(Reply::is_end);
    let verdict = match () {
        () if foreign => Verdict::Fail,
        () if answered || closed => Verdict::Ok,
        () if refused => Verdict::Tolerable,
        () => Verdict::Fail,
    };
    Ok(Finding::new(verdict, list(&replies)))
}

async fn fs_inside(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let mut planned = probe.message();
    let bar = planned.message.separator();
    let note = [b"NTE", &[bar, b'1', bar, bar][..], b"left", &[FS], b"right"].concat();
    planned.message = planned.message.and_segment(&note);
    talk.send(&planned.frame()).await;
    let first = probe.reply(&mut talk, &planned.id).await;
    let mut verdict = first.taken_or_refused(probe.normal());
    if first.is_end() {
        return Ok(Finding::new(verdict, first.to_string()));
    }
    let (_, next) = probe.exchange(&mut talk).await;
    verdict = verdict.and(next.taken_unless_closed(probe.normal()));
    Ok(Finding::new(verdict, format!("{first}, next {next}")))
}
