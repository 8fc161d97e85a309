//! The v2 -> FHIR map, bytes of a message in, bytes of JSON out: beside its peers, and where its time goes.
//!
//! All figures are of one run and of processor time of one thread, the best of several turns that go round, so that a
//! neighbour on the processor disturbs all alike. Messages are those of the corpus (`CAREWIRE_CORPUS`), or synthetic ones.
//!
//! **Beside the peers.** Each peer runs warm in a process of its own and converts what it can; the figures are of the
//! messages that both convert, and each side's bytes of JSON for a message stand beside them, for they do not map the same.
//! Peers that are not installed are left out, aloud: `pip install hl7v2-fhir-bridge brightohir` for `python3` or the
//! program in `CAREWIRE_PYTHON`. Others are in no registry: Microsoft's converter (Liquid on .NET, Handlebars on Node), its
//! port to Python, LinuxForHealth's (Java), Whistle.
//!
//! Targets stand below the tables, each `met` or `MISSED`. Nothing fails by them: a shared machine is no judge.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod beside;
mod clock;
#[path = "../shared/convert.rs"]
mod convert;
#[path = "../shared/inputs.rs"]
mod inputs;
mod peer;
mod written;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let synthetic = inputs::synthetic();
    let quick = std::env::args().any(|argument| argument == "quick");
    let corpus = inputs::corpus("all messages of the corpus", "")?;
    let liquid = inputs::corpus("ms-liquid", "v2-to-fhir/ms-liquid/in")?;
    if corpus.is_none() {
        println!("skipped: the corpus (CAREWIRE_CORPUS is not set)");
    }
    written::compare(&synthetic, false)?;
    if let Some(liquid) = &liquid {
        written::compare(liquid, true)?;
    }
    if quick { Ok(()) } else { beside::compare(corpus.as_ref().unwrap_or(&synthetic)) }
}
