//! Packages as other producers write them.

use riscontro::annotate::{annotate, strip};

use super::parts::{changed, contents, package, text};
use super::workbooks::{plain, rich};
use super::{annotated, cells, note, valid};
use crate::samples::report;

/// Annotates, checks, strips, and returns the annotated copy.
fn round(source: &[u8]) -> Vec<u8> {
    let bytes = annotated(source, &report());
    assert_eq!(contents(&strip(&bytes).unwrap()), contents(source));
    let before = cells(source);
    assert_eq!(before, cells(&bytes)[..before.len()]);
    bytes
}

/// Every element of the main namespace under a prefix.
fn with_prefix(xml: &str) -> String {
    let mut out = String::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let skip = usize::from(tag.starts_with("</"));
        out.push_str(&tag[..=skip]);
        if !tag.starts_with("<?") {
            out.push_str("x:");
        }
        rest = &tag[1 + skip..];
    }
    format!("{out}{rest}").replace("xmlns=\"http", "xmlns:x=\"http")
}

#[test]
fn prefixed_parts_get_prefixed_elements() {
    let source = changed(&plain(), |name, text| match name {
        "xl/workbook.xml" | "xl/styles.xml" | "xl/worksheets/sheet1.xml" | "xl/sharedStrings.xml" => with_prefix(&text),
        _ => text,
    });
    let bytes = annotated(&source, &report());
    assert_eq!(contents(&strip(&bytes).unwrap()), contents(&source));
    let sheet = text(&bytes, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains("<x:conditionalFormatting ")
            && sheet.contains("<x:legacyDrawing ")
            && !sheet.contains("<cfRule")
    );
    assert!(text(&bytes, "xl/workbook.xml").contains("<x:sheet name=\"Rilievi\""));
    assert!(text(&bytes, "xl/styles.xml").contains("</x:dxf></x:dxfs>"));
}

#[test]
fn a_workbook_without_styles_gets_some() {
    let mut parts = contents(&plain());
    parts.remove("xl/styles.xml");
    let source = changed(&package(&parts), |name, text| match name {
        "[Content_Types].xml" => super::without(&text, "<Override PartName=\"/xl/styles.xml\"", "/>"),
        "xl/_rels/workbook.xml.rels" => super::without(&text, "<Relationship Id=\"rId3\"", "/>"),
        _ => text,
    });
    let bytes = round(&source);
    assert!(text(&bytes, "xl/riscontro/styles1.xml").contains("<dxfs "));
}

#[test]
fn styles_with_nothing_in_them_get_some() {
    for empty in ["/>", "></styleSheet>"] {
        let source = changed(&plain(), |name, text| match name {
            "xl/styles.xml" => {
                let start = text.find("<styleSheet").unwrap();
                format!("{}{empty}", &text[..start + text[start..].find('>').unwrap()])
            }
            "xl/worksheets/sheet1.xml" => bare_cells(&text),
            _ => text,
        });
        let bytes = annotated(&source, &report());
        assert_eq!(cells(&source), cells(&bytes)[..cells(&source).len()]);
        let styles = text(&bytes, "xl/styles.xml");
        assert!(styles.contains("<dxfs ") && styles.ends_with("</styleSheet>"), "{styles}");
    }
}

/// The cells without their formats.
fn bare_cells(sheet: &str) -> String {
    regex::Regex::new(" s=\"\\d+\"").unwrap().replace_all(sheet, "").into_owned()
}

#[test]
fn drawing_of_notes_with_nothing_in_it_is_filled() {
    let source = changed(&rich(), |name, text| match name {
        "xl/drawings/vmlDrawing1.vml" => format!("{}/>", &text[..text.find('>').unwrap()]),
        _ => text,
    });
    assert!(text(&round(&source), "xl/drawings/vmlDrawing1.vml").contains("ObjectType=\"Note\""));
}

#[test]
fn part_names_with_backslashes_keep_their_relationships() {
    let parts = contents(&rich()).into_iter().map(|(name, bytes)| {
        let own = name.starts_with("xl/").then(|| name.replace('/', "\\"));
        (own.unwrap_or(name), bytes)
    });
    let source = package(&parts.collect());
    let bytes = annotate(&source, &report(), &report().documents[0]).unwrap().bytes;
    let rels: Vec<String> = contents(&bytes).into_keys().filter(|n| n.contains("workbook.xml.rels")).collect();
    assert_eq!(rels, ["xl\\_rels\\workbook.xml.rels"]);
    assert_eq!(contents(&strip(&bytes).unwrap()), contents(&source));
}

#[test]
fn absolute_targets_lead_to_the_same_parts() {
    let source = changed(&rich(), |name, text| match name {
        "xl/_rels/workbook.xml.rels" => text.replace("Target=\"", "Target=\"/xl/"),
        "xl/worksheets/_rels/sheet1.xml.rels" => text.replace("Target=\"../", "Target=\"/xl/"),
        _ => text,
    });
    assert!(note(&round(&source), "xl/comments1.xml", "E5").is_some());
}

#[test]
fn empty_comments_are_filled() {
    for empty in ["", "<authors/><commentList/>", "<authors><author>A</author></authors>"] {
        let source = changed(&rich(), |name, text| match name {
            "xl/comments1.xml" if empty.is_empty() => format!("{}/>", text.split("><authors").next().unwrap()),
            "xl/comments1.xml" => format!("{}>{empty}</comments>", text.split("><authors").next().unwrap()),
            _ => text,
        });
        assert!(note(&round(&source), "xl/comments1.xml", "E5").is_some(), "{empty}");
    }
}

#[test]
fn a_byte_order_mark_stays() {
    let source = changed(&rich(), |name, text| match name {
        "xl/workbook.xml" | "xl/worksheets/sheet1.xml" | "xl/styles.xml" => format!("\u{feff}{text}"),
        _ => text,
    });
    assert!(text(&round(&source), "xl/worksheets/sheet1.xml").starts_with("\u{feff}<?xml"));
}

#[test]
fn part_names_are_found_whatever_their_case() {
    let parts = contents(&rich()).into_iter().map(|(name, bytes)| match name.as_str() {
        "xl/worksheets/sheet1.xml" => ("xl/Worksheets/Sheet1.xml".to_owned(), bytes),
        _ => (name, bytes),
    });
    let source = package(&parts.collect());
    let bytes = annotate(&source, &report(), &report().documents[0]).unwrap().bytes;
    assert!(text(&bytes, "xl/Worksheets/Sheet1.xml").contains("cfRule type=\"expression\""));
    assert_eq!(contents(&strip(&bytes).unwrap()), contents(&source));
}

#[test]
fn strict_workbooks_get_strict_parts() {
    let source = changed(&plain(), |_, text| {
        text.replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        .replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
    });
    let bytes = annotated(&source, &report());
    assert_eq!(contents(&strip(&bytes).unwrap()), contents(&source));
    for (name, content) in contents(&bytes) {
        let text = String::from_utf8(content).unwrap();
        assert!(!text.contains("schemas.openxmlformats.org/spreadsheetml"), "{name}");
        assert!(!text.contains("schemas.openxmlformats.org/officeDocument/2006/relationships/"), "{name}");
    }
}

#[test]
fn a_cell_with_a_conversation_is_highlighted_only() {
    let mut parts = contents(&rich());
    let thread =
        "<ThreadedComments><threadedComment ref=\"E5\" id=\"{0}\"><text>x</text></threadedComment></ThreadedComments>";
    parts.insert("xl/threadedComments/threadedComment1.xml".to_owned(), thread.as_bytes().to_vec());
    let source = changed(&package(&parts), |name, text| {
        match name {
        "xl/worksheets/_rels/sheet1.xml.rels" => text.replace(
            "</Relationships>",
            "<Relationship Id=\"rId77\" Type=\"http://schemas.microsoft.com/office/2017/10/relationships/threadedComment\" \
             Target=\"../threadedComments/threadedComment1.xml\"/></Relationships>",
        ),
        "[Content_Types].xml" => text.replace(
            "</Types>",
            "<Override PartName=\"/xl/threadedComments/threadedComment1.xml\" \
             ContentType=\"application/vnd.ms-excel.threadedcomments+xml\"/></Types>",
        ),
        _ => text,
    }
    });
    let bytes = round(&source);
    assert!(note(&bytes, "xl/comments1.xml", "E5").is_none() && note(&bytes, "xl/comments1.xml", "E15").is_some());
    let result = annotate(&source, &report(), &report().documents[0]).unwrap();
    assert!(result.warnings[0].it.contains("conversazione"));
}

#[test]
fn a_signed_package_is_told_to_lose_its_signature() {
    let mut parts = contents(&plain());
    parts.insert("_xmlsignatures/origin.sigs".to_owned(), Vec::new());
    let relation = "<Relationship Id=\"rId9\" Target=\"_xmlsignatures/origin.sigs\" \
        Type=\"http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin\"/></Relationships>";
    let content_type = "<Default Extension=\"sigs\" \
        ContentType=\"application/vnd.openxmlformats-package.digital-signature-origin\"/><Override";
    let source = changed(&package(&parts), |name, text| match name {
        "_rels/.rels" => text.replace("</Relationships>", relation),
        "[Content_Types].xml" => text.replacen("<Override", content_type, 1),
        _ => text,
    });
    let result = annotate(&source, &report(), &report().documents[0]).unwrap();
    assert!(result.warnings[0].it.contains("firma digitale"));
    assert!(!text(&result.bytes, "_rels/.rels").contains("digital-signature"));
    assert_eq!(contents(&strip(&result.bytes).unwrap()), contents(&source));
}

#[test]
fn a_package_cut_anywhere_is_an_error() {
    let source = rich();
    for length in (0..source.len()).step_by(97) {
        assert!(annotate(&source[..length], &report(), &report().documents[0]).is_err(), "{length}");
        assert!(strip(&source[..length]).is_err(), "{length}");
    }
}

#[test]
fn damaged_marks_are_errors_or_stripped_otherwise() {
    let bytes = annotated(&rich(), &report());
    let marks = text(&bytes, "xl/riscontro/marks1.xml");
    for length in (0..marks.len()).filter(|l| marks.is_char_boundary(*l)).step_by(53) {
        let cut = changed(
            &bytes,
            |name, text| {
                if name == "xl/riscontro/marks1.xml" { text[..length].to_owned() } else { text }
            },
        );
        let stripped = strip(&cut).unwrap();
        valid::check(&stripped);
        assert_eq!(cells(&stripped), cells(&rich()));
    }
}
