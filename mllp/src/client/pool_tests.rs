//! Order for each key, bounded waiting, idle connections and draining, in paused time.

use std::collections::HashMap;

use super::*;
use crate::{
    Backoff, Outcome,
    client::link::tests::{Dialed, Does, Server, options},
};

fn pool(server: &Arc<Server>, options: PoolOptions) -> Pool {
    Pool::over(Arc::new(Dialed(Arc::clone(server))), options)
}

fn over(links: usize) -> PoolOptions {
    PoolOptions { links, ..PoolOptions::new(options()) }
}

/// Hands `messages` of each of `keys` over, in turn, without waiting for any.
async fn send_in_turn(pool: &Pool, keys: usize, messages: usize) -> Vec<Result<Delivery, ClientError>> {
    let mut sending = tokio::task::JoinSet::new();
    for n in 0..messages {
        for key in 0..keys {
            let pool = pool.clone();
            sending.spawn(async move { pool.deliver(&key, format!("{key}:{n}").as_bytes()).await });
            tokio::task::yield_now().await;
        }
    }
    sending.join_all().await
}

/// The numbers of the messages of each key in the order of their first arrival.
fn first_arrivals(server: &Server) -> HashMap<String, Vec<usize>> {
    let mut found: HashMap<String, Vec<usize>> = HashMap::new();
    for message in server.messages() {
        let text = String::from_utf8(message).unwrap();
        let (key, n) = text.split_once(':').unwrap();
        let numbers = found.entry(key.to_owned()).or_default();
        let n = n.parse().unwrap();
        if numbers.last() != Some(&n) {
            numbers.push(n);
        }
    }
    found
}

#[tokio::test(start_paused = true)]
async fn the_order_of_each_key_stays_under_failures() {
    let faults = [
        Does::Closes,
        Does::Nothing,
        Does::Answers("AE"),
        Does::AnswersAnother,
        Does::Answers("AA"),
        Does::Answers("AR"),
    ];
    let script: Vec<Does> = faults.into_iter().cycle().take(60).collect();
    let server = Server::new(&script, Does::Answers("AA"));
    let link = options();
    let backoff = Backoff { first: Duration::from_millis(10), most: Duration::from_secs(1), ..link.backoff };
    let options =
        PoolOptions { link: LinkOptions { backoff, attempts: 100, ..link }, wait: Duration::MAX, ..over(3) };
    let done = send_in_turn(&pool(&server, options), 8, 12).await;
    assert_eq!(done.len(), 96);
    for delivery in done {
        assert!(matches!(delivery.unwrap().outcome, Outcome::Accepted(_) | Outcome::Rejected(_)));
    }
    let found = first_arrivals(&server);
    assert_eq!(found.len(), 8);
    for (key, numbers) in found {
        assert_eq!(numbers, (0..12).collect::<Vec<_>>(), "key {key}");
    }
}

#[tokio::test(start_paused = true)]
async fn keys_share_the_links_and_every_link_is_used() {
    let server = Server::new(&[], Does::Answers("AA"));
    let pool = pool(&server, over(4));
    send_in_turn(&pool, 40, 1).await;
    assert_eq!((server.connected.lock().unwrap().len(), pool.idle_connections()), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn too_many_are_refused_at_once_and_too_long_a_wait_ends() {
    let server = Server::new(&[], Does::Nothing);
    let link = LinkOptions { attempts: 1, ..options() };
    let options = PoolOptions { waiting: 2, wait: Duration::from_secs(40), ..PoolOptions::new(link) };
    let pool = pool(&server, PoolOptions { links: 1, ..options });
    let begin = Instant::now();
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let pool = pool.clone();
        sending.spawn(async move {
            let outcome = pool.deliver("key", b"one").await.map(|delivery| delivery.outcome);
            (begin.elapsed().as_secs(), outcome)
        });
        tokio::task::yield_now().await;
    }
    let mut ended = sending.join_all().await;
    ended.sort_by_key(|(at, _)| *at);
    // One is under way, two wait, and there is no room for the last. The third waits for 40 seconds.
    let [(0, Err(ClientError::Busy)), (30, Ok(_)), (40, Err(ClientError::Busy)), (61, Ok(_))] = &ended[..]
    else {
        panic!("{ended:?}");
    };
    assert_eq!(server.messages().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_one_that_came_first_is_served_first() {
    let server = Server::new(&[], Does::Answers("AA"));
    send_in_turn(&pool(&server, over(1)), 5, 20).await;
    let expected: Vec<Vec<u8>> =
        (0..20).flat_map(|n| (0..5).map(move |key| format!("{key}:{n}").into_bytes())).collect();
    assert_eq!(server.messages(), expected);
}

#[tokio::test(start_paused = true)]
async fn idle_connections_are_closed_and_made_again() {
    let server = Server::new(&[], Does::Answers("AA"));
    let pool = pool(&server, PoolOptions { idle: Duration::from_secs(100), ..over(1) });
    for _ in 0..5 {
        tokio::time::sleep(Duration::from_secs(60)).await;
        let _ = pool.deliver("key", b"one").await.unwrap();
    }
    assert_eq!((server.connected.lock().unwrap().len(), pool.idle_connections()), (1, 1));
    tokio::time::sleep(Duration::from_secs(130)).await;
    assert_eq!(pool.idle_connections(), 0);
    let _ = pool.deliver("key", b"two").await.unwrap();
    assert_eq!(server.connected.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_drain_lets_all_end_that_were_handed_over() {
    let server = Server::new(&[Does::Answers("AE"); 5], Does::Answers("AA"));
    let pool = pool(&server, over(2));
    let sending = tokio::spawn({
        let pool = pool.clone();
        async move { send_in_turn(&pool, 3, 3).await }
    });
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert!(pool.drain(Duration::from_secs(600)).await);
    for delivery in sending.await.unwrap() {
        assert!(matches!(delivery.unwrap().outcome, Outcome::Accepted(_)));
    }
    assert!(matches!(pool.deliver("key", b"one").await, Err(ClientError::Closing { sent: false })));
    assert_eq!(pool.idle_connections(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_drain_ends_at_its_deadline_and_says_what_may_have_been_sent() {
    let server = Server::new(&[], Does::Nothing);
    let pool = pool(&server, over(1));
    let sending = tokio::spawn({
        let pool = pool.clone();
        async move { send_in_turn(&pool, 1, 3).await }
    });
    tokio::time::sleep(Duration::from_millis(10)).await;
    let begin = Instant::now();
    assert!(!pool.drain(Duration::from_secs(5)).await);
    let mut sent: Vec<bool> =
        sending.await.unwrap().into_iter().map(|ended| ended.unwrap_err().may_be_received()).collect();
    sent.sort_unstable();
    assert_eq!((sent, begin.elapsed().as_secs()), (vec![false, false, true], 5));
}
