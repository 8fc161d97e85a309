//! The places of FHIR: alone as a line of a file, in a Bundle of a file, and in a Bundle of a live sync.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use carewire_deid::{Context, Exporter, Manifest, Policy, Pseudonymizer, deidentify};
use carewire_fhir_core::{Date, PatientToken, Resource, Value, element};

use crate::report::Report;
use crate::row::{Case, Notation, Place, holds, lines, places};

const PLACES: &str = include_str!("fhir.txt");
const RESOURCES: &str = include_str!("clinical.ndjson");
const SURVIVORS: &str = include_str!("fhir_survivors.txt");

pub(crate) fn tell(policy: &'static str, report: &mut Report) {
    cases(policy).for_each(|case| report.add(policy, &case));
}

static ALL: LazyLock<Vec<Place>> = LazyLock::new(|| places(PLACES, &Notation::Fhir));

/// The places of resources that stand alone, each with the resource as a line of a file.
pub(crate) fn inputs(policy: &'static str) -> Vec<(&'static Place, String)> {
    let alone = ALL.iter().filter(|place| place.holds(policy) && !place.path.starts_with("Bundle."));
    alone.map(|place| (place, text(&planted(place), place))).collect()
}

/// What came of such a line elsewhere, as long as it is held to the survivors of a policy.
pub(crate) fn elsewhere(policy: &str, place: &Place, input: &str, out: String) -> Case {
    let kind = place.path.split('.').next().unwrap();
    Case {
        group: place.group,
        path: place.line.to_owned(),
        survivors: survivors(policy, kind, input, &out),
        out,
        said: String::new(),
        sought: place.sought.clone(),
    }
}

/// What becomes of every place.
pub(crate) fn cases(policy: &'static str) -> impl Iterator<Item = Case> {
    ALL.iter().filter(move |place| place.holds(policy)).flat_map(move |place| all_ways(policy, place))
}

fn typed(line: &'static str) -> (&'static str, Value) {
    let name = line.split('"').nth(3).unwrap();
    (name, Value::parse(line.as_bytes()).unwrap())
}

/// The resource in which a value stands at the place, and nothing else that is sought.
fn planted(place: &Place) -> Value {
    let (kind, steps) = place.path.split_once('.').unwrap();
    let mut planted = match (kind, CLINICAL.get(kind)) {
        ("Bundle", _) => bundle(&[&CLINICAL["Patient"], &CLINICAL["Observation"]]),
        (_, Some(base)) => base.clone(),
        (_, None) => Value::object().with("resourceType", kind).with("id", "b1"),
    };
    plant(&mut planted, kind, &steps.split('.').collect::<Vec<_>>(), json(&place.value));
    planted
}

static CLINICAL: LazyLock<BTreeMap<&str, Value>> = LazyLock::new(|| RESOURCES.lines().map(typed).collect());

fn all_ways(policy: &'static str, place: &Place) -> Vec<Case> {
    let kind = place.path.split('.').next().unwrap();
    let (patient, observation) = (&CLINICAL["Patient"], &CLINICAL["Observation"]);
    let planted = planted(place);
    let alone = text(&planted, place);
    place.assert_is_in(&alone);
    let together = match kind {
        "Bundle" => planted.clone(),
        "Patient" => bundle(&[&planted, observation]),
        _ => bundle(&[patient, &planted]),
    };
    let together = text(&together, place);
    let case = |way: &str, input: &str, (out, said): (String, String)| Case {
        group: place.group,
        path: format!("{} {way}", place.line).trim_end().to_owned(),
        survivors: survivors(policy, kind, input, &out),
        out,
        said,
        sought: place.sought.clone(),
    };
    let mut cases = vec![case("", &alone, exported(policy, &alone))];
    if kind != "Bundle" {
        cases.push(case("in a Bundle", &together, exported(policy, &together)));
    }
    if !Policy::built_in(policy).unwrap().id().starts_with(['s', 'e']) {
        cases.push(case("in a live Bundle", &together, synced(policy, &together)));
    }
    cases
}

/// What must come out: what went in, unless the whole was withheld.
fn survivors(policy: &str, kind: &str, input: &str, out: &str) -> Vec<String> {
    let all = lines(SURVIVORS).map(|line| {
        let mut parts = line.split(" | ");
        let mut next = || parts.next().unwrap_or_default();
        (next(), next(), next())
    });
    let of_kind = all.filter(|(of, _, policies)| *of == kind && holds(policies, policy));
    let is_there = out.contains(&format!("\"resourceType\":\"{kind}\""));
    of_kind.map(|(_, text, _)| text.to_owned()).filter(|text| is_there && input.contains(text)).collect()
}

/// A value as the table writes it.
fn json(text: &str) -> Value {
    let is_json = text.starts_with(['{', '[', '"']) || Value::number(text).is_some();
    if is_json { Value::parse(text.as_bytes()).unwrap() } else { Value::string(text) }
}

fn text(value: &Value, place: &Place) -> String {
    let mut text = value.to_json();
    for (word, escaped) in &place.escaped {
        text = text.replace(word, escaped);
    }
    text
}

fn bundle(resources: &[&Value]) -> Value {
    let entries: Vec<_> = resources
        .iter()
        .map(|resource| {
            let id = resource.str("id").unwrap_or("7");
            let url = format!("https://ehr.example/fhir/{}/{id}", resource.str("resourceType").unwrap());
            Value::object().with("fullUrl", url.as_str()).with("resource", (*resource).clone())
        })
        .collect();
    Value::object().with("resourceType", "Bundle").with("type", "collection").with("entry", entries)
}

/// Puts a value where a path leads; what is missing on the way is made.
fn plant(into: &mut Value, kind: &str, steps: &[&str], value: Value) {
    let [step, below @ ..] = steps else { return };
    let (name, another) = step.strip_suffix("[+]").map_or((*step, false), |name| (name, true));
    let shape = element(kind, name.trim_start_matches('_'));
    let repeats = shape.is_some_and(|shape| shape.repeats);
    let of = match shape {
        Some(_) if name.starts_with('_') => "Element",
        Some(shape) => shape.type_name,
        None => "",
    };
    if below.is_empty() && (!repeats || !value.items().is_empty()) {
        into.set(name, value);
        return;
    }
    let mut child =
        into.get(name).cloned().unwrap_or_else(|| if repeats { Value::array() } else { Value::object() });
    if below.is_empty() {
        child.push(value);
    } else if repeats {
        if another || child.items().is_empty() {
            child.push(Value::object());
        }
        let at = if another { child.items().len() - 1 } else { 0 };
        plant(&mut child.items_mut()[at], of, below, value);
    } else {
        plant(&mut child, of, below, value);
    }
    into.set(name, child);
}

/// As a line of a file; what is written, and what is said.
pub(crate) fn exported(policy: &str, text: &str) -> (String, String) {
    let keys = Pseudonymizer::for_run(&[7; 32]);
    let exporter = Exporter::new(Policy::built_in(policy).unwrap(), &keys).unwrap();
    let mut exporter = exporter.with_as_of(Date::parse("2026-11-22").unwrap());
    let mut out = String::new();
    let error = exporter.write(text.as_bytes(), &mut out).err();
    let error = error.map_or(String::new(), |error| format!("{error} {error:?}"));
    let said = format!("{} {exporter:?} {error}", about(&exporter.manifest()));
    (out, said)
}

/// As a Bundle under a token.
fn synced(policy: &str, text: &str) -> (String, String) {
    let keys = Pseudonymizer::for_run(&[7; 32]);
    let token = PatientToken::new("pt_mfrggzdfmztwq2lknnwg23tpoa").unwrap();
    let bundle = match Resource::parse(text.as_bytes()) {
        Ok(bundle) => bundle,
        Err(error) => return (String::new(), format!("{error} {error:?}")),
    };
    match deidentify(&bundle, Policy::built_in(policy).unwrap(), &Context::new(&keys).with_patient(&token)) {
        Ok(done) => (done.bundle.to_json(), format!("{} {done:?}", about(&done.manifest))),
        Err(error) => (String::new(), format!("{error} {error:?}")),
    }
}

fn about(manifest: &Manifest) -> String {
    format!("{} {manifest:?}", serde_json::to_string(manifest).unwrap())
}
