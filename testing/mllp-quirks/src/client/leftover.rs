//! Answers that are left over, and must not be taken for the next message's.

use super::answers::no_message;
use super::stage::{Arrival, Next, Stage};
use super::{Scenario, scene};
use crate::hl7::Code;
use crate::quirk::Level::Required;
use crate::quirk::{Finding, Quirk};
use crate::wire::frame;

pub(super) static SCENARIOS: &[Scenario] = &[
    scene(
        Quirk::new(
            Required,
            "double-ack",
            "The first answer comes twice; the second message gets none",
            "does not take the repetition for the answer of the second message",
            "nextgenhealthcare/connect #1441; hl7-mllp-codec 0.4.0: every later answer was off",
        ),
        |stage| Box::pin(double_ack(stage)),
    ),
    scene(
        Quirk::new(
            Required,
            "stale-ack",
            "The second message gets the first answer once more, and no other",
            "does not take it: sends the second message again, or stops",
            "nextgenhealthcare/connect #1441: every answer is one message late",
        ),
        |stage| Box::pin(stale_ack(stage)),
    ),
    scene(
        Quirk::new(
            Required,
            "ca-then-aa",
            "CA and then AA for the first message; the second gets none",
            "does not take the AA for the answer of the second message",
            "HL7 v2 section 2.9.3; HAPI TwoPortService",
        ),
        |stage| Box::pin(ca_then_aa(stage)),
    ),
    scene(
        Quirk::new(
            Required,
            "late-ack",
            "The first answer comes when the client no longer waits for it",
            "does not take it for the answer of another message",
            "nextgenhealthcare/connect #1441, #2070; ipf #363, CAMEL-17022",
        ),
        |stage| Box::pin(late_ack(stage)),
    ),
    scene(
        Quirk::new(
            Required,
            "unasked-ack",
            "After the first answer comes one of a message of somebody else; the second message gets none",
            "does not take it for the answer of the second message",
            "HAPI: a relay mixed up concurrent answers",
        ),
        |stage| Box::pin(unasked_ack(stage)),
    ),
];

async fn double_ack(stage: &mut Stage) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    let ack = frame(&stage.ack(&first));
    stage.send(first.connection, &[&ack[..], &ack].concat()).await;
    stage.accepted(&first);
    second_unanswered(stage, &first).await
}

async fn stale_ack(stage: &mut Stage) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    let ack = frame(&stage.ack(&first));
    stage.send(first.connection, &ack).await;
    stage.accepted(&first);
    match second(stage, &first).await {
        Err(finding) => finding,
        Ok(second) => {
            stage.send(second.connection, &ack).await;
            judge_second(stage, &second).await
        }
    }
}

async fn ca_then_aa(stage: &mut Stage) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    let commit = frame(&stage.answer(&first, Code::CA, &first.id, &[]));
    let accept = frame(&stage.ack(&first));
    stage.send(first.connection, &[commit, accept].concat()).await;
    stage.accepted(&first);
    second_unanswered(stage, &first).await
}

async fn unasked_ack(stage: &mut Stage) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    let ack = frame(&stage.ack(&first));
    let other = frame(&stage.answer(&first, Code::AA, b"ANOTHER-1", &[]));
    stage.send(first.connection, &[ack, other].concat()).await;
    stage.accepted(&first);
    second_unanswered(stage, &first).await
}

/// The connection is silent from now on: whatever the client takes for an answer of its second message is left over.
async fn second_unanswered(stage: &mut Stage, first: &Arrival) -> Finding {
    match second(stage, first).await {
        Ok(second) => judge_second(stage, &second).await,
        Err(finding) => finding,
    }
}

/// The message after the first one, which was accepted.
async fn second(stage: &mut Stage, first: &Arrival) -> Result<Arrival, Finding> {
    match stage.after(first).await {
        Next::Other(second) => Ok(second),
        Next::Again(_) => Err(Finding::tolerable("the first message came again")),
        Next::Ended(true) => Err(Finding::fail("ended as if all was well")),
        Next::Ended(false) => Err(Finding::tolerable("stopped after the first message")),
        Next::Nothing => Err(Finding::fail("the second message never came")),
    }
}

/// What is right after a second message that was not accepted.
async fn judge_second(stage: &mut Stage, second: &Arrival) -> Finding {
    match stage.after(second).await {
        Next::Again(_) => Finding::ok("the second message came again"),
        Next::Ended(false) => Finding::ok("stopped at the second message"),
        Next::Nothing => Finding::ok("waits for the answer of the second message"),
        Next::Other(_) => Finding::fail("went on to the third message"),
        Next::Ended(true) => Finding::fail("ended as if all was well"),
    }
}

async fn late_ack(stage: &mut Stage) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    let late = frame(&stage.ack(&first));
    match stage.after(&first).await {
        Next::Again(again) if again.connection == first.connection => {
            // The late answer, and the one that the repetition gets.
            stage.send(first.connection, &[&late[..], &late].concat()).await;
            stage.accepted(&first);
            second_unanswered(stage, &first).await
        }
        Next::Again(again) => {
            if !stage.is_open(first.connection) {
                return Finding::ok("connection dropped, message sent again");
            }
            stage.send(first.connection, &late).await;
            stage.accept(&again).await;
            second_unanswered(stage, &first).await
        }
        Next::Other(second) => {
            stage.send(second.connection, &late).await;
            match stage.after(&second).await {
                Next::Other(_) => Finding::fail("took the late answer for the next message's"),
                Next::Ended(true) => Finding::fail("ended as if all was well"),
                _ => Finding::tolerable("went on without an answer, and did not take the late one"),
            }
        }
        Next::Ended(false) => Finding::ok("stopped"),
        Next::Ended(true) => Finding::fail("ended as if all was well"),
        Next::Nothing => Finding::tolerable("still waits"),
    }
}
