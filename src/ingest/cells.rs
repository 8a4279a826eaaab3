//! The cells of a sheet, streamed, counted and bounded.

use super::dates::{DAYS_1904, serial};
use super::formats::Style;
use super::texts::{Gather, Texts, clean, push};
use crate::model::{CellRef, Error, Format, GridCell, Scalar};
use crate::package::{Package, Piece, Skeleton, corrupt, tag_attributes, tag_name, too_large};

/// What the cells of all sheets share.
pub(crate) struct Reader<'a> {
    package: &'a Package,
    texts: Texts,
    styles: Vec<Style>,
    date1904: bool,
    left: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(package: &'a Package, texts: Texts, styles: Vec<Style>, date1904: bool) -> Self {
        Self { package, texts, styles, date1904, left: package.limits().cells }
    }

    /// The cells of the sheet `name`, which lies in `part`, sorted by row and column, and the part without them.
    pub(crate) fn sheet(&mut self, name: &str, part: &str) -> Result<(Vec<GridCell>, Skeleton), Error> {
        let package = self.package;
        let mut pass = Pass {
            reader: self,
            name,
            level: Level::Outside,
            next: CellRef::new(0, 0),
            cell: Open::default(),
            value: Vec::new(),
            gather: Gather::default(),
            cells: Vec::new(),
            disordered: false,
        };
        let skeleton = package.stream(part, |piece| pass.piece(piece))?.ok_or_else(not_a_sheet)?;
        let Pass { mut cells, disordered, .. } = pass;
        if disordered {
            // The later of two cells at one place wins, as it does in Excel.
            cells.reverse();
            cells.sort_by_key(|c| c.at);
            cells.dedup_by_key(|c| c.at);
        }
        self.texts.cells(name, &cells)?;
        Ok((cells, skeleton))
    }
}

fn not_a_sheet() -> Error {
    corrupt("un foglio non è un foglio di lavoro", "a sheet is no worksheet")
}

/// How the value of a cell is written.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Inline,
    Formula,
    Bool,
    Error,
    Date,
}

/// The cell whose tags are open.
#[derive(Debug, Clone, Copy)]
struct Open {
    at: CellRef,
    style: usize,
    kind: Kind,
    /// It has a formula.
    formula: bool,
    /// It has a `v`, if an empty one.
    valued: bool,
}

impl Default for Open {
    fn default() -> Self {
        Self { at: CellRef::new(0, 0), style: 0, kind: Kind::Number, formula: false, valued: false }
    }
}

/// Between which tags the pass is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Level {
    /// Outside of `sheetData`.
    Outside,
    /// Among rows and cells.
    Cells,
    /// In a `v`.
    Value,
    /// In an `is`.
    Inline,
}

/// One pass over one sheet.
struct Pass<'r, 'a, 'n> {
    reader: &'r mut Reader<'a>,
    name: &'n str,
    level: Level,
    /// Where a cell without a place stands; its row is the next one between rows.
    next: CellRef,
    cell: Open,
    value: Vec<u8>,
    gather: Gather,
    cells: Vec<GridCell>,
    disordered: bool,
}

impl Pass<'_, '_, '_> {
    fn piece(&mut self, piece: Piece<'_>) -> Result<(), Error> {
        if let Piece::Tag(tag) = piece {
            return match tag.strip_prefix(b"/") {
                Some(name) => self.close(tag_name(name)),
                None => self.open(tag_name(tag), tag),
            };
        }
        match self.level {
            Level::Value => push(&mut self.value, piece),
            Level::Inline => self.gather.text(piece),
            Level::Outside | Level::Cells => {}
        }
        Ok(())
    }

    fn open(&mut self, name: &[u8], tag: &[u8]) -> Result<(), Error> {
        let empty = tag.last() == Some(&b'/');
        match name {
            b"sheetData" if !empty => self.level = Level::Cells,
            _ if self.level == Level::Outside => {}
            b"c" => self.begin(tag)?,
            b"v" => {
                self.cell.valued = true;
                if !empty {
                    self.level = Level::Value;
                }
            }
            b"f" if self.level == Level::Cells => self.cell.formula = true,
            b"row" => {
                if let Some((_, r)) = tag_attributes(tag).find(|(n, _)| *n == b"r") {
                    let row = digits(r).and_then(|n| n.checked_sub(1)).filter(|r| *r <= CellRef::MAX_ROW);
                    self.next.row = row.ok_or_else(|| self.fault("riga impossibile", "impossible row"))?;
                }
                self.next.col = 0;
                // An empty row ends here.
                self.next.row += u32::from(empty);
            }
            b"is" if !empty => {
                self.level = Level::Inline;
                self.cell.kind = Kind::Inline;
                self.gather.clear();
            }
            _ if self.level == Level::Inline => self.gather.open(name, tag),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &[u8]) -> Result<(), Error> {
        match name {
            b"sheetData" => self.level = Level::Outside,
            _ if self.level == Level::Outside => {}
            b"c" => self.end()?,
            b"v" | b"is" => self.level = Level::Cells,
            b"row" => self.next.row += 1,
            _ if self.level == Level::Inline => self.gather.close(name).ok_or_else(|| self.not_text())?,
            _ => {}
        }
        Ok(())
    }

    /// The opening tag of a cell.
    fn begin(&mut self, tag: &[u8]) -> Result<(), Error> {
        let mut cell = Open { at: self.next, ..Open::default() };
        for (name, value) in cell_attributes(tag) {
            match name {
                b'r' => cell.at = place(value).ok_or_else(|| self.no_place(value))?,
                b's' => cell.style = digits(value).map_or(0, |n| n as usize),
                _ => cell.kind = kind(value).ok_or_else(|| self.fault("un tipo ignoto", "an unknown type"))?,
            }
        }
        if cell.at.row > CellRef::MAX_ROW || cell.at.col > CellRef::MAX_COL {
            return Err(self.fault("una cella oltre XFD1048576", "a cell beyond XFD1048576"));
        }
        self.next.col = cell.at.col + 1;
        self.cell = cell;
        self.value.clear();
        if cell.kind == Kind::Inline {
            self.gather.clear();
        }
        Ok(())
    }

    /// The closing tag of a cell.
    fn end(&mut self) -> Result<(), Error> {
        let at = self.cell.at;
        let style = self.reader.styles.get(self.cell.style).copied().unwrap_or_default();
        let Some((value, format)) = self.scalar(style)? else { return Ok(()) };
        let limit = self.reader.package.limits().cells;
        self.reader.left = self
            .reader
            .left
            .checked_sub(1)
            .ok_or_else(|| too_large(&format!("più di {limit} celle"), &format!("more than {limit} cells")))?;
        self.disordered |= self.cells.last().is_some_and(|last| last.at >= at);
        self.cells.push(GridCell { at, value, format });
        Ok(())
    }

    /// What the cell holds, `None` for nothing.
    fn scalar(&mut self, style: Style) -> Result<Option<(Scalar, Format)>, Error> {
        if self.cell.kind == Kind::Inline {
            let text = self.gather.get();
            let kept = if text.is_empty() { None } else { Some(self.reader.texts.keep(text)?) };
            return Ok(kept.map(|t| (Scalar::Text(t), style.format)));
        }
        let raw = std::str::from_utf8(&self.value).map_err(|_| self.not_text())?;
        let plain = raw.trim_ascii();
        if plain.is_empty() && self.cell.kind != Kind::Formula || raw.is_empty() {
            // An empty text is a result; any other value left out was never computed.
            let computed = self.cell.kind == Kind::Formula && self.cell.valued;
            return Ok((self.cell.formula && !computed).then_some((Scalar::Uncalculated, style.format)));
        }
        let value = match self.cell.kind {
            Kind::Shared => {
                let text = digits(plain.as_bytes()).and_then(|n| self.reader.texts.shared(n as usize));
                let text = text.ok_or_else(|| self.fault("un testo che manca", "a text that is missing"))?;
                if text.is_empty() {
                    return Ok(None);
                }
                Scalar::Text(text.clone())
            }
            Kind::Number => {
                let number = plain.parse::<f64>().ok().filter(|n| n.is_finite());
                let number = number.ok_or_else(|| self.fault("un numero non valido", "an invalid number"))?;
                Scalar::Number(if self.reader.date1904 && style.calendar { number + DAYS_1904 } else { number })
            }
            Kind::Formula | Kind::Inline => Scalar::Text(self.reader.texts.keep(&clean(raw))?),
            Kind::Error => Scalar::Error(self.reader.texts.keep(&clean(plain))?),
            Kind::Date => match serial(plain) {
                Some(number) => return Ok(Some((Scalar::Number(number), Format::Date))),
                None => Scalar::Text(self.reader.texts.keep(&clean(plain))?),
            },
            Kind::Bool => match plain {
                "1" | "true" | "TRUE" => Scalar::Bool(true),
                "0" | "false" | "FALSE" => Scalar::Bool(false),
                _ => return Err(self.fault("né VERO né FALSO", "neither TRUE nor FALSE")),
            },
        };
        Ok(Some((value, style.format)))
    }

    fn fault(&self, it: &str, en: &str) -> Error {
        let (name, at) = (self.name, self.cell.at);
        corrupt(&format!("foglio «{name}», cella {at}: {it}"), &format!("sheet “{name}”, cell {at}: {en}"))
    }

    fn not_text(&self) -> Error {
        self.fault("un testo non è UTF-8", "a text is not UTF-8")
    }

    fn no_place(&self, place: &[u8]) -> Error {
        let place: String = String::from_utf8_lossy(place).chars().take(20).collect();
        corrupt(
            &format!("foglio «{}», cella «{place}»: una cella oltre XFD1048576 o senza senso", self.name),
            &format!("sheet “{}”, cell “{place}”: a cell beyond XFD1048576 or without sense", self.name),
        )
    }
}

fn kind(text: &[u8]) -> Option<Kind> {
    Some(match text {
        b"s" => Kind::Shared,
        b"n" => Kind::Number,
        b"str" => Kind::Formula,
        b"inlineStr" => Kind::Inline,
        b"b" => Kind::Bool,
        b"e" => Kind::Error,
        b"d" => Kind::Date,
        _ => return None,
    })
}

/// The attributes `r`, `s` and `t` of a cell.
fn cell_attributes(tag: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = tag.strip_prefix(b"c").unwrap_or_default();
    let mut slow = None;
    std::iter::from_fn(move || {
        // As nearly every program writes them; anything else goes the long way.
        if slow.is_none() {
            if let [b' ', name @ (b'r' | b's' | b't'), b'=', b'"', value @ ..] = rest
                && let Some(end) = value.iter().position(|&b| b == b'"')
            {
                let (value, after) = value.split_at_checked(end)?;
                rest = after.get(1..)?;
                return Some((*name, value));
            }
            if matches!(rest, [b'/']) || rest.is_empty() && tag.len() > 1 && tag.first() == Some(&b'c') {
                return None;
            }
        }
        slow.get_or_insert_with(|| tag_attributes(tag)).find_map(|(name, value)| match name {
            [name @ (b'r' | b's' | b't')] => Some((*name, value)),
            _ => None,
        })
    })
}

/// The place `E10` stands for, `None` for anything else or beyond the sheet.
fn place(text: &[u8]) -> Option<CellRef> {
    let mut col = 0u32;
    let mut rest = text;
    while let [letter @ (b'A'..=b'Z' | b'a'..=b'z'), after @ ..] = rest {
        col = col * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        if col > CellRef::MAX_COL + 1 {
            return None;
        }
        rest = after;
    }
    let (row, col) = (digits(rest)?.checked_sub(1)?, col.checked_sub(1)?);
    (row <= CellRef::MAX_ROW).then_some(CellRef::new(row, col))
}

/// A number of at most nine digits.
fn digits(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > 9 {
        return None;
    }
    text.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_excel_writes_them() {
        for text in ["A1", "E10", "XFD1048576", "aa3"] {
            assert_eq!(place(text.as_bytes()), CellRef::parse(text), "{text}");
        }
        for text in ["", "A", "1", "A0", "XFE1", "A1048577", "AAAAAAAAAAAA1", "A-1", "A1B", "A99999999999"] {
            assert_eq!(place(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn attributes_of_cells_are_found_however_written() {
        for tag in [
            r#"c r="B2" s="3" t="s""#,
            r#"c r="B2" s="3" t="s"/"#,
            r#"x:c t="s" r="B2" s="3""#,
            r#"c r="B2" cm="1" vm="9" s="3" t="s""#,
            "c\n r='B2'  s='3' ph=\"1\" t = 's'",
        ] {
            let mut found: Vec<_> = cell_attributes(tag.as_bytes()).collect();
            found.sort_unstable();
            found.dedup();
            assert_eq!(found, [(b'r', &b"B2"[..]), (b's', b"3"), (b't', b"s")], "{tag}");
        }
        assert_eq!(cell_attributes(b"c").count(), 0);
    }
}
