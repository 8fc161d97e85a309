//! `carewire deid k-anonymity`: persons, not resources or messages.

use serde_json::Value;

use crate::support::{Place, Ran};

/// How many persons were counted, and how many are in the smallest cell.
fn measured(ran: &Ran) -> (Option<u64>, Option<u64>) {
    let report = ran.lines().into_iter().next().unwrap_or_default();
    assert_eq!(report.get("counted").and_then(Value::as_str), Some("persons"));
    let number = |name| report.get(name).and_then(Value::as_u64);
    (number("records"), number("smallest"))
}

fn patient(id: &str, born: &str) -> String {
    format!(
        "{{\"resourceType\":\"Patient\",\"id\":\"{id}\",\"birthDate\":\"{born}\",\"gender\":\"female\"}}\n"
    )
}

fn condition(id: &str, of: &str, code: &str) -> String {
    format!(
        "{{\"resourceType\":\"Condition\",\"id\":\"{id}\",\"subject\":{{\"reference\":\"{of}\"}},\
         \"code\":{{\"coding\":[{{\"code\":\"{code}\"}}]}}}}\n"
    )
}

#[test]
fn what_several_files_say_of_a_person_is_one_record() {
    let place = Place::new();
    place.write(
        "release/Patient.ndjson",
        patient("a", "1970") + &patient("b", "1970") + &patient("b", "1970"),
    );
    place.write(
        "release/Condition.ndjson",
        condition("1", "Patient/a", "CANARYTEXT") + &condition("2", "https://x.example/Patient/b", "GOUT"),
    );
    let run = |more: &[&str]| place.run(&[&["deid", "k-anonymity", "release"], more].concat());
    let of_patients = ["--by", "Patient.birthDate,Patient.gender"];
    assert_eq!(measured(&run(&[&of_patients[..], &["--k", "2"]].concat()).is(0)), (Some(2), Some(2)));
    run(&[&of_patients[..], &["--k", "3"]].concat()).is(1);
    let joined = [&of_patients[..], &["--by", "Condition.code.coding.code", "--k", "2"]].concat();
    let ran = run(&joined).is(1);
    assert_eq!(measured(&ran), (Some(2), Some(1)));
    assert!(!ran.out.contains("CANARY") && !ran.out.contains("1970"), "{}", ran.out);
    assert!(run(&[&joined[..], &["--values"]].concat()).is(1).out.contains("CANARYTEXT"));
    let diverse = |l| {
        run(&[&of_patients[..], &["--k", "2", "--sensitive", "Condition.code.coding.code", "--l", l]]
            .concat())
    };
    diverse("2").is(0);
    assert_eq!(diverse("3").is(1).lines()[0]["diversity"]["least"], 2);

    // Whose a resource is must be known; who has no id is somebody by himself.
    place
        .write("release/more.ndjson", condition("3", "urn:x", "GOUT") + "{\"resourceType\":\"Condition\"}\n");
    run(&joined).is(1).says(&["more.ndjson: 2 resources do not say whom they are about"]);
    let nobody = patient("a", "1970").replace("\"id\":\"a\",", "");
    place.write("release/more.ndjson", nobody.repeat(2));
    let ran = run(&[&of_patients[..], &["--k", "4"]].concat()).is(0).says(&["2 persons have no id"]);
    assert_eq!(ran.lines()[0]["nameless"], 2);
}

fn message(control: &str, identifiers: &str, born: &str, more: &str) -> String {
    format!(
        "MSH|^~\\&|A|B|||20260301||ADT^A08|{control}|P|2.5.1\rPID|1||{identifiers}||||{born}|F|||^^X^^021\r{more}"
    )
}

#[test]
fn messages_of_one_person_are_one_record() {
    let place = Place::new();
    let one = message("1", "CANARYMRN^^^A", "1970", "DG1|1||E11^x^I10\r");
    let again = message("2", "9^^^B~CANARYMRN^^^A", "1970", "DG1|1||I10\rDG1|2||E11\r");
    let other = message("3", "7^^^A", "1970", "");
    let batch = format!("FHS|^~\\&\rBHS|^~\\&\r{other}BTS|1\rFTS|1\r");
    place.write("release/1.hl7", format!("{one}{again}")).write("release/2.hl7", batch);
    let run = |more: &[&str]| place.run(&[&["deid", "k-anonymity", "release"], more].concat());
    assert_eq!(
        measured(&run(&["--by", "PID-7", "--by", "PID-8,PID-11.5", "--k", "2"]).is(0)),
        (Some(2), Some(2))
    );
    let ran = run(&["--by", "PID-7", "--by", "DG1-3.1", "--k", "2", "--values"]).is(1);
    assert_eq!(measured(&ran), (Some(2), Some(1)));
    assert!(ran.out.contains("E11") && ran.out.contains("I10") && !ran.out.contains("CANARY"), "{}", ran.out);
    run(&["--by", "PID-7", "--k", "2", "--sensitive", "DG1-3.1", "--l", "2"]).is(0);

    for (by, said) in [
        (&["--by", "PID-7,Patient.gender"][..], "different releases"),
        (&["--by", "PID-99"], "no field"),
        (&["--by", "PID-7,PID-7"], "twice"),
        (&["--by", "PID-7.x"], "PID-7.x"),
        (&["--by", "PID-7", "--sensitive", "Patient.gender", "--l", "2"], "--sensitive"),
    ] {
        run(&[by, &["--k", "2"]].concat()).is(2).says(&[said]);
    }
    place.write("release/3.hl7", message("4", "", "1970", ""));
    run(&["--by", "PID-7", "--k", "1"]).is(1).says(&["3.hl7: 1 messages do not say whom they are about"]);
    place.write("release/3.hl7", "CANARYTEXT");
    run(&["--by", "PID-7", "--k", "1"]).is(1).says(&["3.hl7 message 1: not counted"]);
}
