//! Values between separators (`.csv`, `.tsv`): separator, encoding and decimal sign by the content.
//!
//! A bare whole number, and one with a decimal comma, is a number as Excel would make it one; everything else stays
//! text, which the grammar of values reads.

mod decode;
mod numbers;
mod separator;

use csv::{ReaderBuilder, StringRecord, Terminator};

use super::refuse;
use super::texts::Texts;
use crate::model::{Bilingual, CellRef, Error, Format, Grid, GridCell, Scalar, Sheet};
use crate::package::{Limits, size, too_large, within};
pub(super) use decode::{Decoded, LineCount, encoding_of};
use numbers::Decimals;
pub(super) use numbers::number;
use separator::Layout;

/// The longest name of a sheet.
const SHEET_NAME: usize = 31;

/// Reads a text of separated values. `name` is the file name, whose stem names the sheet.
pub(crate) fn read(bytes: &[u8], name: &str, limits: &Limits) -> Result<Grid, Error> {
    within(bytes.len() as u64, limits)?;
    let encoding = encoding_of(bytes).ok_or_else(refuse::no_text)?;
    let lines = LineCount::new(limits.line);
    // Blank lines alone, however many, hold no value.
    let bytes = if bytes.trim_ascii().is_empty() { &[] } else { bytes };
    let layout = Layout::of(|| Decoded::new(bytes, encoding, &lines)).map_err(|e| fault(e, &lines, limits))?;
    let mut table = Table { texts: Texts::none(limits), limits, cells: Vec::new(), decimals: Decimals::default() };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(layout.separator)
        .quoting(layout.quotes)
        .terminator(Terminator::Any(b'\n'))
        .from_reader(Decoded::new(bytes, encoding, &lines));
    let (mut record, mut row, mut before) = (StringRecord::new(), 0u32, reader.position().line());
    while reader.read_record(&mut record).map_err(|e| unread(e, &lines, limits))? {
        lines.clear();
        let after = reader.position().line();
        let inside: usize = record.iter().map(|f| f.matches('\n').count()).sum();
        // Blank lines, which the reader jumps over, are rows too.
        let blank = (after - before).saturating_sub(inside as u64 + 1);
        row = row.saturating_add(u32::try_from(blank).unwrap_or(u32::MAX));
        before = after;
        if !(row == 0 && layout.has_hint) {
            table.take(&record, row - u32::from(layout.has_hint))?;
        }
        row = row.saturating_add(1);
    }
    let remarks = remarks(layout, encoding.name(), table.decimals);
    let name = sheet_name(name);
    table.texts.cells(&name, &table.cells)?;
    let cells = table.finish();
    Ok(Grid { sheets: vec![Sheet { name: name.into(), cells, ..Sheet::default() }], remarks })
}

/// The cells so far.
struct Table<'a> {
    texts: Texts,
    limits: &'a Limits,
    cells: Vec<GridCell>,
    decimals: Decimals,
}

impl Table<'_> {
    fn take(&mut self, record: &StringRecord, row: u32) -> Result<(), Error> {
        let (rows, cols, cells) = (CellRef::MAX_ROW + 1, CellRef::MAX_COL + 1, self.limits.cells);
        if row >= rows {
            return Err(too_large(&format!("più di {rows} righe"), &format!("more than {rows} rows")));
        }
        for (col, field) in (0..).zip(record.iter()) {
            if field.is_empty() {
                continue;
            }
            if col >= cols {
                return Err(too_large(&format!("più di {cols} colonne"), &format!("more than {cols} columns")));
            }
            if field.len() > self.limits.run {
                let limit = size(self.limits.run as u64);
                return Err(too_large(&format!("un testo supera {limit}"), &format!("a text exceeds {limit}")));
            }
            if self.cells.len() == cells {
                return Err(too_large(&format!("più di {cells} celle"), &format!("more than {cells} cells")));
            }
            let value = match number(field) {
                Some(number) => Scalar::Number(number),
                None => Scalar::Text(self.texts.keep(without_formula(field))?),
            };
            self.decimals.see(field);
            self.cells.push(GridCell { at: CellRef::new(row, col), value, format: Format::General });
        }
        Ok(())
    }

    /// The cells, those that only the decimal sign of the whole file makes readable as numbers.
    fn finish(mut self) -> Vec<GridCell> {
        if self.decimals.are_points() {
            for cell in &mut self.cells {
                if let Scalar::Text(text) = &cell.value
                    && let Some(number) = numbers::pointed(text)
                {
                    cell.value = Scalar::Number(number);
                }
            }
        }
        self.cells
    }
}

/// `="00123"`, which keeps spreadsheet programs from dropping the zeros, is the text in it.
fn without_formula(field: &str) -> &str {
    let inner = field.strip_prefix("=\"").and_then(|f| f.strip_suffix('"'));
    inner.filter(|f| !f.contains('"')).unwrap_or(field)
}

/// The name of the only sheet of a text: the stem of its file.
pub(super) fn sheet_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem).trim();
    let kept: String = stem.chars().filter(|c| !c.is_control() && !r"[]:*?/\".contains(*c)).take(SHEET_NAME).collect();
    if kept.trim_matches(['-', '\'', ' ']).is_empty() { "dati".to_owned() } else { kept }
}

fn remarks(layout: Layout, encoding: &str, decimals: Decimals) -> Vec<Bilingual> {
    let (it, en) = match layout.separator {
        b'\t' => ("tabulazione".to_owned(), "tabs".to_owned()),
        sign => (format!("«{}»", char::from(sign)), format!("“{}”", char::from(sign))),
    };
    let mut remarks = vec![Bilingual::new(
        format!("il file è un testo di valori separati da {it}, letto con la codifica {encoding}"),
        format!("the file is a text of values separated by {en}, read as {encoding}"),
    )];
    if !layout.quotes {
        remarks.push(Bilingual::new(
            "una virgoletta aperta non si chiude: le virgolette sono lette come testo",
            "a quotation mark is not closed: quotation marks are read as text",
        ));
    }
    if decimals.are_points() {
        remarks.push(Bilingual::new(
            "i numeri hanno il punto decimale: «1.234» è letto come poco più di uno",
            "numbers have a decimal point: “1.234” is read as little more than one",
        ));
    }
    remarks
}

/// What a text that does not come to its end is refused with.
pub(super) fn unread(error: csv::Error, lines: &LineCount, limits: &Limits) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => fault(error, lines, limits),
        _ => refuse::no_text(),
    }
}

/// The faults of a text in memory: a line that does not end, or lines without anything that do not.
fn fault(error: std::io::Error, lines: &LineCount, limits: &Limits) -> Error {
    if lines.is_blank_beyond() {
        let rows = CellRef::MAX_ROW + 1;
        return too_large(&format!("più di {rows} righe"), &format!("more than {rows} rows")).because(error);
    }
    let limit = size(limits.line as u64);
    too_large(&format!("una riga supera {limit}"), &format!("a line exceeds {limit}")).because(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    fn grid(bytes: &[u8]) -> Grid {
        read(bytes, "dati/prova.csv", &Limits::default()).unwrap()
    }

    fn cells(bytes: &[u8]) -> Vec<String> {
        let grid = grid(bytes);
        let kind = |c: &GridCell| if matches!(c.value, Scalar::Number(_)) { "n" } else { "t" };
        grid.sheets[0].cells.iter().map(|c| format!("{}={}{}", c.at, kind(c), c.value)).collect()
    }

    #[test]
    fn separators_are_found() {
        for text in ["a;b\n1;x, y\n", "a\tb\n1\tx, y\n", "a,b\n1,\"x, y\"\n", "a|b\n1|x, y\n", "sep=;\na;b\n1;x, y\n"] {
            assert_eq!(cells(text.as_bytes()), ["A1=ta", "B1=tb", "A2=n1", "B2=tx, y"], "{text}");
        }
    }

    #[test]
    fn encodings_are_found() {
        let wide = |big: bool, mark: bool| -> Vec<u8> {
            let text = if mark { "\u{FEFF}perché;è\nsì;no\n" } else { "perché;è\nsì;no\n" };
            text.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        let forms: [Vec<u8>; 7] = [
            "perché;è\nsì;no\n".into(),
            "\u{FEFF}perché;è\r\nsì;no".into(),
            b"perch\xE9;\xE8\rs\xEC;no".into(),
            wide(false, true),
            wide(true, true),
            wide(false, false),
            wide(true, false),
        ];
        for (i, bytes) in forms.iter().enumerate() {
            assert_eq!(cells(bytes), ["A1=tperché", "B1=tè", "A2=tsì", "B2=tno"], "form {i}");
        }
    }

    #[test]
    fn quotes_hold_line_breaks_and_blank_lines_are_rows() {
        let text = b"titolo\n\na;b;c\r\n\"x\r\ny\";\"di \"\"Lucca\"\"\";3\n\n\n;;z\n";
        assert_eq!(
            cells(text),
            ["A1=ttitolo", "A3=ta", "B3=tb", "C3=tc", "A4=tx\ny", "B4=tdi \"Lucca\"", "C4=n3", "C7=tz"]
        );
    }

    #[test]
    fn quote_that_is_never_closed_swallows_nothing() {
        let text = "a;b\n\"x;1\ny;2\nz;3\n";
        assert_eq!(cells(text.as_bytes()), ["A1=ta", "B1=tb", "A2=t\"x", "B2=n1", "A3=ty", "B3=n2", "A4=tz", "B4=n3"]);
        assert!(grid(text.as_bytes()).remarks[1].it.contains("non si chiude"));
    }

    #[test]
    fn numbers_are_what_they_say() {
        let text = "n;v\n1.2;0,5\n007;1.234\n=\"08\";-3\n";
        let expected = ["A1=tn", "B1=tv", "A2=t1.2", "B2=n0.5", "A3=t007", "B3=t1.234", "A4=t08", "B4=n-3"];
        assert_eq!(cells(text.as_bytes()), expected);
        let pointed = "n,v\n1.2,0.5\n1.234,\"1,234.5\"\n";
        assert_eq!(cells(pointed.as_bytes()), ["A1=tn", "B1=tv", "A2=t1.2", "B2=t0.5", "A3=n1.234", "B3=n1234.5"]);
    }

    #[test]
    fn sheets_are_called_as_the_file() {
        for (name, sheet) in [("x/a.csv", "a"), ("-", "dati"), ("a[1].csv", "a1"), ("piano.2024.csv", "piano.2024")] {
            assert_eq!(sheet_name(name), sheet, "{name}");
        }
    }

    #[test]
    fn too_much_is_refused() {
        let says = |bytes: &[u8]| {
            let limits = Limits { line: 1 << 20, ..Limits::default() };
            read(bytes, "a.csv", &limits).unwrap_err().message(Lang::It).to_owned()
        };
        assert!(says(&vec![b'x'; 2 << 20]).contains("una riga supera 1 MiB"));
        assert!(says(&[b"\"", &b"x\n".repeat(1 << 20)[..], b"\""].concat()).contains("una riga supera"));
        assert!(says("1;".repeat(100_000).as_bytes()).contains("più di 16384 colonne"));
        assert!(says(&[&b"a\n"[..], &b"\n".repeat(1_048_576), b"b\n"].concat()).contains("più di 1048576 righe"));
        assert!(says(b"a;b\x00\x01\x02;\x00").contains("non è un testo"));
    }
}
