//! One connection: read, handle, answer, and only then read on.

use std::{
    future::poll_fn,
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
    time::{Instant, timeout},
};

use super::{
    Reason, Shared,
    budget::{FREE, Share},
    timer::{Timer, after},
    wire::{READ_SIZE, Wire},
};
use crate::{Decoder, Event, Limits, Peer, Reply, is_encodable};

/// How long the last answer may travel before the connection is closed under it.
const LINGER: Duration = Duration::from_secs(1);

/// How many findings of one connection are worth a warning: a peer must not be able to fill the log.
const WARNINGS: u32 = 16;

pub(super) struct Connection<S> {
    wire: Wire<S>,
    peer: Peer,
    shared: Arc<Shared>,
    decoder: Decoder,
    timer: Timer,
    share: Share,
    /// When the last frame ended, or the connection began.
    quiet_since: Instant,
    /// The frame that is coming in, and when its first byte came.
    frame: Option<(u64, Instant)>,
    warnings: u32,
}

/// What waiting for more bytes came to.
enum Received {
    /// Bytes came.
    Bytes,
    /// The peer closed.
    End,
    /// The byte after the end of a frame does not come.
    NoByteAfterEnd,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    pub(super) fn new(stream: S, peer: Peer, shared: Arc<Shared>) -> Self {
        Self {
            wire: Wire::new(stream, peer.id(), Arc::clone(&shared)),
            decoder: Decoder::new(Limits::default().with_max_frame(shared.options.max_frame)),
            timer: Timer::new(),
            share: Share::new(Arc::clone(&shared.budget)),
            quiet_since: Instant::now(),
            frame: None,
            warnings: 0,
            peer,
            shared,
        }
    }

    pub(super) async fn run(mut self, draining: watch::Receiver<bool>) -> Reason {
        let reason = match self.admitted().await {
            Ok(()) => self.until_closed(draining).await,
            Err(reason) => reason,
        };
        self.report_rest();
        self.end(reason).await;
        reason
    }

    async fn admitted(&mut self) -> Result<(), Reason> {
        let asked = self.shared.handler.admit(&self.peer);
        match self.timer.within(self.shared.options.handler_timeout, asked).await {
            Some(true) => {
                self.shared.stats.count_served();
                Ok(())
            }
            Some(false) => Err(Reason::NotAdmitted),
            None => Err(Reason::HandlerTimeout),
        }
    }

    async fn until_closed(&mut self, draining: watch::Receiver<bool>) -> Reason {
        let mut signal = draining.clone();
        // An error means that the server is gone, which ends the connection as well.
        let mut drained = pin!(async move { drop(signal.changed().await) });
        loop {
            if let Err(reason) = self.react_to_all().await {
                return reason;
            }
            if draining.has_changed().unwrap_or(true) {
                return Reason::Drained;
            }
            match self.receive(drained.as_mut()).await {
                Ok(Received::Bytes) => {}
                Ok(Received::NoByteAfterEnd) => self.decoder.end_frame(),
                Ok(Received::End) => {
                    self.decoder.end_frame();
                    return self.react_to_all().await.err().unwrap_or(Reason::Peer);
                }
                Err(reason) => return reason,
            }
        }
    }

    /// Handles everything that the decoder found, in order.
    async fn react_to_all(&mut self) -> Result<(), Reason> {
        let limit = self.shared.options.handler_timeout;
        while let Some(event) = self.decoder.poll() {
            self.report(&event);
            let handled = match event {
                Event::Message { payload, .. } => {
                    self.shared.stats.count_message();
                    let handling = self.shared.handler.handle(&self.peer, payload);
                    self.timer.within(limit, handling).await
                }
                Event::Error(error) => {
                    self.shared.stats.count_bad_frame();
                    self.timer.within(limit, self.shared.handler.refuse(&self.peer, error)).await
                }
                Event::Commit { .. } => {
                    self.shared.stats.count_commit();
                    Some(Reply::Nothing)
                }
                _ => continue,
            };
            self.answer(handled.ok_or(Reason::HandlerTimeout)?).await?;
            self.quiet_since = Instant::now();
        }
        self.note_frame();
        Ok(())
    }

    async fn answer(&mut self, reply: Reply) -> Result<(), Reason> {
        let closes = matches!(reply, Reply::SendAndClose(_));
        match reply {
            Reply::Send(payload) | Reply::SendAndClose(payload) => self.put(payload)?,
            Reply::SendAll(payloads) => payloads.into_iter().try_for_each(|payload| self.put(payload))?,
            Reply::Commit(block) => self.wire.put_commit(block),
            Reply::Nothing => return Ok(()),
            Reply::Close => return Err(Reason::Handler),
        }
        match self.timer.within(self.shared.options.write_timeout, self.wire.send()).await {
            Some(Ok(())) if closes => Err(Reason::Handler),
            Some(Ok(())) => Ok(()),
            Some(Err(_)) => Err(Reason::Broken),
            None => Err(Reason::WriteTimeout),
        }
    }

    fn put(&mut self, payload: Vec<u8>) -> Result<(), Reason> {
        if !is_encodable(&payload) {
            tracing::error!(connection = self.peer.id(), "the handler's answer cannot stand in a frame");
            return Err(Reason::BadAnswer);
        }
        self.wire.put(payload);
        Ok(())
    }

    /// Remembers when the frame that is coming in began, and gives back the memory of what was handled.
    fn note_frame(&mut self) {
        let offset = self.decoder.frame_offset();
        if self.frame.map(|(began, _)| began) != offset {
            self.frame = offset.map(|offset| (offset, Instant::now()));
        }
        if self.decoder.held() <= FREE {
            self.share.release();
        }
    }

    /// Waits for more bytes, and before that for the memory that they may take.
    async fn receive(&mut self, mut drained: Pin<&mut impl Future<Output = ()>>) -> Result<Received, Reason> {
        let (deadline, room) = (self.deadline(), self.decoder.held_after(READ_SIZE));
        if !self.share.covers(room) {
            self.wait_for(room, drained.as_mut(), deadline).await?;
        }
        poll_fn(|cx| {
            if let Poll::Ready(read) = self.wire.poll_read(cx, &mut self.decoder) {
                return Poll::Ready(read.map_or_else(|error| Err(broken(&error)), |len| Ok(received(len))));
            }
            if drained.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Err(Reason::Drained));
            }
            self.timer.poll_until(cx, deadline).map(|()| self.timed_out())
        })
        .await
    }

    async fn wait_for(
        &mut self,
        room: usize,
        mut drained: Pin<&mut impl Future<Output = ()>>,
        deadline: Instant,
    ) -> Result<(), Reason> {
        let mut growing = pin!(self.share.grow(room));
        poll_fn(|cx| {
            if growing.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Ok(()));
            }
            if drained.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Err(Reason::Drained));
            }
            self.timer.poll_until(cx, deadline).map(|()| Err(Reason::FrameTimeout))
        })
        .await
    }

    /// Until when the next byte must come.
    fn deadline(&self) -> Instant {
        let options = &self.shared.options;
        let Some((began, since)) = self.frame else {
            return after(self.quiet_since, options.idle_timeout);
        };
        let come = (self.decoder.offset() - began).min(options.max_frame as u64);
        let travelled = match options.least_rate {
            0 => Duration::ZERO,
            rate => Duration::from_secs_f64(come as f64 / rate as f64),
        };
        let whole = after(since, options.frame_timeout.saturating_add(travelled));
        match self.decoder.awaits_end() {
            true => whole.min(after(Instant::now(), options.end_timeout)),
            false => whole,
        }
    }

    /// What it means that the deadline has passed.
    fn timed_out(&self) -> Result<Received, Reason> {
        match self.frame {
            None => Err(Reason::IdleTimeout),
            Some(_) if self.decoder.awaits_end() => Ok(Received::NoByteAfterEnd),
            Some(_) => Err(Reason::FrameTimeout),
        }
    }

    /// Closes so that the last answer arrives: doing so while input is unread would take it back.
    async fn end(&mut self, reason: Reason) {
        let closing = async {
            self.wire.close().await?;
            match reason {
                Reason::Drained | Reason::Handler => self.wire.discard().await,
                _ => Ok(()),
            }
        };
        if !matches!(reason, Reason::Broken | Reason::Truncated) {
            // Whatever happens now, the connection ends.
            let _: Result<io::Result<()>, _> = timeout(LINGER, closing).await;
        }
    }

    fn report(&mut self, event: &Event) {
        let connection = self.peer.id();
        match event {
            Event::Message { offset, payload } => {
                tracing::trace!(connection, offset, len = payload.len(), "message received");
            }
            Event::Commit { offset, block } => {
                tracing::debug!(connection, offset, block = block.as_str(), "commit acknowledgement dropped");
            }
            Event::Error(error) if self.may_warn() => {
                tracing::warn!(connection, reason = error.as_str(), %error, "frame not delivered");
            }
            Event::Error(error) => {
                tracing::debug!(connection, reason = error.as_str(), %error, "frame not delivered");
            }
            Event::Deviation { offset, kind } => {
                tracing::debug!(connection, offset, kind = kind.as_str(), "frame is not well formed");
            }
            Event::Garbage { offset, len } if self.may_warn() => {
                tracing::warn!(connection, offset, len, "bytes outside of frames dropped");
            }
            Event::Garbage { offset, len } => {
                tracing::debug!(connection, offset, len, "bytes outside of frames dropped");
            }
            Event::Padding { offset, len } => tracing::trace!(connection, offset, len, "padding dropped"),
        }
    }

    /// Reports what will not be handled any more.
    fn report_rest(&mut self) {
        self.decoder.finish();
        let connection = self.peer.id();
        while let Some(event) = self.decoder.poll() {
            match event {
                Event::Message { offset, payload } => {
                    tracing::info!(connection, offset, len = payload.len(), "message dropped unanswered");
                }
                other => self.report(&other),
            }
        }
    }

    fn may_warn(&mut self) -> bool {
        self.warnings = self.warnings.saturating_add(1);
        self.warnings <= WARNINGS
    }
}

fn received(len: usize) -> Received {
    match len {
        0 => Received::End,
        _ => Received::Bytes,
    }
}

/// A session of TLS that stops without its end may have been cut by anybody.
fn broken(error: &io::Error) -> Reason {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Reason::Truncated,
        _ => Reason::Broken,
    }
}

#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
