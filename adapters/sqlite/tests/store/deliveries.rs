//! Deliveries against the reference in memory: any sequence of calls has the same answers.

use crate::samples::{at, key, org};
use carewire_sqlite::{SqliteOptions, SqliteStore, Synchronous};
use carewire_sync_engine::{Begun, BlindKey, Delivery, Idempotency, MemoryStore, Ticket};
use proptest::prelude::*;

/// One arrival of the message of that name, with a lease of 30 seconds.
pub(crate) fn delivery(name: &str, second: i64) -> Delivery {
    Delivery {
        org: org(),
        control_key: Some(key(name, 1)),
        content_hash: key(name, 2),
        received_at: at(second),
        since: at(second - 3600),
        lease_until: at(second + 30),
    }
}

/// One call. `usize`s choose among the tickets that were given out so far, good or stale.
#[derive(Clone, Debug)]
enum Op {
    Begin { control: Option<u8>, content: u8, window: i64, lease: i64 },
    Finish { ticket: usize, answer: Vec<u8> },
    Abandon(usize),
    Purge { age: i64, limit: usize },
    Pass(i64),
}

fn op() -> impl Strategy<Value = Op> {
    let control = prop_oneof![1 => Just(None), 9 => (0_u8..3).prop_map(Some)];
    prop_oneof![
        8 => (control, 0_u8..3, 0_i64..60, 0_i64..20)
            .prop_map(|(control, content, window, lease)| Op::Begin { control, content, window, lease }),
        4 => (0_usize..1000, prop::collection::vec(any::<u8>(), 0..3))
            .prop_map(|(ticket, answer)| Op::Finish { ticket, answer }),
        2 => (0_usize..1000).prop_map(Op::Abandon),
        1 => (0_i64..40, 0_usize..4).prop_map(|(age, limit)| Op::Purge { age, limit }),
        3 => (1_i64..15).prop_map(Op::Pass),
    ]
}

#[derive(Debug, Default)]
struct World {
    now: i64,
    tickets: Vec<Ticket>,
}

impl World {
    async fn run<S: Idempotency>(&self, store: &S, op: &Op) -> (String, Option<Ticket>) {
        let ticket = |choice: &usize| Some(self.tickets[choice.checked_rem(self.tickets.len())?].clone());
        let answer = match op {
            Op::Begin { control, content, window, lease } => {
                let delivery = Delivery {
                    org: org(),
                    control_key: control.map(|control| BlindKey([control; 32])),
                    content_hash: BlindKey([*content; 32]),
                    received_at: at(self.now),
                    since: at(self.now - window),
                    lease_until: at(self.now + lease),
                };
                let begun = store.begin(&delivery).await.unwrap();
                let ticket = match &begun {
                    Begun::New { ticket, .. } => Some(ticket.clone()),
                    Begun::Resend { answer } => return (format!("resend {answer:?}"), None),
                    Begun::InProgress { .. } => None,
                };
                return (format!("{begun:?}"), ticket);
            }
            Op::Finish { ticket: choice, answer } => match ticket(choice) {
                Some(ticket) => format!("{:?}", store.finish(&ticket, answer.clone()).await),
                None => String::new(),
            },
            Op::Abandon(choice) => match ticket(choice) {
                Some(ticket) => format!("{:?}", store.abandon(&ticket).await),
                None => String::new(),
            },
            Op::Purge { age, limit } => {
                format!("{:?}", store.purge(&org(), at(self.now - age), *limit).await)
            }
            Op::Pass(_) => String::new(),
        };
        (answer, None)
    }
}

async fn compare(ops: &[Op]) {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::default().synchronous(Synchronous::Off).readers(1);
    let store = SqliteStore::open(folder.path().join("store.db"), options).await.unwrap();
    let reference = MemoryStore::new();
    let mut world = World::default();
    for op in ops {
        let (answer, ticket) = world.run(&store, op).await;
        let (expected, _) = world.run(&reference, op).await;
        assert_eq!(answer, expected, "{op:?} answers something else");
        world.tickets.extend(ticket);
        if let Op::Pass(seconds) = op {
            world.now += seconds;
        }
    }
    store.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn deliveries_behave_as_the_reference(ops in prop::collection::vec(op(), 1..80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(compare(&ops));
    }
}
