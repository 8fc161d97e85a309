//! What a server calls.

use async_trait::async_trait;

use crate::{CommitBlock, FrameError, Peer};

/// Takes the messages of a server's connections.
///
/// Each connection calls it for one message at a time and reads nothing meanwhile; connections call it at once. A call that
/// takes longer than the handler timeout is dropped, and its connection closed without an answer. It must not block its thread
/// but by means that the runtime knows (`spawn_blocking`, `block_in_place`): no timeout passes meanwhile.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Whether the peer may send at all, asked before anything of its messages is read. Everybody may, unless overridden.
    ///
    /// A [`PeerRule`](crate::PeerRule) says whether a peer is one of those that are meant.
    async fn admit(&self, peer: &Peer) -> bool {
        let _ = peer;
        true
    }

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
    /// Sends these payloads, each framed, in this order and at once: an accept acknowledgement and then the
    /// application's, for example.
    SendAll(Vec<Vec<u8>>),
    /// Sends this payload, framed, and closes: where sender and server may count the messages differently from here on.
    SendAndClose(Vec<u8>),
    /// Sends a commit acknowledgement of MLLP release 2.
    Commit(CommitBlock),
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
            Self::SendAll(payloads) => {
                let lens: Vec<usize> = payloads.iter().map(Vec::len).collect();
                f.debug_struct("SendAll").field("lens", &lens).finish_non_exhaustive()
            }
            Self::SendAndClose(payload) => {
                f.debug_struct("SendAndClose").field("len", &payload.len()).finish_non_exhaustive()
            }
            Self::Commit(block) => f.debug_tuple("Commit").field(block).finish(),
            Self::Nothing => f.write_str("Nothing"),
            Self::Close => f.write_str("Close"),
        }
    }
}
