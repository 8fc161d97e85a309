//! The rules of `carewire_consent::rules`, taken by the word: one piece of data, one answer, no masks, no residuals.
//!
//! It is slow and knows nothing of the engine. Each rule can be left out ([`Rule`]), to show that the tests would notice.

mod access;
mod provisions;
mod rule;

use std::collections::BTreeSet;

use access::Glass;
use provisions::{Matches, Says};
pub(crate) use rule::Rule;

use crate::ast::{Datum, Document, Given, Kind};
use crate::generate;

/// How much a request says of the datum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// All that it says of itself.
    Resource,
    /// Its classes.
    Classes,
    /// Nothing: it asks for the whole record.
    Record,
}

impl Form {
    pub(crate) const ALL: [Self; 3] = [Self::Resource, Self::Classes, Self::Record];
}

/// What the rules say of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// For each form whether the datum may be used in the end; `None` where the rules leave it to how much can be told
    /// (R24).
    pub(crate) keeps: [Option<bool>; 3],
    /// R23: for each form whether a permit is given where nothing can be left of one; `None` where something may be left.
    pub(crate) permits_nothing: [Option<bool>; 3],
    /// What somebody who was told all about the datum, and may use it, has to do besides.
    pub(crate) duties: BTreeSet<String>,
    /// R26: whether such a one gets the permit.
    pub(crate) is_given: bool,
    /// G5: whether the answer says that the glass was broken.
    pub(crate) is_glass_broken: bool,
}

/// The interpreter, with or without one rule.
#[derive(Clone, Copy)]
pub(crate) struct Literal<'a> {
    pub(crate) without: Option<Rule>,
    pub(crate) given: &'a Given,
}

impl Literal<'_> {
    fn has(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    pub(crate) fn answer(&self) -> Answer {
        let datum = &self.given.datum;
        let duties = self.duties();
        let with = |glass| self.permits(datum, Form::Resource, glass);
        let glass = self.glass();
        Answer {
            keeps: Form::ALL.map(|form| self.keeps(form)),
            permits_nothing: Form::ALL.map(|form| self.permits_nothing(form)),
            is_given: duties.iter().all(|duty| self.given.declared.contains(&duty.as_str()))
                || !self.has(Rule::R26Undone),
            is_glass_broken: self.has(Rule::G5Said) && with(glass) && !with(Glass::Whole),
            duties,
        }
    }

    /// For each class of the datum the consents that permit it.
    pub(crate) fn grounds(&self) -> Vec<Vec<&Document>> {
        let datum = &self.given.datum;
        let each = datum.classes.iter().map(|class| Datum { classes: vec![class], ..datum.clone() });
        let permit =
            |datum: &Datum, consent: &&Document| self.consent(consent, datum, Form::Resource) == Says::Permit;
        each.map(|datum| self.given.documents.iter().filter(|consent| permit(&datum, consent)).collect())
            .collect()
    }

    fn keeps(&self, form: Form) -> Option<bool> {
        let permits = |datum: &Datum| self.permits(datum, form, self.glass());
        let kept = permits(&self.given.datum);
        if !kept || !self.given.said.all_or_nothing || !self.has(Rule::R24AllOrNothing) {
            return Some(kept);
        }
        // R24
        match form {
            Form::Resource => Some(true),
            Form::Record => Some(false),
            Form::Classes if !generate::others(&self.given.datum).iter().all(permits) => Some(false),
            Form::Classes => {
                self.given.documents.iter().all(|consent| consent.names_classes_only()).then_some(true)
            }
        }
    }

    /// R13 and R21: whether a datum may be used, as one of each of its classes.
    fn permits(&self, datum: &Datum, form: Form, glass: Glass) -> bool {
        if self.is_refused(form)
            || (datum.classes.contains(&"UNCLASSIFIED") && self.has(Rule::R21Unclassified))
        {
            return false;
        }
        let mut each = datum.classes.iter().map(|class| Datum { classes: vec![class], ..datum.clone() });
        let permits = |datum: Datum| self.permits_class(&datum, form, glass);
        if self.has(Rule::R13Classes) { each.all(permits) } else { each.any(permits) }
    }

    /// R19
    fn permits_class(&self, datum: &Datum, form: Form, glass: Glass) -> bool {
        let says = |consent| self.consent(consent, datum, form);
        let said: Vec<Says> = self.given.documents.iter().map(says).collect();
        let (permit, deny) = (said.contains(&Says::Permit), said.contains(&Says::Deny));
        let no_say = self.implicit_has_no_say(form);
        let implicit = self.given.said.implicit && self.has(Rule::R19Implicit) && !no_say;
        let combined = match self.given.said.combining {
            "permit-overrides" | "ordered-permit-overrides" => {
                (permit || (implicit && !deny)) && (!deny || self.has(Rule::R19PermitOverrides))
            }
            "deny-unless-permit" => permit && (!deny || self.has(Rule::R19DenyUnlessPermit)),
            "permit-unless-deny" => (permit || (!no_say && self.has(Rule::R19PermitUnlessDeny))) && !deny,
            _ => (permit || implicit) && (!deny || !self.has(Rule::R19DenyOverrides)),
        };
        // G3 and G4
        combined || (glass == Glass::StandsIn && (!deny || !self.has(Rule::G4Denials)))
    }

    /// Whether what no consent decides is denied, whatever the policy says.
    fn implicit_has_no_say(&self, form: Form) -> bool {
        let asked = &self.given.asked;
        self.given.documents.iter().any(|consent| self.silences_implicit(consent, form))
            || (self.is_foreign() && self.has(Rule::A1Implicit))
            || ["ODD", "LOCAL"].contains(&asked.purpose)
    }

    /// R17 and R20.
    fn silences_implicit(&self, consent: &Document, form: Form) -> bool {
        let is_revoked = consent.status == "inactive";
        let node = self.root(consent);
        if !self.is_about(consent)
            || node.effect != Some(true)
            || (is_revoked && !self.has(Rule::R20TakenBack))
        {
            return false;
        }
        let timeless = crate::ast::Node { period: None, below: vec![], modifier: false, ..node.clone() };
        match consent.kind {
            Kind::Simple | Kind::Artefact if is_revoked => self.spoke(&timeless, form),
            Kind::Simple | Kind::Artefact => false,
            // A root that is not understood spoke about everything.
            _ if is_revoked => consent.root.modifier || self.request(&timeless) != Matches::No,
            _ => {
                let is_in_force =
                    ["active", "odd"].contains(&consent.status) && self.period(&node) != Matches::No;
                let applies = consent.root.modifier || self.request(&timeless) != Matches::No;
                is_in_force && applies && self.has(Rule::R17Implicit)
            }
        }
    }

    /// R20: whether it permitted some of all that is asked for.
    fn spoke(&self, node: &crate::ast::Node, form: Form) -> bool {
        let about = |datum: &Datum| self.data(node, false, datum, form) == Matches::Yes;
        let classes: Vec<&'static str> = match form {
            Form::Record => vec!["LAB_RESULTS", "VITALS"],
            _ => self.given.datum.classes.clone(),
        };
        let mut each =
            classes.into_iter().map(|class| Datum { classes: vec![class], ..self.given.datum.clone() });
        let readable = node.data_period.is_none_or(|(first, last)| first <= last);
        let bare = crate::ast::Node { data_period: None, data: vec![], ..node.clone() };
        self.request(node) == Matches::Yes
            && match form {
                Form::Resource => each.any(|datum| about(&datum)),
                _ => readable && each.any(|datum| self.data(&bare, false, &datum, form) == Matches::Yes),
            }
    }

    /// R1 and R3.
    fn is_about(&self, consent: &Document) -> bool {
        (consent.org == "o1" || !self.has(Rule::R1Org))
            && (consent.patient == "Patient/pt_1" || !self.has(Rule::R1Patient))
            && (!["adr", "treatment"].contains(&consent.scope)
                || !consent.is_fhir()
                || !self.has(Rule::R3Scope))
    }

    fn consent(&self, consent: &Document, datum: &Datum, form: Form) -> Says {
        // R2
        let is_applicable = ["active", "odd"].contains(&consent.status) || !self.has(Rule::R2Status);
        if !is_applicable || !self.is_about(consent) {
            return Says::Nothing;
        }
        match self.says(&self.root(consent), datum, form) {
            Says::Permit if consent.status == "odd" && self.has(Rule::R2Unknown) => Says::Nothing,
            says => says,
        }
    }

    /// R23, where it is plain: one consent denies everything to whoever asks, and denials win.
    fn permits_nothing(&self, form: Form) -> Option<bool> {
        let datum = &self.given.datum;
        let denies_all = |consent: &Document| {
            let root = self.root(consent);
            let is_whole = root.effect == Some(false) && root.below.is_empty() && !root.names_data();
            is_whole && self.consent(consent, datum, form) == Says::Deny
        };
        let wins = !["permit-overrides", "ordered-permit-overrides", "deny-unless-permit"]
            .contains(&self.given.said.combining);
        let is_void = wins && self.given.documents.iter().any(denies_all);
        let permits = |consent: &Document| self.consent(consent, datum, form) == Says::Permit;
        match self.has(Rule::R23NothingLeft) {
            true => is_void.then_some(false),
            false => (is_void && self.given.documents.iter().any(permits)).then_some(true),
        }
    }

    /// R25 and G5: of the artefacts that permit some of the datum, of the policy, and of the glass.
    fn duties(&self) -> BTreeSet<String> {
        let mut duties = BTreeSet::new();
        for consent in self.given.documents.iter().filter(|consent| consent.kind == Kind::Artefact) {
            let datum = &self.given.datum;
            let mut each = datum.classes.iter().map(|class| Datum { classes: vec![class], ..datum.clone() });
            let permits = each.any(|one| self.consent(consent, &one, Form::Resource) == Says::Permit);
            if permits && consent.erase_at.is_some() && self.has(Rule::R25EraseBy) {
                duties.insert("erase_by".to_owned());
            }
            if permits && consent.max_uses && self.has(Rule::R25MaxUses) {
                duties.insert("max_uses".to_owned());
            }
        }
        if self.given.said.apply_policy && self.has(Rule::R25ApplyPolicy) {
            duties.insert("apply_policy".to_owned());
        }
        if self.given.asked.purpose == "BTG" && self.has(Rule::G5Alert) {
            duties.insert("audit".to_owned());
        }
        duties
    }
}
