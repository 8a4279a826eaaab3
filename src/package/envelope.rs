//! Signed envelopes (`.p7m`): the document inside. Signatures are not verified.
//!
//! The signing programs write lengths in every way that BER has, and RFC 5652 asks for no stricter form, so that readers
//! of DER alone refuse many of them.

/// Octet strings inside octet strings.
const DEPTH: usize = 8;

const OBJECT: u8 = 0x06;
const OCTETS: u8 = 0x04;
const PARTS_OF_OCTETS: u8 = 0x24;
const SEQUENCE: u8 = 0x30;
const CONTEXT: u8 = 0xA0;
/// The value of the object identifier of signed data, 1.2.840.113549.1.7.2.
const SIGNED: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];

/// The document in an envelope; `None` if it is damaged, or holds a signature alone.
pub(crate) fn enveloped(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.first() == Some(&SEQUENCE) {
        return content(bytes);
    }
    content(&from_base64(bytes)?)
}

/// `SEQUENCE { signedData, [0] { SEQUENCE { version, digests, SEQUENCE { type, [0] { OCTET STRING } }, … } } }`
fn content(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = inside(bytes, SEQUENCE)?;
    let kind = Item::of(rest).filter(|item| item.tag == OBJECT && item.content == SIGNED)?;
    rest = inside(inside(kind.behind()?, CONTEXT)?, SEQUENCE)?;
    rest = Item::of(rest)?.behind()?;
    rest = Item::of(rest)?.behind()?;
    rest = inside(rest, SEQUENCE)?;
    let kind = Item::of(rest).filter(|item| item.tag == OBJECT)?;
    rest = inside(kind.behind()?, CONTEXT)?;
    let mut document = Vec::new();
    octets(rest, DEPTH, &mut document)?;
    (!document.is_empty()).then_some(document)
}

/// A tag and what follows its length.
struct Item<'a> {
    tag: u8,
    /// Up to the end of all bytes where the length is left open.
    content: &'a [u8],
    /// What lies behind it, if its length says where.
    after: Option<&'a [u8]>,
}

impl<'a> Item<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (&[tag, first], rest) = bytes.split_first_chunk()?;
        // No tag in an envelope has a number of several bytes.
        if tag & 0x1F == 0x1F {
            return None;
        }
        if first == 0x80 {
            return (tag & 0x20 != 0).then_some(Self { tag, content: rest, after: None });
        }
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            let length = digits.iter().try_fold(0usize, |n, d| n.checked_mul(256)?.checked_add(usize::from(*d)))?;
            (length, rest)
        };
        let (content, after) = rest.split_at_checked(length)?;
        Some(Self { tag, content, after: Some(after) })
    }

    /// What lies behind it, looked for where its length is left open.
    fn behind(&self) -> Option<&'a [u8]> {
        if self.after.is_some() {
            return self.after;
        }
        let (mut rest, mut open) = (self.content, 1usize);
        while open > 0 {
            if let Some(after) = rest.strip_prefix(&[0, 0]) {
                (rest, open) = (after, open - 1);
                continue;
            }
            let item = Item::of(rest)?;
            open += usize::from(item.after.is_none());
            rest = item.after.unwrap_or(item.content);
        }
        Some(rest)
    }
}

/// What an element of this tag holds.
fn inside(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    Item::of(bytes).filter(|item| item.tag == tag).map(|item| item.content)
}

/// Appends an octet string, whole or in parts; what lies behind it.
fn octets<'a>(bytes: &'a [u8], depth: usize, into: &mut Vec<u8>) -> Option<&'a [u8]> {
    let item = Item::of(bytes)?;
    match item.tag {
        OCTETS => into.extend_from_slice(item.content),
        PARTS_OF_OCTETS => {
            let depth = depth.checked_sub(1)?;
            let mut rest = item.content;
            loop {
                match (rest.strip_prefix(&[0, 0]), item.after) {
                    (Some(after), None) => return Some(after),
                    _ if rest.is_empty() && item.after.is_some() => break,
                    _ => rest = octets(rest, depth, into)?,
                }
            }
        }
        _ => return None,
    }
    item.after
}

/// The bytes of a text in base64, between lines of armour or without them.
fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::with_capacity(text.len() / 4 * 3), 0u32, 0);
    let lines = text.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| !line.starts_with(b"-----"));
    for sign in lines.flatten().copied().filter(|b| !b.is_ascii_whitespace()) {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0x00FF_FFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x84], &length[..], content].concat()
    }

    fn open(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], content, &[0, 0]].concat()
    }

    fn envelope(wrap: fn(u8, &[u8]) -> Vec<u8>, document: &[u8]) -> Vec<u8> {
        let data = item(OBJECT, &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01]);
        let digests = wrap(0x31, &wrap(SEQUENCE, &item(OBJECT, &[0x60])));
        let inner = wrap(SEQUENCE, &[data, wrap(CONTEXT, document)].concat());
        let signed = wrap(SEQUENCE, &[item(2, &[1]), digests, inner, item(0x31, &[])].concat());
        wrap(SEQUENCE, &[item(OBJECT, SIGNED), wrap(CONTEXT, &signed)].concat())
    }

    #[test]
    fn document_is_found_however_lengths_are_written() {
        let parts = [item(OCTETS, b"a\0\0"), item(OCTETS, b""), open(PARTS_OF_OCTETS, &item(OCTETS, b"bc"))].concat();
        for wrap in [item as fn(u8, &[u8]) -> Vec<u8>, open] {
            assert_eq!(enveloped(&envelope(wrap, &item(OCTETS, b"abc"))).unwrap(), b"abc");
            assert_eq!(enveloped(&envelope(wrap, &wrap(PARTS_OF_OCTETS, &parts))).unwrap(), b"a\0\0bc");
        }
    }

    #[test]
    fn base64_is_read_with_and_without_armour() {
        assert_eq!(from_base64(b"YWJj\r\nZGU=\n").unwrap(), b"abcde");
        assert_eq!(from_base64(b"-----BEGIN PKCS7-----\nYWI=\n-----END PKCS7-----\n").unwrap(), b"ab");
        assert_eq!(from_base64(b"a?"), None);
    }

    #[test]
    fn damaged_envelopes_hold_nothing() {
        let whole = envelope(open, &open(PARTS_OF_OCTETS, &item(OCTETS, b"abc")));
        for length in 0..whole.len() - 16 {
            assert_eq!(enveloped(&whole[..length]), None, "{length}");
        }
        let deep = (0..40).fold(item(OCTETS, b"x"), |inner, _| open(PARTS_OF_OCTETS, &inner));
        assert_eq!(enveloped(&envelope(open, &deep)), None);
        assert_eq!(enveloped(&envelope(item, b"")), None, "a signature alone");
    }
}
