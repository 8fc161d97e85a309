//! Dates as HL7 v2 writes them: `YYYY[MM[DD[HH[MM[SS[.S…]]]]]][+/-ZZZZ]`.

use super::shift::days_in;

/// The day of a `DT`, `DTM` or `TS` that is well-formed as a whole.
///
/// Beyond the standard, `24` is taken as the hour of midnight at the end of a day, and a fraction of a second may have
/// six digits rather than four: senders write both, and neither says more about the day.
#[derive(Clone, Copy)]
pub(super) struct V2Date {
    pub(super) year: u16,
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
}

impl V2Date {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (text, zone) = match text.find(['+', '-']).and_then(|at| text.split_at_checked(at)) {
            Some((text, zone)) => (text, Some(zone)),
            None => (text, None),
        };
        let (digits, fraction) = match text.split_once('.') {
            Some((digits, fraction)) => (digits, Some(fraction)),
            None => (text, None),
        };
        let fraction_fits = fraction.is_none_or(|fraction| digits.len() == 14 && is_fraction(fraction));
        if !fraction_fits || !zone.is_none_or(is_zone) {
            return None;
        }
        let pairs = pairs(digits)?;
        let (year, rest) = match pairs.as_slice() {
            [century, year, rest @ ..] => (u16::from(*century) * 100 + u16::from(*year), rest),
            _ => return None,
        };
        let month = rest.first().copied();
        let day = rest.get(1).copied();
        let fits = year > 0
            && month.is_none_or(|month| (1..=12).contains(&month))
            && day.is_none_or(|day| (1..=days_in(year, month.unwrap_or_default())).contains(&day))
            && is_time(rest.get(2..).unwrap_or_default());
        fits.then_some(Self { year, month, day })
    }
}

/// Two digits each, at most down to the second.
fn pairs(digits: &str) -> Option<Vec<u8>> {
    if digits.len() > 14 || !digits.len().is_multiple_of(2) {
        return None;
    }
    let two = |pair: &[u8]| match pair {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some((tens - b'0') * 10 + ones - b'0'),
        _ => None,
    };
    digits.as_bytes().chunks(2).map(two).collect()
}

fn is_time(pairs: &[u8]) -> bool {
    match pairs {
        [24, rest @ ..] => rest.iter().all(|part| *part == 0),
        [hour, rest @ ..] => {
            *hour < 24
                && rest.first().is_none_or(|minute| *minute < 60)
                && rest.get(1).is_none_or(|second| *second <= 60)
        }
        [] => true,
    }
}

fn is_fraction(text: &str) -> bool {
    (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_zone(text: &str) -> bool {
    match text.get(1..).and_then(pairs).as_deref() {
        Some([hours, minutes]) => *hours <= 14 && *minutes < 60,
        _ => false,
    }
}
