//! Laws of the decoder on random streams.
#![expect(clippy::indexing_slicing, reason = "helpers of tests")]

use carewire_mllp::{CommitBlock, Decoder, Deviation, Event, FrameError, Limits, encode, is_encodable};
use proptest::prelude::*;

const MAX_FRAME: usize = 12;

const VT: u8 = 0x0B;
const FS: u8 = 0x1C;

/// Bytes of which most mean something to a decoder.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let byte = proptest::sample::select(&[VT, FS, b'\r', b'\n', 0, 0x06, 0x15, b'a', 0xFF][..]);
    proptest::collection::vec(byte, 0..200)
}

fn decoder() -> Decoder {
    Decoder::new(Limits::default().with_max_frame(MAX_FRAME))
}

fn events(chunks: &[&[u8]]) -> Vec<Event> {
    let mut decoder = decoder();
    let mut found = Vec::new();
    for chunk in chunks {
        decoder.feed(chunk);
        found.extend(std::iter::from_fn(|| decoder.poll()));
    }
    decoder.finish();
    found.extend(std::iter::from_fn(|| decoder.poll()));
    found
}

fn cut<'a>(input: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
    at.extend([0, input.len()]);
    at.sort_unstable();
    at.windows(2).map(|pair| &input[pair[0]..pair[1]]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_chunking_gives_the_same_events(
        input in stream(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        prop_assert_eq!(events(&cut(&input, &cuts)), events(&[&input]));
    }

    /// The decoder, which works on pieces and looks for marks only, finds what a reading of the whole byte by byte finds.
    #[test]
    fn the_events_are_those_of_a_plain_reading(input in stream()) {
        prop_assert_eq!(events(&[&input]), Reading::of(&input));
    }

    /// Memory is bounded by the limit, whatever comes and however it is cut.
    #[test]
    fn no_more_is_held_than_the_longest_frame(
        input in stream(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let mut decoder = decoder();
        for chunk in cut(&input, &cuts) {
            let expected = decoder.held_after(chunk.len());
            decoder.feed(chunk);
            prop_assert!(decoder.held() <= expected && expected <= MAX_FRAME);
            std::iter::from_fn(|| decoder.poll()).for_each(drop);
        }
        prop_assert_eq!(decoder.offset(), input.len() as u64);
    }

    #[test]
    fn what_is_encodable_comes_back_alone(payload in stream(), before in 0..3_usize) {
        if !is_encodable(&payload) || payload.len() > MAX_FRAME {
            return Ok(());
        }
        let input = [encode(b"first").repeat(before), encode(&payload), encode(b"last")].concat();
        let found = events(&[&input]);
        prop_assert_eq!(found.len(), before + 2);
        let last = found.into_iter().nth(before);
        let back = last.and_then(|event| match event {
            Event::Message { payload, .. } => Some(payload),
            _ => None,
        });
        prop_assert_eq!(back, Some(payload));
    }
}

/// What the rules say, written down for a whole input and one byte at a time.
struct Reading<'a> {
    input: &'a [u8],
    at: usize,
    found: Vec<Event>,
}

impl<'a> Reading<'a> {
    fn of(input: &'a [u8]) -> Vec<Event> {
        let mut reading = Self { input, at: 0, found: Vec::new() };
        while reading.at < input.len() {
            reading.outside();
            while reading.here() == Some(VT) {
                reading.frame();
            }
        }
        reading.found
    }

    fn here(&self) -> Option<u8> {
        self.input.get(self.at).copied()
    }

    fn next(&self) -> Option<u8> {
        self.input.get(self.at + 1).copied()
    }

    fn outside(&mut self) {
        let (mut began, mut text) = (self.at, false);
        while let Some(byte) = self.here().filter(|byte| *byte != VT) {
            if text && byte == FS {
                let (offset, len) = (began as u64, (self.at - began) as u64);
                self.found.push(Event::Error(FrameError::MissingStart { offset, len }));
                (began, text) = (self.at + 1, false);
            } else {
                text |= !matches!(byte, b'\r' | b'\n' | FS | 0);
            }
            self.at += 1;
        }
        let (offset, len) = (began as u64, (self.at - began) as u64);
        match text {
            _ if len == 0 => {}
            true => self.found.push(Event::Garbage { offset, len }),
            false => self.found.push(Event::Padding { offset, len }),
        }
    }

    fn frame(&mut self) {
        let (offset, mut payload, mut repeated) = (self.at as u64, Vec::new(), false);
        self.at += 1;
        while let Some(byte) = self.here() {
            match (byte, self.next()) {
                (FS, None | Some(b'\r' | b'\n' | VT)) => return self.end(offset, payload),
                (VT, _) if payload.is_empty() => {
                    if !repeated {
                        let (offset, kind) = (self.at as u64, Deviation::RepeatedStart);
                        self.found.push(Event::Deviation { offset, kind });
                    }
                    repeated = true;
                }
                (VT, _) if payload.last() == Some(&b'\r') => break,
                _ if payload.len() == MAX_FRAME => return self.skip(offset),
                _ => payload.push(byte),
            }
            self.at += 1;
        }
        self.found.push(Event::Error(FrameError::Unfinished { offset, len: payload.len() as u64 }));
    }

    fn end(&mut self, offset: u64, payload: Vec<u8>) {
        let carriage_return = self.next() == Some(b'\r');
        self.at += 1;
        if !carriage_return {
            let (offset, kind) = (self.at as u64, Deviation::MissingCarriageReturn);
            self.found.push(Event::Deviation { offset, kind });
        }
        self.at += usize::from(carriage_return);
        self.found.push(match payload.as_slice() {
            [] => Event::Error(FrameError::Empty { offset }),
            [0x06] => Event::Commit { offset, block: CommitBlock::Ack },
            [0x15] => Event::Commit { offset, block: CommitBlock::Nak },
            _ => Event::Message { offset, payload },
        });
    }

    fn skip(&mut self, offset: u64) {
        self.found.push(Event::Error(FrameError::TooLong { offset, limit: MAX_FRAME }));
        while let Some(byte) = self.here() {
            let ends = byte == FS && matches!(self.next(), None | Some(b'\r' | b'\n' | VT));
            let carriage_return = self.next() == Some(b'\r');
            self.at += 1;
            if ends {
                self.at += usize::from(carriage_return);
                return;
            }
        }
    }
}
