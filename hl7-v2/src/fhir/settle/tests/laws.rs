//! What holds for all messages.

use carewire_fhir_core::{Kind, Resource, Value, validate};
use proptest::prelude::*;

use super::super::stamp::Stamps;
use super::super::state::State;
use super::super::written::settled_text;
use super::super::{Settled, settle, strip};
use super::generate::{ENCOUNTER, OBSERVATION, PATIENT, histories, histories_of, policies};
use super::{Message, settled};
use crate::fhir::SettlePolicy;

fn in_order<'m>(messages: &'m [Message], order: &[usize]) -> Vec<&'m Message> {
    order.iter().filter_map(|&n| messages.get(n)).collect()
}

/// The message whose word counts, of those that speak of a member: by time, then by hash.
fn last(messages: &[Message], speaks: impl Fn(&Message) -> bool) -> Option<&Message> {
    let spoken = messages.iter().filter(|message| speaks(message));
    spoken.max_by_key(|message| (message.change.time.clone(), message.change.tie.clone()))
}

fn stage(resource: &Resource) -> usize {
    let status = resource.value().str("status").unwrap_or_default();
    let stages: [&[&str]; 5] = [
        &["registered", "unknown"],
        &["preliminary"],
        &["final"],
        &["amended", "corrected"],
        &["cancelled", "entered-in-error"],
    ];
    stages.iter().position(|stage| stage.contains(&status)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_order_and_any_repetition_end_the_same((messages, order) in histories(), policy in policies()) {
        let once = settled(&messages, &policy);
        let again = settled(in_order(&messages, &order), &policy);
        prop_assert_eq!(once.to_json(), again.to_json());
    }

    #[test]
    fn what_was_settled_apart_is_joined_the_same((messages, _) in histories(), policy in policies()) {
        let said = |message: &Message| State::of_message(&message.resource, &message.change, &policy);
        let (first, rest) = messages.split_first().unwrap();
        let one_by_one = rest.iter().fold(said(first), |state, message| state.join(said(message)));
        for at in 1..messages.len() {
            let (left, right) = messages.split_at(at);
            let half = |part: &[Message]| part.iter().map(said).reduce(State::join).unwrap();
            let written = half(left).join(half(right)).into_resource();
            prop_assert_eq!(written.to_json(), one_by_one.clone().into_resource().to_json());
            let read = State::of_known(&half(left).into_resource()).join(State::of_known(&half(right).into_resource()));
            prop_assert!(read == one_by_one, "also when both halves were written down");
        }
    }

    #[test]
    fn what_was_said_once_is_not_said_again((messages, _) in histories(), policy in policies()) {
        let known = settled(&messages, &policy);
        for message in &messages {
            prop_assert_eq!(settle(Some(&known), &message.resource, &message.change, &policy), Settled::Unchanged);
        }
    }

    #[test]
    fn the_stamps_survive_being_written((messages, _) in histories(), policy in policies()) {
        let known = settled(&messages, &policy);
        let text = settled_text(known.value()).unwrap();
        prop_assert_eq!(Stamps::read(text).unwrap().write(), text);
        let read = Resource::parse(known.to_json().as_bytes()).unwrap();
        prop_assert_eq!(State::of_known(&read).into_resource().to_json(), known.to_json());
    }

    #[test]
    fn valid_messages_make_a_valid_resource((messages, order) in histories(), policy in policies()) {
        for message in &messages {
            prop_assert_eq!(validate(&message.resource).len(), 0, "{}", message.resource.to_json());
        }
        for count in 1..=order.len() {
            let known = settled(in_order(&messages, &order[..count]), &policy);
            let faults: Vec<_> = validate(&known).into_iter().map(|issue| (issue.code, issue.expression)).collect();
            prop_assert_eq!(faults, vec![], "{}", known.to_json());
        }
    }

    #[test]
    fn the_newest_who_speaks_of_an_element_is_right((messages, order) in histories_of(&ENCOUNTER, 0)) {
        let known = settled(in_order(&messages, &order), &SettlePolicy::default());
        for element in ["status", "period", "type", "hospitalization", "priority"] {
            let speaks = |message: &Message| {
                message.resource.value().get(element).is_some() || message.change.cleared.contains(&element)
            };
            let newest = last(&messages, speaks);
            let mut right = newest.and_then(|message| message.resource.value().get(element)).cloned();
            for (name, member) in [("period.end", "end"), ("hospitalization.admitSource", "admitSource")] {
                let of_element = |message: &Message| message.change.cleared.contains(&name) && !speaks(message);
                let ends = newest.zip(last(&messages, of_element)).filter(|_| name.starts_with(element));
                if ends.is_some_and(|(newest, end)| (&end.change.time, &end.change.tie) > (&newest.change.time, &newest.change.tie)) {
                    right.iter_mut().for_each(|value| drop(value.remove(member)));
                }
            }
            let right = right.filter(|value| value.kind() != Kind::Object || !value.is_empty());
            prop_assert_eq!(known.value().get(element).map(Value::to_json), right.map(|right| right.to_json()), "{}", element);
        }
    }

    #[test]
    fn a_result_never_goes_back((messages, order) in histories_of(&OBSERVATION, 0), policy in policies()) {
        let mut before = 0;
        for count in 1..=order.len() {
            let known = settled(in_order(&messages, &order[..count]), &policy);
            prop_assert!(stage(&known) >= before);
            before = stage(&known);
        }
        prop_assert_eq!(Some(before), messages.iter().map(|message| stage(&message.resource)).max());
    }

    #[test]
    fn a_merged_patient_stays_merged((messages, order) in histories_of(&PATIENT, 1), policy in policies()) {
        let known = settled(in_order(&messages, &order), &policy);
        let links = |resource: &Resource| -> std::collections::BTreeSet<String> {
            resource.value().list("link").iter().map(Value::to_json).collect()
        };
        let all: std::collections::BTreeSet<String> =
            messages.iter().flat_map(|message| links(&message.resource)).collect();
        prop_assert_eq!(links(&known), all.clone());
        let merged = all.iter().any(|link| link.contains("replaced-by"));
        let clears = messages.iter().any(|message| message.change.cleared.contains(&"active"));
        if merged {
            prop_assert_eq!(known.value().get("active").and_then(Value::as_bool), Some(false));
        } else if !clears {
            let active = messages.iter().any(|message| message.resource.value().get("active").is_some());
            prop_assert_eq!(known.value().get("active").is_some(), active, "silence does not end it");
        }
    }

    #[test]
    fn no_identifier_is_ever_lost((messages, order) in histories(), policy in policies()) {
        let known = settled(in_order(&messages, &order), &policy);
        let keys = |resource: &Resource| -> std::collections::BTreeSet<(String, String)> {
            let text = |identifier: &Value, name| identifier.str(name).unwrap_or_default().to_owned();
            let list = resource.value().list("identifier").iter();
            list.map(|identifier| (text(identifier, "system"), text(identifier, "value"))).collect()
        };
        let all = messages.iter().flat_map(|message| keys(&message.resource)).collect();
        prop_assert_eq!(keys(&known), all);
    }

    #[test]
    fn without_stamps_it_says_the_same((messages, _) in histories(), policy in policies()) {
        let known = settled(&messages, &policy);
        let mut plain = known.clone();
        strip(&mut plain);
        prop_assert!(!plain.to_json().contains("urn:carewire:settled"));
        let members = |resource: &Resource| {
            let mut value = resource.value().clone();
            value.remove("meta");
            value.to_json()
        };
        prop_assert_eq!(members(&plain), members(&known));
    }
}
