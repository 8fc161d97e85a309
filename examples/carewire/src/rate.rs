//! Rates as people write them.

use std::num::NonZeroU32;
use std::time::Duration;

use carewire_sync_engine::RateLimit;

/// What is expected where a rate is.
pub(crate) const EXPECTED: &str = "a rate such as `10/s`, `600/m` or `5000/h`";

/// `10/s`, `600/m`, `5000/h`. What one second brings may come at once, at least one: a minute's worth at once would be twice the
/// rate in a server's own minute.
pub(crate) fn rate(text: &str) -> Option<RateLimit> {
    let (tokens, unit) = text.split_once('/')?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return None,
    };
    let tokens: NonZeroU32 = tokens.parse().ok()?;
    let burst = NonZeroU32::new(tokens.get() / seconds).unwrap_or(NonZeroU32::MIN);
    Some(RateLimit { tokens, per: Duration::from_secs(seconds.into()), burst })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_a_number_and_a_unit() {
        let read =
            |text| rate(text).map(|limit| (limit.tokens.get(), limit.per.as_secs(), limit.burst.get()));
        assert_eq!(read("10/s"), Some((10, 1, 10)));
        assert_eq!(read("600/m"), Some((600, 60, 10)));
        assert_eq!(read("30/m"), Some((30, 60, 1)));
        assert_eq!(read("5000/h"), Some((5_000, 3_600, 1)));
        for wrong in ["", "10", "0/s", "-1/s", "10/d", "1.5/s", "/s", "4294967296/s"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
