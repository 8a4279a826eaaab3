//! Bytes to be shared, in the room that they take.

use std::io::{self, Read};
use std::sync::Arc;

/// What is read, as many bytes as are `expected` or as there are, cut behind `most`. The room is taken once: a vector
/// that grows takes up to twice as much, and as much again to be shared.
pub(crate) fn read_shared(mut from: impl Read, expected: u64, most: u64) -> io::Result<Arc<[u8]>> {
    let room = usize::try_from(expected.min(most)).unwrap_or_default();
    let mut bytes: Arc<[u8]> = std::iter::repeat_n(0, room).collect();
    let filled = match Arc::get_mut(&mut bytes) {
        Some(place) => fill(&mut from, place)?,
        None => 0,
    };
    let mut more = Vec::new();
    if filled == room {
        from.take(most.saturating_sub(room as u64)).read_to_end(&mut more)?;
        if more.is_empty() {
            return Ok(bytes);
        }
    }
    Ok(bytes.iter().take(filled).copied().chain(more).collect())
}

/// Reads until the place is full, or there is no more; how much was read.
fn fill(from: &mut impl Read, mut place: &mut [u8]) -> io::Result<usize> {
    let room = place.len();
    while !place.is_empty() {
        match from.read(place) {
            Ok(0) => break,
            Ok(read) => place = place.get_mut(read..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(room - place.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_read_whatever_was_expected() {
        for expected in [0, 3, 5, 6, 9] {
            assert_eq!(&*read_shared(&b"cinque"[..], expected, 100).unwrap(), b"cinque", "{expected}");
            assert_eq!(&*read_shared(&b"cinque"[..], expected, 4).unwrap(), b"cinq", "{expected}");
        }
        assert!(read_shared(io::empty(), 7, 100).unwrap().is_empty());
    }
}
