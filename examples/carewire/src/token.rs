//! `carewire token`.

use std::path::Path;

use carewire_http_api::{Claims, Role, sign};
use chrono::{Duration, Utc};

use crate::cli::Token;
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::out;

pub(crate) fn run(file: Option<&Path>, options: &Token) -> Result<Done, Failure> {
    let config = Config::read(file)?;
    let secret = config.jwt_secret.ok_or_else(|| Failure::usage("JWT_SECRET is not set"))?;
    let role = Role::from_name(&options.role).ok_or_else(|| {
        Failure::usage("--role: ADMIN, CLINICIAN, PATIENT, RESEARCHER, SYSTEM or AUDITOR is expected")
    })?;
    let lifetime = duration(&options.ttl)
        .ok_or_else(|| Failure::usage("--ttl: a number with s, m, h or d is expected"))?;
    let claims = Claims {
        sub: options.sub.clone(),
        org: options.org.clone(),
        role,
        patient: options.patient.clone(),
        exp: (Utc::now() + lifetime).timestamp(),
    };
    let token = sign(&claims, &secret).map_err(|_| Failure::unreachable("the token could not be signed"))?;
    out::line(token)?;
    Ok(Done::All)
}

/// `90s`, `15m`, `8h`, `7d`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let number: i64 = number.parse().ok()?;
    Duration::try_seconds(number.checked_mul(seconds)?).filter(|duration| *duration > Duration::zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_need_a_unit_and_a_positive_number() {
        assert_eq!(duration("15m"), Duration::try_minutes(15));
        for bad in ["", "m", "15", "-1h", "0s", "1w", "9223372036854775807d", "é"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }
}
