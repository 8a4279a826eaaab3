//! What was found of the texts met last: most cells of a register share their text with others of their column.

use std::sync::Arc;

/// Texts kept at most: those of a column that come back are hardly more.
const MOST: usize = 4096;

/// What was found of texts, by their address: as many as there is room for, each in the place of another. The texts must
/// live as long as this does.
#[derive(Debug)]
pub(super) struct Recent<V> {
    places: Vec<Option<((usize, usize), V)>>,
}

impl<V: Clone> Recent<V> {
    /// Room for the texts of so many cells.
    pub(super) fn of(cells: usize) -> Self {
        Self { places: vec![None; cells.next_power_of_two().clamp(16, MOST)] }
    }

    /// What is known of a text in one regard, found now if it is not.
    pub(super) fn get(&mut self, regard: usize, text: &Arc<str>, find: impl FnOnce(&str) -> V) -> V {
        if let Some(value) = self.known(regard, text) {
            return value.clone();
        }
        let value = find(text);
        let (key, place) = self.place(regard, text);
        if let Some(place) = self.places.get_mut(place) {
            *place = Some((key, value.clone()));
        }
        value
    }

    /// What is known of a text in one regard.
    pub(super) fn known(&self, regard: usize, text: &Arc<str>) -> Option<&V> {
        let (key, place) = self.place(regard, text);
        self.places.get(place)?.as_ref().filter(|(known, _)| *known == key).map(|(_, value)| value)
    }

    fn place(&self, regard: usize, text: &Arc<str>) -> ((usize, usize), usize) {
        let address = text.as_ptr().addr();
        // Texts lie at multiples of eight.
        let mixed = (address >> 3).wrapping_add(regard << 7).wrapping_mul(0x9e37_79b9);
        ((regard, address), (mixed >> 8) & (self.places.len() - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_looked_into_once_in_each_regard() {
        let (mut recent, mut asked) = (Recent::of(8), 0);
        let text: Arc<str> = "Ufficio tributi".into();
        for regard in [0, 1, 0, 1] {
            let mut length = |t: &str| {
                asked += 1;
                t.len() + regard
            };
            assert_eq!(recent.get(regard, &text, &mut length), text.len() + regard);
        }
        assert_eq!(asked, 2);
        let texts: Vec<Arc<str>> = (0..10_000).map(|n| n.to_string().into()).collect();
        assert!(texts.iter().all(|t| recent.get(0, t, str::len) == t.len()));
    }
}
