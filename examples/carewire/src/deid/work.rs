//! One run of a transformation over many inputs.

use std::cell::Cell;
use std::fs::File;
use std::io::{IsTerminal, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::account::{Account, Totals};
use super::args::Transform;
use super::envelopes::Envelopes;
use super::finished::{Directory, Made, state};
use super::rounds::{self, Item};
use super::target::Target;
use super::terms::Terms;
use crate::failure::{Done, Failure};
use crate::{inputs, out};

/// What became of some documents, in their order, and what was done to them.
pub(super) struct Part {
    pub(super) results: Vec<Item>,
    /// Which of them were written without anything that they said, because a rule could not be applied.
    pub(super) emptied: Vec<usize>,
    pub(super) account: Option<Account>,
    /// How many resources were left out of the Bundles that were written.
    pub(super) withheld: u64,
}

impl Part {
    /// None of the items, for one reason.
    pub(super) fn failed(items: &[Item], why: &str) -> Self {
        Self {
            results: items.iter().map(|_| Err(why.to_owned())).collect(),
            account: None,
            emptied: vec![],
            withheld: 0,
        }
    }
}

/// How long a run says nothing where no bar shows that it works.
const SILENCE: Duration = Duration::from_secs(30);

/// What is transformed, and how.
pub(super) trait Kind: Sync {
    /// What one item is called, and how a file of them ends.
    const NAMES: [&'static str; 2];

    /// The items of an input. One that is alone in its output may keep what is around them.
    fn items(
        &self,
        name: &str,
        source: Box<dyn Read + Send>,
        is_alone: bool,
    ) -> Box<dyn Iterator<Item = Item>>;

    /// Transforms some of them.
    fn part(&self, items: &[Item]) -> Part;
}

/// One run over many files.
pub(super) struct Run<'r, K> {
    kind: K,
    terms: &'r Terms,
    options: &'r Transform,
    progress: ProgressBar,
    /// When it was last said how far it is, where no bar says so.
    told: Cell<Instant>,
    /// Whether each input has an output of its own.
    is_alone: bool,
    account: Account,
    done: Done,
}

impl<'r, K: Kind> Run<'r, K> {
    pub(super) fn new(kind: K, options: &'r Transform, terms: &'r Terms) -> Self {
        Self {
            kind,
            terms,
            options,
            progress: ProgressBar::hidden(),
            told: Cell::new(Instant::now()),
            is_alone: true,
            account: Account::default(),
            done: Done::All,
        }
    }

    pub(super) fn run(mut self) -> Result<Done, Failure> {
        let files = inputs::files(&self.options.inputs)?;
        self.refuse_to_overwrite(&files)?;
        if let Some(path) = &self.options.report {
            // After hours of work is too late to find out.
            let writable = File::options().create(true).append(true).open(path).map(drop);
            writable.map_err(|error| report_failed(path, &error))?;
        }
        let is_shown = self.options.out.is_some() || !std::io::stdout().is_terminal();
        self.progress = progress(&files, is_shown);
        match self.options.out.as_deref() {
            Some(path) if path.is_dir() || path.to_string_lossy().ends_with('/') => {
                self.write_directory(&files, path)?;
            }
            Some(path) => self.write_one(&files, Target::file(path)?)?,
            None => self.write_one(&files, Target::stdout())?,
        }
        self.progress.finish_and_clear();
        if let Some(path) = &self.options.report {
            let written = File::create(path).and_then(|mut file| writeln!(file, "{}", json!(self.account)));
            written.map_err(|error| report_failed(path, &error))?;
        }
        Ok(self.done)
    }

    /// No output may be one of the inputs, nor the other output.
    fn refuse_to_overwrite(&self, files: &[PathBuf]) -> Result<(), Failure> {
        let Transform { out, report, .. } = self.options;
        for (option, path) in [("--out", out), ("--report", report)] {
            let is_input = |path: &PathBuf| files.iter().any(|file| is_same(file, path));
            if path.as_ref().is_some_and(is_input) {
                return Err(Failure::usage(format!("{option}: is one of the inputs, which would be lost")));
            }
        }
        match (out, report) {
            (Some(out), Some(report)) if out == report || is_same(out, report) => {
                Err(Failure::usage("--report: is where the output goes"))
            }
            _ => Ok(()),
        }
    }

    fn write_one(&mut self, files: &[PathBuf], mut target: Target) -> Result<(), Failure> {
        self.is_alone = files.len() == 1;
        for file in files {
            let Some((name, source)) = self.open(file) else { continue };
            self.file(&name, source, &mut target)?;
        }
        target.finish()
    }

    /// A file for each input. One that an earlier run finished is left as it is.
    fn write_directory(&mut self, files: &[PathBuf], path: &Path) -> Result<(), Failure> {
        let mut directory = Directory::open(path)?;
        let is_beside =
            |input: &PathBuf| is_same(input, path) || input.parent().is_some_and(|of| is_same(of, path));
        if self.options.inputs.iter().any(is_beside) {
            return Err(Failure::usage("--out: the directory of the input cannot be that of the output"));
        }
        let [_, end] = K::NAMES;
        for file in files {
            let Some((name, source)) = self.open(file) else { continue };
            let written = directory.name(&name, end, &self.terms.keys);
            let made = self.made(file);
            if let Some(account) = directory.finished(&written, &made) {
                self.skip(&name, file, account);
                continue;
            }
            let mut target = Target::file(&directory.path().join(&written))?;
            let account = self.file(&name, source, &mut target)?;
            target.finish()?;
            if file != Path::new("-") {
                directory.finish(&written, &made, &account)?;
            }
        }
        Ok(())
    }

    /// Opens one of many inputs; where it cannot be opened that is said, and the others go on.
    fn open(&mut self, file: &Path) -> Option<(String, Box<dyn Read + Send>)> {
        match inputs::open(file) {
            Ok(opened) => Some(opened),
            Err(failure) => {
                self.progress.suspend(|| out::note(failure));
                self.done = Done::Some;
                None
            }
        }
    }

    fn made(&self, file: &Path) -> Made {
        let (bytes, changed) = state(file);
        let key = self.terms.keys.pseudonym("finished", &[b"file"]);
        Made { policy: self.terms.stamp.clone(), key, bytes, changed }
    }

    fn skip(&mut self, name: &str, file: &Path, account: &Account) {
        self.progress.inc(state(file).0);
        self.account.merge(account.clone());
        let left_out = account.left_out();
        if left_out > 0 {
            let text = format!("{name}: {left_out} left out by the run that finished it");
            self.progress.suspend(|| out::note(text));
            self.done = Done::Some;
        }
    }

    /// What is in one input, and what was done to it.
    fn file(
        &mut self,
        name: &str,
        source: Box<dyn Read + Send>,
        target: &mut Target,
    ) -> Result<Account, Failure> {
        let [noun, _] = K::NAMES;
        let (progress, kind) = (&self.progress, &self.kind);
        let mut items = kind.items(name, Box::new(progress.wrap_read(source)), self.is_alone);
        let totals = Totals { inputs: 1, ..Totals::default() };
        let (told, envelopes) = (&self.told, Envelopes::default());
        let mut tally = Tally { name, noun, progress, told, totals, envelopes };
        let mut account = Account::default();
        rounds::each(
            &mut *items,
            threads(self.options.threads),
            |items| kind.part(items),
            |mut part| {
                part.account.take().into_iter().for_each(|more| account.merge(more));
                tally.write(part, target)
            },
        )?;
        let account = account.with_totals(tally.totals);
        if account.left_out() > 0 {
            self.done = Done::Some;
        }
        self.account.merge(account.clone());
        Ok(account)
    }
}

/// How far an input has come, and how much of it was left out.
struct Tally<'t> {
    name: &'t str,
    noun: &'t str,
    progress: &'t ProgressBar,
    told: &'t Cell<Instant>,
    totals: Totals,
    envelopes: Envelopes,
}

impl Tally<'_> {
    /// Writes what became of some documents, and names those that were left out.
    fn write(&mut self, part: Part, target: &mut Target) -> Result<(), Failure> {
        let name = self.name;
        if part.withheld > 0 {
            self.totals.left_out += part.withheld;
            self.say(format_args!("{name}: {} resources left out of Bundles", part.withheld));
        }
        let mut emptied = part.emptied.into_iter().peekable();
        for (at, result) in part.results.into_iter().enumerate() {
            if let Some(line) = result.as_ref().ok().and_then(|line| self.envelopes.take(line)) {
                target.line(&line)?;
                continue;
            }
            self.totals.documents += 1;
            if emptied.next_if_eq(&at).is_some() {
                self.fail(format_args!("emptied: a rule cannot be applied, and the file says to skip"));
            }
            match result {
                Ok(line) => {
                    self.envelopes.count();
                    target.line(&line)?;
                }
                Err(why) => self.fail(format_args!("left out: {why}")),
            }
        }
        self.tell();
        Ok(())
    }

    /// How far it is, now and then, where there is no terminal for a bar.
    fn tell(&self) {
        if !std::io::stderr().is_terminal() && self.told.get().elapsed() >= SILENCE {
            self.told.set(Instant::now());
            let (read, all) = (self.progress.position() >> 20, self.progress.length().unwrap_or(0) >> 20);
            out::note(format_args!(
                "{}: {} {}s; {read} of {all} MiB",
                self.name, self.totals.documents, self.noun
            ));
        }
    }

    fn fail(&mut self, what: std::fmt::Arguments<'_>) {
        self.totals.left_out += 1;
        self.say(format_args!("{} {} {}: {what}", self.name, self.noun, self.totals.documents));
    }

    fn say(&self, text: std::fmt::Arguments<'_>) {
        self.progress.suspend(|| out::note(text));
    }
}

/// Whether two paths lead to the same file or directory, which is there.
fn is_same(one: &Path, other: &Path) -> bool {
    let place =
        |path: &Path| if path.as_os_str().is_empty() { Path::new(".") } else { path }.canonicalize().ok();
    place(one).is_some_and(|one| place(other) == Some(one))
}

fn report_failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("--report: {}: {error}", path.display()))
}

pub(super) fn threads(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// How many bytes are read, on a terminal; nothing elsewhere, nor where the bar would run into the output.
pub(super) fn progress(files: &[PathBuf], is_shown: bool) -> ProgressBar {
    let bar = ProgressBar::new(files.iter().map(|file| state(file).0).sum());
    if !is_shown {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}") {
        bar.set_style(style);
    }
    bar
}
