//! What provisions say: rules R4 to R18, by the word.

use super::access::canonical;
use super::{Form, Literal, Rule};
use crate::ast::{Datum, Document, Kind, Node};

/// What somebody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    Nothing,
    Permit,
    Deny,
}

/// R9: whether something matches, where a code is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Matches {
    No,
    Unknown,
    Yes,
}
use Matches::{No, Unknown, Yes};

/// Where a provision stands.
#[derive(Clone, Copy)]
struct Above {
    effect: Option<bool>,
    is_root: bool,
    /// Itself, or one above it, names actors.
    is_named: bool,
}

impl Literal<'_> {
    /// The base rule of a consent. A root of R5 has no elements of its own but its period and, in a permit, the grantees.
    pub(super) fn root(&self, consent: &Document) -> Node {
        let Node { effect, modifier, period, below, .. } = consent.root.clone();
        let mut root = match consent.kind {
            Kind::R4 => consent.root.clone(),
            Kind::R5 => {
                let effect = effect.or(Some(false));
                let bounds = effect == Some(true) && self.has(Rule::R6Grantees);
                let actors = if bounds { consent.grantees.clone() } else { vec![] };
                Node { effect, modifier, period, actors, below, ..Node::default() }
            }
            Kind::Simple | Kind::Artefact => consent.as_one_rule(),
        };
        // R3
        let is_research = consent.scope == "research" && consent.is_fhir() && self.has(Rule::R3Research);
        if is_research && root.purposes.is_empty() {
            root.purposes = vec!["HRESCH"];
        }
        root
    }

    pub(super) fn says(&self, root: &Node, datum: &Datum, form: Form) -> Says {
        self.node(root, Above { effect: None, is_root: true, is_named: false }, datum, form)
    }

    /// R14 to R18: what a provision says, with those below it.
    fn node(&self, node: &Node, above: Above, datum: &Datum, form: Form) -> Says {
        // R4
        if self.period(node) == No {
            return Says::Nothing;
        }
        // R18
        let has_no_effect = !above.is_root && node.effect.is_none() && above.effect.is_none();
        if (node.modifier && self.has(Rule::R18Modifier)) || (has_no_effect && self.has(Rule::R18Effect)) {
            return Says::Deny;
        }
        // R14
        let effect = match (node.effect, above.effect) {
            (Some(own), _) => Some(own),
            (None, Some(above)) => Some(if self.has(Rule::R14Inverse) { !above } else { above }),
            (None, None) => None,
        };
        let request = self.request(node);
        let data = self.data(node, effect == Some(false), datum, form);
        let is_nothing_but = above.is_root && effect == Some(true);
        // R16, and its exception R17
        let bounds =
            if is_nothing_but && self.has(Rule::R17Exceptions) { request } else { request.min(data) };
        if bounds == No && self.has(Rule::R16Bounds) {
            return Says::Nothing;
        }
        let is_named = above.is_named || !node.asking().is_empty();
        let here = Above { effect, is_root: false, is_named };
        let below: Vec<Says> = node.below.iter().map(|below| self.node(below, here, datum, form)).collect();
        // R15
        let exception = self.exception(&below);
        if exception != Says::Nothing && self.has(Rule::R15Deepest) {
            // R9: below what may not match, a denial counts and a permit does not.
            let counts = bounds == Yes || exception == Says::Deny || !self.has(Rule::R16Bounds);
            return if counts { exception } else { Says::Nothing };
        }
        // R7
        let may_permit = !self.is_foreign() || is_named || !self.has(Rule::R7OtherOrgs);
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
    pub(super) fn period(&self, node: &Node) -> Matches {
        let now = self.given.asked.now;
        match node.period {
            None => Yes,
            _ if !self.has(Rule::R4Period) => Yes,
            Some((Some(start), Some(end))) if end <= start && self.has(Rule::R4Backwards) => Unknown,
            Some((start, end)) => {
                let begun = start.is_none_or(|start| start <= now);
                let ended = end.is_some_and(|end| end <= now);
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

    pub(super) fn request(&self, node: &Node) -> Matches {
        let asked = &self.given.asked;
        let asking = list(&node.asking(), |name| self.actor(name));
        // R6: who holds the data is another question than who asks.
        let holding: Vec<_> =
            node.holding().iter().filter(|_| self.has(Rule::R6Custodian)).copied().collect();
        let held = list(&holding, |org| if *org == "o1" { Yes } else { Unknown });
        let actions = list(&node.actions, |code| match *code {
            "odd" if self.has(Rule::R9Codes) => Unknown,
            code => (code == asked.action).into(),
        });
        let purposes = list(&node.purposes, |code| self.purpose(code));
        self.period(node).min(self.all(&stated(&[
            (!node.asking().is_empty(), asking),
            (!holding.is_empty(), held),
            (!node.actions.is_empty(), actions),
            (!node.purposes.is_empty(), purposes),
        ])))
    }

    /// R6
    fn actor(&self, name: &str) -> Matches {
        let asked = &self.given.asked;
        if let Some(role) = name.strip_prefix("role:") {
            return if self.has(Rule::R6Roles) { self.in_role(role) } else { No };
        }
        if name == format!("Organization/{}", asked.org) && self.has(Rule::R6Org) {
            return Yes;
        }
        let aliases = asked.aliases.iter().filter(|_| self.has(Rule::R6Aliases));
        let reference = Some(&asked.actor).filter(|_| self.has(Rule::R6Reference));
        list_or_no(aliases.chain(reference), |own| self.same_name(name, own))
    }

    /// A name that is the same everywhere names one actor; any other names one of each org (A1). A URL may be what its end
    /// is called here.
    fn same_name(&self, name: &str, own: &str) -> Matches {
        let is_url = |name: &str| name.contains("://");
        match name == own {
            true if self.is_foreign() && !is_url(name) && !name.contains('|') && self.has(Rule::A1Names) => {
                Unknown
            }
            true => Yes,
            false if is_url(name) != is_url(own) && (name.ends_with(own) || own.ends_with(name)) => Unknown,
            false => No,
        }
    }

    /// Roles by the names of A2; one that is not among them may be any.
    fn in_role(&self, role: &str) -> Matches {
        let known = |name: &str| {
            let name = canonical(name);
            ["ADMIN", "CLINICIAN", "PATIENT", "RESEARCHER", "AUDITOR", "SYSTEM"]
                .contains(&&*name)
                .then_some(name)
        };
        let Some(own) = self.given.asked.role.filter(|_| !self.is_foreign()) else { return Unknown };
        match (known(own), known(role)) {
            _ if own == role => Yes,
            (Some(own), Some(role)) => (own == role).into(),
            _ => Unknown,
        }
    }

    /// R8 and R9
    fn purpose(&self, code: &str) -> Matches {
        let below: &[&str] = match code {
            "TREAT" if self.has(Rule::R8Purposes) => &["TREAT", "ETREAT", "BTG"],
            "ETREAT" if self.has(Rule::R8Purposes) => &["ETREAT", "BTG"],
            "HRESCH" if self.has(Rule::R8Purposes) => &["HRESCH", "BIORCH"],
            "ODD" if self.has(Rule::R9Codes) => return Unknown,
            _ => return self.same_purpose(code),
        };
        if below.contains(&self.given.asked.purpose) { Yes } else { self.same_purpose(code) }
    }

    fn same_purpose(&self, code: &str) -> Matches {
        match self.given.asked.purpose {
            purpose if purpose == code => Yes,
            // A purpose of no table could lie below any other.
            "LOCAL" | "ODD" => Unknown,
            _ => No,
        }
    }

    pub(super) fn data(&self, node: &Node, denies: bool, datum: &Datum, form: Form) -> Matches {
        // R13: a class of data or a type of resource.
        let classes = list(&node.classes, |name| match *name {
            "ODD" if self.has(Rule::R9Codes) => Unknown,
            name => (datum.classes.contains(&name) || name == datum.kind).into(),
        });
        let classes = (!node.classes.is_empty(), classes);
        if form != Form::Resource && !self.has(Rule::R22Residual) {
            return self.all(&stated(&[classes]));
        }
        let labels = list(&node.labels, |code| self.label(code, denies, datum));
        let codes = list(&node.codes, |code| (*code == datum.code).into());
        // R11
        let dates = node.data_period.map_or(Yes, |(first, last)| match first <= last {
            true => (first <= datum.day && datum.day <= last).into(),
            false => Unknown,
        });
        let data = list(&node.data, |(meaning, reference)| self.reference(meaning, reference, datum));
        let authors = list(&node.authors, |author| (*author == datum.author).into());
        self.all(&stated(&[
            classes,
            (!node.labels.is_empty(), labels),
            (!node.codes.is_empty(), codes),
            (node.data_period.is_some() && self.has(Rule::R11Dates), dates),
            (!node.data.is_empty(), data),
            (!node.authors.is_empty() && self.has(Rule::R6Authors), authors),
        ]))
    }

    /// R10
    fn label(&self, code: &str, denies: bool, datum: &Datum) -> Matches {
        const ORDER: [&str; 4] = ["L", "N", "R", "V"];
        let place = |code: &str| ORDER.iter().position(|known| *known == code);
        if code == "ODD" && self.has(Rule::R9Codes) {
            return Unknown;
        }
        let bears = |code: &str| {
            let narrower = code == "SUD" && datum.labels.contains(&"ETHUD") && self.has(Rule::R10Narrower);
            datum.labels.contains(&code) || narrower
        };
        let is_normal = self.given.said.normal || !self.has(Rule::R10Unlabelled);
        let highest = datum.labels.iter().filter_map(|code| place(code)).max();
        let Some(highest) = highest.or(is_normal.then_some(1)) else {
            return if bears(code) { Yes } else { Unknown };
        };
        match (place(code), denies) {
            (None, _) => bears(code).into(),
            (Some(floor), true) if self.has(Rule::R10Floor) => (highest >= floor).into(),
            (Some(ceiling), false) if self.has(Rule::R10Ceiling) => (highest <= ceiling).into(),
            (Some(limit), _) => (highest == limit).into(),
        }
    }

    /// R12
    fn reference(&self, meaning: &str, reference: &str, datum: &Datum) -> Matches {
        let own = reference == format!("{}/{}", datum.kind, datum.id);
        let refers = reference == datum.encounter || reference == datum.author;
        match meaning {
            "instance" => (own && self.has(Rule::R12Instance)).into(),
            "related" => (own || (refers && self.has(Rule::R12Related))).into(),
            "authoredby" => (reference == datum.author && self.has(Rule::R12AuthoredBy)).into(),
            _ if refers && self.has(Rule::R12Dependents) => Yes,
            // What refers to it by way of others cannot be told from one resource.
            _ => Unknown,
        }
    }
}

fn list<T>(items: &[T], matches: impl Fn(&T) -> Matches) -> Matches {
    items.iter().map(matches).max().unwrap_or(Yes)
}

fn list_or_no<T>(items: impl Iterator<Item = T>, matches: impl Fn(T) -> Matches) -> Matches {
    items.map(matches).max().unwrap_or(No)
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
