//! Formats of the report sheets, and writing of single cells.

use std::borrow::Cow;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline, Url, Worksheet, XlsxError};

use crate::model::Severity;

/// The most characters (UTF-16 units) that a cell takes.
const MAX_TEXT: usize = 32_767;
const FONT: &str = "Arial";

/// The formats of the report sheets.
pub(super) struct Look {
    /// Title of a sheet.
    pub(super) title: Format,
    /// Line under the title.
    pub(super) subtitle: Format,
    /// Title of a section.
    pub(super) section: Format,
    /// Heading of a column.
    pub(super) head: Format,
    /// Text in a table.
    pub(super) text: Format,
    /// Text that matters most in its line.
    pub(super) strong: Format,
    /// Number in a table.
    pub(super) number: Format,
    /// Link to a cell.
    pub(super) link: Format,
    /// Remark outside a table.
    pub(super) remark: Format,
    /// Severities, the least first: blue, amber, red.
    severities: [Format; 3],
}

impl Look {
    /// The formats for the sheet that is read as a page.
    pub(super) fn centred() -> Self {
        let look = Self::new();
        let centred = |f: Format| f.set_align(FormatAlign::VerticalCenter);
        Self {
            section: centred(look.section),
            text: centred(look.text),
            strong: centred(look.strong),
            number: centred(look.number),
            link: centred(look.link),
            severities: look.severities.map(centred),
            ..look
        }
    }

    /// The formats.
    pub(super) fn new() -> Self {
        let plain = Format::new()
            .set_font_name(FONT)
            .set_font_size(10)
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left);
        let cell = plain
            .clone()
            .set_text_wrap()
            .set_indent(1)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(Color::RGB(0xBF_BF_BF));
        let navy = Color::RGB(0x1F_3A_5F);
        Self {
            title: plain.clone().set_font_size(16).set_bold().set_font_color(navy),
            subtitle: plain.clone().set_font_color(Color::RGB(0x40_40_40)),
            section: plain
                .clone()
                .set_font_size(12)
                .set_bold()
                .set_font_color(navy)
                .set_border_bottom(FormatBorder::Medium)
                .set_border_bottom_color(navy),
            head: plain
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_indent(1)
                .set_align(FormatAlign::VerticalCenter)
                .set_font_color(Color::White)
                .set_background_color(navy),
            severities: [(0xDD_EB_F7, 0x1F_4E_78), (0xFF_EB_9C, 0x7F_60_00), (0xFF_C7_CE, 0x9C_00_06)].map(
                |(fill, ink)| {
                    let ink = Color::RGB(ink);
                    cell.clone().set_bold().set_background_color(Color::RGB(fill)).set_font_color(ink)
                },
            ),
            strong: cell.clone().set_bold(),
            number: cell.clone(),
            link: cell.clone().set_font_color(Color::RGB(0x05_63_C1)).set_underline(FormatUnderline::Single),
            text: cell,
            remark: plain.set_italic().set_font_color(Color::RGB(0x59_59_59)),
        }
    }

    /// The format of a severity.
    pub(super) fn severity(&self, severity: Severity) -> &Format {
        let [osservazione, avviso, errore] = &self.severities;
        match severity {
            Severity::Errore => errore,
            Severity::Avviso => avviso,
            Severity::Osservazione => osservazione,
        }
    }
}

/// The colour of a severity in charts.
pub(super) fn chart_color(severity: Severity) -> Color {
    Color::RGB(match severity {
        Severity::Errore => 0xC0_3A_3A,
        Severity::Avviso => 0xE6_A1_17,
        Severity::Osservazione => 0x3B_78_B8,
    })
}

/// A text cut to what a cell takes; whether it was cut.
pub(super) fn fitted(text: &str) -> (Cow<'_, str>, bool) {
    if text.len() <= MAX_TEXT || text.encode_utf16().count() <= MAX_TEXT {
        return (Cow::Borrowed(text), false);
    }
    let mut room = MAX_TEXT - 1;
    let kept: String = text
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    (Cow::Owned(kept + "…"), true)
}

/// Writes a text that stays text whatever it begins with: `=` and its like would become a formula as soon as
/// somebody edits the cell, so they get Excel's own mark for text (`quotePrefix`). Whether the text was cut.
pub(super) fn write_text(
    sheet: &mut Worksheet,
    at: (u32, u16),
    text: &str,
    format: &Format,
) -> Result<bool, XlsxError> {
    let (text, cut) = fitted(text);
    if text.is_empty() {
        sheet.write_blank(at.0, at.1, format)?;
    } else if text.starts_with(['=', '+', '-', '@', '\t']) {
        sheet.write_string_with_format(at.0, at.1, text, &format.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(at.0, at.1, text, format)?;
    }
    Ok(cut)
}

/// Characters of a link.
const MAX_LINK: usize = 2_000;

/// Writes a link to a place of the workbook (`'Sheet'!E10`).
pub(super) fn write_link(
    sheet: &mut Worksheet,
    at: (u32, u16),
    target: &str,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    // Excel takes no longer links; a sheet with such a name is none of Excel's either.
    if target.encode_utf16().count() > MAX_LINK {
        return write_text(sheet, at, text, format).map(drop);
    }
    sheet.write_url_with_options(at.0, at.1, Url::new(format!("internal:{target}")), text, "", Some(format))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_for_a_cell_is_cut_between_characters() {
        assert!(!fitted(&"è".repeat(MAX_TEXT)).1);
        let long = "𝒳".repeat(MAX_TEXT);
        let (text, cut) = fitted(&long);
        assert!(cut && text.encode_utf16().count() <= MAX_TEXT && text.ends_with('…'));
    }
}
