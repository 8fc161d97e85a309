//! Who may send, and whose messages they are.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use carewire_fhir_core::OrgId;
use carewire_gateway::{MllpIntake, MllpSender};
use carewire_hl7_v2::ack;
use carewire_mllp::{Certificate, Handler, Peer, PeerRule, Reply, encode};
use carewire_sync_engine::Intake;

use crate::line::Line;
use crate::support::{Bench, adt, bench};

fn rules(texts: &[&str]) -> Vec<PeerRule> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn peer(address: &str) -> Peer {
    Peer::new(1, format!("{address}:9").parse().unwrap())
}

fn from(application: &str, facility: &str, control: &str) -> Vec<u8> {
    let text = String::from_utf8(adt("77", control, "I")).unwrap();
    text.replacen("|APP|FAC|", &format!("|{application}|{facility}|"), 1).into_bytes()
}

async fn code(intake: &MllpIntake, peer: &Peer, message: &[u8]) -> String {
    match intake.handle(peer, message.to_vec()).await {
        Reply::Send(answer) => {
            let ack = ack::read(&answer).unwrap();
            [&[ack.code.as_str().to_owned()][..], &ack.error_codes].concat().join(" ")
        }
        other => format!("{other:?}"),
    }
}

async fn stored(bench: &Bench, orgs: [&str; 3]) -> [u64; 3] {
    let mut totals = [0; 3];
    for (total, org) in totals.iter_mut().zip(orgs) {
        *total = bench.store.tally(&OrgId::new(org).unwrap()).await.unwrap().total();
    }
    totals
}

const ORGS: [&str; 3] = ["clinic", "north", "south"];

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_says_whose_message_it_is() {
    let bench = bench().await;
    let (north, south) = (bench.other_org("north"), bench.other_org("south"));
    let certificate = Certificate { fingerprint: [7; 32], names: vec!["lis.example.org".into()] };
    let lis = || MllpSender::anybody(north.clone()).from_peers(rules(&["name:lis.example.org"]));
    let intake = MllpIntake::new([
        lis().with_application("LAB").with_facility("N1"),
        MllpSender::anybody(south.clone())
            .from_peers(rules(&["name:lis.example.org"]))
            .with_application("RAD"),
        MllpSender::anybody(south.clone()).from_peers(rules(&["10.1.0.0/16", "10.2.0.1"])),
        MllpSender::anybody(bench.gateway.clone()).from_peers(rules(&["127.0.0.0/8"])),
    ]);
    let by_name = peer("192.0.2.1").with_certificate(certificate);
    for (peer, admitted) in [
        (&by_name, true),
        (&peer("192.0.2.1"), false),
        (&peer("10.1.200.3"), true),
        (&peer("10.2.0.1"), true),
        (&peer("10.2.0.2"), false),
        (&peer("127.0.0.1"), true),
    ] {
        assert_eq!(intake.admit(peer).await, admitted, "{peer:?}");
    }
    assert_eq!(code(&intake, &by_name, &from("LAB", "N1", "1")).await, "AA");
    assert_eq!(stored(&bench, ORGS).await, [0, 1, 0]);
    assert_eq!(code(&intake, &by_name, &from("RAD", "anything", "2")).await, "AA");
    assert_eq!(stored(&bench, ORGS).await, [0, 1, 1]);
    // The message alone opens no door: from another address LAB is whatever that address is.
    assert_eq!(code(&intake, &peer("10.1.0.1"), &from("LAB", "N1", "3")).await, "AA");
    assert_eq!(code(&intake, &peer("127.0.0.1"), &from("LAB", "N1", "4")).await, "AA");
    assert_eq!(stored(&bench, ORGS).await, [1, 1, 2]);
    // A known connection under a wrong name, in each part.
    for (application, facility) in [("LAB", "N2"), ("lab", "N1"), ("OTHER", "N1"), ("", "")] {
        assert_eq!(code(&intake, &by_name, &from(application, facility, "5")).await, "AR 103");
    }
    // Bytes without a sender on a connection of several orgs: nobody's, so nobody gets them.
    assert_eq!(code(&intake, &by_name, b"PID|1\r").await, "AE 100");
    assert_eq!(stored(&bench, ORGS).await, [1, 1, 2]);
    assert_eq!(code(&intake, &peer("10.1.0.1"), b"PID|1\r").await, "AE 100");
    assert_eq!(stored(&bench, ORGS).await, [1, 1, 3]);
    // One that is not known is not answered, even if it were admitted.
    assert_eq!(code(&intake, &peer("192.0.2.1"), &from("LAB", "N1", "6")).await, "Close");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_sender_is_answered_as_it_asked() {
    let bench = bench().await;
    let only = MllpSender::anybody(bench.gateway.clone()).with_application("LAB");
    let intake = MllpIntake::new([only]);
    let local = peer("127.0.0.1");
    let asking = |codes: &str| {
        let text = String::from_utf8(from("RAD", "F", "1")).unwrap();
        text.replacen("|P|2.5.1", &format!("|P|2.5.1|||{codes}"), 1).into_bytes()
    };
    for (codes, answers) in
        [("AL|NE", "CR 103"), ("NE|AL", "AR 103"), ("NE|NE", "Nothing"), ("SU|SU", "Nothing")]
    {
        assert_eq!(code(&intake, &local, &asking(codes)).await, answers, "{codes}");
    }
    let Reply::SendAll(both) = intake.handle(&local, asking("ER|AL")).await else { panic!("two answers") };
    assert_eq!(both.len(), 2);
    assert_eq!(stored(&bench, ORGS).await, [0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_on_the_list_is_not_served() {
    let bench = bench().await;
    let nobody = MllpSender::anybody(bench.gateway.clone()).from_peers(rules(&["192.0.2.0/24"]));
    let mut line = Line::to(MllpIntake::new([nobody])).await;
    line.write(&encode(&adt("77", "1", "I"))).await;
    assert_eq!(line.frame().await, None);
    assert_eq!(stored(&bench, ORGS).await, [0, 0, 0]);
}
