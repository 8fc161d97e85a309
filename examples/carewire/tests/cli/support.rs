//! Runs of the binary in a directory of their own, without the environment of whoever tests.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as expected"
)]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A message in which every value is a canary: none of them may stand in anything that is said to a person.
pub(crate) const CANARIES: [&str; 9] = [
    "CANARYMRN",
    "CANARYFAMILY",
    "CANARYGIVEN",
    "CANARYSTREET",
    "CANARYCITY",
    "CANARYPHONE",
    "CANARYVISIT",
    "CANARYDOCTOR",
    "CANARYTEXT",
];

/// A working directory, and what runs in it.
pub(crate) struct Place {
    directory: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    /// A place in which `carewire init` has run.
    pub(crate) fn initialised() -> Self {
        let place = Self::new();
        place.run(&["init"]).is(0);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of the files in a directory.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(name)).unwrap();
        let names: BTreeSet<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.into_iter().collect()
    }

    /// The command, not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_carewire"));
        command.env_clear().current_dir(self.directory.path()).args(arguments).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    pub(crate) fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied());
        Ran::of(arguments, command.output().unwrap())
    }

    /// Runs with bytes on stdin.
    pub(crate) fn pipe(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        let _ = writer.join().unwrap();
        Ran::of(arguments, output)
    }
}

/// How a run ended.
pub(crate) struct Ran {
    what: String,
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(arguments: &[&str], output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self {
            what: arguments.join(" "),
            status: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Demands an exit status; nothing that went wrong may be a panic, or tell a canary.
    #[track_caller]
    pub(crate) fn is(self, status: i32) -> Self {
        assert_eq!(self.status, status, "carewire {}\n{}\n{}", self.what, self.out, self.err);
        assert!(!self.err.contains("panicked"), "carewire {}\n{}", self.what, self.err);
        for canary in CANARIES {
            assert!(!self.err.contains(canary), "carewire {} tells {canary}:\n{}", self.what, self.err);
        }
        self
    }

    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.err.contains(word), "carewire {} does not say {word}:\n{}", self.what, self.err);
        }
        self
    }

    /// The lines of stdout as JSON.
    pub(crate) fn lines(&self) -> Vec<Value> {
        json_lines(&self.out)
    }
}

pub(crate) fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// An ADT^A01 full of canaries.
pub(crate) fn canary_message(control: &str) -> String {
    format!(
        "MSH|^~\\&|APP|FAC|||20260301083000+0000||ADT^A01^ADT_A01|{control}|P|2.5.1\r\
         EVN||20260301083000+0000\r\
         PID|1||CANARYMRN^^^AUTH&1.2.3.4&ISO^MR||CANARYFAMILY^CANARYGIVEN||19700101|F|||CANARYSTREET^^CANARYCITY||CANARYPHONE\r\
         PV1|1|I|WARD^1^2||||7^CANARYDOCTOR||||||||||||CANARYVISIT^^^AUTH&1.2.3.4&ISO^VN\r\
         OBX|1|TX|11488-4^Consult note^LN||CANARYTEXT||||||F\r"
    )
}

/// Canaries in a message that no map knows, in one that cannot be read, and in one with a broken escape and an odd date.
pub(crate) fn canary_failures() -> [String; 3] {
    [
        canary_message("1").replace("ADT^A01^ADT_A01", "CANARYTEXT^CANARYVISIT"),
        canary_message("2").replacen("MSH|", "CANARYTEXT|", 1),
        canary_message("3").replace("19700101", "CANARYTEXT\\X4").replace("|I|WARD", "|CANARYVISIT|WARD"),
    ]
}

/// Every reference of a Bundle must be the `fullUrl` of one of its entries, or a logical one.
#[track_caller]
pub(crate) fn references_resolve(bundle: &Value) -> usize {
    assert_eq!(bundle["resourceType"], "Bundle");
    let entries = bundle["entry"].as_array().expect("entries");
    let urls: BTreeSet<&str> = entries.iter().filter_map(|entry| entry["fullUrl"].as_str()).collect();
    assert_eq!(urls.len(), entries.len(), "every entry has a fullUrl of its own");
    let mut count = 0;
    for entry in entries {
        references(&entry["resource"], &mut |reference| {
            assert!(urls.contains(reference), "{reference} leads nowhere");
            count += 1;
        });
    }
    count
}

fn references(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(reference) if name == "reference" => found(reference),
                    _ => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// A `carewire serve` that ends with its test.
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
    pub(crate) mllp: String,
    pub(crate) http: String,
}

impl Server {
    /// Starts it on free ports and waits until it serves.
    pub(crate) fn start(place: &Place, environment: &[(&str, &str)]) -> Self {
        Self::start_with(place, "carewire/carewire.toml", environment)
    }

    /// The same with another configuration.
    pub(crate) fn start_with(place: &Place, configuration: &str, environment: &[(&str, &str)]) -> Self {
        let log = place.path("serve.log");
        let mut command = place.command(&["serve", "--config", configuration]);
        command.env("CAREWIRE_HTTP", "127.0.0.1:0").env("CAREWIRE_MLLP", "127.0.0.1:0");
        command.envs(environment.iter().copied()).stdout(Stdio::null());
        let child = command.stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
        let mut server = Self { child, log, mllp: String::new(), http: String::new() };
        let line = server.wait_for("\"message\":\"serving\"");
        let line: Value = serde_json::from_str(&line).unwrap();
        server.mllp = line["mllp"].as_str().unwrap().to_owned();
        server.http = format!("http://{}", line["http"].as_str().unwrap());
        server
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The first line of the log with that text.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        self.wait_for_nth(text, 1)
    }

    /// The nth line of the log with that text.
    pub(crate) fn wait_for_nth(&mut self, text: &str, nth: usize) -> String {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(30) {
            let log = self.log();
            // The last line may be half written.
            let whole = log.rsplit_once('\n').map_or("", |(whole, _)| whole);
            if let Some(line) = whole.lines().filter(|line| line.contains(text)).nth(nth - 1) {
                return line.to_owned();
            }
            assert!(self.child.try_wait().unwrap().is_none(), "it ended:\n{log}");
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{text} is not in the log:\n{}", self.log())
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Asks it to end as a service manager does; the exit status.
    pub(crate) fn terminate(&mut self) -> i32 {
        let id = self.child.id().to_string();
        // The test's own process has its PATH; the binary's environment is empty.
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(30) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code().unwrap_or(-1);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end:\n{}", self.log())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file that everybody may read.
#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
