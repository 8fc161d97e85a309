//! The invariants of a consent engine, by their numbers, on random nested consents.

use carewire_consent::{
    Consent, Decision, Described, Effect, Obligation, Policy, Request, Response, evaluate,
};
use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::json;

use crate::ast::{Asked, BrokenGlass, Datum, Document, Kind, Node};
use crate::written::second;
use crate::{Case, generate, parse};

fn decide(case: &Case, consents: &[Consent]) -> Response {
    evaluate(&case.request, consents, &Policy::default(), case.now)
}

fn keeps(case: &Case, consents: &[Consent]) -> bool {
    decide(case, consents).keeps(&Described::of(&case.resource), &Policy::default())
}

/// The end of the glass's time box, as the default policy has it.
fn glass_end(asked: &Asked) -> Option<DateTime<Utc>> {
    let glass = asked.glass.filter(|_| asked.purpose == "BTG")?;
    let end = glass.start.unwrap_or(asked.now) + 3_600;
    second(glass.until.map_or(end, |until| until.min(end))).parse().ok()
}

/// Nothing in it denies: no denial, nothing whose effect is turned round, nothing unreadable.
fn only_permits(node: &Node) -> bool {
    let is_plain = |period: Option<(Option<i64>, Option<i64>)>| !matches!(period, Some((Some(start), Some(end))) if end <= start);
    node.effect == Some(true)
        && !node.modifier
        && is_plain(node.period)
        && node.below.iter().all(only_permits)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// A permit has a ground: some consent permits, and says so.
    #[test]
    fn invariant_01_a_permit_has_a_ground(
        documents in generate::documents(), asked in generate::asked(), datum in generate::datum(),
    ) {
        let case = Case::new(&documents, &asked, &datum);
        let response = decide(&case, &case.consents);
        let grounds = response.reasons.iter().filter(|reason| reason.effect == Effect::Permit);
        let is_active = |id: &str| documents.iter().any(|document| document.id == id && document.status == "active");
        let mut grounds = grounds.filter_map(|reason| reason.consent.as_deref());
        prop_assert!(response.decision == Decision::Deny || grounds.any(is_active), "{:?}", response);
    }

    /// Taking back what only permits, or adding a denial, permits nothing more.
    #[test]
    fn invariant_02_less_consent_never_permits_more(
        documents in generate::documents(), asked in generate::asked(), datum in generate::datum(), more in generate::documents(),
    ) {
        let case = Case::new(&documents, &asked, &datum);
        if keeps(&case, &case.consents) { return Ok(()); }
        for (place, document) in documents.iter().enumerate().filter(|(_, document)| only_permits(&document.root)) {
            let mut fewer = case.consents.clone();
            fewer[place] = fewer[place].revoked();
            prop_assert!(!keeps(&case, &fewer), "{:?}", document);
            fewer.remove(place);
            prop_assert!(!keeps(&case, &fewer), "{:?}", document);
        }
        // An artefact does not deny.
        let kind = if more[0].kind == Kind::Artefact { Kind::R4 } else { more[0].kind };
        let root = Node { effect: Some(false), below: vec![], ..more[0].root.clone() };
        let denial = Document { kind, root, ..more[0].clone() };
        let with_denial: Vec<Consent> = case.consents.iter().cloned().chain([parse(&denial, "o1")]).collect();
        prop_assert!(!keeps(&case, &with_denial));
    }

    /// Order and repetition are nothing, reasons and obligations included.
    #[test]
    fn invariant_03_order_and_repetition_are_nothing(
        (documents, shuffled) in generate::documents().prop_flat_map(|all| {
            let twice: Vec<_> = all.iter().chain(&all).cloned().collect();
            (Just(all), Just(twice).prop_shuffle())
        }), asked in generate::asked(), datum in generate::datum(),
    ) {
        let case = Case::new(&documents, &asked, &datum);
        let other = Case::new(&shuffled, &asked, &datum);
        prop_assert_eq!(decide(&case, &case.consents), decide(&other, &other.consents));
    }

    /// A permit for a whole record is one for each piece that it keeps; what is denied as a whole is denied in part.
    #[test]
    fn invariant_04_a_narrower_request_is_not_denied(
        documents in generate::documents(), asked in generate::asked(), datum in generate::datum(),
    ) {
        let case = Case::new(&documents, &asked, &datum);
        let about: Request = case.request.clone().about(&case.resource);
        let one = evaluate(&about, &case.consents, &Policy::default(), case.now);
        let whole = decide(&case, &case.consents);
        let kept = whole.keeps(&Described::of(&case.resource), &Policy::default());
        prop_assert!(!kept || one.decision == Decision::Permit);
        // An auditor has to say what he asks for.
        prop_assume!(asked.role != Some("AUDITOR"));
        prop_assert!(whole.decision == Decision::Permit || one.decision == Decision::Deny);
    }

    /// What is below a root gives nothing for a purpose that the root is not about.
    #[test]
    fn invariant_05_nothing_is_given_outside_of_what_is_above(
        mut documents in generate::documents(), asked in generate::asked(), datum in generate::datum(),
    ) {
        for document in &mut documents {
            document.kind = Kind::R4;
            document.root.purposes = vec!["HMARKT"];
        }
        let case = Case::new(&documents, &asked, &datum);
        prop_assert_ne!(decide(&case, &case.consents).decision, Decision::Permit);
    }

    /// Between two boundaries nothing changes; a permit says when the next one is. A broken glass has one, too.
    #[test]
    fn invariant_06_decisions_change_at_boundaries_only(
        documents in generate::documents(), mut asked in generate::asked(), datum in generate::datum(),
    ) {
        // One that does not say when it was broken is broken now, at any time.
        asked.glass = asked.glass.map(|glass| BrokenGlass { start: glass.start.or(Some(0)), ..glass });
        let case = Case::new(&documents, &asked, &datum);
        let before = decide(&case, &case.consents);
        let later = case.now + chrono::Duration::milliseconds(999);
        prop_assert_eq!(&before, &evaluate(&case.request, &case.consents, &Policy::default(), later));
        let next = case.consents.iter()
            .filter(|consent| consent.patient() == &case.request.patient && consent.org() == &case.request.org)
            .flat_map(Consent::boundaries)
            .chain(glass_end(&asked))
            .filter(|at| *at > case.now).min();
        let told = before.obligations.iter().find_map(|obligation| match obligation {
            Obligation::ReevaluateBy { at } => Some(*at),
            _ => None,
        });
        prop_assert!(before.decision == Decision::Deny || told == next);
        prop_assert!(second(asked.now).parse() == Ok(case.now));
    }

    /// What cannot be evaluated is denied with a reason; obligations come with permits only.
    #[test]
    fn invariant_07_and_08_only_permits_oblige_and_every_denial_has_a_reason(
        documents in generate::documents(), asked in generate::asked(), datum in generate::datum(),
    ) {
        let case = Case::new(&documents, &asked, &datum);
        let response = decide(&case, &case.consents);
        prop_assert_eq!(response.kind == carewire_consent::Kind::Permit, response.decision == Decision::Permit);
        prop_assert!(response.decision == Decision::Permit || response.obligations.is_empty());
        prop_assert!(!response.reasons.is_empty());
    }

    /// Data that bear a label which is to be left out are left out.
    #[test]
    fn invariant_08_redaction_leaves_no_labelled_resource(
        documents in generate::documents(), asked in generate::asked(), datum in generate::datum(),
    ) {
        let refusal = json!({"resourceType": "Consent", "id": "no", "status": "active", "patient": {"reference": "Patient/pt_1"},
            "provision": {"type": "deny", "securityLabel": [{"code": "PSY"}]}});
        let refusal = Consent::parse(refusal.to_string().as_bytes(), &OrgId::new("o1").unwrap()).unwrap();
        let labelled = Datum { labels: datum.labels.iter().copied().chain(["PSY"]).collect(), ..datum };
        let mut case = Case::new(&documents, &asked, &labelled);
        case.consents.push(refusal);
        prop_assert!(!keeps(&case, &case.consents));
    }

    /// Consents of another org change nothing, not even the reasons.
    #[test]
    fn invariant_11_other_orgs_have_no_say(
        documents in generate::documents(), others in generate::documents(), asked in generate::asked(), datum in generate::datum(),
    ) {
        let case = Case::new(&documents, &asked, &datum);
        let others = others.iter().map(|document| parse(document, "o2"));
        let all: Vec<Consent> = case.consents.iter().cloned().chain(others).collect();
        prop_assert_eq!(decide(&case, &case.consents), decide(&case, &all));
    }

    /// Ids are opaque: other ones change no answer.
    #[test]
    fn invariant_13_renaming_ids_changes_nothing(
        documents in generate::documents(), asked in generate::asked(), datum in generate::datum(),
    ) {
        let renamed: Vec<Document> = documents.iter()
            .map(|document| Document { id: format!("z-{}", document.id), ..document.clone() }).collect();
        let (before, after) = (Case::new(&documents, &asked, &datum), Case::new(&renamed, &asked, &datum));
        prop_assert_eq!(decide(&before, &before.consents).kind, decide(&after, &after.consents).kind);
        prop_assert_eq!(keeps(&before, &before.consents), keeps(&after, &after.consents));
    }
}
