//! Which types can hold a patient's text and show it.

use std::collections::BTreeSet;

use super::lexer::{Token, close};

/// Types that print what they hold, from this workspace and the crates that it uses.
const RAW: &[&str] =
    &["String", "str", "CompactString", "EcoString", "Bytes", "BytesMut", "Url", "Uri", "OsString", "OsStr"];

/// Errors of other crates that repeat the input that they could not read.
const REPEATING: &[(&str, &str)] = &[("serde_json", "Error"), ("toml", "Error"), ("quick_xml", "Error")];

/// The names that stand for raw text in a crate.
#[derive(Debug, Default)]
pub(super) struct Raw<'s> {
    pub(super) aliases: BTreeSet<&'s str>,
}

impl Raw<'_> {
    /// Whether a type shows text that it holds: a string, bytes, JSON of `serde_json`, or a list, map or option of these.
    /// `Phi<…>`, `&'static str` and functions show nothing.
    pub(super) fn is(&self, of: &[Token<'_>]) -> bool {
        let mut at = 0;
        while let Some(token) = of.get(at) {
            if token.is("Phi") || token.is("PhantomData") {
                at = behind_arguments(of, at + 1);
                continue;
            }
            if ["fn", "Fn", "FnMut", "FnOnce"].iter().any(|word| token.is(word)) {
                return false;
            }
            let before = |steps: usize| at.checked_sub(steps).and_then(|at| of.get(at));
            let bytes = token.is("u8") && before(1).is_some_and(|before| before.is("[") || before.is("<"));
            let fixed = before(1).is_some_and(|before| before.is("'static"))
                && before(2).is_some_and(|before| before.is("&"));
            let named = RAW.iter().any(|raw| token.is(raw)) || self.aliases.contains(token.text);
            if bytes || named && !fixed || json(of, at) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Whether a type is an error that repeats its input.
    pub(super) fn repeats(of: &[Token<'_>]) -> bool {
        let first = |name: &str| of.iter().any(|token| token.is(name));
        REPEATING.iter().any(|(owner, error)| first(owner) && first(error))
    }
}

fn json(of: &[Token<'_>], at: usize) -> bool {
    let word = |steps: usize, text: &str| of.get(at + steps).is_some_and(|token| token.is(text));
    word(0, "serde_json") && (word(3, "Value") || word(3, "Map"))
}

/// Behind `<…>`, where it stands at `at`.
fn behind_arguments(of: &[Token<'_>], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(token) = of.get(at) {
        if token.is("<") {
            depth += 1;
        } else if token.is(">") {
            depth = depth.saturating_sub(1);
        } else if token.opens() {
            at = close(of, at);
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}
