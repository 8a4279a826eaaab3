//! The styles part: lists are appended to, what is there keeps its index.

use std::collections::BTreeSet;

use super::book::Book;
use crate::ingest::OWN_FOLDER;
use crate::model::{Error, ErrorKind};
use crate::package::{Outline, Overlay, Part, Splice, numbers_after};

const STYLES_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
/// Order of the children of `styleSheet` (ECMA-376 part 1, 18.8.39).
const ORDER: &[&str] = &[
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
];

/// The least id of number formats of our own, and how many there are at most.
const FIRST_NUMBER_FORMAT: u64 = 201;
const NUMBER_FORMATS: u64 = 64;

/// The styles of the workbook, and what is added to them.
pub(super) struct Styles {
    part: Option<Part>,
    xml: String,
    outline: Outline,
    splice: Splice,
}

impl Styles {
    /// Reads the styles; a workbook may have none, then they are made.
    pub(super) fn open(package: &mut Overlay<'_>, book: &Book) -> Result<Self, Error> {
        let part = match book.relations.iter().find(|r| r.is("styles")) {
            Some(relation) => package.part(&relation.target)?,
            None => None,
        };
        let mut xml = part.as_ref().map_or_else(|| minimal(book.dialect.main), |p| p.xml.clone());
        let mut outline = Outline::of(&xml)?;
        // Formats of our own would come first and be those of every cell.
        if outline.children.is_empty() {
            xml = minimal(book.dialect.main);
            outline = Outline::of(&xml)?;
        }
        Ok(Self { part, xml, outline, splice: Splice::default() })
    }

    /// Appends to a list, which may be done once for each, in the order of the schema. Returns the index of the
    /// first new element.
    pub(super) fn append(&mut self, list: &str, fragment: &str, items: usize) -> Result<usize, Error> {
        if items == 0 {
            return Ok(0);
        }
        self.splice.append_list(&self.xml, &self.outline, (list, ORDER), fragment, items)
    }

    /// Refuses to add so many elements to a list that spreadsheet programs would not open the workbook.
    pub(super) fn has_room(&self, list: &str, items: usize, most: usize) -> Result<(), Error> {
        let before = match self.outline.child(list) {
            Some(element) => Outline::inside(&self.xml, element)?.children.len(),
            None => 0,
        };
        if before + items <= most {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::TooLarge,
            format!("la cartella ha {before} formati di cella: non c'è posto per quelli dei fogli dei rilievi"),
            format!("the workbook has {before} cell formats: there is no room for those of the report sheets"),
        ))
    }

    /// The first id for number formats of our own, with free ones behind it.
    pub(super) fn free_number_format(&self) -> u64 {
        let used: BTreeSet<u64> =
            numbers_after(&self.xml, "numFmtId=\"").chain(numbers_after(&self.xml, "numFmtId='")).collect();
        let mut first = FIRST_NUMBER_FORMAT;
        for id in used.range(first..) {
            if *id >= first + NUMBER_FORMATS {
                break;
            }
            first = id + 1;
        }
        first
    }

    /// Puts the changed part into the package.
    pub(super) fn finish(self, package: &mut Overlay<'_>, book: &Book) -> Result<(), Error> {
        if let Some(part) = self.part {
            if part.xml == self.xml {
                return package.patch(part, self.splice);
            }
            let (text, _) = self.splice.apply(&self.xml)?;
            let mut whole = Splice::default();
            whole.replace(0..part.xml.len(), text);
            return package.patch(part, whole);
        }
        let name = package.free_name(&format!("{OWN_FOLDER}styles"), ".xml");
        let (text, _) = self.splice.apply(&self.xml)?;
        package.add(&name, STYLES_TYPE, text)?;
        package.relate(&book.part.name, &book.dialect.relation("styles"), &name)?;
        Ok(())
    }
}

fn minimal(namespace: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"{namespace}\">\
         <fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
         <fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
         <cellXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs>\
         </styleSheet>"
    )
}
