//! The datatypes with rules of their own: codes, quantities, identifiers, references.

use carewire_fhir_core::{PatientToken, Value};

use super::identity;
use super::patient::identifier;
use super::walk::Walk;
use super::{ORIGINAL_SYSTEM, PSEUDONYM_SYSTEM, TOKEN_SYSTEM, Treatment, primitive};
use crate::fhir::{self, Codes};
use crate::terms::{display, is_unit};

const UCUM: &str = "http://unitsofmeasure.org";

impl Walk<'_> {
    /// What may stay of a value of a datatype with rules of its own; `None` for other datatypes.
    pub(super) fn built_in(&mut self, kind: &str, value: &Value) -> Option<Option<Value>> {
        let out = match kind {
            "Coding" => self.coding(value),
            "CodeableConcept" => self.concept(value),
            "Quantity" | "Age" | "Duration" | "Count" | "Distance" => self.quantity(value),
            "Money" => self.money(value),
            "Reference" if self.is_link() => self.linked(value),
            "Reference" => self.reference(value),
            _ => return None,
        };
        let mut out = out.unwrap_or_else(Value::object);
        if let Some(extensions) = value.get("extension") {
            self.extension(extensions, &mut out);
        }
        Some(Some(out).filter(|out| !out.is_empty()))
    }

    /// The keyed surrogate of an identifier, a short text or a URI.
    pub(super) fn pseudonym(&mut self, kind: &str, value: &Value) -> Option<Value> {
        const URN: &str = "urn:carewire:pseudonym:";
        let keys = self.context.keys();
        let surrogate = match (kind, value.as_str()) {
            ("Identifier", _) => self.identifier(value),
            (_, None | Some("")) => None,
            ("uri" | "url" | "canonical", Some(text))
                if text.strip_prefix(URN).is_some_and(|own| keys.is_own(own)) =>
            {
                Some(value.clone())
            }
            ("uri" | "url" | "canonical", Some(text)) => {
                Some(Value::string(format!("{URN}{}", keys.pseudonym("uri", &[text.as_bytes()]))))
            }
            (_, Some(text)) if keys.is_own(text) => Some(value.clone()),
            (_, Some(text)) => Some(Value::string(keys.pseudonym("text", &[text.as_bytes()]))),
        };
        self.note(if surrogate.is_some() { Treatment::Pseudonymised } else { Treatment::Dropped });
        surrogate
    }

    /// System and value only, both ours; the token and its original keep their systems.
    fn identifier(&self, value: &Value) -> Option<Value> {
        let token = self.patient().map(PatientToken::as_str);
        for system in [TOKEN_SYSTEM, ORIGINAL_SYSTEM] {
            if let Some(token) = token
                && value.str("system") == Some(system)
                && value.str("value") == Some(token)
            {
                return Some(identifier(system, token));
            }
        }
        Some(identifier(PSEUDONYM_SYSTEM, &identity::identifier(self.context.keys(), value)?))
    }

    /// A code that the policy knows stays, with the display of HL7's table if it has one there. Any
    /// other code is text that the sender chose; its surrogate still tells equal codes from different ones.
    fn coding(&mut self, value: &Value) -> Option<Value> {
        let Some(code) = value.str("code").filter(|code| !code.is_empty()) else { return self.dropped() };
        let system = value.str("system").unwrap_or_default();
        if !self.is_known(system, code) {
            return self.surrogate_code(&[system.as_bytes(), code.as_bytes()]);
        }
        self.note(Treatment::Kept);
        let mut out = Value::object().with("system", system).with("code", code);
        if let (Some(_), Some(display)) = (value.get("display"), display(system, code)) {
            out.set("display", display);
        }
        Some(out)
    }

    fn is_known(&self, system: &str, code: &str) -> bool {
        if system == PSEUDONYM_SYSTEM {
            return self.context.keys().is_own(code);
        }
        let shape = self.policy.systems().iter().find_map(|rule| rule.shape_of(system));
        shape.is_some_and(|shape| shape.fits(system, code))
    }

    fn surrogate_code(&mut self, parts: &[&[u8]]) -> Option<Value> {
        self.note(Treatment::Pseudonymised);
        let code = self.context.keys().pseudonym("code", parts);
        Some(Value::object().with("system", PSEUDONYM_SYSTEM).with("code", code))
    }

    /// The codings; where there is only text, the text is a code that nobody gave a system.
    fn concept(&mut self, value: &Value) -> Option<Value> {
        let mut codings: Vec<_> =
            value.list("coding").iter().filter_map(|coding| self.coding(coding)).collect();
        if codings.is_empty() {
            let displays = value.list("coding").iter().find_map(|coding| coding.str("display"));
            let text = value.str("text").or(displays).filter(|text| !text.is_empty())?;
            codings.extend(self.surrogate_code(&[text.as_bytes()]));
        } else if value.get("text").is_some() {
            self.note(Treatment::Dropped);
        }
        Some(Value::object().with("coding", codings))
    }

    fn money(&mut self, value: &Value) -> Option<Value> {
        let mut out = Value::object();
        self.copy(value, "value", "decimal", Codes::Open, &mut out);
        self.copy(value, "currency", "code", fhir::codes_of("Money", "currency"), &mut out);
        Some(out).filter(|out| !out.is_empty()).or_else(|| self.dropped())
    }

    fn quantity(&mut self, value: &Value) -> Option<Value> {
        let mut out = Value::object();
        self.copy(value, "value", "decimal", Codes::Open, &mut out);
        self.copy(value, "comparator", "code", fhir::codes_of("Quantity", "comparator"), &mut out);
        let (system, code) = (value.str("system").unwrap_or_default(), value.str("code"));
        let unit = value.str("unit").filter(|unit| !unit.is_empty());
        let known_unit = unit.filter(|unit| is_unit(unit));
        let known_code = code.filter(|code| self.is_known(system, code) && (system != UCUM || is_unit(code)));
        if let Some(unit) = known_unit {
            out.set("unit", unit);
        }
        match (known_code, code.or(unit)) {
            (Some(code), _) => {
                out.set("system", system);
                out.set("code", code);
            }
            // A number without its unit misleads, so a unit that may not stay leaves a surrogate.
            (None, Some(text)) if known_unit.is_none() => {
                let surrogate = self.surrogate_code(&[b"unit", system.as_bytes(), text.as_bytes()]);
                surrogate
                    .iter()
                    .flat_map(Value::members)
                    .for_each(|(name, value)| drop(out.set(name, value.clone())));
            }
            _ => {}
        }
        Some(out).filter(|out| !out.is_empty()).or_else(|| self.dropped())
    }

    fn copy(&mut self, value: &Value, name: &str, kind: &str, codes: Codes, out: &mut Value) {
        let Some(member) = value.get(name) else { return };
        let kept = if primitive::fits(kind, member, codes) { self.kept(member) } else { self.dropped() };
        if let Some(member) = kept {
            out.set(name, member);
        }
    }

    /// To another patient whose token is known, by which it is named as well; else nowhere.
    fn linked(&mut self, value: &Value) -> Option<Value> {
        let address = value.str("reference").and_then(|target| self.links.resolve(target));
        let Some((address, token)) = address.and_then(|at| Some((at, self.links.token_at(at)?))) else {
            return self.dropped();
        };
        let out =
            Value::object().with("reference", address).with("identifier", identifier(TOKEN_SYSTEM, token));
        self.note(Treatment::Rewritten);
        Some(out)
    }

    /// To where the resource now is; by identifier where it is outside; else nowhere.
    fn reference(&mut self, value: &Value) -> Option<Value> {
        let mut out = Value::object();
        let target = value.str("reference").unwrap_or_default();
        let address = match target.strip_prefix('#') {
            Some(id) => self.contained_id(id).map(|id| format!("#{id}")),
            None => self.links.resolve(target).map(str::to_owned),
        };
        let outside = value.get("identifier").and_then(|identifier| self.identifier(identifier));
        let the_patient = self.patient().filter(|_| self.links.is_the_patient(self.element(), target));
        match (address, the_patient, outside) {
            (None, None, None) => return self.dropped(),
            (None, Some(token), _) => {
                out.set("type", "Patient");
                out.set("identifier", identifier(TOKEN_SYSTEM, token.as_str()));
            }
            (address, _, outside) => {
                address.map(|address| out.set("reference", address));
                let known = value.str("type").and_then(fhir::resource);
                known.map(|(name, _)| out.set("type", name));
                outside.map(|identifier| out.set("identifier", identifier));
            }
        }
        self.note(Treatment::Rewritten);
        Some(out)
    }
}
