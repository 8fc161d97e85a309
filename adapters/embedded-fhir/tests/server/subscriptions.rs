//! Subscriptions with a rest-hook channel.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use carewire_embedded_fhir::{EmbeddedFhir, SubscriptionOptions};
use carewire_fhir_core::Value;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{Running, in_memory, observation, patient, start};

/// An endpoint that keeps what it was sent, and answers with these statuses and then with 200.
struct Receiver {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

#[derive(Clone)]
struct Received {
    head: String,
    body: String,
}

impl Received {
    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Receiver {
    async fn start(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?x=1", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (kept, mut statuses) = (Arc::clone(&received), VecDeque::from(statuses.to_vec()));
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut bytes = Vec::new();
                let (head, body) = loop {
                    let mut part = [0; 4096];
                    let n = stream.read(&mut part).await.unwrap();
                    bytes.extend_from_slice(&part[..n]);
                    let text = String::from_utf8(bytes.clone()).unwrap();
                    let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                    let length = head.to_lowercase();
                    let length = length.split_once("content-length: ").map_or("0", |(_, rest)| rest);
                    let length: usize = length.lines().next().unwrap().parse().unwrap();
                    if body.len() >= length || n == 0 {
                        break (head.to_owned(), body.to_owned());
                    }
                };
                kept.lock().unwrap().push(Received { head, body });
                let status = statuses.pop_front().unwrap_or(200);
                let answer =
                    format!("HTTP/1.1 {status} x\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self { url, received }
    }

    /// What was received, once the server has nobody left to tell.
    async fn wait_for(&self, remote: &Running, count: usize) -> Vec<Received> {
        quiet(remote).await;
        let received = self.received.lock().unwrap().clone();
        assert_eq!(received.len(), count);
        received
    }
}

/// Waits until the server has found out who is to be told of every change, and told them or given up.
async fn quiet(remote: &Running) {
    let is_quiet = || remote.server.stats().get("notifying").and_then(Value::as_i64) == Some(0);
    let started = Instant::now();
    while !is_quiet() {
        assert!(started.elapsed() < Duration::from_secs(60), "notifications do not end");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn subscription(criteria: &str, url: &str, more: &str) -> String {
    format!(
        r#"{{"resourceType":"Subscription","status":"requested","reason":"test","criteria":"{criteria}",
        "channel":{{"type":"rest-hook","endpoint":"{url}","payload":"application/fhir+json","header":["X-Own: mine"]}}{more}}}"#
    )
}

const SECRET: &str = r#","extension":[{"url":"https://www.medplum.com/fhir/StructureDefinition/subscription-secret","valueString":"s3cret"}]"#;

async fn quick() -> Running {
    started(|options| options).await
}

async fn started(options: impl FnOnce(SubscriptionOptions) -> SubscriptionOptions) -> Running {
    let quick = SubscriptionOptions::default().loopback(true).first_wait(Duration::from_millis(5));
    start(EmbeddedFhir::builder().subscriptions(options(quick))).await
}

fn given_up(remote: &Running) -> Option<i64> {
    remote.server.stats().get("given_up").and_then(Value::as_i64)
}

async fn status(remote: &Running, subscription: &str) -> String {
    remote.get(&format!("/{subscription}")).await.json().str("status").unwrap().to_owned()
}

#[tokio::test]
async fn what_matches_is_sent_signed_and_byte_for_byte() {
    let (remote, receiver) = (quick().await, Receiver::start(&[]).await);
    let hook = remote.create(&subscription("Patient?identifier=urn:t%7Ca", &receiver.url, SECRET)).await;
    assert_eq!(status(&remote, &hook).await, "active");
    let created = remote.fhir("POST", "/Patient", &patient("a")).await;
    remote.create(&patient("b")).await;
    remote.create(&observation("Patient/x", "")).await;
    let sent = receiver.wait_for(&remote, 1).await[0].clone();
    assert_eq!(sent.body, created.text);
    let mut mac = Hmac::<Sha256>::new_from_slice(b"s3cret").unwrap();
    mac.update(sent.body.as_bytes());
    let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(sent.header("X-Signature"), Some(signature.as_str()));
    assert_eq!(sent.header("X-Medplum-Interaction"), Some("create"));
    assert_eq!(sent.header("X-Medplum-Subscription"), hook.strip_prefix("Subscription/"));
    assert_eq!(
        (sent.header("X-Own"), sent.header("Content-Type")),
        (Some("mine"), Some("application/fhir+json"))
    );
    assert!(sent.head.starts_with("POST /hook?x=1 HTTP/1.1"));

    let path = format!("/Patient/{}", created.id());
    remote.fhir("PUT", &path, &created.text).await;
    let changed = remote.fhir("PUT", &path, &created.json().with("active", true).to_json()).await;
    let update = receiver.wait_for(&remote, 2).await[1].clone();
    assert_eq!((update.header("X-Medplum-Interaction"), &update.body), (Some("update"), &changed.text));
    remote.fhir("DELETE", &path, "").await;
    let delete = receiver.wait_for(&remote, 3).await[2].clone();
    assert_eq!((delete.body.as_str(), delete.header("X-Medplum-Interaction")), ("{}", Some("delete")));
    assert_eq!(delete.header("X-Medplum-Deleted-Resource"), Some(path.trim_start_matches('/')));
    remote.fhir("DELETE", &format!("/{hook}"), "").await;
    remote.create(&patient("a")).await;
    receiver.wait_for(&remote, 3).await;
}

#[tokio::test]
async fn a_notification_that_is_not_taken_is_sent_again_and_then_given_up() {
    let (remote, receiver) = (quick().await, Receiver::start(&[500, 302]).await);
    let hook = remote.create(&subscription("Patient", &receiver.url, "")).await;
    remote.create(&patient("a")).await;
    let sent = receiver.wait_for(&remote, 3).await;
    assert!(sent.iter().all(|one| one.body == sent[0].body && one.head == sent[0].head));
    assert_eq!(sent[0].header("X-Signature"), None);
    assert_eq!(status(&remote, &hook).await, "active");

    let deaf = Receiver::start(&[500; 3]).await;
    let hook = remote.create(&subscription("Group", &deaf.url, "")).await;
    remote.create(r#"{"resourceType":"Group","type":"person","actual":true}"#).await;
    deaf.wait_for(&remote, 3).await;
    assert_eq!(status(&remote, &hook).await, "error");
    remote.create(r#"{"resourceType":"Group","type":"person","actual":true}"#).await;
    deaf.wait_for(&remote, 3).await;
}

#[tokio::test]
async fn interactions_and_attempts_can_be_chosen() {
    let (remote, receiver) = (quick().await, Receiver::start(&[500; 9]).await);
    let base = "https://www.medplum.com/fhir/StructureDefinition/subscription";
    let more = format!(
        r#","extension":[{{"url":"{base}-supported-interaction","valueCode":"delete"}},{{"url":"{base}-max-attempts","valueInteger":1}}]"#
    );
    remote.create(&subscription("Patient", &receiver.url, &more)).await;
    let id = remote.create(&patient("a")).await;
    remote.fhir("DELETE", &format!("/{id}"), "").await;
    receiver.wait_for(&remote, 1).await;
}

#[tokio::test]
async fn a_write_that_was_taken_back_is_not_sent() {
    let (remote, receiver) = (quick().await, Receiver::start(&[]).await);
    remote.create(&subscription("Patient", &receiver.url, "")).await;
    let entries = [&patient("a"), r#"{"resourceType":"Patient","birthDate":null}"#];
    let entries = entries.map(|resource| crate::support::post(resource, "Patient"));
    assert_eq!(remote.bundle("transaction", &entries).await.status, 400);
    receiver.wait_for(&remote, 0).await;
    assert_eq!(remote.bundle("batch", &entries).await.statuses(), ["201", "400"]);
    receiver.wait_for(&remote, 1).await;
}

#[tokio::test]
async fn without_a_payload_nothing_of_the_resource_is_sent() {
    let (remote, receiver) = (quick().await, Receiver::start(&[]).await);
    let bare =
        subscription("Patient", &receiver.url, "").replace(r#""payload":"application/fhir+json","#, "");
    remote.create(&bare).await;
    remote.create(&patient("a")).await;
    assert_eq!(receiver.wait_for(&remote, 1).await[0].body, "");
}

#[tokio::test]
async fn what_could_not_be_done_is_refused() {
    let remote = quick().await;
    let good = subscription("Patient", "http://127.0.0.1:9/", "");
    let itself = format!("http://{}/_faults", remote.address);
    let rows = [
        (good.replace("http://127.0.0.1:9/", &itself), "Subscription.channel.endpoint"),
        (good.replace("http://127.0.0.1:9/", "http://10.0.0.1/"), "Subscription.channel.endpoint"),
        (good.replace("http://127.0.0.1:9/", "https://127.0.0.1/"), "Subscription.channel.endpoint"),
        (good.replace("rest-hook", "email"), "Subscription.channel.type"),
        (good.replace("X-Own: mine", "X-Own"), "Subscription.channel.header"),
        (good.replace("X-Own: mine", "Content-Length: 0"), "Subscription.channel.header"),
        (good.replace("X-Own: mine", "X-Medplum-Interaction: delete"), "Subscription.channel.header"),
        (good.replace("\"Patient\"", "\"Patient?organization.name=x\""), "Subscription.criteria"),
        (good.replace("\"Patient\"", "\"Patient?nothing=1\""), "Subscription.criteria"),
        (good.replace("\"Patient\"", "\"Nobody\""), "Subscription.criteria"),
    ];
    for (body, element) in rows {
        let reply = remote.fhir("POST", "/Subscription", &body).await;
        assert_eq!(reply.status, 400, "{element}");
        let expression = reply.json().list("issue")[0].list("expression")[0].clone();
        assert_eq!(expression.as_str(), Some(element));
        let off = body.replace("requested", "off");
        assert_eq!(remote.fhir("POST", "/Subscription", &off).await.status, 201, "{element}");
    }
}

#[tokio::test]
async fn nobody_is_called_unless_that_is_allowed() {
    let (remote, receiver) = (in_memory().await, Receiver::start(&[]).await);
    let hook = subscription("Patient", &receiver.url, "");
    assert_eq!(remote.fhir("POST", "/Subscription", &hook).await.status, 400);
}

#[tokio::test]
async fn what_waits_too_long_or_is_too_much_is_given_up_and_counted() {
    let base = "https://www.medplum.com/fhir/StructureDefinition/subscription";
    let stubborn = format!(r#","extension":[{{"url":"{base}-max-attempts","valueInteger":18}}]"#);
    let remote = started(|options| options.total_time(Duration::ZERO)).await;
    let deaf = Receiver::start(&[500; 18]).await;
    let hook = remote.create(&subscription("Patient", &deaf.url, &stubborn)).await;
    remote.create(&patient("a")).await;
    deaf.wait_for(&remote, 1).await;
    assert_eq!((status(&remote, &hook).await.as_str(), given_up(&remote)), ("error", Some(1)));

    // Takes calls and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let remote = started(|options| options.pending(1, 8).timeout(Duration::from_secs(600))).await;
    let hook = remote.create(&subscription("Patient", &url, "")).await;
    remote.create(&patient("a")).await;
    let begun = Instant::now();
    remote.create(&patient("b")).await;
    while given_up(&remote) != Some(1) {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing is given up");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    while status(&remote, &hook).await != "error" {
        assert!(begun.elapsed() < Duration::from_secs(60), "the subscription does not fail");
    }
}
