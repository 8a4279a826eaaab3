//! `riscontro allegato2`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use riscontro::allegato2::{Choices, Source, compare, compute, entries, is_register};
use riscontro::check::{Gathered, content};
use riscontro::model::{Allegato2, CellRef, Document, ErrorKind, Level};
use riscontro::{Error, annotate, output, package, sheets};

use super::check::many;
use super::exit::Exit;
use super::sinks::Sink;
use super::task::Task;
use super::terminal::Terminal;

const LACKING: (&str, &str) =
    ("in nessun file si riconosce un registro di obiettivi", "no register of objectives is recognised in any file");

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let mut task = Task::new(matches, terminal)?;
    let fill = matches.get_one::<PathBuf>("fill");
    if fill.is_some() && !task.sinks.iter().any(|s| s.format == "xlsx") {
        let it = "manca il file da scrivere: con --fill aggiungere -o COPIA.xlsx";
        return Err(Error::new(ErrorKind::Usage, it, "the file to write is missing: with --fill add -o COPY.xlsx"));
    }
    let Some(gathered) = task.gather(matches, is_register, LACKING)? else { return Ok(task.exit) };
    let mut all = compute(&gathered.sources(), &choices(matches), &gathered.packs, terminal.lang);
    // The figures are written even where the Allegato 2 that is there cannot be read.
    if let Some(path) = matches.get_one::<PathBuf>("compare") {
        compare(&mut all, &allegato2_in(path, &mut task)?.sources());
    }
    let filled = match fill {
        Some(path) => {
            let form = allegato2_in(path, &mut task)?;
            if form.documents.is_empty() {
                return Ok(task.exit);
            }
            let figures = figures(&form.sources(), &all, terminal);
            let bytes = content(path, &task.options.limits).and_then(|bytes| filled(&bytes, &figures, terminal));
            Some(bytes.map_err(|e| e.at(path))?)
        }
        None => None,
    };
    if all.differences() > 0 {
        task.exit = task.exit.max(Exit::Findings);
    }
    Ok(task.write(&output::allegato2_line(&all), |sink| write(sink, &all, filled.as_deref(), terminal)))
}

fn choices(matches: &ArgMatches) -> Choices {
    let usual = Choices::default();
    let said = |id: &str| matches.get_one::<String>(id).map(String::as_str);
    let yes = |id: &str, usual: bool| said(id).map_or(usual, |v| v != "no");
    Choices {
        year: matches.get_one::<i16>("year").copied(),
        unstated_level: said("unstated-level")
            .and_then(|name| Level::COUNTED.into_iter().find(|level| level.name() == name)),
        strategic: many(matches, "strategic"),
        operational: many(matches, "operational"),
        formula_where_due: said("formula").is_some_and(|v| matches!(v, "dovuta" | "due")),
        text_targets: yes("text-targets", usual.text_targets),
        choice_targets: yes("choice-targets", usual.choice_targets),
        zero_resources: yes("zero-resources", usual.zero_resources),
        units_as_staff: yes("units-as-staff", usual.units_as_staff),
        shared_once: said("shared-indicators").is_some_and(|v| matches!(v, "una" | "once")),
    }
}

fn has_allegato2(document: &Document) -> bool {
    !entries(("", document)).is_empty()
}

/// The Allegato 2 of a file; where it holds none, that is told.
fn allegato2_in(path: &Path, task: &mut Task<'_>) -> Result<Gathered, Error> {
    let gathered = task.read(&[path], has_allegato2)?;
    if gathered.documents.is_empty() && gathered.others.iter().all(|other| other.error.is_none()) {
        let (it, en) = ("non vi si riconosce un Allegato 2", "no Allegato 2 is recognised in it");
        task.fail(&Error::new(ErrorKind::Unrecognised, it, en).at(path), Exit::Input);
    }
    Ok(gathered)
}

/// The figures by the cells of a form that they belong to; a figure that the form has no row for is told.
fn figures(form: &[Source<'_>], all: &Allegato2, terminal: &Terminal) -> Vec<(Arc<str>, CellRef, usize)> {
    let there: Vec<_> = form.iter().copied().flat_map(entries).collect();
    let mut figures = Vec::new();
    for table in &all.tables {
        for row in &table.rows {
            let Some(value) = row.value else { continue };
            let entry = there.iter().find(|e| e.level == table.level && e.row == row.number);
            if let Some(entry) = entry {
                figures.push((entry.declared.place.sheet.clone().unwrap_or_default(), entry.at, value));
                continue;
            }
            terminal.warning(&terminal.pick(
                format!(
                    "nel modulo manca la riga {} degli obiettivi {}: il valore {value} non è scritto",
                    row.number,
                    table.level.variant()
                ),
                format!(
                    "the form lacks row {} of the {} objectives: the value {value} is not written",
                    row.number,
                    table.level.label(terminal.lang)
                ),
            ));
        }
    }
    figures
}

/// A copy of a form with figures in it; cells that are left as they are are told.
fn filled(form: &[u8], figures: &[(Arc<str>, CellRef, usize)], terminal: &Terminal) -> Result<Vec<u8>, Error> {
    let filled = annotate::fill(form, figures)?;
    for (sheet, at) in &filled.kept {
        terminal.warning(&terminal.pick(
            format!("«{sheet}», {at}: c'è una formula, lasciata com'è"),
            format!("“{sheet}”, {at}: it holds a formula, left as it is"),
        ));
    }
    Ok(filled.bytes)
}

fn write(sink: &Sink, all: &Allegato2, filled: Option<&[u8]>, terminal: &Terminal) -> Result<(), Error> {
    match sink.format.as_str() {
        "xlsx" => {
            let file = sink.file.clone().unwrap_or_default();
            let computed = || sheets::allegato2_workbook(all, &|register| way(&file, register));
            let bytes = filled.map_or_else(computed, |bytes| Ok(bytes.to_vec()))?;
            sink.write(terminal, |_, out| out.write_all(&bytes))
        }
        "json" => sink.write(terminal, |_, out| output::allegato2_json(all, out)),
        "csv" => sink.write(terminal, |_, out| output::allegato2_csv(all, out)),
        "markdown" => sink.write(terminal, |_, out| output::allegato2_markdown(all, out)),
        _ => sink.write(terminal, |painter, out| output::allegato2(all, painter, out)),
    }
}

/// The way from the folder of a file to a register, for a link; none where they have no folder in common.
fn way(from: &Path, register: &str) -> Option<String> {
    let whole = |path: &Path| fs::canonicalize(path).ok();
    let folder = package::meant(from).parent().map(Path::to_owned)?;
    let (folder, target) = (whole(&folder)?, whole(Path::new(register))?);
    let (mut own, mut other) = (folder.components().peekable(), target.components().peekable());
    let mut common = 0;
    while own.peek().is_some() && own.peek() == other.peek() {
        own.next();
        other.next();
        common += 1;
    }
    if common == 0 {
        return None;
    }
    let up = own.map(|_| "..".to_owned());
    let down = other.map(|part| part.as_os_str().to_string_lossy().into_owned());
    Some(up.chain(down).collect::<Vec<_>>().join("/"))
}
