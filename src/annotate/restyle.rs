//! A sheet of the report workbook as a sheet of the user's: its styles renumbered, its shared strings inlined.

use std::fmt::Write as _;
use std::ops::Range;

use crate::model::Error;
use crate::package::{
    Outline, StartTag, Tags, attribute, attributes, damaged, tag_end, with_attribute, without_attribute,
};

/// Where the report's styles stand among the user's.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Offsets {
    /// Index of the first cell format.
    pub(super) formats: usize,
    /// Index of the first differential format.
    pub(super) differential: usize,
}

/// The contents of the report's shared strings.
#[derive(Debug, Default)]
pub(super) struct Strings {
    xml: String,
    spans: Vec<Range<usize>>,
}

impl Strings {
    /// Those of a part.
    pub(super) fn of(xml: String) -> Result<Self, Error> {
        let spans = Outline::of(&xml)?.children.iter().map(|item| item.open_end..item.close).collect();
        Ok(Self { xml, spans })
    }

    fn get(&self, number: usize) -> Option<&str> {
        self.xml.get(self.spans.get(number)?.clone())
    }
}

/// Rewrites a sheet.
pub(super) fn restyle(xml: &str, strings: &Strings, offsets: Offsets) -> Result<String, Error> {
    let mut out = String::with_capacity(xml.len() * 2);
    let mut done = 0;
    let mut tags = Tags::of(xml);
    while let Some(tag) = tags.next() {
        let tag = tag?;
        let is_cell = match tag.local {
            "c" => true,
            "row" | "col" | "cfRule" | "filterColumn" | "sheetView" => false,
            _ => continue,
        };
        if tag.is_end {
            continue;
        }
        out.push_str(xml.get(done..tag.start).unwrap_or_default());
        done = if is_cell {
            cell(&mut out, xml, &tag, &mut tags, strings, offsets)?
        } else {
            out.push_str(&renumbered(&tag, offsets));
            tag.end
        };
    }
    out.push_str(xml.get(done..).unwrap_or_default());
    Ok(out)
}

/// A start tag with its style moved.
fn renumbered(tag: &StartTag<'_>, offsets: Offsets) -> String {
    let (name, by) = match tag.local {
        "row" => ("s", offsets.formats),
        "col" => ("style", offsets.formats),
        // Two selected tabs would make a group: what is typed into one goes into all.
        "sheetView" => return without_attribute(tag.text, "tabSelected"),
        _ => ("dxfId", offsets.differential),
    };
    let index = attribute(tag.text, name).and_then(|v| v.parse::<usize>().ok());
    let text = index.map_or_else(|| tag.text.to_owned(), |i| with_attribute(tag.text, name, &(i + by).to_string()));
    // The height is an estimate: programs that measure the text themselves may do better.
    if tag.local == "row" { without_attribute(&text, "customHeight") } else { text }
}

/// Writes a cell with its style moved and its text inside; the offset behind what was read of it. There may be
/// hundreds of thousands.
fn cell(
    out: &mut String,
    xml: &str,
    tag: &StartTag<'_>,
    tags: &mut Tags<'_>,
    strings: &Strings,
    offsets: Offsets,
) -> Result<usize, Error> {
    let (mut done, mut is_styled, mut is_string) = (0, false, false);
    for (name, span) in attributes(tag.text) {
        let value = tag.text.get(span.clone()).unwrap_or_default();
        let before = tag.text.get(done..span.start).unwrap_or_default();
        match (name, value) {
            ("s", _) => {
                let style = value.parse::<usize>().unwrap_or(0);
                let _ = write!(out, "{before}{}", style + offsets.formats);
                is_styled = true;
            }
            ("t", "s") => {
                out.extend([before, "inlineStr"]);
                is_string = true;
            }
            _ => continue,
        }
        done = span.end;
    }
    let end = tag_end(tag.text);
    out.push_str(tag.text.get(done..end).unwrap_or_default());
    if !is_styled {
        let _ = write!(out, " s=\"{}\"", offsets.formats);
    }
    out.push_str(tag.text.get(end..).unwrap_or_default());
    if !is_string {
        return Ok(tag.end);
    }
    let value = tags.next().transpose()?.filter(|t| t.local == "v").ok_or_else(no_string)?;
    let behind = tags.next().transpose()?.ok_or_else(no_string)?;
    let index = xml.get(value.end..behind.start).and_then(|v| v.trim().parse::<usize>().ok());
    let text = index.and_then(|i| strings.get(i)).ok_or_else(no_string)?;
    out.extend(["<is>", text, "</is>"]);
    Ok(behind.end)
}

fn no_string() -> Error {
    damaged("a cell without its shared string")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_move_and_strings_stand_in_their_cells() {
        let xml = "<worksheet><sheetViews><sheetView tabSelected=\"1\" workbookViewId=\"0\"/></sheetViews><sheetData>\
                   <row r=\"1\" ht=\"20\" customHeight=\"1\"><c r=\"A1\" s=\"2\" t=\"s\"><v>1</v></c><c r=\"B1\"/>\
                   <c r=\"C1\"><v>7</v></c></row></sheetData></worksheet>";
        let strings = Strings::of("<sst><si><t>uno</t></si><si><t>due</t></si></sst>".to_owned()).unwrap();
        let offsets = Offsets { formats: 10, differential: 3 };
        assert_eq!(
            restyle(xml, &strings, offsets).unwrap(),
            "<worksheet><sheetViews><sheetView workbookViewId=\"0\"/></sheetViews><sheetData><row r=\"1\" ht=\"20\">\
             <c r=\"A1\" s=\"12\" t=\"inlineStr\"><is><t>due</t></is></c><c r=\"B1\" s=\"10\"/>\
             <c r=\"C1\" s=\"10\"><v>7</v></c></row></sheetData></worksheet>"
        );
    }
}
