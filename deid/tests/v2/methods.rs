//! Methods that need something from the caller, or change numbers.

use carewire_deid::transform::{StructuredScrubber, ValueCipher};
use carewire_deid::{Entropy, Error, KeyRing, Policy, v2};

use super::{KEYS, keys, org};

#[derive(Debug)]
struct Zeros;

impl Entropy for Zeros {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        bytes.fill(0);
        Ok(())
    }
}

const MESSAGE: &str = "MSH|^~\\&|A|B|||2024||ORU^R01|1|P|2.5\rPID|1||7||Smith||19700101|||||||||||||||||93\r\
    PV1|1|I|||||||||||||||||||||||100.50\rOBX|1|TX|1-8||Call (617) 555-0100\\.br\\or jo@example.org, Hb 13||||||F\r\
    OBX|2|ED|1-8||^TEXT^^Base64^U21pdGg=\rOBX|3|NM|1-8||13.2\rNTE|1||seen 03/05/2024 \\F\\ again\r";

fn policy(rules: &str) -> Policy {
    let head =
        "id = 'own'\nversion = '1'\njurisdiction = 'any'\nsources = []\n[text]\nscrubber = 'structured-1'\n";
    Policy::parse_toml(&format!("{head}{rules}")).unwrap()
}

fn written(policy: &Policy, context: v2::V2Context<'_>) -> String {
    let mut out = Vec::new();
    v2::Deidentifier::new(policy, context).unwrap().write(MESSAGE.as_bytes(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn texts_are_scrubbed_by_the_scrubber_of_the_policy_and_by_no_other() {
    let policy = policy(
        "[[v2]]\npaths = ['OBX-5', 'NTE-3']\nmethod = 'scrub'\n[[v2]]\npath = 'OBX-2'\nmethod = 'keep'\n",
    );
    let (keys, org, scrubber) = (keys(), org(), StructuredScrubber::default());
    let out = written(&policy, v2::V2Context::new(&keys, &org).with_scrubber(&scrubber));
    assert!(out.contains("|TX|||Call [PHONE] or [EMAIL], Hb 13|"), "{out}");
    assert!(out.contains("|NM|||13.2") && out.contains("NTE|||seen [DATE] \\F\\ again"), "{out}");
    assert!(out.contains("OBX||ED|||\r"), "{out}");
    let without = written(&policy, v2::V2Context::new(&keys, &org));
    assert!(!without.contains("Call") && !without.contains("seen") && without.contains("|NM|||13.2"));
    let other = Policy::parse_toml(
        "id = 'own'\nversion = '1'\njurisdiction = 'any'\nsources = []\n[[v2]]\npath = 'NTE-3'\nmethod = 'scrub'\n",
    );
    let out = written(&other.unwrap(), v2::V2Context::new(&keys, &org).with_scrubber(&scrubber));
    assert!(!out.contains("seen"));
}

#[test]
fn values_are_encrypted_for_their_field() {
    let policy = policy("[[v2]]\npath = 'PID-7'\nmethod = 'encrypt'\n");
    let (keys, org) = (keys(), org());
    let cipher = ValueCipher::new(&KeyRing::parse(KEYS).unwrap(), &org);
    let out = written(&policy, v2::V2Context::new(&keys, &org).with_cipher(&cipher, &Zeros));
    let sealed = out.split('\r').nth(1).and_then(|pid| pid.split('|').nth(7)).unwrap();
    assert_eq!(cipher.decrypt("PID-7", sealed).unwrap(), "19700101");
    assert!(cipher.decrypt("PID-29", sealed).is_err() && !out.contains("1970"));
    assert!(!written(&policy, v2::V2Context::new(&keys, &org)).contains("1970"));
}

#[test]
fn numbers_are_made_coarser_or_moved() {
    let policy = policy(
        "[[v2]]\npath = 'PID-25'\nmethod = 'age'\n[[v2]]\npath = 'PV1-26'\nmethod = 'generalise'\nstep = 20\n
         [[v2]]\npath = 'RXA-6'\nmethod = 'perturb'\nspan = 4\n",
    );
    let (keys, org) = (keys(), org());
    let text = "MSH|^~\\&|A|B|||2024||RDE^O11|1|P|2.5\rPID|1||||||||||||||||||||||||93\rPV1|1|||||||||||||||||||||||||+119.5\rRXA|||||a|50.0\r";
    let mut out = Vec::new();
    v2::Deidentifier::new(&policy, v2::V2Context::new(&keys, &org))
        .unwrap()
        .write(text.as_bytes(), &mut out)
        .unwrap();
    let out = String::from_utf8(out).unwrap();
    let field =
        |line: usize, number: usize| out.split('\r').nth(line).unwrap().split('|').nth(number).unwrap();
    assert_eq!((field(1, 25), field(2, 25), field(2, 26)), ("90", "", "100"));
    let moved: f64 = field(3, 6).parse().unwrap();
    assert!((48.0..=52.0).contains(&moved) && field(3, 5).is_empty(), "{out}");
}
