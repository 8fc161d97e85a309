//! Reading, writing and cloning.

use carewire_benches::{bundle_resource, observation_resource, patient_resource};
use carewire_fhir_core::Value;

use crate::clock::seconds;
use crate::contender::{Carewire, Contender, Fhirkit, SerdeJson, SonicRs};

const TURNS: usize = 3;

/// MB/s of the text.
struct Rates {
    name: &'static str,
    read: f64,
    write: f64,
    both: f64,
    clone: f64,
}

/// Prints a table for each of three resources.
pub(crate) fn compare() -> Result<(), Box<dyn std::error::Error>> {
    let resources = [
        ("Bundle", bundle_resource(7)),
        ("Patient", patient_resource(7)),
        ("Observation", observation_resource(7)),
    ];
    for (name, text) in resources {
        println!("\n{name}, {} bytes: MB/s", text.len());
        println!(
            "{:<12} {:>8} {:>8} {:>12} {:>10} {:>26}",
            "", "parse", "write", "parse+write", "clone", "parse+write x serde_json"
        );
        let rows = all(&text)?;
        let [peer, ..] = &rows;
        for row in &rows {
            let ratio = row.both / peer.both;
            println!(
                "{:<12} {:>8.0} {:>8.0} {:>12.0} {:>10.0} {ratio:>25.1}x",
                row.name, row.read, row.write, row.both, row.clone
            );
        }
        changed_clone(&text)?;
    }
    Ok(())
}

/// By turns: a neighbour on the processor then disturbs all of them alike.
fn all(text: &str) -> Result<[Rates; 4], Box<dyn std::error::Error>> {
    let turn = || -> Result<_, Box<dyn std::error::Error>> {
        Ok([
            rates::<SerdeJson>(text)?,
            rates::<Carewire>(text)?,
            rates::<SonicRs>(text)?,
            rates::<Fhirkit>(text)?,
        ])
    };
    let mut rows = turn()?;
    for _ in 1..TURNS {
        rows.iter_mut().zip(turn()?).for_each(|(row, other)| row.better(&other));
    }
    Ok(rows)
}

impl Rates {
    fn better(&mut self, other: &Self) {
        self.read = self.read.max(other.read);
        self.write = self.write.max(other.write);
        self.both = self.both.max(other.both);
        self.clone = self.clone.max(other.clone);
    }
}

fn rates<C: Contender>(text: &str) -> Result<Rates, Box<dyn std::error::Error>> {
    let unread = || format!("{} does not read the text", C::NAME);
    let tree = C::read(text).ok_or_else(unread)?;
    let same = |text: &str| serde_json::from_str::<serde_json::Value>(text);
    if same(&C::write(&tree))? != same(text)? || (C::NAME == Carewire::NAME && C::write(&tree) != text) {
        return Err(format!("{} does not write what it read", C::NAME).into());
    }
    let rate = |seconds: f64| text.len() as f64 / seconds / 1e6;
    Ok(Rates {
        name: C::NAME,
        read: rate(seconds(|| C::read(text))),
        write: rate(seconds(|| C::write(&tree))),
        both: rate(seconds(|| C::read(text).map(|tree| C::write(&tree)))),
        clone: rate(seconds(|| tree.clone())),
    })
}

/// Our clones share what does not change, so a clone alone says little: here every list of the clone is changed.
fn changed_clone(text: &str) -> Result<(), Box<dyn std::error::Error>> {
    let ours = Value::parse(text.as_bytes())?;
    let theirs: serde_json::Value = serde_json::from_str(text)?;
    let rate = |seconds: f64| text.len() as f64 / seconds / 1e6;
    let (ours, theirs) = (
        seconds(|| {
            let mut clone = ours.clone();
            touch_ours(&mut clone);
            clone
        }),
        seconds(|| {
            let mut clone = theirs.clone();
            touch_theirs(&mut clone);
            clone
        }),
    );
    println!("clone, then visit all to change: carewire {:.0}, serde_json {:.0}", rate(ours), rate(theirs));
    Ok(())
}

fn touch_ours(value: &mut Value) {
    value.items_mut().iter_mut().for_each(touch_ours);
    value.members_mut().for_each(|(_, value)| touch_ours(value));
}

fn touch_theirs(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Array(items) => items.iter_mut().for_each(touch_theirs),
        serde_json::Value::Object(members) => members.values_mut().for_each(touch_theirs),
        _ => {}
    }
}
