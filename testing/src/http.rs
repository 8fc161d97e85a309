//! Plain HTTP to servers of this machine.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;

use crate::{Error, Result};

/// A client.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    what: String,
    /// The status.
    pub status: u16,
    /// Header lines, `name: value`.
    pub headers: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// A request that is about to be sent.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Call {
    /// `GET url`.
    pub fn get(url: impl Into<String>) -> Self {
        Self { method: Method::GET, url: url.into(), headers: Vec::new(), body: None }
    }

    /// `POST url` with a JSON body.
    pub fn post(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self { method: Method::POST, url: url.into(), headers: Vec::new(), body: Some(body.into()) }
            .header("content-type", "application/json")
    }

    /// `PUT url` with a JSON body.
    pub fn put(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self { method: Method::PUT, ..Self::post(url, body) }
    }

    /// `POST url` with a form.
    pub fn form(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self { method: Method::POST, url: url.into(), headers: Vec::new(), body: Some(body.into()) }
            .header("content-type", "application/x-www-form-urlencoded")
    }

    /// `DELETE url`.
    pub fn delete(url: impl Into<String>) -> Self {
        Self { method: Method::DELETE, ..Self::get(url) }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a bearer token.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// What it is, for reports: method and path.
    #[must_use]
    pub fn what(&self) -> String {
        let path = self.url.splitn(4, '/').nth(3).unwrap_or_default();
        format!("{} /{path}", self.method)
    }
}

impl Http {
    /// A client that uses no proxy and trusts nobody.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new() -> Result<Self> {
        let made = |source| Error::Http { what: "HTTP client".into(), source };
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| Error::not_understood("TLS versions"))?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth();
        let builder = Client::builder().tls_backend_preconfigured(tls).no_proxy();
        let client = builder.timeout(Duration::from_secs(30)).build().map_err(made)?;
        Ok(Self { client })
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&self, call: &Call) -> Result<Answer> {
        let what = call.what();
        let lost = |source| Error::Http { what: call.what(), source };
        let mut request = self.client.request(call.method.clone(), &call.url);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        let response = request.send().await.map_err(lost)?;
        let status = response.status().as_u16();
        let shown =
            |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers =
            response.headers().iter().map(|(name, value)| format!("{name}: {}", shown(value))).collect();
        let body = response.bytes().await.map_err(lost)?.to_vec();
        Ok(Answer { what, status, headers, body })
    }

    /// Whether a `GET` is answered with a success; also false when there is no answer.
    pub async fn is_up(&self, url: &str) -> bool {
        self.send(&Call::get(url)).await.is_ok_and(|answer| answer.is_success())
    }

    /// Sends a request and reads the JSON of its answer.
    ///
    /// # Errors
    /// When there is no answer, no success, or no JSON.
    pub async fn json(&self, call: &Call) -> Result<Value> {
        self.send(call).await?.json()
    }
}

impl Answer {
    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Head and body as bytes, for a search.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.headers.join("\n").into_bytes();
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// The JSON of a success.
    ///
    /// # Errors
    /// When it is no success or no JSON.
    pub fn json(&self) -> Result<Value> {
        if !self.is_success() {
            return Err(Error::Refused { what: self.what.clone(), status: self.status });
        }
        serde_json::from_slice(&self.body).map_err(|_| Error::not_understood(&self.what))
    }
}
