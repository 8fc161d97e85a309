//! Who knows every number that there can be, and not the key, finds none of them in what came out.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may panic")]

use std::collections::HashSet;

use carewire_canary::Rng;
use carewire_deid::{Exporter, KeyRing, Policy, Pseudonymizer};
use carewire_fhir_core::{Date, OrgId};
use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The purpose of the release.
const PURPOSE: &str = "export";

fn ring(secret: &str) -> KeyRing {
    let text = format!(
        r#"{{"keys":[{{"id":"1","use":"encrypt","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","status":"active","created":"2026-11-01"}},
        {{"id":"1","use":"pseudonym","key":"{secret}","status":"active","created":"2026-11-01"}}]}}"#
    );
    KeyRing::parse(&text).unwrap()
}

const KEY: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8";
const OTHER_KEY: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9PkA";

fn keys(secret: &str, org: &str, purpose: &str) -> Pseudonymizer {
    Pseudonymizer::new(&ring(secret), &OrgId::new(org).unwrap(), purpose)
}

/// Record numbers, CPFs and social security numbers, each out of the range that is tried.
fn numbers() -> Vec<String> {
    let mut rng = Rng::new(7);
    (0..50)
        .flat_map(|_| {
            let mrn = format!("{:06}", rng.below(1_000_000));
            let cpf = cpf(rng.below(100_000));
            let ssn = format!("123-{:02}-{:04}", rng.below(100), rng.below(1_000));
            [mrn, cpf, ssn]
        })
        .collect()
}

/// The CPF of a body of nine digits, with its check digits.
fn cpf(body: u64) -> String {
    let mut digits: Vec<u64> = format!("{body:09}").bytes().map(|byte| u64::from(byte - b'0')).collect();
    for _ in 0..2 {
        let weights = (2..).take(digits.len());
        let sum: u64 = digits.iter().rev().zip(weights).map(|(digit, weight)| digit * weight).sum();
        digits.push((sum * 10 % 11) % 10);
    }
    digits.iter().map(u64::to_string).collect()
}

const SYSTEM: &str = "urn:oid:1.2.3";

/// A release of patients under these numbers, as its words.
fn release(keys: &Pseudonymizer) -> HashSet<String> {
    let policy = Policy::built_in("limited-data-set").unwrap();
    let mut exporter = Exporter::new(policy, keys).unwrap().with_as_of(Date::parse("2026-11-22").unwrap());
    let mut out = String::new();
    for number in numbers() {
        let line = format!(
            r#"{{"resourceType":"Patient","id":"{number}","identifier":[{{"system":"{SYSTEM}","value":"{number}"}}],"birthDate":"1970-02-03"}}"#
        );
        assert!(exporter.write(line.as_bytes(), &mut out).unwrap());
    }
    let words = out.split(|letter: char| !(letter.is_ascii_alphanumeric() || "-_+/=".contains(letter)));
    words.filter(|word| word.len() >= 8).map(str::to_owned).collect()
}

/// Every candidate of a dictionary: a million record numbers, and smaller ranges of numbers that are longer.
fn candidates() -> impl Iterator<Item = String> {
    let mrns = (0..1_000_000_u32).map(|number| format!("{number:06}"));
    let cpfs = (0..100_000).map(cpf);
    let ssns = (0..100_000_u32).map(|number| format!("123-{:02}-{:04}", number / 1_000, number % 1_000));
    mrns.chain(cpfs).chain(ssns)
}

/// The beginnings of a digest in the alphabets that digests are written in, as long as the words of the release are.
fn written(digest: &[u8], lengths: &HashSet<usize>) -> Vec<String> {
    let whole = [
        HEXLOWER.encode(digest),
        BASE64.encode(digest),
        BASE64URL_NOPAD.encode(digest),
        BASE32_NOPAD.encode(digest).to_lowercase(),
    ];
    let mut all: Vec<String> = Vec::new();
    for text in &whole {
        all.extend(lengths.iter().filter_map(|length| text.get(..*length).map(str::to_owned)));
    }
    all.extend(whole);
    all
}

/// How many candidates are found in a release by a function of them, of which every `step`th is tried.
fn hits(words: &HashSet<String>, guess: impl Fn(&str) -> Vec<String>, step: usize) -> usize {
    candidates().step_by(step).filter(|one| guess(one).iter().any(|text| words.contains(text))).count()
}

/// Of the candidates that are right: a function finds one or not, whatever is tried before.
fn hits_of_right_ones(words: &HashSet<String>, guess: impl Fn(&str) -> Vec<String>) -> usize {
    numbers().iter().filter(|one| guess(one).iter().any(|text| words.contains(text))).count()
}

fn surrogates(keys: &Pseudonymizer, number: &str) -> Vec<String> {
    vec![
        keys.pseudonym("identifier", &[SYSTEM.as_bytes(), number.as_bytes()]),
        keys.pseudonym("id", &[b"Patient", number.as_bytes()]),
    ]
}

/// What people hash: the number alone, and with what stands beside it.
fn plain(number: &str) -> [String; 6] {
    [
        number.to_owned(),
        number.replace('-', ""),
        format!("{SYSTEM}{number}"),
        format!("{SYSTEM}|{number}"),
        format!("Patient/{number}"),
        format!("{number}1970-02-03"),
    ]
}

/// Plain hashes of what people hash.
fn hashed(number: &str, lengths: &HashSet<usize>) -> Vec<String> {
    let digests = plain(number).into_iter().flat_map(|text| {
        [Sha256::digest(&text).to_vec(), Sha1::digest(&text).to_vec(), md5(text.as_bytes()).to_vec()]
    });
    digests.flat_map(|digest| written(&digest, lengths)).collect()
}

/// HMAC with keys that somebody might have chosen.
fn under_weak_keys(number: &str, lengths: &HashSet<usize>) -> Vec<String> {
    let keys = ["", "secret", "Test", "123", "org_a", PURPOSE, "carewire"];
    let digests = keys.into_iter().map(|key| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(number.as_bytes());
        mac.finalize().into_bytes().to_vec()
    });
    digests.flat_map(|digest| written(&digest, lengths)).collect()
}

/// RFC 1321. No crate for it is in the tree, and none should be.
fn md5(message: &[u8]) -> [u8; 16] {
    const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    let mut bytes = message.to_vec();
    bytes.push(0x80);
    bytes.resize(bytes.len().next_multiple_of(64) + if bytes.len() % 64 > 56 { 64 } else { 0 } - 8, 0);
    bytes.extend((message.len() as u64 * 8).to_le_bytes());
    for block in bytes.chunks_exact(64) {
        let words: Vec<u32> =
            block.chunks_exact(4).map(|part| u32::from_le_bytes(part.try_into().unwrap())).collect();
        let [mut a, mut b, mut c, mut d] = state;
        for at in 0..64_usize {
            let (mixed, word) = match at / 16 {
                0 => ((b & c) | (!b & d), at),
                1 => ((d & b) | (!d & c), (5 * at + 1) % 16),
                2 => (b ^ c ^ d, (3 * at + 5) % 16),
                _ => (c ^ (b | !d), (7 * at) % 16),
            };
            let sine = (f64::from(u32::try_from(at).unwrap() + 1).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a.wrapping_add(mixed).wrapping_add(sine).wrapping_add(words[word]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(TURNS[at / 16][at % 4]));
        }
        for (one, more) in state.iter_mut().zip([a, b, c, d]) {
            *one = one.wrapping_add(more);
        }
    }
    let mut digest = [0; 16];
    for (part, word) in digest.chunks_exact_mut(4).zip(state) {
        part.copy_from_slice(&word.to_le_bytes());
    }
    digest
}

/// The lengths of the words of a release.
fn lengths(words: &HashSet<String>) -> HashSet<usize> {
    words.iter().map(String::len).collect()
}

#[test]
fn no_plain_hash_of_any_number_is_in_a_release() {
    let words = release(&keys(KEY, "org_a", PURPOSE));
    let lengths = lengths(&words);
    assert_eq!(hits_of_right_ones(&words, |one| hashed(one, &lengths)), 0);
    assert_eq!(hits_of_right_ones(&words, |one| under_weak_keys(one, &lengths)), 0);
    assert_eq!(hits(&words, |one| hashed(one, &lengths), 997), 0);
}

#[test]
fn a_release_of_plain_hashes_would_be_read() {
    let lengths = HashSet::from([20, 40]);
    for bare in [
        numbers().iter().map(|one| HEXLOWER.encode(&Sha256::digest(one))).collect::<HashSet<_>>(),
        numbers().iter().map(|one| BASE64.encode(&Sha1::digest(one))[..20].to_owned()).collect(),
        numbers().iter().map(|one| HEXLOWER.encode(&md5(one.as_bytes()))).collect(),
    ] {
        assert_eq!(hits_of_right_ones(&bare, |one| hashed(one, &lengths)), numbers().len());
    }
    assert_eq!(HEXLOWER.encode(&md5(b"")), "d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(HEXLOWER.encode(&md5(&[b'a'; 119])), "8a7bd0732ed6a28ce75f6dabc90e1613");
}

/// The numbers of the release are among the candidates, so the right key finds every one; any other finds none.
#[test]
fn the_key_the_org_and_the_purpose_find_every_number_and_others_none() {
    let words = release(&keys(KEY, "org_a", PURPOSE));
    let with = |keys: &Pseudonymizer| hits_of_right_ones(&words, |one| surrogates(keys, one));
    assert_eq!(with(&keys(KEY, "org_a", PURPOSE)), numbers().len());
    for (key, org, purpose) in [
        (OTHER_KEY, "org_a", PURPOSE),
        (KEY, "org_b", PURPOSE),
        (KEY, "org_a", "live"),
        (KEY, "org_a", "Export"),
        (KEY, "org_", "aexport"),
    ] {
        assert_eq!(with(&keys(key, org, purpose)), 0, "{org} {purpose}");
    }
    assert_eq!(with(&Pseudonymizer::for_run(&[0; 32])), 0);
}

/// The whole dictionary: 1,200,000 numbers under the key of another org.
#[test]
#[ignore = "a minute without optimisation: `cargo test --release -p carewire-deid --test dictionary -- --ignored`"]
fn no_number_of_a_whole_dictionary_is_found_with_the_key_of_another_org() {
    let words = release(&keys(KEY, "org_a", PURPOSE));
    let (own, other) = (keys(KEY, "org_a", PURPOSE), keys(KEY, "org_b", PURPOSE));
    let lengths = lengths(&words);
    assert_eq!(hits(&words, |one| surrogates(&other, one), 1), 0);
    assert_eq!(hits(&words, |one| hashed(one, &lengths), 1), 0);
    let distinct: HashSet<_> = numbers().into_iter().collect();
    assert_eq!(hits(&words, |one| surrogates(&own, one), 1), distinct.len());
}

#[test]
fn another_key_changes_every_surrogate() {
    let [one, other] = [KEY, OTHER_KEY].map(|key| release(&keys(key, "org_a", PURPOSE)));
    let surrogates = |words: &HashSet<String>| {
        words.iter().filter(|word| word.len() == 40).cloned().collect::<HashSet<_>>()
    };
    assert_eq!(surrogates(&one).len(), surrogates(&other).len());
    assert!(surrogates(&one).len() >= 200 && surrogates(&one).is_disjoint(&surrogates(&other)));
}

#[test]
fn a_key_of_less_than_256_bits_is_refused() {
    for bytes in [0, 1, 8, 15, 16, 24, 31, 33] {
        let text = format!(
            r#"{{"keys":[{{"id":"1","use":"encrypt","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","status":"active","created":"2026-11-01"}},
            {{"id":"1","use":"pseudonym","key":"{}","status":"active","created":"2026-11-01"}}]}}"#,
            BASE64URL_NOPAD.encode(&vec![7; bytes])
        );
        assert!(KeyRing::parse(&text).is_err(), "{bytes} bytes");
    }
}

/// A surrogate has 160 bits of the MAC, a rewritten UUID 90: by the birthday bound two of 10^7 are the same once in 10^34 and
/// once in 10^13 releases.
#[test]
fn enough_of_the_mac_is_kept() {
    let chance = |bits: i32| 1e7_f64.powi(2) / 2.0 / 2_f64.powi(bits);
    assert!(chance(160) < 1e-34 && chance(128) < 1e-24 && chance(90) < 1e-13);
    let keys = keys(KEY, "org_a", PURPOSE);
    let one = keys.pseudonym("id", &[b"7"]);
    // 40 letters of five bits: 160 of the surrogate, 40 by which it is known again.
    assert_eq!(one.len() * 5, 200);
    let many: HashSet<_> =
        (0..20_000_u32).map(|at| keys.pseudonym("id", &[&at.to_be_bytes()])[..10].to_owned()).collect();
    assert_eq!(many.len(), 20_000, "50 bits of 20,000 surrogates are different already");
}
