//! What a pack says of how its tables are known.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::Bilingual;

/// When a table is of this kind.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Recognition {
    /// Words in sheet names that speak for this kind, a hint among others.
    pub sheets: Vec<String>,
    /// Words in titles above the table that speak for this kind.
    pub titles: Vec<String>,
    /// Sets of fields: a table must have all fields of at least one set.
    pub minimum: Vec<Vec<Arc<str>>>,
    /// Headings of tables of other kinds that may look like this one: they speak against it.
    pub foreign: Vec<String>,
    /// Those that tables of this kind may have too, beside their own: they weigh half as much.
    pub foreign_leaning: Vec<String>,
    /// Words in sheet names and titles that speak of another kind.
    pub foreign_titles: Vec<String>,
    /// Words of headings, titles and names of sheets that this kind alone has: they outweigh the foreign ones. Where any
    /// are given, a table needs one, or two leaning ones, or telling values.
    pub telling: Vec<String>,
    /// Words of headings and titles that this kind has more often than others: two tell as much as a telling one.
    pub leaning: Vec<String>,
    /// Words of which some heading of a table must have one, whatever titles say: without them its headings are such as
    /// any table has (`Descrizione`, `Responsabile`). None are asked for where none are given.
    pub asked: Vec<String>,
    /// The same, where they are all of a heading: with a year beside them they are such words (`Consuntivo 2024`).
    pub asked_alone: Vec<String>,
    /// What to say of a table that has nothing telling.
    pub untold: Option<Bilingual>,
    /// Lower headings that say no more than the group of columns above them (`Descrizione` under `Processo`).
    pub generic: Vec<String>,
    /// Titles of groups of columns that are of no field by their labels, which are those of others (`Controlli`).
    pub apart: Vec<String>,
    /// The field that all columns under those titles have, if they have one.
    pub apart_as: Option<Arc<str>>,
    /// Headings of columns that are of no field, like those of some as they may be.
    pub unread: Vec<String>,
    /// Names of patterns of values that no heading has: a row with one is no header.
    pub values: Vec<String>,
    /// What columns headed by a year alone hold.
    pub years: Option<BareYears>,
    /// Least confidence for a column to be given a field, from 0 to 1.
    pub column_threshold: f64,
    /// Least confidence for a table to be recognised, from 0 to 1.
    pub table_threshold: f64,
}

/// Columns headed by a year alone, in a table that is known without them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BareYears {
    /// The field that they have, if no other column has it.
    pub field: Arc<str>,
    /// The field that another column must have: a later year in its heading, or none.
    pub beside: Arc<str>,
}

impl Recognition {
    /// Whether the kind is not told from others by their words.
    pub fn is_plain(&self) -> bool {
        self.foreign.is_empty() && self.foreign_titles.is_empty() && self.telling.is_empty()
    }
}

impl Default for Recognition {
    fn default() -> Self {
        Self {
            sheets: Vec::new(),
            titles: Vec::new(),
            minimum: Vec::new(),
            foreign: Vec::new(),
            foreign_leaning: Vec::new(),
            foreign_titles: Vec::new(),
            telling: Vec::new(),
            leaning: Vec::new(),
            asked: Vec::new(),
            asked_alone: Vec::new(),
            untold: None,
            generic: Vec::new(),
            apart: Vec::new(),
            apart_as: None,
            unread: Vec::new(),
            values: Vec::new(),
            years: None,
            column_threshold: 0.6,
            table_threshold: 0.5,
        }
    }
}
