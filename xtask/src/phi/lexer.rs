//! Rust source as tokens: enough to find types, fields and the arguments of macros.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// A string literal with its quotes and prefix.
    Text,
    /// A number, a character or a lifetime.
    Other,
    /// One character of punctuation.
    Mark,
}

/// A token and its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'s> {
    pub(super) kind: Kind,
    pub(super) text: &'s str,
    pub(super) line: usize,
}

impl Token<'_> {
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text && self.kind != Kind::Text
    }

    pub(super) fn opens(&self) -> bool {
        self.kind == Kind::Mark && matches!(self.text, "(" | "[" | "{")
    }

    pub(super) fn closes(&self) -> bool {
        self.kind == Kind::Mark && matches!(self.text, ")" | "]" | "}")
    }
}

/// The tokens of a file that the compiler reads; comments are left out.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let (mut found, mut rest, mut line) = (vec![], source, 1);
    while let Some(first) = rest.chars().next() {
        let (kind, len) = next(rest, first);
        let (text, after) = rest.split_at_checked(len.max(1)).unwrap_or((rest, ""));
        if let Some(kind) = kind {
            found.push(Token { kind, text, line });
        }
        line += text.matches('\n').count();
        rest = after;
    }
    found
}

/// The kind and the length of what comes next; `None` for blanks and comments.
fn next(rest: &str, first: char) -> (Option<Kind>, usize) {
    if first.is_whitespace() {
        return (None, first.len_utf8());
    }
    if rest.starts_with("//") {
        return (None, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (None, comment(rest));
    }
    if let Some(len) = literal(rest) {
        return (Some(Kind::Text), len);
    }
    if first == '\'' {
        return (Some(Kind::Other), character(rest));
    }
    if first.is_ascii_digit() {
        return (Some(Kind::Other), number(rest));
    }
    if first.is_alphabetic() || first == '_' {
        return (Some(Kind::Word), word(rest));
    }
    (Some(Kind::Mark), first.len_utf8())
}

fn word(rest: &str) -> usize {
    rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len())
}

/// A number ends before `..` and before a method of it.
fn number(rest: &str) -> usize {
    let whole = word(rest);
    match rest.get(whole..).and_then(|after| after.strip_prefix('.')) {
        Some(after) if after.starts_with(|digit: char| digit.is_ascii_digit()) => whole + 1 + word(after),
        _ => whole,
    }
}

/// Block comments nest.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(here) = rest.get(at..) {
        if here.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if here.starts_with("*/") {
            (depth, at) = (depth.saturating_sub(1), at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            let Some(letter) = here.chars().next() else { break };
            at += letter.len_utf8();
        }
    }
    rest.len()
}

/// A string literal with a prefix or without one.
fn literal(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r"].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix).unwrap_or_default();
        after.starts_with('"') || prefix.ends_with('r') && after.starts_with('#')
    });
    let prefix = prefix.unwrap_or("");
    let body = rest.strip_prefix(prefix)?;
    let hashes = body.find(|letter| letter != '#').unwrap_or(0);
    let inside = body.get(hashes..)?.strip_prefix('"')?;
    let before = prefix.len() + hashes + 1;
    if prefix.ends_with('r') {
        let end = format!("\"{}", "#".repeat(hashes));
        return Some(inside.find(&end).map_or(rest.len(), |at| before + at + end.len()));
    }
    let mut escaped = false;
    let end = inside.find(|letter| {
        let ends = letter == '"' && !escaped;
        escaped = letter == '\\' && !escaped;
        ends
    });
    (hashes == 0).then(|| end.map_or(rest.len(), |at| before + at + 1))
}

/// A character or a lifetime.
fn character(rest: &str) -> usize {
    let inside = rest.get(1..).unwrap_or_default();
    if let Some(escape) = inside.strip_prefix('\\') {
        let first = escape.chars().next().map_or(0, char::len_utf8);
        let end = escape.get(first..).and_then(|after| after.find('\''));
        return end.map_or(rest.len(), |end| 2 + first + end + 1);
    }
    let mut letters = inside.char_indices();
    match (letters.next(), letters.next()) {
        (Some(_), Some((len, '\''))) => 1 + len + 1,
        _ => 1 + word(inside),
    }
}

/// Where the group ends that is opened at `open`.
pub(super) fn close(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.opens() {
            depth += 1;
        } else if token.closes() {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}

/// What stands in the group that is opened at `open`.
pub(super) fn inside<'t, 's>(tokens: &'t [Token<'s>], open: usize) -> &'t [Token<'s>] {
    tokens.get(open + 1..close(tokens, open)).unwrap_or_default()
}

/// The parts between commas that stand in no group and in no list of type arguments.
pub(super) fn parts<'t, 's>(tokens: &'t [Token<'s>], in_types: bool) -> Vec<&'t [Token<'s>]> {
    let (mut found, mut start, mut depth, mut angles) = (vec![], 0, 0_usize, 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        let arrow =
            || at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|b| b.is("-") || b.is("="));
        if token.opens() {
            depth += 1;
        } else if token.closes() {
            depth = depth.saturating_sub(1);
        } else if in_types && token.is("<") {
            angles += 1;
        } else if in_types && token.is(">") && !arrow() {
            angles = angles.saturating_sub(1);
        } else if token.is(",") && depth == 0 && angles == 0 {
            found.push(tokens.get(start..at).unwrap_or_default());
            start = at + 1;
        }
    }
    found.push(tokens.get(start..).unwrap_or_default());
    found.retain(|part| !part.is_empty());
    found
}

/// Without the items that only tests compile.
pub(super) fn without_tests<'s>(tokens: &[Token<'s>]) -> Vec<Token<'s>> {
    let (mut kept, mut at) = (vec![], 0);
    while let Some(token) = tokens.get(at) {
        let attribute = token.is("#") && tokens.get(at + 1).is_some_and(|next| next.is("["));
        if attribute && is_test(inside(tokens, at + 1)) {
            at = end_of_item(tokens, close(tokens, at + 1) + 1);
        } else {
            kept.push(*token);
            at += 1;
        }
    }
    kept
}

fn is_test(attribute: &[Token<'_>]) -> bool {
    let is_not = |token: &&Token<'_>| token.is("not");
    let first = attribute.first();
    first.is_some_and(|first| first.is("test") || first.is("cfg"))
        && attribute.iter().any(|token| token.is("test"))
        && !attribute.iter().any(|token| is_not(&token))
}

/// Behind the item that begins at `at`, with its further attributes.
fn end_of_item(tokens: &[Token<'_>], mut at: usize) -> usize {
    while tokens.get(at).is_some_and(|token| token.is("#")) {
        at = close(tokens, at + 1) + 1;
    }
    while let Some(token) = tokens.get(at) {
        if token.is(";") {
            return at + 1;
        }
        if token.is("{") {
            return close(tokens, at) + 1;
        }
        at = if token.opens() { close(tokens, at) + 1 } else { at + 1 };
    }
    at
}
