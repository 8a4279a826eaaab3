//! Findings put onto the user's own workbook: notes, highlights and report sheets, with everything else kept to the
//! byte; and taken out again.

mod anchor;
mod book;
mod fill;
mod fresh;
mod graft;
mod highlight;
mod lines;
mod notes;
mod placing;
mod restyle;
mod sheet;
mod styles;
mod undo;
mod unmark;
mod unnote;
mod vml;

use crate::model::{Bilingual, DocumentReport, Error, Report};
use crate::package::Overlay;
use crate::sheets::{SheetNames, report_sheets};

use book::Book;
pub use fill::{Filled, fill};
pub use fresh::{annotate_new, annotate_steps};
use graft::Graft;
pub use lines::annotate_lines;
use placing::Placing;
use styles::Styles;
use vml::Blocks;

/// An annotated workbook.
#[derive(Debug, Clone)]
pub struct Annotated {
    /// The bytes of the workbook.
    pub bytes: Vec<u8>,
    /// What the user should know of the copy, one sentence each.
    pub warnings: Vec<Bilingual>,
}

/// Puts the findings of a document onto its workbook. The source must have passed the pre-flight. The marks of an
/// earlier run are replaced; equal sources and reports give equal bytes.
pub fn annotate(source: &[u8], report: &Report, document: &DocumentReport) -> Result<Annotated, Error> {
    let clean = stripped(source)?;
    let mut package = Overlay::open(clean.as_ref().map_or(source, |c| &c.bytes))?;
    let book = Book::open(&mut package)?;
    let placing = Placing::of(document, &book);
    let names = graft::free_names(SheetNames::of(report.lang), &book);
    let report_bytes = report_sheets(report, document, &names)?;
    let mut graft = Graft::open(&report_bytes, &package)?;
    let mut styles = Styles::open(&mut package, &book)?;
    let (formats, count) = highlight::formats();
    let (offsets, first_format) = graft.add_styles(&mut styles, (&formats, count))?;
    styles.finish(&mut package, &book)?;
    let mut context = sheet::Context {
        dialect: book.dialect,
        lang: report.lang,
        first_format,
        blocks: taken_blocks(&mut package)?,
        threaded: 0,
    };
    for (index, marks) in &placing.sheets {
        if let Some(part) = book.sheets.get(*index).and_then(|s| s.part.as_deref()) {
            sheet::annotate_sheet(&mut package, part, marks, &mut context)?;
        }
    }
    // A signature that no longer holds makes the spreadsheet program warn of forgery. Only the way to it is taken out:
    // stripped of our marks, the document has its signature again.
    for signature in &book.signatures {
        package.unrelate("", signature)?;
    }
    let splice = graft.add_sheets(&mut package, &book, offsets)?;
    let mut warnings = warnings(&book, &placing, context.threaded);
    warnings.extend(clean.iter().flat_map(Stripped::warnings));
    package.patch(book.part.clone(), splice)?;
    undo::record(&mut package, &book)?;
    Ok(Annotated { bytes: package.save()?, warnings })
}

/// A workbook without our marks. One that has none comes back as it is.
pub fn strip(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    Ok(stripped(bytes)?.map_or_else(|| bytes.to_vec(), |s| s.bytes))
}

/// A workbook without our marks.
struct Stripped {
    bytes: Vec<u8>,
    /// Sheets that a name of ours led to, but that were not ours.
    kept: Vec<String>,
    /// Whether report sheets were taken out in which the user may have written.
    written_over: bool,
}

impl Stripped {
    fn warnings(&self) -> Vec<Bilingual> {
        let mut warnings: Vec<Bilingual> = Vec::new();
        for name in &self.kept {
            warnings.push(Bilingual::new(
                format!("il foglio «{name}» è rimasto: vi porta un nome nascosto di Riscontro, ma non è un suo foglio"),
                format!(
                    "sheet “{name}” has stayed: a hidden name of Riscontro leads to it, but it is not one of its sheets"
                ),
            ));
        }
        if self.written_over {
            warnings.push(Bilingual::new(
                "i fogli dei rilievi di un controllo precedente sono sostituiti: ciò che altri vi avesse scritto resta \
                 nel file di partenza",
                "the report sheets of an earlier check are replaced: what others may have written into them stays in \
                 the source file",
            ));
        }
        warnings
    }
}

/// The workbook without our marks, if it has any.
fn stripped(bytes: &[u8]) -> Result<Option<Stripped>, Error> {
    let mut package = Overlay::open(bytes)?;
    let book = Book::open(&mut package)?;
    if undo::undo(&mut package, &book)? {
        return Ok(Some(Stripped { bytes: package.save()?, kept: Vec::new(), written_over: false }));
    }
    let Some(unmarked) = unmark::unmark(&mut package, &book)? else { return Ok(None) };
    Ok(Some(Stripped { bytes: package.save()?, kept: unmarked.kept, written_over: unmarked.sheets }))
}

/// The blocks of shape ids that the drawings of the package leave free.
fn taken_blocks(package: &mut Overlay<'_>) -> Result<Blocks, Error> {
    let mut blocks = Blocks::new();
    let drawings: Vec<String> =
        package.names().filter(|n| n.to_lowercase().ends_with(".vml")).map(str::to_owned).collect();
    for name in drawings {
        if let Some(part) = package.part(&name)? {
            blocks.avoid(&part.xml);
        }
    }
    Ok(blocks)
}

fn warnings(book: &Book, placing: &Placing<'_>, threaded: usize) -> Vec<Bilingual> {
    let mut warnings = Vec::new();
    if !book.signatures.is_empty() {
        warnings.push(Bilingual::new(
            "la copia annotata non ha più la firma digitale del documento",
            "the annotated copy no longer has the digital signature of the document",
        ));
    }
    if threaded > 0 {
        warnings.push(Bilingual::new(
            format!(
                "celle con una conversazione, evidenziate ma senza nota: {threaded}; si veda il foglio dei rilievi"
            ),
            format!("cells with a conversation, highlighted but without a note: {threaded}; see the sheet of findings"),
        ));
    }
    if placing.without_note > 0 {
        let n = placing.without_note;
        warnings.push(Bilingual::new(
            format!("celle evidenziate ma senza nota, oltre le prime 2.000 di un rilievo: {n}"),
            format!("cells highlighted but without a note, beyond the first 2,000 of a finding: {n}"),
        ));
    }
    if placing.lost > 0 {
        let n = placing.lost;
        warnings.push(Bilingual::new(
            format!("celle su fogli che il documento non ha, riportate solo nel foglio dei rilievi: {n}"),
            format!("cells on sheets that the document does not have, told on the sheet of findings only: {n}"),
        ));
    }
    warnings
}
