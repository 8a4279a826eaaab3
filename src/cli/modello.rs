//! `riscontro modello`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use riscontro::check::{gather, packs_for};
use riscontro::forms::{Known, blank_form, named};
use riscontro::model::{BlankForm, Document, DocumentReport, ErrorKind};
use riscontro::pack::{Pack, Packs};
use riscontro::{Error, Options, sheets, text};

use super::check::reading_options;
use super::exit::Exit;
use super::sinks;
use super::task::tell_others;
use super::terminal::Terminal;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let mut options = reading_options(matches, terminal)?;
    let name = matches.get_one::<String>("kind").map(String::as_str).unwrap_or_default();
    // A slip in the name is told before one in the destination.
    named(&options.packs, name).ok_or_else(|| unknown(name, &options.packs))?;
    let from = matches.get_one::<PathBuf>("from");
    let output = matches.get_one::<PathBuf>("output");
    let before = match from {
        Some(path) => {
            options.outputs = output.cloned().into_iter().collect();
            match before(path, name, &options, terminal)? {
                Some(document) => Some(document),
                None => return Ok(Exit::Input),
            }
        }
        None => None,
    };
    let (sink, file) = sinks::new_workbook(matches)?;
    let (packs, declared) = packs_for(&file, &options)?;
    let pack = named(&packs, name).ok_or_else(|| unknown(name, &packs))?;
    let year = matches.get_one::<i16>("year").copied();
    let known = Known { year, before: before.as_ref(), declared: &declared };
    let form = blank_form(pack, known, terminal.lang).ok_or_else(|| unknown(name, &packs))?;
    let bytes = sheets::blank_workbook(&form)?;
    sink.write(terminal, |_, out| out.write_all(&bytes))?;
    if before.is_some() {
        terminal.say(&told(&form, terminal));
    }
    Ok(Exit::Clean)
}

/// The document of the year before; nothing where it was told why there is none.
fn before(path: &Path, name: &str, options: &Options, terminal: &Terminal) -> Result<Option<Document>, Error> {
    if path.is_dir() {
        let (it, en) = ("--from vuole un documento, non una cartella", "--from wants a document, not a folder");
        return Err(Error::new(ErrorKind::Usage, it, en).at(path));
    }
    let mut gathered = gather(&[path], options)?;
    let Some(pack) = named(&gathered.packs, name).cloned() else { return Err(unknown(name, &gathered.packs)) };
    let kind = Arc::clone(&pack.schedule.kind);
    gathered.keep(|document| document.tables.iter().any(|t| t.kind == kind));
    if gathered.documents.is_empty() && gathered.others.is_empty() {
        gathered.others.push(unrecognised(path, &pack));
    }
    tell_others(&gathered, terminal);
    if gathered.documents.len() > 1 {
        let (it, en) = ("--from vuole un documento solo", "--from wants one document");
        return Err(Error::new(ErrorKind::Usage, it, en).at(path));
    }
    Ok(gathered.documents.pop().map(|(_, document)| document))
}

fn unrecognised(path: &Path, pack: &Pack) -> DocumentReport {
    let title = &pack.schedule.title;
    let (it, en) = (
        format!(
            "non vi si riconosce «{}»; «riscontro check --explain-reading FILE» dice che cosa si è letto",
            title.it
        ),
        format!("no “{}” is recognised in it; “riscontro check --explain-reading FILE” tells what was read", title.en),
    );
    let error = Error::new(ErrorKind::Unrecognised, it, en).at(path);
    DocumentReport { error: Some(Arc::new(error)), ..DocumentReport::default() }
}

/// No pack has an empty form by this name.
fn unknown(name: &str, packs: &Packs) -> Error {
    let names: Vec<&str> = packs.packs.iter().flat_map(|p| p.schedule.model_names()).collect();
    let is_kind = packs.packs.iter().any(|p| &*p.schedule.kind == name);
    let (it, en) = if let Some(near) = text::closest(name, names.iter().copied()).filter(|_| !is_kind) {
        (format!("; forse «{near}»"), format!("; did you mean “{near}”?"))
    } else {
        // Each once, as an official calls it.
        let called = packs.packs.iter().filter_map(|p| p.schedule.model_names().last());
        let all = called.collect::<Vec<_>>().join(", ");
        (format!(": ci sono {all}"), format!(": there are {all}"))
    };
    let (no_it, no_en) = if is_kind {
        (
            format!("la scheda «{name}» non ha un modello da compilare"),
            format!("the kind “{name}” has no form to fill in"),
        )
    } else {
        (format!("nessun modello si chiama «{name}»"), format!("no form is called “{name}”"))
    };
    Error::new(ErrorKind::Usage, format!("{no_it}{it}"), format!("{no_en}{en}"))
}

fn told(form: &BlankForm, terminal: &Terminal) -> String {
    match form.hints() {
        0 => terminal.pick(
            "nel documento dell'anno precedente non c'è nulla da riportare".to_owned(),
            "the document of the year before says nothing to be noted".to_owned(),
        ),
        1 => terminal.pick(
            "una cella ha una nota con ciò che c'era".to_owned(),
            "one cell has a note of what there was".to_owned(),
        ),
        n => terminal.pick(
            format!("{n} celle hanno una nota con ciò che c'era"),
            format!("{n} cells have a note of what there was"),
        ),
    }
}
