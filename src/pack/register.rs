//! What a pack says of tables of rows, the shape `register`.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::pattern::Pattern;

/// For shape `register`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Register {
    /// Cells that hold two fields: a number and a name.
    pub split: Vec<SplitSpec>,
    /// Cells to tell of for what they say of their unit.
    pub mark: Vec<MarkSpec>,
    /// Names of patterns of rows that are no records although they have text (footnotes, page numbers).
    pub skip: Vec<String>,
    /// Names of patterns of rows of totals: no records where all else on the row are figures.
    pub totals: Vec<String>,
    /// Names of patterns of signatures: no records where all of the row are, unless an event or a measure may stand there.
    pub signatures: Vec<String>,
    /// Fields that a title row inside the table may give to the rows below.
    pub subtitles: Vec<Arc<str>>,
    /// Patterns of what the titles or the names of sheets say of their tables, where all tables have such a one, by field;
    /// the group `value` is the datum.
    pub sheets: BTreeMap<Arc<str>, Pattern>,
    /// Columns to tell of when their heading is that of one field and their values are another's.
    pub exchange: Vec<ExchangeSpec>,
    /// Fields that a text anywhere in a row may give where they have no column.
    pub imply: Vec<ImplySpec>,
    /// Names of patterns of texts that, alone on their row, are titles between the rows though nothing is merged.
    pub titles: Vec<String>,
    /// Fields of the outermost entity that hold for the rows below too, until another value stands there, in a column
    /// where no value is written twice in a row.
    pub running: Vec<Arc<str>>,
    /// Fields filled down from merged cells and, for the entity above, from its first row.
    pub fill: Vec<Arc<str>>,
    /// Of those, fields that each unit has for itself: a blank is never that of the unit above.
    pub own: Vec<Arc<str>>,
}

/// What a note on a row says of its unit («Processo non presente nell'ente»), if nothing is said of the entities below.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImplySpec {
    /// The field, of the outermost entity.
    pub field: Arc<str>,
    /// The text of the note.
    pub pattern: Pattern,
    /// What the field then holds.
    pub value: Arc<str>,
}

/// Cells that say something by a mark («*», «già attuata»): rules read it, and the reading tells it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkSpec {
    /// The fields.
    pub fields: Vec<Arc<str>>,
    /// Name of the pattern of such cells.
    pub pattern: String,
}

/// A heading that two fields share, and that is easily taken for the wrong one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangeSpec {
    /// The field that the heading names.
    pub named: Arc<str>,
    /// The field that the values are of.
    pub read_as: Arc<str>,
}

/// One cell that holds two fields.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitSpec {
    /// The field of the column.
    pub field: Arc<str>,
    /// Groups are named after the fields to fill; a cell that does not match stays whole.
    pub pattern: Pattern,
}
