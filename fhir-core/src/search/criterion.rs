use super::value::SearchValue;
use crate::resource::is_type_name;

/// One condition of a search: a parameter, maybe reached through references, and the values of which one must fit.
///
/// ```
/// use carewire_fhir_core::search::{Criterion, Modifier, SearchQuery, Token};
/// let query = SearchQuery::of("Patient")
///     .with(Criterion::new("name", "Chalmers").modified(Modifier::Exact))
///     .with(Criterion::new("gender", Token::code("male")).or(Token::code("other")))
///     .with(Criterion::new("code", Token::coded("http://loinc.org", "718-7")).having("Observation", "patient"))
///     .with(Criterion::missing("birthdate", false));
/// assert_eq!(
///     query.to_query(),
///     "name:exact=Chalmers&gender=male%2Cother&_has:Observation:patient:code=http%3A%2F%2Floinc.org%7C718-7&birthdate:missing=false",
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Criterion {
    /// The references between the resources that are searched and those that have the parameter, in order.
    pub links: Vec<Link>,
    /// The parameter.
    pub code: String,
    /// What changes its meaning.
    pub modifier: Option<Modifier>,
    /// The values; one of them must fit.
    pub values: Vec<SearchValue>,
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Link {
    /// `subject:Patient.`: what a reference leads to.
    To {
        /// The reference parameter.
        code: String,
        /// Only resources of this type.
        target: Option<String>,
    },
    /// `_has:Observation:patient:`: what refers to here.
    From {
        /// The type that refers.
        resource_type: String,
        /// Its reference parameter.
        code: String,
    },
}

/// What changes the meaning of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Modifier {
    /// `:missing`: the element is not there (`true`) or is there (`false`).
    Missing,
    /// `:exact`: the whole string, case and accents included.
    Exact,
    /// `:contains`: the string anywhere.
    Contains,
    /// `:text`: the text that goes with a code.
    Text,
    /// `:not`: none of the codes.
    Not,
    /// `:above`: the code or URL, or one above it.
    Above,
    /// `:below`: the code or URL, or one below it.
    Below,
    /// `:in`: a code of the value set.
    In,
    /// `:not-in`: no code of the value set.
    NotIn,
    /// `:of-type`: an identifier by its type and value.
    OfType,
    /// `:identifier`: the reference's own `identifier`.
    Identifier,
    /// `:Patient`: a reference to this type.
    Type(String),
}

impl Criterion {
    /// A parameter and a value.
    #[must_use]
    pub fn new(code: &str, value: impl Into<SearchValue>) -> Self {
        Self { links: Vec::new(), code: code.to_owned(), modifier: None, values: vec![value.into()] }
    }

    /// A parameter and the values of which one must fit.
    #[must_use]
    pub fn any(code: &str, values: Vec<SearchValue>) -> Self {
        Self { links: Vec::new(), code: code.to_owned(), modifier: None, values }
    }

    /// The parameter has no value, or has one.
    #[must_use]
    pub fn missing(code: &str, missing: bool) -> Self {
        Self::new(code, SearchValue::Bool(missing)).modified(Modifier::Missing)
    }

    /// Another value that fits as well.
    #[must_use]
    pub fn or(mut self, value: impl Into<SearchValue>) -> Self {
        self.values.push(value.into());
        self
    }

    /// With a modifier.
    #[must_use]
    pub fn modified(self, modifier: Modifier) -> Self {
        Self { modifier: Some(modifier), ..self }
    }

    /// Of a resource that the searched one refers to, rather than of itself: `code:target.`. Put in front of the links
    /// that are there.
    #[must_use]
    pub fn through(mut self, code: &str, target: Option<&str>) -> Self {
        self.links.insert(0, Link::To { code: code.to_owned(), target: target.map(str::to_owned) });
        self
    }

    /// Of a resource that refers to the searched one: `_has:type:code:`. Put in front of the links that are there.
    #[must_use]
    pub fn having(mut self, resource_type: &str, code: &str) -> Self {
        self.links.insert(0, Link::From { resource_type: resource_type.to_owned(), code: code.to_owned() });
        self
    }

    /// The name as it stands in a query: links, parameter, modifier.
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = String::new();
        for link in &self.links {
            match link {
                Link::To { code, target: Some(target) } => name.extend([code, ":", target, "."]),
                Link::To { code, target: None } => name.extend([code.as_str(), "."]),
                Link::From { resource_type, code } => name.extend(["_has:", resource_type, ":", code, ":"]),
            }
        }
        name.push_str(&self.code);
        if let Some(modifier) = &self.modifier {
            name.push(':');
            name.push_str(modifier.as_str());
        }
        name
    }
}

impl std::fmt::Debug for Criterion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Criterion({}, {} values)", self.name(), self.values.len())
    }
}

impl Modifier {
    /// As it stands behind the colon.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Missing => "missing",
            Self::Exact => "exact",
            Self::Contains => "contains",
            Self::Text => "text",
            Self::Not => "not",
            Self::Above => "above",
            Self::Below => "below",
            Self::In => "in",
            Self::NotIn => "not-in",
            Self::OfType => "of-type",
            Self::Identifier => "identifier",
            Self::Type(name) => name,
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "missing" => Self::Missing,
            "exact" => Self::Exact,
            "contains" => Self::Contains,
            "text" => Self::Text,
            "not" => Self::Not,
            "above" => Self::Above,
            "below" => Self::Below,
            "in" => Self::In,
            "not-in" => Self::NotIn,
            "of-type" => Self::OfType,
            "identifier" => Self::Identifier,
            name if is_type_name(name) => Self::Type(name.to_owned()),
            _ => return None,
        })
    }
}
