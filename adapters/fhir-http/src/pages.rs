use carewire_fhir_core::http::{Interaction, PageLink, Pager};
use carewire_fhir_core::{Resource, Value, entries};

use crate::{CallError, FhirClient};

/// The pages of a Bundle, asked for one at a time. A `next` link is followed only to the same server, below the base, and to a
/// page that was not there before; after [`Options::max_pages`](crate::Options::max_pages) it ends with an error.
#[derive(Debug)]
pub struct Pages<'q> {
    client: FhirClient,
    next: Next<'q>,
    pager: Option<Pager>,
}

#[derive(Debug)]
enum Next<'q> {
    First(Interaction<'q>),
    Further(PageLink),
    Nothing,
}

impl<'q> Pages<'q> {
    pub(crate) fn new(client: FhirClient, first: Interaction<'q>) -> Self {
        Self { client, next: Next::First(first), pager: None }
    }

    /// The next page; `None` after the last one. A page that failed is not asked for again: `None` follows.
    ///
    /// The error may be about the page that follows: the page at hand is then lost with it, so that nobody takes a part
    /// for the whole.
    pub async fn next(&mut self) -> Option<Result<Resource, CallError>> {
        let page = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::First(interaction) => self.client.execute(&interaction).await,
            Next::Further(link) => self.client.execute(&Interaction::Page(&link)).await,
            Next::Nothing => return None,
        };
        Some(page.and_then(|answer| self.read(answer.resource)))
    }

    /// The resources of all pages, without those that were only included and without outcomes.
    ///
    /// # Errors
    /// [`CallError`] of the first page that failed: some resources are not all of them.
    pub async fn resources(mut self) -> Result<Vec<Resource>, CallError> {
        let mut found = Vec::new();
        while let Some(page) = self.next().await {
            let page = page?;
            let matches = page.value().list("entry").iter().filter(|entry| is_match(entry));
            found.extend(
                matches.filter_map(|entry| Resource::from_value(entry.get("resource")?.clone()).ok()),
            );
        }
        Ok(found)
    }

    fn read(&mut self, page: Option<Resource>) -> Result<Resource, CallError> {
        let page = page.filter(|page| page.resource_type() == "Bundle");
        let unreadable =
            || carewire_fhir_core::http::Failure::new(carewire_fhir_core::http::FailureKind::Unreadable);
        let page = page.ok_or_else(unreadable)?;
        if self.pager.is_none() {
            self.pager = Some(self.client.pager()?);
        }
        if let Some(pager) = &mut self.pager
            && let Some(link) = pager.next(&page)?
        {
            self.next = Next::Further(link);
        }
        tracing::debug!(entries = entries(&page).count(), "page");
        Ok(page)
    }
}

fn is_match(entry: &Value) -> bool {
    let mode = entry.get("search").and_then(|search| search.str("mode"));
    mode.is_none_or(|mode| mode == "match")
}
