//! Inputs that exist twice: two worlds that differ in what identifies somebody, and in nothing else.

use std::sync::LazyLock;

use carewire_canary::{Canaries, Rng, Searcher};
use data_encoding::{BASE64, HEXLOWER};

/// How many different persons, places and numbers an input can tell of.
pub(crate) const WORDS: usize = 600;

/// The words of both worlds.
pub(crate) static WORLDS: LazyLock<[Vec<String>; 2]> = LazyLock::new(|| {
    let words = |seed: u64| {
        let mut canaries = Canaries::new(seed);
        (0..WORDS).map(|at| canaries.word(at.to_string())).collect::<Vec<_>>()
    };
    [words(1), words(2).into_iter().map(|word| format!("{word}Wx")).collect()]
});

/// The search for the words of the first world.
pub(crate) static SOUGHT: LazyLock<Searcher> = LazyLock::new(|| {
    let mut canaries = Canaries::new(0);
    for (at, word) in WORLDS[0].iter().enumerate() {
        canaries.add(format!("word {at}"), vec![word.clone()]);
    }
    Searcher::new(&canaries)
});

/// A piece of JSON.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// The same in both worlds, as it stands.
    Same(String),
    /// Another text in each.
    Phi(Phi),
    /// Another value altogether.
    Either(Box<[Node; 2]>),
    List(Vec<Node>),
    /// Names are texts, too.
    Object(Vec<(Phi, Node)>),
}

/// A text around words.
#[derive(Clone, Debug)]
pub(crate) struct Phi(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Word(usize, Written),
    Texts([String; 2]),
}

/// How a word is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Written {
    Plain,
    Base64,
    Hex,
    Percent,
    Uuid,
}

impl Phi {
    pub(crate) fn same(text: impl Into<String>) -> Self {
        Self(vec![Piece::Text(text.into())])
    }

    pub(crate) fn word(word: usize, written: Written) -> Self {
        Self(vec![Piece::Word(word, written)])
    }

    pub(crate) fn texts(texts: [String; 2]) -> Self {
        Self(vec![Piece::Texts(texts)])
    }

    pub(crate) fn between(before: &str, mut self_: Self, behind: &str) -> Self {
        self_.0.insert(0, Piece::Text(before.to_owned()));
        self_.0.push(Piece::Text(behind.to_owned()));
        self_
    }

    pub(crate) fn write(&self, world: usize) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Texts(texts) => texts[world].clone(),
            Piece::Word(word, written) => written.write(&WORLDS[world][*word]),
        });
        pieces.collect()
    }
}

impl Written {
    pub(crate) fn any(rng: &mut Rng) -> Self {
        const ALL: [Written; 8] = [
            Written::Plain,
            Written::Plain,
            Written::Plain,
            Written::Plain,
            Written::Plain,
            Written::Base64,
            Written::Hex,
            Written::Percent,
        ];
        *rng.choose(&ALL).unwrap()
    }

    fn write(self, word: &str) -> String {
        match self {
            Self::Plain => word.to_owned(),
            Self::Base64 => BASE64.encode(word.as_bytes()),
            Self::Hex => HEXLOWER.encode(word.as_bytes()),
            Self::Percent => word.bytes().map(|byte| format!("%{byte:02X}")).collect(),
            Self::Uuid => {
                let hex = HEXLOWER.encode(&[word.as_bytes(), b"0123456789abcdef"].concat());
                let at = |range: std::ops::Range<usize>| hex.get(range).unwrap();
                [at(0..8), at(8..12), at(12..16), at(16..20), at(20..32)].join("-")
            }
        }
    }
}

impl Node {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Phi(Phi::same(text))
    }

    pub(crate) fn object<const N: usize>(members: [(&str, Node); N]) -> Self {
        Self::Object(members.into_iter().map(|(name, node)| (Phi::same(name), node)).collect())
    }

    pub(crate) fn push(&mut self, name: &str, node: Node) {
        if let Self::Object(members) = self {
            members.push((Phi::same(name), node));
        }
    }

    /// The input in a world.
    pub(crate) fn json(&self, world: usize) -> String {
        let mut out = String::new();
        self.write(world, &mut out);
        out
    }

    fn write(&self, world: usize, out: &mut String) {
        match self {
            Self::Same(json) => *out += json,
            Self::Phi(phi) => *out += &serde_json::to_string(&phi.write(world)).unwrap(),
            Self::Either(nodes) => nodes[world].write(world, out),
            Self::List(items) => joined(items, '[', ']', out, |item, out| item.write(world, out)),
            Self::Object(members) => joined(members, '{', '}', out, |(name, node), out| {
                *out += &serde_json::to_string(&name.write(world)).unwrap();
                out.push(':');
                node.write(world, out);
            }),
        }
    }
}

fn joined<T>(all: &[T], open: char, close: char, out: &mut String, write: impl Fn(&T, &mut String)) {
    out.push(open);
    for (at, one) in all.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(one, out);
    }
    out.push(close);
}
