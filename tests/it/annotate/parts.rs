//! Packages taken apart and put together again.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The text or bytes of every part, by name.
pub(super) fn contents(package: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(package)).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut file = zip.by_index(i).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

/// The compressed bytes of every part, by name.
pub(super) fn compressed(package: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(package)).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut file = zip.by_index_raw(i).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

/// A package of these parts, content types first.
pub(super) fn package(parts: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The package with the texts of some parts changed.
pub(super) fn changed(source: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let parts = contents(source)
        .into_iter()
        .map(|(name, bytes)| match String::from_utf8(bytes) {
            Ok(text) => (name.clone(), change(&name, text).into_bytes()),
            Err(e) => (name, e.into_bytes()),
        })
        .collect();
    package(&parts)
}

/// One part as text.
pub(super) fn text(package: &[u8], name: &str) -> String {
    let parts = contents(package);
    let bytes = parts.get(name).unwrap_or_else(|| panic!("no part {name} among {:?}", parts.keys()));
    String::from_utf8(bytes.clone()).unwrap()
}
