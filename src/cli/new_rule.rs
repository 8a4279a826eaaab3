//! `riscontro rules new`: a rule file to be completed.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use riscontro::engine::{free_code, template};
use riscontro::model::ErrorKind;
use riscontro::output;
use riscontro::pack::Packs;
use riscontro::{Error, package, text};

use super::exit::Exit;
use super::terminal::Terminal;

/// The folder of the packs where none is named.
const FOLDER: &str = "rules";

/// Writes the file; `before` is the folder named before the command's own word.
pub(super) fn run(matches: &ArgMatches, before: Option<&PathBuf>, terminal: &Terminal) -> Result<Exit, Error> {
    let asked = matches.get_one::<String>("name").map(String::as_str).unwrap_or_default();
    let dir = matches.get_one::<PathBuf>("rules").or(before).cloned().unwrap_or_else(|| FOLDER.into());
    let (pack, name) = named(asked)?;
    package::nameable(&format!("{name}.rhai"))?;
    let folder = dir.join(pack);
    let kind = spare(&dir, &folder, (pack, name))?;
    fs::create_dir_all(&folder).map_err(|e| {
        let (it, en) = ("la cartella non si può creare", "the folder cannot be made");
        Error::new(ErrorKind::Usage, it, en).because(e).at(&folder)
    })?;
    let schedule = folder.join("schedule.toml");
    if !schedule.exists() {
        package::write_atomic(&schedule, extension(&kind).as_bytes()).map_err(|e| e.at(&schedule))?;
    }
    let embedded = Packs::embedded()?;
    let packs = in_force(&dir)?;
    let found = packs.get(&kind).ok_or_else(|| unknown_pack(pack, &packs, &folder))?;
    // The body's own norms first: they are why it writes rules of its own.
    let is_own = |norm: &&str| embedded.get(&kind).is_none_or(|p| !p.schedule.norms.contains_key(*norm));
    let (mut norms, others): (Vec<&str>, Vec<&str>) = found.schedule.norms.keys().map(String::as_str).partition(is_own);
    norms.extend(others);
    let own = format!("{}/", folder.to_string_lossy().replace('\\', "/"));
    let file = folder.join(format!("{name}.rhai"));
    let text = template(found, &free_code(&packs, &own), &norms, terminal.lang);
    package::write_atomic(&file, text.as_bytes()).map_err(|e| e.at(&file))?;
    tell(&file, &dir, terminal)?;
    Ok(Exit::Clean)
}

/// The kind of schedule that a rule is to be of; an error if there is none, or if the rule is there already.
fn spare(dir: &Path, folder: &Path, (pack, name): (&str, &str)) -> Result<String, Error> {
    let packs = in_force(dir)?;
    let own = if folder.join("schedule.toml").is_file() { Packs::from_dir(folder)?.kinds().next() } else { None };
    let known = || packs.packs.iter().find(|p| *p.schedule.kind == *pack || *p.name == *pack);
    let kind = own.or_else(|| known().map(|p| p.schedule.kind.to_string()));
    let found = kind.as_deref().and_then(|kind| packs.get(kind)).ok_or_else(|| unknown_pack(pack, &packs, folder))?;
    let file = folder.join(format!("{name}.rhai"));
    if file.exists() || found.rules.iter().any(|rule| *rule.name == *name) {
        return Err(wrong(
            format!("la regola «{pack}/{name}» c'è già: darle un altro nome"),
            format!("there is a rule “{pack}/{name}” already: give it another name"),
        )
        .at(if file.exists() { &file } else { folder }));
    }
    Ok(found.schedule.kind.to_string())
}

/// What a folder needs to add rules to a shipped pack, with a norm to rest them on.
fn extension(kind: &str) -> String {
    format!(
        "extends = \"{kind}\"\n\n[norms.regole-dell-ente]\nit = \"regole dell'ente\"\nen = \"the body's own rules\"\ncertainty = \"unverified\"   # verified: the text itself was read\n"
    )
}

/// The file on stdout, for other programs; what to do with it beside.
fn tell(file: &Path, dir: &Path, terminal: &Terminal) -> Result<(), Error> {
    let line = output::one_line(&file.display().to_string());
    terminal.stdout(|_, out| writeln!(out, "{line}")).map_err(|e| {
        Error::new(ErrorKind::Usage, "il risultato non si può scrivere", "the result cannot be written").because(e)
    })?;
    let dir = dir.display();
    terminal.say(&terminal.pick(
        format!("Completare ciò che sta fra «<compilare: …>», poi: riscontro test {dir}"),
        format!("Complete what stands between “<fill in: …>”, then: riscontro test {dir}"),
    ));
    Ok(())
}

/// Pack and name of a rule as asked.
fn named(asked: &str) -> Result<(&str, &str), Error> {
    let Some((pack, name)) = asked.split_once('/').filter(|(pack, name)| !pack.is_empty() && !name.is_empty()) else {
        return Err(wrong(
            format!("«{asked}» non dice la scheda e il difetto: scrivere, per esempio, ptpct/nome-del-difetto"),
            format!("“{asked}” does not tell schedule and fault: write, say, ptpct/name-of-the-fault"),
        ));
    };
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !pack.split(['-', '_']).all(is_word) || !name.split('-').all(is_word) {
        let plain = |text: &str| text::words(text).split_whitespace().collect::<Vec<_>>().join("-");
        let guess = match (plain(pack), plain(name)) {
            (pack, name) if pack.is_empty() || name.is_empty() => (String::new(), String::new()),
            (pack, name) => (format!("; per esempio «{pack}/{name}»"), format!("; say “{pack}/{name}”")),
        };
        return Err(wrong(
            format!("«{asked}» non è un nome di regola: parole minuscole senza accenti, unite da trattini{}", guess.0),
            format!("“{asked}” is no name of a rule: lower-case words without accents, joined by hyphens{}", guess.1),
        ));
    }
    Ok((pack, name))
}

/// All packs in force with those of the folder.
fn in_force(dir: &Path) -> Result<Packs, Error> {
    let packs = Packs::embedded()?;
    if has_packs(dir) { packs.with([Packs::from_dir(dir)?]) } else { Ok(packs) }
}

/// Whether a folder holds packs, or is one.
fn has_packs(dir: &Path) -> bool {
    let below = || fs::read_dir(dir).into_iter().flatten().filter_map(|e| Some(e.ok()?.path()));
    dir.join("schedule.toml").is_file() || below().any(|p| p.join("schedule.toml").is_file())
}

fn unknown_pack(pack: &str, packs: &Packs, folder: &Path) -> Error {
    let kinds: Vec<&str> = packs.packs.iter().map(|p| &*p.schedule.kind).collect();
    let known = kinds.join(", ");
    let (it, en) = match text::closest(pack, kinds.iter().copied()) {
        Some(near) => (format!("; forse «{near}»"), format!("; did you mean “{near}”?")),
        None => (format!(": ci sono {known}"), format!(": there are {known}")),
    };
    wrong(
        format!("nessuna scheda si chiama «{pack}»{it}. Per una scheda nuova occorre prima il suo «schedule.toml»"),
        format!("no schedule is called “{pack}”{en}. A new schedule needs its “schedule.toml” first"),
    )
    .at(folder)
}

fn wrong(it: String, en: String) -> Error {
    Error::new(ErrorKind::Usage, it, en)
}
