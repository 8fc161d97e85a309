//! Primitives that a rule looks at or changes: dates, postal codes and the like.

use carewire_fhir_core::json::{JsonNode, write_string};

use super::walk::Walk;
use super::{Treatment, primitive};
use crate::policy::{At, DateRule, Primitive, Step};
use crate::transform::{ZipList, fhir_year, zip3};

impl<'n, N: JsonNode<'n>> Walk<'_, '_, N> {
    pub(super) fn primitive(&mut self, at: At, kind: Primitive, value: N) -> bool {
        if primitive::is_date(kind) {
            return match self.policy.dates().method {
                DateRule::Keep if primitive::fits(kind, value, crate::fhir::Codes::Open) => {
                    self.kept(at, value)
                }
                DateRule::Keep => self.dropped(at),
                DateRule::Year if kind == Primitive::Instant => self.dropped(at),
                rule => self.date(at, rule, value),
            };
        }
        let codes = self.plan.spot(at).codes;
        if primitive::fits(kind, value, codes) { self.kept(at, value) } else { self.dropped(at) }
    }

    /// A date by a rule that changes it.
    pub(super) fn date(&mut self, at: At, rule: DateRule, value: N) -> bool {
        let Some(text) = value.as_str().filter(|text| !self.scope.is_too_old(text)) else {
            return self.dropped(at);
        };
        match rule {
            DateRule::Year => match fhir_year(text) {
                Some(year) => {
                    write_string(year, self.out);
                    self.note(at, Treatment::Generalised);
                    true
                }
                None => self.dropped(at),
            },
            DateRule::Shift if self.scope.shift().is_none() => {
                self.unshifted += 1;
                self.dropped(at)
            }
            DateRule::Shift => match self.scope.shift().and_then(|shift| shift.fhir(text)) {
                Some(moved) => {
                    write_string(&moved, self.out);
                    self.note(at, Treatment::Shifted);
                    true
                }
                None => self.dropped(at),
            },
            DateRule::Keep => self.kept(at, value),
        }
    }

    pub(super) fn postal_code(&mut self, at: At, step: Step, value: N, country: Option<&str>) -> bool {
        let list = ZipList::named(&self.policy.geography().list).unwrap_or_else(|| ZipList::union());
        let text = value.as_str().unwrap_or_default();
        // Three digits are what an earlier pass left.
        let padded = (step == Step::Zip3 && text.len() == 3).then(|| format!("{text}00"));
        let Some(short) = zip3(padded.as_deref().unwrap_or(text), country, list) else {
            return self.dropped(at);
        };
        if step == Step::Zip {
            return self.kept(at, value);
        }
        write_string(&short, self.out);
        self.note(at, Treatment::Generalised);
        true
    }

    pub(super) fn area(&mut self, at: At, value: N, country: Option<&str>) -> bool {
        let area = value.as_str().and_then(|text| self.policy.geography().postcode(text, country));
        let Some(area) = area else { return self.dropped(at) };
        write_string(&area, self.out);
        self.note(at, Treatment::Generalised);
        true
    }
}
