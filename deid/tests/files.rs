//! What holds for every resource of a file, under every policy for files.

#[cfg(test)]
mod support;

use carewire_deid::{Error, Exporter, Policy, Refusal, Treatment, Warning};
use carewire_fhir_core::{Resource, Value, visit_references};
use file::{day, exporter, lines, one, plant, run_key, value};
use proptest::prelude::*;

const POLICIES: [&str; 3] = ["safe-harbor", "limited-data-set", "expert-determination"];

#[cfg(test)]
mod file {
    //! A file of one patient, and what a run makes of it.

    use carewire_deid::{Exporter, Policy, Pseudonymizer};
    use carewire_fhir_core::{Date, Value};

    pub(super) fn run_key(byte: u8) -> Pseudonymizer {
        Pseudonymizer::for_run(&[byte; 32])
    }

    pub(super) fn exporter<'a>(policy: &str, keys: &'a Pseudonymizer) -> Exporter<'a> {
        let as_of = Date::parse("2026-11-22").unwrap();
        Exporter::new(Policy::built_in(policy).unwrap(), keys).unwrap().with_as_of(as_of)
    }

    /// One text under a policy, by the key of run 7.
    pub(super) fn one(policy: &str, text: &str) -> String {
        let (keys, mut out) = (run_key(7), String::new());
        exporter(policy, &keys).write(text.as_bytes(), &mut out).unwrap();
        out
    }

    pub(super) fn value(policy: &str, text: &str) -> Value {
        Value::parse(one(policy, text).as_bytes()).unwrap()
    }

    /// The lines of a file about one patient, in which `phi` stands wherever a person's data would.
    pub(super) fn lines([name, number, note]: [&str; 3]) -> [String; 5] {
        [
            format!(
                r#"{{"resourceType":"Patient","id":"p-1","name":[{{"family":"{name}"}}],"telecom":[{{"value":"{number}"}}],"gender":"male",
                "birthDate":"1970-02-03","address":[{{"city":"{note}","line":["{number}"],"state":"MA","postalCode":"02139"}}],"text":{{"div":"{note}"}}}}"#
            ),
            format!(
                r#"{{"resourceType":"Encounter","id":"e-1","status":"finished","class":{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode",
                "code":"AMB","display":"{note}"}},"subject":{{"reference":"Patient/p-1","display":"{name}"}},
                "period":{{"start":"2024-03-05T08:00:00+05:30","end":"2024-03-07T17:30:00.250+05:30"}},"reasonCode":[{{"coding":[{{"system":"http://snomed.info/sct","code":"38341003"}}],"text":"{note}"}}]}}"#
            ),
            format!(
                r##"{{"resourceType":"Observation","id":"o-1","status":"final","contained":[{{"resourceType":"Specimen","id":"s","note":[{{"text":"{note}"}}],
                "receivedTime":"2024-03-06"}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"718-7","display":"{note}"}}]}},
                "subject":{{"reference":"https://ehr.example/fhir/Patient/p-1/_history/2"}},"encounter":{{"reference":"Encounter/e-1"}},"specimen":{{"reference":"#s"}},
                "effectiveDateTime":"2024-03-06T09:15:00Z","valueQuantity":{{"value":13.20,"unit":"g/dL"}},"note":[{{"text":"{note} {number}","authorString":"{name}"}}]}}"##
            ),
            format!(
                r#"{{"resourceType":"QuestionnaireResponse","id":"q-1","status":"completed","subject":{{"reference":"Patient/p-1"}},"authored":"2024-03-05",
                "item":[{{"linkId":"1","text":"{note}","answer":[{{"valueBoolean":true,"item":[{{"linkId":"1.1","answer":[{{"valueString":"{name}"}}]}}]}}]}}]}}"#
            ),
            format!(
                r#"{{"resourceType":"AuditEvent","id":"a-1","type":{{"system":"http://terminology.hl7.org/CodeSystem/audit-event-type","code":"rest","display":"{note}"}},
                "recorded":"2024-03-07T00:00:00Z","agent":[{{"name":"{name}","altId":"{number}","requestor":true,"network":{{"address":"{number}"}},"who":{{"display":"{name}"}}}}],
                "source":{{"site":"{note}","observer":{{"display":"{name}"}}}},"entity":[{{"what":{{"reference":"Patient/p-1"}},"name":"{name}","description":"{note}"}}]}}"#
            ),
        ]
    }

    /// Days since the epoch of the first ten characters.
    pub(super) fn day(text: &str) -> i64 {
        let number = |range| text.get(range).and_then(|digits: &str| digits.parse::<i64>().ok()).unwrap();
        let (year, month, day) = (number(0..4), number(5..7), number(8..10));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day
    }

    /// Puts a member into the object that is reached by taking `steps` modulo the ways that lead on.
    pub(super) fn plant(value: &mut Value, steps: &[usize], key: &str) {
        let count = value.len();
        let below = match steps {
            [step, rest @ ..] if count > 0 => {
                let at = step % count;
                let items = value.items().get(at).is_some();
                let chosen = if items {
                    value.items_mut().get_mut(at)
                } else {
                    value.members_mut().nth(at).map(|(_, member)| member)
                };
                chosen.filter(|chosen| !chosen.is_empty()).map(|chosen| plant(chosen, rest, key))
            }
            _ => None,
        };
        if below.is_none() && value.members().next().is_some() {
            value.set(key, "ZQCANARYX");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_persons_are_called_changes_nothing(a in ["[A-Z][a-z]{3,9}", "[0-9]{4,9}", "[a-z ]{1,30}"], b in ["[A-Z][a-z]{3,9}", "[0-9]{4,9}", "[a-z ]{1,30}"]) {
        for policy in POLICIES {
            for (one_line, other) in lines([&a[0], &a[1], &a[2]]).iter().zip(lines([&b[0], &b[1], &b[2]])) {
                prop_assert_eq!(one(policy, one_line), one(policy, &other));
            }
        }
    }

    #[test]
    fn an_unknown_field_never_passes(
        steps in proptest::collection::vec(any::<usize>(), 1..9),
        key in "(x|_)?[a-z]{3,8}Q[a-z]{0,5}",
        which in 0..5_usize,
    ) {
        let mut input = Value::parse(lines(["n", "o", "p"])[which].as_bytes()).unwrap();
        plant(&mut input, &steps, &key);
        prop_assume!(input.to_json().contains("ZQCANARYX"));
        for policy in POLICIES {
            let out = one(policy, &input.to_json());
            prop_assert!(!out.contains("ZQCANARYX") && !out.contains(&key));
        }
    }

    #[test]
    fn any_bytes_give_a_resource_or_an_error_that_repeats_none(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in any::<prop::sample::Index>()) {
        let keys = run_key(7);
        let whole = lines(["ZQNAME", "ZQNUMBER", "ZQNOTE"]);
        let part = &whole[cut.index(5)].as_bytes()[..cut.index(whole[cut.index(5)].len())];
        for text in [bytes.as_slice(), part] {
            let mut all = exporter("safe-harbor", &keys);
            let mut out = String::from("before");
            if let Err(error) = all.write(text, &mut out) {
                prop_assert_eq!(&out, "before");
                let said = format!("{error} {error:?}");
                prop_assert!(!said.contains("ZQ"));
                prop_assert_eq!(all.manifest().counts().count(), 0);
            }
        }
    }

    #[test]
    fn the_order_of_lines_changes_no_line(order in Just((0..5).collect::<Vec<usize>>()).prop_shuffle()) {
        let (keys, lines) = (run_key(7), lines(["n", "o", "p"]));
        for policy in POLICIES {
            let mut all = exporter(policy, &keys);
            for at in &order {
                let mut out = String::new();
                all.write(lines[*at].as_bytes(), &mut out).unwrap();
                prop_assert_eq!(out, one(policy, &lines[*at]));
            }
        }
    }

    #[test]
    fn intervals_stay_exact_and_dates_go_back(id in "[a-z0-9]{1,12}", first in 0..400_i64, second in 0..400_i64) {
        let date = |offset: i64| format!("202{}-{:02}-{:02}T08:30:00.125+05:30", 1 + offset % 4, 1 + offset % 12, 1 + offset % 28);
        let sent = [date(first), date(second)];
        let moved = |policy: &str, sent: &str| {
            let text = format!(r#"{{"resourceType":"Condition","subject":{{"reference":"Patient/{id}"}},"onsetDateTime":"{sent}"}}"#);
            value(policy, &text).str("onsetDateTime").map(str::to_owned).unwrap()
        };
        for policy in ["limited-data-set", "expert-determination"] {
            let came = sent.each_ref().map(|sent| moved(policy, sent));
            prop_assert_eq!(day(&came[1]) - day(&came[0]), day(&sent[1]) - day(&sent[0]));
            let back = day(&sent[0]) - day(&came[0]);
            prop_assert!((1..=365).contains(&back), "{} days", back);
            prop_assert_eq!(came[0].get(10..), sent[0].get(10..));
        }
    }
}

#[test]
fn twice_is_once_where_dates_do_not_move() {
    for line in lines(["Smith", "555", "x"]) {
        let once = one("safe-harbor", &line);
        assert_eq!(one("safe-harbor", &once), once);
    }
}

#[test]
fn references_lead_to_the_ids_of_every_file_and_run_of_a_key() {
    for policy in POLICIES {
        let all = lines(["n", "o", "p"]).map(|line| value(policy, &line));
        let address = |of: &Value| format!("{}/{}", of.str("resourceType").unwrap(), of.str("id").unwrap());
        let known: Vec<_> = all.iter().map(address).collect();
        let mut led_to = Vec::new();
        for one in &all {
            visit_references(one, &mut |_, text| led_to.push(text.to_owned()));
        }
        assert_eq!(led_to.len(), 6, "{policy}: {led_to:?}");
        assert!(led_to.iter().all(|text| text == "#c1" || known.contains(text)), "{policy}: {led_to:?}");
        assert!(all.iter().all(|one| !one.to_json().contains("p-1")));
    }
    let (line, other) = (&lines(["n", "o", "p"])[1], run_key(8));
    let mut out = String::new();
    exporter("safe-harbor", &other).write(line.as_bytes(), &mut out).unwrap();
    assert_ne!(Value::parse(out.as_bytes()).unwrap().str("id"), value("safe-harbor", line).str("id"));
}

#[test]
fn addresses_of_a_bundle_lead_to_its_resources() {
    let bundle = r#"{"resourceType":"Bundle","id":"b","type":"transaction","link":[{"relation":"self","url":"https://x/Patient?name=Smith"}],"entry":[
      {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{"resourceType":"Patient","id":"7"},
       "request":{"method":"PUT","url":"Patient?identifier=urn:oid:1.2|MRN7"}},
      {"fullUrl":"https://x/fhir/Encounter/3","resource":{"resourceType":"Encounter","id":"3","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
       "subject":{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"},"partOf":{"reference":"Encounter/3"}},
       "request":{"method":"POST","url":"Encounter","ifNoneExist":"identifier=urn:oid:1.2|V3"},"response":{"status":"201 Created for Smith","location":"Encounter/3/_history/1","etag":"W/\"1\""}},
      {"resource":{"resourceType":"Observation","modifierExtension":[{"url":"ZQ"}]}}]}"#;
    let (keys, mut out) = (run_key(7), String::new());
    let mut all = exporter("limited-data-set", &keys);
    all.write(bundle.as_bytes(), &mut out).unwrap();
    let out = Resource::parse(out.as_bytes()).unwrap();
    let [patient, encounter] = out.value().list("entry") else { panic!("two entries") };
    let text = |of: &Value, path: &str| {
        path.split('.').try_fold(of, |of, name| of.get(name)).and_then(Value::as_str).map(str::to_owned)
    };
    assert_eq!(text(encounter, "resource.subject.reference"), text(patient, "fullUrl"));
    assert_eq!(text(encounter, "resource.partOf.reference"), text(encounter, "fullUrl"));
    assert_eq!(text(encounter, "response.location"), text(encounter, "fullUrl"));
    assert_eq!(text(encounter, "response.status").as_deref(), Some("201"));
    assert!(text(patient, "request.url").unwrap().starts_with("Patient?identifier=urn:carewire:pseudonym|"));
    assert!(
        text(encounter, "request.ifNoneExist").unwrap().starts_with("identifier=urn:carewire:pseudonym|")
    );
    let json = out.to_json();
    assert!(!["MRN7", "Smith", "V3", "https://x", "1111"].iter().any(|gone| json.contains(gone)), "{json}");
    assert_eq!(all.manifest().warnings().collect::<Vec<_>>(), [(Warning::Withheld, 1)]);
    assert_eq!(all.manifest().count("Observation", Treatment::LeftOut), 1);
}

#[test]
fn who_is_90_has_no_date_that_tells_it() {
    let patient = |born: &str| {
        let text = format!(r#"{{"resourceType":"Patient","id":"1","birthDate":"{born}"}}"#);
        value("safe-harbor", &text).str("birthDate").map(str::to_owned)
    };
    assert_eq!(patient("1936-11-23").as_deref(), Some("1936"), "89 on the day");
    for born in ["1936-11-22", "1936-11", "1936", "1931-02-03", "0001-01-01", "9999-99-99", "Smith"] {
        assert_eq!(patient(born), None, "{born}");
    }
    let age = |value: &str, unit: &str| {
        let text = format!(
            r#"{{"resourceType":"Condition","subject":{{"reference":"Patient/1"}},"onsetAge":{{"value":{value},"unit":"{unit}","system":"http://unitsofmeasure.org","code":"{unit}"}}}}"#
        );
        file::value("safe-harbor", &text).get("onsetAge").map(Value::to_json).unwrap()
    };
    let oldest =
        r#"{"value":90,"comparator":">=","unit":"a","system":"http://unitsofmeasure.org","code":"a"}"#;
    for (value, unit) in [("90", "a"), ("93.5", "a"), ("1100", "mo"), ("33000", "d")] {
        assert_eq!(age(value, unit), oldest);
    }
    assert!(
        age("89", "a").starts_with(r#"{"value":89,"#) && age("1000", "mo").starts_with(r#"{"value":1000,"#)
    );
}

#[test]
fn places_are_told_as_the_policy_says() {
    let address = |policy: &str, code: &str| {
        let text = format!(
            r#"{{"resourceType":"Patient","id":"1","address":[{{"city":"Boston","state":"MA","postalCode":"{code}","text":"Boston {code}"}}]}}"#
        );
        value(policy, &text).list("address")[0].to_json()
    };
    assert_eq!(address("safe-harbor", "02139-4307"), r#"{"state":"MA","postalCode":"021"}"#);
    assert_eq!(address("safe-harbor", "03601"), r#"{"state":"MA","postalCode":"000"}"#);
    assert_eq!(address("safe-harbor", "SW1A 1AA"), r#"{"state":"MA"}"#);
    assert_eq!(address("limited-data-set", "02139"), r#"{"state":"MA","postalCode":"02139"}"#);
}

#[test]
fn safe_harbor_wants_a_key_of_the_run_and_a_day() {
    let refused = |error: Error| {
        matches!(error, Error::Refused { reason: Refusal::KeyOutlivesRun | Refusal::NoDay, .. })
    };
    let (org, run) = (support::keys(1), run_key(7));
    let policy = Policy::built_in("safe-harbor").unwrap();
    assert!(refused(Exporter::new(policy, &org).unwrap_err()));
    let mut out = String::new();
    assert!(refused(
        Exporter::new(policy, &run).unwrap().write(br#"{"resourceType":"Patient"}"#, &mut out).unwrap_err()
    ));
    assert!(Exporter::new(Policy::built_in("limited-data-set").unwrap(), &org).is_ok());
}

#[test]
fn a_date_without_a_patient_goes_and_is_told() {
    let (keys, mut out) = (run_key(7), String::new());
    let mut all = exporter("limited-data-set", &keys);
    all.write(br#"{"resourceType":"Device","id":"1","expirationDate":"2024-03-05"}"#, &mut out).unwrap();
    assert!(!out.contains("2024") && !out.contains("2023"));
    assert_eq!(all.manifest().warnings().collect::<Vec<_>>(), [(Warning::NoPatient, 1)]);
    assert!(
        all.write(br#"{"resourceType":"Binary","data":"aGVsbG8="}"#, &mut out).is_ok_and(|written| !written)
    );
    assert_eq!(all.manifest().count("Binary", Treatment::LeftOut), 1);
}

#[test]
fn answers_in_answers_follow_the_rules_of_answers() {
    let out = one("safe-harbor", &lines(["ZQNAME", "5", "n"])[3]);
    assert_eq!(out.matches("\"linkId\":\"").count(), 2);
    assert!(!out.contains("ZQNAME") && out.contains(r#""valueBoolean":true"#));
}

#[test]
fn a_patient_moves_with_what_refers_to_his_entry() {
    let bundle = r#"{"resourceType":"Bundle","type":"collection","entry":[
      {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{"resourceType":"Patient",ID"deceasedDateTime":"2024-03-10"}},
      {"resource":{"resourceType":"Condition","subject":{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"},"recordedDate":"2024-03-05"}}]}"#;
    for id in ["", r#""id":"7","#] {
        let out = value("limited-data-set", &bundle.replace("ID", id));
        let at = |index: usize, name: &str| {
            let entry = &out.list("entry")[index];
            day(entry.get("resource").and_then(|resource| resource.str(name)).unwrap())
        };
        assert_eq!(at(0, "deceasedDateTime") - at(1, "recordedDate"), 5, "{id}");
    }
}

#[test]
fn a_request_by_an_identifier_that_goes_is_a_creation() {
    let bundle = |method: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"transaction","entry":[{{"resource":{{"resourceType":"Patient","gender":"female"}},
            "request":{{"method":"{method}","url":"Patient?identifier=urn:oid:1.2|MRN7","ifNoneExist":"identifier=urn:oid:1.2|MRN7"}}}}]}}"#
        )
    };
    let request = |policy: &str, method: &str| {
        let out = value(policy, &bundle(method));
        out.list("entry").first().and_then(|entry| entry.get("request")).map(|request| {
            let text = |name: &str| request.str(name).unwrap_or_default().to_owned();
            [text("method"), text("url"), text("ifNoneExist")]
        })
    };
    let creation = ["POST", "Patient", ""].map(str::to_owned);
    assert_eq!(request("safe-harbor", "PUT"), Some(creation));
    assert_eq!(request("safe-harbor", "DELETE"), None);
    let [method, url, _] = request("limited-data-set", "PUT").unwrap();
    assert!(method == "PUT" && url.starts_with("Patient?identifier=urn:carewire:pseudonym|"), "{url}");
}

#[test]
fn an_absent_list_is_said_to_be_withheld_as_a_list() {
    let line = r#"{"resourceType":"CoverageEligibilityRequest","status":"ZQ","created":"ZQ","purpose":["ZQ"],"patient":{"display":"ZQ"},"insurer":{"display":"ZQ"}}"#;
    let masked = r#"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]}"#;
    let once = one("safe-harbor", line);
    assert!(once.contains(&format!(r#""_purpose":[{masked}]"#)), "{once}");
    assert!(once.contains(&format!(r#""_status":{masked}"#)), "{once}");
    assert!(support::lacking(&Value::parse(once.as_bytes()).unwrap()).is_empty(), "{once}");
    assert_eq!(one("safe-harbor", &once), once);
}

#[test]
fn an_error_repeats_no_name_of_a_member() {
    let (keys, mut out) = (run_key(7), String::new());
    let text = br#"{"resourceType":"Patient","contact":[{"ZQChalmers":{"_ZQFord":["ZQ", x]}}]}"#;
    let error = exporter("safe-harbor", &keys).write(text, &mut out).unwrap_err();
    let said = format!("{error} {error:?}");
    assert!(said.contains("$.contact[0].?.?[1]") && !said.contains("ZQ"), "{said}");
}
