//! The quirks of real senders, each with the events that it must give, whole and byte by byte.

use super::*;
use crate::encode;

fn events(chunks: &[&[u8]], max_frame: usize) -> Vec<Event> {
    let mut decoder = Decoder::new(Limits::default().with_max_frame(max_frame));
    chunks.iter().for_each(|chunk| decoder.feed(chunk));
    decoder.finish();
    std::iter::from_fn(|| decoder.poll()).collect()
}

/// The events of `input`, which must not depend on how it is cut.
fn of(input: &[u8]) -> Vec<Event> {
    let whole = events(&[input], 64);
    let bytes: Vec<&[u8]> = input.chunks(1).collect();
    assert_eq!(events(&bytes, 64), whole, "byte by byte");
    whole
}

fn message(offset: u64, payload: &[u8]) -> Event {
    Event::Message { offset, payload: payload.to_vec() }
}

fn deviation(offset: u64, kind: Deviation) -> Event {
    Event::Deviation { offset, kind }
}

#[test]
fn two_frames_in_one_read_are_two_messages() {
    assert_eq!(of(b"\x0bA\x1c\r\x0bB\x1c\r"), [message(0, b"A"), message(4, b"B")]);
}

#[test]
fn the_end_may_be_cut_in_two() {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(b"\x0bA\x1c");
    assert_eq!(decoder.poll(), None);
    assert!(decoder.awaits_end());
    decoder.feed(b"\r");
    assert_eq!(decoder.poll(), Some(message(0, b"A")));
    assert!(decoder.is_between_frames() && !decoder.awaits_end());
}

#[test]
fn garbage_is_reported_once_wherever_it_stands() {
    assert_eq!(of(b"junk\r\n\x0bA\x1c\r"), [Event::Garbage { offset: 0, len: 6 }, message(6, b"A")]);
    assert_eq!(
        of(b"\x0bA\x1c\r\r\njunk\x0bB\x1c\r"),
        [message(0, b"A"), Event::Garbage { offset: 4, len: 6 }, message(10, b"B")]
    );
    assert_eq!(of(b"\x0bA\x1c\rtail"), [message(0, b"A"), Event::Garbage { offset: 4, len: 4 }]);
}

#[test]
fn line_ends_nuls_and_repeated_ends_are_padding() {
    assert_eq!(
        of(b"\x0bA\x1c\r\n\0\0\x0bB\x1c\r"),
        [message(0, b"A"), Event::Padding { offset: 4, len: 3 }, message(7, b"B")]
    );
    assert_eq!(
        of(b"\x0b\x0bA\x1c\r\x1c\r"),
        [deviation(1, Deviation::RepeatedStart), message(0, b"A"), Event::Padding { offset: 5, len: 2 }]
    );
}

#[test]
fn an_end_without_carriage_return_still_ends() {
    let missing = |offset| deviation(offset, Deviation::MissingCarriageReturn);
    assert_eq!(of(b"\x0bA\x1c\x0bB\x1c\r"), [missing(3), message(0, b"A"), message(3, b"B")]);
    assert_eq!(of(b"\x0bA\x1c\n"), [missing(3), message(0, b"A"), Event::Padding { offset: 3, len: 1 }]);
    assert_eq!(of(b"\x0bA\x1c"), [missing(3), message(0, b"A")]);

    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(b"\x0bA\x1c");
    decoder.end_frame();
    assert_eq!(std::iter::from_fn(|| decoder.poll()).collect::<Vec<_>>(), [missing(3), message(0, b"A")]);
    decoder.feed(b"\r\x0bB\x1c\r");
    assert_eq!(
        std::iter::from_fn(|| decoder.poll()).collect::<Vec<_>>(),
        [Event::Padding { offset: 3, len: 1 }, message(4, b"B")]
    );
}

#[test]
fn marks_inside_a_field_are_content() {
    assert_eq!(of(b"\x0ba\x1cb\x0bc\x1c\r"), [message(0, b"a\x1cb\x0bc")]);
    assert_eq!(of(b"\x0ba\x1c\x1c\r"), [message(0, b"a\x1c")]);
}

#[test]
fn a_frame_that_breaks_off_is_an_error_and_the_next_one_is_read() {
    let unfinished = |len| Event::Error(FrameError::Unfinished { offset: 0, len });
    assert_eq!(of(b"\x0bMSH|1\r\x0bMSH|2\x1c\r"), [unfinished(6), message(7, b"MSH|2")]);
    assert_eq!(of(b"\x0bMSH|1"), [unfinished(5)]);
    assert_eq!(of(b"\x0b"), [unfinished(0)]);
}

#[test]
fn an_end_without_a_start_is_an_error_at_once() {
    assert_eq!(
        of(b"MSH|1\x1c\r\x0bB\x1c\r"),
        [
            Event::Error(FrameError::MissingStart { offset: 0, len: 5 }),
            Event::Padding { offset: 6, len: 1 },
            message(7, b"B")
        ]
    );
}

#[test]
fn empty_frames_are_errors() {
    assert_eq!(
        of(b"\x0b\x1c\r\x0bA\x1c\r"),
        [Event::Error(FrameError::Empty { offset: 0 }), message(3, b"A")]
    );
}

#[test]
fn a_frame_that_is_too_long_is_skipped_and_not_kept() {
    let long = [encode(&[b'x'; 65]), encode(&[b'y'; 64])].concat();
    let too_long = Event::Error(FrameError::TooLong { offset: 0, limit: 64 });
    assert_eq!(of(&long), [too_long.clone(), message(68, &[b'y'; 64])]);

    let mut decoder = Decoder::new(Limits::default().with_max_frame(64));
    decoder.feed(&[VT]);
    for _ in 0..1_000 {
        decoder.feed(&[b'x'; 1_000]);
    }
    assert_eq!((decoder.poll(), decoder.poll()), (Some(too_long), None));
    assert!(decoder.payload.capacity() == 0);
}

#[test]
fn commit_acknowledgements_are_no_messages() {
    let commit = |offset, block| Event::Commit { offset, block };
    assert_eq!(
        of(b"\x0b\x06\x1c\r\x0b\x15\x1c\r\x0b\x06\x06\x1c\r"),
        [commit(0, CommitBlock::Ack), commit(4, CommitBlock::Nak), message(8, b"\x06\x06")]
    );
    assert_eq!(
        of(b"\x0b\x0b\x06\x1c\n"),
        [
            deviation(1, Deviation::RepeatedStart),
            deviation(4, Deviation::MissingCarriageReturn),
            commit(0, CommitBlock::Ack),
            Event::Padding { offset: 4, len: 1 }
        ]
    );
    assert!(!crate::is_encodable(b"\x06") && !crate::is_encodable(b"\x15") && crate::is_encodable(b"\x06\r"));
}

#[test]
fn a_start_that_is_repeated_often_is_reported_once_for_each_frame() {
    let starts = [VT; 40];
    let input = [&starts[..], b"A\x1c\r", &starts, b"B\x1c\r"].concat();
    let repeated = |offset| deviation(offset, Deviation::RepeatedStart);
    assert_eq!(of(&input), [repeated(1), message(0, b"A"), repeated(44), message(43, b"B")]);
}

/// What a decoder did over these chunks, in work for each byte of the input.
fn work_per_byte(chunks: &[&[u8]]) -> u64 {
    let mut decoder = Decoder::new(Limits::default());
    for chunk in chunks {
        decoder.feed(chunk);
        std::iter::from_fn(|| decoder.poll()).for_each(drop);
    }
    (decoder.work.scanned + decoder.work.copied) / decoder.offset
}

/// Bytes are looked at twice at most and moved a few times, however the stream is made and cut.
#[test]
fn work_is_linear_in_the_input() {
    let size = 1 << 17;
    let of = |piece: &[u8]| piece.repeat(size / piece.len());
    let frames = [
        of(b"x"),
        of(&[FS]),
        of(&[VT]),
        of(b"\r\x0b"),
        of(b"x\x1c"),
        of(b"x\x0b"),
        of(b"\x1c\x1c\x0b"),
        of(b"\x0b\x1c\r"),
        of(b"\0"),
    ];
    for stream in frames.iter().flat_map(|body| [body.clone(), encode(body), [b"x", &body[..]].concat()]) {
        for chunk in [1, 2, 3, 1_000, size] {
            let chunks: Vec<&[u8]> = stream.chunks(chunk).collect();
            let (begin, work) = (&stream[..8], work_per_byte(&chunks));
            assert!(work <= 6, "{work} for each byte of {begin:?} in pieces of {chunk}");
        }
    }
}

#[test]
fn what_a_large_frame_needed_is_given_back() {
    let mut decoder = Decoder::new(Limits::default());
    let large = vec![b'x'; 10 << 20];
    let broken = [b"\x0b", &large[..], b"\r\x0bA"].concat();
    decoder.feed(&broken);
    assert!(decoder.held() <= KEPT && decoder.poll().is_some());
    decoder.feed(b"\x1c\r");
    let Some(Event::Message { payload, .. }) = decoder.poll() else { panic!("no message") };
    assert!(payload.capacity() <= KEPT);
    decoder.feed(&encode(&large));
    assert_eq!(decoder.held(), 0);
    decoder.feed(&[VT, FS, CR].repeat(10_000));
    std::iter::from_fn(|| decoder.poll()).for_each(drop);
    assert!(decoder.events.capacity() * size_of::<Event>() <= KEPT);
}

#[test]
fn room_never_exceeds_the_limit() {
    let mut decoder = Decoder::new(Limits::default().with_max_frame(1_000));
    decoder.feed(&[VT]);
    for _ in 0..1_000 {
        decoder.feed(b"x");
        assert!(decoder.held() <= 1_000);
    }
    assert_eq!((decoder.held(), decoder.held_after(5)), (1_000, 1_000));
}

#[test]
fn finish_starts_anew() {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(b"\x0bhalf");
    decoder.finish();
    decoder.feed(b"\x0bA\x1c\r");
    assert_eq!(
        std::iter::from_fn(|| decoder.poll()).collect::<Vec<_>>(),
        [Event::Error(FrameError::Unfinished { offset: 0, len: 4 }), message(5, b"A")]
    );
}

#[test]
fn nothing_printed_holds_a_payload() {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(b"\x0bcanary\x1c\r\x0bcanary");
    let event = decoder.poll();
    decoder.finish();
    assert!(!format!("{event:?} {decoder:?} {:?}", decoder.poll()).contains("canary"));
}
