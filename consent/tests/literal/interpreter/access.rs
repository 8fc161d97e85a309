//! Who may ask (A1 to A8), and the broken glass (G1 to G5), by the word.

use super::{Form, Literal, Rule};

/// What a request for the purpose `BTG` comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glass {
    /// Whoever asks may not even ask: no reason, or not now.
    Refused,
    /// It stands in for nothing.
    Whole,
    /// It stands in for the permit that is missing.
    StandsIn,
}

impl Literal<'_> {
    pub(super) fn is_foreign(&self) -> bool {
        self.given.asked.org != "o1"
    }

    /// Whether the rules of access deny, whatever the consents say.
    pub(super) fn is_refused(&self, form: Form) -> bool {
        self.is_refused_by_role(form) || self.glass() == Glass::Refused
    }

    /// A2: the role by the name that the rules give it; none where roles are not looked at.
    fn role(&self) -> Option<String> {
        let name = self.given.asked.role.filter(|_| self.given.said.roles)?;
        Some(if self.has(Rule::A2Names) { canonical(name) } else { name.to_owned() })
    }

    fn is_refused_by_role(&self, form: Form) -> bool {
        let asked = &self.given.asked;
        let may = match self.role().as_deref() {
            None => true,
            Some("ADMIN") => self.has(Rule::A3Admin),
            Some("CLINICIAN") => asked.active_encounter == Some(true) || !self.has(Rule::A4Clinician),
            Some("PATIENT") => self.is_own() || !self.has(Rule::A5Patient),
            Some("RESEARCHER") => {
                let is_research = ["HRESCH", "BIORCH"].contains(&asked.purpose);
                (asked.deidentified || !self.has(Rule::A6Deidentified))
                    && (is_research || !self.has(Rule::A6Research))
            }
            Some("AUDITOR") => {
                let is_audit = form == Form::Resource && self.given.datum.kind == "AuditEvent";
                is_audit || !self.has(Rule::A7Auditor)
            }
            Some("SYSTEM") => ["collect", "disclose"].contains(&asked.action) || !self.has(Rule::A8System),
            Some(_) => !self.has(Rule::A2Unknown),
        };
        !may
    }

    /// A5; by A1 a name of one org is nobody's in another.
    fn is_own(&self) -> bool {
        let asked = &self.given.asked;
        let is_patient = |name: &&str| ["Patient/pt_1", "pt_1"].contains(name);
        let mut names = [asked.actor].into_iter().chain(asked.aliases.iter().copied());
        !self.is_foreign() && names.any(|name| is_patient(&name))
    }

    pub(super) fn glass(&self) -> Glass {
        let (asked, said) = (&self.given.asked, &self.given.said);
        if asked.purpose != "BTG" {
            return Glass::Whole;
        }
        // G1
        let Some(glass) = asked.glass.filter(|glass| glass.has_reason || !self.has(Rule::G1Reason)) else {
            return if self.has(Rule::G1Reason) { Glass::Refused } else { Glass::Whole };
        };
        // G2
        let is_early = glass.start.is_some_and(|start| asked.now < start) && self.has(Rule::G2Begin);
        let end = glass.start.unwrap_or(asked.now) + 60 * i64::from(said.minutes.unwrap_or(60));
        let is_late = (asked.now >= end && self.has(Rule::G2Minutes))
            || (glass.until.is_some_and(|until| asked.now >= until) && self.has(Rule::G2Until));
        if is_early || is_late {
            return Glass::Refused;
        }
        // G3, and who may by A1 and G4
        let may = (!self.is_foreign() || !self.has(Rule::A1Glass))
            && (self.role().is_none_or(|role| role == "CLINICIAN") || !self.has(Rule::G4Clinician));
        if said.glass && may && self.has(Rule::G3StandsIn) { Glass::StandsIn } else { Glass::Whole }
    }
}

/// A2: capitals do not matter, and two names are one role.
pub(super) fn canonical(role: &str) -> String {
    let name = role.to_uppercase();
    if name == "PROVIDER" { "CLINICIAN".to_owned() } else { name }
}
