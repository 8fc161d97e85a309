//! The value sets of required bindings.

use crate::ucum::{UcumError, Unit};

/// A value set.
#[derive(Debug)]
pub(crate) struct ValueSet {
    /// The short name, which is the end of its URL.
    pub(crate) name: &'static str,
    pub(super) form: Form,
}

/// What is known of its codes.
#[derive(Debug)]
pub(crate) enum Form {
    /// The codes, sorted, of each of its code systems.
    Codes(Vec<(&'static str, Box<[&'static str]>)>),
    /// A media type of BCP 13.
    Mime,
    /// A unit of UCUM.
    Ucum,
    /// Nothing.
    Open,
}

/// Whether a code is of a value set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Belongs {
    No,
    /// It may be: it has the form, and what it is made of is not known here.
    Unknown,
    Yes,
}

impl ValueSet {
    /// Whether a code without a system may be of this set.
    pub(crate) fn has_code(&self, code: &str) -> Belongs {
        match &self.form {
            Form::Codes(systems) => systems.iter().any(|(_, codes)| holds(codes, code)).into(),
            Form::Mime => is_mime(code).into(),
            Form::Ucum => is_ucum(code),
            Form::Open => Belongs::Yes,
        }
    }

    /// Whether a code of a system may be of this set.
    pub(crate) fn has_coding(&self, system: Option<&str>, code: &str) -> Belongs {
        match &self.form {
            Form::Codes(systems) => {
                systems.iter().any(|(name, codes)| Some(*name) == system && holds(codes, code)).into()
            }
            Form::Ucum if system != Some("http://unitsofmeasure.org") => Belongs::No,
            Form::Ucum | Form::Mime | Form::Open => self.has_code(code),
        }
    }
}

impl From<bool> for Belongs {
    fn from(belongs: bool) -> Self {
        if belongs { Self::Yes } else { Self::No }
    }
}

impl Form {
    /// The currencies of ISO 4217, withdrawn ones too.
    pub(super) fn currencies() -> Self {
        let lines = include_str!("../../definitions/currencies.txt").lines();
        let mut codes: Vec<_> =
            lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
        codes.sort_unstable();
        Self::Codes(vec![("urn:iso:std:iso:4217", codes.into())])
    }
}

/// The table of [`ucum`](crate::ucum) is not all of UCUM: what it does not have may be a unit.
fn is_ucum(code: &str) -> Belongs {
    match Unit::parse(code) {
        Ok(_) => Belongs::Yes,
        Err(UcumError::Syntax | UcumError::NotARatio) => Belongs::No,
        Err(_) => Belongs::Unknown,
    }
}

fn holds(codes: &[&str], code: &str) -> bool {
    const FEW: usize = 16;
    match codes.len() {
        // Most differ in their length already.
        0..=FEW => codes.contains(&code),
        _ => codes.binary_search(&code).is_ok(),
    }
}

/// `type/subtype`, with parameters after a semicolon. Some write a bare `xml` or `json` here, as FHIR's own examples do.
fn is_mime(code: &str) -> bool {
    let (name, parameters) = code.split_once(';').map_or((code, None), |(name, rest)| (name, Some(rest)));
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+*".contains(&b))
    };
    let name = name.trim_end();
    let named = name.split_once('/').is_some_and(|(kind, rest)| token(kind) && token(rest));
    (named || matches!(name, "xml" | "json" | "ttl")) && parameters.is_none_or(|text| text.contains('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_have_two_halves() {
        for good in
            ["text/plain", "application/fhir+json; fhirVersion=4.0", "text/html;charset=utf-8", "image/*"]
        {
            assert!(is_mime(good), "{good}");
        }
        for bad in ["text", "text/", "/plain", "a b/c", "text/plain;", "text/plain/x"] {
            assert!(!is_mime(bad), "{bad}");
        }
    }

    #[test]
    fn a_code_belongs_to_its_system() {
        let set = ValueSet { name: "s", form: Form::Codes(vec![("http://a", Box::new(["x", "y"]))]) };
        assert_eq!((set.has_code("x"), set.has_code("z")), (Belongs::Yes, Belongs::No));
        assert_eq!(set.has_coding(Some("http://a"), "y"), Belongs::Yes);
        assert_eq!(set.has_coding(Some("http://b"), "y"), Belongs::No);
        assert_eq!(set.has_coding(None, "y"), Belongs::No);
    }

    #[test]
    fn currencies_are_those_of_the_standard() {
        let form = Form::currencies();
        let Form::Codes(systems) = &form else { panic!("no codes") };
        let codes = &systems[0].1;
        assert!(codes.len() > 280 && codes.iter().all(|code| code.len() == 3), "{}", codes.len());
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
        let set = ValueSet { name: "c", form };
        for good in ["EUR", "CHF", "XCG", "XAU", "XXX", "DEM", "HRK"] {
            assert_eq!(set.has_code(good), Belongs::Yes, "{good}");
        }
        for bad in ["ABC", "eur", "EURO", ""] {
            assert_eq!(set.has_code(bad), Belongs::No, "{bad}");
        }
    }

    #[test]
    fn units_are_of_ucum_as_far_as_is_known() {
        let set = ValueSet { name: "u", form: Form::Ucum };
        let system = Some("http://unitsofmeasure.org");
        for good in ["mg", "10*3/uL", "{score}", "mm[Hg]", "1", "Cel"] {
            assert_eq!(set.has_coding(system, good), Belongs::Yes, "{good}");
        }
        for bad in ["mg/", "m g", "(mg", "mg{", "Cel/s"] {
            assert_eq!(set.has_coding(system, bad), Belongs::No, "{bad}");
        }
        assert_eq!(set.has_coding(system, "zorkmid"), Belongs::Unknown);
        assert_eq!(set.has_coding(None, "mg"), Belongs::No);
    }
}
