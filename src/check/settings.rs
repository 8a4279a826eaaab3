//! The options that hold for each document: those of the run, and what its `riscontro.toml` adds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::options::{Configuration, Options};
use super::walk::{Input, What};
use crate::config::{Config, FailOn, Finder, Settled, unknown_profile};
use crate::engine::{Change, Overrides, RuleBook, left_out};
use crate::model::{Error, ErrorKind, Severity};
use crate::package;
use crate::recognise::Recogniser;

/// Options with a number of their own, by which compiled rules are kept.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) id: usize,
    pub(super) options: Options,
    /// The configuration they come from.
    file: Option<PathBuf>,
    /// The packs made ready to be recognised, when the first document needs them.
    recogniser: OnceLock<Recogniser>,
}

impl Setting {
    /// The options of a run as they are.
    pub(super) fn plain(options: &Options) -> Result<Self, Error> {
        Ok(Self::new(0, configured(options, None)?, None))
    }

    fn new(id: usize, options: Options, file: Option<PathBuf>) -> Self {
        Self { id, options, file, recogniser: OnceLock::new() }
    }

    /// What recognises the kinds of the options.
    pub(super) fn recogniser(&self) -> &Recogniser {
        self.recogniser.get_or_init(|| Recogniser::new(&self.options.packs))
    }

    /// The least severity that makes the run fail; `None` for never.
    pub(super) fn threshold(&self) -> Option<Severity> {
        self.options.fail_on.unwrap_or(FailOn::Errore).least()
    }
}

/// The options of a run with what a configuration settles for some documents, and the profile that holds for them.
fn configured(options: &Options, settled: Option<&Settled>) -> Result<Options, Error> {
    let mut options = options.clone();
    let mut overrides = Overrides::default();
    let name = options.profile.as_deref().or(settled.and_then(Settled::profile));
    if let Some(name) = name {
        let Some(profile) = options.packs.profiles.get(name) else {
            let message = unknown_profile(&options.packs, name);
            return Err(Error::new(ErrorKind::Usage, message.it, message.en));
        };
        overrides.changes.push(Change::from(&**profile));
        options.selection.off = left_out(profile);
    }
    if let Some(settled) = settled {
        settled.add_to(&mut overrides);
        if settled.adds() {
            options.packs = Arc::new(settled.apply(&options.packs));
        }
        let selection = &mut options.selection;
        // Who names rules on the command line wants these, whatever the file leaves out.
        if selection.ignore.is_empty() && selection.select.is_empty() {
            selection.ignore = settled.ignore().to_vec();
        }
        if selection.select.is_empty() {
            selection.select = settled.select().to_vec();
        }
        options.fail_on = options.fail_on.or(settled.fail_on());
    }
    overrides.changes.append(&mut options.overrides.changes);
    overrides.declared.extend(std::mem::take(&mut options.overrides.declared));
    options.overrides = overrides;
    Ok(options)
}

/// The settings of a run, and which of them holds for each input.
pub(super) struct Settings {
    all: Vec<Setting>,
    of: Vec<usize>,
    /// The configurations that were read, in the order of the inputs.
    pub(super) files: Vec<PathBuf>,
}

/// The configurations read so far, each checked against packs and rules.
struct Configs<'a> {
    options: &'a Options,
    read: BTreeMap<PathBuf, Arc<Config>>,
    /// All rules, where a configuration names some.
    book: Option<RuleBook>,
}

impl Configs<'_> {
    fn get(&mut self, path: &Path) -> Result<Arc<Config>, Error> {
        if let Some(known) = self.read.get(path) {
            return Ok(Arc::clone(known));
        }
        let config = Arc::new(Config::read(path)?);
        config.check_packs(&self.options.packs)?;
        if config.names_rules() {
            let book = match self.book.take() {
                Some(book) => book,
                None => RuleBook::to_run(&self.options.packs, None)?,
            };
            config.check_rules(&book)?;
            self.book = Some(book);
        }
        self.read.insert(path.to_owned(), Arc::clone(&config));
        Ok(config)
    }
}

impl Settings {
    /// The settings for some inputs. Every configuration is read and applied here: a mistake in one stops the run
    /// before any document is checked.
    pub(super) fn of(inputs: &[Input], options: &Options) -> Result<Self, Error> {
        let mut settings = Self { all: vec![Setting::plain(options)?], of: Vec::new(), files: Vec::new() };
        let mut configs = Configs { options, read: BTreeMap::new(), book: None };
        let mut known: BTreeMap<(PathBuf, Vec<usize>), usize> = BTreeMap::new();
        let mut finder = Finder::default();
        for input in inputs {
            let file = if let What::Check(file) = &input.what { Some(file.identity.as_path()) } else { None };
            let path = match (&options.configuration, file) {
                (Configuration::File(path), _) => Some(path.clone()),
                (Configuration::Found, Some(file)) => finder.of(file),
                _ => None,
            };
            let id = match path {
                None => 0,
                Some(path) => {
                    let settled = configs.get(&path)?.settle(file);
                    let key = (path, settled.paths().to_vec());
                    if let Some(id) = known.get(&key) {
                        *id
                    } else {
                        let id = settings.add(&settled, options)?;
                        known.insert(key, id);
                        id
                    }
                }
            };
            settings.of.push(id);
        }
        Ok(settings)
    }

    /// The setting of a document that is no file: of configurations only one that is named can hold for it.
    pub(super) fn without_file(options: &Options) -> Result<Setting, Error> {
        let Configuration::File(path) = &options.configuration else { return Setting::plain(options) };
        let settled = Configs { options, read: BTreeMap::new(), book: None }.get(path)?.settle(None);
        Ok(Setting::new(0, configured(options, Some(&settled))?, Some(path.clone())))
    }

    /// The setting of a file that is yet to be written.
    pub(super) fn of_new(file: &Path, options: &Options) -> Result<Setting, Error> {
        let meant = package::meant(file);
        let path = match &options.configuration {
            Configuration::None => None,
            Configuration::File(path) => Some(path.clone()),
            Configuration::Found => Finder::default().of(&meant),
        };
        let Some(path) = path else { return Setting::plain(options) };
        let settled = Configs { options, read: BTreeMap::new(), book: None }.get(&path)?.settle(Some(&meant));
        Ok(Setting::new(0, configured(options, Some(&settled))?, Some(path)))
    }

    fn add(&mut self, settled: &Settled, options: &Options) -> Result<usize, Error> {
        let id = self.all.len();
        let file = settled.config().path().to_owned();
        self.all.push(Setting::new(id, configured(options, Some(settled))?, Some(file.clone())));
        if !self.files.contains(&file) {
            self.files.push(file);
        }
        Ok(id)
    }

    /// The setting of an input by its position.
    pub(super) fn get(&self, input: usize) -> Option<&Setting> {
        self.all.get(*self.of.get(input)?)
    }

    /// The settings that come from configurations, with their files.
    pub(super) fn configured(&self) -> impl Iterator<Item = (&Setting, &Path)> {
        self.all.iter().filter_map(|setting| Some((setting, setting.file.as_deref()?)))
    }
}
