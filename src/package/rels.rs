//! Relationships between parts, and what type each part declares.

use std::collections::BTreeMap;

use super::markup::{Markup, Node};
use crate::model::Error;

/// A relationship from one part to another or to the outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rel {
    /// Its id within the part (`rId3`).
    pub id: String,
    /// The last segment of its type (`worksheet`, `comments`), the same in strict workbooks.
    pub kind: String,
    /// The part it leads to, without a leading slash; for an external one the address as written.
    pub target: String,
    /// Leads out of the file. Never followed.
    pub external: bool,
}

/// The types that parts declare, by name and by extension.
#[derive(Debug, Clone, Default)]
pub(crate) struct ContentTypes {
    names: BTreeMap<String, String>,
    extensions: BTreeMap<String, String>,
}

impl ContentTypes {
    pub(crate) fn parse(xml: &[u8]) -> Result<Self, Error> {
        let mut types = Self::default();
        let mut markup = Markup::new(xml);
        while let Some(node) = markup.next()? {
            let Node::Open(tag) = node else { continue };
            let Some(content) = tag.attr("ContentType") else { continue };
            match (tag.attr("PartName"), tag.attr("Extension")) {
                (Some(name), _) => types.names.insert(key(&name), content.into_owned()),
                (None, Some(extension)) => types.extensions.insert(extension.to_lowercase(), content.into_owned()),
                (None, None) => None,
            };
        }
        Ok(types)
    }

    pub(crate) fn of(&self, part: &str) -> Option<&str> {
        let part = key(part);
        let by_extension = || self.extensions.get(part.rsplit_once('.')?.1);
        self.names.get(&part).or_else(by_extension).map(String::as_str)
    }
}

/// A part name as it is compared: forward slashes, none leading, case-blind.
pub(crate) fn key(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// The part that holds the relationships of `part` (of the package, for an empty name).
pub(crate) fn rels_part(part: &str) -> String {
    let part = part.trim_start_matches('/').replace('\\', "/");
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", &part));
    if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") }
}

pub(crate) fn parse(part: &str, xml: &[u8]) -> Result<Vec<Rel>, Error> {
    let mut rels = Vec::new();
    let mut markup = Markup::new(xml);
    while let Some(node) = markup.next()? {
        let Node::Open(tag) = node else { continue };
        let (true, Some(id), Some(target)) = (tag.name() == "Relationship", tag.attr("Id"), tag.attr("Target")) else {
            continue;
        };
        let kind = tag.attr("Type").unwrap_or_default();
        let external = tag.attr("TargetMode").is_some_and(|m| m.eq_ignore_ascii_case("external"));
        rels.push(Rel {
            id: id.into_owned(),
            kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
            target: if external { target.into_owned() } else { resolve(part, &target) },
            external,
        });
    }
    Ok(rels)
}

/// The part that `target`, written in the relationships of `part`, leads to.
pub(crate) fn resolve(part: &str, target: &str) -> String {
    let (part, target) = (part.replace('\\', "/"), target.replace('\\', "/"));
    let folder = part.trim_start_matches('/').rsplit_once('/').map_or("", |(f, _)| f);
    let mut segments: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    segments.retain(|s| !s.is_empty());
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_resolve_from_the_folder_of_their_part() {
        for (part, target, expected) in [
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl/workbook.xml", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/workbook.xml", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets/sheet1.xml", "../drawings/drawing1.xml", "xl/drawings/drawing1.xml"),
            ("xl/worksheets/sheet1.xml", "..\\..\\..\\..\\x.xml", "x.xml"),
            ("xl/workbook.xml", "./a//b.xml", "xl/a/b.xml"),
            ("xl/worksheets/sheet1.xml", "/xl\\comments1.xml", "xl/comments1.xml"),
            ("xl\\worksheets\\sheet1.xml", "../comments1.xml", "xl/comments1.xml"),
        ] {
            assert_eq!(resolve(part, target), expected, "{part} {target}");
        }
    }

    #[test]
    fn relationships_lie_beside_their_part() {
        assert_eq!(rels_part(""), "_rels/.rels");
        assert_eq!(rels_part("xl/workbook.xml"), "xl/_rels/workbook.xml.rels");
        assert_eq!(rels_part("xl\\workbook.xml"), "xl/_rels/workbook.xml.rels");
    }
}
