//! A server as a user of the libraries would write it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use carewire_hl7_v2::ParseOptions;
use carewire_hl7_v2::ack::{self, AckCode, AckError, AckOptions, Outcome};
use carewire_hl7_v2::light::peek;
use carewire_mllp::{FrameError, Handler, Peer, Reply, Server, ServerTls};
use carewire_mllp_quirks::ServerOptions;

/// Answers as the standard says, stores nothing.
pub(crate) struct Desk;

#[async_trait::async_trait]
impl Handler for Desk {
    async fn handle(&self, _peer: &Peer, message: Vec<u8>) -> Reply {
        let plan = ack::plan(&message);
        let (outcome, error) = judge(&message);
        let due = [plan.accept(outcome), plan.application(outcome)].into_iter().flatten();
        Reply::SendAll(due.map(|code| answer(&message, code, error.clone())).collect())
    }

    async fn refuse(&self, _peer: &Peer, error: FrameError) -> Reply {
        match error {
            FrameError::Empty { .. } => Reply::Nothing,
            FrameError::TooLong { .. } => Reply::Close,
            _ => Reply::Send(answer(b"", AckCode::AE, Some(AckError::application_internal()))),
        }
    }
}

fn judge(bytes: &[u8]) -> (Outcome, Option<AckError>) {
    let refused = |code| (Outcome::Error, Some(AckError::new(code)));
    match peek(bytes, &ParseOptions::default()) {
        Err(error) => (Outcome::Error, Some(AckError::from(&error))),
        Ok(peek) if peek.control_id.as_deref().is_none_or(|id| id.trim().is_empty()) => {
            refused(ack::ErrorCode::RequiredFieldMissing)
        }
        Ok(peek) if peek.holds_another => refused(ack::ErrorCode::SegmentSequenceError),
        Ok(_) => (Outcome::Success, None),
    }
}

fn answer(received: &[u8], code: AckCode, error: Option<AckError>) -> Vec<u8> {
    ack::acknowledge(received, &AckOptions::new(code, "D1").with_errors(error))
}

/// A server of this handler, until the test ends.
pub(crate) async fn desk(tls: Option<ServerTls>) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = Server::new(Arc::new(Desk));
    let server = match tls {
        Some(tls) => server.with_tls(tls),
        None => server,
    };
    tokio::spawn(server.serve(listener, std::future::pending()));
    address
}

/// Short waits, for servers on this machine.
pub(crate) fn options(address: impl ToString) -> ServerOptions {
    let mut options = ServerOptions::new(address.to_string());
    options.quiet = Duration::from_millis(400);
    options.idle = Duration::from_secs(1);
    options
}
