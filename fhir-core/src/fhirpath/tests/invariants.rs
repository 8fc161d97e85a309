//! Invariants of R4 that need more than existence, each with a resource that keeps it and one that breaks it.

use super::*;

const DOM_3: &str = "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()";
const REF_1: &str = "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))";
const SDF_8A: &str = "(%resource.kind = 'logical' or element.first().path.startsWith(%resource.type)) and (element.tail().empty() or element.tail().all(path.startsWith(%resource.differential.element.first().path.replaceMatches('\\\\..*','')&'.')))";
const ELD_19: &str = r#"path.matches('[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s\\.,:;\\\'"\\/|?!@#$%&*()\\[\\]{}]{1,64}(\\[x\\])?(\\:[^\\s\\.]+)?)*')"#;

/// An expression, a resource that keeps it, and one that breaks it.
type Row = (&'static str, &'static str, &'static str);

fn are_told_apart(rows: &[Row]) {
    for (expression, sound, broken) in rows {
        assert_eq!(holds(sound, expression), Ok(true), "{expression}: {sound}");
        // The evaluation knows: it is not that something was left open.
        assert_eq!(holds(broken, expression), Ok(false), "{expression}: {broken}");
    }
}

#[test]
fn invariants_of_any_resource_tell_sound_from_broken() {
    are_told_apart(&[
        (
            DOM_3,
            r##"{"contained":[{"resourceType":"X","id":"a"}],"subject":{"reference":"#a"}}"##,
            r##"{"contained":[{"resourceType":"X","id":"a"}],"subject":{"reference":"#b"}}"##,
        ),
        (
            DOM_3,
            r##"{"contained":[{"resourceType":"X","id":"a","part":{"reference":"#"}}]}"##,
            r##"{"contained":[{"resourceType":"X","id":"a","part":{"reference":"#x"}}]}"##,
        ),
        ("hasValue() or (children().count() > id.count())", r#"{"id":"a","system":"x"}"#, r#"{"id":"a"}"#),
        (
            "extension.exists() != value.exists()",
            r#"{"url":"x","valueString":"a"}"#,
            r#"{"url":"x","valueString":"a","extension":[{}]}"#,
        ),
        (
            "htmlChecks()",
            r#""<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>""#,
            r#""<div xmlns=\"http://www.w3.org/1999/xhtml\"><script/></div>""#,
        ),
    ]);
}

#[test]
fn invariants_of_values_tell_sound_from_broken() {
    are_told_apart(&[
        (
            "start.hasValue().not() or end.hasValue().not() or (start <= end)",
            r#"{"start":"2024-01","end":"2024-01"}"#,
            r#"{"start":"2024-02","end":"2024-01-31"}"#,
        ),
        (
            "start.hasValue().not() or end.hasValue().not() or (start <= end)",
            r#"{"start":"2024-01-01T00:30:00+01:00","end":"2023-12-31T23:30:00Z"}"#,
            r#"{"start":"2024-01-01T00:30:00Z","end":"2024-01-01T00:30:00+01:00"}"#,
        ),
        (
            "offset.empty() or (when.exists() and when.select($this in ('C' | 'CM' | 'CD' | 'CV')).allFalse())",
            r#"{"offset":1,"when":["HS"]}"#,
            r#"{"offset":1,"when":["HS","C"]}"#,
        ),
        (
            "probability is decimal implies (probability as decimal) <= 100",
            r#"{"probabilityDecimal":100.0}"#,
            r#"{"probabilityDecimal":100.01}"#,
        ),
        (
            "(code.exists() or value.empty()) and (system.empty() or system = %ucum) and (code.empty() or code = '1') and (value.empty() or value.hasValue().not() or value.toString().contains('.').not())",
            r#"{"value":3,"code":"1"}"#,
            r#"{"value":3.0,"code":"1"}"#,
        ),
        ("empty() or ($this = '*') or (toInteger() >= 0)", r#""*""#, r#""-1""#),
    ]);
}

#[test]
fn invariants_of_care_tell_sound_from_broken() {
    are_told_apart(&[
        (
            "member.empty() or (actual = true)",
            r#"{"member":[{"x":1}],"actual":true}"#,
            r#"{"member":[{"x":1}]}"#,
        ),
        (
            "operator = 'exists' implies (answer is Boolean)",
            r#"{"operator":"exists","answerBoolean":true}"#,
            r#"{"operator":"exists","answerString":"x"}"#,
        ),
        (
            "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()",
            r#"{"valueString":"x","code":{"coding":[{"code":"a"}]},"component":[{"code":{"coding":[{"code":"b"}]}}]}"#,
            r#"{"valueString":"x","code":{"coding":[{"code":"a"}]},"component":[{"code":{"coding":[{"code":"a"}]}}]}"#,
        ),
        (
            "group.stratifier.all((code | description | criteria).exists() xor component.exists())",
            r#"{"group":[{"stratifier":[{"code":{"text":"x"}}]}]}"#,
            r#"{"group":[{"stratifier":[{"code":{"text":"x"},"component":[{}]}]}]}"#,
        ),
        (
            "(type = 'history') or entry.where(fullUrl.exists()).select(fullUrl&resource.meta.versionId).isDistinct()",
            r#"{"type":"batch","entry":[{"fullUrl":"a"},{"fullUrl":"b"},{},{}]}"#,
            r#"{"type":"batch","entry":[{"fullUrl":"a"},{"fullUrl":"a"}]}"#,
        ),
        (
            "type = 'document' implies entry.first().resource.is(Composition)",
            r#"{"type":"document","entry":[{"resource":{"resourceType":"Composition"}}]}"#,
            r#"{"type":"document","entry":[{"resource":{"resourceType":"Patient"}}]}"#,
        ),
        (
            "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history'))",
            r#"{"type":"batch","entry":[{"request":{"method":"GET"}}]}"#,
            r#"{"type":"batch","entry":[{}]}"#,
        ),
        (
            "onBehalfOf.exists() implies (member.resolve().iif(empty(), true, ofType(Practitioner).exists()))",
            r#"{"onBehalfOf":{"display":"x"},"member":{"reference":"Practitioner/1"}}"#,
            r#"{"onBehalfOf":{"display":"x"},"member":{"reference":"Patient/1"}}"#,
        ),
    ]);
}

#[test]
fn invariants_of_definitions_tell_sound_from_broken() {
    are_told_apart(&[
        (
            "concept.code.combine($this.descendants().concept.code).isDistinct()",
            r#"{"concept":[{"code":"a","concept":[{"code":"b"}]}]}"#,
            r#"{"concept":[{"code":"a","concept":[{"code":"a"}]}]}"#,
        ),
        (SDF_8A, r#"{"differential":{"x":1},"kind":"logical"}"#, r#"{"type":"Patient","kind":"resource"}"#),
        (ELD_19, r#"{"path":"Patient.name[x]:slice"}"#, r#"{"path":"."}"#),
        (
            "min.empty() or max.empty() or (max = '*') or iif(max != '*', min <= max.toInteger())",
            r#"{"min":1,"max":"2"}"#,
            r#"{"min":3,"max":"2"}"#,
        ),
    ]);
}

#[test]
fn a_reference_into_the_container() {
    let root = Value::parse(
        br##"{"contained":[{"id":"a"}],"subject":{"reference":"#a"},"other":{"reference":"#b"}}"##,
    )
    .unwrap();
    let (ref_1, context) = (FhirPath::parse(REF_1).unwrap(), Context::new(&root));
    assert_eq!(ref_1.is_true(root.get("subject").unwrap(), &context), Ok(true));
    assert_eq!(ref_1.is_true(root.get("other").unwrap(), &context), Ok(false));
}

#[test]
fn what_precision_leaves_open_is_not_a_breach() {
    let per_1 = "start.hasValue().not() or end.hasValue().not() or (start <= end)";
    assert_eq!(holds(r#"{"start":"2024-01-05","end":"2024-01"}"#, per_1), Err(Undecided::Incomparable));
    let rng_2 = "low.empty() or high.empty() or (low <= high)";
    assert_eq!(holds(r#"{"low":{"value":5},"high":{"value":4}}"#, rng_2), Ok(false));
}

#[test]
fn a_primitive_with_extensions_only_has_content() {
    let sibling = Value::parse(br#"{"extension":[{"url":"x","valueCode":"y"}]}"#).unwrap();
    let (id_only, resource) = (Value::parse(br#"{"id":"x"}"#).unwrap(), Value::object());
    let ele_1 = FhirPath::parse("hasValue() or (children().count() > id.count())").unwrap();
    let context = Context::new(&resource);
    assert_eq!(ele_1.is_true(Node::primitive(None, Some(&sibling)), &context), Ok(true));
    assert_eq!(ele_1.is_true(Node::primitive(None, Some(&id_only)), &context), Ok(false));
    assert_eq!(ele_1.is_true(Node::primitive(Some(&"v".into()), Some(&id_only)), &context), Ok(true));
}
