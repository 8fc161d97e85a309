//! The assertions of rules: what they say, and reading them.

use std::sync::Arc;

use regex_lite::{Regex, RegexBuilder};

use super::binding::{Binder, Binding};
use super::error::ProfileError;
use super::model::Range;
use super::path::PositionPath;
use super::unsupported::UnsupportedReason;
use super::xml::{Document, Element};

/// Something that holds or does not hold of a place in a message.
#[derive(Debug)]
pub(super) enum Assertion {
    /// Something stands there.
    Presence(PositionPath),
    /// The values there are such.
    Test(Test),
    /// The values at two places compare so.
    Paths(PathComparison),
    /// The code there is in a value set.
    ValueSet { path: PositionPath, binding: Arc<Binding>, absent: WhenAbsent },
    /// The field there is the explicit null.
    Null(PositionPath),
    /// The number there is the number of the repetition of the context.
    SetId(PositionPath),
    /// The numbers below the parents there count from 1, per parent or over all.
    SetIds { parents: PositionPath, element: PositionPath },
    /// The assertion holds of the places there.
    Within { path: PositionPath, assertion: Box<Assertion>, occurrences: Option<Range>, absent: WhenAbsent },
    /// It does not hold.
    Not(Box<Assertion>),
    /// All hold.
    All(Vec<Assertion>),
    /// At least one holds.
    Any(Vec<Assertion>),
    /// Exactly one of the two holds.
    Either(Box<Assertion>, Box<Assertion>),
    /// When the first holds, so does the second.
    Imply(Box<Assertion>, Box<Assertion>),
}

/// What a rule gives when nothing stands at its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WhenAbsent {
    Holds,
    Fails,
    Undecided,
}

/// A condition on the values at a path.
#[derive(Debug)]
pub(super) struct Test {
    pub(super) path: PositionPath,
    pub(super) matcher: Matcher,
    pub(super) occurrences: Occurrences,
    pub(super) absent: WhenAbsent,
}

/// How many of the values have to match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occurrences {
    All,
    AtLeastOne,
    Between(Range),
}

/// What a value is matched with.
#[derive(Debug)]
pub(super) enum Matcher {
    Text { text: String, ignore_case: bool },
    Texts { texts: Vec<String>, ignore_case: bool },
    Numbers(Vec<f64>),
    Pattern(Regex),
    Compare { operator: Operator, literal: Literal, mode: ComparisonMode },
    Loinc,
    Snomed,
}

/// A value that a rule compares with.
#[derive(Debug)]
pub(super) enum Literal {
    Text(String),
    Number(f64),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

/// How equality and times are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ComparisonMode {
    /// Equal means the same characters.
    pub(super) identical: bool,
    /// Times are compared as far as both go.
    pub(super) truncated: bool,
}

/// A comparison of the values at two paths.
#[derive(Debug)]
pub(super) struct PathComparison {
    pub(super) left: PositionPath,
    pub(super) right: PositionPath,
    pub(super) operator: Operator,
    pub(super) mode: ComparisonMode,
    pub(super) left_mode: Quantity,
    pub(super) right_mode: Quantity,
    pub(super) absent: WhenAbsent,
    /// Elements with parts are compared part by part; with `strict`, a part that one side lacks is a difference.
    pub(super) parts: Option<Strictness>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strictness {
    Strict,
    Lenient,
}

/// How many of several values have to compare so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    All,
    AtLeastOne,
    Exactly(usize),
}

/// Why an assertion is not taken over.
pub(super) enum Refusal {
    /// The profile is wrong.
    Error(ProfileError),
    /// It says more than is evaluated here.
    Unsupported(UnsupportedReason),
}

impl From<ProfileError> for Refusal {
    fn from(error: ProfileError) -> Self {
        Self::Error(error)
    }
}

impl Assertion {
    /// Reads the one assertion in `parent`.
    pub(super) fn read_in(
        document: &Document,
        parent: &Element,
        binder: &mut Binder<'_>,
    ) -> Result<Self, Refusal> {
        match parent.children.as_slice() {
            [only] => AssertionReader { document, binder }.read(only),
            _ => Err(AssertionReader { document, binder }.misshapen(parent)),
        }
    }
}

struct AssertionReader<'r, 'b> {
    document: &'r Document,
    binder: &'r mut Binder<'b>,
}

impl AssertionReader<'_, '_> {
    const MOST_PATTERN: usize = 2_000;

    /// The nesting is bounded by that of the XML.
    fn read(&mut self, at: &Element) -> Result<Assertion, Refusal> {
        Ok(match &*at.name {
            "Presence" => Assertion::Presence(self.path(at, "Path")?),
            "PlainText" => self.text(at, "Path", "Text", false)?,
            "PlainCoConstraint" => self.text(at, "KeyPath", "KeyValue", true)?,
            "Format" => {
                let pattern = self.document.required(at, "Regex")?;
                let pattern = whole_pattern(pattern);
                self.test(
                    at,
                    Matcher::Pattern(pattern.ok_or(Refusal::Unsupported(UnsupportedReason::Pattern))?),
                )?
            }
            "StringList" => self.texts(at)?,
            "NumberList" => self.numbers(at)?,
            "SimpleValue" => self.value(at)?,
            "StringFormat" => self.format(at)?,
            "PathValue" => self.paths(at, None)?,
            "ComplexPathValue" => {
                let lenient = matches!(at.attribute("Strict"), Some("false" | "0"));
                self.paths(at, Some(if lenient { Strictness::Lenient } else { Strictness::Strict }))?
            }
            "ValueSet" => {
                let (path, absent) = (self.path(at, "Path")?, self.absent(at)?);
                let binding = self.binder.in_assertion(self.document, at)?;
                Assertion::ValueSet { path, binding: Arc::new(binding), absent }
            }
            "isNULL" => Assertion::Null(self.path(at, "Path")?),
            "SetID" => Assertion::SetId(self.path(at, "Path")?),
            "IZSetID" => {
                Assertion::SetIds { parents: self.path(at, "Parent")?, element: self.path(at, "Element")? }
            }
            "SubContext" => self.within(at)?,
            "NOT" => Assertion::Not(Box::new(self.one(at)?)),
            "AND" | "FORALL" => Assertion::All(self.several(at)?),
            "OR" | "EXIST" => Assertion::Any(self.several(at)?),
            "XOR" => {
                let (first, second) = self.two(at)?;
                Assertion::Either(Box::new(first), Box::new(second))
            }
            "IMPLY" => {
                let (first, second) = self.two(at)?;
                Assertion::Imply(Box::new(first), Box::new(second))
            }
            "Plugin" => return Err(Refusal::Unsupported(UnsupportedReason::Plugin)),
            _ => return Err(Refusal::Unsupported(UnsupportedReason::Assertion)),
        })
    }

    fn text(
        &mut self,
        at: &Element,
        path: &'static str,
        text: &'static str,
        ignore_case: bool,
    ) -> Result<Assertion, Refusal> {
        let text = self.document.required(at, text)?.to_owned();
        let ignore_case = match at.attribute("IgnoreCase") {
            None => ignore_case,
            Some(_) => self.document.flag(at, "IgnoreCase")?,
        };
        self.test_at(at, path, Matcher::Text { text, ignore_case })
    }

    fn texts(&mut self, at: &Element) -> Result<Assertion, Refusal> {
        let list = self.document.required(at, "CSV")?;
        let texts = list.split(',').map(|text| text.trim().to_owned()).collect();
        let ignore_case = self.document.flag(at, "IgnoreCase")?;
        self.test(at, Matcher::Texts { texts, ignore_case })
    }

    fn numbers(&mut self, at: &Element) -> Result<Assertion, Refusal> {
        let list = self.document.required(at, "CSV")?;
        let numbers: Option<Vec<f64>> = list.split(',').map(|number| number.trim().parse().ok()).collect();
        let numbers = numbers.ok_or_else(|| self.document.unreadable(at, "CSV"))?;
        self.test(at, Matcher::Numbers(numbers))
    }

    fn value(&mut self, at: &Element) -> Result<Assertion, Refusal> {
        let value = self.document.required(at, "Value")?;
        let literal = match at.attribute("Type") {
            None | Some("String") => Literal::Text(value.to_owned()),
            Some("Number") => {
                Literal::Number(value.trim().parse().map_err(|_| self.document.unreadable(at, "Value"))?)
            }
            Some(_) => return Err(Refusal::Unsupported(UnsupportedReason::Assertion)),
        };
        let (operator, mode) = (self.operator(at)?, self.mode(at)?);
        self.test(at, Matcher::Compare { operator, literal, mode })
    }

    fn format(&mut self, at: &Element) -> Result<Assertion, Refusal> {
        let matcher = match self.document.required(at, "Format")? {
            format if format.eq_ignore_ascii_case("LOINC") => Matcher::Loinc,
            format if format.eq_ignore_ascii_case("SNOMED") => Matcher::Snomed,
            _ => return Err(Refusal::Unsupported(UnsupportedReason::Assertion)),
        };
        self.test(at, matcher)
    }

    fn test(&mut self, at: &Element, matcher: Matcher) -> Result<Assertion, Refusal> {
        self.test_at(at, "Path", matcher)
    }

    fn test_at(&mut self, at: &Element, path: &'static str, matcher: Matcher) -> Result<Assertion, Refusal> {
        let path = self.path(at, path)?;
        let occurrences = match self.range(at, "Min", "Max")? {
            Some(_) if at.attribute("AtLeastOnce").is_some() => return Err(self.misshapen(at)),
            Some(range) => Occurrences::Between(range),
            None if self.document.flag(at, "AtLeastOnce")? => Occurrences::AtLeastOne,
            None => Occurrences::All,
        };
        Ok(Assertion::Test(Test { path, matcher, occurrences, absent: self.absent(at)? }))
    }

    fn paths(&mut self, at: &Element, parts: Option<Strictness>) -> Result<Assertion, Refusal> {
        Ok(Assertion::Paths(PathComparison {
            left: self.path(at, "Path1")?,
            right: self.path(at, "Path2")?,
            operator: self.operator(at)?,
            mode: self.mode(at)?,
            left_mode: self.quantity(at, "Path1Mode")?,
            right_mode: self.quantity(at, "Path2Mode")?,
            absent: self.absent(at)?,
            parts,
        }))
    }

    fn within(&mut self, at: &Element) -> Result<Assertion, Refusal> {
        let range = self.range(at, "MinOccurrence", "MaxOccurrence")?;
        let occurrences = match range {
            Some(_) if at.attribute("AtLeastOnce").is_some() => return Err(self.misshapen(at)),
            None if self.document.flag(at, "AtLeastOnce")? => Some(Range { min: 1, max: None }),
            range => range,
        };
        Ok(Assertion::Within {
            path: self.path(at, "Path")?,
            assertion: Box::new(self.one(at)?),
            occurrences,
            absent: self.absent(at)?,
        })
    }

    fn one(&mut self, at: &Element) -> Result<Assertion, Refusal> {
        match at.children.as_slice() {
            [only] => self.read(only),
            _ => Err(self.misshapen(at)),
        }
    }

    fn two(&mut self, at: &Element) -> Result<(Assertion, Assertion), Refusal> {
        match at.children.as_slice() {
            [first, second] => Ok((self.read(first)?, self.read(second)?)),
            _ => Err(self.misshapen(at)),
        }
    }

    fn several(&mut self, at: &Element) -> Result<Vec<Assertion>, Refusal> {
        if at.children.is_empty() {
            return Err(self.misshapen(at));
        }
        at.children.iter().map(|child| self.read(child)).collect()
    }

    fn path(&self, at: &Element, attribute: &'static str) -> Result<PositionPath, ProfileError> {
        let path = PositionPath::parse(self.document.required(at, attribute)?);
        path.ok_or_else(|| self.document.unreadable(at, attribute))
    }

    fn operator(&self, at: &Element) -> Result<Operator, ProfileError> {
        Ok(match self.document.required(at, "Operator")? {
            "EQ" => Operator::Equal,
            "NE" => Operator::NotEqual,
            "GT" => Operator::Greater,
            "LT" => Operator::Less,
            "GE" => Operator::GreaterOrEqual,
            "LE" => Operator::LessOrEqual,
            _ => return Err(self.document.unreadable(at, "Operator")),
        })
    }

    fn mode(&self, at: &Element) -> Result<ComparisonMode, ProfileError> {
        Ok(ComparisonMode {
            identical: self.document.flag(at, "IdenticalEquality")?,
            truncated: self.document.flag(at, "Truncated")?,
        })
    }

    fn quantity(&self, at: &Element, attribute: &'static str) -> Result<Quantity, ProfileError> {
        match at.attribute(attribute) {
            None | Some("All") => Ok(Quantity::All),
            Some("AtLeastOne") => Ok(Quantity::AtLeastOne),
            Some(number) => {
                let number = number.parse().map(Quantity::Exactly);
                number.map_err(|_| self.document.unreadable(at, attribute))
            }
        }
    }

    fn absent(&self, at: &Element) -> Result<WhenAbsent, ProfileError> {
        match at.attribute("NotPresentBehavior").map(str::to_ascii_uppercase).as_deref() {
            None | Some("PASS") => Ok(WhenAbsent::Holds),
            Some("FAIL") => Ok(WhenAbsent::Fails),
            Some("INCONCLUSIVE") => Ok(WhenAbsent::Undecided),
            Some(_) => Err(self.document.unreadable(at, "NotPresentBehavior")),
        }
    }

    fn range(
        &self,
        at: &Element,
        min: &'static str,
        max: &'static str,
    ) -> Result<Option<Range>, ProfileError> {
        let Some(text) = at.attribute(min) else { return Ok(None) };
        let low = text.parse().map_err(|_| self.document.unreadable(at, min))?;
        let high = match self.document.required(at, max)? {
            "*" => None,
            text => Some(text.parse().map_err(|_| self.document.unreadable(at, max))?),
        };
        Ok(Some(Range { min: low, max: high }))
    }

    fn misshapen(&self, at: &Element) -> Refusal {
        Refusal::Error(self.document.unreadable(at, "(children)"))
    }
}

/// A regular expression that has to match the whole of a value. `None` when it uses what is not understood here:
/// looking around, references back, classes of Unicode.
pub(super) fn whole_pattern(pattern: &str) -> Option<Regex> {
    if pattern.len() > AssertionReader::MOST_PATTERN {
        return None;
    }
    RegexBuilder::new(&format!(r"\A(?:{pattern})\z")).size_limit(1 << 20).nest_limit(64).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_the_whole_value() {
        let zip = whole_pattern(r"^\d{5}$|^\d{5}-\d{4}$").unwrap();
        assert!(zip.is_match("12345") && zip.is_match("12345-6789"));
        assert!(!zip.is_match("123456") && !zip.is_match("x12345"));
        assert!(!whole_pattern("a|b").unwrap().is_match("ab"));
        assert!(!whole_pattern("[0-2](\\.(0|[1-9][0-9]*))*").unwrap().is_match("2.16."));
    }

    #[test]
    fn patterns_beyond_regular_languages_are_refused() {
        for pattern in [r"(?=a)b", r"(a)\1", r"\p{L}+", "(", "a{1000}{1000}{1000}"] {
            assert!(whole_pattern(pattern).is_none(), "{pattern}");
        }
        assert!(whole_pattern(&"a".repeat(100_000)).is_none());
    }
}
