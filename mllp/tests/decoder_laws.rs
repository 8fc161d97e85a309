//! Laws of the decoder on random streams.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "helpers of tests")]

use carewire_mllp::{Decoder, Event, FrameError, Limits, encode, is_encodable};
use proptest::prelude::*;

const MAX_FRAME: usize = 12;

/// Bytes of which most mean something to a decoder.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let byte = proptest::sample::select(&[0x0B_u8, 0x1C, b'\r', b'\n', 0, b'a', b'b', 0xFF][..]);
    proptest::collection::vec(byte, 0..200)
}

fn events(chunks: &[&[u8]]) -> Vec<Event> {
    let mut decoder = Decoder::new(Limits::default().with_max_frame(MAX_FRAME));
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

fn offset_of(event: &Event) -> u64 {
    match event {
        Event::Message { offset, .. } | Event::Garbage { offset, .. } | Event::Padding { offset, .. } => {
            *offset
        }
        Event::Error(
            FrameError::Empty { offset }
            | FrameError::TooLong { offset, .. }
            | FrameError::Unfinished { offset, .. }
            | FrameError::MissingStart { offset, .. },
        )
        | Event::Deviation { offset, .. } => *offset,
        other => panic!("a kind of event that this test does not know: {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_chunking_gives_the_same_events(
        input in stream(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        prop_assert_eq!(events(&cut(&input, &cuts)), events(&[&input]));
    }

    /// No text vanishes: each byte of it is delivered verbatim, counted as outside of frames, or in a frame that is reported.
    #[test]
    fn every_byte_of_text_is_accounted_for(input in stream()) {
        let found = events(&[&input]);
        let mut accounted = vec![false; input.len()];
        for (n, event) in found.iter().enumerate() {
            let range = match event {
                Event::Message { offset, payload } => {
                    let begin = usize::try_from(*offset).unwrap();
                    let begin = begin + input[begin..].iter().position(|byte| *byte != 0x0B).unwrap();
                    prop_assert!(input[begin..].starts_with(payload) && payload.len() <= MAX_FRAME);
                    begin..begin + payload.len()
                }
                Event::Error(FrameError::TooLong { offset, .. } | FrameError::Unfinished { offset, .. }) => {
                    let next = found[n + 1..].iter().map(offset_of).min().unwrap_or(input.len() as u64);
                    usize::try_from(*offset).unwrap()..usize::try_from(next).unwrap()
                }
                Event::Garbage { offset, len } | Event::Error(FrameError::MissingStart { offset, len }) => {
                    usize::try_from(*offset).unwrap()..usize::try_from(offset + len).unwrap()
                }
                _ => continue,
            };
            for byte in &mut accounted[range] {
                prop_assert!(!*byte, "accounted for twice");
                *byte = true;
            }
        }
        for (byte, accounted) in input.iter().zip(accounted) {
            prop_assert!(accounted || [0x0B, 0x1C, b'\r', b'\n', 0].contains(byte));
        }
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

/// A megabyte in one-byte pieces takes about as long as the input is long, not its square.
#[test]
fn one_byte_pieces_cost_linear_time() {
    let time = |len: usize| {
        let frame = encode(&vec![b'x'; len]);
        let mut decoder = Decoder::new(Limits::default());
        let begin = std::time::Instant::now();
        frame.chunks(1).for_each(|byte| decoder.feed(byte));
        assert!(decoder.poll().is_some());
        begin.elapsed()
    };
    let (small, large) = (time(1 << 16), time(1 << 21));
    assert!(large < small.max(std::time::Duration::from_millis(1)) * 32 * 8, "{small:?} {large:?}");
}
