//! What a server calls.

use std::net::SocketAddr;

use async_trait::async_trait;

use crate::FrameError;

/// Takes the messages of a server's connections.
///
/// Each connection calls it for one message at a time and reads nothing meanwhile; connections call it at once.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Takes one message and says what to answer.
    ///
    /// The answer tells the sender that it may forget the message: commit first, then return. Where the message cannot be
    /// committed, answer that it was not taken, or close. The future is dropped at the handler timeout and at
    /// the drain deadline; the connection is then closed without an answer, so that the sender sends again.
    async fn handle(&self, peer: &Peer, message: Vec<u8>) -> Reply;

    /// Says what to answer to a frame whose payload cannot be delivered. Closes, unless overridden.
    async fn refuse(&self, peer: &Peer, error: FrameError) -> Reply {
        let (_, _) = (peer, error);
        Reply::Close
    }
}

/// What a server does with a connection after a message.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reply {
    /// Sends this payload, framed.
    Send(Vec<u8>),
    /// Sends nothing and goes on.
    Nothing,
    /// Sends nothing and closes.
    Close,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Send(payload) => {
                f.debug_struct("Send").field("len", &payload.len()).finish_non_exhaustive()
            }
            Self::Nothing => f.write_str("Nothing"),
            Self::Close => f.write_str("Close"),
        }
    }
}

/// The other end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    id: u64,
    address: SocketAddr,
}

impl Peer {
    /// The connection `id` from `address`. A server makes its own; this is for tests of handlers.
    #[must_use]
    pub fn new(id: u64, address: SocketAddr) -> Self {
        Self { id, address }
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
}
