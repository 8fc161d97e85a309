//! What an export has produced.

use carewire_fhir_core::{Kind, Value};

use crate::{DocumentError, Error};

/// The manifest of an export, of any version of the Bulk Data specification.
///
/// ```
/// use carewire_bulk_data::Manifest;
/// let manifest = Manifest::parse(br#"{
///     "transactionTime": "2024-01-01T00:00:00.000Z", "requiresAccessToken": true,
///     "output": [{"type": "Patient", "url": "https://a.example/1", "count": 20}], "outcome": []
/// }"#)?;
/// assert_eq!(manifest.output[0].resource_type.as_deref(), Some("Patient"));
/// # Ok::<(), carewire_bulk_data::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Manifest {
    /// `transactionTime` as it was written: the `_since` of the next export.
    pub transaction_time: Option<String>,
    /// Whether the files want the token; `None` when the manifest does not say.
    pub requires_access_token: Option<bool>,
    /// The files of resources.
    pub output: Vec<OutputFile>,
    /// The files of Bundles that say what was deleted.
    pub deleted: Vec<OutputFile>,
    /// The files of outcomes: `error`, or `outcome` since version 4.
    pub outcomes: Vec<OutputFile>,
    /// Where the rest of the manifest is.
    pub next: Option<String>,
}

/// A file of an export. The URL may carry a signature, and is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutputFile {
    /// The type of its resources, when there is only one.
    pub resource_type: Option<String>,
    /// Where it is.
    pub url: String,
    /// How many resources the server says it holds.
    pub count: Option<u64>,
    /// The URL of the file that goes on where this one ends.
    pub continues_in: Option<String>,
}

impl Manifest {
    /// Reads a manifest, or one page of it.
    ///
    /// # Errors
    /// [`Error::Document`] when it is not JSON or a file has no URL: a file that cannot be fetched is data lost.
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        Self::read(body).map_err(|reason| Error::Document { document: "manifest", reason })
    }

    /// Adds what another page lists; the page's link leads on.
    pub fn append(&mut self, page: Self) {
        self.output.extend(page.output);
        self.deleted.extend(page.deleted);
        self.outcomes.extend(page.outcomes);
        self.next = page.next;
    }

    fn read(body: &[u8]) -> Result<Self, DocumentError> {
        let value = Value::parse(body)?;
        if value.get("output").map(Value::kind) != Some(Kind::Array) {
            return Err(DocumentError::Element("output".to_owned()));
        }
        let outcomes = if value.get("outcome").is_some() { "outcome" } else { "error" };
        let next = value.list("link").iter().find(|link| link.str("relation") == Some("next"));
        Ok(Self {
            transaction_time: value.str("transactionTime").map(str::to_owned),
            requires_access_token: value.get("requiresAccessToken").and_then(Value::as_bool),
            output: files(&value, "output")?,
            deleted: files(&value, "deleted")?,
            outcomes: files(&value, outcomes)?,
            next: next.and_then(|link| link.str("url")).map(str::to_owned),
        })
    }
}

impl std::fmt::Debug for Manifest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut manifest = f.debug_struct("Manifest");
        manifest.field("output", &self.output.len()).field("deleted", &self.deleted.len());
        manifest.field("outcomes", &self.outcomes.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for OutputFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutputFile").field("resource_type", &self.resource_type).finish_non_exhaustive()
    }
}

fn files(manifest: &Value, name: &str) -> Result<Vec<OutputFile>, DocumentError> {
    let file = |(index, file): (usize, &Value)| {
        let url = file.str("url").filter(|url| !url.is_empty());
        Ok(OutputFile {
            resource_type: file.str("type").map(str::to_owned),
            url: url.ok_or_else(|| DocumentError::Element(format!("{name}[{index}].url")))?.to_owned(),
            count: file.get("count").and_then(Value::as_i64).and_then(|count| count.try_into().ok()),
            continues_in: file.str("continuesInFile").map(str::to_owned),
        })
    };
    manifest.list(name).iter().enumerate().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_read() {
        let manifest = Manifest::parse(
            br#"{"transactionTime":"2024-01-01T00:00:00+01:00","request":"x","requiresAccessToken":false,
            "output":[{"type":"Patient","url":"https://a/1","continuesInFile":"https://a/2"},{"url":"https://a/2","count":-1}],
            "deleted":[{"type":"Bundle","url":"https://a/3"}],"error":[{"type":"OperationOutcome","url":"https://a/4"}],
            "link":[{"relation":"self","url":"https://a/m"},{"relation":"next","url":"https://a/m2"}]}"#,
        )
        .unwrap();
        assert_eq!(manifest.transaction_time.as_deref(), Some("2024-01-01T00:00:00+01:00"));
        assert_eq!((manifest.output.len(), manifest.deleted.len(), manifest.outcomes.len()), (2, 1, 1));
        assert_eq!(manifest.next.as_deref(), Some("https://a/m2"));
        assert_eq!((manifest.output[1].count, manifest.requires_access_token), (None, Some(false)));
    }

    #[test]
    fn what_would_lose_data_is_refused() {
        for (bad, at) in [
            ("{}", "output"),
            (r#"{"output":{}}"#, "output"),
            (r#"{"output":[{"url":"a"},{"type":"Patient"}]}"#, "output[1].url"),
            (r#"{"output":[],"deleted":[{"url":""}]}"#, "deleted[0].url"),
        ] {
            let reason = DocumentError::Element(at.to_owned());
            assert_eq!(
                Manifest::parse(bad.as_bytes()),
                Err(Error::Document { document: "manifest", reason })
            );
        }
        assert!(matches!(Manifest::parse(b"<html>"), Err(Error::Document { .. })));
    }
}
