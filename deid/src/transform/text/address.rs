//! Addresses on the net.

use super::{ends, is_word, run};

/// `https://…`, `www.…` and the like, up to a blank or a bracket.
pub(super) fn url(text: &[char]) -> Option<usize> {
    const SCHEMES: [&str; 9] =
        ["http://", "https://", "ftp://", "sftp://", "www.", "urn:", "mailto:", "tel:", "file://"];
    let scheme = SCHEMES.iter().find(|scheme| starts_with(text, scheme))?;
    let end =
        text.iter().position(|one| one.is_whitespace() || "<>\"'[]{}|".contains(*one)).unwrap_or(text.len());
    let body = text.get(..end)?;
    let end = end - body.iter().rev().take_while(|one| ".,;:!?)".contains(**one)).count();
    (end > scheme.len()).then_some(end)
}

fn starts_with(text: &[char], prefix: &str) -> bool {
    let same = text.iter().zip(prefix.chars()).take_while(|(one, other)| one.to_ascii_lowercase() == *other);
    same.count() == prefix.len()
}

/// `name@domain`, whether or not the domain has a point.
pub(super) fn email(text: &[char]) -> Option<usize> {
    let local = run(text, 65, |one| is_word(one) || ".%+-'".contains(one));
    if !(1..=64).contains(&local) || text.get(local) != Some(&'@') {
        return None;
    }
    let domain = run(text.get(local + 1..)?, 254, |one| is_word(one) || ".-".contains(one));
    let end = local + 1 + domain;
    let trailing = text.get(..end)?.iter().rev().take_while(|one| ".-".contains(**one)).count();
    (domain > trailing + 1).then_some(end - trailing)
}

/// An IPv4, IPv6 or MAC address.
pub(super) fn ip(text: &[char]) -> Option<usize> {
    four(text).or_else(|| hexadecimal(text))
}

fn four(text: &[char]) -> Option<usize> {
    let mut at = 0;
    for part in 0..4 {
        if part > 0 {
            at += usize::from(*text.get(at)? == '.');
        }
        let digits = run(text.get(at..)?, 4, |one| one.is_ascii_digit());
        if !(1..=3).contains(&digits) {
            return None;
        }
        at += digits;
        if part < 3 && text.get(at) != Some(&'.') {
            return None;
        }
    }
    ends(text, at).then_some(at)
}

/// Groups of hexadecimal digits: eight with colons, fewer with `::`, or six pairs.
fn hexadecimal(text: &[char]) -> Option<usize> {
    let length = run(text, 46, |one| one.is_ascii_hexdigit() || ":-".contains(one));
    if text.iter().take(length).filter(|one| ":-".contains(**one)).count() < 2 {
        return None;
    }
    let body: String = text.get(..length)?.iter().collect();
    let body = body.trim_end_matches([':', '-']);
    let pairs =
        |separator| body.split(separator).count() == 6 && body.split(separator).all(|group| group.len() == 2);
    let groups = body.split(':').all(|group| group.len() <= 4);
    let colons = body.matches(':').count();
    let six = groups && (colons == 7 || body.contains("::") && (2..=7).contains(&colons));
    let found = (six || pairs(':') || pairs('-')) && length < 46;
    (found && ends(text, body.len())).then_some(body.len())
}
