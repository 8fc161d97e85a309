//! Numbers: noise within a span, and ranges instead of values.

use carewire_fhir_core::Decimal;

use crate::Pseudonymizer;

/// How far a number may be moved.
///
/// The noise lies from minus half the span to plus half of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Span {
    /// The same for every value.
    Fixed(Decimal),
    /// So many times the value.
    Proportional(Decimal),
}

/// Moves a number by keyed noise within a span.
///
/// The same number at the same `place` (a path, or a patient and a path) moves alike under the same key; nobody without
/// the key can tell how far. The result never lies outside the span, and has the digits after the point that the number
/// had, or `digits` if that is fewer. `None` when no other number fits: a span of 0, or one that is smaller than the last digit.
///
/// ```
/// # use carewire_deid::{Entropy, Error, KeyRing, Pseudonymizer, transform::{Span, perturb}};
/// # use carewire_fhir_core::{Decimal, OrgId};
/// # #[derive(Debug)] struct Count(std::sync::atomic::AtomicU8);
/// # impl Entropy for Count { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
/// #     for byte in bytes { *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } Ok(()) } }
/// # let ring = KeyRing::generate(&Count(Default::default()), "2026-11-20T00:00:00Z")?;
/// # let keys = Pseudonymizer::new(&ring, &OrgId::new("org_a").unwrap(), "export");
/// let weight = Decimal::parse("70.50").unwrap();
/// let moved = perturb(&keys, &[b"Observation.value"], &weight, &Span::Fixed(Decimal::parse("4").unwrap()), None).unwrap();
/// assert!(moved.as_str().len() == 5 && moved.as_str() >= "68.50" && moved.as_str() <= "72.50");
/// # Ok::<(), Error>(())
/// ```
#[must_use]
pub fn perturb(
    keys: &Pseudonymizer,
    place: &[&[u8]],
    number: &Decimal,
    span: &Span,
    digits: Option<u32>,
) -> Option<Decimal> {
    let value = Scaled::of(number)?;
    let scale = digits.map_or(value.scale, |digits| value.scale.min(digits));
    let (lowest, highest) = reach(value, span, scale)?;
    let choices =
        u128::try_from(highest.checked_sub(lowest)?).ok()?.checked_add(1).filter(|more| *more > 1)?;
    let mut parts = place.to_vec();
    parts.push(number.as_str().as_bytes());
    let drawn = keys.blind("perturb", &parts).first_chunk().copied().map(u128::from_be_bytes)? % choices;
    Scaled { coefficient: lowest.checked_add(i128::try_from(drawn).ok()?)?, scale }.decimal()
}

/// The least and the greatest number of `scale` digits that a span reaches, as whole multiples of the last digit.
fn reach(value: Scaled, span: &Span, scale: u32) -> Option<(i128, i128)> {
    let (Span::Fixed(width) | Span::Proportional(width)) = span;
    let width = Scaled::of(width).filter(|width| width.coefficient >= 0)?;
    // Both over the denominator 2 * 10^(value.scale + width.scale), so that half a span is whole.
    let middle = value.coefficient.checked_mul(power(width.scale)?)?.checked_mul(2)?;
    let half = match span {
        Span::Fixed(_) => width.coefficient.checked_mul(power(value.scale)?)?,
        Span::Proportional(_) => width.coefficient.checked_mul(value.coefficient.checked_abs()?)?,
    };
    let denominator = power(value.scale.checked_add(width.scale)?)?.checked_mul(2)?;
    let unit = power(scale)?;
    let lowest = middle.checked_sub(half)?.checked_mul(unit)?;
    let highest = middle.checked_add(half)?.checked_mul(unit)?;
    Some((-(-lowest).div_euclid(denominator), highest.div_euclid(denominator)))
}

/// Ranges that take the place of numbers.
///
/// ```
/// use carewire_deid::transform::Bins;
/// use carewire_fhir_core::Decimal;
/// let of = |text| Decimal::parse(text).unwrap();
/// assert_eq!(Bins::every(&of("10")).unwrap().of(&of("37.2")).unwrap().to_string(), "[30, 40)");
/// let edges = Bins::at([of("18"), of("65")]).unwrap();
/// assert_eq!(edges.of(&of("70")).unwrap().to_string(), "[65, )");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bins {
    edges: Edges,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Edges {
    Every(Scaled),
    At(Vec<Decimal>),
}

/// A range from its least number, which it holds, to below its greatest; a side that is missing is open.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bin {
    /// The least number of the range.
    pub low: Option<Decimal>,
    /// The first number above the range.
    pub high: Option<Decimal>,
}

impl Bins {
    /// Ranges of one width, from 0 in both directions; `None` when the width is not above 0.
    #[must_use]
    pub fn every(width: &Decimal) -> Option<Self> {
        let width = Scaled::of(width).filter(|width| width.coefficient > 0)?;
        Some(Self { edges: Edges::Every(width) })
    }

    /// Ranges between edges; `None` when there is none, or they do not ascend.
    #[must_use]
    pub fn at(edges: impl IntoIterator<Item = Decimal>) -> Option<Self> {
        let edges: Vec<_> = edges.into_iter().collect();
        let ascending = edges.windows(2).all(|pair| matches!(pair, [a, b] if a.compare(b).is_lt()));
        (ascending && !edges.is_empty()).then_some(Self { edges: Edges::At(edges) })
    }

    /// The range that a number lies in; `None` when it has too many digits to tell.
    #[must_use]
    pub fn of(&self, number: &Decimal) -> Option<Bin> {
        match &self.edges {
            Edges::Every(width) => {
                let value = Scaled::of(number)?;
                let dividend = value.coefficient.checked_mul(power(width.scale)?)?;
                let divisor = width.coefficient.checked_mul(power(value.scale)?)?;
                let low = dividend.div_euclid(divisor).checked_mul(width.coefficient)?;
                let edge = |coefficient| Scaled { coefficient, scale: width.scale }.decimal();
                Some(Bin { low: edge(low), high: edge(low.checked_add(width.coefficient)?) })
            }
            Edges::At(edges) => {
                let above = edges.partition_point(|edge| edge.compare(number).is_le());
                let low = above.checked_sub(1).and_then(|at| edges.get(at).cloned());
                Some(Bin { low, high: edges.get(above).cloned() })
            }
        }
    }
}

impl std::fmt::Display for Bin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side =
            |edge: &Option<Decimal>| edge.as_ref().map_or_else(String::new, |edge| edge.as_str().to_owned());
        write!(f, "[{}, {})", side(&self.low), side(&self.high))
    }
}

/// A range is narrower than nothing, so it is not shown either.
impl std::fmt::Debug for Bin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bin(..)")
    }
}

/// `coefficient` times ten to the power of minus `scale`.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Scaled {
    coefficient: i128,
    scale: u32,
}

impl Scaled {
    /// A number written without an exponent, of up to 24 digits.
    fn of(number: &Decimal) -> Option<Self> {
        let (whole, fraction) = number.as_str().split_once('.').unwrap_or((number.as_str(), ""));
        let scale = u32::try_from(fraction.len()).ok()?;
        let digits = format!("{whole}{fraction}");
        Some(Self { coefficient: digits.parse().ok().filter(|_| digits.len() <= 25)?, scale })
    }

    fn decimal(self) -> Option<Decimal> {
        let sign = if self.coefficient < 0 { "-" } else { "" };
        let scale = usize::try_from(self.scale).ok()?;
        let digits = format!("{:0>width$}", self.coefficient.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at_checked(digits.len() - scale)?;
        let point = if fraction.is_empty() { "" } else { "." };
        Decimal::parse(&format!("{sign}{whole}{point}{fraction}")).ok()
    }
}

impl std::fmt::Debug for Scaled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Scaled(..)")
    }
}

fn power(of_ten: u32) -> Option<i128> {
    10_i128.checked_pow(of_ten)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyRing;
    use crate::entropy::tests::Seeded;
    use carewire_fhir_core::OrgId;
    use proptest::prelude::*;

    fn keys(seed: u64) -> Pseudonymizer {
        let ring = KeyRing::generate(&Seeded::new(seed), "2026-11-20T00:00:00Z").unwrap();
        Pseudonymizer::new(&ring, &OrgId::new("a").unwrap(), "export")
    }

    fn of(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn noise_that_has_no_room_is_refused() {
        let keys = keys(1);
        for (number, span) in [
            ("70", Span::Fixed(of("0"))),
            ("70", Span::Fixed(of("1.9"))),
            ("0", Span::Proportional(of("0.5"))),
            ("70", Span::Fixed(of("-5"))),
            ("1e5", Span::Fixed(of("4"))),
            ("123456789012345678901234567890", Span::Fixed(of("4"))),
        ] {
            assert_eq!(perturb(&keys, &[], &of(number), &span, None), None, "{number}");
        }
        assert!(perturb(&keys, &[], &of("70"), &Span::Fixed(of("2")), None).is_some());
    }

    #[test]
    fn all_of_the_span_is_used_and_keys_and_places_differ() {
        let (one, two) = (keys(1), keys(2));
        let span = Span::Fixed(of("10"));
        let moved = |keys: &Pseudonymizer, place: u32| {
            perturb(keys, &[&place.to_be_bytes()], &of("100"), &span, None)
        };
        let all: std::collections::BTreeSet<_> =
            (0..2000).filter_map(|at| moved(&one, at)).map(|n| n.as_str().to_owned()).collect();
        assert_eq!(
            all.iter().map(String::as_str).collect::<Vec<_>>(),
            ["100", "101", "102", "103", "104", "105", "95", "96", "97", "98", "99"]
        );
        assert!((0..100).any(|at| moved(&one, at) != moved(&two, at)));
        assert_eq!(moved(&one, 7), moved(&one, 7));
    }

    #[test]
    fn ranges_are_half_open_and_go_below_zero() {
        let tens = Bins::every(&of("10")).unwrap();
        for (number, range) in
            [("0", "[0, 10)"), ("9.99", "[0, 10)"), ("10", "[10, 20)"), ("-0.5", "[-10, 0)")]
        {
            assert_eq!(tens.of(&of(number)).unwrap().to_string(), range);
        }
        let halves = Bins::every(&of("0.5")).unwrap();
        assert_eq!(halves.of(&of("7.35")).unwrap().to_string(), "[7.0, 7.5)");
        let edges = Bins::at([of("18"), of("65")]).unwrap();
        for (number, range) in
            [("17.9", "[, 18)"), ("18.0", "[18, 65)"), ("64", "[18, 65)"), ("65", "[65, )")]
        {
            assert_eq!(edges.of(&of(number)).unwrap().to_string(), range);
        }
        assert!(Bins::every(&of("0")).is_none() && Bins::at([]).is_none());
        assert!(Bins::at([of("2"), of("1")]).is_none() && Bins::at([of("1"), of("1.0")]).is_none());
        assert!(!format!("{:?} {tens:?}", tens.of(&of("37"))).contains('3'));
    }

    proptest! {
        #[test]
        fn never_outside_the_span_and_never_finer(
            number in "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,6})?", span in "(0|[1-9][0-9]{0,4})(\\.[0-9]{1,3})?",
            digits in proptest::option::of(0_u32..8), proportional: bool,
        ) {
            let (value, width) = (of(&number), of(&span));
            let bound = if proportional { width.times(&value).unwrap() } else { width.clone() };
            let bound = if bound.as_str().starts_with('-') { bound.negated() } else { bound };
            let span = if proportional { Span::Proportional(width) } else { Span::Fixed(width) };
            if let Some(moved) = perturb(&keys(3), &[b"x"], &value, &span, digits) {
                let off = moved.minus(&value).unwrap().times(&of("2")).unwrap();
                prop_assert!(off.compare(&bound).is_le() && off.negated().compare(&bound).is_le());
                let places = |text: &str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
                let allowed = digits.map_or(places(&number), |digits| places(&number).min(digits as usize));
                prop_assert_eq!(places(moved.as_str()), allowed);
            }
        }

        #[test]
        fn a_range_holds_its_number_and_order_is_kept(a in "-?[1-9][0-9]{0,6}(\\.[0-9]{1,4})?", b in "-?[1-9][0-9]{0,6}", width in "[1-9][0-9]{0,2}(\\.[0-9])?") {
            let bins = Bins::every(&of(&width)).unwrap();
            let (a, b) = (of(&a), of(&b));
            let (in_a, in_b) = (bins.of(&a).unwrap(), bins.of(&b).unwrap());
            prop_assert!(in_a.low.as_ref().unwrap().compare(&a).is_le() && in_a.high.as_ref().unwrap().compare(&a).is_gt());
            if a.compare(&b).is_le() {
                prop_assert!(in_a.low.unwrap().compare(&in_b.low.unwrap()).is_le());
            }
        }
    }
}
