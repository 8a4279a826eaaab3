//! The workbook part: which sheets there are and where, and which dialect of the format it speaks.

use crate::model::{Error, ErrorKind};
use crate::package::{Outline, Overlay, Part, Relationship, attribute, attribute_local};

/// Order of the children of `workbook` (ECMA-376 part 1, 18.2.27).
pub(super) const BOOK_ORDER: &[&str] = &[
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
    "calcPr",
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
];

/// Order of the children of `worksheet` (ECMA-376 part 1, 18.3.1.99).
pub(super) const SHEET_ORDER: &[&str] = &[
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];

const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

/// The URIs of a dialect: transitional, or strict as few programs write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Beginning of the types of relationships, and the namespace of `r:id`.
    pub(super) relations: &'static str,
    /// The main namespace.
    pub(super) main: &'static str,
    /// Whether it is the strict one.
    pub(super) strict: bool,
}

impl Dialect {
    const TRANSITIONAL: Self = Self {
        relations: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        main: "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        strict: false,
    };
    const STRICT: Self =
        Self { relations: STRICT, main: "http://purl.oclc.org/ooxml/spreadsheetml/main", strict: true };

    /// The type of a relationship.
    pub(super) fn relation(self, kind: &str) -> String {
        format!("{}/{kind}", self.relations)
    }

    /// A text written in the transitional dialect, in this one.
    pub(super) fn translate(self, text: String) -> String {
        if !self.strict {
            return text;
        }
        let mut text = text
            .replace(Self::TRANSITIONAL.main, Self::STRICT.main)
            .replace(Self::TRANSITIONAL.relations, Self::STRICT.relations);
        for kind in ["main", "spreadsheetDrawing", "chart"] {
            let from = format!("http://schemas.openxmlformats.org/drawingml/2006/{kind}\"");
            text = text.replace(&from, &format!("http://purl.oclc.org/ooxml/drawingml/{kind}\""));
        }
        text
    }
}

/// One sheet of the workbook.
#[derive(Debug, Clone)]
pub(super) struct SheetEntry {
    /// Name on its tab.
    pub(super) name: String,
    /// Its part, if it is a worksheet.
    pub(super) part: Option<String>,
}

/// The workbook part, read.
pub(super) struct Book {
    /// The part.
    pub(super) part: Part,
    /// Its children.
    pub(super) outline: Outline,
    /// The dialect.
    pub(super) dialect: Dialect,
    /// All sheets in the order of their tabs.
    pub(super) sheets: Vec<SheetEntry>,
    /// Relationships of the workbook.
    pub(super) relations: Vec<Relationship>,
    /// Ids of the relationships of the package that lead to its signatures.
    pub(super) signatures: Vec<String>,
}

impl Book {
    /// Reads the workbook part of a package.
    pub(super) fn open(package: &mut Overlay<'_>) -> Result<Self, Error> {
        let root = package.relationships("")?;
        let main = root.iter().find(|r| r.is("officeDocument")).ok_or_else(not_a_workbook)?;
        let dialect = if main.kind.starts_with(STRICT) { Dialect::STRICT } else { Dialect::TRANSITIONAL };
        let signatures = root.iter().filter(|r| r.kind.contains("digital-signature"));
        let signatures = signatures.map(|r| r.id.clone()).collect();
        let part = package.needed(&main.target)?;
        let outline = Outline::of(&part.xml)?;
        let relations = package.relationships(&part.name)?;
        let list = outline.child("sheets").ok_or_else(not_a_workbook)?;
        let sheets = Outline::inside(&part.xml, list)?
            .children
            .iter()
            .map(|element| {
                let tag = element.tag(&part.xml);
                let id = attribute_local(tag, "id").unwrap_or_default();
                let worksheet = relations.iter().find(|r| r.id == id && r.is("worksheet"));
                SheetEntry {
                    name: attribute(tag, "name").unwrap_or_default(),
                    part: worksheet.map(|r| r.target.clone()),
                }
            })
            .collect();
        Ok(Self { part, outline, dialect, sheets, relations, signatures })
    }

    /// The names and texts of the defined names that hold for the whole workbook.
    pub(super) fn global_names(&self) -> Result<Vec<(String, String)>, Error> {
        self.names(|tag| attribute(tag, "localSheetId").is_none())
    }

    /// The names and texts of the defined names.
    pub(super) fn defined_names(&self) -> Result<Vec<(String, String)>, Error> {
        self.names(|_| true)
    }

    fn names(&self, wanted: impl Fn(&str) -> bool) -> Result<Vec<(String, String)>, Error> {
        let Some(list) = self.outline.child("definedNames") else { return Ok(Vec::new()) };
        let names = Outline::inside(&self.part.xml, list)?.children;
        let name = |e: &crate::package::Element| {
            let name = attribute(e.tag(&self.part.xml), "name").unwrap_or_default();
            (name, crate::package::unescape(e.inner(&self.part.xml)).into_owned())
        };
        Ok(names.iter().filter(|e| wanted(e.tag(&self.part.xml))).map(name).collect())
    }
}

fn not_a_workbook() -> Error {
    Error::new(ErrorKind::Unsupported, "non è una cartella di lavoro XLSX", "it is not an XLSX workbook")
}
