//! Rules as the text of Cedar policies.

use crate::Effect;
use crate::rules::{Clause, Rule, Test};

/// A policy for each rule: the reasons of a response name the rules.
pub(crate) fn one_by_one<'a>(rules: impl Iterator<Item = &'a Rule>) -> String {
    rules.map(|rule| policy(rule.effect, "resource", &condition(rule))).collect()
}

/// At most one policy that permits and one that denies: the first rule that holds ends each.
pub(crate) fn together<'a>(rules: impl Iterator<Item = &'a Rule> + Clone, resource: &str) -> String {
    let both = [Effect::Permit, Effect::Deny].map(|effect| {
        let conditions = rules.clone().filter(|rule| rule.effect == effect).map(condition);
        any(conditions).map_or(String::new(), |condition| policy(effect, resource, &condition))
    });
    both.concat()
}

pub(crate) fn policy(effect: Effect, resource: &str, condition: &str) -> String {
    let effect = match effect {
        Effect::Permit => "permit",
        Effect::Deny => "forbid",
    };
    format!("{effect} (principal, action, {resource}) when {{ {condition} }};\n")
}

/// One of them; nothing for none. Halves of halves: a long chain would be as deep as it is long.
pub(crate) fn any(conditions: impl Iterator<Item = String>) -> Option<String> {
    fn halves(conditions: &[String]) -> String {
        match conditions {
            [one] => format!("({one})"),
            several => {
                let (first, second) = several.split_at(several.len() / 2);
                format!("({} || {})", halves(first), halves(second))
            }
        }
    }
    let all: Vec<String> = conditions.collect();
    (!all.is_empty()).then(|| halves(&all))
}

/// All of them.
pub(crate) fn all(conditions: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = conditions.collect();
    if all.is_empty() { "true".into() } else { all.join(" && ") }
}

/// A text, quoted.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.escape_debug())
}

fn condition(rule: &Rule) -> String {
    let except = rule.except.iter().map(|clause| format!("!({})", conjunction(clause)));
    all(rule.clause.iter().map(test).chain(except))
}

fn conjunction(clause: &Clause) -> String {
    all(clause.iter().map(test))
}

fn test(test: &Test) -> String {
    let one_of = |items: &[String], write: &dyn Fn(&String) -> String| match items {
        [one] => write(one),
        several => any(several.iter().map(write)).unwrap_or("false".into()),
    };
    match test {
        Test::From(start) => format!("context.now >= {start}"),
        Test::Until(end) => format!("context.now < {end}"),
        Test::Purpose(codes) => {
            one_of(codes, &|code| format!("context.purpose in Purpose::{}", quoted(code)))
        }
        Test::Action(codes) => one_of(codes, &|code| format!("action == Action::{}", quoted(code))),
        Test::Actor(names) => one_of(names, &|name| format!("principal in Actor::{}", quoted(name))),
        Test::Class(codes) => one_of(codes, &|code| format!("context.class == {}", quoted(code))),
        Test::Label { least, most, sensitivities } => {
            let least = least.map(|place| format!("context.confidentiality >= {place}"));
            let most = most.map(|place| format!("context.confidentiality <= {place}"));
            let bears =
                sensitivities.iter().map(|code| format!("context.sensitivities.contains({})", quoted(code)));
            any(least.into_iter().chain(most).chain(bears)).unwrap_or("false".into())
        }
        Test::Never => "false".into(),
    }
}
