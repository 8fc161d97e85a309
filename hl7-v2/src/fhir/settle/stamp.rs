//! Who said something: rank, time and hash of the message, and the text in which a resource carries them.

use std::collections::BTreeMap;

use crate::fhir::Change;

/// The place of a saying in the order of all sayings: rank first, then time, then hash.
///
/// `Debug` shows the rank alone.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Stamp {
    pub(super) rank: u8,
    /// Without the `Z`, so that `10:00:00` comes before `10:00:00.5`.
    pub(super) time: String,
    pub(super) tie: String,
}

/// Before the number of an arrival: it comes after every hash.
const ARRIVED: char = '~';

/// As much of a hash as a stamp keeps.
const TIE: usize = 16;

impl Stamp {
    pub(super) fn of(change: &Change, rank: u8) -> Self {
        let time = change.time.as_deref().unwrap_or_default();
        let tie = change.tie.chars().filter(char::is_ascii_alphanumeric).take(TIE).collect();
        Self { rank, time: time.strip_suffix('Z').unwrap_or(time).to_owned(), tie }
    }

    pub(super) fn ranked(&self, rank: u8) -> Self {
        Self { rank, ..self.clone() }
    }

    /// The stamp of the `arrival`th message without a time that came after everything of this time.
    pub(super) fn arrived(&self, time: &str, arrival: u32) -> Self {
        Self { rank: self.rank, time: time.to_owned(), tie: format!("{ARRIVED}{arrival:010}") }
    }

    /// The number of the arrival, if the message had no time.
    pub(super) fn arrival(&self) -> Option<u32> {
        self.tie.strip_prefix(ARRIVED)?.parse().ok()
    }

    fn write(&self, out: &mut String) {
        out.push_str(&self.rank.to_string());
        for part in [&self.time, &self.tie] {
            out.push('/');
            escape(part, out);
        }
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let (rank, time, tie) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(())?;
        Some(Self { rank: rank.parse().ok()?, time: unescape(time)?, tie: unescape(tie)? })
    }
}

impl std::fmt::Debug for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stamp").field("rank", &self.rank).finish_non_exhaustive()
    }
}

/// The stamps of a resource: one for all, and those of single names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamps {
    pub(super) default: Stamp,
    pub(super) named: BTreeMap<String, Stamp>,
}

impl Stamps {
    /// Makes the most frequent stamp of `items` the default. Those of `ends`, and what differs, is named.
    pub(super) fn new(items: BTreeMap<String, Stamp>, ends: BTreeMap<String, Stamp>) -> Self {
        let mut counts: BTreeMap<&Stamp, usize> = BTreeMap::new();
        for stamp in items.values() {
            *counts.entry(stamp).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(stamp, count)| (*count, (*stamp).clone()));
        let default = most.map(|(stamp, _)| stamp.clone()).unwrap_or_default();
        let mut named = items;
        named.retain(|_, stamp| *stamp != default);
        named.extend(ends.into_iter().map(|(name, stamp)| (format!("{END}{name}"), stamp)));
        Self { default, named }
    }

    /// The stamp of what has this name.
    pub(super) fn of(&self, name: &str) -> &Stamp {
        self.named.get(name).unwrap_or(&self.default)
    }

    /// What was ended, and by whom.
    pub(super) fn ends(&self) -> impl Iterator<Item = (&str, &Stamp)> {
        self.named.iter().filter_map(|(name, stamp)| Some((name.strip_prefix(END)?, stamp)))
    }

    /// `stamp *( ";" name *( "," name ) "@" stamp )`.
    pub(super) fn write(&self) -> String {
        let mut by_stamp: BTreeMap<&Stamp, Vec<&str>> = BTreeMap::new();
        for (name, stamp) in &self.named {
            by_stamp.entry(stamp).or_default().push(name);
        }
        let mut out = String::new();
        self.default.write(&mut out);
        for (stamp, names) in by_stamp {
            for (n, name) in names.into_iter().enumerate() {
                out.push(if n == 0 { ';' } else { ',' });
                escape(name, &mut out);
            }
            out.push('@');
            stamp.write(&mut out);
        }
        out
    }

    /// Reads what [`Stamps::write`] wrote; `None` when it is anything else.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let default = Stamp::read(parts.next()?)?;
        let mut named = BTreeMap::new();
        for part in parts {
            let (names, stamp) = part.split_once('@')?;
            let stamp = Stamp::read(stamp)?;
            for name in names.split(',') {
                named.insert(unescape(name)?, stamp.clone());
            }
        }
        Some(Self { default, named })
    }
}

/// Before the name of what was ended.
const END: char = '-';

/// Writes the signs that part the text as `%` and their number.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '%' | '/' | ';' | ',' | '@' | ' ' => {
                out.push('%');
                out.push_str(&format!("{:02x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut out = pieces.next()?.to_owned();
    for piece in pieces {
        let (number, rest) = piece.split_at_checked(2)?;
        out.push(char::from(u8::from_str_radix(number, 16).ok()?));
        out.push_str(rest);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rank_then_time_then_hash() {
        let stamp = |rank, time: &str, tie: &str| Stamp::of(&Change::new(tie).with_time(time), rank);
        assert!(stamp(1, "2026-01-01T00:00:00Z", "a") > stamp(0, "2026-01-02T00:00:00Z", "a"));
        assert!(stamp(0, "2026-01-01T00:00:00.5Z", "a") > stamp(0, "2026-01-01T00:00:00Z", "b"));
        assert!(stamp(0, "2026-01-01T00:00:00Z", "b") > stamp(0, "2026-01-01T00:00:00Z", "a"));
        let arrived = stamp(0, "", "").arrived("2026", 9);
        assert!(arrived > stamp(0, "2026", "f") && arrived < arrived.arrived("2026", 10));
        assert_eq!(arrived.arrival(), Some(9));
    }

    #[test]
    fn one_stamp_for_all_is_short() {
        let stamp = |tie| Stamp::of(&Change::new(tie).with_time("2026-01-01T00:00:00Z"), 0);
        let items =
            [("name", "a"), ("gender", "a"), ("telecom", "b")].map(|(name, tie)| (name.into(), stamp(tie)));
        let ends = [("extension:http://x.y/z".to_owned(), stamp("b"))];
        let stamps = Stamps::new(items.into(), ends.into());
        assert_eq!(
            stamps.write(),
            "0/2026-01-01T00:00:00/a;-extension:http:%2f%2fx.y%2fz,telecom@0/2026-01-01T00:00:00/b"
        );
        assert_eq!(format!("{:?}", stamps.default), "Stamp { rank: 0, .. }");
    }

    #[test]
    fn other_texts_are_no_stamps() {
        for text in
            ["", "0/a", "x/a/b", "0/a/b/c", "0/a/b;name", "0/a/b;name@", "0/%2/b", "0/%zz/b", "300/a/b"]
        {
            assert_eq!(Stamps::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_stamps_are_read_as_they_were_written(
            items in proptest::collection::btree_map(".{0,8}", (0..5u8, ".{0,4}", ".{0,4}"), 0..5),
            ends in proptest::collection::btree_map(".{0,8}", (0..5u8, ".{0,4}", ".{0,4}"), 0..3),
        ) {
            let stamp = |(rank, time, tie)| Stamp { rank, time, tie };
            let stamps = Stamps::new(
                items.into_iter().map(|(name, parts)| (name, stamp(parts))).collect(),
                ends.into_iter().map(|(name, parts)| (name, stamp(parts))).collect(),
            );
            prop_assert_eq!(Stamps::read(&stamps.write()), Some(stamps));
        }
    }
}
