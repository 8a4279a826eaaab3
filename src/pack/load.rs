//! Loading packs: the embedded ones and those of folders.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use schemars::JsonSchema;
use serde::Deserialize;

use super::catalogue::Catalogue;
use super::data::toml_fault;
use super::folder::{self, Folder, file_name, profile_files, read_folder, stray_rule, unreadable};
use super::given::GivenSpec;
use super::names::{
    Checked, check_against_form, check_behaviours, check_form, check_norms, check_schedule, patterns_mut,
};
use super::pattern::Pattern;
use super::profile::{self, Profile};
use super::schedule::{Pack, ReadingText, Schedule};
use crate::model::{Basis, Bilingual, Error, ErrorKind, RuleFault};

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
    /// Whether the program came with it: its tests have compiled the rule and run the examples.
    pub is_shipped: bool,
}

/// All the packs in force, sorted by kind.
#[derive(Debug, Clone, Default)]
pub struct Packs {
    /// The packs.
    pub packs: Vec<Arc<Pack>>,
    /// The profiles, by name.
    pub profiles: BTreeMap<Arc<str>, Arc<Profile>>,
    /// Folders that add to packs, not yet joined to them.
    extensions: Vec<Extension>,
}

/// A folder that adds rules, norms, patterns, catalogues and reading notes to a pack: its `schedule.toml` says `extends`.
#[derive(Debug, Clone)]
struct Extension {
    path: String,
    /// Its `schedule.toml` and `lettura.toml` as text, for the places of faults.
    source: String,
    notes: String,
    header: ExtensionHeader,
    catalogues: BTreeMap<String, Catalogue>,
    reading: BTreeMap<String, ReadingText>,
    rules: Vec<RuleSource>,
}

/// The `schedule.toml` of an extension.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtensionHeader {
    extends: Arc<str>,
    #[serde(default)]
    norms: BTreeMap<String, Basis>,
    #[serde(default)]
    patterns: BTreeMap<String, Pattern>,
}

impl Packs {
    /// The packs inside the binary. Their names and patterns are checked by the tests, not at every start.
    pub fn embedded() -> Result<Self, Error> {
        let is_pack = |dir: &&Dir<'_>| file_name(dir.path()) != profile::FOLDER;
        let folders = EMBEDDED.dirs().filter(is_pack).map(|dir| Folder {
            name: file_name(dir.path()),
            path: format!("rules/{}", file_name(dir.path())),
            files: dir.files().filter_map(|f| Some((file_name(f.path()), f.contents_utf8()?.to_owned()))).collect(),
        });
        let profiles = EMBEDDED.dirs().find(|dir| file_name(dir.path()) == profile::FOLDER);
        let profiles = profiles.into_iter().flat_map(Dir::files);
        let profiles = profiles.filter_map(|f| Some((file_name(f.path()), f.contents_utf8()?.to_owned())));
        let mut all = Self::from_folders(folders, false)?;
        all.profiles = profiles_of("rules", profiles, true).map_err(Error::rules)?;
        Ok(all)
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
                } else if let Some(rule) = stray_rule(&path) {
                    return Err(Error::new(
                        ErrorKind::Usage,
                        "la regola non è di alcun pacchetto: accanto deve stare il file «schedule.toml» che dice di quale scheda è",
                        "the rule is of no pack: beside it the file “schedule.toml” must say of which schedule it is",
                    )
                    .at(&rule));
                }
            }
        }
        let profiles = profile_files(dir)?;
        if dirs.is_empty() && profiles.is_empty() {
            return Err(Error::new(
                ErrorKind::Usage,
                "la cartella delle regole non contiene alcun pacchetto: attesa una sottocartella con il file «schedule.toml»",
                "the rules folder holds no pack: expected a sub-folder with a file “schedule.toml”",
            )
            .at(dir));
        }
        dirs.sort();
        let folders = dirs.iter().map(|d| read_folder(d)).collect::<Result<Vec<_>, _>>()?;
        let mut all = Self::from_folders(folders, true)?;
        let path = dir.to_string_lossy().replace('\\', "/");
        all.profiles = profiles_of(&path, profiles.into_iter(), false).map_err(Error::rules)?;
        Ok(all)
    }

    /// These packs and others behind them: of two with one kind the later one replaces the earlier, and folders
    /// that extend a kind add to the one that is left, in whatever order they come.
    ///
    /// # Errors
    ///
    /// An extension of a kind that is not loaded.
    pub fn with(mut self, others: impl IntoIterator<Item = Self>) -> Result<Self, Error> {
        let mut extensions = std::mem::take(&mut self.extensions);
        for other in others {
            for pack in other.packs {
                self.packs.retain(|p| p.schedule.kind != pack.schedule.kind);
                self.packs.push(pack);
            }
            extensions.extend(other.extensions);
            self.profiles.extend(other.profiles);
        }
        self.packs.sort_by(|a, b| a.schedule.kind.cmp(&b.schedule.kind));
        for extension in extensions {
            self.extend(extension)?;
        }
        Ok(self)
    }

    fn extend(&mut self, extension: Extension) -> Result<(), Error> {
        let kinds: Vec<Arc<str>> = self.packs.iter().map(|p| p.schedule.kind.clone()).collect();
        let Some(pack) = self.packs.iter_mut().find(|p| p.schedule.kind == extension.header.extends) else {
            let known: Vec<&str> = kinds.iter().map(AsRef::as_ref).collect();
            let mut file = Checked::new(format!("{}/schedule.toml", extension.path), &extension.source);
            let what = ("tipo di scheda sconosciuto", "unknown kind");
            file.known("extends", what, &extension.header.extends, &known);
            return Err(Error::rules(file.faults));
        };
        let mut faults = extension.taken(pack);
        faults.extend(extension.norms_named(pack));
        if !faults.is_empty() {
            return Err(Error::rules(faults));
        }
        let pack = Arc::make_mut(pack);
        pack.schedule.norms.extend(extension.header.norms);
        pack.schedule.patterns.extend(extension.header.patterns);
        // A list that a body can give may come from the folder all the same.
        for (name, own) in extension.catalogues {
            let spec = pack.schedule.catalogues.get(&name).cloned();
            let own = match spec {
                Some(spec) => own.givable(spec),
                None => own,
            };
            pack.catalogues.insert(name, own);
        }
        pack.reading.extend(extension.reading);
        pack.rules.extend(extension.rules);
        Ok(())
    }

    /// The files of all rules, those of folders that add to a pack too.
    pub fn rule_files(&self) -> impl Iterator<Item = &str> {
        let added = self.extensions.iter().flat_map(|e| &e.rules);
        self.packs.iter().flat_map(|p| &p.rules).chain(added).map(|r| r.file.as_str())
    }

    /// The kinds of its packs, and those that its folders add to.
    pub fn kinds(&self) -> impl Iterator<Item = String> {
        let added = self.extensions.iter().map(|e| e.header.extends.to_string());
        self.packs.iter().map(|p| p.schedule.kind.to_string()).chain(added)
    }

    /// The files that [`from_dir`](Self::from_dir) reads.
    pub fn files(dir: &Path) -> Vec<PathBuf> {
        folder::files(dir)
    }

    /// The pack of a kind.
    pub fn get(&self, kind: &str) -> Option<&Arc<Pack>> {
        self.packs.iter().find(|p| &*p.schedule.kind == kind)
    }

    fn from_folders(folders: impl IntoIterator<Item = Folder>, checked: bool) -> Result<Self, Error> {
        let mut faults = Vec::new();
        let mut all = Self::default();
        let mut patterns = HashMap::new();
        for folder in folders {
            match load(&folder, !checked) {
                Ok(Loaded::Pack(mut pack)) => {
                    patterns_mut(&mut pack.schedule).for_each(|p| p.share(&mut patterns));
                    if checked {
                        faults.extend(check_pack(&pack, &folder));
                        faults.extend(all.packs.iter().filter_map(|other| same_kind(other, &pack, &folder)));
                    }
                    all.packs.push(Arc::new(*pack));
                }
                Ok(Loaded::Extension(extension)) => {
                    faults.extend(extension.check());
                    all.extensions.push(extension);
                }
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

/// The profiles of a folder of packs, from the names and texts of their files.
fn profiles_of(
    folder: &str,
    files: impl Iterator<Item = (String, String)>,
    is_shipped: bool,
) -> Result<BTreeMap<Arc<str>, Arc<Profile>>, Vec<RuleFault>> {
    let (mut profiles, mut faults) = (BTreeMap::new(), Vec::new());
    for (name, text) in files {
        let Some(stem) = name.strip_suffix(".toml") else { continue };
        match Profile::parse(stem, format!("{folder}/{}/{name}", profile::FOLDER), &text, is_shipped) {
            Ok(profile) => drop(profiles.insert(profile.name.clone(), Arc::new(profile))),
            Err(fault) => faults.push(*fault),
        }
    }
    if faults.is_empty() { Ok(profiles) } else { Err(faults) }
}

/// What a folder holds.
enum Loaded {
    Pack(Box<Pack>),
    Extension(Extension),
}

fn load(folder: &Folder, is_shipped: bool) -> Result<Loaded, Vec<RuleFault>> {
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
            rules.push(RuleSource { file, name: stem.into(), text: source.as_str().into(), is_shipped });
        }
    }
    match (schedule, extension) {
        _ if !faults.is_empty() => Err(faults),
        (Some(schedule), _) => {
            let name = folder.name.as_str().into();
            openable(&mut catalogues, &schedule.catalogues);
            Ok(Loaded::Pack(Box::new(Pack { name, schedule, catalogues, reading, rules })))
        }
        (None, Some(header)) => {
            let text = |name: &str| folder.files.get(name).cloned().unwrap_or_default();
            let (path, source, notes) = (folder.path.clone(), text("schedule.toml"), text("lettura.toml"));
            Ok(Loaded::Extension(Extension { path, source, notes, header, catalogues, reading, rules }))
        }
        (None, None) => Err(faults),
    }
}

/// Makes the catalogues that a body may give.
fn openable(catalogues: &mut BTreeMap<String, Catalogue>, specs: &BTreeMap<String, Arc<GivenSpec>>) {
    for (name, spec) in specs {
        let own = catalogues.remove(name);
        let made = own.map_or_else(|| Catalogue::open(spec.clone()), |own| own.givable(spec.clone()));
        catalogues.insert(name.clone(), made);
    }
}

/// Whether a `schedule.toml` adds to a kind instead of describing one.
fn extends(source: &str) -> bool {
    source.lines().any(|l| l.split_once('=').is_some_and(|(key, _)| key.trim() == "extends"))
}

/// Patterns that do not compile and names that refer to nothing, in all files of a pack but its rules.
fn check_pack(pack: &Pack, folder: &Folder) -> Vec<RuleFault> {
    let mut file = folder.checked("schedule.toml");
    check_schedule(&mut file, pack);
    let mut faults = Vec::new();
    let named =
        pack.schedule.questionnaire.as_ref().map(|q| &q.form).or(pack.schedule.counts.as_ref().map(|c| &c.form));
    if let (Some(name), Some(form)) = (named, pack.form()) {
        check_against_form(&mut file, &pack.schedule, form);
        let mut rows = folder.checked(&format!("{name}.toml"));
        check_form(&mut rows, &pack.schedule, form);
        faults.extend(rows.faults);
    }
    let mut notes = folder.checked("lettura.toml");
    check_behaviours(&mut notes, pack.reading.keys());
    faults.extend(file.faults);
    faults.extend(notes.faults);
    faults
}

/// Two folders beside each other that describe one kind: one of them would have no effect.
fn same_kind(other: &Pack, pack: &Pack, folder: &Folder) -> Option<RuleFault> {
    let kind = &pack.schedule.kind;
    let mut file = folder.checked("schedule.toml");
    let message = Bilingual::new(
        format!("il tipo di scheda «{kind}» è già della cartella «{}»", other.name),
        format!("the kind “{kind}” is that of the folder “{}” already", other.name),
    );
    file.fault("kind", &[format!("\"{kind}\"")], message);
    file.faults.pop().filter(|_| other.schedule.kind == *kind)
}

impl Extension {
    /// Patterns that do not compile, and reading notes that there are none of.
    fn check(&self) -> Vec<RuleFault> {
        let mut file = Checked::new(format!("{}/schedule.toml", self.path), &self.source);
        file.patterns(self.header.patterns.values());
        let mut notes = Checked::new(format!("{}/lettura.toml", self.path), &self.notes);
        check_behaviours(&mut notes, self.reading.keys());
        file.faults.into_iter().chain(notes.faults).collect()
    }

    /// Norms that its norms name beside them, of the pack or its own.
    fn norms_named(&self, pack: &Pack) -> Vec<RuleFault> {
        let mut file = Checked::new(format!("{}/schedule.toml", self.path), &self.source);
        let own = self.header.norms.keys().chain(pack.schedule.norms.keys());
        let known: Vec<&str> = own.map(String::as_str).collect();
        check_norms(&mut file, &self.header.norms, &known);
        file.faults
    }

    /// Names that the pack has already: an extension adds, it does not replace.
    fn taken(&self, pack: &Pack) -> Vec<RuleFault> {
        let taken = |it: &str, en: &str, name: &str| {
            let kind = &pack.schedule.kind;
            Bilingual::new(
                format!("{it} «{name}» c'è già in «{kind}»: darvi un altro nome"),
                format!("the {en} “{name}” is in “{kind}” already: give it another name"),
            )
        };
        let mut file = Checked::new(format!("{}/schedule.toml", self.path), &self.source);
        for name in self.header.norms.keys().filter(|n| pack.schedule.norms.contains_key(*n)) {
            file.fault(name, &[format!("norms.{name}"), name.clone()], taken("la norma", "norm", name));
        }
        for name in self.header.patterns.keys().filter(|n| pack.schedule.patterns.contains_key(*n)) {
            file.fault(name, std::slice::from_ref(name), taken("lo schema", "pattern", name));
        }
        let mut faults = file.faults;
        let mut notes = Checked::new(format!("{}/lettura.toml", self.path), &self.notes);
        for name in self.reading.keys().filter(|n| pack.reading.contains_key(*n)) {
            notes.fault("", &[format!("[{name}]")], taken("la nota di lettura", "reading note", name));
        }
        faults.extend(notes.faults);
        let whole = |file: String, message| RuleFault { file, line: 1, column: 1, message };
        let is_taken = |name: &&String| pack.catalogues.get(*name).is_some_and(|own| own.wanted().is_none());
        for name in self.catalogues.keys().filter(is_taken) {
            faults.push(whole(format!("{}/{name}.toml", self.path), taken("il catalogo", "catalogue", name)));
        }
        for rule in self.rules.iter().filter(|r| pack.rules.iter().any(|o| o.name == r.name)) {
            faults.push(whole(rule.file.clone(), taken("la regola", "rule", &rule.name)));
        }
        faults
    }
}
