//! What `serve` does for its queue by itself.
#![expect(clippy::expect_used, reason = "a test stops at the first thing that is not as expected")]

use serde_json::json;

use crate::serve::{client, until};
use crate::support::{Place, Server};

const CONFIG: [&str; 2] = ["--config", "carewire/carewire.toml"];
/// Whoever sends needs no consent first.
const PERMIT: (&str, &str) = ("CAREWIRE_IMPLICIT_CONSENT", "permit-unless-denied");

#[tokio::test(flavor = "multi_thread")]
async fn finished_jobs_are_removed_when_they_have_been_kept_for_long_enough() {
    let place = Place::initialised();
    let settings = [PERMIT, ("CAREWIRE_KEEP_COMPLETED", "2s"), ("CAREWIRE_CLEAN_CRON", "* * * * * *")];
    let mut server = Server::start(&place, &settings);
    place.run(&["mllp", "send", "--to", &server.mllp, "carewire/messages"]).is(0);
    until(&server, |health| health["messages"]["pushed"] == 3).await;
    let completed = || {
        let stats = place.run(&[&["jobs", "stats", "--queue", "sync"][..], &CONFIG].concat()).is(0).lines();
        stats.first().and_then(|stats| stats.get("completed")).cloned()
    };
    let started = std::time::Instant::now();
    while completed() != Some(json!(0)) {
        assert!(started.elapsed().as_secs() < 20, "finished jobs are still there");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(metric(&server, "carewire_queue_jobs_removed_total").await >= Some(3.0));
    assert_eq!(server.terminate(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queues_are_measured() {
    let place = Place::initialised();
    let mut server = Server::start(&place, &[]);
    place.run(&["mllp", "send", "--to", &server.mllp, "carewire/messages"]).is(0);
    until(&server, |health| health["messages"]["held"] == 3).await;
    let held = "carewire_queue_jobs_held{queue_name=\"sync\"}";
    let started = std::time::Instant::now();
    while metric(&server, held).await != Some(3.0) {
        assert!(started.elapsed().as_secs() < 20, "not measured");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let oldest = "carewire_queue_oldest_waiting_seconds{queue_name=\"sync\"}";
    assert_eq!(metric(&server, oldest).await, Some(0.0), "what is held does not wait for its turn");
    assert_eq!(server.terminate(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_go_no_faster_than_the_limit_of_the_remote() {
    let place = Place::initialised();
    let mut server = Server::start(&place, &[PERMIT, ("CAREWIRE_RATE_LIMIT", "60/m")]);
    let limits = |words: &[&str]| place.run(&[&["jobs", "limits"], words, &CONFIG].concat()).is(0).lines();
    let shown = limits(&[]).remove(0);
    assert_eq!(shown.get("scope"), Some(&json!({"remote": "main"})));
    assert_eq!(shown.pointer("/limit/tokens"), Some(&json!(60)));
    let started = std::time::Instant::now();
    place.run(&["mllp", "send", "--to", &server.mllp, "carewire/messages"]).is(0);
    until(&server, |health| health["messages"]["pushed"] == 3).await;
    assert!(started.elapsed().as_millis() > 1_900, "one at once, one each second: {:?}", started.elapsed());

    limits(&["--queue", "sync", "--own", "--set", "5/s"]);
    let scope = json!({"org": "default", "queue": "sync"});
    assert!(limits(&[]).iter().any(|limit| limit.get("scope") == Some(&scope)));
    limits(&["--queue", "sync", "--own", "--remove"]);
    limits(&["--remote", "main", "--open"]);
    assert_eq!(limits(&[]).len(), 1);
    place.run(&[&["jobs", "limits", "--set", "fast"][..], &CONFIG].concat()).is(2).says(&["10/s"]);
    assert_eq!(server.terminate(), 0);

    // What an operator set is not undone by a start, unless it is told to.
    let mut server = Server::start(&place, &[]);
    assert_eq!(limits(&[]).len(), 1);
    assert_eq!(server.terminate(), 0);
    let mut server = Server::start(&place, &[("CAREWIRE_RATE_LIMIT", "none")]);
    assert!(limits(&[]).is_empty());
    assert_eq!(server.terminate(), 0);
}

/// The value of a line of `/metrics`.
async fn metric(server: &Server, name: &str) -> Option<f64> {
    let answer = client().get(format!("{}/metrics", server.http)).send().await.expect("an answer");
    let text = answer.text().await.expect("a body");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(|value| value.parse().expect("a number"))
}
