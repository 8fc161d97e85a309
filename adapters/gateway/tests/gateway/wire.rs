//! What a sender sees, and what is in the store when it sees it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use std::sync::atomic::Ordering;
use std::time::Duration;

use carewire_hl7_v2::ack;
use carewire_mllp::{ServerOptions, encode};
use carewire_sync_engine::{AuditAction, AuditLog, AuditQuery, Intake};

use crate::line::{Line, Mood, Moody};
use crate::support::{Bench, adt, bench};

/// A message that asks for these acknowledgements.
fn asking(msh_15: &str, msh_16: &str, version: &str, control: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|APP|FAC|||20260301083000+0000||ADT^A08^ADT_A01|{control}|P|{version}|||{msh_15}|{msh_16}\r\
         PID|1||77^^^AUTH&1.2.3.4&ISO^MR||Secretname^Ada||19700101|F\r"
    )
    .into_bytes()
}

const CONDITIONS: [&str; 5] = ["", "AL", "NE", "ER", "SU"];

/// What is due by the table 0155, for one half of an answer.
fn due(condition: &str, good: bool, code: &str) -> Option<String> {
    let asked = match condition {
        "AL" => true,
        "ER" => !good,
        "SU" => good,
        _ => false,
    };
    asked.then(|| code.to_owned())
}

/// The codes that a sender waits for.
fn expected(msh_15: &str, msh_16: &str, good: bool, [accept, application]: [&str; 2]) -> String {
    if msh_15.is_empty() && msh_16.is_empty() {
        return application.to_owned();
    }
    let halves = [due(msh_15, good, accept), due(msh_16, good, application)];
    halves.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

async fn tally(bench: &Bench) -> [u64; 2] {
    let tally = bench.store.tally(bench.gateway.org()).await.unwrap();
    [tally.received, tally.refused]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sender_gets_the_acknowledgements_that_it_asked_for() {
    let bench = bench().await;
    let mut line = Line::to(bench.gateway.mllp_intake()).await;
    for (n, msh_15) in CONDITIONS.into_iter().enumerate() {
        for (m, msh_16) in CONDITIONS.into_iter().enumerate() {
            let before = tally(&bench).await;
            let accepted = asking(msh_15, msh_16, "2.5.1", &format!("G{n}{m}"));
            let codes = line.codes(&accepted).await;
            assert_eq!(codes, expected(msh_15, msh_16, true, ["CA", "AA"]), "accepted {msh_15}|{msh_16}");
            let rejected = asking(msh_15, msh_16, "3.0", &format!("R{n}{m}"));
            let codes = line.codes(&rejected).await;
            assert_eq!(codes, expected(msh_15, msh_16, false, ["CR", "AR"]), "rejected {msh_15}|{msh_16}");
            let uncorrelated = asking(msh_15, msh_16, "2.5.1", "");
            let codes = line.codes(&uncorrelated).await;
            assert_eq!(codes, expected(msh_15, msh_16, false, ["CE", "AE"]), "unnamed {msh_15}|{msh_16}");
            // Whatever was answered: one is to be worked on, two are kept as they came, and so is each of three marks.
            let after = tally(&bench).await;
            assert_eq!([after[0] - before[0], after[1] - before[1]], [1, 5], "{msh_15}|{msh_16}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_store_is_told_in_the_way_that_was_asked_for() {
    let bench = bench().await;
    for msh_15 in CONDITIONS {
        for msh_16 in CONDITIONS {
            let store = Moody::new(bench.store.clone());
            store.set(Mood::Failing);
            let mut parts = bench.gateway.parts().clone();
            parts.intake = store.clone();
            let mut line = Line::to(bench.on(parts).mllp_intake()).await;
            line.write(&encode(&asking(msh_15, msh_16, "2.5.1", "7"))).await;
            let wanted = expected(msh_15, msh_16, false, ["CE", "AE"]);
            for code in wanted.split_whitespace() {
                let ack = line.answer().await;
                assert_eq!((ack.code.as_str(), ack.control_id.as_str()), (code, "7"), "{msh_15}|{msh_16}");
                assert!(ack.is_temporary(), "207: {:?}", ack.error_codes);
            }
            if wanted.is_empty() {
                assert_eq!(line.frame().await, None, "the end of the connection is what is left to see");
            }
            assert_eq!(store.commits.load(Ordering::SeqCst), 0);
        }
    }
    assert_eq!(tally(&bench).await, [0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_acknowledged_before_the_commit() {
    let bench = bench().await;
    let store = Moody::new(bench.store.clone());
    store.set(Mood::Slow);
    let mut parts = bench.gateway.parts().clone();
    parts.intake = store.clone();
    let mut line = Line::to(bench.on(parts).mllp_intake()).await;
    for (control, msh_15, msh_16) in [("1", "", ""), ("2", "AL", "AL"), ("3", "AL", "NE"), ("4", "NE", "SU")]
    {
        line.write(&encode(&asking(msh_15, msh_16, "2.5.1", control))).await;
        for code in expected(msh_15, msh_16, true, ["CA", "AA"]).split_whitespace() {
            let ack = line.answer().await;
            assert!(store.committed.load(Ordering::SeqCst), "{} before the commit", ack.code);
            assert_eq!((ack.code.as_str(), ack.control_id.as_str()), (code, control));
        }
    }
    assert_eq!(store.commits.load(Ordering::SeqCst), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_hangs_acknowledges_nothing_and_a_resend_is_answered() {
    let bench = bench().await;
    let store = Moody::new(bench.store.clone());
    let mut parts = bench.gateway.parts().clone();
    parts.intake = store.clone();
    let options = ServerOptions { handler_timeout: Duration::from_millis(300), ..ServerOptions::default() };
    let mut line = Line::with(bench.on(parts).mllp_intake(), options).await;
    let message = asking("AL", "AL", "2.5.1", "7");
    for (mood, stored) in [(Mood::Stuck, 0), (Mood::Mute, 1)] {
        store.set(mood);
        line.write(&encode(&message)).await;
        assert_eq!(line.frame().await, None, "{mood:?}: closed without an answer");
        assert_eq!(tally(&bench).await, [stored, 0], "{mood:?}");
        line = line.again().await;
    }
    store.set(Mood::Well);
    let first = line.exchange(&message).await;
    assert_eq!(first.len(), 2);
    // The message of the mute store is the one that counts: every resend has its two answers, byte for byte.
    for _ in 0..3 {
        let mut other = line.again().await;
        assert_eq!(other.exchange(&message).await, first);
    }
    let codes: Vec<_> = first.iter().map(|answer| ack::read(answer).unwrap().code.as_str()).collect();
    assert_eq!(codes, ["CA", "AA"]);
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().received, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledgement_that_arrives_is_kept_and_never_answered() {
    let bench = bench().await;
    let mut line = Line::to(bench.gateway.mllp_intake()).await;
    for message in [
        &b"MSH|^~\\&|APP|FAC|||2026||ACK^A01^ACK|8|P|2.5|||AL|AL\rMSA|AA|1\r"[..],
        b"MSH|^~\\&|APP|FAC|||2026||ACK\rMSA|AE|1\r",
        b"MSH|^~\\&|APP|FAC|||2026||MCF|9|P|2.2\rMSA|AA|1\r",
        b"MSH|^~\\&|APP|FAC|||2026||ADT^A01|9|P|2.5\rMSA|CA|1\r",
    ] {
        assert_eq!(line.codes(message).await, "");
    }
    // A response with data can ask for an accept acknowledgement only, and is worked on.
    let response = b"MSH|^~\\&|APP|FAC|||2026||RSP^K22|9|P|2.5|||AL|AL\rMSA|AA|1\rPID|1||77^^^A^MR\r";
    assert_eq!(line.codes(response).await, "CA");
    // Five marks are refused as well.
    assert_eq!(tally(&bench).await, [1, 4 + 5]);
    let refused = AuditQuery { action: Some(AuditAction::Refused), ..AuditQuery::default() };
    let records = bench.store.search(bench.gateway.org(), &refused, 100).await.unwrap();
    let reasons = records.iter().filter_map(|chained| chained.record.details.get("reason"));
    assert_eq!(reasons.filter(|reason| *reason == "acknowledgement").count(), 4);
    bench.work().await;
    assert_eq!(
        bench.store.tally(bench.gateway.org()).await.unwrap().refused,
        9,
        "no job made it something else"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_correlated_is_kept_and_never_accepted() {
    let bench = bench().await;
    let mut line = Line::to(bench.gateway.mllp_intake()).await;
    for message in [
        &b"PID|1||77\r"[..],
        b"\xff\xfe\x00",
        b"FHS|^~\\&|A\rBHS|^~\\&|A\rMSH|^~\\&|||||||ADT^A01|7|P|2.5\rBTS|1\rFTS|1\r",
        b"BHS|^~\\&|A\rMSH|^~\\&|||||||ADT^A01|7|P|2.5\rBTS|1\r",
        b"MSH|^~\\&|A|B|||2026||ADT^A01||P|2.5\rPID|1\r",
        b"MSH|^~\\&\r",
        // MSA-2 would end the frame of its own acknowledgement.
        b"MSH|^~\\&|A|B|||2026||ADT^A01|7\x1C|P|2.5\rPID|1\r",
    ] {
        for _ in 0..2 {
            line.write(&encode(message)).await;
            let ack = line.answer().await;
            assert_eq!((ack.code.as_str(), ack.control_id.as_str()), ("AE", ""));
            assert!(!ack.error_codes.is_empty() && !ack.is_temporary(), "{:?}", ack.error_codes);
        }
    }
    // Only the last one has a control id by which its second time is known.
    assert_eq!(tally(&bench).await, [0, 13]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_frame_is_answered_with_the_reason() {
    let bench = bench().await;
    let options = ServerOptions { max_frame: 200, ..ServerOptions::default() };
    let mut line = Line::with(bench.gateway.mllp_intake(), options).await;
    let good = encode(b"MSH|^~\\&|A|B|||2026||ADT^A01|7|P|2.5\rPID|1\r");
    // These are one unit of the sender each, so that the next answer is that of the next message.
    for (bytes, text) in
        [(&b"\x0b\x1c\r"[..], "empty frame"), (b"MSH|^~\\&|SECRET\r\x1c\r", "frame without its start (0x0B)")]
    {
        line.write(bytes).await;
        line.write(&good).await;
        let ack = line.answer().await;
        assert_eq!((ack.code.as_str(), ack.control_id.as_str()), ("AE", ""));
        assert!(ack.text.as_deref().unwrap().starts_with(text), "{:?}", ack.text);
        assert!(!format!("{:?}", ack.errors[0].diagnostic).contains("SECRET"));
        assert_eq!(line.answer().await.control_id, "7");
    }
    let too_long = encode(&[b'x'; 201]);
    for (bytes, text) in
        [(&too_long[..], "frame is too long"), (b"\x0bMSH|^~\\&|half\r\x0b", "frame broke off")]
    {
        let mut line = line.again().await;
        line.write(bytes).await;
        let ack = line.answer().await;
        assert_eq!((ack.code.as_str(), ack.control_id.as_str()), ("AE", ""));
        assert!(ack.text.as_deref().unwrap().starts_with(text), "{:?}", ack.text);
        assert!(ack.errors[0].diagnostic.as_deref().is_some_and(|text| text.starts_with("frame at byte 0")));
        assert_eq!(line.frame().await, None, "{text}: the connection ends");
    }
    assert_eq!(tally(&bench).await, [1, 0], "the good one, once");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_in_the_delimiters_and_bytes_of_the_sender() {
    let bench = bench().await;
    let mut line = Line::to(bench.gateway.mllp_intake()).await;
    let message = b"MSH#*%!@#Caf\xE9#S\xFCd#EHR#D#2026##ORU*R01#i!F!d\xFF#T*A#2.4*DEU######8859/1\rPID#1\r";
    line.write(&encode(message)).await;
    let answer = line.frame().await.unwrap();
    let header = b"MSH#*%!@#EHR#D#Caf\xE9#S\xFCd#";
    assert_eq!(&answer[..header.len()], header);
    assert!(answer.ends_with(b"######8859/1\rMSA#AA#i!F!d\xFF\r"), "{}", String::from_utf8_lossy(&answer));
    assert!(ack::answers(message, &answer));
    // The same where it is refused.
    let refused = b"MSH#*%!@#Caf\xE9#S\xFCd#EHR#D#2026##ORU*R01#i!F!d\xFE#T*A#3.0######8859/1\rPID#1\r";
    line.write(&encode(refused)).await;
    let answer = line.frame().await.unwrap();
    assert_eq!(&answer[..header.len()], header);
    assert!(ack::answers(refused, &answer) && answer.windows(7).any(|window| window == b"MSA#AR#"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_type_is_accepted_because_it_is_kept() {
    let bench = bench().await;
    let mut line = Line::to(bench.gateway.mllp_intake()).await;
    let text = String::from_utf8(adt("77", "1", "I")).unwrap().replace("ADT^A08^ADT_A01", "ZZZ^Z01");
    assert_eq!(line.codes(text.as_bytes()).await, "AA");
    bench.work().await;
    assert_eq!(bench.store.tally(bench.gateway.org()).await.unwrap().dead, 1);
}
