//! Peers in other languages, each a process of its own that times itself when asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::clock::Pass;

/// A running peer. It ends when this is dropped.
pub(crate) struct Peer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts the peer of this name and has it convert every message of a file once. The error says why it cannot.
    pub(crate) fn start(name: &str, file: &Path) -> Result<Self, String> {
        let python = std::env::var("CAREWIRE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/peer.py");
        let mut command = Command::new(&python);
        command.arg(script).arg(name).arg(file);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().map_err(|error| format!("{python} does not start: {}", error.kind()))?;
        let input = child.stdin.take().ok_or("no pipe")?;
        let output = BufReader::new(child.stdout.take().ok_or("no pipe")?);
        Ok(Self { child, input, output })
    }

    /// Which messages it converts.
    pub(crate) fn accepted(&mut self, messages: usize) -> Result<Vec<bool>, String> {
        (0..messages).map(|_| Ok(self.line()?.trim() != "0")).collect()
    }

    /// From now on it converts these.
    pub(crate) fn keep(&mut self, numbers: &[usize]) -> Result<(), String> {
        let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
        self.tell(&numbers.join(" "))
    }

    /// Passes over what it keeps, for so long.
    pub(crate) fn passes(&mut self, length: Duration) -> Result<Pass, String> {
        self.tell(&length.as_secs_f64().to_string())?;
        let line = self.line()?;
        let numbers: Vec<u64> = line.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [messages, written, worked] = numbers.try_into().map_err(|_| "no figures")?;
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let worked = Duration::from_nanos(worked);
        Ok(Pass { messages: number(messages), written: number(written), worked })
    }

    fn tell(&mut self, line: &str) -> Result<(), String> {
        self.input.write_all(format!("{line}\n").as_bytes()).map_err(|error| error.to_string())
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        match self.output.read_line(&mut line) {
            Ok(read) if read > 0 => Ok(line),
            _ => Err(self.last_words()),
        }
    }

    /// Why it ended.
    fn last_words(&mut self) -> String {
        let mut said = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            let _ = stderr.read_to_string(&mut said);
        }
        said.lines().rfind(|line| line.contains("rror")).unwrap_or("it ended").to_owned()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
