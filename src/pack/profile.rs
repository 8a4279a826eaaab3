//! Profiles: which rules, severities and parameters change for one sort of body, and why. Each is a file of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::data::{Toml, toml_fault};
use crate::model::{Bilingual, RuleFault, Severity};

/// The folder of profiles beside the packs.
pub(super) const FOLDER: &str = "profili";

/// A profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its name: that of its file.
    pub name: Arc<str>,
    /// The file, a path with `/`.
    pub file: String,
    /// What it says.
    pub says: ProfileFile,
    /// The text of the file, for the places of mistakes.
    pub text: Arc<str>,
    /// Whether it came with the program: its tests have checked it.
    pub is_shipped: bool,
}

/// The file of a profile.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileFile {
    /// What it is called.
    pub title: Bilingual,
    /// For whom it is, and what it rests on.
    pub about: Bilingual,
    /// What it changes.
    #[serde(default, rename = "change")]
    pub changes: Vec<ProfileChange>,
}

/// One change with its reason.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    /// The rules: codes, beginnings of codes, or names.
    pub rules: Vec<String>,
    /// They are not evaluated, unless one is selected by its code or name.
    #[serde(default)]
    pub off: bool,
    /// All their findings have this severity.
    pub severity: Option<Severity>,
    /// Values of their parameters.
    #[serde(default)]
    pub params: BTreeMap<String, Toml>,
    /// Why.
    pub why: Bilingual,
}

impl Profile {
    /// Reads a profile; the mistake, if it cannot be read.
    pub(super) fn parse(name: &str, file: String, text: &str, is_shipped: bool) -> Result<Self, Box<RuleFault>> {
        let says: ProfileFile = toml::from_str(text).map_err(|e| Box::new(toml_fault(&file, text, 0, &e)))?;
        Ok(Self { name: name.into(), file, says, text: text.into(), is_shipped })
    }
}
