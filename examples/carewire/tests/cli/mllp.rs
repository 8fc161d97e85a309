//! `mllp send` and `mllp listen`, one against the other and against peers that misbehave.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as expected"
)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::json;

use crate::support::{CANARIES, Place, Ran, Server, canary_message};

const FAST: [&str; 2] = ["--timeout", "2"];

#[test]
fn what_is_sent_is_kept_before_it_is_acknowledged() {
    let place = Place::new();
    let mut listener = Listening::start(&place, &["--max", "3"]);
    place.write("two.hl7", canary_message("1") + &canary_message("2")).write("one.hl7", canary_message("3"));
    let sent = listener.send(&["two.hl7", "one.hl7"]).is(0);
    assert_eq!((sent.out.matches("MSA|AA|").count(), sent.err.as_str()), (3, ""), "{}", sent.out);
    assert_eq!(listener.ended(), 0);
    assert!(listener.log().contains("3 messages: 3 new, 0 resends, 0 not accepted"), "{}", listener.log());
    assert_eq!(received(&place, "hl7"), [canary_message("1"), canary_message("2"), canary_message("3")]);
}

#[test]
fn a_resend_gets_the_first_answer_also_after_a_kill() {
    let place = Place::new();
    place.write("one.hl7", canary_message("1"));
    let listener = Listening::start(&place, &[]);
    let first = listener.send(&["one.hl7"]).is(0).out;
    listener.hang_up();
    listener.wait_for("no certificates to read again");
    assert_eq!(listener.send(&["one.hl7"]).is(0).out, first, "the same acknowledgement");
    drop(listener);
    let listener = Listening::start(&place, &[]);
    assert_eq!(listener.send(&["one.hl7"]).is(0).out, first, "also of the process before");
    place.run(&["mllp", "listen", "--bind", "127.0.0.1:0", "--out", "in"]).is(3).says(&["another process"]);
    assert_eq!(received(&place, "hl7").len(), 1);
}

#[test]
fn answers_are_what_the_message_asks_for_or_what_is_said() {
    let place = Place::new();
    let enhanced = canary_message("7").replacen("|2.5.1\r", "|2.5.1|||AL|AL\r", 1);
    place
        .write("enhanced.hl7", enhanced)
        .write("unreadable.hl7", "CANARYTEXT")
        .write("a.hl7", canary_message("1"));
    place
        .write("unnamed.hl7", canary_message(""))
        .write("ack.hl7", "MSH|^~\\&|A|B|C|D|2026||ACK|9|P|2.5\rMSA|AA|1\r");
    let listener = Listening::start(&place, &[]);
    let both = listener.send(&["enhanced.hl7"]).is(0).out;
    assert!(both.find("MSA|CA|7") < both.find("MSA|AA|7") && both.contains("MSA|CA|7"), "{both}");
    // What has no control id is never accepted; a refusal that names no message is that of the one that waits.
    for file in ["unnamed.hl7", "unreadable.hl7"] {
        let sent = listener.send_with(&["--attempts", "1"], &[file]).is(1).says(&["not accepted"]);
        assert!(sent.out.contains("MSA|AE|\n"), "{}", sent.out);
    }
    // An acknowledgement is never acknowledged.
    listener.send_with(&["--attempts", "1"], &["ack.hl7"]).is(3).says(&["no answer in time"]);
    drop(listener);
    assert_eq!((received(&place, "hl7").len(), received(&place, "refused").len()), (2, 2));

    for (code, accepted) in [("CR", false), ("AE", false), ("ca", true)] {
        let place = Place::new();
        place.write("a.hl7", canary_message("1"));
        let listener = Listening::start(&place, &["--ack", code]);
        let sent = listener.send(&["a.hl7"]).is(if accepted { 0 } else { 1 });
        assert!(sent.out.contains(&format!("MSA|{}|1", code.to_uppercase())), "{}", sent.out);
        assert_eq!(received(&place, "refused").len(), usize::from(!accepted));
    }
    place.run(&["mllp", "listen", "--out", "x", "--ack", "ZZ"]).is(2).says(&["AA, AE, AR, CA, CE or CR"]);
}

#[test]
fn a_refusal_stops_or_is_passed_over() {
    let place = Place::new();
    place.write("all.hl7", (1..=4).map(|n| canary_message(&n.to_string())).collect::<String>());
    for (pipeline, sent_at_least) in [("1", 1), ("3", 3)] {
        let (address, peer) = peer(4, |n, id| match n {
            0 => Some(ack("AE", id, "")),
            _ => Some(ack("AA", id, "")),
        });
        let words = ["--on-reject", "stop", "--pipeline", pipeline];
        let ran = send(&place, &address, &words, &["all.hl7"]).is(1);
        ran.says(&["all.hl7 message 1: not accepted", "messages were not sent"]);
        assert!(peer.seen().len() >= sent_at_least);
    }
    let (address, peer) = peer(4, |n, id| Some(ack(if n == 1 { "AR" } else { "AA" }, id, "")));
    let ran = send(&place, &address, &[], &["all.hl7"]).is(1).says(&["all.hl7 message 2: not accepted"]);
    assert_eq!((ran.out.matches("MSA|AA|").count(), peer.seen()), (3, ids(&["1", "2", "3", "4"])));
}

#[test]
fn what_was_not_answered_or_refused_for_now_is_sent_again() {
    let place = Place::new();
    place.write("all.hl7", (1..=2).map(|n| canary_message(&n.to_string())).collect::<String>());
    // A lock, an answer to another message, silence, and then what was hoped for.
    let (address, peer) = peer(5, |n, id| match n {
        0 => Some(ack("AE", id, "ERR|||206^^HL70357|E\r")),
        1 => Some(ack("AA", "other", "")),
        2 => None,
        _ => Some(ack("AA", id, "")),
    });
    let ran = send(&place, &address, &[], &["all.hl7"]).is(0);
    assert_eq!(peer.seen(), ids(&["1", "1", "1", "1", "2"]));
    let ran = ran.says(&["refused for now", "answer belongs to another message", "no answer in time"]);
    assert_eq!(
        ran.out.matches("MSA|AA|").count(),
        2,
        "only what belongs to a message is printed: {}",
        ran.out
    );
}

#[test]
fn a_peer_that_speaks_no_mllp_is_described_and_not_quoted() {
    let place = Place::new();
    place.write("a.hl7", canary_message("1"));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let peer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"MSA|AA|CANARYTEXT\r").unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let ran = send(&place, &address, &["--attempts", "1", "--tap"], &["a.hl7"]).is(3);
    ran.says(&["text*17 CR", "sent at 0: VT text*"]);
    peer.join().unwrap();
}

#[test]
fn who_may_send_is_said_by_rules() {
    let place = Place::new();
    place.write("a.hl7", canary_message("1"));
    let listener = Listening::start(&place, &["--allow", "10.0.0.0/8", "--allow", "127.0.0.1"]);
    listener.send(&["a.hl7"]).is(0);
    let place = Place::new();
    place.write("a.hl7", canary_message("1"));
    let listener = Listening::start(&place, &["--allow", "10.0.0.0/8"]);
    listener.send_with(&["--attempts", "1"], &["a.hl7"]).is(3);
    assert!(listener.log().contains("is not allowed to send"), "{}", listener.log());
    assert!(place.list("in").iter().all(|name| !name.ends_with(".hl7")));
    place.run(&["mllp", "listen", "--out", "x", "--allow", "everybody"]).is(2);
}

#[test]
fn tls_shows_who_both_are() {
    let place = Place::new();
    place.write("a.hl7", canary_message("1"));
    let ours = Authority::new(&place, "ours");
    ours.issue(&place, "server", "localhost");
    ours.issue(&place, "lab", "lab.example.org");
    Authority::new(&place, "theirs").issue(&place, "stranger", "lab.example.org");
    let tls = ["--tls-cert", "server.pem", "--tls-key", "server.key", "--tls-client-ca", "ours.pem"];
    let rules = ["--allow", "name:lab.example.org"];
    let listener = Listening::start(&place, &[&tls[..], &rules].concat());
    let trust = ["--tls-ca", "ours.pem", "--tls-name", "localhost", "--attempts", "1"];
    let with = |words: &[&str]| listener.send_with(&[&trust[..], words].concat(), &["a.hl7"]);
    with(&["--tls-cert", "lab.pem", "--tls-key", "lab.key"]).is(0);
    with(&["--tls-cert", "stranger.pem", "--tls-key", "stranger.key"]).is(3);
    with(&["--tls-cert", "server.pem", "--tls-key", "server.key"]).is(3);
    with(&[]).is(3);
    let other = ["--tls-ca", "theirs.pem", "--tls-name", "localhost"];
    listener.send_with(&other, &["a.hl7"]).is(3).says(&["certificate"]);
    listener.send_with(&["--tls-ca", "ours.pem", "--tls-name", "lis.example.org"], &["a.hl7"]).is(3);
    listener.send_with(&["--attempts", "1"], &["a.hl7"]).is(3);
    assert_eq!(received(&place, "hl7").len(), 1);

    // Another certificate while it runs.
    ours.issue(&place, "server", "renewed.example.org");
    listener.hang_up();
    listener.wait_for("certificates read again");
    let renewed = [
        "--tls-ca",
        "ours.pem",
        "--tls-name",
        "renewed.example.org",
        "--tls-cert",
        "lab.pem",
        "--tls-key",
        "lab.key",
    ];
    listener.send_with(&renewed, &["a.hl7"]).is(0);
    place.write("server.pem", "nonsense");
    listener.hang_up();
    listener.wait_for("the ones before stay in use");
    listener.send_with(&renewed, &["a.hl7"]).is(0);

    for wrong in
        [["--tls-cert", "a.hl7", "--tls-key", "lab.key"], ["--tls-cert", "none.pem", "--tls-key", "lab.key"]]
    {
        let words = [&["mllp", "listen", "--bind", "127.0.0.1:0", "--out", "x"][..], &wrong].concat();
        place.run(&words).is(2).says(&[wrong[1]]);
    }
}

#[test]
fn the_outbox_keeps_what_is_to_be_sent_until_it_is_taken() {
    let place = Place::initialised();
    let name = "outbox.toml";
    let listener = Listening::start(&place, &[]);
    let destination = format!(
        "\n[[destination]]\nname = \"lab\"\nto = \"{}\"\nbasis = \"contract:lab-2026\"\n",
        listener.address
    );
    let configuration = place.read("carewire/carewire.toml");
    place.write(name, configuration.clone() + &destination);
    place.write("all.hl7", (1..=5).map(|n| canary_message(&n.to_string())).collect::<String>());
    place.write("odd.hl7", canary_message(""));
    let run = |words: &[&str]| place.run(&[&["mllp"], words, &["--config", name]].concat());

    // Nobody serves: they are stored, once.
    let first = run(&["send", "--outbox", "lab", "all.hl7"]).is(0).out;
    assert_eq!(first.lines().count(), 5);
    assert_eq!(run(&["send", "--outbox", "lab", "all.hl7"]).is(0).out, first, "known by MSH-10 and content");
    run(&["send", "--outbox", "lab", "odd.hl7"]).is(1).says(&["odd.hl7 message 1: "]);
    run(&["send", "--outbox", "lib", "all.hl7"]).is(2).says(&["no such destination; there are lab"]);
    run(&["send", "--outbox", "lab", "--to", "127.0.0.1:1", "all.hl7"]).is(2);
    let listed = run(&["outbox", "list"]).is(0).lines().remove(0);
    assert_eq!((&listed["waiting"], &listed["delivered"]), (&json!(5), &json!(0)));
    assert!(!place.list("in").iter().any(|name| name.ends_with(".hl7")));

    // Stopped, then served: in the order of handing over.
    run(&["outbox", "stop", "lab"]).is(0);
    let mut server = Server::start_with(&place, name, &[]);
    std::thread::sleep(Duration::from_millis(1500));
    assert!(!place.list("in").iter().any(|name| name.ends_with(".hl7")));
    run(&["outbox", "resume", "lab"]).is(0);
    until(|| run(&["outbox", "list"]).is(0).lines().remove(0)["delivered"] == 5);
    let expected: Vec<String> = (1..=5).map(|n| canary_message(&n.to_string())).collect();
    assert_eq!(received(&place, "hl7"), expected);
    assert_eq!(server.terminate(), 0);
    let log = server.log();
    for canary in CANARIES {
        assert!(!log.contains(canary), "{canary} is in the log:\n{log}");
    }

    let wrong = "\n[[destination]]\nname = \"a b\"\nto = \"lab\"\nbasis = \"whim\"\nwhat = 1\n[[destination]]\nname = \"x\"\n";
    place.write(name, configuration + wrong);
    let named = [
        "destination 1: what:",
        "destination 1: name:",
        "destination 1: to:",
        "destination 1: basis:",
        "destination 2: to: is missing",
    ];
    run(&["outbox", "list"]).is(2).says(&named);
}

#[test]
fn a_message_that_its_receiver_does_not_take_stops_a_destination() {
    let place = Place::initialised();
    let (address, peer) = peer(4, |n, id| Some(ack(if n == 1 { "AR" } else { "AA" }, id, "")));
    let destination =
        format!("\n[[destination]]\nname = \"lab\"\nto = \"{address}\"\nbasis = \"contract:lab-2026\"\n");
    place.write("outbox.toml", place.read("carewire/carewire.toml") + &destination);
    place.write("all.hl7", (1..=3).map(|n| canary_message(&n.to_string())).collect::<String>());
    let run = |words: &[&str]| place.run(&[&["mllp"], words, &["--config", "outbox.toml"]].concat());
    let mut server = Server::start_with(&place, "outbox.toml", &[]);
    run(&["send", "--outbox", "lab", "all.hl7"]).is(0);
    let dead = || run(&["outbox", "dead", "lab"]).is(0).lines();
    until(|| dead().len() == 1);
    let job = dead().remove(0);
    assert_eq!(job["reason"], "nak-AR");
    run(&["outbox", "again", "lab", "job_999"]).is(1).says(&["no such message"]);
    let id = format!("job_{}", job["id"]);
    assert_eq!(run(&["outbox", "again", "lab", &id]).is(0).lines(), [json!({"moved": 1})]);
    run(&["outbox", "resume", "lab"]).is(0);
    until(|| run(&["outbox", "list"]).is(0).lines().remove(0)["delivered"] == 3);
    assert_eq!(server.terminate(), 0);
    assert_eq!(peer.seen(), ids(&["1", "2", "2", "3"]), "the order is kept");
}

fn until(done: impl Fn() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(30), "it does not come about");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A `carewire mllp listen` into `in` that ends with its test.
struct Listening<'p> {
    place: &'p Place,
    child: Child,
    address: String,
}

impl<'p> Listening<'p> {
    fn start(place: &'p Place, words: &[&str]) -> Self {
        let mut command = place.command(&["mllp", "listen", "--bind", "127.0.0.1:0", "--out", "in"]);
        let log = std::fs::File::create(place.path("listen.log")).unwrap();
        let child = command.args(words).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let mut listening = Self { place, child, address: String::new() };
        let line = listening.wait_for("listening on ");
        listening.address = line.split(' ').nth(2).unwrap().to_owned();
        listening
    }

    fn log(&self) -> String {
        self.place.read("listen.log")
    }

    fn wait_for(&self, text: &str) -> String {
        let started = Instant::now();
        loop {
            let log = self.log();
            let whole = log.rsplit_once('\n').map_or("", |(whole, _)| whole);
            if let Some(line) = whole.lines().find(|line| line.contains(text)) {
                return line.to_owned();
            }
            assert!(started.elapsed() < Duration::from_secs(20), "{text} is not in the log:\n{log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn send(&self, files: &[&str]) -> Ran {
        self.send_with(&[], files)
    }

    fn send_with(&self, words: &[&str], files: &[&str]) -> Ran {
        send(self.place, &self.address, words, files)
    }

    fn hang_up(&self) {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
    }

    fn ended(&mut self) -> i32 {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap_or(-1);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end:\n{}", self.log())
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let log = self.log();
        for canary in CANARIES {
            assert!(std::thread::panicking() || !log.contains(canary), "{canary} is in the log:\n{log}");
        }
    }
}

fn send(place: &Place, to: &str, words: &[&str], files: &[&str]) -> Ran {
    place.run(&[&["mllp", "send", "--to", to][..], &FAST, words, files].concat())
}

/// The contents of the files with that ending, in the order in which they came.
fn received(place: &Place, ending: &str) -> Vec<String> {
    let names = place.list("in").into_iter().filter(|name| name.ends_with(&format!(".{ending}")));
    names.map(|name| place.read(&format!("in/{name}"))).collect()
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn ack(code: &str, id: &str, rest: &str) -> String {
    format!("\x0bMSH|^~\\&|||||2026||ACK|9|P|2.5\rMSA|{code}|{id}\r{rest}\x1c\r")
}

/// A server that tells whose messages it got.
struct Scripted {
    ended: Arc<AtomicBool>,
    serving: std::thread::JoinHandle<Vec<String>>,
}

impl Scripted {
    /// The control ids of all messages, in order. Their sender has ended.
    fn seen(self) -> Vec<String> {
        self.ended.store(true, Ordering::SeqCst);
        self.serving.join().unwrap()
    }
}

/// Answers up to so many messages, over as many connections as it takes.
fn peer(
    messages: usize,
    answer: impl Fn(usize, &str) -> Option<String> + Send + 'static,
) -> (String, Scripted) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    listener.set_nonblocking(true).unwrap();
    let ended = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&ended);
    let serving = std::thread::spawn(move || {
        let mut ids = Vec::new();
        while ids.len() < messages && !over.load(Ordering::SeqCst) {
            match listener.accept() {
                Ok((stream, _)) => serve(stream, &mut ids, messages, &answer),
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
        ids
    });
    (address, Scripted { ended, serving })
}

fn serve(
    mut stream: TcpStream,
    ids: &mut Vec<String>,
    messages: usize,
    answer: &impl Fn(usize, &str) -> Option<String>,
) {
    stream.set_nonblocking(false).unwrap();
    let mut read = Vec::new();
    while ids.len() < messages {
        let mut piece = [0; 4096];
        match stream.read(&mut piece) {
            Ok(len) if len > 0 => read.extend_from_slice(piece.get(..len).unwrap()),
            _ => return,
        }
        while let Some(end) = read.windows(2).position(|pair| pair == b"\x1c\r") {
            let frame: Vec<u8> = read.drain(..end + 2).collect();
            let text = String::from_utf8(frame).expect("text");
            ids.push(text.split('|').nth(9).expect("MSH-10").to_owned());
            if let Some(answer) = answer(ids.len() - 1, ids.last().expect("an id")) {
                let _ = stream.write_all(answer.as_bytes());
            }
        }
    }
}

/// Signs certificates.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new(place: &Place, name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        place.write(&format!("{name}.pem"), issuer.pem());
        Self { issuer }
    }

    /// `FILE.pem` and `FILE.key`.
    fn issue(&self, place: &Place, file: &str, name: &str) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        place.write(&format!("{file}.pem"), certificate.pem());
        place.write(&format!("{file}.key"), key.serialize_pem());
    }
}
