//! Laws that every decision obeys, on random requests and consents.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;

use carewire_consent::{
    Actor, Consent, ConsentEpoch, DataClass, Decision, Implicit, Kind, PatientConsents, Policy, Purpose,
    Reason, Request, Response, Ruling, SimpleConsent, State, authorize,
};
use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};
use proptest::{prelude::*, strategy::ValueTree as _};

/// Periods begin and end at whole seconds below this; decisions are asked for in tenths of a second.
const SECONDS: i64 = 8;
const CLASSES: [&str; 5] = ["LAB_RESULTS", "VITALS", "MEDICATIONS", "UNCLASSIFIED", "ODD"];
const PURPOSES: [&str; 5] = ["TREAT", "CARE", "ERTREAT", "HPAYMT", "ODD"];
const ACTORS: [&str; 4] = ["Practitioner/7", "Practitioner/8", "Organization/o1", "Organization/o2"];

fn evaluate(request: &Request, consents: &[SimpleConsent], policy: &Policy, now: DateTime<Utc>) -> Response {
    carewire_consent::evaluate(request, &of_any_source(consents), policy, now)
}

fn of_any_source(consents: &[SimpleConsent]) -> Vec<Consent> {
    consents.iter().cloned().map(Consent::from).collect()
}

fn at(tenths: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(tenths * 100).unwrap()
}

fn org(n: u8) -> OrgId {
    OrgId::new(&format!("o{n}")).unwrap()
}

fn patient(n: u8) -> PatientToken {
    PatientToken::new(&format!("pt_{n}")).unwrap()
}

fn one_of(codes: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(codes)
}

fn classes(size: std::ops::Range<usize>) -> impl Strategy<Value = BTreeSet<DataClass>> {
    // Known classes are likelier, so that permits occur.
    let class = prop_oneof![30 => one_of(&CLASSES[..3]), 1 => one_of(&CLASSES[3..])];
    proptest::collection::btree_set(class.prop_map(DataClass::parse), size)
}

fn state() -> impl Strategy<Value = State> {
    prop_oneof![5 => Just(State::Active), 1 => Just(State::Pending), 1 => Just(State::Revoked), 1 => Just(State::Expired)]
}

fn boundary() -> impl Strategy<Value = Option<DateTime<Utc>>> {
    proptest::option::weighted(0.25, (0..SECONDS).prop_map(|second| at(second * 10)))
}

prop_compose! {
    fn consent()(
        id in 0..6_u8,
        org_n in prop_oneof![5 => Just(1_u8), 1 => Just(2)],
        patient_n in prop_oneof![5 => Just(1_u8), 1 => Just(2)],
        purpose in prop_oneof![3 => one_of(&PURPOSES[..2]), 1 => one_of(&PURPOSES)],
        state in state(),
        deny in proptest::bool::weighted(0.12),
        data_classes in classes(0..5),
        (start, end) in (boundary(), boundary()),
        actors in prop_oneof![2 => Just(vec![]), 1 => proptest::collection::vec(one_of(&ACTORS), 1..3)],
    ) -> SimpleConsent {
        let mut consent =
            SimpleConsent::new(format!("c{id}"), org(org_n), patient(patient_n), Purpose::parse(purpose), data_classes);
        consent.state = state;
        consent.decision = if deny { Ruling::Deny } else { Ruling::Permit };
        (consent.start, consent.end) = (start, end);
        consent.actors = actors.into_iter().map(str::to_owned).collect();
        consent
    }
}

prop_compose! {
    fn request()(
        purpose in prop_oneof![6 => one_of(&PURPOSES[..3]), 1 => one_of(&PURPOSES)],
        data_classes in prop_oneof![12 => classes(1..4), 1 => classes(0..1)],
        reference in proptest::option::of(one_of(&ACTORS[..2])),
        actor_org in proptest::option::weighted(0.3, 1..3_u8),
    ) -> Request {
        let actor = Actor { reference: reference.map(str::to_owned), org: actor_org.map(org), ..Actor::default() };
        Request::new(org(1), patient(1), Purpose::parse(purpose)).with_classes(data_classes).by(actor).to_remote("r")
    }
}

fn policy() -> impl Strategy<Value = Policy> {
    proptest::sample::select(&[Implicit::Deny, Implicit::PermitUnlessDenied][..])
        .prop_map(|implicit| Policy::default().with_implicit(implicit))
}

fn consents() -> impl Strategy<Value = Vec<SimpleConsent>> {
    proptest::collection::vec(consent(), 0..7)
}

fn now() -> impl Strategy<Value = i64> {
    0..SECONDS * 10
}

fn permits(response: &Response) -> bool {
    response.decision == Decision::Permit
}

/// The rule for one permitting consent and one class, spelt out a second time.
fn grants(consent: &SimpleConsent, request: &Request, class: &DataClass, now: DateTime<Utc>) -> bool {
    let ours = consent.org == request.org && consent.patient == request.patient;
    let in_force = consent.state == State::Active
        && consent.decision == Ruling::Permit
        && consent.start.is_none_or(|start| start <= now)
        && consent.end.is_none_or(|end| now < end);
    let actor_org = request.actor.org.clone().unwrap_or(request.org.clone());
    let named = consent.actors.iter().any(|actor| {
        let is_local = actor_org == request.org;
        (is_local && Some(actor) == request.actor.reference.as_ref())
            || *actor == format!("Organization/{actor_org}")
    });
    let anyone = consent.actors.is_empty() && actor_org == request.org;
    let treat =
        consent.purpose == Purpose::Treat && [Purpose::Treat, Purpose::ErTreat].contains(&request.purpose);
    let same = consent.purpose == request.purpose && consent.purpose != Purpose::parse("ODD");
    ours && in_force && (treat || same) && (named || anyone) && consent.data_classes.contains(class)
}

fn is_contradictory(consent: &SimpleConsent) -> bool {
    matches!((consent.start, consent.end), (Some(start), Some(end)) if end <= start)
}

fn without(consents: &[SimpleConsent], index: usize) -> Vec<SimpleConsent> {
    let others = consents.iter().enumerate().filter(|(position, _)| *position != index);
    others.map(|(_, consent)| consent.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Permit means: each class is granted by a consent in force, or the policy by name permits.
    #[test]
    fn a_permit_has_a_ground(request in request(), consents in consents(), policy in policy(), now in now()) {
        let response = evaluate(&request, &consents, &policy, at(now));
        if permits(&response) {
            let granted = request.data_classes.iter()
                .all(|class| consents.iter().any(|consent| grants(consent, &request, class, at(now))));
            let some = DataClass::permittable()
                .any(|class| consents.iter().any(|consent| grants(consent, &request, &class, at(now))));
            let ground = if request.data_classes.is_empty() { some } else { granted };
            prop_assert!(ground || policy.implicit == Implicit::PermitUnlessDenied);
            prop_assert!(request.data_classes.iter().all(DataClass::is_permittable));
        }
    }

    /// The other way round, where nothing forbids and nothing is broken: what is granted is permitted.
    #[test]
    fn a_ground_is_a_permit(request in request(), consents in consents(), now in now()) {
        let sound: Vec<_> = consents.into_iter()
            .filter(|consent| consent.decision == Ruling::Permit && !is_contradictory(consent)).collect();
        let granted = !request.data_classes.is_empty()
            && request.data_classes.iter().all(DataClass::is_permittable)
            && request.data_classes.iter().all(|class| sound.iter().any(|c| grants(c, &request, class, at(now))));
        let response = evaluate(&request, &sound, &Policy::default().all_or_nothing(), at(now));
        prop_assert_eq!(permits(&response), granted);
    }

    /// Taking back a permit, removing one, or adding a denial never turns deny into permit.
    #[test]
    fn less_consent_never_permits_more(
        request in request(), consents in consents(), policy in policy(), now in now(),
        pick in any::<prop::sample::Index>(), mut denial in consent(),
    ) {
        if permits(&evaluate(&request, &consents, &policy, at(now))) { return Ok(()); }
        denial.decision = Ruling::Deny;
        let with_denial: Vec<_> = consents.iter().cloned().chain([denial]).collect();
        prop_assert!(!permits(&evaluate(&request, &with_denial, &policy, at(now))));

        if consents.is_empty() { return Ok(()); }
        let index = pick.index(consents.len());
        if consents[index].decision != Ruling::Permit { return Ok(()); }
        let mut revoked = consents.clone();
        revoked[index].state = State::Revoked;
        prop_assert!(!permits(&evaluate(&request, &revoked, &policy, at(now))));
        if consents[index].state == State::Active && !is_contradictory(&consents[index]) {
            prop_assert!(!permits(&evaluate(&request, &without(&consents, index), &policy, at(now))));
        }
    }

    /// Order and repetition of the consents change nothing at all, reasons included.
    #[test]
    fn order_and_repetition_are_nothing(
        request in request(), (consents, shuffled) in consents().prop_flat_map(|all| {
            let twice: Vec<_> = all.iter().chain(&all).cloned().collect();
            (Just(all), Just(twice).prop_shuffle())
        }), policy in policy(), now in now(),
    ) {
        prop_assert_eq!(
            evaluate(&request, &consents, &policy, at(now)), evaluate(&request, &shuffled, &policy, at(now))
        );
    }

    /// A denial beside any consents denies whatever it speaks about.
    #[test]
    fn a_matching_denial_overrides(request in request(), mut consents in consents(), policy in policy(), now in now(), pick in any::<prop::sample::Index>()) {
        let mut denial = SimpleConsent::new("no", org(1), patient(1), request.purpose.clone(), request.data_classes.clone());
        denial.decision = Ruling::Deny;
        consents.insert(pick.index(consents.len() + 1), denial);
        prop_assert_eq!(evaluate(&request, &consents, &policy, at(now)).kind, Kind::Deny);
    }

    /// Asking for fewer classes never turns permit into deny.
    #[test]
    fn a_narrower_request_is_not_denied(
        request in request(), consents in consents(), policy in policy(), now in now(), keep in any::<prop::sample::Index>(),
    ) {
        let is_nothing = request.data_classes.is_empty();
        if is_nothing || !permits(&evaluate(&request, &consents, &policy, at(now))) { return Ok(()); }
        let dropped = request.data_classes.iter().nth(keep.index(request.data_classes.len())).cloned();
        let mut narrower = request.clone();
        narrower.data_classes.retain(|class| Some(class) != dropped.as_ref());
        if narrower.data_classes.is_empty() { return Ok(()); }
        prop_assert!(permits(&evaluate(&narrower, &consents, &policy, at(now))));
    }

    /// Between two boundaries the decision does not change, and a permit holds exactly while it would be given again.
    #[test]
    fn decisions_change_at_boundaries_only(
        request in request(), consents in consents(), policy in policy(), now in now(), later in 0..10_i64, other in now(),
    ) {
        let same_second = now / 10 * 10 + later;
        prop_assert_eq!(
            evaluate(&request, &consents, &policy, at(now)).kind, evaluate(&request, &consents, &policy, at(same_second)).kind
        );
        let known = PatientConsents { epoch: ConsentEpoch(1), consents: of_any_source(&consents) };
        if request.data_classes.is_empty() { return Ok(()); }
        if let Ok(permit) = authorize(&request, &known, &policy, at(now)) {
            let codes: Vec<String> = request.data_classes.iter().map(|class| class.as_str().to_owned()).collect();
            let covers = |tenths| permit.covers(&org(1), &patient(1), "r", &codes, at(tenths));
            prop_assert!(covers(now) && covers(same_second));
            prop_assert!(!covers(other) || permits(&evaluate(&request, &consents, &policy, at(other))));
            prop_assert!(permit.expires_at().is_none_or(|end| !permit.covers(&org(1), &patient(1), "r", &codes, end)));
        }
    }

    /// What cannot be evaluated denies and says why; obligations come with permits only; reasons never go missing.
    #[test]
    fn indeterminate_denies_with_a_reason(request in request(), consents in consents(), policy in policy(), now in now()) {
        let response = evaluate(&request, &consents, &policy, at(now));
        prop_assert_eq!(response.kind == Kind::Permit, permits(&response));
        prop_assert!(!response.reasons.is_empty());
        prop_assert!(permits(&response) || response.obligations.is_empty());
        let faulty = !request.data_classes.iter().all(DataClass::is_permittable)
            || !request.purpose.is_known();
        prop_assert!(!faulty || matches!(response.kind, Kind::Deny | Kind::Indeterminate));
    }

    /// Consents of another org or patient change nothing, not even the reasons.
    #[test]
    fn other_orgs_and_patients_have_no_say(request in request(), consents in consents(), policy in policy(), now in now()) {
        let own: Vec<_> = consents.iter()
            .filter(|consent| consent.org == request.org && consent.patient == request.patient).cloned().collect();
        prop_assert_eq!(
            evaluate(&request, &consents, &policy, at(now)), evaluate(&request, &own, &policy, at(now))
        );
    }

    /// Opaque ids are opaque: renaming all of them changes nothing but the ids in the reasons.
    #[test]
    fn renaming_ids_changes_nothing(request in request(), consents in consents(), policy in policy(), now in now()) {
        let renamed_request = rename_request(&request);
        let renamed: Vec<_> = consents.iter().map(rename_consent).collect();
        let before = evaluate(&request, &consents, &policy, at(now));
        let after = evaluate(&renamed_request, &renamed, &policy, at(now));
        prop_assert_eq!((before.decision, before.kind), (after.decision, after.kind));
        let plain = |reasons: &[Reason]| {
            reasons.iter().map(|r| (r.consent.is_some(), r.path.clone(), r.effect, r.why)).collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(plain(&before.reasons), plain(&after.reasons));
    }
}

/// The laws would hold of an evaluator that always denies: the inputs must give enough of every kind of answer.
#[test]
fn the_inputs_reach_every_kind_of_answer() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..2_000 {
        let inputs = (request(), consents(), now()).new_tree(&mut runner).unwrap().current();
        let response = evaluate(&inputs.0, &inputs.1, &Policy::default(), at(inputs.2));
        *seen.entry(format!("{:?}", response.kind)).or_default() += 1;
    }
    assert!(seen.len() == 4 && seen.values().all(|count| *count > 100), "{seen:?}");
}

fn rename_request(request: &Request) -> Request {
    let mut renamed = request.clone();
    renamed.org = rename_org(&request.org);
    renamed.patient = rename_patient(&request.patient);
    renamed.actor.org = request.actor.org.as_ref().map(rename_org);
    renamed.actor.reference = request.actor.reference.as_deref().map(rename_actor);
    renamed
}

fn rename_consent(consent: &SimpleConsent) -> SimpleConsent {
    SimpleConsent {
        id: format!("{}-{}", 9 - consent.id.len(), consent.id.replace('c', "z")),
        org: rename_org(&consent.org),
        patient: rename_patient(&consent.patient),
        actors: consent.actors.iter().map(|actor| rename_actor(actor)).collect(),
        ..consent.clone()
    }
}

fn rename_org(org: &OrgId) -> OrgId {
    OrgId::new(&format!("other-{}", org.as_str().replace('1', "3"))).unwrap()
}

fn rename_patient(patient: &PatientToken) -> PatientToken {
    PatientToken::new(&format!("{}-renamed", patient.as_str())).unwrap()
}

fn rename_actor(actor: &str) -> String {
    match actor.strip_prefix("Organization/") {
        Some(org) => format!("Organization/{}", rename_org(&OrgId::new(org).unwrap())),
        None => format!("{actor}-renamed"),
    }
}
