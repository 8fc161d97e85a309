//! Rules as attributes of the patients, and policies that read them.
//!
//! Cedar has no loops: the policies name each place in which a patient may have a rule. They ask no more of a place than
//! what some patient has there, and whether it is there only where some patient lacks it.

use std::collections::{BTreeMap, HashMap};

use cedar_policy::RestrictedExpression;

use crate::Effect;
use crate::asked::{long, string, uid};
use crate::rules::{Clause, Rule, Test};
use crate::text::{all, any, policy};
use crate::vocabulary;

/// What patients have in one place.
#[derive(Default)]
struct Shape {
    /// How many of them have something there.
    patients: usize,
    /// The tests, in the order in which they are first met, and how many patients have each.
    tests: Vec<(String, usize)>,
    /// What a denial there leaves be.
    except: BTreeMap<String, Shape>,
}

/// The places, by effect.
type Places = BTreeMap<String, Shape>;

/// The policies for all of these patients.
pub(crate) fn policies(patients: &[Vec<&Rule>]) -> String {
    let both = [Effect::Permit, Effect::Deny].map(|effect| {
        let mut places = Places::new();
        for rules in patients {
            for (name, rule) in placed(rules).filter(|(_, rule)| rule.effect == effect) {
                let shape = places.entry(name).or_default();
                shape.add(&rule.clause);
                for (name, clause) in excepted(rule) {
                    shape.except.entry(name).or_default().add(clause);
                }
            }
        }
        // There are patients without a consent, too.
        let holders = patients.len() + 1;
        let conditions = places.iter().map(|(name, shape)| shape.condition(name, "resource", holders));
        any(conditions).map_or(String::new(), |condition| policy(effect, "resource", &condition))
    });
    both.concat()
}

/// The attributes of a patient with these rules.
pub(crate) fn attributes(rules: &[&Rule]) -> HashMap<String, RestrictedExpression> {
    placed(rules)
        .filter_map(|(name, rule)| {
            let except = excepted(rule).filter_map(|(name, clause)| Some((name, record(fields(clause))?)));
            Some((name, record(fields(&rule.clause).into_iter().chain(except))?))
        })
        .collect()
}

/// The place of each rule.
fn placed<'a>(rules: &[&'a Rule]) -> impl Iterator<Item = (String, &'a Rule)> {
    let of = |effect| rules.iter().copied().filter(move |rule| rule.effect == effect).enumerate();
    let name = |word: &'static str| move |(place, rule): (usize, _)| (format!("{word}{place}"), rule);
    of(Effect::Permit).map(name("permit")).chain(of(Effect::Deny).map(name("deny")))
}

fn excepted(rule: &Rule) -> impl Iterator<Item = (String, &Clause)> {
    rule.except.iter().enumerate().map(|(place, clause)| (format!("except{place}"), clause))
}

impl Shape {
    fn add(&mut self, clause: &Clause) {
        self.patients += 1;
        for name in names(clause) {
            match self.tests.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => self.tests.push((name, 1)),
            }
        }
    }

    /// Whether the rule at `place` of `holder` is there, and holds. `holders`: how many there are.
    fn condition(&self, place: &str, holder: &str, holders: usize) -> String {
        let here = format!("{holder}.{place}");
        let is_there = (self.patients < holders).then(|| format!("{holder} has {place}"));
        let tests = self.tests.iter().map(|(name, count)| {
            let test = test(&here, name);
            if *count < self.patients { format!("(!({here} has {name}) || {test})") } else { test }
        });
        let except = self
            .except
            .iter()
            .map(|(place, shape)| format!("!({})", shape.condition(place, &here, self.patients)));
        all(is_there.into_iter().chain(tests).chain(except))
    }
}

/// The attribute of each test: of several of one kind, the second is called `purpose1`.
fn names(clause: &Clause) -> Vec<String> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    clause
        .iter()
        .map(|test| {
            let count = seen.entry(kind(test)).or_default();
            *count += 1;
            format!("{}{}", kind(test), *count - 1)
        })
        .collect()
}

fn kind(test: &Test) -> &'static str {
    match test {
        Test::From(_) => "from",
        Test::Until(_) => "until",
        Test::Purpose(_) => "purpose",
        Test::Action(_) => "action",
        Test::Actor(_) => "actor",
        Test::Class(_) => "class",
        Test::Label { .. } => "label",
        Test::Never => "never",
    }
}

/// The test of an attribute of that name.
fn test(holder: &str, name: &str) -> String {
    let own = format!("{holder}.{name}");
    match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "from" => format!("context.now >= {own}"),
        "until" => format!("context.now < {own}"),
        "purpose" => format!("{own}.contains(context.purpose)"),
        "action" => format!("{own}.contains(action)"),
        "actor" => format!("principal in {own}"),
        "class" => format!("{own}.contains(context.class)"),
        "label" => format!(
            "((context.confidentiality >= {own}.least && context.confidentiality <= {own}.most) || \
             {own}.sensitivities.containsAny(context.sensitivities))"
        ),
        _ => own,
    }
}

fn fields(clause: &Clause) -> Vec<(String, RestrictedExpression)> {
    names(clause).into_iter().zip(clause.iter().filter_map(value)).collect()
}

fn value(test: &Test) -> Option<RestrictedExpression> {
    let uids = |kind, ids: &mut dyn Iterator<Item = &str>| {
        RestrictedExpression::new_set(ids.map(|id| RestrictedExpression::new_entity_uid(uid(kind, id))))
    };
    Some(match test {
        Test::From(millisecond) | Test::Until(millisecond) => long(*millisecond),
        Test::Purpose(codes) => {
            uids("Purpose", &mut codes.iter().flat_map(|code| vocabulary::with_narrower(code)))
        }
        Test::Action(codes) => uids("Action", &mut codes.iter().map(String::as_str)),
        Test::Actor(names) => uids("Actor", &mut names.iter().map(String::as_str)),
        Test::Class(codes) => RestrictedExpression::new_set(codes.iter().map(|code| string(code))),
        Test::Label { least, most, sensitivities } => {
            // No confidentiality is named where neither is: then none is within.
            let (low, high) = match (least, most) {
                (None, None) => (1, 0),
                (least, most) => (least.unwrap_or(0), most.unwrap_or(i64::MAX)),
            };
            let sensitivities = sensitivities.iter().map(|code| string(code));
            record([
                ("least".to_owned(), long(low)),
                ("most".to_owned(), long(high)),
                ("sensitivities".to_owned(), RestrictedExpression::new_set(sensitivities)),
            ])?
        }
        Test::Never => RestrictedExpression::new_bool(false),
    })
}

fn record(fields: impl IntoIterator<Item = (String, RestrictedExpression)>) -> Option<RestrictedExpression> {
    RestrictedExpression::new_record(fields).ok()
}
