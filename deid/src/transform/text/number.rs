//! Telephone numbers, identifiers and other long numbers.

use super::{ends, is_word, run};
use crate::transform::IdentifierType;

/// No identifier that is told here has fewer digits.
const FEWEST_DIGITS: usize = 5;

/// An identifier that a country gives out, told by its check digits or by a shape that little else has.
pub(super) fn identifier(text: &[char]) -> Option<usize> {
    const LONGEST: usize = 24;
    let length = run(text, LONGEST + 1, |one| one.is_ascii_alphanumeric() || " -./".contains(one));
    if text.iter().take(length).filter(|one| one.is_ascii_digit()).count() < FEWEST_DIGITS {
        return None;
    }
    let token: String = text.get(..length.min(LONGEST))?.iter().collect();
    let lengths = (6..=token.len()).rev().filter(|end| ends(text, *end));
    lengths.into_iter().find(|end| token.get(..*end).is_some_and(is_identifier))
}

fn is_identifier(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let edges = text.ends_with(|one: char| one.is_ascii_alphanumeric());
    let separated = text.as_bytes().windows(2).all(|pair| pair.iter().any(u8::is_ascii_alphanumeric));
    if digits < FEWEST_DIGITS || !edges || !separated {
        return false;
    }
    let length = text.bytes().filter(u8::is_ascii_alphanumeric).count();
    let by_shape = [IdentifierType::UsMbi, IdentifierType::UkNino].iter().any(|kind| kind.is_valid(text));
    by_shape
        || is_ssn(text)
        || digits >= 7
            && IdentifierType::all()
                .iter()
                .filter(|kind| kind.has_check() && kind.lengths().contains(&length))
                .any(|kind| kind.is_valid(text))
}

/// Three, two and four digits, whether or not such a number was ever issued.
fn is_ssn(text: &str) -> bool {
    let groups: Vec<_> = text.split(['-', ' ']).collect();
    groups.iter().map(|group| group.len()).eq([3, 2, 4])
        && groups.iter().all(|group| group.bytes().all(|one| one.is_ascii_digit()))
}

/// Seven to fifteen digits in groups: `+1 617 555 0100`, `(617) 555-0100`, `617.555.0100`.
pub(super) fn phone(text: &[char]) -> Option<usize> {
    let length = run(text, 28, |one| one.is_ascii_digit() || " -.()+/".contains(one));
    let body = text.get(..length)?;
    let last = body.iter().rposition(char::is_ascii_digit)?;
    let body = body.get(..=last)?;
    let first = body.first()?;
    let digits = body.iter().filter(|one| one.is_ascii_digit()).count();
    let has = |separator: char| body.contains(&separator);
    let groups = || body.split(|one| !one.is_ascii_digit()).filter(|group| !group.is_empty());
    let shaped = if *first == '+' || *first == '(' {
        true
    } else if has('.') {
        !has(' ') && groups().all(|group| group.len() >= 2) && groups().count() >= 3
    } else if has('-') || has('(') {
        groups().next_back().is_some_and(|group| group.len() >= 3)
    } else {
        has(' ') && digits >= 9 && groups().next_back().is_some_and(|group| group.len() >= 3)
    };
    let starts = first.is_ascii_digit() || "+(".contains(*first);
    (starts && shaped && (7..=15).contains(&digits) && ends(text, last + 1)).then_some(last + 1)
}

/// Five digits or more in a row.
pub(super) fn long_number(text: &[char]) -> Option<usize> {
    let digits = run(text, text.len(), |one| one.is_ascii_digit());
    (digits >= 5 && ends(text, digits)).then_some(digits)
}

/// Letters and digits in one word, five digits or more: a record or account number.
pub(super) fn mixed(text: &[char]) -> Option<usize> {
    let length = run(text, text.len(), is_word);
    let digits = text.get(..length)?.iter().filter(|one| one.is_ascii_digit()).count();
    (digits >= 5).then_some(length)
}
