use std::net::IpAddr;
use std::time::Duration;

use url::{Host, Url};

use crate::Error;

/// How a remote is spoken to. Made by [`Options::default`] and changed by the methods.
///
/// ```
/// use std::time::Duration;
/// use carewire_fhir_http::Options;
/// let options = Options::default().request_timeout(Duration::from_secs(10)).limits(8, 50);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) request_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) allow_plain_http: bool,
    pub(crate) root_certificates: Vec<u8>,
    pub(crate) conditional_entries: usize,
    pub(crate) update_entries: usize,
    pub(crate) max_answer: usize,
    pub(crate) max_pages: usize,
    pub(crate) idle_connections: usize,
    pub(crate) idle_timeout: Duration,
    pub(crate) accept_compressed: bool,
    pub(crate) compress_requests: bool,
    pub(crate) unstated_wait: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(5),
            allow_plain_http: false,
            root_certificates: Vec::new(),
            conditional_entries: 8,
            update_entries: 50,
            max_answer: 64 << 20,
            max_pages: 10_000,
            idle_connections: 8,
            idle_timeout: Duration::from_secs(60),
            accept_compressed: true,
            compress_requests: false,
            unstated_wait: Duration::from_secs(1),
        }
    }
}

impl Options {
    /// The longest that a request may take, its answer included (30 s). A server that hangs is then an outage.
    #[must_use]
    pub fn request_timeout(self, most: Duration) -> Self {
        Self { request_timeout: most, ..self }
    }

    /// The longest that connecting may take (5 s).
    #[must_use]
    pub fn connect_timeout(self, most: Duration) -> Self {
        Self { connect_timeout: most, ..self }
    }

    /// Lets health data and tokens go over `http` to a host that is not this one. For networks that are secured
    /// below HTTP; off by default.
    #[must_use]
    pub fn allow_plain_http(self, on: bool) -> Self {
        Self { allow_plain_http: on, ..self }
    }

    /// Trusts these PEM certificates besides those of the platform.
    #[must_use]
    pub fn root_certificates(self, pem: impl Into<Vec<u8>>) -> Self {
        Self { root_certificates: pem.into(), ..self }
    }

    /// The most entries that a transaction with a conditional entry may have (8), and the most updates by id (50).
    #[must_use]
    pub fn limits(self, conditional_entries: usize, update_entries: usize) -> Self {
        Self { conditional_entries, update_entries, ..self }
    }

    /// The largest answer that is read, in bytes (64 MiB), as it comes and as it is when it was unfolded.
    #[must_use]
    pub fn max_answer(self, bytes: usize) -> Self {
        Self { max_answer: bytes, ..self }
    }

    /// The most `next` links that are followed from one search (10,000).
    #[must_use]
    pub fn max_pages(self, pages: usize) -> Self {
        Self { max_pages: pages, ..self }
    }

    /// How many connections stay open without work (8), and how long (60 s).
    #[must_use]
    pub fn idle_connections(self, most: usize, timeout: Duration) -> Self {
        Self { idle_connections: most, idle_timeout: timeout, ..self }
    }

    /// Takes answers in gzip and deflate (on).
    #[must_use]
    pub fn accept_compressed(self, on: bool) -> Self {
        Self { accept_compressed: on, ..self }
    }

    /// How long nothing is sent after a refusal because of too many requests that does not say how long to wait (1 s).
    #[must_use]
    pub fn unstated_wait(self, pause: Duration) -> Self {
        Self { unstated_wait: pause, ..self }
    }

    /// Sends bodies of 1 KiB and more in gzip (off: many servers do not read it).
    #[must_use]
    pub fn compress_requests(self, on: bool) -> Self {
        Self { compress_requests: on, ..self }
    }
}

/// Reads a base URL: `https`, or `http` to this host, or any `http` where that is allowed. It ends in a slash.
pub(crate) fn base_url(text: &str, allow_plain_http: bool) -> Result<Url, Error> {
    let refuse = |reason| Err(Error::BaseUrl { reason });
    let Ok(mut url) = Url::parse(text) else { return refuse("is not a url") };
    match url.scheme() {
        "https" => {}
        "http" if allow_plain_http || is_loopback(&url) => {}
        "http" => return refuse("must be https unless the host is this one"),
        _ => return refuse("must be https"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("must not hold credentials");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("must not have a query or fragment");
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_urls_are_taken() {
        let rows = [
            ("https://fhir.example.org/R4", true),
            ("http://127.0.0.1:8103/fhir/R4", true),
            ("http://[::1]:8103/fhir/R4", true),
            ("http://localhost/fhir", true),
            ("http://fhir.example.org/R4", false),
            ("http://127.0.0.1.example.org/R4", false),
            ("ftp://fhir.example.org", false),
            ("https://user:word@fhir.example.org/R4", false),
            ("https://fhir.example.org/R4?x=1", false),
            ("fhir.example.org", false),
        ];
        for (text, taken) in rows {
            assert_eq!(base_url(text, false).is_ok(), taken, "{text}");
        }
        assert!(base_url("http://fhir.example.org/R4", true).is_ok());
    }

    #[test]
    fn a_base_ends_in_one_slash() {
        for text in ["https://a.example/R4", "https://a.example/R4/"] {
            assert_eq!(base_url(text, false).unwrap().as_str(), "https://a.example/R4/");
        }
    }
}
