//! Consents, data and requests as plain data.

/// What a provision may name. The vocabulary is small, so that things meet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Node {
    /// `permit`, `deny`; `None` where it is not stated.
    pub(crate) effect: Option<bool>,
    /// Has a `modifierExtension`.
    pub(crate) modifier: bool,
    /// Seconds.
    pub(crate) period: Option<(Option<i64>, Option<i64>)>,
    /// Names; `role:` and `custodian:` before what is one.
    pub(crate) actors: Vec<&'static str>,
    pub(crate) actions: Vec<&'static str>,
    pub(crate) purposes: Vec<&'static str>,
    pub(crate) labels: Vec<&'static str>,
    pub(crate) classes: Vec<&'static str>,
    pub(crate) codes: Vec<&'static str>,
    /// Days.
    pub(crate) data_period: Option<(i64, i64)>,
    pub(crate) data: Vec<(&'static str, &'static str)>,
    /// Who wrote the data: an actor with that role.
    pub(crate) authors: Vec<&'static str>,
    pub(crate) below: Vec<Node>,
}

/// The forms of consents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    R4,
    R5,
    Simple,
    Artefact,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) org: &'static str,
    pub(crate) patient: &'static str,
    pub(crate) status: &'static str,
    pub(crate) scope: &'static str,
    pub(crate) kind: Kind,
    pub(crate) root: Node,
    /// Of R5.
    pub(crate) grantees: Vec<&'static str>,
    /// Of an artefact: a second.
    pub(crate) erase_at: Option<i64>,
    /// Of an artefact.
    pub(crate) max_uses: bool,
}

/// One resource: everything about it is said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Datum {
    /// `Observation` or `AuditEvent`.
    pub(crate) kind: &'static str,
    pub(crate) id: &'static str,
    /// Of `LAB_RESULTS`, `VITALS` and `UNCLASSIFIED`, at least one.
    pub(crate) classes: Vec<&'static str>,
    pub(crate) labels: Vec<&'static str>,
    pub(crate) code: &'static str,
    pub(crate) day: i64,
    pub(crate) encounter: &'static str,
    pub(crate) author: &'static str,
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) actor: &'static str,
    pub(crate) aliases: Vec<&'static str>,
    /// The actor's org.
    pub(crate) org: &'static str,
    pub(crate) role: Option<&'static str>,
    pub(crate) action: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) active_encounter: Option<bool>,
    pub(crate) deidentified: bool,
    pub(crate) glass: Option<BrokenGlass>,
    /// Seconds.
    pub(crate) now: i64,
}

/// What a request says of a broken glass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BrokenGlass {
    pub(crate) has_reason: bool,
    /// Seconds.
    pub(crate) start: Option<i64>,
    pub(crate) until: Option<i64>,
}

/// What the policy of the org says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    /// The code of the combining algorithm.
    pub(crate) combining: &'static str,
    /// The implicit policy permits.
    pub(crate) implicit: bool,
    /// What bears no confidentiality is normal.
    pub(crate) normal: bool,
    pub(crate) all_or_nothing: bool,
    /// The rules of roles hold.
    pub(crate) roles: bool,
    /// A broken glass stands in for a permit that is missing.
    pub(crate) glass: bool,
    pub(crate) minutes: Option<u32>,
    /// A policy of de-identification is to be applied.
    pub(crate) apply_policy: bool,
}

/// A case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Given {
    pub(crate) documents: Vec<Document>,
    pub(crate) asked: Asked,
    pub(crate) datum: Datum,
    pub(crate) said: Said,
    /// The duties that whoever asks declares as fulfilled.
    pub(crate) declared: Vec<&'static str>,
}

impl Document {
    pub(crate) fn is_fhir(&self) -> bool {
        matches!(self.kind, Kind::R4 | Kind::R5)
    }

    /// Whether it says of data no more than classes, so that nothing is open once they are told.
    pub(crate) fn names_classes_only(&self) -> bool {
        fn is_plain(node: &Node) -> bool {
            let data = Node { classes: vec![], below: vec![], ..node.clone() };
            let of_types = node.classes.iter().any(|name| !["LAB_RESULTS", "VITALS"].contains(name));
            !data.names_data() && !of_types && node.below.iter().all(is_plain)
        }
        is_plain(&self.root)
    }

    /// The simple form and the artefact have one rule: a root without anything below it.
    pub(crate) fn as_one_rule(&self) -> Node {
        let root = &self.root;
        let known = |name: &&'static str| ["LAB_RESULTS", "VITALS"].contains(name);
        let purpose = root.purposes.first().copied().unwrap_or("TREAT");
        let purpose = if purpose == "LOCAL" { "ODD" } else { purpose };
        let one = Node { purposes: vec![purpose], ..Node::default() };
        if self.kind == Kind::Simple {
            let effect = root.effect.unwrap_or(true);
            let classes: Vec<_> = root.classes.iter().copied().filter(known).collect();
            // A permit that names no class permits none.
            let classes = if classes.is_empty() && effect { vec!["NONE"] } else { classes };
            let actors = root.actors.iter().copied().filter(|name| !is_special(name)).collect();
            return Node { effect: Some(effect), period: root.period, actors, classes, ..one };
        }
        let classes: Vec<_> =
            root.classes.iter().copied().filter(|name| known(name) || *name == "ODD").collect();
        let related = root.data.iter().filter(|(meaning, _)| *meaning == "related").copied().collect();
        let stores = root.actions.contains(&"collect").then_some("collect");
        Node {
            effect: Some(true),
            period: self.erase_at.map(|end| (None, Some(end))),
            actors: vec![if root.actors.contains(&"Organization/o2") {
                "Organization/o2"
            } else {
                "Organization/o1"
            }],
            actions: ["access", "use", "disclose"].into_iter().chain(stores).collect(),
            classes: if classes.is_empty() { vec!["ODD"] } else { classes },
            data_period: root.data_period,
            data: related,
            ..one
        }
    }
}

impl Node {
    /// The actors who ask.
    pub(crate) fn asking(&self) -> Vec<&'static str> {
        self.actors.iter().filter(|name| !name.starts_with("custodian:")).copied().collect()
    }

    /// The orgs that hold the data.
    pub(crate) fn holding(&self) -> Vec<&'static str> {
        self.actors.iter().filter_map(|name| name.strip_prefix("custodian:")).collect()
    }

    /// Whether it says anything of the data.
    pub(crate) fn names_data(&self) -> bool {
        let Self { labels, classes, codes, data_period, data, authors, .. } = self;
        !(labels.is_empty()
            && classes.is_empty()
            && codes.is_empty()
            && data.is_empty()
            && authors.is_empty())
            || data_period.is_some()
    }
}

/// More than a name.
fn is_special(actor: &str) -> bool {
    actor.starts_with("role:") || actor.starts_with("custodian:")
}
