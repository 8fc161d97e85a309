//! The examples of IHE *Privacy Consent on FHIR*, which `CAREWIRE_CORPUS` names: every consent against every kind of
//! request, with the residual that the guide publishes, as a printed table.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests, which print their table"
)]

mod fsh;
mod notes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use carewire_consent::{Consent, Decision, Described, Policy, Request, Response, evaluate};
use carewire_fhir_core::{OrgId, Resource};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Example, request, what the guide says (in the words of its notes).
///
/// `permit` with the residual of the notes of the example, or of another one that the notes point to; `deny` where no token
/// is issued. Where the guide is silent, the reason why ours is what it is.
const CASES: &[(&str, &str, Expected)] = &[
    ("basic-treat", "TREAT", Residual("basic-treat")),
    ("basic-treat", "HRESCH", Denied),
    ("basic-treat-infant", "TREAT", Residual("basic-treat")),
    ("basic-ink", "TREAT", Residual("basic-treat")),
    ("basic-reject", "TREAT", Denied),
    (
        "basic-reject",
        "HRESCH",
        Silent(Decision::Deny, "a purpose that is neither accepted nor rejected: default deny"),
    ),
    ("basic-research", "HRESCH", Silent(Decision::Permit, "the notes of the guide leave this example out")),
    ("basic-research", "TREAT", Silent(Decision::Deny, "another purpose")),
    ("expired-treat", "TREAT", Denied),
    ("expired-treat", "TREAT before", Residual("basic-treat")),
    ("intermediate-timeframe", "TREAT", Residual("intermediate-timeframe")),
    ("intermediate-not-timeframe", "TREAT", Residual("intermediate-not-timeframe")),
    ("intermediate-authoredby", "TREAT", Residual("intermediate-authoredby")),
    ("intermediate-not-authoredby", "TREAT", Residual("intermediate-not-authoredby")),
    ("intermediate-encounter", "TREAT", Residual("intermediate-encounter")),
    ("intermediate-not-encounter", "TREAT", Residual("intermediate-not-encounter")),
    ("intermediate-data", "TREAT", Residual("intermediate-data")),
    ("intermediate-not-data", "TREAT", Residual("intermediate-not-data")),
    ("intermediate-purpose", "FooBar by researcher", Residual("intermediate-purpose")),
    ("intermediate-purpose", "FooBar", Denied),
    ("intermediate-purpose", "TREAT by researcher", Denied),
    ("dissent-intermediate-break-glass", "TREAT", Denied),
    ("dissent-intermediate-break-glass", "BTG by privileged", Residual("dissent-intermediate-break-glass")),
    ("dissent-intermediate-break-glass", "BTG", Denied),
    ("advanced-normal", "TREAT", Residual("advanced-normal")),
    ("advanced-normal-restricted", "TREAT", Residual("advanced-normal-restricted")),
    ("advanced-normal-not-restricted", "TREAT", Residual("advanced-normal-not-restricted")),
    ("advanced-normal-focused-restricted", "TREAT", Residual("advanced-normal")),
    ("advanced-normal-focused-restricted", "TREAT by practitioner", Residual("advanced-normal-restricted")),
    ("advanced-normal-focused-psy", "TREAT", Residual("advanced-normal")),
    ("advanced-normal-focused-psy", "TREAT by practitioner", Residual("advanced-normal-focused-psy")),
    ("advanced-normal-focused-psy-or-sdv", "TREAT", Residual("advanced-normal")),
    (
        "advanced-normal-focused-psy-or-sdv",
        "TREAT by practitioner",
        Residual("advanced-normal-focused-psy-or-sdv"),
    ),
    ("advanced-normal-break-glass-restricted", "TREAT", Residual("advanced-normal")),
    ("advanced-normal-break-glass-restricted", "BTG by privileged", Residual("advanced-normal-restricted")),
    ("advanced-normal-break-glass-restricted", "BTG", Residual("advanced-normal")),
];

#[derive(Clone, Copy)]
enum Expected {
    Residual(&'static str),
    Denied,
    Silent(Decision, &'static str),
}
use Expected::{Denied, Residual, Silent};

struct Guide {
    folder: PathBuf,
    consents: BTreeMap<String, Value>,
    data: BTreeMap<String, Value>,
}

impl Guide {
    fn open() -> Option<Self> {
        let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS") else {
            println!("skipped: CAREWIRE_CORPUS is not set");
            return None;
        };
        let folder = Path::new(&corpus).join("consent/ihe-pcf/input");
        let file =
            |name: &str| std::fs::read_to_string(folder.join("fsh").join(name)).expect("a file of the guide");
        let profiles =
            ["BasicConsent", "IntermediateConsent", "AdvancedConsent"].map(|profile| (profile, "Consent"));
        let types = [
            ("Observation", "Observation"),
            ("Encounter", "Encounter"),
            ("http://hl7.org/fhir/StructureDefinition/bp", "Observation"),
            ("http://hl7.org/fhir/StructureDefinition/bodyweight", "Observation"),
        ];
        let consents = fsh::instances(&file("consent.fsh"), &profiles);
        let data = fsh::instances(&file("ex-sensitive.fsh"), &types);
        Some(Self { consents, data, folder })
    }

    fn consent(&self, name: &str) -> Consent {
        let found = self
            .consents
            .get(&format!("ex-consent-{name}"))
            .or_else(|| self.consents.get(&format!("ex-{name}")));
        let text = found.unwrap_or_else(|| panic!("{name} is in the guide")).to_string();
        Consent::parse(text.as_bytes(), &OrgId::new("org").unwrap()).expect("a readable consent")
    }
}

/// The request of a case: a purpose, and by whom.
fn request(case: &str) -> (Request, DateTime<Utc>) {
    let purpose = case.split(' ').next().unwrap();
    let actor = match case.split_once(" by ").map(|(_, who)| who) {
        Some("researcher") => {
            json!({"reference": "Practitioner/9", "aliases": ["Organization/ex-org-researcher"]})
        }
        Some("practitioner") => json!({"reference": "Practitioner/ex-practitioner"}),
        Some("privileged") => {
            json!({"reference": "Practitioner/ex-practitioner", "aliases": ["Group/ex-privilegedUsers"]})
        }
        _ => json!({"reference": "Practitioner/8"}),
    };
    let mut request =
        json!({"org": "org", "patient": "Patient/ex-patient", "purpose": purpose, "actor": actor});
    if purpose == "BTG" {
        request["break_glass"] = json!({"reason": "unconscious"});
    }
    let now = if case.ends_with(" before") { "2022-12-31T23:59:59Z" } else { "2023-07-01T00:00:00Z" };
    (Request::parse(request.to_string().as_bytes()).unwrap(), now.parse().unwrap())
}

fn decide(consent: &Consent, request: &Request, now: DateTime<Utc>) -> Response {
    evaluate(request, std::slice::from_ref(consent), &Policy::default(), now)
}

#[test]
fn every_example_is_decided_as_the_guide_says() {
    let Some(guide) = Guide::open() else { return };
    let mut wrong = Vec::new();
    println!("| example | request | guide | decision | residual |\n|---|---|---|---|---|");
    for (name, case, expected) in CASES {
        let (request, now) = request(case);
        let response = decide(&guide.consent(name), &request, now);
        let ours = notes::residual_of(&response);
        let (said, agrees) = match expected {
            Residual(notes) => {
                let published = notes::published(&guide.folder, notes);
                (notes::shown(&published), response.decision == Decision::Permit && ours == published)
            }
            Denied => ("no token".to_owned(), response.decision == Decision::Deny),
            Silent(decision, why) => (format!("silent: {why}"), response.decision == *decision),
        };
        let decision = format!("{:?}", response.decision).to_lowercase();
        println!("| {name} | {case} | {said} | {decision} | {} |", notes::shown(&ours));
        if !agrees {
            wrong.push(format!("{name}, {case}: {response:?}"));
        }
    }
    let named: BTreeSet<String> =
        CASES.iter().map(|(name, ..)| guide.consent(name).id().to_owned()).collect();
    assert_eq!(named, guide.consents.keys().cloned().collect::<BTreeSet<_>>(), "every example has a case");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the residual keeps of the guide's data is what decisions about each of them permit.
#[test]
fn residuals_keep_what_decisions_about_each_resource_permit() {
    let Some(guide) = Guide::open() else { return };
    let data: Vec<(String, Resource)> = guide
        .data
        .iter()
        .map(|(id, value)| (id.clone(), Resource::parse(value.to_string().as_bytes()).unwrap()))
        .collect();
    assert_eq!(data.len(), 6);
    println!("| example | request | kept |\n|---|---|---|");
    let mut kept_by_case = BTreeMap::new();
    for (name, case, _) in CASES {
        let consent = guide.consent(name);
        let (request, now) = request(case);
        let whole = decide(&consent, &request, now);
        let mut kept = Vec::new();
        for (id, resource) in &data {
            let described = Described::of(resource);
            let one = decide(&consent, &request.clone().about(resource), now);
            let keeps = whole.keeps(&described, &Policy::default());
            assert_eq!(keeps, one.keeps(&described, &Policy::default()), "{name}, {case}, {id}");
            kept.extend(keeps.then_some(id.trim_start_matches("ex-")));
        }
        println!("| {name} | {case} | {} |", kept.join(", "));
        kept_by_case.insert((*name, *case), kept.join(" "));
    }
    let kept = |name, case| kept_by_case.get(&(name, case)).cloned().unwrap();
    let all = "alcoholUse bloodPressure bloodSugar encounter weight weight-2";
    assert_eq!(kept("basic-treat", "TREAT"), all);
    assert_eq!(kept("advanced-normal", "TREAT"), "bloodPressure bloodSugar encounter weight weight-2");
    assert_eq!(kept("advanced-normal-focused-restricted", "TREAT by practitioner"), all);
    assert_eq!(kept("intermediate-not-data", "TREAT"), "bloodPressure bloodSugar encounter weight weight-2");
    assert_eq!(kept("intermediate-timeframe", "TREAT"), "alcoholUse");
    assert_eq!(kept("intermediate-encounter", "TREAT"), all);
    assert_eq!(kept("intermediate-authoredby", "TREAT"), "");
}
