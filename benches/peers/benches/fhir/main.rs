//! FHIR resources beside serde_json, sonic-rs and fhirkit: speed, memory, validation. All figures are of one run.
//!
//! Speed is of the processor time of one thread, the best of several rounds, and includes freeing what was made.
//! sonic-rs is the one contender with unsafe code of its own in the tree. fhirkit reads into typed structs and checks
//! while reading.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod clock;
mod contender;
mod memory;
mod trees;
mod validation;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(contender) = memory::asked(&arguments) {
        return memory::hold(contender);
    }
    trees::compare()?;
    memory::compare()?;
    validation::compare()
}
