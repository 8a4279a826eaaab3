//! Texts of shapes: boxes and notes, put together from the records of drawings.

use std::collections::BTreeMap;

use super::records::Record;
use crate::ingest::OWN_AUTHOR;
use crate::ingest::drawings::users_part;
use crate::model::{CellRef, Note, TextBox};

const DRAWING: u16 = 0x00EC;
const OBJECT: u16 = 0x005D;
const TEXT: u16 = 0x01B6;
const CONTINUED: u16 = 0x003C;
const NOTE: u16 = 0x001C;
/// The kind of object that a note is.
const IS_NOTE: u16 = 0x0019;
/// How the place of a shape begins among the bytes of a drawing: its type and its length.
const ANCHOR: &[u8] = &[0x10, 0xF0, 0x12, 0, 0, 0];
/// The longest author of a note.
const AUTHOR: usize = 200;

/// The shapes of a sheet so far.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    pub(super) boxes: Vec<TextBox>,
    pub(super) notes: Vec<Note>,
    at: RowCol,
    object: (u16, u16),
    /// Characters of the open text that are still to come.
    left: usize,
    text: String,
    of_notes: BTreeMap<u16, String>,
}

/// Row and column of the last place, which is that of the next text.
type RowCol = (u16, u16);

impl Shapes {
    /// Takes the next record.
    pub(super) fn take(&mut self, record: &Record<'_>) {
        if record.kind == CONTINUED && self.left > 0 {
            return self.continued(record);
        }
        self.left = 0;
        match record.kind {
            DRAWING => {
                let places = record.content.windows(ANCHOR.len()).rposition(|w| w == ANCHOR);
                if let Some(at) = places.map(|at| at + ANCHOR.len()) {
                    self.at = (record.word(at + 6).unwrap_or(0), record.word(at + 2).unwrap_or(0));
                }
            }
            OBJECT => self.object = (record.word(4).unwrap_or(0), record.word(6).unwrap_or(0)),
            TEXT => {
                self.left = record.word(10).map_or(0, usize::from);
                self.text.clear();
            }
            NOTE => self.note(record),
            _ => {}
        }
    }

    fn continued(&mut self, record: &Record<'_>) {
        let is_wide = record.content.first().is_some_and(|width| width & 1 == 1);
        let room = record.content.len().saturating_sub(1) / if is_wide { 2 } else { 1 };
        let count = self.left.min(room);
        let Some(text) = record.text(0, count, true).filter(|_| count > 0) else {
            self.left = 0;
            return;
        };
        self.left -= count;
        self.text.push_str(&text);
        if self.left > 0 {
            return;
        }
        let text = self.text.replace("\r\n", "\n").replace('\r', "\n");
        if self.object.0 == IS_NOTE {
            self.of_notes.insert(self.object.1, text);
        } else if !text.trim().is_empty() {
            self.boxes.push(TextBox { at: CellRef::new(self.at.0.into(), self.at.1.into()), text: text.into() });
        }
    }

    /// Row, column, options, number of the object, author.
    fn note(&mut self, record: &Record<'_>) {
        let (Some(row), Some(col), Some(object)) = (record.word(0), record.word(2), record.word(6)) else { return };
        let length = record.word(8).map_or(0, usize::from).min(AUTHOR);
        let author = record.text(10, length, true).unwrap_or_default();
        let text = self.of_notes.remove(&object).unwrap_or_default();
        let text = users_part(&text, author == OWN_AUTHOR);
        if !text.trim().is_empty() {
            self.notes.push(Note { at: CellRef::new(row.into(), col.into()), author, text });
        }
    }
}
