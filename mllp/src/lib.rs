//! MLLP, the framing of HL7 v2 over a byte stream: `VT payload FS CR`.
//!
//! [`Decoder`] and [`encode`] do no I/O and need no runtime. The feature `tokio` adds a server and clients over TCP, the feature
//! `tls` both over TLS. What a payload says is none of this crate's business: what to answer, and whether an answer belongs to
//! a message, are the caller's to decide.
//!
//! ```
//! use carewire_mllp::{Decoder, Event, Limits, encode};
//!
//! let mut decoder = Decoder::new(Limits::default());
//! let two_frames = [encode(b"MSH|one"), encode(b"MSH|two")].concat();
//! for chunk in two_frames.chunks(5) {
//!     decoder.feed(chunk);
//! }
//! let payloads: Vec<_> = std::iter::from_fn(|| decoder.poll())
//!     .map(|event| match event {
//!         Event::Message { payload, .. } => payload,
//!         other => panic!("unexpected: {other:?}"),
//!     })
//!     .collect();
//! assert_eq!(payloads, [b"MSH|one".to_vec(), b"MSH|two".to_vec()]);
//! ```
//!
//! With the feature `tokio`:
#![cfg_attr(feature = "tokio", doc = "```")]
#![cfg_attr(not(feature = "tokio"), doc = "```ignore")]
//! use std::sync::Arc;
//! use carewire_mllp::{Client, ClientOptions, Correlation, Handler, Peer, Reply, ServerOptions, serve};
//!
//! struct Echo;
//!
//! #[async_trait::async_trait]
//! impl Handler for Echo {
//!     async fn handle(&self, _from: &Peer, message: Vec<u8>) -> Reply {
//!         // Store the message durably here: the answer tells the sender that it may forget it.
//!         Reply::Send(message)
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let address = listener.local_addr()?;
//! let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
//! let server = tokio::spawn(serve(listener, Arc::new(Echo), ServerOptions::default(), async { let _ = stopped.await; }));
//!
//! // HL7: compare MSA-2 of the answer with MSH-10 of the message.
//! let same = |sent: &[u8], answer: &[u8]| if sent == answer { Correlation::Final } else { Correlation::Other };
//! let mut client = Client::connect(address, ClientOptions::new(same)).await?;
//! assert_eq!(client.send(b"MSH|hello").await?.payload, b"MSH|hello");
//! drop(client);
//!
//! let _ = stop.send(());
//! assert_eq!(server.await?.messages, 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Decoding
//!
//! Real senders send several frames at once, cut an end in two, leave out a start or a carriage return, send line feeds,
//! NULs or every mark twice. The decoder finds the same in any pieces of a stream, takes what is whole, and tells all else by
//! place and length: each byte is part of an [`Event`] or a mark of a frame. Its work is linear in the input, and it holds no
//! more than one payload of the longest kind. The blocks `VT 06 FS CR` and `VT 15 FS CR` of MLLP release 2 are
//! [`Event::Commit`]. [`Shape`] shows what came where no frame is found, without showing it: `text*23 CR LF`.
//!
//! # Receiving
//!
//! `Server` gives each message to a `Handler`, which commits and then answers; a connection reads nothing meanwhile. What one
//! peer does costs the others nothing:
//!
//! | a peer that | |
//! |-|-|
//! | may not connect | `bind` listens on this machine only, unless told otherwise; `Handler::admit` sees address and certificate |
//! | opens many connections | is refused beyond the cap, of all and of its address; handshakes count |
//! | sends nothing, or a byte now and then | is closed: idle, handshake and frame timeout |
//! | sends large frames over a slow link | has more time, at the least rate |
//! | sends without end | is told by `Handler::refuse`, and holds no memory |
//! | sends large frames on many connections | waits where the memory for all of them is used up |
//! | does not read its answers | is closed: write timeout |
//!
//! An idle connection costs a few kilobytes. At the end a server answers what it has read, and is done at the drain deadline even
//! where a handler never returns. `Stats` counts live, each end of a connection by its `Reason`.
//!
//! Over TLS, and only for clients with a certificate of one's own authority:
//!
#![cfg_attr(feature = "tls", doc = "```no_run")]
#![cfg_attr(not(feature = "tls"), doc = "```ignore")]
//! use std::sync::Arc;
//! use carewire_mllp::{Exposure, Handler, Peer, PeerRule, Reply, Server, ServerTls, TlsFiles, bind};
//!
//! struct Intake {
//!     allowed: Vec<PeerRule>,
//! }
//!
//! #[async_trait::async_trait]
//! impl Handler for Intake {
//!     async fn admit(&self, peer: &Peer) -> bool {
//!         self.allowed.iter().any(|rule| rule.matches(peer))
//!     }
//!
//!     async fn handle(&self, from: &Peer, message: Vec<u8>) -> Reply {
//!         // Store it durably, then acknowledge; `from.certificate()` says whose it is.
//!         # let _ = (from, message);
//!         Reply::Close
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let allowed = vec!["name:lis.example.org".parse()?, "10.1.0.0/16".parse()?];
//! let tls = ServerTls::from_files(TlsFiles {
//!     cert: "server.pem".into(),
//!     key: "server.key".into(),
//!     client_ca: Some("clients.pem".into()),
//! })?;
//! let server = Server::new(Arc::new(Intake { allowed })).with_tls(tls.clone());
//! let listener = bind("0.0.0.0:2575".parse()?, Exposure::Network)?;
//! let summary = server.serve(listener, async { /* until it shall end */ }).await;
//!
//! // Any time, for the connections that come: a bad file changes nothing, and the error names it.
//! if let Err(error) = tls.reload() {
//!     eprintln!("{error}; the certificate that was loaded stays");
//! }
//! # let _ = summary;
//! # Ok(())
//! # }
//! ```
//!
//! # Sending
//!
//! | | in flight | lost connection | answer |
//! |-|-|-|-|
//! | `Client` | one | the caller makes another one | of that message, or an error |
//! | `Pipeline` | several, answered in order | the caller makes another one | the same |
//! | `Link` | one | made again, after a pause | judged; the message is repeated where that can help |
//! | `Sender` | one of a sequence | as `Link` | what is rejected stops the sequence or is skipped |
//! | `Pool` | one for each of its links | as `Link` | as `Link`; messages of one key keep their order |
//!
//! Whether an answer belongs to a message is asked of the function that each of them is made with (for HL7: MSA-2 is
//! MSH-10). What comes late, unasked or for another message ends the connection, so that it is never taken for the answer to
//! the next one. Where no answer could be found, the error tells the shape of what came: `no answer in time; the peer sent:
//! text*23 CR, no start block`.
//!
#![cfg_attr(feature = "tokio", doc = "```no_run")]
#![cfg_attr(not(feature = "tokio"), doc = "```ignore")]
//! use carewire_mllp::{ClientOptions, Correlation, Link, LinkOptions, Outcome, Target, Verdict};
//!
//! # fn control_id(message: &[u8]) -> Option<&[u8]> { message.split(|byte| *byte == b'|').nth(9) }
//! # fn code_and_id(answer: &[u8]) -> Option<(&[u8], &[u8])> { answer.split_at_checked(2) }
//! // For HL7, roughly: CA is interim where another answer is due, and 206 and 207 in ERR-3 are temporary.
//! fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
//!     match (control_id(sent), code_and_id(answer)) {
//!         (Some(sent), Some((_, answered))) if sent == answered => Correlation::Final,
//!         _ => Correlation::Other,
//!     }
//! }
//!
//! fn judge(answer: &[u8]) -> Verdict {
//!     match code_and_id(answer) {
//!         Some((b"AA" | b"CA", _)) => Verdict::Accepted,
//!         _ => Verdict::Rejected,
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let options = LinkOptions::new(ClientOptions::new(correlate), judge);
//! let mut link = Link::new(Target::new("lis.example.org:2575"), options);
//! match link.deliver(b"MSH|...").await.outcome {
//!     Outcome::Accepted(_) => println!("taken"),
//!     Outcome::Rejected(_) => println!("not taken, and never will be"),
//!     Outcome::Temporary(_) => println!("not taken now"),
//!     Outcome::Unfinished(error) => println!("stored by the receiver, but no final answer: {error}"),
//!     Outcome::Failed(error) => println!("no answer: {error}"),
//!     other => println!("{other:?}"),
//! }
//! # }
//! ```
//!
//! # What it will not do
//! It reads no HL7 and makes no acknowledgement. It stores nothing: a message that must survive the process belongs in a
//! queue of the caller's. Nothing that it prints, logs or returns as an error holds a byte of a payload.

mod backoff;
mod decoder;
mod encode;
mod event;
mod limits;
mod shape;

#[cfg(feature = "tokio")]
mod client;
#[cfg(feature = "tokio")]
mod connection_number;
#[cfg(feature = "tokio")]
mod handler;
#[cfg(feature = "tokio")]
mod peer;
#[cfg(feature = "tokio")]
mod peer_rule;
#[cfg(feature = "tokio")]
mod server;
#[cfg(feature = "tokio")]
mod tap;
#[cfg(feature = "tls")]
mod tls;

pub use backoff::Backoff;
pub use decoder::Decoder;
pub use encode::{encode, encode_commit, encode_into, is_encodable};
pub use event::{CommitBlock, Deviation, Event, FrameError};
pub use limits::Limits;
pub use shape::{ByteClass, Shape};

#[cfg(feature = "tokio")]
pub use client::{
    Answer, Client, ClientError, ClientOptions, Correlation, Delivery, KeepAlive, Link, LinkOptions,
    NotTaken, OnReject, Outcome, Pipeline, Pool, PoolOptions, Release, Report, Sender, Sent, Target, Verdict,
};
#[cfg(feature = "tokio")]
pub use handler::{Handler, Reply};
#[cfg(feature = "tokio")]
pub use peer::{Certificate, Peer};
#[cfg(feature = "tokio")]
pub use peer_rule::{PeerRule, PeerRuleError};
#[cfg(feature = "tokio")]
pub use server::{Exposure, Reason, Server, ServerOptions, Stats, Summary, bind, serve};
#[cfg(feature = "tokio")]
pub use tap::{Direction, Tap};
#[cfg(feature = "tls")]
pub use tls::{ClientTls, ServerTls, TlsError, TlsFiles};

/// Vertical tab: begins a frame.
const VT: u8 = 0x0B;
/// File separator: with a carriage return ends a frame.
const FS: u8 = 0x1C;
/// Carriage return.
const CR: u8 = 0x0D;
/// Line feed: some peers send it in place of, or after, the carriage return.
const LF: u8 = 0x0A;
