//! Connections that end, pause, stall, or are many.

use std::io;
use std::time::{Duration, Instant};

use super::probe::{Planned, Probe};
use super::reply::{Reply, list, worst};
use super::{ServerQuirk, row};
use crate::quirk::Level::{Informative, Recommended, Required};
use crate::quirk::{Finding, Quirk, Verdict};

/// Connections that are opened and dropped.
const DROPPED: usize = 200;

pub(super) static QUIRKS: &[ServerQuirk] = &[
    row(
        Quirk::new(
            Recommended,
            "half-close",
            "A client that ends its side after the message",
            "answers nevertheless",
            "nextgenhealthcare/connect #1227, #1869; senders made of nc",
        ),
        |probe| Box::pin(half_close(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "cut-mid-frame",
            "A connection that ends in the middle of a frame, then another one",
            "does not accept the half, and answers on the other connection",
            "HAPI 2.2-beta1 took the first portion for a whole message",
        ),
        |probe| Box::pin(cut_mid_frame(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "slow-sender",
            "A frame with a pause in the middle",
            "answers when it is whole, or closes; never before",
            "HAPI 2.2-beta1: a read timeout made the first portion a whole message",
        ),
        |probe| Box::pin(slow_sender(probe)),
    ),
    row(
        Quirk::new(
            Recommended,
            "idle-connection",
            "Two messages with seconds of silence between",
            "keeps the connection and answers both",
            "MLLP: connections are kept; nextgenhealthcare/connect #1889",
        ),
        |probe| Box::pin(idle(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "head-of-line",
            "A connection that stalls in the middle of a frame, and another one",
            "answers on the other one",
            "dcm4che #206 (one connection at a time)",
        ),
        |probe| Box::pin(head_of_line(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "many-connections",
            "Many connections at once, a message on each",
            "answers each with its own MSA-2, or closes those beyond its limit",
            "dcm4che #206; HAPI: concurrent answers were mixed up",
        ),
        |probe| Box::pin(many(probe)),
    ),
    row(
        Quirk::new(
            Recommended,
            "open-and-drop",
            "200 connections that are opened and dropped, then one with a message",
            "answers the message",
            "port scans and health checks of load balancers",
        ),
        |probe| Box::pin(open_and_drop(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "tls-clear-text",
            "A message in the clear where TLS is spoken",
            "does not answer it with an acknowledgement",
            "IHE ATNA: no clear text on a secured port",
        ),
        |probe| Box::pin(clear_text(probe)),
    ),
    row(
        Quirk::new(
            Informative,
            "tls-no-certificate",
            "TLS without the client certificate that was given to the suite",
            "does not serve, where it means to know its peers",
            "IHE ATNA: both sides authenticate",
        ),
        |probe| Box::pin(no_certificate(probe)),
    ),
];

async fn half_close(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    talk.send(&planned.frame()).await;
    talk.end_writing().await?;
    let reply = probe.reply(&mut talk, &planned.id).await;
    let verdict = match reply.taken(probe.normal()) {
        Verdict::Fail if reply.is_end() => Verdict::Tolerable,
        verdict => verdict,
    };
    Ok(Finding::new(verdict, reply.to_string()))
}

async fn cut_mid_frame(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    talk.send(half(&planned.frame())).await;
    talk.end_writing().await?;
    let cut = probe.reply_soon(&mut talk, &planned.id).await;
    drop(talk);
    let (_, other) = probe.exchange(&mut probe.connect().await?).await;
    let verdict = match &cut {
        Reply::Silence => Verdict::Ok,
        reply if reply.refuses() || reply.is_end() => Verdict::Ok,
        _ => Verdict::Fail,
    };
    Ok(Finding::new(verdict.and(other.taken(probe.normal())), format!("{cut}, other connection {other}")))
}

async fn slow_sender(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    let frame = planned.frame();
    let (first, rest) = frame.split_at(frame.len() / 2);
    talk.send(first).await;
    let early = probe.reply_soon(&mut talk, &planned.id).await;
    if early != Reply::Silence {
        let verdict = if early.refuses() || early.is_end() { Verdict::Tolerable } else { Verdict::Fail };
        return Ok(Finding::new(verdict, format!("{early} before the frame was whole")));
    }
    talk.send_in_pieces(rest, rest.len().div_ceil(5), Duration::from_millis(100)).await;
    let reply = probe.reply(&mut talk, &planned.id).await;
    Ok(Finding::new(reply.taken_or_refused(probe.normal()), reply.to_string()))
}

async fn idle(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let (_, first) = probe.exchange(&mut talk).await;
    tokio::time::sleep(probe.options.idle).await;
    let (_, second) = probe.exchange(&mut talk).await;
    let verdict = first.taken(probe.normal()).and(second.taken_unless_closed(probe.normal()));
    let seconds = probe.options.idle.as_secs_f64();
    Ok(Finding::new(verdict, format!("{first}, after {seconds} s {second}")))
}

async fn head_of_line(probe: &Probe) -> io::Result<Finding> {
    let mut stalled = probe.connect().await?;
    let planned = probe.message();
    let frame = planned.frame();
    stalled.send(half(&frame)).await;
    let (_, other) = probe.exchange(&mut probe.connect().await?).await;
    stalled.send(frame.get(frame.len() / 2..).unwrap_or_default()).await;
    let later = probe.reply(&mut stalled, &planned.id).await;
    let verdict = other.taken(probe.normal()).and(later.taken_or_refused(probe.normal()));
    Ok(Finding::new(verdict, format!("other connection {other}, the stalled one later {later}")))
}

async fn many(probe: &Probe) -> io::Result<Finding> {
    let mut talks = Vec::new();
    for _ in 0..probe.options.connections {
        talks.push((probe.message(), probe.connect().await?));
    }
    for (planned, talk) in &mut talks {
        talk.send(&planned.frame()).await;
    }
    // The time is for all of them together.
    let began = Instant::now();
    let mut replies = Vec::new();
    for (planned, talk) in &mut talks {
        let left = probe.options.timeout.saturating_sub(began.elapsed()).max(Duration::from_millis(20));
        replies.push(Reply::of(&probe.hear_frame(talk, left).await, &planned.id));
    }
    let verdict = worst(replies.iter().map(|reply| reply.taken_or_refused(probe.normal())));
    let answered = replies.iter().any(|reply| reply.is(probe.normal()));
    Ok(Finding::new(if answered { verdict } else { Verdict::Fail }, list(&replies)))
}

async fn open_and_drop(probe: &Probe) -> io::Result<Finding> {
    for _ in 0..DROPPED {
        drop(probe.connect_in_the_clear().await?);
    }
    let (_, reply) = probe.exchange(&mut probe.connect().await?).await;
    Ok(Finding::new(reply.taken(probe.normal()), reply.to_string()))
}

async fn clear_text(probe: &Probe) -> io::Result<Finding> {
    if probe.options.tls.is_none() {
        return Ok(Finding::not_applicable("no TLS"));
    }
    let mut talk = probe.talk(Box::new(probe.connect_in_the_clear().await?));
    let planned: Planned = probe.message();
    talk.send(&planned.frame()).await;
    let reply = probe.reply_soon(&mut talk, &planned.id).await;
    let answered = matches!(reply, Reply::Own(..) | Reply::Bare(..) | Reply::Foreign(_));
    Ok(Finding::new(if answered { Verdict::Fail } else { Verdict::Ok }, reply.to_string()))
}

async fn no_certificate(probe: &Probe) -> io::Result<Finding> {
    if !probe.options.tls.as_ref().is_some_and(crate::TlsClient::has_identity) {
        return Ok(Finding::not_applicable("no client certificate given"));
    }
    // Where TLS 1.3 is spoken the refusal comes after the handshake.
    let Ok(mut talk) = probe.connect_as(false).await else {
        return Ok(Finding::ok("no handshake"));
    };
    let (_, reply) = probe.exchange(&mut talk).await;
    Ok(match reply.is_end() {
        true => Finding::ok(reply.to_string()),
        false => Finding::tolerable(format!("served without a certificate: {reply}")),
    })
}

fn half(frame: &[u8]) -> &[u8] {
    frame.get(..frame.len() / 2).unwrap_or_default()
}
