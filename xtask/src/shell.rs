//! Running commands.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A command that is about to run.
pub(crate) struct Shell {
    command: Command,
    shown: String,
}

/// `cargo` with these arguments, the one that runs this task.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Shell {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Shell::new(cargo).args(arguments)
}

impl Shell {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let shown = PathBuf::from(program.as_ref())
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Self { command: Command::new(program), shown }
    }

    pub(crate) fn args<I: IntoIterator<Item = S>, S: AsRef<str>>(mut self, arguments: I) -> Self {
        for argument in arguments {
            self.shown.push(' ');
            self.shown.push_str(argument.as_ref());
            self.command.arg(argument.as_ref());
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn directory(mut self, directory: impl AsRef<std::path::Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Runs it with our own output and fails when it fails.
    pub(crate) fn run(mut self) -> Result<(), String> {
        println!("$ {}", self.shown);
        let status = self.command.status().map_err(|error| format!("{}: {error}", self.shown))?;
        if status.success() { Ok(()) } else { Err(format!("`{}` ended with {status}", self.shown)) }
    }

    /// Runs it and answers what it printed; fails when it fails.
    pub(crate) fn read(mut self) -> Result<String, String> {
        let output = self.command.output().map_err(|error| format!("{}: {error}", self.shown))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            let printed = String::from_utf8_lossy(&output.stderr);
            Err(format!("`{}` ended with {}: {}", self.shown, output.status, printed.trim()))
        }
    }

    /// Whether it can be run and succeeds; its output is not shown.
    pub(crate) fn succeeds(mut self) -> bool {
        self.command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }
}

/// Where a program of the search path is.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|directory| directory.join(program)).find(|file| file.is_file())
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), std::path::Path::to_path_buf)
}

/// The program as it is shipped, once it is built.
pub(crate) fn release_binary() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("release").join("carewire")
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    Shell::new("id").args(["-u"]).read().is_ok_and(|id| id.trim() == "0")
}
