//! What types show of themselves: derived `Debug`, `Debug` and `Display` by hand, messages of errors.

use std::collections::BTreeMap;

use super::Finding;
use super::items::{Shape, Type};
use super::lexer::{Kind, Token, close, inside, parts};
use super::placeholders::placeholders;
use super::raw::Raw;

/// Types whose derived `Debug` shows raw text.
pub(super) fn derived(types: &[Type<'_>], raw: &Raw<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for item in types.iter().filter(|item| item.shown) {
        let fields = item.shapes.iter().flat_map(|shape| &shape.fields);
        if let Some(field) = fields.into_iter().find(|field| raw.is(&field.of)) {
            found.push(Finding {
                line: item.line,
                key: item.name.to_owned(),
                why: format!("derives `Debug` and holds raw text in `{}`", field.name),
            });
        }
    }
    found
}

/// Messages of errors that print a field with raw text, or an error that repeats its input.
pub(super) fn messages(types: &[Type<'_>], raw: &Raw<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for item in types {
        for shape in item.shapes.iter().filter(|shape| !shape.message.is_empty()) {
            let all = shape.message.first().is_some_and(|word| word.is("transparent"));
            let named = named_in(&shape.message);
            for field in &shape.fields {
                let printed = all || named.contains(&field.name);
                if printed && (raw.is(&field.of) || Raw::repeats(&field.of)) {
                    found.push(Finding {
                        line: field.line,
                        key: key(item, shape, &field.name),
                        why: "a message of an error prints raw text".to_owned(),
                    });
                }
            }
        }
    }
    found
}

fn key(item: &Type<'_>, shape: &Shape<'_>, field: &str) -> String {
    match shape.variant {
        Some(variant) => format!("{}::{variant}.{field}", item.name),
        None => format!("{}.{field}", item.name),
    }
}

/// The fields that a message names, in its text or behind it, unless only their length is asked for.
fn named_in(message: &[Token<'_>]) -> Vec<String> {
    let mut named = vec![];
    for (at, token) in message.iter().enumerate() {
        if token.kind == Kind::Text {
            named.extend(placeholders(token.text));
        } else if token.kind != Kind::Mark && !harmless(message, at + 1) {
            named.push(token.text.to_owned());
        }
    }
    named
}

/// `Debug` and `Display` by hand that print raw text of the type.
pub(super) fn by_hand(tokens: &[Token<'_>], types: &[Type<'_>], raw: &Raw<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.is("impl")) {
        let Some((name, open)) = shown_type(tokens, at) else { continue };
        let Some(item) = types.iter().find(|item| item.name == name) else { continue };
        let body = inside(tokens, open);
        for shape in &item.shapes {
            let fields: BTreeMap<&str, ()> = shape
                .fields
                .iter()
                .filter(|field| raw.is(&field.of))
                .map(|field| (field.name.as_str(), ()))
                .collect();
            let printed = match shape.variant {
                None => of_self(body, &fields),
                Some(variant) => of_variant(body, variant, shape, raw),
            };
            for (line, field) in printed {
                let why = "`Debug` or `Display` prints raw text".to_owned();
                found.push(Finding { line, key: key(item, shape, &field), why });
            }
        }
    }
    found
}

/// The type of `impl … Debug for TYPE {`, and where its body opens.
fn shown_type<'s>(tokens: &[Token<'s>], at: usize) -> Option<(&'s str, usize)> {
    let rest = tokens.get(at..)?;
    let open = rest.iter().position(|token| token.is("{"))?;
    let head = rest.get(..open)?;
    let of = head.iter().position(|token| token.is("for"))?;
    let shows = head.get(..of)?.last().is_some_and(|last| last.is("Debug") || last.is("Display"));
    let words = head.get(of + 1..)?;
    let end = words.iter().position(|token| token.is("<")).unwrap_or(words.len());
    let name = words.get(..end)?.iter().rfind(|token| token.kind == Kind::Word)?;
    shows.then_some((name.text, at + open))
}

/// Uses of `self.FIELD`.
fn of_self(body: &[Token<'_>], fields: &BTreeMap<&str, ()>) -> Vec<(usize, String)> {
    let mut found = vec![];
    for (at, token) in body.iter().enumerate().filter(|(_, token)| token.is("self")) {
        let Some(field) = body.get(at + 2).filter(|_| body.get(at + 1).is_some_and(|dot| dot.is("."))) else {
            continue;
        };
        if fields.contains_key(field.text) && !harmless(body, at + 3) {
            found.push((token.line, field.text.to_owned()));
        }
    }
    found
}

/// Uses of what `Self::VARIANT` binds.
fn of_variant(body: &[Token<'_>], variant: &str, shape: &Shape<'_>, raw: &Raw<'_>) -> Vec<(usize, String)> {
    let mut found = vec![];
    for at in 0..body.len() {
        let is = |steps: usize, text: &str| body.get(at + steps).is_some_and(|token| token.is(text));
        let opens = body.get(at + 4).is_some_and(Token::opens);
        if !(is(0, "Self") && is(1, ":") && is(2, ":") && is(3, variant) && opens) {
            continue;
        }
        let behind = close(body, at + 4) + 1;
        let arm = arm(body, behind);
        for (number, part) in parts(inside(body, at + 4), false).into_iter().enumerate() {
            let Some(first) = part.first() else { continue };
            let field = shape
                .fields
                .iter()
                .find(|field| field.name == first.text || field.name == number.to_string());
            let Some(field) = field.filter(|field| raw.is(&field.of)) else { continue };
            let bound = part.last().map_or("", |last| last.text);
            if bound != "_" && uses(arm, bound) {
                found.push((first.line, field.name.clone()));
            }
        }
    }
    found
}

/// The right side of an arm whose pattern ends at `at`.
fn arm<'t, 's>(body: &'t [Token<'s>], at: usize) -> &'t [Token<'s>] {
    let rest = body.get(at..).unwrap_or_default();
    let start = rest.iter().position(|token| token.is(">")).map_or(rest.len(), |start| start + 1);
    let rest = rest.get(start..).unwrap_or_default();
    if rest.first().is_some_and(|first| first.is("{")) {
        return inside(rest, 0);
    }
    parts(rest, false).first().copied().unwrap_or_default()
}

fn uses(arm: &[Token<'_>], bound: &str) -> bool {
    let in_text = |token: &Token<'_>| {
        token.kind == Kind::Text && placeholders(token.text).iter().any(|name| name == bound)
    };
    let mut tokens = arm.iter().enumerate();
    tokens.any(|(at, token)| in_text(token) || token.is(bound) && !harmless(arm, at + 1))
}

/// Whether only the length or the presence of a value is taken by what follows it.
pub(super) fn harmless(tokens: &[Token<'_>], at: usize) -> bool {
    const TAKEN: [&str; 6] = ["len", "count", "is_some", "is_none", "is_empty", "is_some_and"];
    const WAYS: [&str; 12] = [
        "as_ref", "as_deref", "as_str", "iter", "map", "Vec", "str", "String", "Value", "chars", "keys",
        "expect",
    ];
    for token in tokens.iter().skip(at) {
        if TAKEN.iter().any(|word| token.is(word)) {
            return true;
        }
        let on_the_way = matches!(token.text, "." | ":" | "(" | ")" | "<" | ">" | "[" | "]" | "u8");
        if !on_the_way && !WAYS.iter().any(|word| token.is(word)) {
            return false;
        }
    }
    false
}
