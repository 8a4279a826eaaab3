//! The VML drawing that gives notes their boxes. It is often not well-formed XML, so it is edited as text.

use std::fmt::Write as _;
use std::ops::Range;

use super::anchor::Geometry;
use crate::model::{CellRef, Error};
use crate::package::{Splice, Tags, attribute_span, damaged, numbers_after};

/// Content type of VML drawings.
pub(super) const VML_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
/// Shapes of one block of ids; a block has 1,024 ids.
const BLOCK: usize = 1_000;
const NAMESPACES: &str = " xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
                          xmlns:x=\"urn:schemas-microsoft-com:office:excel\"";
const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
                          path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/>\
                          <v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";
/// Pixels of a box, and of one of its lines.
const WIDTH: u32 = 300;
const LINE_HEIGHT: u32 = 15;
const MAX_LINES: usize = 26;

/// Blocks of shape ids that no drawing of the package has taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Blocks(u64);

impl Blocks {
    /// Before any drawing was seen.
    pub(super) fn new() -> Self {
        Self(1)
    }

    /// Leaves the blocks of a drawing alone.
    pub(super) fn avoid(&mut self, vml: &str) {
        let shapes = numbers_after(vml, "_x0000_s").map(|id| id / 1024);
        let taken = shapes.chain(id_map(vml).into_iter().flat_map(|(_, list)| numbers(list)));
        // An absurd number in a hostile file must not leave us without blocks.
        self.0 = taken.filter(|n| *n < 1 << 20).map(|n| n + 1).fold(self.0, u64::max);
    }

    fn take(&mut self, shapes: usize) -> Vec<u64> {
        let blocks = shapes.div_ceil(BLOCK);
        let first = self.0;
        self.0 += blocks as u64;
        (first..self.0).collect()
    }
}

fn numbers(list: &str) -> impl Iterator<Item = u64> {
    list.split(',').filter_map(|n| n.trim().parse().ok())
}

/// Offset behind, and text, of the list of blocks that a drawing has.
fn id_map(vml: &str) -> Option<(usize, &str)> {
    let tag = Tags::of(vml).map_while(Result::ok).find(|t| t.local == "idmap")?;
    let span = attribute_span(tag.text, "data")?;
    Some((tag.start + span.end, tag.text.get(span)?))
}

/// The boxes of notes to add to one sheet.
pub(super) struct Boxes<'a> {
    /// Cells and the lines of their notes.
    pub(super) cells: &'a [(CellRef, usize)],
    /// Cells whose boxes must hold more lines than before.
    pub(super) grown: &'a [(CellRef, usize)],
    /// Sizes of the sheet's columns and rows.
    pub(super) geometry: &'a Geometry,
}

impl Boxes<'_> {
    /// A drawing with the boxes.
    pub(super) fn drawing(&self, blocks: &mut Blocks) -> String {
        let ids = blocks.take(self.cells.len());
        format!(
            "<xml{NAMESPACES}><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{}\"/></o:shapelayout>\
             {SHAPE_TYPE}{}</xml>",
            list(&ids),
            self.shapes(&ids, "")
        )
    }

    /// Adds the boxes to a drawing.
    pub(super) fn add_to(&self, vml: &str, blocks: &mut Blocks) -> Result<Splice, Error> {
        let mut splice = Splice::default();
        self.grow(vml, &mut splice);
        if self.cells.is_empty() {
            return Ok(splice);
        }
        // Well formed, though there is nothing in it: `<xml …/>`.
        let root = Tags::of(vml).map_while(Result::ok).find(|t| t.local == "xml");
        if let Some(root) = root.filter(|t| t.text.ends_with("/>")) {
            splice.replace(root.start..root.end, self.drawing(blocks));
            return Ok(splice);
        }
        let ids = blocks.take(self.cells.len());
        if let Some((end, _)) = id_map(vml) {
            splice.insert(end, format!(",{}", list(&ids)));
        }
        let end = vml.rfind("</xml>").ok_or_else(|| damaged("a VML drawing without its end"))?;
        let root = vml.find("<xml").and_then(|at| vml.get(at..)).and_then(|r| r.get(..r.find('>')?));
        // openpyxl declares the prefixes on every element, not on the root.
        let declared = ["xmlns:v=", "xmlns:o=", "xmlns:x="].iter().all(|d| root.is_some_and(|r| r.contains(d)));
        let namespaces = if declared { "" } else { NAMESPACES };
        let shape_type = if vml.contains("\"_x0000_t202\"") {
            String::new()
        } else {
            SHAPE_TYPE.replacen("<v:shapetype", &format!("<v:shapetype{namespaces}"), 1)
        };
        splice.insert(end, format!("{shape_type}{}", self.shapes(&ids, namespaces)));
        Ok(splice)
    }

    /// Makes the boxes of the user's notes that got our text larger.
    fn grow(&self, vml: &str, splice: &mut Splice) {
        if self.grown.is_empty() {
            return;
        }
        for shape in note_shapes(vml) {
            // They are sorted by cell, as the notes are.
            let place = self.grown.binary_search_by_key(&shape.cell, |(c, _)| *c).ok();
            let Some((_, lines)) = place.and_then(|i| self.grown.get(i)) else { continue };
            let (width, height) = size(*lines);
            if let Some(span) = shape.anchor
                && let Some(anchor) = vml.get(span.clone())
                && let Some(grown) = self.geometry.grown(anchor, width, height)
            {
                splice.replace(span, grown);
            }
        }
    }

    fn shapes(&self, blocks: &[u64], namespaces: &str) -> String {
        let mut out = String::new();
        for (cells, block) in self.cells.chunks(BLOCK).zip(blocks) {
            for (id, (cell, lines)) in (block * 1024 + 1..).zip(cells) {
                let (width, height) = size(*lines);
                let anchor = self.geometry.anchor(*cell, width, height);
                let (row, col) = (cell.row, cell.col);
                let _ = write!(
                    out,
                    "<v:shape{namespaces} id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style='position:absolute;\
                     margin-left:60pt;margin-top:2pt;width:{}pt;height:{}pt;z-index:1;visibility:hidden' \
                     fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/>\
                     <v:shadow color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/>\
                     <v:textbox style='mso-direction-alt:auto'><div style='text-align:left'></div></v:textbox>\
                     <x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
                     <x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>\
                     <x:Column>{col}</x:Column></x:ClientData></v:shape>",
                    width * 3 / 4,
                    height * 3 / 4
                );
            }
        }
        out
    }
}

/// The box of one note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NoteShape {
    /// The cell of the note.
    pub(super) cell: CellRef,
    /// All of the shape.
    pub(super) span: Range<usize>,
    /// The text of its anchor, if it has one.
    pub(super) anchor: Option<Range<usize>>,
}

/// The boxes of notes in a drawing, under whatever prefixes.
pub(super) fn note_shapes(vml: &str) -> Vec<NoteShape> {
    let mut shapes = Vec::new();
    let (mut start, mut row, mut col, mut anchor) = (None, None, None, None);
    for tag in Tags::of(vml).map_while(Result::ok) {
        let content = || tag.end..tag.end + vml.get(tag.end..).and_then(|rest| rest.find('<')).unwrap_or(0);
        let number = || vml.get(content())?.trim().parse::<u32>().ok();
        match (tag.local, tag.is_end) {
            ("shape", false) => (start, row, col, anchor) = (Some(tag.start), None, None, None),
            ("Row", false) => row = number(),
            ("Column", false) => col = number(),
            ("Anchor", false) => anchor = Some(content()),
            ("shape", true) => {
                if let (Some(start), Some(row), Some(col)) = (start.take(), row, col) {
                    let anchor = anchor.take();
                    shapes.push(NoteShape { cell: CellRef::new(row, col), span: start..tag.end, anchor });
                }
            }
            _ => {}
        }
    }
    shapes
}

/// Pixels of a box for so many lines; a long text gets a wider one.
fn size(lines: usize) -> (u32, u32) {
    let width = if lines > MAX_LINES { WIDTH * 3 / 2 } else { WIDTH };
    let lines = if lines > MAX_LINES { lines * 2 / 3 } else { lines };
    let lines = u32::try_from(lines.clamp(3, MAX_LINES)).unwrap_or(3);
    (width, lines * LINE_HEIGHT + 12)
}

fn list(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As openpyxl writes drawings.
    const DRAWING: &str = "<xml xmlns:ns0=\"urn:o\"><ns0:shapelayout><ns0:idmap data=\"1, 4\" /></ns0:shapelayout>\
        <ns1:shape id=\"_x0000_s6145\"><div><br></div><ns2:Row>2</ns2:Row><ns2:Column> 4 </ns2:Column></ns1:shape>\
        <ns1:shape id=\"a\"><ns2:Anchor>1, 2</ns2:Anchor><ns2:Row>3</ns2:Row></ns1:shape></xml>";

    #[test]
    fn shapes_are_found_under_any_prefix() {
        let shapes = note_shapes(DRAWING);
        assert_eq!(shapes.len(), 1);
        assert_eq!((shapes[0].cell, &shapes[0].anchor), (CellRef::new(2, 4), &None));
        assert!(DRAWING[shapes[0].span.clone()].ends_with("</ns2:Column></ns1:shape>"));
    }

    #[test]
    fn blocks_of_other_drawings_are_left_alone() {
        let mut blocks = Blocks::new();
        blocks.avoid(DRAWING);
        assert_eq!(blocks.take(1001), [7, 8]);
        assert_eq!(blocks.take(1), [9]);
    }
}
