//! MSH-10 and what comes back as MSA-2.

use std::io;

use super::probe::Probe;
use super::reply::{Reply, worst};
use super::{ServerQuirk, row};
use crate::hl7::Message;
use crate::quirk::Level::{Recommended, Required};
use crate::quirk::{Finding, Quirk, Verdict};
use crate::wire::{Heard, Talk, frame};

pub(super) static QUIRKS: &[ServerQuirk] = &[
    row(
        Quirk::new(
            Required,
            "no-control-id",
            "A message whose MSH-10 is empty",
            "does not accept it: the answer could not name it",
            "HL7 v2: MSH-10 is required; cosyte/mllp answers AE",
        ),
        |probe| Box::pin(no_control_id(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "resend",
            "The same message twice",
            "answers both times with the same code",
            "nextgenhealthcare/connect #4126, #1293: repeats after a lost answer are normal",
        ),
        |probe| Box::pin(resend(probe)),
    ),
    row(
        Quirk::new(
            Required,
            "msa2-case",
            "MSH-10 in lower and upper case",
            "has it in MSA-2 byte for byte",
            "HL7 v2: MSA-2 is the MSH-10 of the message",
        ),
        |probe| Box::pin(verbatim(probe, "aBc-", "")),
    ),
    row(
        Quirk::new(
            Recommended,
            "msa2-spaces",
            "MSH-10 with spaces before, within and after",
            "has it in MSA-2 byte for byte",
            "HL7 v2: MSA-2 is the MSH-10 of the message; clients compare bytes",
        ),
        |probe| Box::pin(verbatim(probe, " a ", " ")),
    ),
    row(
        Quirk::new(
            Recommended,
            "msa2-long",
            "MSH-10 of 199 characters, the longest of version 2.7 on",
            "has it in MSA-2 whole, or refuses",
            "HL7 v2.7: ST of 199, before that 20; columns of 20 characters cut it",
        ),
        |probe| Box::pin(long(probe)),
    ),
    row(
        Quirk::new(
            Recommended,
            "msa2-escape",
            "MSH-10 with escape sequences",
            "has it in MSA-2 byte for byte, not unescaped",
            "HL7 v2 section 2.7; Efferent #7, #40 (escaped twice)",
        ),
        |probe| Box::pin(escaped(probe)),
    ),
    row(
        Quirk::new(
            Recommended,
            "custom-delimiters",
            "A message with MSH#*%!@",
            "answers it, in an answer whose own MSH-1 and MSH-2 say how to read it",
            "HL7 v2 section 2.5.4; parsers that know only |^~\\&",
        ),
        |probe| Box::pin(custom_delimiters(probe)),
    ),
    row(
        Quirk::new(
            Recommended,
            "charset-latin1",
            "MSH-18 is 8859/1, Latin-1 letters in MSH-10 and PID-5",
            "has MSH-10 in MSA-2 in the same bytes",
            "Camel PR 10880; NHapiTools #3, #28 (bytes cast to characters)",
        ),
        |probe| Box::pin(charset(probe, "8859/1", b"\xE9", b"M\xFCller^Ren\xE9")),
    ),
    row(
        Quirk::new(
            Recommended,
            "charset-utf8",
            "MSH-18 is UNICODE UTF-8, such letters in MSH-10 and PID-5",
            "has MSH-10 in MSA-2 in the same bytes",
            "Camel PR 10880 (MSH-18 ignored, ISO-8859-1 assumed)",
        ),
        |probe| Box::pin(charset(probe, "UNICODE UTF-8", "é".as_bytes(), "Müller^René".as_bytes())),
    ),
];

async fn no_control_id(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message_called(Vec::new());
    talk.send(&planned.frame()).await;
    let reply = probe.reply(&mut talk, b"").await;
    Ok(Finding::new(reply.not_taken(), reply.to_string()))
}

async fn resend(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message();
    let mut heard = Vec::new();
    for _ in 0..2 {
        talk.send(&planned.frame()).await;
        heard.push(probe.hear_frame(&mut talk, probe.options.timeout).await);
    }
    let replies: Vec<Reply> = heard.iter().map(|heard| Reply::of(heard, &planned.id)).collect();
    let verdict = worst(replies.iter().map(|reply| reply.taken(probe.normal())));
    let same = match heard.as_slice() {
        [Heard::Frame(first), Heard::Frame(second)] if first.payload == second.payload => {
            "the same answer, byte for byte"
        }
        _ => "another answer",
    };
    Ok(Finding::new(verdict, format!("{}, {same}", super::reply::list(&replies))))
}

/// The answer of a message with an unusual control id must name exactly that.
fn judged(probe: &Probe, reply: &Reply) -> Finding {
    let verdict = match reply {
        reply if reply.is(probe.normal()) => Verdict::Ok,
        Reply::Foreign(code) if !code.is_accept() => Verdict::Tolerable,
        reply if reply.refuses() || reply.is_end() => Verdict::Tolerable,
        _ => Verdict::Fail,
    };
    Finding::new(verdict, reply.to_string())
}

async fn ask(probe: &Probe, talk: &mut Talk, message: &Message, id: &[u8]) -> Finding {
    talk.send(&frame(&message.clone().with(10, id).bytes())).await;
    judged(probe, &probe.reply(talk, id).await)
}

async fn verbatim(probe: &Probe, before: &str, after: &str) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let id = format!("{before}{}{after}", probe.new_id());
    Ok(ask(probe, &mut talk, &probe.message().message, id.as_bytes()).await)
}

async fn long(probe: &Probe) -> io::Result<Finding> {
    let id = format!("{:x<199}", probe.new_id());
    let mut talk = probe.connect().await?;
    Ok(ask(probe, &mut talk, &probe.message().message, id.as_bytes()).await)
}

/// `\T\` and `\F\` mean the message's own delimiters, whatever they are; the escape character is its third.
async fn escaped(probe: &Probe) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let message = probe.message().message;
    let payload = message.bytes();
    let escape = payload.get(6).copied().unwrap_or(b'\\');
    let letter = |letter| vec![escape, letter, escape];
    let id = [probe.new_id().into_bytes(), letter(b'T'), b"x".to_vec(), letter(b'F')].concat();
    Ok(ask(probe, &mut talk, &message, &id).await)
}

async fn custom_delimiters(probe: &Probe) -> io::Result<Finding> {
    let message = Message::harmless()
        .with_separator(b'#')
        .with(2, "*%!@")
        .with(9, "ADT*A08*ADT_A01")
        .with_rest(b"EVN#A08#20240102030405\rPID#1##QUIRKS-0001***SUITE*MR##QUIRKS*SUITE*****L\rPV1#1#N");
    let mut talk = probe.connect().await?;
    let id = probe.new_id();
    Ok(ask(probe, &mut talk, &message, id.as_bytes()).await)
}

/// The harmless message, since where names stand is known in it.
async fn charset(probe: &Probe, name: &str, letter: &[u8], patient: &[u8]) -> io::Result<Finding> {
    let patient = [b"PID|1||QUIRKS-0001^^^SUITE^MR||", patient, b"^^^^^L||19700101|U"].concat();
    let segments = [b"EVN|A08|20240102030405\r", &patient[..], b"\rPV1|1|N"].concat();
    let message = Message::harmless().with(18, name).with_rest(&segments);
    let mut talk = probe.connect().await?;
    let id = [probe.new_id().as_bytes(), letter].concat();
    Ok(ask(probe, &mut talk, &message, &id).await)
}
