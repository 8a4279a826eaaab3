//! A sheet without its cells: what stands in and around its part.

use std::collections::{BTreeMap, BTreeSet};

use super::drawings;
use super::sheet::List;
use super::workbook::{Listed, Workbook};
use crate::model::{Error, Note, Sheet, TextBox};
use crate::package::{Package, Skeleton, size, too_large};

/// Reads what stands beside the cells. No part is read for two sheets, so that its cost is bounded.
pub(crate) struct Beside<'a> {
    package: &'a Package,
    persons: BTreeMap<String, String>,
    seen: BTreeSet<String>,
    left: u64,
    /// Bytes that the sheets may have beside their cells.
    around: u64,
}

impl<'a> Beside<'a> {
    pub(crate) fn new(package: &'a Package, workbook: &Workbook) -> Result<Self, Error> {
        let limit = package.limits().part;
        let mut beside = Self { package, persons: BTreeMap::new(), seen: BTreeSet::new(), left: limit, around: limit };
        for part in &workbook.persons {
            if let Some(xml) = beside.part(part)? {
                drawings::persons(&xml, &mut beside.persons)?;
            }
        }
        Ok(beside)
    }

    /// A sheet without its cells, and its answer lists before their options are known.
    pub(crate) fn sheet(&mut self, listed: &Listed, skeleton: Skeleton) -> Result<(Sheet, Vec<List>), Error> {
        self.around = self.around.checked_sub(skeleton.xml.len() as u64).ok_or_else(|| self.too_much_around())?;
        let around = super::sheet::read(&skeleton.xml)?;
        let mut hidden_rows = skeleton.hidden_rows;
        hidden_rows.sort_unstable();
        hidden_rows.dedup();
        self.charge(around.hidden_cols.len() * size_of::<u32>())?;
        let (boxes, notes) = self.texts(&listed.part)?;
        let sheet = Sheet {
            name: listed.name.as_str().into(),
            visibility: listed.visibility,
            merged: around.merged,
            hidden_rows,
            hidden_cols: around.hidden_cols,
            boxes,
            notes,
            header_footer: around.header_footer,
            ..Sheet::default()
        };
        Ok((sheet, around.lists))
    }

    fn texts(&mut self, sheet: &str) -> Result<(Vec<TextBox>, Vec<Note>), Error> {
        let (mut boxes, mut notes, mut threads) = (Vec::new(), Vec::new(), Vec::new());
        for rel in self.package.rels(sheet)?.into_iter().filter(|r| !r.external) {
            if !matches!(rel.kind.as_str(), "drawing" | "comments" | "threadedComment") {
                continue;
            }
            let Some(xml) = self.part(&rel.target)? else { continue };
            match rel.kind.as_str() {
                "drawing" => boxes.extend(drawings::boxes(&xml)?),
                "comments" => notes.extend(drawings::notes(&xml)?),
                _ => threads.extend(drawings::threads(&xml, &self.persons)?),
            }
        }
        // Beside a thread stands a note for older programs, which says the same.
        let threaded: BTreeSet<_> = threads.iter().map(|t| t.at).collect();
        notes.retain(|n| !(n.author.starts_with("tc=") && threaded.contains(&n.at)));
        notes.extend(threads);
        notes.sort_by_key(|n| n.at);
        boxes.sort_by_key(|b| b.at);
        Ok((boxes, notes))
    }

    fn part(&mut self, part: &str) -> Result<Option<Vec<u8>>, Error> {
        if !self.seen.insert(part.to_lowercase()) {
            return Ok(None);
        }
        let xml = self.package.part(part)?;
        self.charge(xml.as_ref().map_or(0, Vec::len))?;
        Ok(xml)
    }

    fn too_much_around(&self) -> Error {
        let limit = size(self.package.limits().part);
        too_large(
            &format!("i fogli hanno più di {limit} oltre alle celle"),
            &format!("the sheets have more than {limit} beside their cells"),
        )
    }

    /// Takes bytes from what all sheets together may hold beside their cells.
    fn charge(&mut self, bytes: usize) -> Result<(), Error> {
        let much = || {
            too_large(
                "troppe note, caselle di testo o colonne nascoste",
                "too many notes, text boxes or hidden columns",
            )
        };
        self.left = self.left.checked_sub(bytes as u64).ok_or_else(much)?;
        Ok(())
    }
}
