//! What a file is, by its content: names and extensions lie.

use std::io::{Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;

/// What kind of text a text file holds, as far as its first lines tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// Values between semicolons, commas or tabs.
    Csv,
    /// Headings or tables of Markdown.
    Markdown,
    /// Anything else.
    Plain,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Container {
    /// No byte at all.
    Empty,
    /// A workbook of XML parts (`.xlsx`, `.xlsm`, `.xltx`, `.xltm`).
    Xlsx,
    /// A workbook of binary parts.
    Xlsb,
    /// A spreadsheet of the ODF kind (`.ods`).
    Ods,
    /// Another office file: a text, slides, a drawing.
    Document,
    /// A zip archive that is none of these, or whose directory cannot be read.
    Zip,
    /// An Office file protected by a password.
    Encrypted,
    /// An Office file of the old binary kind.
    Xls,
    /// A PDF.
    Pdf,
    /// A signed envelope (`.p7m`).
    P7m,
    /// A web page.
    Html,
    /// XML Spreadsheet 2003, or another XML file.
    Xml,
    /// Text.
    Text(TextKind),
    /// Text with NUL characters in it.
    SpoiledText,
    /// A zip archive that a program took for text and wrote again.
    DamagedByTextConversion,
    /// Nothing known.
    Unknown,
}

const CFB: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// The object identifier of signed data, 1.2.840.113549.1.7.2.
const SIGNED: &[u8] = &[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
/// The replacement character, which text programs write for what is no text.
const REPLACED: &[u8] = "\u{FFFD}".as_bytes();
/// The most entries of an archive that is looked into.
pub(super) const ENTRIES: usize = 100_000;
/// Bytes from which they tell a text.
const SHORTEST: usize = 16;
/// How much of the file is looked at, apart from zip directories.
const START: usize = 4096;

/// Says what `bytes` are. Never fails: what is not known is [`Container::Unknown`].
pub fn sniff(bytes: &[u8]) -> Container {
    let start = bytes.get(..START).unwrap_or(bytes);
    if bytes.is_empty() {
        Container::Empty
    } else if bytes.starts_with(b"PK") {
        zip(bytes, start)
    } else if bytes.starts_with(CFB) {
        // Names in the directory of the container are UTF-16.
        let wide: Vec<u8> = "EncryptedPackage".bytes().flat_map(|c| [c, 0]).collect();
        if memmem::find(bytes, &wide).is_some() { Container::Encrypted } else { Container::Xls }
    } else if memmem::find(start.get(..1024).unwrap_or(start), b"%PDF-").is_some() {
        Container::Pdf
    } else if bytes.first() == Some(&0x30) && memmem::find(start.get(..64).unwrap_or(start), SIGNED).is_some() {
        Container::P7m
    } else {
        text(start)
    }
}

fn zip(bytes: &[u8], start: &[u8]) -> Container {
    // A directory of this length is refused anyway; reading it would cost memory for each entry.
    if memmem::find_iter(bytes, b"PK\x01\x02").nth(ENTRIES).is_some() {
        return Container::Zip;
    }
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        let replaced = memmem::find_iter(start, REPLACED).count();
        return if replaced >= 3 { Container::DamagedByTextConversion } else { Container::Zip };
    };
    let mut read = |name: &str, limit: u64| {
        let name = archive.file_names().flatten().find(|n| n.eq_ignore_ascii_case(name))?.into_owned();
        let mut content = Vec::new();
        archive.by_name(&name).ok()?.take(limit).read_to_end(&mut content).ok()?;
        Some(String::from_utf8_lossy(&content).into_owned())
    };
    if let Some(mime) = read("mimetype", 256) {
        let manifest = read("META-INF/manifest.xml", 1 << 20).unwrap_or_default();
        let is_locked = manifest.contains("encryption-data");
        return match mime {
            m if m.contains("opendocument.spreadsheet") && is_locked => Container::Encrypted,
            m if m.contains("opendocument.spreadsheet") => Container::Ods,
            m if m.contains("opendocument") => Container::Document,
            _ => Container::Zip,
        };
    }
    let types = read("[Content_Types].xml", 1 << 20).unwrap_or_default();
    let has = |kind: &str| types.contains(kind);
    if has("sheet.binary.macroEnabled.main") {
        Container::Xlsb
    } else if has("spreadsheetml.sheet.main+xml")
        || has("spreadsheetml.template.main+xml")
        || has("ms-excel.sheet.macroEnabled.main+xml")
        || has("ms-excel.template.macroEnabled.main+xml")
        || has("ms-excel.addin.macroEnabled.main+xml")
    {
        Container::Xlsx
    } else if has("wordprocessingml") || has("presentationml") || has("ms-word") || has("ms-powerpoint") || has("visio")
    {
        Container::Document
    } else {
        Container::Zip
    }
}

fn text(start: &[u8]) -> Container {
    let wide = start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]);
    if !wide && start.contains(&0) && !is_two_byte_text(start) {
        return if is_mostly_text(start) { Container::SpoiledText } else { Container::Unknown };
    }
    let narrow: Vec<u8> = start.iter().copied().filter(|&b| b != 0).collect();
    let text = String::from_utf8_lossy(&narrow);
    let text = text.trim_start_matches(['\u{FEFF}', '\u{FFFD}']).trim_start();
    let lower = text.to_lowercase();
    if lower.starts_with("<?xml") && !lower.contains("<html") || lower.starts_with("<workbook") {
        return Container::Xml;
    }
    if ["<html", "<!doctype html", "<?xml", "<head", "<body", "<meta", "<table", "<div", "<style"]
        .iter()
        .any(|tag| lower.starts_with(tag))
    {
        return Container::Html;
    }
    // A signed envelope in base64: the identifier of signed data, and the armour some programs put around it.
    if text.get(..64).unwrap_or(text).contains("GSIb3DQEHA") || lower.starts_with("-----begin pkcs7") {
        return Container::P7m;
    }
    Container::Text(kind(text))
}

/// Whether these are Latin letters in two bytes each, without a mark in front: zeros in every other place.
fn is_two_byte_text(start: &[u8]) -> bool {
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|b| **b == 0).count() * 2;
    let (most, least) = (zeros(0).max(zeros(1)), zeros(0).min(zeros(1)));
    most * 10 >= start.len() * 7 && least * 10 < start.len()
}

/// Whether nine bytes in ten are letters, figures, signs, blanks or line breaks, and all others NUL.
fn is_mostly_text(start: &[u8]) -> bool {
    let readable = |b: &u8| matches!(*b, b'\t' | b'\r' | b'\n' | 0x0C | b' '..=b'~' | 0x80..);
    let nuls = memchr::memchr_iter(0, start).count();
    start.len() > SHORTEST && nuls * 10 <= start.len() && start.iter().all(|b| *b == 0 || readable(b))
}

fn kind(text: &str) -> TextKind {
    let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).take(20).collect();
    let table = |l: &&str| l.trim_start().starts_with('|');
    let heading = |l: &&str| l.starts_with('#') && l.trim_start_matches('#').starts_with(' ');
    // The hyphens between the headings of a table and its rows.
    let rule = |l: &&str| l.contains('-') && l.contains('|') && l.chars().all(|c| "|-: \t".contains(c));
    if lines.iter().any(|l| heading(l) || rule(l)) || lines.iter().filter(|l| table(l)).count() >= 2 {
        return TextKind::Markdown;
    }
    // The last line may be cut.
    let whole = lines.get(..lines.len().saturating_sub(1)).filter(|w| !w.is_empty()).unwrap_or(&lines);
    let separated = |sign: char| {
        let count = |l: &str| l.matches(sign).count();
        let first = whole.first().map_or(0, |l| count(l));
        // A single line with a comma is a sentence, and a sign alone is nothing.
        let pieces = |l: &&str| l.split(sign).filter(|piece| !piece.trim().is_empty()).count();
        let alone = [';', '\t'].contains(&sign) && whole.first().is_some_and(|l| pieces(l) > 1);
        (lines.len() > 1 || alone)
            && first > 0
            && whole.iter().filter(|l| count(l) == first).count() * 10 >= whole.len() * 8
    };
    if lines.first().is_some_and(|l| l.to_lowercase().starts_with("sep="))
        || [';', '\t', ',', '|'].into_iter().any(separated)
    {
        TextKind::Csv
    } else {
        TextKind::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_what_a_file_is() {
        for (bytes, expected) in [
            (&b""[..], Container::Empty),
            (b"%PDF-1.7\n", Container::Pdf),
            (b"\xEF\xBB\xBF<html><table>", Container::Html),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Container::Xml,
            ),
            (b"a;b;c\n1;2;3\n4;5;6\n", Container::Text(TextKind::Csv)),
            (b"\xFF\xFEa\0;\0b\0\n\0", Container::Text(TextKind::Csv)),
            (b"a\0;\0b\0\n\0", Container::Text(TextKind::Csv)),
            (b"sep=;\na\n", Container::Text(TextKind::Csv)),
            (b"# Titolo\n\ntesto\n", Container::Text(TextKind::Markdown)),
            (b"| a | b |\n|---|---|\n", Container::Text(TextKind::Markdown)),
            (b"a | b\n--|:-:\n1 | 2\n", Container::Text(TextKind::Markdown)),
            (b"una frase sola\n", Container::Text(TextKind::Plain)),
            (b"PK\x03\x04\x14\0\x06\0\x08", Container::Zip),
            (b"PK\x03\x04\xEF\xBF\xBD\xEF\xBF\xBDa\xEF\xBF\xBD", Container::DamagedByTextConversion),
            (&[0x30, 0x80, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2], Container::P7m),
            (b"MIAGCSqGSIb3DQEHAqCAMIACAQExDzANBglghkgBZQMEAgEF", Container::P7m),
            (b"\x01\x02\x00\x03", Container::Unknown),
            (b"Processo;Area\nRilascio\0 di atti;A\n", Container::SpoiledText),
            (b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0", Container::Unknown),
        ] {
            assert_eq!(sniff(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
