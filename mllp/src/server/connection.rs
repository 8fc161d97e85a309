//! One connection: read, handle, answer, and only then read on.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    sync::watch,
    time::{Instant, timeout, timeout_at},
};

use super::ServerOptions;
use crate::{Decoder, Event, Handler, Limits, Peer, Reply, encode, is_encodable};

/// How much is read at once, and so how much of later messages is held while one is handled.
const READ_SIZE: usize = 16 * 1024;

/// How long the last answer may travel before the connection is closed under it.
const LINGER: Duration = Duration::from_secs(1);

pub(super) struct Connection<S> {
    stream: S,
    peer: Peer,
    handler: Arc<dyn Handler>,
    options: Arc<ServerOptions>,
    decoder: Decoder,
    /// When the last frame ended, or the connection began.
    quiet_since: Instant,
    /// The frame that is coming in, and when its first byte came.
    frame: Option<(u64, Instant)>,
    ended: Ended,
}

/// What a connection did until it ended.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) messages: u64,
    pub(super) bad_frames: u64,
    pub(super) timed_out: bool,
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Close {
    /// The peer closed.
    Peer,
    /// The server drains.
    Drained,
    /// The handler said so.
    Handler,
    /// The answer cannot stand in a frame.
    BadAnswer,
    /// A timeout, by name.
    Timeout(&'static str),
    /// The connection broke.
    Broken,
}

impl Close {
    fn as_str(self) -> &'static str {
        match self {
            Self::Peer => "peer",
            Self::Drained => "drained",
            Self::Handler => "handler",
            Self::BadAnswer => "bad_answer",
            Self::Timeout(which) => which,
            Self::Broken => "broken",
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(super) fn new(stream: S, peer: Peer, handler: Arc<dyn Handler>, options: Arc<ServerOptions>) -> Self {
        let decoder = Decoder::new(Limits::default().with_max_frame(options.max_frame));
        Self {
            stream,
            peer,
            handler,
            options,
            decoder,
            quiet_since: Instant::now(),
            frame: None,
            ended: Ended::default(),
        }
    }

    pub(super) async fn run(mut self, mut draining: watch::Receiver<bool>) -> Ended {
        let close = self.until_closed(&mut draining).await;
        self.ended.timed_out = matches!(close, Close::Timeout(_));
        self.decoder.finish();
        while let Some(event) = self.decoder.poll() {
            self.report(&event);
        }
        tracing::debug!(
            connection = self.peer.id(),
            reason = close.as_str(),
            messages = self.ended.messages,
            "connection closed"
        );
        if matches!(close, Close::Drained | Close::Handler) {
            self.linger().await;
        }
        self.ended
    }

    async fn until_closed(&mut self, draining: &mut watch::Receiver<bool>) -> Close {
        let mut buffer = vec![0; READ_SIZE];
        loop {
            if let Err(close) = self.react_to_all().await {
                return close;
            }
            let read = tokio::select! {
                biased;
                // An error means that the server is gone, which ends the connection as well.
                _ = draining.wait_for(|draining| *draining) => return Close::Drained,
                read = timeout_at(self.deadline(), self.stream.read(&mut buffer)) => read,
            };
            match read {
                Err(_) => match self.timed_out() {
                    Some(close) => return close,
                    None => self.decoder.end_frame(),
                },
                Ok(Ok(0)) => {
                    self.decoder.end_frame();
                    return self.react_to_all().await.err().unwrap_or(Close::Peer);
                }
                Ok(Ok(len)) => self.decoder.feed(buffer.get(..len).unwrap_or_default()),
                Ok(Err(_)) => return Close::Broken,
            }
        }
    }

    /// Handles everything that the decoder found, in order.
    async fn react_to_all(&mut self) -> Result<(), Close> {
        while let Some(event) = self.decoder.poll() {
            self.report(&event);
            let handled = match event {
                Event::Message { payload, .. } => {
                    self.ended.messages += 1;
                    timeout(self.options.handler_timeout, self.handler.handle(&self.peer, payload)).await
                }
                Event::Error(error) => {
                    self.ended.bad_frames += 1;
                    timeout(self.options.handler_timeout, self.handler.refuse(&self.peer, error)).await
                }
                _ => continue,
            };
            match handled.map_err(|_| Close::Timeout("handler_timeout"))? {
                Reply::Send(answer) => self.answer(&answer).await?,
                Reply::Nothing => {}
                Reply::Close => return Err(Close::Handler),
            }
            self.quiet_since = Instant::now();
        }
        self.note_frame();
        Ok(())
    }

    async fn answer(&mut self, payload: &[u8]) -> Result<(), Close> {
        if !is_encodable(payload) {
            tracing::error!(connection = self.peer.id(), "the handler's answer cannot stand in a frame");
            return Err(Close::BadAnswer);
        }
        let frame = encode(payload);
        let write = async {
            self.stream.write_all(&frame).await?;
            self.stream.flush().await
        };
        match timeout(self.options.write_timeout, write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Close::Broken),
            Err(_) => Err(Close::Timeout("write_timeout")),
        }
    }

    /// Remembers when the frame that is coming in began.
    fn note_frame(&mut self) {
        let offset = self.decoder.frame_offset();
        if self.frame.map(|(began, _)| began) != offset {
            self.frame = offset.map(|offset| (offset, Instant::now()));
        }
    }

    /// Until when the next byte must come.
    fn deadline(&self) -> Instant {
        match self.frame {
            None => self.quiet_since + self.options.idle_timeout,
            Some((_, since)) if self.decoder.awaits_end() => {
                (since + self.options.frame_timeout).min(Instant::now() + self.options.end_timeout)
            }
            Some((_, since)) => since + self.options.frame_timeout,
        }
    }

    /// What a passed deadline means: `None` where only the byte after the end mark is missing.
    fn timed_out(&self) -> Option<Close> {
        match self.frame {
            None => Some(Close::Timeout("idle_timeout")),
            Some(_) if self.decoder.awaits_end() => None,
            Some(_) => Some(Close::Timeout("frame_timeout")),
        }
    }

    /// Ends the connection so that the last answer arrives: closing while input is unread would reset it.
    async fn linger(&mut self) {
        let discard = async {
            self.stream.shutdown().await?;
            let mut rest = [0; 1024];
            while self.stream.read(&mut rest).await? > 0 {}
            std::io::Result::Ok(())
        };
        // Whatever happens now, the connection ends.
        let _: Result<_, _> = timeout(LINGER, discard).await;
    }

    fn report(&self, event: &Event) {
        let connection = self.peer.id();
        match event {
            Event::Message { offset, payload } => {
                tracing::trace!(connection, offset, len = payload.len(), "message received");
            }
            Event::Error(error) => {
                tracing::warn!(connection, reason = error.as_str(), %error, "frame not delivered");
            }
            Event::Deviation { offset, kind } => {
                tracing::debug!(connection, offset, kind = kind.as_str(), "frame is not well formed");
            }
            Event::Garbage { offset, len } => {
                tracing::warn!(connection, offset, len, "bytes outside of frames dropped");
            }
            Event::Padding { offset, len } => tracing::trace!(connection, offset, len, "padding dropped"),
        }
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
