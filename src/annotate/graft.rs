//! The report sheets, made as a workbook of their own, become sheets of the user's.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::book::{BOOK_ORDER, Book};
use super::restyle::{Offsets, Strings, restyle};
use super::styles::Styles;
use crate::ingest::{OWN_FOLDER, OWN_NAME};
use crate::model::Error;
use crate::package::{
    Element, Outline, Overlay, Splice, attribute, damaged, escape, prefixed, relations_of, with_attribute,
};
use crate::sheets::SheetNames;

const TABLE_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml";

/// Cell formats that Excel takes.
const MAX_FORMATS: usize = 65_490;

/// The first number format that is not built in.
const CUSTOM_FORMATS: usize = 164;

/// Names for the report sheets that no sheet of the user has.
pub(super) fn free_names(wanted: SheetNames, book: &Book) -> SheetNames {
    let used: BTreeSet<String> = book.sheets.iter().map(|s| s.name.to_lowercase()).collect();
    let free = |name: String| {
        let mut number = 2;
        let mut candidate = name.clone();
        while used.contains(&candidate.to_lowercase()) {
            candidate = format!("{name} ({number})");
            number += 1;
        }
        candidate
    };
    SheetNames { findings: free(wanted.findings), recap: free(wanted.recap) }
}

/// The report workbook while it is carried over.
pub(super) struct Graft<'a> {
    report: Overlay<'a>,
    book: Book,
    folder: String,
}

impl<'a> Graft<'a> {
    /// Opens the bytes of a report workbook.
    pub(super) fn open(bytes: &'a [u8], package: &Overlay<'_>) -> Result<Self, Error> {
        let mut report = Overlay::open(bytes)?;
        let book = Book::open(&mut report)?;
        let mut folder = OWN_FOLDER.to_owned();
        let mut number = 2;
        while report.names().any(|name| package.has(&grafted(&folder, name))) {
            folder = format!("{OWN_FOLDER}{number}/");
            number += 1;
        }
        Ok(Self { report, book, folder })
    }

    /// Appends the report's styles, and `marks` (differential formats, and how many they are) before its own.
    pub(super) fn add_styles(&mut self, styles: &mut Styles, marks: (&str, usize)) -> Result<(Offsets, usize), Error> {
        let part = self.report.needed("xl/styles.xml")?;
        let xml = part.xml;
        let outline = Outline::of(&xml)?;
        let list = |local: &str| -> Result<Vec<&str>, Error> {
            let Some(element) = outline.child(local) else { return Ok(Vec::new()) };
            let children = Outline::inside(&xml, element)?.children;
            Ok(children.iter().map(|c| xml.get(c.start..c.end).unwrap_or_default()).collect())
        };
        let first_number = usize::try_from(styles.free_number_format()).unwrap_or(CUSTOM_FORMATS);
        let number_format = |id: usize| if id < CUSTOM_FORMATS { id } else { id - CUSTOM_FORMATS + first_number };
        let numbers = list("numFmts")?;
        let renumbered: String = numbers.iter().map(|e| moved(e, "numFmtId", number_format)).collect();
        styles.append("numFmts", &renumbered, numbers.len())?;
        let mut append = |local: &str| -> Result<usize, Error> {
            let elements = list(local)?;
            styles.append(local, &elements.concat(), elements.len())
        };
        let (fonts, fills, borders) = (append("fonts")?, append("fills")?, append("borders")?);
        let formats = list("cellXfs")?;
        styles.has_room("cellXfs", formats.len(), MAX_FORMATS)?;
        let text: String = formats
            .iter()
            .map(|e| {
                let e = moved(e, "numFmtId", number_format);
                let e = moved(&e, "fontId", |i| i + fonts);
                let e = moved(&e, "fillId", |i| i + fills);
                let e = moved(&e, "borderId", |i| i + borders);
                moved(&e, "xfId", |_| 0)
            })
            .collect();
        let formats = styles.append("cellXfs", &text, formats.len())?;
        let own = list("dxfs")?;
        let first = styles.append("dxfs", &format!("{}{}", marks.0, own.concat()), marks.1 + own.len())?;
        Ok((Offsets { formats, differential: first + marks.1 }, first))
    }

    /// Adds the parts of the report sheets to the package and the sheets to its workbook.
    pub(super) fn add_sheets(
        mut self,
        package: &mut Overlay<'_>,
        book: &Book,
        offsets: Offsets,
    ) -> Result<Splice, Error> {
        let strings = self.strings()?;
        let mut tables = Tables::of(package, book)?;
        let mut entries = Vec::new();
        for sheet in self.book.sheets.clone() {
            let source = sheet.part.ok_or_else(|| damaged("a report sheet without its part"))?;
            let mut seen = BTreeSet::new();
            let mut to_do = vec![source.clone()];
            while let Some(name) = to_do.pop() {
                if seen.insert(name.clone()) {
                    let part = self.report.needed(&name)?;
                    let text = if name == source {
                        restyle(&part.xml, &strings, offsets)?
                    } else if self.report.types()?.of(&name) == Some(TABLE_TYPE) {
                        tables.renamed(&part.xml)?
                    } else {
                        part.xml
                    };
                    self.carry(package, book, &name, text)?;
                    let relations = self.report.relationships(&name)?;
                    to_do.extend(relations.into_iter().filter(|r| !r.external).map(|r| r.target));
                }
            }
            let id = package.relate(
                &book.part.name,
                &book.dialect.relation("worksheet"),
                &grafted(&self.folder, &source),
            )?;
            entries.push((sheet.name, id));
        }
        self.enter(book, &entries)
    }

    /// Copies one part with its relationships, which are relative and hold in the new folder too.
    fn carry(&mut self, package: &mut Overlay<'_>, book: &Book, name: &str, text: String) -> Result<(), Error> {
        let target = grafted(&self.folder, name);
        let content_type = self.report.types()?.of(name).unwrap_or_default().to_owned();
        package.add(&target, &content_type, book.dialect.translate(text))?;
        if let Some(relations) = self.report.part(&relations_of(name))? {
            package.add_untyped(&relations_of(&target), book.dialect.translate(relations.xml));
        }
        Ok(())
    }

    fn strings(&mut self) -> Result<Strings, Error> {
        let part = self.report.part("xl/sharedStrings.xml")?;
        part.map_or_else(|| Ok(Strings::default()), |part| Strings::of(part.xml))
    }

    /// The changes of the user's workbook part: the sheets, and the defined names that go with them.
    fn enter(&self, book: &Book, entries: &[(String, String)]) -> Result<Splice, Error> {
        let xml = &book.part.xml;
        let prefix = book.outline.prefix();
        let list = book.outline.child("sheets").ok_or_else(|| damaged("no sheets"))?;
        let before = Outline::inside(xml, list)?.children;
        let used = before.iter().filter_map(|s| attribute(s.tag(xml), "sheetId")?.parse().ok()).collect();
        let sheet = |((name, relation), id): (&(String, String), u32)| {
            let name = escape(name);
            let space = book.dialect.relations;
            format!("<{prefix}sheet name=\"{name}\" sheetId=\"{id}\" xmlns:r=\"{space}\" r:id=\"{relation}\"/>")
        };
        let sheets: String = entries.iter().zip(free_ids(&used)).map(sheet).collect();
        let mut splice = Splice::default();
        splice.append_inside(xml, list, &sheets);
        let mut names = self.local_names(before.len())?;
        for (number, (name, _)) in (1..).zip(entries) {
            let target = escape(&format!("'{}'!$A$1", name.replace('\'', "''")));
            let _ = write!(names, "<definedName name=\"{OWN_NAME}{number}\" hidden=\"1\">{target}</definedName>");
        }
        let names = prefixed(&names, prefix);
        match book.outline.child("definedNames") {
            Some(list) => splice.append_inside(xml, list, &names),
            None => splice.insert(
                book.outline.slot(BOOK_ORDER, "definedNames"),
                format!("<{prefix}definedNames>{names}</{prefix}definedNames>"),
            ),
        }
        Ok(splice)
    }

    /// The report's own defined names (titles to repeat in print), for sheets that stand `by` places further on.
    fn local_names(&self, by: usize) -> Result<String, Error> {
        let xml = &self.book.part.xml;
        let Some(list) = self.book.outline.child("definedNames") else { return Ok(String::new()) };
        let names = Outline::inside(xml, list)?.children;
        let local = names.iter().filter(|n| attribute(n.tag(xml), "localSheetId").is_some());
        Ok(local.map(|n| moved(n.text(xml), "localSheetId", |i| i + by)).collect())
    }
}

/// Ids that are not taken, the smallest first: one behind the greatest might be none.
fn free_ids(used: &BTreeSet<u32>) -> impl Iterator<Item = u32> {
    (1..).filter(|id| !used.contains(id))
}

/// The part's name in the user's package.
fn grafted(folder: &str, name: &str) -> String {
    format!("{folder}{}", name.strip_prefix("xl/").unwrap_or(name))
}

/// An element with a number in its start tag changed, if it has that attribute.
fn moved(element: &str, name: &str, change: impl Fn(usize) -> usize) -> String {
    let end = element.find('>').map_or(element.len(), |i| i + 1);
    let (tag, rest) = element.split_at_checked(end).unwrap_or((element, ""));
    match attribute(tag, name).and_then(|v| v.parse().ok()) {
        Some(number) => format!("{}{rest}", with_attribute(tag, name, &change(number).to_string())),
        None => element.to_owned(),
    }
}

/// Ids and names of tables that are taken.
struct Tables {
    ids: BTreeSet<u32>,
    names: BTreeSet<String>,
}

impl Tables {
    /// Table names share their space with defined names.
    fn of(package: &mut Overlay<'_>, book: &Book) -> Result<Self, Error> {
        let mut tables = Self { ids: BTreeSet::new(), names: BTreeSet::new() };
        for name in package.types()?.parts_of(TABLE_TYPE) {
            let Some(part) = package.part(&name)? else { continue };
            let root = Outline::of(&part.xml)?.root;
            let tag = root.tag(&part.xml);
            tables.ids.extend(attribute(tag, "id").and_then(|i| i.parse::<u32>().ok()));
            tables.names.extend(attribute(tag, "displayName").map(|n| n.to_lowercase()));
        }
        tables.names.extend(book.defined_names()?.into_iter().map(|(name, _)| name.to_lowercase()));
        Ok(tables)
    }

    /// A table part under a free id and name.
    fn renamed(&mut self, xml: &str) -> Result<String, Error> {
        let root: Element = Outline::of(xml)?.root;
        let tag = root.tag(xml);
        let id = free_ids(&self.ids).next().unwrap_or(1);
        let wanted = attribute(tag, "displayName").unwrap_or_default();
        let mut name = wanted.clone();
        let mut number = 2;
        while self.names.contains(&name.to_lowercase()) {
            name = format!("{wanted}{number}");
            number += 1;
        }
        self.ids.insert(id);
        self.names.insert(name.to_lowercase());
        let tag = with_attribute(tag, "id", &id.to_string());
        let tag = with_attribute(&with_attribute(&tag, "name", &name), "displayName", &name);
        let (before, behind) = (xml.get(..root.start), xml.get(root.open_end..));
        Ok(format!("{}{tag}{}", before.unwrap_or_default(), behind.unwrap_or_default()))
    }
}
