//! Workbooks to [`Grid`]: what a file is, its cells, and what stands around them.
//!
//! A file that is not read is refused in one sentence. Links, macros and queries are never followed. What the
//! workbook means is for others to say.

mod beside;
mod cells;
mod dates;
mod delimited;
mod drawings;
mod formats;
mod front;
mod lists;
mod markdown;
mod ods;
mod own;
mod refuse;
mod sheet;
mod span;
mod texts;
mod workbook;
mod xls;
mod xlsb;

use std::fmt::Write as _;
use std::sync::Arc;

use crate::model::{Bilingual, Error, Grid, Lang, Scalar, Sheet};
use crate::package::{Container, Limits, Package, Rel, TextKind, corrupt, enveloped, sniff};
use beside::Beside;
use cells::Reader;
use lists::Lookup;
pub(crate) use own::begins_as_ours;
pub(crate) use span::our_span;
use texts::Texts;
use workbook::Workbook;
pub(crate) use workbook::sheet_of;

/// The folder of a workbook that holds our own report sheets: they are never read as the user's.
pub const OWN_FOLDER: &str = "xl/riscontro/";
/// Beginning of the hidden defined names that lead to our own report sheets. Programs that save the workbook again
/// keep them, but not the folder.
pub const OWN_NAME: &str = "_riscontro.";
/// The author of our own notes: they are never read as the user's.
pub const OWN_AUTHOR: &str = "Riscontro";
/// The line of a note behind which our own text stands, appended to the user's.
pub const OWN_LINE: &str = "— Riscontro —";

/// Envelopes one inside another.
const ENVELOPES: usize = 4;

/// Reads a workbook. `name` is the file name; only its extension matters, and only to the sentences.
pub fn read(bytes: impl Into<Arc<[u8]>>, name: &str, limits: &Limits) -> Result<Grid, Error> {
    let bytes = bytes.into();
    let Some(inside) = signed(&bytes) else { return read_document(bytes, name, limits) };
    let mut grid = read_document(inside, refuse::without_envelope(name), limits)?;
    grid.remarks.insert(
        0,
        Bilingual::new(
            "il documento viene da una busta firmata .p7m: firma non verificata",
            "the document comes out of a signed .p7m envelope: signature not verified",
        ),
    );
    Ok(grid)
}

/// The document in a signed envelope, or in one inside another; `None` for what is none, or is damaged. Signatures are
/// not verified.
pub fn signed(bytes: &[u8]) -> Option<Arc<[u8]>> {
    let mut inside = None;
    for _ in 0..ENVELOPES {
        let bytes = inside.as_deref().unwrap_or(bytes);
        if sniff(bytes) != Container::P7m {
            break;
        }
        inside = Some(enveloped(bytes)?);
    }
    inside.map(Arc::from)
}

fn read_document(bytes: Arc<[u8]>, name: &str, limits: &Limits) -> Result<Grid, Error> {
    let container = sniff(&bytes);
    if own::is_result(&bytes) {
        return Err(refuse::own_result());
    }
    let (form, read) = match container {
        // Markdown may begin with markup of the web.
        Container::Text(_) | Container::Html | Container::Xml if refuse::is_named_markdown(name) => {
            (&refuse::MARKDOWN, markdown::read(&bytes, name, limits))
        }
        Container::Text(kind)
            if kind != TextKind::Csv && (markdown::has_table(&bytes) || markdown::has_outline(&bytes)) =>
        {
            (&refuse::MARKDOWN, markdown::read(&bytes, name, limits))
        }
        Container::Text(kind) if refuse::is_delimited(kind, name) => {
            (&refuse::DELIMITED, delimited::read(&bytes, name, limits))
        }
        Container::Xls => (&refuse::XLS, xls::read(&bytes, limits)),
        Container::Xlsb => (&refuse::XLSB, Package::open(bytes, limits).and_then(|package| xlsb::read(&package))),
        Container::Ods => {
            (&refuse::ODS, Package::open_for(bytes, ods::PARTS, limits).and_then(|package| ods::read(&package)))
        }
        _ => return read_package(&open_as(container, bytes, name, limits)?, name),
    };
    let mut grid = read?;
    grid.remarks.splice(0..0, refuse::wrong_extension(name, form));
    grid.remarks.extend(uncalculated(&grid.sheets));
    Ok(grid)
}

/// The text of a file of Markdown, whatever its encoding.
///
/// # Errors
///
/// A text that is longer than the limits allow, or bytes that are none.
pub fn markdown_text(bytes: &[u8], limits: &Limits) -> Result<String, Error> {
    markdown::decoded(bytes, limits)
}

/// Whether an annotated copy of these bytes can be the workbook itself with marks put on it; else it is a new
/// workbook of the same content.
pub fn is_xml_workbook(bytes: &[u8]) -> bool {
    matches!(sniff(bytes), Container::Xlsx | Container::Zip)
}

/// Opens the container of a workbook, for callers that need its parts too: first half of [`read`].
pub fn open(bytes: impl Into<Arc<[u8]>>, name: &str, limits: &Limits) -> Result<Package, Error> {
    let bytes = bytes.into();
    open_as(sniff(&bytes), bytes, name, limits)
}

fn open_as(container: Container, bytes: Arc<[u8]>, name: &str, limits: &Limits) -> Result<Package, Error> {
    match refuse::refuse(container, name) {
        Some(error) => Err(error),
        None => Package::open(bytes, limits),
    }
}

/// Reads a workbook whose container is open: second half of [`read`].
pub fn read_package(package: &Package, name: &str) -> Result<Grid, Error> {
    let rels = package.rels("")?;
    let is_main = |r: &&Rel| r.kind == "officeDocument" && !r.external && package.is_xml(&r.target);
    let main = rels.iter().find(is_main).ok_or_else(refuse::no_workbook)?;
    if !package.has("[Content_Types].xml") {
        return Err(corrupt("manca l'elenco dei tipi delle parti", "the list of the parts' types is missing"));
    }
    let workbook = Workbook::read(package, &main.target)?;
    let styles = match workbook.styles.as_deref().map(|s| package.part(s)).transpose()?.flatten() {
        Some(xml) => formats::read(&xml)?,
        None => Vec::new(),
    };
    let texts = Texts::read(package, workbook.strings.as_deref())?;
    let mut reader = Reader::new(package, texts, styles, workbook.date1904);
    let mut beside = Beside::new(package, &workbook)?;
    let (mut sheets, mut lists, mut positions) = (Vec::new(), Vec::new(), Vec::new());
    let marked = workbook.marked();
    for (position, listed) in workbook.beyond_own_folder() {
        let (cells, skeleton) = reader.sheet(&listed.name, &listed.part)?;
        let (sheet, list) = beside.sheet(listed, skeleton)?;
        // Other programs move our sheets to parts of their own naming, but keep hidden names.
        if marked.contains(&listed.name) && own::begins(&cells) || own::is_report(&cells) {
            continue;
        }
        sheets.push(Sheet { cells, ..sheet });
        lists.push(list);
        positions.push(*position);
    }
    package.check_rest()?;
    if sheets.is_empty() {
        return Err(refuse::no_sheets());
    }
    let mut lookup = Lookup::new(&sheets, &positions, &workbook.names);
    let dropdowns: Vec<_> = lists.into_iter().enumerate().map(|(i, list)| lookup.dropdowns(i, list)).collect();
    let cut = lookup.cut;
    for (sheet, dropdowns) in sheets.iter_mut().zip(dropdowns) {
        sheet.dropdowns = dropdowns;
    }
    let mut remarks = remarks(name, workbook.external_links, cut);
    remarks.extend(uncalculated(&sheets));
    Ok(Grid { sheets, remarks })
}

/// Cells that a remark names.
const NAMED: usize = 8;

/// What is to be said of formulas whose result no program computed: they are no blanks.
fn uncalculated(sheets: &[Sheet]) -> Option<Bilingual> {
    let mut cells = sheets.iter().flat_map(|s| {
        let of = s.cells.iter().filter(|c| c.value == Scalar::Uncalculated);
        of.map(|c| (&*s.name, c.at))
    });
    let first: Vec<_> = cells.by_ref().take(NAMED).collect();
    let more = cells.count();
    let mut names = String::new();
    let mut sheet = None;
    for (name, at) in &first {
        names.push_str(if names.is_empty() { "" } else { ", " });
        if sheet.replace(name) != Some(name) {
            let _ = write!(names, "«{name}» ");
        }
        let _ = write!(names, "{at}");
    }
    let (it_more, en_more) = (Lang::It.and_more(more, true), Lang::En.and_more(more, true));
    let en_names = names.replace('«', "“").replace('»', "”");
    match first.len() + more {
        0 => None,
        1 => Some(Bilingual::new(
            format!(
                "una formula senza valore calcolato ({names}), che quindi non si può leggere: aprire il file con Excel o LibreOffice e salvarlo"
            ),
            format!(
                "a formula without a computed value ({en_names}), which therefore cannot be read: open the file with Excel or LibreOffice and save it"
            ),
        )),
        n => Some(Bilingual::new(
            format!(
                "{n} formule senza valore calcolato ({names}{it_more}), che quindi non si possono leggere: aprire il file con Excel o LibreOffice e salvarlo"
            ),
            format!(
                "{n} formulas without a computed value ({en_names}{en_more}), which therefore cannot be read: open the file with Excel or LibreOffice and save it"
            ),
        )),
    }
}

/// What is to be said of links to other workbooks.
fn followed_not() -> Bilingual {
    Bilingual::new(
        "la cartella ha collegamenti ad altri file, che non vengono seguiti: valgono gli ultimi valori salvati",
        "the workbook has links to other files, which are not followed: the last saved values hold",
    )
}

fn remarks(name: &str, external_links: bool, cut: bool) -> Vec<Bilingual> {
    let mut remarks: Vec<_> = refuse::wrong_extension(name, &refuse::WORKBOOK).into_iter().collect();
    if external_links {
        remarks.push(followed_not());
    }
    remarks.extend(cut.then(cut_lists));
    remarks
}

/// What is to be said of answer lists beyond the bound.
fn cut_lists() -> Bilingual {
    Bilingual::new(
        "alcuni elenchi a discesa sono troppo grandi e non sono stati letti",
        "some drop-down lists are too large and were not read",
    )
}
