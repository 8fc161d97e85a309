//! The types of a file: what they hold, what they derive, and the messages of errors.

use super::lexer::{Kind, Token, close, inside, parts};

/// A struct or an enum.
#[derive(Debug)]
pub(super) struct Type<'s> {
    pub(super) name: &'s str,
    pub(super) line: usize,
    /// Whether it derives `Debug`.
    pub(super) shown: bool,
    pub(super) shapes: Vec<Shape<'s>>,
}

/// A struct, or one variant of an enum.
#[derive(Debug)]
pub(super) struct Shape<'s> {
    pub(super) variant: Option<&'s str>,
    /// What stands in `#[error(…)]`.
    pub(super) message: Vec<Token<'s>>,
    pub(super) fields: Vec<Field<'s>>,
}

/// A field by its name or number, and the tokens of its type.
#[derive(Debug)]
pub(super) struct Field<'s> {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) of: Vec<Token<'s>>,
}

/// The types of a file.
pub(super) fn types<'s>(tokens: &[Token<'s>]) -> Vec<Type<'s>> {
    let mut found = vec![];
    for (at, token) in tokens.iter().enumerate() {
        let Some(name) = tokens.get(at + 1).filter(|next| next.kind == Kind::Word) else { continue };
        if token.is("struct") || token.is("enum") {
            let attributes = attributes_before(tokens, at);
            let message = message(&attributes);
            let Some(open) = body(tokens, at + 2) else { continue };
            let inner = inside(tokens, open);
            let shapes = if token.is("enum") {
                parts(inner, true).into_iter().filter_map(variant).collect()
            } else {
                let named = tokens.get(open).is_some_and(|open| open.is("{"));
                vec![Shape { variant: None, message, fields: fields(inner, named) }]
            };
            let shown = attributes.iter().any(|attribute| {
                attribute.first().is_some_and(|word| word.is("derive"))
                    && attribute.iter().any(|word| word.is("Debug"))
            });
            found.push(Type { name: name.text, line: name.line, shown, shapes });
        }
    }
    found
}

/// The names of `type NAME = …`, beside the types of traits, that stand for raw text by `raw`.
pub(super) fn aliases<'s>(tokens: &[Token<'s>], raw: impl Fn(&[Token<'s>]) -> bool) -> Vec<&'s str> {
    let mut found = vec![];
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.opens() {
            depth += 1;
        } else if token.closes() {
            depth = depth.saturating_sub(1);
        }
        let Some(name) = tokens.get(at + 1).filter(|next| next.kind == Kind::Word) else { continue };
        if depth > 0 || !token.is("type") {
            continue;
        }
        let rest = tokens.get(at + 2..).unwrap_or_default();
        let end = rest.iter().position(|token| token.is(";")).unwrap_or(0);
        if raw(rest.get(..end).unwrap_or_default()) {
            found.push(name.text);
        }
    }
    found
}

/// Where the fields open; `None` for a struct without any.
fn body(tokens: &[Token<'_>], mut at: usize) -> Option<usize> {
    let mut angles = 0_usize;
    loop {
        let token = tokens.get(at)?;
        if token.is("<") {
            angles += 1;
        } else if token.is(">") {
            angles = angles.saturating_sub(1);
        } else if token.is(";") {
            return None;
        } else if angles == 0 && (token.is("{") || token.is("(")) {
            return Some(at);
        }
        at += 1;
    }
}

/// The attributes of the item whose keyword stands at `at`.
fn attributes_before<'t, 's>(tokens: &'t [Token<'s>], at: usize) -> Vec<&'t [Token<'s>]> {
    let start = tokens
        .get(..at)
        .unwrap_or_default()
        .iter()
        .rposition(|token| token.is(";") || token.is("{") || token.is("}"));
    let mut from = start.map_or(0, |start| start + 1);
    let mut found = vec![];
    while from < at {
        if tokens.get(from).is_some_and(|token| token.is("[")) {
            found.push(inside(tokens, from));
            from = close(tokens, from);
        }
        from += 1;
    }
    found
}

fn message<'s>(attributes: &[&[Token<'s>]]) -> Vec<Token<'s>> {
    let error = attributes.iter().find(|attribute| attribute.first().is_some_and(|word| word.is("error")));
    error.map_or_else(Vec::new, |attribute| inside(attribute, 1).to_vec())
}

/// The attributes that a part begins with, and what follows.
fn split<'t, 's>(part: &'t [Token<'s>]) -> (Vec<&'t [Token<'s>]>, &'t [Token<'s>]) {
    let (mut attributes, mut rest) = (vec![], part);
    while rest.first().is_some_and(|token| token.is("#")) {
        attributes.push(inside(rest, 1));
        rest = rest.get(close(rest, 1) + 1..).unwrap_or_default();
    }
    if rest.first().is_some_and(|token| token.is("pub")) {
        let scoped = rest.get(1).is_some_and(|token| token.is("("))
            && rest
                .get(2)
                .is_some_and(|token| ["crate", "super", "self", "in"].iter().any(|scope| token.is(scope)));
        rest = rest.get(if scoped { close(rest, 1) + 1 } else { 1 }..).unwrap_or_default();
    }
    (attributes, rest)
}

fn variant<'s>(part: &[Token<'s>]) -> Option<Shape<'s>> {
    let (attributes, rest) = split(part);
    let name = rest.first()?;
    let named = rest.get(1).is_some_and(|token| token.is("{"));
    let has_fields = named || rest.get(1).is_some_and(|token| token.is("("));
    let fields = if has_fields { fields(inside(rest, 1), named) } else { vec![] };
    Some(Shape { variant: Some(name.text), message: message(&attributes), fields })
}

fn fields<'s>(inner: &[Token<'s>], named: bool) -> Vec<Field<'s>> {
    let mut found = vec![];
    for (number, part) in parts(inner, true).into_iter().enumerate() {
        let (_, rest) = split(part);
        let Some(first) = rest.first() else { continue };
        let (name, of) = if named {
            (first.text.to_owned(), rest.get(2..).unwrap_or_default())
        } else {
            (number.to_string(), rest)
        };
        found.push(Field { name, line: first.line, of: of.to_vec() });
    }
    found
}
