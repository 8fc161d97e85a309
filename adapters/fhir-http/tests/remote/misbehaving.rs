//! Servers that hang, redirect, lie or talk nonsense.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use carewire_fhir_http::{FhirHttpRemote, NoToken};
use carewire_sync_engine::{Refusal, Remote};

use crate::support::{http, options, organization, remote_at, scripted, submit, transient_code};

async fn code_of_write(script: impl Fn(&str) -> String + Send + Sync + 'static) -> String {
    let remote = remote_at(scripted(script).await);
    transient_code(&submit(&remote, &[organization("a")]).await.unwrap_err()).to_owned()
}

#[tokio::test]
async fn answers_that_say_nothing_about_the_writes_are_transient() {
    let bodies = [
        "<html>",
        "",
        "{}",
        r#"{"resourceType":"OperationOutcome"}"#,
        r#"{"resourceType":"Bundle","type":"transaction-response"}"#,
        r#"{"resourceType":"Bundle","entry":[{},{}]}"#,
    ];
    for body in bodies {
        assert_eq!(code_of_write(move |_| http("200 OK", "", body)).await, "unreadable-answer", "{body}");
    }
    assert_eq!(code_of_write(|_| http("404 Not Found", "", "<html>")).await, "unreadable-answer");
    assert_eq!(code_of_write(|_| http("502 Bad Gateway", "", "<html>")).await, "unavailable");
}

#[tokio::test]
async fn a_server_that_hangs_or_is_away_is_an_outage() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let remote = remote_at(silent.local_addr().unwrap());
    assert_eq!(transient_code(&submit(&remote, &[organization("a")]).await.unwrap_err()), "timeout");
    let gone = remote_at("127.0.0.1:1".parse().unwrap());
    assert_eq!(transient_code(&gone.read("Patient", "1").await.unwrap_err()), "connection");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let target = scripted(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        http("200 OK", "", "{}")
    })
    .await;
    let location = format!("Location: http://{target}/\r\n");
    assert_eq!(code_of_write(move |_| http("307 Temporary Redirect", &location, "")).await, "redirected");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_kept() {
    let address = scripted(|_| http("200 OK", "", &"x".repeat(10_000))).await;
    let options = options().max_answer(1_000);
    let remote = FhirHttpRemote::new("clinic", &format!("http://{address}/fhir"), &options, NoToken).unwrap();
    let refusal = remote.read("Patient", "1").await.unwrap_err();
    let for_good = Refusal::Permanent { code: "answer-too-large".into(), expressions: Vec::new() };
    assert_eq!(refusal, for_good, "it would be as large the next time");
}

#[tokio::test]
async fn reading_another_resource_than_asked_for_is_refused() {
    let remote = remote_at(scripted(|_| http("200 OK", "", r#"{"resourceType":"Patient","id":"2"}"#)).await);
    assert_eq!(transient_code(&remote.read("Patient", "1").await.unwrap_err()), "unreadable-answer");
}

#[tokio::test]
async fn an_inventory_that_is_cut_into_pages_is_asked_for_in_smaller_parts() {
    // Shows one resource on a page, whatever was asked for.
    let remote = remote_at(
        scripted(|request| {
            let ids = request.split("_id=").nth(1).unwrap().split(['&', ' ']).next().unwrap().to_owned();
            let ids: Vec<_> = ids.split("%2C").collect();
            let next = if ids.len() > 1 { r#""link":[{"relation":"next","url":"http://elsewhere/"}],"# } else { "" };
            let first = ids[0];
            let body = format!(
                r#"{{"resourceType":"Bundle",{next}"entry":[{{"resource":{{"resourceType":"Patient","id":"{first}"}}}}]}}"#
            );
            http("200 OK", "", &body)
        })
        .await,
    );
    let ids: Vec<_> = (0..7).map(|n| format!("p{n}")).collect();
    let lines = remote.inventory("Patient", &ids).await.unwrap();
    assert_eq!(lines.into_iter().map(|line| line.id).collect::<Vec<_>>(), ids);
}
