//! The calls that are made.

use proptest::prelude::*;

/// One call. `usize`s choose among the leases that were given out so far, live or stale.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Enqueue(Vec<Draft>),
    Claim { queue: u8, limit: usize },
    Settle(Vec<(usize, End)>),
    Heartbeat { lease: usize, progress: Option<u64> },
    Release { org: u8, key: u8 },
    Redrive { org: u8, filter: Filter },
    Cancel { org: u8, filter: Filter },
    Pause { scope: Scope, paused: bool },
    Limit { scope: Scope, limit: Option<(u32, u64, u32)> },
    Close { scope: Scope, seconds: i64 },
    Observe { scope: Scope, tokens: u32 },
    Take { org: u8, queue: u8, remote: Option<u8>, cost: u32 },
    Clean(u8),
    Pass(i64),
}

/// A job to enqueue.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) org: u8,
    pub(super) queue: u8,
    pub(super) kind: u8,
    pub(super) keys: Vec<u8>,
    pub(super) priority: u8,
    pub(super) delay: i64,
    pub(super) max_attempts: u32,
    pub(super) remote: Option<u8>,
    pub(super) resource_type: Option<u8>,
    pub(super) cost: u32,
    pub(super) park: Option<u64>,
    pub(super) unique: Option<(u8, Mode)>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    Skip,
    Replace,
    ReplaceAfterRun,
    Debounce,
}

#[derive(Clone, Debug)]
pub(super) enum End {
    Complete,
    Retry { delay: i64, counts: bool },
    Bury,
    Hold(u8),
}

/// What an operator asks for: the state by its position.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub(super) queue: Option<u8>,
    pub(super) kind: Option<u8>,
    pub(super) remote: Option<u8>,
    pub(super) state: Option<usize>,
    pub(super) id: Option<i64>,
    pub(super) after: Option<i64>,
}

/// A pause or a limit.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    pub(super) org: Option<u8>,
    pub(super) queue: Option<u8>,
    pub(super) kind: Option<u8>,
    pub(super) remote: Option<u8>,
    pub(super) resource_type: Option<u8>,
}

fn some(below: u8) -> impl Strategy<Value = Option<u8>> {
    prop_oneof![2 => Just(None), 1 => (0..below).prop_map(Some)]
}

fn draft() -> impl Strategy<Value = Draft> {
    let mode =
        prop_oneof![Just(Mode::Skip), Just(Mode::Replace), Just(Mode::ReplaceAfterRun), Just(Mode::Debounce)];
    let keys = prop_oneof![
        2 => Just(Vec::new()),
        4 => (0_u8..3).prop_map(|key| vec![key]),
        2 => prop::collection::vec(0_u8..3, 2..4),
    ];
    let delay = prop_oneof![3 => Just(0_i64), 1 => 1_i64..40];
    let park = prop_oneof![3 => Just(None), 1 => (1_u64..40).prop_map(Some)];
    // Most jobs of a unique key have no ordering key, so that many replacements are allowed.
    let unique = prop_oneof![3 => Just(None), 1 => (0_u8..2, mode).prop_map(Some)];
    let names = (0_u8..3, 0_u8..2, 0_u8..2, some(2), some(2));
    (names, keys, 1_u8..6, delay, 1_u32..4, 1_u32..5, park, unique).prop_map(
        |(
            (org, queue, kind, remote, resource_type),
            keys,
            priority,
            delay,
            max_attempts,
            cost,
            park,
            unique,
        )| {
            let keys = if unique.is_some() && cost < 4 { Vec::new() } else { keys };
            Draft {
                org,
                queue,
                kind,
                keys,
                priority,
                delay,
                max_attempts,
                remote,
                resource_type,
                cost,
                park,
                unique,
            }
        },
    )
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        5 => Just(End::Complete),
        3 => (0_i64..20, any::<bool>()).prop_map(|(delay, counts)| End::Retry { delay, counts }),
        2 => Just(End::Bury),
        2 => (0_u8..2).prop_map(End::Hold),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let state = prop_oneof![Just(None), (0_usize..6).prop_map(Some)];
    let number = || prop_oneof![4 => Just(None), 1 => (1_i64..30).prop_map(Some)];
    (some(2), some(2), some(2), state, number(), number())
        .prop_map(|(queue, kind, remote, state, id, after)| Filter { queue, kind, remote, state, id, after })
}

fn scope() -> impl Strategy<Value = Scope> {
    (some(3), some(2), some(2), some(2), some(2)).prop_map(|(org, queue, kind, remote, resource_type)| {
        Scope { org, queue, kind, remote, resource_type }
    })
}

pub(super) fn op() -> impl Strategy<Value = Op> {
    let lease = 0_usize..1000;
    let limit = prop_oneof![1 => Just(None), 2 => (1_u32..6, 1_u64..30, 1_u32..6).prop_map(Some)];
    let rare = prop_oneof![
        (0_u8..3, filter()).prop_map(|(org, filter)| Op::Redrive { org, filter }),
        (0_u8..3, filter()).prop_map(|(org, filter)| Op::Cancel { org, filter }),
        (scope(), prop::bool::weighted(0.4)).prop_map(|(scope, paused)| Op::Pause { scope, paused }),
        (scope(), limit).prop_map(|(scope, limit)| Op::Limit { scope, limit }),
        (scope(), -1_i64..30).prop_map(|(scope, seconds)| Op::Close { scope, seconds }),
        (scope(), 0_u32..4).prop_map(|(scope, tokens)| Op::Observe { scope, tokens }),
        (0_u8..3, 0_u8..2, some(2), 1_u32..4).prop_map(|(org, queue, remote, cost)| Op::Take {
            org,
            queue,
            remote,
            cost
        }),
        (0_u8..3).prop_map(Op::Clean),
    ];
    prop_oneof![
        8 => prop::collection::vec(draft(), 1..6).prop_map(Op::Enqueue),
        12 => (0_u8..2, prop_oneof![0_usize..6, Just(100)]).prop_map(|(queue, limit)| Op::Claim { queue, limit }),
        9 => prop::collection::vec((lease.clone(), end()), 1..6).prop_map(Op::Settle),
        2 => (lease, prop::option::of(0_u64..9)).prop_map(|(lease, progress)| Op::Heartbeat { lease, progress }),
        3 => (0_u8..3, 0_u8..2).prop_map(|(org, key)| Op::Release { org, key }),
        8 => rare,
        5 => (1_i64..40).prop_map(Op::Pass),
    ]
}
