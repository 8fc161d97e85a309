//! United States and Brazil.

use super::checksum::{digits, luhn, remainder, weighted};

pub(super) fn us_ssn(text: &str) -> bool {
    let Some(number) = digits(text, 9) else { return false };
    let area = remainder(number.get(..3).unwrap_or_default(), 1000);
    let group = remainder(number.get(3..5).unwrap_or_default(), 100);
    let serial = remainder(number.get(5..).unwrap_or_default(), 10_000);
    !matches!(area, 0 | 666 | 900..) && group > 0 && serial > 0
}

pub(super) fn us_mbi(text: &str) -> bool {
    let letter = |one: u8| one.is_ascii_uppercase() && !b"SLOIBZ".contains(&one);
    let either = |one: u8| letter(one) || one.is_ascii_digit();
    text.len() == 11
        && text.bytes().enumerate().all(|(at, one)| match at {
            0 => (b'1'..=b'9').contains(&one),
            1 | 4 | 7 | 8 => letter(one),
            2 | 5 => either(one),
            _ => one.is_ascii_digit(),
        })
}

pub(super) fn us_npi(text: &str) -> bool {
    let Some(number) = digits(text, 10) else { return false };
    let prefixed: Vec<_> = [8, 0, 8, 4, 0].into_iter().chain(number.iter().copied()).collect();
    matches!(number.first(), Some(1 | 2)) && luhn(&prefixed)
}

pub(super) fn us_dea(text: &str) -> bool {
    let Some((letters, number)) = text.split_at_checked(2) else { return false };
    let lettered = match letters.as_bytes() {
        [first, second] => first.is_ascii_uppercase() && (second.is_ascii_uppercase() || *second == b'9'),
        _ => false,
    };
    lettered
        && digits(number, 7).is_some_and(|number| {
            number.last().copied() == Some(weighted(&number, [1, 2, 1, 2, 1, 2, 0]) % 10)
        })
}

pub(super) fn br_cpf(text: &str) -> bool {
    let Some(number) = digits(text, 11) else { return false };
    let check = |from: u32| weighted(&number, (2..=from).rev()) * 10 % 11 % 10;
    let all_the_same = number.windows(2).all(|pair| matches!(pair, [a, b] if a == b));
    !all_the_same && number.get(9..) == Some(&[check(10), check(11)])
}

pub(super) fn br_cns(text: &str) -> bool {
    digits(text, 15).is_some_and(|number| {
        matches!(number.first(), Some(1 | 2 | 7 | 8 | 9))
            && weighted(&number, (1..=15).rev()).is_multiple_of(11)
    })
}

pub(super) fn br_rg(text: &str) -> bool {
    let number = text.get(2..).filter(|_| text.starts_with(|first: char| first.is_ascii_uppercase()));
    let state = text.get(..2).is_none_or(|state| state.bytes().all(|one| one.is_ascii_uppercase()));
    let number = number.filter(|_| state).unwrap_or(text);
    let body = number.strip_suffix('X').unwrap_or(number);
    (5..=10).contains(&number.len()) && body.bytes().all(|one| one.is_ascii_digit())
}

pub(super) fn br_cep(text: &str) -> bool {
    digits(text, 8).is_some_and(|number| number.iter().any(|digit| *digit > 0))
}
