use std::collections::HashSet;

use carewire_fhir_core::search::{Include, Surroundings};

use super::{Key, Within};
use crate::api::interaction::parse_id;
use crate::rules::types;

/// The most resources that come along.
const MOST: usize = 1_000;

/// What comes with the matches, in the order in which it is found.
pub(super) fn included(within: &Within<'_>, includes: &[Include], matches: &[Key]) -> Vec<Key> {
    let mut known: HashSet<Key> = matches.iter().copied().collect();
    let mut found = Vec::new();
    let mut open = matches.to_vec();
    let mut followed: Vec<&Include> = includes.iter().collect();
    while !open.is_empty() && !followed.is_empty() {
        let mut next = Vec::new();
        for key in open {
            for target in followed.iter().flat_map(|include| follow(within, include, key)) {
                let is_live = within.state.live(target.0, target.1).is_some();
                if is_live && found.len() < MOST && known.insert(target) {
                    found.push(target);
                    next.push(target);
                }
            }
        }
        open = next;
        followed.retain(|include| include.is_iterated);
    }
    found
}

fn follow(within: &Within<'_>, include: &Include, (resource_type, id): Key) -> Vec<Key> {
    if include.is_reverse {
        return referring(within, include, &format!("{resource_type}/{id}"));
    }
    let resource = within.state.live(resource_type, id).and_then(|version| version.resource());
    let targets = resource.map(|resource| include.targets(&resource, within.base)).unwrap_or_default();
    let key = |name: &str, id: &str| Some((types::known(name)?, parse_id(id)?));
    targets.iter().filter_map(|target| key(&target.resource_type, &target.id)).collect()
}

fn referring(within: &Within<'_>, include: &Include, own: &str) -> Vec<Key> {
    let sources = match &include.source {
        Some(source) => types::known(source).into_iter().collect(),
        None => types::all().to_vec(),
    };
    let mut found = Vec::new();
    for source in sources {
        for resource in within.referring(source, own) {
            let refers = include.targets(&resource, within.base);
            let refers = refers.iter().any(|to| own == format!("{}/{}", to.resource_type, to.id));
            let id = resource.str("id").and_then(parse_id).filter(|_| refers);
            found.extend(id.map(|id| (source, id)));
        }
    }
    found
}
