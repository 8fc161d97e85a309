//! Queries from text.

use super::criterion::Criterion;
use super::error::{SearchError, SearchReason};
use super::escape::split;
use super::include::Include;
use super::parameter::{ParameterKind, parameter};
use super::query::{Scope, SearchQuery};
use super::results::Sort;
use super::value::{Form, SearchValue, form};
use super::{form as urlencoded, name};

/// What to do with a parameter that the type does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "R4's `handling` knows these two")]
pub enum Unknown {
    /// Refuse the query: a filter that is not applied shows what was not asked for.
    #[default]
    Refuse,
    /// Read on, and list it in [`Parsed::ignored`].
    Ignore,
}

/// How queries are read. Made by [`SearchOptions::default`], strict, and changed by the methods.
#[derive(Clone, Copy, Debug)]
pub struct SearchOptions {
    unknown: Unknown,
    max_length: usize,
    max_parameters: usize,
    max_values: usize,
    max_links: usize,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            unknown: Unknown::Refuse,
            max_length: 64 << 10,
            max_parameters: 100,
            max_values: 1_000,
            max_links: 4,
        }
    }
}

impl SearchOptions {
    /// What to do with unknown parameters (refuse).
    #[must_use]
    pub fn unknown(self, unknown: Unknown) -> Self {
        Self { unknown, ..self }
    }

    /// The longest query, in bytes (64 KiB).
    #[must_use]
    pub fn max_length(self, max_length: usize) -> Self {
        Self { max_length, ..self }
    }

    /// The most parameters (100).
    #[must_use]
    pub fn max_parameters(self, max_parameters: usize) -> Self {
        Self { max_parameters, ..self }
    }

    /// The most values of one parameter (1,000).
    #[must_use]
    pub fn max_values(self, max_values: usize) -> Self {
        Self { max_values, ..self }
    }

    /// The most links of a chain (4).
    #[must_use]
    pub fn max_links(self, max_links: usize) -> Self {
        Self { max_links, ..self }
    }
}

/// A query that was read, and what was left out of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parsed {
    /// The query.
    pub query: SearchQuery,
    /// The parameters that were not understood: none unless [`Unknown::Ignore`] was asked for.
    pub ignored: Vec<Ignored>,
}

/// A parameter that was not understood.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ignored {
    /// Which one of the query it is, from 1.
    pub position: usize,
    /// Its name, decoded.
    pub name: String,
    /// Its value, decoded.
    pub value: String,
}

impl std::fmt::Debug for Ignored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ignored({})", self.position)
    }
}

impl SearchQuery {
    /// Reads the query of a URL, or the body of a search by `POST`, strictly.
    ///
    /// # Errors
    /// [`SearchError`] when a parameter is unknown or malformed, or a limit is passed.
    pub fn parse(scope: Scope, query: &str) -> Result<Self, SearchError> {
        Ok(Self::parse_with(scope, query, &SearchOptions::default())?.query)
    }

    /// The same with options.
    ///
    /// ```
    /// use carewire_fhir_core::search::{Scope, SearchOptions, SearchQuery, Unknown};
    /// let options = SearchOptions::default().unknown(Unknown::Ignore);
    /// let read = SearchQuery::parse_with(Scope::Type("Patient".into()), "family=Chalmers&shoe-size=44", &options)?;
    /// assert_eq!((read.query.to_query().as_str(), read.ignored[0].name.as_str()), ("family=Chalmers", "shoe-size"));
    /// # Ok::<(), carewire_fhir_core::search::SearchError>(())
    /// ```
    ///
    /// # Errors
    /// As [`SearchQuery::parse`], but for unknown parameters that are to be ignored.
    pub fn parse_with(scope: Scope, query: &str, options: &SearchOptions) -> Result<Parsed, SearchError> {
        if query.len() > options.max_length {
            return Err(SearchError::new(0, "", SearchReason::TooLong));
        }
        if !scope.is_sound() {
            return Err(SearchError::new(0, "", SearchReason::Url));
        }
        let pairs = decoded(query, options)?;
        let mut reader = Reader { query: Self::within(scope), ignored: Vec::new(), options };
        // `_type` says what the others mean, wherever it stands.
        let (types, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|pair| pair.name == "_type");
        for pair in types.into_iter().chain(others) {
            reader.take(&pair).map_err(|reason| SearchError::new(pair.position, &pair.name, reason))?;
        }
        Ok(Parsed { query: reader.query, ignored: reader.ignored })
    }

    /// Reads a URL below the base: `Patient?identifier=..`, as in conditional references and entries of a Bundle.
    ///
    /// ```
    /// use carewire_fhir_core::search::SearchQuery;
    /// let query = SearchQuery::parse_url("Patient/p1/Observation?code=718-7")?;
    /// assert_eq!(query.scope().path(), "Patient/p1/Observation");
    /// # Ok::<(), carewire_fhir_core::search::SearchError>(())
    /// ```
    ///
    /// # Errors
    /// As [`SearchQuery::parse`], and when the path is not that of a search.
    pub fn parse_url(url: &str) -> Result<Self, SearchError> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let scope = Scope::parse(path).ok_or_else(|| SearchError::new(0, "", SearchReason::Url))?;
        Self::parse(scope, query)
    }
}

struct Pair {
    position: usize,
    name: String,
    value: String,
}

fn decoded(query: &str, options: &SearchOptions) -> Result<Vec<Pair>, SearchError> {
    let mut pairs = Vec::new();
    for (index, (name, value)) in urlencoded::pairs(query).enumerate() {
        let position = index + 1;
        if position > options.max_parameters {
            return Err(SearchError::new(position, "", SearchReason::TooManyParameters));
        }
        let malformed = || SearchError::new(position, name, SearchReason::Encoding);
        let name = urlencoded::decode(name).ok_or_else(malformed)?.into_owned();
        let value = urlencoded::decode(value).ok_or_else(malformed)?.into_owned();
        pairs.push(Pair { position, name, value });
    }
    Ok(pairs)
}

struct Reader<'a> {
    query: SearchQuery,
    ignored: Vec<Ignored>,
    options: &'a SearchOptions,
}

impl Reader<'_> {
    fn take(&mut self, pair: &Pair) -> Result<(), SearchReason> {
        if pair.value.is_empty() {
            return Err(SearchReason::Empty);
        }
        if let Some(include) = include(pair) {
            self.query.includes.push(include?);
            return Ok(());
        }
        if let Some(taken) = self.query.results.take(&pair.name, &pair.value) {
            taken?;
            return self.check_results(&pair.name);
        }
        match self.criterion(pair) {
            Ok(criterion) => {
                self.query.criteria.push(criterion);
                Ok(())
            }
            Err(SearchReason::Unknown | SearchReason::Name) if self.options.unknown == Unknown::Ignore => {
                let (position, name, value) = (pair.position, pair.name.clone(), pair.value.clone());
                self.ignored.push(Ignored { position, name, value });
                Ok(())
            }
            Err(reason) => Err(reason),
        }
    }

    fn criterion(&self, pair: &Pair) -> Result<Criterion, SearchReason> {
        let name = name::parse(&pair.name, self.options.max_links)?;
        let meaning = name::meaning(&name, &self.query.scope, &self.query.results.types)?;
        let form = form(meaning.kind, name.modifier.as_ref()).ok_or(SearchReason::Modifier)?;
        let parts = match form {
            Form::Bool | Form::Plain(ParameterKind::Special) => vec![pair.value.as_str()],
            Form::OfType | Form::Plain(_) => split(&pair.value, ','),
        };
        if parts.len() > self.options.max_values {
            return Err(SearchReason::TooManyValues);
        }
        let values = parts.into_iter().map(|part| SearchValue::read(form, meaning.components, part));
        let values = values.collect::<Result<_, _>>()?;
        Ok(Criterion { links: name.links, code: name.code, modifier: name.modifier, values })
    }

    fn check_results(&self, name: &str) -> Result<(), SearchReason> {
        let results = &self.query.results;
        let is_multiple = matches!(self.query.scope, Scope::System | Scope::Compartment { of: None, .. });
        match name {
            "_type" if !is_multiple => Err(SearchReason::Unknown),
            "_type" if results.types.len() > self.options.max_values => Err(SearchReason::TooManyValues),
            "_sort" if !results.sort.iter().all(|key| self.can_sort_by(key)) => Err(SearchReason::Unknown),
            _ => Ok(()),
        }
    }

    fn can_sort_by(&self, key: &Sort) -> bool {
        let bases = self.query.scope.bases(&self.query.results.types);
        key.code == "_score" || bases.iter().all(|base| parameter(base, &key.code).is_some())
    }
}

fn include(pair: &Pair) -> Option<Result<Include, SearchReason>> {
    let (name, modifier) =
        pair.name.split_once(':').map_or((pair.name.as_str(), None), |(n, m)| (n, Some(m)));
    let is_reverse = match name {
        "_include" => false,
        "_revinclude" => true,
        _ => return None,
    };
    Some(match modifier {
        None => Include::parse(is_reverse, false, &pair.value),
        // STU3 called it `recurse`.
        Some("iterate" | "recurse") => Include::parse(is_reverse, true, &pair.value),
        Some(_) => Err(SearchReason::Modifier),
    })
}
