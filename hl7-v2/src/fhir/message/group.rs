//! Which segments of a message belong together.
//!
//! One reading for all structures: a segment belongs to the nearest segment before it that can own it, as the
//! structures of the standard have it whatever their version: an OBX to its OBR or SPM, a note or a participation to
//! what it follows, a diagnosis behind an order to the order. What is missing from a message, or stands in it twice,
//! moves nothing else.

use bumpalo::collections::Vec as List;

use crate::fhir::node::Seg;
use crate::fhir::tree::Arena;

/// A segment, and what is said about it: the notes and participations behind it.
pub(crate) struct Item<'a> {
    pub(crate) seg: Seg<'a>,
    /// NTE
    pub(crate) notes: List<'a, Seg<'a>>,
    /// PRT and ROL
    pub(crate) roles: List<'a, Seg<'a>>,
}

/// A specimen and the observations on it.
pub(crate) struct SpecimenGroup<'a> {
    pub(crate) spm: Item<'a>,
    pub(crate) observations: List<'a, Item<'a>>,
}

/// An order: ORC, what is ordered or done (OBR, RXO, RXA), and what belongs to them.
pub(crate) struct OrderGroup<'a> {
    pub(crate) orc: Option<Item<'a>>,
    pub(crate) detail: Option<Item<'a>>,
    /// TQ1
    pub(crate) timings: List<'a, Seg<'a>>,
    /// RXR
    pub(crate) routes: List<'a, Seg<'a>>,
    /// DG1
    pub(crate) diagnoses: List<'a, Seg<'a>>,
    pub(crate) observations: List<'a, Item<'a>>,
    pub(crate) specimens: List<'a, SpecimenGroup<'a>>,
    /// What was ordered and found before, with its own patient and visit.
    pub(crate) priors: List<'a, PatientGroup<'a>>,
}

/// A patient, what is said of the person, and the orders.
pub(crate) struct PatientGroup<'a> {
    /// PID and all segments that are neither part of an order nor observations.
    pub(crate) segments: List<'a, Item<'a>>,
    pub(crate) observations: List<'a, Item<'a>>,
    pub(crate) orders: List<'a, OrderGroup<'a>>,
    /// Whether a document has begun: what follows is of the document.
    in_document: bool,
    last: Last,
}

/// Where the last segment went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Segment,
    Observation,
    Order,
    Detail,
    OrderObservation,
    Specimen,
    SpecimenObservation,
}

/// Groups the segments of a message; a PID begins a new patient, or, behind an order where `has_priors` says so, a
/// prior result.
pub(crate) fn patients<'a>(
    segments: &[Seg<'a>],
    has_priors: bool,
    arena: Arena<'a>,
) -> List<'a, PatientGroup<'a>> {
    let mut groups: List<'a, PatientGroup<'a>> = arena.list();
    for seg in segments {
        let is_pid = seg.is("PID");
        let is_next = |group: &PatientGroup<'a>| {
            is_pid && group.named("PID").is_some() && (group.orders.is_empty() || !has_priors)
        };
        if groups.last().is_none_or(is_next) {
            groups.push(PatientGroup::new(arena));
        }
        if let Some(group) = groups.last_mut() {
            group.take(*seg, has_priors, arena);
        }
    }
    groups
}

impl<'a> PatientGroup<'a> {
    fn new(arena: Arena<'a>) -> Self {
        Self {
            segments: arena.list(),
            observations: arena.list(),
            orders: arena.list(),
            in_document: false,
            last: Last::Segment,
        }
    }

    /// The first segment of this name.
    pub(crate) fn named(&self, name: &'static str) -> Option<&Item<'a>> {
        self.all(name).next()
    }

    /// The segments of this name.
    pub(crate) fn all(&self, name: &'static str) -> impl Iterator<Item = &Item<'a>> {
        self.segments.iter().filter(move |item| item.seg.is(name))
    }

    fn take(&mut self, seg: Seg<'a>, has_priors: bool, arena: Arena<'a>) {
        if has_priors && self.take_prior(seg, arena) {
            return;
        }
        let mut name = [0; 3];
        name.iter_mut().zip(seg.name().bytes()).for_each(|(to, from)| *to = from.to_ascii_uppercase());
        match &name {
            b"ORC" => self.begin_order(|order, item| order.orc = Some(item), Last::Order, seg, arena),
            b"OBR" | b"RXO" | b"RXA" | b"RQD" | b"RQ1" | b"ODS" | b"ODT" => self.detail(seg, arena),
            b"TQ1" => self.in_order(seg, |order| &mut order.timings, arena),
            b"RXR" => self.in_order(seg, |order| &mut order.routes, arena),
            b"DG1" => self.in_order(seg, |order| &mut order.diagnoses, arena),
            b"SPM" => self.specimen(seg, arena),
            b"OBX" => self.observation(seg, arena),
            b"NTE" => self.about(seg, |item| &mut item.notes, arena),
            b"PRT" | b"ROL" => self.about(seg, |item| &mut item.roles, arena),
            // In all structures it stands between what it restricts and the people of that.
            b"ARV" => self.segments.push(Item::new(seg, arena)),
            b"TXA" if self.ends_order_document() => {}
            name => {
                self.in_document |= name == b"TXA";
                self.stand_alone(seg, arena);
            }
        }
    }

    /// A document of the order itself (2.8) stands between ORC and OBR: an OBX and its TXA, which no map reads. The OBR
    /// behind them is of the same order.
    fn ends_order_document(&mut self) -> bool {
        let open = |order: &&mut OrderGroup<'a>| order.detail.is_none() && !order.observations.is_empty();
        let Some(order) = self.orders.last_mut().filter(open) else { return false };
        order.observations.clear();
        self.last = Last::Order;
        true
    }

    /// Lets a prior result of the last order take the segment. A patient, a visit or an allergy behind an order begins
    /// one.
    fn take_prior(&mut self, seg: Seg<'a>, arena: Arena<'a>) -> bool {
        let Some(order) = self.orders.last_mut() else { return false };
        let begins = ["PID", "PD1", "PV1", "PV2", "AL1"].iter().any(|name| seg.is(name));
        let fresh = match order.priors.last() {
            None => begins,
            Some(prior) => seg.is("PID") || (begins && !prior.orders.is_empty()),
        };
        if fresh {
            order.priors.push(PatientGroup::new(arena));
        }
        // Without a patient of its own an order cannot be told from the next one: then it is the next.
        let ends = seg.is("ORC") && order.priors.last().is_some_and(|prior| !prior.orders.is_empty());
        match order.priors.last_mut() {
            Some(prior) if !ends => {
                prior.take(seg, false, arena);
                true
            }
            _ => false,
        }
    }

    fn stand_alone(&mut self, seg: Seg<'a>, arena: Arena<'a>) {
        self.segments.push(Item::new(seg, arena));
        self.last = Last::Segment;
    }

    fn begin_order(
        &mut self,
        put: impl FnOnce(&mut OrderGroup<'a>, Item<'a>),
        last: Last,
        seg: Seg<'a>,
        arena: Arena<'a>,
    ) {
        let mut order = OrderGroup::new(arena);
        put(&mut order, Item::new(seg, arena));
        self.orders.push(order);
        self.last = last;
    }

    /// What is ordered belongs to the order that is open and has nothing yet; else it is one of its own.
    fn detail(&mut self, seg: Seg<'a>, arena: Arena<'a>) {
        match self.orders.last_mut() {
            Some(order) if order.is_bare() => {
                order.detail = Some(Item::new(seg, arena));
                self.last = Last::Detail;
            }
            // The second half of a requisition, or of a diet; no map reads either.
            Some(order) if order.is_continued_by(&seg) => self.last = Last::Detail,
            _ => self.begin_order(|order, item| order.detail = Some(item), Last::Detail, seg, arena),
        }
    }

    fn in_order(
        &mut self,
        seg: Seg<'a>,
        list: for<'o> fn(&'o mut OrderGroup<'a>) -> &'o mut List<'a, Seg<'a>>,
        arena: Arena<'a>,
    ) {
        match self.orders.last_mut().filter(|_| !self.in_document) {
            Some(order) => list(order).push(seg),
            None => self.stand_alone(seg, arena),
        }
    }

    fn specimen(&mut self, seg: Seg<'a>, arena: Arena<'a>) {
        match self.orders.last_mut() {
            Some(order) => {
                let spm = Item::new(seg, arena);
                order.specimens.push(SpecimenGroup { spm, observations: arena.list() });
                self.last = Last::Specimen;
            }
            None => self.stand_alone(seg, arena),
        }
    }

    fn observation(&mut self, seg: Seg<'a>, arena: Arena<'a>) {
        let item = Item::new(seg, arena);
        match self.orders.last_mut().filter(|_| !self.in_document) {
            None => {
                self.observations.push(item);
                self.last = Last::Observation;
            }
            Some(order) => match order.specimens.last_mut() {
                None => {
                    order.observations.push(item);
                    self.last = Last::OrderObservation;
                }
                Some(specimen) => {
                    specimen.observations.push(item);
                    self.last = Last::SpecimenObservation;
                }
            },
        }
    }

    /// A note or a participation is about what it follows.
    fn about(
        &mut self,
        seg: Seg<'a>,
        list: for<'i> fn(&'i mut Item<'a>) -> &'i mut List<'a, Seg<'a>>,
        arena: Arena<'a>,
    ) {
        match self.last_item() {
            Some(item) => list(item).push(seg),
            None => self.stand_alone(seg, arena),
        }
    }

    fn last_item(&mut self) -> Option<&mut Item<'a>> {
        let order = self.orders.last_mut();
        match self.last {
            Last::Segment => self.segments.iter_mut().rfind(|item| !item.seg.is("ARV")),
            Last::Observation => self.observations.last_mut(),
            Last::Order => order?.orc.as_mut(),
            Last::Detail => order?.detail.as_mut(),
            Last::OrderObservation => order?.observations.last_mut(),
            Last::Specimen => order?.specimens.last_mut().map(|specimen| &mut specimen.spm),
            Last::SpecimenObservation => order?.specimens.last_mut()?.observations.last_mut(),
        }
    }
}

impl<'a> OrderGroup<'a> {
    fn new(arena: Arena<'a>) -> Self {
        Self {
            orc: None,
            detail: None,
            timings: arena.list(),
            routes: arena.list(),
            diagnoses: arena.list(),
            observations: arena.list(),
            specimens: arena.list(),
            priors: arena.list(),
        }
    }

    /// Whether nothing but the ORC and its timing has come yet.
    fn is_bare(&self) -> bool {
        self.detail.is_none() && self.observations.is_empty() && self.specimens.is_empty()
    }

    /// Whether a segment says more of what is ordered, and orders nothing by itself.
    fn is_continued_by(&self, seg: &Seg<'a>) -> bool {
        let goes_on = |first: &[&str], next: &[&str]| {
            let has_first = first.iter().any(|name| self.detail_named(name).is_some());
            has_first && next.iter().any(|name| seg.is(name))
        };
        goes_on(&["RQD"], &["RQ1"]) || goes_on(&["ODS", "ODT"], &["ODS", "ODT"])
    }

    /// What is ordered, when it is a segment of this name.
    pub(crate) fn detail_named(&self, name: &str) -> Option<&Item<'a>> {
        self.detail.as_ref().filter(|item| item.seg.is(name))
    }
}

impl<'a> Item<'a> {
    fn new(seg: Seg<'a>, arena: Arena<'a>) -> Self {
        Self { seg, notes: arena.list(), roles: arena.list() }
    }
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::*;
    use crate::fhir::node::segments;
    use crate::{Message, ParseOptions};

    /// `OBR:OBX*~` stands for an order with an observation that has a note and a participation; `<…>` for a prior result.
    fn shape(text: &str, has_priors: bool) -> String {
        let lines: String = text.split(' ').map(|name| format!("{name}|1\r")).collect();
        let bytes = format!("MSH|^~\\&|A\r{lines}");
        let message = Message::parse(bytes.as_bytes(), &ParseOptions::default()).unwrap();
        let memory = Bump::new();
        let arena = Arena::new(&memory);
        let groups = patients(segments(&message, arena), has_priors, arena);
        groups.iter().map(group).collect::<Vec<_>>().join(" / ")
    }

    fn group(group: &PatientGroup<'_>) -> String {
        let alone: String = group
            .segments
            .iter()
            .filter(|item| !item.notes.is_empty() || !item.roles.is_empty())
            .map(|item| format!("{} ", marked(item)))
            .collect();
        let orders: Vec<String> = group.orders.iter().map(order).collect();
        format!("{alone}{}{}", observations(&group.observations), orders.join(" "))
    }

    fn order(order: &OrderGroup<'_>) -> String {
        let heads: Vec<String> = [&order.orc, &order.detail].into_iter().flatten().map(marked).collect();
        let parts =
            [("+TQ1", order.timings.len()), ("+RXR", order.routes.len()), ("+DG1", order.diagnoses.len())];
        let parts: String = parts.iter().map(|(name, count)| name.repeat(*count)).collect();
        let specimens: String = order
            .specimens
            .iter()
            .map(|specimen| format!("+{}{}", marked(&specimen.spm), observations(&specimen.observations)))
            .collect();
        let priors: String = order.priors.iter().map(|prior| format!("<{}>", group(prior))).collect();
        format!("{}{parts}{}{specimens}{priors}", heads.join("-"), observations(&order.observations))
    }

    fn observations(list: &[Item<'_>]) -> String {
        list.iter().map(|item| format!(":{}", marked(item))).collect()
    }

    fn marked(item: &Item<'_>) -> String {
        format!("{}{}{}", item.seg.name(), "*".repeat(item.notes.len()), "~".repeat(item.roles.len()))
    }

    #[test]
    fn an_observation_belongs_to_its_order() {
        assert_eq!(shape("PID ORC OBR OBX OBX ORC OBR OBX", false), "ORC-OBR:OBX:OBX ORC-OBR:OBX");
        assert_eq!(shape("PID OBR OBX OBR OBX", false), "OBR:OBX OBR:OBX");
        assert_eq!(shape("PID ORC OBR OBX OBR OBX", false), "ORC-OBR:OBX OBR:OBX");
        assert_eq!(shape("PID OBX PV1 ORC OBR", false), ":OBXORC-OBR");
    }

    #[test]
    fn a_note_or_a_participation_belongs_to_what_it_follows() {
        assert_eq!(
            shape("PID NTE PRT PV1 ROL ORC PRT OBR NTE NTE OBX NTE PRT OBX", false),
            "PID*~ PV1~ ORC~-OBR**:OBX*~:OBX"
        );
        assert_eq!(shape("SCH NTE PID OBX NTE DG1 RGS AIS NTE NTE AIP NTE", false), "SCH* AIS** AIP* :OBX*");
    }

    #[test]
    fn restrictions_stand_between_a_segment_and_its_people() {
        assert_eq!(shape("PID PD1 ARV ROL ROL NK1 PV1 PV2 ARV PRT", false), "PD1~~ PV2~ ");
        assert_eq!(shape("PID OBR OBX ARV NTE", false), "OBR:OBX*");
        assert_eq!(shape("ARV NTE PID", false), "MSH* ");
    }

    #[test]
    fn a_specimen_belongs_to_its_order_and_has_observations_of_its_own() {
        assert_eq!(shape("PID OBR OBX SPM OBR OBX SPM OBX NTE", false), "OBR:OBX+SPM OBR:OBX+SPM:OBX*");
    }

    #[test]
    fn what_is_ordered_has_its_timing_route_and_diagnoses() {
        assert_eq!(shape("PID ORC TQ1 OBR DG1 OBX ORC RXO RXR", false), "ORC-OBR+TQ1+DG1:OBX ORC-RXO+RXR");
        assert_eq!(shape("PID DG1 ORC RXA RXR OBX ORC RXA", false), "ORC-RXA+RXR:OBX ORC-RXA");
    }

    #[test]
    fn a_document_takes_what_follows_it() {
        assert_eq!(shape("PID PV1 ORC OBR NTE TXA OBX NTE OBX", false), ":OBX*:OBXORC-OBR*");
    }

    #[test]
    fn a_document_of_an_order_ends_before_its_request() {
        assert_eq!(
            shape("PID ORC PRT OBX PRT TXA OBR NTE TQ1 OBX NTE SPM ORC OBR OBX", false),
            "ORC~-OBR*+TQ1:OBX*+SPM ORC-OBR:OBX"
        );
    }

    #[test]
    fn a_requisition_and_a_diet_have_several_segments() {
        assert_eq!(shape("PID ORC RQD RQ1 NTE DG1 OBX ORC RQD", false), "ORC-RQD*+DG1:OBX ORC-RQD");
        assert_eq!(shape("PID ORC ODS ODS ODT OBX", false), "ORC-ODS:OBX");
        assert_eq!(shape("PID ORC RQD OBX RQD", false), "ORC-RQD:OBX RQD");
    }

    #[test]
    fn a_second_patient_begins_anew() {
        assert_eq!(shape("PID OBR OBX PID OBR", false), "OBR:OBX / OBR");
        assert_eq!(shape("PID PV1 PID PV1", true), " / ");
    }

    #[test]
    fn a_prior_result_is_apart_from_the_order() {
        assert_eq!(
            shape("PID ORC OBR OBX PID PV1 ORC OBR OBX NTE ORC OBR OBX", true),
            "ORC-OBR:OBX<ORC-OBR:OBX*> ORC-OBR:OBX"
        );
        assert_eq!(
            shape("PID ORC OBR AL1 OBR OBX OBR OBX ORC OBR", true),
            "ORC-OBR<OBR:OBX OBR:OBX> ORC-OBR"
        );
        assert_eq!(shape("PID ORC OBR PID OBR PID OBR", true), "ORC-OBR<OBR><OBR>");
    }
}
