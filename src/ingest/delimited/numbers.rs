//! Which values are numbers, and which decimal sign they have.

/// The most digits that a stored number keeps.
const DIGITS: usize = 15;

/// The number that a value is beyond doubt: whole, or with a decimal comma, written as it would be printed.
/// `1.2` is none: it may be the number of a question.
pub(crate) fn number(text: &str) -> Option<f64> {
    let bare = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = bare.split_once(',').unwrap_or((bare, "1"));
    let is_plain = are_digits(whole) && (whole == "0" || !whole.starts_with('0')) && text != "-0";
    let is_short = are_digits(fraction) && !fraction.ends_with('0') && whole.len() + fraction.len() <= DIGITS;
    // `1,234` is said otherwise in each convention.
    let is_sure = !bare.contains(',') || whole == "0" || fraction.len() != 3;
    (is_plain && is_short && is_sure).then(|| text.replace(',', ".").parse().ok()).flatten()
}

/// The number in a text whose numbers have a decimal point, where the grammar of values would read another one:
/// `1.234`, `1,234`, `1,234.5`.
pub(super) fn pointed(text: &str) -> Option<f64> {
    let bare = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let grouped = are_groups(whole) && (fraction.is_empty() || are_digits(fraction));
    let single = are_digits(whole) && whole.len() <= 3 && are_digits(fraction) && fraction.len() == 3;
    (grouped || single).then(|| text.replace(',', "").parse().ok()).flatten()
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `1,234,567`.
fn are_groups(text: &str) -> bool {
    let mut groups = text.split(',');
    let first = groups.next().is_some_and(|g| are_digits(g) && g.len() <= 3);
    let mut others = groups.peekable();
    first && others.peek().is_some() && others.all(|g| are_digits(g) && g.len() == 3)
}

/// What the values of a text say of its decimal sign.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Decimals {
    points: usize,
    commas: usize,
}

impl Decimals {
    /// Takes one more value into account.
    pub(super) fn see(&mut self, text: &str) {
        if text.len() > 24 || !text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            return;
        }
        let percent = text.ends_with('%');
        let bare = text.trim_end_matches('%').trim_end().trim_start_matches('-');
        self.points += usize::from(says(bare, '.', ',', percent));
        self.commas += usize::from(says(bare, ',', '.', percent));
    }

    /// All that is certain says that the decimal sign is a point.
    pub(super) fn are_points(self) -> bool {
        self.points > 0 && self.commas == 0
    }
}

/// Whether `sign` can only be the decimal sign. `2.1` is the number of a question, `1.234` says nothing.
fn says(text: &str, sign: char, other: char, percent: bool) -> bool {
    let Some((whole, fraction)) = text.split_once(sign) else { return false };
    if !are_digits(fraction) {
        return false;
    }
    if whole.contains(other) {
        return are_groups(&whole.replace(other, ","));
    }
    let is_length_of_decimals = fraction.len() != 3;
    // A decimal comma is in no number of a question.
    let is_no_label = sign == ',' || percent || whole.len() >= 3 || fraction.len() > 3;
    are_digits(whole) && (whole == "0" || is_length_of_decimals && is_no_label)
}
