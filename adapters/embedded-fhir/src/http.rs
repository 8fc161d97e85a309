//! Between HTTP and the operations.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use carewire_fhir_core::Value;
use futures_util::{StreamExt, stream};

use crate::BASE_PATH;
use crate::api::{self, Answer, Operation, Preconditions};
use crate::clock::http_date;
use crate::faults::{Fate, Fault, FaultKind};
use crate::quota::Client;
use crate::refusal::{Refusal, all_ok};
use crate::request_log::RequestRecord;
use crate::server::{Asked, Caller, Server};
use crate::store::Text;

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
            let caller = caller(parts);
            drop(serve_fhir(server, parts, below, body, &caller, None).await);
            Reply::Nothing
        }
        other => {
            let throttle = (other == Some(FaultKind::Throttle429Entry)).then_some(wait);
            let caller = caller(parts);
            let result = serve_fhir(server, parts, below, body, &caller, throttle).await;
            let refused = matches!(&result, Err(Refusal { wait_millis: Some(_), .. }));
            let mut response = answered(result, parts, &caller);
            if let Some(quotas) = &server.quotas {
                response.headers_mut().remove("ratelimit");
                for (name, value) in quotas.headers(&caller.client, server.now(), refused) {
                    append(response.headers_mut(), name, &value);
                }
            }
            Reply::Answer(response)
        }
    }
}

async fn serve_fhir(
    server: &Server,
    parts: &Parts,
    below: &str,
    body: &Result<Bytes, Refusal>,
    caller: &Caller,
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
    if method == "PATCH" {
        require_json_patch(&parts.headers)?;
    }
    let body = if body.is_empty() || is_form_search { None } else { Some(parse(&parts.headers, body)?) };
    let conditions = preconditions(&parts.headers);
    server.run(Asked { operation: &operation, conditions: &conditions, body, caller, throttle }).await
}

fn caller(parts: &Parts) -> Caller {
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let client = match (header_text(&parts.headers, "authorization"), address) {
        (Some(token), _) => {
            let mut hasher = DefaultHasher::new();
            token.hash(&mut hasher);
            Client::Token(hasher.finish())
        }
        (None, Some(address)) => Client::Address(address),
        (None, None) => Client::Unknown,
    };
    let prefer = header_text(&parts.headers, "prefer").map(str::to_owned);
    Caller { base: base_url(&parts.headers), client, address, prefer }
}

/// Other kinds of patches are not understood.
fn require_json_patch(headers: &HeaderMap) -> Result<(), Refusal> {
    let kind = header_text(headers, "content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if matches!(kind, "application/json-patch+json" | "application/json") {
        Ok(())
    } else {
        Err(Refusal::media_type())
    }
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

fn answered(result: Result<Answer, Refusal>, parts: &Parts, caller: &Caller) -> Response {
    let answer = match result {
        Ok(answer) => answer,
        Err(refusal) => return refused(&refusal),
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match (answer.body, preferred(&parts.method, answer.resource.is_some(), caller)) {
        (Some(api::Body::Lines(lines)), _) => ndjson(lines),
        (Some(api::Body::Json(text)), Preferred::Representation) => json(status, text),
        (Some(_), Preferred::Outcome) => json(status, all_ok().to_json()),
        _ => json(status, String::new()),
    };
    let headers = response.headers_mut();
    if let Some(version) = answer.version {
        insert(headers, header::ETAG, &format!("W/\"{version}\""));
    }
    if let Some(at) = answer.at {
        insert(headers, header::LAST_MODIFIED, &http_date(at));
    }
    if let (201, Some((resource_type, id))) = (answer.status, answer.resource) {
        insert(headers, header::LOCATION, &format!("{}/{resource_type}/{id}", caller.base));
    }
    for (name, value) in answer.headers {
        insert(headers, header::HeaderName::from_static(name), value.expose());
    }
    response
}

/// What the client wants to see of what it wrote.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Preferred {
    Minimal,
    Representation,
    Outcome,
}

fn preferred(method: &Method, has_resource: bool, caller: &Caller) -> Preferred {
    let prefer = caller.prefer.as_deref().filter(|_| method != Method::GET).unwrap_or_default();
    if prefer.contains("return=minimal") {
        Preferred::Minimal
    } else if prefer.contains("return=OperationOutcome") && has_resource {
        Preferred::Outcome
    } else {
        Preferred::Representation
    }
}

/// The lines as a stream: a file is never put together in memory.
fn ndjson(lines: Arc<[Text]>) -> Response {
    const PIECE: usize = 64;
    let pieces = (0..lines.len()).step_by(PIECE);
    let body = stream::iter(pieces.map(move |at| {
        let mut piece = String::new();
        for line in lines.iter().skip(at).take(PIECE) {
            piece.push_str(line);
            piece.push('\n');
        }
        Ok::<_, std::convert::Infallible>(Bytes::from(piece))
    }));
    let mut response = Response::new(Body::from_stream(body));
    insert(response.headers_mut(), header::CONTENT_TYPE, "application/fhir+ndjson");
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

fn append(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.append(header::HeaderName::from_static(name), value);
    }
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
