//! Loading packs: the embedded ones and those of folders.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::catalogue::Catalogue;
use super::data::{position, toml_fault};
use super::pattern::Pattern;
use super::schedule::{Pack, ReadingText, Schedule};
use crate::model::{Basis, Bilingual, Error, ErrorKind, RuleFault};
use crate::text;

/// The longest file of a pack.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// A rule file as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSource {
    /// Path with `/`, for messages (`rules/ptpct/area-rischio-ignota.rhai`).
    pub file: String,
    /// File name without ending: the fault.
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

/// All the packs in force, sorted by kind.
#[derive(Debug, Clone, Default)]
pub struct Packs {
    /// The packs.
    pub packs: Vec<Arc<Pack>>,
    /// Folders that add to packs, not yet joined to them.
    extensions: Vec<Extension>,
}

/// A folder that adds rules, norms, patterns and catalogues to a pack: its `schedule.toml` says `extends`.
#[derive(Debug, Clone)]
struct Extension {
    file: String,
    header: ExtensionHeader,
    catalogues: BTreeMap<String, Catalogue>,
    rules: Vec<RuleSource>,
}

/// The `schedule.toml` of an extension.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtensionHeader {
    extends: Arc<str>,
    #[serde(default)]
    norms: BTreeMap<String, Basis>,
    #[serde(default)]
    patterns: BTreeMap<String, Pattern>,
}

/// The files of one pack folder: name and text.
struct Folder {
    name: String,
    path: String,
    files: BTreeMap<String, String>,
}

impl Packs {
    /// The packs inside the binary. Their names and patterns are checked by the tests, not at every start.
    pub fn embedded() -> Result<Self, Error> {
        let folders = EMBEDDED.dirs().map(|dir| Folder {
            name: file_name(dir.path()),
            path: format!("rules/{}", file_name(dir.path())),
            files: dir.files().filter_map(|f| Some((file_name(f.path()), f.contents_utf8()?.to_owned()))).collect(),
        });
        Self::from_folders(folders, false)
    }

    /// The packs of a folder: its sub-folders that hold a `schedule.toml`, or the folder itself if it does.
    pub fn from_dir(dir: &Path) -> Result<Self, Error> {
        let mut dirs = Vec::new();
        if dir.join("schedule.toml").is_file() {
            dirs.push(dir.to_owned());
        } else {
            let entries = fs::read_dir(dir).map_err(|e| unreadable(dir, e))?;
            for entry in entries {
                let path = entry.map_err(|e| unreadable(dir, e))?.path();
                if path.join("schedule.toml").is_file() {
                    dirs.push(path);
                }
            }
        }
        if dirs.is_empty() {
            return Err(Error::new(
                ErrorKind::Usage,
                "la cartella delle regole non contiene alcun pacchetto: attesa una sottocartella con il file «schedule.toml»",
                "the rules folder holds no pack: expected a sub-folder with a file “schedule.toml”",
            )
            .at(dir));
        }
        dirs.sort();
        let folders = dirs.iter().map(|d| read_folder(d)).collect::<Result<Vec<_>, _>>()?;
        Self::from_folders(folders, true)
    }

    /// These packs and others behind them: of two with one kind the later one replaces the earlier, and folders
    /// that extend a kind add to it.
    ///
    /// # Errors
    ///
    /// An extension of a kind that is not loaded.
    pub fn with(mut self, others: Self) -> Result<Self, Error> {
        for pack in others.packs {
            self.packs.retain(|p| p.schedule.kind != pack.schedule.kind);
            self.packs.push(pack);
        }
        self.packs.sort_by(|a, b| a.schedule.kind.cmp(&b.schedule.kind));
        let extensions = std::mem::take(&mut self.extensions).into_iter().chain(others.extensions);
        for extension in extensions.collect::<Vec<_>>() {
            self.extend(extension)?;
        }
        Ok(self)
    }

    fn extend(&mut self, extension: Extension) -> Result<(), Error> {
        let kinds: Vec<Arc<str>> = self.packs.iter().map(|p| p.schedule.kind.clone()).collect();
        let Some(pack) = self.packs.iter_mut().find(|p| p.schedule.kind == extension.header.extends) else {
            let known: Vec<&str> = kinds.iter().map(AsRef::as_ref).collect();
            let fault = unknown_name(&extension.file, "", ("tipo", "kind"), &extension.header.extends, &known);
            return Err(Error::rules(vec![fault]));
        };
        let pack = Arc::make_mut(pack);
        pack.schedule.norms.extend(extension.header.norms);
        pack.schedule.patterns.extend(extension.header.patterns);
        pack.catalogues.extend(extension.catalogues);
        pack.rules.extend(extension.rules);
        Ok(())
    }

    /// The kinds that these folders describe or add to.
    pub fn kinds(&self) -> impl Iterator<Item = Arc<str>> {
        let extended = self.extensions.iter().map(|e| e.header.extends.clone());
        self.packs.iter().map(|p| p.schedule.kind.clone()).chain(extended)
    }

    /// Whether every folder is a whole pack, and none adds to another.
    pub fn is_whole(&self) -> bool {
        self.extensions.is_empty()
    }

    /// The pack of a kind.
    pub fn get(&self, kind: &str) -> Option<&Arc<Pack>> {
        self.packs.iter().find(|p| &*p.schedule.kind == kind)
    }

    fn from_folders(folders: impl IntoIterator<Item = Folder>, checked: bool) -> Result<Self, Error> {
        let mut faults = Vec::new();
        let mut all = Self::default();
        for folder in folders {
            match load(&folder) {
                Ok(Loaded::Pack(pack)) => {
                    if checked {
                        faults.extend(check_names(&pack, &folder));
                        faults.extend(check_patterns(&pack.schedule, &folder));
                    }
                    all.packs.push(Arc::new(*pack));
                }
                Ok(Loaded::Extension(extension)) => all.extensions.push(extension),
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            return Err(Error::rules(faults));
        }
        all.packs.sort_by(|a, b| a.schedule.kind.cmp(&b.schedule.kind));
        Ok(all)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn unreadable(path: &Path, error: io::Error) -> Error {
    let (it, en) = match error.kind() {
        io::ErrorKind::NotFound => ("la cartella delle regole non esiste", "the rules folder does not exist"),
        io::ErrorKind::NotADirectory => (
            "non è una cartella: indicare quella che contiene le regole",
            "this is no folder: give the one that holds the rules",
        ),
        _ => ("la cartella delle regole non si legge", "the rules folder cannot be read"),
    };
    Error::new(ErrorKind::Usage, it, en).at(path).because(error)
}

/// The text of a file of rules. What is no file (a pipe, a device) would keep whoever reads it waiting.
fn read_file(path: &Path) -> Result<String, Error> {
    let refuse = |it: &str, en: &str| Error::new(ErrorKind::Usage, it, en).at(path);
    if !path.is_file() {
        return Err(refuse(
            "non è un file: toglierlo dalla cartella delle regole",
            "this is no file: take it out of the rules folder",
        ));
    }
    let unread = |e: io::Error| match e.kind() {
        io::ErrorKind::InvalidData => refuse(
            "il testo non è in UTF-8: salvarlo in questa codifica",
            "the text is not in UTF-8: save it in that encoding",
        ),
        _ => refuse("il file delle regole non si legge", "the rules file cannot be read"),
    };
    let mut text = String::new();
    let file = fs::File::open(path).map_err(unread)?;
    file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(unread)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(refuse(
            "il file è troppo grande per contenere regole: il limite è 4 MiB",
            "the file is too large to hold rules: the limit is 4 MiB",
        ));
    }
    Ok(text)
}

fn read_folder(dir: &Path) -> Result<Folder, Error> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir).map_err(|e| unreadable(dir, e))? {
        let path = entry.map_err(|e| unreadable(dir, e))?.path();
        if path.extension().is_some_and(|e| e == "toml" || e == "rhai") {
            let text = read_file(&path)?;
            files.insert(file_name(&path), text);
        }
    }
    Ok(Folder { name: file_name(dir), path: dir.to_string_lossy().replace('\\', "/"), files })
}

/// What a folder holds.
enum Loaded {
    Pack(Box<Pack>),
    Extension(Extension),
}

fn load(folder: &Folder) -> Result<Loaded, Vec<RuleFault>> {
    let mut faults = Vec::new();
    let mut catalogues = BTreeMap::new();
    let mut reading = BTreeMap::new();
    let mut rules = Vec::new();
    let mut schedule = None;
    let mut extension = None;
    for (name, source) in &folder.files {
        let file = format!("{}/{name}", folder.path);
        let mut fault = |e: &toml::de::Error| faults.push(toml_fault(&file, source, 0, e));
        if name == "schedule.toml" && extends(source) {
            extension = toml::from_str::<ExtensionHeader>(source).map_err(|e| fault(&e)).ok();
        } else if name == "schedule.toml" {
            schedule = toml::from_str::<Schedule>(source).map_err(|e| fault(&e)).ok();
        } else if name == "lettura.toml" {
            reading =
                toml::from_str::<BTreeMap<String, ReadingText>>(source).map_err(|e| fault(&e)).unwrap_or_default();
        } else if let Some(stem) = name.strip_suffix(".toml") {
            let read = Catalogue::parse(source).map_err(|e| fault(&e));
            catalogues.extend(read.map(|c| (stem.to_owned(), c)));
        } else if let Some(stem) = name.strip_suffix(".rhai") {
            rules.push(RuleSource { file, name: stem.into(), text: source.as_str().into() });
        }
    }
    let file = format!("{}/schedule.toml", folder.path);
    match (schedule, extension) {
        _ if !faults.is_empty() => Err(faults),
        (Some(schedule), _) => {
            let name = folder.name.as_str().into();
            Ok(Loaded::Pack(Box::new(Pack { name, schedule, catalogues, reading, rules })))
        }
        (None, Some(header)) => Ok(Loaded::Extension(Extension { file, header, catalogues, rules })),
        (None, None) => Err(faults),
    }
}

/// Whether a `schedule.toml` adds to a kind instead of describing one.
fn extends(source: &str) -> bool {
    source.lines().any(|l| l.split_once('=').is_some_and(|(key, _)| key.trim() == "extends"))
}

/// Patterns that do not compile.
fn check_patterns(schedule: &Schedule, folder: &Folder) -> Vec<RuleFault> {
    let source = folder.files.get("schedule.toml").map_or("", String::as_str);
    let named = schedule.patterns.values().chain(schedule.head.values().filter_map(|h| h.pattern.as_ref()));
    let others = schedule.fields.iter().filter_map(|f| f.parts.as_ref());
    let splits = schedule.register.split.iter().map(|s| &s.pattern);
    let wrong = named.chain(others).chain(splits).filter_map(|p| Some((p, p.check().err()?)));
    wrong
        .map(|(pattern, reason)| {
            let (line, column) = position(source, source.find(pattern.as_str()).unwrap_or(0));
            let file = format!("{}/schedule.toml", folder.path);
            let it = format!("lo schema «{pattern}» non è un'espressione regolare valida: {reason}");
            let en = format!("the pattern “{pattern}” is no valid regular expression: {reason}");
            RuleFault { file, line, column, message: Bilingual::new(it, en) }
        })
        .collect()
}

/// Names in a schedule that refer to nothing.
fn check_names(pack: &Pack, folder: &Folder) -> Vec<RuleFault> {
    let schedule = &pack.schedule;
    let source = folder.files.get("schedule.toml").map_or("", String::as_str);
    let fields: Vec<&str> = schedule.fields.iter().map(|f| &*f.name).collect();
    let entities: Vec<&str> = schedule.entities.iter().map(|e| &*e.name).collect();
    let patterns: Vec<&str> = schedule.patterns.keys().map(String::as_str).collect();
    let mut faults = Vec::new();
    let mut check = |what: (&str, &str), name: &str, known: &[&str]| {
        if !known.contains(&name) {
            faults.push(unknown_name(&format!("{}/schedule.toml", folder.path), source, what, name, known));
        }
    };
    for field in &schedule.fields {
        check(("entità", "entity"), &field.entity, &entities);
        field.content.iter().chain(&field.against).for_each(|p| check(("schema", "pattern"), p, &patterns));
    }
    for entity in &schedule.entities {
        entity.key.iter().for_each(|f| check(("campo", "field"), f, &fields));
    }
    for field in schedule.recognition.minimum.iter().flatten() {
        check(("campo", "field"), field, &fields);
    }
    let register = &schedule.register;
    register.skip.iter().for_each(|p| check(("schema", "pattern"), p, &patterns));
    let pairs = register.exchange.iter().flat_map(|e| [&e.named, &e.read_as]);
    let fields_named = register.subtitles.iter().chain(&register.fill);
    let named = fields_named.chain(register.split.iter().map(|s| &s.field)).chain(pairs);
    named.for_each(|f| check(("campo", "field"), f, &fields));
    faults
}

fn unknown_name(file: &str, source: &str, what: (&str, &str), name: &str, known: &[&str]) -> RuleFault {
    let at = source.find(&format!("\"{name}\"")).map_or(0, |i| i + 1);
    let (line, column) = position(source, at);
    let (mut it, mut en) = (format!("{} «{name}» sconosciuto", what.0), format!("unknown {} “{name}”", what.1));
    if let Some(near) = text::closest(name, known.iter().copied()) {
        let _ = write!(it, "; forse «{near}»");
        let _ = write!(en, "; did you mean “{near}”?");
    }
    RuleFault { file: file.to_owned(), line, column, message: Bilingual::new(it, en) }
}
