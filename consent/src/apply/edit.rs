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
    within(resource, &mut |inside| changed |= redact(filter, inside));
    changed
}

/// What a resource contains, and what is in the entries of a Bundle that stays.
fn within(resource: &mut Value, f: &mut dyn FnMut(&mut Value)) {
    if let Some(contained) = resource.get_mut("contained") {
        contained.items_mut().iter_mut().for_each(&mut *f);
    }
    if let Some(entries) = resource.get_mut("entry") {
        entries.items_mut().iter_mut().filter_map(|entry| entry.get_mut("resource")).for_each(f);
    }
}

/// Takes an element out, its sibling with the underscore, and each form of a choice; and what has nothing in it then.
fn remove_path(value: &mut Value, path: &str) -> bool {
    if !value.items().is_empty() {
        let mut changed = false;
        value.retain_items(|item| {
            let is_less = remove_path(item, path);
            changed |= is_less;
            !(is_less && item.is_empty())
        });
        return changed;
    }
    let Some((name, rest)) = path.split_once('.') else {
        let before = value.len();
        value.retain_members(|name, _| !is_element(name.strip_prefix('_').unwrap_or(name), path));
        return value.len() < before;
    };
    let Some(inside) = value.get_mut(name) else { return false };
    let changed = remove_path(inside, rest);
    if changed && inside.is_empty() {
        value.remove(name);
    }
    changed
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

/// Takes out the references to what was withheld; a list or an object that is empty then goes.
fn cut(plan: &Plan<'_>, value: &mut Value) {
    value.retain_members(|_, member| stays(plan, member));
    value.retain_items(|item| stays(plan, item));
}

/// Whether something is left of it without the references.
fn stays(plan: &Plan<'_>, value: &mut Value) -> bool {
    if value.str("reference").is_some_and(|reference| plan.is_gone(reference)) {
        return false;
    }
    let was_empty = value.is_empty();
    cut(plan, value);
    was_empty || !value.is_empty()
}

fn remove_narrative(value: &mut Value) {
    value.remove("text");
    if let Some(sections) = value.get_mut("section") {
        sections.items_mut().iter_mut().for_each(remove_narrative);
    }
    within(value, &mut remove_narrative);
}
