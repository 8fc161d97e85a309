//! US postal codes cut to three digits.

use std::fmt;
use std::sync::LazyLock;

/// Which three-digit ZIP codes may be told: those with more than 20,000 people by the census.
///
/// A list has a name, which belongs into the manifest. An area is told only if Census 2020 counted people there at all
/// and none of the list's vintages has it at 20,000 or fewer; military mail and numbers that no area has are thus never
/// told. [`ZipList::union`] takes all vintages together: no code is told that any of them restricts.
///
/// ```
/// use carewire_deid::transform::{ZipList, zip3};
/// let list = ZipList::union();
/// assert_eq!(zip3("02139-4307", Some("US"), list).as_deref(), Some("021"));
/// assert_eq!(zip3("05901", None, list).as_deref(), Some("000"));
/// assert_eq!(zip3("80331", Some("DE"), list), None);
/// assert_eq!(list.name(), "zip3-union");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ZipList {
    name: &'static str,
    vintages: Vec<&'static str>,
    allowed: Box<[bool; 1000]>,
}

/// The code of every area that may not be told.
const RESTRICTED: &str = "000";

/// The first three digits of a US postal code; `000` where the list does not let them be told.
///
/// `None` for what is no ZIP code (five digits, or nine with a hyphen, a blank or nothing between) and for another
/// country. Without a country the code is taken as one of the US: say what country it is where you know.
#[must_use]
pub fn zip3(postal_code: &str, country: Option<&str>, list: &ZipList) -> Option<String> {
    if !country.is_none_or(is_us) {
        return None;
    }
    let code = postal_code.trim();
    let (five, four) = code.split_at_checked(5)?;
    let four = four.strip_prefix(['-', ' ']).unwrap_or(four);
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(five) || !is_digits(four) || !matches!((code.len(), four.len()), (5, 0) | (9 | 10, 4)) {
        return None;
    }
    let prefix = five.get(..3)?;
    Some(if list.allows(prefix) { prefix } else { RESTRICTED }.to_owned())
}

/// The names of the country and of Puerto Rico, whose codes the census counts too.
fn is_us(country: &str) -> bool {
    const NAMES: [&str; 9] =
        ["", "US", "USA", "U.S.", "U.S.A.", "840", "United States", "United States of America", "PR"];
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(country.trim()))
}

impl ZipList {
    /// All vintages together: the safest, and what a policy means by `zip3-union`.
    #[must_use]
    pub fn union() -> &'static Self {
        static UNION: LazyLock<ZipList> =
            LazyLock::new(|| ZipList::of("zip3-union", vec!["2000", "microsoft", "2020"]));
        &UNION
    }

    /// One vintage, `2000` or `2020`, or the list `microsoft` of the anonymizer's sample; `zip3-2000` is the same as `2000`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        static SINGLE: LazyLock<[ZipList; 3]> = LazyLock::new(|| {
            [("zip3-2000", "2000"), ("zip3-microsoft", "microsoft"), ("zip3-2020", "2020")]
                .map(|(name, vintage)| ZipList::of(name, vec![vintage]))
        });
        let asked = name.strip_prefix("zip3-").unwrap_or(name);
        if asked == "union" {
            return Some(Self::union());
        }
        SINGLE.iter().find(|list| list.vintages.contains(&asked))
    }

    /// The same list with further codes restricted, as a rule file may name them. Nothing becomes allowed by it.
    #[must_use]
    pub fn restricting<'a>(&self, codes: impl IntoIterator<Item = &'a str>) -> Self {
        let mut list = self.clone();
        for code in codes {
            list.restrict(code);
        }
        list
    }

    /// The list's name, for the manifest.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The vintages that it is made of.
    #[must_use]
    pub fn vintages(&self) -> &[&'static str] {
        &self.vintages
    }

    /// The codes that some vintage of this list restricts, in order.
    #[must_use]
    pub fn restricted(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self.lines("restricted").flatten().collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    fn of(name: &'static str, vintages: Vec<&'static str>) -> Self {
        let mut list = Self { name, vintages, allowed: Box::new([false; 1000]) };
        let counted = lines().filter(|(_, what, _)| *what == "counted").flat_map(|(.., codes)| codes);
        for range in counted {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (Ok(first), Ok(last)) = (first.parse::<usize>(), last.parse::<usize>()) else { continue };
            list.allowed.iter_mut().take(last + 1).skip(first).for_each(|code| *code = true);
        }
        for code in list.restricted() {
            list.restrict(code);
        }
        list
    }

    fn lines(&self, what: &'static str) -> impl Iterator<Item = std::str::SplitWhitespace<'static>> {
        lines()
            .filter(move |(vintage, kind, _)| *kind == what && self.vintages.contains(vintage))
            .map(|(.., codes)| codes)
    }

    fn allows(&self, prefix: &str) -> bool {
        prefix.parse::<usize>().ok().and_then(|at| self.allowed.get(at).copied()).unwrap_or(false)
    }

    fn restrict(&mut self, code: &str) {
        if let Some(code) = code.parse::<usize>().ok().and_then(|at| self.allowed.get_mut(at)) {
            *code = false;
        }
    }
}

impl fmt::Debug for ZipList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ZipList").field(&self.name).finish()
    }
}

/// The lines of the data file: vintage, `counted` or `restricted`, codes.
fn lines() -> impl Iterator<Item = (&'static str, &'static str, std::str::SplitWhitespace<'static>)> {
    include_str!("../../data/zip3.txt").lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.next()?, words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_lists_are_what_their_sources_print() {
        let sizes =
            ["2000", "microsoft", "2020"].map(|name| ZipList::named(name).unwrap().restricted().len());
        assert_eq!(sizes, [17, 14, 18]);
        assert_eq!(ZipList::union().restricted().len(), 23);
        let counted = ZipList::named("2020").unwrap().allowed.iter().filter(|code| **code).count();
        assert_eq!(counted, 894 - 18);
        assert!(ZipList::named("1990").is_none());
        assert_eq!(ZipList::named("zip3-union").unwrap().name(), "zip3-union");
    }

    #[test]
    fn the_union_tells_nothing_that_a_vintage_restricts() {
        for vintage in ["2000", "microsoft", "2020"] {
            for code in ZipList::named(vintage).unwrap().restricted() {
                assert_eq!(
                    zip3(&format!("{code}01"), None, ZipList::union()).as_deref(),
                    Some("000"),
                    "{code}"
                );
            }
        }
    }

    #[test]
    fn spellings_and_countries() {
        let list = ZipList::union();
        for (code, country, expected) in [
            ("02139", None, Some("021")),
            (" 02139 ", Some("us"), Some("021")),
            ("021394307", Some("USA"), Some("021")),
            ("02139-4307", Some("840"), Some("021")),
            ("02139 4307", Some("United States"), Some("021")),
            ("00926", Some("PR"), Some("009")),
            ("05901", Some("US"), Some("000")),
            ("20201", None, Some("000")),
            ("09012", None, Some("000")),
            ("00000", None, Some("000")),
            ("02139", Some("DE"), None),
            ("02139-", None, None),
            ("0213", None, None),
            ("021394", None, None),
            ("0213943071", None, None),
            ("02139_4307", None, None),
            ("SW1A 1AA", None, None),
            ("021", None, None),
            ("0213é", None, None),
            ("", None, None),
        ] {
            assert_eq!(zip3(code, country, list).as_deref(), expected, "{code}");
        }
        let narrower = list.restricting(["021", "x", "9999"]);
        assert_eq!(zip3("02139", None, &narrower).as_deref(), Some("000"));
        assert_eq!(zip3("02210", None, &narrower).as_deref(), Some("022"));
    }

    proptest! {
        #[test]
        fn never_more_than_three_digits(code in "\\PC{0,12}|[0-9 -]{0,11}") {
            if let Some(cut) = zip3(&code, None, ZipList::union()) {
                prop_assert!(cut == "000" || code.trim().starts_with(&cut) && cut.len() == 3);
            }
        }
    }
}
