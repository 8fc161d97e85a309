//! Between HTTP and the operations.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use carewire_fhir_core::Value;
use futures_util::{StreamExt, stream};

use crate::BASE_PATH;
use crate::api::{Answer, Operation, Preconditions};
use crate::clock::http_date;
use crate::faults::{Fate, Fault, FaultKind};
use crate::refusal::Refusal;
use crate::request_log::RequestRecord;
use crate::server::Server;

/// How much of a body that is too large is read before the connection is given up.
const DRAIN_FACTOR: usize = 16;

pub(crate) fn router(server: Arc<Server>) -> Router {
    Router::new().fallback(handle).with_state(server)
}

async fn handle(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = read_body(body, server.rules.max_body).await;
    let mut evidence = Evidence { server: &server, parts: &parts, body: &body, status: None };
    let reply = reply(&server, &parts, &body).await;
    if let Reply::Answer(response) = &reply {
        evidence.status = Some(response.status().as_u16());
    }
    drop(evidence);
    match reply {
        Reply::Answer(response) => response,
        Reply::Nothing => hang_up(),
    }
}

/// Counts and records a request when it ends, also when it ends because the client went away.
struct Evidence<'a> {
    server: &'a Server,
    parts: &'a Parts,
    body: &'a Result<Bytes, Refusal>,
    status: Option<u16>,
}

impl Drop for Evidence<'_> {
    fn drop(&mut self) {
        self.server.stats.answered(self.status);
        if let Some(sink) = &self.server.sink {
            sink.record(record(self.parts, self.body.as_deref().unwrap_or_default(), self.status));
        }
    }
}

enum Reply {
    Answer(Response),
    /// The connection is to be closed.
    Nothing,
}

async fn reply(server: &Server, parts: &Parts, body: &Result<Bytes, Refusal>) -> Reply {
    let path = parts.uri.path();
    if path == "/healthcheck" {
        return Reply::Answer(json(StatusCode::OK, r#"{"ok":true}"#.to_owned()));
    }
    if server.token.as_deref().is_some_and(|token| !carries_token(&parts.headers, token)) {
        return Reply::Answer(refused(&Refusal::unauthorized()));
    }
    if server.admin && (path == "/_faults" || path == "/_stats") {
        return Reply::Answer(administer(server, parts.method.as_str(), path, body));
    }
    let Some(below) = path.strip_prefix(BASE_PATH).filter(|below| below.is_empty() || below.starts_with('/'))
    else {
        return Reply::Answer(refused(&Refusal::not_found()));
    };
    let fate = server.faults.decide(parts.method.as_str());
    suffer(server, parts, below, body, fate).await
}

/// Answers a FHIR request the way that the faults want it.
async fn suffer(
    server: &Server,
    parts: &Parts,
    below: &str,
    body: &Result<Bytes, Refusal>,
    fate: Fate,
) -> Reply {
    if let Some(delay) = fate.delay {
        server.stats.fault(FaultKind::Delay);
        tokio::time::sleep(delay).await;
    }
    if let Some(fault) = fate.fault {
        server.stats.fault(fault);
    }
    let wait = fate.wait_millis;
    match fate.fault {
        Some(FaultKind::DropBefore) => Reply::Nothing,
        Some(FaultKind::Transient400) => Reply::Answer(refused(&Refusal::database_away())),
        Some(FaultKind::Serialization409) => Reply::Answer(refused(&Refusal::serialization())),
        Some(FaultKind::DropAfterApply) => {
            drop(serve_fhir(server, parts, below, body, None).await);
            Reply::Nothing
        }
        Some(FaultKind::Throttle429Entry) => {
            Reply::Answer(answered(serve_fhir(server, parts, below, body, Some(wait)).await, parts))
        }
        Some(FaultKind::Delay) | None => {
            Reply::Answer(answered(serve_fhir(server, parts, below, body, None).await, parts))
        }
    }
}

async fn serve_fhir(
    server: &Server,
    parts: &Parts,
    below: &str,
    body: &Result<Bytes, Refusal>,
    throttle: Option<u64>,
) -> Result<Answer, Refusal> {
    let body = body.as_ref().map_err(Clone::clone)?;
    let method = parts.method.as_str();
    let is_form_search = method == "POST" && below.ends_with("/_search");
    let mut query = parts.uri.query().unwrap_or_default().to_owned();
    if is_form_search {
        let form = String::from_utf8_lossy(body);
        query = if query.is_empty() { form.into_owned() } else { format!("{query}&{form}") };
    }
    let operation = Operation::parse(method, below, &query)?;
    let throttle = match throttle {
        Some(wait) if operation != Operation::Bundle => return Err(Refusal::throttled(wait)),
        other => other,
    };
    let resource = if body.is_empty() || is_form_search { None } else { Some(parse(&parts.headers, body)?) };
    let base = base_url(&parts.headers);
    server.run(&operation, &preconditions(&parts.headers), resource, &base, throttle).await
}

fn administer(server: &Server, method: &str, path: &str, body: &Result<Bytes, Refusal>) -> Response {
    match (method, path) {
        ("GET", "/_stats") => json(StatusCode::OK, server.stats().to_json()),
        ("GET", "/_faults") => json(StatusCode::OK, server.faults.to_value().to_json()),
        ("DELETE", "/_faults") => {
            server.faults.clear();
            json(StatusCode::OK, "[]".to_owned())
        }
        ("POST", "/_faults") => match Fault::parse(body.as_deref().unwrap_or_default()) {
            Ok(fault) => {
                server.faults.add(fault);
                json(StatusCode::CREATED, server.faults.to_value().to_json())
            }
            Err(error) => refused(&Refusal::bad_request(error.to_string())),
        },
        _ => refused(&Refusal::not_found()),
    }
}

fn answered(result: Result<Answer, Refusal>, parts: &Parts) -> Response {
    let answer = match result {
        Ok(answer) => answer,
        Err(refusal) => return refused(&refusal),
    };
    let minimal =
        header_text(&parts.headers, "prefer").is_some_and(|prefer| prefer.contains("return=minimal"));
    let body = answer.body.filter(|_| !minimal || parts.method == "GET");
    let mut response = json(
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        body.map(|body| body.0).unwrap_or_default(),
    );
    let headers = response.headers_mut();
    if let Some(version) = answer.version {
        insert(headers, header::ETAG, &format!("W/\"{version}\""));
    }
    if let Some(at) = answer.at {
        insert(headers, header::LAST_MODIFIED, &http_date(at));
    }
    if let (201, Some((resource_type, id))) = (answer.status, answer.resource) {
        insert(headers, header::LOCATION, &format!("{}/{resource_type}/{id}", base_url(&parts.headers)));
    }
    response
}

fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = if status == StatusCode::NOT_MODIFIED { String::new() } else { refusal.outcome().to_json() };
    let mut response = json(status, body);
    if let Some(millis) = refusal.wait_millis {
        let value = format!("\"fhirInteractions\";r=0;t={}", millis.div_ceil(1_000));
        insert(response.headers_mut(), header::HeaderName::from_static("ratelimit"), &value);
    }
    response
}

fn json(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    insert(response.headers_mut(), header::CONTENT_TYPE, "application/fhir+json; charset=utf-8");
    response
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A response whose body fails before its first byte: hyper closes the connection with nothing written.
fn hang_up() -> Response {
    let broken =
        stream::once(async { Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset)) });
    Response::new(Body::from_stream(broken))
}

async fn read_body(body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut size = 0_usize;
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else { return Err(Refusal::bad_request("Incomplete body")) };
        size += chunk.len();
        if size > limit.saturating_mul(DRAIN_FACTOR) {
            break;
        }
        if size <= limit {
            bytes.extend_from_slice(&chunk);
        }
    }
    if size > limit { Err(Refusal::bad_request("File too large")) } else { Ok(bytes.into()) }
}

fn parse(headers: &HeaderMap, body: &Bytes) -> Result<Value, Refusal> {
    if header_text(headers, "content-type").is_some_and(|kind| kind.contains("xml")) {
        return Err(Refusal::bad_request("Unsupported content type"));
    }
    Value::parse(body).map_err(|_| Refusal::bad_request("Content could not be parsed"))
}

fn preconditions(headers: &HeaderMap) -> Preconditions {
    let text = |name| header_text(headers, name).map(str::to_owned);
    let if_none_exist = text("if-none-exist");
    Preconditions {
        if_match: text("if-match"),
        if_none_match: text("if-none-match"),
        if_none_exist: if_none_exist.map(|query| query.trim_start_matches('?').to_owned()),
    }
}

fn base_url(headers: &HeaderMap) -> String {
    format!("http://{}{BASE_PATH}", header_text(headers, "host").unwrap_or("localhost"))
}

fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Compares without telling by its time how much of the token was right.
fn carries_token(headers: &HeaderMap, token: &str) -> bool {
    let Some(sent) = header_text(headers, "authorization").and_then(|text| text.strip_prefix("Bearer "))
    else {
        return false;
    };
    let differences = sent.bytes().zip(token.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    sent.len() == token.len() && differences == 0
}

fn record(parts: &Parts, body: &[u8], status: Option<u16>) -> RequestRecord {
    let headers = parts.headers.iter().filter(|(name, _)| *name != header::AUTHORIZATION);
    RequestRecord {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers: headers
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: body.to_vec(),
        status,
    }
}
