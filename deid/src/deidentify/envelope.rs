//! What stands in a Bundle around its resources: addresses, requests, answers.

use carewire_fhir_core::json::{JsonNode, NameId, TapeNode, write_string};

use super::Treatment;
use super::address::{Addresses, condition, id_of};
use super::names::{EXTENSION, ID, IDENTIFIER, MODIFIER, RESOURCE_TYPE, SYSTEM, TYPE, URL, VALUE};
use super::query::identifier_of;
use super::{PSEUDONYM_SYSTEM, identity};
use crate::fhir::{self, Codes};
use crate::policy::{At, Plan};
use crate::{Method, Policy, Pseudonymizer};

/// The places at which a Bundle's own elements are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Envelope {
    bundle: At,
    entry: At,
    request: At,
    response: At,
    search: At,
}

pub(super) const FULL_URL: NameId = NameId::element("fullUrl");
const ENTRY: NameId = NameId::element("entry");
const REQUEST: NameId = NameId::element("request");
const RESPONSE: NameId = NameId::element("response");
const SEARCH: NameId = NameId::element("search");
const RESOURCE: NameId = NameId::element("resource");
const METHOD: NameId = NameId::element("method");
const IF_NONE_EXIST: NameId = NameId::element("ifNoneExist");
const MODE: NameId = NameId::element("mode");
const STATUS: NameId = NameId::element("status");
const LOCATION: NameId = NameId::element("location");
const TOTAL: NameId = NameId::element("total");

impl Envelope {
    pub(super) fn new(plan: &mut Plan<'_>) -> Self {
        let [bundle, entry, request, response, search] = [
            "Bundle",
            "Bundle.entry",
            "Bundle.entry.request",
            "Bundle.entry.response",
            "Bundle.entry.search",
        ]
        .map(|path| plan.counter(path));
        Self { bundle, entry, request, response, search }
    }

    /// The members of a Bundle beside its type and entries.
    pub(super) fn head(
        self,
        plan: &mut Plan<'_>,
        keys: &Pseudonymizer,
        bundle: TapeNode<'_>,
        out: &mut String,
    ) {
        for (name, value) in bundle.members() {
            let treatment = match name.id() {
                Some((RESOURCE_TYPE | ENTRY, false)) => continue,
                Some((ID, false)) => match value.as_str() {
                    Some(id) => put(out, ID, &id_of(keys, "Bundle", id), Treatment::Pseudonymised),
                    None => Treatment::Dropped,
                },
                Some((TYPE, false)) => code(out, TYPE, value, "Bundle"),
                Some((TOTAL, false)) => {
                    match value.as_number().filter(|number| number.parse::<u32>().is_ok()) {
                        Some(number) => {
                            begin(out, TOTAL);
                            out.push_str(number);
                            Treatment::Kept
                        }
                        None => Treatment::Dropped,
                    }
                }
                Some((IDENTIFIER, false)) if becomes_surrogate(plan.policy(), value) => {
                    identifier(out, keys, value)
                }
                _ => Treatment::Dropped,
            };
            note(plan, self.bundle, name.id(), treatment);
        }
    }

    /// The members of an entry beside its resource.
    pub(super) fn entry(
        self,
        plan: &mut Plan<'_>,
        addresses: &mut Addresses,
        keys: &Pseudonymizer,
        entry: TapeNode<'_>,
        out: &mut String,
    ) {
        for (name, value) in entry.members() {
            match name.id() {
                Some((RESOURCE, false)) => {}
                Some((FULL_URL, false)) => {
                    let treatment =
                        address(out, FULL_URL, addresses.of(keys, value.as_str().unwrap_or_default()));
                    note(plan, self.entry, name.id(), treatment);
                }
                Some((REQUEST, false)) => {
                    inside(out, REQUEST, |out| self.request(plan, addresses, keys, value, out))
                }
                Some((RESPONSE, false)) => {
                    inside(out, RESPONSE, |out| self.response(plan, addresses, keys, value, out))
                }
                Some((SEARCH, false)) => inside(out, SEARCH, |out| {
                    for (name, value) in value.members() {
                        let treatment = match name.id() {
                            Some((MODE, false)) => code(out, MODE, value, "Bundle.entry.search"),
                            _ => Treatment::Dropped,
                        };
                        note(plan, self.search, name.id(), treatment);
                    }
                }),
                id => note(plan, self.entry, id, Treatment::Dropped),
            }
        }
    }

    /// A request leads to the same resource by its new address, or it goes as a whole.
    fn request(
        self,
        plan: &mut Plan<'_>,
        addresses: &mut Addresses,
        keys: &Pseudonymizer,
        request: TapeNode<'_>,
        out: &mut String,
    ) {
        let url = request.text(URL).unwrap_or_default();
        if url.contains('?') && !addresses.tells(url) {
            return self.creation(plan, request, url, out);
        }
        let start = out.len();
        let mut has_url = false;
        for (name, value) in request.members() {
            let text = value.as_str().unwrap_or_default();
            let treatment = match name.id() {
                Some((METHOD, false)) => code(out, METHOD, value, "Bundle.entry.request"),
                Some((URL, false)) => {
                    let known = fhir::resource(text).map(|(name, _)| name);
                    has_url = known.is_some() || addresses.of(keys, text).is_some();
                    address(out, URL, known.or_else(|| addresses.of(keys, text)))
                }
                Some((IF_NONE_EXIST, false)) => {
                    let told = identifier_of(text).filter(|_| addresses.tells(text));
                    let new = told.and_then(|(_, identifier)| condition(keys, &identifier));
                    address(out, IF_NONE_EXIST, new.as_deref())
                }
                _ => Treatment::Dropped,
            };
            note(plan, self.request, name.id(), treatment);
        }
        if !has_url {
            out.truncate(start);
        }
    }

    /// An update by an identifier that the resource no longer carries would find nothing, ever: it says what it does then.
    fn creation(self, plan: &mut Plan<'_>, request: TapeNode<'_>, url: &str, out: &mut String) {
        let named = url.split('?').next().and_then(|path| fhir::resource(path.rsplit('/').next()?));
        let named = named.filter(|_| request.text(METHOD) == Some("PUT"));
        let treatment = match named {
            Some((name, _)) => {
                put(out, METHOD, "POST", Treatment::Rewritten);
                put(out, URL, name, Treatment::Rewritten)
            }
            None => Treatment::Dropped,
        };
        for (name, _) in request.members() {
            let is_written = matches!(name.id(), Some((METHOD | URL, false)));
            note(plan, self.request, name.id(), if is_written { treatment } else { Treatment::Dropped });
        }
    }

    fn response(
        self,
        plan: &mut Plan<'_>,
        addresses: &mut Addresses,
        keys: &Pseudonymizer,
        response: TapeNode<'_>,
        out: &mut String,
    ) {
        for (name, value) in response.members() {
            let text = value.as_str().unwrap_or_default();
            let treatment = match name.id() {
                Some((STATUS, false)) => {
                    let number =
                        text.get(..3).filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
                    match number {
                        Some(number) => put(out, STATUS, number, Treatment::Kept),
                        None => Treatment::Dropped,
                    }
                }
                Some((LOCATION, false)) => address(out, LOCATION, addresses.of(keys, text)),
                _ => Treatment::Dropped,
            };
            note(plan, self.response, name.id(), treatment);
        }
    }
}

fn becomes_surrogate(policy: &Policy, identifier: TapeNode<'_>) -> bool {
    let [system, value] = [SYSTEM, VALUE].map(|name| identifier.text(name).unwrap_or_default());
    let rules = policy.identifiers();
    rules.method(system, value, rules.otherwise()) == Method::Pseudonym
}

fn note(plan: &mut Plan<'_>, at: At, name: Option<(NameId, bool)>, treatment: Treatment) {
    let child = match name {
        Some((EXTENSION | MODIFIER, _)) | None | Some((_, true)) => plan.unknown(at),
        Some((name, false)) => plan.common(at, name),
    };
    plan.note(child, treatment);
}

fn begin(out: &mut String, name: NameId) {
    if !out.ends_with('{') {
        out.push(',');
    }
    out.push_str(name.quoted());
}

fn put(out: &mut String, name: NameId, text: &str, treatment: Treatment) -> Treatment {
    begin(out, name);
    write_string(text, out);
    treatment
}

fn address(out: &mut String, name: NameId, address: Option<&str>) -> Treatment {
    match address {
        Some(address) => put(out, name, address, Treatment::Rewritten),
        None => Treatment::Dropped,
    }
}

/// A code of the element's value set.
fn code(out: &mut String, name: NameId, value: TapeNode<'_>, type_name: &str) -> Treatment {
    let Codes::Set(set) = fhir::codes_of(type_name, name.as_str()) else { return Treatment::Dropped };
    match value.as_str().filter(|code| set.lists(code)) {
        Some(code) => put(out, name, code, Treatment::Kept),
        None => Treatment::Dropped,
    }
}

fn identifier(out: &mut String, keys: &Pseudonymizer, value: TapeNode<'_>) -> Treatment {
    let Some(text) = value.text(VALUE).filter(|text| !text.is_empty()) else { return Treatment::Dropped };
    let surrogate = identity::pseudonym(keys, value.text(SYSTEM).unwrap_or_default(), text);
    inside(out, IDENTIFIER, |out| {
        put(out, SYSTEM, PSEUDONYM_SYSTEM, Treatment::Pseudonymised);
        put(out, VALUE, &surrogate, Treatment::Pseudonymised);
    });
    Treatment::Pseudonymised
}

/// An object, or nothing when nothing was written into it.
fn inside(out: &mut String, name: NameId, write: impl FnOnce(&mut String)) {
    let start = out.len();
    begin(out, name);
    out.push('{');
    write(out);
    if out.ends_with('{') {
        out.truncate(start);
    } else {
        out.push('}');
    }
}
