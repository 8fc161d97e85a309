//! The cast of the demo and what each has consented to.

use carewire_consent::{DataClass, Purpose, SimpleConsent};
use carewire_gateway::Gateway;
use std::time::Duration;

use super::messages::{SYSTEM, traffic};
use crate::failure::Failure;

/// What a patient thinks about their data leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mind {
    /// Consents from the start.
    Consents,
    /// Has not been asked.
    Withholds,
    /// Has not been asked, and consents when everything has been sent.
    ConsentsLate,
    /// Consents, and revokes half-way.
    Revokes,
}

/// A patient of the demo.
#[derive(Clone, Debug)]
pub(crate) struct Patient {
    pub(crate) number: usize,
    pub(crate) mrn: String,
    pub(crate) mind: Mind,
}

/// About one patient for every ten messages.
pub(crate) fn cast(messages: usize, seed: u64) -> Vec<Patient> {
    let count = (messages / 10).clamp(10, 2_000);
    let mind = |number: usize| match number % 20 {
        3 => Mind::ConsentsLate,
        7 => Mind::Withholds,
        11 => Mind::Revokes,
        _ => Mind::Consents,
    };
    let traffic = traffic(count, seed);
    let patient = |number: usize| {
        let mrn = traffic.identifier(number)?.value;
        Some(Patient { number, mrn, mind: mind(number) })
    };
    (0..count).filter_map(patient).collect()
}

/// Stores the consents that are there from the start; answers how many patients withhold theirs, and how many do not.
pub(crate) async fn consent(gateway: &Gateway, patients: &[Patient]) -> Result<(usize, usize), Failure> {
    let consenting = |patient: &&Patient| matches!(patient.mind, Mind::Consents | Mind::Revokes);
    for patient in patients.iter().filter(consenting) {
        grant(gateway, patient).await?;
    }
    let given = patients.iter().filter(consenting).count();
    Ok((patients.len() - given, given))
}

/// Those who consent late do so now; answers how many messages that releases.
pub(crate) async fn consent_late(gateway: &Gateway, patients: &[Patient]) -> Result<u64, Failure> {
    let before = gateway.parts().intake.tally(gateway.org()).await?.held;
    for patient in patients.iter().filter(|patient| patient.mind == Mind::ConsentsLate) {
        grant(gateway, patient).await?;
    }
    // Released messages are worked on at once: count those that are no longer held when the work is done.
    tokio::time::sleep(Duration::from_millis(50)).await;
    loop {
        let stats = gateway.parts().admin.stats(gateway.org(), None, gateway.parts().clock.now()).await?;
        if stats.waiting + stats.active + stats.delayed == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let after = gateway.parts().intake.tally(gateway.org()).await?.held;
    Ok(before.saturating_sub(after))
}

/// Revokes what will be revoked once half of the messages were received; answers how many.
pub(crate) async fn revoke_some(
    gateway: &Gateway,
    patients: &[Patient],
    messages: usize,
) -> Result<usize, Failure> {
    let half = u64::try_from(messages / 2).unwrap_or(u64::MAX);
    while gateway.counters().read().received < half {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let mut revoked = 0;
    for patient in patients.iter().filter(|patient| patient.mind == Mind::Revokes) {
        gateway.revoke_consent(&consent_id(patient)).await?;
        revoked += 1;
    }
    Ok(revoked)
}

async fn grant(gateway: &Gateway, patient: &Patient) -> Result<(), Failure> {
    let token = gateway.resolve_patient(SYSTEM, &patient.mrn).await?;
    let consent = SimpleConsent::new(
        consent_id(patient),
        gateway.org().clone(),
        token,
        Purpose::Treat,
        DataClass::permittable(),
    );
    gateway.put_consent(consent).await?;
    Ok(())
}

fn consent_id(patient: &Patient) -> String {
    format!("demo-{}", patient.number)
}
