//! The groups of results: which observation belongs to which order, which note to what.
//!
//! One reading for all structures with orders (ORU, VXU, MDM, SIU): a segment belongs to the nearest segment before it
//! that can own it. So the groups are right whatever the version of the structure, and whatever is missing from it.

use super::is;
use crate::{Message, Segment};

/// A segment and the notes behind it.
#[derive(Default)]
pub(crate) struct Noted<'m> {
    pub(crate) segment: Option<Segment<'m>>,
    pub(crate) notes: Vec<Segment<'m>>,
}

/// A specimen and the observations on it.
pub(crate) struct SpecimenGroup<'m> {
    pub(crate) spm: Segment<'m>,
    pub(crate) observations: Vec<Noted<'m>>,
}

/// An order: ORC, then OBR or RXA, and what belongs to them.
#[derive(Default)]
pub(crate) struct OrderGroup<'m> {
    pub(crate) orc: Option<Segment<'m>>,
    pub(crate) obr: Option<Segment<'m>>,
    pub(crate) rxa: Option<Segment<'m>>,
    pub(crate) rxr: Option<Segment<'m>>,
    pub(crate) notes: Vec<Segment<'m>>,
    pub(crate) observations: Vec<Noted<'m>>,
    pub(crate) specimens: Vec<SpecimenGroup<'m>>,
}

/// A patient, what is said of the person, and the orders.
#[derive(Default)]
pub(crate) struct PatientGroup<'m> {
    /// PID, PD1, NK1, PV1, PV2, AL1, DG1, PR1, GT1, IN1, TXA and all others that stand alone.
    pub(crate) segments: Vec<Segment<'m>>,
    pub(crate) observations: Vec<Noted<'m>>,
    pub(crate) orders: Vec<OrderGroup<'m>>,
    /// Whether the resources of an appointment have begun: the notes behind them are on the appointment.
    resources: bool,
}

/// Groups the segments of a message; a PID begins a new patient.
pub(crate) fn patients<'m>(message: &'m Message<'_>) -> Vec<PatientGroup<'m>> {
    let mut groups: Vec<PatientGroup<'m>> = Vec::new();
    for segment in message.segments() {
        if groups.is_empty() || (is(&segment, "PID") && groups.last().is_some_and(|group| has_pid(group))) {
            groups.push(PatientGroup::default());
        }
        if let Some(group) = groups.last_mut() {
            group.take(segment);
        }
    }
    groups
}

fn has_pid(group: &PatientGroup<'_>) -> bool {
    group.segments.iter().any(|segment| is(segment, "PID"))
}

impl<'m> PatientGroup<'m> {
    fn take(&mut self, segment: Segment<'m>) {
        match segment.name().to_ascii_uppercase().as_str() {
            "ORC" => self.orders.push(OrderGroup { orc: Some(segment), ..OrderGroup::default() }),
            "OBR" => self.in_order(|order| order.obr = Some(segment)),
            "RXA" => self.in_order(|order| order.rxa = Some(segment)),
            "RXR" => match self.orders.last_mut() {
                Some(order) if order.rxr.is_none() => order.rxr = Some(segment),
                _ => self.segments.push(segment),
            },
            "SPM" => match self.orders.last_mut() {
                Some(order) => order.specimens.push(SpecimenGroup { spm: segment, observations: Vec::new() }),
                None => self.segments.push(segment),
            },
            "OBX" => self.observations().push(Noted { segment: Some(segment), notes: Vec::new() }),
            "NTE" => self.notes(segment),
            "AIS" | "AIG" | "AIL" | "AIP" => {
                self.resources = true;
                self.segments.push(segment);
            }
            _ => self.segments.push(segment),
        }
    }

    /// Lets the order that is open take the segment, if it is bare; else a new one.
    fn in_order(&mut self, take: impl FnOnce(&mut OrderGroup<'m>)) {
        let open = self.orders.pop_if(|order| order.is_bare());
        let mut order = open.unwrap_or_default();
        take(&mut order);
        self.orders.push(order);
    }

    fn observations(&mut self) -> &mut Vec<Noted<'m>> {
        match self.orders.last_mut() {
            None => &mut self.observations,
            Some(order) => match order.specimens.last_mut() {
                None => &mut order.observations,
                Some(specimen) => &mut specimen.observations,
            },
        }
    }

    /// A note belongs to the observation before it, else to the order; a note on anything else stands alone.
    fn notes(&mut self, note: Segment<'m>) {
        let on_order = self.orders.last().is_some_and(|order| order.specimens.is_empty());
        if self.resources {
            self.segments.push(note);
        } else if let Some(observation) = self.observations().last_mut() {
            observation.notes.push(note);
        } else if on_order {
            self.orders.last_mut().into_iter().for_each(|order| order.notes.push(note));
        } else {
            self.segments.push(note);
        }
    }
}

impl OrderGroup<'_> {
    /// Whether nothing but the ORC has come yet.
    fn is_bare(&self) -> bool {
        self.obr.is_none() && self.rxa.is_none() && self.observations.is_empty() && self.specimens.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParseOptions;

    /// `OBR:OBX*2` stands for an order with two observations.
    fn shape(text: &str) -> String {
        let lines: String = text.split(' ').map(|name| format!("{name}|1\r")).collect();
        let bytes = format!("MSH|^~\\&|A\r{lines}");
        let message = Message::parse(bytes.as_bytes(), &ParseOptions::default()).unwrap();
        let orders = |group: &PatientGroup<'_>| {
            let shown: Vec<String> = group.orders.iter().map(order).collect();
            format!("{}{}", observations(&group.observations), shown.join(" "))
        };
        patients(&message).iter().map(orders).collect::<Vec<_>>().join(" / ")
    }

    fn order(order: &OrderGroup<'_>) -> String {
        let heads = [order.orc, order.obr, order.rxa, order.rxr];
        let heads: Vec<&str> = heads.iter().flatten().map(|segment| segment.name()).collect();
        let specimens: Vec<String> = order
            .specimens
            .iter()
            .map(|group| format!("+SPM{}", observations(&group.observations)))
            .collect();
        format!(
            "{}{}{}{}",
            heads.join("-"),
            "*".repeat(order.notes.len()),
            observations(&order.observations),
            specimens.concat()
        )
    }

    fn observations(list: &[Noted<'_>]) -> String {
        list.iter().map(|noted| format!(":OBX{}", "*".repeat(noted.notes.len()))).collect()
    }

    #[test]
    fn an_observation_belongs_to_its_order() {
        assert_eq!(shape("PID ORC OBR OBX OBX ORC OBR OBX"), "ORC-OBR:OBX:OBX ORC-OBR:OBX");
        assert_eq!(shape("PID OBR OBX OBR OBX"), "OBR:OBX OBR:OBX");
        assert_eq!(shape("PID ORC OBR OBX OBR OBX"), "ORC-OBR:OBX OBR:OBX");
        assert_eq!(shape("PID OBX PV1 ORC OBR"), ":OBXORC-OBR");
    }

    #[test]
    fn a_note_belongs_to_what_it_follows() {
        assert_eq!(shape("PID NTE ORC OBR NTE NTE OBX NTE OBX"), "ORC-OBR**:OBX*:OBX");
    }

    #[test]
    fn a_note_on_a_resource_is_on_no_observation() {
        assert_eq!(shape("SCH NTE PID OBX NTE DG1 RGS AIS NTE NTE AIP NTE"), ":OBX*");
    }

    #[test]
    fn a_specimen_belongs_to_its_order_and_has_observations_of_its_own() {
        assert_eq!(shape("PID OBR OBX SPM OBR OBX SPM OBX NTE"), "OBR:OBX+SPM OBR:OBX+SPM:OBX*");
    }

    #[test]
    fn a_vaccination_is_an_order() {
        assert_eq!(shape("PID ORC RXA RXR OBX ORC RXA"), "ORC-RXA-RXR:OBX ORC-RXA");
    }

    #[test]
    fn a_second_patient_begins_anew() {
        assert_eq!(shape("PID OBR OBX PID OBR"), "OBR:OBX / OBR");
    }
}
