//! `riscontro init` and `riscontro config`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ArgMatches;
use riscontro::check::Configuration;
use riscontro::config::{Config, FILE_NAME, Given, Settled, template, unknown_profile};
use riscontro::engine::RuleBook;
use riscontro::model::{ErrorKind, Origin};
use riscontro::pack::Packs;
use riscontro::{Error, Lang, output, package};

use super::environment::{self, document, found};
use super::exit::Exit;
use super::terminal::Terminal;
use super::{LANG_VARIABLE, check, sinks};

/// Writes a file to begin with.
pub(super) fn init(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let dir = matches.get_one::<PathBuf>("dir").map_or(Path::new("."), PathBuf::as_path);
    if !dir.is_dir() {
        let (it, en) = ("la cartella non esiste: crearla prima", "the folder does not exist: make it first");
        return Err(Error::new(ErrorKind::Usage, it, en).at(dir));
    }
    let file = if dir == Path::new(".") { PathBuf::from(FILE_NAME) } else { dir.join(FILE_NAME) };
    // Also a link without a target is somebody's.
    if file.symlink_metadata().is_ok() {
        let (it, en) = ("il file c'è già, e non viene sostituito", "the file is there already, and is not replaced");
        return Err(Error::new(ErrorKind::Usage, it, en).at(&file));
    }
    package::write_atomic(&file, template(terminal.lang).as_bytes()).map_err(|e| e.at(&file))?;
    terminal.say(&format!("{}: {}", terminal.pick("scritto", "written"), file.display()));
    Ok(Exit::Clean)
}

/// Tells what is in force.
pub(super) fn run(matches: &ArgMatches, terminal: &Terminal, chosen: Option<(Lang, bool)>) -> Result<Exit, Error> {
    let sinks = sinks::sinks(matches)?;
    let packs = check::packs(matches)?;
    let path = matches.get_one::<PathBuf>("path").map_or(Path::new("."), PathBuf::as_path);
    let origin = |is_option| if is_option { Origin::Option("--lang") } else { Origin::Environment(LANG_VARIABLE) };
    let given = Given {
        profile: environment::chosen_profile(matches),
        select: check::rules_of(matches, "select")?,
        ignore: check::rules_of(matches, "ignore")?,
        fail_on: environment::chosen_fail_on(matches)?,
        lang: chosen.map(|(lang, is_option)| (lang, origin(is_option))),
    };
    if let Some(name) =
        given.profile.as_ref().map(|(name, _)| name).filter(|n| !packs.profiles.contains_key(n.as_str()))
    {
        let message = unknown_profile(&packs, name);
        return Err(Error::new(ErrorKind::Usage, message.it, message.en));
    }
    let settled = settled(&environment::configuration(matches), path, &packs, &given)?;
    let shown = given.in_force(settled.as_ref(), &packs);
    let told = output::Settings {
        path: &path.to_string_lossy().replace('\\', "/"),
        file: settled.as_ref().map(|s| s.config().path()),
        all: &shown,
    };
    for sink in &sinks {
        sink.write(terminal, |painter, out| match sink.format.as_str() {
            "json" => output::settings_json(&told, terminal.lang, out),
            _ => output::settings(&told, terminal.lang, painter, out),
        })?;
    }
    Ok(Exit::Clean)
}

/// What the configuration of a path settles for it, checked as a run would.
fn settled(configuration: &Configuration, path: &Path, packs: &Packs, given: &Given) -> Result<Option<Settled>, Error> {
    let document = document(path);
    let file = match configuration {
        Configuration::None => None,
        Configuration::File(file) => Some(file.clone()),
        Configuration::Found => found(path),
    };
    let config = file.map(|file| Config::read(&file)).transpose()?.map(Arc::new);
    let names_rules = !given.select.is_empty() || !given.ignore.is_empty();
    if let Some(config) = &config {
        config.check_packs(packs)?;
    }
    if names_rules || config.as_ref().is_some_and(|c| c.names_rules()) {
        let book = RuleBook::to_run(packs, None)?;
        for name in given.select.iter().chain(&given.ignore) {
            book.find(name)?;
        }
        config.iter().try_for_each(|config| config.check_rules(&book))?;
    }
    Ok(config.map(|config| config.settle(document.as_deref())))
}
