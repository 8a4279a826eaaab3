//! The few ways in which tables are laid out.

use schemars::JsonSchema;
use serde::Deserialize;

/// The few ways in which a table can be laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Printed questions with an answer beside each, and example, detail and annotation rows.
    Questionnaire,
    /// One record per data row.
    Register,
    /// A numbered count per row: label, value, note.
    Counts,
    /// A text with headings and labelled fields, or a table of the same fields.
    Flow,
}

impl Shape {
    /// Whether tables of it have one record per data row.
    pub fn has_rows(self) -> bool {
        matches!(self, Self::Register | Self::Flow)
    }
}
