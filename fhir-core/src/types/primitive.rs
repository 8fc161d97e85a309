//! The primitives that are kept as they were written, in and out of JSON.

use super::{Date, DateTime, Decimal, FromJson, Instant, Reader, Time, ToJson, Writer};
use crate::Value;

impl ToJson for Decimal {
    fn write(&self, to: &mut Writer) -> bool {
        to.number(self.as_str())
    }
}

impl FromJson for Decimal {
    const NAME: &'static str = "decimal";

    fn read(value: &Value, _: &mut Reader) -> Option<Self> {
        Self::parse(value.as_number()?).ok()
    }
}

impl ToJson for Date {
    fn write(&self, to: &mut Writer) -> bool {
        to.string(self.as_str())
    }
}

impl FromJson for Date {
    const NAME: &'static str = "date";

    fn read(value: &Value, _: &mut Reader) -> Option<Self> {
        Self::parse(value.as_str()?).ok()
    }
}

impl ToJson for DateTime {
    fn write(&self, to: &mut Writer) -> bool {
        to.string(self.as_str())
    }
}

impl FromJson for DateTime {
    const NAME: &'static str = "dateTime";

    fn read(value: &Value, _: &mut Reader) -> Option<Self> {
        Self::parse(value.as_str()?).ok()
    }
}

impl ToJson for Instant {
    fn write(&self, to: &mut Writer) -> bool {
        to.string(self.as_str())
    }
}

impl FromJson for Instant {
    const NAME: &'static str = "instant";

    fn read(value: &Value, _: &mut Reader) -> Option<Self> {
        Self::parse(value.as_str()?).ok()
    }
}

impl ToJson for Time {
    fn write(&self, to: &mut Writer) -> bool {
        to.string(self.as_str())
    }
}

impl FromJson for Time {
    const NAME: &'static str = "time";

    fn read(value: &Value, _: &mut Reader) -> Option<Self> {
        Self::parse(value.as_str()?).ok()
    }
}
