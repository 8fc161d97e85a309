//! Installing what the tests need and the machine lacks, by its package manager.

use crate::services::postgres_binaries;
use crate::shell::{self, Shell, which};

/// Something that tests need and that a package manager can bring.
struct Need {
    name: &'static str,
    present: fn() -> bool,
    packages: [(&'static str, &'static [&'static str]); 5],
}

const NEEDS: &[Need] = &[
    Need {
        name: "PostgreSQL",
        present: || postgres_binaries().is_some(),
        packages: [
            ("apt-get", &["postgresql"]),
            ("dnf", &["postgresql-server"]),
            ("apk", &["postgresql"]),
            ("pacman", &["postgresql"]),
            ("brew", &["postgresql@17"]),
        ],
    },
    Need {
        name: "Redis",
        present: || which("redis-server").is_some(),
        packages: [
            ("apt-get", &["redis-server"]),
            ("dnf", &["redis"]),
            ("apk", &["redis"]),
            ("pacman", &["redis"]),
            ("brew", &["redis"]),
        ],
    },
    Need {
        name: "Node.js with npm",
        present: || which("node").is_some() && which("npm").is_some(),
        packages: [
            ("apt-get", &["nodejs", "npm"]),
            ("dnf", &["nodejs", "npm"]),
            ("apk", &["nodejs", "npm"]),
            ("pacman", &["nodejs", "npm"]),
            ("brew", &["node"]),
        ],
    },
];

/// Installs what is missing, saying so first.
pub(crate) fn run() -> Result<(), String> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        println!("provision: PostgreSQL, Redis and Node.js are installed");
    } else {
        install(&missing)?;
    }
    crate::oracle::install()
}

fn install(missing: &[&Need]) -> Result<(), String> {
    let names: Vec<&str> = missing.iter().map(|need| need.name).collect();
    let manager = ["apt-get", "dnf", "apk", "pacman", "brew"]
        .into_iter()
        .find(|manager| which(manager).is_some())
        .ok_or_else(|| format!("no known package manager here; install {} by hand", names.join(", ")))?;
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|need| need.packages.iter().filter(|(name, _)| *name == manager))
        .flat_map(|(_, packages)| packages.iter().copied())
        .collect();
    println!("provision: {} missing; {manager} will install: {}", names.join(", "), packages.join(" "));
    if manager == "apt-get" {
        privileged(manager, &["update", "-qq"])?;
    }
    let verb: &[&str] = match manager {
        "apt-get" => &["install", "-y", "-qq", "--no-install-recommends"],
        "dnf" => &["install", "-y", "-q"],
        "apk" => &["add", "--quiet"],
        "pacman" => &["-S", "--noconfirm", "--needed"],
        _ => &["install"],
    };
    privileged(manager, &[verb, &packages].concat())?;
    match missing.iter().find(|need| !(need.present)()) {
        None => Ok(()),
        Some(need) => Err(format!("{} is still missing after its installation", need.name)),
    }
}

/// Runs a package manager with the rights it needs. Installed services are not started: tests start their own.
fn privileged(manager: &str, arguments: &[&str]) -> Result<(), String> {
    let shell = if manager == "brew" || shell::is_root() {
        Shell::new(manager)
    } else if which("sudo").is_some() {
        Shell::new("sudo").args(["-n", "-E", manager])
    } else {
        return Err(format!("`{manager}` needs root, and there is no sudo"));
    };
    shell.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1").run()
}
