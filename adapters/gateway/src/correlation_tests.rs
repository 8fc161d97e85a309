//! A link over a real socket to a receiver that answers in HL7.

use std::time::Duration;

use carewire_mllp::{
    Backoff, ClientOptions, Decoder, Event, Limits, Link, LinkOptions, Outcome, Target, encode,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

use super::*;

const SENT: &str = "MSH|^~\\&|A|B|C|D|20260102||ADT^A01|7|P|2.5";

fn acknowledgement(rest: &str) -> Vec<u8> {
    format!("MSH|^~\\&|C|D|A|B|20260102||ACK|9|P|2.5\r{rest}\r").into_bytes()
}

/// A receiver that answers each message with the next of these lists. Gives the address, and in the end all it got.
async fn receiver(answers: Vec<Vec<&'static str>>) -> (String, JoinHandle<Vec<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let serving = async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut decoder, mut got) = (Decoder::new(Limits::default()), Vec::new());
        for list in answers {
            let message = loop {
                match decoder.poll() {
                    Some(Event::Message { payload, .. }) => break payload,
                    Some(_) => {}
                    None => {
                        let mut bytes = [0; 1024];
                        let len = stream.read(&mut bytes).await.unwrap();
                        decoder.feed(&bytes[..len]);
                    }
                }
            };
            got.push(message);
            for answer in list {
                stream.write_all(&encode(&acknowledgement(answer))).await.unwrap();
            }
        }
        got
    };
    (address, tokio::spawn(serving))
}

fn link(address: String) -> Link {
    let backoff = Backoff { first: Duration::from_millis(10), ..Backoff::default() };
    let options = LinkOptions { backoff, ..LinkOptions::new(ClientOptions::new(correlate), judge) };
    Link::new(Target::new(address), options)
}

#[tokio::test]
async fn a_lock_is_waited_out_with_the_same_bytes() {
    let locked = vec!["MSA|AE|7\rERR|||206^locked^HL70357|E"];
    let (address, receiver) = receiver(vec![locked, vec!["MSA|AA|7"]]).await;
    let message = format!("{SENT}\rPID|1\r").into_bytes();
    let delivery = link(address).deliver(&message).await;
    assert!(matches!(delivery.outcome, Outcome::Accepted(_)), "{delivery:?}");
    assert_eq!((delivery.attempts, delivery.doubts), (2, 0));
    assert_eq!(receiver.await.unwrap(), [message.clone(), message]);
}

#[tokio::test]
async fn a_commit_accept_is_kept_and_the_application_answer_awaited() {
    let (address, receiver) = receiver(vec![vec!["MSA|CA|7", "MSA|AR|7"]]).await;
    let delivery = link(address).deliver(format!("{SENT}|||AL|AL\rPID|1\r").as_bytes()).await;
    let Outcome::Rejected(answer) = &delivery.outcome else { panic!("{delivery:?}") };
    assert_eq!(
        (answer.payload.clone(), answer.interim.clone()),
        (acknowledgement("MSA|AR|7"), vec![acknowledgement("MSA|CA|7")])
    );
    assert_eq!(receiver.await.unwrap().len(), 1);
}

#[test]
fn every_part_and_verdict_has_its_counterpart() {
    let sent = format!("{SENT}|||AL|AL\r").into_bytes();
    assert_eq!(correlate(&sent, &acknowledgement("MSA|AA|7")), Correlation::Final);
    assert_eq!(correlate(&sent, &acknowledgement("MSA|CA|7")), Correlation::Interim);
    assert_eq!(correlate(&sent, &acknowledgement("MSA|AA|8")), Correlation::Other);
    assert_eq!(judge(&acknowledgement("MSA|AA|7")), Verdict::Accepted);
    assert_eq!(judge(&acknowledgement("MSA|AR|7\rERR|||207|E")), Verdict::Temporary);
    assert_eq!(judge(b"junk"), Verdict::Rejected);
}
