//! Compressed bodies. Answers are bounded as they unfold: a few bytes can hold gigabytes.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::{GzEncoder, MultiGzDecoder, ZlibDecoder};

/// What is asked for in `Accept-Encoding`.
pub(crate) const ACCEPTED: &str = "gzip, deflate";

/// Smaller bodies do not get smaller.
const WORTH_IT: usize = 1_024;

/// A body being received.
pub(crate) struct Incoming {
    decoder: Decoder,
    received: usize,
    most: usize,
}

enum Decoder {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
    Deflate(Box<ZlibDecoder<Bounded>>),
}

/// Why a body cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    TooLarge,
    Unreadable,
}

impl Incoming {
    /// A body in an encoding, of at most so many bytes before and after it unfolds; `None` for one that was not asked for.
    pub(crate) fn new(encoding: Option<&str>, most: usize) -> Option<Self> {
        let out = Bounded { bytes: Vec::new(), most, overflowed: false };
        let decoder = match encoding.unwrap_or("identity").trim().to_ascii_lowercase().as_str() {
            "identity" | "" => Decoder::Plain(out),
            "gzip" | "x-gzip" => Decoder::Gzip(Box::new(MultiGzDecoder::new(out))),
            "deflate" => Decoder::Deflate(Box::new(ZlibDecoder::new(out))),
            _ => return None,
        };
        Some(Self { decoder, received: 0, most })
    }

    /// Takes a part.
    pub(crate) fn add(&mut self, part: &[u8]) -> Result<(), BodyError> {
        self.received = self.received.saturating_add(part.len());
        if self.received > self.most {
            return Err(BodyError::TooLarge);
        }
        let written = match &mut self.decoder {
            Decoder::Plain(out) => out.write_all(part),
            Decoder::Gzip(decoder) => decoder.write_all(part),
            Decoder::Deflate(decoder) => decoder.write_all(part),
        };
        let overflowed = match &self.decoder {
            Decoder::Plain(out) => out.overflowed,
            Decoder::Gzip(decoder) => decoder.get_ref().overflowed,
            Decoder::Deflate(decoder) => decoder.get_ref().overflowed,
        };
        match written {
            _ if overflowed => Err(BodyError::TooLarge),
            Ok(()) => Ok(()),
            Err(_) => Err(BodyError::Unreadable),
        }
    }

    /// The whole body. An empty one needs no envelope.
    pub(crate) fn finish(self) -> Result<Vec<u8>, BodyError> {
        if self.received == 0 {
            return Ok(Vec::new());
        }
        let out = match self.decoder {
            Decoder::Plain(out) => Ok(out),
            Decoder::Gzip(decoder) => decoder.finish(),
            Decoder::Deflate(decoder) => decoder.finish(),
        };
        match out {
            Ok(out) if out.overflowed => Err(BodyError::TooLarge),
            Ok(out) => Ok(out.bytes),
            // What the last bytes unfold to may be what is too much.
            Err(error) if error.kind() == io::ErrorKind::StorageFull => Err(BodyError::TooLarge),
            Err(_) => Err(BodyError::Unreadable),
        }
    }
}

/// The body in gzip, when that is worth it.
pub(crate) fn compressed(body: &str) -> Option<Vec<u8>> {
    if body.len() < WORTH_IT {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body.as_bytes()).ok()?;
    encoder.finish().ok()
}

struct Bounded {
    bytes: Vec<u8>,
    most: usize,
    overflowed: bool,
}

impl Write for Bounded {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        if part.len() > self.most.saturating_sub(self.bytes.len()) {
            self.overflowed = true;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(encoding: Option<&str>, most: usize, parts: &[&[u8]]) -> Result<Vec<u8>, BodyError> {
        let mut incoming = Incoming::new(encoding, most).unwrap();
        for part in parts {
            incoming.add(part)?;
        }
        incoming.finish()
    }

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn bodies_unfold_whatever_their_parts() {
        let text = "x".repeat(5_000);
        let packed = compressed(&text).unwrap();
        assert!(packed.len() < 200);
        let (first, second) = packed.split_at(packed.len() / 2);
        assert_eq!(read(Some("gzip"), 5_000, &[first, second]), Ok(text.clone().into_bytes()));
        assert_eq!(read(Some("Deflate"), 5_000, &[&zlib(text.as_bytes())]), Ok(text.clone().into_bytes()));
        assert_eq!(read(None, 5_000, &[text.as_bytes()]), Ok(text.into_bytes()));
        assert_eq!(read(Some("gzip"), 5_000, &[]), Ok(Vec::new()));
        assert!(Incoming::new(Some("br"), 1).is_none());
        assert_eq!(compressed("short"), None);
    }

    #[test]
    fn a_bomb_is_noticed_before_it_unfolds() {
        let bomb = zlib(&vec![0; 50 << 20]);
        assert!(bomb.len() < 100_000);
        assert_eq!(read(Some("deflate"), 1 << 20, &[&bomb]), Err(BodyError::TooLarge));
        let bomb = compressed(&" ".repeat(5 << 20)).unwrap();
        for size in [1, 100, bomb.len()] {
            let parts: Vec<_> = bomb.chunks(size).collect();
            assert_eq!(read(Some("gzip"), 1 << 20, &parts), Err(BodyError::TooLarge));
        }
        assert_eq!(read(None, 3, &[b"ab", b"cd"]), Err(BodyError::TooLarge));
    }

    #[test]
    fn what_is_cut_off_or_broken_is_not_taken() {
        let packed = compressed(&"x".repeat(5_000)).unwrap();
        let cut = packed.get(..packed.len() - 9).unwrap();
        assert_eq!(read(Some("gzip"), 5_000, &[cut]), Err(BodyError::Unreadable));
        assert_eq!(read(Some("gzip"), 5_000, &[b"<html>"]), Err(BodyError::Unreadable));
    }
}
