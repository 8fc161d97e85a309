//! How fast a decision is applied: a searchset of 1,000 entries, of which a tenth is withheld, from text to text and as a tree;
//! with and without a labeller. `cargo bench -p carewire-consent --bench apply`. Medians, so that a busy machine disturbs little.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use carewire_consent::{Consent, Filter, Labeller, Policy, Request, evaluate};
use carewire_fhir_core::{Limits, OrgId, Resource};
use chrono::DateTime;

const ENTRIES: usize = 1_000;
const ROUNDS: usize = 31;

fn observation(n: usize) -> String {
    let label = if n.is_multiple_of(10) { "R" } else { "N" };
    format!(
        r#"{{"fullUrl":"https://ehr.example/fhir/Observation/o{n}","resource":{{"resourceType":"Observation","id":"o{n}",
"meta":{{"versionId":"1","lastUpdated":"2026-03-01T08:00:00Z","profile":["http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab"],
"security":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"{label}"}}]}},
"identifier":[{{"system":"urn:oid:2.16.840.1.113883.3.1","value":"LAB-{n}"}}],"status":"final",
"category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory","display":"Laboratory"}}]}}],
"code":{{"coding":[{{"system":"http://loinc.org","code":"718-7","display":"Hemoglobin [Mass/volume] in Blood"}}],"text":"Hemoglobin"}},
"subject":{{"reference":"Patient/pt-1"}},"encounter":{{"reference":"Encounter/e{n}"}},
"effectiveDateTime":"2026-03-01T07:30:00Z","issued":"2026-03-01T08:00:00Z","performer":[{{"reference":"Organization/lab"}}],
"valueQuantity":{{"value":13.{n},"unit":"g/dL","system":"http://unitsofmeasure.org","code":"g/dL"}},
"interpretation":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"N"}}]}}],
"referenceRange":[{{"low":{{"value":12.0,"unit":"g/dL"}},"high":{{"value":16.0,"unit":"g/dL"}}}}]}},"search":{{"mode":"match"}}}}"#
    )
}

fn median(mut work: impl FnMut() -> usize, withheld: usize) -> Duration {
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(black_box(work()), withheld);
            start.elapsed()
        })
        .collect();
    rounds.sort();
    rounds.get(ROUNDS / 2).copied().unwrap()
}

fn main() {
    let consent =
        br#"{"resourceType":"Consent","id":"c1","status":"active","patient":{"reference":"Patient/pt-1"},
        "provision":{"type":"permit","provision":[{"type":"deny","securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}]}}"#;
    let consent = Consent::parse(consent, &OrgId::new("o").unwrap()).unwrap();
    let request = Request::parse(br#"{"org":"o","patient":"Patient/pt-1","purpose":"TREAT"}"#).unwrap();
    let policy = Policy::default();
    let response = evaluate(&request, &[consent], &policy, DateTime::UNIX_EPOCH);
    let entries: Vec<String> = (0..ENTRIES).map(observation).collect();
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"searchset","total":{ENTRIES},"entry":[{}]}}"#,
        entries.join(",")
    );
    let bundle = Resource::parse(text.as_bytes()).unwrap();
    let (plain, labeller, limits) =
        (Filter::new(&response, &policy, &request), Labeller::built_in().unwrap(), Limits::default());
    let labelling = plain.clone().with_labeller(&labeller);

    println!("{ENTRIES} entries, {} bytes\n\n| applied | time | MB/s |\n|---|---|---|", text.len());
    let row = |name: &str, time: Duration| {
        let speed = f64::from(u32::try_from(text.len()).unwrap()) / time.as_secs_f64() / 1e6;
        println!("| {name} | {time:?} | {speed:.0} |");
    };
    let by_text = |filter: &Filter<'_>| {
        filter.apply_text(text.as_bytes(), &limits).unwrap().withheld.values().sum::<usize>()
    };
    row("from text to text", median(|| by_text(&plain), ENTRIES / 10));
    row("from text to text, with a labeller", median(|| by_text(&labelling), ENTRIES / 10));
    row("to a tree", median(|| plain.apply(&bundle).withheld.values().sum::<usize>(), ENTRIES / 10));
}
