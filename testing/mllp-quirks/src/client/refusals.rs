//! Answers that say no.

use super::answers::no_message;
use super::stage::{Next, Stage};
use super::{Scenario, scene};
use crate::hl7::Code;
use crate::quirk::Level::{Informative, Recommended};
use crate::quirk::{Finding, Quirk};
use crate::wire::frame;

pub(super) static SCENARIOS: &[Scenario] = &[
    scene(
        Quirk::new(
            Recommended,
            "ae-206",
            "The first answer is AE with ERR-3 206, a lock: later it may be taken",
            "sends the message again, or stops",
            "HL7 v2 table 0357; nextgenhealthcare/connect #2049, #1653",
        ),
        |stage| Box::pin(locked(stage)),
    ),
    scene(
        Quirk::new(
            Informative,
            "ae",
            "The first answer is AE with ERR-3 102",
            "stops, skips the message or sends it again, as configured",
            "nextgenhealthcare/connect #2049, #1653",
        ),
        |stage| Box::pin(refused(stage, Code::AE, "ERR|||102^Data type error^HL70357|E")),
    ),
    scene(
        Quirk::new(
            Informative,
            "ar",
            "The first answer is AR with ERR-3 200",
            "stops or skips the message, as configured",
            "nextgenhealthcare/connect #2049, #1653",
        ),
        |stage| Box::pin(refused(stage, Code::AR, "ERR|||200^Unsupported message type^HL70357|E")),
    ),
];

async fn locked(stage: &mut Stage) -> Finding {
    match answered(stage, Code::AE, "ERR|||206^Application record locked^HL70357|E").await {
        None => no_message(stage),
        Some(Next::Again(_)) => Finding::ok("sent again"),
        Some(Next::Ended(false)) => Finding::tolerable("stopped"),
        Some(Next::Other(_)) => Finding::fail("went on to the next message"),
        Some(Next::Ended(true)) => Finding::fail("ended as if all was well"),
        Some(Next::Nothing) => Finding::fail("neither sent again nor stopped"),
    }
}

async fn refused(stage: &mut Stage, code: Code, error: &str) -> Finding {
    match answered(stage, code, error).await {
        None => no_message(stage),
        Some(Next::Again(_)) => Finding::ok("sent again"),
        Some(Next::Ended(false)) => Finding::ok("stopped"),
        Some(Next::Other(_)) => Finding::ok("skipped"),
        Some(Next::Ended(true)) => Finding::tolerable("ended as if all was well"),
        Some(Next::Nothing) => Finding::ok("holds the message back"),
    }
}

async fn answered(stage: &mut Stage, code: Code, error: &str) -> Option<Next> {
    let first = stage.next(stage.options.patience).await?;
    let answer = frame(&stage.answer(&first, code, &first.id, &[error]));
    stage.send(first.connection, &answer).await;
    Some(stage.after(&first).await)
}
