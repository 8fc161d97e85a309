//! Nothing that is read or evaluated makes it panic or last.

use proptest::prelude::*;

use super::*;

/// Texts that look like expressions.
fn expression() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        prop::sample::select(vec![
            "name",
            "given",
            "value",
            "extension('x')",
            "where(",
            "exists()",
            ".",
            "(",
            ")",
            "=",
            "!=",
            "~",
            "<",
            "|",
            " and ",
            " or ",
            " implies ",
            " in ",
            " contains ",
            " is ",
            " as ",
            "Patient",
            "string",
            "'a'",
            "1",
            "1.5",
            "@2024-01",
            "$this",
            "%resource",
            "count()",
            "first()",
            "descendants()",
            "children()",
            "[0]",
            "resolve()",
            "substring(1)",
            "toInteger()",
            "+",
            "-",
            "&",
            "matches('a')",
            "select(",
            "iif(",
            ",",
            "isDistinct()",
            "{}",
            "trace('x')",
            "intersect(",
            "xor",
            "`a`",
            "not()",
            "all(",
            "hasValue()",
            "htmlChecks()",
            "toString()",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,3}",
    ];
    prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat())
}

fn path() -> impl Strategy<Value = String> + Clone {
    let step = prop::sample::select(vec![
        "name",
        "given",
        "value",
        "id",
        "contained",
        "reference",
        "extension('x')",
        "exists()",
        "count()",
        "first()",
        "descendants()",
        "children()",
        "resolve()",
        "where($this = 'a')",
        "where(value > 1)",
        "toString()",
        "tail()",
        "isDistinct()",
        "distinct()",
        "as(string)",
        "ofType(Quantity)",
        "not()",
        "hasValue()",
        "select(id & 'x')",
        "substring(1)",
        "matches('a+')",
        "intersect($this)",
        "combine(%resource.name)",
        "all(id.exists())",
        "single()",
    ]);
    prop::collection::vec(step, 1..5).prop_map(|steps| steps.join("."))
}

/// Well-formed expressions.
fn sound() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec![
        "=", "!=", "~", "<", "<=", "|", "and", "or", "xor", "implies", "in", "+", "&", "-",
    ]);
    (path(), operator, path()).prop_map(|(left, operator, right)| format!("{left} {operator} ({right})"))
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::null()),
        any::<bool>().prop_map(Value::bool),
        prop::sample::select(vec!["0", "-1", "1.50", "1e400", "-2E-3"])
            .prop_map(|text| Value::number(text).unwrap()),
        prop::sample::select(vec![
            "",
            "a",
            "#a",
            "2024-01",
            "2024-03-05T10:00:00Z",
            "Patient/1",
            "<div>",
            "é"
        ])
        .prop_map(Value::string),
    ];
    let name = prop::sample::select(vec![
        "resourceType",
        "name",
        "_name",
        "given",
        "_given",
        "valueQuantity",
        "valueString",
        "_valueString",
        "value",
        "id",
        "contained",
        "reference",
        "extension",
        "url",
        "unit",
        "other",
        "_other",
    ]);
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6).prop_map(|members| {
                members.into_iter().fold(Value::object(), |object, (name, value)| object.with(name, value))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_compiled_or_refused(text in expression(), other in "\\PC{0,40}") {
        let resource = Value::object();
        for text in [text, other] {
            if let Ok(compiled) = FhirPath::parse(&text) {
                let _ = compiled.select(&resource, &Context::new(&resource));
            }
        }
    }

    #[test]
    fn any_resource_is_evaluated(resource in json(), text in sound()) {
        let compiled = FhirPath::parse(&text).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
        let context = Context::new(&resource).with_steps(100_000);
        let items = compiled.select(&resource, &context);
        let truth = compiled.is_true(&resource, &context);
        // The two agree.
        if let (Ok(items), Ok(true)) = (&items, truth) {
            prop_assert!(matches!(items.as_slice(), [item] if item.as_bool() != Some(false)), "{}", text);
        }
    }

    #[test]
    fn existence_emptiness_and_count_agree(resource in json(), left in path()) {
        let context = Context::new(&resource).with_steps(100_000);
        let of = |text: String| {
            let compiled = FhirPath::parse(&text).unwrap();
            compiled.select(&resource, &context).map(|items| items.iter().map(shown).collect::<Vec<_>>())
        };
        if let (Ok(items), Ok(count)) = (of(left.clone()), of(format!("({left}).count()"))) {
            prop_assert_eq!(&count, &vec![items.len().to_string()]);
            prop_assert_eq!(of(format!("({left}).exists()")), Ok(vec![(!items.is_empty()).to_string()]));
            prop_assert_eq!(of(format!("({left}).empty()")), Ok(vec![items.is_empty().to_string()]));
        }
    }
}
