//! The walk over a resource: it writes what the policy names, and never what it does not know.
//!
//! What was begun and came to nothing is taken back from the end of the text, so there is no tree between the two texts.

use carewire_fhir_core::Kind;
use carewire_fhir_core::json::{JsonNode, NameId, write_string};

use super::Treatment;
use super::scope::Scope;
use crate::patient::PatientKey;
use crate::policy::{At, DateRule, Plan, Step};
use crate::terms::{country, is_state};
use crate::tools::Tools;
use crate::{Policy, Pseudonymizer, Result};

/// The walk over one resource of a file, or of a Bundle.
pub(super) struct Walk<'w, 'p, N> {
    pub(super) policy: &'p Policy,
    pub(super) plan: &'w mut Plan<'p>,
    pub(super) keys: &'w Pseudonymizer,
    pub(super) scope: Scope<'w>,
    pub(super) tools: Tools<'w>,
    /// Whose the resource is.
    pub(super) patient: Option<&'w PatientKey>,
    pub(super) out: &'w mut String,
    /// What was done to the resource, a bit for each [`Treatment`].
    pub(super) done: u16,
    /// Dates that went because no patient is known with whom they could move.
    pub(super) unshifted: u64,
    /// The contained resources of the resource at hand, and those of them that references lead to, in that order.
    contained: Option<N>,
    used: Vec<usize>,
}

pub(super) mod names {
    //! The names that the walk knows.

    use carewire_fhir_core::json::NameId;

    macro_rules! names {
        ($($constant:ident $name:literal)*) => {
            $(pub(in super::super) const $constant: NameId = NameId::element($name);)*
        };
    }

    names! {
        CODE "code" CODING "coding" COMPARATOR "comparator" CONTAINED "contained" COUNTRY "country" CURRENCY "currency"
        DISPLAY "display" EXTENSION "extension" ID "id" IDENTIFIER "identifier" IMPLICIT_RULES "implicitRules"
        LANGUAGE "language" META "meta" MODIFIER "modifierExtension" NAME "name" OTHER "other" REFERENCE "reference"
        RESOURCE_TYPE "resourceType" SECURITY "security" SYSTEM "system" TAG "tag" TEXT "text" TYPE "type" UNIT "unit"
        URL "url" VALUE "value"
    }
}

use names::{CONTAINED, COUNTRY, EXTENSION, ID, IMPLICIT_RULES, LANGUAGE, MODIFIER, RESOURCE_TYPE, TEXT};

const MASKED: &str = r#"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]}"#;

impl<'w, 'p, 'n, N: JsonNode<'n>> Walk<'w, 'p, N> {
    pub(super) fn new(
        plan: &'w mut Plan<'p>,
        keys: &'w Pseudonymizer,
        scope: Scope<'w>,
        out: &'w mut String,
    ) -> Self {
        let (policy, tools) = (plan.policy(), Tools::default());
        Self {
            policy,
            plan,
            keys,
            scope,
            tools,
            patient: None,
            out,
            done: 0,
            unshifted: 0,
            contained: None,
            used: Vec::new(),
        }
    }

    pub(super) fn with_patient(self, patient: Option<&'w PatientKey>) -> Self {
        Self { patient, ..self }
    }

    pub(super) fn with_tools(self, tools: Tools<'w>) -> Self {
        Self { tools, ..self }
    }

    /// Writes the members of a resource that is not contained, without its identity: what it says, and what it
    /// contains. `frame` names the members that the caller writes.
    pub(super) fn resource(&mut self, at: At, source: N, frame: &[NameId]) -> Result<()> {
        self.contained = source.member(CONTAINED);
        self.elements(at, source, frame)?;
        let start = self.open(CONTAINED.quoted(), '[');
        let mut written = 0;
        while let Some(index) = self.used.get(written).copied() {
            written += 1;
            self.one_contained(index, written)?;
        }
        self.close(start, ']');
        Ok(())
    }

    fn one_contained(&mut self, index: usize, number: usize) -> Result<()> {
        let one = self.contained.and_then(|all| all.items().nth(index));
        let kind = one.and_then(|one| one.text(RESOURCE_TYPE));
        let (Some(one), Some(at)) = (one, kind.and_then(|kind| self.plan.root(kind))) else { return Ok(()) };
        self.comma();
        let name = self.plan.spot(at).type_name;
        self.out.push_str("{\"resourceType\":\"");
        self.out.push_str(name);
        self.out.push_str("\",\"id\":\"c");
        self.out.push_str(&number.to_string());
        self.out.push('"');
        self.elements(at, one, &[])?;
        self.out.push('}');
        Ok(())
    }

    /// The new id of a contained resource that a reference leads to.
    pub(super) fn contained_id(&mut self, id: &str) -> Option<usize> {
        let mut all = self.contained?.items().enumerate();
        let (index, one) = all.find(|(_, one)| one.text(ID) == Some(id))?;
        self.plan.root(one.text(RESOURCE_TYPE)?)?;
        let place = self.used.iter().position(|used| *used == index).unwrap_or_else(|| {
            self.used.push(index);
            self.used.len() - 1
        });
        Some(place + 1)
    }

    pub(super) fn note(&mut self, at: At, treatment: Treatment) {
        self.done |= 1 << treatment as u16;
        self.plan.note(at, treatment);
    }

    pub(super) fn dropped(&mut self, at: At) -> bool {
        self.note(at, Treatment::Dropped);
        false
    }

    /// A comma, unless this is the first in its object or array.
    #[inline]
    pub(super) fn comma(&mut self) {
        if !self.out.ends_with(['{', '[']) {
            self.out.push(',');
        }
    }

    /// Begins a member that holds an object or array; answers what [`close`](Self::close) wants.
    pub(super) fn open(&mut self, name: &str, bracket: char) -> usize {
        let start = self.out.len();
        self.comma();
        self.out.push_str(name);
        self.out.push(bracket);
        start
    }

    /// Ends it, or takes it back if it is empty. Answers whether it stays.
    pub(super) fn close(&mut self, start: usize, bracket: char) -> bool {
        let is_empty = self.out.ends_with(['{', '[']);
        if is_empty {
            self.out.truncate(start)
        } else {
            self.out.push(bracket)
        }
        !is_empty
    }

    /// A member that is a text.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.comma();
        self.out.push_str(name);
        write_string(value, self.out);
    }

    /// A member that is a text without anything that wants an escape.
    pub(super) fn plain(&mut self, name: &str, value: &str) {
        self.comma();
        self.out.push_str(name);
        self.out.push('"');
        self.out.push_str(value);
        self.out.push('"');
    }

    /// Writes what may stay of the members of `source`.
    pub(super) fn elements(&mut self, at: At, source: N, frame: &[NameId]) -> Result<()> {
        let mut has_siblings = false;
        let mut masked: Vec<(NameId, bool)> = Vec::new();
        for (name, value) in source.members() {
            match name.id() {
                Some((id, false)) if frame.contains(&id) => {}
                Some((EXTENSION, false)) => self.extensions(at, value),
                Some((MODIFIER, false)) => self.modifiers(at, value)?,
                Some((id, false)) => match self.plan.child(at, id) {
                    Some(child) => {
                        if !self.member(child, id, value, source)? && self.wants(child, value) {
                            self.mask(child, id, &mut masked);
                        }
                    }
                    None => self.common(at, Some(id)),
                },
                Some((_, true)) => has_siblings = true,
                None => self.common(at, None),
            }
        }
        if has_siblings {
            self.siblings(at, source, &mut masked);
        }
        for (id, many) in masked {
            self.absent(id.quoted_sibling(), many);
        }
        Ok(())
    }

    /// Elements that every resource has are named in the manifest; what a sender made up is not.
    pub(super) fn common(&mut self, at: At, id: Option<NameId>) {
        let child = match id {
            Some(RESOURCE_TYPE | CONTAINED) => return,
            Some(id @ (ID | TEXT | IMPLICIT_RULES | LANGUAGE)) => self.plan.common(at, id),
            _ => self.plan.unknown(at),
        };
        self.note(child, Treatment::Dropped);
    }

    /// Whether R4 wants an element that went.
    fn wants(&self, at: At, value: N) -> bool {
        self.plan.spot(at).required && value.kind() != Kind::Null
    }

    /// R4 wants the element: says that it is withheld. Beside a primitive that is said last, unless more is said there.
    fn mask(&mut self, at: At, id: NameId, masked: &mut Vec<(NameId, bool)>) {
        self.note(at, Treatment::Masked);
        let spot = self.plan.spot(at);
        let many = spot.many;
        if spot.is_primitive() {
            masked.push((id, many));
        } else {
            self.absent(id.quoted(), many);
        }
    }

    pub(super) fn absent(&mut self, name: &str, many: bool) {
        self.comma();
        self.out.push_str(name);
        self.out.push_str(if many { "[" } else { "" });
        self.out.push_str(MASKED);
        self.out.push_str(if many { "]" } else { "" });
    }

    /// Writes a member, or nothing. Answers whether it stayed.
    fn member(&mut self, at: At, id: NameId, value: N, source: N) -> Result<bool> {
        let spot = self.plan.spot(at);
        let (step, many) = (spot.step, spot.many);
        if step == Step::Drop || many != (value.kind() == Kind::Array) {
            return Ok(self.dropped(at));
        }
        let start = self.out.len();
        self.comma();
        self.out.push_str(id.quoted());
        if !many {
            let kept = self.single(at, step, value, source)?;
            if !kept {
                self.out.truncate(start);
            }
            return Ok(kept);
        }
        self.out.push('[');
        self.items(at, value, source)?;
        Ok(self.close(start, ']'))
    }

    /// Writes what may stay of the items of an array that is open.
    pub(super) fn items(&mut self, at: At, value: N, source: N) -> Result<()> {
        let step = self.plan.spot(at).step;
        for item in value.items() {
            let before = self.out.len();
            self.comma();
            if !self.single(at, step, item, source)? {
                self.out.truncate(before);
            }
        }
        Ok(())
    }

    /// Writes what may stay of a value. What it began is the caller's to take back when nothing does.
    pub(super) fn single(&mut self, at: At, step: Step, value: N, source: N) -> Result<bool> {
        Ok(match step {
            Step::Drop => self.dropped(at),
            Step::Object => return self.object(at, value),
            Step::Primitive(kind) => self.primitive(at, kind, value),
            Step::Coding | Step::Concept | Step::Quantity | Step::Amount | Step::Money | Step::Reference => {
                return self.built_in(at, step, value);
            }
            Step::Identifier => return self.identifier(at, value),
            Step::Uri | Step::Text => self.pseudonym(at, step, value),
            Step::Year => self.date(at, DateRule::Year, value),
            Step::Shift => self.date(at, DateRule::Shift, value),
            Step::Postcode => self.area(at, value, source.text(COUNTRY)),
            Step::Zip | Step::Zip3 => self.postal_code(at, step, value, source.text(COUNTRY)),
            Step::State => self.kept_if(at, value, is_state),
            Step::Country => self.kept_if(at, value, |text| country(text).is_some()),
            Step::Number(kind) => self.number(at, kind, value),
            Step::Encrypt => return self.encrypted(at, value),
            Step::Scrub => self.scrubbed(at, value),
            Step::Substitute => {
                let text = self.plan.spot(at).parameters.and_then(|parameters| parameters.value.as_deref());
                write_string(text.unwrap_or_default(), self.out);
                self.note(at, Treatment::Substituted);
                true
            }
        })
    }

    /// A link to nobody says nothing, so it goes as a whole.
    fn is_dead_link(&self, at: At, link: N) -> bool {
        let is_live_link =
            matches!(self.scope, Scope::Live { .. }) && self.plan.spot(at).path == "Patient.link";
        let other =
            || link.member(names::OTHER).and_then(|other| self.scope.linked(other.text(names::REFERENCE)?));
        is_live_link && other().is_none()
    }

    fn object(&mut self, at: At, value: N) -> Result<bool> {
        if value.kind() != Kind::Object || self.is_dead_link(at, value) {
            return Ok(self.dropped(at));
        }
        self.out.push('{');
        self.elements(at, value, &[])?;
        let is_empty = self.out.ends_with('{');
        self.out.push('}');
        Ok(!is_empty)
    }

    fn kept_if(&mut self, at: At, value: N, is: impl FnOnce(&str) -> bool) -> bool {
        if value.as_str().is_some_and(is) { self.kept(at, value) } else { self.dropped(at) }
    }

    /// Writes a scalar as it is.
    pub(super) fn kept(&mut self, at: At, value: N) -> bool {
        match (value.as_number(), value.as_bool(), value.as_str()) {
            (Some(number), ..) => self.out.push_str(number),
            (_, Some(truth), _) => self.out.push_str(if truth { "true" } else { "false" }),
            (.., text) => write_string(text.unwrap_or_default(), self.out),
        }
        self.note(at, Treatment::Kept);
        true
    }
}
