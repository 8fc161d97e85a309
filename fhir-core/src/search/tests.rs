//! Queries read and written, and queries that are refused.

use super::*;
use crate::Decimal;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

fn parse(scope: &str, query: &str) -> Result<SearchQuery, SearchError> {
    let scope = if scope.is_empty() { Scope::System } else { Scope::Type(scope.into()) };
    SearchQuery::parse(scope, query)
}

fn reason(scope: &str, query: &str) -> SearchReason {
    match parse(scope, query) {
        Ok(read) => panic!("{query} was read as {read:?}"),
        Err(error) => error.reason(),
    }
}

fn value(scope: &str, query: &str) -> SearchValue {
    parse(scope, query).unwrap().criteria[0].values[0].clone()
}

#[test]
fn values_are_read_by_their_kind() {
    let code = |text: &str| text.to_owned();
    let rows = [
        ("Patient", "gender=male", SearchValue::Token(Token::Code(code("male")))),
        ("Patient", "identifier=urn:x|1", SearchValue::Token(Token::coded("urn:x", "1"))),
        ("Patient", "identifier=|1", SearchValue::Token(Token::WithoutSystem(code("1")))),
        ("Patient", "identifier=urn:x|", SearchValue::Token(Token::System(code("urn:x")))),
        ("Patient", r"identifier=a\|b|c\,d", SearchValue::Token(Token::coded("a|b", "c,d"))),
        ("Patient", "name=O%27Neil+%26+Co", SearchValue::Text(code("O'Neil & Co"))),
        ("Patient", "name:missing=true", SearchValue::Bool(true)),
        ("Patient", "general-practitioner:Practitioner=7", SearchValue::Reference(code("7"))),
        ("ValueSet", "url=http://a.example/v|1", SearchValue::Uri(code("http://a.example/v|1"))),
        ("Observation", "code:in=http://a.example/vs", SearchValue::Uri(code("http://a.example/vs"))),
        ("Observation", "code:text=haemo", SearchValue::Text(code("haemo"))),
        ("Observation", "subject:identifier=urn:x|1", SearchValue::Token(Token::coded("urn:x", "1"))),
        ("Location", "near=42.2|-83.6|5|km", SearchValue::Raw(code("42.2|-83.6|5|km"))),
        ("Patient", "_filter=name eq 'a,b'", SearchValue::Raw(code("name eq 'a,b'"))),
    ];
    for (scope, query, expected) in rows {
        assert!(value(scope, query) == expected, "{query}");
    }
}

#[test]
fn numbers_dates_and_quantities_keep_prefix_and_digits() {
    match value("Observation", "value-quantity=ge5.40|http://unitsofmeasure.org|mg") {
        SearchValue::Quantity(quantity) => {
            assert_eq!((quantity.prefix(), quantity.value().as_str()), (Prefix::Ge, "5.40"));
            assert_eq!((quantity.system(), quantity.code()), (Some("http://unitsofmeasure.org"), Some("mg")));
        }
        other => panic!("{other:?}"),
    }
    match value("Observation", "date=sa2024-03-05T14:30%2B01:00") {
        SearchValue::Date(date) => {
            assert_eq!((date.prefix(), date.as_str()), (Prefix::Sa, "2024-03-05T14:30+01:00"));
        }
        other => panic!("{other:?}"),
    }
    match value("RiskAssessment", "probability=ap0.80") {
        SearchValue::Number(number) => {
            assert_eq!((number.prefix(), number.value().as_str()), (Prefix::Ap, "0.80"));
        }
        other => panic!("{other:?}"),
    }
    let composite = value("Observation", "code-value-quantity=http://loinc.org|718-7$gt5.4|http://u|g");
    assert!(matches!(composite, SearchValue::Composite(parts) if parts.len() == 2));
}

#[test]
fn chains_lead_to_the_parameter_at_their_end() {
    let query = parse("Observation", "subject:Patient.name:exact=A,B").unwrap();
    let criterion = &query.criteria[0];
    assert_eq!((criterion.values.len(), criterion.modifier.as_ref()), (2, Some(&Modifier::Exact)));
    assert!(parse("Observation", "subject.identifier=x").is_ok());
    assert!(parse("Observation", "patient.general-practitioner.name=x").is_ok());
    assert!(parse("Provenance", "target.status=final").is_ok());
    assert_eq!(reason("Provenance", "target.context=x"), SearchReason::Ambiguous);
    assert!(parse("Observation", "patient.general-practitioner:Practitioner.name=x").is_ok());
    assert!(parse("Patient", "_has:Observation:patient:code=718-7").is_ok());
    assert!(parse("Patient", "_has:Observation:patient:_has:AuditEvent:entity:agent=x").is_ok());
    assert!(parse("Encounter", "patient._has:Group:member:_id=102").is_ok());
    assert_eq!(reason("Patient", "_has:Observation:device:code=x"), SearchReason::NotATarget);
    assert_eq!(reason("Observation", "code.name=x"), SearchReason::NotAReference);
    assert_eq!(reason("Observation", "subject:Practitioner.name=x"), SearchReason::NotATarget);
    assert_eq!(reason("Patient", "_has:Observation:patient=x"), SearchReason::Name);
}

#[test]
fn what_is_wrong_is_said_without_the_value() {
    let rows = [
        ("Patient", "shoe-size=44", SearchReason::Unknown),
        ("Patient", "birthdate=Secret", SearchReason::Value),
        ("Patient", "birthdate=2023-02-29", SearchReason::Value),
        ("Patient", "birthdate=2023T14:30", SearchReason::Value),
        ("Patient", "name=", SearchReason::Empty),
        ("Patient", "name=a,,b", SearchReason::Empty),
        ("Patient", "identifier=|", SearchReason::Empty),
        ("Patient", "identifier=a|b|c", SearchReason::Value),
        ("Patient", "name:above=a", SearchReason::Modifier),
        ("Patient", "name:Secret!=a", SearchReason::Modifier),
        ("Patient", "name%20Secret=a", SearchReason::Name),
        ("Patient", "name=%zz", SearchReason::Encoding),
        ("Patient", "_count=1&_count=2", SearchReason::Repeated),
        ("Patient", "_count=-1", SearchReason::Value),
        ("Patient", "_sort=Secret", SearchReason::Unknown),
        ("Patient", "_type=Patient", SearchReason::Unknown),
        ("Patient", "_include=Patient:name", SearchReason::NotAReference),
        ("Patient", "_include=Patient:link:Device", SearchReason::NotATarget),
        ("Patient", "_include:all=Patient:link", SearchReason::Modifier),
        ("Patient", "name:missing=maybe", SearchReason::Value),
        ("Observation", "value-quantity=5.4|mg", SearchReason::Value),
        ("Observation", "code-value-quantity=a", SearchReason::Value),
        ("Observation", "code-value-quantity:missing=true", SearchReason::Modifier),
        ("", "name=a", SearchReason::Unknown),
        ("", "_type=Patient,Observation&name=a", SearchReason::Unknown),
    ];
    for (scope, query, expected) in rows {
        let error = parse(scope, query).unwrap_err();
        assert_eq!(error.reason(), expected, "{query}");
        assert!(!format!("{error:?} {error}").contains("Secret") || query.starts_with("_sort"), "{query}");
    }
    assert!(parse("", "name=a&_type=Patient,Practitioner").is_ok());
    assert!(parse("", "_lastUpdated=ge2024&_sort=-_lastUpdated").is_ok());
}

#[test]
fn limits_hold() {
    let options = SearchOptions::default().max_parameters(2).max_values(2).max_links(1).max_length(60);
    let of = |query: &str| {
        let read = SearchQuery::parse_with(Scope::Type("Observation".into()), query, &options);
        read.map(drop).map_err(|error| error.reason())
    };
    assert_eq!(of("code=a,b&status=final"), Ok(()));
    assert_eq!(of("code=a,b,c"), Err(SearchReason::TooManyValues));
    assert_eq!(of("code=a&code=b&code=c"), Err(SearchReason::TooManyParameters));
    assert_eq!(of("patient.link:Patient.name=a"), Err(SearchReason::TooManyLinks));
    assert_eq!(of(&format!("code={}", "a".repeat(60))), Err(SearchReason::TooLong));
}

#[test]
fn urls_of_searches_are_read_and_others_not() {
    let rows = [
        ("Patient?name=a", "Patient"),
        ("/Patient/_search?name=a", "Patient"),
        ("?_id=1", ""),
        ("_search?_id=1", ""),
        ("Patient/p1/*?_lastUpdated=2024", "Patient/p1/*"),
        ("Patient/p1/Observation?code=1", "Patient/p1/Observation"),
    ];
    for (url, path) in rows {
        assert_eq!(SearchQuery::parse_url(url).unwrap().scope().path(), path, "{url}");
    }
    for url in
        ["Patient/1?x=1", "../Patient?name=a", "Patient/../Observation?code=1", "patient?name=a", "a/b/c/d"]
    {
        assert_eq!(SearchQuery::parse_url(url).unwrap_err().reason(), SearchReason::Url, "{url}");
    }
}

#[test]
fn debug_shows_names_and_no_values() {
    let query = parse("Patient", "name=Secret&_cursor=Secret&identifier=Secret").unwrap();
    let shown = format!("{query:?} {:?}", query.criteria()[0].values);
    assert!(shown.contains("name") && shown.contains("_cursor") && !shown.contains("Secret"));
}

#[test]
fn check_finds_what_a_builder_was_given_wrongly() {
    assert!(SearchQuery::of("Patient").with(Criterion::new("name", "a")).check().is_ok());
    assert!(SearchQuery::of("Patient").with(Criterion::new("gender", "a")).check().is_err());
    assert!(SearchQuery::of("Patient").with(Criterion::new("name", "")).check().is_err());
    assert!(SearchQuery::of("Patient/..").check().is_err());
}

/// Any text that is a value.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![r"[a-zA-Z,|$\\ é%&=+]{1,12}", ".{1,12}"]
}

fn plain_value(kind: ParameterKind) -> BoxedStrategy<SearchValue> {
    let prefix = || select(Prefix::ALL.to_vec());
    let decimal =
        || "-?(0|[1-9][0-9]{0,6})(\\.[0-9]{1,6})?(e-?[0-9])?".prop_map(|text| Decimal::parse(&text).unwrap());
    match kind {
        ParameterKind::Number => {
            (prefix(), decimal()).prop_map(|(p, v)| NumberValue::new(p, v).into()).boxed()
        }
        ParameterKind::Date => {
            let date = "20[0-9]{2}(-0[1-9](-1[0-9](T0[0-9]:[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,3})?)?(Z|\\+0[0-9]:30)?)?)?)?";
            (prefix(), date).prop_map(|(p, text)| DateValue::new(p, &text).unwrap().into()).boxed()
        }
        ParameterKind::String => text().prop_map(SearchValue::Text).boxed(),
        ParameterKind::Reference => text().prop_map(SearchValue::Reference).boxed(),
        ParameterKind::Uri => text().prop_map(SearchValue::Uri).boxed(),
        ParameterKind::Special => text().prop_map(SearchValue::Raw).boxed(),
        ParameterKind::Quantity => {
            let quantity = (prefix(), decimal(), text(), text(), 0..3);
            quantity
                .prop_map(|(prefix, value, system, code, form)| {
                    let quantity = QuantityValue::new(prefix, value);
                    match form {
                        0 => quantity.into(),
                        1 => quantity.unit(code).into(),
                        _ => quantity.coded(system, code).into(),
                    }
                })
                .boxed()
        }
        ParameterKind::Token | ParameterKind::Composite => token().prop_map(SearchValue::Token).boxed(),
    }
}

fn token() -> impl Strategy<Value = Token> {
    (text(), text(), 0..4).prop_map(|(system, code, form)| match form {
        0 => Token::Code(code),
        1 => Token::WithoutSystem(code),
        2 => Token::System(system),
        _ => Token::InSystem { system, code },
    })
}

fn values(parameter: &'static SearchParameter) -> BoxedStrategy<Vec<SearchValue>> {
    match parameter.kind {
        ParameterKind::Composite => {
            let parts: Vec<_> = parameter.components.iter().map(|part| plain_value(part.kind)).collect();
            vec(parts.prop_map(SearchValue::Composite), 1..3).boxed()
        }
        ParameterKind::Special => vec(plain_value(ParameterKind::Special), 1).boxed(),
        kind => vec(plain_value(kind), 1..4).boxed(),
    }
}

fn modified(parameter: &'static SearchParameter) -> BoxedStrategy<(Option<Modifier>, Vec<SearchValue>)> {
    let plain = values(parameter).prop_map(|values| (None, values));
    let with = |modifier: Modifier, values: BoxedStrategy<SearchValue>| {
        vec(values, 1..3).prop_map(move |values| (Some(modifier.clone()), values)).boxed()
    };
    let string = || plain_value(ParameterKind::String);
    let mut all = vec![plain.boxed()];
    match parameter.kind {
        ParameterKind::String => {
            all.extend([with(Modifier::Exact, string()), with(Modifier::Contains, string())])
        }
        ParameterKind::Token => {
            let typed = (text(), text(), text())
                .prop_map(|(system, code, value)| TypedIdentifier { system, code, value }.into());
            all.extend([
                with(Modifier::Text, string()),
                with(Modifier::Not, plain_value(ParameterKind::Token)),
                with(Modifier::NotIn, plain_value(ParameterKind::Uri)),
                with(Modifier::OfType, typed.boxed()),
            ]);
        }
        ParameterKind::Reference => {
            all.push(with(Modifier::Identifier, plain_value(ParameterKind::Token)));
            if let Some(&target) = parameter.targets.first() {
                all.push(with(Modifier::Type(target.to_owned()), plain_value(ParameterKind::Reference)));
            }
        }
        _ => {}
    }
    if !matches!(parameter.kind, ParameterKind::Composite | ParameterKind::Special) {
        let missing =
            any::<bool>().prop_map(|missing| (Some(Modifier::Missing), vec![SearchValue::Bool(missing)]));
        all.push(missing.boxed());
    }
    prop::strategy::Union::new(all).boxed()
}

const TYPES: [&str; 6] = ["Patient", "Observation", "Encounter", "MedicationRequest", "ValueSet", "Location"];

fn criterion(base: &'static str) -> BoxedStrategy<Criterion> {
    let all: Vec<_> = parameters(base).filter(|entry| entry.code != "_query").collect();
    select(all)
        .prop_flat_map(|parameter| {
            modified(parameter).prop_map(|(modifier, values)| Criterion {
                links: Vec::new(),
                code: parameter.code.to_owned(),
                modifier,
                values,
            })
        })
        .boxed()
}

fn chained(base: &'static str) -> BoxedStrategy<Criterion> {
    let references: Vec<_> = parameters(base).filter(|entry| !entry.targets.is_empty()).collect();
    if references.is_empty() {
        return criterion(base);
    }
    let forward = select(references).prop_flat_map(|entry| {
        select(entry.targets.to_vec()).prop_flat_map(move |target| {
            criterion(target).prop_map(move |inner| inner.through(entry.code, Some(target)))
        })
    });
    let reverse = criterion("Observation").prop_map(|inner| inner.having("Observation", "subject"));
    let reverse = if matches!(base, "Patient" | "Location") { reverse.boxed() } else { criterion(base) };
    prop_oneof![criterion(base), forward, reverse].boxed()
}

fn query() -> impl Strategy<Value = SearchQuery> {
    select(TYPES.to_vec()).prop_flat_map(|base| {
        let includes = vec(select(vec!["*", "Observation:subject", "Observation:*"]), 0..2);
        let extras =
            (any::<Option<u32>>(), any::<bool>(), proptest::option::of(text()), includes, any::<bool>());
        (vec(chained(base), 0..4), extras).prop_map(
            move |(criteria, (count, is_descending, cursor, includes, reverse))| {
                let mut query =
                    SearchQuery::of(base).sorted_by("_lastUpdated", is_descending).elements(["id", "meta"]);
                query.criteria = criteria;
                query.results.count = count;
                query.results.cursor = cursor;
                query.includes = includes
                    .iter()
                    .map(|text| Include::parse(reverse, is_descending, text).unwrap())
                    .collect();
                query
            },
        )
    })
}

proptest! {
    #[test]
    fn a_query_that_was_written_is_read_as_it_was(query in query()) {
        let scope = || query.scope().clone();
        prop_assert!(SearchQuery::parse(scope(), &query.to_query()).unwrap() == query);
        prop_assert!(SearchQuery::parse(scope(), &query.to_form()).unwrap() == query);
        prop_assert!(SearchQuery::parse_url(&query.to_url()).unwrap() == query);
        prop_assert_eq!(query.check(), Ok(()));
    }

    #[test]
    fn any_text_is_read_or_refused_without_repeating_it(base in select(TYPES.to_vec()), query in any::<String>()) {
        if let Err(error) = parse(base, &query) {
            prop_assert!(error.name().is_ascii());
        }
    }

    #[test]
    fn anything_that_looks_like_a_query_is_read_or_refused(
        query in "((_has:|name|subject|:|\\.|Patient|Observation|_include|code|date|=|&|,|\\||\\$|\\\\|%|ge|2024|1){1,4}){0,12}",
    ) {
        for base in TYPES {
            if let Ok(read) = parse(base, &query) {
                prop_assert!(parse(base, &read.to_query()).unwrap() == read);
            }
        }
    }
}
