//! Which segments of a message belong together, by its structure.

pub(crate) mod group;

use super::context::Context;
use super::node::Seg;
use super::segment::pid;
use crate::fhir::MapError;

/// Maps the segments of a message by its type.
pub(crate) fn map<'a>(segments: &[Seg<'a>], c: &mut Context<'a>) -> Result<(), MapError> {
    let pid = segments.iter().find(|seg| seg.is("PID")).ok_or(MapError::NoPatient)?;
    pid::patient(pid, c).ok_or(MapError::NoPatientIdentity)?;
    Ok(())
}
