//! How much of an upload is read at all.

/// What a workbook may cost. The defaults refused no honest file of three public corpora.
///
/// Sizes are in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The file as it lies on disk.
    pub file: u64,
    /// All XML parts together, inflated.
    pub xml: u64,
    /// The shared strings, inflated.
    pub strings: u64,
    /// One sheet, inflated.
    pub sheet: u64,
    /// Any other XML part that is kept in memory (styles, drawings, notes), inflated; also what all sheets
    /// together may hold beside their cells.
    pub part: u64,
    /// Entries in the container.
    pub entries: usize,
    /// Cells that hold something, in the whole workbook.
    pub cells: usize,
    /// Distinct shared strings.
    pub shared: usize,
    /// Text of the cells, each distinct text counted once.
    pub text: usize,
    /// One XML tag.
    pub tag: usize,
    /// The text between two XML tags.
    pub run: usize,
    /// Nesting of XML elements.
    pub depth: usize,
}

const MIB: u64 = 1 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 200 * MIB,
            xml: 768 * MIB,
            strings: 128 * MIB,
            sheet: 640 * MIB,
            part: 128 * MIB,
            entries: 20_000,
            cells: 8_000_000,
            shared: 8_000_000,
            text: 256 << 20,
            tag: 64 << 10,
            run: 4 << 20,
            depth: 64,
        }
    }
}

/// A size as an official reads it: `200 MiB`, below one MiB in KiB or bytes.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        b if b >= MIB => format!("{} MiB", b.div_ceil(MIB)),
        b if b >= 1024 => format!("{} KiB", b.div_ceil(1024)),
        b => format!("{b} byte"),
    }
}
