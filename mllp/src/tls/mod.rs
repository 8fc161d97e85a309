//! TLS for the server and the client, by rustls with the ring provider.

mod certificate;
mod client;
mod error;
mod pem;
mod server;

use std::sync::Arc;

use rustls::{SupportedProtocolVersion, crypto::CryptoProvider};

pub use self::{
    client::ClientTls,
    error::TlsError,
    server::{ServerTls, TlsFiles},
};

/// What is offered: nothing below TLS 1.2.
static VERSIONS: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13, &rustls::version::TLS12];

/// The provider is given explicitly: what the process has as its default is none of this crate's business.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
