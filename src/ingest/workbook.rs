//! The workbook part: its sheets, names and settings.

use std::collections::{BTreeMap, BTreeSet};

use super::{OWN_FOLDER, OWN_NAME};
use crate::model::{Error, Visibility};
use crate::package::{Markup, Node, Package, Rel, corrupt};

/// A worksheet as the workbook lists it.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) visibility: Visibility,
    /// The part that holds it.
    pub(crate) part: String,
}

/// A defined name.
#[derive(Debug, Clone)]
pub(crate) struct DefinedName {
    pub(crate) name: String,
    /// Position, among all sheets of the workbook, of the one it belongs to.
    pub(crate) local: Option<u32>,
    pub(crate) formula: String,
}

/// What the workbook part says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workbook {
    /// Worksheets with their positions among all sheets; chart and macro sheets hold no cells and are left out.
    pub(crate) sheets: Vec<(u32, Listed)>,
    pub(crate) names: Vec<DefinedName>,
    /// Serial 0 is 1 January 1904.
    pub(crate) date1904: bool,
    pub(crate) external_links: bool,
    pub(crate) strings: Option<String>,
    pub(crate) styles: Option<String>,
    pub(crate) persons: Vec<String>,
}

impl Workbook {
    /// The worksheets that no folder of ours holds, with their positions.
    pub(crate) fn beyond_own_folder(&self) -> impl Iterator<Item = &(u32, Listed)> {
        self.sheets.iter().filter(|(_, s)| !s.part.to_lowercase().starts_with(OWN_FOLDER))
    }

    /// The names of the sheets that hidden names of ours lead to; a name that belongs to a sheet was copied with it.
    pub(crate) fn marked(&self) -> BTreeSet<String> {
        let ours = self.names.iter().filter(|n| n.local.is_none() && n.name.starts_with(OWN_NAME));
        ours.map(|n| sheet_of(&n.formula)).collect()
    }

    /// Reads the workbook part named `part`.
    pub(crate) fn read(package: &Package, part: &str) -> Result<Self, Error> {
        let xml = package.part(part)?.ok_or_else(no_main_part)?;
        let rels = package.rels(part)?;
        let mut workbook = Self::default();
        for rel in rels.iter().filter(|r| !r.external) {
            match rel.kind.as_str() {
                "sharedStrings" => workbook.strings = Some(rel.target.clone()),
                "styles" => workbook.styles = Some(rel.target.clone()),
                "person" => workbook.persons.push(rel.target.clone()),
                "externalLink" => workbook.external_links = true,
                _ => {}
            }
        }
        // The first of an id holds, as everywhere.
        let by_id: BTreeMap<&str, &Rel> =
            rels.iter().rev().filter(|r| !r.external).map(|r| (r.id.as_str(), r)).collect();
        let mut markup = Markup::new(&xml);
        let (mut position, mut parts, mut titles) = (0, BTreeSet::new(), BTreeSet::new());
        while let Some(node) = markup.next()? {
            let Node::Open(tag) = node else { continue };
            match tag.name() {
                "sheet" => {
                    let id = tag.attr("id").unwrap_or_default();
                    let rel = by_id.get(&*id);
                    let name = tag.attr("name").unwrap_or_default().into_owned();
                    let visibility = match tag.attr("state").as_deref() {
                        Some("hidden") => Visibility::Hidden,
                        Some("veryHidden") => Visibility::VeryHidden,
                        _ => Visibility::Visible,
                    };
                    match rel {
                        Some(rel) if rel.kind == "worksheet" => {
                            if !package.has(&rel.target) {
                                return Err(missing_sheet(&name));
                            }
                            // Two sheets over one part would be read twice, at any number.
                            if !parts.insert(rel.target.to_lowercase()) || !titles.insert(name.to_lowercase()) {
                                return Err(twice(&name));
                            }
                            let listed = Listed { name, visibility, part: rel.target.clone() };
                            workbook.sheets.push((position, listed));
                        }
                        Some(_) => {}
                        None => return Err(missing_sheet(&name)),
                    }
                    position += 1;
                }
                // `x15:workbookPr` of an extension shares the name and has no such attribute.
                "workbookPr" => workbook.date1904 |= tag.is("date1904"),
                "externalReference" => workbook.external_links = true,
                "definedName" => {
                    let name = tag.attr("name").unwrap_or_default().into_owned();
                    let local = tag.number("localSheetId");
                    let formula = markup.text()?;
                    workbook.names.push(DefinedName { name, local, formula });
                }
                _ => {}
            }
        }
        Ok(workbook)
    }
}

/// The sheet that a reference names (`'Rilievi (2)'!$A$1`).
pub(crate) fn sheet_of(reference: &str) -> String {
    let name = reference.rsplit_once('!').map_or(reference, |(name, _)| name);
    let quoted = name.strip_prefix('\'').and_then(|n| n.strip_suffix('\''));
    quoted.map_or_else(|| name.to_owned(), |n| n.replace("''", "'"))
}

fn missing_sheet(name: &str) -> Error {
    corrupt(&format!("manca il contenuto del foglio «{name}»"), &format!("the content of sheet “{name}” is missing"))
}

fn twice(name: &str) -> Error {
    corrupt(&format!("il foglio «{name}» è ripetuto"), &format!("sheet “{name}” is repeated"))
}

fn no_main_part() -> Error {
    corrupt("manca la parte principale della cartella", "the main part of the workbook is missing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_are_read_from_references() {
        assert_eq!(sheet_of("Rilievi!$A$1"), "Rilievi");
        assert_eq!(sheet_of("'Rilievi (2)'!$A$1"), "Rilievi (2)");
        assert_eq!(sheet_of("'L''elenco!'!$A$1"), "L'elenco!");
    }
}
