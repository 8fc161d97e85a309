//! Resources and Bundles.

use std::collections::{BTreeMap, BTreeSet};

use carewire_canary::encodings;
use carewire_deid::{Method, Policy, Treatment};
use carewire_fhir_core::{Kind, Resource, Severity, ValidateOptions, Value, element, validate_with};
use proptest::prelude::*;

use crate::generate::{Bounds, Dates, Generator, TYPES};
use crate::node::{Node, SOUGHT};
use crate::run::{Done, SECRET, bounds, exported, exporter, keys, synced, without_dates, without_surrogates};

/// Inputs of a case: a resource, and a Bundle.
fn inputs(seed: u64, bounds: Bounds) -> [Node; 2] {
    let mut generator = Generator::new(seed, bounds);
    [generator.any_resource(), generator.bundle()]
}

/// What every way in makes of an input.
fn all_ways(policy: &'static str, text: &str) -> Vec<Done> {
    let is_bundle = text.starts_with(r#"{"resourceType":"Bundle""#);
    let live = is_bundle.then(|| synced(policy, text)).flatten();
    [exported(policy, text)].into_iter().chain(live).collect()
}

fn found(bytes: &str) -> Vec<String> {
    SOUGHT.search("", bytes.as_bytes()).iter().map(ToString::to_string).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() })]

    /// (1) No token of a person comes out in any encoding: not in data, manifest, `Debug` or errors.
    #[test]
    fn no_token_of_a_person_comes_out_in_any_encoding(seed: u64) {
        for policy in Policy::built_in_names() {
            for input in inputs(seed, bounds(policy)) {
                for done in all_ways(policy, &input.json(0)) {
                    prop_assert_eq!(found(&done.out), Vec::<String>::new(), "{}: {}", policy, input.json(0));
                    prop_assert_eq!(found(&done.said), Vec::<String>::new(), "{}", policy);
                }
            }
        }
    }

    /// (2) What the policy keeps of codes, numbers and truths is the same, byte for byte, and all of it is there.
    #[test]
    fn survivors_are_the_same_byte_for_byte(seed: u64) {
        for policy in ["safe-harbor", "limited-data-set", "expert-determination", "pseudonymous"] {
            let input = Generator::new(seed, Bounds { strange: false, ..bounds(policy) }).any_resource().json(0);
            let done = exported(policy, &input);
            let (input, kept) = (Value::parse(input.as_bytes()).unwrap(), kept(policy, input.as_bytes()));
            let Ok(out) = Value::parse(done.out.as_bytes()) else { continue };
            for path in kept {
                let (sent, came) = (survivors(&input, path), survivors(&out, path));
                prop_assert_eq!(sent, came, "{}: {}", policy, path);
            }
        }
    }

    /// (3) What has passed once passes again unchanged. Dates that move move again, and go where a second pass finds nobody
    /// with whom they could; no surrogate gets another.
    #[test]
    fn twice_is_once(seed: u64) {
        for policy in Policy::built_in_names() {
            let bounds = bounds(policy);
            for input in inputs(seed, bounds) {
                let once = exported(policy, &input.json(0)).out;
                if once.is_empty() {
                    continue;
                }
                let twice = exported(policy, &once).out;
                prop_assert_eq!(surrogates(&once), surrogates(&twice), "{}", policy);
                if bounds.other_patients {
                    prop_assert_eq!(once, twice, "{}", policy);
                }
            }
        }
    }

    /// (4) The same key, policy and input give the same bytes, whatever came before, in any batch and on any thread.
    #[test]
    fn the_same_bytes_in_any_order_and_on_any_thread(seed: u64) {
        for policy in Policy::built_in_names() {
            let mut generator = Generator::new(seed, bounds(policy));
            let lines: Vec<String> = (0..6).map(|_| generator.any_resource().json(0)).collect();
            let alone: Vec<String> = lines.iter().map(|line| exported(policy, line).out).collect();
            let keys = keys();
            let run = |order: Vec<usize>| -> BTreeMap<usize, String> {
                let mut exporter = exporter(policy, &keys);
                order.into_iter().map(|at| {
                    let mut out = String::new();
                    let _ = exporter.write(lines[at].as_bytes(), &mut out);
                    (at, out)
                }).collect()
            };
            let threads: Vec<BTreeMap<usize, String>> = std::thread::scope(|scope| {
                let parts = [vec![5, 4, 3], vec![0, 2, 1], vec![1, 1, 5]].map(|part| scope.spawn(move || run(part)));
                parts.into_iter().map(|part| part.join().unwrap()).collect()
            });
            for (at, out) in threads.into_iter().flatten() {
                prop_assert_eq!(&out, &alone[at], "{}", policy);
            }
        }
    }

    /// (5) Where a reference led to a resource it leads to it still; two ids never become one.
    #[test]
    fn references_lead_to_the_same_and_ids_stay_apart(ids in proptest::collection::btree_set("[A-Za-z0-9.-]{1,12}", 2..9), shape in 0..4_usize) {
        for policy in Policy::built_in_names() {
            let keys = keys();
            let mut exporter = exporter(policy, &keys);
            let mut write = |text: &str| {
                let mut out = String::new();
                exporter.write(text.as_bytes(), &mut out).unwrap();
                Value::parse(out.as_bytes()).unwrap()
            };
            let mut new_ids = BTreeSet::new();
            for id in &ids {
                let encounter = write(&format!(r#"{{"resourceType":"Encounter","id":"{id}","status":"finished"}}"#));
                let target = [format!("Encounter/{id}"), format!("https://x/Encounter/{id}"), format!("Encounter/{id}/_history/4"), format!("https://x/y/Encounter/{id}/_history/1")];
                let observation = write(&format!(r#"{{"resourceType":"Observation","encounter":{{"reference":"{}"}}}}"#, target[shape]));
                // A live sync finds targets in its Bundle; in files a type is told apart by its name.
                let new = encounter.str("id").unwrap().to_owned();
                let led = observation.get("encounter").and_then(|one| one.str("reference")).map(str::to_owned);
                prop_assert_eq!(led, Some(format!("Encounter/{new}")), "{}", policy);
                let other = write(&format!(r#"{{"resourceType":"Condition","id":"{id}"}}"#));
                prop_assert_ne!(other.str("id"), Some(new.as_str()), "types are told apart");
                new_ids.insert(new);
            }
            prop_assert_eq!(new_ids.len(), ids.len(), "{}", policy);
        }
    }

    /// (6) Under a shift every interval stays exact, order stays, nothing becomes finer; else a date stays or loses all but its year.
    #[test]
    fn intervals_and_order_are_kept(days in proptest::collection::vec((1950_i32..2026, 1_u32..=12, 1_u32..=28, 0_usize..4), 2..8), id in "[a-z0-9]{1,8}") {
        for policy in Policy::built_in_names() {
            let keys = keys();
            let mut exporter = exporter(policy, &keys);
            let mut seen: Vec<(String, String)> = Vec::new();
            for (year, month, day, form) in &days {
                let sent = [format!("{year}"), format!("{year}-{month:02}"), format!("{year}-{month:02}-{day:02}"), format!("{year}-{month:02}-{day:02}T23:59:59.999999999+05:30")][*form].clone();
                let mut out = String::new();
                let text = format!(r#"{{"resourceType":"Procedure","status":"completed","subject":{{"reference":"Patient/{id}"}},"performedDateTime":"{sent}"}}"#);
                exporter.write(text.as_bytes(), &mut out).unwrap();
                let came = Value::parse(out.as_bytes()).unwrap().str("performedDateTime").map(str::to_owned);
                let Some(came) = came else { continue };
                prop_assert!(came.len() <= sent.len(), "{policy}: {sent} became finer: {came}");
                if came.len() == sent.len() {
                    prop_assert_eq!(came.get(10..), sent.get(10..));
                    seen.push((sent, came));
                } else {
                    prop_assert_eq!(Some(came.as_str()), sent.get(..4), "{}", policy);
                }
            }
            let whole: Vec<_> = seen.iter().filter(|(sent, _)| sent.len() >= 10).map(|(sent, came)| (days_of(sent), days_of(came))).collect();
            for pair in whole.windows(2) {
                prop_assert_eq!(pair[1].0 - pair[0].0, pair[1].1 - pair[0].1, "{}", policy);
            }
        }
    }

    /// (7) What was R4 is R4: nothing is wrong with the output that was not wrong with the input.
    #[test]
    fn the_output_is_as_valid_as_the_input(seed: u64) {
        for policy in ["safe-harbor", "limited-data-set", "expert-determination", "pseudonymous"] {
            let input = Generator::new(seed, Bounds { strange: false, ..bounds(policy) }).any_resource().json(0);
            let done = exported(policy, &input);
            if !done.out.is_empty() {
                let (before, after) = (faults(&input), faults(&done.out));
                let new: Vec<_> = after.difference(&before).collect();
                prop_assert!(new.is_empty(), "{policy}: {new:?}\n{input}\n{}", done.out);
            }
        }
    }

    /// (8) A stricter policy tells nothing that a looser one does not: `safe-harbor`, `expert-determination`, `limited-data-set`.
    #[test]
    fn a_stricter_policy_tells_a_part_of_what_a_looser_one_tells(seed: u64) {
        let order = ["safe-harbor", "expert-determination", "limited-data-set"];
        let input = Generator::new(seed, Bounds { strange: false, ..bounds("limited-data-set") }).any_resource().json(0);
        let told = order.map(|policy| tokens(&exported(policy, &input).out));
        for pair in told.windows(2) {
            let more: Vec<_> = pair[0].difference(&pair[1]).collect();
            prop_assert!(more.is_empty(), "{more:?}");
        }
    }

    /// (9) A member that R4 does not have passes at no depth, neither its name nor its value.
    #[test]
    fn an_unknown_member_passes_at_no_depth(seed: u64, place: prop::sample::Index) {
        for policy in Policy::built_in_names() {
            for input in inputs(seed, Bounds { strange: false, ..bounds(policy) }) {
                let text = input.json(0);
                let objects = text.match_indices(":{\"").map(|(at, _)| at + 2).collect::<Vec<_>>();
                if objects.is_empty() {
                    continue;
                }
                let (before, behind) = text.split_at(objects[place.index(objects.len())]);
                let planted = format!(r#"{before}"xQzvkwJpqr":[{{"value":"zQxkvWqjpn"}}],{behind}"#);
                for done in all_ways(policy, &planted) {
                    for word in ["xQzvkwJpqr", "zQxkvWqjpn"] {
                        prop_assert!(!done.out.contains(word) && !done.said.contains(word), "{policy}: {planted}");
                    }
                }
            }
        }
    }

    /// (10) Non-interference: when only what identifies somebody changes, nothing but keyed surrogates changes.
    #[test]
    fn nothing_but_surrogates_tells_two_persons_apart(seed: u64) {
        let keys = keys();
        for policy in Policy::built_in_names() {
            let bounds = bounds(policy);
            // Where dates move, they move by what a patient is known by: the next law is about those.
            let told = |text: &str| without_surrogates(&if bounds.other_patients { text.to_owned() } else { without_dates(text) }, &keys);
            for input in inputs(seed, bounds) {
                let worlds = [0, 1].map(|world| all_ways(policy, &input.json(world)));
                for (one, other) in worlds[0].iter().zip(&worlds[1]) {
                    prop_assert_eq!(
                        told(&one.out), told(&other.out),
                        "{}\n{}\n{}", policy, input.json(0), input.json(1)
                    );
                    prop_assert_eq!(&one.manifest, &other.manifest, "{}", policy);
                }
            }
        }
    }

    /// (10) The same for two patients whose dates move apart: only dates and surrogates differ.
    #[test]
    fn nothing_but_surrogates_and_shifted_dates_tells_two_patients_apart(seed: u64) {
        let keys = keys();
        for policy in Policy::built_in_names() {
            for input in inputs(seed, Bounds { other_patients: true, ..bounds(policy) }) {
                let [one, other] = [0, 1].map(|world| without_surrogates(&without_dates(&exported(policy, &input.json(world)).out), &keys));
                prop_assert_eq!(one, other, "{}", policy);
            }
        }
    }

    /// (13) A file of two files is the two files.
    #[test]
    fn a_file_of_two_files_is_the_two(seed: u64) {
        for policy in Policy::built_in_names() {
            let mut generator = Generator::new(seed, bounds(policy));
            let lines: Vec<String> = (0..4).map(|_| generator.any_resource().json(0)).collect();
            let keys = keys();
            let run = |lines: &[String]| {
                let (mut exporter, mut out) = (exporter(policy, &keys), String::new());
                for line in lines {
                    let _ = exporter.write(line.as_bytes(), &mut out);
                }
                (out, exporter.manifest())
            };
            let ((a, mut counts), (b, more)) = (run(&lines[..2]), run(&lines[2..]));
            counts.merge(&more);
            prop_assert_eq!((a + &b, counts), run(&lines), "{}", policy);
        }
    }

    /// (14) At each path as much went, and as much was changed, as the manifest says.
    #[test]
    fn the_manifest_counts_what_changed(seed: u64) {
        for policy in ["safe-harbor", "limited-data-set", "expert-determination"] {
            let input = Generator::new(seed, Bounds { strange: false, ..bounds(policy) }).any_resource().json(0);
            let done = exported(policy, &input);
            let (Ok(input), Ok(out)) = (Value::parse(input.as_bytes()), Value::parse(done.out.as_bytes())) else { continue };
            for Locus { path, sent, came, siblings } in loci(&input, &out) {
                let count = |treatment| done.manifest.count(&path, treatment);
                let changed = count(Treatment::Generalised) + count(Treatment::Shifted) + count(Treatment::Pseudonymised);
                let has_gone = u64::from(sent.is_some() && came.is_none());
                prop_assert_eq!(count(Treatment::Dropped), has_gone + siblings, "{}: {}", policy, path);
                prop_assert_eq!(count(Treatment::Kept) + changed, u64::from(came.is_some()), "{}: {}", policy, path);
                if sent == came {
                    // A year that was a year, a surrogate of ours: generalised or shifted to itself at most.
                    prop_assert!(changed == 0 || sent.is_none_or(|sent| sent.len() == 6), "{policy}: {path}");
                } else {
                    prop_assert_eq!(count(Treatment::Kept), 0, "{}: {}", policy, path);
                }
            }
        }
    }
}

/// (11) The key is in nothing that comes out or is said, in no encoding, nor any part of it.
#[test]
fn the_key_is_told_nowhere() {
    let parts = SECRET.windows(12).map(|part| String::from_utf8_lossy(part).into_owned());
    let needles: Vec<Vec<u8>> = parts.flat_map(|part| encodings(&part)).map(|(_, bytes)| bytes).collect();
    for policy in Policy::built_in_names() {
        for seed in 0..10 {
            for input in inputs(seed, bounds(policy)) {
                for done in all_ways(policy, &input.json(0)) {
                    let all = format!("{} {} {:?}", done.out, done.said, keys());
                    let is_there =
                        |needle: &[u8]| all.as_bytes().windows(needle.len()).any(|part| part == needle);
                    assert!(!needles.iter().take(40).any(|needle| is_there(needle)), "{policy}");
                }
            }
        }
    }
}

/// The generator is no fiction: it makes every type and every datatype, and what it makes would be found.
#[test]
fn the_generator_covers_r4_and_its_words_are_in_the_input() {
    let bounds =
        Bounds { dates: Dates::Year, caps_ages: true, cuts_zips: true, other_patients: true, strange: true };
    let mut paths = BTreeSet::new();
    for (seed, kind) in TYPES.iter().enumerate() {
        for round in 0..3 {
            let mut generator = Generator::new((seed * 3 + round) as u64, bounds);
            let resource = generator.resource(kind);
            let (one, other) = (resource.json(0), resource.json(1));
            assert_ne!(one, other, "{kind}");
            Value::parse(other.as_bytes()).unwrap();
            names(kind, &Value::parse(one.as_bytes()).unwrap(), &mut paths);
            assert!(!found(&one).is_empty(), "{kind}");
        }
    }
    let datatypes: BTreeSet<_> = paths.iter().map(|(_, kind)| *kind).collect();
    assert!(
        paths.len() > 2_000 && datatypes.len() > 200,
        "{} elements, {} types",
        paths.len(),
        datatypes.len()
    );
    println!("{} elements of {} types", paths.len(), datatypes.len());
}

/// A policy that keeps what it should not, and an output that holds what it should not: each is seen.
#[test]
fn broken_outputs_are_seen() {
    let keys = keys();
    let (mut seen, policy) = (0, "limited-data-set");
    for seed in 0..40 {
        let input = Generator::new(seed, Bounds { other_patients: true, ..bounds(policy) }).any_resource();
        // Nothing was done to it: the sweep and the comparison of two worlds see it.
        let [one, other] = [0, 1].map(|world| input.json(world));
        seen += usize::from(
            !found(&one).is_empty() && without_surrogates(&one, &keys) != without_surrogates(&other, &keys),
        );
    }
    assert_eq!(seen, 40);
    // A surrogate without a key differs between the worlds and is none of ours.
    let plain = |word: &str| format!(r#"{{"id":"{word}"}}"#);
    assert_ne!(without_surrogates(&plain("smith1"), &keys), without_surrogates(&plain("smith2"), &keys));
    let own = |word: &str| plain(&keys.pseudonym("id", &[word.as_bytes()]));
    assert_eq!(without_surrogates(&own("smith1"), &keys), without_surrogates(&own("smith2"), &keys));
}

fn names(kind: &str, value: &Value, into: &mut BTreeSet<(String, &'static str)>) {
    for (name, member) in value.members() {
        let Some(shape) = element(kind, name) else { continue };
        into.insert((format!("{kind}.{name}"), shape.type_name));
        let items: Vec<&Value> = if shape.repeats { member.items().iter().collect() } else { vec![member] };
        items.iter().for_each(|item| names(shape.type_name, item, into));
    }
}

fn days_of(text: &str) -> i64 {
    carewire_fhir_core::Date::parse(text.get(..10).unwrap()).unwrap().days_since_epoch().unwrap()
}

/// The faults of a resource, without the numbers of items.
fn faults(text: &str) -> BTreeSet<String> {
    let resource = Resource::parse(text.as_bytes()).unwrap();
    let issues = validate_with(&resource, &ValidateOptions::default().with_invariants(false));
    let errors = issues.into_iter().filter(|issue| issue.severity != Severity::Warning);
    let paths = errors.flat_map(|issue| issue.expression);
    paths.map(|path| path.chars().filter(|one| !one.is_ascii_digit()).collect()).collect()
}

/// The elements that a policy keeps as they are: truths, numbers, codes of R4.
fn kept(policy: &str, input: &[u8]) -> Vec<&'static str> {
    const TYPES: [&str; 8] =
        ["boolean", "integer", "positiveInt", "unsignedInt", "decimal", "code", "Coding", "CodeableConcept"];
    let kind = Value::parse(input).unwrap().str("resourceType").unwrap().to_owned();
    let report = Policy::built_in(policy).unwrap().report();
    let of_kind = report.types.into_iter().filter(|one| one.resource_type == kind);
    let elements = of_kind.flat_map(|one| one.elements).filter(|one| one.method == Some(Method::Keep));
    let is_simple = |path: &str| {
        let mut of = kind.clone();
        for name in path.split('.').skip(1) {
            let Some(shape) = element(&of, name) else { return false };
            shape.type_name.clone_into(&mut of);
        }
        TYPES.contains(&of.as_str())
    };
    let stands_alone = |path: &String| is_simple(path) && !path.ends_with(".meta.security");
    elements.map(|one| one.path).filter(stands_alone).map(|path| &*path.leak()).collect()
}

/// What stands at a path and must survive: truths, numbers, and codes of systems that everybody knows.
fn survivors(value: &Value, path: &str) -> Vec<String> {
    let mut all = vec![value];
    for name in path.split('.').skip(1) {
        let below = all.iter().filter_map(|value| value.get(name));
        all = below
            .flat_map(|one| if one.kind() == Kind::Array { one.items().iter().collect() } else { vec![one] })
            .collect();
    }
    all.into_iter().flat_map(told).collect()
}

fn told(value: &Value) -> Vec<String> {
    match value.kind() {
        Kind::Bool | Kind::Number => vec![value.to_json()],
        Kind::String => value
            .as_str()
            .filter(|text| text.len() < 12 || text.contains('-'))
            .map(str::to_owned)
            .into_iter()
            .collect(),
        Kind::Object => {
            let list = value.list("coding").iter();
            let all: Vec<&Value> = if value.get("coding").is_some() { list.collect() } else { vec![value] };
            let known = all
                .into_iter()
                .filter(|coding| coding.str("system").is_some_and(|system| system.starts_with("http://")));
            let pairs =
                known.filter_map(|coding| Some(format!("{}|{}", coding.str("system")?, coding.str("code")?)));
            pairs.filter(|pair| pair.rsplit('|').next().is_some_and(|code| code.len() < 12)).collect()
        }
        _ => Vec::new(),
    }
}

fn surrogates(out: &str) -> BTreeSet<&str> {
    let keys = keys();
    out.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| keys.is_own(word)).collect()
}

/// Everything that is told, but for surrogates, dates, postal codes, ages and the labels of what was done.
fn tokens(out: &str) -> BTreeSet<String> {
    let keys = keys();
    let masked = without_surrogates(&without_dates(out), &keys);
    let Ok(value) = Value::parse(masked.as_bytes()) else { return BTreeSet::new() };
    let mut all = BTreeSet::new();
    gather("", &value, &mut all);
    all
}

fn gather(path: &str, value: &Value, all: &mut BTreeSet<String>) {
    let text = value.to_json();
    match value.kind() {
        Kind::Array => value.items().iter().for_each(|item| gather(path, item, all)),
        Kind::Object => {
            let is_ours =
                ["urn:carewire:pseudonym", "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"];
            let is_mask = text.contains("data-absent-reason") && text.contains("masked");
            if !is_mask && !value.str("system").is_some_and(|system| is_ours.contains(&system)) {
                value.members().for_each(|(name, member)| gather(&format!("{path}.{name}"), member, all));
            }
        }
        _ if path.ends_with(".postalCode") || text.contains("surrogate") || text == "\"D\"" => {}
        Kind::String
            if text.len() == 6
                && text.starts_with(['"', '1', '2'])
                && text.trim_matches('"').bytes().all(|byte| byte.is_ascii_digit()) => {}
        _ => drop(all.insert(format!("{path}={text}"))),
    }
}

/// A primitive that a resource itself has: what was sent there, what came, and how many `_name` beside it went.
struct Locus {
    path: String,
    sent: Option<String>,
    came: Option<String>,
    siblings: u64,
}

/// Told from input and output alone.
fn loci(input: &Value, out: &Value) -> Vec<Locus> {
    let kind = input.str("resourceType").unwrap_or_default();
    let primitives = carewire_fhir_core::elements(kind).filter(|(name, shape)| {
        !["id", "language", "implicitRules"].contains(name) && shape.is_primitive && !shape.repeats
    });
    let text = |value: &Value, name: &str| value.get(name).map(Value::to_json);
    // What is said of an element that is withheld stands in the place of what went.
    let stayed = |name: &str| text(out, name).is_some_and(|sibling| !sibling.contains("masked"));
    primitives
        .map(|(name, shape)| Locus {
            path: format!("{kind}.{name}"),
            sent: text(input, name),
            came: text(out, name),
            siblings: u64::from(input.get(shape.sibling).is_some() && !stayed(shape.sibling)),
        })
        .collect()
}
