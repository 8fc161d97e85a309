//! What macros say: log events, metrics, panics, and errors that are made by `format!`.

use std::collections::BTreeSet;

use super::Finding;
use super::lexer::{Kind, Token, close, inside, parts};
use super::placeholders::placeholders;
use super::raw::Raw;
use super::shown::harmless;

const LOGS: &[&str] = &[
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "event",
    "span",
    "trace_span",
    "debug_span",
    "info_span",
    "warn_span",
    "error_span",
    "counter",
    "gauge",
    "histogram",
];
/// Those of [`LOGS`] whose first argument is the name of a metric.
const METRICS: &[&str] = &["counter", "gauge", "histogram"];
const PANICS: &[&str] = &[
    "panic",
    "unreachable",
    "unimplemented",
    "todo",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "dbg",
];

/// Names that stand for data of a patient wherever they are used.
const PAYLOAD: &[&str] = &[
    "expose",
    "expose_mut",
    "into_exposed",
    "resource",
    "bundle",
    "payload",
    "body",
    "raw",
    "value",
    "content",
    "contents",
    "input",
    "identifier",
    "family",
    "given",
    "birth_date",
    "address_line",
    "phone",
    "email",
    "narrative",
    "to_json",
    "control_id",
    "mrn",
    "original",
    "segment_text",
    "document",
];

/// What a statement holds that makes an error.
const ERRORS: &[&str] =
    &["Err", "map_err", "ok_or", "ok_or_else", "Failure", "Refusal", "Problem", "diagnostics"];

/// The names under which a log event or metric may say something.
#[derive(Debug, Default)]
pub(super) struct Fields<'s>(pub(super) BTreeSet<&'s str>);

/// Everything that is said in a file.
pub(super) fn said<'s>(tokens: &[Token<'s>], raw: &Raw<'_>, fields: &Fields<'_>) -> Vec<Finding> {
    let functions = functions(tokens, raw);
    let mut found = vec![];
    for (at, token) in tokens.iter().enumerate() {
        let is_macro = tokens.get(at + 1).is_some_and(|next| next.is("!"))
            && tokens.get(at + 2).is_some_and(Token::opens);
        if !is_macro {
            continue;
        }
        let inside = inside(tokens, at + 2);
        let texts = functions.iter().filter(|(from, to, _)| (*from..*to).contains(&at));
        let texts: BTreeSet<&str> = texts.flat_map(|(.., texts)| texts.iter().copied()).collect();
        let name = |list: &[&str]| list.iter().any(|name| token.is(name));
        if name(LOGS) {
            let metric = METRICS.iter().any(|metric| token.is(metric));
            found.extend(log(inside, usize::from(metric), &texts, fields));
        } else if name(PANICS) {
            found.extend(panics(token, inside));
        } else if token.is("format") && makes_an_error(tokens, at) {
            let why = "an error is made from raw text";
            found.extend(telling(inside, &texts).map(|(line, key)| Finding {
                line,
                key,
                why: why.to_owned(),
            }));
        }
    }
    found
}

/// From where to where each function goes, and its arguments that are raw text.
fn functions<'s>(tokens: &[Token<'s>], raw: &Raw<'_>) -> Vec<(usize, usize, BTreeSet<&'s str>)> {
    let mut found = vec![];
    for (at, _) in tokens.iter().enumerate().filter(|(_, token)| token.is("fn")) {
        let Some(open) = (at..tokens.len()).find(|at| tokens.get(*at).is_some_and(|token| token.is("(")))
        else {
            continue;
        };
        let mut texts = BTreeSet::new();
        for part in parts(inside(tokens, open), true) {
            let colon = part.iter().position(|token| token.is(":"));
            let name = colon.and_then(|colon| colon.checked_sub(1)).and_then(|at| part.get(at));
            let of = colon.and_then(|colon| part.get(colon + 1..)).unwrap_or_default();
            texts.extend(name.filter(|_| raw.is(of)).map(|name| name.text));
        }
        let behind = close(tokens, open) + 1;
        let body = (behind..tokens.len())
            .find(|at| tokens.get(*at).is_some_and(|token| token.is("{") || token.is(";")));
        if let Some(body) = body.filter(|body| tokens.get(*body).is_some_and(|token| token.is("{"))) {
            found.push((body, close(tokens, body), texts));
        }
    }
    found
}

/// Fields of a log event, or labels of a metric behind its name: under a name that is known, and without the data itself.
fn log(inside: &[Token<'_>], names: usize, texts: &BTreeSet<&str>, fields: &Fields<'_>) -> Vec<Finding> {
    let mut found = vec![];
    for part in parts(inside, false).into_iter().skip(names) {
        let Some(first) = part.first() else { continue };
        let told = telling(part, texts).next();
        if let Some((line, key)) = told {
            found.push(Finding { line, key, why: "a log event or metric tells raw text".to_owned() });
        } else if first.kind == Kind::Text && part.len() == 1 {
            continue;
        } else if let Some(name) = field_name(part).filter(|name| !fields.0.contains(name)) {
            let why = "a log event or metric has a field of an unknown name".to_owned();
            found.push(Finding { line: first.line, key: name.to_owned(), why });
        }
    }
    found
}

/// The name of `name = …`, `%name`, `?name`, `"name" => …` and `name`.
fn field_name<'s>(part: &[Token<'s>]) -> Option<&'s str> {
    let part = match part.first() {
        Some(first) if first.is("%") || first.is("?") => part.get(1..)?,
        _ => part,
    };
    let end = part.iter().position(|token| token.is("=")).unwrap_or(part.len());
    let first = part.get(..end)?.iter().rfind(|token| token.kind != Kind::Mark)?;
    Some(first.text.trim_matches('"'))
}

/// Words of an expression that stand for raw text, with their line.
fn telling<'t>(
    tokens: &'t [Token<'_>],
    texts: &'t BTreeSet<&str>,
) -> impl Iterator<Item = (usize, String)> + 't {
    let is_told = |word: &str| PAYLOAD.contains(&word) || texts.contains(word);
    tokens.iter().enumerate().flat_map(move |(at, token)| {
        let before = |steps: usize| at.checked_sub(steps).and_then(|at| tokens.get(at));
        let part_of_path =
            before(1).is_some_and(|before| before.is(":")) && before(2).is_some_and(|b| b.is(":"));
        let names = tokens.get(at + 1).is_some_and(|next| next.is("=")) || part_of_path;
        let told = match token.kind {
            Kind::Text => placeholders(token.text),
            Kind::Word if !names && !harmless(tokens, at + 1) => vec![token.text.to_owned()],
            _ => vec![],
        };
        let line = token.line;
        told.into_iter().filter(move |word| is_told(word)).map(move |word| (line, word))
    })
}

/// Panics and assertions say what they were written with, and nothing of the data.
fn panics(name: &Token<'_>, inside: &[Token<'_>]) -> Option<Finding> {
    let compares = name.text.ends_with("_eq") || name.text.ends_with("_ne");
    let arguments = parts(inside, false);
    let message =
        arguments.iter().position(|part| part.first().is_some_and(|first| first.kind == Kind::Text));
    let says = message.is_some_and(|at| {
        let captured = arguments.get(at).and_then(|part| part.first());
        at + 1 < arguments.len() || captured.is_some_and(|text| !placeholders(text.text).is_empty())
    });
    (compares || says || name.is("dbg")).then(|| Finding {
        line: name.line,
        key: format!("{}!", name.text),
        why: "a panic repeats what it was about".to_owned(),
    })
}

/// Whether the statement around a `format!` makes an error.
fn makes_an_error(tokens: &[Token<'_>], at: usize) -> bool {
    let ends = |token: &Token<'_>| token.is(";") || token.is("{") || token.is("}");
    let before = tokens.get(..at).unwrap_or_default();
    let from = before.iter().rposition(ends).map_or(0, |from| from + 1);
    before.get(from..).unwrap_or_default().iter().any(|token| {
        token.kind == Kind::Word && (ERRORS.contains(&token.text) || token.text.ends_with("Error"))
    })
}
