//! What a sheet part says beside its cells: merged areas, answer lists, hidden columns, header and footer.

use crate::model::{Area, CellRef, Error};
use crate::package::{Markup, Node, Tag};

/// Sections of headers and footers that are kept: six texts of three sections each, as many as a sheet can have.
pub(crate) const SECTIONS: usize = 18;

/// A list of admitted answers before its options are looked up.
#[derive(Debug, Clone, Default)]
pub(crate) struct List {
    pub(crate) areas: Vec<Area>,
    pub(crate) formula: String,
}

/// What stands in the sheet part beside the cells.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    pub(crate) merged: Vec<Area>,
    pub(crate) hidden_cols: Vec<u32>,
    pub(crate) lists: Vec<List>,
    pub(crate) header_footer: Vec<String>,
}

/// Reads the skeleton of a sheet. What is malformed is passed over.
pub(crate) fn read(xml: &[u8]) -> Result<Around, Error> {
    let mut around = Around::default();
    // How many column declarations hide, by their first column and the one behind their last.
    let mut changes = vec![0i64; CellRef::MAX_COL as usize + 2];
    let mut list: Option<List> = None;
    let mut markup = Markup::new(xml);
    while let Some(node) = markup.next()? {
        let tag = match node {
            Node::Open(tag) => tag,
            Node::Close(name) if name == "dataValidation" => {
                around.lists.extend(list.take().filter(|l| !l.areas.is_empty()));
                continue;
            }
            _ => continue,
        };
        match tag.name() {
            "mergeCell" => around.merged.extend(tag.attr("ref").and_then(|r| Area::parse(&r))),
            "col" => hide(&tag, &mut changes),
            "dataValidation" => {
                list = (tag.attr("type").as_deref() == Some("list"))
                    .then(|| List { areas: areas(&tag.attr("sqref").unwrap_or_default()), formula: String::new() });
            }
            // In extensions the areas stand in an element of their own.
            "sqref" => {
                let text = markup.text()?;
                if let Some(list) = &mut list {
                    list.areas.extend(areas(&text));
                }
            }
            "formula1" => {
                let text = markup.text()?;
                if let Some(list) = &mut list {
                    list.formula = text;
                }
            }
            "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter" => {
                let text = markup.text()?;
                for section in sections(&text).into_iter().take(SECTIONS) {
                    if around.header_footer.len() < SECTIONS && !around.header_footer.contains(&section) {
                        around.header_footer.push(section);
                    }
                }
            }
            _ => {}
        }
    }
    around.merged.sort_unstable();
    around.merged.dedup();
    let mut depth = 0;
    for (col, change) in (0..=CellRef::MAX_COL).zip(changes) {
        depth += change;
        if depth > 0 {
            around.hidden_cols.push(col);
        }
    }
    Ok(around)
}

fn hide(col: &Tag<'_>, changes: &mut [i64]) {
    let invisible = col.is("hidden") || col.attr("width").is_some_and(|w| w.parse() == Ok(0.0));
    let (first, last) = (col.number("min").unwrap_or(0), col.number("max").unwrap_or(0));
    let last = last.min(CellRef::MAX_COL + 1);
    if invisible && (1..=last).contains(&first) {
        for (at, by) in [(first - 1, 1), (last, -1)] {
            if let Some(change) = changes.get_mut(at as usize) {
                *change += by;
            }
        }
    }
}

fn areas(text: &str) -> Vec<Area> {
    text.split_ascii_whitespace().filter_map(area).collect()
}

/// An area, also of whole columns (`A:C`) or whole rows (`1:3`).
pub(crate) fn area(text: &str) -> Option<Area> {
    let text = text.replace('$', "");
    if let Some(area) = Area::parse(&text) {
        return Some(area);
    }
    let (a, b) = text.split_once(':')?;
    let cols = || Area::parse(&format!("{a}1:{b}{}", CellRef::MAX_ROW + 1));
    let rows = || Area::parse(&format!("A{a}:XFD{b}"));
    if a.bytes().chain(b.bytes()).all(|c| c.is_ascii_alphabetic()) { cols() } else { rows() }
}

/// The sections of a header or footer that hold text, without the codes that format it.
fn sections(text: &str) -> Vec<String> {
    let mut sections = Vec::new();
    let mut current = String::new();
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if c != '&' {
            current.push(c);
            continue;
        }
        match letters.next() {
            Some('&') => current.push('&'),
            Some('L' | 'C' | 'R') => sections.push(std::mem::take(&mut current)),
            Some('"') => drop(letters.by_ref().find(|&c| c == '"')),
            Some('K') => {
                // A colour: six hexadecimal digits, or theme, sign and shade.
                for _ in 0..6 {
                    letters.next_if(|c| c.is_ascii_hexdigit() || matches!(c, '+' | '-'));
                }
            }
            Some(d) if d.is_ascii_digit() => while letters.next_if(char::is_ascii_digit).is_some() {},
            // Page, date, file, picture, bold and so on.
            Some(_) | None => {}
        }
    }
    sections.push(current);
    sections.iter().map(|s| tidy(s)).filter(|s| !s.is_empty()).collect()
}

/// A section of a header or footer: its lines, blank ones left out, with single blanks.
pub(crate) fn tidy(section: &str) -> String {
    let lines = section.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_codes_are_left_out() {
        assert_eq!(
            sections("&LComune di Prova&C&\"Arial,Bold\"&14Registro &A&RPag. &P di &N"),
            ["Comune di Prova", "Registro", "Pag. di"]
        );
        assert_eq!(sections("&K01+000Ricerca && sviluppo"), ["Ricerca & sviluppo"]);
        assert!(sections("&L&C&R&P").is_empty());
        assert_eq!(sections("&CComune  di Prova \r\n\n&BPiano 2024"), ["Comune di Prova\nPiano 2024"]);
    }

    #[test]
    fn whole_columns_and_rows_are_areas() {
        assert_eq!(area("$A:$C").unwrap().to_string(), "A1:C1048576");
        assert_eq!(area("2:3").unwrap().to_string(), "A2:XFD3");
        assert_eq!(area("$B$2:$B$9").unwrap().to_string(), "B2:B9");
        assert_eq!(area("Elenco"), None);
        assert_eq!(area("A:"), None);
    }

    #[test]
    fn a_skeleton_tells_what_stands_around() {
        let xml = br#"<worksheet xmlns:x14="x" xmlns:xm="m"><cols><col min="2" max="3" hidden="1"/><col min="3" max="5" width="0"/>
            <col min="9" max="8" hidden="1"/><col min="x" hidden="1"/></cols><sheetData/>
            <mergeCells><mergeCell ref="C1:D2"/><mergeCell ref="A1:B1"/><mergeCell ref="ZZZZ1"/></mergeCells>
            <dataValidations><dataValidation type="list" sqref="A1:A3 C9"><formula1>"Si,No"</formula1></dataValidation>
            <dataValidation type="whole" sqref="B1"><formula1>1</formula1></dataValidation></dataValidations>
            <extLst><ext><x14:dataValidation type="list"><x14:formula1><xm:f>Elenchi!$A$1:$A$2</xm:f></x14:formula1>
            <xm:sqref>E1</xm:sqref></x14:dataValidation></ext></extLst></worksheet>"#;
        let around = read(xml).unwrap();
        assert_eq!(around.hidden_cols, [1, 2, 3, 4]);
        assert_eq!(around.merged.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A1:B1", "C1:D2"]);
        let lists: Vec<_> = around.lists.iter().map(|l| (l.areas.len(), l.formula.as_str())).collect();
        assert_eq!(lists, [(2, "\"Si,No\""), (1, "Elenchi!$A$1:$A$2")]);
    }
}
