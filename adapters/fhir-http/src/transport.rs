//! Sending one request and reading its answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use carewire_fhir_core::http::{Answer, Failure, FailureKind, HttpRequest, HttpResponse, Interaction};
use carewire_fhir_core::{EntryResponse, Method as Verb, Resource};
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder, Response, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::client::Manner;
use crate::encoding::{ACCEPTED, BodyError, Incoming, compressed};
use crate::options::{Options, is_loopback};
use crate::pause::Pause;
use crate::token::TokenSource;
use crate::{Error, tls};

const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");

/// An HTTP client for one base URL.
#[derive(Debug)]
pub(crate) struct Transport {
    name: String,
    base: Url,
    client: reqwest::Client,
    tokens: Arc<dyn TokenSource>,
    pause: Pause,
    unstated_wait: Duration,
    max_answer: usize,
    compress_requests: bool,
    accept_compressed: bool,
}

/// Whether a refusal is news.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meant {
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
            .pool_max_idle_per_host(options.idle_connections)
            .pool_idle_timeout(options.idle_timeout)
            .tcp_nodelay(true)
            .user_agent(concat!("carewire/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        Ok(Self {
            name: name.to_owned(),
            base,
            client: builder.build().map_err(Error::client)?,
            tokens,
            pause: Pause::default(),
            unstated_wait: options.unstated_wait,
            max_answer: options.max_answer,
            compress_requests: options.compress_requests,
            accept_compressed: options.accept_compressed,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn base(&self) -> &str {
        self.base.as_str()
    }

    /// Sends a request, with another token once when the first is refused.
    pub(crate) async fn send(
        &self,
        interaction: &Interaction<'_>,
        request: &HttpRequest,
        manner: &Manner,
        meant: Meant,
    ) -> Result<Answer, Failure> {
        if let Some(remaining) = self.pause.remaining() {
            return Err(Failure::new(FailureKind::Throttled).with_wait(remaining));
        }
        let started = Instant::now();
        let (status, result) = match self.exchange(request, manner).await {
            Ok(received) => (received.status, Answer::of(interaction, &response(&received))),
            Err(failure) => (0, Err(failure)),
        };
        self.heed(&result);
        self.log(interaction, request, manner, meant, status, started.elapsed(), &result);
        result
    }

    /// Remembers that a refusal wants no requests for a while, also one of a Bundle entry.
    fn heed(&self, result: &Result<Answer, Failure>) {
        let extend = |failure: &Failure| {
            if failure.kind() == FailureKind::Throttled {
                self.pause.extend(failure.wait().unwrap_or(self.unstated_wait));
            }
        };
        match result {
            Err(failure) => extend(failure),
            Ok(Answer { resource: Some(bundle), .. }) => {
                refused_entries(bundle).for_each(|entry| extend(&entry))
            }
            Ok(_) => {}
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one log line")]
    fn log(
        &self,
        interaction: &Interaction<'_>,
        request: &HttpRequest,
        manner: &Manner,
        meant: Meant,
        status: u16,
        took: Duration,
        result: &Result<Answer, Failure>,
    ) {
        let remote = self.name.as_str();
        let (method, what) = (request.method.as_str(), interaction.subject());
        let entries = match interaction {
            Interaction::Bundle(bundle) => bundle.value().list("entry").len(),
            _ => 0,
        };
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let code = result.as_ref().err().map_or("ok", Failure::code);
        let correlation = manner.correlation.as_ref().map(tracing::field::display);
        if result.is_err() && meant == Meant::ToSucceed {
            tracing::info!(remote, method, what, entries, status, millis, code, correlation, "refused");
        } else {
            tracing::debug!(remote, method, what, entries, status, millis, code, correlation, "answered");
        }
    }

    async fn exchange(&self, request: &HttpRequest, manner: &Manner) -> Result<Received, Failure> {
        let token = self.tokens.token().await.map_err(|error| no_token(&error))?;
        let first = self.attempt(request, manner, token.as_ref()).await?;
        let Some(token) = token.filter(|_| first.status == StatusCode::UNAUTHORIZED) else {
            return Ok(first);
        };
        match self.tokens.renew(&token).await.map_err(|error| no_token(&error))? {
            Some(renewed) => self.attempt(request, manner, Some(&renewed)).await,
            None => Ok(first),
        }
    }

    async fn attempt(
        &self,
        request: &HttpRequest,
        manner: &Manner,
        token: Option<&SecretString>,
    ) -> Result<Received, Failure> {
        let mut builder = self.prepared(request)?;
        if let Some(token) = token {
            builder = builder.header(AUTHORIZATION, bearer(token)?);
        }
        if let Some(id) = &manner.correlation {
            builder = builder.header(CORRELATION, id.as_str());
        }
        if let Some(timeout) = manner.timeout {
            builder = builder.timeout(timeout);
        }
        let response = builder.send().await.map_err(|error| lost(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let is_success = response.status().is_success();
        // What a refusal says beside its status is worth less than the status: a body that cannot be read hides neither a
        // 401, which another token answers, nor a 503, which passes.
        let body = self
            .read(response)
            .await
            .or_else(|failure| if is_success { Err(failure) } else { Ok(Vec::new()) })?;
        Ok(Received { status, headers, body })
    }

    fn prepared(&self, request: &HttpRequest) -> Result<RequestBuilder, Failure> {
        let permanent = || Failure::new(FailureKind::Permanent);
        let url = Url::parse(&request.url(self.base.as_str())).map_err(|_| permanent())?;
        let mut builder = self.client.request(method(request.method), url);
        for (name, value) in &request.headers {
            builder = builder.header(*name, HeaderValue::from_str(value).map_err(|_| permanent())?);
        }
        if self.accept_compressed {
            builder = builder.header(ACCEPT_ENCODING, ACCEPTED);
        }
        let Some(body) = &request.body else { return Ok(builder) };
        match compressed(body).filter(|_| self.compress_requests) {
            Some(packed) => Ok(builder.header(CONTENT_ENCODING, "gzip").body(packed)),
            None => Ok(builder.body(body.clone())),
        }
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, Failure> {
        let encoding = response.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?"));
        let unreadable = || Failure::new(FailureKind::Unreadable);
        let mut body = Incoming::new(encoding, self.max_answer).ok_or_else(unreadable)?;
        while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
            body.add(&chunk).map_err(broken)?;
        }
        body.finish().map_err(broken)
    }
}

fn response(received: &Received) -> HttpResponse<'_> {
    let headers =
        received.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    headers.fold(HttpResponse::new(received.status, &received.body), |response, (name, value)| {
        response.header(name, value)
    })
}

fn refused_entries(bundle: &Resource) -> impl Iterator<Item = Failure> {
    let responses = bundle.value().list("entry").iter().filter_map(EntryResponse::of);
    responses.filter(|response| !response.is_success()).map(|response| Failure::of_entry(&response))
}

fn method(verb: Verb) -> Method {
    match verb {
        Verb::Post => Method::POST,
        Verb::Put => Method::PUT,
        Verb::Patch => Method::PATCH,
        Verb::Delete => Method::DELETE,
        Verb::Head => Method::HEAD,
        _ => Method::GET,
    }
}

fn bearer(token: &SecretString) -> Result<HeaderValue, Failure> {
    let text = format!("Bearer {}", token.expose_secret());
    let mut value = HeaderValue::from_str(&text).map_err(|_| Failure::new(FailureKind::NoToken))?;
    value.set_sensitive(true);
    Ok(value)
}

fn no_token(error: &Error) -> Failure {
    tracing::warn!(%error, "no access token");
    Failure::new(FailureKind::NoToken)
}

/// A request whose outcome is not known.
fn lost(error: &reqwest::Error) -> Failure {
    Failure::new(if error.is_timeout() { FailureKind::Timeout } else { FailureKind::Connection })
}

fn broken(error: BodyError) -> Failure {
    Failure::new(match error {
        BodyError::TooLarge => FailureKind::TooLarge,
        BodyError::Unreadable => FailureKind::Unreadable,
    })
}
