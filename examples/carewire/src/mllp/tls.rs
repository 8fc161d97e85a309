//! Certificates for the two ends of MLLP.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use carewire_mllp::{ClientTls, ServerTls, Target, TlsFiles};
use rustls::ClientConfig;
use rustls_platform_verifier::Verifier;

use super::args::Listen;
use crate::failure::Failure;
use crate::out;

/// What a listener shows and demands; `None` without TLS.
pub(crate) fn server(options: &Listen) -> Result<Option<ServerTls>, Failure> {
    let (Some(cert), Some(key)) = (&options.tls_cert, &options.tls_key) else { return Ok(None) };
    let files = TlsFiles { cert: cert.clone(), key: key.clone(), client_ca: options.tls_client_ca.clone() };
    ServerTls::from_files(files).map(Some).map_err(|error| Failure::usage(error.to_string()))
}

/// Reads the certificates again at each SIGHUP, which does nothing where there are none.
pub(crate) fn reload_on_hangup(tls: Option<&ServerTls>) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
        let tls = tls.cloned();
        tokio::spawn(async move {
            while hangup.recv().await.is_some() {
                match tls.as_ref().map(ServerTls::reload) {
                    None => out::note("no certificates to read again"),
                    Some(Ok(())) => out::note("certificates read again"),
                    Some(Err(error)) => out::note(format_args!("{error}; the ones before stay in use")),
                }
            }
        });
    }
    #[cfg(not(unix))]
    let _ = tls;
}

/// Whom a client trusts, and what it shows.
#[derive(Debug, Default)]
pub(crate) struct Trust {
    pub(crate) tls: bool,
    pub(crate) ca: Option<PathBuf>,
    pub(crate) name: Option<String>,
    pub(crate) cert: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
}

impl Trust {
    /// Whoever says anything about certificates wants TLS.
    pub(crate) fn is_wanted(&self) -> bool {
        self.tls || self.ca.is_some() || self.cert.is_some() || self.name.is_some()
    }
}

/// A server, with TLS where that is wanted.
pub(crate) fn target(to: &str, trust: &Trust) -> Result<Target, Failure> {
    if !trust.is_wanted() {
        return Ok(Target::new(to));
    }
    let wrong = |error: carewire_mllp::TlsError| Failure::usage(error.to_string());
    let mut tls = match &trust.ca {
        Some(file) => ClientTls::with_roots(&read(file)?).map_err(wrong)?,
        None => ClientTls::from_config(Arc::new(trusting_the_system()?)),
    };
    if let (Some(cert), Some(key)) = (&trust.cert, &trust.key) {
        tls = tls.with_identity(&read(cert)?, &read(key)?).map_err(wrong)?;
    }
    let name = trust.name.clone().unwrap_or_else(|| host(to).to_owned());
    Ok(Target::new(to).with_tls(name, tls))
}

/// A configuration that trusts whom this system trusts.
fn trusting_the_system() -> Result<ClientConfig, Failure> {
    let failed = |error: rustls::Error| Failure::unreachable(format!("the system's certificates: {error}"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Verifier::new(Arc::clone(&provider)).map_err(failed)?;
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))
}

/// `example.org` of `example.org:2575`, `::1` of `[::1]:2575`.
fn host(to: &str) -> &str {
    let host = to.rsplit_once(':').map_or(to, |(host, _)| host);
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_stands_before_the_port() {
        assert_eq!(host("example.org:2575"), "example.org");
        assert_eq!(host("[::1]:2575"), "::1");
        assert_eq!(host("10.0.0.1"), "10.0.0.1");
    }
}
