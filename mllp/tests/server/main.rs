//! The server over real loopback sockets, plain and over TLS.
#![cfg(feature = "tokio")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod limits;
#[cfg(feature = "tls")]
mod quiet;
mod support;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "tls")]
mod tls_files;
