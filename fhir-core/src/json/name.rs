//! Member names: an element of R4 by its number, anything else by its text.

use table::{TEXTS, find};

/// The number of an element name of R4, by which names are compared and tables indexed.
///
/// ```
/// use carewire_fhir_core::json::NameId;
/// const STATUS: NameId = NameId::element("status");
/// assert_eq!(NameId::of("status"), Some(STATUS));
/// assert_eq!((STATUS.as_str(), STATUS.sibling()), ("status", "_status"));
/// assert_eq!(NameId::of("no element"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(u16);

impl NameId {
    /// How many names there are.
    #[cfg(test)]
    pub(crate) const COUNT: usize = table::COUNT;

    /// The number of a name; `None` when no element of R4 is called that.
    #[must_use]
    pub const fn of(name: &str) -> Option<Self> {
        match find(name.as_bytes()) {
            Some(index) => Some(Self(index)),
            None => None,
        }
    }

    /// The number of a name that is written in the code: `const ID: NameId = NameId::element("id");`.
    ///
    /// # Panics
    /// When no element has the name. As a constant it does not compile then.
    #[must_use]
    #[expect(clippy::panic, reason = "for constants: the compiler finds the wrong name")]
    pub const fn element(name: &str) -> Self {
        match Self::of(name) {
            Some(id) => id,
            None => panic!("no element of R4 has this name"),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        TEXTS.get(self.index()).map_or("", |text| text.plain)
    }

    /// The name of the sibling that says more about a primitive: with an underscore.
    #[must_use]
    pub fn sibling(self) -> &'static str {
        TEXTS.get(self.index()).map_or("", |text| text.sibling)
    }

    /// The name in quotes and with a colon, as it stands in JSON: `"status":`.
    #[must_use]
    pub fn quoted(self) -> &'static str {
        TEXTS.get(self.index()).map_or("", |text| text.quoted)
    }

    /// The same for [`sibling`](Self::sibling).
    #[must_use]
    pub fn quoted_sibling(self) -> &'static str {
        TEXTS.get(self.index()).map_or("", |text| text.quoted_sibling)
    }

    /// The number itself, below the number of names.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl std::fmt::Debug for NameId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An element name or its underscored sibling: twice the number, one more for the sibling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Code(u16);

impl Code {
    /// `None` when R4 has no such element.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let (plain, sibling) = match text {
            [b'_', plain @ ..] => (plain, 1),
            plain => (plain, 0),
        };
        find(plain).map(|index| Self(index << 1 | sibling))
    }

    fn id(self) -> (NameId, bool) {
        (NameId(self.0 >> 1), self.0 & 1 == 1)
    }

    pub(super) fn as_str(self) -> &'static str {
        let (id, sibling) = self.id();
        TEXTS.get(id.index()).map_or("", |text| if sibling { text.sibling } else { text.plain })
    }
}

/// The name of a member. One text has one form, so that names are equal when their texts are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name(Form);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    Element(Code),
    Other(Box<str>),
}

impl Name {
    pub(crate) fn new(text: &str) -> Self {
        Self::known(text).unwrap_or_else(|| Self(Form::Other(text.into())))
    }

    /// What stands in the place of a name beside an item.
    pub(super) const fn item() -> Self {
        Self(Form::Element(Code(0)))
    }

    /// A name that is no element's.
    pub(super) fn other(text: &str) -> Self {
        Self(Form::Other(text.into()))
    }

    /// The name of an element or of its underscored sibling.
    pub(crate) fn known(text: &str) -> Option<Self> {
        Code::of(text.as_bytes()).map(Self::from)
    }

    /// The element, and whether this is its underscored sibling; `None` when R4 has no such element.
    pub(crate) fn id(&self) -> Option<(NameId, bool)> {
        match self.0 {
            Form::Element(code) => Some(code.id()),
            Form::Other(_) => None,
        }
    }

    /// The text as it stands in JSON, without quotes and escapes.
    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            Form::Element(code) => code.as_str(),
            Form::Other(text) => text,
        }
    }

    /// The name of an element in quotes and with a colon, as it is written.
    pub(super) fn quoted(&self) -> Option<&'static str> {
        let (id, sibling) = self.id()?;
        TEXTS.get(id.index()).map(|text| if sibling { text.quoted_sibling } else { text.quoted })
    }
}

impl From<Code> for Name {
    #[inline]
    fn from(code: Code) -> Self {
        Self(Form::Element(code))
    }
}

/// The name of a member of a [`JsonNode`](super::JsonNode).
#[derive(Clone, Copy)]
pub struct NameRef<'a>(NameForm<'a>);

#[derive(Clone, Copy)]
enum NameForm<'a> {
    Element(Code),
    /// No element of R4 is called that.
    Other(&'a str),
}

impl<'a> NameRef<'a> {
    #[inline]
    pub(super) fn element(code: Code) -> Self {
        Self(NameForm::Element(code))
    }

    #[inline]
    pub(super) fn other(text: &'a str) -> Self {
        Self(NameForm::Other(text))
    }

    /// The element, and whether this is its underscored sibling; `None` when R4 has no such element.
    #[inline]
    #[must_use]
    pub fn id(self) -> Option<(NameId, bool)> {
        match self.0 {
            NameForm::Element(code) => Some(code.id()),
            NameForm::Other(_) => None,
        }
    }

    /// The text as it stands in JSON, without quotes and escapes.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        match self.0 {
            NameForm::Element(code) => code.as_str(),
            NameForm::Other(text) => text,
        }
    }
}

impl std::fmt::Debug for NameRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            NameForm::Element(code) => f.write_str(code.as_str()),
            NameForm::Other(_) => f.write_str("?"),
        }
    }
}

impl<'a> From<&'a Name> for NameRef<'a> {
    #[inline]
    fn from(name: &'a Name) -> Self {
        match &name.0 {
            Form::Element(code) => Self::element(*code),
            Form::Other(text) => Self::other(text),
        }
    }
}

/// The list of names and a hash table over it, both made by the compiler.
#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, where an index out of bounds is an error of the build; \
              at run time slots are masked and hold only numbers of names"
)]
mod table {
    const LIST: &[u8] = include_bytes!("../../definitions/names.txt");

    /// How many names the list has, one a line.
    pub(super) const COUNT: usize = {
        let (mut count, mut at) = (0, 0);
        while at < LIST.len() {
            count += (LIST[at] == b'\n') as usize;
            at += 1;
        }
        count
    };

    /// The ways to write a name: itself, its underscored sibling, and both in quotes with a colon.
    #[derive(Clone, Copy)]
    pub(super) struct Text {
        pub(super) plain: &'static str,
        pub(super) sibling: &'static str,
        pub(super) quoted: &'static str,
        pub(super) quoted_sibling: &'static str,
    }

    /// For each name `"name":"_name":`, which holds all the ways to write it.
    static JOINED: [u8; 2 * LIST.len() + 5 * COUNT] = {
        let mut joined = [0; 2 * LIST.len() + 5 * COUNT];
        let (mut start, mut to) = (0, 0);
        while start < LIST.len() {
            let mut sibling = 0;
            let mut end = start;
            while sibling < 2 {
                joined[to] = b'"';
                joined[to + 1] = b'_';
                to += 1 + sibling;
                end = start;
                while LIST[end] != b'\n' {
                    joined[to] = LIST[end];
                    (to, end) = (to + 1, end + 1);
                }
                joined[to] = b'"';
                joined[to + 1] = b':';
                (to, sibling) = (to + 2, sibling + 1);
            }
            start = end + 1;
        }
        joined
    };

    pub(super) static TEXTS: [Text; COUNT] = {
        let Ok(mut rest) = std::str::from_utf8(&JOINED) else { panic!("the list is not utf-8") };
        let mut texts = [Text { plain: "", sibling: "", quoted: "", quoted_sibling: "" }; COUNT];
        let (mut index, mut at) = (0, 0);
        while index < COUNT {
            let mut length = 0;
            while LIST[at] != b'\n' {
                (at, length) = (at + 1, length + 1);
            }
            at += 1;
            let (quoted, after) = rest.split_at(length + 3);
            let (quoted_sibling, after) = after.split_at(length + 4);
            let plain = quoted.split_at(1).1.split_at(length).0;
            let sibling = quoted_sibling.split_at(1).1.split_at(length + 1).0;
            texts[index] = Text { plain, sibling, quoted, quoted_sibling };
            rest = after;
            index += 1;
        }
        texts
    };

    /// The first and the last bytes of a name, which are all of it up to 16 bytes.
    #[derive(Clone, Copy, PartialEq, Eq)]
    struct Key {
        head: u64,
        tail: u64,
        length: usize,
    }

    const SLOTS_LOG2: u32 = 13;
    const FREE: u16 = u16::MAX;

    static KEYS: [Key; COUNT] = {
        let mut keys = [Key { head: 0, tail: 0, length: 0 }; COUNT];
        let mut index = 0;
        while index < COUNT {
            keys[index] = Key::of(TEXTS[index].plain.as_bytes());
            index += 1;
        }
        keys
    };

    /// Open addressing: the number of a name in the slot of its hash or the next free one.
    static SLOTS: [u16; 1 << SLOTS_LOG2] = {
        let mut slots = [FREE; 1 << SLOTS_LOG2];
        let mut index = 0;
        while index < COUNT {
            let mut slot = KEYS[index].slot();
            while slots[slot] != FREE {
                slot = (slot + 1) % slots.len();
            }
            slots[slot] = index as u16;
            index += 1;
        }
        slots
    };

    impl Key {
        const fn of(name: &[u8]) -> Self {
            let (head, tail) = match (name.first_chunk(), name.last_chunk()) {
                (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
                _ => Self::of_short(name),
            };
            Self { head, tail, length: name.len() }
        }

        const fn of_short(name: &[u8]) -> (u64, u64) {
            match (name.first_chunk(), name.last_chunk()) {
                (Some(head), Some(tail)) => {
                    (u32::from_le_bytes(*head) as u64, u32::from_le_bytes(*tail) as u64)
                }
                _ => match name {
                    [a, b, c] => (*a as u64, ((*b as u64) << 8) | *c as u64),
                    [a, b] => (*a as u64, *b as u64),
                    [a] => (*a as u64, 0),
                    _ => (0, 0),
                },
            }
        }

        const fn slot(&self) -> usize {
            const A: u64 = 0x9E37_79B9_7F4A_7C15;
            const B: u64 = 0xD6E8_FEB8_6659_FD93;
            let mixed = self.head.wrapping_mul(A) ^ self.tail.wrapping_mul(B).rotate_left(29);
            let mixed = (mixed ^ self.length as u64).wrapping_mul(A);
            (mixed >> (u64::BITS - SLOTS_LOG2)) as usize
        }
    }

    /// The number of a name.
    pub(super) const fn find(name: &[u8]) -> Option<u16> {
        let key = Key::of(name);
        let mut slot = key.slot();
        loop {
            let index = SLOTS[slot];
            if index == FREE {
                return None;
            }
            let known = &KEYS[index as usize];
            if known.head == key.head && known.tail == key.tail && known.length == key.length {
                let known = TEXTS[index as usize].plain.as_bytes();
                if name.len() <= 16 || same(known, name) {
                    return Some(index);
                }
            }
            slot = (slot + 1) % SLOTS.len();
        }
    }

    /// Whether two names of one length are equal, for which slices have no function that the compiler evaluates.
    const fn same(a: &[u8], b: &[u8]) -> bool {
        let mut at = 0;
        while at < a.len() {
            if a[at] != b[at] {
                return false;
            }
            at += 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = include_str!("../../definitions/names.txt");

    #[test]
    fn every_name_of_the_list_has_its_line_as_number() {
        assert_eq!(LIST.lines().count(), NameId::COUNT);
        for (line, text) in LIST.lines().enumerate() {
            let id = NameId::of(text).unwrap();
            assert_eq!((id.index(), id.as_str()), (line, text));
            let sibling = Name::new(&format!("_{text}"));
            assert_eq!(sibling.id(), Some((id, true)));
            assert_eq!(sibling.as_str(), format!("_{text}"));
            assert_eq!(sibling.quoted().unwrap(), format!("\"_{text}\":"));
            assert_eq!(Name::new(text).quoted().unwrap(), format!("\"{text}\":"));
        }
    }

    #[test]
    fn other_names_are_kept_as_text() {
        for text in
            ["", "_", "__id", "ID", "i", "iD", "résumé", "valuequantity", "valueCodeableConcepT", "a b"]
        {
            let name = Name::new(text);
            assert_eq!((name.id(), name.as_str()), (None, text));
        }
        let all: std::collections::HashSet<&str> = LIST.lines().collect();
        for text in LIST.lines() {
            for other in [format!("{text}X"), text.to_uppercase(), format!("X{text}")] {
                assert_eq!(NameId::of(&other).is_some(), all.contains(other.as_str()), "{other}");
            }
        }
    }

    #[test]
    fn names_that_share_both_ends_differ() {
        let long: Vec<&str> = LIST.lines().filter(|name| name.len() > 16).collect();
        for name in long {
            let mut bytes = name.as_bytes().to_vec();
            bytes[8] ^= 1;
            assert_eq!(NameId::of(std::str::from_utf8(&bytes).unwrap()), None);
        }
    }

    #[test]
    fn a_name_is_sixteen_bytes() {
        assert_eq!(size_of::<Name>(), 16);
    }

    #[test]
    fn a_number_may_be_a_constant() {
        const ID: NameId = NameId::element("id");
        assert_eq!(Some(ID), NameId::of("id"));
    }
}
