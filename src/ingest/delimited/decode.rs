//! Texts in the encodings that officials' programs write, as a stream of UTF-8 with `\n` at the end of each line.

use std::cell::Cell;
use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes that are looked at to tell texts without a mark.
const START: usize = 1 << 12;

/// The encoding of a text, `None` if the bytes are none.
pub(crate) fn encoding_of(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    let start = bytes.get(..START).unwrap_or(bytes);
    if start.contains(&0) {
        // Latin letters in two bytes have a zero in every other place.
        let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|b| **b == 0).count() * 2;
        let (even, odd, most) = (zeros(0), zeros(1), start.len());
        return match () {
            () if odd * 10 >= most * 7 && even * 10 < most => Some(UTF_16LE),
            () if even * 10 >= most * 7 && odd * 10 < most => Some(UTF_16BE),
            () => None,
        };
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Some(UTF_8);
    }
    let is_control = |b: &&u8| **b < b' ' && !b"\t\r\n\x0C".contains(*b);
    (start.iter().filter(is_control).count() * 50 < start.len()).then_some(WINDOWS_1252)
}

/// How many bytes have been handed on since the last record, and how many may be.
#[derive(Debug)]
pub(crate) struct LineCount {
    since: Cell<usize>,
    most: usize,
    /// Blank lines in a row, which are no records.
    blank: Cell<usize>,
}

impl LineCount {
    pub(crate) fn new(most: usize) -> Self {
        Self { since: Cell::new(0), most, blank: Cell::new(0) }
    }

    /// A record has ended.
    pub(crate) fn clear(&self) {
        self.since.set(0);
        self.blank.set(0);
    }

    /// Whether there were blank lines without end.
    pub(crate) fn is_blank_beyond(&self) -> bool {
        self.blank.get() > self.most
    }

    fn add(&self, bytes: &[u8]) -> io::Result<()> {
        if bytes.iter().all(|b| *b == b'\n') {
            self.blank.set(self.blank.get().saturating_add(bytes.len()));
            return if self.is_blank_beyond() { Err(io::Error::other("too many blank lines")) } else { Ok(()) };
        }
        self.blank.set(0);
        self.since.set(self.since.get().saturating_add(bytes.len()));
        if self.since.get() > self.most { Err(io::Error::other("a line without end")) } else { Ok(()) }
    }
}

/// The stream.
pub(crate) struct Decoded<'a> {
    decoder: Decoder,
    rest: &'a [u8],
    lines: &'a LineCount,
    /// The last byte was a `\r`, told as `\n`.
    behind_return: bool,
    last: u8,
    is_done: bool,
    /// Decoded and not handed on yet: the decoder wants more room than a reader may offer.
    ahead: Vec<u8>,
}

/// Room within which the decoder always gets on: a character takes four bytes, and it asks for more than one.
const ROOM: usize = 64;

impl<'a> Decoded<'a> {
    /// The stream at its start.
    pub(crate) fn new(bytes: &'a [u8], encoding: &'static Encoding, lines: &'a LineCount) -> Self {
        lines.clear();
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { decoder, rest: bytes, lines, behind_return: false, last: b'\n', is_done: false, ahead: Vec::new() }
    }

    /// The reader of the stream has met the end of a line.
    pub(crate) fn end_of_line(&self) {
        self.lines.clear();
    }

    /// Ends lines in one way, in place; the bytes that remain.
    fn fold(&mut self, bytes: &mut [u8]) -> usize {
        if !self.behind_return && !bytes.contains(&b'\r') {
            return bytes.len();
        }
        let mut kept = 0;
        for i in 0..bytes.len() {
            let byte = bytes.get(i).copied().unwrap_or_default();
            let is_second = byte == b'\n' && self.behind_return;
            self.behind_return = byte == b'\r';
            if is_second {
                continue;
            }
            if let Some(place) = bytes.get_mut(kept) {
                *place = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }
}

impl Decoded<'_> {
    /// The next bytes, none at the end of the text.
    fn decoded(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while !self.is_done {
            let (result, read, written, _) = self.decoder.decode_to_utf8(self.rest, into, true);
            self.rest = self.rest.get(read..).unwrap_or_default();
            self.is_done = result == CoderResult::InputEmpty;
            let kept = self.fold(into.get_mut(..written).unwrap_or_default());
            if let Some(last) = kept.checked_sub(1).and_then(|i| into.get(i)) {
                self.last = *last;
                self.lines.add(into.get(..kept).unwrap_or_default())?;
                return Ok(kept);
            }
            if read == 0 && written == 0 && !self.is_done {
                return Err(io::ErrorKind::WriteZero.into());
            }
        }
        Ok(0)
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        if self.ahead.is_empty() && into.len() < ROOM {
            let mut room = [0; ROOM];
            let decoded = self.decoded(&mut room)?;
            self.ahead.extend_from_slice(room.get(..decoded).unwrap_or_default());
        }
        let decoded = if self.ahead.is_empty() {
            self.decoded(into)?
        } else {
            let taken = self.ahead.len().min(into.len());
            into.iter_mut().zip(self.ahead.drain(..taken)).for_each(|(place, byte)| *place = byte);
            taken
        };
        if decoded > 0 {
            return Ok(decoded);
        }
        // The last line has an end like the others.
        match into.first_mut() {
            Some(first) if self.last != b'\n' => {
                (*first, self.last) = (b'\n', b'\n');
                Ok(1)
            }
            _ => Ok(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_with_little_room_get_all() {
        let text = "à – “x” €;\r\n".repeat(9) + "ultima €";
        let (bytes, ..) = WINDOWS_1252.encode(&text);
        for room in 1..80 {
            let lines = LineCount::new(1000);
            let mut decoded = Decoded::new(&bytes, WINDOWS_1252, &lines);
            let (mut whole, mut piece) = (Vec::new(), vec![0; room]);
            loop {
                let read = decoded.read(&mut piece).unwrap();
                if read == 0 {
                    break;
                }
                whole.extend_from_slice(&piece[..read]);
                decoded.end_of_line();
            }
            assert_eq!(String::from_utf8(whole).unwrap(), text.replace("\r\n", "\n") + "\n", "room for {room} bytes");
        }
    }
}
