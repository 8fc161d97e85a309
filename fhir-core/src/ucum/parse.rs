//! The grammar of unit expressions (UCUM §3-10).

use super::table::Units;
use super::unit::Unit;
use super::{Rational, UcumError};

const LONGEST: usize = 256;
const DEEPEST: usize = 16;
pub(super) const LARGEST_EXPONENT: i32 = 99;

pub(super) fn unit(code: &str, units: &Units) -> Result<Unit, UcumError> {
    if code.len() > LONGEST {
        return Err(UcumError::Syntax);
    }
    let mut parser = Parser { rest: code, depth: 0, units };
    let unit = parser.term()?;
    if parser.rest.is_empty() { Ok(unit) } else { Err(UcumError::Syntax) }
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
    units: &'a Units,
}

impl<'a> Parser<'a> {
    /// Components from left to right; `.` and `/` bind alike (§7).
    fn term(&mut self) -> Result<Unit, UcumError> {
        let mut unit = if self.eat('/') { self.component()?.power(-1)? } else { self.component()? };
        loop {
            if self.eat('.') {
                unit = unit.times(&self.component()?)?;
            } else if self.eat('/') {
                unit = unit.times(&self.component()?.power(-1)?)?;
            } else {
                return Ok(unit);
            }
        }
    }

    fn component(&mut self) -> Result<Unit, UcumError> {
        if self.rest.starts_with('{') {
            self.annotation()?;
            return Ok(Unit::one());
        }
        let unit = if self.eat('(') { self.nested()? } else { self.symbol()? };
        if self.rest.starts_with('{') {
            self.annotation()?;
        }
        Ok(unit)
    }

    fn nested(&mut self) -> Result<Unit, UcumError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(UcumError::Syntax);
        }
        let unit = self.term()?;
        self.depth -= 1;
        if self.eat(')') { Ok(unit) } else { Err(UcumError::Syntax) }
    }

    /// Printable ASCII in braces, which means nothing (§6).
    fn annotation(&mut self) -> Result<(), UcumError> {
        let inside = self.rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let (text, rest) = inside.ok_or(UcumError::Syntax)?;
        if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'{') {
            return Err(UcumError::Syntax);
        }
        self.rest = rest;
        Ok(())
    }

    /// A number, or a unit with or without a prefix and an exponent.
    fn symbol(&mut self) -> Result<Unit, UcumError> {
        let token = self.token()?;
        if token.bytes().all(|byte| byte.is_ascii_digit()) {
            let number = token.parse().map_err(|_| UcumError::Overflow)?;
            return Unit::number(Rational::new(number, 1, 0)?).power(1);
        }
        if let Some(exponent) = token.strip_prefix("10*").or_else(|| token.strip_prefix("10^")) {
            let exponent = if exponent.is_empty() { 1 } else { number(exponent)? };
            return Ok(Unit::number(Rational::new(1, 1, i64::from(exponent))?));
        }
        let name = token.trim_end_matches(|c: char| c.is_ascii_digit());
        let name =
            if name.len() < token.len() { name.strip_suffix(['+', '-']).unwrap_or(name) } else { name };
        let exponent = token.strip_prefix(name).unwrap_or_default();
        let unit = self.units.find(name)?;
        if exponent.is_empty() { Ok(unit) } else { unit.power(number(exponent)?) }
    }

    /// Up to the next operator; in square brackets everything is part of the name (§5).
    fn token(&mut self) -> Result<&'a str, UcumError> {
        let mut bracketed = false;
        let end = self.rest.bytes().position(|byte| {
            match byte {
                b'[' => bracketed = true,
                b']' => bracketed = false,
                _ => {}
            }
            !bracketed && matches!(byte, b'.' | b'/' | b'(' | b')' | b'{' | b'}')
        });
        let split = self.rest.split_at_checked(end.unwrap_or(self.rest.len()));
        let (token, rest) = split.filter(|(token, _)| !token.is_empty()).ok_or(UcumError::Syntax)?;
        if bracketed || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(UcumError::Syntax);
        }
        self.rest = rest;
        Ok(token)
    }

    fn eat(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}

/// An integer with or without a sign (§9).
fn number(text: &str) -> Result<i32, UcumError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(UcumError::Syntax);
    }
    let number: i32 = text.parse().map_err(|_| UcumError::Overflow)?;
    if number.abs() <= LARGEST_EXPONENT { Ok(number) } else { Err(UcumError::Overflow) }
}
