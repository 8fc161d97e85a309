use super::*;
use crate::{Method, Value};

const A: &str = "urn:uuid:00000000-0000-4000-8000-00000000000a";
const B: &str = "urn:uuid:00000000-0000-4000-8000-00000000000b";

fn entry(full_url: Option<&str>, method: Method, url: &str, resource: &str) -> String {
    let full_url = full_url.map(|url| format!(r#""fullUrl":"{url}","#)).unwrap_or_default();
    let resource = if resource.is_empty() { String::new() } else { format!(r#""resource":{resource},"#) };
    format!(r#"{{{full_url}{resource}"request":{{"method":"{}","url":"{url}"}}}}"#, method.as_str())
}

fn referring(to: &str) -> String {
    format!(r#"{{"resourceType":"Observation","subject":{{"reference":"{to}"}}}}"#)
}

fn bundle(kind: &str, entries: &[String]) -> Resource {
    let text = format!(r#"{{"resourceType":"Bundle","type":"{kind}","entry":[{}]}}"#, entries.join(","));
    Resource::parse(text.as_bytes()).unwrap()
}

fn answer(responses: &[&str]) -> Resource {
    let entries: Vec<String> =
        responses.iter().map(|response| format!(r#"{{"response":{{{response}}}}}"#)).collect();
    bundle("transaction-response", &entries)
}

fn allowed() -> TransactionLimits {
    TransactionLimits::none().splitting(Splitting::Allow)
}

fn urls(bundle: &Resource) -> Vec<String> {
    crate::entries(bundle).map(|entry| entry.request_url.unwrap().to_owned()).collect()
}

#[test]
fn a_transaction_that_fits_is_sent_whole_and_one_that_does_not_is_refused() {
    let patient = || entry(Some(A), Method::Post, "Patient", r#"{"resourceType":"Patient"}"#);
    let both = bundle("transaction", &[entry(None, Method::Post, "Observation", &referring(A)), patient()]);
    let mut plan = TransactionPlan::new(&both, TransactionLimits::none()).unwrap();
    assert!(plan.is_atomic());
    assert_eq!(urls(&plan.next_bundle().unwrap()), ["Patient", "Observation"]);
    assert_eq!(plan.next_bundle().unwrap().to_json(), plan.next_bundle().unwrap().to_json());
    for limits in [TransactionLimits::none().entries(1), TransactionLimits::none().bytes(300)] {
        assert_eq!(TransactionPlan::new(&both, limits).unwrap_err(), PlanError::NeedsSplitting);
    }
}

#[test]
fn limits_on_conditional_entries_updates_and_bytes_are_kept() {
    let conditional = |n: usize| {
        entry(None, Method::Put, &format!("Patient?identifier={n}"), r#"{"resourceType":"Patient"}"#)
    };
    let update =
        |n: usize| entry(None, Method::Put, &format!("Patient/{n}"), r#"{"resourceType":"Patient"}"#);
    let mut entries: Vec<String> = (0..3).map(conditional).collect();
    entries.extend((0..5).map(update));
    let limits = allowed().with_conditional(2).updates(3);
    let mut plan = TransactionPlan::new(&bundle("transaction", &entries), limits).unwrap();
    let mut sizes = Vec::new();
    while let Some(next) = plan.next_bundle() {
        sizes.push(urls(&next).len());
        let response = r#""status":"200","location":"Patient/1""#;
        plan.accept(&answer(&vec![response; urls(&next).len()])).unwrap();
    }
    assert_eq!(sizes, [2, 2, 3, 1]);
    let one = bundle("transaction", &[update(1)]).to_json().len();
    let bytes = |bytes| TransactionPlan::new(&bundle("transaction", &[update(1)]), allowed().bytes(bytes));
    assert!(bytes(one + 1).is_ok());
    assert_eq!(bytes(one - 1).unwrap_err(), PlanError::TooLarge { entries: vec![0] });
}

#[test]
fn rings_stay_together_and_what_failed_takes_its_referrers_with_it() {
    let ring = [
        entry(Some(A), Method::Post, "Observation", &referring(B)),
        entry(Some(B), Method::Post, "Observation", &referring(A)),
        entry(None, Method::Post, "Flag", &referring(A)),
        entry(None, Method::Post, "Basic", r#"{"resourceType":"Basic"}"#),
    ];
    let transaction = bundle("transaction", &ring);
    let error = TransactionPlan::new(&transaction, allowed().entries(1)).unwrap_err();
    assert_eq!(error, PlanError::TooLarge { entries: vec![0, 1] });
    assert!(matches!(
        TransactionPlan::new(&bundle("batch", &ring), TransactionLimits::none()),
        Err(PlanError::TooLarge { .. })
    ));
    let mut plan = TransactionPlan::new(&transaction, allowed().entries(2)).unwrap();
    assert!(!plan.is_atomic());
    assert_eq!(urls(&plan.next_bundle().unwrap()), ["Observation", "Observation"]);
    assert_eq!(plan.accept(&answer(&[r#""status":"201""#])), Err(PlanError::Mismatch));
    plan.accept(&answer(&[r#""status":"400""#, r#""status":"201","location":"Observation/9""#])).unwrap();
    assert_eq!(urls(&plan.next_bundle().unwrap()), ["Basic"]);
    plan.refuse(503, None).unwrap();
    assert!(plan.next_bundle().is_none());
    let outcomes: Vec<_> = plan.outcomes().collect();
    assert!(matches!(
        outcomes.as_slice(),
        [
            EntryOutcome::Failed(_),
            EntryOutcome::Done(_),
            EntryOutcome::NotSent { because_of: 0 },
            EntryOutcome::Unknown(Some(_)),
        ]
    ));
    assert_eq!(plan.accept(&answer(&[])), Err(PlanError::NothingSent));
}

#[test]
fn the_same_twice_is_sent_once_and_two_writes_of_one_resource_are_refused() {
    let conditional = |resource: &str| entry(None, Method::Put, "Patient?b=2&a=1", resource);
    let patient = r#"{"resourceType":"Patient"}"#;
    let mut twice = vec![conditional(patient), conditional(patient)];
    twice.push(entry(None, Method::Post, "Observation", &referring("Patient?a=1&b=2")));
    let mut plan = TransactionPlan::new(&bundle("transaction", &twice), TransactionLimits::none()).unwrap();
    assert_eq!((plan.same_as(0), plan.same_as(1)), (None, Some(0)));
    assert_eq!(urls(&plan.next_bundle().unwrap()), ["Patient?b=2&a=1", "Observation"]);
    let done = r#""status":"200","location":"Patient/1""#;
    plan.accept(&answer(&[done, done])).unwrap();
    assert!(plan.outcomes().all(|outcome| matches!(outcome, EntryOutcome::Done(_))));

    let other = conditional(r#"{"resourceType":"Patient","active":true}"#);
    let same =
        |a: String, b: String| TransactionPlan::new(&bundle("batch", &[a, b]), TransactionLimits::none());
    let duplicate = PlanError::Duplicate { first: 0, second: 1 };
    assert_eq!(same(conditional(patient), other).unwrap_err(), duplicate);
    let delete = entry(None, Method::Delete, "Patient/1", "");
    assert_eq!(same(delete, entry(None, Method::Put, "Patient/1", patient)).unwrap_err(), duplicate);
    let posted = |url| entry(Some(A), Method::Post, url, patient);
    assert_eq!(same(posted("Patient"), posted("Patient")).unwrap_err(), duplicate);
}

#[test]
fn a_batch_is_sent_in_the_order_of_its_references_with_deletions_first_and_reads_last() {
    let entries = [
        entry(None, Method::Get, "Patient/1", ""),
        entry(None, Method::Post, "Observation", &referring(A)),
        entry(Some(A), Method::Post, "Patient", r#"{"resourceType":"Patient"}"#),
        entry(None, Method::Delete, "Flag/1", ""),
        entry(None, Method::Put, &format!("Basic?subject={A}"), r#"{"resourceType":"Basic"}"#),
    ];
    let mut plan = TransactionPlan::new(&bundle("batch", &entries), TransactionLimits::none()).unwrap();
    assert!(!plan.is_atomic());
    assert_eq!(urls(&plan.next_bundle().unwrap()), ["Flag/1", "Patient"]);
    plan.accept(&answer(&[r#""status":"204""#, r#""status":"201","location":"Patient/7/_history/3""#]))
        .unwrap();
    let second = plan.next_bundle().unwrap();
    assert_eq!(urls(&second), ["Observation", "Basic?subject=Patient/7", "Patient/1"]);
    assert!(second.to_json().contains(r#"{"reference":"Patient/7"}"#));
}

#[test]
fn references_follow_the_base_of_their_entry_and_keep_asking_for_a_version() {
    let at = |base: &str, kind: &str, resource: &str| {
        entry(Some(&format!("https://{base}/{kind}")), Method::Post, "X", resource)
    };
    let patient = r#"{"resourceType":"Patient","text":{"div":"<div><a href='Patient/1'>x</a></div>"}}"#;
    let entries = [
        at("a", "Patient/1", r#"{"resourceType":"Patient"}"#),
        at("b", "Patient/1", r#"{"resourceType":"Patient"}"#),
        at("b", "Observation/1", &referring("Patient/1/_history/4")),
        at("b", "Patient/2", patient),
        entry(None, Method::Post, "Observation", &referring("https://a/Patient/1")),
        entry(None, Method::Post, "Observation", &referring("Patient/1")),
    ];
    let mut plan = TransactionPlan::new(&bundle("batch", &entries), TransactionLimits::none()).unwrap();
    assert_eq!(urls(&plan.next_bundle().unwrap()).len(), 3);
    let located = |id| format!(r#""status":"201","location":"Patient/{id}/_history/9""#);
    plan.accept(&answer(&[&located("ofA"), &located("ofB"), r#""status":"201""#])).unwrap();
    let next = plan.next_bundle().unwrap().to_json();
    for expected in ["Patient/ofB/_history/9", "<a href='Patient/ofB'>", r#""Patient/ofA""#] {
        assert!(next.contains(expected), "{expected}");
    }
}

#[test]
fn what_is_no_request_is_refused() {
    let new = |bundle: &Resource| TransactionPlan::new(bundle, TransactionLimits::none()).unwrap_err();
    assert_eq!(new(&bundle("searchset", &[])), PlanError::NotARequest);
    assert_eq!(new(&Resource::new("Patient")), PlanError::NotARequest);
    assert_eq!(new(&bundle("batch", &["{}".to_owned()])), PlanError::NoRequest { entry: 0 });
    let dangling = bundle("transaction", &[entry(None, Method::Post, "Observation", &referring(A))]);
    assert_eq!(new(&dangling), PlanError::Dangling { entry: 0, path: "subject.reference".to_owned() });
}

#[test]
fn an_entry_that_was_done_without_an_id_cannot_be_referred_to() {
    let entries = [
        entry(Some(A), Method::Post, "Patient", r#"{"resourceType":"Patient"}"#),
        entry(None, Method::Post, "Observation", &referring(A)),
    ];
    let mut plan = TransactionPlan::new(&bundle("batch", &entries), TransactionLimits::none()).unwrap();
    plan.next_bundle().unwrap();
    plan.accept(&answer(&[r#""status":"201""#])).unwrap();
    assert!(plan.next_bundle().is_none());
    assert_eq!(plan.outcomes().nth(1), Some(&EntryOutcome::NotSent { because_of: 0 }));
    assert!(!format!("{plan:?}").contains("urn:uuid"));
}

#[test]
fn encoded_uuids_in_queries_are_replaced() {
    let encoded = A.replace(':', "%3A");
    let mixed = B.replacen(':', "%3a", 1).replace("urn", "%75rn");
    let url = format!("Observation?subject={encoded}&performer={mixed}&code=%C3%A9+x|{A}");
    let entries = [
        entry(None, Method::Put, &url, r#"{"resourceType":"Observation"}"#),
        entry(Some(A), Method::Post, "Patient", r#"{"resourceType":"Patient"}"#),
        entry(Some(B), Method::Post, "Practitioner", r#"{"resourceType":"Practitioner"}"#),
    ];
    let mut plan = TransactionPlan::new(&bundle("transaction", &entries), allowed().entries(2)).unwrap();
    assert_eq!(urls(&plan.next_bundle().unwrap()), ["Patient", "Practitioner"]);
    plan.accept(&answer(&[
        r#""status":"201","location":"Patient/7""#,
        r#""status":"201","location":"Practitioner/8""#,
    ]))
    .unwrap();
    let expected = "Observation?subject=Patient/7&performer=Practitioner/8&code=%C3%A9+x|Patient/7";
    assert_eq!(urls(&plan.next_bundle().unwrap()), [expected]);
}

/// To look for each target among all that is chosen, or in the ring, would take minutes here.
#[test]
fn many_entries_that_refer_to_each_other_are_planned() {
    const ENTRIES: usize = 30_000;
    let urn = |n: usize| format!("urn:uuid:00000000-0000-4000-8000-{n:012}");
    let chain: Vec<String> = (0..ENTRIES)
        .map(|n| entry(Some(&urn(n)), Method::Post, "Observation", &referring(&urn(n.saturating_sub(1)))))
        .collect();
    let mut ring = chain.clone();
    ring[0] = entry(Some(&urn(0)), Method::Post, "Observation", &referring(&urn(ENTRIES - 1)));
    for entries in [chain, ring] {
        let mut plan =
            TransactionPlan::new(&bundle("transaction", &entries), TransactionLimits::none()).unwrap();
        assert_eq!(plan.next_bundle().unwrap().value().list("entry").len(), ENTRIES);
    }
}

/// Each Bundle is made without a look at all that is left: that would take minutes here.
#[test]
fn many_entries_are_sent_in_many_small_bundles() {
    let resource = Value::object().with("resourceType", "Basic");
    let bundle = |kind: BundleType, many: usize, request: &dyn Fn(usize) -> crate::Request| {
        let entries = (0..many).map(|n| {
            let mut entry = Value::object().with("resource", resource.clone());
            crate::types::Member::set_in(&request(n), "request", &mut entry);
            entry
        });
        entries.fold(crate::BundleBuilder::new(kind), crate::BundleBuilder::raw_entry).build()
    };
    let sent = |bundle: &Resource, limits: TransactionLimits| {
        let mut plan = TransactionPlan::new(bundle, limits).unwrap();
        let mut sizes = Vec::new();
        while let Some(next) = plan.next_bundle() {
            sizes.push(next.value().list("entry").len());
            plan.accept(&answer(&vec![r#""status":"200","location":"Basic/1""#; sizes[sizes.len() - 1]]))
                .unwrap();
        }
        assert!(plan.outcomes().all(|outcome| matches!(outcome, EntryOutcome::Done(_))));
        sizes
    };
    let update = |url: String| crate::Request::update(url);
    let conditional = bundle(BundleType::Transaction, 100_000, &|n| update(format!("Basic?identifier={n}")));
    assert_eq!(sent(&conditional, allowed().with_conditional(8)), [8; 12_500]);
    let by_id = bundle(BundleType::Batch, 20_000, &|n| update(format!("Basic/{n}")));
    assert_eq!(sent(&by_id, allowed().updates(8)), [8; 2_500]);
}

#[test]
fn a_long_chain_in_a_batch_is_sent_link_by_link() {
    const ENTRIES: usize = 20_000;
    let urn = |n: usize| format!("urn:uuid:00000000-0000-4000-8000-{n:012}");
    let chain: Vec<String> = (0..ENTRIES)
        .map(|n| entry(Some(&urn(n)), Method::Post, "Basic", &referring(&urn(n.saturating_sub(1)))))
        .collect();
    let mut plan = TransactionPlan::new(&bundle("batch", &chain), TransactionLimits::none()).unwrap();
    for _ in 0..ENTRIES / 2 {
        assert_eq!(plan.next_bundle().unwrap().value().list("entry").len(), 1);
        plan.accept(&answer(&[r#""status":"201","location":"Basic/1""#])).unwrap();
    }
    plan.next_bundle().unwrap();
    plan.lose().unwrap();
    assert!(plan.next_bundle().is_none());
    let outcomes: Vec<_> = plan.outcomes().collect();
    assert_eq!(outcomes[ENTRIES / 2], &EntryOutcome::Unknown(None));
    assert_eq!(outcomes[ENTRIES - 1], &EntryOutcome::NotSent { because_of: ENTRIES - 2 });
}

#[test]
fn what_may_have_been_done_is_not_called_failed() {
    let entries = [
        entry(Some(A), Method::Post, "Patient", r#"{"resourceType":"Patient"}"#),
        entry(None, Method::Post, "Observation", &referring(A)),
    ];
    let outcomes = |end: &dyn Fn(&mut TransactionPlan)| {
        let mut plan = TransactionPlan::new(&bundle("transaction", &entries), allowed().entries(1)).unwrap();
        plan.next_bundle().unwrap();
        end(&mut plan);
        assert!(plan.next_bundle().is_none());
        assert_eq!(plan.lose(), Err(PlanError::NothingSent));
        let outcomes: Vec<_> = plan.outcomes().cloned().collect();
        assert_eq!(outcomes[1], EntryOutcome::NotSent { because_of: 0 });
        outcomes[0].clone()
    };
    for status in [408, 500, 503] {
        let refused = outcomes(&|plan| plan.refuse(status, None).unwrap());
        assert!(matches!(refused, EntryOutcome::Unknown(Some(response)) if response.status == status));
    }
    assert!(matches!(outcomes(&|plan| plan.refuse(412, None).unwrap()), EntryOutcome::Failed(_)));
    assert_eq!(outcomes(&|plan| plan.lose().unwrap()), EntryOutcome::Unknown(None));
    let answered = outcomes(&|plan| plan.accept(&answer(&[r#""status":"502""#])).unwrap());
    assert!(matches!(answered, EntryOutcome::Unknown(Some(_))));
}
