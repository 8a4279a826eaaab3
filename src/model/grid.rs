//! A workbook as read: the sparse cells of every sheet, and what stands around them.

use std::fmt;
use std::sync::Arc;

use super::place::{Area, CellRef};

/// The content of one cell, formulas by their last result.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// Text, equal texts shared.
    Text(Arc<str>),
    /// A number, a date serial or a percentage: the format tells which.
    Number(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// An error value such as `#REF!`.
    Error(Arc<str>),
    /// A formula whose result nobody computed: the program that wrote the file saved none.
    Uncalculated,
}

/// What stands for the result of a formula that nobody computed: no blank, and no word.
pub(crate) const UNCALCULATED: &str = "=?";

/// What a number format makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Anything without a meaning of its own here.
    #[default]
    General,
    /// Shown as a percentage: 0.45 is 45 %.
    Percent,
    /// Shown as a date or a time.
    Date,
    /// Marked as text.
    Text,
}

/// One cell that holds something.
#[derive(Debug, Clone, PartialEq)]
pub struct GridCell {
    /// Where it stands.
    pub at: CellRef,
    /// What it holds.
    pub value: Scalar,
    /// How a number in it is shown.
    pub format: Format,
}

/// Whether a sheet is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Shown.
    #[default]
    Visible,
    /// Hidden, the user can show it.
    Hidden,
    /// Hidden so that only a macro shows it.
    VeryHidden,
}

/// A list of admitted answers (data validation of type list).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropdown {
    /// The cells it holds for.
    pub areas: Vec<Area>,
    /// The answers, where the list is written out or its range could be read.
    pub options: Vec<Arc<str>>,
}

/// A text box or shape with text, at the cell its corner lies on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextBox {
    /// Cell under the upper left corner.
    pub at: CellRef,
    /// Its text, paragraphs separated by line breaks.
    pub text: Arc<str>,
}

/// A note (comment) on a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The cell.
    pub at: CellRef,
    /// Who wrote it.
    pub author: String,
    /// Its text.
    pub text: String,
}

/// What begins on a line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// A heading of this level, from 1.
    Heading(u8),
    /// An item of a list.
    Item,
    /// A paragraph.
    Paragraph,
}

/// One datum of a front matter: a key and one of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontDatum {
    /// The key as written.
    pub key: Arc<str>,
    /// The row of the value.
    pub row: u32,
    /// The value as text.
    pub value: Arc<str>,
}

/// How a text is built, beyond its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// Rows from the top that are front matter.
    pub front_rows: u32,
    /// What the front matter says, top to bottom; a key with a list has one datum for each of its values.
    pub front: Vec<FrontDatum>,
    /// The line at which the front matter could not be read further: its row, and the line as found.
    pub fault: Option<(u32, Arc<str>)>,
    /// What begins on which row, sorted.
    pub blocks: Vec<(u32, Block)>,
}

impl Outline {
    /// What begins on a row; nothing on a line that goes on with the one before.
    pub fn block(&self, row: u32) -> Option<Block> {
        let at = self.blocks.binary_search_by_key(&row, |(r, _)| *r).ok()?;
        self.blocks.get(at).map(|(_, block)| *block)
    }
}

/// One sheet. Cells are sorted by row, then column; no two at one place.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Name as on the tab.
    pub name: Arc<str>,
    /// Whether it is shown.
    pub visibility: Visibility,
    /// The cells that hold something.
    pub cells: Vec<GridCell>,
    /// Merged areas, sorted.
    pub merged: Vec<Area>,
    /// Hidden rows, sorted.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, sorted.
    pub hidden_cols: Vec<u32>,
    /// Lists of admitted answers.
    pub dropdowns: Vec<Dropdown>,
    /// Text boxes, sorted by place.
    pub boxes: Vec<TextBox>,
    /// Notes, sorted by place.
    pub notes: Vec<Note>,
    /// Page header and footer, as text.
    pub header_footer: Vec<String>,
    /// Of a text: how it is built. Each of its lines is a row.
    pub outline: Option<Box<Outline>>,
}

impl Sheet {
    /// The cells of one row, left to right.
    pub fn row(&self, row: u32) -> &[GridCell] {
        let start = self.cells.partition_point(|c| c.at.row < row);
        let rest = self.cells.get(start..).unwrap_or_default();
        rest.get(..rest.partition_point(|c| c.at.row == row)).unwrap_or_default()
    }

    /// The cell at `at`, if it holds something.
    pub fn get(&self, at: CellRef) -> Option<&GridCell> {
        self.cells.binary_search_by_key(&at, |c| c.at).ok().and_then(|i| self.cells.get(i))
    }

    /// Whether the row is hidden.
    pub fn is_row_hidden(&self, row: u32) -> bool {
        self.hidden_rows.binary_search(&row).is_ok()
    }

    /// Whether the column is hidden.
    pub fn is_col_hidden(&self, col: u32) -> bool {
        self.hidden_cols.binary_search(&col).is_ok()
    }

    /// The smallest area that holds every cell.
    pub fn used(&self) -> Option<Area> {
        self.cells.iter().map(|c| Area::cell(c.at)).reduce(|a, b| a.union(&b))
    }
}

/// A workbook as read.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// The worksheets in the order of their tabs, our own report sheets left out.
    pub sheets: Vec<Sheet>,
    /// What the reader had to say of the file (a wrong extension, external links not followed).
    pub remarks: Vec<super::lang::Bilingual>,
}

impl fmt::Display for Scalar {
    /// The text that the cell shows, without the number format: `15`, `0.45`, `VERO`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(t) | Self::Error(t) => f.write_str(t),
            Self::Uncalculated => f.write_str(UNCALCULATED),
            Self::Number(n) => write!(f, "{n}"),
            Self::Bool(b) => f.write_str(if *b { "VERO" } else { "FALSO" }),
        }
    }
}
