//! Which servers are refused, and what is said of the others.

use carewire_redis::{Durability, Error, RedisOptions, RedisQueue};
use carewire_sync_engine::JobQueue;

use crate::samples::{claim, jobs};
use crate::server::Server;

#[tokio::test]
async fn a_server_that_evicts_is_refused() {
    let Some(server) = Server::start(&["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"]) else {
        return;
    };
    let refused = RedisQueue::connect(&server.url(), RedisOptions::default()).await;
    assert!(matches!(refused, Err(Error::Evicts)), "{refused:?}");
}

#[tokio::test]
async fn it_says_that_there_is_no_append_only_file() {
    let Some(server) = Server::start(&["--appendonly", "no"]) else { return };
    assert_eq!(server.queue().await.durability(), Durability::Snapshots);
}

#[tokio::test]
async fn keys_of_another_format_are_refused() {
    let Some(server) = Server::start(&["--appendonly", "no"]) else { return };
    server.queue().await;
    server.queue().await;
    let client = redis::Client::open(server.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let () = redis::cmd("SET").arg("{carewire}:format").arg(9).query_async(&mut connection).await.unwrap();
    let refused = RedisQueue::connect(&server.url(), RedisOptions::default()).await;
    assert!(matches!(refused, Err(Error::OtherFormat { found: 9, supported: 2 })), "{refused:?}");
}

#[tokio::test]
async fn a_full_server_refuses_new_jobs_whole() {
    let Some(server) = Server::start(&["--appendonly", "no", "--maxmemory", "1mb"]) else { return };
    let queue = server.queue().await;
    let refused = queue.enqueue(jobs(10)).await.unwrap_err();
    assert!(matches!(refused, carewire_sync_engine::Error::Unavailable { .. }), "{refused:?}");
    assert_eq!(queue.next_due("sync").await.unwrap(), None);
}

#[tokio::test]
async fn urls_and_prefixes_are_checked() {
    let refused = RedisQueue::connect("http://127.0.0.1", RedisOptions::default()).await;
    assert!(matches!(refused, Err(Error::Url)), "{refused:?}");
    for prefix in ["", "a{b", "a\nb"] {
        let options = RedisOptions::default().prefix(prefix);
        let refused = RedisQueue::connect("redis://127.0.0.1:1", options).await;
        assert!(matches!(refused, Err(Error::Prefix)), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_call_after_a_restart_is_done() {
    let Some(mut server) = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]) else { return };
    let queue = server.queue().await;
    queue.enqueue(jobs(1)).await.unwrap();
    for _ in 0..3 {
        server.kill();
        server.start_again();
        // By then it has heard that the connection has ended.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert_eq!(queue.enqueue(jobs(2)).await.unwrap().len(), 2, "connected again before it was sent");
    }
    assert_eq!(claim(&queue, 99, 0).await.len(), 7, "none is lost or there twice");
}

#[tokio::test]
async fn a_call_waits_for_a_server_that_is_away_and_fails_when_patience_ends() {
    let Some(mut server) = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]) else { return };
    let queue = server.queue().await;
    server.kill();
    let refused = queue.enqueue(jobs(1)).await.unwrap_err();
    assert!(matches!(refused, carewire_sync_engine::Error::Unavailable { .. }), "{refused:?}");
    let waiting = tokio::spawn({
        let queue = queue.clone();
        async move { queue.enqueue(jobs(1)).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    server.start_again();
    assert_eq!(waiting.await.unwrap().unwrap().len(), 1);
}
