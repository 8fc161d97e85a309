//! What the indexes know.

use carewire_fhir_core::search::{Criterion, Modifier, ParameterKind, Prefix, SearchValue, Token, parameter};
use uuid::Uuid;

use crate::clock;
use crate::store::{Keys, Table, Token as Key, local};

/// A criterion that the keys of a resource decide.
pub(super) enum Filter {
    Ids(Vec<Uuid>),
    Identifier(Vec<Token>),
    /// And whether case counts.
    Tag(Vec<Token>, bool),
    /// Milliseconds, from the first to before the second.
    Updated(i64, i64),
}

impl Filter {
    /// The filter that means the same as the criterion.
    pub(super) fn of(criterion: &Criterion, is_exact: bool) -> Option<Self> {
        if !criterion.links.is_empty() || criterion.modifier.is_some() {
            return None;
        }
        let tokens = || -> Option<Vec<Token>> {
            criterion.values.iter().map(token).map(Option::<&Token>::cloned).collect()
        };
        match criterion.code.as_str() {
            "_id" => {
                let ids = tokens()?.into_iter().map(|token| match token {
                    Token::Code(id) => Some(id.parse().ok()),
                    _ => None,
                });
                Some(Self::Ids(ids.collect::<Option<Vec<Option<Uuid>>>>()?.into_iter().flatten().collect()))
            }
            "identifier" => Some(Self::Identifier(tokens()?)),
            "_tag" => Some(Self::Tag(tokens()?, is_exact)),
            "_lastUpdated" => match criterion.values.as_slice() {
                [SearchValue::Date(date)] => updated(date.prefix(), date.as_str()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The ids that can match, where an index knows them.
    pub(super) fn candidates(&self, table: &Table) -> Option<Vec<Uuid>> {
        match self {
            Self::Ids(ids) => Some(ids.clone()),
            Self::Identifier(tokens) => of_codes(tokens, |value| table.with_identifier(value).collect()),
            Self::Tag(tokens, _) => of_codes(tokens, |value| table.with_tag(value).collect()),
            Self::Updated(..) => None,
        }
    }

    pub(super) fn holds(&self, keys: &Keys, id: Uuid, at: i64) -> bool {
        let any = |tokens: &[Token], keys: &[Key], is_exact: bool| {
            keys.iter().any(|key| tokens.iter().any(|token| fits(token, key, is_exact)))
        };
        match self {
            Self::Ids(ids) => ids.contains(&id),
            Self::Identifier(tokens) => any(tokens, &keys.identifiers, true),
            Self::Tag(tokens, is_exact) => any(tokens, &keys.tags, *is_exact),
            Self::Updated(first, after) => (*first..*after).contains(&at),
        }
    }
}

fn fits(token: &Token, key: &Key, is_exact: bool) -> bool {
    let is_code = |code: &str| {
        if is_exact { *code == *key.value } else { code.eq_ignore_ascii_case(&key.value) }
    };
    match token {
        Token::Code(code) => is_code(code),
        Token::WithoutSystem(code) => is_code(code) && key.system.is_empty(),
        Token::InSystem { system, code } => is_code(code) && **system == *key.system,
        Token::System(system) => **system == *key.system,
        _ => false,
    }
}

fn token(value: &SearchValue) -> Option<&Token> {
    match value {
        SearchValue::Token(token) => Some(token),
        _ => None,
    }
}

/// What is found by the codes of all tokens; `None` when one of them has no code.
fn of_codes(tokens: &[Token], mut find: impl FnMut(&str) -> Vec<Uuid>) -> Option<Vec<Uuid>> {
    let mut found = Vec::new();
    for token in tokens {
        match token {
            Token::Code(code) | Token::WithoutSystem(code) | Token::InSystem { code, .. } => {
                found.extend(find(code))
            }
            _ => return None,
        }
    }
    Some(found)
}

fn updated(prefix: Prefix, text: &str) -> Option<Filter> {
    let (first, after) = clock::range(text)?;
    Some(match prefix {
        Prefix::Gt | Prefix::Sa => Filter::Updated(after, i64::MAX),
        Prefix::Ge => Filter::Updated(first, i64::MAX),
        Prefix::Lt | Prefix::Eb => Filter::Updated(i64::MIN, first),
        Prefix::Le => Filter::Updated(i64::MIN, after),
        Prefix::Eq => Filter::Updated(first, after),
        _ => return None,
    })
}

/// The ids among which are all that meet the criterion, where an index knows them.
pub(super) fn candidates(resource_type: &str, criterion: &Criterion, table: &Table) -> Option<Vec<Uuid>> {
    let is_plain = matches!(criterion.modifier, None | Some(Modifier::Type(_)));
    if !criterion.links.is_empty() || !is_plain {
        return None;
    }
    let parameter = parameter(resource_type, &criterion.code)?;
    if parameter.kind == ParameterKind::Token && parameter.expression == format!("{resource_type}.code") {
        let tokens: Vec<Token> = criterion.values.iter().filter_map(token).cloned().collect();
        return of_codes(&tokens, |code| table.with_code(code).collect());
    }
    let mut found = Vec::new();
    for value in &criterion.values {
        let SearchValue::Reference(text) = value else { return None };
        if let Some(target) = local(text) {
            found.extend(table.with_reference(&target));
        } else if text.contains(['/', ':', '|']) || parameter.targets.is_empty() {
            return None;
        } else {
            let targets = parameter.targets.iter().map(|name| format!("{name}/{text}"));
            found.extend(targets.flat_map(|target| table.with_reference(&target).collect::<Vec<_>>()));
        }
    }
    Some(found)
}
