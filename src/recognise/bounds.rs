//! How much reading looks into. A longer text is prose, or hostile: it is no heading, no title, no
//! label, and nothing costly is tried on it. The measures are those of published documents, with room to spare.

/// A heading is hardly longer, in characters: only instructions to the office and prose are.
pub(super) const HEADING: usize = 200;
/// Characters in which the names of fields are looked for; what goes on is an instruction.
pub(super) const NAMED_HEADING: usize = 160;
/// Bytes in which typos and abbreviations are forgiven: in a longer text so few letters tell nothing.
pub(super) const TYPOS: usize = 90;
/// A title inside or above a table is not longer, in characters; a lone text that is longer is a paragraph.
pub(super) const TITLE: usize = 200;
/// A datum of the document (a name, a date, an area), in characters.
pub(super) const DATUM: usize = 160;
/// A label is not longer, in bytes.
pub(super) const LABEL: usize = 60;
/// A note on a row (of words that are looked for as a whole), in bytes.
pub(super) const NOTE: usize = 200;
/// Bytes beyond which a text is not even brought to its words.
pub(super) const WORDS: usize = 2000;
/// Bytes of the printed rows of a form: shorter ones stand in any table, longer ones are answers.
pub(super) const PRINTED: std::ops::Range<usize> = 16..WORDS;
/// Bytes of the labels of counts.
pub(super) const COUNT_LABEL: std::ops::RangeInclusive<usize> = 8..=200;

/// Cells of a sheet that may be one form, or cards: many times as many as people fill in one by one.
pub(super) const CELLS: usize = 20_000;
