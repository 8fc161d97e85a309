//! Random resources of R4, of every type and datatype of the element table.

use std::sync::LazyLock;

use carewire_canary::Rng;
use carewire_fhir_core::{CodeSet, ElementShape, elements, resource_types};

use crate::node::{Node, Phi, WORDS, Written};

/// What a policy lets through that two worlds must then have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) dates: Dates,
    /// Whether ages of 90 and more are told as one.
    pub(crate) caps_ages: bool,
    /// Whether no more than three digits of a ZIP code are told.
    pub(crate) cuts_zips: bool,
    /// Whether a patient has another id in the other world. He has not where dates move by it.
    pub(crate) other_patients: bool,
    /// Whether there is anything beside R4, and ages above 89.
    pub(crate) strange: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dates {
    /// They stay, or all of them move alike: both worlds have the same.
    Same,
    /// Only the year is told: the rest differs.
    Year,
}

/// The types that resources are made of: all but the ones that hold others.
pub(crate) static TYPES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| resource_types().filter(|name| !["Bundle", "Parameters"].contains(name)).collect());

const DEEPEST: usize = 5;

/// Makes inputs, the same from the same seed.
pub(crate) struct Generator {
    pub(crate) rng: Rng,
    bounds: Bounds,
    words: usize,
    nodes: usize,
}

impl Generator {
    pub(crate) fn new(seed: u64, bounds: Bounds) -> Self {
        Self { rng: Rng::new(seed), bounds, words: 0, nodes: 0 }
    }

    /// A resource of any type, with some of everything.
    pub(crate) fn any_resource(&mut self) -> Node {
        let kind = if self.rng.percent(40) {
            *self
                .rng
                .choose(&["Patient", "Observation", "Encounter", "Condition", "DocumentReference"])
                .unwrap()
        } else {
            *self.rng.choose(&TYPES).unwrap()
        };
        self.resource(kind)
    }

    pub(crate) fn resource(&mut self, kind: &'static str) -> Node {
        self.nodes = 0;
        self.part(kind, Some(kind), 0)
    }

    /// A Bundle of some resources, with everything that can stand around them.
    pub(crate) fn bundle(&mut self) -> Node {
        let mut entries = vec![self.entry("Patient")];
        for _ in 0..1 + self.rng.below(4) {
            let kind = *self.rng.choose(&TYPES).unwrap();
            if kind != "Patient" {
                entries.push(self.entry(kind));
            }
        }
        let mut bundle =
            Node::object([("resourceType", Node::text("Bundle")), ("type", Node::text("transaction"))]);
        bundle.push("id", self.secret());
        bundle
            .push("link", Node::List(vec![Node::object([("relation", self.secret()), ("url", self.url())])]));
        bundle.push("identifier", Node::object([("system", self.url()), ("value", self.secret())]));
        bundle.push("entry", Node::List(entries));
        bundle
    }

    fn entry(&mut self, kind: &'static str) -> Node {
        let resource = self.resource(kind);
        let address = match (self.rng.percent(50), self.bounds.other_patients) {
            (_, false) if kind == "Patient" => Node::text("https://ehr.example/Patient/p-1"),
            (true, _) => Node::Phi(Phi::between("urn:uuid:", self.written(Written::Uuid), "")),
            _ => Node::Phi(Phi::between(&format!("https://ehr.example/{kind}/"), self.word(), "")),
        };
        let url = Phi::between(&format!("{kind}?identifier=urn:oid:1.2|"), self.word(), "");
        let request = Node::object([("method", Node::text("PUT")), ("url", Node::Phi(url))]);
        Node::object([("fullUrl", address), ("resource", resource), ("request", request)])
    }

    /// A word of which the other world knows nothing.
    fn word(&mut self) -> Phi {
        self.written(Written::Plain)
    }

    fn written(&mut self, written: Written) -> Phi {
        // Some words stand twice: what was equal stays equal.
        let again = self.words > 0 && self.rng.percent(15);
        let at = if again { self.rng.below(self.words as u64) as usize } else { self.words.min(WORDS - 1) };
        self.words = self.words.max(at + 1);
        Phi::word(at, written)
    }

    fn secret(&mut self) -> Node {
        let written = Written::any(&mut self.rng);
        Node::Phi(self.written(written))
    }

    fn url(&mut self) -> Node {
        Node::Phi(Phi::between("https://", self.word(), ".example/x"))
    }

    /// A part of a resource, with some of its elements.
    fn part(&mut self, of: &'static str, resource: Option<&'static str>, depth: usize) -> Node {
        let mut part = Node::Object(Vec::new());
        if let Some(kind) = resource {
            part.push("resourceType", Node::text(kind));
        }
        let all: Vec<(&'static str, ElementShape)> = elements(of).collect();
        let chance = if depth == 0 { 45 } else { 30 };
        for (name, shape) in all {
            if name == "id" || name == "modifierExtension" || self.nodes > 300 {
                continue;
            }
            let wanted = shape.is_required || self.rng.percent(chance);
            // Of a choice, R4 wants one: all of them at once are no R4.
            if wanted && depth < DEEPEST {
                self.element(&mut part, name, shape, depth);
            }
        }
        if resource.is_some() {
            self.identity(&mut part, of);
        }
        if self.bounds.strange && self.rng.percent(15) {
            self.strange(&mut part);
        }
        part
    }

    fn identity(&mut self, part: &mut Node, kind: &str) {
        let is_same = kind == "Patient" && !self.bounds.other_patients;
        let id = if is_same { Node::text("p-1") } else { Node::Phi(self.word()) };
        part.push("id", id);
    }

    /// A member that R4 does not have: another name and another value in each world.
    fn strange(&mut self, part: &mut Node) {
        let Node::Object(members) = part else { return };
        let (name, one, other) = (self.word(), self.secret(), self.secret());
        let value = Node::Either(Box::new([Node::List(vec![one]), Node::object([("value", other)])]));
        members.push((name, value));
    }

    fn element(&mut self, part: &mut Node, name: &'static str, shape: ElementShape, depth: usize) {
        self.nodes += 1;
        let value = if shape.repeats {
            let count = 1 + self.rng.below(2);
            Node::List((0..count).map(|_| self.value(shape, depth)).collect())
        } else {
            self.value(shape, depth)
        };
        part.push(name, value);
        if shape.is_primitive && !shape.repeats && self.rng.percent(10) {
            let extension = self.extension(depth);
            part.push(shape.sibling, Node::object([("extension", Node::List(vec![extension]))]));
        }
    }

    fn value(&mut self, shape: ElementShape, depth: usize) -> Node {
        match shape.type_name {
            "boolean" => Node::Same(["true", "false"][self.rng.below(2) as usize].to_owned()),
            "integer" | "unsignedInt" | "positiveInt" => Node::Same((1 + self.rng.below(900)).to_string()),
            "decimal" => self.decimal(),
            "date" | "dateTime" => self.day(""),
            "instant" => self.day("T08:15:30.250+01:00"),
            "time" => Node::text("08:15:30"),
            "code" => self.code(shape.codes),
            "string" | "markdown" | "id" => self.secret(),
            "base64Binary" => Node::Phi(self.written(Written::Base64)),
            "uri" | "url" | "canonical" | "oid" | "uuid" => self.url(),
            "xhtml" => Node::Phi(Phi::between("<div>", self.word(), "</div>")),
            "Coding" => self.coding(),
            "CodeableConcept" => self.concept(),
            "Quantity" | "SimpleQuantity" | "MoneyQuantity" | "Age" | "Duration" | "Count" | "Distance" => {
                self.quantity()
            }
            "Reference" => self.reference(),
            "Address" => self.address(),
            "Extension" => self.extension(depth),
            "Resource" => {
                let mut one =
                    Node::object([("resourceType", Node::text("Practitioner")), ("id", Node::text("c"))]);
                one.push("name", Node::List(vec![Node::object([("family", self.secret())])]));
                one
            }
            other => self.part(other, None, depth + 1),
        }
    }

    fn decimal(&mut self) -> Node {
        let forms = ["0.50", "1.60e1", "12.0", "-3.1400", "7"];
        Node::Same((*self.rng.choose(&forms).unwrap()).to_owned())
    }

    fn day(&mut self, time: &str) -> Node {
        let year = 1950 + self.rng.below(70);
        let day = |rng: &mut Rng| format!("{year}-{:02}-{:02}{time}", 1 + rng.below(12), 1 + rng.below(28));
        let one = day(&mut self.rng);
        let other = if self.bounds.dates == Dates::Year { day(&mut self.rng) } else { one.clone() };
        Node::Phi(Phi::texts([one, other]))
    }

    fn code(&mut self, set: Option<CodeSet>) -> Node {
        let codes: Vec<&str> = set.into_iter().flat_map(CodeSet::codes).collect();
        match self.rng.choose(&codes) {
            Some(code) if !self.bounds.strange || self.rng.percent(70) => Node::text(*code),
            _ => self.secret(),
        }
    }

    fn coding(&mut self) -> Node {
        const KNOWN: [[&str; 2]; 8] = [
            ["http://loinc.org", "718-7"],
            ["http://loinc.org", "8480-6"],
            ["http://snomed.info/sct", "38341003"],
            ["http://hl7.org/fhir/sid/icd-10", "I10"],
            ["http://hl7.org/fhir/sid/cvx", "08"],
            ["http://www.nlm.nih.gov/research/umls/rxnorm", "197361"],
            ["http://terminology.hl7.org/CodeSystem/v3-ActCode", "IMP"],
            ["http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R"],
        ];
        let [system, code] = *self.rng.choose(&KNOWN).unwrap();
        match self.rng.below(10) {
            0..7 => Node::object([
                ("system", Node::text(system)),
                ("code", Node::text(code)),
                ("display", self.secret()),
            ]),
            7 => Node::object([("system", self.url()), ("code", self.secret()), ("display", self.secret())]),
            8 => Node::object([("system", Node::text(system)), ("code", self.secret())]),
            _ => Node::object([("display", self.secret())]),
        }
    }

    fn concept(&mut self) -> Node {
        match self.rng.below(5) {
            0 => Node::object([("text", self.secret())]),
            _ => Node::object([
                ("coding", Node::List(vec![self.coding(), self.coding()])),
                ("text", self.secret()),
            ]),
        }
    }

    fn quantity(&mut self) -> Node {
        if self.bounds.strange && self.bounds.caps_ages && self.rng.percent(10) {
            let age = |rng: &mut Rng| format!("{}.{}", 90 + rng.below(30), rng.below(10));
            let ages = [age(&mut self.rng), age(&mut self.rng)].map(Node::Same);
            let unit = *self.rng.choose(&["a", "years"]).unwrap();
            return Node::object([("value", Node::Either(Box::new(ages))), ("unit", Node::text(unit))]);
        }
        let unit = *self.rng.choose(&["mg/dL", "mm[Hg]", "%", "kg"]).unwrap();
        let mut quantity = Node::object([("value", self.decimal())]);
        if self.rng.percent(80) {
            quantity.push("unit", Node::text(unit));
            quantity.push("system", Node::text("http://unitsofmeasure.org"));
            quantity.push("code", Node::text(unit));
        } else {
            quantity.push("unit", self.secret());
        }
        quantity
    }

    /// Of every kind; the display is always somebody's.
    fn reference(&mut self) -> Node {
        let mut kinds = vec!["Encounter", "Practitioner", "Organization", "Device"];
        kinds.extend(self.bounds.other_patients.then_some("Patient"));
        let kind = *self.rng.choose(&kinds).unwrap();
        let address = match self.rng.below(8) {
            0 if !self.bounds.other_patients => Phi::same("Patient/p-1"),
            0 | 1 => Phi::between(&format!("{kind}/"), self.word(), ""),
            2 => Phi::between(&format!("https://ehr.example/fhir/{kind}/"), self.word(), "/_history/2"),
            3 if self.bounds.other_patients => Phi::between("urn:uuid:", self.written(Written::Uuid), ""),
            4 => Phi::between(&format!("{kind}?identifier=urn:oid:1.2|"), self.word(), ""),
            5 => Phi::same("#c"),
            _ => {
                // The shift of a patient may be that of his identifier.
                let identifier = match self.bounds.other_patients {
                    true => Node::object([("system", self.url()), ("value", self.secret())]),
                    false => Node::object([("system", Node::text("urn:x")), ("value", Node::text("7"))]),
                };
                return Node::object([("identifier", identifier), ("display", self.secret())]);
            }
        };
        Node::object([("reference", Node::Phi(address)), ("display", self.secret())])
    }

    fn address(&mut self) -> Node {
        let area = 100 + self.rng.below(800);
        let zip = |rng: &mut Rng| format!("{area}{:02}", rng.below(100));
        let one = zip(&mut self.rng);
        let other = if self.bounds.cuts_zips { zip(&mut self.rng) } else { one.clone() };
        Node::object([
            ("use", Node::text("home")),
            ("line", Node::List(vec![self.secret(), self.secret()])),
            ("city", self.secret()),
            ("district", self.secret()),
            ("state", if self.rng.percent(60) { Node::text("MA") } else { self.secret() }),
            ("postalCode", Node::Phi(Phi::texts([one, other]))),
        ])
    }

    fn extension(&mut self, depth: usize) -> Node {
        const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
        match self.rng.below(4) {
            0 if depth < DEEPEST => {
                let inner = self.extension(depth + 1);
                Node::object([("url", self.url()), ("extension", Node::List(vec![inner]))])
            }
            1 => Node::object([("url", Node::text(ABSENT)), ("valueCode", Node::text("unknown"))]),
            _ => Node::object([("url", self.url()), ("valueString", self.secret())]),
        }
    }
}
