//! Dates with a day or a month; a year alone may stay.

use super::{ends, run};

/// A date in digits or with a month's name, with the time that follows it directly.
pub(super) fn date(text: &[char]) -> Option<usize> {
    in_digits(text).or_else(|| day_first(text)).or_else(|| month_first(text))
}

/// `2024-03-05`, `05/03/2024`, `5.3.24`, `2024-03`, `03/2024`.
fn in_digits(text: &[char]) -> Option<usize> {
    let (first, after) = number(text, 4)?;
    let separator = *text.get(after).filter(|one| "-/.".contains(**one))?;
    let (second, second_digits) = number(text.get(after + 1..)?, 4)?;
    let end = after + 1 + second_digits;
    if text.get(end) == Some(&separator)
        && let Some((third, digits)) = number(text.get(end + 1..)?, 4)
    {
        let year_first = after == 4 && is_month_and_day(second, third) && digits <= 2;
        let year_last = matches!(digits, 2 | 4)
            && after <= 2
            && second_digits <= 2
            && (is_month_and_day(first, second) || is_month_and_day(second, first));
        let end = end + 1 + digits;
        if year_first || year_last {
            return with_time(text, end);
        }
    }
    let year_and_month = after == 4 && second_digits == 2 && is_year(first) && is_month(second);
    let month_and_year = after <= 2 && second_digits == 4 && is_month(first) && is_year(second);
    ((year_and_month || month_and_year) && separator != '.' && ends(text, end)).then_some(end)
}

/// `5 March 2024`, `5th of March`, `5-Mar-24`, `5 de março de 2024`.
fn day_first(text: &[char]) -> Option<usize> {
    let (day, mut at) = number(text, 2)?;
    at += ordinal(text.get(at..)?);
    at += gap(text.get(at..)?)?;
    let month = month_name(text.get(at..)?)?;
    at += month;
    if !(1..=31).contains(&day) {
        return None;
    }
    Some(with_year(text, at))
}

/// `March 5, 2024`, `Mar 5`, `March 2024`.
fn month_first(text: &[char]) -> Option<usize> {
    // Most words are followed by no number, and need not be looked up.
    let mut at = run(text, 12, char::is_alphabetic);
    at += gap(text.get(at..)?)?;
    let (day, digits) = number(text.get(at..)?, 4)?;
    month_name(text)?;
    at += digits;
    match digits {
        4 if is_year(day) => ends(text, at).then_some(at),
        1 | 2 if (1..=31).contains(&day) => {
            at += ordinal(text.get(at..)?);
            ends(text, at).then(|| with_year(text, at))
        }
        _ => None,
    }
}

/// The end of the year that follows, or of what was there.
fn with_year(text: &[char], at: usize) -> usize {
    let year = || {
        let rest = text.get(at..)?;
        let comma = usize::from(rest.first() == Some(&','));
        let gap = gap(rest.get(comma..)?)?;
        let (year, digits) = number(rest.get(comma + gap..)?, 4)?;
        let end = at + comma + gap + digits;
        let fits = digits == 4 && is_year(year) || digits == 2 && rest.get(comma) == Some(&'-');
        (fits && ends(text, end)).then_some(end)
    };
    year().unwrap_or(at)
}

/// The end of a time that is joined by `T`.
fn with_time(text: &[char], at: usize) -> Option<usize> {
    match text.get(at) {
        Some('T' | 't') => {
            let time = run(text.get(at + 1..)?, 24, |one| one.is_ascii_digit() || ":.+-Zz".contains(one));
            let trailing = text
                .get(at + 1..at + 1 + time)?
                .iter()
                .rev()
                .take_while(|one| ".-+:".contains(**one))
                .count();
            let end = at + 1 + time - trailing;
            ends(text, end).then_some(end)
        }
        _ => ends(text, at).then_some(at),
    }
}

/// A number and its digits, if there are at most so many.
fn number(text: &[char], most: usize) -> Option<(u32, usize)> {
    let digits = run(text, most + 1, |one| one.is_ascii_digit());
    let value = text.iter().take(digits).try_fold(0, |value, one| Some(value * 10 + one.to_digit(10)?))?;
    (1..=most).contains(&digits).then_some((value, digits))
}

fn ordinal(text: &[char]) -> usize {
    let suffix: String = text.iter().take(2).map(char::to_ascii_lowercase).collect();
    if matches!(suffix.as_str(), "st" | "nd" | "rd" | "th") {
        2
    } else {
        usize::from(text.first().is_some_and(|one| "º.ª".contains(*one)))
    }
}

/// What may stand between the parts: blanks, a hyphen, `of`, `de`.
fn gap(text: &[char]) -> Option<usize> {
    const WORDS: [&str; 4] = ["of ", "de ", "del ", "do "];
    if text.first() == Some(&'-') || text.first() == Some(&'/') {
        return Some(1);
    }
    let blanks = run(text, 4, |one| one == ' ' || one == '.');
    let rest: String = text.iter().skip(blanks).take(4).map(char::to_ascii_lowercase).collect();
    let word = WORDS.iter().find(|word| rest.starts_with(*word)).map_or(0, |word| word.len());
    (1..=3).contains(&blanks).then_some(blanks + word)
}

/// The length of the name of a month, in English, Portuguese, Spanish, French, German or Italian, as a whole word.
fn month_name(text: &[char]) -> Option<usize> {
    let length = run(text, 12, char::is_alphabetic);
    let name: String = text.get(..length)?.iter().flat_map(|one| one.to_lowercase()).collect();
    let known = MONTHS.split_whitespace().any(|month| month == name);
    (known && ends(text, length)).then_some(length)
}

const MONTHS: &str = "january february march april may june july august september october november december \
    jan feb mar apr jun jul aug sep sept oct nov dec \
    janeiro fevereiro março marco abril maio junho julho agosto setembro outubro novembro dezembro \
    fev abr mai ago set out dez \
    enero febrero marzo mayo junio julio septiembre octubre noviembre diciembre ene dic \
    janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre decembre \
    januar februar märz april juni juli oktober dezember mär okt \
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre";

fn is_month(number: u32) -> bool {
    (1..=12).contains(&number)
}

fn is_month_and_day(month: u32, day: u32) -> bool {
    is_month(month) && (1..=31).contains(&day)
}

fn is_year(number: u32) -> bool {
    (1800..=2200).contains(&number)
}
