use super::criterion::Criterion;
use super::include::Include;
use super::name::is_id_in_path;
use super::results::{Results, Sort, Summary, Total};
use super::{SearchError, SearchReason};
use crate::resource::is_type_name;

/// Where a search looks.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// All types, or those of `_type`.
    System,
    /// One type.
    Type(String),
    /// What belongs to one resource: `Patient/1/Observation`, `Patient/1/*`.
    Compartment {
        /// The type of that resource.
        resource_type: String,
        /// Its id.
        id: String,
        /// The type that is searched; `None` for all.
        of: Option<String>,
    },
}

/// A search: where, by what, and what is to come back.
///
/// Two ways to make one: the builder, and [`SearchQuery::parse`]. Criteria keep their order; `_include` and the like are
/// written behind them. What the builder is given is checked by [`SearchQuery::check`], not at once.
#[derive(Clone, PartialEq, Eq)]
pub struct SearchQuery {
    pub(super) scope: Scope,
    pub(super) criteria: Vec<Criterion>,
    pub(super) includes: Vec<Include>,
    pub(super) results: Results,
}

impl SearchQuery {
    /// Everything of a type.
    #[must_use]
    pub fn of(resource_type: &str) -> Self {
        Self::within(Scope::Type(resource_type.to_owned()))
    }

    /// Everything within a scope.
    #[must_use]
    pub fn within(scope: Scope) -> Self {
        Self { scope, criteria: Vec::new(), includes: Vec::new(), results: Results::default() }
    }

    /// Only what fits this, too.
    #[must_use]
    pub fn with(mut self, criterion: Criterion) -> Self {
        self.criteria.push(criterion);
        self
    }

    /// Together with these resources.
    #[must_use]
    pub fn including(mut self, include: Include) -> Self {
        self.includes.push(include);
        self
    }

    /// In the order of a parameter, behind the keys that are there.
    #[must_use]
    pub fn sorted_by(mut self, code: &str, is_descending: bool) -> Self {
        self.results.sort.push(Sort { code: code.to_owned(), is_descending });
        self
    }

    /// So many on a page.
    #[must_use]
    pub fn count(mut self, count: u32) -> Self {
        self.results.count = Some(count);
        self
    }

    /// Without the first so many.
    #[must_use]
    pub fn offset(mut self, offset: u32) -> Self {
        self.results.offset = Some(offset);
        self
    }

    /// With the number of all matches, or without.
    #[must_use]
    pub fn total(mut self, total: Total) -> Self {
        self.results.total = Some(total);
        self
    }

    /// Only a part of each resource.
    #[must_use]
    pub fn summary(mut self, summary: Summary) -> Self {
        self.results.summary = Some(summary);
        self
    }

    /// Only these elements of each resource.
    #[must_use]
    pub fn elements<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.results.elements.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// Only these types, of a search over the system.
    #[must_use]
    pub fn types<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.results.types.extend(names.into_iter().map(str::to_owned));
        self
    }

    /// Where it looks.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// What must hold, all of it.
    #[must_use]
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// What comes along.
    #[must_use]
    pub fn includes(&self) -> &[Include] {
        &self.includes
    }

    /// What is to come back, and how.
    #[must_use]
    pub fn results(&self) -> &Results {
        &self.results
    }

    /// The same, to change it: for parameters that have no method here.
    pub fn results_mut(&mut self) -> &mut Results {
        &mut self.results
    }

    /// Whether this is a query of R4, as a strict server would read it.
    ///
    /// # Errors
    /// [`SearchError`] as [`SearchQuery::parse`]; `position` counts as [`SearchQuery::to_query`] writes.
    pub fn check(&self) -> Result<(), SearchError> {
        let again = Self::parse(self.scope.clone(), &self.to_query())?;
        // An empty value, or one of another kind than the parameter has, is read as something else.
        if again == *self { Ok(()) } else { Err(SearchError::new(0, "", SearchReason::Value)) }
    }
}

impl std::fmt::Debug for SearchQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchQuery")
            .field("scope", &self.scope)
            .field("criteria", &self.criteria)
            .field("includes", &self.includes)
            .field("results", &self.results)
            .finish()
    }
}

impl Scope {
    /// The path below the base: empty for the system.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::System => String::new(),
            Self::Type(name) => name.clone(),
            Self::Compartment { resource_type, id, of } => {
                format!("{resource_type}/{id}/{}", of.as_deref().unwrap_or("*"))
            }
        }
    }

    /// Reads a path below the base, with or without `_search` at its end.
    pub(super) fn parse(path: &str) -> Option<Self> {
        let path = path.strip_prefix('/').unwrap_or(path);
        let path = path.strip_suffix("_search").unwrap_or(path);
        let path = path.strip_suffix('/').unwrap_or(path);
        let scope = match path.split('/').collect::<Vec<_>>().as_slice() {
            [""] => Self::System,
            [name] => Self::Type((*name).to_owned()),
            [resource_type, id, of] => Self::Compartment {
                resource_type: (*resource_type).to_owned(),
                id: (*id).to_owned(),
                of: (*of != "*").then(|| (*of).to_owned()),
            },
            _ => return None,
        };
        scope.is_sound().then_some(scope)
    }

    /// Whether names and ids have the form of such, so that the path is what it seems.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        match self {
            Self::System => true,
            Self::Type(name) => is_type_name(name),
            Self::Compartment { resource_type, id, of } => {
                is_type_name(resource_type) && is_id_in_path(id) && of.as_deref().is_none_or(is_type_name)
            }
        }
    }

    /// The types whose parameters may be used.
    pub(super) fn bases(&self, types: &[String]) -> Vec<String> {
        match self {
            Self::Type(name) | Self::Compartment { of: Some(name), .. } => vec![name.clone()],
            Self::System | Self::Compartment { of: None, .. } if types.is_empty() => {
                vec!["Resource".to_owned()]
            }
            Self::System | Self::Compartment { of: None, .. } => types.to_vec(),
        }
    }
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("System"),
            Self::Type(name) => write!(f, "Type({name})"),
            Self::Compartment { resource_type, of, .. } => {
                write!(f, "Compartment({resource_type}, {})", of.as_deref().unwrap_or("*"))
            }
        }
    }
}
