//! The records of a binary stream: type, length, content.

/// One record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) content: &'a [u8],
}

impl Record<'_> {
    /// The two bytes at an offset.
    pub(super) fn word(&self, at: usize) -> Option<u16> {
        let bytes = self.content.get(at..at + 2)?;
        Some(u16::from_le_bytes(bytes.try_into().ok()?))
    }

    /// The four bytes at an offset.
    pub(super) fn long(&self, at: usize) -> Option<u32> {
        let bytes = self.content.get(at..at + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    /// The text of `count` characters at an offset, behind the byte that tells how wide they are.
    pub(super) fn text(&self, at: usize, count: usize, has_width: bool) -> Option<String> {
        let is_wide = has_width && self.content.get(at)? & 1 == 1;
        let start = at + usize::from(has_width);
        if is_wide {
            let bytes = self.content.get(start..start + count * 2)?;
            let units = bytes.chunks_exact(2).filter_map(|c| c.try_into().ok()).map(u16::from_le_bytes);
            return Some(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect());
        }
        Some(self.content.get(start..start + count)?.iter().copied().map(char::from).collect())
    }
}

/// The records from an offset of the stream on; they end where the stream does, or where one is cut.
pub(super) fn records(stream: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut rest = stream.get(from..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (head, behind) = rest.split_at_checked(4)?;
        let head = Record { kind: 0, content: head };
        let (kind, length) = (head.word(0)?, usize::from(head.word(2)?));
        let (content, after) = behind.split_at_checked(length)?;
        rest = after;
        Some(Record { kind, content })
    })
}
