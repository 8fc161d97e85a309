//! What is decided: ten FHIR consents of three levels, of one patient or of each of a thousand.

/// A permit for treatment and payment; below it a denial for actors, below that an exception by purpose, and a denial by class.
pub(crate) fn text(n: usize, patient: usize) -> String {
    format!(
        r#"{{"resourceType":"Consent","id":"c{n}","status":"active","patient":{{"reference":"Patient/pt_{patient}"}},
        "dateTime":"2026-01-01","provision":{{"type":"permit","period":{{"start":"2026-01-01","end":"2027-12-31"}},
        "purpose":[{{"code":"TREAT"}},{{"code":"HPAYMT"}}],"provision":[
        {{"type":"deny","actor":[{{"reference":{{"reference":"Practitioner/{n}"}}}}],
          "provision":[{{"type":"permit","purpose":[{{"code":"ETREAT"}}]}}]}},
        {{"type":"deny","class":[{{"code":"BILLING"}}],"purpose":[{{"code":"HPAYMT"}}]}}]}}}}"#
    )
}

/// Ten of one patient.
pub(crate) fn ten() -> impl Iterator<Item = String> {
    (0..10).map(|n| text(n, 1))
}

/// Ten thousand of an org, ten of each patient.
pub(crate) fn of_org() -> impl Iterator<Item = String> {
    (0..10_000).map(|n| text(n, n / 10))
}
