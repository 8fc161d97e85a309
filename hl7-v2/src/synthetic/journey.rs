//! What happens to one patient.

use std::collections::VecDeque;

use super::codes::{PANELS, Panel};
use super::dice::Dice;
use super::moment::{DAY, HOUR, MINUTE, Moment};
use super::order::Order;
use super::person::{Address, Person};
use super::visit::{Appointment, Bed, Class, Visit};
use super::{Event, SenderProfile, TrafficOptions};

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The person is known under a number: the lasting one, or one that will be merged into it.
    AddPerson {
        duplicate: bool,
    },
    UpdatePerson,
    Merge,
    Preadmit,
    Register(Class),
    Admit,
    CancelAdmit,
    Transfer,
    CancelTransfer,
    Update,
    Discharge,
    CancelDischarge,
    Order(u64),
    Results(u64, ResultStatus),
    Vaccinate(u64),
    Document(u64),
    Book,
    Reschedule,
    ModifyAppointment,
    CancelAppointment,
    NoShow,
    Prescribe(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResultStatus {
    Preliminary,
    Final,
    Corrected,
}

impl Step {
    pub(super) fn event(self) -> Event {
        match self {
            Self::AddPerson { .. } => Event::AddPerson,
            Self::UpdatePerson => Event::UpdatePerson,
            Self::Merge => Event::Merge,
            Self::Preadmit => Event::Preadmit,
            Self::Register(_) => Event::Register,
            Self::Admit => Event::Admit,
            Self::CancelAdmit => Event::CancelAdmit,
            Self::Transfer => Event::Transfer,
            Self::CancelTransfer => Event::CancelTransfer,
            Self::Update => Event::Update,
            Self::Discharge => Event::Discharge,
            Self::CancelDischarge => Event::CancelDischarge,
            Self::Order(_) => Event::Order,
            Self::Results(..) => Event::Results,
            Self::Vaccinate(_) => Event::Vaccinate,
            Self::Document(_) => Event::Document,
            Self::Book => Event::Book,
            Self::Reschedule => Event::Reschedule,
            Self::ModifyAppointment => Event::ModifyAppointment,
            Self::CancelAppointment => Event::CancelAppointment,
            Self::NoShow => Event::NoShow,
            Self::Prescribe(_) => Event::Prescribe,
        }
    }
}

/// A patient with a state and what will happen next.
#[derive(Clone)]
pub(super) struct Patient {
    pub(super) person: Person,
    pub(super) visit: Option<Visit>,
    pub(super) appointment: Option<Appointment>,
    pub(super) dice: Dice,
    orders: Vec<Order>,
    steps: VecDeque<(Moment, Step)>,
    /// The time up to which steps are planned.
    planned: Moment,
    known: bool,
    /// How many visits, orders, documents and so on there were.
    count: u64,
}

impl Patient {
    pub(super) fn new(number: usize, profile: &SenderProfile, options: &TrafficOptions) -> Self {
        let mut dice = Dice::new(options.seed, u64::try_from(number).unwrap_or(0));
        let start = Moment::of(&options.start);
        let mut person = Person::new(number, profile, start, &mut dice);
        if options.without.contains(&Event::Merge) {
            person.duplicate = None;
        }
        let planned = start.after(dice.below(6 * HOUR));
        Self {
            person,
            visit: None,
            appointment: None,
            dice,
            orders: Vec::new(),
            steps: VecDeque::new(),
            planned,
            known: false,
            count: 0,
        }
    }

    /// When the next step is.
    pub(super) fn next_time(&mut self) -> Moment {
        if self.steps.is_empty() {
            self.plan();
        }
        self.steps.front().map_or(self.planned, |(at, _)| *at)
    }

    /// Lets the next step happen.
    pub(super) fn advance(
        &mut self,
        profile: &SenderProfile,
        least_findings: usize,
    ) -> Option<(Moment, Step)> {
        let (at, step) = self.steps.pop_front()?;
        self.happen(step, at, profile, least_findings);
        Some((at, step))
    }

    pub(super) fn order(&self, number: u64) -> Option<&Order> {
        self.orders.iter().find(|order| order.number == number)
    }

    /// Forgets what no later step speaks of.
    pub(super) fn forget(&mut self) {
        let steps = &self.steps;
        let spoken_of = |number: u64| {
            steps
                .iter()
                .any(|(_, step)| matches!(step, Step::Results(of, _) | Step::Order(of) if *of == number))
        };
        self.orders.retain(|order| spoken_of(order.number));
    }

    /// A number that nothing else of any patient of the sender has.
    pub(super) fn number(&mut self) -> u64 {
        self.count += 1;
        self.person.record * 10_000 + self.count
    }

    pub(super) fn happen(&mut self, step: Step, at: Moment, profile: &SenderProfile, least_findings: usize) {
        match step {
            Step::AddPerson { duplicate: false } => self.person.merged = self.person.duplicate.take(),
            Step::UpdatePerson => self.person.address = Address::draw(profile, &mut self.dice),
            Step::Preadmit => self.open(Class::Preadmit, None),
            Step::Register(class) => self.open(class, Some(at)),
            Step::Admit => self.admit(at),
            Step::Discharge => self.change_visit(|visit| visit.ended = Some(at)),
            Step::CancelDischarge => self.change_visit(|visit| visit.ended = None),
            Step::Transfer => {
                let class = self.visit.map_or(Class::Inpatient, |visit| visit.class);
                let bed = Bed::draw(class, &mut self.dice);
                self.change_visit(|visit| visit.bed_before = Some(std::mem::replace(&mut visit.bed, bed)));
            }
            Step::CancelTransfer => self.change_visit(|visit| {
                if let Some(bed) = visit.bed_before.take() {
                    visit.bed = bed;
                }
            }),
            Step::Order(number) => {
                let panel = PANELS.get(self.dice.index(PANELS.len())).or(PANELS.first());
                if let Some(panel) = panel {
                    self.place(number, *panel, at, least_findings);
                }
            }
            Step::Results(number, ResultStatus::Corrected) => {
                let order = self.orders.iter_mut().find(|order| order.number == number);
                order.into_iter().for_each(Order::correct);
            }
            Step::Book => {
                let begin = at.after(DAY * self.dice.between(1, 5));
                let (number, minutes) = (self.number(), 15 * self.dice.between(1, 3));
                self.appointment = Some(Appointment { number, begin, minutes, status: "Booked" });
            }
            Step::Reschedule => self.change_appointment(|one| one.begin = one.begin.after(DAY)),
            Step::ModifyAppointment => self.change_appointment(|one| one.minutes += 15),
            Step::CancelAppointment => self.change_appointment(|one| one.status = "Cancelled"),
            Step::NoShow => self.change_appointment(|one| one.status = "Noshow"),
            _ => {}
        }
    }

    pub(super) fn place(&mut self, number: u64, panel: Panel, at: Moment, least_findings: usize) {
        self.orders.push(Order::draw(number, panel, at, least_findings, &mut self.dice));
    }

    fn open(&mut self, class: Class, begun: Option<Moment>) {
        let number = self.number();
        let bed = Bed::draw(class, &mut self.dice);
        self.visit = Some(Visit { number, class, bed, bed_before: None, begun, ended: None });
    }

    /// The planned visit begins, or one that nobody had planned.
    fn admit(&mut self, at: Moment) {
        match &mut self.visit {
            Some(visit) if visit.class == Class::Preadmit => {
                (visit.class, visit.begun) = (Class::Inpatient, Some(at));
            }
            _ => self.open(Class::Inpatient, Some(at)),
        }
    }

    fn change_visit(&mut self, change: impl FnOnce(&mut Visit)) {
        if let Some(visit) = &mut self.visit {
            change(visit);
        }
    }

    fn change_appointment(&mut self, change: impl FnOnce(&mut Appointment)) {
        if let Some(appointment) = &mut self.appointment {
            change(appointment);
        }
    }
}

/// Plans.
impl Patient {
    /// Plans what happens next: the registration and a visit, or a later visit.
    fn plan(&mut self) {
        if self.known {
            let days = self.dice.between(2, 40);
            self.wait(DAY * days);
        } else {
            self.known = true;
            self.then(0, Step::AddPerson { duplicate: self.person.duplicate.is_some() });
            self.wait(20 * MINUTE);
        }
        match self.dice.below(100) {
            0..45 => self.plan_stay(),
            45..70 => self.plan_appointment(),
            70..88 => self.plan_short_visit(Class::Emergency),
            88..95 => self.plan_vaccination(),
            _ => self.then(0, Step::UpdatePerson),
        }
        if self.person.duplicate.is_some() && self.dice.percent(60) {
            self.then(HOUR, Step::AddPerson { duplicate: false });
            self.then(HOUR, Step::Merge);
        }
        // Results come when they come, among what else happens.
        self.steps.make_contiguous().sort_by_key(|(at, _)| *at);
        self.planned = self.steps.back().map_or(self.planned, |(at, _)| *at).after(MINUTE);
    }

    fn plan_stay(&mut self) {
        if self.dice.percent(30) {
            self.then(0, Step::Preadmit);
            let days = self.dice.between(1, 6);
            self.wait(DAY * days);
        }
        self.then(10 * MINUTE, Step::Admit);
        if self.dice.percent(5) {
            self.then(15 * MINUTE, Step::CancelAdmit);
            return;
        }
        for _ in 0..self.dice.between(1, 4) {
            self.plan_order();
        }
        for _ in 0..self.dice.between(0, 2) {
            let number = self.number();
            self.then(HOUR, Step::Prescribe(number));
        }
        for _ in 0..self.dice.between(0, 2) {
            self.wait(DAY);
            self.then(3 * HOUR, Step::Transfer);
            if self.dice.percent(15) {
                self.then(10 * MINUTE, Step::CancelTransfer);
            }
            self.plan_order();
        }
        if self.dice.percent(40) {
            self.then(2 * HOUR, Step::Update);
        }
        self.plan_document();
        self.then(DAY, Step::Discharge);
        if self.dice.percent(8) {
            self.then(20 * MINUTE, Step::CancelDischarge);
            self.then(DAY, Step::Discharge);
        }
    }

    fn plan_appointment(&mut self) {
        self.then(0, Step::Book);
        if self.dice.percent(25) {
            self.then(3 * HOUR, Step::Reschedule);
        }
        if self.dice.percent(15) {
            self.then(2 * HOUR, Step::ModifyAppointment);
        }
        match self.dice.below(100) {
            0..10 => self.then(HOUR, Step::CancelAppointment),
            10..18 => {
                self.wait(7 * DAY);
                self.then(HOUR, Step::NoShow);
            }
            _ => {
                self.wait(7 * DAY);
                self.plan_short_visit(Class::Outpatient);
            }
        }
    }

    fn plan_short_visit(&mut self, class: Class) {
        self.then(10 * MINUTE, Step::Register(class));
        if self.dice.percent(70) {
            self.plan_order();
        }
        if self.dice.percent(30) {
            self.plan_document();
        }
        self.then(2 * HOUR, Step::Discharge);
    }

    fn plan_vaccination(&mut self) {
        self.then(0, Step::Register(Class::Outpatient));
        let number = self.number();
        self.then(10 * MINUTE, Step::Vaccinate(number));
        self.then(20 * MINUTE, Step::Discharge);
    }

    fn plan_document(&mut self) {
        let number = self.number();
        self.then(HOUR, Step::Document(number));
    }

    /// An order, and results that come while other things go on.
    fn plan_order(&mut self) {
        let number = self.number();
        self.then(40 * MINUTE, Step::Order(number));
        let ordered = self.planned;
        let result = |patient: &mut Self, hours: u64, status| {
            let at = ordered.after(hours * HOUR + patient.dice.below(HOUR));
            patient.steps.push_back((at, Step::Results(number, status)));
        };
        if self.dice.percent(35) {
            result(self, 2, ResultStatus::Preliminary);
        }
        result(self, 4, ResultStatus::Final);
        if self.dice.percent(8) {
            result(self, 9, ResultStatus::Corrected);
        }
    }

    fn then(&mut self, around: u64, step: Step) {
        let wait = around / 2 + self.dice.below(around.max(2 * MINUTE));
        self.wait(wait + 1);
        self.steps.push_back((self.planned, step));
    }

    fn wait(&mut self, seconds: u64) {
        self.planned = self.planned.after(seconds);
    }
}
