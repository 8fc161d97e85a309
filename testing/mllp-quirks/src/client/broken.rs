//! Connections that end, stall, or are refused.

use tokio::time::Instant;

use super::answers::{judge_taken, judge_untaken, no_message};
use super::stage::{Reading, Stage};
use super::{Scenario, scene};
use crate::quirk::Level::{Recommended, Required};
use crate::quirk::{Finding, Quirk, Verdict};
use crate::wire::frame;

pub(super) static SCENARIOS: &[Scenario] = &[
    scene(
        Quirk::new(
            Required,
            "close-before-ack",
            "The connection ends before the first answer",
            "sends the message again with the same MSH-10, or stops",
            "nextgenhealthcare/connect #4126, #1293",
        ),
        |stage| Box::pin(close_before_ack(stage)),
    ),
    scene(
        Quirk::new(
            Required,
            "close-mid-ack",
            "The connection ends in the middle of the first answer",
            "sends the message again with the same MSH-10, or stops",
            "half an answer says nothing, even where it holds MSA",
        ),
        |stage| Box::pin(close_mid_ack(stage)),
    ),
    scene(
        Quirk::new(
            Recommended,
            "close-after-ack",
            "The connection ends after the first answer",
            "takes the answer, and sends the next message on another connection",
            "nextgenhealthcare/connect #1889, #836 (writes into a dead connection)",
        ),
        |stage| Box::pin(close_after_ack(stage)),
    ),
    Scenario {
        reading: Reading::Never,
        ..scene(
            Quirk::new(
                Recommended,
                "dead-peer",
                "The first connection is never read and never answered",
                "gives up, and sends the message on another connection, or stops",
                "nextgenhealthcare/connect #1889, #836; half-open connections",
            ),
            |stage| Box::pin(dead_peer(stage)),
        )
    },
    scene(
        Quirk::new(
            Required,
            "no-ack",
            "No answer at all for some time",
            "does not go on to the next message, and repeats with pauses if at all",
            "nextgenhealthcare/connect #1314 (thousands of repeats), #962",
        ),
        |stage| Box::pin(no_ack(stage)),
    ),
    Scenario {
        reading: Reading::Refused,
        ..scene(
            Quirk::new(
                Recommended,
                "refused-connections",
                "Every connection is closed at once for some time",
                "connects again with pauses that grow",
                "nextgenhealthcare/connect #962; floods after an outage",
            ),
            |stage| Box::pin(refused(stage)),
        )
    },
    Scenario {
        reading: Reading::Impostor,
        ..scene(
            Quirk::new(
                Required,
                "tls-other-certificate",
                "TLS with a certificate that the client has no reason to trust",
                "sends nothing",
                "IHE ATNA: both sides authenticate; clients that skip the verification",
            ),
            |stage| Box::pin(impostor(stage)),
        )
    },
];

async fn close_before_ack(stage: &mut Stage) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    stage.close(first.connection).await;
    judge_untaken(stage, &first).await
}

async fn close_mid_ack(stage: &mut Stage) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    let ack = frame(&stage.ack(&first));
    // All but the last segment's end: MSA-1 and MSA-2 are there.
    stage.send(first.connection, ack.get(..ack.len() - 3).unwrap_or_default()).await;
    stage.close(first.connection).await;
    judge_untaken(stage, &first).await
}

async fn close_after_ack(stage: &mut Stage) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    stage.accept(&first).await;
    stage.close(first.connection).await;
    judge_taken(stage, &first).await
}

async fn dead_peer(stage: &mut Stage) -> Finding {
    let deadline = Instant::now() + stage.options.patience;
    while stage.opened() == 0 && stage.tally().ended.is_none() && Instant::now() < deadline {
        // Nothing is read, so no message comes: only the connection is waited for.
        stage.next(std::time::Duration::from_millis(20)).await;
    }
    stage.read(Reading::Usual);
    match (stage.next(stage.options.patience).await, stage.tally().ended) {
        (Some(_), _) => Finding::ok("came on another connection"),
        (None, Some(false)) => Finding::ok("stopped"),
        (None, Some(true)) => Finding::fail("ended as if all was well"),
        (None, None) => Finding::fail("waits for ever"),
    }
}

async fn no_ack(stage: &mut Stage) -> Finding {
    let Some(first) = stage.next(stage.options.patience).await else {
        return no_message(stage);
    };
    let until = Instant::now() + stage.options.outage;
    let mut repeats = 0_u32;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        match stage.next(left).await {
            Some(next) if next.id == first.id => repeats += 1,
            Some(_) => return Finding::fail("went on to the next message"),
            None if stage.tally().ended == Some(true) => return Finding::fail("ended as if all was well"),
            None => break,
        }
    }
    let seconds = stage.options.outage.as_secs_f64();
    Finding::new(rate(repeats.into(), seconds), format!("{repeats} repeats in {seconds} s"))
}

async fn refused(stage: &mut Stage) -> Finding {
    let until = Instant::now() + stage.options.outage;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        if stage.next(left).await.is_none() && stage.tally().ended.is_some() {
            break;
        }
    }
    let opened = stage.opened();
    stage.read(Reading::Usual);
    let seconds = stage.options.outage.as_secs_f64();
    let observed = format!("{opened} connections in {seconds} s");
    let opened = u32::try_from(opened).unwrap_or(u32::MAX);
    Finding::new(rate(opened.into(), seconds), observed)
}

async fn impostor(stage: &mut Stage) -> Finding {
    if stage.options.tls.is_none() || stage.options.other_tls.is_none() {
        stage.read(Reading::Usual);
        return Finding::not_applicable("no other certificate given");
    }
    let message = stage.next(stage.options.outage).await;
    let opened = stage.opened();
    stage.read(Reading::Usual);
    match message {
        Some(_) => Finding::fail("sent a message"),
        None if opened == 0 => Finding::fail("no connection"),
        None => Finding::ok(format!("{opened} connections, nothing sent")),
    }
}

/// Once in a second is a pause, ten times is a flood. The first five are free: pauses may begin short.
fn rate(times: f64, seconds: f64) -> Verdict {
    match (times - 5.0) / seconds {
        rate if rate <= 1.0 => Verdict::Ok,
        rate if rate <= 10.0 => Verdict::Tolerable,
        _ => Verdict::Fail,
    }
}
