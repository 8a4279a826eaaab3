//! An empty form to fill in, as it is to be written.

use super::lang::Lang;

/// The title of the instructions, and what the line below begins with, in either language: the sheet is no document.
pub(crate) const GUIDE: [(&str, &str); 2] =
    [("Come si compila questo modello", "Modello: "), ("How to fill in this form", "Form: ")];

/// A workbook to fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct BlankForm {
    /// The language of the instructions; what the form itself prints is Italian.
    pub lang: Lang,
    /// What the document is, as the form prints it.
    pub title: String,
    /// The sheets to fill in.
    pub sheets: Vec<BlankSheet>,
    /// The lists of answers that cells refer to.
    pub lists: Vec<AnswerList>,
    /// The instructions.
    pub guide: Vec<GuideSection>,
}

impl BlankForm {
    /// How many cells tell what was written in the document before.
    pub fn hints(&self) -> usize {
        let head = |s: &BlankSheet| s.head.iter().filter(|d| d.hint.is_some()).count();
        let hinted = |c: &&BlankCell| matches!(c, BlankCell::ToFill { hint: Some(_), .. });
        let rows = |s: &BlankSheet| s.rows.iter().flat_map(|r| &r.cells).filter(hinted).count();
        self.sheets.iter().map(|sheet| head(sheet) + rows(sheet)).sum()
    }
}

/// Answers to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerList {
    /// What they answer.
    pub heading: String,
    /// The answers.
    pub options: Vec<String>,
}

/// A part of the instructions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideSection {
    /// Its title.
    pub title: String,
    /// Its lines: what they are about, blank for a paragraph, and the text.
    pub lines: Vec<(String, String)>,
}

/// A sheet to fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct BlankSheet {
    /// Its name.
    pub name: String,
    /// The title printed above.
    pub title: String,
    /// The data of the document, above the table.
    pub head: Vec<BlankDatum>,
    /// What the form says of itself, below these.
    pub remark: Option<String>,
    /// The columns, left to right.
    pub columns: Vec<BlankColumn>,
    /// The rows of the table.
    pub rows: Vec<BlankRow>,
    /// Whether more rows may follow: the rows are not those of the form.
    pub goes_on: bool,
}

/// A datum of the document, behind its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlankDatum {
    /// The label.
    pub label: String,
    /// What is known already.
    pub value: Option<String>,
    /// What the document before says.
    pub hint: Option<String>,
}

/// A column of a table to fill in.
#[derive(Debug, Clone, PartialEq)]
pub struct BlankColumn {
    /// The heading.
    pub heading: String,
    /// Its width in characters.
    pub width: f64,
    /// What its cells hold.
    pub holds: Holds,
    /// The answers to choose from, as an index in [`BlankForm::lists`].
    pub list: Option<usize>,
    /// What is to be written in it, told where a cell is chosen.
    pub prompt: Option<String>,
}

/// What a cell to fill in holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Anything; the program in which it is filled in may take it for a number or a date.
    Anything,
    /// Text, kept as it was typed.
    Text,
    /// A number.
    Number,
    /// A whole number from 0 up.
    Count,
}

/// A row of a table to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlankRow {
    /// One cell for each column; what is beyond the last is to fill in.
    pub cells: Vec<BlankCell>,
    /// Whether it opens a group of rows.
    pub is_first: bool,
}

/// A cell of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlankCell {
    /// Text that the form prints, or nothing.
    Printed(String),
    /// To fill in.
    ToFill {
        /// The answers to choose from, where they are not those of the column.
        list: Option<usize>,
        /// What the document before says.
        hint: Option<String>,
    },
}
