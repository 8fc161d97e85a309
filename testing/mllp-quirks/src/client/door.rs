//! Where clients come in: connections, and what is told of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWrite, ReadHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use crate::TlsServer;
use crate::wire::{Cutter, Duplex};

pub(super) type Writer = Box<dyn AsyncWrite + Unpin + Send>;

/// What the listener, its connections and the run of the client tell.
pub(super) enum Event {
    Opened(u64, Writer, AbortHandle),
    Refused,
    Message(u64, Vec<u8>),
    Closed(u64),
    /// The run of the client is over; whether it says that all is well.
    Ended(bool),
}

/// How connections are treated that are opened from now on.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Reading {
    Usual = 0,
    /// One byte at a time.
    ByteByByte = 1,
    /// Not at all.
    Never = 2,
    /// Closed as soon as they come.
    Refused = 3,
    /// Shown a certificate that the client must not trust.
    Impostor = 4,
}

/// Accepts connections, reads from them, and tells what comes.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) tls: Option<TlsServer>,
    pub(super) other_tls: Option<TlsServer>,
    pub(super) reading: Arc<AtomicU8>,
    pub(super) tell: UnboundedSender<Event>,
}

impl Door {
    pub(super) async fn listen(self, listener: TcpListener) {
        for connection in 1.. {
            let Ok((stream, _)) = listener.accept().await else { return };
            match self.reading.load(Ordering::SeqCst) {
                mode if mode == Reading::Refused as u8 => self.say(Event::Refused),
                mode => drop(tokio::spawn(self.clone().welcome(connection, stream, mode))),
            }
        }
    }

    async fn welcome(self, connection: u64, stream: TcpStream, mode: u8) {
        // Without it answers go out late, which is all.
        let _ = stream.set_nodelay(true);
        let is_impostor = mode == Reading::Impostor as u8;
        let tls = self.other_tls.as_ref().filter(|_| is_impostor).or(self.tls.as_ref());
        let stream: Box<dyn Duplex> = match tls {
            None => Box::new(stream),
            Some(tls) => match tls.accept(stream).await {
                Ok(stream) => Box::new(stream),
                Err(_) => return self.say(Event::Refused),
            },
        };
        let (reader, writer) = tokio::io::split(stream);
        let (known, wait) = oneshot::channel::<()>();
        let hearing = {
            let door = self.clone();
            tokio::spawn(async move {
                if wait.await.is_ok() {
                    door.hear(connection, reader, mode).await;
                }
            })
        };
        self.say(Event::Opened(connection, Box::new(writer), hearing.abort_handle()));
        // Its first message comes after the news that it is open.
        let _ = known.send(());
    }

    async fn hear(self, connection: u64, mut reader: ReadHalf<Box<dyn Duplex>>, mode: u8) {
        if mode == Reading::Never as u8 {
            return std::future::pending().await;
        }
        let mut buffer = vec![0; if mode == Reading::ByteByByte as u8 { 1 } else { 64 * 1024 }];
        let mut cutter = Cutter::default();
        while let Ok(len @ 1..) = reader.read(&mut buffer).await {
            cutter.feed(buffer.get(..len).unwrap_or_default());
            while let Some(frame) = cutter.frame(false) {
                self.say(Event::Message(connection, frame.payload));
            }
        }
        self.say(Event::Closed(connection));
    }

    fn say(&self, event: Event) {
        // Where nobody listens any more, the suite is over.
        let _ = self.tell.send(event);
    }
}
