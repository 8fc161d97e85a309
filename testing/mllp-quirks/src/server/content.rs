//! Frames whose content is not one ordinary message.

use std::io;

use super::probe::Probe;
use super::reply::{Reply, list};
use super::{ServerQuirk, row};
use crate::quirk::Level::{Informative, Required};
use crate::quirk::{Finding, Quirk, Verdict};
use crate::wire::{CR, LF, frame};

pub(super) static QUIRKS: &[ServerQuirk] = &[
    row(
        Quirk::new(
            Required,
            "no-header",
            "A frame without an MSH segment",
            "does not accept it",
            "HL7 v2: a message begins with MSH; GoogleCloudPlatform/mllp #9 (closed without a NACK)",
        ),
        |probe| Box::pin(no_header(probe)),
    ),
    row(
        Quirk::new(
            Informative,
            "batch-in-frame",
            "FHS, BHS, one message, BTS, FTS in one frame",
            "accepts or refuses; either is to be known",
            "HL7 v2 section 2.10.3; cosyte/mllp refuses, other parsers do not read it",
        ),
        |probe| Box::pin(batch(probe)),
    ),
    row(
        Quirk::new(
            Informative,
            "two-messages-in-frame",
            "Two messages in one frame",
            "answers both, or refuses; an AA for one of them hides the other",
            "MLLP: a block holds one message",
        ),
        |probe| Box::pin(two_messages(probe)),
    ),
    row(
        Quirk::new(
            Informative,
            "lf-segments",
            "Segments that end with LF",
            "reads or refuses it",
            "HL7 v2: segments end with CR; hl7-parser 0.3 lost all but the first",
        ),
        |probe| Box::pin(segments_ended_by(probe, &[LF])),
    ),
    row(
        Quirk::new(
            Informative,
            "crlf-segments",
            "Segments that end with CR LF",
            "reads or refuses it",
            "HL7 v2: segments end with CR; hl7-parser 0.3 lost all but the first",
        ),
        |probe| Box::pin(segments_ended_by(probe, &[CR, LF])),
    ),
    row(
        Quirk::new(
            Informative,
            "unknown-type",
            "A message of type ZZQ^Z99",
            "refuses it (AR, 200), or stores it all the same",
            "HL7 v2 table 0357: 200, 201",
        ),
        |probe| Box::pin(unknown_type(probe)),
    ),
];

async fn no_header(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    talk.send(&frame(b"PID|1||QUIRKS-0001\rPV1|1|N\r")).await;
    let reply = probe.reply(&mut talk, b"").await;
    Ok(Finding::new(reply.not_taken(), reply.to_string()))
}

async fn batch(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    let heads = ["FHS|^~\\&|QUIRKS|SUITE\r", "BHS|^~\\&|QUIRKS|SUITE\r"].concat();
    let payload = [heads.as_bytes(), &planned.payload(), b"BTS|1\rFTS|1\r"].concat();
    talk.send(&frame(&payload)).await;
    let reply = probe.reply(&mut talk, &planned.id).await;
    let verdict = match &reply {
        Reply::Own(..) => Verdict::Ok,
        reply if reply.refuses() => Verdict::Ok,
        _ => Verdict::Tolerable,
    };
    Ok(Finding::new(verdict, reply.to_string()))
}

async fn two_messages(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let (first, second) = (probe.message(), probe.message());
    talk.send(&frame(&[first.payload(), second.payload()].concat())).await;
    let replies = probe.all_replies(&mut talk, &first.id).await;
    let accepted = replies.iter().filter(|reply| reply.accepts()).count();
    let verdict = if accepted == 1 { Verdict::Tolerable } else { Verdict::Ok };
    let silent = replies.first() == Some(&Reply::Silence) || replies.is_empty();
    Ok(Finding::new(if silent { Verdict::Tolerable } else { verdict }, list(&replies)))
}

async fn segments_ended_by(probe: &Probe, end: &[u8]) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    let payload = planned.payload().split(|byte| *byte == CR).collect::<Vec<_>>().join(end);
    talk.send(&frame(&payload)).await;
    let reply = probe.reply(&mut talk, &planned.id).await;
    let verdict = match reply.taken_or_refused(probe.normal()) {
        Verdict::Tolerable if reply.refuses() => Verdict::Ok,
        verdict => verdict,
    };
    Ok(Finding::new(verdict, reply.to_string()))
}

async fn unknown_type(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message().with(9, "ZZQ^Z99");
    talk.send(&planned.frame()).await;
    let reply = probe.reply(&mut talk, &planned.id).await;
    let answered = matches!(reply, Reply::Own(..)) || reply.refuses();
    Ok(Finding::new(if answered { Verdict::Ok } else { Verdict::Tolerable }, reply.to_string()))
}
