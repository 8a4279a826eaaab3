//! The annotated copy of a document that was checked.

use std::error::Error as _;
use std::fs;
use std::sync::Arc;

use super::document::{broken, order, read};
use super::settings::Setting;
use super::targets::Target;
use super::walk::File;
use crate::flows::{StepSheet, step_sheet};
use crate::model::{DocumentReport, Error, ErrorKind, Finding, Grid, Lang, Report, guarded};
use crate::{annotate, ingest, package};

/// Makes the annotated copy of a document that was checked before, with the findings on others that have a place in it.
pub(super) fn copy_with(
    file: &File,
    shown: &str,
    target: &Target,
    report: &DocumentReport,
    more: Vec<Finding>,
    setting: &Setting,
) -> Result<Vec<String>, Error> {
    let bytes = read(file, &setting.options).map_err(|e| e.at(&file.path))?;
    let mut whole = report.clone();
    whole.findings.extend(more);
    whole.findings.sort_by(|a, b| order(a).cmp(&order(b)));
    copy_to(target, shown, &bytes, &whole, setting)
}

/// Makes the annotated copy; its fault is told beside the findings, never in their place.
pub(super) fn copy_to(
    target: &Target,
    name: &str,
    bytes: &Arc<[u8]>,
    document: &DocumentReport,
    setting: &Setting,
) -> Result<Vec<String>, Error> {
    target.nameable().map_err(|e| e.at(&target.path))?;
    guarded(|| annotate_to(target, name, bytes, document, setting))
        .unwrap_or_else(|panic| Err(unmade(&broken(panic)).at(name)))
}

/// Writes the annotated copy; its warnings, in the language of the run.
fn annotate_to(
    target: &Target,
    name: &str,
    bytes: &Arc<[u8]>,
    document: &DocumentReport,
    setting: &Setting,
) -> Result<Vec<String>, Error> {
    let options = &setting.options;
    let run = Report { documents: Vec::new(), lang: options.lang, as_of: options.as_of };
    let inside = ingest::signed(bytes);
    let workbook = inside.as_ref().unwrap_or(bytes);
    let mut text = None;
    let annotated = if ingest::is_xml_workbook(workbook) {
        annotate::annotate(workbook, &run, document)
    } else {
        // Read once more: the grid of a large document is not kept while its rules are evaluated.
        let grid = ingest::read(Arc::clone(bytes), name, &options.limits).map_err(|e| unmade(&e).at(name))?;
        match steps_of(&grid, document, setting).zip(target.text.as_ref()) {
            Some((steps, file)) => {
                let front = grid.sheets.first().and_then(|sheet| sheet.outline.as_ref()).map_or(0, |o| o.front_rows);
                let lines = ingest::markdown_text(workbook, &options.limits).map_err(|e| unmade(&e).at(name))?;
                text = Some((file, annotate::annotate_lines(&lines, front, document, options.lang)));
                annotate::annotate_steps(&steps, &run, document)
            }
            None => annotate::annotate_new(&grid, &run, document),
        }
    };
    let annotated = annotated.map_err(|e| unmade(&e).at(name))?;
    if let Some(folder) = target.path.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|e| {
            let (it, en) = ("la cartella non si può creare", "the folder cannot be made");
            Error::new(ErrorKind::Io, it, en).because(e).at(folder)
        })?;
    }
    package::write_atomic(&target.path, &annotated.bytes).map_err(|e| e.at(&target.path))?;
    let mut told: Vec<String> = annotated.warnings.iter().map(|w| w.get(options.lang).to_owned()).collect();
    if let Some((file, lines)) = text {
        package::write_atomic(file, lines.as_bytes()).map_err(|e| e.at(file))?;
        let label = options.lang.pick("il testo con i rilievi", "the text with the findings");
        told.push(format!("{label}: {}", file.display()));
    }
    Ok(told)
}

/// The steps of a text that is a flow, as a sheet.
fn steps_of(grid: &Grid, document: &DocumentReport, setting: &Setting) -> Option<StepSheet> {
    let options = &setting.options;
    document.tables.iter().any(|table| table.is_text).then_some(())?;
    let recognised = setting.recogniser().recognise_unless(grid, options.stop.as_ref())?;
    step_sheet(&recognised, &options.packs, options.lang)
}

/// Why the copy of a document that was checked cannot be made: the fault is the document's, not the copy's.
fn unmade(error: &Error) -> Error {
    let message = |lang| error.message(lang).to_owned();
    let (it, en) = (message(Lang::It), message(Lang::En));
    let unmade = Error::new(
        error.kind(),
        format!("la copia annotata non si può fare: {it}"),
        format!("the annotated copy cannot be made: {en}"),
    );
    match error.source() {
        Some(cause) => unmade.because(cause.to_string()),
        None => unmade,
    }
}
