//! The datatypes with rules of their own: codes, quantities, identifiers, references.

use std::borrow::Cow;

use carewire_fhir_core::json::{JsonNode, write_string};

use super::methods::Amount;
use super::names::{
    CODE, CODING, COMPARATOR, CURRENCY, DISPLAY, EXTENSION, IDENTIFIER, REFERENCE, SYSTEM, TEXT, TYPE, UNIT,
    VALUE,
};
use super::walk::Walk;
use super::{
    ENCRYPTED_SYSTEM, ORIGINAL_SYSTEM, PSEUDONYM_SYSTEM, TOKEN_SYSTEM, Treatment, identity, primitive,
};
use crate::fhir::{self, Codes};
use crate::policy::{At, Primitive, Step};
use crate::terms::{display, is_unit};
use crate::transform::{OLDEST, in_a_year};
use crate::{Method, Result};

const UCUM: &str = "http://unitsofmeasure.org";
const URN: &str = "urn:carewire:pseudonym:";

impl<'n, N: JsonNode<'n>> Walk<'_, '_, N> {
    /// Writes what may stay of a value of a datatype with rules of its own, and the extensions that the policy names.
    pub(super) fn built_in(&mut self, at: At, step: Step, value: N) -> Result<bool> {
        self.out.push('{');
        match step {
            Step::Coding => self.coding(at, value),
            Step::Concept => self.concept(at, value),
            Step::Quantity => self.quantity(at, step, value),
            Step::Money => self.money(at, step, value),
            Step::Amount if self.plan.spot(at).type_name == "Money" => self.money(at, step, value),
            Step::Amount => self.quantity(at, step, value),
            _ => self.reference(at, value)?,
        }
        if let Some(extensions) = value.member(EXTENSION) {
            self.extensions(at, extensions);
        }
        let is_empty = self.out.ends_with('{');
        self.out.push('}');
        Ok(!is_empty)
    }

    /// The keyed surrogate of a short text or a URI.
    pub(super) fn pseudonym(&mut self, at: At, step: Step, value: N) -> bool {
        let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { return self.dropped(at) };
        let (own, label, prefix) = match step {
            Step::Uri => (text.strip_prefix(URN), "uri", URN),
            _ => (Some(text), "text", ""),
        };
        if own.is_some_and(|own| self.keys.is_own(own)) {
            write_string(text, self.out);
        } else {
            self.out.push('"');
            self.out.push_str(prefix);
            self.out.push_str(&self.keys.pseudonym(label, &[text.as_bytes()]));
            self.out.push('"');
        }
        self.note(at, Treatment::Pseudonymised);
        true
    }

    /// An identifier as the policy has it for its kind.
    pub(super) fn identifier(&mut self, at: At, value: N) -> Result<bool> {
        let own = self.plan.spot(at).method.unwrap_or(Method::Pseudonym);
        let Some(told) = self.told(value, own)? else { return Ok(self.dropped(at)) };
        self.put_told(&told);
        self.note(at, told.treatment);
        Ok(true)
    }

    /// What stands in the place of an identifier, if anything does.
    fn told(&self, identifier: N, own: Method) -> Result<Option<Told<'n>>> {
        let (system, value) = (identifier.text(SYSTEM), identifier.text(VALUE));
        let text = value.unwrap_or_default();
        let sealed = |system: &str| match self.tools.cipher.filter(|_| !text.is_empty()) {
            Some((cipher, entropy)) => cipher.encrypt_identifier(system, text, entropy).map(Some),
            None => Ok(None),
        };
        let named = system.unwrap_or_default();
        if let Some((cipher, _)) = self.tools.cipher
            && named == ENCRYPTED_SYSTEM
            && cipher.decrypt_identifier(text).is_ok()
        {
            // What was encrypted before is nothing that a rule could speak of.
            return Ok(Some(Told { system, value: Some(text.into()), treatment: Treatment::Encrypted }));
        }
        Ok(match self.policy.identifiers().method(named, text, own) {
            Method::Pseudonym => self.surrogate(identifier).map(|(system, value)| Told {
                system: Some(system),
                value: Some(value.into()),
                treatment: Treatment::Pseudonymised,
            }),
            Method::Keep => {
                Some(Told { system, value: value.map(Cow::Borrowed), treatment: Treatment::Kept })
            }
            Method::Encrypt => sealed(named)?.map(|sealed| Told {
                system: Some(ENCRYPTED_SYSTEM),
                value: Some(sealed.into()),
                treatment: Treatment::Encrypted,
            }),
            _ => None,
        })
    }

    fn put_told(&mut self, told: &Told<'_>) {
        self.out.push('{');
        if let Some(system) = told.system {
            self.text(SYSTEM.quoted(), system);
        }
        if let Some(value) = &told.value {
            self.text(VALUE.quoted(), value);
        }
        self.out.push('}');
    }

    /// System and value only, both ours; the token and its original keep their systems.
    fn surrogate(&self, value: N) -> Option<(&'static str, String)> {
        let (system, text) = (value.text(SYSTEM), value.text(VALUE).filter(|text| !text.is_empty())?);
        let token = self.scope.token().filter(|token| *token == text);
        let own = [TOKEN_SYSTEM, ORIGINAL_SYSTEM].into_iter().find(|own| system == Some(own));
        match (token, own) {
            (Some(token), Some(system)) => Some((system, token.to_owned())),
            _ => Some((PSEUDONYM_SYSTEM, identity::pseudonym(self.keys, system.unwrap_or_default(), text))),
        }
    }

    /// A code that the policy knows stays, with the display of HL7's table if it has one there. Any
    /// other code is text that the sender chose; its surrogate still tells equal codes from different ones.
    fn coding(&mut self, at: At, value: N) {
        let Some(code) = value.text(CODE).filter(|code| !code.is_empty()) else {
            self.dropped(at);
            return;
        };
        let system = value.text(SYSTEM).unwrap_or_default();
        if !self.is_known(system, code) {
            return self.surrogate_code(at, &[system.as_bytes(), code.as_bytes()]);
        }
        self.note(at, Treatment::Kept);
        self.text(SYSTEM.quoted(), system);
        self.text(CODE.quoted(), code);
        if value.member(DISPLAY).is_some()
            && let Some(display) = display(system, code)
        {
            self.text(DISPLAY.quoted(), display);
        }
    }

    fn is_known(&self, system: &str, code: &str) -> bool {
        if system == PSEUDONYM_SYSTEM {
            return self.keys.is_own(code);
        }
        let shape = self.policy.systems().iter().find_map(|rule| rule.shape_of(system));
        shape.is_some_and(|shape| shape.fits(system, code))
    }

    fn surrogate_code(&mut self, at: At, parts: &[&[u8]]) {
        self.note(at, Treatment::Pseudonymised);
        self.plain(SYSTEM.quoted(), PSEUDONYM_SYSTEM);
        let code = self.keys.pseudonym("code", parts);
        self.plain(CODE.quoted(), &code);
    }

    /// The codings; where there is only text, the text is a code that nobody gave a system.
    fn concept(&mut self, at: At, value: N) {
        let start = self.open(CODING.quoted(), '[');
        let (mut text, mut any) = (value.text(TEXT), false);
        for coding in value.member(CODING).into_iter().flat_map(JsonNode::items) {
            let before = self.out.len();
            self.comma();
            self.out.push('{');
            self.coding(at, coding);
            if self.out.ends_with('{') {
                self.out.truncate(before);
                text = text.or(coding.text(DISPLAY));
            } else {
                self.out.push('}');
                any = true;
            }
        }
        if any {
            if value.member(TEXT).is_some() {
                self.note(at, Treatment::Dropped);
            }
        } else if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.out.push('{');
            self.surrogate_code(at, &[text.as_bytes()]);
            self.out.push('}');
        }
        self.close(start, ']');
    }

    fn money(&mut self, at: At, step: Step, value: N) {
        let start = self.out.len();
        let amount = self.amount(at, step, value);
        if self.put_amount(at, value, amount) {
            self.copy(at, value, CURRENCY, Primitive::Code, fhir::codes_of("Money", "currency"));
        }
        if self.out.len() == start {
            self.dropped(at);
        }
    }

    fn quantity(&mut self, at: At, step: Step, value: N) {
        let start = self.out.len();
        let (system, code) = (value.text(SYSTEM).unwrap_or_default(), value.text(CODE));
        let unit = value.text(UNIT).filter(|unit| !unit.is_empty());
        let amount = self.amount(at, step, value);
        let is_age = self.plan.spot(at).type_name == "Age";
        if self.policy.caps_ages() && is_old(value, &amount, [code, unit], is_age) {
            self.out.push_str("\"value\":90,\"comparator\":\">=\",\"unit\":\"a\",\"system\":\"");
            self.out.push_str(UCUM);
            self.out.push_str("\",\"code\":\"a\"");
            return self.note(at, Treatment::Generalised);
        }
        if self.put_amount(at, value, amount) {
            self.copy(at, value, COMPARATOR, Primitive::Code, fhir::codes_of("Quantity", "comparator"));
            self.unit(at, system, code, unit);
        }
        if self.out.len() == start {
            self.dropped(at);
        }
    }

    /// What may stay of a unit. A number without its unit misleads, so a unit that may not stay leaves a surrogate.
    fn unit(&mut self, at: At, system: &str, code: Option<&str>, unit: Option<&str>) {
        let known_unit = unit.filter(|unit| is_unit(unit));
        let known_code = code.filter(|code| self.is_known(system, code) && (system != UCUM || is_unit(code)));
        if let Some(unit) = known_unit {
            self.text(UNIT.quoted(), unit);
        }
        match (known_code, code.or(unit)) {
            (Some(code), _) => {
                self.text(SYSTEM.quoted(), system);
                self.text(CODE.quoted(), code);
            }
            (None, Some(text)) if known_unit.is_none() => {
                self.surrogate_code(at, &[b"unit", system.as_bytes(), text.as_bytes()]);
            }
            _ => {}
        }
    }

    pub(super) fn copy(
        &mut self,
        at: At,
        value: N,
        name: carewire_fhir_core::json::NameId,
        kind: Primitive,
        codes: Codes,
    ) {
        let Some(member) = value.member(name) else { return };
        if !primitive::fits(kind, member, codes) {
            self.dropped(at);
            return;
        }
        self.comma();
        self.out.push_str(name.quoted());
        self.kept(at, member);
    }

    /// To where the resource now is; by identifier where it is outside; else nowhere.
    fn reference(&mut self, at: At, value: N) -> Result<()> {
        if self.scope.is_link(&self.plan.spot(at).path) {
            self.linked(at, value);
            return Ok(());
        }
        // INVARIANT: the reference is the first member of its object.
        let start = self.out.len();
        let target = value.text(REFERENCE).unwrap_or_default();
        let element = self.plan.spot(at).name;
        match target.strip_prefix('#') {
            Some(id) => {
                if let Some(number) = self.contained_id(id) {
                    self.plain(REFERENCE.quoted(), &format!("#c{number}"));
                }
            }
            None => {
                self.out.push_str(REFERENCE.quoted());
                if !self.scope.address(self.keys, target, self.out) {
                    self.out.truncate(start);
                }
            }
        }
        if self.out.len() == start
            && let Some(token) = self.scope.the_patient(element, target)
        {
            self.plain(TYPE.quoted(), "Patient");
            self.out.push_str(",\"identifier\":");
            self.put_identifier(TOKEN_SYSTEM, token);
        } else {
            self.named_outside(value, start)?;
        }
        let treatment = if self.out.len() == start { Treatment::Dropped } else { Treatment::Rewritten };
        self.note(at, treatment);
        Ok(())
    }

    /// The type and the identifier of what is referred to. A type alone is no reference.
    fn named_outside(&mut self, value: N, start: usize) -> Result<()> {
        let has_address = self.out.len() > start;
        let told = match value.member(IDENTIFIER) {
            Some(identifier) => self.told(identifier, self.policy.identifiers().otherwise())?,
            None => None,
        };
        if !has_address && told.is_none() {
            return Ok(());
        }
        if let Some((name, _)) = value.text(TYPE).and_then(fhir::resource) {
            self.plain(TYPE.quoted(), name);
        }
        if let Some(told) = told {
            self.comma();
            self.out.push_str(IDENTIFIER.quoted());
            self.put_told(&told);
        }
        Ok(())
    }

    pub(super) fn put_identifier(&mut self, system: &str, value: &str) {
        self.out.push('{');
        self.plain(SYSTEM.quoted(), system);
        self.text(VALUE.quoted(), value);
        self.out.push('}');
    }

    /// To another patient whose token is known, by which it is named as well; else nowhere.
    fn linked(&mut self, at: At, value: N) {
        let address = value.text(REFERENCE).and_then(|target| self.scope.linked(target));
        let Some((address, token)) = address else {
            self.dropped(at);
            return;
        };
        self.text(REFERENCE.quoted(), address);
        self.out.push_str(",\"identifier\":");
        self.put_identifier(TOKEN_SYSTEM, token);
        self.note(at, Treatment::Rewritten);
    }
}

/// Whether a quantity is, or was, an age of 90 years or more, in any unit of time that it names. An `Age` in a unit that
/// nobody knows is taken for one in years.
fn is_old<'n>(value: impl JsonNode<'n>, amount: &Amount, units: [Option<&str>; 2], is_age: bool) -> bool {
    let named = units.into_iter().flatten().filter_map(in_a_year).reduce(f64::min);
    let Some(year) = named.or_else(|| is_age.then_some(1.0)) else { return false };
    let reaches = |text: &str| text.parse::<f64>().is_ok_and(|number| number >= f64::from(OLDEST + 1) * year);
    let was = value.member(VALUE).and_then(JsonNode::as_number).is_some_and(reaches);
    was || matches!(amount, Amount::Moved(number, _) if reaches(number.as_str()))
}

/// What stands in the place of an identifier.
struct Told<'t> {
    system: Option<&'t str>,
    value: Option<Cow<'t, str>>,
    treatment: Treatment,
}
