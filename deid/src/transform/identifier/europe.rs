//! The United Kingdom and countries of the European Union.

use super::checksum::{digits, luhn, remainder, weighted};
use crate::transform::shift::days_in;

pub(super) fn uk_nhs(text: &str) -> bool {
    digits(text, 10).is_some_and(|number| {
        number.iter().any(|digit| *digit > 0) && weighted(&number, (1..=10).rev()).is_multiple_of(11)
    })
}

pub(super) fn uk_hc(text: &str) -> bool {
    uk_nhs(text) && text.get(..2).is_some_and(|first| ("32"..="39").contains(&first))
}

pub(super) fn uk_chi(text: &str) -> bool {
    (uk_nhs(text) || digits(text, 10).is_some_and(|number| luhn(&number))) && starts_with_day(text)
}

/// `DDMMYY`, in the leap year when the century is open.
fn starts_with_day(text: &str) -> bool {
    let number = |from: usize| text.get(from..from + 2).and_then(|two| two.parse::<u8>().ok());
    matches!((number(0), number(2)), (Some(day), Some(month)) if (1..=days_in(2000, month)).contains(&day))
}

pub(super) fn uk_nino(text: &str) -> bool {
    let (Some(prefix), Some(number), Some(suffix)) = (text.get(..2), text.get(2..8), text.get(8..)) else {
        return false;
    };
    let unused = matches!(prefix, "BG" | "GB" | "KN" | "NK" | "NT" | "TN" | "ZZ") || prefix.ends_with('O');
    let letters = prefix.bytes().all(|one| one.is_ascii_uppercase() && !b"DFIQUV".contains(&one));
    letters && !unused && digits(number, 6).is_some() && matches!(suffix, "A" | "B" | "C" | "D")
}

pub(super) fn fr_nir(text: &str) -> bool {
    let (Some(before), Some(department), Some(after)) = (text.get(..5), text.get(5..7), text.get(7..)) else {
        return false;
    };
    let department = match department {
        "2A" => "19",
        "2B" => "18",
        other => other,
    };
    digits(&[before, department, after].concat(), 15).is_some_and(|number| {
        let (number, key) = number.split_at(13);
        matches!(number.first(), Some(1..=8)) && remainder(key, 100) == 97 - remainder(number, 97)
    })
}

pub(super) fn de_kvnr(text: &str) -> bool {
    let Some(letter) = text.chars().next().filter(char::is_ascii_uppercase) else { return false };
    let Some(number) = text.get(1..).and_then(|number| digits(number, 9)) else { return false };
    let place = u32::from(letter) - u32::from('A') + 1;
    let body = [place / 10, place % 10].into_iter().chain(number.iter().take(8).copied());
    let cross_sum = |product: u32| product / 10 + product % 10;
    let sum: u32 = body.zip([1, 2].into_iter().cycle()).map(|(digit, by)| cross_sum(digit * by)).sum();
    number.last().copied() == Some(sum % 10)
}

const SPANISH: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

pub(super) fn es_dni(text: &str) -> bool {
    let Some((number, letter)) = text.split_at_checked(8) else { return false };
    digits(number, 8).is_some_and(|number| has_letter(&number, letter))
}

pub(super) fn es_nie(text: &str) -> bool {
    let first = match text.as_bytes().first() {
        Some(b'X') => "0",
        Some(b'Y') => "1",
        Some(b'Z') => "2",
        _ => return false,
    };
    es_dni(&[first, text.get(1..).unwrap_or_default()].concat())
}

fn has_letter(number: &[u32], letter: &str) -> bool {
    let at = usize::try_from(remainder(number, 23)).unwrap_or_default();
    SPANISH.get(at).is_some_and(|expected| letter.as_bytes() == [*expected])
}

pub(super) fn it_codice_fiscale(text: &str) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let digit = |one: u8| one.is_ascii_digit() || b"LMNPQRSTUV".contains(&one);
    let shape = text.len() == 16
        && text.bytes().enumerate().all(|(at, one)| match at {
            6 | 7 | 9 | 10 | 12..=14 => digit(one),
            8 => b"ABCDEHLMPRST".contains(&one),
            _ => one.is_ascii_uppercase(),
        });
    let value = |one: u8| u32::from(if one.is_ascii_digit() { one - b'0' } else { one.wrapping_sub(b'A') });
    let odd = |one: u8| usize::try_from(value(one)).ok().and_then(|at| ODD.get(at).copied()).unwrap_or(0);
    let sum: u32 = text
        .bytes()
        .take(15)
        .enumerate()
        .map(|(at, one)| if at.is_multiple_of(2) { odd(one) } else { value(one) })
        .sum();
    shape && text.bytes().last().map(value) == Some(sum % 26)
}

pub(super) fn nl_bsn(text: &str) -> bool {
    digits(text, 9).is_some_and(|number| {
        let last = number.last().copied().unwrap_or_default();
        number.iter().any(|digit| *digit > 0) && weighted(&number, [9, 8, 7, 6, 5, 4, 3, 2, 0]) % 11 == last
    })
}

pub(super) fn pl_pesel(text: &str) -> bool {
    digits(text, 11).is_some_and(|number| {
        let month = remainder(number.get(2..4).unwrap_or_default(), 100) % 20;
        let day = remainder(number.get(4..6).unwrap_or_default(), 100);
        (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && weighted(&number, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
    })
}

pub(super) fn be_nn(text: &str) -> bool {
    digits(text, 11).is_some_and(|number| {
        let (body, check) = number.split_at(9);
        let later: Vec<_> = std::iter::once(2).chain(body.iter().copied()).collect();
        let check = remainder(check, 100);
        check == 97 - remainder(body, 97) || check == 97 - remainder(&later, 97)
    })
}

pub(super) fn se_personnummer(text: &str) -> bool {
    let number = text.get(2..).filter(|_| text.len() == 12).unwrap_or(text).replace('+', "");
    let month = number.get(2..4).and_then(|month| month.parse::<u8>().ok());
    month.is_some_and(|month| (1..=12).contains(&month))
        && digits(&number, 10).is_some_and(|number| luhn(&number))
}

pub(super) fn fi_hetu(text: &str) -> bool {
    const CHECKS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let (Some(day), Some(sign), Some(rest)) = (text.get(..6), text.get(6..7), text.get(7..)) else {
        return false;
    };
    let century = matches!(sign, "+" | "-" | "A" | "B" | "C" | "D" | "E" | "F" | "U" | "V" | "W" | "X" | "Y");
    let Some((individual, check)) = rest.split_at_checked(3) else { return false };
    let Some(number) = digits(&[day, individual].concat(), 9) else { return false };
    let at = usize::try_from(remainder(&number, 31)).unwrap_or_default();
    century && starts_with_day(text) && CHECKS.get(at).is_some_and(|expected| check.as_bytes() == [*expected])
}

pub(super) fn ie_pps(text: &str) -> bool {
    let (Some(number), Some(check), Some(second)) = (text.get(..7), text.get(7..8), text.get(8..)) else {
        return false;
    };
    // The second letter weighs 9 in the numbers since 2013; W, T and X of the older ones weigh nothing.
    let weight = match second {
        "A" => 1,
        "H" => 8,
        "" | "W" | "T" | "X" => 0,
        _ => return false,
    };
    digits(number, 7).is_some_and(|number| {
        let sum = weighted(&number, (2..=8).rev()) + 9 * weight;
        let at = usize::try_from(sum % 23).unwrap_or_default();
        b"WABCDEFGHIJKLMNOPQRSTUV".get(at).is_some_and(|expected| check.as_bytes() == [*expected])
    })
}
