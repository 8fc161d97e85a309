//! `carewire deid v2`.

use std::io::Read;

use carewire_deid::{Policy, v2};

use super::account::Account;
use super::args::Transform;
use super::envelopes;
use super::fhir::lacking;
use super::patients;
use super::rounds::Item;
use super::terms::{Rules, Terms};
use super::work::{Kind, Part, Run};
use crate::failure::{Done, Failure};
use crate::keys::OsEntropy;
use crate::messages::Messages;

pub(super) fn run(options: &Transform) -> Result<Done, Failure> {
    patients::refuse(options, "a message says itself who its patient is")?;
    let terms = Terms::of(options)?;
    let Terms { rules, keys, cipher, scrubber, org, as_of, .. } = &terms;
    let Rules::Policy(policy) = rules else {
        return Err(Failure::usage("--policy: the rules of a rule file are for FHIR; HL7 v2 takes a policy"));
    };
    let context = v2::V2Context::new(keys, org).with_scrubber(scrubber);
    let context = match cipher {
        Some(cipher) => context.with_cipher(cipher, &OsEntropy),
        None => context,
    };
    let context = match as_of {
        Some(day) => context.with_as_of(day.clone()),
        None => context,
    };
    let kind = V2 { policy, context };
    // What the policy asks for and the context lacks is known before the first message.
    v2::Deidentifier::new(policy, kind.context.clone()).map_err(|error| lacking(policy, &error))?;
    Run::new(kind, options, &terms).run()
}

/// Messages of HL7 v2, one by one, and the envelopes of an input that is written by itself.
struct V2<'r> {
    policy: &'r Policy,
    context: v2::V2Context<'r>,
}

impl Kind for V2<'_> {
    const NAMES: [&'static str; 2] = ["message", "hl7"];

    fn items(
        &self,
        name: &str,
        source: Box<dyn Read + Send>,
        is_alone: bool,
    ) -> Box<dyn Iterator<Item = Item>> {
        messages(name, source, is_alone)
    }

    fn part(&self, items: &[Item]) -> Part {
        let mut messages = match v2::Deidentifier::new(self.policy, self.context.clone()) {
            Ok(messages) => messages,
            Err(error) => return Part::failed(items, &error.to_string()),
        };
        let one = |item: &Item| {
            let message = item.as_ref().map_err(Clone::clone)?;
            if message.trim_ascii_start().starts_with(b"{") {
                return Err("JSON, not HL7 v2: `carewire deid fhir` takes it".to_owned());
            }
            if let Some(trailer) = envelopes::trailer(message) {
                return Ok(trailer);
            }
            let mut written = vec![];
            messages.write(message, &mut written).map_err(|error| error.to_string())?;
            if !written.ends_with(b"\r") {
                written.push(b'\r');
            }
            Ok(written)
        };
        let results = items.iter().map(one).collect();
        Part { results, emptied: vec![], account: Some(Account::of(&messages.manifest())), withheld: 0 }
    }
}

/// The messages of an input, one after another, with the lines of its envelopes if they are wanted.
pub(super) fn messages(
    name: &str,
    source: Box<dyn Read + Send>,
    envelopes: bool,
) -> Box<dyn Iterator<Item = Item>> {
    let messages = Messages::of(name.to_owned(), source);
    let mut messages = if envelopes { messages.with_envelopes() } else { messages };
    let mut done = Done::All;
    let mut is_at_end = false;
    Box::new(std::iter::from_fn(move || {
        let next = messages.next(&mut done);
        let next = next.map(|next| next.map(|message| message.bytes.to_vec()).map_err(|refused| refused.why));
        match next {
            Some(item) => Some(item),
            // What was wrong with the envelope is said; that the input is not whole must stay in the exit status.
            None if done == Done::Some && !std::mem::replace(&mut is_at_end, true) => {
                Some(Err("the input is not what it says of itself".to_owned()))
            }
            None => None,
        }
    }))
}
