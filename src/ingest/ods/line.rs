//! Texts of paragraphs, as they are put together.

/// Blanks that one element may stand for.
const BLANKS: usize = 1_000;

/// The paragraphs of one cell, note or box.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: String,
    paragraphs: usize,
    /// Nesting of paragraphs: text counts only inside one.
    depth: usize,
}

impl Lines {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        (self.paragraphs, self.depth) = (0, 0);
    }

    /// A paragraph begins.
    pub(super) fn begin(&mut self, is_empty: bool) {
        if self.paragraphs > 0 {
            self.text.push('\n');
        }
        self.paragraphs += 1;
        self.depth += usize::from(!is_empty);
    }

    /// A paragraph ends.
    pub(super) fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Text between tags: line ends of the XML are blanks, and several blanks are one.
    pub(super) fn push(&mut self, text: &str) {
        if self.depth == 0 {
            return;
        }
        for c in text.chars() {
            let blank = matches!(c, ' ' | '\t' | '\r' | '\n');
            if !blank {
                self.text.push(c);
            } else if !self.text.ends_with([' ', '\n']) && !self.text.is_empty() {
                self.text.push(' ');
            }
        }
    }

    /// A sign that has an element of its own.
    pub(super) fn sign(&mut self, sign: char, times: usize) {
        if self.depth > 0 {
            self.text.extend(std::iter::repeat_n(sign, times.min(BLANKS)));
        }
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn get(&self) -> &str {
        &self.text
    }
}
