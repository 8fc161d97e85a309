//! The scripts, each with the parts that it is made of.

use redis::Script;

macro_rules! script {
    ($($part:literal),+) => {
        Script::new(concat!($(include_str!(concat!("lua/", $part, ".lua")), "\n"),+))
    };
}

/// Every operation of the queue. Redis runs a script alone: each is one step that nothing comes between, and is in the
/// append-only file wholly or not at all.
#[derive(Debug)]
pub(crate) struct Scripts {
    pub(crate) enqueue: Script,
    pub(crate) claim: Script,
    pub(crate) heartbeat: Script,
    pub(crate) settle: Script,
    pub(crate) next_due: Script,
    pub(crate) stats: Script,
    pub(crate) sweep: Script,
    pub(crate) release: Script,
    pub(crate) clean: Script,
    pub(crate) refresh: Script,
    pub(crate) limit: Script,
    pub(crate) take: Script,
    pub(crate) schedules: Script,
    pub(crate) fire: Script,
}

impl Scripts {
    pub(crate) fn new() -> Self {
        Self {
            enqueue: script!("base", "record", "lane", "order", "state", "enqueue"),
            claim: script!("base", "record", "lane", "order", "state", "claim"),
            heartbeat: script!("base", "record", "heartbeat"),
            settle: script!("base", "record", "lane", "order", "state", "settle"),
            next_due: script!("base", "record", "lane", "next_due"),
            stats: script!("base", "lane", "stats"),
            sweep: script!("base", "record", "lane", "order", "state", "sweep"),
            release: script!("base", "record", "lane", "order", "state", "release"),
            clean: script!("base", "record", "lane", "order", "state", "clean"),
            refresh: script!("base", "lane", "refresh"),
            limit: script!("base", "lane", "limit"),
            take: script!("base", "lane", "take"),
            schedules: script!("base", "schedule", "schedules"),
            fire: script!("base", "record", "lane", "order", "state", "schedule", "fire", "enqueue"),
        }
    }
}
