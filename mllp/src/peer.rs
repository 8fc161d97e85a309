//! Who is at the other end.

use std::net::SocketAddr;

/// The other end of a connection.
///
/// ```
/// use carewire_mllp::{Certificate, Peer};
/// let certificate = Certificate { fingerprint: [7; 32], names: vec!["lis.example.org".to_owned()] };
/// let peer = Peer::new(1, "127.0.0.1:40000".parse().unwrap()).with_certificate(certificate);
/// assert_eq!(peer.certificate().unwrap().names, ["lis.example.org"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    id: u64,
    address: SocketAddr,
    certificate: Option<Certificate>,
}

impl Peer {
    /// The connection `id` from `address`. A server makes its own; this is for tests of handlers.
    #[must_use]
    pub fn new(id: u64, address: SocketAddr) -> Self {
        Self { id, address, certificate: None }
    }

    /// The peer with a certificate that was verified.
    #[must_use]
    pub fn with_certificate(mut self, certificate: Certificate) -> Self {
        self.certificate = Some(certificate);
        self
    }

    /// The number of the connection, unique within one run of the process.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Where the connection comes from.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate that the peer proved to own, where the server asked for one and an authority that it trusts signed it.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }
}

/// A verified certificate of a peer, as far as one is known by it.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tests of handlers make their own")]
pub struct Certificate {
    /// The SHA-256 of the certificate (its DER).
    pub fingerprint: [u8; 32],
    /// The DNS names of its subject alternative names, then the common names of its subject, each once.
    pub names: Vec<String>,
}

impl Certificate {
    /// The fingerprint in lower-case hexadecimal digits.
    ///
    /// ```
    /// use carewire_mllp::Certificate;
    /// let certificate = Certificate { fingerprint: [0xAB; 32], names: Vec::new() };
    /// assert_eq!(certificate.fingerprint_hex(), "ab".repeat(32));
    /// ```
    #[must_use]
    pub fn fingerprint_hex(&self) -> String {
        hex(&self.fingerprint)
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certificate")
            .field("fingerprint", &self.fingerprint_hex())
            .field("names", &self.names)
            .finish()
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
