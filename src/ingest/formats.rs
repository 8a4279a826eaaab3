//! What number formats make of a number.

use std::collections::BTreeMap;

use crate::model::{Error, Format};
use crate::package::{Markup, Node, too_large};

/// More cell styles than any program writes (Excel: 65,490).
const STYLES: usize = 1 << 17;

/// The format of a cell style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Style {
    pub(crate) format: Format,
    /// A day of the calendar, not only a time: its serial depends on the date system.
    pub(crate) calendar: bool,
}

/// The formats of all cell styles, by style id.
pub(crate) fn read(xml: &[u8]) -> Result<Vec<Style>, Error> {
    let mut codes: BTreeMap<u32, Style> = BTreeMap::new();
    let mut styles = Vec::new();
    let mut inside = false;
    let mut markup = Markup::new(xml);
    while let Some(node) = markup.next()? {
        match node {
            Node::Open(tag) => match tag.name() {
                "numFmt" => {
                    if let (Some(id), Some(code)) = (tag.number("numFmtId"), tag.attr("formatCode")) {
                        codes.insert(id, of_code(&code));
                    }
                }
                "cellXfs" => inside = true,
                "xf" if inside => {
                    let id = tag.number("numFmtId").unwrap_or(0);
                    styles.push(codes.get(&id).copied().unwrap_or_else(|| of_builtin(id)));
                }
                _ => {}
            },
            Node::Close(name) if name == "cellXfs" => inside = false,
            _ => {}
        }
        if styles.len() > STYLES {
            return Err(too_large(&format!("più di {STYLES} stili"), &format!("more than {STYLES} styles")));
        }
    }
    Ok(styles)
}

const DAY: Style = Style { format: Format::Date, calendar: true };
const TIME: Style = Style { format: Format::Date, calendar: false };
const PERCENT: Style = Style { format: Format::Percent, calendar: false };
const TEXT: Style = Style { format: Format::Text, calendar: false };
const GENERAL: Style = Style { format: Format::General, calendar: false };

/// ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are dates of East Asian versions.
pub(crate) fn of_builtin(id: u32) -> Style {
    match id {
        9 | 10 => PERCENT,
        14..=17 | 22 | 27..=36 | 50..=58 => DAY,
        18..=21 | 45..=47 => TIME,
        49 => TEXT,
        _ => GENERAL,
    }
}

/// The meaning of the first section of a format code.
pub(crate) fn of_code(code: &str) -> Style {
    let trimmed = code.trim();
    if trimmed == "@" {
        return TEXT;
    }
    // The general format has no letters of its own to be read as date tokens, in any language.
    if ["general", "standard"].iter().any(|g| trimmed.to_lowercase().starts_with(g)) {
        return GENERAL;
    }
    let lower = trimmed.to_ascii_lowercase();
    let is_clock = lower.contains(['h', 's']);
    let (mut day, mut time, mut percent) = (false, false, false);
    let mut letters = trimmed.chars();
    while let Some(c) = letters.next() {
        match c.to_ascii_lowercase() {
            // A quoted text, an escaped sign, the width or filling of a sign.
            '"' => drop(letters.by_ref().find(|&c| c == '"')),
            '\\' | '_' | '*' => drop(letters.next()),
            // A colour, a condition, a currency; or an elapsed time.
            '[' => {
                let inside: String = letters.by_ref().take_while(|&c| c != ']').collect();
                let first = inside.chars().next().map(|c| c.to_ascii_lowercase());
                let one = first.is_some_and(|f| inside.chars().all(|c| c.to_ascii_lowercase() == f));
                time |= one && matches!(first, Some('h' | 'm' | 's'));
            }
            ';' => break,
            'y' | 'd' => day = true,
            // Minutes only beside hours or seconds.
            'm' => day |= !time && !is_clock,
            'h' | 's' => time = true,
            '%' => percent = true,
            _ => {}
        }
    }
    let month = lower.contains("mmm");
    match () {
        () if day || (time && month) => DAY,
        () if time => TIME,
        () if percent => PERCENT,
        () => GENERAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_they_show() {
        for (code, style) in [
            ("dd/mm/yyyy", DAY),
            ("[$-410]d mmmm yyyy;@", DAY),
            ("mmm-yy", DAY),
            ("yyyy\\-mm\\-dd hh:mm", DAY),
            ("h:mm:ss AM/PM", TIME),
            ("[h]:mm", TIME),
            ("mm:ss.0", TIME),
            ("0.0%", PERCENT),
            ("0%;[Red]-0%", PERCENT),
            ("@", TEXT),
            ("General", GENERAL),
            ("Standard", GENERAL),
            ("0\" mesi\"", GENERAL),
            ("#,##0.00\\ [$€-410]", GENERAL),
            ("[Red]0", GENERAL),
            ("\"100%\"", GENERAL),
            ("_-* #,##0.00_-;\\-* #,##0.00_-;_-* \"-\"??_-;_-@_-", GENERAL),
            ("0.00E+00", GENERAL),
        ] {
            assert_eq!(of_code(code), style, "{code}");
        }
    }

    #[test]
    fn styles_take_the_format_of_their_number() {
        let xml = br#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>
            <cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
            <cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="49"/></cellXfs></styleSheet>"#;
        assert_eq!(read(xml).unwrap(), [GENERAL, DAY, PERCENT, TEXT]);
    }
}
