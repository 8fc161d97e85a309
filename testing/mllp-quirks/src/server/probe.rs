//! What every check of a server needs.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::ServerOptions;
use super::reply::Reply;
use crate::Result;
use crate::hl7::{Code, Message};
use crate::wire::{Duplex, Heard, Talk, frame};

/// Knows the server, and makes messages for it.
pub(super) struct Probe {
    pub(super) options: ServerOptions,
    template: Message,
    run: String,
    next: AtomicU64,
    normal: Code,
}

/// A message with its own control id.
pub(super) struct Planned {
    pub(super) id: Vec<u8>,
    pub(super) message: Message,
}

impl Planned {
    pub(super) fn payload(&self) -> Vec<u8> {
        self.message.bytes()
    }

    pub(super) fn frame(&self) -> Vec<u8> {
        frame(&self.payload())
    }

    pub(super) fn with(self, field: usize, value: &str) -> Self {
        Self { message: self.message.with(field, value), ..self }
    }
}

impl Probe {
    pub(super) fn new(options: ServerOptions) -> Result<Self> {
        let template = options.message.as_deref().map_or_else(|| Ok(Message::harmless()), Message::read)?;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // Enough for ids that differ between runs, and short enough for the 20 characters of old versions.
        let run = format!("Q{:08X}", since.as_millis() & 0xFFFF_FFFF);
        Ok(Self { options, template, run, next: AtomicU64::new(1), normal: Code::AA })
    }

    /// Finds out what the server answers when all is well.
    pub(super) async fn learn(&mut self) -> io::Result<()> {
        let mut talk = self.connect().await?;
        if let (_, Reply::Own(code, _)) = self.exchange(&mut talk).await {
            self.normal = code;
        }
        Ok(())
    }

    /// The code that the server answers when all is well.
    pub(super) fn normal(&self) -> Code {
        self.normal
    }

    /// A control id that no other message has.
    pub(super) fn new_id(&self) -> String {
        format!("{}{:04}", self.run, self.next.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn message(&self) -> Planned {
        self.message_called(self.new_id().into_bytes())
    }

    pub(super) fn message_called(&self, id: Vec<u8>) -> Planned {
        Planned { message: self.template.clone().with(10, &id), id }
    }

    pub(super) async fn connect(&self) -> io::Result<Talk> {
        self.connect_as(true).await
    }

    /// Connects, over TLS where it is configured.
    pub(super) async fn connect_as(&self, with_identity: bool) -> io::Result<Talk> {
        let stream: Box<dyn Duplex> = match &self.options.tls {
            None => Box::new(self.connect_in_the_clear().await?),
            Some(tls) => {
                let handshake = tls.connect(self.connect_in_the_clear().await?, with_identity);
                Box::new(
                    timeout(self.options.timeout, handshake).await.map_err(|_| io::ErrorKind::TimedOut)??,
                )
            }
        };
        Ok(self.talk(stream))
    }

    pub(super) async fn connect_in_the_clear(&self) -> io::Result<TcpStream> {
        let connect = TcpStream::connect(&self.options.address);
        let stream = timeout(self.options.timeout, connect).await.map_err(|_| io::ErrorKind::TimedOut)??;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    pub(super) fn talk(&self, stream: Box<dyn Duplex>) -> Talk {
        Talk::new(stream, self.options.timeout)
    }

    /// The next frame that is no commit block, or what came instead.
    pub(super) async fn hear_frame(&self, talk: &mut Talk, within: Duration) -> Heard {
        loop {
            let heard = talk.hear(within).await;
            if !matches!(Reply::of(&heard, b""), Reply::Commit(_)) {
                return heard;
            }
        }
    }

    /// What comes back for a message within the timeout.
    pub(super) async fn reply(&self, talk: &mut Talk, id: &[u8]) -> Reply {
        Reply::of(&self.hear_frame(talk, self.options.timeout).await, id)
    }

    /// What comes back where it may be nothing.
    pub(super) async fn reply_soon(&self, talk: &mut Talk, id: &[u8]) -> Reply {
        Reply::of(&self.hear_frame(talk, self.options.quiet).await, id)
    }

    /// What comes back for these messages, one after another; ends early where nothing comes.
    pub(super) async fn replies(&self, talk: &mut Talk, sent: &[Planned]) -> Vec<Reply> {
        let mut replies = Vec::new();
        for planned in sent {
            let reply = self.reply(talk, &planned.id).await;
            let last = reply.is_end() || reply == Reply::Silence;
            replies.push(reply);
            if last {
                break;
            }
        }
        replies
    }

    /// Everything that comes back for one message, until it is quiet.
    pub(super) async fn all_replies(&self, talk: &mut Talk, id: &[u8]) -> Vec<Reply> {
        let mut replies = vec![self.reply(talk, id).await];
        while replies.len() < 10
            && !matches!(replies.last(), Some(Reply::Silence | Reply::Closed | Reply::Reset))
        {
            replies.push(self.reply_soon(talk, id).await);
        }
        if replies.last() == Some(&Reply::Silence) {
            replies.pop();
        }
        replies
    }

    /// Sends a sound message and says what it was and what came back.
    pub(super) async fn exchange(&self, talk: &mut Talk) -> (Planned, Reply) {
        let planned = self.message();
        talk.send(&planned.frame()).await;
        let reply = self.reply(talk, &planned.id).await;
        (planned, reply)
    }

    /// What comes back for a sound message after something odd: refusals that name no message are passed over.
    pub(super) async fn next(&self, talk: &mut Talk) -> Reply {
        let planned = self.message();
        talk.send(&planned.frame()).await;
        self.reply_of(talk, &planned.id).await
    }

    /// The same for a message that was sent.
    pub(super) async fn reply_of(&self, talk: &mut Talk, id: &[u8]) -> Reply {
        for _ in 0..3 {
            match self.reply(talk, id).await {
                Reply::Bare(code, _) | Reply::Foreign(code) if !code.is_accept() => {}
                reply => return reply,
            }
        }
        self.reply(talk, id).await
    }
}
