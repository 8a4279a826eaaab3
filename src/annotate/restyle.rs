//! A sheet of the report workbook as a sheet of the user's: its styles renumbered, its shared strings inlined.

use crate::model::Error;
use crate::package::{StartTag, Tags, attribute, damaged, with_attribute, without_attribute};

/// Where the report's styles stand among the user's.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Offsets {
    /// Index of the first cell format.
    pub(super) formats: usize,
    /// Index of the first differential format.
    pub(super) differential: usize,
}

/// Rewrites a sheet. `strings` are the contents of the report's shared strings.
pub(super) fn restyle(xml: &str, strings: &[String], offsets: Offsets) -> Result<String, Error> {
    let mut out = String::with_capacity(xml.len() * 2);
    let mut done = 0;
    let mut tags = Tags::of(xml);
    while let Some(tag) = tags.next() {
        let tag = tag?;
        let (text, end) = match tag.local {
            "c" if !tag.is_end => cell(xml, &tag, &mut tags, strings, offsets)?,
            "row" | "col" | "cfRule" | "filterColumn" | "sheetView" if !tag.is_end => {
                (renumbered(&tag, offsets), tag.end)
            }
            _ => continue,
        };
        out.push_str(xml.get(done..tag.start).unwrap_or_default());
        out.push_str(&text);
        done = end;
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

/// A cell with its style moved and its text inside; the offset behind what was read of it.
fn cell(
    xml: &str,
    tag: &StartTag<'_>,
    tags: &mut Tags<'_>,
    strings: &[String],
    offsets: Offsets,
) -> Result<(String, usize), Error> {
    let style = attribute(tag.text, "s").and_then(|v| v.parse::<usize>().ok()).unwrap_or(0);
    let open = with_attribute(tag.text, "s", &(style + offsets.formats).to_string());
    if attribute(tag.text, "t").as_deref() != Some("s") {
        return Ok((open, tag.end));
    }
    let open = with_attribute(&open, "t", "inlineStr");
    let value = tags.next().transpose()?.filter(|t| t.local == "v").ok_or_else(no_string)?;
    let behind = tags.next().transpose()?.ok_or_else(no_string)?;
    let index = xml.get(value.end..behind.start).and_then(|v| v.trim().parse::<usize>().ok());
    let text = index.and_then(|i| strings.get(i)).ok_or_else(no_string)?;
    Ok((format!("{open}<is>{text}</is>"), behind.end))
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
        let strings = ["<t>uno</t>".to_owned(), "<t>due</t>".to_owned()];
        let offsets = Offsets { formats: 10, differential: 3 };
        assert_eq!(
            restyle(xml, &strings, offsets).unwrap(),
            "<worksheet><sheetViews><sheetView workbookViewId=\"0\"/></sheetViews><sheetData><row r=\"1\" ht=\"20\">\
             <c r=\"A1\" s=\"12\" t=\"inlineStr\"><is><t>due</t></is></c><c r=\"B1\" s=\"10\"/>\
             <c r=\"C1\" s=\"10\"><v>7</v></c></row></sheetData></worksheet>"
        );
    }
}
