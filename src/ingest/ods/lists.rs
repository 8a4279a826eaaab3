//! Lists of admitted answers: written out, or the place where they stand.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::pass::attr;
use crate::ingest::sheet::List;
use crate::ingest::workbook::DefinedName;
use crate::model::{Area, Dropdown};

/// The longest place or name that is followed, in bytes.
const LONGEST: usize = 1_000;
/// Names of places that are kept.
const NAMES: usize = 10_000;

/// The answers of one validation.
#[derive(Debug)]
enum Answers {
    Given(Vec<Arc<str>>),
    /// By a formula, in the words of workbooks of XML parts.
    At(String),
}

/// The lists of all sheets by the names of their validations, and the names that lead to places.
#[derive(Debug, Default)]
pub(super) struct Lists {
    answers: BTreeMap<String, Answers>,
    pub(super) names: Vec<DefinedName>,
}

impl Lists {
    /// A validation: `of:cell-content-is-in-list("Si";"No")`, or of a place or name.
    pub(super) fn validation(&mut self, tag: &[u8]) {
        let condition = attr(tag, b"table:condition").unwrap_or_default();
        let list = condition.split_once("cell-content-is-in-list(").and_then(|(_, rest)| rest.rsplit_once(')'));
        let Some((Some(name), (inside, _))) = list.map(|list| (attr(tag, b"table:name"), list)) else { return };
        let given: Vec<Arc<str>> = inside.split('"').skip(1).step_by(2).map(Arc::from).collect();
        let answers = match inside.trim() {
            _ if !given.is_empty() => Answers::Given(given),
            at if at.len() > LONGEST => return,
            at => match at.strip_prefix('[').and_then(|at| at.strip_suffix(']')) {
                Some(address) => Answers::At(place(address).unwrap_or_default()),
                None => Answers::At(at.to_owned()),
            },
        };
        self.answers.insert(name.into_owned(), answers);
    }

    /// A name of a place, of one sheet if that is open.
    pub(super) fn name(&mut self, tag: &[u8], local: Option<usize>) {
        let short = |name: &[u8]| attr(tag, name).filter(|text| text.len() <= LONGEST);
        let (name, address) = (short(b"table:name"), short(b"table:cell-range-address"));
        let formula = address.and_then(|address| place(&address));
        if let (Some(name), Some(formula), true) = (name, formula, self.names.len() < NAMES) {
            let local = local.and_then(|sheet| u32::try_from(sheet).ok());
            self.names.push(DefinedName { name: name.into_owned(), local, formula });
        }
    }

    /// The lists of a sheet, and those whose answers are to be looked up.
    pub(super) fn of(&self, used: BTreeMap<String, Vec<Area>>) -> (Vec<Dropdown>, Vec<List>) {
        let (mut given, mut open) = (Vec::new(), Vec::new());
        for (name, areas) in used {
            match self.answers.get(&name) {
                Some(Answers::Given(options)) => given.push(Dropdown { areas, options: options.clone() }),
                Some(Answers::At(formula)) => open.push(List { areas, formula: formula.clone() }),
                None => {}
            }
        }
        (given, open)
    }
}

/// A place as workbooks of XML parts write it: `$Elenchi.$A$1:.$A$4` is `'Elenchi'!$A$1:$A$4`.
fn place(address: &str) -> Option<String> {
    let address = address.strip_prefix('$').unwrap_or(address);
    let (sheet, cells) = if let Some(quoted) = address.strip_prefix('\'') {
        let end = quoted.find("'.")?;
        (Cow::Owned(quoted.get(..end)?.replace("''", "'")), quoted.get(end + 2..)?)
    } else {
        let (sheet, cells) = address.split_once('.')?;
        (Cow::Borrowed(sheet), cells)
    };
    let (first, last) = cells.split_once(':').unwrap_or((cells, cells));
    let last = last.rsplit_once('.').map_or(last, |(_, cell)| cell);
    let place = format!("{first}:{last}");
    Some(if sheet.is_empty() { place } else { format!("'{}'!{place}", sheet.replace('\'', "''")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_put_as_in_other_workbooks() {
        for (address, expected) in [
            ("$Elenchi.$A$1:.$A$4", Some("'Elenchi'!$A$1:$A$4")),
            (".A1:.A4", Some("A1:A4")),
            ("$'L''elenco. 1'.$B$2", Some("'L''elenco. 1'!$B$2:$B$2")),
            ("$'a b'.$B$2:$'a b'.$B$3", Some("'a b'!$B$2:$B$3")),
            ("Elenchi", None),
            ("$'", None),
        ] {
            assert_eq!(place(address).as_deref(), expected, "{address}");
        }
    }
}
