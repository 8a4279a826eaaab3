//! Tables by where something lies in memory: quicker than by what it says, where equal things are mostly one.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// By the address of what is looked up. No document chooses addresses, so that a plain hash will do.
pub(super) type ByAddress<T> = HashMap<usize, T, BuildHasherDefault<Spread>>;

/// Spreads addresses, which differ in their middle digits only, over all of them.
#[derive(Debug, Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, number: usize) {
        let mixed = (self.0 ^ number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_memory_are_told_apart() {
        let mut found = ByAddress::default();
        let places: Vec<usize> = (0..1000).map(|n| 0x7f00_0000_0000 + n * 64).collect();
        found.extend(places.iter().copied().zip(0..));
        assert!(places.iter().zip(0..).all(|(place, number)| found.get(place) == Some(&number)));
        let low = |place: &usize| {
            let mut spread = Spread::default();
            spread.write_usize(*place);
            spread.finish() % 1024
        };
        let distinct: std::collections::BTreeSet<u64> = places.iter().map(low).collect();
        assert!(distinct.len() > 500, "{}", distinct.len());
    }
}
