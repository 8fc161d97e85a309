//! The rules of `carewire_consent::rules`, taken by the word: one piece of data, one answer, no masks, no residuals.
//!
//! It is slow and knows nothing of the engine. Each rule can be left out ([`Rule`]), to show that the tests would notice.

use super::ast::{Asked, Datum, Document, Node};

/// The rules that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    R1Patient,
    R2Status,
    R3Scope,
    R4Period,
    R5AllElements,
    R6Actors,
    R7OtherOrgs,
    R8Purposes,
    R9Codes,
    R10Ceiling,
    R10Floor,
    R10Narrower,
    R11Dates,
    R12References,
    R13Classes,
    R14Inverse,
    R15Deepest,
    R15Siblings,
    R16Bounds,
    R17NothingBut,
    R17Exceptions,
    R18Modifier,
    R19Combining,
}

impl Rule {
    pub(crate) const ALL: [Self; 23] = [
        Self::R1Patient,
        Self::R2Status,
        Self::R3Scope,
        Self::R4Period,
        Self::R5AllElements,
        Self::R6Actors,
        Self::R7OtherOrgs,
        Self::R8Purposes,
        Self::R9Codes,
        Self::R10Ceiling,
        Self::R10Floor,
        Self::R10Narrower,
        Self::R11Dates,
        Self::R12References,
        Self::R13Classes,
        Self::R14Inverse,
        Self::R15Deepest,
        Self::R15Siblings,
        Self::R16Bounds,
        Self::R17NothingBut,
        Self::R17Exceptions,
        Self::R18Modifier,
        Self::R19Combining,
    ];
}

/// What somebody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Nothing,
    Permit,
    Deny,
}

/// R9: whether something matches, where a code is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Matches {
    No,
    Unknown,
    Yes,
}
use Matches::{No, Unknown, Yes};

/// The interpreter, with or without one rule.
pub(crate) struct Literal {
    pub(crate) without: Option<Rule>,
    /// The code of the combining algorithm.
    pub(crate) combining: &'static str,
    /// The implicit policy permits.
    pub(crate) implicit: bool,
}

impl Literal {
    fn has(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    /// R13: whether the datum may be used, as one of each of its classes.
    pub(crate) fn permits(&self, consents: &[Document], asked: &Asked, datum: &Datum) -> bool {
        let mut each = datum.classes.iter().map(|class| Datum { classes: vec![class], ..datum.clone() });
        let permits = |datum: Datum| self.permits_class(consents, asked, &datum);
        if self.has(Rule::R13Classes) { each.all(permits) } else { each.any(permits) }
    }

    /// R19
    fn permits_class(&self, consents: &[Document], asked: &Asked, datum: &Datum) -> bool {
        let said: Vec<Says> = consents.iter().map(|consent| self.consent(consent, asked, datum)).collect();
        let (permit, deny) = (said.contains(&Says::Permit), said.contains(&Says::Deny));
        // A1: nor for an actor of another org.
        let settled = consents.iter().any(|consent| self.settles(consent, asked))
            || asked.org != "o1"
            || asked.purpose == "ODD"
            || asked.purpose == "LOCAL";
        let implicit = self.implicit && !settled;
        if !self.has(Rule::R19Combining) {
            return permit;
        }
        match self.combining {
            "permit-overrides" | "ordered-permit-overrides" => permit || (implicit && !deny),
            "deny-unless-permit" => permit,
            "permit-unless-deny" => (permit || !settled) && !deny,
            _ => (permit || implicit) && !deny,
        }
    }

    /// R17 and R20: whether the implicit policy has no say because of this consent.
    fn settles(&self, consent: &Document, asked: &Asked) -> bool {
        let is_revoked = consent.status == "inactive";
        if !self.is_about(consent) || consent.root.effect != Some(true) {
            return false;
        }
        let root = Node { modifier: false, below: vec![], ..self.seen(consent) };
        if is_revoked {
            // A root with a modifier spoke about everything.
            return consent.root.modifier || self.request(&Node { period: None, ..root }, asked) != No;
        }
        let is_in_force = ["active", "odd"].contains(&consent.status) && self.period(&root, asked) != No;
        is_in_force && (consent.root.modifier || self.request(&root, asked) != No)
    }

    /// R1 and R3.
    fn is_about(&self, consent: &Document) -> bool {
        (consent.patient == "Patient/pt_1" || !self.has(Rule::R1Patient))
            && (!["adr", "treatment"].contains(&consent.scope) || !self.has(Rule::R3Scope))
    }

    /// A root of R5 has no elements of its own but its period.
    fn seen(&self, consent: &Document) -> Node {
        if !consent.is_r5 {
            return consent.root.clone();
        }
        let Node { effect, modifier, period, below, .. } = consent.root.clone();
        Node { effect: effect.or(Some(false)), modifier, period, below, ..Node::default() }
    }

    fn consent(&self, consent: &Document, asked: &Asked, datum: &Datum) -> Says {
        // R2
        let is_applicable = ["active", "odd"].contains(&consent.status) || !self.has(Rule::R2Status);
        if !is_applicable || !self.is_about(consent) {
            return Says::Nothing;
        }
        match self.node(&self.seen(consent), None, true, false, asked, datum) {
            Says::Permit if consent.status == "odd" && self.has(Rule::R2Status) => Says::Nothing,
            says => says,
        }
    }

    /// R14 to R18: what a provision says, with those below it.
    fn node(
        &self,
        node: &Node,
        above: Option<bool>,
        is_root: bool,
        named: bool,
        asked: &Asked,
        datum: &Datum,
    ) -> Says {
        // R4
        if self.period(node, asked) == No {
            return Says::Nothing;
        }
        // R18
        let has_no_effect = !is_root && node.effect.is_none() && above.is_none();
        if (node.modifier || has_no_effect) && self.has(Rule::R18Modifier) {
            return Says::Deny;
        }
        // R14
        let effect = match (node.effect, above) {
            (Some(own), _) => Some(own),
            (None, Some(above)) => Some(if self.has(Rule::R14Inverse) { !above } else { above }),
            (None, None) => None,
        };
        let request = self.request(node, asked);
        let data = self.data(node, effect == Some(false), datum);
        let is_nothing_but = is_root && effect == Some(true);
        // R16, and its exception R17
        let bounds =
            if is_nothing_but && self.has(Rule::R17Exceptions) { request } else { request.min(data) };
        let named = named || !node.actors.is_empty();
        let below: Vec<Says> = if bounds == No && self.has(Rule::R16Bounds) {
            vec![]
        } else {
            node.below.iter().map(|below| self.node(below, effect, false, named, asked, datum)).collect()
        };
        if bounds == No && self.has(Rule::R16Bounds) {
            return Says::Nothing;
        }
        // R15
        let exception = self.exception(&below);
        if exception != Says::Nothing && self.has(Rule::R15Deepest) {
            // R9: below what may not match, a denial counts and a permit does not.
            let counts = bounds == Yes || exception == Says::Deny || !self.has(Rule::R16Bounds);
            return if counts { exception } else { Says::Nothing };
        }
        // R7
        let may_permit = asked.org == "o1" || named || !self.has(Rule::R7OtherOrgs);
        let whole =
            if is_nothing_but && !self.has(Rule::R17NothingBut) { request } else { request.min(data) };
        match effect {
            Some(true) if whole == Yes && may_permit => Says::Permit,
            Some(false) if whole != No => Says::Deny,
            _ => Says::Nothing,
        }
    }

    fn exception(&self, below: &[Says]) -> Says {
        let (first, second) =
            if self.has(Rule::R15Siblings) { (Says::Deny, Says::Permit) } else { (Says::Permit, Says::Deny) };
        [first, second].into_iter().find(|says| below.contains(says)).unwrap_or(Says::Nothing)
    }

    /// R4: half-open; one that ends before it begins is not known.
    fn period(&self, node: &Node, asked: &Asked) -> Matches {
        match node.period {
            None => Yes,
            _ if !self.has(Rule::R4Period) => Yes,
            Some((Some(start), Some(end))) if end <= start => Unknown,
            Some((start, end)) => {
                let begun = start.is_none_or(|start| start <= asked.now);
                let ended = end.is_some_and(|end| end <= asked.now);
                if begun && !ended { Yes } else { No }
            }
        }
    }

    /// R5: all elements; of a list one item.
    fn all(&self, elements: &[Matches]) -> Matches {
        let all = elements.iter().copied().min();
        let any = elements.iter().copied().max();
        if self.has(Rule::R5AllElements) { all.unwrap_or(Yes) } else { any.unwrap_or(Yes) }
    }

    fn request(&self, node: &Node, asked: &Asked) -> Matches {
        let actors = list(&node.actors, |name| self.actor(name, asked));
        let actions = list(&node.actions, |code| match *code {
            "odd" if self.has(Rule::R9Codes) => Unknown,
            code => (code == asked.action).into(),
        });
        let purposes = list(&node.purposes, |code| self.purpose(code, asked));
        self.period(node, asked).min(self.all(&stated(&[
            (!node.actors.is_empty(), actors),
            (!node.actions.is_empty(), actions),
            (!node.purposes.is_empty(), purposes),
        ])))
    }

    /// R6
    fn actor(&self, name: &str, asked: &Asked) -> Matches {
        let is_org = name == format!("Organization/{}", asked.org);
        match name == asked.actor {
            // A1: a name of one org is nobody's in another.
            true if asked.org != "o1" => Unknown,
            same => (same || is_org || !self.has(Rule::R6Actors)).into(),
        }
    }

    /// R8 and R9
    fn purpose(&self, code: &str, asked: &Asked) -> Matches {
        let below: &[&str] = match code {
            "TREAT" if self.has(Rule::R8Purposes) => &["TREAT", "ETREAT", "BTG"],
            "ETREAT" if self.has(Rule::R8Purposes) => &["ETREAT", "BTG"],
            "ODD" if self.has(Rule::R9Codes) => return Unknown,
            _ => return self.same_purpose(code, asked),
        };
        if below.contains(&asked.purpose) { Yes } else { self.same_purpose(code, asked) }
    }

    fn same_purpose(&self, code: &str, asked: &Asked) -> Matches {
        match asked.purpose {
            purpose if purpose == code => Yes,
            // A purpose of no table could lie below any other.
            "LOCAL" | "ODD" => Unknown,
            _ => No,
        }
    }

    fn data(&self, node: &Node, denies: bool, datum: &Datum) -> Matches {
        let labels = list(&node.labels, |code| self.label(code, denies, datum));
        // R13: a class of data or a type of resource.
        let classes = list(&node.classes, |name| match *name {
            "ODD" if self.has(Rule::R9Codes) => Unknown,
            name => (datum.classes.contains(&name) || name == "Observation").into(),
        });
        let codes = list(&node.codes, |code| (*code == datum.code).into());
        // R11
        let dates = node.data_period.map_or(Yes, |(first, last)| match first <= last {
            true => (first <= datum.day && datum.day <= last).into(),
            false => Unknown,
        });
        let data = list(&node.data, |(meaning, reference)| self.reference(meaning, reference, datum));
        self.all(&stated(&[
            (!node.labels.is_empty(), labels),
            (!node.classes.is_empty(), classes),
            (!node.codes.is_empty(), codes),
            (node.data_period.is_some() && self.has(Rule::R11Dates), dates),
            (!node.data.is_empty() && self.has(Rule::R12References), data),
        ]))
    }

    /// R10
    fn label(&self, code: &str, denies: bool, datum: &Datum) -> Matches {
        const ORDER: [&str; 4] = ["L", "N", "R", "V"];
        let place = |code: &str| ORDER.iter().position(|known| *known == code);
        if code == "ODD" && self.has(Rule::R9Codes) {
            return Unknown;
        }
        if datum.labels.is_empty() {
            return Unknown;
        }
        let Some(limit) = place(code) else {
            let narrower = code == "SUD" && datum.labels.contains(&"ETHUD") && self.has(Rule::R10Narrower);
            return (datum.labels.contains(&code) || narrower).into();
        };
        let highest = datum.labels.iter().filter_map(|code| place(code)).max();
        let Some(highest) = highest else { return Unknown };
        match denies {
            true if self.has(Rule::R10Floor) => (highest >= limit).into(),
            false if self.has(Rule::R10Ceiling) => (highest <= limit).into(),
            _ => (highest == limit).into(),
        }
    }

    /// R12
    fn reference(&self, meaning: &str, reference: &str, datum: &Datum) -> Matches {
        let own = reference == format!("Observation/{}", datum.id);
        let refers = reference == datum.encounter || reference == datum.author;
        match meaning {
            "instance" => own.into(),
            "related" => (own || refers).into(),
            "authoredby" => (reference == datum.author).into(),
            _ if refers => Yes,
            // What refers to it by way of others cannot be told from one resource.
            _ => Unknown,
        }
    }
}

fn list<T>(items: &[T], matches: impl Fn(&T) -> Matches) -> Matches {
    items.iter().map(matches).max().unwrap_or(Yes)
}

/// The elements that are there.
fn stated(elements: &[(bool, Matches)]) -> Vec<Matches> {
    elements.iter().filter(|(is_there, _)| *is_there).map(|(_, matches)| *matches).collect()
}

impl From<bool> for Matches {
    fn from(matches: bool) -> Self {
        if matches { Yes } else { No }
    }
}
