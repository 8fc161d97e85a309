//! The functions of texts, and the conversions.

use super::error::Undecided;
use super::expression::Expression;
use super::function::Function;
use super::item::{Item, Scalar};
use super::run::{Outcome, Run};

/// `startsWith`, `endsWith`, `contains`.
pub(super) fn test<'a>(
    run: &Run<'_, 'a>,
    of: &'a Expression,
    function: Function,
    argument: &'a Expression,
    this: &[Item<'a>],
) -> Outcome<Option<bool>> {
    let Some(item) = run.one(of, this)? else { return Ok(None) };
    let Some(argument) = run.one(argument, this)? else { return Ok(None) };
    let (text, part) = (text_of(&item)?, text_of(&argument)?);
    run.step(text.len() / 64)?;
    Ok(Some(match function {
        Function::StartsWith => text.starts_with(part),
        Function::EndsWith => text.ends_with(part),
        _ => text.contains(part),
    }))
}

/// The functions that make one value of one value.
pub(super) fn call<'a>(
    run: &Run<'_, 'a>,
    of: &'a Expression,
    function: Function,
    arguments: &'a [Expression],
    this: &[Item<'a>],
) -> Outcome<Option<Item<'a>>> {
    let Some(item) = run.one(of, this)? else { return Ok(None) };
    let argument = |index: usize| match arguments.get(index) {
        Some(argument) => run.one(argument, this),
        None => Ok(None),
    };
    match function {
        Function::ToText => return Ok(written(&item)),
        Function::ToInteger => return Ok(to_integer(&item)),
        Function::ToDecimal => return Ok(to_decimal(&item)),
        _ => {}
    }
    let text = text_of(&item)?;
    run.step(text.len() / 64)?;
    Ok(match function {
        Function::Length => Some(integer(text.chars().count())),
        Function::Upper => Some(Item::Text(text.to_uppercase().into())),
        Function::Lower => Some(Item::Text(text.to_lowercase().into())),
        Function::IndexOf => {
            let Some(part) = argument(0)? else { return Ok(None) };
            Some(index_of(text, text_of(&part)?))
        }
        Function::Replace => {
            let Some((from, to)) = argument(0)?.zip(argument(1)?) else { return Ok(None) };
            replaced(run, text, text_of(&from)?, text_of(&to)?)?
        }
        Function::Substring => {
            let Some(start) = run.integer(arguments.first().ok_or(Undecided::WrongKind)?, this)? else {
                return Ok(None);
            };
            let length = arguments.get(1).map(|length| run.integer(length, this)).transpose()?.flatten();
            substring(text, start, length)
        }
        _ => return Err(Undecided::WrongKind),
    })
}

/// `matches`: somewhere in the text, unless the pattern is anchored.
pub(super) fn matches<'a>(
    run: &Run<'_, 'a>,
    of: &'a Expression,
    pattern: &regex_lite::Regex,
    this: &[Item<'a>],
) -> Outcome<Option<bool>> {
    let Some(item) = run.one(of, this)? else { return Ok(None) };
    let text = text_of(&item)?;
    run.step(text.len().saturating_mul(16))?;
    Ok(Some(pattern.is_match(text)))
}

pub(super) fn replace_matches<'a>(
    run: &Run<'_, 'a>,
    of: &'a Expression,
    pattern: &regex_lite::Regex,
    with: &'a Expression,
    this: &[Item<'a>],
) -> Outcome<Option<Item<'a>>> {
    let Some((item, with)) = run.one(of, this)?.zip(run.one(with, this)?) else { return Ok(None) };
    let (text, with) = (text_of(&item)?, text_of(&with)?);
    run.step(text.len().saturating_mul(16 + with.len()))?;
    Ok(Some(Item::Text(pattern.replace_all(text, with).into_owned().into())))
}

/// `&`: an absent operand is an empty text.
pub(super) fn concatenate<'a>(left: Option<&Item<'_>>, right: Option<&Item<'_>>) -> Outcome<Item<'a>> {
    let part =
        |item: Option<&Item<'_>>| item.map_or(Ok(String::new()), |item| text_of(item).map(str::to_owned));
    let mut text = part(left)?;
    text.push_str(&part(right)?);
    Ok(Item::Text(text.into()))
}

fn text_of<'i>(item: &'i Item<'_>) -> Outcome<&'i str> {
    item.as_str().ok_or(Undecided::WrongKind)
}

fn integer<'a>(value: usize) -> Item<'a> {
    Item::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn written<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    let text = match item.scalar()? {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Integer(value) => value.to_string(),
        Scalar::Number(text) | Scalar::Text(text, _) => text.to_owned(),
    };
    Some(Item::Text(text.into()))
}

fn to_integer<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item.scalar()? {
        Scalar::Bool(value) => Some(Item::Integer(value.into())),
        Scalar::Integer(value) => Some(Item::Integer(value)),
        Scalar::Number(text) | Scalar::Text(text, _) => text.parse().ok().map(Item::Integer),
    }
}

fn to_decimal<'a>(item: &Item<'a>) -> Option<Item<'a>> {
    match item.scalar()? {
        Scalar::Bool(value) => Some(Item::Decimal(if value { "1.0" } else { "0.0" }.into())),
        Scalar::Integer(value) => Some(Item::Decimal(value.to_string().into())),
        Scalar::Number(text) | Scalar::Text(text, _) => {
            let text = text.strip_prefix('+').unwrap_or(text);
            crate::Value::number(text).map(|_| Item::Decimal(text.to_owned().into()))
        }
    }
}

fn index_of<'a>(text: &str, part: &str) -> Item<'a> {
    match text.find(part) {
        Some(at) => integer(text.char_indices().take_while(|(index, _)| *index < at).count()),
        None => Item::Integer(-1),
    }
}

fn replaced<'a>(run: &Run<'_, 'a>, text: &str, from: &str, to: &str) -> Outcome<Option<Item<'a>>> {
    // Each of its places can grow by `to`.
    run.step((text.len() / 8).saturating_mul(1 + to.len() / 8))?;
    Ok(Some(Item::Text(text.replace(from, to).into())))
}

/// From the character `start` on; nothing when it is outside.
fn substring<'a>(text: &str, start: i64, length: Option<i64>) -> Option<Item<'a>> {
    let start = usize::try_from(start).ok()?;
    let (from, _) = text.char_indices().nth(start)?;
    let rest = text.get(from..)?;
    let length = length.map_or(usize::MAX, |length| usize::try_from(length).unwrap_or(0));
    let part: String = rest.chars().take(length).collect();
    Some(Item::Text(part.into()))
}
