//! The methods that put another number or text in the place of one.

use carewire_fhir_core::Decimal;
use carewire_fhir_core::json::{JsonNode, write_string};

use super::names::{COMPARATOR, VALUE};
use super::walk::Walk;
use super::{Treatment, primitive};
use crate::fhir::Codes;
use crate::policy::{At, Primitive, Step};
use crate::transform::{Bins, perturb};
use crate::{Method, Result};

/// The number of a quantity.
pub(super) enum Amount {
    /// As it is.
    Kept,
    /// What a method made of it, and how.
    Moved(Decimal, Treatment),
    Gone,
}

impl<'n, N: JsonNode<'n>> Walk<'_, '_, N> {
    /// A number by a method that changes it.
    pub(super) fn number(&mut self, at: At, kind: Primitive, value: N) -> bool {
        let moved = self.moved(at, value);
        match moved.filter(|(number, _)| primitive::is_number(kind, number.as_str())) {
            Some((number, treatment)) => {
                self.out.push_str(number.as_str());
                self.note(at, treatment);
                true
            }
            None => self.dropped(at),
        }
    }

    /// The number of a quantity as the rule wants it. One with a comparator would say another thing of another number.
    pub(super) fn amount(&self, at: At, step: Step, quantity: N) -> Amount {
        match quantity.member(VALUE) {
            Some(number) if step == Step::Amount && quantity.member(COMPARATOR).is_none() => {
                let moved = self.moved(at, number);
                moved.map_or(Amount::Gone, |(number, treatment)| Amount::Moved(number, treatment))
            }
            Some(_) if step == Step::Amount => Amount::Gone,
            _ => Amount::Kept,
        }
    }

    /// Writes it. Answers whether a unit may follow.
    pub(super) fn put_amount(&mut self, at: At, quantity: N, amount: Amount) -> bool {
        match amount {
            Amount::Kept => self.copy(at, quantity, VALUE, Primitive::Decimal, Codes::Open),
            Amount::Moved(number, treatment) => {
                self.comma();
                self.out.push_str(VALUE.quoted());
                self.out.push_str(number.as_str());
                self.note(at, treatment);
            }
            Amount::Gone => return false,
        }
        true
    }

    /// The number that stands in the place of one, and how it came about; `None` where there is none that fits.
    pub(super) fn moved(&self, at: At, value: N) -> Option<(Decimal, Treatment)> {
        let spot = self.plan.spot(at);
        let (method, parameters) = (spot.method?, spot.parameters?);
        let number = Decimal::parse(value.as_number()?).ok()?;
        if method == Method::Generalise {
            let low = Bins::every(parameters.step.as_ref()?)?.of(&number)?.low?;
            return Some((low, Treatment::Generalised));
        }
        // Alike for all patients, noise would tell who knows his own number what all such numbers became.
        let mut place = vec![spot.path.as_bytes()];
        place.extend(self.patient.iter().flat_map(|patient| patient.parts()));
        let moved =
            perturb(self.keys, &place, &number, &parameters.reach()?, parameters.places.map(u32::from))?;
        Some((moved, Treatment::Perturbed))
    }

    /// A text or URI, sealed for its path.
    pub(super) fn encrypted(&mut self, at: At, value: N) -> Result<bool> {
        let text = value.as_str().filter(|text| !text.is_empty());
        let Some((text, (cipher, entropy))) = text.zip(self.tools.cipher) else {
            return Ok(self.dropped(at));
        };
        let sealed = cipher.once(&self.plan.spot(at).path, text, entropy)?;
        write_string(&sealed, self.out);
        self.note(at, Treatment::Encrypted);
        Ok(true)
    }

    /// What the policy's scrubber leaves of a text.
    pub(super) fn scrubbed(&mut self, at: At, value: N) -> bool {
        let scrubber = self.tools.scrubber_of(self.policy);
        let left = scrubber.zip(value.as_str()).and_then(|(scrubber, text)| scrubber.scrub(text));
        match left.filter(|text| !text.is_empty()) {
            Some(text) => {
                write_string(&text, self.out);
                self.note(at, Treatment::Scrubbed);
                true
            }
            None => self.dropped(at),
        }
    }
}
