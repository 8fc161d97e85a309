//! What must hold for any bytes that come over a connection.
#![expect(clippy::panic, reason = "a target panics where something does not hold")]

use carewire_mllp::{Decoder, Deviation, Event, FrameError, Limits, Shape, encode, is_encodable};

const VT: u8 = 0x0B;
const FS: u8 = 0x1C;

/// Any stream gives the same events however it is cut, they account for each of its bytes in order, and no more is held than
/// the limit. What was delivered and can be framed again comes back.
pub(super) fn stream(bytes: &[u8]) {
    for limit in [8, 100, usize::MAX >> 1] {
        let whole = events(bytes, bytes.len().max(1), limit);
        for piece in [1, 2, 7] {
            assert!(events(bytes, piece, limit) == whole, "other pieces give other events");
        }
        account(bytes, &whole, limit);
        for event in &whole {
            if let Event::Message { payload, .. } = event
                && is_encodable(payload)
            {
                let again = Event::Message { offset: 0, payload: payload.clone() };
                assert!(events(&encode(payload), 3, limit) == [again], "a payload does not come back");
            }
        }
    }
    assert!(Shape::of(bytes).len() == bytes.len() as u64, "a shape lacks bytes");
}

fn events(bytes: &[u8], piece: usize, limit: usize) -> Vec<Event> {
    let mut decoder = Decoder::new(Limits::default().with_max_frame(limit));
    let mut found = Vec::new();
    for piece in bytes.chunks(piece) {
        decoder.feed(piece);
        assert!(decoder.held() <= limit.min(bytes.len() * 2 + 8), "too much is held");
        found.extend(std::iter::from_fn(|| decoder.poll()));
    }
    decoder.finish();
    found.extend(std::iter::from_fn(|| decoder.poll()));
    assert!(decoder.offset() == bytes.len() as u64, "bytes were not consumed");
    found
}

/// Walks over the stream by its events: where one ends the next begins, and between them stand marks only.
fn account(bytes: &[u8], events: &[Event], limit: usize) {
    let (mut at, mut lacks_return) = (0, false);
    for (n, event) in events.iter().enumerate() {
        let begins = match event {
            Event::Deviation { kind, .. } => {
                lacks_return |= *kind == Deviation::MissingCarriageReturn;
                continue;
            }
            other => start_of(other),
        };
        assert!(begins == at, "bytes before an event are not accounted for");
        at = match event {
            Event::Garbage { len, .. } => at + count(*len),
            Event::Padding { len, .. } => {
                let padding = bytes.get(at..at + count(*len)).unwrap_or_default();
                assert!(
                    padding.iter().all(|byte| matches!(*byte, b'\r' | b'\n' | FS | 0)),
                    "padding is text"
                );
                at + count(*len)
            }
            Event::Error(FrameError::MissingStart { len, .. }) => mark(bytes, at + count(*len), FS),
            Event::Error(FrameError::Unfinished { len, .. }) => content(bytes, at) + count(*len),
            Event::Error(FrameError::TooLong { .. }) => {
                let rest = events.iter().skip(n + 1).find(|event| !matches!(event, Event::Deviation { .. }));
                rest.map_or(bytes.len(), start_of)
            }
            Event::Error(_) => end(bytes, content(bytes, at), lacks_return),
            Event::Commit { .. } => end(bytes, content(bytes, at) + 1, lacks_return),
            Event::Message { payload, .. } => {
                let begin = content(bytes, at);
                let held = bytes.get(begin..begin + payload.len());
                assert!(held == Some(payload) && payload.len() <= limit, "a payload is not what came");
                end(bytes, begin + payload.len(), lacks_return)
            }
            _ => panic!("an event that this target does not know"),
        };
        lacks_return = false;
    }
    assert!(at == bytes.len(), "bytes at the end are not accounted for");
}

fn start_of(event: &Event) -> usize {
    match event {
        Event::Message { offset, .. }
        | Event::Commit { offset, .. }
        | Event::Garbage { offset, .. }
        | Event::Padding { offset, .. }
        | Event::Deviation { offset, .. }
        | Event::Error(
            FrameError::Empty { offset }
            | FrameError::TooLong { offset, .. }
            | FrameError::Unfinished { offset, .. }
            | FrameError::MissingStart { offset, .. },
        ) => count(*offset),
        _ => panic!("an event that this target does not know"),
    }
}

/// Where the content of the frame at `at` begins: after its start, once or several times.
fn content(bytes: &[u8], at: usize) -> usize {
    let starts = bytes.iter().skip(at).take_while(|byte| **byte == VT).count();
    assert!(starts > 0, "a frame has no start");
    at + starts
}

/// Where the frame ends whose content ends at `at`.
fn end(bytes: &[u8], at: usize, lacks_return: bool) -> usize {
    let end = mark(bytes, at, FS);
    if lacks_return { end } else { mark(bytes, end, b'\r') }
}

fn mark(bytes: &[u8], at: usize, mark: u8) -> usize {
    assert!(bytes.get(at) == Some(&mark), "a mark is missing");
    at + 1
}

fn count(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
