//! A server on a free port and a client that shows exactly what came back, even when that is nothing.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};

use carewire_embedded_fhir::{BASE_PATH, Builder, EmbeddedFhir};
use carewire_fhir_core::Value;
use chrono::{DateTime, Utc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) struct Running {
    pub(crate) server: EmbeddedFhir,
    pub(crate) address: SocketAddr,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) text: String,
}

pub(crate) async fn start(builder: Builder) -> Running {
    let server = builder.build().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = server.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    Running { server, address }
}

pub(crate) async fn in_memory() -> Running {
    start(EmbeddedFhir::builder()).await
}

impl Running {
    /// Sends a request below the FHIR base; panics when the connection is closed without an answer.
    pub(crate) async fn fhir(&self, method: &str, path: &str, body: &str) -> Reply {
        self.with(method, path, &[], body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.fhir("GET", path, "").await
    }

    pub(crate) async fn with(&self, method: &str, path: &str, headers: &[&str], body: &str) -> Reply {
        self.send(method, &format!("{BASE_PATH}{path}"), headers, body).await.expect("an answer")
    }

    /// Sends a request; `None` when the connection was closed with not one byte of an answer.
    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[&str],
        body: &str,
    ) -> Option<Reply> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut head =
            format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        // A reset is as good as an end here: what counts is what was received before.
        drop(stream.read_to_end(&mut bytes).await);
        if bytes.is_empty() {
            return None;
        }
        let answer = String::from_utf8(bytes).unwrap();
        let (head, text) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let reply = Reply { status, head: head.to_owned(), text: text.to_owned() };
        let is_chunked = reply.header("transfer-encoding") == Some("chunked");
        Some(if is_chunked { Reply { text: unchunked(text), ..reply } } else { reply })
    }

    /// Posts a bundle of that type with these entries.
    pub(crate) async fn bundle(&self, kind: &str, entries: &[String]) -> Reply {
        let body = format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{}]}}"#, entries.join(","));
        self.fhir("POST", "/", &body).await
    }

    /// Creates a resource and gives its `Type/id`.
    pub(crate) async fn create(&self, resource: &str) -> String {
        let resource_type =
            Value::parse(resource.as_bytes()).unwrap().str("resourceType").unwrap().to_owned();
        let reply = self.fhir("POST", &format!("/{resource_type}"), resource).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        format!("{resource_type}/{}", reply.id())
    }

    /// Follows the `next` links from a first page on and gives all pages.
    pub(crate) async fn pages(&self, first: &str) -> Vec<Reply> {
        let mut pages = vec![self.get(first).await];
        while let Some(next) = pages.last().and_then(|page| page.link("next")) {
            pages.push(self.get(&next).await);
            assert!(pages.len() < 100, "the pages do not end");
        }
        pages
    }

    pub(crate) async fn count(&self, query: &str) -> i64 {
        let separator = if query.contains('?') { '&' } else { '?' };
        let reply = self.get(&format!("/{query}{separator}_summary=count")).await;
        reply.json().get("total").and_then(Value::as_i64).expect("a total")
    }
}

/// The body of a chunked answer. A last chunk that is missing is a failure.
fn unchunked(mut text: &str) -> String {
    let mut body = String::new();
    loop {
        let (size, rest) = text.split_once("\r\n").unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return body;
        }
        let (chunk, rest) = rest.split_at(size);
        body.push_str(chunk);
        text = rest.strip_prefix("\r\n").unwrap();
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        Value::parse(self.text.as_bytes()).unwrap()
    }

    pub(crate) fn id(&self) -> String {
        self.json().str("id").unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// All values of a header.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    /// The URL of the link, below the FHIR base.
    pub(crate) fn link(&self, relation: &str) -> Option<String> {
        let bundle = self.json();
        let link = bundle.list("link").iter().find(|link| link.str("relation") == Some(relation))?;
        Some(link.str("url").unwrap().split_once(BASE_PATH).unwrap().1.to_owned())
    }

    /// The resources of the entries of a Bundle, as `Type/id`.
    pub(crate) fn found(&self) -> Vec<String> {
        let bundle = self.json();
        let resources = bundle.list("entry").iter().filter_map(|entry| entry.get("resource"));
        let name = |r: &Value| format!("{}/{}", r.str("resourceType").unwrap(), r.str("id").unwrap());
        resources.map(name).collect()
    }

    /// The text of the first issue.
    pub(crate) fn issue(&self) -> String {
        let outcome = self.json();
        assert_eq!(outcome.str("resourceType"), Some("OperationOutcome"), "status {}", self.status);
        issue_text(&outcome)
    }

    /// The statuses of the entries of a response Bundle.
    pub(crate) fn statuses(&self) -> Vec<String> {
        let bundle = self.json();
        bundle
            .list("entry")
            .iter()
            .map(|entry| entry.get("response").unwrap().str("status").unwrap().to_owned())
            .collect()
    }
}

pub(crate) fn issue_text(outcome: &Value) -> String {
    outcome.list("issue")[0].get("details").unwrap().str("text").unwrap().to_owned()
}

pub(crate) fn patient(value: &str) -> String {
    format!(r#"{{"resourceType":"Patient","identifier":[{{"system":"urn:t","value":"{value}"}}]}}"#)
}

/// An entry that puts a patient by its identifier.
pub(crate) fn conditional(value: &str) -> String {
    format!(
        r#"{{"fullUrl":"urn:uuid:{value}","resource":{},"request":{{"method":"PUT","url":"Patient?identifier=urn:t%7C{value}"}}}}"#,
        patient(value)
    )
}

/// An observation of a patient.
pub(crate) fn observation(patient: &str, more: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},"subject":{{"reference":"{patient}"}}{more}}}"#
    )
}

/// A clock that is one second further each time it is asked, from 2026-01-01T00:00:00Z on.
pub(crate) fn ticking() -> impl Fn() -> DateTime<Utc> + Send + Sync + 'static {
    let seconds = AtomicI64::new(1_767_225_600);
    move || DateTime::from_timestamp(seconds.fetch_add(1, Ordering::SeqCst), 0).unwrap()
}

pub(crate) fn post(resource: &str, resource_type: &str) -> String {
    format!(r#"{{"resource":{resource},"request":{{"method":"POST","url":"{resource_type}"}}}}"#)
}
