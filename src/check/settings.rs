//! The options that hold for each document: those of the run, and what its `riscontro.toml` adds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::options::{Configuration, Options};
use super::walk::{Input, What};
use crate::config::{Config, Finder};
use crate::model::Error;
use crate::recognise::Recogniser;

/// Options with a number of their own, by which compiled rules are kept.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) id: usize,
    pub(super) options: Options,
    /// The packs made ready to be recognised, when the first document needs them.
    recogniser: OnceLock<Recogniser>,
}

impl Setting {
    /// The options of a run as they are.
    pub(super) fn plain(options: &Options) -> Self {
        Self::new(0, options.clone())
    }

    fn new(id: usize, options: Options) -> Self {
        Self { id, options, recogniser: OnceLock::new() }
    }

    /// What recognises the kinds of the options.
    pub(super) fn recogniser(&self) -> &Recogniser {
        self.recogniser.get_or_init(|| Recogniser::new(&self.options.packs))
    }
}

/// The settings of a run, and which of them holds for each input.
pub(super) struct Settings {
    all: Vec<Setting>,
    of: Vec<usize>,
    /// The configurations that were read, in the order of the inputs.
    pub(super) files: Vec<PathBuf>,
}

impl Settings {
    /// The settings for some inputs. Every configuration is read and applied here: a mistake in one stops the run
    /// before any document is checked.
    pub(super) fn of(inputs: &[Input], options: &Options) -> Result<Self, Error> {
        let mut settings = Self { all: vec![Setting::plain(options)], of: Vec::new(), files: Vec::new() };
        let mut known: BTreeMap<PathBuf, usize> = BTreeMap::new();
        let mut finder = Finder::default();
        for input in inputs {
            let path = match (&options.configuration, &input.what) {
                (Configuration::File(path), _) => Some(path.clone()),
                (Configuration::Found, What::Check(file)) => finder.of(&file.identity),
                (Configuration::None, _) | (_, What::Skip(_) | What::Refuse(_)) => None,
            };
            let id = match path.as_ref().map(|path| (path, known.get(path))) {
                None => 0,
                Some((_, Some(id))) => *id,
                Some((path, None)) => {
                    let id = settings.add(path, options)?;
                    known.insert(path.clone(), id);
                    id
                }
            };
            settings.of.push(id);
        }
        Ok(settings)
    }

    /// The setting of a document that is no file: of configurations only one that is named can hold for it.
    pub(super) fn without_file(options: &Options) -> Result<Setting, Error> {
        let plain = Setting::plain(options);
        let Configuration::File(path) = &options.configuration else { return Ok(plain) };
        let mut settings = Self { all: Vec::new(), of: Vec::new(), files: Vec::new() };
        settings.add(path, options)?;
        Ok(settings.all.pop().unwrap_or(plain))
    }

    fn add(&mut self, path: &Path, options: &Options) -> Result<usize, Error> {
        let config = Config::read(path)?;
        let id = self.all.len();
        let mut options = options.clone();
        if config.adds() {
            options.packs = Arc::new(config.apply(&options.packs)?);
        }
        let selection = &mut options.selection;
        // Who names rules on the command line wants these, whatever the file leaves out.
        if selection.ignore.is_empty() && selection.select.is_empty() {
            selection.ignore = config.ignore().to_vec();
        }
        if selection.select.is_empty() {
            selection.select = config.select().to_vec();
        }
        self.all.push(Setting::new(id, options));
        self.files.push(config.path().to_owned());
        Ok(id)
    }

    /// The setting of an input by its position.
    pub(super) fn get(&self, input: usize) -> Option<&Setting> {
        self.all.get(*self.of.get(input)?)
    }

    /// The settings that come from configurations, with their files.
    pub(super) fn configured(&self) -> impl Iterator<Item = (&Setting, &Path)> {
        self.all.iter().skip(1).zip(self.files.iter().map(PathBuf::as_path))
    }
}
