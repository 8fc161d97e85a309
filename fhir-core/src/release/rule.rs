//! How an element of R4 becomes one of R5.

use crate::Value;

/// The rules of types and of their parts.
pub(super) type Rules = &'static [(&'static str, &'static [Rule])];

/// What becomes of an element, by its name in JSON. What has no rule stays as it is.
pub(super) struct Rule {
    pub(super) from: &'static str,
    pub(super) does: Does,
}

pub(super) enum Does {
    /// It goes to another element, which may be in a part (`outcome.code`), each value in another form.
    Goes { to: &'static str, forms: &'static [Form], list: bool },
    /// It goes to another element, beside the unit that R4 took for granted.
    Measured { to: &'static str, unit: (&'static str, &'static str) },
    /// Codes have other names: (R4, R5, whether the old one said more). An empty name is none.
    Codes(&'static [(&'static str, &'static str, bool)]),
    /// The part is gone; its elements go to the object around it.
    Up,
    /// R5 has no place for it: it is kept in an extension.
    Kept,
}

/// A step from a value of R4 to a value of R5.
pub(super) enum Form {
    /// In an object under a name.
    In(&'static str),
    /// In an object under a name, as the only item of a list.
    Items(&'static str),
    /// Whether it is this code.
    Is(&'static str),
    /// A code as a Coding of a system.
    Code(&'static str),
    /// An object with the function of a participant.
    Function(&'static str),
    /// An object with the mode of an attestation.
    Mode(&'static str),
    /// A number as a string.
    Digits,
    /// `Name: value` as an object of both.
    Header,
    /// A dateTime without its time.
    DateOnly,
    /// The outcome of an audit event.
    Outcome,
    /// Whether the members of a group are listed.
    Membership,
}

pub(super) const SAME: &[Form] = &[];
pub(super) const CONCEPT: &[Form] = &[Form::In("concept")];
pub(super) const REFERENCE: &[Form] = &[Form::In("reference")];
pub(super) const CODING: &[Form] = &[Form::Items("coding")];
pub(super) const TEXT: &[Form] = &[Form::In("text")];

/// To an element with one value.
pub(super) const fn one(from: &'static str, to: &'static str, forms: &'static [Form]) -> Rule {
    Rule { from, does: Does::Goes { to, forms, list: false } }
}

/// To a list.
pub(super) const fn many(from: &'static str, to: &'static str, forms: &'static [Form]) -> Rule {
    Rule { from, does: Does::Goes { to, forms, list: true } }
}

pub(super) const fn codes(from: &'static str, codes: &'static [(&'static str, &'static str, bool)]) -> Rule {
    Rule { from, does: Does::Codes(codes) }
}

/// To an element with a unit, which is a name and a code.
pub(super) const fn measured(
    from: &'static str,
    to: &'static str,
    unit: (&'static str, &'static str),
) -> Rule {
    Rule { from, does: Does::Measured { to, unit } }
}

pub(super) const fn up(from: &'static str) -> Rule {
    Rule { from, does: Does::Up }
}

pub(super) const fn kept(from: &'static str) -> Rule {
    Rule { from, does: Does::Kept }
}

/// A value in its new form, and whether the old one said more.
pub(super) struct Formed {
    pub(super) value: Value,
    pub(super) loses: bool,
}

impl Formed {
    /// Takes a value through its forms; `None` when it is not what the form is for.
    pub(super) fn of(value: Value, forms: &[Form]) -> Option<Self> {
        forms.iter().try_fold(Self { value, loses: false }, |formed, form| formed.then(form))
    }

    fn then(self, form: &Form) -> Option<Self> {
        let whole = |value| Some(Self { value, loses: self.loses });
        match form {
            Form::In(name) => whole(Value::object().with(name, self.value)),
            Form::Items(name) => whole(Value::object().with(name, vec![self.value])),
            Form::Is(code) => {
                let found = self.value.as_str()?;
                Some(Self {
                    value: Value::bool(found == *code),
                    loses: !matches!(found, "required" | "optional"),
                })
            }
            Form::Code(system) => whole(coding(system, self.value.as_str()?)),
            Form::Function(code) => {
                let concept =
                    coding("http://terminology.hl7.org/CodeSystem/provenance-participant-type", code);
                whole(self.value.with("function", Value::object().with("coding", vec![concept])))
            }
            Form::Mode(code) => {
                let concept = coding("http://hl7.org/fhir/composition-attestation-mode", code);
                whole(self.value.with("mode", Value::object().with("coding", vec![concept])))
            }
            Form::Digits => whole(Value::string(self.value.as_number()?)),
            Form::Header => {
                let (name, value) = self.value.as_str()?.split_once(':')?;
                whole(Value::object().with("name", name.trim()).with("value", value.trim()))
            }
            Form::DateOnly => {
                let (date, time) =
                    self.value.as_str().map(|text| text.split_once('T').unwrap_or((text, "")))?;
                Some(Self { value: date.into(), loses: !time.is_empty() })
            }
            Form::Membership => {
                whole(Value::string(if self.value.as_bool()? { "enumerated" } else { "definitional" }))
            }
            Form::Outcome => {
                whole(coding("http://hl7.org/fhir/issue-severity", outcome(self.value.as_str()?)?))
            }
        }
    }
}

fn coding(system: &str, code: &str) -> Value {
    Value::object().with("system", system).with("code", code)
}

fn outcome(code: &str) -> Option<&'static str> {
    Some(match code {
        "0" => "success",
        "4" => "warning",
        "8" => "error",
        "12" => "fatal",
        _ => return None,
    })
}
