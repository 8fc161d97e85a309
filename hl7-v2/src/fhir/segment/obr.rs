//! OBR: a report, and what it says of its specimen.

use carewire_fhir_core::resources::{
    Collected, DateTimeOrPeriod, DiagnosticReport, DiagnosticReportStatus, Specimen, SpecimenCollection,
};
use carewire_fhir_core::types::{Annotation, Coding, Extension, ExtensionValue, Meta, Period};

use super::al1::concept_part;
use super::orc::{add_new_to, numbered};
use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key};
use crate::fhir::datatype::cwe::{code_by, coding_in, cwe, cwe_value, id, text};
use crate::fhir::datatype::ei::{filler, placer};
use crate::fhir::datatype::{cq, dtm, extend, xcn};
use crate::fhir::node::{Node, field_text};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set, valued};
use crate::fhir::table::report_status;

/// `ORC[DiagnosticReport]`
pub(crate) static ORC_REPORT: Table<DiagnosticReport> = Table {
    segment: "ORC",
    resource: "DiagnosticReport",
    rows: &[
        row(2, "identifier", "EI[Identifier] PLAC", |d, n, c| push(&mut d.identifier, placer(n, c))),
        row(3, "identifier", "EI[Identifier] FILL", |d, n, c| push(&mut d.identifier, filler(n, c))),
        row(16, "extension(event-statusReason)", "CWE[CodeableConcept]", |d, n, c| {
            let url = "http://hl7.org/fhir/StructureDefinition/event-statusReason";
            extend(&mut d.extension, url, cwe_value(n, c))
        }),
        row(28, "meta.security", "CWE[Coding]", |d, n, c| {
            let label = coding_in(n, "0177", c)?;
            d.meta.get_or_insert_with(Meta::default).security.extend(label);
            Ok(())
        }),
    ],
};

/// `OBR[DiagnosticReport]`
pub(crate) static OBR_REPORT: Table<DiagnosticReport> = Table {
    segment: "OBR",
    resource: "DiagnosticReport",
    rows: &[
        row(2, "identifier", "EI[Identifier] PLAC", |d, n, c| add_new_to(&mut d.identifier, placer(n, c)?)),
        row(3, "identifier", "EI[Identifier] FILL", |d, n, c| add_new_to(&mut d.identifier, filler(n, c)?)),
        row(4, "code", "CWE[CodeableConcept]", |d, n, c| set(&mut d.code, cwe(n, c))),
        row(7, "effective[x]", "DTM[dateTime]", effective).and(&[8]),
        row(22, "issued", "DTM[instant]", |d, n, c| set(&mut d.issued, dtm::instant(n, c))),
        row(24, "category", "ID[CodeableConcept] DiagnosticServiceSectionID", |d, n, _| {
            push(&mut d.category, id(n, "0074"))
        }),
        row(25, "status", "ID[code] ResultStatus", |d, n, _| {
            code_by((&mut d.status, &mut d.status_element), n, "0123", report_status)
        }),
        row(32, "resultsInterpreter(PractitionerRole)", "NDL[PractitionerRole]", |d, n, c| {
            push(&mut d.results_interpreter, xcn::ndl(n, c))
        }),
        row(34, "performer(PractitionerRole)", "NDL[PractitionerRole] SPRF", |d, n, c| {
            performer(d, n, "SPRF", c)
        }),
        row(35, "performer(PractitionerRole)", "NDL[PractitionerRole] TRANS", |d, n, c| {
            performer(d, n, "TRANS", c)
        }),
    ],
};

/// `OBR[Specimen]`
pub(crate) static OBR_SPECIMEN: Table<Specimen> = Table {
    segment: "OBR",
    resource: "Specimen",
    rows: &[
        row(7, "collection.collected[x]", "DTM[dateTime]", |s, n, c| {
            let collected = span(n, c)?.map(|(start, end)| match end {
                None => Collected::DateTime(start),
                end => Collected::Period(Period { start: Some(start), end, ..Period::default() }),
            });
            set(&mut collection(s).collected, Ok(collected))
        })
        .and(&[8]),
        row(9, "collection.quantity", "CQ[Quantity]", |s, n, c| {
            set(&mut collection(s).quantity, cq::cq(n, c))
        }),
        row(10, "collection.collector(Practitioner)", "XCN[Practitioner]", |s, n, c| {
            set(&mut collection(s).collector, xcn::xcn(n, c))
        }),
        row(14, "receivedTime", "DTM[dateTime]", |s, n, c| set(&mut s.received_time, dtm::date_time(n, c))),
        row(15, "type", "SPS[Specimen]", |s, n, c| {
            let source = n.part(1).map_or(Ok(None), |source| cwe(&source, c))?;
            collection(s).body_site = n.part(4).map_or(Ok(None), |site| cwe(&site, c))?;
            s.note.extend(n.get(3).map(|text| Annotation { text: Some(text), ..Annotation::default() }));
            set(&mut s.r#type, Ok(source))
        }),
        row(39, "note", "CWE[Annotation]", |s, n, _| {
            s.note.extend(text(n).map(|text| Annotation { text: Some(text), ..Annotation::default() }));
            Ok(())
        }),
    ],
};

/// Maps an OBR, with its ORC, to a report. It is known by its filler's number, else by its placer's.
pub(crate) fn map(
    orc: Option<&Segment<'_>>,
    obr: &Segment<'_>,
    order: Option<&Anchor>,
    c: &mut Context<'_>,
) -> Option<Anchor> {
    let at = obr.location()?;
    let mut report = Draft::new(DiagnosticReport {
        based_on: order.map(Anchor::reference).into_iter().collect(),
        subject: c.subject(),
        encounter: c.visit(),
        ..DiagnosticReport::default()
    });
    if let Some(orc) = orc {
        ORC_REPORT.apply(&mut report, orc, c);
    }
    OBR_REPORT.apply(&mut report, obr, c);
    if report.body.code.is_none() {
        c.report(at, Reason::Missing("DiagnosticReport.code"));
        return None;
    }
    if report.body.status.is_none() {
        report.body.status = Some(DiagnosticReportStatus::Unknown);
        if !valued(obr, 25) {
            c.report(at, Reason::Unstated("DiagnosticReport.status"));
        }
    }
    let key = key(&report.body, obr, at, c);
    Some(c.add(report, DiagnosticReport::into_resource, key, at))
}

/// The filler made the report, so the filler's number is the better one.
fn key(report: &DiagnosticReport, obr: &Segment<'_>, at: crate::Location, c: &mut Context<'_>) -> Key {
    numbered(&report.identifier, ["FILL", "PLAC"]).unwrap_or_else(|| {
        let time = field_text(obr, 7).unwrap_or_else(|| c.bound_to_message(at));
        let number = field_text(obr, 1).unwrap_or_default();
        Key::Derived(vec![c.patient_part(), concept_part(report.code.as_ref()), time, number])
    })
}

/// What OBR says of the specimen, where no SPM does; known by the report.
pub(crate) fn specimen(obr: &Segment<'_>, report: &Anchor, c: &mut Context<'_>) {
    let Some(at) = obr.location() else { return };
    let mut specimen = Draft::new(Specimen { subject: c.subject(), ..Specimen::default() });
    OBR_SPECIMEN.apply(&mut specimen, obr, c);
    let says = Specimen { subject: None, collection: None, ..specimen.body.clone() } != Specimen::default();
    let collected = specimen.body.collection.as_ref().is_some_and(|collection| {
        SpecimenCollection { collected: None, ..collection.clone() } != SpecimenCollection::default()
    });
    if says || collected {
        let key = Key::Derived(vec![report.identity.clone(), "specimen".into()]);
        let specimen = c.add(specimen, Specimen::into_resource, key, at);
        c.append(report, "specimen", Draft::new(specimen.reference()));
    }
}

/// OBR-7 alone, or to OBR-8.
fn effective(report: &mut DiagnosticReport, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let effective = span(node, c)?.map(|(start, end)| match end {
        None => DateTimeOrPeriod::DateTime(start),
        end => DateTimeOrPeriod::Period(Period { start: Some(start), end, ..Period::default() }),
    });
    set(&mut report.effective, Ok(effective))
}

type Span = (carewire_fhir_core::DateTime, Option<carewire_fhir_core::DateTime>);

fn span(start: &Node<'_>, c: &mut Context<'_>) -> Result<Option<Span>, Reason> {
    let end = start.field(8).map_or(Ok(None), |end| dtm::date_time(&end, c))?;
    Ok(dtm::date_time(start, c)?.map(|start| (start, end)))
}

fn performer(report: &mut DiagnosticReport, node: &Node<'_>, function: &str, c: &mut Context<'_>) -> Outcome {
    let Some(mut performer) = xcn::ndl(node, c)? else { return Ok(()) };
    let coding = Coding::new("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", function);
    let url = "http://hl7.org/fhir/StructureDefinition/event-performerFunction";
    performer.extension.push(Extension::new(url, ExtensionValue::CodeableConcept(coding.into())));
    report.performer.push(performer);
    Ok(())
}

fn collection(specimen: &mut Specimen) -> &mut SpecimenCollection {
    specimen.collection.get_or_insert_with(SpecimenCollection::default)
}
