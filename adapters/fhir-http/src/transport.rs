//! Sending one request and reading its answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use carewire_fhir_core::{Value, parse_etag};
use carewire_sync_engine::Refusal;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::classify::{Answer, rate_limit_wait, refusal, throttled, transient};
use crate::options::{Options, is_loopback};
use crate::pause::Pause;
use crate::token::TokenSource;
use crate::{Error, tls};

const FHIR_JSON: &str = "application/fhir+json";

/// An HTTP client for one base URL.
#[derive(Debug)]
pub(crate) struct Transport {
    name: String,
    base: Url,
    client: reqwest::Client,
    tokens: Arc<dyn TokenSource>,
    pause: Pause,
    max_answer: usize,
}

/// One request. `what` and `entries` are all that a log line says about its content.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    /// Path segments below the base.
    pub(crate) path: &'a [&'a str],
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) body: Option<String>,
    /// A resource type, or `Bundle`.
    pub(crate) what: &'a str,
    pub(crate) entries: usize,
}

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) body: Value,
    /// The version inside the `ETag`.
    pub(crate) version: Option<String>,
}

/// Whether a refusal is news.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    ToSucceed,
    ToFail,
}

struct Received {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Transport {
    pub(crate) fn new(
        name: &str,
        base: Url,
        options: &Options,
        tokens: Arc<dyn TokenSource>,
    ) -> Result<Self, Error> {
        let tls = if base.scheme() == "https" {
            tls::verifying(&options.root_certificates)?
        } else {
            tls::trusting_nobody()?
        };
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .timeout(options.request_timeout)
            .connect_timeout(options.connect_timeout)
            .tcp_nodelay(true)
            .user_agent(concat!("carewire/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(Error::Client)?;
        Ok(Self {
            name: name.to_owned(),
            base,
            client,
            tokens,
            pause: Pause::default(),
            max_answer: options.max_answer,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Sends a request, with another token once when the first is refused. `Ok` is a 2xx with a JSON body or none.
    pub(crate) async fn send(&self, call: Call<'_>) -> Result<Reply, Refusal> {
        self.timed(&call, Meant::ToSucceed).await
    }

    /// The same for a request that is meant to be refused.
    pub(crate) async fn provoke(&self, call: Call<'_>) -> Result<Reply, Refusal> {
        self.timed(&call, Meant::ToFail).await
    }

    async fn timed(&self, call: &Call<'_>, meant: Meant) -> Result<Reply, Refusal> {
        if let Some(remaining) = self.pause.remaining() {
            return Err(throttled(Some(remaining)));
        }
        let started = Instant::now();
        let result = self.exchange(call).await;
        let (status, result) = match result {
            Ok(received) => (received.status, self.judge(received)),
            Err(refusal) => (0, Err(refusal)),
        };
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (method, what, entries) = (call.method.as_str(), call.what, call.entries);
        let code = result.as_ref().err().map_or("ok", Refusal::code);
        if result.is_err() && meant == Meant::ToSucceed {
            tracing::info!(remote = self.name, method, what, entries, status, millis, code, "refused");
        } else {
            tracing::debug!(remote = self.name, method, what, entries, status, millis, code, "answered");
        }
        result
    }

    /// Remembers what a refusal says about waiting, also one of a Bundle entry.
    pub(crate) fn heed(&self, refusal: &Refusal) {
        if let Refusal::Transient { code, wait: Some(wait) } = refusal
            && code == Refusal::THROTTLED
        {
            self.pause.extend(*wait);
        }
    }

    async fn exchange(&self, call: &Call<'_>) -> Result<Received, Refusal> {
        let token = self.tokens.token().await.map_err(|error| no_token(&error))?;
        let first = self.attempt(call, token.as_ref()).await?;
        let Some(token) = token.filter(|_| first.status == StatusCode::UNAUTHORIZED) else {
            return Ok(first);
        };
        match self.tokens.renew(&token).await.map_err(|error| no_token(&error))? {
            Some(renewed) => self.attempt(call, Some(&renewed)).await,
            None => Ok(first),
        }
    }

    async fn attempt(&self, call: &Call<'_>, token: Option<&SecretString>) -> Result<Received, Refusal> {
        let mut request = self.client.request(call.method.clone(), self.url(call)).header(ACCEPT, FHIR_JSON);
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, bearer(token)?);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, FHIR_JSON).body(body.clone());
        }
        let response = request.send().await.map_err(|error| lost(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = self.read(response).await?;
        Ok(Received { status, headers, body })
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, Refusal> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
            if body.len() + chunk.len() > self.max_answer {
                return Err(transient("answer-too-large"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn judge(&self, received: Received) -> Result<Reply, Refusal> {
        let body = Value::parse(&received.body);
        if (200..300).contains(&received.status) {
            let body = match body {
                Ok(body) => body,
                Err(_) if received.body.is_empty() => Value::null(),
                Err(_) => return Err(transient("unreadable-answer")),
            };
            let etag = received.headers.get(ETAG).and_then(|value| value.to_str().ok());
            return Ok(Reply { body, version: etag.and_then(parse_etag).map(str::to_owned) });
        }
        let outcome = body.ok();
        let answer =
            Answer { status: received.status, outcome: outcome.as_ref(), wait: wait_of(&received.headers) };
        let refusal = refusal(&answer);
        self.heed(&refusal);
        Err(refusal)
    }

    fn url(&self, call: &Call<'_>) -> Url {
        let mut url = self.base.clone();
        if !call.path.is_empty()
            && let Ok(mut segments) = url.path_segments_mut()
        {
            segments.pop_if_empty().extend(call.path);
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        url
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, Refusal> {
    let text = format!("Bearer {}", token.expose_secret());
    let mut value = HeaderValue::from_str(&text).map_err(|_| transient("no-token"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn no_token(error: &Error) -> Refusal {
    tracing::warn!(%error, "no access token");
    transient("no-token")
}

/// A request whose outcome is not known.
fn lost(error: &reqwest::Error) -> Refusal {
    transient(if error.is_timeout() { "timeout" } else { "connection" })
}

fn wait_of(headers: &HeaderMap) -> Option<Duration> {
    let lines = headers.get_all("ratelimit").iter().filter_map(|value| value.to_str().ok());
    rate_limit_wait(lines).or_else(|| {
        let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds))
    })
}
