//! Messages of HL7 v2: every field of every segment, filled by the types of its components.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use carewire_canary::Rng;
use carewire_deid::v2::{Deidentifier, V2Context, V2Report};
use carewire_deid::{Manifest, Policy, Treatment};
use carewire_fhir_core::OrgId;
use proptest::prelude::*;

use crate::generate::{Bounds, Dates};
use crate::node::{SOUGHT, WORLDS};
use crate::run::{SECRET, bounds, day, keys};

/// The components of datatypes, from the table that the crate reads.
static DATATYPES: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let lines = include_str!("../../data/v2-datatypes.txt").lines().filter(|line| !line.starts_with('#'));
    let named = lines.filter_map(|line| line.split_once('\t'));
    named
        .map(|(name, parts)| (name, parts.split(' ').map(|part| part.split(':').next().unwrap()).collect()))
        .collect()
});

/// Segments and the datatypes of their fields.
static SEGMENTS: LazyLock<Vec<(&'static str, Vec<&'static str>)>> = LazyLock::new(|| {
    let report = V2Report::of(Policy::pseudonymous());
    let named =
        report.segments.into_iter().filter(|one| !["FHS", "BHS", "FTS", "BTS", "MSH"].contains(&one.name));
    named.map(|one| (one.name, one.fields.into_iter().map(|field| field.datatype).collect())).collect()
});

/// Writes the same message for two worlds.
struct Generator {
    rng: Rng,
    bounds: Bounds,
    words: usize,
}

/// What both worlds have in a place.
type Both = [String; 2];

impl Generator {
    fn new(seed: u64, policy: &'static str) -> Self {
        Self { rng: Rng::new(seed), bounds: bounds(policy), words: 0 }
    }

    /// A message about one patient with some segments of any kind.
    fn message(&mut self) -> Both {
        let word = |generator: &mut Self| generator.word();
        let [app, facility, id] = [word(self), word(self), word(self)];
        let mrn = if self.bounds.other_patients { self.word() } else { same("123") };
        let header = [0, 1].map(|world| {
            format!(
                "MSH|^~\\&|{}|{}|||20240305101500||ORU^R01^ORU_R01|{}|P|2.5.1\rPID|1||{}^^^GEN^MR\r",
                app[world], facility[world], id[world], mrn[world]
            )
        });
        let mut message = header;
        for _ in 0..3 + self.rng.below(5) {
            let segment = self.segment();
            join(&mut message, "", &segment);
        }
        message
    }

    fn segment(&mut self) -> Both {
        let (name, types) = self.rng.choose(&SEGMENTS).unwrap().clone();
        if name == "PID" {
            return self.patient(&types);
        }
        let mut segment = same(name);
        let observed = *self.rng.choose(&["NM", "CWE", "TX", "ST", "DT", "SN", "XPN", "ED", "CX"]).unwrap();
        for (at, kind) in types.iter().enumerate() {
            let field = match (name, at + 1) {
                ("OBX", 2) => same(observed),
                ("OBX", 5) => self.value(observed, 0),
                _ if self.rng.percent(60) => self.field(kind),
                _ => same(""),
            };
            join(&mut segment, "|", &field);
        }
        join(&mut segment, "\r", &same(""));
        segment
    }

    /// The patient of the message again: he has the same number, and everything else.
    fn patient(&mut self, types: &[&'static str]) -> Both {
        let mut segment = same("PID|1||123^^^GEN^MR");
        for kind in types.iter().skip(3) {
            let field = if self.rng.percent(60) { self.field(kind) } else { same("") };
            join(&mut segment, "|", &field);
        }
        join(&mut segment, "\r", &same(""));
        segment
    }

    fn field(&mut self, kind: &'static str) -> Both {
        let mut field = self.value(kind, 0);
        if self.rng.percent(20) {
            let more = self.value(kind, 0);
            join(&mut field, "~", &more);
        }
        field
    }

    /// A value of a datatype; `level` 1 is inside a component.
    fn value(&mut self, kind: &str, level: usize) -> Both {
        match kind {
            "NM" | "SI" => same(&(1 + self.rng.below(80)).to_string()),
            "DT" | "DTM" | "TS" => self.day(),
            "SN" => same(">=^80"),
            "CE" | "CWE" | "CNE" | "CF" if level == 0 => self.coded(),
            "ID" | "IS" if self.rng.percent(30) => same("F"),
            _ => match DATATYPES.get(kind).filter(|parts| level < 2 && parts.len() > 1) {
                Some(parts) => {
                    let mut value = same("");
                    for (at, part) in parts.clone().into_iter().enumerate() {
                        let one = if self.rng.percent(70) { self.value(part, level + 1) } else { same("") };
                        if at > 0 {
                            join(&mut value, ["^", "&"][level], &same(""));
                        }
                        join(&mut value, "", &one);
                    }
                    value
                }
                None => self.word(),
            },
        }
    }

    fn coded(&mut self) -> Both {
        const KNOWN: [(&str, &str); 4] =
            [("718-7", "LN"), ("38341003", "SCT"), ("I10", "I10C"), ("08", "CVX")];
        let (text, local) = (self.word(), self.word());
        let (code, system) = *self.rng.choose(&KNOWN).unwrap();
        let known = self.rng.percent(70);
        [0, 1].map(|world| match known {
            true => format!("{code}^{}^{system}", text[world]),
            false => format!("{}^{}^L", local[world], text[world]),
        })
    }

    fn day(&mut self) -> Both {
        let year = 1950 + self.rng.below(70);
        let day = |rng: &mut Rng| format!("{year}{:02}{:02}", 1 + rng.below(12), 1 + rng.below(28));
        let one = day(&mut self.rng);
        let other = if self.bounds.dates == Dates::Year { day(&mut self.rng) } else { one.clone() };
        [one, other]
    }

    /// A word, now and then in an escape.
    fn word(&mut self) -> Both {
        let at = self.words.min(WORLDS[0].len() - 1);
        self.words += 1;
        let escaped = self.rng.percent(10);
        [0, 1].map(|world| {
            let word = &WORLDS[world][at];
            let hex: String = word.bytes().map(|byte| format!("{byte:02X}")).collect();
            if escaped { format!("\\X{hex}\\") } else { word.clone() }
        })
    }
}

fn same(text: &str) -> Both {
    [text.to_owned(), text.to_owned()]
}

fn join(all: &mut Both, between: &str, more: &Both) {
    for (one, more) in all.iter_mut().zip(more) {
        *one += between;
        *one += more;
    }
}

/// What comes out, what is counted, and everything that is said.
fn written(policy: &'static str, bytes: &[u8]) -> (String, Manifest, String) {
    let (keys, org) = (keys(), OrgId::new("clinic").unwrap());
    let context = V2Context::new(&keys, &org).with_as_of(day());
    let mut messages = Deidentifier::new(Policy::built_in(policy).unwrap(), context).unwrap();
    let mut out = Vec::new();
    let error = messages.write(bytes, &mut out).err();
    let error = error.map_or(String::new(), |error| format!("{error} {error:?}"));
    let manifest = messages.manifest();
    let said = format!("{manifest:?} {messages:?} {} {error}", serde_json::to_string(&manifest).unwrap());
    (String::from_utf8(out).unwrap(), manifest, said)
}

/// The names of segments and the number of their fields.
fn shape(message: &str) -> Vec<(String, usize)> {
    let lines = message.split('\r').filter(|line| !line.is_empty());
    lines.map(|line| (line.get(..3).unwrap().to_owned(), line.split('|').count())).collect()
}

fn without_surrogates(out: &str) -> String {
    crate::run::without_surrogates(out, &keys())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() })]

    /// (1)
    #[test]
    fn no_token_of_a_person_comes_out_in_any_encoding(seed: u64) {
        for policy in Policy::built_in_names() {
            let message = &Generator::new(seed, policy).message()[0];
            let (out, _, said) = written(policy, message.as_bytes());
            for text in [&out, &said] {
                let found: Vec<String> = SOUGHT.search("", text.as_bytes()).iter().map(ToString::to_string).collect();
                prop_assert_eq!(found, Vec::<String>::new(), "{}: {}", policy, message.replace('\r', "\n"));
            }
        }
    }

    /// (3)
    #[test]
    fn twice_is_once_where_dates_do_not_move(seed: u64) {
        for policy in Policy::built_in_names() {
            let mut generator = Generator::new(seed, policy);
            let once = written(policy, generator.message()[0].as_bytes()).0;
            let twice = written(policy, once.as_bytes()).0;
            if generator.bounds.other_patients {
                prop_assert_eq!(once, twice, "{}", policy);
            } else {
                prop_assert_eq!(shape(&once), shape(&twice), "{}", policy);
            }
        }
    }

    /// (4) and (13): message by message, in a file, in another order.
    #[test]
    fn a_file_is_its_messages(seed: u64) {
        for policy in Policy::built_in_names() {
            let mut generator = Generator::new(seed, policy);
            let [one, two] = [generator.message(), generator.message()].map(|both| both[0].clone());
            let apart = [&one, &two].map(|text| written(policy, text.as_bytes()));
            let together = written(policy, format!("{one}{two}").as_bytes());
            let turned = written(policy, format!("{two}{one}").as_bytes());
            prop_assert_eq!(format!("{}{}", apart[0].0, apart[1].0), together.0.clone(), "{}", policy);
            prop_assert_eq!(format!("{}{}", apart[1].0, apart[0].0), turned.0, "{}", policy);
            let mut counts = apart[0].1.clone();
            counts.merge(&apart[1].1);
            prop_assert_eq!(&counts, &together.1);
            prop_assert_eq!(&counts, &turned.1);
        }
    }

    /// (7) The same segments with the same fields.
    #[test]
    fn segments_and_fields_keep_their_places(seed: u64) {
        for policy in Policy::built_in_names() {
            let message = &Generator::new(seed, policy).message()[0];
            prop_assert_eq!(shape(message), shape(&written(policy, message.as_bytes()).0), "{}", policy);
        }
    }

    /// (10)
    #[test]
    fn nothing_but_surrogates_tells_two_persons_apart(seed: u64) {
        for policy in Policy::built_in_names() {
            let [one, other] = Generator::new(seed, policy).message();
            let ((a, counts, _), (b, others, _)) = (written(policy, one.as_bytes()), written(policy, other.as_bytes()));
            prop_assert_eq!(
                without_surrogates(&a).replace('\r', "\n"), without_surrogates(&b).replace('\r', "\n"),
                "{}\n{}", policy, one.replace('\r', "\n")
            );
            prop_assert_eq!(counts, others, "{}", policy);
        }
    }

    /// (14) A field that went is counted as gone, one that changed as changed, one that stayed as kept.
    #[test]
    fn the_manifest_counts_what_changed(seed: u64) {
        for policy in Policy::built_in_names() {
            let message = &Generator::new(seed, policy).message()[0];
            let (out, manifest, _) = written(policy, message.as_bytes());
            for (path, [sent, came]) in fields(message, &out) {
                let count = |treatment| manifest.count(&path, treatment);
                let stayed = count(Treatment::Kept);
                let changed: u64 = [Treatment::Pseudonymised, Treatment::Generalised, Treatment::Rewritten, Treatment::Shifted, Treatment::Substituted].map(count).iter().sum();
                let is_same = sent.iter().map(|one| values(one)).eq(came.iter().map(|one| values(one)));
                let [has_sent, has_come] = [&sent, &came].map(|all| all.iter().any(|one| one.chars().any(|one| !"^&~".contains(one))));
                let is_counted = stayed + changed + count(Treatment::Dropped) > 0;
                // Delimiters around nothing may be counted, or not.
                prop_assert!(is_counted || !has_sent, "{policy}: {path}");
                prop_assert!(!is_counted || sent.iter().any(|one| !one.is_empty()), "{policy}: {path}");
                prop_assert_eq!(has_come, stayed + changed > 0, "{}: {} {:?}", policy, path, came);
                if !is_same {
                    prop_assert!(changed + count(Treatment::Dropped) > 0, "{policy}: {path}: {sent:?} became {came:?}");
                }
            }
        }
    }

    /// (11)
    #[test]
    fn the_key_is_told_nowhere(seed: u64) {
        let message = &Generator::new(seed, "pseudonymous").message()[0];
        let (out, _, said) = written("pseudonymous", message.as_bytes());
        let key = String::from_utf8_lossy(&SECRET).into_owned();
        let hex: String = SECRET.iter().map(|byte| format!("{byte:02x}")).collect();
        for text in [&out, &said] {
            prop_assert!(!text.contains(key.get(..12).unwrap()) && !text.to_lowercase().contains(hex.get(..24).unwrap()));
        }
    }
}

/// The values of a field; delimiters behind the last of a repetition or component say nothing.
fn values(field: &str) -> Vec<Vec<String>> {
    let parts = |one: &str| {
        let parts = one.trim_end_matches(['^', '&']).split('^');
        parts.map(|part| part.trim_end_matches('&').to_owned()).collect()
    };
    field.trim_end_matches(['^', '&', '~']).split('~').map(parts).collect()
}

/// Every field with what stood there and what stands there, all repetitions of the segment together.
fn fields(message: &str, out: &str) -> BTreeMap<String, [Vec<String>; 2]> {
    let mut all: BTreeMap<String, [Vec<String>; 2]> = BTreeMap::new();
    for (side, text) in [message, out].into_iter().enumerate() {
        for line in text.split('\r').filter(|line| !line.is_empty() && !line.starts_with("MSH")) {
            for (number, field) in line.split('|').enumerate().skip(1) {
                let name = line.get(..3).unwrap();
                all.entry(format!("{name}-{number}")).or_default()[side].push(field.to_owned());
            }
        }
    }
    all
}

/// The generator fills every segment, and what it writes would be found.
#[test]
fn the_generator_fills_every_segment() {
    let mut seen = BTreeSet::new();
    for seed in 0..400 {
        let [one, other] = Generator::new(seed, "safe-harbor").message();
        assert!(one != other && shape(&one) == shape(&other));
        assert!(seed > 10 || !SOUGHT.search("", one.as_bytes()).is_empty());
        seen.extend(shape(&one).into_iter().map(|(name, _)| name));
    }
    assert!(seen.len() > SEGMENTS.len() * 8 / 10, "{} of {} segments", seen.len(), SEGMENTS.len());
}
