//! A server on a free port and a client that shows exactly what came back, even when that is nothing.

use std::net::SocketAddr;

use carewire_embedded_fhir::{BASE_PATH, Builder, EmbeddedFhir};
use carewire_fhir_core::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) struct Running {
    pub(crate) server: EmbeddedFhir,
    address: SocketAddr,
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
        Some(Reply { status, head: head.to_owned(), text: text.to_owned() })
    }

    /// Posts a bundle of that type with these entries.
    pub(crate) async fn bundle(&self, kind: &str, entries: &[String]) -> Reply {
        let body = format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{}]}}"#, entries.join(","));
        self.fhir("POST", "/", &body).await
    }

    pub(crate) async fn count(&self, query: &str) -> i64 {
        let separator = if query.contains('?') { '&' } else { '?' };
        let reply = self.get(&format!("/{query}{separator}_summary=count")).await;
        reply.json().get("total").and_then(Value::as_i64).expect("a total")
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

pub(crate) fn post(resource: &str, resource_type: &str) -> String {
    format!(r#"{{"resource":{resource},"request":{{"method":"POST","url":"{resource_type}"}}}}"#)
}
