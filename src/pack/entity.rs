//! What rules speak of, and what it is called.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{Bilingual, Lang};

/// Something rules speak of.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntitySpec {
    /// Its name (`processo`).
    pub name: Arc<str>,
    /// What an official calls one of them (`processo`).
    pub one: Bilingual,
    /// What an official calls several (`processi`).
    pub many: Bilingual,
    /// Whether its Italian name is feminine («altre 12 domande»).
    #[serde(default)]
    pub feminine: bool,
    /// Fields of which at least one must be there for a row to begin one of these.
    pub key: Vec<Arc<str>>,
    /// Titles of groups of columns that are about it (`Trattamento del rischio`).
    #[serde(default)]
    pub groups: Vec<String>,
    /// How findings call one, first of the templates whose fields are all there (`processo n. {numero}`).
    /// `{row}` is the row in the sheet.
    pub anchors: Vec<AnchorSpec>,
}

impl EntitySpec {
    /// So many of them, in words: `28 processi`.
    pub fn counted(&self, number: usize, lang: Lang) -> String {
        let noun = if number == 1 { &self.one } else { &self.many };
        format!("{number} {}", noun.get(lang))
    }
}

/// How findings call a unit.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnchorSpec {
    /// The template in Italian.
    pub it: String,
    /// The template in English.
    pub en: String,
    /// A field whose text must begin with a digit: `P_02` is no number.
    pub digits: Option<Arc<str>>,
}

impl AnchorSpec {
    /// The template in a language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.it, &self.en)
    }
}
