//! Enhanced mode: MSH-15 and MSH-16 say which answers are due.

use std::io;

use super::probe::Probe;
use super::reply::{Reply, list};
use super::{ServerQuirk, row};
use crate::hl7::Code::{AA, CA};
use crate::quirk::Level::Recommended;
use crate::quirk::{Finding, Quirk, Verdict};

const SOURCE: &str = "HL7 v2 section 2.9.3 and table 0155; HAPI AcceptAcknowledger, Camel PR 754";

pub(super) static QUIRKS: &[ServerQuirk] = &[
    row(
        Quirk::new(
            Recommended,
            "enhanced-al-ne",
            "MSH-15 AL, MSH-16 NE",
            "answers CA and nothing more",
            SOURCE,
        ),
        |probe| Box::pin(enhanced(probe, "AL", "NE", &[CA], &[])),
    ),
    row(
        Quirk::new(
            Recommended,
            "enhanced-ne-al",
            "MSH-15 NE, MSH-16 AL",
            "answers AA, on this connection or another one",
            SOURCE,
        ),
        |probe| Box::pin(enhanced(probe, "NE", "AL", &[AA], &[&[]])),
    ),
    row(
        Quirk::new(
            Recommended,
            "enhanced-al-al",
            "MSH-15 AL, MSH-16 AL",
            "answers CA, then AA on this connection or another one",
            SOURCE,
        ),
        |probe| Box::pin(enhanced(probe, "AL", "AL", &[CA, AA], &[&[CA]])),
    ),
    row(
        Quirk::new(
            Recommended,
            "enhanced-ne-ne",
            "MSH-15 NE, MSH-16 NE, then a message in original mode",
            "does not answer the first, and answers the second with its own MSA-2",
            SOURCE,
        ),
        |probe| Box::pin(enhanced(probe, "NE", "NE", &[], &[])),
    ),
    row(
        Quirk::new(
            Recommended,
            "enhanced-er-er",
            "MSH-15 ER, MSH-16 ER: nothing is wrong with the message",
            "does not answer it",
            SOURCE,
        ),
        |probe| Box::pin(enhanced(probe, "ER", "ER", &[], &[])),
    ),
];

/// `due` is right; `also` is as good as one can see on one connection; AA alone is original mode, which many servers know only.
async fn enhanced(
    probe: &Probe,
    accept: &str,
    application: &str,
    due: &[crate::hl7::Code],
    also: &[&[crate::hl7::Code]],
) -> io::Result<Finding> {
    let mut talk = probe.connect().await?;
    let planned = probe.message().with(15, accept).with(16, application);
    talk.send(&planned.frame()).await;
    let replies = match due.is_empty() {
        true => quiet_replies(probe, &mut talk, &planned.id).await,
        false => probe.all_replies(&mut talk, &planned.id).await,
    };
    let own = |reply: &Reply| if let Reply::Own(code, _) = reply { Some(*code) } else { None };
    let codes: Option<Vec<_>> = replies.iter().map(own).collect();
    let verdict = match codes.as_deref() {
        Some(codes) if codes == due || also.contains(&codes) => Verdict::Ok,
        Some([AA]) => Verdict::Tolerable,
        Some([CA, AA]) => Verdict::Tolerable,
        Some([code]) if !code.is_accept() => Verdict::Tolerable,
        None if replies.iter().all(|reply| reply.refuses() || reply.is_end()) => Verdict::Tolerable,
        _ => Verdict::Fail,
    };
    let mode = if codes.as_deref() == Some(&[AA]) && due != [AA] { " (original mode)" } else { "" };
    let shown = if replies.is_empty() { "no answer".to_owned() } else { list(&replies) };
    if replies.last().is_some_and(Reply::is_end) {
        return Ok(Finding::new(verdict, shown));
    }
    let (_, next) = probe.exchange(&mut talk).await;
    Ok(Finding::new(verdict.and(next.taken(probe.normal())), format!("{shown}{mode}, next {next}")))
}

/// What comes where nothing should.
async fn quiet_replies(probe: &Probe, talk: &mut crate::wire::Talk, id: &[u8]) -> Vec<Reply> {
    let mut replies = Vec::new();
    while replies.len() < 10 {
        match probe.reply_soon(talk, id).await {
            Reply::Silence => break,
            reply => {
                let last = reply.is_end();
                replies.push(reply);
                if last {
                    break;
                }
            }
        }
    }
    replies
}
