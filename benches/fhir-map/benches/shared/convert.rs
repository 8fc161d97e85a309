//! From the bytes of a message to the text of its Bundle, as a program does it that has many messages.

use carewire_fhir_core::OrgId;
use carewire_hl7_v2::fhir::{MapOptions, Mapper};
use carewire_hl7_v2::{Message, ParseOptions};

/// Converts message after message.
pub(crate) struct Converter {
    parse: ParseOptions,
    mapper: Mapper,
    text: String,
}

impl Converter {
    pub(crate) fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let mapper = Mapper::new(MapOptions::new(OrgId::new("bench")?));
        Ok(Self { parse: ParseOptions::default(), mapper, text: String::new() })
    }

    /// The Bundle; `None` when the message cannot be read, or has no map.
    pub(crate) fn convert(&mut self, bytes: &[u8]) -> Option<&str> {
        let message = Message::parse(bytes, &self.parse).ok()?;
        self.text.clear();
        self.mapper.write(&message, &mut self.text).ok()?;
        Some(&self.text)
    }
}
