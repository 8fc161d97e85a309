//! What an answer means for a plan.

use super::entry::Node;
use super::{EntryOutcome, PlanError, TransactionPlan};
use crate::bundle::EntryResponse;
use crate::http::Failure;
use crate::{Resource, Value, parse_location};

impl TransactionPlan {
    /// Takes the answer to the Bundle that was sent last: a Bundle with a response for each entry, in their order. Each
    /// is looked at, also in the answer to a transaction, since some servers do one only in part.
    ///
    /// # Errors
    /// [`PlanError::NothingSent`], [`PlanError::Mismatch`]; the Bundle still counts as not answered then.
    pub fn accept(&mut self, answer: &Resource) -> Result<(), PlanError> {
        let (sent, _) = self.sent.as_ref().ok_or(PlanError::NothingSent)?;
        let entries = answer.value().list("entry");
        let responses: Option<Vec<EntryResponse>> = entries.iter().map(EntryResponse::of).collect();
        let responses = responses.filter(|found| found.len() == sent.len()).ok_or(PlanError::Mismatch)?;
        for ((n, response), entry) in sent.clone().into_iter().zip(responses).zip(entries) {
            let Some(node) = self.nodes.get_mut(n) else { continue };
            if response.is_success() || response.status == 304 {
                node.identity = identity(node, &response, entry);
                node.outcome = EntryOutcome::Done(response);
            } else {
                node.outcome = failed(response);
            }
        }
        self.sent = None;
        Ok(())
    }

    /// The Bundle that was sent last was refused as a whole, with this status and outcome: its entries are
    /// [`EntryOutcome::Failed`], or [`EntryOutcome::Unknown`] where [`Failure::may_have_been_done`] says so. What does
    /// not refer to them is still sent.
    ///
    /// # Errors
    /// [`PlanError::NothingSent`]
    pub fn refuse(&mut self, status: u16, outcome: Option<&Value>) -> Result<(), PlanError> {
        let (sent, _) = self.sent.take().ok_or(PlanError::NothingSent)?;
        for n in sent {
            let response = EntryResponse {
                status,
                location: None,
                etag: None,
                last_modified: None,
                outcome: outcome.cloned(),
            };
            self.conclude(n, failed(response));
        }
        Ok(())
    }

    /// The Bundle that was sent last got no answer, or one that cannot be read, and is not to be sent again: its entries
    /// are [`EntryOutcome::Unknown`]. What does not refer to them is still sent.
    ///
    /// # Errors
    /// [`PlanError::NothingSent`]
    pub fn lose(&mut self) -> Result<(), PlanError> {
        let (sent, _) = self.sent.take().ok_or(PlanError::NothingSent)?;
        for n in sent {
            self.conclude(n, EntryOutcome::Unknown(None));
        }
        Ok(())
    }
}

fn failed(response: EntryResponse) -> EntryOutcome {
    if Failure::of_entry(&response).may_have_been_done() {
        EntryOutcome::Unknown(Some(response))
    } else {
        EntryOutcome::Failed(response)
    }
}

/// By the location; or else by the resource in the answer, or by the URL of an update.
fn identity(
    node: &Node,
    response: &EntryResponse,
    entry: &Value,
) -> Option<(String, String, Option<String>)> {
    let version = response.version().map(str::to_owned);
    if let Some((resource_type, id, _)) = &response.location {
        return Some((resource_type.clone(), id.clone(), version));
    }
    let resource =
        entry.get("resource").and_then(|value| Some((value.str("resourceType")?, value.str("id")?)));
    let by_url =
        || parse_location(node.read().request_url?).map(|(resource_type, id, _)| (resource_type, id));
    let resource = resource.filter(|(resource_type, _)| *resource_type != "OperationOutcome");
    let (resource_type, id) = resource.or_else(by_url)?;
    Some((resource_type.to_owned(), id.to_owned(), version))
}
