use std::collections::BTreeSet;
use std::ops::Range;

use carewire_fhir_core::Value;
use uuid::Uuid;

use super::{Answer, Context, Frame, json_string};
use crate::clock;
use crate::refusal::Refusal;
use crate::rules::types;
use crate::store::{Row, State, Table, Token};

const DEFAULT_COUNT: usize = 20;
const MAX_COUNT: usize = 1_000;
const MAX_OFFSET: usize = 10_000;

/// A search that was understood.
pub(crate) struct Search {
    resource_type: &'static str,
    filters: Vec<Filter>,
    newest_first: bool,
    count: usize,
    offset: usize,
    total: bool,
    only_count: bool,
    elements: Option<BTreeSet<String>>,
}

/// One condition; a resource must meet all of them.
enum Filter {
    Ids(Vec<Uuid>),
    Identifier(Vec<TokenPattern>),
    Tag(Vec<TokenPattern>),
    Subject(Vec<String>),
    /// Milliseconds, from the first to before the second.
    Updated(i64, i64),
}

/// `system|value`, `|value` (no system) or `value` (any system).
struct TokenPattern {
    system: Option<String>,
    value: String,
}

impl Search {
    /// Reads a query. A parameter that is not known is refused.
    pub(crate) fn parse(resource_type: &'static str, query: &str) -> Result<Self, Refusal> {
        let mut search = Self {
            resource_type,
            filters: Vec::new(),
            newest_first: false,
            count: DEFAULT_COUNT,
            offset: 0,
            total: false,
            only_count: false,
            elements: None,
        };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            search.add(&name, &value)?;
        }
        Ok(search)
    }

    /// Reads the query of a conditional request, which must narrow something down.
    pub(crate) fn condition(resource_type: &'static str, query: &str) -> Result<Self, Refusal> {
        let search = Self::parse(resource_type, query)?;
        if search.filters.is_empty() {
            return Err(Refusal::bad_request("Search criteria required for conditional operation"));
        }
        Ok(search)
    }

    fn add(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let known = match name {
            "_id" => Some(Filter::Ids(split(value).iter().filter_map(|id| id.parse().ok()).collect())),
            "identifier" if types::has_identifier(self.resource_type) => {
                Some(Filter::Identifier(tokens(value)))
            }
            "_tag" => Some(Filter::Tag(tokens(value))),
            "subject" | "patient" if types::has_patient(self.resource_type) => {
                Some(Filter::Subject(split(value).into_iter().map(|text| reference(name, text)).collect()))
            }
            "_lastUpdated" => Some(updated(value)?),
            _ => None,
        };
        match known {
            Some(filter) => self.filters.push(filter),
            None => self.set(name, value)?,
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        let number = || value.parse::<usize>().map_err(|_| Refusal::bad_request("Invalid search value"));
        match name {
            "_count" => self.count = number()?.min(MAX_COUNT),
            "_offset" => self.offset = number()?,
            "_total" => self.total = value == "accurate" || value == "estimate",
            "_summary" => self.only_count = value == "count",
            "_elements" | "_fields" => self.elements = Some(value.split(',').map(str::to_owned).collect()),
            "_sort" if value == "_lastUpdated" => self.newest_first = false,
            "_sort" if value == "-_lastUpdated" => self.newest_first = true,
            "_sort" => return Err(Refusal::bad_request("Unknown sort parameter")),
            _ => return Err(Refusal::bad_request(format!("Unknown search parameter: {}", shown(name)))),
        }
        if self.offset > MAX_OFFSET {
            return Err(Refusal::bad_request("Search offset exceeds maximum"));
        }
        Ok(())
    }

    /// The resources that meet the condition, at most `limit`.
    pub(crate) fn matches(&self, state: &State, limit: usize) -> Vec<Uuid> {
        match state.table(self.resource_type) {
            Some(table) => self.hits(table).take(limit).map(|(_, id)| id).collect(),
            None => Vec::new(),
        }
    }

    /// Answers with a `searchset`.
    pub(crate) fn run(&self, state: &State, context: &Context<'_>, query: &str) -> Answer {
        let table = state.table(self.resource_type);
        let mut frame = Frame::new("searchset");
        if self.total || self.only_count {
            frame.total(table.map_or(0, |table| self.hits(table).count()));
        }
        if self.only_count {
            return Answer::json(frame.finish());
        }
        let mut hits: Vec<_> = table
            .into_iter()
            .flat_map(|table| self.hits(table))
            .skip(self.offset)
            .take(self.count + 1)
            .collect();
        let more = hits.len() > self.count;
        hits.truncate(self.count);
        frame.links(&self.links(context, query, more));
        for (_, id) in hits {
            let text = table
                .and_then(|table| table.row(id))
                .and_then(Row::newest)
                .and_then(|row| row.text.as_deref());
            if let Some(text) = text {
                let url = json_string(&format!("{}/{}/{id}", context.base, self.resource_type));
                let shown = self.shown_elements(text);
                let resource = shown.as_deref().unwrap_or(text);
                frame.entry(&format!(r#""fullUrl":{url},"search":{{"mode":"match"}},"resource":{resource}"#));
            }
        }
        Answer::json(frame.finish())
    }

    fn links(&self, context: &Context<'_>, query: &str, more: bool) -> Vec<(&'static str, String)> {
        let address = format!("{}/{}", context.base, self.resource_type);
        let mut links = vec![("self", format!("{address}?{query}"))];
        if more && self.count > 0 {
            let mut next = url::form_urlencoded::Serializer::new(String::new());
            next.extend_pairs(
                url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "_offset"),
            );
            next.append_pair("_offset", &(self.offset + self.count).to_string());
            links.push(("next", format!("{address}?{}", next.finish())));
        }
        links
    }

    /// The resource with only the asked elements, if some were asked for.
    fn shown_elements(&self, text: &str) -> Option<String> {
        let elements = self.elements.as_ref()?;
        let mut resource = Value::parse(text.as_bytes()).ok()?;
        resource.retain_members(|name, _| {
            matches!(name, "resourceType" | "id" | "meta")
                || elements.contains(name.strip_prefix('_').unwrap_or(name))
        });
        Some(resource.to_json())
    }

    /// Everything that matches, in order. The narrowest index that the filters offer is walked, never the whole table,
    /// unless there is nothing to narrow it.
    fn hits<'t>(&'t self, table: &'t Table) -> Box<dyn Iterator<Item = (i64, Uuid)> + 't> {
        let exact = self.filters.iter().find_map(|filter| filter.candidates(table));
        let ordered: Box<dyn DoubleEndedIterator<Item = (i64, Uuid)> + 't> = match exact {
            Some(ids) => {
                let found: BTreeSet<_> =
                    ids.into_iter().filter_map(|id| Some((live_at(table, id)?, id))).collect();
                Box::new(found.into_iter())
            }
            None => Box::new(table.times().range(self.time_bounds()).copied()),
        };
        let keep = move |(at, id): &(i64, Uuid)| {
            table.row(*id).is_some_and(|row| self.filters.iter().all(|filter| filter.holds(row, *id, *at)))
        };
        if self.newest_first { Box::new(ordered.rev().filter(keep)) } else { Box::new(ordered.filter(keep)) }
    }

    fn time_bounds(&self) -> Range<(i64, Uuid)> {
        let (mut first, mut after) = (i64::MIN, i64::MAX);
        for filter in &self.filters {
            if let Filter::Updated(from, to) = filter {
                first = first.max(*from);
                after = after.min(*to);
            }
        }
        // A range that begins after its end would be a mistake of the caller of `BTreeSet::range`.
        (first, Uuid::nil())..(after.max(first), Uuid::nil())
    }
}

impl Filter {
    /// The ids that can match, where an index knows them.
    fn candidates(&self, table: &Table) -> Option<Vec<Uuid>> {
        Some(match self {
            Self::Ids(ids) => ids.clone(),
            Self::Identifier(patterns) => {
                patterns.iter().flat_map(|pattern| table.with_identifier(&pattern.value)).collect()
            }
            Self::Tag(patterns) => {
                patterns.iter().flat_map(|pattern| table.with_tag(&pattern.value)).collect()
            }
            Self::Subject(references) => {
                references.iter().flat_map(|reference| table.with_subject(reference)).collect()
            }
            Self::Updated(..) => return None,
        })
    }

    fn holds(&self, row: &Row, id: Uuid, at: i64) -> bool {
        let any = |patterns: &[TokenPattern], tokens: &[Token]| {
            tokens.iter().any(|token| patterns.iter().any(|pattern| pattern.fits(token)))
        };
        match self {
            Self::Ids(ids) => ids.contains(&id),
            Self::Identifier(patterns) => any(patterns, &row.keys().identifiers),
            Self::Tag(patterns) => any(patterns, &row.keys().tags),
            Self::Subject(references) => row
                .keys()
                .subjects
                .iter()
                .any(|subject| references.iter().any(|reference| **reference == **subject)),
            Self::Updated(first, after) => (*first..*after).contains(&at),
        }
    }
}

impl TokenPattern {
    fn fits(&self, token: &Token) -> bool {
        *self.value == *token.value && self.system.as_deref().is_none_or(|system| *system == *token.system)
    }
}

fn live_at(table: &Table, id: Uuid) -> Option<i64> {
    let newest = table.row(id)?.newest()?;
    newest.text.is_some().then_some(newest.at)
}

fn tokens(value: &str) -> Vec<TokenPattern> {
    let pattern = |text: String| match text.split_once('|') {
        Some((system, value)) => TokenPattern { system: Some(system.to_owned()), value: value.to_owned() },
        None => TokenPattern { system: None, value: text },
    };
    split(value).into_iter().map(pattern).collect()
}

fn reference(parameter: &str, text: String) -> String {
    if text.contains('/') || (parameter == "subject" && text.contains(':')) {
        text
    } else {
        format!("Patient/{text}")
    }
}

/// Splits at commas; `\,` is a comma of the value and `\\` a backslash.
fn split(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for character in value.chars() {
        match character {
            '\\' if !escaped => escaped = true,
            ',' if !escaped => parts.push(String::new()),
            other => {
                escaped = false;
                if let Some(part) = parts.last_mut() {
                    part.push(other);
                }
            }
        }
    }
    parts
}

fn updated(value: &str) -> Result<Filter, Refusal> {
    let (prefix, text) = match value.split_at_checked(2) {
        Some((prefix @ ("gt" | "ge" | "lt" | "le" | "eq" | "sa" | "eb"), text)) => (prefix, text),
        _ => ("eq", value),
    };
    let (first, after) = clock::range(text).ok_or_else(|| Refusal::bad_request("Invalid date value"))?;
    Ok(match prefix {
        "gt" | "sa" => Filter::Updated(after, i64::MAX),
        "ge" => Filter::Updated(first, i64::MAX),
        "lt" | "eb" => Filter::Updated(i64::MIN, first),
        "le" => Filter::Updated(i64::MIN, after),
        _ => Filter::Updated(first, after),
    })
}

/// A parameter name may be repeated to the client; anything else might be somebody's data.
fn shown(name: &str) -> &str {
    let plain =
        name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-:.".contains(&byte));
    if plain { name } else { "?" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_can_be_escaped() {
        assert_eq!(split(r"a,b\,c,d\\,"), ["a", "b,c", r"d\", ""]);
    }

    #[test]
    fn unknown_parameters_are_refused() {
        for query in ["name=x", "identifier:of-type=x", "_sort=name", "_count=many", "_offset=10001"] {
            assert_eq!(
                Search::parse("Patient", query).err().map(|refusal| refusal.status),
                Some(400),
                "{query}"
            );
        }
        assert!(Search::parse("Provenance", "identifier=x").is_err());
        assert!(Search::parse("Patient", "patient=x").is_err());
        assert!(Search::parse("Patient", "_sort=-_lastUpdated&_total=accurate&_elements=id").is_ok());
        assert!(Search::condition("Patient", "_count=1").is_err());
    }

    #[test]
    fn contradicting_times_find_nothing_and_do_not_panic() {
        let search = Search::parse("Patient", "_lastUpdated=gt2026&_lastUpdated=lt2020").unwrap();
        assert_eq!(search.hits(&Table::default()).count(), 0);
    }
}
