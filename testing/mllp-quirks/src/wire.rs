//! Bytes of a connection, and the frames in them. Written for this suite alone, to see what a decoder would hide.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, timeout, timeout_at};

use crate::shape::shape;

pub(crate) const VT: u8 = 0x0B;
pub(crate) const FS: u8 = 0x1C;
pub(crate) const CR: u8 = b'\r';
pub(crate) const LF: u8 = b'\n';

/// A connection, in the clear or over TLS.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Duplex for S {}

/// `VT payload FS CR`.
pub(crate) fn frame(payload: &[u8]) -> Vec<u8> {
    [&[VT], payload, &[FS, CR]].concat()
}

/// What came next on a connection.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    Frame(Frame),
    /// Bytes, but no whole frame: their classes.
    Unframed(String),
    Closed,
    Reset,
    Silence,
}

/// A frame as it came.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) payload: Vec<u8>,
    /// The classes of the bytes between the last frame and this one; empty when there are none.
    pub(crate) before: String,
    pub(crate) end: End,
    /// In how many reads it came.
    pub(crate) reads: usize,
}

/// How a frame ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    FsCr,
    FsLf,
    Fs,
}

/// Cuts frames out of bytes, as leniently as it can be done.
#[derive(Default)]
pub(crate) struct Cutter {
    buffer: Vec<u8>,
    reads: usize,
}

impl Cutter {
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        self.reads += 1;
    }

    /// The next frame. `last` says that nothing more will come, so that a frame may lack its last byte.
    pub(crate) fn frame(&mut self, last: bool) -> Option<Frame> {
        let start = self.buffer.iter().position(|byte| *byte == VT)?;
        let inside = self.buffer.get(start + 1..)?;
        let len = inside.iter().position(|byte| *byte == FS)?;
        let (end, marks) = match inside.get(len + 1) {
            Some(&CR) => (End::FsCr, 2),
            Some(&LF) => (End::FsLf, 2),
            Some(_) => (End::Fs, 1),
            None if last => (End::Fs, 1),
            None => return None,
        };
        let payload = inside.get(..len)?.to_vec();
        let before = shape(self.buffer.get(..start)?);
        self.buffer.drain(..start + 1 + len + marks);
        let reads = std::mem::take(&mut self.reads);
        Some(Frame { payload, before, end, reads: reads.max(1) })
    }

    /// The classes of whatever is left, which is dropped.
    pub(crate) fn rest(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.buffer);
        self.reads = 0;
        (!rest.is_empty()).then(|| shape(&rest))
    }
}

/// One connection of the suite.
pub(crate) struct Talk {
    stream: Box<dyn Duplex>,
    cutter: Cutter,
    /// How long bytes may take to be written.
    patience: Duration,
}

impl Talk {
    pub(crate) fn new(stream: Box<dyn Duplex>, patience: Duration) -> Self {
        Self { stream, cutter: Cutter::default(), patience }
    }

    /// Writes in one piece. Whether it went out is seen by what comes back.
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> bool {
        let write = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        matches!(timeout(self.patience, write).await, Ok(Ok(())))
    }

    /// Writes pieces of this length, each in a packet of its own as far as the system allows.
    pub(crate) async fn send_in_pieces(&mut self, bytes: &[u8], len: usize, pause: Duration) -> bool {
        for piece in bytes.chunks(len.max(1)) {
            if !self.send(piece).await {
                return false;
            }
            tokio::time::sleep(pause).await;
        }
        true
    }

    /// Says that nothing more will be written.
    pub(crate) async fn end_writing(&mut self) -> io::Result<()> {
        self.stream.shutdown().await
    }

    /// What comes within this time.
    pub(crate) async fn hear(&mut self, within: Duration) -> Heard {
        let deadline = Instant::now() + within;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            if let Some(frame) = self.cutter.frame(false) {
                return Heard::Frame(frame);
            }
            match timeout_at(deadline, self.stream.read(&mut buffer)).await {
                Err(_) => return self.or_rest(Heard::Silence),
                Ok(Ok(0)) => return self.or_rest(Heard::Closed),
                Ok(Err(_)) => return self.or_rest(Heard::Reset),
                Ok(Ok(len)) => self.cutter.feed(buffer.get(..len).unwrap_or_default()),
            }
        }
    }

    fn or_rest(&mut self, otherwise: Heard) -> Heard {
        match self.cutter.frame(true) {
            Some(frame) => Heard::Frame(frame),
            None => self.cutter.rest().map_or(otherwise, Heard::Unframed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Cut = (Vec<u8>, String, End, usize);

    fn frames(chunks: &[&[u8]]) -> (Vec<Cut>, Option<String>) {
        let mut cutter = Cutter::default();
        let mut frames = Vec::new();
        for chunk in chunks {
            cutter.feed(chunk);
            frames.extend(std::iter::from_fn(|| cutter.frame(false)));
        }
        frames.extend(std::iter::from_fn(|| cutter.frame(true)));
        let rest = cutter.rest();
        (frames.into_iter().map(|it| (it.payload, it.before, it.end, it.reads)).collect(), rest)
    }

    #[test]
    fn frames_are_cut_and_what_is_odd_is_told() {
        let none = String::new;
        let (found, rest) = frames(&[b"\x0ba\x1c", b"\r\x0bb\x1c\rxx\x0bc\x1c\n\x0bd\x1c\x0be\x1c"]);
        let wanted = [
            (b"a".to_vec(), none(), End::FsCr, 2),
            (b"b".to_vec(), none(), End::FsCr, 1),
            (b"c".to_vec(), "text*2".into(), End::FsLf, 1),
            (b"d".to_vec(), none(), End::Fs, 1),
            (b"e".to_vec(), none(), End::Fs, 1),
        ];
        assert_eq!((found, rest), (wanted.to_vec(), None));
        assert_eq!(frames(&[b"MSA|AA\r"]), (Vec::new(), Some("text*6 CR".into())));
    }
}
