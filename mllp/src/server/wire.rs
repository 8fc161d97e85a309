//! The bytes of a connection: read into the decoder, and written a whole answer at a time.

use std::{
    cell::RefCell,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};

use super::Shared;
use crate::{CR, CommitBlock, Decoder, Direction, FS, Shape, VT, encode_commit, encode_into};

/// How much is read at once, and so how much of later messages is held while one is handled.
pub(super) const READ_SIZE: usize = 32 * 1024;

/// How much room for answers is kept from one to the next.
const KEPT: usize = 4 * 1024;

thread_local! {
    /// What is read stands here until the decoder has taken it, which is at once: a connection needs no buffer of its own.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_SIZE]);
}

pub(super) struct Wire<S> {
    stream: S,
    connection: u64,
    shared: Arc<Shared>,
    out: Vec<u8>,
    sent: u64,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S, connection: u64, shared: Arc<Shared>) -> Self {
        Self { stream, connection, shared, out: Vec::new(), sent: 0 }
    }

    /// Reads what is there and feeds it to the decoder; 0 bytes where the peer has closed.
    pub(super) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        decoder: &mut Decoder,
    ) -> Poll<io::Result<usize>> {
        SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(scratch);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
            let bytes = buffer.filled();
            self.shared.stats.count_received(bytes.len());
            self.tap(Direction::Received, decoder.offset(), bytes);
            decoder.feed(bytes);
            Poll::Ready(Ok(bytes.len()))
        })
    }

    /// Adds a frame to what will be sent.
    pub(super) fn put(&mut self, mut payload: Vec<u8>) {
        if self.out.is_empty() && payload.len() > KEPT {
            // In its own memory: what is large is not kept twice.
            payload.reserve_exact(3);
            payload.insert(0, VT);
            payload.extend_from_slice(&[FS, CR]);
            self.out = payload;
        } else {
            encode_into(&payload, &mut self.out);
        }
    }

    /// Adds a commit acknowledgement to what will be sent.
    pub(super) fn put_commit(&mut self, block: CommitBlock) {
        self.out.extend_from_slice(&encode_commit(block));
    }

    /// Sends what was put, in as few packets as it fits.
    pub(super) async fn send(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.out).await?;
        self.stream.flush().await?;
        self.shared.stats.count_sent(self.out.len());
        self.tap(Direction::Sent, self.sent, &self.out);
        self.sent += self.out.len() as u64;
        self.out.clear();
        if self.out.capacity() > KEPT {
            self.out = Vec::new();
        }
        Ok(())
    }

    /// Tells the peer that nothing more comes.
    pub(super) async fn close(&mut self) -> io::Result<()> {
        self.stream.shutdown().await
    }

    /// Reads until the peer has closed, and drops it.
    pub(super) async fn discard(&mut self) -> io::Result<()> {
        let mut rest = [0; 1024];
        while self.stream.read(&mut rest).await? > 0 {}
        Ok(())
    }

    fn tap(&self, direction: Direction, offset: u64, bytes: &[u8]) {
        if let Some(tap) = &self.shared.options.tap
            && !bytes.is_empty()
        {
            tap.saw(self.connection, direction, offset, &Shape::of(bytes));
        }
    }
}
