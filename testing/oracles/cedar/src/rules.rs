//! What a consent says, as a flat list of rules that Cedar can evaluate: a tree has no form in Cedar.
//!
//! R14 to R17 for one node: with `P` and `D` for what those below it permit and deny, one that permits gives `P` or all
//! that it is about, and takes `D`; one that denies gives `P` and takes `D` and all that is not in `P`. As any denial wins in
//! the end, what is permitted need not exclude what is denied. So `P` is a union of conjunctions, each of the tests along one
//! path, and `D` a union of conjunctions from which others are excepted.

use crate::NotSayable;
use crate::document::{Coding, Document, Effect, Provision};
use crate::vocabulary::{self, ACTIONS, CLASSES, CONFIDENTIALITIES, IDLE};

/// What must hold of a request. All but [`Test::Never`] hold of some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// From this millisecond on.
    From(i64),
    /// Before this one.
    Until(i64),
    /// Its purpose is one of these, or lies below one.
    Purpose(Vec<String>),
    /// Its action is one of these.
    Action(Vec<String>),
    /// Whoever asks is one of these, or belongs to one.
    Actor(Vec<String>),
    /// The data are of one of these classes.
    Class(Vec<String>),
    /// The data are as confidential as this at least or at most, or bear one of these sensitivities.
    Label { least: Option<i64>, most: Option<i64>, sensitivities: Vec<String> },
    /// Nothing.
    Never,
}

/// Tests that must all hold. The innermost stand first: they are the most selective.
pub(crate) type Clause = Vec<Test>;

/// What is permitted or denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) effect: Effect,
    pub(crate) clause: Clause,
    /// What a denial leaves be.
    pub(crate) except: Vec<Clause>,
}

/// How to take what is not understood (R4, R9): a permit rests on what matches for sure, a denial on all that may match.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Sure,
    Perhaps,
}

impl Rule {
    /// What a consent says.
    pub(crate) fn of(document: &Document) -> Result<Vec<Self>, NotSayable> {
        let effect = document.provision.effect.ok_or(NotSayable::effect())?;
        let said = Said::by(&document.provision, effect, Place::Root)?;
        // R2
        let permits = document.status == "active";
        let denies = !IDLE.contains(&document.status.as_str());
        let grants = said.permits.into_iter().filter(|_| permits);
        let grants = grants.map(|clause| Self { effect: Effect::Permit, clause, except: Vec::new() });
        Ok(grants.chain(said.denies.into_iter().filter(|_| denies)).collect())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Below,
}

/// What a provision says, with those below it.
#[derive(Default)]
struct Said {
    permits: Vec<Clause>,
    denies: Vec<Rule>,
}

impl Said {
    fn by(provision: &Provision, effect: Effect, place: Place) -> Result<Self, NotSayable> {
        let mut below = Self::default();
        for child in &provision.provision {
            // R14
            let said = Self::by(child, child.effect.unwrap_or(effect.inverse()), Place::Below)?;
            below.permits.extend(said.permits);
            below.denies.extend(said.denies);
        }
        let sure = Bounds::new(provision, effect, place, Side::Sure)?;
        let perhaps = Bounds::new(provision, effect, place, Side::Perhaps)?;
        Ok(match effect {
            Effect::Permit => Self {
                permits: sure.around(match sure.own.is_empty() {
                    true => vec![Clause::new()],
                    false => [below.permits, vec![sure.own.clone()]].concat(),
                }),
                denies: perhaps.around_rules(below.denies),
            },
            Effect::Deny => {
                let rest =
                    Rule { effect: Effect::Deny, clause: Clause::new(), except: below.permits.clone() };
                below.denies.push(rest);
                Self { permits: sure.around(below.permits), denies: perhaps.around_rules(below.denies) }
            }
        })
    }
}

/// What a provision is about.
struct Bounds {
    /// What bounds those below it (R16).
    all: Clause,
    /// What bounds itself alone: the data that the root of a permit names (R17).
    own: Clause,
}

impl Bounds {
    fn new(provision: &Provision, effect: Effect, place: Place, side: Side) -> Result<Self, NotSayable> {
        let data = data(provision, effect, side);
        let mut all = asked(provision, side);
        all.extend(period(provision, side)?);
        let (own, bounds) = match (place, effect) {
            (Place::Root, Effect::Permit) => (data, Clause::new()),
            _ => (Clause::new(), data),
        };
        Ok(Self { all: [bounds, all].concat(), own })
    }

    fn around(&self, mut below: Vec<Clause>) -> Vec<Clause> {
        below.iter_mut().for_each(|clause| clause.extend(self.all.iter().cloned()));
        below
    }

    fn around_rules(&self, mut below: Vec<Rule>) -> Vec<Rule> {
        below.iter_mut().for_each(|rule| rule.clause.extend(self.all.iter().cloned()));
        below
    }
}

/// R4
fn period(provision: &Provision, side: Side) -> Result<Clause, NotSayable> {
    let Some(period) = &provision.period else { return Ok(Clause::new()) };
    Ok(match period.bounds()? {
        (Some(start), Some(end)) if end <= start => match side {
            Side::Sure => vec![Test::Never],
            Side::Perhaps => Clause::new(),
        },
        (start, end) => start.map(Test::From).into_iter().chain(end.map(Test::Until)).collect(),
    })
}

/// R6 and R8.
fn asked(provision: &Provision, side: Side) -> Clause {
    let actors = provision.actor.iter().map(|actor| actor.reference.reference.clone()).collect();
    let actions = provision.action.iter().flat_map(|action| codes(&action.coding));
    let actor = list(actors, |_| true, side).map(Test::Actor);
    let action = list(actions.collect(), |code| ACTIONS.contains(&code), side).map(Test::Action);
    let purpose = list(codes(&provision.purpose).collect(), vocabulary::is_purpose, side).map(Test::Purpose);
    [actor, action, purpose].into_iter().flatten().collect()
}

/// R10 and R13.
fn data(provision: &Provision, effect: Effect, side: Side) -> Clause {
    let class = list(codes(&provision.class).collect(), |code| CLASSES.contains(&code), side);
    let is_label = |code: &str| vocabulary::is_sensitivity(code) || CONFIDENTIALITIES.contains(&code);
    let labels = list(codes(&provision.security_label).collect(), is_label, side);
    class.map(Test::Class).into_iter().chain(labels.map(|labels| label(&labels, effect))).collect()
}

/// R10: a ceiling in a permit, a floor in a denial.
fn label(labels: &[String], effect: Effect) -> Test {
    let places = labels.iter().filter_map(|code| vocabulary::place(code));
    let sensitivities = labels.iter().filter(|code| vocabulary::is_sensitivity(code)).cloned().collect();
    let (least, most) = match effect {
        Effect::Permit => (None, places.max()),
        Effect::Deny => (places.min(), None),
    };
    Test::Label { least, most, sensitivities }
}

/// R5 and R9: the items of a list that are understood; nothing for a list that does not constrain.
fn list(items: Vec<String>, is_known: impl Fn(&str) -> bool, side: Side) -> Option<Vec<String>> {
    let is_stated = !items.is_empty();
    let count = items.len();
    let known: Vec<String> = items.into_iter().filter(|item| is_known(item)).collect();
    let may_be_any = side == Side::Perhaps && known.len() < count;
    (is_stated && !may_be_any).then_some(known)
}

fn codes(codings: &[Coding]) -> impl Iterator<Item = String> {
    codings.iter().map(|coding| coding.code.clone())
}
