//! The records of a binary part: type and length in groups of seven bits, content.

/// One record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) content: &'a [u8],
}

impl Record<'_> {
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.content.get(at).copied()
    }

    /// The two bytes at an offset.
    pub(super) fn word(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes(self.content.get(at..at + 2)?.try_into().ok()?))
    }

    /// The four bytes at an offset.
    pub(super) fn long(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.content.get(at..at + 4)?.try_into().ok()?))
    }

    /// The number at an offset.
    pub(super) fn real(&self, at: usize) -> Option<f64> {
        Some(f64::from_le_bytes(self.content.get(at..at + 8)?.try_into().ok()?))
    }

    /// The text at an offset, and the offset behind it. One that is left out is empty.
    pub(super) fn text(&self, at: usize) -> Option<(String, usize)> {
        let count = self.long(at)?;
        if count == u32::MAX {
            return Some((String::new(), at + 4));
        }
        let end = usize::try_from(count).ok()?.checked_mul(2)?.checked_add(at + 4)?;
        let units = self.content.get(at + 4..end)?.chunks_exact(2).filter_map(|c| c.try_into().ok());
        let text = char::decode_utf16(units.map(u16::from_le_bytes));
        Some((text.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect(), end))
    }
}

/// The records of a part; they end where the part does, or where one is cut.
pub(super) fn records(part: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut rest = part;
    std::iter::from_fn(move || {
        let kind = u16::try_from(groups(&mut rest, 2)?).ok()?;
        let length = usize::try_from(groups(&mut rest, 4)?).ok()?;
        let (content, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(Record { kind, content })
    })
}

/// A number in at most so many bytes, the lowest first; the high bit of each tells that another follows.
fn groups(rest: &mut &[u8], most: u32) -> Option<u32> {
    let mut number = 0;
    for i in 0..most {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= u32::from(byte & 0x7F) << (7 * i);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(number)
}
