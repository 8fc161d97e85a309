//! The messages that are mapped: those of the corpus where it is at hand, synthetic ones elsewhere.

use std::io;
use std::path::{Path, PathBuf};

use carewire_benches::{admission, results};
use carewire_hl7_v2::batch::Batch;

/// Messages of one kind.
pub(crate) struct Inputs {
    pub(crate) name: &'static str,
    pub(crate) messages: Vec<Vec<u8>>,
}

/// Admissions and reports of invented people.
pub(crate) fn synthetic() -> Inputs {
    let messages = (0..20).flat_map(|seed| [admission(seed), results(seed, 20)]).map(String::into_bytes);
    Inputs { name: "synthetic", messages: messages.collect() }
}

/// All messages below a folder of the corpus; nothing without `CAREWIRE_CORPUS`.
pub(crate) fn corpus(name: &'static str, folder: &str) -> io::Result<Option<Inputs>> {
    let Some(corpus) = std::env::var_os("CAREWIRE_CORPUS").filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let mut messages = Vec::new();
    for file in files(&PathBuf::from(corpus).join(folder))? {
        let bytes = std::fs::read(file)?;
        messages.extend(Batch::split(&bytes).messages().iter().map(|message| message.to_vec()));
    }
    Ok(Some(Inputs { name, messages }))
}

/// The files of messages below a folder, in the order of their paths.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("hl7") => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}
