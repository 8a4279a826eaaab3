//! The container of old Office files, a file system of its own.

use std::io::{Cursor, Read};

use cfb::CompoundFile;

use super::fault::corrupt;
use crate::model::Error;

/// The first stream of these names in the root; `None` if there is none.
pub(crate) fn compound_stream(bytes: &[u8], names: &[&str]) -> Result<Option<Vec<u8>>, Error> {
    let unread = || corrupt("il contenitore non si legge", "the container cannot be read");
    let mut file = CompoundFile::open(Cursor::new(bytes)).map_err(|e| unread().because(e))?;
    for name in names {
        if file.is_stream(name) {
            let stream = file.open_stream(name).map_err(|e| unread().because(e))?;
            let mut content = Vec::new();
            // No stream is longer than its container.
            stream.take(bytes.len() as u64).read_to_end(&mut content).map_err(|e| unread().because(e))?;
            return Ok(Some(content));
        }
    }
    Ok(None)
}
