//! Bulk export.

use std::time::Duration;

use carewire_bulk_data::{
    Action, Export, KickOff, Level, LineLimits, Manifest, NdjsonReader, Polling, Response,
};
use carewire_embedded_fhir::{BASE_PATH, EmbeddedFhir, ExportOptions};
use carewire_fhir_core::Value;

use crate::support::{Reply, Running, in_memory, observation, patient, start, ticking};

const ASYNC: &str = "Prefer: respond-async";

fn below(url: &str) -> String {
    url.split_once(BASE_PATH).unwrap().1.to_owned()
}

/// Starts an export and gives the path of its status.
async fn kick_off(remote: &Running, path: &str) -> String {
    let reply = remote.with("GET", path, &[ASYNC], "").await;
    assert_eq!(reply.status, 202, "{}", reply.text);
    below(reply.header("content-location").unwrap())
}

/// Polls until the export has ended.
async fn finished(remote: &Running, status: &str) -> Reply {
    for _ in 0..500 {
        let reply = remote.get(status).await;
        if reply.status != 202 {
            assert_eq!(reply.status, 200, "{}", reply.text);
            return reply;
        }
        assert_eq!(reply.header("retry-after"), Some("1"));
        assert!(reply.header("x-progress").is_some_and(|text| text.ends_with("types")));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the export does not end");
}

/// All lines of the files of an export, as `Type/id`, in order.
async fn exported(remote: &Running, path: &str) -> Vec<String> {
    let manifest = finished(remote, &kick_off(remote, path).await).await.json();
    let mut found = Vec::new();
    for file in manifest.list("output") {
        let reply = remote.get(&below(file.str("url").unwrap())).await;
        assert_eq!(reply.header("content-type"), Some("application/fhir+ndjson"));
        assert_eq!(Some(reply.text.lines().count() as i64), file.get("count").and_then(Value::as_i64));
        for line in reply.text.lines() {
            let resource = Value::parse(line.as_bytes()).unwrap();
            assert_eq!(resource.str("resourceType"), file.str("type"));
            found.push(format!("{}/{}", file.str("type").unwrap(), resource.str("id").unwrap()));
        }
    }
    found
}

struct Ward {
    remote: Running,
    patients: Vec<String>,
    observations: Vec<String>,
    doctor: String,
    group: String,
}

/// Three patients with an observation each, the first two in a group, and a doctor.
async fn ward(builder: carewire_embedded_fhir::Builder) -> Ward {
    let remote = start(builder).await;
    let (mut patients, mut observations) = (Vec::new(), Vec::new());
    for value in ["a", "b", "c"] {
        let id = remote.create(&patient(value)).await;
        observations.push(remote.create(&observation(&id, "")).await);
        patients.push(id);
    }
    let doctor = remote.create(r#"{"resourceType":"Practitioner","active":true}"#).await;
    let group = format!(
        r#"{{"resourceType":"Group","type":"person","actual":true,"member":[{{"entity":{{"reference":"{}"}}}},
        {{"entity":{{"reference":"{}"}}}},{{"entity":{{"reference":"{}"}},"inactive":true}}]}}"#,
        patients[0], patients[1], patients[2]
    );
    let group = remote.create(&group).await;
    Ward { remote, patients, observations, doctor, group }
}

#[tokio::test]
async fn the_whole_server_all_patients_or_a_group() {
    let ward = ward(EmbeddedFhir::builder().export(ExportOptions::default().lines(2))).await;
    let all = exported(&ward.remote, "/$export").await;
    assert_eq!(all.len(), 8);
    assert!(all.contains(&ward.doctor));
    let of_patients = exported(&ward.remote, "/Patient/$export").await;
    assert_eq!(of_patients.len(), 7, "the group is in the compartment of its members, the doctor is in none");
    let of_group =
        exported(&ward.remote, &format!("/{}/$export?_type=Patient,Observation", ward.group)).await;
    let expected = [&ward.observations[..2], &ward.patients[..2]].concat();
    assert_eq!(of_group, expected);
    let unknown = "/Group/6b8a5c0e-0000-4000-8000-000000000001/$export";
    assert_eq!(ward.remote.with("GET", unknown, &[ASYNC], "").await.status, 404);
}

#[tokio::test]
async fn an_export_can_be_narrowed() {
    let ward = ward(EmbeddedFhir::builder()).await;
    let filtered =
        exported(&ward.remote, "/$export?_type=Patient&_typeFilter=Patient%3Fidentifier%3Durn:t%7Cb").await;
    assert_eq!(filtered, [&*ward.patients[1]]);
    let body = format!(
        r#"{{"resourceType":"Parameters","parameter":[{{"name":"patient","valueReference":{{"reference":"{}"}}}},
        {{"name":"_type","valueString":"Observation"}}]}}"#,
        ward.patients[2]
    );
    let posted = ward.remote.with("POST", "/Patient/$export", &[ASYNC], &body).await;
    let manifest = finished(&ward.remote, &below(posted.header("content-location").unwrap())).await.json();
    let file = ward.remote.get(&below(manifest.list("output")[0].str("url").unwrap())).await;
    assert!(file.text.contains(ward.observations[2].trim_start_matches("Observation/")));
}

#[tokio::test]
async fn the_manifest_says_when_and_what_was_asked() {
    let remote = start(EmbeddedFhir::builder().clock(ticking())).await;
    let old = remote.create(&patient("a")).await;
    remote.create(&patient("b")).await;
    remote.fhir("DELETE", &format!("/{old}"), "").await;
    let status = kick_off(&remote, "/$export?_since=2026-01-01T00:00:02Z").await;
    remote.create(&patient("later")).await;
    let reply = finished(&remote, &status).await;
    assert!(reply.header("expires").unwrap().ends_with("GMT"));
    let manifest = reply.json();
    assert_eq!(manifest.str("transactionTime"), Some("2026-01-01T00:00:03.000Z"));
    assert!(manifest.str("request").unwrap().contains("/$export?_since=2026"));
    assert_eq!(manifest.get("requiresAccessToken").and_then(Value::as_bool), Some(false));
    assert!(manifest.list("output").is_empty() && manifest.get("error").is_some_and(Value::is_empty));
    let deleted = manifest.list("deleted")[0].clone();
    assert_eq!(deleted.str("type"), Some("Bundle"));
    let bundle = remote.get(&below(deleted.str("url").unwrap())).await.json();
    let request = bundle.list("entry")[0].get("request").unwrap().clone();
    assert_eq!((bundle.str("type"), request.str("method")), (Some("transaction"), Some("DELETE")));
    assert_eq!(request.str("url"), Some(old.as_str()));
}

#[tokio::test]
async fn what_is_written_later_is_not_in_it() {
    let options = ExportOptions::default().at_least(Duration::from_millis(200));
    let ward = ward(EmbeddedFhir::builder().export(options)).await;
    let status = kick_off(&ward.remote, "/$export?_type=Patient").await;
    assert_eq!(ward.remote.get(&status).await.status, 202);
    let path = format!("/{}", ward.patients[0]);
    let before = ward.remote.get(&path).await;
    ward.remote.fhir("PUT", &path, &before.json().with("active", true).to_json()).await;
    ward.remote.fhir("DELETE", &format!("/{}", ward.patients[1]), "").await;
    ward.remote.create(&patient("later")).await;
    let manifest = finished(&ward.remote, &status).await.json();
    let file = ward.remote.get(&below(manifest.list("output")[0].str("url").unwrap())).await;
    assert_eq!(file.text.lines().count(), 3);
    assert!(file.text.contains(&before.text));
}

#[tokio::test]
async fn jobs_run_side_by_side_and_can_be_cancelled_and_expire() {
    let options = ExportOptions::default().keep(Duration::from_secs(5));
    let remote = start(EmbeddedFhir::builder().clock(ticking()).export(options)).await;
    remote.create(&patient("a")).await;
    let (one, other) = (kick_off(&remote, "/$export").await, kick_off(&remote, "/Patient/$export").await);
    assert_ne!(one, other);
    assert_eq!(remote.fhir("DELETE", &one, "").await.status, 202);
    assert_eq!((remote.get(&one).await.status, remote.fhir("DELETE", &one, "").await.status), (404, 404));
    let manifest = finished(&remote, &other).await.json();
    let file = below(manifest.list("output")[0].str("url").unwrap());
    assert_eq!(remote.get(&file).await.status, 200);
    for _ in 0..5 {
        remote.get("/Patient").await;
    }
    assert_eq!((remote.get(&file).await.status, remote.get(&other).await.status), (404, 404));
}

#[tokio::test]
async fn a_kick_off_is_read_strictly_unless_asked_otherwise() {
    let remote = in_memory().await;
    assert_eq!(remote.get("/$export").await.status, 400, "without Prefer");
    for query in ["_type=Nothing", "_since=x", "_outputFormat=csv", "_typeFilter=x", "x=y"] {
        let path = format!("/$export?{query}");
        assert_eq!(remote.with("GET", &path, &[ASYNC], "").await.status, 400, "{query}");
        let lenient = ["Prefer: respond-async, handling=lenient"];
        assert_eq!(remote.with("GET", &path, &lenient, "").await.status, 202, "{query}");
    }
    let lax = start(EmbeddedFhir::builder().export(ExportOptions::default().demand_prefer(false))).await;
    assert_eq!(lax.get("/$export").await.status, 202);
}

#[tokio::test]
async fn an_export_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("remote.db");
    let slow = ExportOptions::default().at_least(Duration::from_secs(600));
    let first = ward(EmbeddedFhir::builder().sqlite(&path).export(slow)).await;
    let (status, cancelled) =
        (kick_off(&first.remote, "/$export?_type=Patient").await, kick_off(&first.remote, "/$export").await);
    first.remote.create(&patient("later")).await;
    first.remote.fhir("DELETE", &cancelled, "").await;
    drop(first.remote);
    let second = start(EmbeddedFhir::builder().sqlite(&path)).await;
    let manifest = finished(&second, &status).await.json();
    let file = second.get(&below(manifest.list("output")[0].str("url").unwrap())).await;
    assert_eq!(file.text.lines().count(), 3);
    assert_eq!(second.get(&cancelled).await.status, 404);
}

#[tokio::test]
async fn a_token_is_demanded_for_the_files_too() {
    let remote = start(EmbeddedFhir::builder().bearer_token("s3cret")).await;
    let token = "Authorization: Bearer s3cret";
    remote.with("POST", "/Patient", &[token], &patient("a")).await;
    let started = remote.with("GET", "/$export", &[token, ASYNC], "").await;
    let status = below(started.header("content-location").unwrap());
    let manifest = loop {
        let reply = remote.with("GET", &status, &[token], "").await;
        if reply.status == 200 {
            break reply.json();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert_eq!(manifest.get("requiresAccessToken").and_then(Value::as_bool), Some(true));
    let file = below(manifest.list("output")[0].str("url").unwrap());
    assert_eq!(remote.get(&file).await.status, 401);
    assert_eq!(remote.with("GET", &file, &[token], "").await.status, 200);
}

/// The client's state machine against this server: every request that it wants is sent, its clock is the test's.
#[tokio::test]
async fn the_client_of_this_project_can_drive_it() {
    let ward = ward(EmbeddedFhir::builder().export(ExportOptions::default().lines(2))).await;
    let base = format!("http://remote.example{BASE_PATH}");
    let mut now = chrono::DateTime::UNIX_EPOCH;
    let mut export = Export::start(KickOff::new(&base, Level::System), Polling::default(), now);
    let mut action = export.next(now);
    let manifest = loop {
        action = match action {
            Action::Request(request) => {
                let path = below(&request.url);
                let headers: Vec<_> =
                    request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                let headers: Vec<_> = headers.iter().map(String::as_str).collect();
                let method = format!("{:?}", request.method).to_uppercase();
                let reply = ward.remote.with(&method, &path, &headers, "").await;
                let location = reply.header("content-location").map(|url| format!("{base}{}", below(url)));
                let headers: Vec<_> = location.iter().map(|url| ("Content-Location", url.as_str())).collect();
                let response =
                    Response { status: reply.status, headers: &headers, body: reply.text.as_bytes() };
                export.handle_response(now, &response)
            }
            Action::Wait(until) => {
                now = until;
                tokio::time::sleep(Duration::from_millis(10)).await;
                export.next(now)
            }
            Action::Download(manifest) => break manifest,
            other => panic!("{other:?}"),
        };
    };
    let lines = lines(&ward.remote, &manifest).await;
    assert_eq!(lines, 8);
}

async fn lines(remote: &Running, manifest: &Manifest) -> usize {
    let mut count = 0;
    for file in &manifest.output {
        let text = remote.get(&below(&file.url)).await.text;
        let mut reader = NdjsonReader::new(LineLimits::default());
        reader.feed(text.as_bytes());
        reader.finish();
        while let Some(line) = reader.poll() {
            assert!(line.is_ok());
            count += 1;
        }
    }
    count
}
