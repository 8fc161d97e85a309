//! The bodies over their seeds, over changed seeds and over arbitrary bytes.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;

use super::*;

/// Cases of each target and each kind of input.
const CASES: u32 = 300;

#[test]
fn every_target_holds_for_its_seeds() {
    for target in TARGETS {
        for bytes in seeds(target) {
            (target.run)(&bytes);
            (0..bytes.len())
                .step_by(7.max(bytes.len() / 200))
                .for_each(|length| (target.run)(&bytes[..length]));
        }
    }
}

#[test]
fn every_target_holds_for_changed_seeds() {
    for target in TARGETS {
        holds(target, changed_seed(seeds(target)));
    }
}

#[test]
fn every_target_holds_for_arbitrary_bytes() {
    for target in TARGETS {
        holds(target, vec(any::<u8>(), 0..300).prop_map(Input));
    }
}

#[test]
fn every_target_holds_for_pieces_of_its_notation() {
    let piece = prop_oneof![
        4 => select(PIECES).prop_map(<[u8]>::to_vec),
        1 => "[a-zA-Z0-9 é]{1,6}".prop_map(String::into_bytes),
    ];
    for target in TARGETS {
        let begin = select(BEGINS);
        let pieces = (begin, vec(piece.clone(), 0..60));
        holds(target, pieces.prop_map(|(begin, pieces)| Input([begin, &pieces.concat()].concat())));
    }
}

/// Runs the target over that many inputs; what breaks it is made as small as can be, and told.
fn holds(target: &Target, inputs: impl Strategy<Value = Input>) {
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = TestRunner::new(config).run(&inputs, |input| {
        (target.run)(&input.0);
        Ok(())
    });
    assert!(outcome.is_ok(), "{}: {}", target.name, outcome.unwrap_err());
}

fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target.name);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} has no seeds", target.name);
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Bytes, shown as text.
#[derive(Clone)]
struct Input(Vec<u8>);

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// What is done to a seed.
#[derive(Clone, Debug)]
enum Change {
    /// Another byte in a place.
    Flip(Index, u8),
    /// A delimiter, an escape sequence or another piece of a notation put in.
    Insert(Index, &'static [u8]),
    /// So many bytes left out.
    Remove(Index, usize),
    /// A part of a seed put in elsewhere, several times.
    Splice(Index, Index, Index, usize, usize),
}

fn changed_seed(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Input> {
    let change = prop_oneof![
        (any::<Index>(), 1..=255_u8).prop_map(|(at, bits)| Change::Flip(at, bits)),
        (any::<Index>(), select(PIECES)).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (any::<Index>(), 1..30_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (any::<Index>(), any::<Index>(), any::<Index>(), 1..60_usize, 1..4_usize)
            .prop_map(|(at, seed, from, length, times)| Change::Splice(at, seed, from, length, times)),
    ];
    (select(seeds.clone()), vec(change, 1..8)).prop_map(move |(mut bytes, changes)| {
        changes.iter().for_each(|change| change.make(&mut bytes, &seeds));
        Input(bytes)
    })
}

impl Change {
    fn make(&self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let length = bytes.len();
        match self {
            Self::Flip(at, bits) if length > 0 => bytes[at.index(length)] ^= bits,
            Self::Insert(at, piece) => insert(bytes, at, piece),
            Self::Remove(at, count) if length > 0 => {
                let at = at.index(length);
                bytes.drain(at..(at + count).min(length));
            }
            Self::Splice(at, seed, from, count, times) => {
                let seed = seed.get(seeds);
                let from = from.index(seed.len() + 1);
                let part = &seed[from..(from + count).min(seed.len())];
                insert(bytes, at, &part.repeat(*times));
            }
            Self::Flip(..) | Self::Remove(..) => {}
        }
    }
}

fn insert(bytes: &mut Vec<u8>, at: &Index, piece: &[u8]) {
    let at = at.index(bytes.len() + 1);
    bytes.splice(at..at, piece.iter().copied());
}

/// What a text of the notations begins with.
static BEGINS: &[&[u8]] =
    &[b"", b"MSH|^~\\&|A|B|C|D|2024||ORU^R01|7|P|2.5\r", b"{\"resourceType\":\"Patient\""];

/// What means something to one of the notations.
static PIECES: &[&[u8]] = &[
    b"|",
    b"^",
    b"~",
    b"\\",
    b"&",
    b"#",
    b"\r",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\"\"",
    b"||",
    b"^^",
    b"~~",
    b"|\"\"|",
    b"\\F\\",
    b"\\S\\",
    b"\\T\\",
    b"\\R\\",
    b"\\E\\",
    b"\\P\\",
    b"\\H\\",
    b"\\N\\",
    b"\\.br\\",
    b"\\.sp+3\\",
    b"\\.ti-2\\",
    b"\\X0D0A\\",
    b"\\X0\\",
    b"\\XE9\\",
    b"\\C2842\\",
    b"\\M2442\\",
    b"\\Zx\\",
    b"\x0b",
    b"\x1c\r",
    b"\0",
    b"\x1b$B",
    b"\x1b(B",
    b"\x1b$)D",
    b"\xff",
    b"\xe9",
    b"\xef\xbb\xbf",
    "\u{e9}".as_bytes(),
    "\u{65e5}\u{672c}".as_bytes(),
    "\u{a5}\u{203e}".as_bytes(),
    b"MSH|^~\\&|",
    b"MSH|^~\\&#|",
    b"MSH#*%!@#",
    b"\rMSH|",
    b"\rPID|",
    b"\rOBR|1",
    b"\rOBX|1|NM|",
    b"\rZZ1|",
    b"\rADD|",
    b"\rDSC|",
    b"FHS|^~\\&\r",
    b"BHS|^~\\&\r",
    b"BTS|2\r",
    b"FTS|1\r",
    b"2.3",
    b"2.7",
    b"UNICODE UTF-8",
    b"8859/1~UNICODE",
    b"ADT^A01",
    b"2024013",
    b"20240230",
    b"-",
    b".",
    b"(2)",
    b"[3]",
    b"(*)",
    b"[*]",
    b"[0]",
    b"=",
    b"s",
    b"PID-3",
    b".1.2",
    b"PATIENT_RESULT.",
    b"99999999999999999999",
    b"0",
    b"-1",
    b"1e400",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\u0000",
    b"null",
    b"true",
    b"\"id\":\"a\"",
    b"/",
    b"?",
    b"$",
    b"<",
    b"/>",
    b"</",
    b"<!--",
    b"&amp;",
    b"&#0;",
    b"<![CDATA[",
    b" ",
    b"T",
    b"Z",
    b"+14:00",
];
