//! Taking out of a tree what does not stay.

use carewire_fhir_core::{Resource, Value, visit_references};

use super::plan::{Plan, Total};
use super::{Dangling, Filter};

/// What is left of a resource that stays, or of a Bundle.
pub(super) fn resource(filter: &Filter<'_>, plan: &Plan<'_>, mut resource: Resource) -> Resource {
    if plan.is_bundle {
        bundle(filter, plan, resource.value_mut());
    } else {
        inside(filter, plan, resource.value_mut());
    }
    resource
}

fn bundle(filter: &Filter<'_>, plan: &Plan<'_>, bundle: &mut Value) {
    let mut changed = plan.changes_something();
    if let Some(entries) = bundle.get_mut("entry") {
        let mut verdicts = plan.verdicts.iter();
        entries.retain_items(|entry| {
            let stays = verdicts.next().is_some_and(Result::is_ok);
            if stays && let Some(resource) = entry.get_mut("resource") {
                changed |= inside(filter, plan, resource);
            }
            stays
        });
        if entries.is_empty() {
            bundle.remove("entry");
        }
    }
    match plan.total {
        Total::Keep => {}
        Total::Set(left) => {
            bundle.set("total", i64::try_from(left).map_or_else(|_| Value::null(), Value::integer));
        }
        Total::Remove => {
            bundle.remove("total");
        }
    }
    if changed {
        bundle.remove("signature");
    }
}

/// Takes elements and references out of a resource that stays; whether something was there to take.
pub(super) fn inside(filter: &Filter<'_>, plan: &Plan<'_>, resource: &mut Value) -> bool {
    let mut changed = redact(filter, resource);
    if changed {
        remove_narrative(resource);
    }
    if cuts(filter, plan) && refers_to_gone(plan, resource) {
        cut(plan, resource);
        remove_narrative(resource);
        changed = true;
    }
    changed
}

/// Whether references to what was withheld go, and something was.
pub(super) fn cuts(filter: &Filter<'_>, plan: &Plan<'_>) -> bool {
    filter.dangling == Dangling::Cut && plan.withholds_something()
}

fn redact(filter: &Filter<'_>, resource: &mut Value) -> bool {
    let name = resource.str("resourceType").unwrap_or_default().to_owned();
    let mut changed = false;
    for path in filter.redacted_elements(&name) {
        changed |= remove_path(resource, path);
    }
    if let Some(contained) = resource.get_mut("contained") {
        for inside in contained.items_mut() {
            changed |= redact(filter, inside);
        }
    }
    changed
}

/// Takes an element out, its sibling with the underscore, and each form of a choice.
fn remove_path(value: &mut Value, path: &str) -> bool {
    if !value.items().is_empty() {
        return value.items_mut().iter_mut().fold(false, |changed, item| remove_path(item, path) | changed);
    }
    match path.split_once('.') {
        Some((name, rest)) => value.get_mut(name).is_some_and(|inside| remove_path(inside, rest)),
        None => {
            let before = value.len();
            value.retain_members(|name, _| !is_element(name.strip_prefix('_').unwrap_or(name), path));
            value.len() < before
        }
    }
}

fn is_element(name: &str, element: &str) -> bool {
    match element.strip_suffix("[x]") {
        Some(choice) => {
            name.strip_prefix(choice).is_some_and(|kind| kind.starts_with(|c: char| c.is_ascii_uppercase()))
        }
        None => name == element,
    }
}

fn refers_to_gone(plan: &Plan<'_>, resource: &Value) -> bool {
    let mut found = false;
    visit_references(resource, &mut |_, reference| found |= plan.is_gone(reference));
    found
}

/// Takes out the references to what was withheld; a list that is empty then goes.
fn cut(plan: &Plan<'_>, value: &mut Value) {
    let is_gone = |value: &Value| value.str("reference").is_some_and(|reference| plan.is_gone(reference));
    value.retain_members(|_, member| {
        if is_gone(member) {
            return false;
        }
        let had_items = !member.items().is_empty();
        cut(plan, member);
        !(had_items && member.items().is_empty())
    });
    value.retain_items(|item| {
        let stays = !is_gone(item);
        if stays {
            cut(plan, item);
        }
        stays
    });
}

fn remove_narrative(value: &mut Value) {
    value.remove("text");
    for list in ["section", "contained"] {
        if let Some(inside) = value.get_mut(list) {
            inside.items_mut().iter_mut().for_each(remove_narrative);
        }
    }
}
