//! Whatever the server does, every answer that a pipeline gives belongs to its message.
#![cfg(feature = "tokio")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex},
};

use carewire_mllp::{
    Answer, ClientError, ClientOptions, Correlation, Decoder, Event, Limits, Pipeline, encode,
};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

/// What the server does wrong with the message of this number.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Nothing,
    /// Answers no message from this one on.
    Silence(usize),
    /// Answers none, so that the next answer comes in its place.
    Swallow(usize),
    AnswerTwice(usize),
    /// Answers the next one first.
    Swap(usize),
    /// Closes in place of the answer.
    Close(usize),
    /// Closes in the middle of the answer.
    CloseWithin(usize),
    /// Sends an answer without a frame in its place.
    NoFrame(usize),
}

impl Fault {
    fn at(self) -> usize {
        match self {
            Self::Nothing => usize::MAX,
            Self::Silence(n)
            | Self::Swallow(n)
            | Self::AnswerTwice(n)
            | Self::Swap(n)
            | Self::Close(n)
            | Self::CloseWithin(n)
            | Self::NoFrame(n) => n,
        }
    }
}

fn fault() -> impl Strategy<Value = Fault> {
    let at = 0..30_usize;
    prop_oneof![
        2 => Just(Fault::Nothing),
        1 => at.clone().prop_map(Fault::Silence),
        1 => at.clone().prop_map(Fault::Swallow),
        1 => at.clone().prop_map(Fault::AnswerTwice),
        1 => at.clone().prop_map(Fault::Swap),
        1 => at.clone().prop_map(Fault::Close),
        1 => at.clone().prop_map(Fault::CloseWithin),
        1 => at.prop_map(Fault::NoFrame),
    ]
}

#[derive(Clone, Debug)]
struct Scene {
    depth: usize,
    /// How long each message is.
    messages: Vec<usize>,
    /// How many bytes the server writes at once, in turn.
    chunks: Vec<usize>,
    /// How many bytes the connection holds.
    buffer: usize,
    /// Which callers go away before their answer.
    leaving: Vec<bool>,
    fault: Fault,
}

fn scene() -> impl Strategy<Value = Scene> {
    let messages = proptest::collection::vec(1..600_usize, 1..30);
    let chunks = proptest::collection::vec(1..200_usize, 1..8);
    let leaving = proptest::collection::vec(proptest::bool::weighted(0.1), 30);
    (1..12_usize, messages, chunks, 1..2000_usize, leaving, fault()).prop_map(
        |(depth, messages, chunks, buffer, leaving, fault)| Scene {
            depth,
            messages,
            chunks,
            buffer,
            leaving,
            fault,
        },
    )
}

fn payload(n: usize, len: usize) -> Vec<u8> {
    format!("{n}:{}", "x".repeat(len)).into_bytes()
}

fn answer(message: &[u8]) -> Vec<u8> {
    [b"re ", message].concat()
}

fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
    match answer.strip_prefix(b"re ") {
        Some(rest) if rest == sent => Correlation::Final,
        _ => Correlation::Other,
    }
}

type Got = Arc<Mutex<Vec<Vec<u8>>>>;

async fn serve(mut stream: DuplexStream, scene: Scene, got: Got) {
    let (mut decoder, mut chunks) = (Decoder::new(Limits::default()), scene.chunks.iter().cycle());
    let (mut n, mut held) = (0, Vec::new());
    let mut buffer = [0; 100];
    loop {
        while let Some(event) = decoder.poll() {
            let Event::Message { payload, .. } = event else { continue };
            got.lock().unwrap().push(payload.clone());
            let frame = encode(&answer(&payload));
            let at = (n == scene.fault.at()).then_some(scene.fault);
            n += 1;
            let mut said = match at {
                _ if matches!(scene.fault, Fault::Silence(from) if n > from) => continue,
                Some(Fault::Swallow(_)) => continue,
                Some(Fault::Swap(_)) => {
                    held = frame;
                    continue;
                }
                Some(Fault::AnswerTwice(_)) => frame.repeat(2),
                Some(Fault::Close(_)) => return,
                Some(Fault::CloseWithin(_)) => frame.iter().take(frame.len() / 2).copied().collect(),
                Some(Fault::NoFrame(_)) => answer(&payload),
                _ => frame,
            };
            said.append(&mut held);
            while !said.is_empty() {
                let len = (*chunks.next().unwrap()).min(said.len());
                let chunk: Vec<u8> = said.drain(..len).collect();
                if stream.write_all(&chunk).await.is_err() {
                    return;
                }
                tokio::task::yield_now().await;
            }
            if matches!(at, Some(Fault::CloseWithin(_))) {
                return;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(len) if len > 0 => decoder.feed(buffer.get(..len).unwrap()),
            _ => return,
        }
    }
}

/// What became of each message: none where its caller went away.
type Outcomes = Vec<Option<Result<Answer, ClientError>>>;

async fn play(scene: Scene) -> (Outcomes, Vec<Vec<u8>>) {
    let (ours, theirs) = tokio::io::duplex(scene.buffer);
    let got = Got::default();
    let server = tokio::spawn(serve(theirs, scene.clone(), Arc::clone(&got)));
    let options = ClientOptions::new(correlate);
    let pipeline = Pipeline::over(ours, options, NonZeroUsize::new(scene.depth).unwrap()).unwrap();
    let mut callers = Vec::new();
    for (n, len) in scene.messages.iter().enumerate() {
        let (pipeline, message) = (pipeline.clone(), payload(n, *len));
        let caller = tokio::spawn(async move { pipeline.send(message).await });
        tokio::task::yield_now().await;
        if *scene.leaving.get(n).unwrap() {
            caller.abort();
        }
        callers.push(caller);
    }
    let mut outcomes = Vec::new();
    for caller in callers {
        outcomes.push(caller.await.ok());
    }
    drop(pipeline);
    server.await.unwrap();
    let got = got.lock().unwrap().clone();
    (outcomes, got)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_belongs_to_its_message(scene in scene()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let (outcomes, got) = runtime.block_on(play(scene.clone()));
        let left = scene.leaving.iter().take(scene.messages.len()).any(|left| *left);
        for (n, (outcome, len)) in outcomes.iter().zip(&scene.messages).enumerate() {
            let message = payload(n, *len);
            let times = got.iter().filter(|got| **got == message).count();
            prop_assert!(times <= 1, "message {} was sent {} times", n, times);
            match outcome {
                None => {}
                Some(Ok(found)) => {
                    prop_assert_eq!(&found.payload, &answer(&message));
                    prop_assert_eq!(times, 1);
                }
                Some(Err(error)) => {
                    prop_assert!(!matches!(scene.fault, Fault::Nothing), "message {}: {}", n, error);
                    prop_assert!(error.may_be_received() || times == 0, "message {} was received: {}", n, error);
                    prop_assert!(left || n >= scene.fault.at(), "message {} came before the fault: {}", n, error);
                }
            }
        }
        // What goes wrong is noticed, unless it comes behind the last message.
        let hit = scene.fault.at() < scene.messages.len() && !left && !matches!(scene.fault, Fault::AnswerTwice(_));
        let failed = outcomes.iter().flatten().any(Result::is_err);
        prop_assert!(!hit || failed, "nobody was told of {:?}", scene.fault);
    }
}
