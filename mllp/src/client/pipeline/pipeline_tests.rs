//! A pipeline against a scripted server, in paused time.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

use super::*;
use crate::{Correlation, FrameError, client::tests::correlate, encode};

type Answered = JoinHandle<Result<Answer, ClientError>>;

fn options() -> ClientOptions {
    ClientOptions::new(correlate)
}

fn depth(depth: usize) -> NonZeroUsize {
    NonZeroUsize::new(depth).unwrap()
}

fn pipeline(in_flight: usize, buffer: usize) -> (Pipeline, DuplexStream) {
    let (ours, theirs) = tokio::io::duplex(buffer);
    (Pipeline::over(ours, options(), depth(in_flight)).unwrap(), theirs)
}

/// Hands messages over, in order, without waiting for their answers.
async fn hand_over(pipeline: &Pipeline, messages: &[&str]) -> Vec<Answered> {
    let mut answers = Vec::new();
    for message in messages {
        let (pipeline, message) = (pipeline.clone(), (*message).to_owned());
        answers.push(tokio::spawn(async move { pipeline.send(message).await }));
        tokio::task::yield_now().await;
    }
    answers
}

async fn hears(server: &mut DuplexStream, messages: &[&str]) {
    for message in messages {
        let expected = encode(message.as_bytes());
        let mut heard = vec![0; expected.len()];
        server.read_exact(&mut heard).await.unwrap();
        assert_eq!(heard, expected);
    }
}

async fn says(server: &mut DuplexStream, answers: &[&str]) {
    for answer in answers {
        server.write_all(&encode(answer.as_bytes())).await.unwrap();
    }
}

/// The answers, or the names of the errors and whether the server may have the message.
async fn told(answers: Vec<Answered>) -> Vec<String> {
    let mut told = Vec::new();
    for answer in answers {
        told.push(match answer.await.unwrap() {
            Ok(answer) => String::from_utf8(answer.payload).unwrap(),
            Err(error) => format!("{} {}", error.as_str(), error.may_be_received()),
        });
    }
    told
}

#[tokio::test(start_paused = true)]
async fn no_more_are_in_flight_than_may_be() {
    let (pipeline, mut server) = pipeline(3, 1024);
    let answers = hand_over(&pipeline, &["a", "b", "c", "d", "e"]).await;
    hears(&mut server, &["a", "b", "c"]).await;
    assert!(timeout(Duration::from_secs(9), server.read_u8()).await.is_err(), "three are in flight");
    says(&mut server, &["re a", "re b"]).await;
    hears(&mut server, &["d", "e"]).await;
    says(&mut server, &["re c", "re d", "re e"]).await;
    assert_eq!(told(answers).await, ["re a", "re b", "re c", "re d", "re e"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_put_in_the_line_first_is_sent_first_wherever_its_answer_is_awaited() {
    let (pipeline, mut server) = pipeline(3, 64);
    let mut waits = Vec::new();
    for message in ["a", "b", "c"] {
        waits.push(pipeline.submit(message.into()).await.unwrap());
    }
    hears(&mut server, &["a", "b", "c"]).await;
    says(&mut server, &["re a", "re b", "re c"]).await;
    let answers = waits.into_iter().rev().map(tokio::spawn).collect();
    assert_eq!(told(answers).await, ["re c", "re b", "re a"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_a_younger_message_fails_all_in_flight() {
    let (pipeline, mut server) = pipeline(4, 1024);
    let answers = hand_over(&pipeline, &["a", "b", "c", "d"]).await;
    hears(&mut server, &["a", "b", "c", "d"]).await;
    says(&mut server, &["re a", "re c", "re b", "re d"]).await;
    assert_eq!(told(answers).await, ["re a", "uncorrelated true", "abandoned true", "abandoned true"]);
    assert!(pipeline.is_closed());
    assert!(matches!(pipeline.send("e").await, Err(ClientError::Poisoned)));
}

#[tokio::test(start_paused = true)]
async fn an_interim_answer_is_no_answer() {
    let (pipeline, mut server) = pipeline(2, 1024);
    let answers = hand_over(&pipeline, &["a", "b"]).await;
    says(&mut server, &["kept a", "re a"]).await;
    assert_eq!(told(answers).await, ["uncorrelated true", "abandoned true"]);
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_is_taken_for_no_other() {
    let (pipeline, mut server) = pipeline(2, 1024);
    let begin = Instant::now();
    let answers = hand_over(&pipeline, &["a", "b"]).await;
    assert_eq!(told(answers).await, ["ack_timeout true", "abandoned true"]);
    assert_eq!(begin.elapsed().as_secs(), 30);
    hears(&mut server, &["a", "b"]).await;
    assert_eq!(server.read(&mut [0; 1]).await.unwrap(), 0, "the connection is closed");
}

#[tokio::test(start_paused = true)]
async fn each_has_its_time_from_when_it_is_the_oldest() {
    let (pipeline, mut server) = pipeline(3, 1024);
    let answers = hand_over(&pipeline, &["a", "b", "c"]).await;
    for answer in ["re a", "re b", "re c"] {
        sleep(Duration::from_secs(29)).await;
        says(&mut server, &[answer]).await;
    }
    assert_eq!(told(answers).await, ["re a", "re b", "re c"]);
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_has_no_deadline() {
    let (pipeline, mut server) = pipeline(1, 1024);
    for message in ["a", "b"] {
        sleep(Duration::from_secs(3600)).await;
        let answers = hand_over(&pipeline, &[message]).await;
        hears(&mut server, &[message]).await;
        says(&mut server, &[&format!("re {message}")]).await;
        assert_eq!(told(answers).await, [format!("re {message}")]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_read_does_not_hold_the_callers() {
    let (pipeline, _server) = pipeline(3, 16);
    let begin = Instant::now();
    let long = "x".repeat(100);
    let answers = hand_over(&pipeline, &[&long, "b"]).await;
    assert_eq!(told(answers).await, ["write_timeout true", "abandoned false"]);
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_closed_connection_fails_all_in_flight() {
    let (pipeline, mut server) = pipeline(3, 8);
    let answers = hand_over(&pipeline, &["a", "b", "c"]).await;
    hears(&mut server, &["a"]).await;
    drop(server);
    let told = told(answers).await;
    // Eight bytes fit into the pipe: the first message and half of the second were sent.
    assert!(told[0].starts_with("closed true") || told[0].starts_with("broken true"), "{told:?}");
    assert!(told[1..].iter().all(|told| told.starts_with("abandoned")), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn answers_that_came_before_the_close_are_given() {
    let (pipeline, mut server) = pipeline(4, 16);
    let long = "x".repeat(100);
    let answers = hand_over(&pipeline, &["a", "b", &long]).await;
    hears(&mut server, &["a", "b"]).await;
    says(&mut server, &["re a", "re b"]).await;
    drop(server);
    let later = hand_over(&pipeline, &["c"]).await;
    assert_eq!(told(answers).await, ["re a", "re b", "broken true"]);
    assert!(told(later).await.iter().all(|told| told.ends_with("false")));
}

/// Nothing can be written any more, and nothing comes.
#[tokio::test(start_paused = true)]
async fn a_connection_that_broke_one_way_ends_soon() {
    let (reading, _theirs) = tokio::io::duplex(64);
    let (writing, closed) = tokio::io::duplex(64);
    drop(closed);
    let pipeline = Pipeline::over(tokio::io::join(reading, writing), options(), depth(2)).unwrap();
    let begin = Instant::now();
    let answers = hand_over(&pipeline, &["a"]).await;
    assert_eq!(told(answers).await, ["broken true"]);
    assert_eq!(begin.elapsed(), crate::client::CLOSING);
}

#[tokio::test(start_paused = true)]
async fn what_comes_unasked_ends_the_connection() {
    let (pipeline, mut server) = pipeline(3, 1024);
    says(&mut server, &["re a"]).await;
    sleep(Duration::from_secs(1)).await;
    assert!(pipeline.is_closed());
    assert!(matches!(pipeline.send("a").await, Err(ClientError::Poisoned)));
    assert_eq!(server.read(&mut [0; 1]).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_closes_meanwhile_is_noticed_before_the_next_message() {
    let (pipeline, server) = pipeline(3, 1024);
    drop(server);
    sleep(Duration::from_secs(1)).await;
    assert!(matches!(pipeline.send("a").await, Err(ClientError::Poisoned)));
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_takes_no_answer_of_another_one() {
    let (pipeline, mut server) = pipeline(2, 1024);
    let mut answers = hand_over(&pipeline, &["a", "b", "c"]).await;
    hears(&mut server, &["a", "b"]).await;
    // `a` is sent, and its answer still comes; `c` waits for its place.
    answers.remove(0).abort();
    answers.remove(1).abort();
    says(&mut server, &["re a", "re b"]).await;
    assert_eq!(told(answers).await, ["re b"]);
    let answers = hand_over(&pipeline, &["d"]).await;
    hears(&mut server, &["d"]).await;
    says(&mut server, &["re d"]).await;
    assert_eq!(told(answers).await, ["re d"]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_at_once_has_sent_nothing() {
    let (pipeline, mut server) = pipeline(2, 1024);
    tokio::select! {
        biased;
        _ = pipeline.send("a") => panic!("nobody answered"),
        () = std::future::ready(()) => {}
    }
    let answers = hand_over(&pipeline, &["b"]).await;
    hears(&mut server, &["b"]).await;
    says(&mut server, &["re b"]).await;
    assert_eq!(told(answers).await, ["re b"]);
}

/// Both sides have more to say than the pipe holds.
#[tokio::test(start_paused = true)]
async fn large_messages_both_ways_do_not_block_each_other() {
    let (pipeline, mut server) = pipeline(8, 64);
    let messages: Vec<String> = (0..8).map(|n| n.to_string().repeat(5000)).collect();
    let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
    let answers = hand_over(&pipeline, &messages).await;
    let serving = async {
        for message in &messages {
            hears(&mut server, &[message]).await;
            says(&mut server, &[&format!("re {message}")]).await;
        }
    };
    let (told, ()) = tokio::join!(told(answers), serving);
    let expected: Vec<String> = messages.iter().map(|message| format!("re {message}")).collect();
    assert_eq!(told, expected);
}

#[tokio::test(start_paused = true)]
async fn bad_frames_and_missing_ends_are_told() {
    let (pipeline, mut server) = pipeline(2, 1024);
    let answers = hand_over(&pipeline, &["a", "b"]).await;
    server.write_all(b"\x0bre a\x1c").await.unwrap();
    sleep(Duration::from_secs(1)).await;
    server.write_all(b"\x0b\x1c\r").await.unwrap();
    assert_eq!(told(answers).await, ["re a", "bad_frame true"]);
}

#[tokio::test(start_paused = true)]
async fn the_shape_is_that_of_what_came_since_the_last_answer() {
    let (pipeline, mut server) = pipeline(2, 1024);
    let mut answers = hand_over(&pipeline, &["a", "b"]).await;
    server.write_all(b"\x0bre a\x1c\r\x0bre").await.unwrap();
    let error = answers.remove(1).await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "no answer in time; the peer sent: VT text*2, no end block");

    let (pipeline, mut server) = self::pipeline(1, 1024);
    let answers = hand_over(&pipeline, &["a"]).await;
    server.write_all(b"\x0b").await.unwrap();
    drop(server);
    let error = answers.into_iter().next().unwrap().await.unwrap().unwrap_err();
    assert!(matches!(error, ClientError::Frame { error: FrameError::Unfinished { .. }, .. }));
}

#[tokio::test(start_paused = true)]
async fn the_connection_is_closed_when_nobody_can_send_any_more() {
    let (pipeline, mut server) = pipeline(2, 1024);
    let answers = hand_over(&pipeline, &["a"]).await;
    drop(pipeline);
    hears(&mut server, &["a"]).await;
    says(&mut server, &["re a"]).await;
    assert_eq!(told(answers).await, ["re a"]);
    assert_eq!(server.read(&mut [0; 1]).await.unwrap(), 0);
}

#[tokio::test]
async fn what_cannot_be_pipelined_or_framed_is_refused() {
    let (ours, _theirs) = tokio::io::duplex(64);
    let release_two = ClientOptions { release: Release::Two, ..options() };
    assert!(matches!(Pipeline::over(ours, release_two, depth(2)), Err(ClientError::NotPipelined)));
    let (pipeline, _server) = pipeline(2, 64);
    assert!(matches!(pipeline.send("").await, Err(ClientError::NotEncodable)));
    let other = ClientOptions { correlate: |_, _| Correlation::Other, ..options() };
    let (ours, mut theirs) = tokio::io::duplex(64);
    let pipeline = Pipeline::over(ours, other, depth(2)).unwrap();
    let answers = hand_over(&pipeline, &["a"]).await;
    says(&mut theirs, &["re a"]).await;
    assert_eq!(told(answers).await, ["uncorrelated true"]);
}
