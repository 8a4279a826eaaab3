//! `riscontro allegato2`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use clap::ArgMatches;
use riscontro::allegato2::{Choices, Source, compare, compute, entries, is_register};
use riscontro::check::{Gathered, gather};
use riscontro::model::{Allegato2, DocumentReport, ErrorKind, Level};
use riscontro::{Error, Options, annotate, output, package, sheets};

use super::check::{many, on_interrupt, reading_options};
use super::exit::Exit;
use super::sinks::{self, Sink};
use super::terminal::Terminal;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let stop = on_interrupt();
    let sinks = sinks::sinks_or(matches, of_name(matches.get_one::<PathBuf>("output")))?;
    let mut options = reading_options(matches, terminal)?;
    options.outputs = sinks.iter().filter_map(|s| s.file.clone()).collect();
    options.stop = Some(Arc::clone(&stop));
    let fill = matches.get_one::<PathBuf>("fill");
    if fill.is_some() && !sinks.iter().any(|s| s.format == "xlsx") {
        let it = "manca il file da scrivere: con --fill aggiungere -o COPIA.xlsx";
        return Err(Error::new(ErrorKind::Usage, it, "the file to write is missing: with --fill add -o COPY.xlsx"));
    }

    let mut gathered = gather(&many::<PathBuf>(matches, "paths"), &options)?;
    gathered.keep(is_register);
    let mut exit = tell_others(&gathered, terminal);
    if gathered.is_stopped || stop.load(Ordering::Relaxed) {
        return Ok(Exit::Interrupted);
    }
    if gathered.documents.is_empty() {
        terminal.error(terminal.pick(
            "in nessun file si riconosce un registro di obiettivi; «riscontro check --explain-reading FILE» dice che cosa si è letto",
            "no register of objectives is recognised in any file; “riscontro check --explain-reading FILE” tells what was read",
        ));
        return Ok(Exit::Input);
    }
    let sources: Vec<Source<'_>> = gathered.documents.iter().map(|(path, d)| (path.as_str(), d)).collect();
    let mut all = compute(&sources, &choices(matches), &gathered.packs, terminal.lang);
    // The figures are written even where the Allegato 2 that is there cannot be read.
    if let Some(path) = matches.get_one::<PathBuf>("compare") {
        let declared = allegato2_in(path, &options)?;
        exit = exit.max(tell_others(&declared, terminal));
        for (path, document) in &declared.documents {
            compare(&mut all, (path, document));
        }
    }
    let filled = match fill {
        Some(path) => {
            let form = allegato2_in(path, &options)?;
            exit = exit.max(tell_others(&form, terminal));
            if form.documents.is_empty() {
                return Ok(exit);
            }
            Some(filled(path, &form, &all, terminal)?)
        }
        None => None,
    };
    if all.differences() > 0 {
        exit = exit.max(Exit::Findings);
    }
    for sink in &sinks {
        if let Err(error) = write(sink, &all, filled.as_deref(), terminal) {
            terminal.tell_error(&error);
            exit = exit.max(Exit::of(&error));
        }
    }
    if sinks.iter().all(|s| s.file.is_some()) {
        terminal.say(&output::allegato2_line(&all));
    }
    Ok(exit)
}

/// The format that the name of a file means.
pub(super) fn of_name(file: Option<&PathBuf>) -> &'static str {
    let extension = file.and_then(|f| f.extension()).and_then(OsStr::to_str).map(str::to_lowercase);
    match extension.as_deref() {
        Some("xlsx") => "xlsx",
        Some("json") => "json",
        Some("csv") => "csv",
        Some("md") => "markdown",
        _ => "full",
    }
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

/// Tells which files were refused, and which passed over.
pub(super) fn tell_others(gathered: &Gathered, terminal: &Terminal) -> Exit {
    let mut exit = Exit::Clean;
    for other in &gathered.others {
        exit = exit.max(tell_other(other, terminal));
    }
    exit
}

fn tell_other(other: &DocumentReport, terminal: &Terminal) -> Exit {
    if let Some(error) = &other.error {
        terminal.tell_error(error);
        return Exit::Input;
    }
    if let Some(reason) = &other.skipped {
        terminal.say(&format!("{}: {}: {reason}", terminal.pick("tralasciato", "skipped"), other.path));
    }
    Exit::Clean
}

/// The Allegato 2 of a file; where it holds none, that is told among the others.
fn allegato2_in(path: &Path, options: &Options) -> Result<Gathered, Error> {
    let mut gathered = gather(&[path], options)?;
    gathered.keep(|document| !entries(("", document)).is_empty());
    if gathered.documents.is_empty() && gathered.others.is_empty() {
        let (it, en) = ("non vi si riconosce un Allegato 2", "no Allegato 2 is recognised in it");
        let error = Error::new(ErrorKind::Unrecognised, it, en).at(path);
        gathered.others.push(DocumentReport { error: Some(Arc::new(error)), ..DocumentReport::default() });
    }
    Ok(gathered)
}

/// A copy of an Allegato 2 with the figures in it; what could not be filled in is told.
fn filled(path: &Path, form: &Gathered, all: &Allegato2, terminal: &Terminal) -> Result<Vec<u8>, Error> {
    let there: Vec<_> = form.documents.iter().flat_map(|(path, document)| entries((path, document))).collect();
    let mut figures = Vec::new();
    for table in &all.tables {
        for row in &table.rows {
            let entry = there.iter().find(|e| e.level == table.level && e.row == row.number);
            let Some(value) = row.value else { continue };
            match entry {
                Some(entry) => {
                    let sheet = entry.declared.place.sheet.clone().unwrap_or_default();
                    figures.push((sheet, entry.at, value));
                }
                None => terminal.warning(&terminal.pick(
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
                )),
            }
        }
    }
    let bytes = fs::read(path).map_err(|e| {
        Error::new(ErrorKind::Io, "il file non si legge", "the file cannot be read").because(e).at(path)
    })?;
    let filled = annotate::fill(&bytes, &figures).map_err(|e| e.at(path))?;
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
