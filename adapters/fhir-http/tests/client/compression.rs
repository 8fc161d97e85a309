//! Compressed answers and requests, and answers that unfold without end.

use std::io::Write;

use carewire_fhir_core::http::FailureKind;
use carewire_fhir_core::{Resource, Value};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{client, http, kind, options, scripted};

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn compressed_answers_are_asked_for_and_read() {
    let body = gzip(br#"{"resourceType":"Patient","id":"1","gender":"male"}"#);
    let (base, heard) = scripted(move |_, _| http("Content-Encoding: gzip\r\n", &body)).await;
    let read = client(&base, &options()).read("Patient", "1").await.unwrap();
    assert_eq!(read.value().str("gender"), Some("male"));
    let plain = client(&base, &options().accept_compressed(false)).read("Patient", "1").await;
    assert!(plain.is_ok());
    let heard = heard.lock().unwrap();
    let asks = |n: usize| String::from_utf8_lossy(&heard[n]).to_lowercase().contains("accept-encoding: gzip");
    assert!(asks(0) && !asks(1));
}

#[tokio::test]
async fn an_answer_that_unfolds_to_too_much_is_not_kept() {
    let bomb = gzip(&vec![b' '; 20 << 20]);
    assert!(bomb.len() < 1 << 20);
    let (base, _) = scripted(move |_, _| http("Content-Encoding: gzip\r\n", &bomb)).await;
    let failure = client(&base, &options().max_answer(1 << 20)).read("Patient", "1").await.unwrap_err();
    assert_eq!(kind(failure), FailureKind::TooLarge);
}

#[tokio::test]
async fn an_encoding_that_nobody_asked_for_is_not_read() {
    let (base, _) = scripted(|_, _| http("Content-Encoding: br\r\n", b"x")).await;
    let failure = client(&base, &options()).read("Patient", "1").await.unwrap_err();
    assert_eq!(kind(failure), FailureKind::Unreadable);
}

#[tokio::test]
async fn large_bodies_are_compressed_where_that_is_wanted() {
    let (base, heard) = scripted(|_, _| http("", b"")).await;
    let mut patient = Resource::new("Patient");
    let given: Value = (0..500).map(|_| Value::from("Ann")).collect();
    patient.value_mut().set("name", vec![Value::object().with("given", given)]);
    client(&base, &options().compress_requests(true)).create(&patient).await.unwrap();
    client(&base, &options()).create(&patient).await.unwrap();
    let heard = heard.lock().unwrap();
    let is_packed =
        |n: usize| String::from_utf8_lossy(&heard[n]).to_lowercase().contains("content-encoding: gzip");
    assert!(is_packed(0) && !is_packed(1) && heard[0].len() < heard[1].len());
}
