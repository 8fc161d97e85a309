//! The push plan against a server that insists on its rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::support::{FakeRemote, LIMITS, draft, push_all, url};
use carewire_fhir_core::visit_references;
use carewire_sync_engine::{
    Draft, Error, Identity, Limits, LocalKey, Push, PushSummary, Refusal, Write, WriteMethod, WriteOutcome,
};
use proptest::prelude::*;

type Known = HashMap<LocalKey, Identity>;

#[test]
fn new_resources_go_in_requests_of_eight_and_a_second_push_sends_nothing() {
    let remote = FakeRemote::new(LIMITS);
    let mut known = Known::new();
    let drafts: Vec<_> = (0..20).map(|n| draft(n, "a", if n == 0 { &[] } else { &[0] })).collect();
    let first = push_all(&remote, drafts.clone(), &mut known).unwrap();
    assert_eq!(first, PushSummary { requests: 3, created: 20, ..PushSummary::default() });
    let second = push_all(&remote, drafts, &mut known).unwrap();
    assert_eq!(second, PushSummary { unchanged: 20, ..PushSummary::default() });
}

#[test]
fn the_urn_uuids_of_a_message_do_not_make_a_difference() {
    let remote = FakeRemote::new(LIMITS);
    let mut known = Known::new();
    push_all(&remote, vec![draft(0, "a", &[]), draft(2, "a", &[0])], &mut known).unwrap();
    let renamed = |mut draft: Draft, to: usize| {
        draft.full_url = url(to);
        draft
    };
    let mut observation = draft(2, "a", &[70]);
    observation.full_url = url(72);
    let again = push_all(&remote, vec![renamed(draft(0, "a", &[]), 70), observation], &mut known).unwrap();
    assert_eq!((again.unchanged, again.requests), (2, 0));
}

#[test]
fn known_resources_go_by_id_in_requests_of_fifty() {
    let remote = FakeRemote::new(LIMITS);
    let mut known = Known::new();
    let all = |text: &str| (0..120).map(|n| draft(n, text, &[0])).collect::<Vec<_>>();
    push_all(&remote, all("a"), &mut known).unwrap();
    let summary = push_all(&remote, all("b"), &mut known).unwrap();
    assert_eq!((summary.requests, summary.updated), (3, 120));
}

#[test]
fn references_inside_a_conditional_request_stay_urns_and_others_become_ids() {
    let remote = FakeRemote::new(LIMITS);
    let mut known = Known::new();
    push_all(&remote, vec![draft(0, "a", &[])], &mut known).unwrap();
    let rows: Vec<_> = known.into_values().collect();
    let drafts = vec![draft(0, "a", &[]), draft(1, "a", &[0]), draft(2, "a", &[0, 1])];
    let writes = Push::new(drafts, &rows, LIMITS).unwrap().next_chunk().unwrap();
    assert_eq!(references(&writes[0]), ["Patient/r1"]);
    assert_eq!(references(&writes[1]), ["Patient/r1".to_owned(), url(1)]);
}

#[test]
fn without_atomic_transactions_only_rings_share_a_request() {
    let remote = FakeRemote::new(Limits { atomic: false, ..LIMITS });
    let drafts = vec![draft(0, "a", &[]), draft(1, "a", &[0]), draft(3, "a", &[4]), draft(4, "a", &[3])];
    let mut push = Push::new(drafts, &[], remote.limits).unwrap();
    let mut requests = Vec::new();
    while let Some(writes) = push.next_chunk() {
        requests.push(writes.iter().map(|write| write.full_url.clone()).collect::<BTreeSet<_>>());
        assert!(push.record(remote.apply(&writes)).refusal.is_none());
    }
    assert_eq!(requests, [BTreeSet::from([url(0), url(3), url(4)]), BTreeSet::from([url(1)])]);
}

#[test]
fn a_ring_that_is_too_large_and_a_dangling_reference_are_errors() {
    let ring = (0..9).map(|n| draft(n, "a", &[(n + 1) % 9])).collect();
    let refused = Push::new(ring, &[], LIMITS).unwrap_err();
    assert!(matches!(refused, Error::RingTooLarge { entries: 9, limit: 8 }), "{refused}");
    let dangling = Push::new(vec![draft(0, "a", &[]), draft(1, "a", &[5])], &[], LIMITS).unwrap_err();
    assert!(matches!(&dangling, Error::DanglingReference { entry: 1, path } if path.contains("focus")));
    let mut double = draft(1, "a", &[]);
    double.full_url = url(0);
    let conflict = Push::new(vec![draft(0, "a", &[]), double], &[], LIMITS).unwrap_err();
    assert!(matches!(conflict, Error::Conflict { .. }), "{conflict}");
}

#[test]
fn an_older_message_is_skipped_and_lends_its_id() {
    let remote = FakeRemote::new(LIMITS);
    let mut known = Known::new();
    let newer = Draft { source_sequence: 9, ..draft(0, "new", &[]) };
    push_all(&remote, vec![newer], &mut known).unwrap();
    let summary = push_all(&remote, vec![draft(0, "old", &[]), draft(1, "a", &[0])], &mut known).unwrap();
    assert_eq!((summary.superseded, summary.created), (1, 1));
    assert_eq!(remote.find(&draft(0, "", &[]).key).unwrap().1.value().str("note"), Some("new"));
}

#[test]
fn a_redriven_message_does_not_undo_a_newer_one_that_changed_nothing() {
    let remote = FakeRemote::new(LIMITS);
    let mut known = Known::new();
    let message = |text: &str, source_sequence| vec![Draft { source_sequence, ..draft(0, text, &[]) }];
    push_all(&remote, message("a", 1), &mut known).unwrap();
    assert_eq!(push_all(&remote, message("a", 3), &mut known).unwrap().unchanged, 1);
    let between = push_all(&remote, message("b", 2), &mut known).unwrap();
    assert_eq!((between.superseded, between.updated), (1, 0));
    assert_eq!(push_all(&remote, message("c", 4), &mut known).unwrap().updated, 1);
}

#[test]
fn two_drafts_of_one_identity_become_one_write() {
    let remote = FakeRemote::new(LIMITS);
    let mut twin = draft(0, "second", &[]);
    twin.full_url = url(90);
    let drafts = vec![draft(0, "first", &[]), twin, draft(1, "a", &[0]), draft(2, "a", &[90])];
    let summary = push_all(&remote, drafts, &mut Known::new()).unwrap();
    assert_eq!((summary.coalesced, summary.created), (1, 3));
    assert_eq!(remote.find(&draft(0, "", &[]).key).unwrap().1.value().str("note"), Some("second"));
}

#[test]
fn an_id_that_is_gone_is_found_in_a_large_request_and_its_referrers_follow() {
    for atomic in [true, false] {
        let remote = FakeRemote::new(Limits { atomic, ..LIMITS });
        let mut known = Known::new();
        let drafts = |text: &str| vec![draft(0, text, &[]), draft(1, text, &[0]), draft(2, "same", &[0])];
        push_all(&remote, drafts("a"), &mut known).unwrap();
        let old = known[&draft(0, "", &[]).key].remote_id.clone();
        remote.delete(&old);
        let summary = push_all(&remote, drafts("b"), &mut known).unwrap();
        assert_eq!((summary.resurrected, summary.created), (1, 1), "atomic: {atomic}");
        assert_resolved(&remote, &drafts("b"), &known);
        assert_ne!(known[&draft(0, "", &[]).key].remote_id, old);
    }
}

#[test]
fn refusals_end_the_push_and_keep_what_was_applied() {
    let mut push = Push::new(vec![draft(0, "a", &[]), draft(1, "a", &[])], &[], LIMITS).unwrap();
    assert_eq!(push.next_chunk().unwrap().len(), 2);
    let applied = WriteOutcome::Applied { id: "r1".into(), version: Some("1".into()), created: true };
    let recorded = push.record(Ok(vec![applied, WriteOutcome::Refused(Refusal::MultipleMatches)]));
    assert_eq!((recorded.applied.len(), recorded.refusal), (1, Some(Refusal::MultipleMatches)));
    assert!(push.next_chunk().is_none());

    let mut push = Push::new(vec![draft(0, "a", &[])], &[], LIMITS).unwrap();
    assert!(push.next_chunk().is_some());
    let recorded = push.record(Ok(Vec::new()));
    assert!(matches!(recorded.refusal, Some(Refusal::Transient { .. })), "an answer for each write");
}

#[test]
fn a_version_conflict_is_tried_once_more() {
    let mut push = Push::new(vec![draft(0, "a", &[])], &[], LIMITS).unwrap();
    for expected in [None, Some(Refusal::transient("version-conflict"))] {
        assert!(push.next_chunk().is_some());
        let recorded = push.record(Ok(vec![WriteOutcome::Refused(Refusal::VersionConflict)]));
        assert_eq!(recorded.refusal, expected);
    }
}

#[test]
fn no_debug_output_shows_a_value() {
    let push = Push::new(vec![draft(0, "CANARY", &[])], &[], LIMITS).unwrap();
    assert!(!format!("{push:?}").contains("CANARY"));
}

/// What a run of the property test starts from.
#[derive(Clone, Debug)]
struct Case {
    references: Vec<Vec<usize>>,
    /// Pushed before the message.
    before: Vec<bool>,
    /// 0 unchanged, 1 edited, 2 edited and deleted at the remote, 3 edited and unknown to the remote.
    fate: Vec<u8>,
    limits: Limits,
}

fn case() -> impl Strategy<Value = Case> {
    (1..40_usize).prop_flat_map(|count| {
        // Mostly backwards, so that rings stay small; n <-> n+1 rings come from `partner`.
        let backwards = prop::collection::vec(prop::collection::vec(0..count, 0..4), count);
        let partner = prop::collection::vec(prop::bool::weighted(0.1), count);
        let before = prop::collection::vec(any::<bool>(), count);
        let fate = prop::collection::vec(0..4_u8, count);
        let limits = (2..9_usize, 1..12_usize, any::<bool>());
        (backwards, partner, before, fate, limits).prop_map(|(backwards, partner, before, fate, limits)| {
            let references = backwards.iter().enumerate().map(|(n, targets)| {
                let mut targets: Vec<_> = targets.iter().map(|target| target % (n / 2 * 2 + 1)).collect();
                if n % 2 == 0 && partner[n] && n + 1 < partner.len() {
                    targets.push(n + 1);
                }
                targets.retain(|&target| target / 2 < n / 2 || target == n + 1 || target == n - n % 2);
                targets
            });
            let (conditional_entries, update_entries, atomic) = limits;
            let limits = Limits { conditional_entries, update_entries, atomic };
            Case { references: references.collect(), before, fate, limits }
        })
    })
}

proptest! {
    #[test]
    fn every_write_arrives_once_and_every_reference_leads_home(case in case()) {
        let remote = FakeRemote::new(case.limits);
        let mut known = Known::new();
        let wanted = |n: &usize| case.before[*n];
        let before = (0..case.references.len()).filter(wanted).map(|n| {
            let targets: Vec<_> = case.references[n].iter().copied().filter(wanted).collect();
            draft(n, "a", &targets)
        });
        push_all(&remote, before.collect(), &mut known).unwrap();
        let gone = sabotage(&remote, &case, &known);
        remote.take_writes();

        let text = |n: usize| if case.before[n] && case.fate[n] > 0 { "b" } else { "a" };
        let drafts: Vec<_> =
            case.references.iter().enumerate().map(|(n, targets)| draft(n, text(n), targets)).collect();
        let summary = push_all(&remote, drafts.clone(), &mut known).unwrap();
        assert_resolved(&remote, &drafts, &known);
        prop_assert_eq!(summary.resurrected + summary.refound, gone);
        if gone == 0 {
            let mut writes: BTreeMap<LocalKey, u32> = BTreeMap::new();
            for key in remote.take_writes() {
                *writes.entry(key).or_default() += 1;
            }
            prop_assert!(writes.values().all(|&count| count == 1), "written twice");
            prop_assert_eq!(writes.len() as u64 + summary.unchanged, drafts.len() as u64);
        }
        let again = push_all(&remote, drafts.clone(), &mut known).unwrap();
        prop_assert_eq!(again, PushSummary { unchanged: drafts.len() as u64, ..PushSummary::default() });
    }
}

fn sabotage(remote: &FakeRemote, case: &Case, known: &Known) -> u64 {
    let mut gone = 0;
    for n in (0..case.references.len()).filter(|&n| case.before[n] && case.fate[n] > 1) {
        let id = &known[&draft(n, "", &[]).key].remote_id;
        if case.fate[n] == 2 {
            remote.delete(id)
        } else {
            remote.forget(id)
        }
        gone += 1;
    }
    gone
}

/// Every draft is there once, says what it should, and refers to where its targets are.
fn assert_resolved(remote: &FakeRemote, drafts: &[Draft], known: &Known) {
    let home: HashMap<_, _> = drafts.iter().map(|draft| (draft.full_url.clone(), &draft.key)).collect();
    for draft in drafts {
        let (id, resource) = remote.find(&draft.key).expect("every draft is at the remote");
        assert_eq!(known[&draft.key].remote_id, id);
        assert_eq!(resource.value().str("note"), draft.resource.value().str("note"));
        let mut expected = Vec::new();
        visit_references(draft.resource.value(), &mut |_, text| {
            let target = home[text];
            expected.push(format!("{}/{}", target.resource_type, known[target].remote_id));
        });
        let mut found = Vec::new();
        visit_references(resource.value(), &mut |_, text| found.push(text.to_owned()));
        assert_eq!(found, expected);
    }
}

fn references(write: &Write) -> Vec<String> {
    assert!(matches!(write.method, WriteMethod::ConditionalUpdate));
    let mut found = Vec::new();
    visit_references(write.resource.value(), &mut |_, text| found.push(text.to_owned()));
    found
}
