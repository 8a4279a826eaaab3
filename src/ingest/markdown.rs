//! Markdown: its tables with pipes on one sheet, with the headings and paragraphs above and between them.
//!
//! Each line of the text is a row of the sheet, so that `B12` is the second column of line 12. Headings of a table
//! stand on the line of the hyphens below them, that no row parts them from their records.

use std::io::Read as _;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::delimited::{Decoded, LineCount, encoding_of, number, sheet_name, unread};
use super::texts::Texts;
use super::{front, refuse};
use crate::model::{Bilingual, Block, CellRef, Error, Format, Grid, GridCell, Outline, Scalar, Sheet};
use crate::package::{Limits, size, too_large};

/// The text of a file of Markdown, whatever its encoding.
pub(crate) fn decoded(bytes: &[u8], limits: &Limits) -> Result<String, Error> {
    let much = || {
        let limit = size(limits.markdown);
        too_large(&format!("un testo Markdown supera {limit}"), &format!("a text of Markdown exceeds {limit}"))
    };
    if bytes.len() as u64 > limits.markdown.saturating_mul(2) {
        return Err(much());
    }
    let encoding = encoding_of(bytes).ok_or_else(refuse::no_text)?;
    let (lines, mut text) = (LineCount::new(usize::MAX), String::new());
    Decoded::new(bytes, encoding, &lines).read_to_string(&mut text).map_err(|e| unread(e.into(), &lines, limits))?;
    if text.len() as u64 > limits.markdown {
        return Err(much());
    }
    Ok(text)
}

/// Reads a text of Markdown. `name` is the file name, whose stem names the sheet.
pub(crate) fn read(bytes: &[u8], name: &str, limits: &Limits) -> Result<Grid, Error> {
    let text = decoded(bytes, limits)?;
    let mut pass = Pass {
        text: &text,
        limits,
        texts: Texts::none(limits),
        cells: Vec::new(),
        line: (0, 0),
        open: String::new(),
        row: 0,
        col: 0,
        level: Level::Text,
        outline: Outline::default(),
        has_table: false,
    };
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    for (event, range) in Parser::new_ext(&text, options).into_offset_iter() {
        pass.take(event, range)?;
    }
    pass.unclosed();
    let name = sheet_name(name);
    pass.texts.cells(&name, &pass.cells)?;
    let remark = if pass.has_table {
        Bilingual::new(
            "il file è un testo Markdown: ogni sua riga è letta come una riga del foglio, le intestazioni di una tabella su quella dei trattini",
            "the file is a text of Markdown: each of its lines is read as a row of the sheet, the headings of a table on that of the hyphens",
        )
    } else {
        Bilingual::new(
            "il file è un testo Markdown: titoli, elenchi e paragrafi sono letti riga per riga",
            "the file is a text of Markdown: headings, lists and paragraphs are read line by line",
        )
    };
    pass.outline.blocks.sort_by_key(|(row, _)| *row);
    pass.outline.blocks.dedup_by_key(|(row, _)| *row);
    let outline = Some(Box::new(pass.outline));
    let sheet = Sheet { name: name.into(), cells: pass.cells, outline, ..Sheet::default() };
    Ok(Grid { sheets: vec![sheet], remarks: vec![remark] })
}

/// What text belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Level {
    /// A heading, a paragraph, an item of a list: each line a row.
    Text,
    /// A cell of a table.
    Cell,
    /// A program or markup of the web, passed over.
    Aside,
}

struct Pass<'a> {
    text: &'a str,
    limits: &'a Limits,
    texts: Texts,
    cells: Vec<GridCell>,
    /// A place in the text, and the number of its line.
    line: (usize, u32),
    /// The text so far of the line or cell.
    open: String,
    row: u32,
    col: u32,
    level: Level,
    outline: Outline,
    has_table: bool,
}

impl Pass<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), Error> {
        match event {
            Event::Start(tag) => {
                self.note(&tag, &range);
                return self.start(&tag, range.start);
            }
            Event::End(tag) => return self.end(tag),
            Event::Text(text) | Event::Code(text) => self.push(&text, range.start),
            Event::SoftBreak | Event::HardBreak if self.level == Level::Text => return self.flush(),
            Event::SoftBreak | Event::HardBreak => self.push("\n", range.start),
            Event::InlineHtml(tag) if is_break(&tag) => self.push("\n", range.start),
            Event::TaskListMarker(is_done) => self.push(if is_done { "[x] " } else { "[ ] " }, range.start),
            _ => {}
        }
        let limit = self.limits.run;
        if self.open.len() > limit {
            let limit = size(limit as u64);
            return Err(too_large(&format!("un testo supera {limit}"), &format!("a text exceeds {limit}")));
        }
        Ok(())
    }

    /// How the text is built: what begins on the line, and what the front matter says.
    fn note(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let block = match tag {
            // A line of hyphens below a paragraph makes it a heading by the letter of Markdown, hardly by the intent.
            Tag::Heading { level, .. } if text.trim_start().starts_with('#') => Block::Heading(*level as u8),
            Tag::Heading { .. } | Tag::Paragraph => Block::Paragraph,
            Tag::Item => Block::Item,
            Tag::Table(_) => return self.has_table = true,
            Tag::MetadataBlock(_) => return self.front(text, range.start),
            _ => return,
        };
        let row = self.line_of(range.start);
        self.outline.blocks.push((row, block));
    }

    /// The front matter: the text with its lines of hyphens.
    fn front(&mut self, text: &str, at: usize) {
        let first = self.line_of(at);
        if first > 0 {
            return;
        }
        let yaml = text.split_once('\n').map_or("", |(_, rest)| rest);
        let yaml = yaml.trim_end().trim_end_matches(['-', '.']);
        // A heading in it: the second line of hyphens is missing, and that which closes it is another's.
        let lines = yaml.lines().take_while(|line| !line.starts_with("##")).count();
        let heading = yaml.lines().nth(lines).map(|_| first + 1 + u32::try_from(lines).unwrap_or(u32::MAX));
        let own = yaml.split_inclusive('\n').take(lines).map(str::len).sum();
        let (data, fault) = front::read(yaml.get(..own).unwrap_or(yaml), first + 1);
        let fault = fault.or(heading);
        self.outline.front_rows = first + u32::try_from(text.trim_end().lines().count()).unwrap_or(u32::MAX);
        self.outline.front = data;
        // What is open at the end is missed there: the last line that says something is the one to look at.
        let last = self.outline.front_rows.saturating_sub(2);
        let told =
            |row: u32| (first + 1..=row.min(last)).rev().find(|row| !self.line(*row).is_empty()).unwrap_or(first);
        self.outline.fault = fault.map(told).map(|row| (row, self.line(row)));
    }

    /// A front matter that begins and never ends.
    fn unclosed(&mut self) {
        let mut lines = self.text.lines();
        let opens = lines.next().is_some_and(|l| l.trim_end() == "---");
        let is_key =
            |l: &str| l.split_once(':').is_some_and(|(key, _)| !key.is_empty() && !key.contains([' ', '#', '*']));
        if opens && self.outline.front_rows == 0 && lines.next().is_some_and(is_key) {
            self.outline.fault = Some((0, self.line(0)));
        }
    }

    fn line(&self, row: u32) -> std::sync::Arc<str> {
        self.text.lines().nth(row as usize).unwrap_or_default().trim().into()
    }

    fn start(&mut self, tag: &Tag<'_>, at: usize) -> Result<(), Error> {
        match tag {
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.flush()?;
                self.level = Level::Aside;
            }
            Tag::Table(_) | Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::MetadataBlock(_) => {
                self.flush()?;
                self.level = Level::Text;
            }
            Tag::TableHead | Tag::TableRow => {
                self.row = self.line_of(at) + u32::from(matches!(tag, Tag::TableHead));
                self.col = 0;
            }
            Tag::TableCell => self.level = Level::Cell,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd) -> Result<(), Error> {
        match tag {
            TagEnd::CodeBlock | TagEnd::HtmlBlock => self.level = Level::Text,
            TagEnd::TableCell => {
                self.put()?;
                self.col += 1;
                self.level = Level::Text;
            }
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::MetadataBlock(_) => self.flush()?,
            _ => {}
        }
        Ok(())
    }

    /// Text of a line or cell. What a metadata block tells in one piece has several lines.
    fn push(&mut self, text: &str, at: usize) {
        match self.level {
            Level::Aside => return,
            Level::Text if self.open.is_empty() => (self.row, self.col) = (self.line_of(at), 0),
            Level::Text | Level::Cell => {}
        }
        self.open.push_str(text);
    }

    /// The lines outside of tables end.
    fn flush(&mut self) -> Result<(), Error> {
        if !self.open.trim().contains('\n') {
            return self.put();
        }
        let (first, lines) = (self.row, std::mem::take(&mut self.open));
        for (row, line) in (first..).zip(lines.lines()) {
            self.row = row;
            line.clone_into(&mut self.open);
            self.put()?;
        }
        Ok(())
    }

    /// The open text becomes a cell.
    fn put(&mut self) -> Result<(), Error> {
        let open = std::mem::take(&mut self.open);
        let text = open.trim();
        if text.is_empty() {
            return Ok(());
        }
        let (rows, cols, cells) = (CellRef::MAX_ROW + 1, CellRef::MAX_COL + 1, self.limits.cells);
        if self.row >= rows {
            return Err(too_large(&format!("più di {rows} righe"), &format!("more than {rows} rows")));
        }
        if self.col >= cols {
            return Err(too_large(&format!("più di {cols} colonne"), &format!("more than {cols} columns")));
        }
        if self.cells.len() == cells {
            return Err(too_large(&format!("più di {cells} celle"), &format!("more than {cells} cells")));
        }
        let at = CellRef::new(self.row, self.col);
        // Two blocks on one line: the later one has a row of its own, or none.
        if self.cells.last().is_some_and(|last| last.at >= at) {
            return Ok(());
        }
        let value = match number(text) {
            Some(number) if self.level == Level::Cell => Scalar::Number(number),
            _ => Scalar::Text(self.texts.keep(text)?),
        };
        self.cells.push(GridCell { at, value, format: Format::General });
        Ok(())
    }

    /// The line that a place is on, counted from zero.
    fn line_of(&mut self, at: usize) -> u32 {
        let (known, line) = if at < self.line.0 { (0, 0) } else { self.line };
        let between = self.text.as_bytes().get(known..at).unwrap_or_default();
        let ends = between.split(|b| *b == b'\n').skip(1).count();
        self.line = (at, line.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX)));
        self.line.1
    }
}

fn is_break(tag: &str) -> bool {
    tag.get(..3).is_some_and(|t| t.eq_ignore_ascii_case("<br"))
}

/// Whether a line of the text is one of headings, and the next the hyphens below them.
pub(crate) fn has_table(bytes: &[u8]) -> bool {
    let mut before: &[u8] = &[];
    bytes.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| !line.is_empty()).any(|line| {
        let is_rule = line.contains(&b'-') && line.contains(&b'|') && line.iter().all(|b| b"|-: \t\0".contains(b));
        is_rule && std::mem::replace(&mut before, line).contains(&b'|') || {
            before = line;
            false
        }
    })
}

/// Whether a text is built as Markdown, whatever its name: a heading, with a front matter above it or fields with labels
/// in bold below it.
pub(crate) fn has_outline(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = || text.split(|b| matches!(b, b'\n' | b'\r')).map(<[u8]>::trim_ascii);
    let heading = |line: &[u8]| {
        let hashes = line.iter().take_while(|b| **b == b'#').count();
        (1..=6).contains(&hashes) && line.get(hashes) == Some(&b' ')
    };
    let field = |line: &[u8]| {
        let item = line.strip_prefix(b"- ").or_else(|| line.strip_prefix(b"* "));
        item.is_some_and(|i| i.starts_with(b"**") && i.contains(&b':'))
    };
    let opens = || lines().find(|l| !l.is_empty()) == Some(b"---");
    lines().any(heading) && (opens() || lines().any(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    fn cells(text: &str) -> Vec<String> {
        let grid = read(text.as_bytes(), "dati/prova.md", &Limits::default()).unwrap();
        let kind = |c: &GridCell| if matches!(c.value, Scalar::Number(_)) { "n" } else { "t" };
        grid.sheets[0].cells.iter().map(|c| format!("{}={}{}", c.at, kind(c), c.value)).collect()
    }

    #[test]
    fn lines_are_rows_and_headings_stand_on_the_hyphens() {
        let text = "# Piano *2024*\nEnte: Comune di **Lucca**\nUfficio: Tributi\n\n| N. | Processo |\n|:--:|---|\n| 1 | uno |\n| 2,5 | due |\n\n## Poi\n\n| a |\n|---|\n| b |\n";
        let expected = [
            "A1=tPiano 2024",
            "A2=tEnte: Comune di Lucca",
            "A3=tUfficio: Tributi",
            "A6=tN.",
            "B6=tProcesso",
            "A7=n1",
            "B7=tuno",
            "A8=n2.5",
            "B8=tdue",
            "A10=tPoi",
            "A13=ta",
            "A14=tb",
        ];
        assert_eq!(cells(text), expected);
        assert_eq!(cells(&text.replace('\n', "\r\n")), expected);
        assert_eq!(cells(&text.replace('\n', "\r")), expected);
    }

    #[test]
    fn marks_of_markdown_are_no_text() {
        let row = r"| a \| b | **x** _y_ ~~z~~ | `c \| d` | [e](http://e.it) ![f](f.png) | g<br>h<br/>i | &egrave; \* | <b>l</b> |";
        let text = format!("|1|2|3|4|5|6|7|\n|-|-|-|-|-|-|-|\n{row}\n");
        assert_eq!(
            cells(&text)[7..],
            ["A3=ta | b", "B3=tx y z", "C3=tc | d", "D3=te f", "E3=tg\nh\ni", "F3=tè *", "G3=tl"]
        );
    }

    #[test]
    fn code_and_markup_are_passed_over() {
        let text = "```\n| a | b |\n|---|---|\n| 1 | 2 |\n```\n\n    | a | b |\n    |---|---|\n\n<div>\nx | y\n</div>\n\n- uno\n- due\n  - tre\n\n> citato\n";
        assert_eq!(cells(text), ["A14=tuno", "A15=tdue", "A16=ttre", "A18=tcitato"]);
    }

    #[test]
    fn front_matter_and_tables_behind_a_line_of_text_are_read() {
        let text = "---\nente: Lucca\nanno: 2024\n---\nTabella:\n\na | b\n--|--\n1 | 2 | 3\n4\n";
        assert_eq!(
            cells(text),
            ["A2=tente: Lucca", "A3=tanno: 2024", "A5=tTabella:", "A8=ta", "B8=tb", "A9=n1", "B9=n2", "A10=n4"]
        );
    }

    #[test]
    fn tables_are_told_from_text() {
        for (text, is_table) in [
            ("| a | b |\n|---|---|\n", true),
            ("x\r\na | b\r\n:-- | --:\r\n", true),
            ("a | b\nc | d\n", false),
            ("a\n---\n", false),
            ("a\n|---|\n", false),
        ] {
            assert_eq!(has_table(text.as_bytes()), is_table, "{text}");
        }
    }

    #[test]
    fn too_much_is_refused() {
        let says = |text: &str| {
            let limits = Limits { markdown: 2 << 20, ..Limits::default() };
            read(text.as_bytes(), "a.md", &limits).unwrap_err().message(Lang::It).to_owned()
        };
        assert!(says(&"x\n".repeat(3 << 20)).contains("supera 2 MiB"));
        let wide = |sign: &str| sign.repeat(16_385);
        assert!(says(&format!("|{}\n|{}\n", wide("a|"), wide("-|"))).contains("più di 16384 colonne"));
        assert!(says(&format!("a\n{}b\n", "\n".repeat(1_048_576))).contains("più di 1048576 righe"));
    }
}
