//! (12) Any bytes give a result or a typed error, in time that grows with their number; an error repeats nothing of them.

use carewire_deid::v2::{Deidentifier, V2Context};
use carewire_deid::{Exporter, Policy, Pseudonymizer};
use carewire_fhir_core::{Limits, OrgId};
use proptest::prelude::*;

use crate::generate::Generator;
use crate::node::SOUGHT;
use crate::run::{bounds, day, exporter, keys};

/// Both notations under every policy: nothing is written where there is an error, and the error holds no word of a person.
fn hold(bytes: &[u8]) -> Result<(), TestCaseError> {
    let (keys, org) = (keys(), OrgId::new("clinic").unwrap());
    for policy in Policy::built_in_names() {
        let mut out = String::from("before");
        if let Err(error) = exporter(policy, &keys).write(bytes, &mut out) {
            prop_assert_eq!(&out, "before");
            says_nothing(&format!("{error} {error:?}"))?;
        }
        let context = V2Context::new(&keys, &org).with_as_of(day());
        let mut out = b"before".to_vec();
        let mut messages = Deidentifier::new(Policy::built_in(policy).unwrap(), context).unwrap();
        if let Err(error) = messages.write(bytes, &mut out) {
            prop_assert_eq!(&out[..], b"before");
            says_nothing(&format!("{error} {error:?}"))?;
        }
    }
    Ok(())
}

fn says_nothing(said: &str) -> Result<(), TestCaseError> {
    let found = SOUGHT.search("an error", said.as_bytes());
    prop_assert!(found.is_empty(), "{found:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_result_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        hold(&bytes)?;
    }

    /// A resource that is cut off, has a byte too many, or another one.
    #[test]
    fn a_broken_resource_is_refused_without_a_word(seed: u64, at: prop::sample::Index, byte: u8, way in 0..3) {
        let text = Generator::new(seed, bounds("safe-harbor")).any_resource().json(0);
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        match way {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, byte),
            _ => bytes[at] = byte,
        }
        hold(&bytes)?;
    }
}

/// No test looks at a clock: inputs are so large that work for each pair of their parts would never end.
#[test]
fn hostile_inputs_take_time_by_their_length() {
    const MANY: usize = 60_000;
    let wrapped = |inner: String| format!(r#"{{"resourceType":"Observation","status":"final",{inner}}}"#);
    let many = |one: &dyn Fn(usize) -> String| (0..MANY).map(one).collect::<Vec<_>>().join(",");
    let inputs = [
        wrapped(format!(r#""note":[{}]"#, many(&|at| format!(r#"{{"text":"{at}"}}"#)))),
        wrapped(format!(r#""component":[{}]"#, many(&|_| r#"{"code":{"text":"x"},"_x":1}"#.into()))),
        wrapped(many(&|at| format!(r#""x{at}":1"#))),
        wrapped(format!(
            r#""identifier":[{}]"#,
            many(&|at| format!(r#"{{"system":"urn:x","value":"{at}"}}"#))
        )),
        wrapped(format!(
            r#""performer":[{}]"#,
            many(&|at| format!(r#"{{"reference":"Practitioner/{at}"}}"#))
        )),
        wrapped(format!(r#""valueString":"{}""#, "\\u0041".repeat(MANY))),
        wrapped(format!(r#""extension":[{}]"#, many(&|_| r#"{"url":"urn:x"}"#.into()))),
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#,
            many(&|at| format!(r#"{{"fullUrl":"urn:uuid:{at}"}}"#))
        ),
        format!("{}{}", "[".repeat(MANY), "]".repeat(MANY)),
        format!("MSH|^~\\&|A|B|||2024||ORU^R01|1|P|2.5\r{}", "OBX|1|CE|1^2^L||a^b^c~d^e^f\r".repeat(MANY)),
        format!("MSH|^~\\&|A|B|||2024||ORU^R01|1|P|2.5\rPID|1||{}", "7^^^GEN^MR~".repeat(MANY)),
        format!("MSH|^~\\&|A|B|||2024||ORU^R01|1|P|2.5\rPID|{}", "|".repeat(MANY)),
        "MSH|^~\\&|A|B|||2024||ORU^R01|1|P|2.5\rPID|1\r".repeat(MANY / 10),
    ];
    let (keys, org) = (Pseudonymizer::for_run(&[7; 32]), OrgId::new("clinic").unwrap());
    let policy = Policy::built_in("safe-harbor").unwrap();
    for input in inputs {
        let mut out = String::new();
        let mut exporter =
            Exporter::new(policy, &keys).unwrap().with_as_of(day()).with_limits(Limits::default());
        let _ = exporter.write(input.as_bytes(), &mut out);
        assert!(out.len() <= 20 * input.len());
        let mut messages = Deidentifier::new(policy, V2Context::new(&keys, &org).with_as_of(day())).unwrap();
        let _ = messages.write(input.as_bytes(), &mut Vec::new());
    }
}
