//! The queue against the reference in memory: any sequence of operations has the same answers and leaves the same jobs.

mod ops;
mod world;

use carewire_sqlite::{SqliteOptions, SqliteStore, Synchronous};
use carewire_sync_engine::MemoryStore;
use proptest::prelude::*;

use ops::{Op, op};
use world::World;

async fn compare(ops: &[Op]) {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions::default().synchronous(Synchronous::Off).readers(1);
    let store = SqliteStore::open(folder.path().join("store.db"), options).await.unwrap();
    let reference = MemoryStore::new();
    let mut world = World::default();
    for op in ops {
        let (answer, leases) = world.run(&store, op).await;
        let (expected, _) = world.run(&reference, op).await;
        assert_eq!(answer, expected, "{op:?} answers something else");
        world.leases.extend(leases);
        match op {
            Op::Enqueue(jobs) => world.enqueued += jobs.len(),
            Op::Pass(seconds) => world.now += seconds,
            _ => {}
        }
        assert_eq!(world.view(&store).await, world.view(&reference).await, "after {op:?}");
    }
    store.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn the_queue_behaves_as_the_reference(ops in prop::collection::vec(op(), 1..80)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(compare(&ops));
    }
}
