//! Which format goes where: each `--output` belongs to the `--format` before it.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use riscontro::model::ErrorKind;
use riscontro::output::Painter;
use riscontro::pack::Packs;
use riscontro::{Error, package};
use std::io::{self, Write};

use super::terminal::Terminal;

/// One result to write: the name of its format, and the file; stdout where `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sink {
    pub(super) format: String,
    pub(super) file: Option<PathBuf>,
}

impl Sink {
    /// Writes the result. A file gets no colours, and is never half written.
    pub(super) fn write(
        &self,
        terminal: &Terminal,
        write: impl FnOnce(&Painter, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Error> {
        let Some(file) = &self.file else {
            return terminal.stdout(write).map_err(|e| {
                let (it, en) = (
                    "il risultato non si può scrivere: controllare lo spazio e la destinazione",
                    "the result cannot be written: check the space left and the destination",
                );
                Error::new(ErrorKind::Usage, it, en).because(e)
            });
        };
        let mut bytes = Vec::new();
        write(&Painter::default(), &mut bytes).map_err(|e| {
            Error::new(ErrorKind::Internal, "il risultato non si compone", "the result cannot be made").because(e)
        })?;
        package::write_atomic(file, &bytes).map_err(|e| e.at(file))?;
        terminal.say(&format!("{}: {}", terminal.pick("scritto", "written"), file.display()));
        Ok(())
    }
}

/// The results asked for, in the order of the arguments; `full` on stdout where none is.
pub(super) fn sinks(matches: &ArgMatches) -> Result<Vec<Sink>, Error> {
    sinks_or(matches, "full")
}

/// The same, with the format that is meant where none is named.
pub(super) fn sinks_or(matches: &ArgMatches, usual: &str) -> Result<Vec<Sink>, Error> {
    let indexed = |id: &str| matches.indices_of(id).into_iter().flatten();
    let formats = matches.get_many::<String>("format").into_iter().flatten().cloned();
    let mut formats: Vec<(usize, String)> = indexed("format").zip(formats).collect();
    let outputs = matches.get_many::<PathBuf>("output").into_iter().flatten().cloned();
    if formats.is_empty() {
        formats.push((0, usual.to_owned()));
    }
    let mut sinks: Vec<(usize, Sink)> =
        formats.into_iter().map(|(at, format)| (at, Sink { format, file: None })).collect();
    for (at, file) in indexed("output").zip(outputs) {
        let Some((_, sink)) = sinks.iter_mut().rev().find(|(before, _)| *before < at) else {
            return Err(wrong(
                "--output vale per il --format che lo precede: scriverlo dopo",
                "--output belongs to the --format before it: put it behind",
            ));
        };
        if sink.file.is_some() {
            return Err(wrong(
                &format!("il formato «{}» ha due --output: ripetere --format per ciascuno", sink.format),
                &format!("format “{}” has two --output: repeat --format for each", sink.format),
            ));
        }
        sink.file = Some(file);
    }
    let mut sinks: Vec<Sink> = sinks.into_iter().map(|(_, sink)| sink).collect();
    for sink in &mut sinks {
        // A hyphen is stdout, as it is stdin among the documents.
        sink.file.take_if(|file| file.as_os_str() == "-");
    }
    if sinks.iter().any(|s| s.file.is_none() && s.format == WORKBOOK) {
        return Err(wrong(
            "il formato «xlsx» non va sullo schermo: aggiungere --output FILE.xlsx",
            "format “xlsx” does not go to the screen: add --output FILE.xlsx",
        ));
    }
    if sinks.iter().filter(|s| s.file.is_none()).count() > 1 {
        return Err(wrong(
            "un solo formato può andare sullo schermo: aggiungere agli altri --output FILE",
            "only one format can go to the screen: add --output FILE to the others",
        ));
    }
    sinks.iter().filter_map(|s| Some((s, s.file.as_deref()?))).try_for_each(|(sink, file)| named(sink, file))?;
    let files: Vec<PathBuf> = sinks.iter().filter_map(|s| s.file.as_deref()).map(package::meant).collect();
    if let Some((twice, _)) = files.iter().enumerate().find(|(i, f)| files.iter().take(*i).any(|g| g == *f)) {
        let written = sinks.iter().filter_map(|s| s.file.as_deref()).nth(twice).unwrap_or(Path::new(""));
        return Err(wrong("due risultati nello stesso file", "two results in the same file").at(written));
    }
    spare_rules(matches, &sinks)?;
    Ok(sinks)
}

/// An error if a file cannot have its name, or must not.
fn named(sink: &Sink, file: &Path) -> Result<(), Error> {
    let name = file.file_name().unwrap_or_default();
    package::nameable(&name.to_string_lossy()).map_err(|e| e.at(file))?;
    let extension = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if sink.format == WORKBOOK {
        if extension != WORKBOOK {
            let it = "il formato «xlsx» va in un file .xlsx: dare al file questa estensione";
            return Err(wrong(it, "format “xlsx” goes to an .xlsx file: give the file that extension").at(file));
        }
        return Ok(());
    }
    if OTHERS.contains(&extension.as_str()) {
        let it = format!("un risultato non è un file .{extension}: dare al file un'altra estensione");
        return Err(wrong(&it, &format!("a result is no .{extension} file: give the file another extension")).at(file));
    }
    Ok(())
}

/// The workbook that is the only result: a file that is named, and not there yet.
pub(super) fn new_workbook(matches: &ArgMatches) -> Result<(Sink, PathBuf), Error> {
    let file = matches.get_one::<PathBuf>("output").filter(|file| file.as_os_str() != "-");
    let Some(file) = file else {
        let it = "manca il file da scrivere: aggiungere -o FILE.xlsx";
        return Err(wrong(it, "the file to write is missing: add -o FILE.xlsx"));
    };
    let sink = Sink { format: WORKBOOK.to_owned(), file: Some(file.clone()) };
    named(&sink, file)?;
    spare_rules(matches, std::slice::from_ref(&sink))?;
    // Somebody may have filled it in; also a link without a target is somebody's.
    if file.symlink_metadata().is_ok() {
        let it = "il file c'è già, e non viene sostituito: scegliere un altro nome";
        return Err(wrong(it, "the file is there already, and is not replaced: choose another name").at(file));
    }
    Ok((sink, file.clone()))
}

/// The format that is a workbook, and the extension of its file.
const WORKBOOK: &str = "xlsx";

/// Extensions of files that no other result is: one of that name is a document, a configuration or a rule, and is not to be
/// written over nor to be read as one the next time.
const OTHERS: [&str; 11] = ["xlsx", "xlsm", "xltx", "xltm", "xlsb", "xls", "ods", "zip", "p7m", "toml", "rhai"];

/// An error if a result would be written over a file of the packs that the arguments name.
fn spare_rules(matches: &ArgMatches, sinks: &[Sink]) -> Result<(), Error> {
    let named = |id: &str| matches.try_get_many::<PathBuf>(id).ok().flatten().into_iter().flatten();
    for dir in named("rules").chain(named("dir")) {
        let read: Vec<PathBuf> = Packs::files(dir).iter().map(|file| package::meant(file)).collect();
        if let Some(file) = sinks.iter().filter_map(|s| s.file.as_deref()).find(|f| read.contains(&package::meant(f))) {
            let dir = dir.display();
            return Err(wrong(
                &format!(
                    "il file da scrivere è uno di quelli delle regole in «{dir}»: scegliere un'altra destinazione"
                ),
                &format!("the file to be written is one of those of the rules in “{dir}”: choose another destination"),
            )
            .at(file));
        }
    }
    Ok(())
}

fn wrong(it: &str, en: &str) -> Error {
    Error::new(ErrorKind::Usage, it, en)
}
