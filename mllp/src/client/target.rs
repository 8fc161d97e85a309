//! Where a link goes.

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};

use super::socket;
use crate::{ClientError, ClientOptions};

/// A server: an address, and how to speak TLS with it.
///
/// ```
/// use carewire_mllp::Target;
/// let target = Target::new("lis.example.org:2575");
/// assert_eq!(target.address(), "lis.example.org:2575");
/// ```
#[derive(Clone, Debug)]
pub struct Target {
    address: String,
    #[cfg(feature = "tls")]
    tls: Option<(String, crate::ClientTls)>,
}

impl Target {
    /// A server without TLS: `host:port`. The name is looked up for each connection.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// Over TLS. The server's certificate must be valid for `server_name`, a DNS name or an IP address.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn with_tls(mut self, server_name: impl Into<String>, tls: crate::ClientTls) -> Self {
        self.tls = Some((server_name.into(), tls));
        self
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// A stream to a server, with TLS or without.
pub(super) type Socket = Box<dyn Duplex>;

pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Duplex for S {}

/// What makes the streams of a link.
#[async_trait]
pub(super) trait Dial: Send + Sync {
    /// Connects within [`ClientOptions::connect_timeout`].
    async fn dial(&self, options: &ClientOptions) -> Result<Socket, ClientError>;
}

#[async_trait]
impl Dial for Target {
    async fn dial(&self, options: &ClientOptions) -> Result<Socket, ClientError> {
        let connecting = async {
            let stream = socket::tcp(&*self.address, options).await?;
            #[cfg(feature = "tls")]
            if let Some((name, tls)) = &self.tls {
                let stream = tls.connect(name, stream).await.map_err(ClientError::Tls)?;
                return Ok(Box::new(stream) as Socket);
            }
            Ok(Box::new(stream) as Socket)
        };
        socket::in_time(options.connect_timeout, connecting).await
    }
}
