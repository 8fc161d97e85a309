//! An order and its results.

use super::codes::{Content, METABOLIC, Panel, REMARKS, SENTENCES, Test};
use super::dice::Dice;
use super::moment::Moment;

/// A laboratory order.
#[derive(Clone)]
pub(super) struct Order {
    pub(super) number: u64,
    pub(super) panel: Panel,
    pub(super) collected: Moment,
    pub(super) findings: Vec<Finding>,
}

/// One observation.
#[derive(Clone)]
pub(super) struct Finding {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) value: Measured,
    /// The reference range, as text.
    pub(super) range: String,
    /// Table 0078.
    pub(super) flag: &'static str,
    pub(super) remark: Option<&'static str>,
}

#[derive(Clone)]
pub(super) enum Measured {
    /// In tenths.
    Number(u64),
    Text(&'static str),
    Report(Vec<&'static str>),
    Coded(&'static str, &'static str),
    /// Comparator, number, separator, number.
    Structured(&'static str, u64, &'static str, u64),
}

impl Order {
    /// An order whose findings are drawn already; at least so many of them.
    pub(super) fn draw(number: u64, panel: Panel, ordered: Moment, least: usize, dice: &mut Dice) -> Self {
        let mut findings = match panel.content {
            Content::Numbers(tests) => tests.iter().map(|test| number_of(test, dice)).collect(),
            Content::Urine => urine(dice),
            Content::Culture => culture(dice),
            Content::Titre => vec![titre(&panel, dice)],
        };
        let missing = least.saturating_sub(findings.len());
        findings.extend(METABOLIC.iter().cycle().take(missing).map(|test| number_of(test, dice)));
        Self { number, panel, collected: ordered.after(dice.between(600, 5_400)), findings }
    }

    /// What a correction changes: the first number.
    pub(super) fn correct(&mut self) {
        let number = self.findings.iter_mut().find_map(|finding| match &mut finding.value {
            Measured::Number(tenths) => Some(tenths),
            _ => None,
        });
        if let Some(tenths) = number {
            *tenths += 1;
        }
    }
}

fn number_of(test: &Test, dice: &mut Dice) -> Finding {
    let (low, high) = test.normal;
    let (least, most) = if dice.percent(70) { test.normal } else { test.drawn };
    let tenths = dice.between(least, most);
    let flag = match tenths {
        _ if tenths < low => "L",
        _ if tenths > high => "H",
        _ => "N",
    };
    Finding {
        code: test.code,
        name: test.name,
        unit: test.unit,
        value: Measured::Number(tenths),
        range: format!("{}-{}", decimal(low), decimal(high)),
        flag,
        remark: (flag != "N" && dice.percent(10)).then(|| dice.word(REMARKS)),
    }
}

fn urine(dice: &mut Dice) -> Vec<Finding> {
    let plain = |code, name, value| Finding {
        code,
        name,
        unit: "",
        value,
        range: String::new(),
        flag: "",
        remark: None,
    };
    let protein = match dice.percent(70) {
        true => Measured::Coded("260385009", "Negative"),
        false => Measured::Coded("10828004", "Positive"),
    };
    let acidity = Test {
        code: "5803-2",
        name: "pH of Urine by Test strip",
        unit: "[pH]",
        normal: (50, 80),
        drawn: (45, 90),
    };
    let mut glucose =
        plain("5792-7", "Glucose [Mass/volume] in Urine by Test strip", Measured::Structured("<", 50, "", 0));
    glucose.unit = "mg/dL";
    vec![
        plain("5767-9", "Appearance of Urine", Measured::Text(dice.word(&["Clear", "Cloudy", "Turbid"]))),
        plain("5778-6", "Color of Urine", Measured::Text(dice.word(&["Yellow", "Straw", "Amber"]))),
        number_of(&acidity, dice),
        plain("20454-5", "Protein [Presence] in Urine by Test strip", protein),
        glucose,
    ]
}

fn culture(dice: &mut Dice) -> Vec<Finding> {
    let found = dice.percent(30);
    let (organism, report) = match found {
        true => {
            let (code, name) = dice.pick(super::codes::ORGANISMS, ("3092008", "Staphylococcus aureus"));
            (Measured::Coded(code, name), "Growth after 18 hours. Sensitivities to follow.")
        }
        false => (Measured::Text("No growth after 5 days"), "No growth after 5 days."),
    };
    let finding = |code, name, value, flag| Finding {
        code,
        name,
        unit: "",
        value,
        range: String::new(),
        flag,
        remark: None,
    };
    let lines = vec![report, "Aerobic & anaerobic bottle.", dice.word(SENTENCES)];
    vec![
        finding("600-7", "Bacteria identified in Blood by Culture", organism, if found { "A" } else { "" }),
        finding("11502-2", "Laboratory report", Measured::Report(lines), ""),
    ]
}

fn titre(panel: &Panel, dice: &mut Dice) -> Finding {
    let dilution = 40 << dice.below(6);
    let (value, flag) = match dilution {
        0..=80 => (Measured::Structured("<", 1, ":", 80), "N"),
        _ => (Measured::Structured("", 1, ":", dilution), "A"),
    };
    Finding { code: panel.code, name: panel.name, unit: "", value, range: "<1:80".into(), flag, remark: None }
}

/// Tenths as a decimal number.
pub(super) fn decimal(tenths: u64) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}
