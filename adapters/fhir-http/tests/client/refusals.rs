//! Refusals whose status is all that can be read of them.

use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::http::{Failure, FailureKind};
use carewire_fhir_http::{Error, FhirClient, TokenSource};
use secrecy::SecretString;

use crate::support::{client, http, kind, options, scripted};

/// Gives `old`, and `new` for it.
#[derive(Debug)]
struct Renewing;

#[async_trait]
impl TokenSource for Renewing {
    async fn token(&self) -> Result<Option<SecretString>, Error> {
        Ok(Some(SecretString::from("old")))
    }

    async fn renew(&self, _: &SecretString) -> Result<Option<SecretString>, Error> {
        Ok(Some(SecretString::from("new")))
    }
}

fn refusal(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn another_token_is_tried_whatever_the_body_of_the_refusal() {
    let cut_off = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 50\r\nConnection: close\r\n\r\n{".to_vec();
    let bodies = [
        refusal("401 Unauthorized", "Content-Encoding: br\r\n", b"x"),
        refusal("401 Unauthorized", "Content-Encoding: gzip\r\n", b"<html>"),
        refusal("401 Unauthorized", "", &[b' '; 2_000]),
        cut_off,
    ];
    for body in bodies {
        let (base, heard) = scripted(move |_, request| {
            let is_new = request.to_lowercase().contains("authorization: bearer new");
            if is_new { http("", br#"{"resourceType":"Patient","id":"1"}"#) } else { body.clone() }
        })
        .await;
        let client = FhirClient::new(&base, &options().max_answer(1_000), Renewing).unwrap();
        assert!(client.read("Patient", "1").await.is_ok());
        assert_eq!(heard.lock().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn an_outage_with_a_large_body_is_an_outage() {
    let (base, _) =
        scripted(|_, _| refusal("503 Service Unavailable", "Retry-After: 3\r\n", &[b' '; 2_000])).await;
    let error = client(&base, &options().max_answer(1_000)).read("Patient", "1").await.unwrap_err();
    let failure = error.failure().unwrap();
    assert_eq!((failure.kind(), failure.status()), (FailureKind::Unavailable, Some(503)));
    assert!(failure.is_transient());
    assert_eq!(failure.wait(), Some(Duration::from_secs(3)));
}

#[tokio::test]
async fn too_many_requests_pause_the_client_also_where_no_wait_is_stated() {
    let (base, heard) = scripted(|_, _| refusal("429 Too Many Requests", "", b"")).await;
    let asked = || heard.lock().unwrap().len();
    let throttled = client(&base, &options().unstated_wait(Duration::from_millis(300)));
    assert_eq!(kind(throttled.read("Patient", "1").await.unwrap_err()), FailureKind::Throttled);
    let early = throttled.clone().read("Patient", "2").await.unwrap_err();
    assert!(early.failure().and_then(Failure::wait).is_some_and(|wait| wait <= Duration::from_millis(300)));
    assert_eq!(asked(), 1, "nothing was sent");
    tokio::time::sleep(Duration::from_millis(350)).await;
    drop(throttled.read("Patient", "1").await);
    assert_eq!(asked(), 2);
    let patient = client(&base, &options().unstated_wait(Duration::ZERO));
    drop(patient.read("Patient", "1").await);
    drop(patient.read("Patient", "1").await);
    assert_eq!(asked(), 4);
}
