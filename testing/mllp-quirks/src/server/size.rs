//! Long messages.

use std::io;

use super::probe::{Planned, Probe};
use super::reply::Reply;
use super::{ServerQuirk, row};
use crate::quirk::Level::{Recommended, Required};
use crate::quirk::{Finding, Quirk, Verdict};
use crate::wire::{CR, FS, Talk, VT};

const MIB: usize = 1 << 20;

pub(super) static QUIRKS: &[ServerQuirk] = &[
    row(
        Quirk::new(
            Recommended,
            "big-1m",
            "A message of 1 MiB",
            "answers it",
            "embedded documents; GoogleCloudPlatform/mllp #19; default buffers of 64 KiB",
        ),
        |probe| Box::pin(big(probe, MIB)),
    ),
    row(
        Quirk::new(
            Recommended,
            "big-4m",
            "A message of 4 MiB",
            "answers it",
            "embedded documents; GoogleCloudPlatform/mllp #19",
        ),
        |probe| Box::pin(big(probe, 4 * MIB)),
    ),
    row(
        Quirk::new(
            Required,
            "oversize",
            "A message beyond any sane limit, while another connection is open",
            "closes or refuses; the other connection is answered",
            "memory of the server: most stacks have no limit, python-hl7 and Mirth have one",
        ),
        |probe| Box::pin(oversize(probe)),
    ),
];

async fn big(probe: &Probe, len: usize) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let mut planned = probe.message();
    let segments = long_segments(&planned, len);
    planned.message = planned.message.with_rest(&segments);
    talk.send(&planned.frame()).await;
    let reply = probe.reply(&mut talk, &planned.id).await;
    Ok(Finding::new(reply.taken_or_refused(probe.normal()), reply.to_string()))
}

/// The segments of the message and observations that make it so long.
fn long_segments(planned: &Planned, len: usize) -> Vec<u8> {
    let payload = planned.payload();
    let rest: Vec<&[u8]> =
        payload.split(|byte| *byte == CR).skip(1).filter(|line| !line.is_empty()).collect();
    let mut segments = rest.join(&CR);
    let bar = char::from(planned.message.separator());
    for n in 1.. {
        if segments.len() >= len {
            break;
        }
        let start = format!("\rOBX{bar}{n}{bar}TX{bar}TEXT{bar}{bar}");
        segments.extend_from_slice(start.as_bytes());
        segments.resize(segments.len() + 1000, b'x');
    }
    segments
}

async fn oversize(probe: &Probe) -> io::Result<Finding> {
    let mut other = probe.connect().await?;
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    let written = send_oversize(probe, &mut talk, &planned).await;
    let reply = probe.reply(&mut talk, &planned.id).await;
    let (_, beside) = probe.exchange(&mut other).await;
    let verdict = match &reply {
        reply if reply.refuses() || reply.is_end() => Verdict::Ok,
        reply if reply.is(probe.normal()) => Verdict::Tolerable,
        _ => Verdict::Fail,
    };
    let taken = match &reply {
        Reply::Own(code, _) if code.is_accept() => " (no limit seen)",
        _ => "",
    };
    let observed = format!("{reply} after {} MiB{taken}, other connection {beside}", written / MIB);
    Ok(Finding::new(verdict.and(beside.taken(probe.normal())), observed))
}

/// Writes until all is written or the server will not have more; says how much.
async fn send_oversize(probe: &Probe, talk: &mut Talk, planned: &Planned) -> usize {
    let bar = char::from(planned.message.separator());
    let start = format!("OBX{bar}1{bar}TX{bar}TEXT{bar}{bar}");
    if !talk.send(&[&[VT], &planned.payload()[..], start.as_bytes()].concat()).await {
        return 0;
    }
    let chunk = vec![b'x'; 256 * 1024];
    let mut written = 0;
    while written < probe.options.oversize {
        if !talk.send(&chunk).await {
            return written;
        }
        written += chunk.len();
    }
    talk.send(&[CR, FS, CR]).await;
    written
}
