//! How much room a text takes, so that rows are high enough to show it.

/// Pixels of an em of the report's font (Arial 10 points, 96 dots per inch).
const EM: f64 = 40.0 / 3.0;
/// Points of one line of that font.
const LINE: f64 = 13.0;
/// The highest a row can be, in points.
const MAX_HEIGHT: f64 = 409.0;

/// Column width that the indent of a cell takes.
pub(super) const INDENT: f64 = 1.3;
/// Points of a row above and below its text.
pub(super) const PADDING: f64 = 3.0;

/// Widths of the characters from blank to tilde in thousandths of an em, Arial's.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// Width of a character in thousandths of an em.
fn units(c: char) -> u16 {
    let place = u32::from(c).checked_sub(u32::from(' ')).and_then(|i| usize::try_from(i).ok());
    match (place.and_then(|i| WIDTHS.get(i)), c) {
        (Some(width), _) => *width,
        (None, 'ì' | 'í' | 'Ì' | '’' | '‘') => 278,
        (None, '—' | '…' | '\u{2fff}'..) => 1000,
        (None, c) if c.is_uppercase() => 722,
        (None, _) => 556,
    }
}

/// Pixels that a text takes on one line.
pub(super) fn pixels(text: &str) -> f64 {
    text.chars().map(|c| f64::from(units(c))).sum::<f64>() * EM / 1000.0
}

/// The column width, in Excel's unit, in which a text stands on one line.
pub(super) fn width_for(text: &str) -> f64 {
    let widest = text.lines().map(pixels).fold(0.0, f64::max);
    (widest * 1.04 + 10.0) / 7.0
}

/// Lines that a text takes when wrapped in a column of that width.
pub(super) fn lines(text: &str, width: f64) -> u32 {
    // A little narrower than it is: no two programs wrap quite alike.
    let room = width * 7.0 - 2.0;
    let blank = pixels(" ");
    let mut lines = 0;
    for paragraph in text.split('\n') {
        lines += 1;
        let mut used = 0.0;
        for word in paragraph.split(' ') {
            let mut length = pixels(word);
            if used > 0.0 && used + blank + length > room {
                lines += 1;
                used = 0.0;
            }
            while length > room && room > 0.0 {
                lines += 1;
                length -= room;
            }
            used += length + if used > 0.0 { blank } else { 0.0 };
        }
    }
    lines
}

/// The height, in points, of a row that shows so many lines.
pub(super) fn height(lines: u32) -> f64 {
    (f64::from(lines.max(1)) * LINE + 4.0).min(MAX_HEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_wrap_at_words() {
        assert_eq!(lines("breve", 20.0), 1);
        assert_eq!(lines("una riga\nun'altra", 20.0), 2);
        assert!(lines("la domanda 9.1 non ha risposta e la 9.2 neppure", 20.0) >= 3);
        assert!(lines(&"x".repeat(100), 10.0) >= 8);
    }

    #[test]
    fn a_column_as_wide_as_its_text_takes_one_line() {
        for text in ["Gravità", "osservazione", "PT-A01", "Allegato 1 – Scheda di monitoraggio"] {
            assert_eq!(lines(text, width_for(text) + 1.0), 1, "{text}");
        }
    }

    #[test]
    fn no_row_is_higher_than_a_row_can_be() {
        assert!(height(1000) <= MAX_HEIGHT);
        assert!(height(2) > height(1));
    }
}
