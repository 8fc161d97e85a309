//! Codes that have to be of value sets.

use super::check::Checker;
use super::data::Data;
use super::finding_of;
use super::query::Node;
use crate::Severity;
use crate::finding::FindingKind;
use crate::profile::binding::{Binding, CodeLocation, SingleCode, Strength};
use crate::profile::value_set::Membership;

/// A code at a place, with its code system: `Some(None)` is one that is asked for and not given.
struct Coded<'p, 'm> {
    code: Data<'p, 'm>,
    system: Option<Option<String>>,
}

/// What the value sets of a binding say about the codes of an element.
enum Verdict<'p, 'm> {
    /// There is no code.
    Nothing,
    /// One is in a set.
    Fits,
    /// None is in those sets that can be looked into.
    Unlisted,
    /// No code is in any set; this is about the first.
    Fails(Membership, Data<'p, 'm>),
    /// Several codes of the element are of one set, of which there may be one.
    Several(Data<'p, 'm>),
    /// It cannot be told.
    Unknown,
}

impl<'p, 'm> Checker<'p, 'm, '_> {
    pub(super) fn binding(&mut self, binding: &'p Binding, id: &'p str, node: Node<'p, 'm>) {
        let Ok(targets) = self.query(node, &binding.target) else { return };
        for target in targets {
            if self.is_forbidden(target) || matches!(target, Node::Data(data, _) if data.is_null()) {
                continue;
            }
            if binding.strength == Strength::Undetermined {
                continue;
            }
            let (kind, expected, data) = match self.verdict(binding, target) {
                Verdict::Nothing | Verdict::Fits | Verdict::Unlisted => continue,
                Verdict::Fails(membership, data) => {
                    (FindingKind::NotInTable, expected(&binding.name, membership), data)
                }
                Verdict::Several(data) => {
                    (FindingKind::OtherValue, format!("{}, in one place only", binding.name), data)
                }
                Verdict::Unknown => {
                    let finding = finding_of(FindingKind::NotChecked).by_rule(id);
                    let finding = finding.expecting(binding.name.clone());
                    self.report(finding, Some(target.instance()), self.place_of(target));
                    continue;
                }
            };
            let finding = finding_of(kind).with_severity(severity(binding)).by_rule(id);
            self.report(finding.expecting(expected), Some(target.instance()), data.spot());
        }
    }

    pub(super) fn single_code(&mut self, single: &'p SingleCode, id: &'p str, node: Node<'p, 'm>) {
        let Ok(targets) = self.query(node, &single.target) else { return };
        for target in targets {
            if self.is_forbidden(target) {
                continue;
            }
            let Some(codes) = self.are_codes(single, target) else { continue };
            let count = codes.iter().filter(|is_it| **is_it).count();
            if count != 1 && !codes.is_empty() {
                let expected = format!("{} of {}", single.code, single.system);
                let finding = finding_of(FindingKind::OtherValue).expecting(expected).by_rule(id);
                self.report(finding, Some(target.instance()), self.place_of(target));
            }
        }
    }

    /// Whether the codes of an element are of the value sets; `None` when that cannot be told.
    pub(super) fn is_bound(&self, binding: &Binding, target: Node<'p, 'm>) -> Option<bool> {
        match self.verdict(binding, target) {
            Verdict::Nothing | Verdict::Fits => Some(true),
            Verdict::Fails(..) | Verdict::Several(_) => Some(false),
            Verdict::Unlisted | Verdict::Unknown => None,
        }
    }

    /// Whether a code of an element is of the value sets; `None` when there is none, or it cannot be told.
    pub(super) fn is_member(&self, binding: &Binding, target: Node<'p, 'm>) -> Option<bool> {
        match self.verdict(binding, target) {
            Verdict::Nothing => None,
            _ => self.is_bound(binding, target),
        }
    }

    /// For each code of an element, whether it is this one of this system.
    pub(super) fn are_codes(&self, single: &SingleCode, target: Node<'p, 'm>) -> Option<Vec<bool>> {
        let is_it = |coded: &Coded<'p, 'm>| {
            let system = coded.system.as_ref();
            coded.code.text() == single.code
                && system.is_none_or(|system| system.as_deref() == Some(&*single.system))
        };
        Some(self.codes(&single.locations, target)?.iter().map(is_it).collect())
    }

    fn verdict(&self, binding: &Binding, target: Node<'p, 'm>) -> Verdict<'p, 'm> {
        let Some(codes) = self.codes(&binding.locations, target) else { return Verdict::Unknown };
        let mut worst = None;
        let mut members = vec![None; binding.sets.len()];
        let mut unknown = false;
        for found in &codes {
            let text = found.code.text();
            for (set, member) in binding.sets.iter().zip(&mut members) {
                match set.membership(&text, found.system.as_ref().map(Option::as_deref)) {
                    Membership::Member if member.is_some() => return Verdict::Several(found.code),
                    Membership::Member => *member = Some(()),
                    Membership::Unknown => unknown = true,
                    other => worst = worst.or(Some((other, found.code))),
                }
            }
        }
        match worst {
            _ if codes.is_empty() => Verdict::Nothing,
            _ if members.iter().any(Option::is_some) => Verdict::Fits,
            _ if unknown => Verdict::Unknown,
            // A set that cannot be looked into is listed with the profile; nothing more is said of each code.
            _ if binding.incomplete => Verdict::Unlisted,
            Some((membership, code)) => Verdict::Fails(membership, code),
            None => Verdict::Unknown,
        }
    }

    /// The codes at the locations; `None` when one of them is not a value.
    fn codes(&self, locations: &[CodeLocation], target: Node<'p, 'm>) -> Option<Vec<Coded<'p, 'm>>> {
        let mut codes = Vec::new();
        for location in locations {
            let found = self.values(target, &location.code).ok()?;
            let code = match found.as_slice() {
                [] => continue,
                [(code, _)] => *code,
                _ => return None,
            };
            let system = match &location.system {
                None => None,
                Some(path) => {
                    let found = self.values(target, path).ok()?;
                    Some(found.first().map(|(system, _)| system.text().into_owned()))
                }
            };
            codes.push(Coded { code, system });
        }
        Some(codes)
    }
}

/// The value sets, and what about the code system is wrong.
fn expected(name: &str, membership: Membership) -> String {
    match membership {
        Membership::Excluded => format!("{name}, which excludes it"),
        Membership::OtherSystem => format!("{name}, with the code system of the set"),
        Membership::NoSystem => format!("{name}, with a code system"),
        Membership::Member | Membership::NoMember | Membership::Unknown => name.to_owned(),
    }
}

/// A code outside a closed set that is bound as required is an error, any other a warning.
fn severity(binding: &Binding) -> Severity {
    let open = binding.sets.iter().any(|set| set.open);
    match binding.strength {
        Strength::Required if !open => Severity::Error,
        _ => Severity::Warning,
    }
}
