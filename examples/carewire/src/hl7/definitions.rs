//! The dictionary that applies to a message.

use std::collections::BTreeMap;
use std::path::PathBuf;

use carewire_hl7_v2::Message;
use carewire_hl7_v2::dictionary::{Dictionary, Version};
use carewire_hl7_v2::structure::TreeOptions;

use super::args::Definitions;
use crate::failure::Failure;
use crate::inputs;

/// The version for messages whose MSH-12 names none.
const DEFAULT: Version = Version::V2_5_1;

/// The dictionaries of the versions that were met, with the overlay of the site.
pub(crate) struct Dictionaries<'o> {
    options: &'o Definitions,
    overlay: Option<(String, String)>,
    with_overlay: BTreeMap<&'static str, Dictionary>,
}

impl<'o> Dictionaries<'o> {
    pub(crate) fn new(options: &'o Definitions) -> Result<Self, Failure> {
        let read = |path: &PathBuf| -> Result<(String, String), Failure> {
            let input = inputs::read(path)?;
            let text = String::from_utf8(input.bytes)
                .map_err(|_| Failure::usage(format!("{}: not UTF-8", path.display())))?;
            Ok((path.display().to_string(), text))
        };
        let overlay = options.dictionary_overlay.as_ref().map(read).transpose()?;
        Ok(Self { options, overlay, with_overlay: BTreeMap::new() })
    }

    pub(crate) fn version_of(&self, message: &Message<'_>) -> Version {
        let nearest = || Some(Version::nearest(&message.version()?)?.version());
        self.options.version.or_else(nearest).unwrap_or(DEFAULT)
    }

    /// The dictionary for a message. An overlay that does not fit it is wrong usage.
    pub(crate) fn of(&mut self, message: &Message<'_>) -> Result<&Dictionary, Failure> {
        let version = self.version_of(message);
        let plain = Dictionary::of(version);
        let Some((name, text)) = &self.overlay else { return Ok(plain) };
        let key = version.as_str();
        if !self.with_overlay.contains_key(key) {
            let merged = plain.with_overlay(text);
            let merged = merged.map_err(|error| Failure::usage(format!("{name}: version {key}: {error}")))?;
            self.with_overlay.insert(key, merged);
        }
        Ok(self.with_overlay.get(key).unwrap_or(plain))
    }

    pub(crate) fn tree_options(&self) -> TreeOptions {
        let options = TreeOptions::default();
        match &self.options.structure {
            Some(name) => options.as_structure(name),
            None => options,
        }
    }
}
