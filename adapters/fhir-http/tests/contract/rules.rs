//! The rules of a real server, one request each: the embedded server and the peer answer alike, as Medplum was seen to.

use carewire_embedded_fhir::EmbeddedFhir;
use carewire_testing::http::{Answer, Call, Http};
use serde_json::{Value, json};

use crate::embedded::serve;
use crate::peer::start;

const NOWHERE: &str = "00000000-0000-4000-8000-000000000000";

/// Somebody with a plain HTTP client.
struct Visitor {
    http: Http,
    base: String,
    server: &'static str,
}

impl Visitor {
    async fn send(&self, call: Call) -> Answer {
        self.http.send(&call).await.unwrap()
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// The request is refused with this status, `issue.code`, beginning of the text, and expression.
    async fn refused(&self, call: Call, status: u16, code: &str, text: &str, expression: Option<&str>) {
        let what = format!("{}: {}", self.server, call.what());
        let answer = self.send(call).await;
        let outcome: Value = serde_json::from_slice(&answer.body).unwrap();
        let issue = &outcome["issue"][0];
        assert_eq!((answer.status, issue["code"].as_str()), (status, Some(code)), "{what}: {outcome}");
        assert!(issue["details"]["text"].as_str().unwrap_or_default().starts_with(text), "{what}: {outcome}");
        assert_eq!(issue["expression"][0].as_str(), expression, "{what}: {outcome}");
    }

    async fn made(&self, resource: Value) -> Value {
        let url = self.url(resource["resourceType"].as_str().unwrap());
        let answer = self.send(Call::post(url, resource.to_string())).await;
        assert_eq!(answer.status, 201, "{}", self.server);
        answer.json().unwrap()
    }
}

async fn on_each(check: impl AsyncFn(&Visitor)) {
    let base = serve(EmbeddedFhir::builder()).await.1;
    check(&Visitor { http: Http::new().unwrap(), base, server: "embedded" }).await;
    let Some(peer) = start(&[]) else { return };
    let base = peer.base().to_owned();
    check(&Visitor { http: Http::new().unwrap(), base, server: "peer" }).await;
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[tokio::test]
async fn the_server_gives_the_ids() {
    on_each(async |visitor| {
        let patient = |id: &str| json!({"resourceType": "Patient", "id": id}).to_string();
        let put = |id: &str, sent: &str| Call::put(visitor.url(&format!("Patient/{id}")), patient(sent));
        visitor.refused(put("pt_abc", "pt_abc"), 400, "invalid", "Invalid id", None).await;
        visitor.refused(put(NOWHERE, NOWHERE), 404, "not-found", "Not found", None).await;
        let made = visitor.made(json!({"resourceType": "Patient", "id": NOWHERE})).await;
        let id = made["id"].as_str().unwrap();
        assert_ne!(id, NOWHERE);
        visitor.refused(put(id, NOWHERE), 400, "invalid", "Incorrect resource ID", None).await;
        let get = |id: &str| Call::get(visitor.url(&format!("Patient/{id}")));
        visitor.refused(get(NOWHERE), 404, "not-found", "Not found", None).await;
        visitor.refused(get("pt_abc"), 404, "not-found", "Not found", None).await;
        let delete = Call::delete(visitor.url(&format!("Patient/{NOWHERE}")));
        visitor.refused(delete, 404, "not-found", "Not found", None).await;
    })
    .await;
}

#[tokio::test]
async fn versions_are_opaque_and_only_changes_make_them() {
    on_each(async |visitor| {
        let mut patient = visitor.made(json!({"resourceType": "Patient", "gender": "female"})).await;
        let url = visitor.url(&format!("Patient/{}", patient["id"].as_str().unwrap()));
        let first = format!("W/\"{}\"", patient["meta"]["versionId"].as_str().unwrap());
        let same = visitor.send(Call::put(&url, patient.to_string())).await;
        assert_eq!((same.status, header(&same, "etag")), (200, Some(first.as_str())), "{}", visitor.server);
        patient["gender"] = json!("male");
        let changed = Call::put(&url, patient.to_string()).header("if-match", &first);
        assert_eq!(visitor.send(changed.clone()).await.status, 200, "{}", visitor.server);
        patient["gender"] = json!("other");
        let stale = Call::put(&url, patient.to_string()).header("if-match", &first);
        visitor.refused(stale, 412, "processing", "Precondition Failed", None).await;
        let newest = visitor.send(Call::get(&url)).await;
        let etag = header(&newest, "etag").unwrap().to_owned();
        let unchanged = visitor.send(Call::get(&url).header("if-none-match", &etag)).await;
        assert_eq!((unchanged.status, unchanged.body.len()), (304, 0), "{}", visitor.server);
        let history = visitor.send(Call::get(format!("{url}/_history"))).await.json().unwrap();
        assert_eq!(history["entry"].as_array().map(Vec::len), Some(2), "{}", visitor.server);
    })
    .await;
}

#[tokio::test]
async fn deletions_are_remembered() {
    on_each(async |visitor| {
        let patient = visitor.made(json!({"resourceType": "Patient"})).await;
        let id = patient["id"].as_str().unwrap();
        let url = visitor.url(&format!("Patient/{id}"));
        for _ in 0..2 {
            assert_eq!(visitor.send(Call::delete(&url)).await.status, 200, "{}", visitor.server);
        }
        visitor.refused(Call::get(&url), 410, "deleted", "Gone", None).await;
        let found = visitor.send(Call::get(visitor.url(&format!("Patient?_id={id}")))).await.json().unwrap();
        assert!(found["entry"].as_array().is_none_or(Vec::is_empty), "{}", visitor.server);
        let history = visitor.send(Call::get(format!("{url}/_history"))).await.json().unwrap();
        assert_eq!(history["entry"][0]["response"]["status"], "410", "{}", visitor.server);
        let back = visitor.send(Call::put(&url, patient.to_string())).await;
        assert_eq!(back.status, 200, "{}", visitor.server);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    on_each(async |visitor| {
        let get = |path: &str| Call::get(visitor.url(path));
        let post = |path: &str, body: &str| Call::post(visitor.url(path), body);
        let null = r#"{"resourceType":"Patient","birthDate":null}"#;
        let without = r#"{"resourceType":"Observation","code":{"text":"x"}}"#;
        let large = format!(r#"{{"resourceType":"Patient","language":"{}"}}"#, "x".repeat(1 << 20));
        let rows = [
            (post("Patient", null), "structure", "Invalid null value", Some("Patient.birthDate")),
            (
                post("Observation", without),
                "structure",
                "Missing required property",
                Some("Observation.status"),
            ),
            (post("Patient", "{"), "invalid", "Content could not be parsed", None),
            (post("Patient", &large), "invalid", "File too large", None),
            (
                post("", r#"{"resourceType":"Bundle","type":"collection"}"#),
                "invalid",
                "Unrecognized bundle type",
                None,
            ),
            (get("Patient?nonsense=1"), "invalid", "Unknown search parameter", None),
            (get("Patient?_offset=10001"), "invalid", "Search offset exceeds maximum", None),
        ];
        for (call, code, text, expression) in rows {
            visitor.refused(call, 400, code, text, expression).await;
        }
    })
    .await;
}
