//! What a permit rests on.

use carewire_consent::{DataClass, Effect, Kind as Answer, PatientConsents, Request, authorize};
use chrono::{DateTime, Utc};
use proptest::{prelude::*, sample::Index};

use super::*;
use crate::ast::{Kind, Node};
use crate::interpreter::Literal;

/// Nothing in it denies: no denial, nothing whose effect is turned round, nothing unreadable.
fn only_permits(node: &Node) -> bool {
    let backwards = matches!(node.period, Some((Some(start), Some(end))) if end <= start);
    node.effect == Some(true) && !node.modifier && !backwards && node.below.iter().all(only_permits)
}

/// Every provision below the root, by its path.
fn paths(node: &Node) -> Vec<Vec<usize>> {
    let below = node.below.iter().enumerate().flat_map(|(place, below)| {
        let inside = paths(below).into_iter().map(move |path| [vec![place], path].concat());
        std::iter::once(vec![place]).chain(inside)
    });
    below.collect()
}

fn at<'a>(node: &'a mut Node, path: &[usize]) -> &'a mut Node {
    path.iter().fold(node, |node, place| &mut node.below[*place])
}

/// From day to day of the data.
fn day(at: i64) -> DateTime<Utc> {
    format!("2020-01-{:02}T00:00:00Z", at + 1).parse().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each class of what is permitted is permitted by a consent in force that is about the request, by the implicit policy,
    /// or by a glass that was broken with a reason; and the reasons name one.
    #[test]
    fn invariant_01_a_permit_has_a_ground(given in generate::given()) {
        if !keeps(&given, Form::Resource) { return Ok(()); }
        let response = Case::of(&given).decide(Form::Resource, &policy(&given));
        let literal = Literal { without: None, given: &given };
        let is_implicit = given.said.implicit || given.said.combining == "permit-unless-deny";
        let is_broken = given.said.glass && given.asked.purpose == "BTG" && given.asked.glass.is_some_and(|glass| glass.has_reason);
        for class in literal.grounds() {
            let is_own = |consent: &&Document| {
                consent.status == "active" && consent.org == "o1" && consent.patient == "Patient/pt_1"
            };
            let is_granted = class.into_iter().any(|consent| is_own(&consent));
            prop_assert!(is_implicit || is_broken || is_granted);
        }
        prop_assert!(response.reasons.iter().any(|reason| reason.effect == Effect::Permit));
    }

    /// Taking back what only permits, or adding a denial, permits nothing more, however consents combine.
    #[test]
    fn invariant_02_less_consent_never_permits_more(given in generate::given(), more in generate::documents()) {
        let given = by_consents_alone(given);
        let form = Form::ALL[given.documents.len() % 3];
        if keeps(&given, form) { return Ok(()); }
        for (place, document) in given.documents.iter().enumerate().filter(|(_, document)| only_permits(&document.root)) {
            let mut fewer = given.documents.clone();
            fewer[place] = Document { status: "inactive", ..document.clone() };
            prop_assert!(!keeps(&with(&given, fewer.clone()), form), "{:?}", document);
            fewer.remove(place);
            prop_assert!(!keeps(&with(&given, fewer), form), "{:?}", document);
        }
        // An artefact does not deny.
        let kind = if more[0].kind == Kind::Artefact { Kind::R4 } else { more[0].kind };
        let root = Node { effect: Some(false), below: vec![], ..more[0].root.clone() };
        let denial = Document { kind, root, ..more[0].clone() };
        let with_denial = given.documents.iter().cloned().chain([denial]).collect();
        prop_assert!(!keeps(&with(&given, with_denial), form));
    }

    /// Order and repetition are nothing, reasons and obligations included.
    #[test]
    fn invariant_03_order_and_repetition_are_nothing(
        (given, shuffled) in generate::given().prop_flat_map(|given| {
            let twice: Vec<_> = given.documents.iter().chain(&given.documents).cloned().collect();
            (Just(given), Just(twice).prop_shuffle())
        }),
    ) {
        let (policy, shuffled) = (policy(&given), with(&given, shuffled));
        for form in Form::ALL {
            let (one, other) = (Case::of(&given).decide(form, &policy), Case::of(&shuffled).decide(form, &policy));
            // Where an order counts, of two consents with one id the one that comes first is named first.
            if given.said.combining.starts_with("ordered") {
                prop_assert_eq!((one.kind, one.obligations), (other.kind, other.obligations));
            } else {
                prop_assert_eq!(one, other);
            }
        }
    }

    /// Of fewer classes, and of a shorter time: what was permitted as a whole stays so; and what is kept of an answer about
    /// more is what is kept of one about less.
    #[test]
    fn invariant_04_a_narrower_request_is_not_denied(
        given in generate::given(), days in (0..5_i64, 1..6_i64), narrower in (0..3_i64, 0..3_i64), fewer in any::<Index>(),
    ) {
        let mut given = by_consents_alone(given);
        let case = Case::of(&given);
        let (start, end) = (days.0, days.0 + days.1);
        let (inner_start, inner_end) = (start + narrower.0, end - narrower.1);
        prop_assume!(inner_start < inner_end);
        let of = |request: Request, start, end| request.of_period(Some(day(start)), Some(day(end)));
        let all = [DataClass::LabResults, DataClass::Vitals];
        let class = all[fewer.index(2)].clone();
        let whole = of(case.request.clone().with_classes(all), start, end);
        let less = [
            of(case.request.clone().with_classes([class.clone()]), start, end),
            of(whole.clone(), inner_start, inner_end),
            of(case.request.clone().with_classes([class]), inner_start, inner_end),
        ];
        given.said.all_or_nothing = true;
        let strict = policy(&given);
        let permits = |request: &Request, policy: &Policy| evaluate(request, &case.consents, policy, case.now).decision == Decision::Permit;
        if permits(&whole, &strict) {
            prop_assert!(less.iter().all(|request| permits(request, &strict)));
        }
        given.said.all_or_nothing = false;
        // An auditor has to say what he asks for.
        prop_assume!(given.asked.role != Some("AUDITOR") || !given.said.roles);
        prop_assert!(Form::ALL.iter().all(|form| keeps(&given, *form) == keeps(&given, Form::Record)));
    }

    /// A provision that is bounded to what is not asked for, or to data that are not there, says no more than none, and
    /// neither does anything below it.
    #[test]
    fn invariant_05_nothing_is_given_outside_of_what_is_above(
        given in generate::given(), which in any::<Index>(), other in any::<Index>(), by_data in any::<bool>(),
    ) {
        let mut given = by_consents_alone(given);
        // To a purpose of no table any may be an answer.
        given.asked.purpose = if ["LOCAL", "ODD"].contains(&given.asked.purpose) { "TREAT" } else { given.asked.purpose };
        // Else a request that says little is denied for what could be there.
        given.said.all_or_nothing = false;
        let place = which.index(given.documents.len());
        let paths = paths(&given.documents[place].root);
        let (mut bounded, mut without) = (given.documents.clone(), given.documents.clone());
        match paths.is_empty() {
            true => {
                // A root that cannot be read is about everything.
                prop_assume!(!bounded[place].root.modifier);
                bounded[place] = Document { kind: Kind::R4, ..bounded[place].clone() };
                bounded[place].root.purposes = vec!["HMARKT"];
                without.remove(place);
            }
            false => {
                let path = &paths[other.index(paths.len())];
                let provision = at(&mut bounded[place].root, path);
                // What cannot be read is bounded by what is above it alone.
                prop_assume!(!provision.modifier && provision.effect.is_some());
                if by_data { provision.classes = vec!["Condition"] } else { provision.purposes = vec!["HMARKT"] }
                let (last, above) = path.split_last().unwrap();
                at(&mut without[place].root, above).below.remove(*last);
            }
        }
        for form in Form::ALL {
            prop_assert_eq!(keeps(&with(&given, bounded.clone()), form), keeps(&with(&given, without.clone()), form));
        }
    }

    /// What cannot be evaluated is denied with a reason, and is never permitted by another way.
    #[test]
    fn invariant_07_what_cannot_be_evaluated_is_denied_with_a_reason(given in generate::given()) {
        let (case, policy) = (Case::of(&given), policy(&given));
        for form in Form::ALL {
            let response = case.decide(form, &policy);
            prop_assert_eq!(response.kind == Answer::Permit, response.decision == Decision::Permit);
            let denies = response.reasons.iter().any(|reason| reason.effect == Effect::Deny);
            prop_assert!(!response.reasons.is_empty() && (denies || response.decision == Decision::Permit));
            let known = PatientConsents { consents: case.consents.clone(), ..PatientConsents::default() };
            let is_given = authorize(&case.request(form), &known, &policy, case.now).is_ok();
            prop_assert!(!is_given || response.decision == Decision::Permit);
        }
        // With a provision that nobody can read over everything, nobody knows what is permitted.
        let unreadable = Document { kind: Kind::R4, status: "active", org: "o1", patient: "Patient/pt_1", scope: "patient-privacy",
            root: Node { modifier: true, effect: Some(true), ..Node::default() }, ..given.documents[0].clone() };
        let wins = !["permit-overrides", "ordered-permit-overrides", "deny-unless-permit"].contains(&given.said.combining);
        let all: Vec<Document> = given.documents.iter().cloned().chain([unreadable]).collect();
        prop_assert!(!wins || Form::ALL.iter().all(|form| !keeps(&with(&given, all.clone()), *form)));
    }
}
