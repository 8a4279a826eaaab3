//! How the records of a table make up units, as the schedule says.
//!
//! Recognition reads records; rules speak of units. This is the one place that knows how the first become
//! the second, for real documents and for the examples of rules alike.

mod counts;
mod questionnaire;
mod register;

use std::sync::Arc;

pub use counts::assemble_counts;
pub use questionnaire::{assemble_questionnaire, derived_fields};
pub use register::assemble_register;

use crate::model::{Cell, CellId, CellRef, Content, Flags, Table, Value};

/// Adds a cell that holds a text of the form, not of the document.
fn push_text(table: &mut Table, at: CellRef, text: &Arc<str>) -> CellId {
    let id = CellId::try_from(table.cells.len()).unwrap_or(CellId::MAX);
    table.cells.push(Cell::new(at, Flags::default(), Content::found(text.clone(), Value::Text)));
    id
}
