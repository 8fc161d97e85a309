//! Sound frames, cut and joined in every way.

use std::io;
use std::time::Duration;

use super::probe::{Planned, Probe};
use super::reply::{Reply, list, worst};
use super::{ServerQuirk, row};
use crate::quirk::Level::Required;
use crate::quirk::{Finding, Quirk, Verdict};
use crate::wire::{FS, VT};

pub(super) static QUIRKS: &[ServerQuirk] = &[
    row(
        Quirk::new(
            Required,
            "plain",
            "One message in one packet",
            "answers AA with the MSA-2 of the message",
            "HL7 v2 chapter 2, original mode; MLLP release 1 (Implementation Guide, appendix C.4)",
        ),
        |probe| Box::pin(plain(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "one-after-another",
            "Three messages on one connection, each after the answer of the last",
            "answers each once, with its own MSA-2",
            "node-hl7-server 2.5.0 answers all earlier messages of the connection again",
        ),
        |probe| Box::pin(one_after_another(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "byte-by-byte",
            "One message, each byte in a packet of its own",
            "answers once, when the frame is whole",
            "TCP is a stream; HAPI's partial-delay tests",
        ),
        |probe| Box::pin(in_pieces(probe, 1, 1, Duration::from_micros(200))),
    ),
    row(
        Quirk::new(
            Required,
            "split-start",
            "The start block alone, a pause, then the rest",
            "answers once",
            "TCP is a stream; hapi: a flush between start block and payload broke peers",
        ),
        |probe| Box::pin(split_after(probe, 1)),
    ),
    row(
        Quirk::new(
            Required,
            "split-end",
            "FS and CR in different packets, with a pause between",
            "answers once, nothing left over for the next message",
            "@medplum/hl7 4.5.2 looked at the last two bytes of a packet and never answered",
        ),
        |probe| Box::pin(split_end(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "two-in-one",
            "Two frames in one packet",
            "answers both, in order",
            "hl7-mllp-codec 0.4.0 and @medplum/hl7 4.5.2 merged two frames, one AA for both; Camel CAMEL-24668",
        ),
        |probe| Box::pin(in_pieces(probe, 2, usize::MAX, Duration::ZERO)),
    ),
    row(
        Quirk::new(
            Required,
            "one-and-a-half",
            "A frame and half of another in one packet, then the other half",
            "answers the first at once and the second when it is whole",
            "Camel CAMEL-24668 (frames after the first were dropped)",
        ),
        |probe| Box::pin(one_and_a_half(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "ten-pipelined",
            "Ten frames in one write, no waiting for answers",
            "gives ten answers in order, each with its MSA-2",
            "hl7-mllp-codec 0.4.0 swallowed nine of ten, and every later answer was off by nine",
        ),
        |probe| Box::pin(in_pieces(probe, 10, usize::MAX, Duration::ZERO)),
    ),
    row(
        Quirk::new(
            Required,
            "ten-in-pieces",
            "Ten frames, cut into packets of 97 bytes across their borders",
            "gives ten answers in order, each with its MSA-2",
            "python-hl7 #44 (one read taken for one message)",
        ),
        |probe| Box::pin(in_pieces(probe, 10, 97, Duration::from_micros(200))),
    ),
];

async fn plain(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let (_, reply) = probe.exchange(&mut talk).await;
    Ok(match reply.accepts() {
        true => Finding::new(reply.taken(probe.normal()), reply.to_string()),
        false => Finding::fail(format!("{reply}; give a message that the server takes, if it wants others")),
    })
}

async fn one_after_another(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let (mut replies, mut verdict) = (Vec::new(), Verdict::Ok);
    for _ in 0..3 {
        let (_, reply) = probe.exchange(&mut talk).await;
        verdict = verdict.and(reply.taken(probe.normal()));
        replies.push(reply);
    }
    match probe.reply_soon(&mut talk, b"").await {
        Reply::Silence => {}
        more if more.is_end() => {}
        more => {
            verdict = Verdict::Fail;
            replies.push(more);
        }
    }
    Ok(Finding::new(verdict, list(&replies)))
}

/// So many messages, sent together in pieces of this length.
async fn in_pieces(probe: &Probe, messages: usize, len: usize, pause: Duration) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let sent: Vec<Planned> = (0..messages).map(|_| probe.message()).collect();
    let bytes = sent.iter().map(Planned::frame).collect::<Vec<_>>().concat();
    talk.send_in_pieces(&bytes, len, pause).await;
    let mut replies = probe.replies(&mut talk, &sent).await;
    let normal = probe.normal();
    let mut verdict = worst(replies.iter().map(|reply| reply.taken(normal)));
    let more = probe.reply_soon(&mut talk, b"").await;
    if replies.len() == sent.len() && !matches!(more, Reply::Silence) && !more.is_end() {
        replies.push(more);
        verdict = Verdict::Fail;
    }
    Ok(Finding::new(verdict, list(&replies)))
}

async fn split_after(probe: &Probe, at: usize) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    let frame = planned.frame();
    let (first, second) = frame.split_at(at.min(frame.len()));
    talk.send(first).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    talk.send(second).await;
    let reply = probe.reply(&mut talk, &planned.id).await;
    Ok(Finding::new(reply.taken(probe.normal()), reply.to_string()))
}

async fn split_end(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    talk.send(&[&[VT], &planned.payload()[..], &[FS]].concat()).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    talk.send(b"\r").await;
    let first = probe.reply(&mut talk, &planned.id).await;
    let (_, second) = probe.exchange(&mut talk).await;
    let verdict = worst([first.taken(probe.normal()), second.taken(probe.normal())]);
    Ok(Finding::new(verdict, list(&[first, second])))
}

async fn one_and_a_half(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let (first, second) = (probe.message(), probe.message());
    let frame = second.frame();
    let (half, rest) = frame.split_at(frame.len() / 2);
    talk.send(&[&first.frame(), half].concat()).await;
    let one = probe.reply(&mut talk, &first.id).await;
    talk.send(rest).await;
    let two = probe.reply(&mut talk, &second.id).await;
    let verdict = worst([one.taken(probe.normal()), two.taken(probe.normal())]);
    Ok(Finding::new(verdict, list(&[one, two])))
}
