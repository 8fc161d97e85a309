//! What a long file of messages costs in memory.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use std::fs::read_to_string;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::support::Place;

/// What one run may need more than another one, in KiB.
const MOST: usize = 2 << 10;
/// The Bundles that are not read before the memory is: more than fits into a pipe, so that the command still runs.
const LAST: usize = 300;
const PIPE: usize = 96 << 10;

fn message(number: usize) -> String {
    format!(
        "MSH|^~\\&|APP|FAC|||20260301083000+0000||ADT^A31^ADT_A05|{number}|P|2.5.1\r\
         PID|1||{number}^^^AUTH&1.2.3.4&ISO^MR||Doe^Jo||19700101|F\r"
    )
}

/// The most memory that converting a batch of so many messages needs, in KiB; `None` where no system says so.
fn peak(messages: usize) -> Option<usize> {
    let place = Place::new();
    let mut file = String::from("FHS|^~\\&|APP|FAC\rBHS|^~\\&|APP|FAC\r");
    (0..messages).for_each(|number| file += &message(number));
    file += &format!("BTS|{messages}\rFTS|1\r");
    place.write("batch.hl7", file);
    let mut command = place.command(&["convert", "v2-to-fhir", "batch.hl7", "--report", "report.ndjson"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut bundles = BufReader::new(child.stdout.take().unwrap()).lines();
    let read = bundles.by_ref().take(messages - LAST).map(|bundle| bundle.unwrap().len());
    assert!(read.min().unwrap() * LAST > PIPE);
    let peak = high_water(&child);
    assert_eq!((bundles.count(), child.wait().unwrap().success()), (LAST, true));
    peak
}

fn high_water(child: &Child) -> Option<usize> {
    let status = read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[test]
fn a_long_file_needs_no_more_memory_than_a_short_one() {
    let (Some(short), Some(long)) = (peak(400), peak(20_000)) else {
        println!("skipped: this system has no /proc/PID/status");
        return;
    };
    assert!(long < short + MOST, "{short} KiB for 400 messages, {long} KiB for 20,000");
}
