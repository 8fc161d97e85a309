//! Each operator and function, by examples after the specification of FHIRPath.

use super::*;

const PATIENT: &str = r##"{
    "resourceType":"Patient","id":"p1","active":true,"birthDate":"1980-03",
    "_birthDate":{"extension":[{"url":"http://a/time","valueDateTime":"1980-03-05T10:00:00Z"}]},
    "name":[{"use":"official","family":"Lee","given":["Ann","Bea"],"_given":[null,{"id":"g2"}]},{"given":["Annie"]}],
    "telecom":[{"system":"phone","value":"1","rank":1},{"system":"email","value":"a@b","rank":2.0},{"_system":{"id":"s"}}],
    "deceasedDateTime":"2024-03-05T10:00:00+01:00","multipleBirthInteger":2,
    "managingOrganization":{"reference":"#org"},"generalPractitioner":[{"reference":"Practitioner/7"},{"display":"x"}],
    "contained":[{"resourceType":"Organization","id":"org","name":"Acme"}],
    "contact":[],"extension":[{"url":"http://a/weight","valueQuantity":{"value":1.50,"unit":"kg"}}]
}"##;

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    for (expression, expected) in rows {
        assert_eq!(found(PATIENT, expression), *expected, "{expression}");
    }
}

#[test]
fn paths() {
    check(&[
        ("id", r#""p1""#),
        ("Patient.id", r#""p1""#),
        ("Resource.id | DomainResource.id", r#""p1""#),
        ("Observation.id", ""),
        ("name.given", r#""Ann", "Bea", "Annie""#),
        ("name.family", r#""Lee""#),
        ("name[1].given", r#""Annie""#),
        ("name[5]", ""),
        ("name.given[1].id", r#""g2""#),
        ("name.`given`[0]", r#""Ann""#),
        ("birthDate.extension('http://a/time').value", r#""1980-03-05T10:00:00Z""#),
        ("extension('http://a/weight').value.unit", r#""kg""#),
        ("extension('http://b')", ""),
        ("telecom.system", r#""phone", "email", -"#),
        ("contact", ""),
        ("absent.further", ""),
        ("%resource.id", r#""p1""#),
        ("name.select(%context.id)", r#""p1", "p1""#),
        ("name.select($this.use)", r#""official""#),
        ("%ucum", "'http://unitsofmeasure.org'"),
        ("%`vs-gender`", "'http://hl7.org/fhir/ValueSet/gender'"),
        ("{}", ""),
    ]);
}

#[test]
fn choices_have_types() {
    check(&[
        ("deceased", r#""2024-03-05T10:00:00+01:00""#),
        ("deceased as dateTime", r#""2024-03-05T10:00:00+01:00""#),
        ("deceased as boolean", ""),
        ("deceased.ofType(FHIR.dateTime).exists()", "true"),
        ("deceased is dateTime", "true"),
        ("deceased is boolean", "false"),
        ("multipleBirth is Integer", "true"),
        ("multipleBirth is System.Boolean", "false"),
        ("extension.value is Quantity", "true"),
        ("extension.value is Range", "false"),
        ("$this is Patient", "true"),
        ("$this is Observation", "false"),
        ("$this is DomainResource", "true"),
        ("$this is HumanName", "false"),
        ("name.is(Patient)", "Several"),
        ("name.first().is(Patient)", "false"),
        ("absent is Patient", ""),
        ("'x' is String", "true"),
        ("1 is Decimal", "false"),
        ("name.first() is boolean", "false"),
    ]);
    let types = |expression: &str| {
        let patient = Value::parse(PATIENT.as_bytes()).unwrap();
        let expression = FhirPath::parse(expression).unwrap();
        let found = expression.select(&patient, &Context::new(&patient)).unwrap();
        found.iter().map(|item| item.type_name()).collect::<Vec<_>>() == [Some("Quantity")]
    };
    assert!(types("extension.value"));
    assert_eq!(holds(PATIENT, "gender is code or birthDate is date"), Err(Undecided::UnknownType));
}

#[test]
fn existence_and_filters() {
    check(&[
        ("name.exists()", "true"),
        ("absent.exists()", "false"),
        ("contact.empty()", "true"),
        ("telecom.exists(system = 'email')", "true"),
        ("telecom.where(system = 'email').value", r#""a@b""#),
        ("telecom.where(system.empty()).count()", "0"),
        ("telecom.all(rank.exists())", "false"),
        ("absent.all(x)", "true"),
        ("telecom.count()", "3"),
        ("telecom.first().value", r#""1""#),
        ("telecom.last().system.id", r#""s""#),
        ("name.given.tail()", r#""Bea", "Annie""#),
        ("name.given.skip(2)", r#""Annie""#),
        ("name.given.take(2)", r#""Ann", "Bea""#),
        ("name.given.take(0)", ""),
        ("name.given.single()", "Several"),
        ("id.single()", r#""p1""#),
        ("(true | false).allTrue()", "false"),
        ("(false).allFalse()", "true"),
        ("(true | false).anyTrue()", "true"),
        ("(true).anyFalse()", "false"),
        ("active.not()", "false"),
        ("absent.not()", ""),
        ("birthDate.hasValue()", "true"),
        ("telecom[2].system.hasValue()", "false"),
        ("name.hasValue()", "false"),
        ("children().count()", "15"),
        ("name.children()", r#""Lee", "Ann", "Bea", "official", "Annie""#),
        ("contained.descendants()", r#""org", "Acme""#),
        ("descendants().where(reference = '#org').count()", "1"),
        ("name.trace('n').count()", "2"),
        ("iif(active, 'yes', 'no')", "'yes'"),
        ("iif(absent, 'yes')", ""),
        ("name.given.iif(count() > 2, first(), 'few')", r#""Ann""#),
    ]);
}

#[test]
fn sets() {
    check(&[
        ("('a' | 'b' | 'a')", "'a', 'b'"),
        ("name.given.combine('Ann')", r#""Ann", "Bea", "Annie", 'Ann'"#),
        ("name.given.union('Ann')", r#""Ann", "Bea", "Annie""#),
        ("name.given.intersect('Bea' | 'x')", r#""Bea""#),
        ("name.given.exclude('Bea')", r#""Ann", "Annie""#),
        ("name.given.combine(name.given).distinct().count()", "3"),
        ("name.given.isDistinct()", "true"),
        ("name.given.combine('Ann').isDistinct()", "false"),
        ("(1.0).combine(1).isDistinct()", "false"),
        ("('Ann' | 'Bea').subsetOf(name.given)", "true"),
        ("name.given.supersetOf('x')", "false"),
        ("'Bea' in name.given", "true"),
        ("name.given contains 'x'", "false"),
        ("absent in name.given", ""),
        ("'x' in absent", "false"),
        ("name.given in 'x'", "Several"),
        ("telecom.intersect(telecom).count()", "3"),
    ]);
}

#[test]
fn many_items_are_hashed() {
    let items: Vec<String> =
        (0..100).map(|n| format!(r#"{{"system":"s","code":"c{}","rank":{}.0}}"#, n % 60, n % 60)).collect();
    let resource =
        format!(r#"{{"coding":[{}],"other":[{{"rank":5,"code":"c5","system":"s"}}]}}"#, items.join(","));
    assert_eq!(found(&resource, "coding.distinct().count()"), "60");
    assert_eq!(found(&resource, "coding.isDistinct()"), "false");
    assert_eq!(found(&resource, "coding.intersect(other).count()"), "1");
    assert_eq!(found(&resource, "coding.code.distinct().count()"), "60");
    assert_eq!(found(&resource, "coding.rank.distinct().count()"), "60");
}

#[test]
fn logic_has_three_values() {
    for (left, right, and, or, xor, implies) in [
        ("true", "true", "true", "true", "false", "true"),
        ("true", "false", "false", "true", "true", "false"),
        ("true", "{}", "", "true", "", ""),
        ("false", "false", "false", "false", "false", "true"),
        ("false", "{}", "false", "", "", "true"),
        ("{}", "true", "", "true", "", "true"),
        ("{}", "false", "false", "", "", ""),
        ("{}", "{}", "", "", "", ""),
    ] {
        let of = |operator: &str| found("{}", &format!("{left} {operator} {right}"));
        assert_eq!(
            [of("and"), of("or"), of("xor"), of("implies")],
            [and, or, xor, implies],
            "{left} {right}"
        );
    }
    check(&[
        ("name.family and true", "true"),
        ("name.given and true", "Several"),
        ("false and true or true", "true"),
        ("true or true and false", "true"),
        ("false implies false = true", "true"),
    ]);
}

#[test]
fn equality() {
    check(&[
        ("id = 'p1'", "true"),
        ("id != 'p1'", "false"),
        ("absent = 'p1'", ""),
        ("telecom.rank[0] = 1.0", "true"),
        ("telecom.rank[1] = 2", "true"),
        ("telecom.rank = (1 | 2)", "true"),
        ("telecom.rank = 1", "false"),
        ("'1' = 1", "false"),
        ("'a' = 'A'", "false"),
        ("'a  B' ~ 'A b'", "true"),
        ("('a' | 'b') ~ ('b' | 'a')", "true"),
        ("'a' !~ 'b'", "true"),
        ("{} ~ {}", "true"),
        ("1.0 ~ 1", "true"),
        ("name[0] = name[0]", "true"),
        ("name[0] = name[1]", "false"),
        ("active = true", "true"),
        ("@2024-01 = @2024-01", "true"),
        ("@2024-01 = @2024", ""),
        ("deceased = @2024-03-05T09:00:00Z", "true"),
        ("birthDate = deceased", "false"),
        ("birthDate = @1980-03-01", ""),
    ]);
}

#[test]
fn order() {
    check(&[
        ("1 < 2", "true"),
        ("1 >= 1.00", "true"),
        ("0.1 + 0.2 = 0.3", "true"),
        ("-1 < 0", "true"),
        ("1 - 3", "-2"),
        ("'a' < 'b'", "true"),
        ("'2024' < '2024-01'", "true"),
        ("birthDate < deceased", "true"),
        ("birthDate <= @1980-03", "true"),
        ("birthDate < @1980-03-04", ""),
        ("deceased > @2024-03-05T08:59:59Z", "true"),
        ("@T10:00:00 < @T11:00:00.5", "true"),
        ("@2024-01-01T < @2024-01-02", "true"),
        ("absent < 1", ""),
        ("'a' < 1", "WrongKind"),
        ("telecom.rank < 3", "Several"),
        ("name[0] < name[1]", "WrongKind"),
        ("9223372036854775807 + 1", "TooLarge"),
        ("9223372036854775807 < 9223372036854775808.0", "true"),
    ]);
    let range = r#"{"low":{"value":2,"code":"mg","system":"s"},"high":{"value":10.0,"code":"mg","system":"s"},"other":{"value":1,"code":"mL","system":"s"}}"#;
    assert_eq!(found(range, "low <= high"), "true");
    assert_eq!(found(range, "low <= other"), "");
    assert_eq!(holds(range, "low <= other"), Err(Undecided::Incomparable));
    assert_eq!(holds(range, "low <= other or true"), Ok(true));
    let ucum = |value: &str, code: &str| {
        format!(r#"{{"value":{value},"code":"{code}","system":"http://unitsofmeasure.org"}}"#)
    };
    let of = |low: String, high: String| holds(&format!(r#"{{"low":{low},"high":{high}}}"#), "low <= high");
    assert_eq!(of(ucum("5", "mg"), ucum("0.005", "g")), Ok(true));
    assert_eq!(of(ucum("5.1", "mg"), ucum("0.005", "g")), Ok(false));
    assert_eq!(of(ucum("5", "mg"), ucum("5", "mL")), Err(Undecided::Incomparable));
}

#[test]
fn texts() {
    check(&[
        ("'abc'.startsWith('ab')", "true"),
        ("'abc'.endsWith('bc')", "true"),
        ("'abc'.contains('x')", "false"),
        ("absent.contains('x')", ""),
        ("active.startsWith('x')", "WrongKind"),
        ("'aéc'.substring(1)", "'éc'"),
        ("'abc'.substring(1, 1)", "'b'"),
        ("'abc'.substring(3)", ""),
        ("'abc'.substring(-1)", ""),
        ("'aéc'.indexOf('c')", "2"),
        ("'abc'.indexOf('x')", "-1"),
        ("'aéc'.length()", "3"),
        ("'aB'.upper() & 'aB'.lower()", "'ABab'"),
        ("'a.b'.replace('.', '-')", "'a-b'"),
        ("'a.b.c'.replaceMatches('\\\\..*', '')", "'a'"),
        ("'abc'.matches('b')", "true"),
        ("'abc'.matches('^b')", "false"),
        ("'a' + 'b'", "'ab'"),
        ("'a' + {}", ""),
        ("'a' & {} & 'b'", "'ab'"),
        ("telecom.rank[1].toString()", "'2.0'"),
        ("multipleBirth.toString()", "'2'"),
        ("active.toString()", "'true'"),
        ("'12'.toInteger() + 1", "13"),
        ("'*'.toInteger()", ""),
        ("true.toInteger()", "1"),
        ("'1.5'.toDecimal() + 1", "2.5"),
        ("'it\\'s \\u0041'", "'it's A'"),
        ("/* a */ 'x' // b", "'x'"),
    ]);
}

#[test]
fn references_resolve_as_far_as_there_is_something() {
    check(&[
        ("managingOrganization.resolve().name", r#""Acme""#),
        ("generalPractitioner.resolve() is Practitioner", "true"),
        ("generalPractitioner.where(resolve() is Patient).count()", "0"),
        ("generalPractitioner.resolve().name", ""),
        ("contained.where('#' + id in %resource.descendants().reference).count()", "1"),
    ]);
    assert_eq!(holds(PATIENT, "generalPractitioner.resolve().name.exists()"), Err(Undecided::Unresolved));
    assert_eq!(holds(PATIENT, "generalPractitioner[1].resolve().exists()"), Err(Undecided::Unresolved));

    let bundle = Value::parse(br#"{"entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Practitioner","id":"7","active":true}}]}"#).unwrap();
    let patient = Value::parse(PATIENT.as_bytes()).unwrap();
    let (entries, active) =
        (BundleResolver::new(&bundle), FhirPath::parse("generalPractitioner[0].resolve().active").unwrap());
    assert_eq!(active.is_true(&patient, &Context::new(&patient).with_resolver(&entries)), Ok(true));
    assert!(entries.resolve("urn:uuid:1").is_some() && entries.resolve("urn:uuid:2").is_none());
}

#[test]
fn a_contained_resource_knows_its_container() {
    let patient = Value::parse(PATIENT.as_bytes()).unwrap();
    let organization = &patient.list("contained")[0];
    let context = Context::new(organization).contained_in(&patient);
    let of = |text: &str| FhirPath::parse(text).unwrap().is_true(organization, &context);
    assert_eq!(of("%resource is Organization and %rootResource is Patient"), Ok(true));
    assert_eq!(of("%rootResource.contained.id contains 'org'"), Ok(true));
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    use FhirPathReason::*;
    for (expression, expected) in [
        ("", UnexpectedEnd),
        ("a.", UnexpectedEnd),
        ("a b", UnexpectedToken),
        ("a..b", UnexpectedToken),
        ("(a", UnexpectedEnd),
        ("a)", UnexpectedToken),
        ("a.where()", Arguments("where".into())),
        ("a.first(1)", Arguments("first".into())),
        ("a.matches()", Arguments("matches".into())),
        ("now()", UnsupportedFunction("now".into())),
        ("a.repeat(b)", UnsupportedFunction("repeat".into())),
        ("1 * 2", UnsupportedOperator("*".into())),
        ("(4 mod 2)", UnsupportedOperator("mod".into())),
        ("4 'mg'", UnsupportedOperator("quantity".into())),
        ("%other", UnsupportedVariable("other".into())),
        ("a.select($index)", UnexpectedToken),
        ("$total", UnsupportedVariable("total".into())),
        ("a is something", UnknownType("something".into())),
        ("a is X.Patient", UnknownType("Patient".into())),
        ("a.matches('(')", Pattern),
        ("a.matches(b)", Pattern),
        ("'a", UnexpectedEnd),
        ("'\\x'", InvalidLiteral),
        ("@2024-13", InvalidLiteral),
        ("99999999999999999999", InvalidLiteral),
        ("a # b", UnexpectedToken),
    ] {
        let found = FhirPath::parse(expression).map(|_| ()).map_err(|error| error.reason().clone());
        let expected =
            if expression == "a.select($index)" { UnsupportedVariable("index".into()) } else { expected };
        assert_eq!(found, Err(expected), "{expression}");
    }
}

#[test]
fn limits() {
    let reason = |text: String| FhirPath::parse(&text).map(|_| ()).map_err(|error| error.reason().clone());
    let too_large = Err(FhirPathReason::TooLarge);
    assert_eq!(reason("(".repeat(5_000)), too_large);
    assert_eq!(reason("-".repeat(5_000)), too_large);
    assert_eq!(reason(format!("a{}", ".a".repeat(200))), too_large);
    assert_eq!(reason(format!("a{}", " = a".repeat(200))), too_large);
    assert_eq!(reason(format!("a{}", "[0]".repeat(200))), too_large);
    assert_eq!(reason(" ".repeat(70_000)), too_large);
    assert_eq!(reason(format!("a{}", " | a".repeat(200))), Ok(()));
    assert_eq!(reason(format!("a{}", ".a".repeat(90))), Ok(()));

    let names = vec![r#"{"given":["a"]}"#; 3_000].join(",");
    let hostile = format!(r#"{{"name":[{names}]}}"#);
    let quadratic = "descendants().where(%resource.descendants().where($this = 'x').exists()).empty()";
    assert_eq!(holds(&hostile, quadratic), Err(Undecided::TooManySteps));
    assert_eq!(holds(&hostile, "name.given.isDistinct()"), Ok(false));
}

#[test]
fn nothing_of_a_resource_is_shown() {
    let patient = Value::parse(PATIENT.as_bytes()).unwrap();
    let expression = FhirPath::parse("name.given | 'x' | 1 | true | @2024 | 1.5").unwrap();
    let shown =
        format!("{:?} {:?}", expression.select(&patient, &Context::new(&patient)), Context::new(&patient));
    assert!(!shown.contains("Ann") && !shown.contains("'x'") && shown.contains("Node(..)"), "{shown}");
    assert!(!format!("{:?}", Node::new(&patient)).contains("Lee"));
}
