//! A record of what came over the wire: the evidence of tests that look for leaks.

use std::fmt::Debug;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use carewire_fhir_core::Value;

use crate::Error;

/// One request as it was received.
///
/// It holds whatever the client sent, so `Debug` shows no more than the method and the status.
#[derive(Clone)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The method.
    pub method: String,
    /// Path and query, as they were on the wire.
    pub target: String,
    /// The headers in their order, without `authorization`.
    pub headers: Vec<(String, String)>,
    /// The body, as it was on the wire; empty when it was larger than the limit.
    pub body: Vec<u8>,
    /// The status of the answer; `None` when the connection was closed without one.
    pub status: Option<u16>,
}

impl Debug for RequestRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestRecord")
            .field("method", &self.method)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// Takes the record of each request, after it was answered.
pub trait RequestSink: Debug + Send + Sync {
    /// Keeps a record. Called on the server's own threads: it must not block for long.
    fn record(&self, record: RequestRecord);
}

/// Keeps all records in memory.
#[derive(Debug, Default)]
pub struct MemoryRequestLog(Mutex<Vec<RequestRecord>>);

impl MemoryRequestLog {
    /// The records so far.
    #[must_use]
    pub fn records(&self) -> Vec<RequestRecord> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl RequestSink for MemoryRequestLog {
    fn record(&self, record: RequestRecord) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(record);
    }
}

/// Appends a line of JSON to a file for each request: `{"method","target","status"}`, and with
/// [`FileRequestLog::with_content`] also `headers` and `body`.
#[derive(Debug)]
pub struct FileRequestLog {
    file: Mutex<File>,
    content: bool,
}

impl FileRequestLog {
    /// Opens or makes the file.
    ///
    /// # Errors
    /// [`Error::RequestLog`] when it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map_err(|source| Error::RequestLog { path: path.to_owned(), source })?;
        Ok(Self { file: Mutex::new(file), content: false })
    }

    /// Writes headers and bodies too.
    #[must_use]
    pub fn with_content(self) -> Self {
        Self { content: true, ..self }
    }
}

impl RequestSink for FileRequestLog {
    fn record(&self, record: RequestRecord) {
        let mut line = Value::object()
            .with("method", record.method)
            .with("target", record.target)
            .with("status", record.status.map_or_else(Value::null, |status| Value::integer(status.into())));
        if self.content {
            let headers: Value = record
                .headers
                .into_iter()
                .map(|(name, value)| Value::string(format!("{name}: {value}")))
                .collect();
            line.set("headers", headers);
            line.set("body", String::from_utf8_lossy(&record.body).into_owned());
        }
        let mut text = line.to_json();
        text.push('\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = file.write_all(text.as_bytes()) {
            tracing::error!(%error, "request log cannot be written");
        }
    }
}
