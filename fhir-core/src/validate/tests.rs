use super::{Strictness, ValidateOptions, validate_json};
use crate::{Issue, Resource, Severity};

/// The faults of a resource, which are the same by its text and by its tree.
fn validate_with(resource: &Resource, options: &ValidateOptions) -> Vec<Issue> {
    let issues = super::validate_with(resource, options);
    assert_eq!(validate_json(resource.to_json().as_bytes(), options), Ok(issues.clone()));
    issues
}

fn validate(resource: &Resource) -> Vec<Issue> {
    validate_with(resource, &ValidateOptions::default())
}

fn shown(issues: &[Issue]) -> Vec<String> {
    let text = |issue: &Issue| issue.details_text.clone().unwrap_or_default();
    issues.iter().map(|issue| format!("{}: {}", issue.expression.concat(), text(issue))).collect()
}

/// `path: text` of each fault.
fn faults(text: &str) -> Vec<String> {
    shown(&validate(&Resource::parse(text.as_bytes()).unwrap()))
}

/// The faults of a Patient with these members.
fn of_patient(members: &str) -> Vec<String> {
    faults(&format!(r#"{{"resourceType":"Patient",{members}}}"#))
}

/// The faults of an Observation with these members beside those that it must have.
fn of_observation(members: &str) -> Vec<String> {
    faults(&format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"c"}},{members}}}"#))
}

#[test]
fn a_sound_resource_has_no_faults() {
    let text = r##"{"resourceType":"Observation","id":"o-1","meta":{"lastUpdated":"2024-01-01T00:00:00Z"},"language":"en",
        "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
        "contained":[{"resourceType":"Device","id":"d","identifier":[{"system":"urn:oid:2.16.840","value":"1"}]}],
        "extension":[{"url":"http://a.example/x","valueOid":"urn:oid:1.2"},{"url":"urn:y","extension":[{"url":"z","valueCode":"a b"}]}],
        "modifierExtension":[{"url":"http://a.example/m","valueBoolean":true}],
        "status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},
        "subject":{"reference":"Patient/1","type":"Patient"},"device":{"reference":"#d"},"effectiveDateTime":"2024-03",
        "valueQuantity":{"value":-0.50,"comparator":"<","unit":"g"},"note":[{"text":"a"}],
        "component":[{"code":{"text":"a"},"_valueString":{"extension":[{"url":"http://u","valueBoolean":false}]},
            "referenceRange":[{"low":{"value":1}}]}]}"##;
    assert_eq!(faults(text), Vec::<String>::new());
}

#[test]
fn only_elements_of_r4() {
    assert_eq!(
        of_patient(
            r#""nme":"x","_active":{"extension":[{"url":"http://u","valueCode":"x"}]},"subject":{},"Secret Name":1"#
        ),
        [
            "Patient.nme: no element of R4 here",
            "Patient.subject: no element of R4 here",
            "Patient.?: no element of R4 here"
        ]
    );
    assert_eq!(
        of_patient(r#""name":[{"resourceType":"x","value":"y"}]"#),
        [
            "Patient.name[0].resourceType: no element of R4 here",
            "Patient.name[0].value: no element of R4 here"
        ]
    );
    assert_eq!(faults(r#"{"resourceType":"Pat"}"#), ["Resource.resourceType: not a resource type of R4"]);
    assert_eq!(faults(r#"{"resourceType":"DomainResource"}"#).len(), 1);
}

#[test]
fn nothing_is_null_or_empty() {
    assert_eq!(
        of_patient(
            r#""birthDate":null,"name":[{"family":"","given":["a",null]}],"telecom":[],"contact":[{}],"photo":null,"link":[[1]]"#
        ),
        [
            "Patient.birthDate: null is not allowed",
            "Patient.name[0].family: empty string",
            "Patient.name[0].given[1]: null is not allowed",
            "Patient.telecom: empty array",
            "Patient.contact[0]: empty object",
            "Patient.photo: null is not allowed",
            "Patient.link[0]: array in an array",
        ]
    );
}

#[test]
fn json_types_must_fit() {
    assert_eq!(
        of_patient(
            r#""name":{"family":"a"},"gender":["male"],"maritalStatus":"M","telecom":[["x"]],"active":"true","birthDate":{"a":1},"managingOrganization":7"#
        ),
        [
            "Patient.name: one value where an array belongs",
            "Patient.gender: array where one value belongs",
            "Patient.maritalStatus: wrong json type",
            "Patient.telecom[0]: array in an array",
            "Patient.active: wrong json type",
            "Patient.birthDate: wrong json type",
            "Patient.managingOrganization: wrong json type",
        ]
    );
}

#[test]
fn siblings_with_an_underscore_belong_to_a_primitive() {
    const NOTE: &str = r#"{"extension":[{"url":"http://u","valueCode":"x"}]}"#;
    let sound = [
        format!(r#""name":[{{"given":[null,"b"],"_given":[{NOTE},null]}}]"#),
        format!(r#""_birthDate":{NOTE}"#),
        r#""birthDate":"2024","_birthDate":{"id":"x"}"#.to_owned(),
        format!(r#""name":[{{"_given":[{NOTE}]}}]"#),
    ];
    for members in sound {
        assert_eq!(of_patient(&members), Vec::<String>::new(), "{members}");
    }
    let broken = [
        (r#""_name":[{"id":"x"}]"#, "Patient.name: only primitives have a sibling with an underscore"),
        (
            r#""_birthDate":{"id":"x"}"#,
            "Patient.birthDate: ele-1: All FHIR elements must have a @value or children",
        ),
        (r#""_birthDate":{}"#, "Patient.birthDate: empty object"),
        (r#""_birthDate":null"#, "Patient.birthDate: null is not allowed"),
        (r#""_birthDate":[{"id":"x"}]"#, "Patient.birthDate: array where one value belongs"),
        (r#""_birthDate":"2024""#, "Patient.birthDate: wrong json type"),
        (r#""birthDate":"2024","_birthDate":{"id":"x","b":1}"#, "Patient.birthDate.b: no element of R4 here"),
        (
            r#""name":[{"given":["a"],"_given":{"id":"x"}}]"#,
            "Patient.name[0].given: one value where an array belongs",
        ),
        (r#""name":[{"given":["a"],"_given":[]}]"#, "Patient.name[0].given: empty array"),
        (
            r#""name":[{"given":["a"],"_given":[null,{"extension":[{"url":"http://u","valueCode":"x"}]}]}]"#,
            "Patient.name[0].given: not as long as its sibling with an underscore",
        ),
        (
            r#""name":[{"given":["a",null],"_given":[null,null]}]"#,
            "Patient.name[0].given[1]: null is not allowed",
        ),
        (r#""name":[{"family":"a","_given":[null]}]"#, "Patient.name[0].given[0]: null is not allowed"),
        (r#""name":[{"given":["a"],"_given":[1]}]"#, "Patient.name[0].given[0]: wrong json type"),
    ];
    for (members, fault) in broken {
        assert_eq!(of_patient(members), [fault], "{members}");
    }
}

#[test]
fn primitives_must_look_like_their_type() {
    let extension = |value: &str| of_patient(&format!(r#""extension":[{{"url":"http://u",{value}}}]"#));
    let good = [
        r#""valueUuid":"urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341""#,
        r#""valueOid":"urn:oid:1.2.3""#,
        r#""valueBase64Binary":"aGk=""#,
        r#""valueInstant":"2024-01-01T10:00:00.1+14:00""#,
        r#""valueDateTime":"2024-01""#,
        r#""valueTime":"10:00:00""#,
        r#""valueDecimal":1e-2"#,
        r#""valueInteger":-2147483648"#,
        r#""valuePositiveInt":1"#,
        r#""valueUnsignedInt":0"#,
        r#""valueString":" a\n""#,
        r#""valueMarkdown":"*a*""#,
        r#""valueCode":"a b""#,
        r#""valueId":"a.b-1""#,
        r#""valueUri":"urn:x""#,
        r#""valueUrl":"http://x""#,
        r#""valueCanonical":"http://x|1#a""#,
        r#""valueBoolean":false"#,
        r#""valueDate":"2024-02-29""#,
    ];
    for value in good {
        assert_eq!(extension(value), Vec::<String>::new(), "{value}");
    }
    let bad = [
        (r#""valueUuid":"urn:uuid:1B671a64-40d5-491e-99b0-da01ff1f3341""#, "Uuid", "uuid"),
        (r#""valueUuid":"1b671a64-40d5-491e-99b0-da01ff1f3341""#, "Uuid", "uuid"),
        (r#""valueOid":"1.2.3""#, "Oid", "oid"),
        (r#""valueOid":"urn:oid:3.2""#, "Oid", "oid"),
        (r#""valueBase64Binary":"aGk""#, "Base64Binary", "base64Binary"),
        (r#""valueInstant":"2024-01-01""#, "Instant", "instant"),
        (r#""valueDateTime":"2024-01-01T10:00""#, "DateTime", "dateTime"),
        (r#""valueDate":"2024-02-30""#, "Date", "date"),
        (r#""valueTime":"24:00:00""#, "Time", "time"),
        (r#""valueInteger":1.5"#, "Integer", "integer"),
        (r#""valueInteger":2147483648"#, "Integer", "integer"),
        (r#""valuePositiveInt":0"#, "PositiveInt", "positiveInt"),
        (r#""valueUnsignedInt":-1"#, "UnsignedInt", "unsignedInt"),
        (r#""valueString":"a\u000b""#, "String", "string"),
        (r#""valueMarkdown":"a\u0000""#, "Markdown", "markdown"),
        (r#""valueCode":" a""#, "Code", "code"),
        (r#""valueId":"a_b""#, "Id", "id"),
        (r#""valueUri":"a b""#, "Uri", "uri"),
        (r#""valueUrl":"a b""#, "Url", "url"),
        (r#""valueCanonical":"a b""#, "Canonical", "canonical"),
    ];
    for (value, choice, name) in bad {
        let fault = format!("Patient.extension[0].value{choice}: not a valid {name}");
        assert_eq!(extension(value), [fault], "{value}");
    }
    assert_eq!(extension(r#""valueDecimal":"1""#), ["Patient.extension[0].valueDecimal: wrong json type"]);
    assert_eq!(of_patient(r#""id":"a b""#), ["Patient.id: not a valid id"]);
}

#[test]
fn required_elements_must_be_there() {
    assert_eq!(
        faults(
            r#"{"resourceType":"Encounter","location":[{"status":"active"}],"_status":{"extension":[{"url":"http://u","valueCode":"x"}]}}"#
        ),
        ["Encounter.location[0].location: missing element", "Encounter.class: missing element"]
    );
    let text = r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"display":"x"}}"#;
    assert_eq!(faults(text), ["MedicationRequest.medication[x]: missing element"]);
    let whole = text.replace("\"subject\"", "\"medicationReference\":{\"display\":\"m\"},\"subject\"");
    assert_eq!(faults(&whole), Vec::<String>::new());
}

#[test]
fn a_choice_has_one_value_of_a_type_that_it_allows() {
    assert_eq!(
        of_patient(
            r#""deceasedBoolean":true,"deceasedDateTime":"2024","extension":[{"url":"http://u","valueString":"a","valueCode":"b"}]"#
        ),
        ["Patient.extension[0].value[x]: more than one value", "Patient.deceased[x]: more than one value"]
    );
    assert_eq!(of_patient(r#""deceasedString":"x""#), ["Patient.deceasedString: no element of R4 here"]);
    assert_eq!(of_patient(r#""deceased":true"#), ["Patient.deceased: no element of R4 here"]);
    let split =
        r#""deceasedBoolean":true,"_deceasedDateTime":{"extension":[{"url":"http://u","valueCode":"x"}]}"#;
    assert_eq!(of_patient(split), ["Patient.deceased[x]: more than one value"]);
    let whole = r#""deceasedBoolean":true,"_deceasedBoolean":{"id":"x"}"#;
    assert_eq!(of_patient(whole), Vec::<String>::new());
}

#[test]
fn a_profile_takes_elements_away() {
    assert_eq!(
        of_observation(r#""referenceRange":[{"low":{"value":1,"comparator":"<"}}]"#),
        ["Observation.referenceRange[0].low.comparator: not allowed here"]
    );
}

#[test]
fn codes_are_of_their_required_binding() {
    assert_eq!(
        of_patient(r#""gender":"zzz","photo":[{"contentType":"png"}]"#),
        [
            "Patient.gender: not a code of the required binding administrative-gender",
            "Patient.photo[0].contentType: not a code of the required binding mimetypes"
        ]
    );
    let condition = |status: &str| {
        faults(&format!(
            r#"{{"resourceType":"Condition","subject":{{"display":"x"}},"clinicalStatus":{status}}}"#
        ))
    };
    let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    for good in [
        format!(r#"{{"coding":[{{"system":"{system}","code":"active"}}]}}"#),
        format!(r#"{{"coding":[{{"code":"x"}},{{"system":"{system}","code":"active"}}]}}"#),
        r#"{"extension":[{"url":"http://u","valueCode":"x"}]}"#.to_owned(),
    ] {
        assert_eq!(condition(&good), Vec::<String>::new(), "{good}");
    }
    for bad in [
        format!(r#"{{"coding":[{{"system":"{system}","code":"zzz"}}]}}"#),
        r#"{"coding":[{"system":"http://x","code":"active"}]}"#.to_owned(),
        r#"{"coding":[{"code":"active"}]}"#.to_owned(),
        r#"{"text":"active"}"#.to_owned(),
    ] {
        assert_eq!(
            condition(&bad),
            ["Condition.clinicalStatus: not a code of the required binding condition-clinical"],
            "{bad}"
        );
    }
}

#[test]
fn options_say_what_is_looked_for() {
    let patient = Resource::parse(
        br#"{"resourceType":"Patient","gender":"m","x":{"y":[null]},"contact":[{"gender":"male"}]}"#,
    )
    .unwrap();
    let with = |options: ValidateOptions| -> Vec<(Severity, String)> {
        let issues = validate_with(&patient, &options);
        issues.into_iter().map(|issue| (issue.severity, issue.code)).collect()
    };
    let codes = |found: &[(Severity, String)]| found.iter().map(|(_, code)| code.clone()).collect::<Vec<_>>();
    let all = ValidateOptions::default();
    assert_eq!(codes(&with(all.clone())), ["code-invalid", "structure", "invariant"]);
    assert_eq!(with(all.clone().with_bindings(Strictness::Warning))[0].0, Severity::Warning);
    let few = all.clone().with_bindings(Strictness::Off).with_invariants(false);
    assert_eq!(codes(&with(few.clone())), ["structure"]);
    let loose = validate_with(&patient, &few.with_unknown_elements(Strictness::Off));
    assert_eq!(shown(&loose), ["Patient.x.y[0]: null is not allowed"]);
    assert_eq!(with(all.with_max_issues(1)).len(), 1);
}

#[test]
fn currencies_and_units_are_of_their_standards() {
    let money = |currency: &str| {
        of_patient(&format!(
            r#""extension":[{{"url":"http://u","valueMoney":{{"value":1,"currency":"{currency}"}}}}]"#
        ))
    };
    assert_eq!(money("EUR"), [""; 0]);
    let fault = "Patient.extension[0].valueMoney.currency: not a code of the required binding currencies";
    assert_eq!(money("ABC"), [fault]);
    let definition = |unit: &str, options: &ValidateOptions| {
        let text = format!(
            r#"{{"resourceType":"ResearchElementDefinition","status":"draft","type":"population","subjectCodeableConcept":{{"text":"x"}},
            "characteristic":[{{"definitionCanonical":"http://a","unitOfMeasure":{{"coding":[{{"system":"http://unitsofmeasure.org","code":"{unit}"}}]}}}}]}}"#
        );
        shown(&validate_with(&Resource::parse(text.as_bytes()).unwrap(), options))
    };
    let (plain, all) = (ValidateOptions::default(), ValidateOptions::default().with_warnings(true));
    let place = "ResearchElementDefinition.characteristic[0].unitOfMeasure";
    assert_eq!(definition("mg/dL", &plain), [""; 0]);
    assert_eq!(
        definition("mg/", &plain),
        [format!("{place}: not a code of the required binding ucum-units")]
    );
    assert_eq!(definition("zorkmid", &plain), [""; 0]);
    let unknown = format!("{place}: not known to be a code of the required binding ucum-units");
    assert!(definition("zorkmid", &all).contains(&unknown));
}

/// `datatypes.html#string`: strings SHOULD always contain non-whitespace content, and no code points below 32.
#[test]
fn strings_that_should_not_be_are_warnings() {
    let members = r#""name":[{"family":"  ","given":["a\u0000","\u00a0","b c"]}],"extension":[{"url":"http://u","valueMarkdown":"\t"}]"#;
    assert_eq!(of_patient(members), [""; 0]);
    let text = format!(r#"{{"resourceType":"Patient",{members}}}"#);
    let all = ValidateOptions::default().with_warnings(true);
    let issues = validate_with(&Resource::parse(text.as_bytes()).unwrap(), &all);
    let issues: Vec<Issue> = issues.into_iter().filter(|issue| issue.code == "value").collect();
    assert_eq!(
        shown(&issues),
        [
            "Patient.name[0].family: a string of white space, or with control characters",
            "Patient.name[0].given[0]: a string of white space, or with control characters",
            "Patient.name[0].given[1]: a string of white space, or with control characters",
            "Patient.extension[0].valueMarkdown: a markdown of white space, or with control characters",
        ]
    );
    assert!(issues.iter().all(|issue| issue.severity == Severity::Warning));
}

/// Not even those that the walk itself decides.
#[test]
fn without_invariants_no_constraint_is_named() {
    let texts = BROKEN.iter().map(|(text, _)| *text).chain([
        r##"{"resourceType":"Patient","managingOrganization":{"reference":"#x"}}"##,
        r#"{"resourceType":"Patient","_birthDate":{"id":"x"}}"#,
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"x","meta":{"versionId":"1"}}]}"#,
    ]);
    let without = ValidateOptions::default().with_invariants(false);
    for text in texts {
        let resource = Resource::parse(text.as_bytes()).unwrap();
        assert_eq!(shown(&validate_with(&resource, &without)), [""; 0], "{text}");
        assert_eq!(validate(&resource)[0].code, "invariant", "{text}");
    }
}

#[test]
fn unknown_elements_may_have_siblings_too() {
    let patient =
        Resource::parse(br#"{"resourceType":"Patient","x":{"y":[null,"a"],"_y":[{"z":[]},null],"w":""}}"#)
            .unwrap();
    let loose = ValidateOptions::default().with_unknown_elements(Strictness::Off);
    assert_eq!(
        shown(&validate_with(&patient, &loose)),
        ["Patient.x._y[0].z: nothing in it", "Patient.x.w: empty string"]
    );
}

#[test]
fn contained_resources_are_there_and_are_used() {
    let text = r##"{"resourceType":"Encounter","status":"planned","class":{"code":"AMB"},
        "contained":[{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"#o"}},
            {"resourceType":"Location","id":"l","extension":[{"url":"http://u","valueReference":{"reference":"#"}}]},
            {"resourceType":"Device"},
            {"resourceType":"Organization","id":"v","name":"x","meta":{"versionId":"1","security":[{"code":"x"}]}}],
        "subject":{"reference":"#p"},"partOf":{"reference":"#x"},"serviceProvider":{"reference":"#v"}}"##;
    assert_eq!(
        faults(text),
        [
            "Encounter.contained[0].managingOrganization.reference: ref-1: contained resource is not there",
            "Encounter.contained[2].id: contained resource without id",
            "Encounter.contained[2]: dom-3: a contained resource that nothing refers to",
            "Encounter.contained[3]: dom-4: a contained resource with a version or a time of update",
            "Encounter.contained[3]: dom-5: a contained resource with a security label",
            "Encounter.partOf.reference: ref-1: contained resource is not there",
        ]
    );
    let nested = r##"{"resourceType":"Patient","contained":[{"resourceType":"Patient","id":"a","contained":[{"resourceType":"Patient","id":"b"}]}],
        "link":[{"other":{"reference":"#a"},"type":"seealso"}]}"##;
    assert_eq!(
        faults(nested),
        ["Patient.contained[0].contained[0]: dom-2: a contained resource contains another"]
    );
}

#[test]
fn references_name_types_that_the_element_allows() {
    let subject = |reference: &str| of_observation(&format!(r#""subject":{{{reference}}}"#));
    for good in [
        r#""reference":"Patient/1""#,
        r#""reference":"http://a/fhir/Group/1/_history/2""#,
        r#""reference":"http://a/anything""#,
        r#""reference":"urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341""#,
        r#""reference":"Patient?identifier=1""#,
        r#""reference":"somewhere""#,
        r#""type":"Patient","display":"x""#,
        r#""type":"http://hl7.org/fhir/StructureDefinition/Patient","reference":"Patient/1""#,
    ] {
        assert_eq!(subject(good), Vec::<String>::new(), "{good}");
    }
    let another = "Observation.subject: refers to another type than Patient, Group, Device, Location";
    for (bad, fault) in [
        (r#""reference":"Practitioner/1""#, another),
        (r#""reference":"http://a/fhir/Practitioner/1""#, another),
        (r#""reference":"Practitioner?identifier=1""#, another),
        (r#""type":"Practitioner","display":"x""#, another),
        (
            r#""reference":"Person2/1""#,
            "Observation.subject.reference: refers to a type that R4 does not have",
        ),
        (
            r#""type":"Group","reference":"Patient/1""#,
            "Observation.subject.type: type is not that of the reference",
        ),
    ] {
        assert_eq!(subject(bad), [fault], "{bad}");
    }
    let contained = r##""contained":[{"resourceType":"Medication","id":"m"}],"subject":{"reference":"#m"}"##;
    assert_eq!(of_observation(contained), [another]);
}

#[test]
fn resources_in_a_bundle_stand_for_themselves() {
    let text = r##"{"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341","resource":{"resourceType":"Patient",
            "contained":[{"resourceType":"Patient","id":"d"}],"link":[{"other":{"reference":"#d"},"type":"seealso"}]}},
        {"fullUrl":"urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3342","resource":{"resourceType":"Encounter","id":"x y","class":{"code":"AMB"},
            "subject":{"reference":"#d"},"partOf":{"reference":"urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341"}}}]}"##;
    assert_eq!(
        faults(text),
        [
            "Bundle.entry[1].resource.id: not a valid id",
            "Bundle.entry[1].resource.subject.reference: ref-1: contained resource is not there",
            "Bundle.entry[1].resource.partOf: refers to another type than Encounter",
            "Bundle.entry[1].resource.status: missing element",
        ]
    );
    let inner = r#"{"resourceType":"Parameters","parameter":[{"name":"a","resource":{"resourceType":"Patient","active":1}},
        {"name":"b","part":[{"name":"c","valueCode":" "}]}]}"#;
    assert_eq!(
        faults(inner),
        [
            "Parameters.parameter[0].resource.active: wrong json type",
            "Parameters.parameter[1].part[0].valueCode: not a valid code"
        ]
    );
}

#[test]
fn extensions_have_an_absolute_url() {
    let fault = "Patient.extension[0].url: url of an extension is not absolute";
    assert_eq!(of_patient(r#""extension":[{"url":"u","valueCode":"x"}]"#), [fault]);
    let nested = r#""extension":[{"url":"http://u","extension":[{"url":"u","valueCode":"x"}]}]"#;
    assert_eq!(of_patient(nested), Vec::<String>::new());
}

/// A resource, and the constraint that it breaks.
const BROKEN: &[(&str, &str)] = &[
    (r#"{"resourceType":"Patient","name":[{"id":"x"}]}"#, "ele-1"),
    (r#"{"resourceType":"Patient","extension":[{"url":"http://u"}]}"#, "ext-1"),
    (
        r#"{"resourceType":"Patient","extension":[{"url":"http://u","valueCode":"x","extension":[{"url":"v","valueCode":"y"}]}]}"#,
        "ext-1",
    ),
    (r#"{"resourceType":"Patient","photo":[{"data":"aGk="}]}"#, "att-1"),
    (r#"{"resourceType":"Patient","telecom":[{"value":"1"}]}"#, "cpt-2"),
    (r#"{"resourceType":"Patient","contact":[{"gender":"male"}]}"#, "pat-1"),
    (r#"{"resourceType":"Patient","identifier":[{"period":{"start":"2024-02","end":"2024-01"}}]}"#, "per-1"),
    (
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>"}}"#,
        "txt-1",
    ),
    (
        r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"> </div>"}}"#,
        "txt-2",
    ),
    (r#"{"resourceType":"Organization","active":true}"#, "org-1"),
    (r#"{"resourceType":"Organization","name":"x","telecom":[{"use":"home"}]}"#, "org-3"),
    (r#"{"resourceType":"Organization","name":"x","address":[{"use":"home"}]}"#, "org-2"),
    (r#"{"resourceType":"Bundle","type":"collection","total":1}"#, "bdl-1"),
    (
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:x:1","resource":{"resourceType":"Patient"},"search":{"mode":"match"}}]}"#,
        "bdl-2",
    ),
    (
        r#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient"}}]}"#,
        "bdl-3",
    ),
    (r#"{"resourceType":"Bundle","type":"collection","entry":[{"response":{"status":"200"}}]}"#, "bdl-4"),
    (r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:x:1"}]}"#, "bdl-5"),
    (
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:x:1","resource":{"resourceType":"Patient"}},{"fullUrl":"urn:x:1","resource":{"resourceType":"Patient"}}]}"#,
        "bdl-7",
    ),
    (
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a/Patient/1/_history/1","resource":{"resourceType":"Patient"}}]}"#,
        "bdl-8",
    ),
    (
        r#"{"resourceType":"Bundle","type":"message","entry":[{"resource":{"resourceType":"Patient"}}]}"#,
        "bdl-12",
    ),
    (
        r#"{"resourceType":"Bundle","type":"document","timestamp":"2024-01-01T00:00:00Z","identifier":{"system":"urn:x","value":"1"},"entry":[{"resource":{"resourceType":"Patient"}}]}"#,
        "bdl-11",
    ),
];

#[test]
fn broken_constraints_are_named() {
    for (text, key) in BROKEN {
        let issues = validate(&Resource::parse(text.as_bytes()).unwrap());
        let found: Vec<String> = shown(&issues);
        assert!(issues.len() == 1 && issues[0].code == "invariant", "{text}: {found:?}");
        assert!(found[0].contains(&format!(": {key}: ")), "{text}: {found:?}");
    }
}

#[test]
fn observations_keep_their_constraints() {
    let keys = |members: &str| -> Vec<String> {
        let found = of_observation(members);
        found.iter().filter_map(|fault| fault.split(": ").nth(1)).map(str::to_owned).collect()
    };
    assert_eq!(keys(r#""valueString":"a","dataAbsentReason":{"text":"x"}"#), ["obs-6"]);
    assert_eq!(keys(r#""referenceRange":[{"appliesTo":[{"text":"x"}]}]"#), ["obs-3"]);
    assert_eq!(keys(r#""valueQuantity":{"value":1,"code":"mg"}"#), ["qty-3"]);
    assert_eq!(keys(r#""valueRatio":{"numerator":{"value":1}}"#), ["rat-1"]);
    assert_eq!(keys(r#""valueRatio":{"extension":[{"url":"http://u","valueCode":"x"}]}"#), [""; 0]);
    let coded = r#"{"coding":[{"system":"http://loinc.org","code":"a"}]}"#;
    let panel = format!(
        r#"{{"resourceType":"Observation","status":"final","code":{coded},"valueString":"x","component":[{{"code":{coded},"valueString":"x"}}]}}"#
    );
    assert_eq!(faults(&panel).len(), 1);
}

#[test]
fn timings_keep_their_constraints() {
    let keys = |repeat: &str| -> Vec<String> {
        let found = faults(&format!(
            r#"{{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{{"display":"x"}},"occurrenceTiming":{{"repeat":{{{repeat}}}}}}}"#
        ));
        found.iter().filter_map(|fault| fault.split(": ").nth(1)).map(str::to_owned).collect()
    };
    let sound = r#""duration":1,"durationUnit":"h","period":0.5,"periodUnit":"d","offset":3,"when":["HS"]"#;
    assert_eq!(keys(sound), [""; 0]);
    for (repeat, key) in [
        (r#""duration":1"#, "tim-1"),
        (r#""period":1"#, "tim-2"),
        (r#""duration":-1,"durationUnit":"h""#, "tim-4"),
        (r#""period":-0.1,"periodUnit":"h""#, "tim-5"),
        (r#""periodMax":1"#, "tim-6"),
        (r#""durationMax":1"#, "tim-7"),
        (r#""countMax":1"#, "tim-8"),
        (r#""offset":1"#, "tim-9"),
        (r#""offset":1,"when":["CM"]"#, "tim-9"),
        (r#""when":["HS"],"timeOfDay":["10:00:00"]"#, "tim-10"),
    ] {
        assert_eq!(keys(repeat), [key], "{repeat}");
    }
}

#[test]
fn faults_repeat_no_value_and_are_not_endless() {
    let text = format!(
        r#"{{"resourceType":"Patient","birthDate":"Secret","Secret Name":null,"gender":"Secret","name":[{}null]}}"#,
        "null,".repeat(500)
    );
    let found = faults(&text);
    assert_eq!(found.len(), 200);
    assert!(!found.join("").contains("Secret"));
}

#[test]
fn depth_does_not_break_it() {
    let mut text = r#"{"resourceType":"Patient","extension":[{"url":"http://u""#.to_owned();
    text += &r#","extension":[{"url":"u""#.repeat(48);
    text += &"}]".repeat(48);
    text += "}]}";
    assert_eq!(faults(&text).len(), 1);
}
