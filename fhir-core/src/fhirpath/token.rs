//! From the text of an expression to its tokens.

use super::error::{FhirPathError, FhirPathReason};
use crate::{DateParts, TimeParts};

/// A token and the byte where it starts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) offset: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// An identifier or a word such as `and`.
    Word(String),
    /// An identifier in backticks, which is never a word of the language.
    Quoted(String),
    Text(String),
    Number(String),
    /// A date or time without its `@`, and a time without its `T`.
    Moment(String),
    /// `%name`
    Variable(String),
    /// `$this` and the like.
    Special(String),
    Symbol(&'static str),
}

/// Longer ones first.
const SYMBOLS: [&str; 24] = [
    "!=", "!~", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "|", "&", "=", "~",
    "<", ">", ";", ":",
];

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FhirPathError> {
    if text.len() > FhirPathError::MAX_BYTES {
        return Err(FhirPathError::new(FhirPathReason::TooLarge, 0));
    }
    let mut scanner = Scanner { rest: text, length: text.len() };
    let mut tokens = Vec::new();
    loop {
        scanner.skip_space()?;
        let offset = scanner.offset();
        let Some(first) = scanner.rest.chars().next() else { return Ok(tokens) };
        let kind = scanner.token(first)?;
        tokens.push(Token { kind, offset });
    }
}

struct Scanner<'a> {
    rest: &'a str,
    length: usize,
}

impl<'a> Scanner<'a> {
    fn token(&mut self, first: char) -> Result<TokenKind, FhirPathError> {
        match first {
            '\'' => self.delimited('\'').map(TokenKind::Text),
            '`' => self.delimited('`').map(TokenKind::Quoted),
            '@' => self.moment(),
            '%' => self.variable(),
            '$' => {
                self.skip(1);
                Ok(TokenKind::Special(self.take(is_word).to_owned()))
            }
            '0'..='9' => Ok(TokenKind::Number(self.number())),
            first if is_word(first) => Ok(TokenKind::Word(self.take(is_word).to_owned())),
            _ => self.symbol(),
        }
    }

    fn symbol(&mut self) -> Result<TokenKind, FhirPathError> {
        let symbol = SYMBOLS.into_iter().find(|symbol| self.rest.starts_with(symbol));
        let symbol = symbol.ok_or_else(|| self.fail(FhirPathReason::UnexpectedToken))?;
        self.skip(symbol.len());
        Ok(TokenKind::Symbol(symbol))
    }

    fn number(&mut self) -> String {
        let whole = self.take(|c| c.is_ascii_digit());
        let fraction =
            self.rest.strip_prefix('.').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if fraction.is_none() {
            return whole.to_owned();
        }
        self.skip(1);
        format!("{whole}.{}", self.take(|c| c.is_ascii_digit()))
    }

    fn moment(&mut self) -> Result<TokenKind, FhirPathError> {
        self.skip(1);
        let text = self.take(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | 'T'));
        let mut moment = text.to_owned();
        // The fraction and the zone of a time; a point after a date is a step of the path.
        if text.contains('T') {
            if self.rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            {
                moment.push_str(self.take(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | ':')));
            }
            moment.push_str(self.take(|c| matches!(c, 'Z' | '+' | ':') || c.is_ascii_digit()));
        }
        let date = moment.strip_suffix('T').unwrap_or(&moment);
        let sound = DateParts::parse(date).is_some()
            || date.strip_prefix('T').is_some_and(|time| TimeParts::parse(time).is_some());
        let text = date.strip_prefix('T').unwrap_or(date).to_owned();
        if sound { Ok(TokenKind::Moment(text)) } else { Err(self.fail(FhirPathReason::InvalidLiteral)) }
    }

    fn variable(&mut self) -> Result<TokenKind, FhirPathError> {
        self.skip(1);
        Ok(TokenKind::Variable(match self.rest.chars().next() {
            Some(quote @ ('`' | '\'' | '"')) => self.delimited(quote)?,
            _ => self.take(|c| is_word(c) || c == '-').to_owned(),
        }))
    }

    fn delimited(&mut self, quote: char) -> Result<String, FhirPathError> {
        self.skip(1);
        let mut text = String::new();
        loop {
            text.push_str(self.take(|c| c != quote && c != '\\'));
            match self.rest.chars().next() {
                None => return Err(self.fail(FhirPathReason::UnexpectedEnd)),
                Some('\\') => text.push(self.escape()?),
                Some(_) => {
                    self.skip(1);
                    return Ok(text);
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, FhirPathError> {
        self.skip(1);
        let letter = self.rest.chars().next().ok_or_else(|| self.fail(FhirPathReason::UnexpectedEnd))?;
        let decoded = match letter {
            '\'' | '"' | '`' | '\\' | '/' => letter,
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(),
            _ => return Err(self.fail(FhirPathReason::InvalidLiteral)),
        };
        self.skip(1);
        Ok(decoded)
    }

    fn unicode(&mut self) -> Result<char, FhirPathError> {
        let code = self.rest.get(1..5).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
        let decoded = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let decoded = decoded.ok_or_else(|| self.fail(FhirPathReason::InvalidLiteral))?;
        self.skip(5);
        Ok(decoded)
    }

    fn skip_space(&mut self) -> Result<(), FhirPathError> {
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with("//") {
                self.take(|c| c != '\n');
            } else if self.rest.starts_with("/*") {
                let end = self.rest.find("*/").ok_or_else(|| self.fail(FhirPathReason::UnexpectedEnd))?;
                self.skip(end + 2);
            } else {
                return Ok(());
            }
        }
    }

    fn take(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn offset(&self) -> usize {
        self.length - self.rest.len()
    }

    fn fail(&self, reason: FhirPathReason) -> FhirPathError {
        FhirPathError::new(reason, self.offset())
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
