//! The cells of records.

use std::ops::Deref;
use std::sync::Arc;

use super::place::CellRef;
use super::value::{Flags, Missing, Value};

/// One cell of a record: where it stands, and its content, whose fields are read as its own.
///
/// Most cells of a register say what others of their column say, and a table has hundreds of thousands: they share it.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Where it stands: the first of the cells joined, the top left one of a merged area.
    pub at: CellRef,
    /// What reading did to it.
    pub flags: Flags,
    content: Arc<Content>,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Content {
    /// The content exactly as found, empty for a blank cell.
    pub raw: Arc<str>,
    /// The text after joining, filling and repairs; the same as `raw` where nothing was done.
    pub text: Arc<str>,
    /// What it says.
    pub value: Value,
}

impl Content {
    /// A text as found, and what it says.
    pub fn found(text: Arc<str>, value: Value) -> Self {
        Self { raw: text.clone(), text, value }
    }

    /// Nothing.
    pub fn blank() -> Self {
        Self::found("".into(), Value::Missing(Missing::Blank))
    }
}

impl Cell {
    /// A cell with a content that others may share.
    pub fn new(at: CellRef, flags: Flags, content: impl Into<Arc<Content>>) -> Self {
        Self { at, flags, content: content.into() }
    }

    /// A cell that holds nothing.
    pub fn blank(at: CellRef) -> Self {
        Self::new(at, Flags::default(), Content::blank())
    }

    /// The content, to be changed in this cell alone.
    pub fn content_mut(&mut self) -> &mut Content {
        Arc::make_mut(&mut self.content)
    }
}

impl Deref for Cell {
    type Target = Content;

    fn deref(&self) -> &Content {
        &self.content
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_changed_in_a_cell_stays_in_that_cell() {
        let shared =
            Cell::new(CellRef::new(4, 2), Flags::default(), Content::found("Uff. tributi".into(), Value::Text));
        let mut own = shared.clone();
        own.content_mut().text = "Ufficio tributi".into();
        assert_eq!((&*shared.text, &*own.text, &*own.raw), ("Uff. tributi", "Ufficio tributi", "Uff. tributi"));
        assert!(Cell::blank(shared.at).value.is_missing());
    }
}
