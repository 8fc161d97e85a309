//! NTE: a note on what stands before it.

use carewire_fhir_core::types::{Annotation, AnnotationAuthor};

use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::{dtm, xcn};
use crate::fhir::row::{Table, row, set};

/// `NTE[Observation]` and `NTE[ServiceRequest]`
pub(crate) static NTE_ANNOTATION: Table<Annotation> = Table {
    segment: "NTE",
    resource: "Observation, ServiceRequest",
    rows: &[
        row(3, "note.text", "FT[markdown]", |a, n, _| {
            let lines: Vec<String> = a.text.take().into_iter().chain(n.whole()).collect();
            a.text = Some(lines.join("\n")).filter(|text| !text.is_empty());
            Ok(())
        }),
        row(5, "note.authorReference", "XCN[Practitioner]", |a, n, c| {
            let author = xcn::xcn(n, c)?.map(AnnotationAuthor::Reference);
            set(&mut a.author, Ok(author))
        }),
        row(6, "note.time", "DTM[dateTime]", |a, n, c| set(&mut a.time, dtm::date_time(n, c))),
    ],
};

/// Adds the notes to a resource that is in the Bundle.
pub(crate) fn map(notes: &[Segment<'_>], on: &Anchor, c: &mut Context<'_>) {
    for nte in notes {
        let note = read(nte, c);
        if note.body.text.is_some() {
            c.append(on, "note", note);
        }
    }
}

/// Reads one note.
pub(crate) fn read(nte: &Segment<'_>, c: &mut Context<'_>) -> Draft<Annotation> {
    let mut note = Draft::<Annotation>::default();
    NTE_ANNOTATION.apply(&mut note, nte, c);
    note
}
