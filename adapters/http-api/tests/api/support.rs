//! A served API, a caller for it, and a way in for messages.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as expected"
)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use carewire_consent::{BreakGlassRule, MemoryConsentStore};
use carewire_deid::{Entropy, KeyRing, MemoryVault};
use carewire_embedded_fhir::{BASE_PATH, EmbeddedFhir};
use carewire_fhir_core::{OrgId, PatientToken};
use carewire_fhir_http::FhirHttpRemote;
use carewire_gateway::{Gateway, Gateways, Parts, Settings};
use carewire_http_api::{Api, Claims, Role, sign};
use carewire_mllp::{Handler, Peer, Reply};
use carewire_sync_engine::{Clock, Intake, MemoryStore};
use chrono::{DateTime, Utc};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use reqwest::{Method, RequestBuilder};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) const ORG: &str = "clinic";
pub(crate) const OTHER: &str = "north";
pub(crate) const SECRET: &str = "a secret of at least 32 characters, for tests only";
pub(crate) const CRON: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
/// What PID-3.4 of [`adt`] resolves to.
pub(crate) const SYSTEM: &str = "urn:oid:1.2.3.4";

/// Everything that a test needs.
pub(crate) struct Bench {
    pub(crate) gateway: Gateway,
    /// Of another org, on the same stores; served by [`bench_of_two`] only.
    pub(crate) other: Gateway,
    pub(crate) store: Arc<MemoryStore>,
    remote: String,
    base: String,
    client: reqwest::Client,
}

/// The API of a gateway without workers.
pub(crate) async fn bench() -> Bench {
    bench_with(|store| store).await
}

/// The same with an intake of the test's own.
pub(crate) async fn bench_with(intake: impl FnOnce(Arc<MemoryStore>) -> Arc<dyn Intake>) -> Bench {
    bench_of(intake, false).await
}

/// The API of two orgs.
pub(crate) async fn bench_of_two() -> Bench {
    bench_of(|store| store, true).await
}

async fn bench_of(intake: impl FnOnce(Arc<MemoryStore>) -> Arc<dyn Intake>, with_other: bool) -> Bench {
    let server = EmbeddedFhir::builder().admin(true).build().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let remote = format!("http://{}{BASE_PATH}", listener.local_addr().unwrap());
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    let store = Arc::new(MemoryStore::new());
    let gateway = gateway(&store, intake(store.clone()), &remote);
    let other =
        Gateway::new(OrgId::new(OTHER).unwrap(), &ring(), gateway.parts().clone(), Settings::safest());
    let gateways = Gateways::new(gateway.clone(), with_other.then(|| other.clone())).unwrap();
    let api = Api::new(gateways, metrics(), Some(SECRET.into()), Some(CRON.into()));
    let base = serve(api.before_metrics(|| ::metrics::gauge!("refreshed").set(7.0))).await;
    Bench { gateway, other, store, remote, base, client: client() }
}

fn ring() -> KeyRing {
    KeyRing::generate(&Counting::default(), "2026-01-01T00:00:00Z").unwrap()
}

fn gateway(store: &Arc<MemoryStore>, intake: Arc<dyn Intake>, remote: &str) -> Gateway {
    let entropy = Arc::new(Counting::default());
    let parts = Parts {
        intake,
        queue: store.clone(),
        admin: store.clone(),
        limits: store.clone(),
        identities: store.clone(),
        audit: store.clone(),
        consents: Arc::new(MemoryConsentStore::default()),
        vault: Arc::new(MemoryVault::new()),
        remote: Arc::new(FhirHttpRemote::open("main", remote).unwrap()),
        clock: Arc::new(Real),
        entropy,
    };
    let mut settings = Settings::safest();
    settings.consent = settings.consent.with_break_glass(BreakGlassRule::PermitUnlessDenied);
    Gateway::new(OrgId::new(ORG).unwrap(), &ring(), parts, settings)
}

/// Serves an API on a free loopback port; answers its base.
pub(crate) async fn serve(api: Api) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(carewire_http_api::serve(api, listener, std::future::pending()));
    base
}

pub(crate) fn client() -> reqwest::Client {
    // A second installation in the same process changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap()
}

/// The one recorder of the process.
pub(crate) fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| PrometheusBuilder::new().install_recorder().unwrap()).clone()
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) correlation: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("an answer in JSON")
    }

    /// The code of an error, whose whole shape is checked.
    pub(crate) fn error(&self) -> String {
        let json = self.json();
        let error = json["error"].as_object().expect("an error");
        assert_eq!(json["success"], json!(false));
        assert_eq!(json.as_object().unwrap().len(), 2);
        assert_eq!(error.len(), 3, "{}", self.text);
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
        assert_eq!(error["correlationId"], json!(self.correlation), "body and header agree");
        error["code"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.error().as_str()), (status, code), "{}", self.text);
    }

    #[track_caller]
    pub(crate) fn accepted(&self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {}", self.status, self.text);
        let json = self.json();
        assert_eq!(json["success"], json!(true));
        json
    }
}

/// Sends a request.
pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let header = response.headers().get("x-correlation-id").expect("every answer has a correlation id");
    let correlation = header.to_str().unwrap().to_owned();
    Answer { status: response.status().as_u16(), correlation, text: response.text().await.unwrap() }
}

impl Bench {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        answer(self.request(Method::GET, path).bearer_auth(token)).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: impl ToString) -> Answer {
        answer(self.request(Method::POST, path).bearer_auth(token).body(body.to_string())).await
    }

    /// Hands a message in as an MLLP connection would.
    pub(crate) async fn send(&self, bytes: &[u8]) {
        self.send_to(&self.gateway, bytes).await;
    }

    pub(crate) async fn send_to(&self, gateway: &Gateway, bytes: &[u8]) {
        let peer = Peer::new(1, "127.0.0.1:9".parse().unwrap());
        match gateway.mllp_intake().handle(&peer, bytes.to_vec()).await {
            Reply::Send(_) => {}
            _ => panic!("an answer was expected"),
        }
    }

    /// Works until nothing is waiting.
    pub(crate) async fn work(&self) {
        let (admin, org) = (self.gateway.parts().admin.clone(), self.gateway.org().clone());
        let idle = async move {
            loop {
                tokio::time::sleep(Duration::from_millis(10)).await;
                let stats = admin.stats(&org, None, Utc::now()).await.unwrap();
                if stats.waiting + stats.active + stats.delayed == 0 {
                    return;
                }
            }
        };
        let within = tokio::time::timeout(Duration::from_secs(30), self.gateway.run_workers(idle)).await;
        within.expect("the queue drains");
    }

    /// Somebody else deletes a resource.
    pub(crate) async fn delete_at_remote(&self, resource_type: &str, id: &str) {
        let url = format!("{}/{resource_type}/{id}", self.remote);
        self.client.delete(url).send().await.unwrap().error_for_status().unwrap();
    }

    pub(crate) async fn patient(&self, mrn: &str) -> PatientToken {
        self.gateway.resolve_patient(SYSTEM, mrn).await.unwrap()
    }
}

/// A token of the org that is good for an hour.
pub(crate) fn token(role: Role) -> String {
    signed(&claims(role), SECRET)
}

/// A token of a patient.
pub(crate) fn patient_token(patient: &PatientToken) -> String {
    signed(&Claims { patient: Some(patient.to_string()), ..claims(Role::Patient) }, SECRET)
}

pub(crate) fn claims(role: Role) -> Claims {
    let exp = Utc::now().timestamp() + 3_600;
    Claims { sub: "ada".into(), org: ORG.into(), role, patient: None, exp }
}

pub(crate) fn signed(claims: &Claims, secret: &str) -> String {
    sign(claims, &SecretString::from(secret)).unwrap()
}

/// A consent to everything, in the simple form.
pub(crate) fn consent(id: &str, patient: &PatientToken) -> Value {
    let classes: Vec<Value> = carewire_consent::DataClass::permittable().map(|class| json!(class)).collect();
    json!({"id": id, "org": ORG, "patient": patient.as_str(), "purpose": "CARE", "state": "ACTIVE", "data_classes": classes})
}

/// An ADT^A08 of a patient.
pub(crate) fn adt(mrn: &str, control: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|APP|FAC|||20260301083000+0000||ADT^A08^ADT_A01|{control}|P|2.5.1\r\
         EVN||20260301083000+0000\r\
         PID|1||{mrn}^^^AUTH&1.2.3.4&ISO^MR||Secretname^Ada||19700101|F\r\
         PV1|1|I|WARD^1^2||||||||||||||||V{mrn}^^^AUTH&1.2.3.4&ISO^VN\r"
    )
    .into_bytes()
}

/// A message that ends in the dead letter.
pub(crate) fn unknown_type(mrn: &str, control: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|APP|FAC|||20260301083000+0000||ZZZ^Z01|{control}|P|2.5.1\r\
         PID|1||{mrn}^^^AUTH&1.2.3.4&ISO^MR||Secretname^Ada\r"
    )
    .into_bytes()
}

/// Numbers that differ, for tests only.
#[derive(Debug, Default)]
struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), carewire_deid::Error> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            chunk.copy_from_slice(next.to_le_bytes().get(..chunk.len()).unwrap());
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Real;

impl Clock for Real {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn jitter(&self) -> u64 {
        7
    }
}
